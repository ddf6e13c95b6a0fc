"""Fit: lives set beside what was published, each figure on its own day or window.

`observe` reduces one life to an array, so that a worker can throw the journal away; `summarise` sets the
arrays of many lives beside the published values. Cells of a distribution make one row between them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.series import Observation
from results.outcomes import MEASURES, Values, flows, in_rows, month_ends, people_recalled, stocks
from sim.days import day_of
from sim.journal import Table
from sim.law import Law

LOW, HIGH = 0.025, 0.975  # the ends of the interval that every text and table tells
INTERVAL = "95%"  # its name
Floats = NDArray[np.float64]


def _found(values: Values, one: Observation) -> Floats:
    """Return a measure's values; KeyError that names the series where the outcomes have no such measure."""
    key = (one.measure, one.group)
    if key not in values:
        raise KeyError(f"{one.series} ({one.csv_file}, line {one.csv_line}) asks for {key}, which is not counted")
    return values[key]


def _windows(observations: Sequence[Observation]) -> NDArray[np.int64]:
    """Return the first and last day number of each observation, shape (observations, 2)."""
    return np.array([(day_of(one.first), day_of(one.last)) for one in observations], np.int64).reshape(-1, 2)


def _picked(values: Values, places: NDArray[np.intp] | slice) -> Values:
    """Return the values of some days or windows."""
    return {key: each[places] for key, each in values.items()}


def _shown(
    observations: Sequence[Observation],
    windows: NDArray[np.int64],
    place: NDArray[np.intp],
    table: Table,
    on_day: Values,
    over_window: Values,
) -> Floats:
    """Return what is asked for, from all stocks, and all flows in the window of each observation.

    `windows` are theirs, and `place` is where each one's last day stands among the days of the stocks.
    """
    shown = np.empty(len(observations))
    recalled = np.array([one.measure == "people_recalled" for one in observations], bool)
    shown[recalled] = people_recalled(table, *windows[recalled].T)
    for i, one in enumerate(observations):
        if recalled[i]:
            continue
        if one.measure in MEASURES and MEASURES[one.measure].over == "day":
            shown[i] = _found(on_day, one)[place[i]]
        else:
            shown[i] = _found(over_window, one)[i]
    return shown


def observe(
    observations: Sequence[Observation], table: Table, people: NDArray[np.void], laws: Sequence[Law] = ()
) -> Floats:
    """Return what one life shows for each observation, shape (observations,); not-a-number where undefined.

    `laws` are those that people lived under, by variant (none: the current). Raises KeyError for a measure or group
    that the outcomes do not have.
    """
    windows = _windows(observations)
    days, place = np.unique(windows[:, 1], return_inverse=True)
    on_day, over_window = stocks(table, people, days), flows(table, people, windows[:, 0], windows[:, 1], laws)
    return _shown(observations, windows, place, table, on_day, over_window)


def observe_with_months(
    observations: Sequence[Observation],
    table: Table,
    people: NDArray[np.void],
    last: int,
    laws: Sequence[Law] = (),
) -> tuple[Floats, Floats]:
    """Return what `observe` and `monthly_values`, to day `last`, return of one life, counted together in half the time.

    Raises KeyError for a measure or group that the outcomes do not have.
    """
    windows, (starts, ends), seen = _windows(observations), month_ends(0, last), len(observations)
    low, high = np.append(windows[:, 0], starts), np.append(windows[:, 1], ends)
    days, place = np.unique(high, return_inverse=True)
    on_day, over_window = stocks(table, people, days), flows(table, people, low, high, laws)
    shown = _shown(observations, windows, place, table, on_day, over_window)
    by_month = _picked(on_day, place[seen:]) | _picked(over_window, slice(seen, None))
    return shown, in_rows(table, by_month, last)


def quantiles(values: Floats) -> tuple[float, float, float]:
    """Return the median and the ends of the interval over the lives that show a value; NaN if none does."""
    shown = values[~np.isnan(values)]
    if not len(shown):
        return (np.nan,) * 3
    low, median, high = np.quantile(shown, (LOW, 0.5, HIGH))
    return float(median), float(low), float(high)


