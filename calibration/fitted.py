"""Fitted: what a fit leaves on disk, as `calibration.source.Posterior` reads it.

`draws.parquet` has a row a draw and a column a belief's number (`calibration.draws` says what a number is), all
draws of the same weight; its column `past` is the life whose luck each has until the last day of the data
(`calibration.past`). `fit.json` says what they were learned from.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.bank import SEED, normals
from calibration.fit import Fitted, steps_after
from calibration.likeness import likeness
from calibration.past import Pasts, taken
from calibration.source import ABOUT, PAST, TABLE
from calibration.space import coordinates, numbers_at_place
from results.store import clear_abandoned, write_bytes, write_table

DRAWS = 400
DIGITS = 12  # of a place


def drawn(fitted: Fitted, pasts: Pasts) -> pd.DataFrame:
    """Return DRAWS draws of the posterior, a row each: a column for each belief's number, and the life of the past.

    Steps of years after the data are drawn from the walk itself, as widely as the fit has learned that it walks.
    """
    law, task, chosen = fitted.task.law, fitted.task, taken(pasts.weights, DRAWS)
    every = coordinates(law)
    wide = steps_after(fitted.cloud, every, int(pasts.rows.max()) + 1)
    places = normals(DRAWS, len(every), SEED) * wide[pasts.rows[chosen]]
    places[:, np.isin(every, task.named)] = pasts.places[chosen]
    numbers = [numbers_at_place(law, every, np.round(place, DIGITS)) for place in places]
    return pd.DataFrame(numbers).assign(**{PAST: pasts.lives[chosen]})


def write(fitted: Fitted, pasts: Pasts, folder: Path) -> None:
    """Write a fit's draws, and what they were learned from, each whole or not at all.

    An older fit's account goes first and the new one comes last: one that was cut short is none.
    """
    clear_abandoned(folder)
    (folder / ABOUT).unlink(missing_ok=True)
    write_table(folder / TABLE, drawn(fitted, pasts))
    write_bytes(folder / ABOUT, learned_from(fitted, pasts))


def learned_from(fitted: Fitted, pasts: Pasts) -> bytes:
    """Return what `fit.json` holds: what the draws were learned from, by which a fit is known."""
    learned: dict[str, object] = {"model": likeness(fitted.task.law), "seed": SEED}
    learned |= {"until": fitted.task.until.isoformat(), "worlds": sum(len(wave.places) for wave in fitted.waves)}
    learned |= {"pasts": len(pasts.lives), "pasts_worth": round(pasts.worth, 1)}
    found = fitted.cloud
    cloud = {"discrepancy": found.strays, "walks": found.drifts, "walks_unsure": found.unsure}
    told = learned | {name: {k: round(v, 4) for k, v in each.items()} for name, each in cloud.items()}
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()
