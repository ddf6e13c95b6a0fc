"""Rerun: the manifest alone lives a run again, byte for byte, and a difference is named with its cause."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from results.compare import kept, write_comparison
from results.differences import COUNTING, NOTHING_RECORDED, causes, content_differs, told_apart
from results.provenance import NOT_ASKED, asked, commenced, inputs, sources
from results.rerun import DIFFERS, ELSEWHERE, MISSING, SAME, compared, plan_again, read_inputs, remarks, rerun
from results.runs import Plan, planned, run
from results.store import read_manifest, read_table, write_manifest, write_table
from scenarios import current_law, find
from scenarios.reading import BadInput
from sim.__main__ import main
from tests.lived_run import BILL, Small
from tests.test_deflator import made

ROOT = Path(__file__).parent.parent
KINDS = ("html", "csv", "json")
ONLY_SAYS = ("words", "progress")


def quietly(path: Path, out: Path | None) -> Any:
    return rerun(path, out, 1, (lambda total, done: None, lambda piece: None))


@pytest.fixture
def copy(small: Small, tmp_path: Path) -> Path:
    """Return a copy of the small run, to be spoiled."""
    return Path(shutil.copytree(small.folder, tmp_path / "runs" / small.folder.name))


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return a folder's manifest after a change to it, which is written too."""
    manifest = read_manifest(folder / "run.json")
    change(manifest)
    write_manifest(folder / "run.json", manifest)
    return manifest


def test_a_run_lived_again_is_the_same_in_every_byte_though_its_bill_is_lost(copy: Path) -> None:
    outcome = quietly(copy / "run.json", None)
    assert outcome.agrees, outcome.words
    names = {each.name for each in outcome.verdicts if each.state == SAME}
    assert {"run.json", "monthly.parquet", "fit.csv", "report.html", "brief-mine.html", "brief-mine.docx"} <= names
    assert "journals/mine-life-0000.parquet" in names and any(name.startswith("charts/") for name in names)
    assert [state for state in outcome.verdicts if state.state != SAME] == []
    assert "The Bill mine was not found" in outcome.remarks[0]
    assert list(copy.parent.iterdir()) == [copy]  # the temporary folder is gone


def test_the_manifest_holds_all_that_a_plan_asks(small: Small, tmp_path: Path) -> None:
    plan = plan_again(small.folder / "run.json", tmp_path)
    told = asked(plan)
    assert set(told) == {field.name for field in fields(Plan)} - set(NOT_ASKED) | {"beliefs"}
    assert (told["beliefs"], plan.beliefs.source) == ("book", "book")
    assert (told["lives"], told["seed"], told["people"], told["engine"]) == (2, 3, 60, "compiled")
    assert plan.name == small.folder.name
    assert [bill.words for bill in plan.scenarios[1].bills] == [BILL]
    assert commenced(plan.law) == {"sentencing_act_2026_s42": date(2026, 7, 1)}
    assert commenced(current_law(commencements={"sentencing_act_2026_s42": None})) == {"sentencing_act_2026_s42": None}


def test_a_manifest_names_every_file_and_no_folder_of_the_users(small: Small) -> None:
    manifest = read_manifest(small.folder / "run.json")
    held = manifest["inputs"]
    assert held["files"] == sources()
    assert {"sim/rules.py", "scenarios/statute_book.yaml", "calibration/published/ipp_counts.csv"} <= set(held["files"])
    assert {"monthly.parquet", "monthly.csv", "fit.parquet", "journals/mine-life-0000.parquet"} <= set(held["results"])
    assert held["bills"]["mine"] == [{"key": "mine", "file": "mine.yaml", "text": BILL}]
    assert str(small.folder.parent.parent) not in (small.folder / "run.json").read_text("utf-8")


