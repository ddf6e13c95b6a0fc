"""Stand-in: what worlds show as a straight line in the coordinates of belief, learned from a bank.

Near where a wave was laid the model is close to a line on the scales of `calibration.scales`; what is left over, luck
and curvature together, has a covariance that says how the figures of one world go together (two stocks a quarter
apart nearly always err the same way). A line and a normal cloud make a posterior in closed form, so that data may
be held back, or made, a thousand times over without living another world.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StandIn:
    """What worlds show on their scales: `at` a place, with the covariance `scatter` around it."""

    middle: Floats  # (coordinates,) where the line was laid
    level: Floats  # (observations,) there
    slopes: Floats  # (coordinates, observations)
    scatter: Floats  # (observations, observations)

    def at(self, places: Floats) -> Floats:
        """Return what places of shape (..., coordinates) show, shape (..., observations)."""
        return self.level + (places - self.middle) @ self.slopes

    def of(self, seen: NDArray[np.intp]) -> "StandIn":
        """Return the stand-in of some of the observations."""
        return StandIn(self.middle, self.level[seen], self.slopes[:, seen], self.scatter[np.ix_(seen, seen)])


def learned(places: Floats, shown: Floats, near: StandIn | None = None, ridge: float = 30.0) -> StandIn:
    """Return the line through worlds at `places` (worlds, coordinates) that showed `shown` (worlds, observations).

    Slopes are drawn towards those of `near`, an earlier line, or nought, with the weight of `ridge` worlds one standard
    deviation of their coordinate away.
    """
    middle, level = places.mean(0), shown.mean(0)
    x, y = places - middle, shown - level
    spread = x.std(0)
    before = np.zeros((x.shape[1], y.shape[1])) if near is None else near.slopes
    weights = x.T @ x + np.diag(ridge * spread**2)
    slopes = before + np.linalg.solve(weights, x.T @ (y - x @ before))
    left = y - x @ slopes
    used = np.trace(np.linalg.solve(weights, x.T @ x))
    return StandIn(middle, level, slopes, left.T @ left / max(1.0, len(x) - used))
