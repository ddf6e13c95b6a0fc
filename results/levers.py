"""Levers: what each Bill of a run does by the end of 2030, and how much of that is unknown for want of evidence.

`ipp levers` writes levers.csv and levers.md. The shares of variance are those of `results.shares`, with the numbers
drawn for the effects of the evidence register (`scenarios.register`).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from calibration.draws import names
from results.compare_effects import Effect, days_told, effects, glance
from results.compare_pairs import Pairs, interval, read_levels
from results.folder import Manifest, Told, read_told
from results.shares import Shares, shares
from results.slices import incomplete
from results.store import read_table
from scenarios import current_law
from scenarios.reading import BadInput
from scenarios.register import effects as registered

TOLD = {  # measure and group of an effect, and its head in a table
    ("never_released", ""): "Never released, in prison", ("recalled", ""): "Recalled, in prison",
    ("recalls", "so far"): "Recalls", ("terminated", ""): "Sentences ended",
    ("custody_years", "so far"): "Person-years in prison", ("serious_further_offences", "so far"):
    "Serious further offences",
}  # fmt: skip


class Lever(NamedTuple):
    """A Bill with its effects, in the order of TOLD, and the shares of the variance of each."""

    told: Told
    effects: Sequence[Effect]
    shares: Sequence[Shares]


class Levers(NamedTuple):
    """What a run says of its Bills: the run, the day, and each Bill in the order in which they were lived."""

    manifest: Manifest
    against: Told
    by: pd.Timestamp
    draws: int
    bills: Sequence[Lever]


def read_levers(folder: Path) -> Levers:
    """Return what a finished run says of its Bills.

    BadInput if the folder is not one, has one draw of the beliefs, or has no Bill beside the current law.
    """
    manifest, _ = read_told(folder)
    first, *others = manifest.scenarios
    if not others:
        raise BadInput(f"{folder.name} has lived the current law alone: a Bill beside it was expected.")
    numbers = effects_drawn(folder)
    theirs, start = read_levels(folder, first.key), pd.Timestamp(manifest.projection_start)
    each = [Pairs(told, first, read_levels(folder, told.key), theirs, start) for told in others]
    by = glance(days_told(each[0]))
    return Levers(manifest, first, by, len(numbers), [_lever(pairs, by, numbers) for pairs in each])


def effects_drawn(folder: Path) -> pd.DataFrame:
    """Return the numbers of a run that are sizes of effects: a row a draw, a column a number.

    BadInput if the run has one draw, or its table of draws is not there or has none of them.
    """
    path = folder / "draws.parquet"
    if not path.is_file():
        raise incomplete(folder, "it has no draws.parquet")
    drawn = read_table(path).set_index("draw")
    if len(drawn) < 2:
        raise BadInput(
            f"{folder.name} has one draw of the beliefs, so nothing in it shows what is unknown: "
            "run it with --draws 100 --lives 2."
        )
    wanted = [name for rule in registered(current_law()) for name in names(rule) if name in drawn]
    if not wanted:
        raise incomplete(folder, "draws.parquet has no number of the evidence register")
    return drawn[wanted]


def _lever(pairs: Pairs, by: pd.Timestamp, numbers: pd.DataFrame) -> Lever:
    found = {(each.measure, each.group): each for each in effects(pairs, by)}
    told = [found[key] for key in TOLD if key in found]
    return Lever(pairs.told, told, [shares(each.values, numbers) for each in told])


def tidy(levers: Levers) -> pd.DataFrame:
    """Return a row for each Bill and measure: the interval, the shares of its variance and the error of the first."""
    return pd.DataFrame(_rows(levers))


def _rows(levers: Levers) -> Iterator[dict[str, Any]]:
    for bill in levers.bills:
        for effect, part in zip(bill.effects, bill.shares, strict=True):
            median, low, high = interval(effect.values)
            yield {
                "bill": bill.told.key, "against": levers.against.key, "measure": effect.measure, "group": effect.group,
                "name": TOLD[effect.measure, effect.group], "unit": effect.unit, "by": effect.by, "median": median,
                "low": low, "high": high, "mean": effect.values.mean(), "draws": levers.draws,
                "lives": len(effect.values.dropna()), "variance": effect.values.var(ddof=1),
                "share_effect_sizes": part.asked, "share_effect_sizes_error": part.error,
                "share_other_beliefs": part.other, "share_chance": part.chance,
            }  # fmt: skip
