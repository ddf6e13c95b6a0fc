"""Charts of who stands where, and how licences end, in the first scenario."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from results.evidence import ROW, source_of, together
from results.folder import Run, band
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
    words,
)  # fmt: skip
from results.style import (
    ROW as ROW_HEIGHT,
)
from results.words import count, month, said

TERMINATIONS_FROM = pd.Timestamp("2022-01-01")
EARLIER = pd.Timestamp("2014-12-31")  # shown with the opening and the end of the projection
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
    return rows.assign(first=rows["last"], low=float("nan"), high=float("nan"))[list(ROW)]


def places_chart(run: Run) -> Chart:
    """Return where everyone still serving is: a stack of four areas, means over lives."""
    sums = {name: sum(run.by_life(measure).mean(axis=1) for measure in some) for name, some in PLACES}
    table = pd.DataFrame(sums)
    figure = frame()
    set_range(figure, 0, table.sum(axis=1).max() * 1.05)
    for (name, column), colour in zip(table.items(), CATEGORICAL, strict=True):
        figure.add_trace(go.Scatter(
            x=dates(table.index), y=column.round(1), stackgroup="all", mode="lines", name=str(name), fillcolor=colour,
            line={"width": 1, "color": "white"}, hovertemplate=f"{name}: %{{y:,.0f}}<extra></extra>",
        ))  # fmt: skip
    projection_line(figure, run.manifest.projection_start.isoformat())
    _label_areas(figure, table)
    opening, last = table.loc[run.opening], table.iloc[-1]
    inside = [row.iloc[:2].sum() for row in (opening, last)]
    return Chart(
        "where-everyone-is",
        f"Of {count(opening.sum())} people serving in {month(run.opening)}, {count(inside[0])} are in prison; "
        f"{month(table.index[-1])}: {count(inside[1])} of {count(last.sum())}",
        "People still serving the sentence, month ends, number of people (means over lives, so that they add up)", figure,
        "Stacked area chart of four groups. " + " ".join(
            f"{name}: {count(opening[name])} in {month(run.opening)} and {count(last[name])} in {month(table.index[-1])}."
            for name in table
        ), source_of(run),
        together([_mean_rows(run, table[name], " + ".join(some), "") for name, some in PLACES]), _year_ends(table),
    )  # fmt: skip


def _label_areas(figure: go.Figure, table: pd.DataFrame) -> None:
    """Name each area inside it where it is thickest, in black on white; the last above the stack."""
    below = table.cumsum(axis=1) - table
    for name in table.columns[:-1]:
        place = table[name].idxmax() if name != "On licence" else table[name].idxmax()
        middle = below.loc[place, name] + table.loc[place, name] / 2
        words(
            figure, str(name).replace(", ", ",\n"), f"{place:%Y-%m-%d}", middle, bgcolor="rgba(255,255,255,0.92)",
            borderpad=2, xanchor="center", yanchor="middle", align="center",
        )  # fmt: skip
    last = table.columns[-1]
    place = table[last].idxmax()
    words(
        figure, str(last), f"{place:%Y-%m-%d}", table.loc[place].sum(), xanchor="center", yanchor="bottom", yshift=6,
    )  # fmt: skip


def _year_ends(table: pd.DataFrame) -> pd.DataFrame:
    ends = table[(table.index.month == 12) | (table.index == table.index[-1])]
    return ends.map(count).rename_axis("On").rename(index=said).reset_index()


def terminations_chart(run: Run) -> Chart:
    """Return licences ended by route and month: all of them, and again with the tallest bar cut."""
    automatic, board = (run.by_life("terminations", route).mean(axis=1)[TERMINATIONS_FROM:] for route in ("automatic", "board"))
    both = automatic + board
    peak = automatic.idxmax()
    second = both.drop(peak).max() if len(both) > 1 else both.max()
    figure = frame(rows=2, years=2)
    figure.update_layout(height=2 * ROW_HEIGHT + 60, bargap=0.1)
    for row, top in ((1, both.max()), (2, second)):
        for name, values, colour in (("By the law itself", automatic, NAVY), ("By the Board", board, ORANGE)):
            figure.add_trace(go.Bar(
                x=dates(values.index.to_period("M").to_timestamp()), y=values.round(1), marker={"color": colour, "line": {"width": 0}},
                hovertemplate=f"{name}: %{{y:,.0f}}<extra></extra>",
            ), row=row, col=1)  # fmt: skip
        set_range(figure, 0, top, row)
    panel_title(figure, "Full scale", 1)
    panel_title(figure, f"Closer: {month(peak)} is cut", 2)
    _route_names(figure)
    after = [each[each.index > peak].sum() for each in (automatic, board)]
    return Chart(
        "terminations",
        f"The law itself ends {count(automatic[peak])} licences in {month(peak)}; "
        f"by {month(both.index[-1])} the Parole Board ends {count(after[1])} more, and the law {count(after[0])}",
        "Licences ended each month, number of people (means over lives, so that they add up)", figure,
        f"Two stacked bar charts of the same months. One bar, {month(peak)}, is {count(both[peak])} high; the next "
        f"highest month is {count(second)}. After {month(peak)} {count(after[0])} licences end by the law itself and "
        f"{count(after[1])} by the Parole Board.", source_of(run),
        together([_mean_rows(run, values, "terminations", group) for values, group in ((automatic, "automatic"), (board, "board"))]),
        _terminations_by_year(automatic, board), "In the lower picture the tallest bar runs off the top.",
    )  # fmt: skip


def _route_names(figure: go.Figure) -> None:
    """Name the colours beside a square of each, in the empty corner of the first panel."""
    for step, (text, colour) in enumerate((("By the law itself", NAVY), ("By the Parole Board", ORANGE))):
        figure.add_annotation(
            text=f'<span style="color:{colour}">■</span> {text}', xref="paper", x=1, yref="y domain", y=0.92 - 0.18 * step,
            showarrow=False, font=FONT, xanchor="right", align="right",
        )  # fmt: skip


def _terminations_by_year(automatic: pd.Series, board: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"By the law itself": automatic, "By the Parole Board": board})
    table = table.groupby(pd.DatetimeIndex(table.index).year).sum()
    return table.map(count).rename_axis("Year").reset_index().astype({"Year": str})


def years_chart(run: Run, key: str, measure: str, who: str, since: str) -> Chart:
    """Return how many people there are by whole years since something, on three days, with 90% intervals."""
    days = _days_shown(run)
    groups = run.groups(measure)
    bands = {group: band(run.by_life(measure, group)) for group in groups}
    figure = frame(rows=len(days))
    labels = [group if group.endswith("+") else group.partition("-")[0] for group in groups]
    top = max(each.loc[day, "high"] for each in bands.values() for day in days)
    for row, day in enumerate(days, start=1):
        middle = [bands[group].loc[day, "median"] for group in groups]
        more = [bands[group].loc[day, "high"] - m for group, m in zip(groups, middle, strict=True)]
        less = [m - bands[group].loc[day, "low"] for group, m in zip(groups, middle, strict=True)]
        figure.add_trace(go.Bar(
            x=labels, y=middle, marker={"color": NAVY}, hovertemplate="%{x} years: %{y:,.0f}<extra></extra>",
            error_y={"array": more, "arrayminus": less, "color": TEXT, "thickness": 1.2, "width": 3},
        ), row=row, col=1)  # fmt: skip
        set_range(figure, 0, top, row)
        panel_title(figure, said(day), row)
    figure.update_xaxes(type="category", dtick=1, tick0=0, tickformat="", hoverformat="", ticks="")
    figure.update_layout(bargap=0.2, hovermode="closest")
    longest = groups[-1]
    shares = [_share_of(bands, longest, day) for day in (run.opening, days[-1])]
    rows = [_dated_rows(run, bands[group], days, measure, group) for group in groups]
    return Chart(
        key, f"{shares[0]} of {who} are {longest.rstrip('+')} or more years {since} in {month(run.opening)}, "
        f"and {shares[1]} in {month(days[-1])}",
        f"Number of people by whole years {since} (bars: median; thin lines: 90% of lives)", figure,
        f"{len(days)} bar charts, one for each day. " + " ".join(_most(bands, day, since) for day in days), source_of(run),
        together(rows), _by_years_table(bands, days, since),
    )  # fmt: skip


def _days_shown(run: Run) -> list[pd.Timestamp]:
    there = run.by_life("never_released").index
    return sorted({day for day in (EARLIER, run.opening, run.last) if day in there})


def _share_of(bands: dict[str, pd.DataFrame], group: str, day: pd.Timestamp) -> str:
    whole = sum(each.loc[day, "median"] for each in bands.values())
    return f"{100 * bands[group].loc[day, 'median'] / whole:.0f}%" if whole else "None"


def _most(bands: dict[str, pd.DataFrame], day: pd.Timestamp, since: str) -> str:
    group = max(bands, key=lambda each: bands[each].loc[day, "median"])
    return f"On {said(day)} the largest group is {group} years {since}, {count(bands[group].loc[day, 'median'])} people."


def _dated_rows(run: Run, found: pd.DataFrame, days: Sequence[pd.Timestamp], measure: str, group: str) -> pd.DataFrame:
    rows = found.loc[list(days)].rename(columns={"median": "value"}).rename_axis("first").reset_index()
    rows = rows.assign(last=rows["first"], scenario=run.baseline.key, kind="simulated", measure=measure, group=group)
    return rows.assign(source_url="")[list(ROW)]


def _by_years_table(bands: dict[str, pd.DataFrame], days: Sequence[pd.Timestamp], since: str) -> pd.DataFrame:
    columns = {
        said(day): [
            f"{count(each.loc[day, 'median'])} ({count(each.loc[day, 'low'])} to {count(each.loc[day, 'high'])})"
            for each in bands.values()
        ]
        for day in days
    }
    return pd.DataFrame({f"Years {since}": list(bands)} | columns)
