"""Services: finite listings and places. They book by calendar, so a queue needs no cancellation."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import HORIZON, civil, day_number, days_in_month
from sim.law import LAWS_KEPT, Law

LISTED_BY = ("oral_hearings_per_year", "oral_hearings_share", "deferral")


class Listings(NamedTuple):
    """The Parole Board's oral listings open to this population, by month from April 2005."""

    capacity: NDArray[np.int32]
    booked: NDArray[np.int32]


def listings(law: Law, scale: float) -> Listings:
    """Return a year of listings spread over its months, times `scale`, none of them booked.

    Listings = oral hearings held of all sentences × the share open to this population ÷ (1 - the share of
    listed hearings that are put off), all dated rules. What a month cannot hold whole is carried on.
    """
    capacity = _capacity(law, scale)
    return Listings(capacity, np.zeros_like(capacity))


@lru_cache(maxsize=LAWS_KEPT)
def _capacity(law: Law, scale: float) -> NDArray[np.int32]:
    starts = [first_of(month) for month in range(month_of(HORIZON) + 1)]
    in_force = law.records[np.searchsorted(law.change_days, starts, "right") - 1]
    hearings, share, deferral = (in_force[name] for name in LISTED_BY)
    whole = np.floor(np.cumsum(hearings * share / (1 - deferral) / 12 * scale)).astype(np.int32)
    capacity: NDArray[np.int32] = np.diff(whole, prepend=np.int32(0))
    return capacity


@compiled
def month_of(day: int) -> int:
    """Return the months from April 2005 to the month of a day (0 for April 2005)."""
    year, month, _ = civil(day)
    start_year, start_month, _ = civil(0)
    return (year - start_year) * 12 + month - start_month


@compiled
def first_of(month: int) -> int:
    """Return the day number of the first day of a month counted from April 2005, not before day 0."""
    year, start, _ = civil(0)
    ahead = start - 1 + month
    return max(0, day_number(year + ahead // 12, ahead % 12 + 1, 1))


@compiled
def book(service: Any, earliest: int, luck: float) -> int:
    """Book the first free listing on or after a day and return its day.

    In the month of `earliest` itself that is the earliest day; in a later month, where the queue decides,
    it is a day of that month by luck.
    """
    month = month_of(earliest)
    last = len(service.capacity) - 1
    asked = month
    while month < last and service.booked[month] >= service.capacity[month]:
        month += 1
    service.booked[month] += 1
    if month == asked:
        return earliest
    year, of_year, _ = civil(first_of(month))
    return first_of(month) + int(luck * days_in_month(year, of_year))
