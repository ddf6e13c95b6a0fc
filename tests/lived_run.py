"""A small run lived through the program's own path, with its report and its brief: a fixture that many tests read."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from results.brief import write_brief
from results.report import write_report
from results.runs import planned, run
from scenarios import current_law

NASTY = "<script>alert('x')</script> & \"quoted\""
BILL = f"""\
# A comment that is kept.
name: {NASTY!r}
question: {("What would " + NASTY + " do?")!r}
source: {NASTY!r}
commencement: 2027-04-01
amends:
  qualifying_period_automatic_ipp: {{value: 1, unit: years}}
  automatic_clock: {{value: 1, unit: years}}
  recall_after_breach: {{times: 0.5, unit: probability}}
""".replace("\\'", "''")


class Small(NamedTuple):
    """A run of 60 people and two lives under the current law and a Bill of a user's own."""

    folder: Path
    bill: Path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Return a small run with its report and its brief; nobody may change its files."""
    place = tmp_path_factory.mktemp("small")
    bill = place / "mine.yaml"
    bill.write_text(BILL, "utf-8")
    days = {"first": date(2015, 1, 15), "last": date(2034, 12, 31)}
    law = current_law(commencements={"sentencing_act_2026_s42": date(2026, 7, 1)})
    plan = planned([str(bill)], law=law, lives=2, seed=3, out=place / "runs", people=60, **days)  # type: ignore[arg-type]
    assert run(plan, 1, lambda total, done: None, lambda piece: None) == []
    write_report(plan.folder)
    write_brief(plan.folder, "mine")
    return Small(plan.folder, bill)
