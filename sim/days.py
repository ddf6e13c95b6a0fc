"""Whole days, counted from the day the sentence began, and the law's way of counting months and years.

Day 0 is 4 April 2005, when section 225 of the Criminal Justice Act 2003 came into force.
"""

from datetime import date, timedelta

import numpy as np

from sim.compiling import compiled

EPOCH = date(2005, 4, 4)
LAST = date(2059, 12, 31)
NEVER = 32_000  # a day beyond every horizon that still fits 16 bits
YEAR = 365.25
MONTH = YEAR / 12
MONTHS_A_DAY = 12 / 365.2425  # 146,097 days make 400 years
HALF = 0.5  # a month
YEARS = range(1900, 2200)  # of the calendar: more than any life or law of the model needs


def day_of(when: date) -> int:
    """Return the whole days from 4 April 2005 to `when` (negative before it)."""
    return (when - EPOCH).days


def date_of(day: int) -> date:
    """Return the calendar date of a day number."""
    return EPOCH + timedelta(days=int(day))


def said(day: int) -> str:
    """Return a day as people write it, such as '1 November 2024'."""
    when = date_of(day)
    return f"{when.day} {when:%B %Y}"


HORIZON = day_of(LAST)
MONTH_STARTS = np.array([day_of(date(year, month, 1)) for year in YEARS for month in range(1, 13)], np.int32)


@compiled
def calendar_month(day: int) -> int:
    """Return the place in MONTH_STARTS of the month of a day; of a day before or after all, of about the first or last.

    A month's mean length tells it to within one.
    """
    month = min(max(int((day - MONTH_STARTS[0]) * MONTHS_A_DAY), 1), len(MONTH_STARTS) - 3)
    return month + int(MONTH_STARTS[month + 1] <= day) - int(day < MONTH_STARTS[month])


@compiled
def months_after(day: int, months: int) -> int:
    """Return the day on which a period of whole months that begins WITH `day` has run its course.

    It is the same day of the later month; where that month has no such day, the first of the next, so
    that three years from 29 February 2020 have run on 1 March 2023 (the period begins with the day of
    release: s.31A Crime (Sentences) Act 1997; the arithmetic is inferred). None runs beyond the calendar.
    """
    month = calendar_month(day)
    later = min(max(month + months, 0), len(MONTH_STARTS) - 2)
    length = MONTH_STARTS[later + 1] - MONTH_STARTS[later]
    return int(MONTH_STARTS[later] + min(day - MONTH_STARTS[month], length))


@compiled
def years_after(day: int, years: float) -> int:
    """Return `months_after` for a number of years; a part of a year is taken to the nearest whole month."""
    return months_after(day, int(years * 12 + HALF))
