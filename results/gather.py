"""Gather: the tables of a run from its finished pieces, in blocks, so that memory does not grow with the lives."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from calibration.series import Observation
from results.answers import rows
from results.fit import HIGH, LOW, summarise
from results.pieces import months_of, observed_of
from results.plan import BASELINE, Piece, Plan
from results.store import write_table, writing
from scenarios import Scenario
from sim.ensemble import Failed

ROW_GROUP = 250_000  # rows of the table of every life that are made, written and read at once
QUANTILES = {"low": LOW, "median": 0.5, "high": HIGH}
COLUMNS = pa.schema([
    ("scenario", pa.dictionary(pa.int16(), pa.string())),
    ("draw", pa.int16()),
    ("life", pa.int16()),
    ("date", pa.timestamp("ms")),
    ("measure", pa.dictionary(pa.int16(), pa.string())),
    ("group", pa.dictionary(pa.int16(), pa.string())),
    ("value", pa.float64()),
])  # fmt: skip
# Values of one row over the lives are alike but for their last bytes; the other columns repeat a few. Only where a
# measure may stand is looked up (`slices`); and in short batches, as is usual, the writing takes a fifth longer.
ENCODED: dict[str, Any] = {
    "use_dictionary": [name for name in COLUMNS.names if name != "value"], "use_byte_stream_split": ["value"],
    "write_statistics": ["scenario", "measure"], "write_batch_size": 2**16,
}  # fmt: skip
Floats = NDArray[np.float64]


class Block(NamedTuple):
    """Some rows of the measures of every finished life of a scenario."""

    scenario: Scenario
    pieces: list[Piece]
    where: pd.DataFrame  # the rows' date, measure and group
    values: Floats  # shape (rows, pieces)


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield the measures of all finished pieces, scenario by scenario, and measure by measure within it."""
    index = rows(plan.last)
    index = index[index["date"] >= pd.Timestamp(plan.first)].astype({"measure": "category", "group": "category"})
    index = index.sort_values(["measure", "group", "date"], kind="stable")
    for scenario in plan.scenarios:
        pieces = [piece for piece in plan.pieces if piece.scenario is scenario and piece.done]
        if pieces:
            size = max(1, ROW_GROUP // len(pieces))
            with every_life(plan, pieces, index.index.to_numpy()) as values:
                for start in range(0, len(index), size):
                    some = slice(start, start + size)
                    yield Block(scenario, pieces, index.iloc[some], np.ascontiguousarray(values[:, some].T))


@contextmanager
def every_life(plan: Plan, pieces: Sequence[Piece], places: NDArray[np.intp]) -> Iterator[Floats]:
    """Yield some rows of the measures of every piece, shape (pieces, places), from a file that is removed at the end.

    Each piece is read once; what memory cannot hold of the file the system leaves on the disk.
    """
    path = plan.folder / f".every-life.{os.getpid()}.tmp"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            for piece in pieces:
                file.write(months_of(piece)[places].data)
        yield np.memmap(path, np.float64, "r", shape=(len(pieces), len(places)))
    finally:
        path.unlink(missing_ok=True)


def write_measures(plan: Plan) -> None:
    """Write monthly.parquet, every finished life, and monthly.csv, the median and ends of the interval over them.

    Rows of the first are by scenario and measure, so that a reader of few measures need not read the rest. A block
    is written while the next is made.
    """
    parts: list[pd.DataFrame] = []
    with (
        writing(plan.folder / "monthly.parquet") as file,
        pq.ParquetWriter(file, COLUMNS, compression="zstd", **ENCODED) as table,
        ThreadPoolExecutor(1) as writer,
    ):
        before: Future[None] | None = None
        for block in blocks(plan):
            made = _table(plan, block)
            if before:
                before.result()
            before = writer.submit(table.write_table, made)
            parts.append(_summary(block))
        if before:
            before.result()
    together = pd.concat(parts, ignore_index=True).astype({"measure": str, "group": str})
    together = together.sort_values(["scenario", "date", "measure", "group"], kind="stable")
    write_table(plan.folder / "monthly.csv", together)


def _table(plan: Plan, block: Block) -> pa.Table:
    """Return a block in the columns of monthly.parquet: the lives of a row follow one another."""
    each, lives = block.values.shape
    keys = [scenario.key for scenario in plan.scenarios]
    scenario = np.full(lives * each, keys.index(block.scenario.key), np.int16)
    columns: dict[str, Any] = {
        "scenario": pa.DictionaryArray.from_arrays(scenario, keys),
        "draw": np.tile(np.array([piece.draw for piece in block.pieces], np.int16), each),
        "life": np.tile(np.array([piece.life for piece in block.pieces], np.int16), each),
        "date": np.repeat(block.where["date"].to_numpy().astype("datetime64[ms]"), lives),
        "value": block.values.ravel(),
        "measure": _repeated(block.where["measure"], lives),
        "group": _repeated(block.where["group"], lives),
    }
    return pa.table([columns[field.name] for field in COLUMNS], schema=COLUMNS)


def _repeated(named: "pd.Series[str]", times: int) -> pa.DictionaryArray:
    codes = np.repeat(named.cat.codes.to_numpy(np.int16), times)
    return pa.DictionaryArray.from_arrays(codes, list(named.cat.categories))


def _summary(block: Block) -> pd.DataFrame:
    """Return the quantiles over lives of each row of a block: scenario, date, measure, group, low, median, high."""
    found = quantiles_over_lives(block.values)
    return block.where.assign(scenario=block.scenario.key, **dict(zip(QUANTILES, found, strict=True)))[
        ["scenario", "date", "measure", "group", *QUANTILES]
    ]


def quantiles_over_lives(values: Floats) -> Floats:
    """Return the quantiles of `values`, shape (rows, lives), over the lives that show any; shape (quantiles, rows).

    Between two lives a quantile is interpolated as `numpy.quantile` does by default, to the last digit.
    """
    shown = (~np.isnan(values)).sum(axis=1)
    in_order = np.sort(values, axis=1)  # lives that show none stand last
    return np.array([_quantile(in_order, shown, share) for share in QUANTILES.values()])


def _quantile(in_order: Floats, shown: NDArray[np.int_], share: float) -> Floats:
    row, place = np.arange(len(in_order)), share * np.maximum(shown - 1, 0)
    below = np.floor(place).astype(np.intp)
    low, high = in_order[row, below], in_order[row, np.minimum(below + 1, np.maximum(shown - 1, 0))]
    part, apart = place - below, high - low
    return np.where(part < 1 / 2, low + apart * part, high - apart * (1 - part))


def gathered_fit(plan: Plan, observations: Sequence[Observation]) -> pd.DataFrame:
    """Return published against simulated, over the finished lives of the current law."""
    mine = [piece for piece in plan.pieces if piece.scenario.key == BASELINE and piece.done]
    return summarise(observations, np.array([observed_of(piece) for piece in mine]))


def failures(plan: Plan, failed: Sequence[Failed]) -> pd.DataFrame:
    """Return a row for each piece that failed: scenario, draw, life and why."""
    pieces = {str(piece): piece for piece in plan.pieces}
    rows = [(pieces[one.piece].scenario.key, pieces[one.piece].draw, pieces[one.piece].life, one.why) for one in failed]
    return pd.DataFrame(rows, columns=["scenario", "draw", "life", "why"])


def beliefs_drawn(plan: Plan) -> pd.DataFrame:
    """Return the number of each belief in each draw, a column a belief; `calibration.draws` says what a number is."""
    draws = range(plan.each[0])
    return pd.DataFrame([{"draw": draw, **plan.beliefs.numbers(plan.law, draw)} for draw in draws])
