"""Outcomes: a journal counted as stocks on a day and flows over a window, in the words of the published figures.

`stocks` and `flows` do the counting for any days and windows at once; `monthly`, `stock_on` and `flow_between`
put their questions to them. A key is (measure, group); the group '' is everyone. MEASURES says what each is.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.flows import flows, people_recalled
from results.measures import MEASURES, OVER, Days, Key, Measure, Values
from results.stocks import CROSS, TARIFF, nobody, stocks, tariff_band
from sim.days import MONTH_STARTS, calendar_month, date_of, day_of
from sim.journal import Journal, Table
from sim.law import Law

__all__ = [
    "MEASURES",
    "OVER",
    "TARIFF",
    "Days",
    "Key",
    "Measure",
    "Values",
    "flow_between",
    "flows",
    "in_rows",
    "month_ends",
    "monthly",
    "monthly_rows",
    "monthly_values",
    "people_recalled",
    "stock_on",
    "stocks",
    "tariff_band",
]  # fmt: skip

BY_YEAR = "people_recalled"
MONTHS_APART = {BY_YEAR: 12, CROSS: 3}  # all other measures are counted every month


def stock_on(table: Table, people: NDArray[np.void], measure: str, day: int, group: str = "") -> float:
    """Return one stock, mean or share at the end of a day; KeyError if there is no such measure and group."""
    return float(stocks(table, people, [day])[measure, group][0])


def flow_between(table: Table, people: NDArray[np.void], measure: str, group: str, first: int, last: int) -> float:
    """Return one flow, or mean over what happened, from day `first` to day `last`, both included."""
    if (measure, group) == (BY_YEAR, ""):
        return float(people_recalled(table, [first], [last])[0])
    return float(flows(table, people, [first], [last])[measure, group][0])


@cache
def month_ends(first: int, last: int) -> tuple[Days, Days]:
    """Return the first and last day numbers of each calendar month that ends from `first` to `last`."""
    months = MONTH_STARTS[calendar_month(first) : calendar_month(last) + 2].astype(np.int64)
    starts, ends = months[:-1], months[1:] - 1
    return starts[ends <= last], ends[ends <= last]


@cache
def _counted_when(keys: tuple[Key, ...], first: int, last: int) -> NDArray[np.bool_]:
    """Return in which months each key is counted, shape (keys, months)."""
    months = np.array([date_of(int(day)).month for day in month_ends(first, last)[1]], int)
    every = np.array([MONTHS_APART.get(measure, 1) for measure, _ in keys])
    return np.asarray(months % every[:, None] == 0)


def _with_recalled(table: Table, values: Values, last: int, first: int) -> Values:
    """Return monthly values with the people recalled, of which Decembers hold the calendar year's."""
    ends = month_ends(first, last)[1]
    in_december = _counted_when(((BY_YEAR, ""),), first, last)[0]
    new_years = [day_of(date(date_of(int(end)).year, 1, 1)) for end in ends[in_december]]
    recalled = np.full(len(ends), np.nan)
    recalled[in_december] = people_recalled(table, new_years, ends[in_december])
    return values | {(BY_YEAR, ""): recalled}


def in_rows(table: Table, values: Values, last: int, first: int = 0) -> NDArray[np.float64]:
    """Return the stocks at the ends of months, and the flows over them, as they stand in `monthly_rows`."""
    every = _with_recalled(table, values, last, first)
    return np.array(list(every.values()))[_counted_when(tuple(every), first, last)]


def monthly_values(
    table: Table, people: NDArray[np.void], last: int, first: int = 0, laws: Sequence[Law] = ()
) -> NDArray[np.float64]:
    """Return the monthly measures of a journal as they stand in `monthly_rows` of the same days, shape (rows,).

    Months run from the one that holds day `first` to the last one complete by day `last`. `people` is indexed
    by person number; `laws` as in `flows`. Lets go of the interpreter's lock for most of its time.
    """
    starts, ends = month_ends(first, last)
    return in_rows(table, stocks(table, people, ends) | flows(table, people, starts, ends, laws), last, first)


@cache
def _rows(last: int, first: int) -> pd.DataFrame:
    table, (starts, ends) = Journal().as_table(), month_ends(first, last)
    values = stocks(table, nobody(), ends) | flows(table, nobody(), starts, ends)
    keys = tuple(_with_recalled(table, values, last, first))
    key, month = np.nonzero(_counted_when(keys, first, last))
    dates = np.datetime64(date_of(0)) + month_ends(first, last)[1]
    measures, groups = (np.array(names, object) for names in zip(*keys, strict=True))
    return pd.DataFrame({"date": dates[month].astype("datetime64[ms]"), "measure": measures[key], "group": groups[key]})


def monthly_rows(last: int, first: int = 0) -> pd.DataFrame:
    """Return what `monthly_values` holds, the same for every journal: columns date, measure, group.

    The date is a month's last day. Stocks are at its end and flows over it; the cross-table is counted only
    at the ends of quarters, and people recalled by the calendar year, in December.
    """
    return _rows(last, first).copy()


def monthly(
    table: Table, people: NDArray[np.void], last: int, first: int = 0, laws: Sequence[Law] = ()
) -> pd.DataFrame:
    """Return the journal as monthly measures: `monthly_rows` with a column value."""
    return monthly_rows(last, first).assign(value=monthly_values(table, people, last, first, laws))
