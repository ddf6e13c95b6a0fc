"""What a brief answers: a measure on a day or over a window, how it is told, and its values in a run, life by life."""

from typing import Any, NamedTuple

import pandas as pd

from results.folder import Run
from results.measures import MEASURES
from results.tracing import trace
from results.words import said
from scenarios import Scenario
from scenarios.reading import BadInput, nearest

FALLBACK_MEASURE, FALLBACK_DAY = "recalled", pd.Timestamp("2030-12-31")  # asked of a Bill that does not say
# How a sentence counts a measure, and how a row names it; other measures are told by their names.
WORDS = {
    "never_released": ("people in prison and never released", "In prison, never released"),
    "recalled": ("people in prison after a recall", "In prison after a recall"),
    "custody_total": ("people in prison", "In prison"),
    "on_licence": ("people on licence", "On licence"),
    "hospital": ("people in secure hospital", "In secure hospital"),
    "at_large": ("people unlawfully at large", "At large"),
    "terminated": ("licences ended", "Licences ended, so far"),
    "recalls": ("recalls", "Recalls"),
    "first_releases": ("first releases", "First releases"),
    "rereleases": ("releases after a recall", "Releases after a recall"),
}


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
        plain = self.measure.replace("_", " ")
        return WORDS.get(self.measure, (plain, ""))[0] + (f" ({self.group})" if self.group else "")

    @property
    def subject(self) -> str:
        """How a row or a heading names it."""
        plain = self.measure.replace("_", " ").capitalize()
        since = (f" since {said(self.first)}" if self.first is not None else ", so far") if self.flow else ""
        return WORDS.get(self.measure, ("", plain))[1] + (f" ({self.group})" if self.group else "") + since

    @property
    def unit(self) -> str:
        """What is counted: people on a day, or events up to it."""
        return "people" if self.counted.startswith("people") else self.counted

    @property
    def when(self) -> str:
        """The day or window as an adverb."""
        if self.flow and self.first is not None:
            return f"from {said(self.first)} to {said(self.day)}"
        return f"{'by' if self.flow or self.measure == 'terminated' else 'on'} {said(self.day)}"

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


def asked_by(bill: Scenario) -> Asked:
    """Return what the first of the Bills asks that says so, or else people recalled at the end of 2030.

    BadInput for a measure that does not exist, or that is a mean or a share: a brief counts people and events.
    """
    asks: Any = next(iter(getattr(bill, "asks", ())), None)
    if asks is None:
        return Asked(FALLBACK_MEASURE, "", FALLBACK_DAY)
    if asks.measure not in MEASURES or MEASURES[asks.measure].kind not in ("stock", "flow"):
        raise BadInput(
            f"a brief cannot be about '{asks.measure}'{nearest(asks.measure, MEASURES)}; it counts people and events."
        )
    first = None if asks.first is None else pd.Timestamp(asks.first)
    return Asked(asks.measure, asks.group, pd.Timestamp(asks.last), first)


def within(run: Run, asked: Asked) -> Asked:
    """Return what is asked on the last day up to it that the run has, or on the run's first if it has none."""
    days = run.by_life(asked.measure, asked.group).index
    at_most = days[days <= asked.day]
    return asked._replace(day=at_most[-1] if len(at_most) else days[0])
