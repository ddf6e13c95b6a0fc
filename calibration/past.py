"""Past: which luck, for each draw of a fit, ended with as many people in prison and on licence as were counted last.

A fit's cloud says which beliefs are likely, whatever luck may have been. But the stocks counted last hold that luck,
and a projection that begins some per cent beside them is wrong from its first day. So many worlds are lived from the
cloud, each with a luck of its own; each is weighed by how likely it makes the last count of each main stock, over how
likely that count was from its beliefs alone; and draws are taken from them by weight, beliefs and luck together
(importance resampling: Rubin 1987; systematic, as Kitagawa 1996). What comes after the last count is new luck, life by
life.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from calibration.bank import SEED, Wave, normals, rounded
from calibration.fit import APART, MAIN, Fitted, everywhere, figures_of
from calibration.posterior import Cloud, noise_of
from calibration.scales import relative, scaled
from calibration.series import Observation, fitting
from results.progress import Follow
from sim.days import day_of
from sim.setting import Past

WORLDS = 8_192
INDEX = 20  # of the wave, among those of the bank
NEAR = 0.015  # the least relative error of a count here: few of some thousand worlds stand nearer to three at once
STALE = 550  # days: an older count says little of where things stood
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Pasts:
    """Worlds lived to the last count: their places, their lives' numbers, and how much each weighs (sum 1)."""

    places: Floats  # (worlds, coordinates)
    lives: Places
    weights: Floats

    def of(self, chosen: Places, until: date) -> tuple[Past, ...]:
        """Return the pasts of some worlds, which end with a day."""
        return tuple(Past(SEED, int(life), day_of(until) + 1) for life in self.lives[chosen])

    @property
    def rows(self) -> Places:
        """Where each world stood in its wave."""
        return self.lives - INDEX * APART

    @property
    def worth(self) -> float:
        """How many worlds of the same weight would say as much (Kish 1965)."""
        return float(1 / np.square(self.weights).sum())


def last_counts(observations: Sequence[Observation], day: date) -> list[int]:
    """Return the positions of the last count by a day of each main stock, unless it is stale."""
    usable, found = set(fitting(observations, day)), []
    for measure, group in MAIN:
        mine = [i for i in usable if observations[i].measure == measure and observations[i].group == group]
        mine = [i for i in mine if observations[i].kind == "stock" and (day - observations[i].last).days <= STALE]
        found += [max(mine, key=lambda i: observations[i].last)] if mine else []
    return found


def pasts(fitted: Fitted, workers: int, follow: Follow, worlds: int = WORLDS) -> Pasts:
    """Live worlds of a fit's cloud to the last day of its data, and weigh them."""
    task = fitted.task
    counted = last_counts(task.observations, task.until)
    asked = tuple(task.observations[i] for i in counted)
    places = rounded(everywhere(task, fitted.cloud, normals(worlds, len(task.named), SEED + INDEX)))
    wave = Wave(task.law, asked, task.named, places, task.folder, INDEX * APART, scale=task.scale)
    if not counted:  # any luck will do
        lives = np.array([world.index for world in wave.worlds])
        return Pasts(places, lives, weights(fitted, fitted.cloud, counted, places, np.zeros((worlds, 0))))
    follow.begun(worlds, sum(world.path.exists() for world in wave.worlds))
    for failure in wave.fill(workers, follow.finished):
        follow.say(f"failed: {failure.piece}: {failure.why}")
    lives = np.array([world.index for world in wave.worlds if world.path.exists()])
    places, shown = wave.shown()
    return Pasts(places, lives, weights(fitted, fitted.cloud, counted, places, shown))


def weights(fitted: Fitted, cloud: Cloud, counted: Sequence[int], places: Floats, shown: Floats) -> Floats:
    """Return the weight of worlds at `places` that showed `shown` (worlds, counted) of some published counts; sum 1."""
    task = fitted.task
    if not counted:
        return np.full(len(places), 1 / len(places))
    at, seen = [task.observations[i] for i in counted], np.array(counted, np.intp)
    figures, curve = figures_of(at), fitted.curve.of(seen)
    noise = np.maximum(noise_of(figures, cloud.strays), (NEAR * relative(at)) ** 2)
    off = figures.values - scaled(at, shown)
    by_beliefs = figures.values - curve.at(places[:, task.told])
    spread = multivariate_normal(cov=curve.scatter + np.diag(noise), allow_singular=True)
    told = np.asarray(norm.logpdf(off, scale=np.sqrt(noise))).sum(1) - spread.logpdf(by_beliefs)
    likely = np.exp(told - told.max())
    return np.asarray(likely / likely.sum())


def taken(weights: Floats, count: int) -> Places:
    """Return which worlds are taken, `count` of them: each as often as its weight says, but for a rounding.

    Their order is shuffled, so that the first few are as good as any others.
    """
    steps = (np.arange(count) + 1 / 2) / count
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), steps), len(weights) - 1)
    return np.random.default_rng(SEED).permutation(chosen)
