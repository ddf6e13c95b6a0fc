"""Effects: what a Bill changes by the end of a year, as one paired difference for each draw and life."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from results.compare_pairs import QUANTITIES, Pairs

YEARS = (2027, 2030, 2034)
GLANCE = 2030  # the year of the first table
ON_DAY = (
    ("recalled", "In prison after a recall"), ("never_released", "In prison, never released"),
    ("terminated", "Sentence has ended, so far"),
)  # fmt: skip
DEATHS = (
    ("Deaths in prison, so far", ("custody",)), ("Deaths in secure hospital, so far", ("hospital",)),
    ("Deaths on licence or at large, so far", ("licence", "at large")), ("Deaths while serving, so far", ("",)),
)  # fmt: skip
SO_FAR = (
    "custody_years", "recalls", "hearings", "papers", "licence_years", "premises_years",
    "serious_further_offences", "reoffences",
)  # fmt: skip


class Effect(NamedTuple):
    """A paired difference by draw and life, of what, in which unit, and by which day."""

    measure: str
    group: str
    name: str
    unit: str
    by: pd.Timestamp
    values: pd.Series
    note: str = ""


def days_told(pairs: Pairs) -> list[pd.Timestamp]:
    """Return the ends of the years told of that the run covers, or its last month if it covers none."""
    ends = [pd.Timestamp(year, 12, 31) for year in YEARS]
    return [day for day in ends if pairs.months[0] <= day <= pairs.months[-1]] or [pairs.months[-1]]


def glance(days: Sequence[pd.Timestamp]) -> pd.Timestamp:
    """Return the day of the first table: the end of 2030, or else the last one told of."""
    return next((day for day in days if day.year == GLANCE), days[-1])


def effects(pairs: Pairs, by: pd.Timestamp) -> list[Effect]:
    """Return every effect by a day, in the order in which they are told."""
    return [*_summed(pairs, by, SO_FAR[:1]), *_places(pairs, by), *_on(pairs, by), *_summed(pairs, by, SO_FAR[1:]),
            *_deaths(pairs, by)]  # fmt: skip


def _summed(pairs: Pairs, by: pd.Timestamp, quantities: Sequence[str]) -> Iterator[Effect]:
    for key in quantities:
        if pairs.has_quantity(key):
            asked = QUANTITIES[key]
            yield Effect(key, "so far", f"{asked.name}, so far", asked.unit, by, pairs.monthly(key)[:by].sum())


def _places(pairs: Pairs, by: pd.Timestamp) -> Iterator[Effect]:
    """Yield prison places at the peak and on average, from the first month with an effect.

    The peak is the month's end at which the mean paired difference is largest in size, the same for all lives: the
    largest of each life would be a largest of chance too.
    """
    found = pairs.difference("custody_total")[pairs.begins : by]
    if found.empty:
        none = pairs.on("custody_total", by) * 0
        yield Effect("prison_places", "peak", "Prison places at the peak", "places", by, none, "not yet in force")
        yield Effect("prison_places", "mean", "Prison places on average", "places", by, none, "not yet in force")
        return
    peak = found.index[int(np.argmax(found.mean(axis=1).abs()))]
    moved = bool(found.to_numpy().any())
    when = f"at the end of {peak:%B %Y}" if moved else "no difference in any month"
    yield Effect(
        "prison_places", "peak", "Prison places at the peak", "places", by, pairs.on("custody_total", peak), when
    )
    since = f"from {found.index[0]:%B %Y}"
    yield Effect("prison_places", "mean", "Prison places on average", "places", by, found.mean(), since)


def _on(pairs: Pairs, by: pd.Timestamp) -> Iterator[Effect]:
    for measure, name in ON_DAY:
        yield Effect(measure, "", name, "people", by, pairs.on(measure, by))


def _deaths(pairs: Pairs, by: pd.Timestamp) -> Iterator[Effect]:
    for name, places in DEATHS:
        parts = [pairs.difference("deaths", place)[:by].sum() for place in places]
        yield Effect("deaths", " or ".join(places), name, "deaths", by, sum(parts[1:], parts[0]))
