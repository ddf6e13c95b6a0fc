"""Slices: one measure of one scenario at a time, read from a run's monthly table, so that memory holds a few of them.

A table of a measure has a row for each month's end and a column for each life (draw, life). Some are kept for the next
time, the last asked for first, up to a number of bytes that does not grow with the run.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scenarios.reading import BadInput

COLUMNS = ("scenario", "draw", "life", "date", "measure", "group", "value")
PAIRS = 2**16  # more than a draw has lives
KEPT = 600_000_000  # bytes of tables: 1,000 lives of one measure from 2005 to 2034 are 3 million
Tables = Mapping[str, pd.DataFrame]  # by group, '' for everyone


class Rows(NamedTuple):
    """Some rows of one measure and group: month's end, life (draw × PAIRS + life) and value."""

    date: NDArray[Any]
    life: NDArray[np.int64]
    value: NDArray[np.float64]


def incomplete(folder: Path, what: str) -> BadInput:
    """Return the error that says what a run folder lacks."""
    return BadInput(f"{folder.name} is not a complete run folder: {what}.")


class Slices:
    """The monthly table of a run folder; called with a scenario and a measure it returns their tables by group.

    BadInput, in one sentence, if there is no such file, or it cannot be read or lacks a column.
    """

    def __init__(self, folder: Path) -> None:
        """Read where in the file each measure of each scenario may stand, and no more."""
        self.folder, self.path = folder, folder / "monthly.parquet"
        self._kept: OrderedDict[tuple[str, str], Tables] = OrderedDict()
        self._size = 0  # bytes of what is kept
        if not self.path.is_file():
            raise incomplete(folder, "it has no monthly.parquet")
        try:
            self._about = pq.read_metadata(self.path)
            names = self._about.schema.to_arrow_schema().names
            self._ends = [_ends(self._about.row_group(n), names) for n in range(self._about.num_row_groups)]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable() from error

    def __call__(self, scenario: str, measure: str) -> Tables:
        """Return a measure of a scenario by group; empty if the run has none."""
        key = (scenario, measure)
        if key not in self._kept:
            try:
                self._kept[key] = self._read(scenario, measure)
            except (pa.ArrowException, OSError, ValueError, KeyError) as error:
                raise self._unreadable() from error
            self._size += _size(self._kept[key])
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and self._size > KEPT:
            self._size -= _size(self._kept.popitem(last=False)[1])
        return self._kept[key]

    def _unreadable(self) -> BadInput:
        return incomplete(self.folder, "monthly.parquet cannot be read, or lacks a column")

    def _read(self, scenario: str, measure: str) -> Tables:
        parts: dict[str, list[Rows]] = {}
        with pq.ParquetFile(self.path, metadata=self._about, memory_map=True) as file:
            for place, ends in enumerate(self._ends):
                if _may_hold(ends, (scenario, measure)):
                    for group, rows in _rows(file.read_row_group(place, columns=list(COLUMNS)), scenario, measure):
                        parts.setdefault(group, []).append(rows)
        return {group: wide(some) for group, some in parts.items()}


def _size(tables: Tables) -> int:
    return sum(each.to_numpy().nbytes for each in tables.values())


def _ends(about: Any, names: list[str]) -> list[tuple[str, str]]:
    """Return the least and the greatest scenario, and measure, of some rows; '' where the file does not say.

    A run writes one scenario after the other, and one measure after the other in each.
    """
    told = [about.column(names.index(name)).statistics for name in ("scenario", "measure")]
    return [(each.min, each.max) if each and each.has_min_max else ("", "") for each in told]


def _may_hold(ends: list[tuple[str, str]], wanted: tuple[str, str]) -> bool:
    return all(not low or low <= each <= high for each, (low, high) in zip(wanted, ends, strict=True))


def _rows(table: pa.Table, scenario: str, measure: str) -> Iterator[tuple[str, Rows]]:
    """Yield the rows of one measure of one scenario by group, each group's in the order in which they stand."""
    wanted = np.logical_and(_are(table["scenario"], scenario), _are(table["measure"], measure))
    if not wanted.any():
        return
    whole = bool(wanted.all())
    date, draw, life, value = (_taken(table[name], wanted, whole) for name in ("date", "draw", "life", "value"))
    codes, groups = _codes(table["group"])
    codes = codes if whole else codes[wanted]
    order = np.argsort(codes, kind="stable")  # quick, as a run writes them in order
    every = Rows(date, draw.astype(np.int64) * PAIRS + life, value)
    for part in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        yield groups[int(codes[part[0]])], Rows(every.date[part], every.life[part], every.value[part])


def _taken(column: pa.ChunkedArray, wanted: NDArray[np.bool_], whole: bool) -> NDArray[Any]:
    values: NDArray[Any] = column.to_numpy()
    return values if whole else values[wanted]


def _are(column: pa.ChunkedArray, name: str) -> NDArray[np.bool_]:
    codes, names = _codes(column)
    return codes == names.index(name) if name in names else np.zeros(len(codes), bool)


def _codes(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[str]]:
    """Return a column of names as places in a list of them."""
    one = column.combine_chunks()
    one = one if pa.types.is_dictionary(one.type) else one.dictionary_encode()
    return one.indices.to_numpy(zero_copy_only=False), one.dictionary.to_pylist()


def wide(some: list[Rows]) -> pd.DataFrame:
    """Return rows as a table: by date downwards and by (draw, life) across, both in order; NaN where there is none."""
    date, life, value = (np.concatenate(each) for each in zip(*some, strict=True))
    found = _in_order(date, life)
    if found:
        dates, lives = found
        table = value.reshape(len(dates), len(lives))
    else:
        row, dates = pd.factorize(date, sort=True)
        column, lives = pd.factorize(life, sort=True)
        table = np.full((len(dates), len(lives)), np.nan)
        table[row, column] = value
    columns = pd.MultiIndex.from_arrays([lives // PAIRS, lives % PAIRS], names=["draw", "life"])
    return pd.DataFrame(table, pd.DatetimeIndex(dates, name="date"), columns)


def _in_order(date: NDArray[Any], life: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64]] | None:
    """Return the dates and lives of rows as a run writes them, every life of a date after the other; else None."""
    lives = int((date == date[0]).argmin()) or len(date)
    if len(date) % lives:
        return None
    dates, each = date.reshape(-1, lives), life.reshape(-1, lives)
    regular = (dates == dates[:, :1]).all() and (each == each[0]).all()
    if regular and (np.diff(dates[:, 0]) > np.timedelta64(0)).all() and (np.diff(each[0]) > 0).all():
        return dates[:, 0], each[0]
    return None
