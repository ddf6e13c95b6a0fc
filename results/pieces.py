"""Pieces on disk: the numbers of one life, without the names of their rows, which are the same for every life.

A file holds the monthly measures in the order of `outcomes.monthly_rows`; of the current law there follows what the
life shows of each published figure. It is not forced to the disk, which would take longer than to count a life: one
that a power failure has spoilt is found when the run goes on, and lived again.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from results.outcomes import monthly_rows
from results.plan import Piece
from results.store import writing
from sim.days import day_of

Floats = NDArray[np.float64]
NOTHING = np.zeros(0)


def keep(piece: Piece, months: Floats, observed: Floats = NOTHING) -> None:
    """Write a life's monthly measures, and what it shows of the published figures, whole or not at all."""
    numbers = np.concatenate((months, observed))
    numbers[np.isnan(numbers)] = np.nan  # a machine's own may have a sign, and files are compared byte for byte
    values = pa.table({"value": numbers})
    how: dict[str, Any] = {"use_dictionary": False, "use_byte_stream_split": True, "write_page_checksum": True}
    with writing(piece.path, lasting=False) as file:
        pq.write_table(values, file, compression="zstd", write_statistics=False, store_schema=False, **how)


def months_of(piece: Piece) -> Floats:
    """Return the monthly measures of a finished life, in the order of `monthly_rows` to the plan's last day."""
    return _read(piece)[: _months(piece)]


def observed_of(piece: Piece) -> Floats:
    """Return what a finished life of the current law shows of each published figure."""
    return _read(piece)[_months(piece) :]


def forget_spoilt(pieces: Sequence[Piece]) -> None:
    """Remove what cannot be read of finished lives, so that they are lived again."""
    for piece in pieces:
        try:
            complete = not piece.done or len(_read(piece)) >= _months(piece)
        except (pa.ArrowException, OSError, KeyError):
            complete = False
        if not complete:
            piece.path.unlink(missing_ok=True)


def _months(piece: Piece) -> int:
    return _count(day_of(piece.plan.last))


@cache
def _count(last: int) -> int:
    return len(monthly_rows(last))


def _read(piece: Piece) -> Floats:
    with pq.ParquetFile(piece.path, memory_map=True, page_checksum_verification=True) as file:
        # one column of some ten thousand rows: threads would only wait
        return np.asarray(file.read(columns=["value"], use_threads=False).column(0).to_numpy())
