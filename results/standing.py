"""Charts of who stands where, and how licences end, in the first scenario."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from results.evidence import ENDS, ROW, source_of, together
from results.fit import INTERVAL
from results.folder import Run, band, on, year_ends
from results.style import (
    CATEGORICAL,
    FONT,
    NAVY,
    ORANGE,
    TEXT,
    Chart,
    dates,
    frame,
    panel_title,
    projection_line,
    set_range,
    set_years,
    words,
)
from results.tracing import BOTH, MEAN, Traced, trace
from results.words import count, month, said

TERMINATIONS_FROM = pd.Timestamp("2022-01-01")
EARLIER = pd.Timestamp("2014-12-31")  # shown with the opening and the end of the projection
HEADROOM, TALL_ROW = 1.05, 230  # above the stack, as a share; and pixels
ASIDE = pd.Timedelta(days=3 * 365)  # labels keep this far from the line at which the projection starts
ROUTES = (("By the law itself", "automatic", NAVY), ("By the Parole Board", "board", ORANGE))
PLACES = (
    ("In prison, never released", ("never_released",)),
    ("In prison after a recall", ("recalled",)),
    ("On licence", ("on_licence",)),
    ("In secure hospital or at large", ("hospital", "at_large")),
)


def _mean_rows(run: Run, means: pd.Series, measure: str, group: str) -> pd.DataFrame:
    """Return means over lives as rows of a chart's CSV file; they have no interval."""
    rows = means.rename("value").rename_axis("last").reset_index()
    rows = rows.assign(scenario=run.baseline.key, kind="simulated, mean", measure=measure, group=group, source_url="")
    return rows.assign(first=rows["last"], **dict.fromkeys(ENDS, float("nan")))[list(ROW)]


def places_chart(run: Run) -> Chart:
    """Return where everyone still serving is: a stack of four areas, means over lives."""
    table = pd.DataFrame({name: sum(run.by_life(each).mean(axis=1) for each in some) for name, some in PLACES})
    opening, last = ({name: float(table[name][day]) for name, _ in PLACES} for day in (run.opening, run.last))
    inside = [count(sum(list(each.values())[:2])) for each in (opening, last)]
    then, end = month(run.opening), month(run.last)
    texts = [f"{name}: {count(opening[name])} in {then} and {count(last[name])} in {end}." for name in opening]
    return Chart(
        "where-everyone-is",
        f"Of {count(sum(opening.values()))} people serving in {then}, {inside[0]} are in prison; "
        f"in {end}, {inside[1]} of {count(sum(last.values()))}",
        "People still serving the sentence, month ends, number of people (means over lives, so that they add up)",
        _areas(run, table), f"Stacked area chart of four groups. {' '.join(texts)}", source_of(run),
        together([_mean_rows(run, table[name], " + ".join(some), "") for name, some in PLACES]), _year_ends(run, table),
    )  # fmt: skip


def _areas(run: Run, table: pd.DataFrame) -> go.Figure:
    figure = frame()
    set_range(figure, 0, table.sum(axis=1).max() * HEADROOM)
    for (name, column), colour in zip(table.items(), CATEGORICAL, strict=True):
        figure.add_trace(go.Scatter(
            x=dates(table.index), y=column.round(1), stackgroup="all", mode="lines", name=str(name), fillcolor=colour,
            line={"width": 1, "color": "white"}, hovertemplate=f"{name}: %{{y:,.0f}}<extra></extra>",
        ))  # fmt: skip
    set_years(figure, run.manifest.first.year, run.last)
    projection_line(figure, run.manifest.projection_start.isoformat())
    _label_areas(figure, table, run.opening - ASIDE)
    return figure


def _label_areas(figure: go.Figure, table: pd.DataFrame, before: pd.Timestamp) -> None:
    """Name each area inside it where it is thickest, by a day, in black on white; the last above the stack."""
    early = table[:before] if len(table[:before]) else table
    top = early.cumsum(axis=1)
    for name, column in list(early.items())[:-1]:
        thickest = cast(pd.Timestamp, column.idxmax())
        words(
            figure, str(name).replace(", ", ",\n"), f"{thickest:%Y-%m-%d}",
            float(top[name][thickest] - column[thickest] / 2), bgcolor="rgba(255,255,255,0.92)",
            borderpad=2, xanchor="center", yanchor="middle", align="center",
        )  # fmt: skip
    whole = early.sum(axis=1)
    words(
        figure, str(table.columns[-1]), f"{whole.idxmax():%Y-%m-%d}", float(whole.max()), xanchor="center",
        yanchor="bottom", yshift=4,
    )  # fmt: skip


