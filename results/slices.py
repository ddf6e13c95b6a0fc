"""Slices: some measures of some scenarios, read from a run's monthly table without holding the rest of it in memory."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.reading import BadInput

COLUMNS = ("scenario", "draw", "life", "date", "measure", "group", "value")
PAIRS = 2**16  # more than a draw has lives


def incomplete(folder: Path, what: str) -> BadInput:
    """Return the error that says what a run folder lacks."""
    return BadInput(f"{folder.name} is not a complete run folder: {what}.")


def rows_of(folder: Path, scenarios: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Return the rows of monthly.parquet of some scenarios and measures; none if it has no such rows.

    BadInput, in one sentence, if there is no such file, or it cannot be read or lacks a column.
    """
    path = folder / "monthly.parquet"
    if not path.is_file():
        raise incomplete(folder, "it has no monthly.parquet")
    try:
        with pq.ParquetFile(path, memory_map=True) as file:
            places = [n for n in range(file.num_row_groups) if _may_hold(file, n, scenarios, measures)]
            read = (file.read_row_group(n, columns=list(COLUMNS)) for n in places)
            parts = [file.schema_arrow.empty_table().select(COLUMNS)]
            parts += [_matching(rows, scenarios, measures) for rows in read]
            frame: pd.DataFrame = pa.concat_tables(parts).to_pandas()
            return frame
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise incomplete(folder, "monthly.parquet cannot be read, or lacks a column") from error


def _may_hold(file: pq.ParquetFile, place: int, scenarios: Sequence[str], measures: Sequence[str]) -> bool:
    """Return whether a row group may hold any of the rows, by the least and greatest name in it.

    A run writes one scenario after the other, and may write one measure after the other in each.
    """
    names = file.schema_arrow.names
    for column, wanted in (("scenario", scenarios), ("measure", measures)):
        about = file.metadata.row_group(place).column(names.index(column)).statistics
        if about and about.has_min_max and not any(about.min <= each <= about.max for each in wanted):
            return False
    return True


def _matching(rows: pa.Table, scenarios: Sequence[str], measures: Sequence[str]) -> pa.Table:
    wanted = rows.select(["scenario", "measure"]).to_pandas()  # as categories: compared by code, not letter by letter
    return rows.filter(pa.array(wanted["measure"].isin(measures) & wanted["scenario"].isin(scenarios)))


def by_life(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return each measure and group of one scenario as a table: rows by month's end, columns (draw, life).

    A month in which no life has a value, such as one without the yearly count, has no row.
    """
    day, days = pd.factorize(rows["date"], sort=True)
    life, lives = pd.factorize(rows["draw"].astype(np.int64) * PAIRS + rows["life"], sort=True)
    measure, group = (rows[each].astype("category").cat for each in ("measure", "group"))
    groups = len(group.categories)
    key, keys = pd.factorize(measure.codes.astype(np.int64) * groups + group.codes)
    cube = np.full((len(keys), len(days), len(lives)), np.nan)
    cube[key, day, life] = rows["value"]
    columns = pd.MultiIndex.from_arrays([lives // PAIRS, lives % PAIRS], names=["draw", "life"])
    index = pd.DatetimeIndex(days, name="date")
    tables = (pd.DataFrame(each, index, columns).dropna(how="all") for each in cube)
    names = [(str(measure.categories[each // groups]), str(group.categories[each % groups])) for each in keys]
    return dict(zip(names, tables, strict=True))
