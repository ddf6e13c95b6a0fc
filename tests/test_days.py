"""Days: the compiled calendar against Python's own, and the law's months and years."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.days import (
    EPOCH,
    HORIZON,
    LAST,
    MONTH,
    MONTH_STARTS,
    NEVER,
    YEAR,
    calendar_month,
    date_of,
    day_of,
    months_after,
    said,
    years_after,
)

FIRST = date(1900, 1, 1)
ALL_DATES = [FIRST + timedelta(n) for n in range((date(2199, 12, 1) - FIRST).days)]
dates = st.dates(date(1900, 1, 1), date(2100, 12, 31))
late_dates = st.dates(date(1951, 1, 1), date(2148, 12, 31))  # from which 600 months back lie in the calendar too


def months_later(when: date, months: int) -> date:
    """The same day of the later month; where it has no such day, the first of the month after that."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    try:
        return date(year, month + 1, when.day)
    except ValueError:
        year, month = divmod(when.year * 12 + when.month + months, 12)
        return date(year, month + 1, 1)


def test_day_0_is_the_day_the_sentence_began() -> None:
    assert EPOCH == date(2005, 4, 4)
    assert day_of(EPOCH) == 0
    assert day_of(date(2005, 4, 3)) == -1
    assert date_of(0) == EPOCH


def test_the_horizon_and_never_fit_16_bits() -> None:
    assert day_of(LAST) == HORIZON < NEVER <= np.iinfo(np.int16).max


def test_a_month_is_a_twelfth_of_a_year() -> None:
    assert MONTH * 12 == YEAR == 365.25


def test_every_day_of_the_calendar_is_of_the_month_that_python_says() -> None:
    for when in ALL_DATES:
        day, month = day_of(when), calendar_month(day_of(when))
        assert date_of(int(MONTH_STARTS[month])) == when.replace(day=1), when
        assert date_of(day) == when


def test_a_day_beyond_the_calendar_is_of_about_its_first_or_last_month() -> None:
    last = len(MONTH_STARTS) - 2
    assert [calendar_month(day) for day in (-10_000_000, 10_000_000)] == [0, last]
    assert months_after(10_000, 10_000_000) == months_after(10_000, 20_000_000) > NEVER
    assert months_after(10_000, -10_000_000) <= MONTH_STARTS[1]


def test_days_are_said_as_people_write_them() -> None:
    assert said(day_of(date(2024, 11, 1))) == "1 November 2024"
    assert said(0) == "4 April 2005"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 11, 1), 0, date(2024, 11, 1)),
        (date(2024, 11, 1), 24, date(2026, 11, 1)),
        (date(2023, 1, 31), 1, date(2023, 3, 1)),  # February 2023 has no 31st
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2024, 1, 30), 1, date(2024, 3, 1)),
        (date(2024, 1, 29), 1, date(2024, 2, 29)),
        (date(2024, 3, 31), 1, date(2024, 5, 1)),  # nor April a 31st
        (date(2024, 10, 31), 4, date(2025, 3, 1)),
        (date(2024, 12, 31), 1, date(2025, 1, 31)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
    ],
)
def test_whole_months_have_run_their_course(start: date, months: int, end: date) -> None:
    assert date_of(months_after(day_of(start), months)) == end


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2020, 2, 29), 3, date(2023, 3, 1)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2020, 2, 28), 3, date(2023, 2, 28)),
        (date(2014, 11, 1), 10, date(2024, 11, 1)),
        (date(2022, 6, 30), 2.5, date(2024, 12, 30)),
        (date(2022, 6, 30), 0, date(2022, 6, 30)),
        (date(2022, 6, 30), 1.04, date(2023, 6, 30)),  # to the nearest whole month
        (date(2022, 6, 30), 1.05, date(2023, 7, 30)),
    ],
)
def test_years_have_run_their_course(start: date, years: float, end: date) -> None:
    assert date_of(years_after(day_of(start), years)) == end


@given(dates, st.integers(0, 600))
def test_months_agree_with_pythons_calendar(start: date, months: int) -> None:
    assert date_of(months_after(day_of(start), months)) == months_later(start, months)


@given(late_dates, st.integers(1, 600))
def test_months_back_agree_with_pythons_calendar(start: date, months: int) -> None:
    assert date_of(months_after(day_of(start), -months)) == months_later(start, -months)


@given(dates, st.integers(0, 600), st.integers(0, 40))
def test_a_period_that_begins_later_never_ends_sooner(start: date, months: int, later: int) -> None:
    day = day_of(start)
    assert months_after(day, months) <= months_after(day + later, months)


@given(dates, st.integers(0, 600))
def test_a_longer_period_ends_later(start: date, months: int) -> None:
    assert months_after(day_of(start), months) < months_after(day_of(start), months + 1)


@given(dates, st.integers(0, 50))
def test_years_are_twelve_months(start: date, years: int) -> None:
    assert years_after(day_of(start), years) == months_after(day_of(start), 12 * years)