def test_an_edited_bill_is_told_and_the_old_text_is_used(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, held = read_inputs(small.folder / "run.json")
    monkeypatch.chdir(small.bill.parent)
    assert remarks(held) == []
    (tmp_path / "mine.yaml").write_text(BILL + "note: Another thought.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert remarks(held) == ["The Bill mine has been edited since the run; the text in the manifest was used."]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small run of draws, lived on for a precision, of a part of the nation, with two comparisons."""
    law, place = current_law(), tmp_path_factory.mktemp("drawn")
    plan = planned(
        ["one_year", "law_before_november_2024"], law=law, lives=1, draws=2, seed=5, first=date(2020, 1, 1),
        last=date(2031, 12, 31), out=place / "runs", scale=0.005, precision=0.001, budget=9, beliefs="prior",
    )  # fmt: skip
    assert run(plan, 1, lambda total, done: None, lambda piece: None) == []
    write_comparison(plan.folder, plan.scenarios[1:], "current_law", "green-book", made())
    write_comparison(plan.folder, plan.scenarios[1:2], "law_before_november_2024")
    return plan.folder


def test_draws_a_precision_a_scale_and_comparisons_are_lived_again(drawn: Path) -> None:
    manifest = read_manifest(drawn / "run.json")
    assert manifest["draws"] == 3 and manifest["inputs"]["asked"]["draws"] == 2  # it grew by one
    plan = plan_again(drawn / "run.json", drawn)
    assert (plan.scale, plan.precision, plan.budget, plan.draws) == (0.005, 0.001, 9, 2)
    assert [asked.discount for asked in kept(drawn, plan.scenarios)] == ["", "green-book"]
    assert [asked.deflator is None for asked in kept(drawn, plan.scenarios)] == [True, False]
    # The manifest's mappings are sorted, and these two were not asked for in that order.
    assert [scenario.key for scenario in plan.scenarios[1:]] == ["one_year", "law_before_november_2024"]
    assert plan.name == drawn.name != replace(plan, scenarios=plan.scenarios[::-1]).name
    outcome = quietly(drawn / "run.json", None)
    assert outcome.agrees and not outcome.remarks, outcome.words
    names = {each.name for each in outcome.verdicts if each.state == SAME}
    told = {f"compare{which}.{kind}" for which in ("", "-against-law_before_november_2024") for kind in KINDS}
    assert told | {"run.json", "draws.parquet", "failed.csv", "monthly.parquet"} <= names
    assert len(names) == len(outcome.verdicts)
    assert not told & set(manifest["inputs"]["results"])  # which a run writes, whoever compares


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"bills": ["one_yeer"], "against": "current_law", "discount": ""}', "which the run has not lived; did you"),
        ('{"bills": [], "against": "current_law", "discount": ""}', "does not say which Bills were compared"),
    ],
)
def test_a_comparison_that_cannot_be_made_again_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "compare.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=words):
        kept(tmp_path, [find("current_law"), find("one_year")])


def test_what_stands_behind_tables_is_told_from_what_only_pages_show() -> None:
    """Every module of results/ that a run imports is one whose change may change a table, but for words and screens."""
    seen, left = set(), ["runs"]
    while left:
        name = left.pop()
        if name not in seen and name not in ONLY_SAYS:
            seen.add(name)
            text = (ROOT / "results" / f"{name}.py").read_text("utf-8")
            named = re.findall(r"^from results\.([\w.]+) import", text, re.MULTILINE)
            left += [each.replace(".", "/") for each in named]
    assert seen == set(COUNTING)


def verdicts(was: Path, now: Path, manifest: dict[str, Any] | None = None) -> dict[str, tuple[str, str]]:
    found = compared(was, manifest or read_manifest(was / "run.json"), now)
    return {each.name: (each.state, each.why) for each in found if each.state != SAME}


def test_a_file_changed_after_the_run_is_told_from_one_that_was_made_otherwise(small: Small, copy: Path) -> None:
    assert verdicts(copy, small.folder) == {}
    (copy / "fit.csv").write_text((copy / "fit.csv").read_text("utf-8") + "\n", "utf-8")
    (copy / "notes.txt").write_text("mine", "utf-8")
    (copy / "monthly.csv").unlink()  # its hash in the manifest still vouches for it
    found = verdicts(copy, small.folder)
    assert found["fit.csv"][0] == DIFFERS and "was changed after the run" in found["fit.csv"][1]
    assert found["notes.txt"][0] == ELSEWHERE
    assert set(found) == {"fit.csv", "notes.txt"}


def test_what_is_not_made_again_is_missing(small: Small, copy: Path) -> None:
    (copy / "fit.parquet").unlink()
    assert verdicts(small.folder, copy)["fit.parquet"][0] == MISSING


