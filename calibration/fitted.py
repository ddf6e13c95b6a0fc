"""Fitted: what a fit leaves on disk, as `calibration.source.Posterior` reads it.

`draws.parquet` has a row a draw and a column a belief's number (`calibration.draws` says what a number is), all
draws of the same weight; `fit.json` says what they were learned from. The draws are points of a Sobol sequence, so
that the first few of them are spread as all are.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.bank import SEED, normals
from calibration.fit import Fitted, everywhere
from calibration.likeness import likeness
from calibration.source import ABOUT, TABLE
from calibration.space import coordinates, numbers_at_place
from results.store import write_bytes, write_table

DRAWS = 400
DIGITS = 12  # of a place


def drawn(fitted: Fitted, count: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return draws of the posterior, a row each, a column for each belief's number.

    Steps of years after the data are drawn from the walk itself, as widely as the fit has learned that it walks.
    """
    law, task = fitted.task.law, fitted.task
    every = coordinates(law)
    points = normals(count, len(every), seed)
    known = np.flatnonzero(np.isin(every, task.named))
    places = points * _walked(fitted, every)
    places[:, known] = everywhere(task, fitted.cloud, points[:, known])
    return pd.DataFrame([numbers_at_place(law, every, np.round(place, DIGITS)) for place in places])


def _walked(fitted: Fitted, every: tuple[str, ...]) -> "np.ndarray[Any, Any]":
    return np.array([fitted.cloud.drifts.get(name.rpartition(".")[0], 1.0) for name in every])


def write(fitted: Fitted, folder: Path) -> None:
    """Write a fit's draws, and what they were learned from, each whole or not at all."""
    write_table(folder / TABLE, drawn(fitted))
    write_bytes(folder / ABOUT, learned_from(fitted))


def learned_from(fitted: Fitted) -> bytes:
    """Return what `fit.json` holds: what the draws were learned from, by which a fit is known."""
    learned: dict[str, object] = {"model": likeness(fitted.task.law)}
    learned |= {"until": fitted.task.until.isoformat(), "worlds": sum(len(wave.places) for wave in fitted.waves)}
    cloud = {"discrepancy": dict(fitted.cloud.strays), "walks": dict(fitted.cloud.drifts)}
    told = learned | {name: {k: round(v, 4) for k, v in each.items()} for name, each in cloud.items()}
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()
