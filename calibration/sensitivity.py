"""Sensitivity: which beliefs the main projections hang on, by PAWN over the worlds of the last wave.

PAWN (Pianosi and Wagener 2018, here as SALib has it) compares the distribution of a projection over all worlds with
that over the worlds in which one belief lies in one tenth of its range; its median over the tenths is 0 for a belief
that does not matter. With finite worlds no index is 0, so one is worked out too for a belief made of luck alone.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import pawn

from calibration.bank import SEED
from calibration.fit import Fitted, ahead, filled

SLICES = 10
TOP = 10
LUCK = "luck alone"
Floats = NDArray[np.float64]


def sensitivity(fitted: Fitted) -> pd.DataFrame:
    """Return the `TOP` beliefs for each projection at the horizon: columns measure, date, name, index, luck_alone.

    `luck_alone` is the largest index that as many beliefs without any effect would have shown by chance.
    """
    wave, asked = fitted.waves[-1], ahead()
    places, values = wave.shown()
    shown = filled(values)[:, len(fitted.task.observations) :]
    end = max(one.last for one in asked)
    tables = [_ranked(fitted, places, shown[:, i]).assign(measure=one.measure, date=one.last)
              for i, one in enumerate(asked) if one.last == end]  # fmt: skip
    return pd.concat(tables, ignore_index=True)[["measure", "date", "name", "index", "luck_alone"]]


def _ranked(fitted: Fitted, places: Floats, shown: Floats) -> pd.DataFrame:
    names = list(fitted.task.named)
    made_up = np.random.default_rng(SEED).standard_normal(places.shape)
    of_luck = float(np.max(_indices(made_up, shown)))
    table = pd.DataFrame({"name": names, "index": _indices(places, shown), "luck_alone": of_luck})
    return table.sort_values("index", ascending=False).head(TOP)


def _indices(places: Floats, shown: Floats) -> Floats:
    names = [str(i) for i in range(places.shape[1])]
    ends = np.column_stack([places.min(0), places.max(0)]).tolist()
    problem = {"num_vars": len(names), "names": names, "bounds": ends}
    return np.asarray(pawn.analyze(problem, places, shown, S=SLICES, seed=SEED)["median"])
