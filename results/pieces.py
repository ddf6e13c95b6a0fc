"""Pieces on disk: the numbers of one life, without the names of their rows, which are the same for every life.

A file holds the monthly measures in the order of `outcomes.monthly_rows`; of the current law there follows, as a
second group of rows, what the life shows of each published figure. It is not forced to the disk, which would take
longer than to count a life: one that a power failure has spoilt is found when the run goes on, and lived again.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from results.answers import rows
from results.plan import Piece
from results.store import writing

Floats = NDArray[np.float64]
MONTHS, OBSERVED = 0, 1  # the groups of rows
VALUES = pa.schema([("value", pa.float64())])


def keep(piece: Piece, *parts: Floats) -> None:
    """Write a life's monthly measures, and what it may show of the published figures, whole or not at all."""
    how: dict[str, Any] = {"use_dictionary": False, "use_byte_stream_split": True, "write_page_checksum": True}
    with (
        writing(piece.path, lasting=False) as file,
        pq.ParquetWriter(file, VALUES, compression="zstd", write_statistics=False, store_schema=False, **how) as table,
    ):
        for values in parts:
            plain = np.where(np.isnan(values), np.nan, values)  # what a machine says for 0/0 may have a sign
            table.write_table(pa.table([plain], schema=VALUES))


def months_of(piece: Piece) -> Floats:
    """Return the monthly measures of a finished life, in the order of `monthly_rows` to the plan's last day."""
    return _read(piece, MONTHS)


def observed_of(piece: Piece) -> Floats:
    """Return what a finished life of the current law shows of each published figure."""
    return _read(piece, OBSERVED)


def forget_spoilt(pieces: Sequence[Piece]) -> None:
    """Remove what cannot be read of finished lives, so that they are lived again."""
    for piece in pieces:
        if piece.done and not _whole(piece):
            piece.path.unlink(missing_ok=True)


def _whole(piece: Piece) -> bool:
    try:
        return len(months_of(piece)) == len(rows(piece.plan.last))
    except (pa.ArrowException, OSError, KeyError):
        return False


def _read(piece: Piece, group: int) -> Floats:
    with pq.ParquetFile(piece.path, memory_map=True, page_checksum_verification=True) as file:
        # one column of some ten thousand rows: threads would only wait
        return np.asarray(file.read_row_group(group, columns=["value"], use_threads=False).column(0).to_numpy())
