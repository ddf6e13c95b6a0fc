"""The command line: what each command prints; and bad input ends with one line, code 2 and nothing written."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from scenarios import shipped_names
from sim.__main__ import main

HAS_REPORT = importlib.util.find_spec("results.report") is not None
HEAD = "name: A Bill\nquestion: What changes?\nsource: Ours\n"
AMEND = HEAD + "commencement: 2027-04-01\namends:\n"
CLOCK = "  automatic_clock: {value: 1, unit: years}\n"


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Ipp = Callable[..., Said]


@pytest.fixture
def ipp(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ipp:
    """Return the program as a function of its arguments; any exception but its exit is the test's."""

    def called(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["ipp", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return Said(code, *capsys.readouterr())

    return called


def refused(said: Said) -> None:
    lines = said.err.strip().splitlines()
    assert (said.code, len(lines), said.out) == (2, 1, ""), said
    assert "Traceback" not in said.err and not said.err.strip().endswith("?.")


def test_version(ipp: Ipp) -> None:
    said = ipp("--version")
    assert said.code == 0 and said.out.startswith("ipp 0.")


def test_no_command_says_what_there_is(ipp: Ipp) -> None:
    said = ipp()
    assert all(name in said.out + said.err for name in ("run", "trace", "law", "licence", "scenarios", "assumptions"))
    assert "Traceback" not in said.err


def row_of(said: Said, rule: str) -> str:
    (row,) = [line for line in said.out.splitlines() if line.strip().startswith(f"{rule} ")]
    return row


def test_the_law_of_a_day(ipp: Ipp) -> None:
    before, after = ipp("law", "--on", "2024-10-31"), ipp("law", "--on", "2024-11-01")
    assert before.code == after.code == 0
    assert "does not exist" in row_of(before, "automatic_clock")
    assert "2 years" in row_of(after, "automatic_clock") and "2024-11-01" in row_of(after, "automatic_clock")
    assert "10 years" in row_of(after, "qualifying_period_reference_ipp")
    assert "statute_book.yaml:" in row_of(after, "automatic_clock")
    assert "breach_rate" not in after.out and "breach_rate" in ipp("law", "--all").out


def test_what_is_unverified(ipp: Ipp) -> None:
    said = ipp("law", "--unverified")
    rows = [line for line in said.out.splitlines() if "statute_book.yaml:" in line]
    assert rows and all("unverified" in row for row in rows)
    assert "2026-06-01" in row_of(said, "request_after")
    assert "automatic_clock" not in said.out


def test_the_commencement_can_be_switched(ipp: Ipp) -> None:
    assert "2027-01-05" in row_of(ipp("law", "--unverified", "--s42", "2027-01-05"), "request_after")
    assert "request_after" not in ipp("law", "--unverified", "--s42", "never").out


def test_a_licence_as_json(ipp: Ipp) -> None:
    again = ("--recall", "2021-06-10", "--rerelease", "2022-01-15")
    said = ipp("licence", "--first-release", "2019-05-01", *again, "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert {name: found[name] for name in ("qualifying_period_ends", "reference_due", "automatic_end")} == {
        "qualifying_period_ends": "2022-05-01", "reference_due": None, "automatic_end": "2024-11-01",
    }  # fmt: skip


def test_a_licence_in_words(ipp: Ipp) -> None:
    said = ipp("licence", "--first-release", "2023-02-01", "--s42", "never")
    assert said.code == 0 and "the licence ends by itself on 1 February 2028" in said.out
    assert "1 February 2027" in ipp("licence", "--first-release", "2023-02-01").out
    assert "1 May 2026" in ipp("licence", "--first-release", "2022-05-01", "--sentence", "DPP").out
    once = ("--first-release", "2021-01-10", "--recall", "2025-02-01", "--rerelease", "2025-04-01", "--s42", "never")
    assert "1 April 2027" in ipp("licence", *once).out
    assert "10 January 2026" in ipp("licence", *once, "--disregard", 1).out
    assert "nothing ends this licence" in ipp("licence", *once, "--other-life-sentence").out


def test_a_licence_under_a_bill(ipp: Ipp) -> None:
    said = ipp("licence", "--first-release", "2026-01-15", "--bill", "one_year")
    assert said.code == 0 and "15 January 2028" in said.out


def test_scenarios_are_listed(ipp: Ipp) -> None:
    said = ipp("scenarios")
    assert said.code == 0 and said.out.startswith("current_law\n")
    assert all(f"{name}\n" in said.out for name in shipped_names())
    assert said.out.count("?\n") == len(shipped_names())


def test_assumptions_are_printed(ipp: Ipp) -> None:
    said = ipp("assumptions")
    assert said.code == 0 and said.out.startswith("# Assumptions\n") and "### `breach_rate`" in said.out


def test_a_life_is_told(ipp: Ipp) -> None:
    said = ipp("trace", "one_year", "--person", 5, "--to", "2008-12-31")
    assert said.code == 0 and said.out.startswith("Person 5, a ")
    assert "An imagined life: nobody real is described." in said.out
    assert "The same life, day for day, under one_year and under the current law." in said.out


def test_lives_part_where_the_law_does(ipp: Ipp) -> None:
    parted = whole = False
    for person in range(3, 40):
        said = ipp("trace", "law_before_november_2024", "--person", person, "--to", "2024-12-31")
        told = said.out.splitlines()
        parts = [place for place, line in enumerate(told) if line.startswith("--- Here the two lives part: ")]
        assert said.code == 0
        if parts:
            assert date(2024, 11, 1) <= day_said(told[parts[0]].split(": ")[1].removesuffix(" ---"))
            assert told[parts[0] + 1] == "Under law_before_november_2024:" and "Under the current law:" in told
        assert bool(parts) != ("The same life, day for day" in said.out)
        parted, whole = parted or bool(parts), whole or not parts
        if parted and whole:
            break
    assert parted and whole


def day_said(words: str) -> date:
    return datetime.strptime(words, "%d %B %Y").date()


ONE = ("--lives", 1, "--draws", 1, "--workers", 1)
TINY = ("--people", 60, *ONE, "--to", "2027-12-31", "--from", "2015-01-01")


@pytest.mark.skipif(not HAS_REPORT, reason="results/report.py, which run ends with, is not written yet")
def test_a_run_ends_with_the_path_of_its_report(ipp: Ipp, tmp_path: Path) -> None:
    said = ipp("run", "one_year", *TINY, "--out", tmp_path)
    last = said.out.strip().splitlines()[-1]
    assert said.code == 0 and last.startswith("Report: ")
    report = Path(last.removeprefix("Report: "))
    assert report.is_file() and report.parent.parent == tmp_path
    manifest = json.loads((report.parent / "run.json").read_text())
    assert [told["key"] for told in manifest["scenarios"]] == ["current_law", "one_year"]
    assert {"monthly.parquet", "monthly.csv", "fit.parquet"} <= {path.name for path in report.parent.iterdir()}
    assert "Traceback" not in said.err and "2 of 2 done" in said.err
    first = report.read_bytes()
    again = ipp("run", "one_year", *TINY, "--out", tmp_path)
    assert again.out == said.out and "2 of them on disk already" in again.err
    assert len(report.read_bytes()) == pytest.approx(len(first), rel=0.01)


def test_a_run_of_draws_to_a_precision_says_what_was_reached(
    ipp: Ipp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("results.report.write_report", lambda folder: folder / "report.html")  # tested above
    asked = ("--draws", 10, "--beliefs", "prior", "--precision", "50%", "--budget", 60)
    said = ipp("run", "one_year", *TINY, "--to", "2030-12-31", *asked, "--from", "2030-01-01", "--out", tmp_path)
    *_, answered, beside, reached, report = said.out.strip().splitlines()
    assert said.code == 0 and report.startswith("Report: ")
    assert answered.startswith("one_year less current_law: terminated on 31 December 2030: ") and "draws" in answered
    assert beside.startswith("one_year less current_law: recalls from 1 April 2027 to 31 December 2030: ")
    assert "Known to within 50%" in reached or "Not known to within 50% for one_year" in reached
    manifest = json.loads((Path(report.removeprefix("Report: ")).parent / "run.json").read_text())
    assert manifest["precision"]["reached"] == reached.startswith("Known")
    assert manifest["draws"] >= 10 and manifest["precision"]["worlds"] == 2 * manifest["draws"]


def test_a_bill_that_asks_what_is_not_measured_is_refused_before_anything_is_lived(ipp: Ipp, tmp_path: Path) -> None:
    bill = tmp_path / "asks.yaml"
    bill.write_text(AMEND + CLOCK + "asks: {measure: recaled, on: 2027-06-30}\n")
    said = ipp("run", bill, *TINY, "--out", tmp_path / "runs")
    refused(said)
    assert "asks.yaml, line 7: asks.measure 'recaled' is not a measure; did you mean 'recalled'?" in said.err
    assert not (tmp_path / "runs").exists()


# Bad Bills: each is run, and nothing may be written

FIRST = ("licence", "--first-release")
BILLS = {
    "empty": "",
    "not a mapping": "- a\n",
    "no question": "name: A\nsource: Ours\n",
    "question without a mark": "name: A\nsource: Ours\nquestion: Tell me.\n",
    "unknown rule": AMEND + "  automatic_clok: {value: 1, unit: years}\n",
    "unknown field": AMEND.replace("amends", "ammends") + CLOCK,
    "no unit": AMEND + "  automatic_clock: {value: 1}\n",
    "wrong unit": AMEND + "  automatic_clock: {value: 12, unit: months}\n",
    "text for a number": AMEND + "  automatic_clock: {value: one, unit: years}\n",
    "nan": AMEND + "  automatic_clock: {value: .nan, unit: years}\n",
    "negative": AMEND + "  automatic_clock: {value: -1, unit: years}\n",
    "probability over one": AMEND + "  deferral: {value: 1.5, unit: probability}\n",
    "no commencement": HEAD + "amends:\n" + CLOCK,
    "before the projection": AMEND.replace("2027-04-01", "2024-09-30") + CLOCK,
    "no such day": AMEND.replace("2027-04-01", "2027-02-30") + CLOCK,
    "rule twice": AMEND + CLOCK + CLOCK,
    "short list": AMEND + "  breach_shares: {value: [1], unit: share}\n",
    "convention": AMEND + "  ceiling_rare: {value: 5, unit: per year}\n",
    "tag": "name: !!python/object/apply:os.system [ls]\n",
    "anchor": "name: &a x\nsource: *a\n",
    "tab": "name: A\n\tsource: Ours\n",
    "unclosed": HEAD + 'note: "never closed\n',
    "group of no one": AMEND + CLOCK + "applies_to: {tariff_years_below: 2, tariff_years_at_least: 2}\n",
    "unknown commencement": HEAD + "commence: {sentencing_act: never}\n",
    "escape code": 'name: "A \\e[31mred Bill"\n',
    "none for what cannot be missing": AMEND + "  deferral_days_low: {value: none, unit: days}\n",
    "every hearing put off": AMEND + "  deferral: {value: 1, unit: probability}\n",
    "longer than a journal holds": AMEND + "  termination_days_high: {value: 73000, unit: days}\n",
}


@pytest.mark.parametrize("words", BILLS.values(), ids=BILLS.keys())
def test_a_bad_bill_is_refused_in_one_line_and_nothing_is_written(ipp: Ipp, tmp_path: Path, words: str) -> None:
    bill, out = tmp_path / "bad.yaml", tmp_path / "runs"
    bill.write_text(words, encoding="utf-8")
    lived = "value: none" not in words  # where such a Bill is let pass, living it ends the process: so only read it
    said = ipp("run", bill, *TINY, "--out", out) if lived else ipp(*FIRST, "2020-01-01", "--bill", bill)
    refused(said)
    assert "bad.yaml" in said.err
    assert not out.exists()


# Bad arguments: what is asked, and a phrase of the answer

QUICK = ("--people", 5, *ONE)
PERSON = ("trace", "one_year", "--person", 5)

ARGUMENTS: dict[str, tuple[tuple[object, ...], str]] = {
    "unknown command": (("rum",), "rum"),
    "unknown option": (("scenarios", "--colour"), "--colour"),
    "unknown scenario": (("run", "one_yeer"), "did you mean 'one_year'"),
    "missing file": (("run", "nowhere/one.yaml"), "no such file"),
    "folder for a Bill": (("run", "/tmp"), "folder"),
    "no scenario": (("run", ""), "there is no scenario"),
    "conflict": (("run", "one_year+one_year"), "cannot be enacted together"),
    "from is no date": (("run", "one_year", "--from", "2015"), "--from must be a date"),
    "to is no date": (("run", "one_year", "--to", "31/12/2030"), "--to must be a date"),
    "to before the sentence": (("run", "one_year", "--to", "2005-04-04"), "--to must be from"),
    "to too late": (("run", "one_year", "--to", "2060-01-01"), "--to must be from"),
    "from after to": (("run", "one_year", "--from", "2030-01-02", "--to", "2030-01-01"), "--from"),
    "no lives": (("run", "one_year", "--lives", 0), "--lives"),
    "lives in words": (("run", "one_year", "--lives", "two"), "--lives"),
    "negative seed": (("run", "one_year", "--seed", -1), "--seed"),
    "seed past 64 bits": (("run", "one_year", "--seed", 2**70, *QUICK), "--seed"),
    "no month to report": (("run", "one_year", "--to", "2005-04-10", *QUICK), "--to"),
    "s42 is no date": (("run", "one_year", "--s42", "soon"), "--s42 must be a date"),
    "s42 in the past": (("law", "--s42", "2020-01-01"), "--s42"),
    "s42 with the Act before it": (("law", "--s42", "2024-11-01"), "--s42"),
    "law of no day": (("law", "--on", "yesterday"), "--on must be a date"),
    "licence without a day": (("licence",), "--first-release"),
    "licence of no day": ((*FIRST, "2019-02-30"), "--first-release must be a date"),
    "released before there was a sentence": ((*FIRST, "1990-01-01"), "2005"),
    "released beyond the calendar": ((*FIRST, "2070-01-01"), "2059"),
    "no such sentence": ((*FIRST, "2019-05-01", "--sentence", "ipq"), "'ipq'"),
    "recall before release": ((*FIRST, "2019-05-01", "--recall", "2018-05-01"), "must come after"),
    "re-release without a recall": ((*FIRST, "2019-05-01", "--rerelease", "2020-05-01"), "re-releases"),
    "recall after the end": ((*FIRST, "2019-05-01", "--recall", "2025-05-01"), "ended by itself on 1 November 2024"),
    "disregarded what never was": ((*FIRST, "2019-05-01", "--disregard", 1), "cannot be disregarded"),
    "precision that is no percentage": (("run", "one_year", "--precision", "2", *QUICK), "such as 2%, not '2'"),
    "precision of one law": (("run", "current_law", "--precision", "2%", *QUICK), "name another scenario"),
    "budget without a precision": (("run", "one_year", "--budget", 100, *QUICK), "--budget"),
    "budget below the first batch": (
        ("run", "one_year", "--precision", "2%", "--budget", 39, "--lives", 20, "--draws", 1), "are 40 worlds",
    ),
    "no draws": (("run", "one_year", "--draws", 0), "--draws"),
    "two numbers of people": (("run", "one_year", "--people-scale", 10, *QUICK), "cannot both be given"),
    "no people": (("run", "one_year", "--people-scale", 0), "--people-scale must be above 0"),
    "unknown Bill": ((*FIRST, "2019-05-01", "--bill", "one_yeer"), "did you mean 'one_year'"),
    "no such person": (("trace", "one_year", "--person", 99_999, "--to", "2006-01-01"), "--person must be from 0 to"),
    "a person below nought": (("trace", "one_year", "--person", -1), "--person"),
    "a life before the sentence": ((*PERSON, "--to", "1999-01-01"), "--to"),
    "trace past the calendar": ((*PERSON, "--to", "2090-01-01"), "--to"),
    "trace of nothing": (("trace", "one_yeer", "--person", 5), "did you mean 'one_year'"),
    "trace with a seed past 64 bits": ((*PERSON, "--to", "2006-01-01", "--seed", 2**70), "--seed"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "phrase"), ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_bad_arguments_are_refused_in_one_line_and_nothing_is_written(
    ipp: Ipp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], phrase: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ipp(*arguments)
    refused(said)
    assert phrase in said.err
    assert not list(tmp_path.iterdir())


def test_a_report_of_what_is_not_a_run_is_refused(ipp: Ipp, tmp_path: Path) -> None:
    refused(ipp("report", tmp_path / "nothing"))
    refused(ipp("report", tmp_path))


def test_out_that_is_a_file_is_refused(ipp: Ipp, tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("mine")
    refused(ipp("run", "one_year", *TINY, "--out", out))
    assert out.read_text() == "mine"


@pytest.mark.skipif(not HAS_REPORT, reason="results/report.py, which run ends with, is not written yet")
@pytest.mark.parametrize("last", ["2006-12-31", "2012-12-31", "2024-06-30"])
def test_a_short_run_is_reported_or_refused_but_never_breaks(ipp: Ipp, tmp_path: Path, last: str) -> None:
    said = ipp("run", "current_law", "--people", 60, *ONE, "--to", last, "--out", tmp_path / "runs")
    assert (said.code == 0 and "Report: " in said.out) or (said.code == 2 and len(said.err.splitlines()) == 1)


def test_a_bill_for_some_people_has_no_one_licence(ipp: Ipp, tmp_path: Path) -> None:
    bill = tmp_path / "women.yaml"
    bill.write_text(AMEND + CLOCK + "applies_to: {sex: female}\n")
    said = ipp(*FIRST, "2019-05-01", "--bill", bill)
    refused(said)
    assert "some people" in said.err


def test_a_hazard_over_its_ceiling_is_a_failed_life_told_in_one_line(ipp: Ipp, tmp_path: Path) -> None:
    bill = tmp_path / "wild.yaml"
    bill.write_text(AMEND + "  time_out_ratios: {value: [500, 500, 500, 500], unit: ratio}\n")
    said = ipp("run", bill, *TINY, "--out", tmp_path / "runs")
    failures = [line for line in said.err.splitlines() if line.startswith("failed: ")]
    assert said.code == 1 and len(failures) == 1
    (told,) = failures
    assert "wild, life 0" in told and " for person " in told and "ceiling" in told and "Traceback" not in said.err


def test_the_program_itself_ends_with_code_2_and_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "run", "one_yeer", "--out", str(tmp_path / "runs")]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, timeout=120)
    refused(Said(ended.returncode, ended.stdout, ended.stderr))
    assert list(tmp_path.iterdir()) == []
