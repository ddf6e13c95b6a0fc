"""Scales: published figures and what worlds show of them, on a scale where luck is much the same for large and small.

Counts go on twice the square root, where the luck of a Poisson count has a standard deviation of one (Anscombe 1948);
means on the logarithm; shares stay. The family of each series says which it is. How large luck is on a scale, and how
the figures of one world err together, is then learned from worlds (`calibration.standin`) and not from the family.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.series import Observation

ANSCOMBE = 3 / 8
LEAST = 1e-6
COUNTS, MEANS = ("poisson", "multinomial", "negative binomial"), ("normal",)
# Relative error of a figure by its grade beyond its rounding: of counting, of its window, of its definition. A fit
# takes them as medians and learns what each series deserves. Ours: nobody has measured them.
ERROR = {"good": 0.01, "fair": 0.04, "poor": 0.12}
LEAST_ERROR, LEAST_OF_MEAN = 0.1, 0.005
Floats = NDArray[np.float64]


def scaled(observations: Sequence[Observation], values: Floats) -> Floats:
    """Return values of the observations, shape (..., observations), each on its scale."""
    values = np.asarray(values, float)
    counts, means = _are(observations, COUNTS), _are(observations, MEANS)
    held = np.maximum(values, 0)
    return np.where(counts, 2 * np.sqrt(held + ANSCOMBE), np.where(means, np.log(np.maximum(held, LEAST)), values))


def published_values(observations: Sequence[Observation]) -> Floats:
    """Return the published values, shape (observations,)."""
    return np.array([one.value for one in observations])


def for_one_per_unit(observations: Sequence[Observation]) -> Floats:
    """Return what one unit of the published value is on its scale, shape (observations,)."""
    value = published_values(observations)
    counts, means = _are(observations, COUNTS), _are(observations, MEANS)
    return np.where(counts, 1 / np.sqrt(value + ANSCOMBE), np.where(means, 1 / np.maximum(value, LEAST), 1.0))


def relative(observations: Sequence[Observation]) -> Floats:
    """Return what an error of the whole of the published value would be on its scale, shape (observations,)."""
    return np.asarray(published_values(observations) * for_one_per_unit(observations))


def rounding_variance(observations: Sequence[Observation]) -> Floats:
    """Return the variance of rounding on each scale: a figure may stand for anything within it, evenly.

    None is taken as surer than the least error of its scale, which for a count is a tenth of a Poisson count's luck.
    """
    rounded = (np.array([one.rounding for one in observations]) * for_one_per_unit(observations)) ** 2 / 3
    return np.asarray(rounded + least_error(observations) ** 2)


def least_error(observations: Sequence[Observation]) -> Floats:
    """Return the least error of each figure on its scale, as a share of a count of nought would say there is none."""
    return np.where(_are(observations, MEANS), LEAST_OF_MEAN, LEAST_ERROR)


def errors(observations: Sequence[Observation]) -> Floats:
    """Return the relative error of each figure: by its grade, or what its series says it is scattered beyond luck."""
    scattered = np.array([one.dispersion or 0.0 for one in observations])
    graded = np.array([ERROR[one.grade] for one in observations])
    return np.asarray(np.maximum(graded, np.sqrt(scattered)))


def _are(observations: Sequence[Observation], families: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([one.likelihood in families for one in observations], bool)
