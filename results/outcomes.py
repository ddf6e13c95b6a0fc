"""Outcomes: a journal counted as stocks on a day and flows over a window, in the words of the published figures.

`stocks` and `flows` do the counting for any days and windows at once; `monthly`, `stock_on` and `flow_between`
put their questions to them. A key is (measure, group); the group '' is everyone. MEASURES says what each is.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.flows import flows, people_recalled
from results.measures import MEASURES, OVER, Days, Key, Known, Measure, Values, in_order, known
from results.stocks import TARIFF, stocks, tariff_band
from sim.days import date_of, day_number, day_of
from sim.journal import Table
from sim.law import Law

__all__ = [
    "MEASURES", "OVER", "TARIFF", "Days", "Key", "Known", "Measure", "Values", "flow_between", "flows", "in_order",
    "known", "month_ends", "monthly", "people_recalled", "stock_on", "stocks", "tariff_band",
]  # fmt: skip


def stock_on(table: Table, people: NDArray[np.void], measure: str, day: int, group: str = "") -> float:
    """Return one stock, mean or share at the end of a day; KeyError if there is no such measure and group."""
    return float(stocks(table, people, [day])[measure, group][0])


def flow_between(table: Table, people: NDArray[np.void], measure: str, group: str, first: int, last: int) -> float:
    """Return one flow, or mean over what happened, from day `first` to day `last`, both included."""
    if measure == "people_recalled":
        return float(people_recalled(table, first, last))
    return float(flows(table, people, [first], [last])[measure, group][0])


def month_ends(first: int, last: int) -> tuple[Days, Days]:
    """Return the first and last day numbers of each calendar month that ends from `first` to `last`."""
    year, month = date_of(first).year, date_of(first).month
    count = (date_of(last).year - year) * 12 + date_of(last).month - month + 2
    months = [day_number(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]
    starts, ends = np.array(months[:-1], np.int64), np.array(months[1:], np.int64) - 1
    return starts[ends <= last], ends[ends <= last]


def _tidy(values: Values, days: Days) -> pd.DataFrame:
    dates = np.datetime64(date_of(0)) + days
    counts = [len(days)] * len(values)
    return pd.DataFrame({
        "date": np.tile(dates.astype("datetime64[ms]"), len(values)),
        "measure": np.repeat([measure for measure, _ in values], counts),
        "group": np.repeat([group for _, group in values], counts),
        "value": np.concatenate(list(values.values())),
    })  # fmt: skip


def monthly(
    table: Table, people: NDArray[np.void], last: int, first: int = 0, laws: Sequence[Law] = ()
) -> pd.DataFrame:
    """Return the journal as monthly measures: columns date (month's last day), measure, group, value.

    Months run from the one that holds day `first` to the last one complete by day `last`. Stocks are at
    the month's end, flows over the month; the cross-table only at quarter ends, people recalled by the
    calendar year, in December. `people` is indexed by person number; `laws` as in `flows`.
    """
    table = in_order(table)
    known_, (starts, ends) = known(table, people), month_ends(first, last)
    values, cross = stocks(table, people, ends, known_), "unreleased_over_tariff_by_tariff"
    months = np.array([date_of(int(day)).month for day in ends], int)
    tables = {key: values.pop(key) for key in list(values) if key[0] == cross}
    years = ends[months == 12]
    new_years = [day_of(date_of(int(end)).replace(month=1, day=1)) for end in years]
    recalled = [float(people_recalled(table, *year)) for year in zip(new_years, years, strict=True)]
    return pd.concat([
        _tidy(values | flows(table, people, starts, ends, known_, laws), ends),
        _tidy({key: value[months % 3 == 0] for key, value in tables.items()}, ends[months % 3 == 0]),
        _tidy({("people_recalled", ""): np.array(recalled)}, years),
    ], ignore_index=True)  # fmt: skip
