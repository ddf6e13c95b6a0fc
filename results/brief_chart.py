"""The one chart of a brief: a difference over time with its interval, as a picture in SVG that needs no script.

A brief goes into documents and onto paper, where the report's own pictures cannot go without a browser.
"""

from html import escape
from math import floor, log10
from typing import NamedTuple

import pandas as pd

from results.style import AXIS, GRID, NAVY, TEXT
from results.words import count

WIDTH, HEIGHT = 680, 270
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 24, 28  # margins, in the same units
STEPS = (1, 2, 5, 10)  # a tick stands at one of these times a power of ten
MOST_TICKS, EVERY = 5, 2  # of the vertical axis; years between ticks of the horizontal one
LEAST = 4.0  # people or events between the ends of the vertical axis, so that none differ by a fraction
FONT = f'font-family="Arial, Helvetica, sans-serif" font-size="13" fill="{TEXT}"'


class Line(NamedTuple):
    """A band by month's end (low, median, high), a day to mark with words, and a day to point at."""

    band: pd.DataFrame
    mark: tuple[pd.Timestamp, str] | None
    point: pd.Timestamp | None


class Plot(NamedTuple):
    """The ends of both axes, and where days and values stand between them."""

    first: pd.Timestamp
    last: pd.Timestamp
    low: float
    high: float

    def across(self, day: pd.Timestamp) -> float:
        """Return how far from the left a day stands."""
        share = (day - self.first) / (self.last - self.first)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def down(self, value: float) -> float:
        """Return how far from the top a value stands."""
        share = (self.high - value) / (self.high - self.low)
        return round(TOP + share * (HEIGHT - TOP - BOTTOM), 1)


def ticks(low: float, high: float) -> list[float]:
    """Return at most some five round numbers, the first at or below `low` and the last at or above `high`."""
    rough = (high - low) / MOST_TICKS
    power = 10.0 ** floor(log10(rough))
    step = max(1.0, next(power * each for each in STEPS if power * each >= rough))
    first = floor(low / step)
    numbers = [step * n for n in range(first, first + 2 * MOST_TICKS + 2)]
    enough = next(n for n, each in enumerate(numbers) if each >= high)
    return numbers[: enough + 1]


def drawn(line: Line, alt: str) -> str:
    """Return the picture as one SVG element with its description; the band must have two days at least."""
    low, high = min(0.0, float(line.band["low"].min())), max(0.0, float(line.band["high"].max()))
    if high - low < LEAST:
        low, high = low - LEAST / 2, high + LEAST / 2
    marks = ticks(low, high)
    plot = Plot(line.band.index[0], line.band.index[-1], marks[0], marks[-1])
    parts = [*_grid(plot, marks), *_years(plot), *_band(plot, line.band), *_mark(plot, line), *_point(plot, line)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">'
        + "".join(parts)
        + "</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {FONT}>{escape(words)}</text>'


def _grid(plot: Plot, marks: list[float]) -> list[str]:
    found = []
    for each in marks:
        y, colour = plot.down(each), GRID if each else AXIS
        found.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{colour}" fill="none"/>')
        found.append(_text(LEFT - 6, y + 4, count(each), "end"))
    return found


def _years(plot: Plot) -> list[str]:
    found = []
    for year in range(plot.first.year, plot.last.year + 1):
        day = pd.Timestamp(year, 1, 1)
        if year % EVERY == 0 and plot.first <= day <= plot.last:
            x, y = plot.across(day), HEIGHT - BOTTOM
            found.append(f'<path d="M{x} {y}v5" stroke="{AXIS}" fill="none"/>')
            found.append(_text(x, y + 19, str(year), "middle"))
    return found


def _band(plot: Plot, band: pd.DataFrame) -> list[str]:
    def path(column: str, days: pd.DatetimeIndex) -> str:
        return "L".join(f"{plot.across(day)} {plot.down(float(band[column][day]))}" for day in days)

    days = pd.DatetimeIndex(band.index)
    area = f"M{path('high', days)}L{path('low', days[::-1])}Z"
    return [
        f'<path d="{area}" fill="{NAVY}" fill-opacity="0.22"/>',
        f'<path d="M{path("median", days)}" fill="none" stroke="{NAVY}" stroke-width="2.5" stroke-linejoin="round"/>',
    ]


def _mark(plot: Plot, line: Line) -> list[str]:
    if line.mark is None or not plot.first <= line.mark[0] <= plot.last:
        return []
    x = plot.across(line.mark[0])
    dotted = f'<path d="M{x} {TOP}V{HEIGHT - BOTTOM}" stroke="{AXIS}" stroke-dasharray="2 3" fill="none"/>'
    return [dotted, _text(x + 4, TOP - 8, line.mark[1])]


def _point(plot: Plot, line: Line) -> list[str]:
    """Return a dot on the day that was asked about."""
    if line.point is None or line.point not in line.band.index:
        return []
    at = plot.across(line.point), plot.down(float(line.band["median"][line.point]))
    return [f'<circle cx="{at[0]}" cy="{at[1]}" r="4.5" fill="white" stroke="{NAVY}" stroke-width="2.5"/>']
