"""Charts as PowerPoint draws them: each panel of a picture as a chart that can be edited, with its numbers in a sheet.

Lines and bands share one axis of days. A band is an area from its lower end, stacked in widths; where published figures
fall between the days of the lines, bands are drawn by their ends alone, so that no number is made up in between.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from results.style import BANDS

NEAR = 16  # days: a published figure nearer to a day of the lines is drawn on that day
PUBLISHED = "Published"
Values = list[float | None]


class Line(NamedTuple):
    """A series by day or category; `kind` is line, band, area, points, bar; `role` says what of it."""

    name: str
    kind: str
    x: tuple[Any, ...]
    y: Values
    colour: str
    low: Values
    high: Values
    colours: tuple[str, ...] = ()
    base: Values = []  # noqa: RUF012 - a tuple's default is never changed


class Panel(NamedTuple):
    """One panel of a picture: its title, its series and the ends of its vertical axis."""

    title: str
    lines: tuple[Line, ...]
    between: tuple[float, float] | None


def panels_of(figure: go.Figure) -> list[Panel]:
    """Return the panels of a picture in order, with what each draws; short bars of windows are left out."""
    by_panel: dict[int, list[Any]] = {}
    for trace in figure.data:
        axis = getattr(trace, "xaxis", None) or "x"
        by_panel.setdefault(int(axis[1:] or 1), []).append(trace)
    return [_panel(figure, number, by_panel[number]) for number in sorted(by_panel)]


def _panel(figure: go.Figure, number: int, traces: Sequence[Any]) -> Panel:
    axis = "" if number == 1 else str(number)
    titles = [
        each.text for each in figure.layout.annotations
        if each.xref == f"x{axis} domain" and each.yref == f"y{axis} domain"
    ]  # fmt: skip
    found = figure.layout[f"yaxis{axis}"].range
    lines = [line for trace in traces for line in _lines(trace)]
    return Panel(_text(titles[0]) if titles else "", tuple(lines), tuple(found) if found else None)


def _text(markup: str) -> str:
    from html import unescape

    return unescape(markup.replace("<br>", " "))


def _lines(trace: Any) -> list[Line]:
    """Return the series of one trace of plotly, none for a window's short bar."""
    if trace.type == "sankey":
        return [_flows(trace)]
    if trace.type == "heatmap":
        return [_cells(trace)]
    if trace.type == "bar":
        return [_bars(trace)]
    if trace.name is None:
        return []
    kind = "area" if trace.stackgroup else "points" if trace.mode == "markers" else "band" if _is_end(trace) else "line"
    colour = {"area": trace.fillcolor, "line": trace.line.color, "points": trace.marker.line.color}.get(kind)
    return [Line(_text(trace.name), kind, tuple(trace.x), _values(trace.y), colour or "", *_errors(trace))]


def _is_end(trace: Any) -> bool:
    return any(str(trace.name).startswith(f"{share}% of lives") for share, _, _ in BANDS)


def _values(some: Any) -> Values:
    return [None if value is None or np.isnan(value) else float(value) for value in some]


def _errors(trace: Any) -> tuple[Values, Values]:
    """Return how far a trace's error bars reach below and above each value; empty if it has none."""
    bars = trace.error_x if getattr(trace, "orientation", None) == "h" else trace.error_y
    if bars.array is None:
        return [], []
    return _values(bars.arrayminus), _values(bars.array)


def _bars(trace: Any) -> Line:
    across = trace.orientation == "h"
    names, values = (trace.y, trace.x) if across else (trace.x, trace.y)
    colour = trace.marker.color
    colours = () if isinstance(colour, str) else tuple(colour)
    base = [] if trace.base is None else _values(trace.base)
    name = _text(trace.name or (trace.hovertemplate or "").partition(":")[0]) or "People"
    kind = "across" if across else "bar"
    x = tuple(_text(str(each)) for each in names)
    return Line(name, kind, x, _values(values), colours[0] if colours else colour, *_errors(trace), colours, base)


def _flows(trace: Any) -> Line:
    """Return the bands of a flow diagram as bars, the widest first: slides have no native flow diagram."""
    link = trace.link
    rows = sorted(zip(link.customdata, link.value, strict=True), key=lambda row: -row[1])
    return Line("Moves", "across", tuple(name for name, _ in rows), [float(v) for _, v in rows], "#12436D", [], [])


def _cells(trace: Any) -> Line:
    """Return the shaded cells of a table as bars, row by row: slides have no native chart of cells."""
    rows = list(zip(trace.customdata, trace.z, strict=True))
    names = tuple(_text(name) for some, _ in rows for name in some)
    return Line("Difference", "across", names, [float(v) for _, some in rows for v in some], "#12436D", [], [])


def days_of(panel: Panel) -> tuple[list[date], list[Line], bool]:
    """Return a panel's days, its series with a value or None for each of them, and whether no line has a gap.

    A published figure is put on the line's day if that is near; if one is not, its own day is added. Of two figures on
    a day the second goes into a series of its own.
    """
    lined = sorted({day_of(each) for line in panel.lines if line.kind != "points" for each in line.x})
    drawn = [line._replace(x=tuple(map(day_of, line.x))) for line in panel.lines if line.kind != "points"]
    for line in panel.lines:
        if line.kind == "points":
            drawn += _layers(line._replace(x=tuple(_nearest(day_of(each), lined) for each in line.x)))
    days = sorted({day for line in drawn for day in line.x})
    every = [line._replace(y=_at(line, days)) for line in drawn]
    return days, every, len(days) == len(lined)


def _at(line: Line, days: Sequence[date]) -> Values:
    found = dict(zip(line.x, line.y, strict=True))
    return [found.get(day) for day in days]


def _layers(line: Line) -> list[Line]:
    """Return points as series of which none has two values on a day."""
    layers: list[dict[date, float | None]] = []
    for day, value in zip(line.x, line.y, strict=True):
        free = next((layer for layer in layers if day not in layer), None)
        if free is None:
            free = {}
            layers.append(free)
        free[day] = value
    return [
        line._replace(name=line.name if i == 1 else f"{line.name} ({i})", x=tuple(layer), y=list(layer.values()))
        for i, layer in enumerate(layers, start=1)
    ]


def day_of(text: str) -> date:
    """Return the day that a place on an axis of days stands for."""
    return date.fromisoformat(str(text)[:10])


def _nearest(day: date, days: Sequence[date]) -> date:
    best = min(days, key=lambda each: abs((each - day).days), default=day)
    return best if abs((best - day).days) <= NEAR else day