def test_a_difference_has_its_cause(small: Small, copy: Path) -> None:
    table = read_table(copy / "monthly.parquet")
    table.loc[7, "value"] = 99.0
    write_table(copy / "monthly.parquet", table)
    (state, why) = verdicts(small.folder, copy)["monthly.parquet"]
    assert state == DIFFERS and f"1 of {len(table):,} rows; the first is row 8, value:" in why
    assert "now 99.0" in why and NOTHING_RECORDED in why

    def otherwise(manifest: dict[str, Any]) -> None:
        manifest["inputs"]["files"] |= {"sim/rules.py": "0", "calibration/beliefs.yaml": "0", "results/report.css": "0"}
        manifest["inputs"]["files"] |= {"scenarios/statute_book.yaml": "0"}
        manifest["versions"]["numba"] = "0.1"
        manifest["machine"]["system"] = "Plan 9"
        manifest["hashes"]["law:mine"] = "0"

    everything = read_manifest(small.folder / "run.json")
    otherwise(everything)
    why = verdicts(small.folder, copy, everything)["monthly.parquet"][1]
    for cause in ("Other code: sim/rules.py", "Other data: calibration/beliefs.yaml", "Other machine: x86_64 Plan 9",
                  "Other law: scenarios/statute_book.yaml", "the numbers of mine", "numba 0.1, now"):  # fmt: skip
        assert cause in why, cause
    assert "report.css" not in why


def test_pages_differ_for_what_draws_them() -> None:
    files = {"sim/rules.py": "1", "results/report.css": "1"}
    was, now = ({"inputs": {"files": files | {"results/report.css": digit}}} for digit in "12")
    found = causes(was, now)
    assert "report.css" in told_apart("report.html", found) and "report.css" in told_apart("charts/recalls.csv", found)
    assert told_apart("monthly.parquet", found) == NOTHING_RECORDED


def test_the_same_numbers_in_other_bytes_are_told(tmp_path: Path) -> None:
    table = pd.DataFrame({"value": [1.0, None], "group": ["", "a"]})
    table.to_parquet(tmp_path / "a.parquet", compression="zstd")
    table.to_parquet(tmp_path / "b.parquet", compression=None)
    assert content_differs(tmp_path / "a.parquet", tmp_path / "b.parquet") == "the same numbers, kept in other bytes."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.pop("inputs"), "has no 'inputs'"),
        (lambda m: m["inputs"].pop("bills"), r"inputs\.bills cannot be used"),
        (lambda m: m["inputs"]["bills"].pop("mine"), r"inputs\.bills lacks mine"),
        (lambda m: m["inputs"]["asked"].update(lives="ten"), r"inputs\.asked\.lives cannot be used"),
        (lambda m: m["inputs"]["asked"].update(luck="better"), r"inputs\.asked\.luck is not known to this version"),
        (lambda m: m["inputs"]["asked"].pop("seed"), "lacks what this version needs"),
        (lambda m: m["inputs"]["commencements"].update(magna_carta="2027-01-01"), "there is no commencement"),
        (lambda m: m["inputs"]["bills"]["mine"][0].update(text="name: A"), "mine.yaml, line 1"),
    ],
)
def test_a_manifest_that_cannot_be_lived_is_refused_and_nothing_is_written(
    copy: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    changed(copy, change)
    with pytest.raises(BadInput, match=words):
        quietly(copy / "run.json", None)
    assert list(copy.parent.iterdir()) == [copy]


def test_only_a_manifest_and_only_a_new_folder_will_do(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file"):
        quietly(copy, None)
    (tmp_path / "no.json").write_text("[1]", "utf-8")
    with pytest.raises(BadInput, match="not one JSON object"):
        quietly(tmp_path / "no.json", None)
    with pytest.raises(BadInput, match="--out must be a folder that is empty"):
        quietly(copy / "run.json", copy)


def test_a_plan_that_a_manifest_cannot_keep_is_an_error() -> None:
    @dataclass
    class Odd:
        lives: int
        luck: object

    with pytest.raises(TypeError, match=r"Plan\.luck is a set"):
        asked(Odd(1, {2}))  # type: ignore[arg-type]


def test_what_a_run_is_made_of_can_be_said_as_json(small: Small, tmp_path: Path) -> None:
    plan = plan_again(small.folder / "run.json", tmp_path)
    assert json.loads(json.dumps(inputs(plan)))["asked"]["first"] == "2015-01-15"


def test_the_command_ends_with_1_where_a_byte_differs(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (copy / "report.html", *copy.glob("brief-*")):
        path.unlink()
    shutil.rmtree(copy / "charts")
    (copy / "fit.csv").write_text("mine\n", "utf-8")
    monkeypatch.setattr(sys, "argv", ["ipp", "rerun", str(copy / "run.json"), "--workers", "1"])
    with pytest.raises(SystemExit) as ended:
        main()
    lines = capsys.readouterr().out.strip().splitlines()
    assert ended.value.code == 1
    assert [line for line in lines if line.startswith("differs")] == [
        "differs       fit.csv: the first file was changed after the run: it is not what the manifest recorded."
    ]
    assert "1 differ or are missing; what was lived again is in" in lines[-1]
