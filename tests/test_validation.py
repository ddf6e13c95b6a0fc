"""The page of validation: every part is there, and what it says is what was found."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from calibration.backcast import scored
from calibration.check import METHODS, ahead_coverage, coverage, sharpness, trial
from calibration.fitted import learned_from
from calibration.learnt import moved, together
from calibration.predictive import aims, compared, distributions, to_come
from calibration.sensitivity import sensitivity
from results.provenance import digest_of
from results.validation import Findings, table, validation_markdown
from results.worth import FILE, read_worth, worth, write_worth
from tests.made_fit import made_fitted, made_pasts
from tests.test_backcast import table as back_casts

PARTS = (
    "Stocks and yearly flows since 2015", "Every series", "Coverage on worlds whose beliefs are known", "Back-casts",
    "What each belief learned", "What the model cannot follow", "What the projections hang on",
    "What the fit foretells",
)  # fmt: skip


@cache
def found() -> Findings:
    fitted = made_fitted()
    asked, made = fitted.task.observations, trial(fitted)
    _, shown = fitted.waves[-1].shown()
    told, later = compared(asked, shown[:, : len(asked)]), to_come()[1:2]
    foretold = compared(later, shown[:, -1:])
    return Findings(
        fitted, made_pasts(), told, distributions(asked, shown), foretold, coverage(made), sharpness(made),
        ahead_coverage(fitted, made), back_casts(), moved(fitted), together(fitted), sensitivity(fitted),
    )  # fmt: skip


@cache
def page() -> str:
    return validation_markdown(found())


def part(name: str) -> str:
    return page().split(f"## {name}\n")[1].split("\n## ")[0]


def test_every_part_is_there_in_order() -> None:
    places = [page().index(f"## {name}\n") for name in PARTS]
    assert places == sorted(places) and page().startswith("# Validation") and "nan" not in page().lower().split()
    assert f"{len(found().fitted.task.seen)} published figures to 2024-09-30" in page()


def test_tables_are_whole() -> None:
    lines = [line for line in page().splitlines() if line.startswith("|")]
    assert len(lines) > 80
    for before, line in pairwise(lines):
        if line.startswith("|---"):
            assert line.count("|") == before.count("|")
    assert table(("a", "b"), [(1, "x")]) == "| a | b |\n|---|---|\n| 1 | x |\n"


def test_coverage_is_said_as_it_was_found() -> None:
    rows = found().coverage
    for method in METHODS:
        (line,) = [line for line in part(PARTS[2]).splitlines() if line.startswith(f"| {method} |")]
        shares = rows[rows["method"] == method].sort_values("level")["covered"]
        assert line.split(" | ")[1:5] == [f"{share:.1%}" for share in shares]


def test_its_few_figures_are_kept_for_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.fitted.likeness", lambda law: "made")
    kept = read_worth(write_worth(found(), tmp_path).parent)
    assert kept == worth(found()) and kept.fit == digest_of(learned_from(found().fitted, found().pasts))
    for one in (each for each in kept.held if not each.measure):
        rows = found().coverage
        (was,) = rows[(rows["method"] == METHODS[0]) & (rows["level"] == one.level)]["covered"]
        assert one.covered == round(was, 4)
    assert len(kept.held) == 4 + len(found().ahead) and kept.back_figures == len(found().back)
    scores = scored(found().back).to_dict("records")
    assert [(one.years_on, one.model) for one in kept.back] == [(s["years_on"], round(s["model"], 4)) for s in scores]
    made = aims(found().fit)
    assert (kept.stocks.figures + kept.flows.figures, kept.stocks.within + kept.flows.within) == (
        len(made), made["within"].sum(),
    )  # fmt: skip
    before = (tmp_path / FILE).read_bytes()
    assert write_worth(found(), tmp_path).read_bytes() == before


def test_beliefs_that_moved_are_in_the_table_and_the_others_are_named() -> None:
    told, still = part(PARTS[4]).split("never moved")
    assert "| level |" in told and "| unheard |" not in told and "`unheard`" in still
    assert "| pull | push | -0." in still


def test_what_is_missed_is_said() -> None:
    missed = found().fit.assign(covered=False, error_per_cent=50.0)
    rows = validation_markdown(replace(found(), fit=pd.DataFrame(missed))).split("\n## ")[1].splitlines()
    lines = [line for line in rows if line.startswith("| ") and "published" not in line]
    assert lines and all(line.endswith("| +50.0 | no | no |") for line in lines)
