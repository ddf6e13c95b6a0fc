"""Check: what a fit is worth, on worlds whose beliefs are known.

Worlds of the last wave are held back and the curve is drawn through the rest. What each of them shows, with errors such
as the published figures have, is fitted as if it had been published: intervals should then hold the known truth as
often as they say. A rival method (`calibration.rival`) is put to the same test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from calibration.bank import SEED, Wave
from calibration.fit import MAIN, Fitted, filled, together
from calibration.posterior import Cloud, Figures, noise_of, settled
from calibration.rival import adjusted, summaries
from calibration.scales import ANSCOMBE, scaled
from calibration.standin import Line, StandIn, learned

HELD_BACK = 1 / 5  # of the last wave
LEVELS = (0.5, 0.8, 0.9, 0.95)
LEARNED = 0.9  # data tell of a coordinate if they bring its spread below this share of its prior's
METHODS = ("curve and cloud", "summaries and regression")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """Worlds held back (truths and what they show) and the rest, over the coordinates and figures of a fit."""

    truths: Floats  # (held back, coordinates)
    shown: Floats  # (held back, figures), with errors
    places: Floats  # (rest, coordinates)
    others: Floats  # (rest, figures), with errors
    curve: StandIn  # through the rest
    prior: Cloud  # how the wave was laid
    figures: Figures
    noise: Floats

    @cached_property
    def clouds(self) -> list[Cloud]:
        """The posterior of each world held back."""
        made = self.figures
        of = (Figures(values, made.fixed, made.error, made.series) for values in self.shown)
        return [settled(self.prior, self.curve, each, self.noise, self.prior) for each in of]

    @cached_property
    def taught(self) -> NDArray[np.bool_]:
        """Which coordinates data tell of."""
        return np.asarray(self.clouds[0].spread < LEARNED * self.prior.spread)

    @cached_property
    def ours(self) -> tuple[Floats, Floats]:
        """How many standard deviations each truth is off, and those standard deviations, of what data tell of."""
        spread = np.array([cloud.spread for cloud in self.clouds])
        middle = np.array([cloud.middle for cloud in self.clouds])
        return ((self.truths - middle) / spread)[:, self.taught], spread[:, self.taught]

    @cached_property
    def rivals(self) -> tuple[Floats, Floats]:
        """The same by the rival method."""
        of, found = np.flatnonzero(self.taught), []
        tell = summaries(self.others, self.places[:, of])
        near, wanted = tell(self.others), tell(self.shown)
        for k in range(len(of)):
            found.append([adjusted(near[:, k], self.places[:, of[k]], each) for each in wanted[:, k]])
        middle, spread = np.moveaxis(np.array(found), (0, 1, 2), (2, 1, 0))
        return (self.truths[:, of] - middle) / spread, spread


def trial(fitted: Fitted) -> Trial:
    """Hold back some worlds of the last wave, and draw the curve through the rest and the wave before."""
    task = fitted.task
    earlier, before = _of(fitted, fitted.waves[-2:-1])
    places, shown = _of(fitted, fitted.waves[-1:])
    heard = task.heard[:, task.seen]
    rest = np.arange(len(places)) < len(places) * (1 - HELD_BACK)
    curve = learned(np.vstack([earlier, places[rest]]), np.vstack([before, shown[rest]]), task.levels, heard)
    noise = noise_of(task.figures, fitted.cloud.strays)
    shown = shown + np.sqrt(noise) * np.random.default_rng(SEED).standard_normal(shown.shape)
    prior = Cloud(places.mean(0), np.cov(places.T))
    return Trial(places[~rest], shown[~rest], places[rest], shown[rest], curve, prior, task.figures, noise)


def _of(fitted: Fitted, waves: Sequence[Wave]) -> tuple[Floats, Floats]:
    """Return the places of some waves and what their worlds show, of the coordinates and figures of the fit."""
    task = fitted.task
    places, values = together(waves, len(task.observations))
    return places[:, task.told], scaled(task.observations, values)[:, task.seen]


def coverage(made: Trial) -> pd.DataFrame:
    """Return how often intervals held the truth: columns method, level and covered (a share)."""
    rows = [
        (method, level, held(scores, level))
        for method, (scores, _) in zip(METHODS, (made.ours, made.rivals), strict=True)
        for level in LEVELS
    ]
    return pd.DataFrame(rows, columns=["method", "level", "covered"])


def held(scores: Floats, level: float) -> float:
    """Return the share of scores that lie within the middle `level` of a standard normal."""
    return float((np.abs(scores) <= special.ndtri((1 + level) / 2)).mean())


def sharpness(made: Trial) -> pd.DataFrame:
    """Return how wide each method's posterior is over the prior, and its mean log score (higher is better)."""
    prior = made.prior.spread[made.taught]
    rows = [
        (method, float((spread / prior).mean()), float((-(scores**2) / 2 - np.log(spread / prior)).mean()))
        for method, (scores, spread) in zip(METHODS, (made.ours, made.rivals), strict=True)
    ]
    return pd.DataFrame(rows, columns=["method", "spread_over_prior", "log_score"])


def ahead_coverage(fitted: Fitted, made: Trial) -> pd.DataFrame:
    """Return how often intervals of later years' main stocks held what the worlds held back came to show.

    Columns measure, level, covered. A projection's own luck is not that of the world it foretells, so these
    intervals hold both, as those of a projection from the fitted draws do.
    """
    places, values = fitted.waves[-1].shown()
    ahead = 2 * np.sqrt(filled(values)[:, len(fitted.task.observations) :] + ANSCOMBE)
    rest = slice(0, len(made.places))
    line = learned(places[rest], ahead[rest], np.eye(places.shape[1])).tangent(places[rest].mean(0))
    scores = np.array([
        (came - middle) / spread
        for cloud, came in zip(made.clouds, ahead[len(made.places) :], strict=True)
        for middle, spread in [foretold(fitted, line, cloud, places[rest])]
    ])  # fmt: skip
    years = scores.shape[1] // len(MAIN)
    rows = [
        (measure, level, held(scores[:, i * years : (i + 1) * years], level))
        for i, (measure, _) in enumerate(MAIN)
        for level in LEVELS
    ]
    return pd.DataFrame(rows, columns=["measure", "level", "covered"])


def foretold(fitted: Fitted, line: Line, cloud: Cloud, places: Floats) -> tuple[Floats, Floats]:
    """Return the middle and standard deviation of what a line over every coordinate shows, under a cloud of some."""
    told = fitted.task.told
    middle, covariance = places.mean(0), np.diag(places.var(0))
    middle[told] = cloud.middle
    covariance[np.ix_(told, told)] = cloud.covariance
    return line.at(middle), np.sqrt((line.slopes * (covariance @ line.slopes)).sum(0) + np.diag(line.scatter))
