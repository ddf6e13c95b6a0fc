"""Rival: learned summaries with regression-adjusted approximate Bayesian computation, to set the fit against.

A ridge regression learns from worlds one summary of the figures for each belief (Fearnhead and Prangle 2012). The
worlds whose summary is nearest to that of the data are moved along the line through them (Beaumont, Zhang and Balding
2002), and the posterior is read off where they come to lie.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

NEAREST = 1 / 5  # of the worlds
WEIGHT = 1 / 10  # of the worlds: the ridge, in worlds
LEAST = 1e-12
Floats = NDArray[np.float64]


def summaries(shown: Floats, places: Floats) -> Callable[[Floats], Floats]:
    """Return what turns shown figures (worlds, figures) into one summary a belief (worlds, coordinates)."""
    middle, level = shown.mean(0), places.mean(0)
    spread = shown.std(0) + LEAST
    x = (shown - middle) / spread
    weights = np.linalg.solve(x.T @ x + len(x) * WEIGHT * np.eye(x.shape[1]), x.T @ (places - level))
    return lambda figures: np.asarray(level + (figures - middle) / spread @ weights)


def adjusted(summary: Floats, truth: Floats, wanted: float) -> tuple[float, float]:
    """Return the middle and standard deviation of a belief for data whose summary is `wanted`."""
    apart = np.abs(summary - wanted)
    weight = np.maximum(0, 1 - (apart / max(float(np.quantile(apart, NEAREST)), LEAST)) ** 2)
    weight /= weight.sum()
    x, y = summary - wanted, truth - weight @ truth
    x_off = x - weight @ x
    slope = weight @ (x_off * y) / max(float(weight @ x_off**2), LEAST)
    moved = truth - slope * x
    middle = float(weight @ moved)
    return middle, float(np.sqrt(weight @ (moved - middle) ** 2))
