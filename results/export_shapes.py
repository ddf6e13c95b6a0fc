"""Shapes: a panel as one chart of PowerPoint, with axes and colours as in the report."""

import re
from collections.abc import Sequence
from math import floor, log10
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.util import Pt

from results.export_native import Line, Panel, Values, day_of, days_of
from results.style import BANDS, GRID, NAVY, TEXT
from results.words import count, signed

NS = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FONT = "Arial"
TINTS = {95: "D0D9E2", 80: "A0B4C5", 50: "718EA8"}  # the bands of the report over white, navy
FEW, MANY, DECADE = 2, 5, 13 * 366  # years between ticks, and the days beyond which there are fewer ticks
STEPS = 6  # of a vertical axis, at most
Box = tuple[int, int, int, int]


def add_chart(slide: Any, panel: Panel, box: Box, size: int) -> Any:
    """Add a panel to a slide as a native chart in a box (left, top, width, height) and return its graphic frame."""
    kinds = {line.kind for line in panel.lines}
    if "across" in kinds:
        frame = _across(slide, panel, box)
    elif "bar" in kinds:
        frame = _upright(slide, panel, box)
    elif any(line.low for line in panel.lines):
        frame = _dots(slide, panel, box)
    else:
        frame = _by_day(slide, panel, box)
    _dressed(frame.chart, panel, size)
    return frame


def _added(slide: Any, kind: Any, box: Box, data: Any) -> Any:
    return slide.shapes.add_chart(kind, *box, data)


def _by_day(slide: Any, panel: Panel, box: Box) -> Any:
    """Add lines, bands and areas on an axis of days."""
    days, lines, whole = days_of(panel)
    areas, rest = _areas(lines) if whole else ([], lines)
    data = CategoryChartData(number_format="#,##0")
    data.categories = days
    for line in (*areas, *rest):
        data.add_series(line.name, line.y)
    stacked = bool(areas)
    frame = _added(slide, XL_CHART_TYPE.AREA_STACKED if stacked else XL_CHART_TYPE.LINE, box, data)
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
        etree.SubElement(series, f"{C}smooth").set("val", "0")
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
        series.format.fill.fore_color.rgb = _rgb(line.colour)
    elif line.kind == "points":
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(line.colour)
    else:
        thin = line.kind == "band"
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.color.rgb = _rgb(f"#{TINTS[80]}" if thin else line.colour)
        series.format.line.width = Pt(0.75 if thin else 2.25)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string((colour or NAVY).lstrip("#").upper())


def _blanks(chart: Any, how: str) -> None:
    shown = chart._chartSpace.chart.find(f"{C}dispBlanksAs")
    if shown is not None:
        shown.set("val", how)