def _year_ends(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    ends, columns = year_ends(table), {}
    for name, some in PLACES:
        traces = [trace(run.baseline.key, " + ".join(some), "", day, MEAN) for day in ends.index]
        columns[name] = [Traced(count(value), of) for value, of in zip(ends[name], traces, strict=True)]
    return pd.DataFrame({"On": [said(day) for day in ends.index]} | columns, dtype=object)


def terminations_chart(run: Run) -> Chart:
    """Return licences ended by route and month: all of them, and again with the tallest bar cut."""
    routes = {name: run.by_life("terminations", group).mean(axis=1)[TERMINATIONS_FROM:] for name, group, _ in ROUTES}
    automatic, board = routes.values()
    both, peak, end = automatic + board, cast(pd.Timestamp, automatic.idxmax()), month(run.last)
    second = float(both.drop(peak).max()) if len(both) > 1 else float(both.max())
    once, *after = _medians(run, peak)
    rows = [_mean_rows(run, routes[name], "terminations", group) for name, group, _ in ROUTES]
    return Chart(
        "terminations",
        f"The law itself ends {once} licences in {month(peak)}; "
        f"by {end} the Parole Board ends {after[1]} more, and the law {after[0]}"
        if automatic.any()
        else f"The law itself ends no licence by {end}; the Parole Board ends {count(board.sum())}",
        "Licences ended each month, number of people (bars: means over lives, which add up; the title: medians)",
        _bars(routes, both, second, month(peak)),
        f"Two stacked bar charts of the same months. One bar, {month(peak)}, is {count(both[peak])} high; the next "
        f"highest month is {count(second)}. After {month(peak)} {after[0]} licences end by the law itself and "
        f"{after[1]} by the Parole Board.", source_of(run), together(rows), _by_calendar_year(routes),
        "In the lower picture the tallest bar runs off the top.",
    )  # fmt: skip


def _medians(run: Run, peak: pd.Timestamp) -> list[str]:
    """Return medians over lives: of the licences the law ends in the peak month, and of each route's after it."""
    by_life = [run.by_life("terminations", group) for _, group, _ in ROUTES]
    found = [by_life[0].T[peak], *(each[each.index > peak].sum() for each in by_life)]
    return [count(float(np.median(each))) for each in found]


def _bars(routes: dict[str, pd.Series], both: pd.Series, second: float, tallest: str) -> go.Figure:
    """Return the same stacked bars in two panels: full scale, and up to the second highest."""
    figure = frame(rows=2, years=2, height=2 * TALL_ROW)
    figure.update_layout(bargap=0.1)
    for row, top in ((1, float(both.max())), (2, second)):
        for name, _, colour in ROUTES:
            months = pd.DatetimeIndex(routes[name].index).to_period("M").to_timestamp()
            figure.add_trace(go.Bar(
                x=dates(months), y=routes[name].round(1), marker={"color": colour, "line": {"width": 0}},
                hovertemplate=f"{name}: %{{y:,.0f}}<extra></extra>", name=name,
            ), row=row, col=1)  # fmt: skip
        set_range(figure, 0, top, row)
    panel_title(figure, "Full scale", 1)
    panel_title(figure, f"Closer: {tallest} is cut", 2)
    _route_names(figure)
    return figure


def _route_names(figure: go.Figure) -> None:
    """Name the colours beside a square of each, in the empty corner of the first panel."""
    for step, (text, _, colour) in enumerate(ROUTES):
        figure.add_annotation(
            text=f'<span style="color:{colour}">■</span> {text}', xref="paper", x=1, yref="y domain",
            y=0.95 - 0.16 * step, showarrow=False, font=FONT, xanchor="right", yanchor="top", align="right",
        )  # fmt: skip


def _by_calendar_year(routes: dict[str, pd.Series]) -> pd.DataFrame:
    table = pd.DataFrame(routes)
    table = table.groupby(pd.DatetimeIndex(table.index).year).sum()
    return table.map(count).rename_axis("Year").reset_index().astype({"Year": str})


def years_chart(run: Run, key: str, measure: str, who: str, since: str) -> Chart:
    """Return how many people there are by whole years since something, on three days, with intervals."""
    days, groups = _days_shown(run), run.groups(measure)
    bands = {group: band(run.by_life(measure, group)) for group in groups}
    longest, end = groups[-1], days[-1]
    shares = [_share_of(bands, longest, day) for day in (run.opening, end)]
    rows = [_dated_rows(run, bands[group], days, measure, group) for group in groups]
    return Chart(
        key, f"{shares[0]} of {who} are {longest.rstrip('+')} or more years {since} in {month(run.opening)}, "
        f"and {shares[1]} in {month(end)}",
        f"Number of people by whole years {since} (bars: median; thin lines: {INTERVAL} of lives)",
        _years_figure(bands, days),
        f"{len(days)} bar charts, one for each day. {' '.join(_most(bands, day, since) for day in days)}",
        source_of(run), together(rows), _by_years_table(run, bands, days, measure, since),
    )  # fmt: skip


def _years_figure(bands: dict[str, pd.DataFrame], days: Sequence[pd.Timestamp]) -> go.Figure:
    figure = frame(rows=len(days))
    labels = [group if group.endswith("+") else group.partition("-")[0] for group in bands]
    top = max(on(each, day)[2] for each in bands.values() for day in days)
    for row, day in enumerate(days, start=1):
        table = pd.DataFrame({group: each.loc[day] for group, each in bands.items()}).T
        figure.add_trace(go.Bar(
            x=labels, y=table["median"], marker={"color": NAVY}, name="Number of people",
            hovertemplate="%{x} years: %{y:,.0f}<extra></extra>",
            error_y={
                "array": table["high"] - table["median"], "arrayminus": table["median"] - table["low"],
                "color": TEXT, "thickness": 1.2, "width": 3,
            },
        ), row=row, col=1)  # fmt: skip
        set_range(figure, 0, top, row)
        panel_title(figure, said(day), row)
    figure.update_xaxes(type="category", dtick=1, tick0=0, tickformat="", hoverformat="", ticks="")
    figure.update_layout(bargap=0.2, hovermode="closest")
    return figure


def _days_shown(run: Run) -> list[pd.Timestamp]:
    there = run.by_life("never_released").index
    return sorted({day for day in (EARLIER, run.opening, run.last) if day in there})


def _share_of(bands: dict[str, pd.DataFrame], group: str, day: pd.Timestamp) -> str:
    whole = sum(on(each, day)[1] for each in bands.values())
    return f"{count(100 * on(bands[group], day)[1] / whole)}%" if whole else "None"


def _most(bands: dict[str, pd.DataFrame], day: pd.Timestamp, since: str) -> str:
    medians = {group: on(each, day)[1] for group, each in bands.items()}
    group = max(medians, key=medians.__getitem__)
    return f"On {said(day)} the largest group is {group} years {since}, {count(medians[group])} people."


def _dated_rows(run: Run, found: pd.DataFrame, days: Sequence[pd.Timestamp], measure: str, group: str) -> pd.DataFrame:
    rows = found.loc[list(days)].rename(columns={"median": "value"}).rename_axis("first").reset_index()
    rows = rows.assign(last=rows["first"], scenario=run.baseline.key, kind="simulated", measure=measure, group=group)
    return rows.assign(source_url="")[list(ROW)]


def _by_years_table(
    run: Run, bands: dict[str, pd.DataFrame], days: Sequence[pd.Timestamp], measure: str, since: str
) -> pd.DataFrame:
    columns = {}
    for day in days:
        traces = [trace(run.baseline.key, measure, group, day, BOTH) for group in bands]
        columns[said(day)] = [Traced(_interval(*on(bands[g], day)), of) for g, of in zip(bands, traces, strict=True)]
    return pd.DataFrame({f"Years {since}": list(bands)} | columns, dtype=object)


def _interval(low: float, median: float, high: float) -> str:
    return f"{count(median)} ({count(low)} to {count(high)})"