def error_per_cent(shown: float, published: float) -> float:
    """Return how far a shown value is above the published one, in per cent of the published; NaN if that is 0."""
    return 100 * (shown / published - 1) if published else np.nan


def _row(one: Observation, values: Floats) -> dict[str, Any]:
    median, low, high = quantiles(values)
    covered = low <= one.value + one.rounding and one.value - one.rounding <= high
    return {
        "series": one.series, "title": one.title, "kind": one.kind, "measure": one.measure, "group": one.group,
        "first": one.first, "last": one.last, "unit": one.unit, "published": one.value, "rounding": one.rounding,
        "median": median, "low": low, "high": high, "error_per_cent": error_per_cent(median, one.value),
        "covered": covered, "grade": one.grade, "note": one.note, "source_url": one.source_url,
        "csv_file": one.csv_file, "csv_line": one.csv_line,
    }  # fmt: skip


def total_variation(shown: Floats, published: Floats) -> Floats:
    """Return half the sum of absolute differences in share, 0 (the same) to 1 (nothing in common).

    `shown` has shape (lives, cells), `published` (cells,); the result (lives,), NaN for a life with no cases.
    """
    with np.errstate(invalid="ignore"):
        shares = shown / shown.sum(1, keepdims=True)
    return np.asarray(np.abs(shares - published / published.sum()).sum(1) / 2)


def _distribution_row(cells: Sequence[Observation], shown: Floats) -> dict[str, Any]:
    """Return one row for the cells of a distribution: its total variation distance, which would best be 0."""
    distance = total_variation(shown, np.array([one.value for one in cells]))
    worst = min(cells, key=lambda one: ("poor", "fair", "good").index(one.grade))
    whole = {"group": f"distribution of {len(cells)}", "unit": "total variation distance", "grade": worst.grade}
    unasked = dict.fromkeys(("published", "rounding", "error_per_cent"), np.nan)
    return _row(cells[0], distance) | whole | unasked | {"covered": None}


def _cells(observations: Sequence[Observation]) -> dict[tuple[Any, ...], list[int]]:
    """Return the places of observations that make one row: a distribution's together, any other alone."""
    places: dict[tuple[Any, ...], list[int]] = {}
    for i, one in enumerate(observations):
        shared = (one.series, one.measure, one.first, one.last)
        places.setdefault(shared if one.kind == "distribution" else (i,), []).append(i)
    return places


def summarise(observations: Sequence[Observation], shown: Floats) -> pd.DataFrame:
    """Return one row for each figure, or distribution: published, median, ends of the interval, error, covered.

    `shown` holds what `observe` returned for each life, shape (lives, observations). `covered` says whether
    the interval meets the published value within its rounding; it is missing for distributions.
    """
    rows = []
    for places in _cells(observations).values():
        cells = [observations[i] for i in places]
        if cells[0].kind == "distribution":
            rows.append(_distribution_row(cells, shown[:, places]))
        else:
            rows.append(_row(cells[0], shown[:, places[0]]))
    return pd.DataFrame(rows).astype({"covered": "boolean", "first": "datetime64[ms]", "last": "datetime64[ms]"})


def fit_table(
    observations: Sequence[Observation], lives: Iterable[tuple[Table, NDArray[np.void]]]
) -> pd.DataFrame:
    """Return `summarise` of lives given as (journal, people); each journal is let go once observed."""
    return summarise(observations, np.array([observe(observations, table, people) for table, people in lives]))


def targets_within(
    fit: pd.DataFrame, measures: Sequence[str], per_cent: float, since: date, group: str = ""
) -> pd.DataFrame:
    """Return the rows of `fit` for these measures and group from a day on, with a column `within`, by date.

    `within` says whether the median lies within `per_cent` of the published value.
    """
    asked = fit[fit["measure"].isin(measures) & (fit["group"] == group) & (fit["last"] >= pd.Timestamp(since))]
    asked = asked.assign(within=asked["error_per_cent"].abs() <= per_cent)
    return asked.sort_values(["last", "measure"], ignore_index=True)
