"""A small run folder whose numbers are set by hand, for the tests of comparisons and costs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from results.compare_pairs import MEASURES, Pairs, read_levels
from results.folder import read_told
from results.store import write_manifest, write_table

NASTY = "<script>alert('x')</script> & \"quoted\""
GROUPS = {"deaths": ("", "custody", "hospital", "licence", "at large")}
OPTIONAL = {"serious_further_offences", "reoffences"}
FIRST, LAST = "2026-10-31", "2030-12-31"
# What a cell shows: of a scenario, a measure and group, at a month's end, in a draw and life.
Value = Callable[[str, str, str, pd.Timestamp, int, int], float]
Members = Sequence[tuple[int, int]]
FOUR: Members = ((0, 0), (0, 1), (1, 2), (1, 3))


def write_small(
    folder: Path, value: Value, keys: Sequence[str] = ("current_law", "bill"), members: Members = FOUR, **more: Any
) -> Path:
    """Write a run folder whose every cell is `value`; `more` is put into the manifest."""
    days = pd.date_range(FIRST, LAST, freq="ME").astype("datetime64[ms]")
    also = more.pop("also", ())
    measures = [each for each in MEASURES if each not in OPTIONAL] + list(also)
    cells = [(key, draw, life, day, measure, group, value(key, measure, group, day, draw, life))
             for key in keys for draw, life in members for measure in measures
             for group in GROUPS.get(measure, ("",)) for day in days]  # fmt: skip
    frame = pd.DataFrame(cells, columns=["scenario", "draw", "life", "date", "measure", "group", "value"])
    write_table(folder / "monthly.parquet", frame.astype(dict.fromkeys(("scenario", "measure", "group"), "category")))
    told = [{"key": key, "name": f"{key} by name", "question": NASTY, "source": "Ours", "commencement": None}
            for key in keys]  # fmt: skip
    write_manifest(folder / "run.json", {
        "run": "0123456789ab", "scenarios": told, "lives": len(members), "seed": 1, "from": "2026-10-01", "to": LAST,
        "projection_start": "2024-10-01", "version": "0", "people": 7_000,
    } | more)  # fmt: skip
    return folder


def pairs_in(folder: Path, bill: str = "bill", against: str = "current_law") -> Pairs:
    """Return a Bill of a run folder paired with what it is set against."""
    manifest, _ = read_told(folder)
    told = {each.key: each for each in manifest.scenarios}
    levels = [read_levels(folder, key) for key in (bill, against)]
    return Pairs(told[bill], told[against], levels[0], levels[1], pd.Timestamp(manifest.projection_start))
