"""The brief: what it says, in a page and in a document that say the same; and what it refuses."""

import re
import shutil
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from docx import Document

from results.asked_words import probability, sign
from results.brief import Brief, brief, write_brief
from results.brief_asked import FALLBACK_DAY, Asked, asked_by, within
from results.brief_chart import Line, drawn, ticks
from results.brief_document import LEFT_OUT, document
from results.brief_picture import picture
from results.brief_words import answered, changed_rules, the_bill, the_law_of
from results.folder import Run, read_run
from results.limits import in_brief, leant_on, limits, limits_markdown
from results.store import read_manifest, write_manifest
from results.words import fewer_or_more
from scenarios import current_law, find
from scenarios.bill import Ask
from scenarios.reading import BadInput
from sim.__main__ import main
from tests.lived_run import NASTY, Small

ROOT = Path(__file__).parent.parent
DAY = pd.Timestamp("2030-12-31")


@pytest.fixture(scope="module")
def run(small: Small) -> Run:
    return read_run(small.folder)


@pytest.fixture(scope="module")
def found(run: Run) -> Brief:
    return brief(run, run.others[0])


def words_of(document_bytes: bytes) -> str:
    made = Document(BytesIO(document_bytes))
    cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def test_the_answer_is_the_paired_difference_with_its_interval_and_its_sign(run: Run, found: Brief) -> None:
    lives = run.against("mine", "recalled").T[DAY]
    assert found.question == f"What would {NASTY} do?"
    answer = found.answer
    assert found.beside == [] and fewer_or_more(lives, "people in prison after a recall") in answer
    assert answer.startswith("On 31 December 2030 there would be")
    assert sign(lives, ", counting chance only") in answer
    assert "under the current law, and" in found.level


def test_the_sign_is_counted_over_pairs_of_lives() -> None:
    assert sign(pd.Series([-1.0, -2.0, -3.0])) == "there are fewer in all 3 pairs of lives (a probability of over 75%)"
    assert "there are more in 2 of 4 pairs of lives (a probability of" in sign(pd.Series([1.0, 2.0, 0.0, -1.0]))
    assert sign(pd.Series([0.0, 0.0])) == "there is no difference in any of 2 pairs of lives"
    assert sign(pd.Series([-1.0])) == "there are fewer in the one pair of lives (a probability of over 50%)"
    # The sign told is that of the median, which here is fewer, and not the commoner one where they are as many.
    assert "there are fewer in 2 of 4 pairs" in sign(pd.Series([-4.0, -3.0, 1.0, 1.0]))
    assert [probability(20, 20), probability(19, 20)] == ["over 95%", "some 95%"]
    # Twenty pairs of four draws are no more than four ways for the beliefs to be: 1 - 1 / 5.
    assert [probability(20, 20, 4), probability(19, 20, 4)] == ["over 80%", "some 95%"]


def test_the_sentence_fits_the_finding(run: Run) -> None:
    asked = Asked("recalled", "", DAY)
    assert "there would be no difference from the current law in people in prison after a recall; there" in answered(
        run, asked, pd.Series([0.0, 0.0])
    )
    assert ") as under the current law" in answered(run, asked, pd.Series([-10.0, 0.0, 10.0]))
    assert answered(run, Asked("recalls", "", DAY), pd.Series([4.0, 6.0])).startswith("By 31 December 2030")
    window = answered(run, Asked("recalls", "", DAY, pd.Timestamp("2028-01-01")), pd.Series([4.0, 6.0]))
    assert window.startswith("From 1 January 2028 to 31 December 2030 there would be 5 more recalls")


def asking(measure: str, group: str = "", first: date | None = None) -> Any:
    """Return a scenario that asks about something by the end of 2030."""
    return SimpleNamespace(asks=(Ask(measure, group, date(2030, 12, 31), first),))


def test_what_a_bill_asks_is_answered_and_else_the_recalled_at_the_end_of_2030(run: Run) -> None:
    assert asked_by(SimpleNamespace()) == [Asked("recalled", "", FALLBACK_DAY)]  # type: ignore[arg-type]
    assert asked_by(asking("recalls", "no new charge")) == [Asked("recalls", "no new charge", DAY)]
    with pytest.raises(BadInput, match="a brief cannot be about 'recals'; did you mean 'recalls'"):
        asked_by(asking("recals"))
    with pytest.raises(BadInput, match="a brief cannot be about 'mean_months_recalled'"):
        asked_by(asking("mean_months_recalled"))
    assert within(run, Asked("recalled", "", pd.Timestamp("2031-01-15"))).day == DAY
    assert within(run, Asked("recalled", "", pd.Timestamp("2050-01-01"))).day == pd.Timestamp("2034-12-31")


def test_a_flow_is_added_up_from_the_first_day_of_its_window(run: Run) -> None:
    asked = Asked("recalls", "", DAY, pd.Timestamp("2028-01-01"))
    months = run.by_life("recalls", "", "mine") - run.by_life("recalls")
    summed = months["2028-01-31":"2030-12-31"].sum()
    assert asked.difference(run, "mine").T[DAY].to_list() == summed.to_list()
    assert "|recalls||2028-01-01/2030-12-31|" in asked.traced(run, "mine", DAY, "median")
    assert asked.subject == "Recalls since 1 January 2028"


def test_the_table_holds_every_measure_at_each_year_and_the_level_beside_it(found: Brief) -> None:
    assert found.table.heads == (
        "", "Current law, 31 December 2030", "31 December 2027", "31 December 2030", "31 December 2034"
    )  # fmt: skip
    assert [row[0] for row in found.table.rows][:2] == ["In prison after a recall", "In prison, never released"]
    assert all(re.fullmatch(r"[+−]?[\d,]+ \([+−]?[\d,]+ to [+−]?[\d,]+\)", cell) for row in found.table.rows
               for cell in row[1:])  # fmt: skip


