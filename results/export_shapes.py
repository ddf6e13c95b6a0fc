"""Shapes: a panel as one chart of PowerPoint, with axes and colours as in the report."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE
from pptx.oxml import parse_xml
from pptx.util import Pt

from results.export_axes import NS, C, dress, rgb
from results.export_bars import Box, across, dots, upright
from results.export_native import Line, Panel, Values, days_of
from results.style import BANDS

TINTS = {95: "D0D9E2", 80: "A0B4C5", 50: "718EA8"}  # the bands of the report over white, navy


def add_chart(slide: Any, panel: Panel, box: Box, size: int) -> Any:
    """Add a panel to a slide as a native chart in a box (left, top, width, height) and return its graphic frame."""
    kinds = {line.kind for line in panel.lines}
    if "across" in kinds:
        frame = across(slide, panel, box)
    elif "bar" in kinds:
        frame = upright(slide, panel, box)
    elif any(line.low for line in panel.lines):
        frame = dots(slide, panel, box)
    else:
        frame = _by_day(slide, panel, box)
    dress(frame.chart, panel, size)
    return frame


def _by_day(slide: Any, panel: Panel, box: Box) -> Any:
    """Add lines, bands and areas on an axis of days."""
    days, lines, whole = days_of(panel)
    areas, rest = _areas(lines) if whole else ([], lines)
    data = CategoryChartData(number_format="#,##0")
    data.categories = days
    for line in (*areas, *rest):
        data.add_series(line.name, line.y)
    stacked = bool(areas)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.AREA_STACKED if stacked else XL_CHART_TYPE.LINE, *box, data)
    chart = frame.chart
    if stacked and rest:
        _move_to_lines(chart, len(areas))
    series = [each for plot in chart.plots for each in plot.series]
    for drawn, line in zip(series, (*areas, *rest), strict=True):
        _paint(drawn, line)
    _blanks(chart, "gap" if whole else "span")
    return frame


def _areas(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return bands as stacked widths (and areas that are stacked already), and all other lines."""
    areas = [line for line in lines if line.kind == "area"]
    ends = [line for line in lines if line.kind == "band"]
    rest = [line for line in lines if line.kind not in ("area", "band")]
    if len({line.name for line in ends}) != len(ends):
        return areas, [*ends, *rest]  # two fans in one panel cannot be stacked
    return [*areas, *(_widths(ends) if ends else [])], rest


def _widths(ends: Sequence[Line]) -> list[Line]:
    """Return the ends of a fan from the lowest to the highest, the first as it is and each other less the one below."""
    by_name = {line.name: line for line in ends}
    shares = [share for share, _, _ in BANDS]
    order = [f"{share}% of lives, lower end" for share in shares] + [
        f"{share}% of lives, upper end" for share in reversed(shares)
    ]
    low = by_name[order[0]]
    tints = [TINTS[share] for share in (*shares, *reversed(shares[:-1]))]
    found = [low._replace(name=order[0], kind="base")]
    for below, above, tint in zip(order[:-1], order[1:], tints, strict=True):
        widths = _less(by_name[above].y, by_name[below].y)
        found.append(low._replace(name=f"From {below} to {above}", kind="width", y=widths, colour=f"#{tint}"))
    return found


def _less(above: Values, below: Values) -> Values:
    return [None if a is None or b is None else a - b for a, b in zip(above, below, strict=True)]


def _move_to_lines(chart: Any, areas: int) -> None:
    """Move the series after the first `areas` from the area chart into a line chart on the same axes."""
    plot = chart._chartSpace.chart.plotArea
    area = plot.find(f"{C}areaChart")
    lines = parse_xml(f'<c:lineChart {NS}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    for series in area.findall(f"{C}ser")[areas:]:
        area.remove(series)
        series.append(parse_xml(f'<c:smooth {NS} val="0"/>'))
        lines.append(series)
    lines.append(parse_xml(f'<c:marker {NS} val="1"/>'))
    for axis in area.findall(f"{C}axId"):
        lines.append(parse_xml(f'<c:axId {NS} val="{axis.get("val")}"/>'))
    area.addnext(lines)


def _paint(series: Any, line: Line) -> None:
    """Give a series of days its colour and marks."""
    if line.kind == "base":
        series.format.fill.background()
    elif line.kind in ("width", "area"):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(line.colour)
    elif line.kind == "points":
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(line.colour)
    else:
        thin = line.kind == "band"
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.color.rgb = rgb(f"#{TINTS[80]}" if thin else line.colour)
        series.format.line.width = Pt(0.75 if thin else 2.25)


def _blanks(chart: Any, how: str) -> None:
    shown = chart._chartSpace.chart.find(f"{C}dispBlanksAs")
    if shown is not None:
        shown.set("val", how)


