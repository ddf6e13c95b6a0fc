"""Charts of a comparison: all Bills beside each other, and each Bill's difference in prison places month by month."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from results.compare_effects import Effect, glance
from results.compare_pairs import Pairs, interval
from results.compare_tables import Comparison
from results.compare_words import how_sure
from results.evidence import simulated_rows
from results.fit import HIGH, INTERVAL, LOW
from results.folder import band, year_ends
from results.style import (
    BOTTOM,
    LINE_HEIGHT,
    NAVY,
    SHADED,
    TOP,
    Chart,
    fan,
    file_name,
    frame,
    set_range,
    upright,
    words,
)
from results.words import count, fewer_or_more, listed, month, said, signed_interval

LINE = 46  # pixels for each Bill
MARK = 11  # pixels of the point at the median
LONGEST = 70  # characters of a line of a Bill's name


def source(run: str) -> str:
    """Return the source line of a chart."""
    return f"Simulated: this model, run {run}."


def beside_chart(some: Sequence[Comparison], run: str, page: str) -> Chart:
    """Return person-years in prison by one day, a point and a bar for each Bill; `page` begins the name of its file."""
    by, against = glance(some[0].days), some[0].pairs.against
    found = [_custody(one, by) for one in some]
    middles = [interval(each.values)[0] for each in found]
    best = int(np.argmin(middles))
    lead = fewer_or_more(found[best].values, "person-years in prison")
    texts = [f"{one.pairs.told.name}: {signed_interval(each.values)}" for one, each in zip(some, found, strict=True)]
    table = pd.DataFrame({
        "Bill": [one.pairs.told.name for one in some],
        "Person-years in prison": [signed_interval(each.values) for each in found],
        "Sign": [how_sure(each.values) for each in found],
    })  # fmt: skip
    return Chart(
        f"{page}-person-years", f"{some[best].pairs.told.name} leaves the fewest in prison: {lead} by {said(by)}",
        f"Person-years in prison to {said(by)}, difference from {against.spoken} "
        f"(point: median; bar: {INTERVAL} interval)",
        _bars(some, found), f"A point and a bar for each Bill. {listed(texts)}.", source(run), _rows(some, found),
        table,
    )  # fmt: skip


def _custody(one: Comparison, by: pd.Timestamp) -> Effect:
    return next(each for each in one.effects if each.measure == "custody_years" and each.by == by)


def _bars(some: Sequence[Comparison], found: Sequence[Effect]) -> go.Figure:
    names = [wrap(one.pairs.told.name, LONGEST) for one in some]
    each = LINE + LINE_HEIGHT * (max(map(len, names)) - 1)
    figure = frame(height=TOP + BOTTOM + each * len(some))
    ends = [interval(each.values) for each in found]
    for place, (one, (median, low, high)) in enumerate(zip(some, ends, strict=True)):
        name = one.pairs.told.name
        line = {"x": [low, high], "y": [-place, -place], "mode": "lines", "hoverinfo": "skip"}
        figure.add_trace(go.Scatter(**line, line={"color": NAVY, "width": 3}))
        figure.add_trace(go.Scatter(
            x=[median], y=[-place], mode="markers", marker={"size": MARK, "color": NAVY}, name=escape(name),
            hovertemplate=f"{escape(name)}: %{{x:+,.0f}} ({low:+,.0f} to {high:+,.0f})<extra></extra>",
        ))  # fmt: skip
        words(figure, "\n".join(names[place]), 0, -place, xref="paper", xanchor="left", yanchor="bottom",
              yshift=MARK / 2, bgcolor="white", borderpad=0)  # fmt: skip
    figure.add_vline(x=0, line={"color": "#626A6E", "width": 1})
    figure.update_xaxes(type="linear", tickformat=",d", dtick=None, tick0=None, nticks=7, showgrid=True)
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False, range=[0.5 - len(some), 0.8])
    figure.update_layout(hovermode="closest")
    return figure


def _rows(some: Sequence[Comparison], found: Sequence[Effect]) -> pd.DataFrame:
    keys = ("value", "low", "high")
    return pd.DataFrame([
        {"scenario": f"{one.pairs.told.key} less {one.pairs.against.key}", "kind": "simulated",
         "measure": each.measure, "group": each.group, "first": one.pairs.months[0].replace(day=1), "last": each.by}
        | dict(zip(keys, interval(each.values), strict=True)) | {"source_url": ""}
        for one, each in zip(some, found, strict=True)
    ])  # fmt: skip


def places_chart(pairs: Pairs, run: str, page: str) -> Chart:
    """Return the difference in prison places at each month's end, from a year before the effect begins."""
    shown = pairs.difference("custody_total")[pairs.begins - pd.DateOffset(years=1) :]
    shown = shown if len(shown) else pairs.difference("custody_total")[-1:]
    last = shown.index[-1]
    figure, found = frame(years=2), band(shown)
    set_range(figure, float(shown.quantile(LOW, axis=1).min()), float(shown.quantile(HIGH, axis=1).max()))
    fan(figure, found, "Difference", signed=True)
    told = pairs.told.commencement
    if told and pd.Timestamp(told) >= shown.index[0]:
        upright(figure, told.isoformat())
    end = fewer_or_more(shown.loc[last], "people in prison")
    middle = shown.median(axis=1)
    low, high = (shown.index[int(place)] for place in (np.argmin(middle), np.argmax(middle)))
    ends = year_ends(shown)
    table = pd.DataFrame({
        "On": [said(day) for day in ends.index], "In prison": [signed_interval(ends.loc[day]) for day in ends.index],
    })  # fmt: skip
    return Chart(
        f"{page}-places-{file_name(pairs.told.key)}", f"{pairs.told.name}: {end} in {month(last)}",
        f"People in prison at month ends, difference from {pairs.against.spoken} "
        f"(line: median; shaded: {SHADED}{f'; dotted: in force, {said(told)}' if told else ''})", figure,
        f"Line chart. The median is lowest at {count(middle.min())} in {month(low)} and highest at "
        f"{count(middle.max())} in {month(high)}. In {month(last)}: {end}.", source(run),
        simulated_rows(found, "custody_total", "", f"{pairs.told.key} less {pairs.against.key}"), table,
    )  # fmt: skip
