"""Posterior: what published figures teach of the coordinates of belief, by a stand-in that is a straight line.

Prior, line and errors are normal, so the posterior is too. Two things are learned with it, as what makes the published
figures likeliest: how far each series strays from what any world of the model can show (its discrepancy, so that a
series the model cannot follow does not drag the rest), and how far each belief that drifts steps in a year. Some
twenty years tell the latter roughly, so it is said how roughly: steps in years to come are wider or narrower by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from calibration.standin import Line, StandIn

Floats = NDArray[np.float64]
LOG_SPREAD = 0.7  # of what a series' error may be about that of its grade, before data
LOG_SPREAD_DRIFT = 0.5  # and of what a yearly step's spread may be about the stated one
FURTHEST_LOG = 3.0
NUDGE = 0.01  # of a logarithm, by which the slope of what is unlikely is seen to change
NOTHING: Mapping[str, Any] = MappingProxyType({})
ROUNDS, STEPS = 3, 4  # times that strays and drifts are learned, and steps to the posterior's middle after each
REACH, TINY = 1.0, 1e-9  # prior standard deviations that a step may go


@dataclass(frozen=True)
class Figures:
    """Published figures on their scales, and what is known of their errors."""

    values: Floats  # (figures,)
    fixed: Floats  # variance of rounding
    error: Floats  # standard deviation of a figure's own error, by its grade
    series: tuple[str, ...]  # which figures share a discrepancy

    def of(self, seen: NDArray[np.intp]) -> "Figures":
        """Return some of the figures."""
        return Figures(self.values[seen], self.fixed[seen], self.error[seen], tuple(self.series[i] for i in seen))


@dataclass(frozen=True)
class Cloud:
    """A normal distribution of the coordinates: its middle and covariance; and what was learned with it."""

    middle: Floats
    covariance: Floats
    strays: Mapping[str, float] = field(default_factory=dict)  # series -> times the error of its grade
    drifts: Mapping[str, float] = field(default_factory=dict)  # belief -> times the stated spread of its steps
    unsure: Mapping[str, float] = field(default_factory=dict)  # belief -> standard deviation of that one's logarithm

    def drawn(self, normals: Floats) -> Floats:
        """Return places from standard normal points, both of shape (draws, coordinates)."""
        values, vectors = np.linalg.eigh(self.covariance)
        return np.asarray(self.middle + normals * np.sqrt(np.maximum(values, 0)) @ vectors.T)

    def widened(self, times: float) -> "Cloud":
        """Return the cloud with standard deviations so many times as wide."""
        return replace(self, covariance=self.covariance * times**2)

    @property
    def spread(self) -> Floats:
        """Standard deviation of each coordinate."""
        return np.sqrt(np.diag(self.covariance))


def prior_cloud(
    count: int,
    walks: Mapping[str, Sequence[int]] = NOTHING,
    strays: Mapping[str, float] = NOTHING,
    drifts: Mapping[str, float] = NOTHING,
) -> Cloud:
    """Return the prior: standard normal in every coordinate, but the steps of walks as wide as `drifts` says."""
    wide = np.ones(count)
    for name, positions in walks.items():
        wide[list(positions)] = drifts.get(name, 1.0)
    return Cloud(np.zeros(count), np.diag(wide**2), strays, drifts)


def updated(prior: Cloud, line: Line, figures: Figures, noise: Floats) -> Cloud:
    """Return the posterior of a cloud, given figures whose errors have the variances `noise`."""
    carried = prior.covariance @ line.slopes
    spread = cho_factor(line.slopes.T @ carried + line.scatter + np.diag(noise), lower=True)
    gain = cho_solve(spread, carried.T).T
    middle = prior.middle + gain @ (figures.values - line.at(prior.middle))
    covariance = prior.covariance - gain @ carried.T
    return replace(prior, middle=middle, covariance=(covariance + covariance.T) / 2)


def learn(curve: StandIn, figures: Figures, walks: Mapping[str, Sequence[int]], start: Cloud) -> Cloud:
    """Return the posterior from the prior, with each series' strays and each walk's spread learned.

    `walks` names, for each belief that drifts, the positions of its yearly coordinates. The curve is taken as the line
    that it is on average over the posterior itself, found by going there step by step from `start`.
    """
    cloud = start
    for _ in range(ROUNDS):
        prior = _believed(curve.about(cloud.middle, cloud.covariance), figures, walks)
        cloud = settled(prior, curve, figures, noise_of(figures, prior.strays), cloud)
    return cloud


def settled(prior: Cloud, curve: StandIn, figures: Figures, noise: Floats, start: Cloud) -> Cloud:
    """Return the posterior of a cloud by the line that the curve is on average over that posterior."""
    place, covariance = start.middle, start.covariance
    for _ in range(STEPS):
        cloud = updated(prior, curve.about(place, covariance), figures, noise)
        step, covariance = cloud.middle - place, cloud.covariance
        place = place + step * min(1.0, REACH / max(TINY, float(np.abs(step).max())))
    return cloud


def _believed(line: Line, figures: Figures, walks: Mapping[str, Sequence[int]]) -> Cloud:
    names = sorted(set(figures.series))
    found, unsure = _likeliest(line, figures, names, walks)
    told = np.exp(found)
    strays, drifts = dict(zip(names, told.tolist(), strict=False)), told[len(names) :]
    prior = prior_cloud(len(line.middle), walks, strays, dict(zip(walks, drifts.tolist(), strict=True)))
    return replace(prior, unsure=dict(zip(walks, unsure.tolist(), strict=True)))


def noise_of(figures: Figures, strays: Mapping[str, float]) -> Floats:
    """Return the variance of each figure's error: of its rounding, and of its series' discrepancy."""
    times = np.array([strays.get(name, 1.0) for name in figures.series])
    return np.asarray(figures.fixed + (times * figures.error) ** 2)


def _likeliest(
    line: Line, figures: Figures, names: list[str], walks: Mapping[str, Sequence[int]]
) -> tuple[Floats, Floats]:
    """Return the logarithms of strays and drifts that make the figures likeliest, and how unsure those of drifts are.

    Each has a normal prior about 0. How unsure: by the curvature in each walk, the others held (Laplace's method).
    """
    which = np.array([names.index(name) for name in figures.series])
    off = figures.values - line.at(np.zeros(len(line.middle)))
    still = np.setdiff1d(np.arange(len(line.middle)), [i for each in walks.values() for i in each])
    fixed = line.slopes[still].T @ line.slopes[still] + line.scatter + np.diag(figures.fixed)
    walked = [line.slopes[list(each)].T @ line.slopes[list(each)] for each in walks.values()]
    width = np.array([LOG_SPREAD] * len(names) + [LOG_SPREAD_DRIFT] * len(walked))

    def unlikely(told: Floats) -> tuple[float, Floats]:
        own = (np.exp(told[: len(names)])[which] * figures.error) ** 2
        drifts = np.exp(2 * told[len(names) :])
        spread = fixed + np.diag(own) + sum(d * w for d, w in zip(drifts, walked, strict=True))
        factor = cho_factor(spread, lower=True)
        inverse, pulled = cho_solve(factor, np.eye(len(off))), cho_solve(factor, off)
        value = off @ pulled / 2 + np.log(np.diag(factor[0])).sum() + ((told / width) ** 2).sum() / 2
        bent = inverse - np.outer(pulled, pulled)  # twice the slope of the first two in the covariance
        by_series = np.bincount(which, np.diag(bent) * own, len(names))
        by_walk = [d * (bent * w).sum() for d, w in zip(drifts, walked, strict=True)]
        return float(value), np.concatenate([by_series, by_walk]) + told / width**2

    start = np.zeros(len(names) + len(walked))
    bounds = [(-FURTHEST_LOG, FURTHEST_LOG)] * len(start)
    found = np.asarray(minimize(unlikely, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
    nudges = NUDGE * np.eye(len(start))[len(names) :]
    bends = [(n @ unlikely(found + n)[1] - n @ unlikely(found - n)[1]) / (2 * NUDGE**2) for n in nudges]
    return found, 1 / np.sqrt(np.maximum(bends, LOG_SPREAD_DRIFT**-2)) if bends else np.zeros(0)
