"""Stand-in: what worlds show as a smooth curve in the coordinates of belief, learned from a bank.

Near where a wave was laid the model is close to a quadratic on the scales of `calibration.scales`: a line and a
square in each belief, and products of the beliefs that matter most. Of a belief that drifts, the level of each year is
used and not its step. What is left over, luck and finer shape together, has a covariance that says how the figures of
one world go together (two stocks a quarter apart nearly always err the same way). With a stand-in, data may be held
back, or made, a thousand times over without living another world.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PAIRED = 24  # beliefs whose products are taken
RIDGE_LINE, RIDGE_CURVE = 10.0, 100.0  # the weight, in worlds, with which slopes and curvature are drawn to nought
LEAST, FOLDS = 1e-3, 5
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """What worlds show as a straight line about a place, with the covariance `scatter` around it."""

    middle: Floats  # (coordinates,) the place
    level: Floats  # (figures,) there
    slopes: Floats  # (coordinates, figures)
    scatter: Floats  # (figures, figures)

    def at(self, places: Floats) -> Floats:
        """Return what places of shape (..., coordinates) show, shape (..., figures)."""
        return self.level + (places - self.middle) @ self.slopes


@dataclass(frozen=True)
class StandIn:
    """A curve: `at` a place it says what worlds show, and `tangent` is the line that it is there."""

    levels: Floats  # (coordinates, coordinates): a place times this is in levels
    middle: Floats  # (coordinates,) of the levels that it was learned from
    spread: Floats
    pairs: NDArray[np.intp]  # (2, products)
    offset: Floats  # (features,) mean of the curved features
    weights: Floats  # (features, figures)
    level: Floats  # (figures,)
    scatter: Floats  # (figures, figures)

    def at(self, places: Floats) -> Floats:
        """Return what places of shape (worlds, coordinates) show, shape (worlds, figures)."""
        return np.asarray(self.level + (self._features(places) - self.offset) @ self.weights)

    def about(self, place: Floats, covariance: Floats) -> Line:
        """Return the line that the curve is on average over a normal cloud about a place.

        Its level is the mean over the cloud, which a curve's own value at the middle is not; what the curve bends away
        from the line over the cloud is added to the scatter.
        """
        x = (place @ self.levels - self.middle) / self.spread
        turn = self.levels / self.spread
        wide = turn.T @ covariance @ turn
        one, other = self._curved
        bends = self.weights[len(x) :]
        level = self.level + (_features(x[None], self.pairs)[0] - self.offset) @ self.weights + wide[one, other] @ bends
        spread = wide[np.ix_(one, one)] * wide[np.ix_(other, other)]
        spread += wide[np.ix_(one, other)] * wide[np.ix_(other, one)]
        return Line(place, level, turn @ (self._turned(x) @ self.weights), self.scatter + bends.T @ spread @ bends)

    def tangent(self, place: Floats) -> Line:
        """Return the line that the curve is at one place."""
        return self.about(place, np.zeros((len(place), len(place))))

    @property
    def _curved(self) -> NDArray[np.intp]:
        """The two coordinates of each square and product."""
        squares = np.arange(len(self.middle))
        return np.hstack([np.vstack([squares, squares]), self.pairs])

    def _turned(self, x: Floats) -> Floats:
        """Return how fast each feature changes with each coordinate, shape (coordinates, features)."""
        one, other = self.pairs
        products, every = np.zeros((len(x), one.size)), np.arange(one.size)
        products[one, every] += x[other]
        products[other, every] += x[one]
        return np.hstack([np.eye(len(x)), np.diag(2 * x), products])

    def of(self, seen: NDArray[np.intp] | slice) -> "StandIn":
        """Return the stand-in of some of the figures."""
        fields = (self.levels, self.middle, self.spread, self.pairs, self.offset)
        return StandIn(*fields, self.weights[:, seen], self.level[seen], self.scatter[seen][:, seen])

    def _features(self, places: Floats) -> Floats:
        return _features((places @ self.levels - self.middle) / self.spread, self.pairs)


def _features(x: Floats, pairs: NDArray[np.intp]) -> Floats:
    return np.hstack([x, x**2, x[:, pairs[0]] * x[:, pairs[1]]])


def into_levels(count: int, walks: Sequence[tuple[int, Sequence[int], Sequence[float]]]) -> Floats:
    """Return the matrix that turns steps into levels; a walk is its first position, its years', and all spreads."""
    matrix = np.eye(count)
    for first, years, spreads in walks:
        every = [first, *years]
        for i, start in enumerate(every):
            matrix[start, every[i + 1 :]] = spreads[i]
            matrix[start, start] = spreads[i]
    return matrix


