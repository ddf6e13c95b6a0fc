"""Services: finite listings and places. They book by calendar, so a queue needs no cancellation."""

from enum import IntEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import HORIZON, MONTH_STARTS, NEVER, YEAR, calendar_month
from sim.law import LAWS_KEPT, Law, Rule

Months = NDArray[np.float64]
APRIL_2005 = calendar_month(0)  # when the calendars of services begin
LISTED_BY = ("oral_hearings_per_year", "oral_hearings_share", "deferral")


class Listings(NamedTuple):
    """The Parole Board's oral listings open to this population, by month from April 2005."""

    capacity: NDArray[np.int32]
    booked: NDArray[np.int32]


class Service(IntEnum):
    """What there is a finite number of: the Board's listings, and places in the community that one may take up."""

    HEARINGS = 0
    PREMISES = 1
    MENTAL_HEALTH = 2
    SUBSTANCE = 3
    PSYCHOLOGY = 4


@cache
def month_starts() -> NDArray[np.int64]:
    """Return the first day of every month from April 2005 to the horizon, shape (months,)."""
    return np.array([first_of(month) for month in range(month_of(HORIZON) + 1)], np.int64)


def by_month(rule: Rule) -> Months:
    """Return the value in force on the first day of each month, shape (months,), or (places, months) of a list."""
    table = np.array([[np.nan] * rule.width, *(dated.value for dated in rule.values)]).T
    place = np.searchsorted([dated.day for dated in rule.values], month_starts(), "right")
    months: Months = table[:, place]
    return months if rule.of else months[0]


def spread(yearly: Months, scale: float) -> Listings:
    """Return so many a year spread over the months, times `scale`, none booked; a month's fraction is carried on."""
    whole = np.floor(np.cumsum(yearly / 12 * scale)).astype(np.int32)
    return Listings(np.diff(whole, prepend=np.int32(0)), np.zeros(len(yearly), np.int32))


def listings(law: Law, scale: float) -> Listings:
    """Return the Board's listings for this population.

    Listings = oral hearings held of all sentences × the share open to this population ÷ (1 - the share of
    listed hearings that are put off), all dated rules.
    """
    hearings, share, deferral = (by_month(law.rule(name)) for name in LISTED_BY)
    return spread(hearings * share / (1 - deferral), scale)


def rooms(law: Law, scale: float) -> NDArray[np.int32]:
    """Return the capacity of each `Service` by month and what is booked of it, none yet: (services, 2, months)."""
    return _empty(law, scale).copy()


@lru_cache(maxsize=LAWS_KEPT)
def _empty(law: Law, scale: float) -> NDArray[np.int32]:
    # Premises: beds × the share open to this population × stays a bed a year.
    beds, share, stay = (by_month(law.rule(name)) for name in ("premises_beds", "premises_beds_share", "premises_days"))
    support = (by_month(law.rule(name)) for name in ("mental_health_places", "substance_places", "psychology_places"))
    return np.array([
        listings(law, scale), spread(beds * share * YEAR / stay, scale), *(spread(yearly, scale) for yearly in support),
    ])  # fmt: skip


@compiled
def service(rooms: Any, which: Service) -> Listings:
    """Return one service of all, as a view."""
    return Listings(rooms[which, 0], rooms[which, 1])


@compiled
def month_of(day: int) -> int:
    """Return the months from April 2005 to the month of a day (0 for April 2005)."""
    return calendar_month(day) - APRIL_2005


@compiled
def first_of(month: int) -> int:
    """Return the day number of the first day of a month counted from April 2005, not before day 0."""
    return int(max(0, MONTH_STARTS[APRIL_2005 + month]))


@compiled
def book(service: Any, earliest: int, luck: float) -> int:
    """Book the first free listing on or after a day and return its day.

    In the month of `earliest` itself that is the earliest day; in a later month, where the queue decides,
    it is a day of that month by luck.
    """
    month = month_of(earliest)
    last = len(service.capacity) - 1
    if month > last:  # past the calendar, which no life reaches
        return earliest
    asked = month
    while month < last and service.booked[month] >= service.capacity[month]:
        month += 1
    service.booked[month] += 1
    if month == asked:
        return earliest
    length = MONTH_STARTS[APRIL_2005 + month + 1] - MONTH_STARTS[APRIL_2005 + month]
    return first_of(month) + int(luck * length)


@compiled
def book_within(service: Any, earliest: int, most: float, luck: float) -> int:
    """Book the first free place that begins within `most` days of a day and return its day; NEVER if there is none."""
    month = month_of(earliest)
    while month < len(service.capacity) and service.booked[month] >= service.capacity[month]:
        month += 1
        if first_of(month) > earliest + most:
            return NEVER
    return book(service, earliest, luck)
