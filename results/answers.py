"""Answers: by how much what a Bill asks about differs from the current law, and how precisely that mean is known.

Measures are kept by month, so a Bill asks about a month's last day, or about a window of whole months; then the
answer can be checked against the run's tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from math import fsum, isnan, nan, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from results.outcomes import MEASURES, monthly_rows
from results.words import said
from scenarios import Scenario
from scenarios.asking import in_full
from scenarios.bill import Ask
from scenarios.reading import BadInput, nearest, shown
from sim.days import day_of

USUAL, USUAL_DAY = "recalled", date(2030, 12, 31)  # what is asked about where a Bill does not say
YEARLY = "people_recalled"  # distinct people in a calendar year: they cannot be added up over other windows
FEWEST = 10  # lives (or draws) below which a spread is too uncertain to stop by
COVERED = 0.95  # of the interval of the mean
DECIMALS = 6
SMALL = 10  # below which a difference is said with two decimals, and not one


class Answer(NamedTuple):
    """The mean of a paired difference from the current law and half the width of its 95% interval.

    `members` is how many lives (or draws, where there are several) it is the mean of. Both numbers are
    not-a-number where there are too few to say.
    """

    scenario: str
    ask: Ask
    mean: float
    half_width: float
    members: int

    @property
    def within(self) -> float:
        """Half the interval's width as a share of the mean: 0 if no life differs at all."""
        if self.half_width == 0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else np.inf

    def reaches(self, precision: float) -> bool:
        """Whether the mean is known to within a share of itself."""
        return self.members >= FEWEST and self.within <= precision

    def as_json(self, counted: str, precision: float | None) -> dict[str, Any]:
        """Return it as the manifest tells it; `counted` says what its members are, lives or draws."""
        first, last = self.ask.first, self.ask.last.isoformat()
        window = {"on": last} if first is None else {"from": first.isoformat(), "to": last}
        numbers = {"difference": self.mean, "low": self.mean - self.half_width, "high": self.mean + self.half_width}
        said = {name: None if isnan(x) else round(x, DECIMALS) for name, x in numbers.items()}
        found = {"scenario": self.scenario, "measure": self.ask.measure, "group": self.ask.group, **window, **said}
        aside = self.ask.aside  # which no search for a precision is for
        reached = {} if precision is None or aside else {"reached": self.reaches(precision)}
        return found | {"interval_of_the_mean": COVERED, counted: self.members} | reached


# What may be asked


def resolved(scenarios: Iterable[Scenario], last: date) -> dict[str, tuple[Ask, ...]]:
    """Return what each scenario asks about, by key; BadInput, with file and line, for what cannot be answered.

    A scenario that does not say asks about the recalled on 31 December 2030. What is asked of a day after the last
    one lived is asked of the last on which it is counted: an answer says of which day it is. What is asked beside
    the first thing, of a time that begins after it, is left out.
    """
    asked = {each.key: in_full(each.asks, last) for each in scenarios}
    return {key: tuple(_checked(ask, last) for ask in asks) or (_usual(last),) for key, asks in asked.items()}


@cache
def rows(last: date) -> pd.DataFrame:
    """Return the rows that the measures of any life to a day have: columns date, measure and group."""
    return monthly_rows(day_of(last))


def _usual(last: date) -> Ask:
    days = rows(last)["date"][rows(last)["measure"] == USUAL]
    return Ask(USUAL, "", days[days <= pd.Timestamp(USUAL_DAY)].max().date())


def _bad(ask: Ask, predicate: str) -> BadInput:
    file, _, line = ask.where.rpartition(":")
    return BadInput(f"{file}, line {line}: asks.{predicate}" + ("" if predicate.endswith("?") else "."))


def _checked(ask: Ask, last: date) -> Ask:
    """Return an ask that the measures can answer."""
    if ask.measure not in MEASURES:
        near = nearest(ask.measure, MEASURES, "; data_dictionary.csv of any run lists them")
        raise _bad(ask, f"measure {shown(ask.measure)} is not a measure{near}")
    measure = MEASURES[ask.measure]
    if (measure.over == "window") != (ask.first is not None):
        expected = "over a window: give 'from' and 'to'" if measure.over == "window" else "on a day: give 'on'"
        raise _bad(ask, f"measure {ask.measure} is counted {expected}")
    if measure.over == "window" and measure.kind != "flow":
        raise _bad(ask, f"measure {ask.measure} is a mean, and the means of months do not add up; ask about a flow")
    mine = rows(last)[rows(last)["measure"] == ask.measure]
    groups = list(mine["group"].unique())
    if ask.group not in groups:
        raise _bad(ask, f"group {shown(ask.group)} is not one of {ask.measure}{_of(groups, ask.group)}")
    counted = mine["date"][mine["group"] == ask.group]
    ask = _by(ask, counted, last)
    _refuse_days(ask, counted)
    return ask