def learned(places: Floats, shown: Floats, levels: Floats, heard: Bools | None = None) -> StandIn:
    """Return the curve through worlds at `places` (worlds, coordinates) that showed `shown` (worlds, figures).

    `levels` is what `into_levels` returns. `heard` (coordinates, figures) says which figures can depend on which
    coordinates; all on all if it is not given. Products are of the `PAIRED` coordinates on which a line hangs most.
    """
    heard = np.ones((places.shape[1], shown.shape[1]), bool) if heard is None else heard
    moved = places @ levels
    middle, spread, level = moved.mean(0), moved.std(0), shown.mean(0)
    x, y = (moved - middle) / spread, shown - level
    line = _ridge(x, y, np.full(x.shape[1], RIDGE_LINE), heard)
    left = np.maximum((y - x @ line).var(0), LEAST)
    top = np.sort(np.argsort(-(line**2 / left).sum(1), kind="stable")[:PAIRED])
    pairs = top[np.array(np.triu_indices(len(top), 1))]
    features = _features(x, pairs)
    offset, count = features.mean(0), x.shape[1]
    penalty = np.where(np.arange(features.shape[1]) < count, RIDGE_LINE, RIDGE_CURVE)
    heard = np.vstack([heard, heard, heard[pairs[0]] & heard[pairs[1]]])
    weights = _ridge(features - offset, y, penalty, heard)
    scatter = _left_out(features - offset, y, penalty, heard)
    weights *= _worth(features - offset, penalty, weights, scatter, heard)[:, None]
    return StandIn(levels, middle, spread, pairs, offset, weights, level, scatter)


def _worth(x: Floats, penalty: Floats, weights: Floats, scatter: Floats, heard: Bools) -> Floats:
    """Return by how much to shrink the weights of each feature: to nought where they are no more than chance.

    The shrinkage of James and Stein (1961), of all weights of a feature together: 1 less the share of their mean
    square, in standard errors, that chance alone would bring.
    """
    errors = np.outer(np.diag(np.linalg.inv(x.T @ x + np.diag(penalty))), np.maximum(np.diag(scatter), LEAST))
    square = (weights**2 / errors).sum(1) / np.maximum(1, heard.sum(1))
    return np.asarray(np.maximum(0.0, 1 - 1 / np.maximum(square, LEAST)))


def _ridge(x: Floats, y: Floats, penalty: Floats, heard: Bools) -> Floats:
    """Return the weights of features; where a figure cannot depend on one, its weight is nought."""
    square, right, found = x.T @ x + np.diag(penalty), x.T @ y, np.zeros((x.shape[1], y.shape[1]))
    patterns, which = np.unique(heard, axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        mine = np.ix_(np.flatnonzero(pattern), np.flatnonzero(which.ravel() == number))
        found[mine] = np.linalg.solve(square[np.ix_(pattern, pattern)], right[mine])
    return found


def _left_out(x: Floats, y: Floats, penalty: Floats, heard: Bools) -> Floats:
    """Return the covariance of what the curve misses of worlds it was not learned from, each fold left out in turn."""
    missed = np.empty_like(y)
    for fold in range(FOLDS):
        out = np.arange(len(x)) % FOLDS == fold
        missed[out] = y[out] - x[out] @ _ridge(x[~out], y[~out], penalty, heard)
    return np.asarray(missed.T @ missed / len(x))
