"""What a brief answers: a measure on a day or over a window, how it is told, and its values in a run, life by life."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from results.asked_words import counted, row_name, when
from results.folder import Run
from results.measures import MEASURES
from results.tracing import trace
from results.words import said
from scenarios import Scenario
from scenarios.asking import in_full
from scenarios.bill import Ask
from scenarios.reading import BadInput, nearest

FALLBACK_MEASURE, FALLBACK_DAY = "recalled", pd.Timestamp("2030-12-31")  # asked of a Bill that does not say


class Asked(NamedTuple):
    """A measure of a group, on a day or, if it is a flow, added up from `first` to the day."""

    measure: str
    group: str
    day: pd.Timestamp
    first: pd.Timestamp | None = None

    @property
    def flow(self) -> bool:
        """Whether it counts what happens over a window."""
        return MEASURES[self.measure].over == "window"

    @property
    def counted(self) -> str:
        """How a sentence counts it, as in '12 fewer people on licence'."""
        return counted(self.measure, self.group)

    @property
    def subject(self) -> str:
        """How a row or a heading names it."""
        since = (f" since {said(self.first)}" if self.first is not None else ", so far") if self.flow else ""
        return row_name(self.measure, self.group) + since

    @property
    def unit(self) -> str:
        """What is counted: people on a day, or events up to it."""
        return "people" if self.counted.startswith("people") else self.counted

    @property
    def when(self) -> str:
        """The day or window as an adverb."""
        return when(self.measure, self.first if self.flow else None, self.day)

    def begins(self, run: Run) -> pd.Timestamp | None:
        """Return the day from which a flow is added up; None for a stock."""
        return (run.since if self.first is None else self.first) if self.flow else None

    def level(self, run: Run, scenario: str) -> pd.DataFrame:
        """Return its values in a scenario: rows by month's end, columns by draw and life."""
        found = run.by_life(self.measure, self.group, scenario)
        begins = self.begins(run)
        return found if begins is None else found[found.index >= begins].cumsum()

    def difference(self, run: Run, scenario: str) -> pd.DataFrame:
        """Return a scenario less the first, life by life; a life that failed under either is left out."""
        one, other = self.level(run, scenario), self.level(run, run.baseline.key)
        both = one.columns.intersection(other.columns)
        return one[both] - other[both]

    def traced(self, run: Run, scenario: str, day: pd.Timestamp, statistic: str) -> str:
        """Return the trace of its figure on a day."""
        return trace(scenario, self.measure, self.group, day, statistic, self.begins(run))


def asked_by(bill: Scenario, last: date = date.max) -> list[Asked]:
    """Return what the Bills ask of a run to a day, the first first, or else people recalled at the end of 2030.

    BadInput for a measure that does not exist, or that is a mean or a share: a brief counts people and events.
    """
    found = [_asked(each) for each in in_full(getattr(bill, "asks", ()), last)]
    return found or [Asked(FALLBACK_MEASURE, "", FALLBACK_DAY)]


def _asked(ask: Ask) -> Asked:
    if ask.measure not in MEASURES or MEASURES[ask.measure].kind not in ("stock", "flow"):
        raise BadInput(
            f"a brief cannot be about '{ask.measure}'{nearest(ask.measure, MEASURES)}; it counts people and events."
        )
    first = None if ask.first is None else pd.Timestamp(ask.first)
    return Asked(ask.measure, ask.group, pd.Timestamp(ask.last), first)


def within(run: Run, asked: Asked) -> Asked:
    """Return what is asked on the last day up to it that the run has, or on the run's first if it has none."""
    days = run.by_life(asked.measure, asked.group).index
    at_most = days[days <= asked.day]
    return asked._replace(day=at_most[-1] if len(at_most) else days[0])
