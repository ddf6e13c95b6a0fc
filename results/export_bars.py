"""Bars and dots of native charts: upright, across from where each starts, and points with the ends of intervals."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml

from results.export_axes import MANY, NS, C, dated, rgb
from results.export_native import Line, Panel, day_of
from results.words import count, signed

Box = tuple[int, int, int, int]  # left, top, width, height


def upright(slide: Any, panel: Panel, box: Box) -> Any:
    """Add upright bars, stacked where there are several series, with the ends of intervals where there are any."""
    data = CategoryChartData(number_format="#,##0")
    data.categories = list(map(day_of, panel.lines[0].x)) if dated(panel) else panel.lines[0].x
    for line in panel.lines:
        data.add_series(line.name, line.y)
    several = len(panel.lines) > 1
    kind = XL_CHART_TYPE.COLUMN_STACKED if several else XL_CHART_TYPE.COLUMN_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box, data)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 20, 100
    for series, line in zip(plot.series, panel.lines, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(line.colour)
        if line.low:
            _error_bars(series, line)
    return frame


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
    after = next(found for tag in ("cat", "xVal") if (found := series._element.find(f"{C}{tag}")) is not None)
    after.addprevious(bars)


def dots(slide: Any, panel: Panel, box: Box) -> Any:
    """Add points with intervals beside published points, by year and its parts."""
    data = XyChartData(number_format="#,##0")
    for line in panel.lines:
        series = data.add_series(line.name)
        for when, value in zip(line.x, line.y, strict=True):
            series.add_data_point(_year(when), value)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    for series, line in zip(frame.chart.plots[0].series, panel.lines, strict=True):
        simulated = bool(line.low)
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.DASH if simulated else XL_MARKER_STYLE.CIRCLE
        series.marker.size = 7 if simulated else 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(line.colour)
        if simulated:
            _error_bars(series, line)
    axis = frame.chart.category_axis
    years = [_year(when) for line in panel.lines for when in line.x]
    axis.minimum_scale, axis.maximum_scale = MANY * (min(years) // MANY), MANY * (max(years) // MANY + 1)
    axis.major_unit = MANY
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
    return frame


def _year(when: str) -> float:
    year, month, day = (int(part) for part in str(when)[:10].split("-"))
    return round(year + (month - 1) / 12 + (day - 1) / 365, 3)


def across(slide: Any, panel: Panel, box: Box) -> Any:
    """Add bars across, each from where it starts (hidden), the parts below and above zero as series of their own.

    An interval stands in words behind the bar's number, as the parts are stacked and would each need one.
    """
    line = panel.lines[0]
    several = any(value is not None and value < 0 for value in line.y)
    numbers = [(signed if several else count)(value or 0.0) for value in line.y]
    if line.low:
        ends = zip(line.y, line.low, line.high, strict=True)
        between = [f"{signed((y or 0) - (low or 0))} to {signed((y or 0) + (high or 0))}" for y, low, high in ends]
        numbers = [f"{number} ({interval})" for number, interval in zip(numbers, between, strict=True)]
    base = line.base or [0.0] * len(numbers)
    spans = [(start or 0.0, (start or 0.0) + (value or 0.0)) for start, value in zip(base, line.y, strict=True)]
    hidden = [min(a, b) if min(a, b) > 0 else max(a, b) if max(a, b) < 0 else 0.0 for a, b in spans]
    above = [max(0.0, max(a, b)) - max(0.0, h) for (a, b), h in zip(spans, hidden, strict=True)]
    below = [min(0.0, min(a, b)) - min(0.0, h) for (a, b), h in zip(spans, hidden, strict=True)]
    data = CategoryChartData(number_format="#,##0")
    data.categories = [f"{name}: {number}" for name, number in zip(line.x, numbers, strict=True)]
    parts = ((f"{line.name}, above zero", above), (f"{line.name}, below zero", below))
    for name, values in (("Start (hidden)", hidden), *parts):
        data.add_series(name, values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, data)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    start, *shown = plot.series
    start.format.fill.background()
    colours = line.colours or (line.colour,) * len(numbers)
    for series, values in zip(shown, (above, below), strict=True):
        _bars_painted(series, values, colours)
    axis = frame.chart.category_axis
    axis.reverse_order, axis.crosses = True, XL_AXIS_CROSSES.MAXIMUM
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    return frame


def _bars_painted(series: Any, values: Sequence[float], colours: Sequence[str]) -> None:
    for i, (value, colour) in enumerate(zip(values, colours, strict=True)):
        if value:
            point = series.points[i].format.fill
            point.solid()
            point.fore_color.rgb = rgb(colour)
