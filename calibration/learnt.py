"""Learnt: how far a fit moved each belief, which series taught it, and which beliefs data cannot tell apart."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.fit import Fitted
from calibration.posterior import Cloud, noise_of, updated
from calibration.standin import Line

MOVED = 0.3  # prior standard deviations that the middle must move,
NARROWED = 0.1  # or the share by which the spread must fall, for a belief to have moved
TOGETHER = 0.5  # correlation from which two beliefs are named as hard to tell apart
TEACHERS = 2
Floats = NDArray[np.float64]


def moved(fitted: Fitted) -> pd.DataFrame:
    """Return a row for each coordinate: name, its middle and spread in prior standard deviations, taught_by, moved.

    `taught_by` names the series which alone would narrow it most, with the share of the variance that each would take
    off.
    """
    task, cloud = fitted.task, fitted.cloud
    wide = _prior(fitted).spread
    alone = pd.DataFrame({name: 1 - (each.spread / wide) ** 2 for name, each in by_series(fitted).items()})
    table = pd.DataFrame({
        "name": [task.named[i] for i in task.told], "middle": cloud.middle / wide, "spread": cloud.spread / wide,
    })  # fmt: skip
    table["moved"] = (table["middle"].abs() >= MOVED) | (table["spread"] <= 1 - NARROWED)
    table["taught_by"] = [_teachers(row) for _, row in alone.iterrows()]
    return table


def by_series(fitted: Fitted) -> dict[str, Cloud]:
    """Return what each series alone would have taught, its error as the whole fit has learned it."""
    task, figures = fitted.task, fitted.task.figures
    line = fitted.curve.of(task.seen).tangent(fitted.cloud.middle)
    prior, noise = _prior(fitted), noise_of(figures, fitted.cloud.strays)
    found = {}
    for name in sorted(set(figures.series)):
        mine = np.flatnonzero(np.array(figures.series) == name)
        found[name] = updated(prior, _some(line, mine), figures.of(mine), noise[mine])
    return found


def _some(line: Line, figures: NDArray[np.intp]) -> Line:
    return Line(line.middle, line.level[figures], line.slopes[:, figures], line.scatter[np.ix_(figures, figures)])


def together(fitted: Fitted) -> pd.DataFrame:
    """Return pairs of coordinates that the posterior ties together: columns one, other, correlation, tightest first.

    Years of one belief are left out: a walk ties each to the next.
    """
    task, cloud = fitted.task, fitted.cloud
    names = [task.named[i] for i in task.told]
    tied = cloud.covariance / np.outer(cloud.spread, cloud.spread)
    pairs = np.argwhere(np.triu(np.abs(tied) >= TOGETHER, 1))
    rows = [
        (names[i], names[j], float(tied[i, j])) for i, j in pairs if names[i].split(".")[0] != names[j].split(".")[0]
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "correlation"])
    return table.sort_values("correlation", key=lambda each: -each.abs(), ignore_index=True)


def _prior(fitted: Fitted) -> Cloud:
    wide = np.ones(len(fitted.task.told))
    for name, positions in fitted.task.walks.items():
        wide[positions] = fitted.cloud.drifts[name]
    return Cloud(np.zeros(len(wide)), np.diag(wide**2))


def _teachers(shares: "pd.Series[float]") -> str:
    top = shares.sort_values(ascending=False).head(TEACHERS)
    return ", ".join(f"{name} ({share:.0%})" for name, share in top.items() if share >= 0.01)
