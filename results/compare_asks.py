"""What a Bill asks about: one measure on a day or over a window, and the paired differences that answer it."""

from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from results.asked_words import when
from results.compare_pairs import Pairs
from results.measures import MEASURES
from scenarios.asking import in_full
from scenarios.bill import Ask
from scenarios.reading import BadInput, nearest

FALLBACK = Ask("recalled", "", date(2030, 12, 31))  # for a Bill that does not say


class Asked(NamedTuple):
    """An ask as the run can answer it: the days that it does cover, and a paired difference for each life."""

    ask: Ask
    first: pd.Timestamp | None
    last: pd.Timestamp
    values: pd.Series

    @property
    def when(self) -> str:
        """The day or the window in words, such as 'on 31 December 2030'."""
        return when(self.ask.measure, self.first, self.last)


def asks_of(scenario: Any, last: date = date.max) -> list[Ask]:
    """Return what a scenario asks about of a run to a day: its own `asks`, or the recalled on 31 December 2030.

    BadInput for a measure that there is not.
    """
    found = in_full(getattr(scenario, "asks", ()), last)
    for ask in found:
        if ask.measure not in MEASURES:
            near = nearest(ask.measure, MEASURES)
            raise BadInput(f"{scenario.key}: asks.measure is not a measure: '{ask.measure}'{near}.")
    return list(found) or [FALLBACK]


def answered(pairs: Pairs, ask: Ask) -> Asked:
    """Return the paired differences that an ask is about, at whole months that the run covers.

    A day that is no month's end is answered at the month's end before it; a day after the run at its last. Flows are
    added up over the months that lie in the window, means averaged. BadInput for a window without a month.
    """
    found = pairs.difference(ask.measure, ask.group)
    inside, over = found[: pd.Timestamp(ask.last)], MEASURES[ask.measure].over == "window"
    opening = pairs.months[0].replace(day=1)
    first = max(opening, _month_from(ask.first)) if ask.first else opening
    inside = inside[first:] if over else inside
    if inside.empty:
        raise BadInput(f"{pairs.told.key} asks about {ask.measure} by {ask.last}, when the run reports no whole month.")
    last = inside.index[-1]
    if not over:
        return Asked(ask, None, last, inside.loc[last])
    values = inside.mean() if MEASURES[ask.measure].kind in ("mean", "share") else inside.sum()
    return Asked(ask, first, last, values)


def _month_from(day: date) -> pd.Timestamp:
    """Return the first day of the first month that is whole from a day on."""
    return pd.Timestamp(day) + pd.offsets.MonthBegin(0)
