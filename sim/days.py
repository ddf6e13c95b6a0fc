"""Whole days, counted from the day the sentence began, and the law's way of counting months and years.

Day 0 is 4 April 2005, when section 225 of the Criminal Justice Act 2003 came into force.
"""

from datetime import date, timedelta

from sim.compiling import compiled

EPOCH = date(2005, 4, 4)
LAST = date(2059, 12, 31)
NEVER = 32_000  # a day beyond every horizon that still fits 16 bits
YEAR = 365.25
MONTH = YEAR / 12
SHORTEST_MONTH = 28
HALF = 0.5  # a month
EPOCH_SINCE_MARCH_0 = (EPOCH - date(1, 3, 1)).days + 365  # since 1 March of the year 0


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


@compiled
def civil(day: int) -> tuple[int, int, int]:
    """Return (year, month, day of month) of a day number, in the Gregorian calendar.

    Years are counted from 1 March, so that the leap day comes last: 146,097 days make 400 years.
    """
    n = day + EPOCH_SINCE_MARCH_0
    cycle, n = n // 146_097, n % 146_097
    year = (n - n // 1_460 + n // 36_524 - n // 146_096) // 365
    n -= 365 * year + year // 4 - year // 100
    shifted = (5 * n + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return int(cycle * 400 + year + (1 if month < 3 else 0)), int(month), int(n - (153 * shifted + 2) // 5 + 1)


@compiled
def day_number(year: int, month: int, day: int) -> int:
    """Return the day number of a date; a day past the month's end runs on into the next month."""
    marches = year - (1 if month < 3 else 0)
    shifted = month - 3 if month > 2 else month + 9
    whole_years = 365 * marches + marches // 4 - marches // 100 + marches // 400
    return whole_years + (153 * shifted + 2) // 5 + day - 1 - EPOCH_SINCE_MARCH_0


@compiled
def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    return day_number(year + (1 if month == 12 else 0), month % 12 + 1, 1) - day_number(year, month, 1)


@compiled
def months_after(day: int, months: int) -> int:
    """Return the day on which a period of whole months that begins WITH `day` has run its course.

    It is the same day of the later month; where that month has no such day, the first of the next, so
    that three years from 29 February 2020 have run on 1 March 2023 (the period begins with the day of
    release: s.31A Crime (Sentences) Act 1997; the arithmetic is inferred).
    """
    year, month, of_month = civil(day)
    ahead = month - 1 + months
    year, month = year + ahead // 12, ahead % 12 + 1
    if of_month <= SHORTEST_MONTH or of_month <= days_in_month(year, month):
        return day_number(year, month, of_month)
    return day_number(year, month, days_in_month(year, month)) + 1


@compiled
def years_after(day: int, years: float) -> int:
    """Return `months_after` for a number of years; a part of a year is taken to the nearest whole month."""
    return months_after(day, int(years * 12 + HALF))
