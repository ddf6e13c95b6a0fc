"""The report: one page that needs nothing else, says what the data say, and escapes what others wrote."""

import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results.charts import charts
from results.folder import Run
from results.headlines import headlines
from results.outcomes import MEASURES
from results.page import picture as drawn
from results.report import write_report
from results.store import write_manifest
from results.style import CONFIG
from results.tables import fit_summary, measured, safe_link
from results.words import count, fewer_or_more, listed, moves, signed
from scenarios.reading import BadInput
from tests.small_run import LAST, NASTY

BIGGEST = 8_000_000  # bytes


@pytest.fixture(scope="module")
def folder(small_folder: Path) -> Path:
    return small_folder


@pytest.fixture(scope="module")
def run(small_run: Run) -> Run:
    return small_run


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return write_report(folder).read_text("utf-8")


class Reader(HTMLParser):
    """Reads a page: every element with its attributes, the text outside scripts, and the headings in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.inside = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_the_report_is_one_small_enough_page_and_the_same_each_time(folder: Path, page: str) -> None:
    assert len(page.encode()) < BIGGEST
    assert write_report(folder).read_text("utf-8") == page


def test_nothing_is_loaded_from_anywhere(reader: Reader) -> None:
    assert not [one for tag in ("script", "img", "iframe", "audio", "video") for one in reader.all(tag) if "src" in one]
    assert [link["href"] for link in reader.all("link")] == ["data:,"]
    policy = next(str(one["content"]) for one in reader.all("meta") if one.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]


def test_no_chart_offers_to_share_itself(page: str) -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displayModeBar"] is False
    found = re.search(r'id="chart-config">(.*?)</script>', page)
    assert found
    assert json.loads(found[1]) == CONFIG


def test_what_others_wrote_is_escaped(page: str, reader: Reader) -> None:
    assert NASTY not in page
    assert "<script>alert" not in page
    assert NASTY in reader.text
    scripts = [one for one in reader.all("script") if one.get("type") != "application/json"]
    assert len(scripts) == 2  # plotly and the page's own


def test_days_that_lines_share_are_said_once_and_put_back(run: Run) -> None:
    (chart,) = [each for _, some in charts(run) for each in some if each.key == "never-released"]
    said, whole = json.loads(drawn(chart)), json.loads(chart.figure.to_json())
    assert sum(isinstance(line.get("x"), int) for line in said["data"]) >= 5
    for line in said["data"]:  # as report.js does, which a browser is asked for elsewhere
        line["x"] = said["data"][line["x"]]["x"] if isinstance(line.get("x"), int) else line.get("x")
    assert [line["x"] for line in said["data"]] == [line.get("x") for line in whole["data"]]
    assert len(drawn(chart)) < 0.7 * len(chart.figure.to_json())


def test_only_web_addresses_become_links() -> None:
    assert safe_link("https://example.org/a") == "https://example.org/a"
    assert safe_link("javascript:alert(1)") == ""
    assert safe_link("(no address)") == ""


def test_every_chart_has_words_data_and_a_file(folder: Path, reader: Reader) -> None:
    pictures = [one for one in reader.all("div") if one.get("role") == "img"]
    assert len(pictures) >= 15
    for picture in pictures:
        key = str(picture["id"]).removeprefix("chart-")
        assert len(str(picture["aria-label"])) > 60, key
        data = pd.read_csv(folder / "charts" / f"{key}.csv")
        assert len(data), key
        assert {"scenario", "kind", "measure", "group", "first", "last", "value", "low", "high"} <= set(data.columns)
    links = [str(one["href"]) for one in reader.all("a") if str(one.get("href", "")).startswith("charts/")]
    assert len(links) == len(pictures)
    assert all((folder / link).is_file() for link in links)


def test_headings_and_names_are_in_order(reader: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [str(one["id"]) for _, one in reader.elements if "id" in one]
    assert len(ids) == len(set(ids))
    targets = [str(one["href"])[1:] for one in reader.all("a") if str(one.get("href", "")).startswith("#")]
    assert set(targets) <= set(ids)
    assert reader.all("html")[0]["lang"] == "en-GB"


def test_a_part_of_the_population_is_said_to_be_one(reader: Reader) -> None:
    assert "This run simulates 60 people and not the some" in " ".join(reader.text.split())


def test_the_data_dictionary_is_written(folder: Path, page: str) -> None:
    assert set(pd.read_csv(folder / "data_dictionary.csv")["measure"]) == set(MEASURES)


def test_headlines_are_paired_differences(run: Run) -> None:
    said = headlines(run)
    assert [each.told.key for each in said] == ["current_law", "one_year"]
    difference = run.against("one_year", "terminated").loc[LAST]
    assert fewer_or_more(difference, "licences ended") in said[1].sentences[0]
    theirs, ours = (run.by_life("recalls", "", key)[:LAST].sum().to_numpy() for key in ("one_year", "current_law"))
    assert run.against("one_year", "recalls", so_far=True).T[LAST].to_list() == (theirs - ours).tolist()
    assert "November 2024" in " ".join(said[0].sentences)


def test_a_life_without_its_pair_is_left_out(run: Run) -> None:
    def without(scenario: str, measure: str) -> dict[str, pd.DataFrame]:
        tables = dict(run.monthly(scenario, measure))
        if scenario == "one_year":
            tables[""] = tables[""].loc[:, tables[""].columns.get_level_values("life") == 0]
        return tables

    alone = Run(run.folder, run.manifest, run.everything, without, run.fit)
    assert alone.against("one_year", "recalled").shape[1] == 1


def test_numbers_in_words() -> None:
    assert [count(1629.5), count(-12), signed(3), signed(0.2), count(np.nan)] == ["1,630", "−12", "+3", "0", "–"]
    assert fewer_or_more([-5, -5, -5], "recalls") == "5 fewer recalls (95% interval 5 to 5 fewer)"
    assert fewer_or_more([0, 0], "recalls") == "no difference in recalls"
    assert fewer_or_more([-10, 2, 20], "recalls") == "2 more recalls (95% interval 9 fewer to 19 more)"
    assert fewer_or_more([-10, 0, 10], "recalls") == "about as many recalls (95% interval 9 fewer to 10 more)"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [measured(1234.5, "persons"), measured(0.25, "share"), measured(44, "months")] == ["1,235", "0.25", "44"]
    days = pd.to_datetime(["2024-09-30", "2034-12-31"])
    assert moves(pd.Series([20.0, 10.0], days), *days) == "falls from 20 in September 2024 to 10 in December 2034"
    assert moves(pd.Series([100.0, 99.0], days), *days).startswith("stays near 99")


def test_the_summary_of_the_fit_names_what_is_missed() -> None:
    day = pd.Timestamp("2015-06-30")
    rows = [("never_released", 100.0, 110.0), ("recalled", 100.0, 150.0), ("on_licence", 1.0, 9.0)]
    fit = pd.DataFrame([
        {"measure": m, "group": "", "last": day, "published": p, "median": s, "error_per_cent": s - p, "covered": None}
        for m, p, s in rows
    ])  # fmt: skip
    sentences, misses = fit_summary(fit, 1)
    assert "chance alone" in sentences[1] and "20 draws of what we believe" in fit_summary(fit, 20)[0][1]
    assert "Of 2 published stocks" in sentences[0]
    assert "1 are within 15%" in sentences[0]
    assert misses == ["in prison after a recall, 30 June 2015: published 100, simulated 150, 50% above"]


def spoil(folder: Path, target: Path, **changes: Any) -> Path:
    """Copy a run folder with entries of its manifest changed, or left out if None."""
    for name in ("run.json", "monthly.parquet", "fit.parquet"):
        target.mkdir(exist_ok=True)
        shutil.copy(folder / name, target / name)
    manifest = json.loads((folder / "run.json").read_text("utf-8")) | changes
    write_manifest(target / "run.json", {name: value for name, value in manifest.items() if value is not None})
    return target


def test_a_folder_that_is_not_a_run_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"is not a run folder: it has no run\.json"):
        write_report(tmp_path)
    with pytest.raises(BadInput, match="is not a run folder"):
        write_report(tmp_path / "nowhere")
    with pytest.raises(BadInput, match=r"in run\.json, lives: field required"):
        write_report(spoil(folder, tmp_path / "a", lives=None))
    other = {"key": "other", "name": "Other", "question": ""}
    with pytest.raises(BadInput, match="for the scenario 'other'"):
        write_report(spoil(folder, tmp_path / "b", scenarios=[other]))
    incomplete = spoil(folder, tmp_path / "c")
    (incomplete / "fit.parquet").unlink()
    with pytest.raises(BadInput, match=r"it has no fit\.parquet"):
        write_report(incomplete)
    (incomplete / "fit.parquet").write_bytes(b"not parquet")
    with pytest.raises(BadInput, match=r"fit\.parquet cannot be read"):
        write_report(incomplete)
    (incomplete / "run.json").write_text("[]", "utf-8")
    with pytest.raises(BadInput, match="not one JSON object"):
        write_report(incomplete)
    assert not list(tmp_path.rglob("report.html"))
