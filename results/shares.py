"""Shares: how much of the variance of a difference goes with some of the beliefs, with the others, and with chance.

Chance is what differs between the lives of one draw. The rest is between draws, of which a part goes with the numbers
drawn for some beliefs: the draws' means are regressed on those numbers, a ridge regression whose penalty is set by
restricted maximum likelihood, as variance components are (Patterson and Thompson 1971; for many small effects, few of
which act, Jiang and others 2016). It needs no more draws than beliefs, and what it finds is free of the noise of
the means. It sees what each number does in proportion to its rank, as a normal score, whatever the others are: what
two do only together, or with another belief, is counted with the other beliefs.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg, optimize, special

FEWEST = 10  # draws below which no share is told
MOST = 0.9999  # of the variance of the draws' means: at 1 the likelihood has no value
Floats = NDArray[np.float64]


class Shares(NamedTuple):
    """Shares of the variance of a paired difference; `error` is the standard error of the first. NaN: not told."""

    asked: float
    other: float
    chance: float
    error: float


UNTOLD = Shares(np.nan, np.nan, np.nan, np.nan)


def shares(values: pd.Series, numbers: pd.DataFrame) -> Shares:
    """Return the shares of the variance of `values`, by draw and life, that go with `numbers`, by draw.

    With one life a draw chance and the other beliefs are not told apart. Nothing is told of fewer than ten draws, nor
    where no life shows a difference from another.
    """
    known = values.dropna()
    by_draw = known.groupby(level="draw")
    means, sizes = by_draw.mean(), by_draw.size()
    between = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    if len(means) < FEWEST or between == 0:
        return UNTOLD
    free = len(known) - len(means)
    inside = float(((known - by_draw.transform("mean")) ** 2).sum() / free) if free else 0.0
    whole = between + inside * (1 - float((1 / sizes).mean()))
    part, error = explained(means.to_numpy(float), scores(numbers.loc[means.index]))
    chance = min(inside / whole, 1.0) if free else np.nan
    asked = min(part * between / whole, 1.0 - (chance if free else 0.0))
    scale = between / whole  # known as well as two variances are
    off = scale * (1 - scale) * (2 / max(free, 1) + 2 / (len(means) - 1)) ** (1 / 2)
    return Shares(asked, max(0.0, 1.0 - asked - chance), chance, float(np.hypot(error * scale, part * off)))


def scores(numbers: pd.DataFrame) -> Floats:
    """Return each column that varies as normal scores of its ranks, shape (draws, columns)."""
    moving = numbers.loc[:, numbers.nunique() > 1]
    return np.asarray(special.ndtri((moving.rank() - 1 / 2) / len(moving)), float).reshape(len(numbers), -1)


def explained(values: Floats, columns: Floats) -> tuple[float, float]:
    """Return the share of the variance of `values` that goes with `columns`, shape (values, columns), and its error.

    The error is the standard error by the expected information. (0, 0) where there is no column.
    """
    if not columns.shape[1]:
        return 0.0, 0.0
    centred = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    contrasts = linalg.null_space(np.ones((1, len(values))))  # all but the mean
    alike = contrasts.T @ (centred @ centred.T / columns.shape[1]) @ contrasts
    sizes, vectors = linalg.eigh(alike)
    squares = (vectors.T @ (contrasts.T @ values)) ** 2

    def deviance(share: float) -> float:
        each = share * sizes + 1 - share
        return float(np.log(each).sum() + len(squares) * np.log((squares / each).mean()))

    share = float(optimize.minimize_scalar(deviance, bounds=(0, MOST), method="bounded").x)
    slope = (sizes - 1) / (share * sizes + 1 - share)
    information = float((slope**2).sum() - slope.sum() ** 2 / len(slope)) / 2
    return share, information**-0.5 if information > 0 else 0.0
