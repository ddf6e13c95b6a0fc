"""Labels: where words can stand inside a picture without covering a line, a point or other words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from results.style import BOTTOM, TOP, words

WIDTHS = (280, 860)  # pixels of the plotting area on a telephone and on a desk
CHARACTER, LINE, GAP = 7.2, 16, 7  # pixels of text, and from what it names
SAMPLES = 400
Spots = NDArray[np.float64]  # shape (n, 2): across and up, 0 to 1


class Spot(NamedTuple):
    """A place for words: what they stand by, and on which side of it they stand."""

    when: pd.Timestamp
    value: float
    across: str  # xanchor
    up: str  # yanchor


class Plane(NamedTuple):
    """A picture's plotting area: its first and last day, the ends of its vertical axis, its height in pixels."""

    first: pd.Timestamp
    last: pd.Timestamp
    low: float
    high: float
    height: float

    def of(self, when: pd.DatetimeIndex, values: NDArray[np.float64]) -> Spots:
        """Return days and values as shares of the way across and up."""
        across = (when - self.first) / (self.last - self.first)
        up = (np.asarray(values, float) - self.low) / (self.high - self.low)
        return np.column_stack([np.asarray(across, float), up])

    def along(self, line: pd.Series) -> Spots:
        """Return many spots along a line by day."""
        corners = self.of(pd.DatetimeIndex(line.index), line.to_numpy(float))
        across = np.linspace(corners[0, 0], corners[-1, 0], SAMPLES)
        return np.column_stack([across, np.interp(across, corners[:, 0], corners[:, 1])])

    def upright(self, when: pd.Timestamp) -> Spots:
        """Return spots along a vertical line on a day."""
        up = np.linspace(0, 1, 40)
        return np.column_stack([np.full(len(up), (when - self.first) / (self.last - self.first)), up])


def plane_of(figure: go.Figure, first: pd.Timestamp, last: pd.Timestamp, between: tuple[float, float]) -> Plane:
    """Return the plotting area of a figure of one panel."""
    return Plane(first, last, between[0], between[1], float(figure.layout.height) - TOP - BOTTOM)


def _box(plane: Plane, spot: Spot, text: str, width: int) -> tuple[float, float, float, float]:
    """Return the left, right, lower and upper edge of words at a spot, as shares of the plotting area."""
    x, y = plane.of(pd.DatetimeIndex([spot.when]), np.array([spot.value]))[0]
    wide, high = CHARACTER * len(text) / width, LINE / plane.height
    aside, away = GAP / width, GAP / plane.height
    left = {"left": x + aside, "right": x - wide - aside, "center": x - wide / 2}[spot.across]
    lower = {"bottom": y + away, "top": y - high - away, "middle": y - high / 2}[spot.up]
    return left, left + wide, lower, lower + high


def _cost(plane: Plane, spot: Spot, text: str, taken: Spots) -> int:
    """Return how many taken spots words would cover on narrow and wide screens, much more if they leave the area."""
    cost = 0
    for width in WIDTHS:
        left, right, lower, upper = _box(plane, spot, text, width)
        cost += 1000 * (left < 0 or right > 1.01 or lower < 0 or upper > 1.02)
        inside = (taken[:, 0] > left) & (taken[:, 0] < right) & (taken[:, 1] > lower) & (taken[:, 1] < upper)
        cost += int(inside.sum())
    return cost


def place(figure: go.Figure, plane: Plane, text: str, spots: Iterable[Spot], taken: Sequence[Spots]) -> Spots:
    """Write words at the spot that covers least (the first of several), and return the spots they take up."""
    every = np.concatenate(list(taken))
    best = min(spots, key=lambda spot: _cost(plane, spot, text, every))
    shift = {"left": GAP, "right": -GAP, "center": 0}[best.across], {"bottom": GAP, "top": -GAP, "middle": 0}[best.up]
    words(
        figure, text, f"{best.when:%Y-%m-%d}", best.value, xanchor=best.across, yanchor=best.up,
        xshift=shift[0], yshift=shift[1],
    )  # fmt: skip
    left, right, lower, upper = _box(plane, best, text, WIDTHS[0])
    grid = np.meshgrid(np.linspace(left, right, 12), np.linspace(lower, upper, 4))
    return np.column_stack([each.ravel() for each in grid])


def by_line(line: pd.Series) -> list[Spot]:
    """Return spots above and below the later part of a line, the latest first."""
    later = range(len(line) - 1, len(line) * 6 // 10, -max(1, len(line) // 40))
    return [
        Spot(line.index[i], float(line.iloc[i]), across, up)
        for i in later
        for up in ("bottom", "top")
        for across in ("center", "right", "left")
    ]


def by_points(when: pd.DatetimeIndex, values: NDArray[np.float64], gaps: NDArray[np.float64]) -> list[Spot]:
    """Return spots around points, those furthest from the line (`gaps`: point less line) first, on its far side."""
    order = np.argsort(-np.abs(gaps), kind="stable")
    return [
        Spot(when[i], float(values[i]), across, up)
        for i in order
        for up in (("bottom", "top") if gaps[i] > 0 else ("top", "bottom"))
        for across in ("center", "right", "left")
    ]
