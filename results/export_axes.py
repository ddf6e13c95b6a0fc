"""Axes, legends and colours of native charts: few light gridlines, no title, whole steps, as in the report."""

import re
from math import floor, log10
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.util import Pt

from results.export_native import Panel, day_of
from results.style import GRID, NAVY, TEXT

NS = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FONT = "Arial"
FEW, MANY, DECADE = 2, 5, 13 * 366  # years between ticks, and the days beyond which there are fewer ticks
STEPS = 6  # of a vertical axis, at most


def rgb(colour: str) -> RGBColor:
    """Return a colour such as '#12436D' as the library takes it, navy if there is none."""
    return RGBColor.from_string((colour or NAVY).lstrip("#").upper())


def dated(panel: Panel) -> bool:
    """Whether what stands along a panel's axis are days, and not names."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(panel.lines[0].x[0])))


def dress(chart: Any, panel: Panel, size: int) -> None:
    """Give a chart the report's axes: few light gridlines, no title, a legend only where several things are drawn."""
    chart.font.size, chart.font.name = Pt(size), FONT
    chart.font.color.rgb = rgb(TEXT)
    chart.has_title = False
    values, across = chart.value_axis, any(line.kind == "across" for line in panel.lines)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = rgb(GRID)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    if panel.between and not across:
        _scaled(values, *panel.between)
    chart.category_axis.has_major_gridlines = False
    if not across and not any(line.low for line in panel.lines) and dated(panel):
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
