"""Gather: the tables of a run from its finished pieces, in blocks, so that memory does not grow with the lives."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from calibration.series import Observation
from results.answers import rows
from results.fit import HIGH, LOW, summarise
from results.plan import BASELINE, Piece, Plan
from results.store import read_values, write_table, writing
from scenarios import Scenario
from sim.ensemble import Failed

BLOCK = 8_000_000  # values held at once: 64 MB of them, and some copies
ROW_GROUP = 1_000_000  # rows of the table of every life that are made and written at once
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
Floats = NDArray[np.float64]


class Block(NamedTuple):
    """Some rows of the measures of every finished life of a scenario."""

    scenario: Scenario
    pieces: list[Piece]
    where: pd.DataFrame  # the rows' date, measure and group
    values: Floats  # shape (pieces, rows)


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield the measures of all finished pieces, scenario by scenario, and measure by measure within it."""
    index = rows(plan.last)
    index = index[index["date"] >= pd.Timestamp(plan.first)].drop(columns="value")
    index = index.astype({"measure": "category", "group": "category"})
    places = index.sort_values(["measure", "group", "date"], kind="stable").index.to_numpy()
    for scenario in plan.scenarios:
        pieces = [piece for piece in plan.pieces if piece.scenario is scenario and piece.done]
        size = max(1, BLOCK // max(1, len(pieces)))
        for start in range(0, len(places) if pieces else 0, size):
            some = places[start : start + size]
            values = np.array([read_values(piece.path)[some] for piece in pieces])
            yield Block(scenario, pieces, index.loc[some], values)


def write_measures(plan: Plan) -> None:
    """Write monthly.parquet, every finished life, and monthly.csv, the median and ends of the interval over them.

    Rows of the first are by scenario and measure, so that a reader of few measures need not read the rest.
    """
    parts: list[pd.DataFrame] = []
    with writing(plan.folder / "monthly.parquet") as file, pq.ParquetWriter(file, COLUMNS, compression="zstd") as table:
        for block in blocks(plan):
            for part in _tables(plan, block):
                table.write_table(part)
            parts.append(_summary(block))
    together = pd.concat(parts, ignore_index=True).astype({"measure": str, "group": str})
    together = together.sort_values(["scenario", "date", "measure", "group"], kind="stable")
    write_table(plan.folder / "monthly.csv", together)


def _tables(plan: Plan, block: Block) -> Iterator[pa.Table]:
    """Yield a block as tables of the columns of monthly.parquet, of at most some million rows each."""
    size = max(1, ROW_GROUP // len(block.pieces))
    for start in range(0, len(block.where), size):
        index = block.where.iloc[start : start + size]
        yield _table(plan, block, index, block.values[:, start : start + size])


def _table(plan: Plan, block: Block, index: pd.DataFrame, values: Floats) -> pa.Table:
    lives, each = values.shape
    keys = [scenario.key for scenario in plan.scenarios]
    scenario = np.full(lives * each, keys.index(block.scenario.key), np.int16)
    columns: dict[str, Any] = {
        "scenario": pa.DictionaryArray.from_arrays(scenario, keys),
        "draw": np.repeat(np.array([piece.draw for piece in block.pieces], np.int16), each),
        "life": np.repeat(np.array([piece.life for piece in block.pieces], np.int16), each),
        "date": np.tile(index["date"].to_numpy().astype("datetime64[ms]"), lives),
        "value": values.ravel(),
        "measure": _repeated(index["measure"], lives),
        "group": _repeated(index["group"], lives),
    }
    return pa.table([columns[field.name] for field in COLUMNS], schema=COLUMNS)


def _repeated(named: "pd.Series[str]", times: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        np.tile(named.cat.codes.to_numpy(np.int16), times), list(named.cat.categories)
    )


def _summary(block: Block) -> pd.DataFrame:
    """Return the quantiles over lives of each row of a block: scenario, date, measure, group, low, median, high."""
    found = quantiles_over_lives(block.values)
    return block.where.assign(scenario=block.scenario.key, **dict(zip(QUANTILES, found, strict=True)))[
        ["scenario", "date", "measure", "group", *QUANTILES]
    ]


def quantiles_over_lives(values: Floats) -> Floats:
    """Return the quantiles of `values`, shape (lives, rows), over the lives that show any; shape (quantiles, rows)."""
    by_row = np.ascontiguousarray(values.T)
    missing = np.isnan(by_row).any(1)
    found = np.full((len(QUANTILES), len(by_row)), np.nan)
    found[:, ~missing] = np.quantile(by_row[~missing], list(QUANTILES.values()), axis=1)
    for row in np.nonzero(missing)[0]:
        shown = by_row[row, ~np.isnan(by_row[row])]
        if len(shown):
            found[:, row] = np.quantile(shown, list(QUANTILES.values()))
    return found


def gathered_fit(plan: Plan, observations: Sequence[Observation]) -> pd.DataFrame:
    """Return published against simulated, over the finished lives of the current law."""
    mine = [piece for piece in plan.pieces if piece.scenario.key == BASELINE and piece.done]
    return summarise(observations, np.array([read_values(piece.beside("observed")) for piece in mine]))


def failures(plan: Plan, failed: Sequence[Failed]) -> pd.DataFrame:
    """Return a row for each piece that failed: scenario, draw, life and why."""
    pieces = {str(piece): piece for piece in plan.pieces}
    rows = [(pieces[one.piece].scenario.key, pieces[one.piece].draw, pieces[one.piece].life, one.why) for one in failed]
    return pd.DataFrame(rows, columns=["scenario", "draw", "life", "why"])


def beliefs_drawn(plan: Plan) -> pd.DataFrame:
    """Return the number of each belief in each draw, a column a belief; `calibration.draws` says what a number is."""
    draws = range(plan.each[0])
    return pd.DataFrame([{"draw": draw, **plan.beliefs.numbers(plan.law, draw)} for draw in draws])
