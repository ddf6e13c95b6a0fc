"""What a fit is worth: its figures are written and read, told in a report, and only of the fit that they are of."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calibration.source import ABOUT, SHIPPED
from results.provenance import digest
from results.worth import FILE, Aimed, Held, Worth, YearsOn, judged, read_worth
from results.worth_page import validation
from scenarios.reading import BadInput

SHIPPED_ABOUT = "calibration/posterior/fit.json"


def fitted_run(folder: Path) -> dict[str, Any]:
    """A manifest whose run took the fit of a folder."""
    return {"beliefs": str(folder), "fit": {"until": "2024-09-30"}}


AIMED = Aimed(figures=20, aim=3.0, within=17, covered=19)
BACK = YearsOn(years_on=1, figures=9, model=4.0, no_change=9.0, change_goes_on=8.0, covered=0.9)
LEVELS = (0.5, 0.8, 0.9, 0.95)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a fit, with made figures of what its checks found."""
    (tmp_path / ABOUT).write_text("what it was learned from")
    held = [Held(measure=name, level=level, covered=level - 0.04) for name in ("", "recalled") for level in LEVELS]
    made = Worth(
        fit=digest(tmp_path / ABOUT), until=date(2024, 9, 30), worlds=512, since=date(2015, 1, 1), stocks=AIMED,
        flows=AIMED, held=held, back=[BACK], back_figures=12, back_covered=0.75,
    )  # fmt: skip
    (tmp_path / FILE).write_text(made.model_dump_json())
    return tmp_path


def test_a_run_of_another_fit_is_cautioned(folder: Path) -> None:
    run = fitted_run(folder)
    assert judged(run) == (read_worth(folder), "")
    (folder / ABOUT).write_text("{}")
    assert "another fit" in judged(run)[1]
    (folder / FILE).unlink()
    none, why = judged(run)
    assert none is None and "`ipp validate --to` writes them" in why
    assert validation(run).grids == [] and validation(run).caution == why


def test_a_run_of_the_fit_that_ships_is_known_by_its_manifest(folder: Path) -> None:
    kept = digest(folder / ABOUT)
    run: dict[str, Any] = {"beliefs": "fit", "fit": {"until": "2024-09-30"}, "inputs": {"files": {SHIPPED_ABOUT: kept}}}
    assert judged(run, folder)[1] == ""
    run["inputs"] = {"files": {SHIPPED_ABOUT: "0" * 16}}
    assert "another fit" in judged(run, folder)[1]
    for beliefs in ("the book", "prior"):
        assert "not this run" in judged({"beliefs": beliefs, "fit": None}, folder)[1]


def test_figures_that_ship_are_those_of_the_fit_that_ships() -> None:
    told = read_worth(SHIPPED)
    assert told is not None and told.fit == digest(SHIPPED / ABOUT), "run `ipp validate --to calibration/posterior`"
    assert told.until.isoformat() == json.loads((SHIPPED / ABOUT).read_text())["until"]


def test_figures_that_ship_are_those_of_the_page_that_ships() -> None:
    told = read_worth(SHIPPED)
    page = (SHIPPED.parents[1] / "docs" / "validation.md").read_text()
    assert told is not None
    aims = told.stocks.within + told.flows.within, told.stocks.figures + told.flows.figures
    assert "{} of {} do;".format(*aims) in page
    for one in told.back:
        cells = (one.model, one.no_change, one.change_goes_on)
        assert f"| {one.years_on} | {one.figures} | {' | '.join(f'{each:.1f}' for each in cells)} |" in page
    assert f"90% intervals hold {told.back_covered:.0%}" in page


def test_a_file_that_is_none_is_refused(folder: Path) -> None:
    for text, words in (("{", "validation.json: the file: "), ('{"fit": 3}', "validation.json: fit: ")):
        (folder / FILE).write_text(text)
        with pytest.raises(BadInput, match=words):
            read_worth(folder)


def told(folder: Path, **back: float) -> str:
    held = read_worth(folder)
    assert held is not None
    first = held.back[0].model_copy(update=back)
    (folder / FILE).write_text(Worth.model_copy(held, update={"back": [first]}).model_dump_json())
    return " ".join(validation(fitted_run(folder)).sentences)


def test_a_rule_that_does_better_than_the_model_is_said_to(folder: Path) -> None:
    better = told(folder, years_on=2, model=9.04, no_change=20.0, change_goes_on=3.55)
    assert "1 to 2 years on the last change going on does better (3.5%) than the model (9.0%)." in better
    worse = told(folder, years_on=1, model=2.0, no_change=3.0, change_goes_on=4.0)
    assert "Up to a year on the model is off by 2.0%, less than no change (3.0%)." in worse


def test_tables_hold_what_was_found(folder: Path) -> None:
    run, kept = validation(fitted_run(folder)), read_worth(folder)
    assert kept is not None and run.caution == ""
    aims, coverage, back = run.grids
    assert [row[3] for row in aims.rows] == [str(kept.stocks.within), str(kept.flows.within)]
    assert coverage.heads[1:] == ("50%", "80%", "90%", "95%") and coverage.rows[0][0] == "Beliefs that data tell of"
    shares = [one.covered for one in kept.held if not one.measure]
    assert list(coverage.rows[0][1:]) == [f"{100 * share:.1f}%" for share in shares]
    assert len(back.rows) == len(kept.back) and all(re.fullmatch(r"[\d.]+%", row[2]) for row in back.rows)