def _upright(slide: Any, panel: Panel, box: Box) -> Any:
    """Add upright bars, stacked where there are several series, with the ends of intervals where there are any."""
    data = CategoryChartData(number_format="#,##0")
    data.categories = list(map(day_of, panel.lines[0].x)) if _dated(panel) else panel.lines[0].x
    for line in panel.lines:
        data.add_series(line.name, line.y)
    several = len(panel.lines) > 1
    frame = _added(slide, XL_CHART_TYPE.COLUMN_STACKED if several else XL_CHART_TYPE.COLUMN_CLUSTERED, box, data)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 20, 100
    for series, line in zip(plot.series, panel.lines, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(line.colour)
        if line.low:
            _error_bars(series, line)
    return frame


def _dated(panel: Panel) -> bool:
    """Whether what stands along a panel's axis are days, and not names."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(panel.lines[0].x[0])))


def _error_bars(series: Any, line: Line) -> None:
    """Add the ends of intervals to a series, as distances below and above its values."""
    parts = [
        f'<c:{side}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        + "".join(f'<c:pt idx="{i}"><c:v>{value or 0.0!r}</c:v></c:pt>' for i, value in enumerate(values))
        + f"</c:numLit></c:{side}>"
        for side, values in (("plus", line.high), ("minus", line.low))
    ]
    bars = parse_xml(
        f'<c:errBars {NS}><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{"".join(parts)}</c:errBars>'
    )
    following = next(child for tag in ("cat", "xVal", "val") if (child := series._element.find(f"{C}{tag}")) is not None)
    following.addprevious(bars)


def _dots(slide: Any, panel: Panel, box: Box) -> Any:
    """Add points with intervals beside published points, by year and its parts."""
    data = XyChartData(number_format="#,##0")
    for line in panel.lines:
        series = data.add_series(line.name)
        for when, value in zip(line.x, line.y, strict=True):
            series.add_data_point(_year(when), value)
    frame = _added(slide, XL_CHART_TYPE.XY_SCATTER, box, data)
    for series, line in zip(frame.chart.plots[0].series, panel.lines, strict=True):
        simulated = bool(line.low)
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.DASH if simulated else XL_MARKER_STYLE.CIRCLE
        series.marker.size = 7 if simulated else 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(line.colour)
        if simulated:
            _error_bars(series, line)
    axis = frame.chart.category_axis
    years = [_year(when) for line in panel.lines for when in line.x]
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 5 * (min(years) // 5), 5 * (max(years) // 5 + 1), 5
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
    return frame


def _year(when: str) -> float:
    year, month, day = (int(part) for part in str(when)[:10].split("-"))
    return round(year + (month - 1) / 12 + (day - 1) / 365, 3)


def _across(slide: Any, panel: Panel, box: Box) -> Any:
    """Add bars across, each from where it starts (hidden), the parts below and above zero as series of their own."""
    line = panel.lines[0]
    several = any(value is not None and value < 0 for value in line.y)
    numbers = [(signed if several else count)(value or 0.0) for value in line.y]
    base = line.base or [0.0] * len(numbers)
    ends = [(start or 0.0, (start or 0.0) + (value or 0.0)) for start, value in zip(base, line.y, strict=True)]
    hidden = [min(a, b) if min(a, b) > 0 else max(a, b) if max(a, b) < 0 else 0.0 for a, b in ends]
    above = [max(0.0, max(a, b)) - max(0.0, h) for (a, b), h in zip(ends, hidden, strict=True)]
    below = [min(0.0, min(a, b)) - min(0.0, h) for (a, b), h in zip(ends, hidden, strict=True)]
    data = CategoryChartData(number_format="#,##0")
    data.categories = [f"{name}: {number}" for name, number in zip(line.x, numbers, strict=True)]
    parts = ((f"{line.name}, above zero", above), (f"{line.name}, below zero", below))
    for name, values in (("Start (hidden)", hidden), *parts):
        data.add_series(name, values)
    frame = _added(slide, XL_CHART_TYPE.BAR_STACKED, box, data)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    start, *shown = plot.series
    start.format.fill.background()
    colours = line.colours or (line.colour,) * len(numbers)
    for series, values in zip(shown, (above, below), strict=True):
        _bars_painted(series, values, colours)
    axis = frame.chart.category_axis
    axis.reverse_order, axis.tick_label_position, axis.crosses = True, XL_TICK_LABEL_POSITION.LOW, XL_AXIS_CROSSES.MAXIMUM
    return frame


def _bars_painted(series: Any, values: Sequence[float], colours: Sequence[str]) -> None:
    for i, (value, colour) in enumerate(zip(values, colours, strict=True)):
        if value:
            point = series.points[i].format.fill
            point.solid()
            point.fore_color.rgb = _rgb(colour)


def _dressed(chart: Any, panel: Panel, size: int) -> None:
    """Give a chart the report's axes: few light gridlines, no title, a legend only where several things are drawn."""
    chart.font.size, chart.font.name = Pt(size), FONT
    chart.font.color.rgb = _rgb(TEXT)
    chart.has_title = False
    values, across = chart.value_axis, any(line.kind == "across" for line in panel.lines)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = _rgb(GRID)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    if panel.between and not across:
        _scaled(values, *panel.between)
    chart.category_axis.has_major_gridlines = False
    if not across and not any(line.low for line in panel.lines) and _dated(panel):
        _years_marked(chart, panel)
    chart.has_legend = not across and len([line for line in panel.lines if line.kind != "band"]) > 1
    if chart.has_legend:
        _legend(chart)


def _scaled(axis: Any, low: float, high: float) -> None:
    """Set an axis to whole steps of 1, 2 or 5 times a power of ten, but not above where the picture cuts it."""
    rough = (high - low) / STEPS
    power = 10 ** floor(log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = floor(low / step) * step, high, step


def _legend(chart: Any) -> None:
    """Add a legend that names lines, points and areas; a fan's bands are told of in the subtitle."""
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    after = chart.legend._element.find(f"{C}legendPos")
    for number, series in reversed(list(enumerate(each for plot in chart.plots for each in plot.series))):
        if "% of lives" in series.name:
            after.addnext(parse_xml(f'<c:legendEntry {NS}><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'))


def _years_marked(chart: Any, panel: Panel) -> None:
    days = [day_of(each) for line in panel.lines for each in line.x]
    years = MANY if (max(days) - min(days)).days > DECADE else FEW
    base = "months" if panel.lines[0].kind == "bar" else "days"
    axis = chart.category_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "yyyy", False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    element = axis._element
    for tag in ("majorUnit", "majorTimeUnit", "baseTimeUnit"):
        for found in element.findall(f"{C}{tag}"):
            element.remove(found)
    for tag, value in (("baseTimeUnit", base), ("majorUnit", str(years)), ("majorTimeUnit", "years")):
        element.append(parse_xml(f'<c:{tag} {NS} val="{value}"/>'))