def test_what_the_bill_changes_is_told_from_the_law_of_its_day(run: Run, found: Brief) -> None:
    assert "1 year from 1 April 2027 (was 2 years)." in found.changes[0]
    assert "0.2, 0.25, 0.25, 0.275 from" in found.changes[2] and "(was 0.4" in found.changes[2]
    law = the_law_of(run)
    assert changed_rules(find("law_before_november_2024"), law) == ["The law is kept as it stood on 31 October 2024."]
    assert the_bill(run.everything, "mine").name == NASTY


def test_the_page_and_the_document_say_the_same_and_escape_what_a_user_wrote(small: Small, found: Brief) -> None:
    page = (small.folder / "brief-mine.html").read_text("utf-8")
    told = words_of((small.folder / "brief-mine.docx").read_bytes())
    assert NASTY not in page and "<script" not in page and "&lt;script&gt;" in page
    for words in (found.question, found.answer, found.level, *found.rests_on, found.made_by, *found.changes,
                  *found.sources, *(text for _, text in found.caveats),
                  *(cell for row in found.table.rows for cell in row)):
        assert words in told, words
    assert NASTY in told and found.run in told
    assert "default-src 'none'" in page and "src=" not in page
    assert set(re.findall(r"https?://[^\s\"]+", page)) == {"http://www.w3.org/2000/svg"}


def test_what_is_not_known_comes_from_the_file_of_limits(found: Brief) -> None:
    headings = [heading for heading, _ in found.caveats]
    assert [each.title for each in in_brief("recalled")] == headings[2:]
    assert headings[:2] == ["About this run", "What the interval covers"]
    assert "60 people" in found.caveats[0][1] and "chance between lives only" in found.caveats[1][1]
    # A check of 60 people against the whole nation would mislead.
    assert not any(each.startswith("Check against the record") for each in found.sources)


def test_a_document_is_the_same_each_time_and_tells_of_a_picture_left_out(
    found: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("results.brief_document.picture", lambda svg: None)
    first = document(found)
    assert first == document(found)
    assert LEFT_OUT in words_of(first)
    assert not [name for name in ZipFile(BytesIO(first)).namelist() if name.endswith(".png")]
    monkeypatch.setenv("BROWSER_PATH", "no-such-browser")
    assert picture(found.chart) is None


def test_a_brief_of_what_a_run_does_not_have_is_refused(small: Small, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no scenario 'min'; did you mean 'mine'"):
        write_brief(small.folder, "min")
    with pytest.raises(BadInput, match="cannot be about current_law itself"):
        write_brief(small.folder, "current_law")
    older = Path(shutil.copytree(small.folder, tmp_path / "older"))
    for path in older.glob("brief-*"):
        path.unlink()
    manifest = read_manifest(older / "run.json")
    del manifest["inputs"]
    write_manifest(older / "run.json", manifest)
    with pytest.raises(BadInput, match="does not hold the text of mine"):
        write_brief(older, "mine")
    assert not list(older.glob("brief-*"))


def test_the_command_writes_a_brief_of_a_run_that_is_there(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(small.folder, tmp_path / "copy"))
    before = [(copy / f"brief-mine.{ending}").read_bytes() for ending in ("html", "docx")]
    for path in copy.glob("brief-*"):
        path.unlink()
    monkeypatch.setattr(sys, "argv", ["ipp", "brief", str(small.bill), "--run", str(copy)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr().out.splitlines() == [f"Brief: {copy}/brief-mine.{end}" for end in ("html", "docx")]
    assert [(copy / f"brief-mine.{ending}").read_bytes() for ending in ("html", "docx")] == before


@pytest.mark.parametrize(("low", "high"), [(-157.0, 0.0), (-2.0, 2.0), (0.0, 8_700.0), (-0.5, 12.0), (-10.0, 10.0)])
def test_ticks_are_round_and_hold_the_line(low: float, high: float) -> None:
    marks = ticks(low, high)
    assert marks[0] <= low and marks[-1] >= high and 0.0 in marks
    assert 2 <= len(marks) <= 9 and all(each == round(each) for each in marks)


def test_the_picture_draws_the_band_where_its_numbers_are() -> None:
    days = pd.date_range("2024-10-31", periods=3, freq="ME")
    band = pd.DataFrame({"low": [-8.0, -8.0, -8.0], "median": [0.0, -4.0, -8.0], "high": [0.0, 0.0, 0.0]}, index=days)
    svg = drawn(Line(band, (days[1], "<In force>"), days[2]), 'a "quoted" description')
    assert "&lt;In force&gt;" in svg and 'aria-label="a &quot;quoted&quot; description"' in svg
    median = re.findall(r'<path d="M([\d. L]+)" fill="none" stroke="#12436D"', svg)[0].split("L")
    ys = [float(pair.split()[1]) for pair in median]
    assert ys[0] < ys[1] < ys[2] and ys[1] - ys[0] == pytest.approx(ys[2] - ys[1], abs=0.11)
    assert f'cy="{ys[2]}"' in svg


def test_the_page_of_limits_is_written_from_the_file_that_reports_read() -> None:
    assert (ROOT / "docs/limits.md").read_text("utf-8") == limits_markdown()


def test_the_limits_name_measures_and_numbers_that_exist() -> None:
    from results.outcomes import MEASURES

    law, held = current_law(), limits()
    named = {name for each in held.limits for name in each.measures} | set(held.rests_on)
    assert named <= set(MEASURES)
    assert all(leant_on(law, measure) for measure in held.rests_on)
    assert len({each.key for each in held.limits}) == len(held.limits)
    with pytest.raises(KeyError):
        law.rule("no_such_rule")
