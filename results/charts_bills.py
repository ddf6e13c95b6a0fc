"""Small multiples by Bill: what each Bill changes in one number, on one scale, so that Bills can be compared."""

from collections.abc import Sequence
from math import ceil
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from results.evidence import simulated_rows, source_of, together
from results.folder import Run, Told, band, year_ends
from results.style import (
    LINE_HEIGHT,
    SHADED,
    Chart,
    axis_name,
    fan,
    frame,
    panel_title,
    set_range,
    upright,
)  # fmt: skip
from results.words import fewer_or_more, month, said, signed_interval

FROM = pd.Timestamp("2024-01-01")
PER_CHART, COLUMNS = 6, 2
PANEL, YEARS = 172, 4  # pixels of a panel's height with its title, and years between ticks
ABOVE, GAP = 18, 44  # pixels above the first panel and between rows, but for the lines of their titles
CHARACTERS = 34  # of a line of a panel's title
SHOWN = (
    ("recalled", "People in prison after a recall", "people in prison after a recall"),
    ("terminated", "Licences ended so far", "licences ended"),
)


def bills_charts(run: Run) -> list[Chart]:
    """Return, where two Bills or more were run, a chart for each of two numbers with a panel for each Bill."""
    if len(run.others) < COLUMNS:
        return []
    starts = range(0, len(run.others), PER_CHART)
    some = [(f"-{i + 1}" if len(starts) > 1 else "", run.others[at : at + PER_CHART]) for i, at in enumerate(starts)]
    return [bills_chart(run, told, *what, suffix) for what in SHOWN for suffix, told in some]


def bills_chart(run: Run, some: Sequence[Told], measure: str, name: str, what: str, suffix: str = "") -> Chart:
    """Return the differences of one measure from the first scenario, a panel for each of several scenarios."""
    differences = {told.key: run.against(told.key, measure)[FROM:] for told in some}
    found = {key: band(each) for key, each in differences.items()}
    ends = {told.name: differences[told.key].T[run.last] for told in some}
    said_of = [f"{name}: {fewer_or_more(values, what)}." for name, values in ends.items()]
    rows = [simulated_rows(found[told.key], measure, "", f"{told.key} less {run.baseline.key}") for told in some]
    return Chart(
        f"bills-{measure.replace('_', '-')}{suffix}", _title(run, ends, what),
        f"{name}: difference from {run.baseline.spoken}, month ends, number (line: median; shaded: {SHADED}; "
        "dotted: in force); one scale for all",
        _figure(run, some, found), f"{len(some)} line charts on one scale. In {month(run.last)}: {' '.join(said_of)}",
        source_of(run), together(rows), _table(differences, some),
    )  # fmt: skip


def _title(run: Run, ends: dict[str, pd.Series], what: str) -> str:
    """Return which scenario changes the number most, and by how much; the rest are in the panels."""
    most = max(ends, key=lambda name: abs(float(ends[name].median())))
    if not any(values.any() for values in ends.values()):
        return f"None of {len(ends)} scenarios changes the number of {what} by {month(run.last)}"
    return f"{most} makes the largest difference of {len(ends)}: {fewer_or_more(ends[most], what)} in {month(run.last)}"


def _figure(run: Run, some: Sequence[Told], found: dict[str, pd.DataFrame]) -> go.Figure:
    rows, lines = ceil(len(some) / COLUMNS), max(len(wrap(told.name, CHARACTERS)) for told in some)
    height, gap = rows * (PANEL + LINE_HEIGHT * lines), GAP + LINE_HEIGHT * lines
    figure = frame(rows=rows, columns=COLUMNS, years=YEARS, height=height, gap=gap)
    figure.update_layout(margin={"t": ABOVE + LINE_HEIGHT * lines})
    low, high = min(each["low"].min() for each in found.values()), max(each["high"].max() for each in found.values())
    for panel, told in enumerate(some, start=1):
        set_range(figure, low, high, panel)
        fan(figure, found[told.key], told.name, row=panel, signed=True)
        if told.commencement and pd.Timestamp(told.commencement) >= FROM:
            upright(figure, told.commencement.isoformat(), panel)
        panel_title(figure, "\n".join(wrap(told.name, CHARACTERS)), panel)
    figure.update_xaxes(range=[f"{FROM:%Y-%m-%d}", f"{run.last:%Y-%m-%d}"])
    for panel in range(len(some) + 1, rows * COLUMNS + 1):
        figure.update_layout({axis_name(letter, panel): {"visible": False} for letter in "xy"})
    return figure


def _table(differences: dict[str, pd.DataFrame], some: Sequence[Told]) -> pd.DataFrame:
    ends = year_ends(next(iter(differences.values()))).index
    columns = {told.name: [signed_interval(differences[told.key].loc[day]) for day in ends] for told in some}
    return pd.DataFrame({"On": [said(day) for day in ends]} | columns)