def _by(ask: Ask, counted: "pd.Series[pd.Timestamp]", last: date) -> Ask:
    """Return an ask about a day after the last one lived as one about the last day on which its measure is counted."""
    if ask.last <= last:
        return ask
    sooner = counted[counted >= pd.Timestamp(ask.first)] if ask.first else counted
    if ask.first and sooner.empty:
        raise _bad(ask, f"from must be in a month by {said(last)}, the last day lived (--to), not {said(ask.first)}")
    return replace(ask, last=sooner.max().date())


def _of(groups: Sequence[str], group: str) -> str:
    named = [f"'{each}'" if each else "'' (everyone)" for each in groups]
    return nearest(group, groups, f"; expected {', '.join(named)}")


def _refuse_days(ask: Ask, counted: "pd.Series[pd.Timestamp]") -> None:
    field = "on" if ask.first is None else "to"
    near = min(counted, key=lambda day: abs(day - pd.Timestamp(ask.last)))
    if near != pd.Timestamp(ask.last):
        raise _bad(ask, f"{field} must be a day on which {ask.measure} is counted, such as {near.date()}")
    if ask.first and not _begins(ask):
        begin = f"1 January {ask.last.year}" if ask.measure == YEARLY else "the first day of a month"
        raise _bad(ask, f"from must be {begin}, as {ask.measure} is counted by whole periods, not {said(ask.first)}")


def _begins(ask: Ask) -> bool:
    return ask.first == date(ask.last.year, 1, 1) if ask.measure == YEARLY else bool(ask.first and ask.first.day == 1)


# What is answered


def value_of(ask: Ask, measures: NDArray[np.float64], last: date) -> float:
    """Return what one life shows of what is asked; `measures` holds its values in the order of `rows(last)`."""
    if len(measures) != len(rows(last)):
        raise ValueError("the measures of a life are not those that this version counts")
    return float(measures[_places(ask.measure, ask.group, ask.first, ask.last, last)].sum())


@cache
def _places(measure: str, group: str, first: date | None, on: date, last: date) -> NDArray[np.int64]:
    every = rows(last)
    inside = (every["date"] >= pd.Timestamp(first or on)) & (every["date"] <= pd.Timestamp(on))
    return np.nonzero(((every["measure"] == measure) & (every["group"] == group) & inside).to_numpy())[0]


def answer(scenario: str, ask: Ask, differences: Mapping[tuple[int, int], float], in_draws: bool) -> Answer:
    """Return the mean paired difference with its interval, from the difference in each (draw, life).

    Where there are several draws, the members are the draws, each the mean of its lives: so the interval
    covers what is not known as well as chance. Student's t; sums are exact, so that no machine stops elsewhere.
    """
    found = {key: x for key, x in differences.items() if not isnan(x)}
    if not in_draws:
        return Answer(scenario, ask, *_mean_of(list(found.values())), len(found))
    of_draw: dict[int, list[float]] = {}
    for (draw, _), x in found.items():
        of_draw.setdefault(draw, []).append(x)
    means = [fsum(some) / len(some) for some in of_draw.values()]
    return Answer(scenario, ask, *_mean_of(means), len(means))


def _mean_of(values: Sequence[float]) -> tuple[float, float]:
    n = len(values)
    if not n:
        return nan, nan
    mean = fsum(values) / n
    if n == 1:
        return mean, nan
    variance = fsum((x - mean) ** 2 for x in values) / (n - 1)
    return mean, float(special.stdtrit(n - 1, (1 + COVERED) / 2)) * sqrt(variance / n)


def in_words(told: Mapping[str, Any], against: str) -> str:
    """Return an answer, as the manifest tells it, in one line; `against` is what it is a difference from."""
    day = {name: said(date.fromisoformat(told[name])) for name in ("on", "from", "to") if name in told}
    when = f"on {day['on']}" if "on" in day else f"from {day['from']} to {day['to']}"
    what = f"{told['scenario']} less {against}: {told['measure']} {told['group']}".rstrip()
    if told["difference"] is None:
        return f"{what} {when}: no life of both was finished"
    counted = "draws" if "draws" in told else "lives"
    if told["low"] is None:
        return f"{what} {when}: {_signed(told['difference'])} in the one of the {counted}"
    ends = f"{_signed(told['low'])} to {_signed(told['high'])}"
    interval = f"{told['interval_of_the_mean']:.0%} interval of the mean {ends}, {told[counted]} {counted}"
    return f"{what} {when}: {_signed(told['difference'])} ({interval})"


def _signed(x: float) -> str:
    text = f"{x:+,.2f}" if abs(x) < SMALL else f"{x:+,.1f}"
    return text.replace("-", "−") if x else "0"
