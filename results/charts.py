"""Charts of the first scenario beside what was published: stocks, flows a year, and what the Board decided.

Each function takes a run and returns a `Chart`: its title states what the data show, and the same data give the
description for those who cannot see it. Published figures are points; nothing is drawn through them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from results.charts_beliefs import beliefs_charts
from results.charts_bills import bills_charts
from results.charts_drivers import PARTS, drivers_chart
from results.charts_fit import fit_charts
from results.charts_grid import grid_charts
from results.charts_moves import moves_chart, year_shown
from results.comparisons import comparisons
from results.evidence import (
    ANNUALISED,
    annual,
    beside,
    by_years,
    described,
    middles,
    misfit,
    published_rows,
    simulated_rows,
    source_of,
    together,
)  # fmt: skip
from results.folder import Flow, Run, band, by_year
from results.labels import by_line, by_points, place, plane_of
from results.standing import places_chart, terminations_chart, years_chart
from results.style import (
    LABEL_WIDTH,
    NAVY,
    ORANGE,
    RIGHT,
    SHADED,
    Chart,
    Label,
    end_labels,
    fan,
    frame,
    panel_title,
    points,
    projection_line,
    set_range,
    set_years,
)  # fmt: skip
from results.words import count, moves, said, year_from

APRIL, OCTOBER = 4, 10


def drawn(run: Run) -> str:
    """Return what a subtitle says of the lines, bands and points of a fan, and of where the projection begins."""
    return (
        f"line: median; shaded: {SHADED}; points: published, hollow if graded fair or poor; projection from "
        f"{said(run.manifest.projection_start)}"
    )


class Stock(NamedTuple):
    """A stock to chart: its measure, how a title names it, and how its subtitle explains it."""

    measure: str
    subject: str
    meaning: str


STOCKS = (
    Stock("never_released", "The number in prison and never released", "People in prison who were never released"),
    Stock("recalled", "The number in prison after a recall", "People in prison after a recall"),
    Stock("custody_total", "The number in prison", "People in prison, never released or recalled"),
    Stock("on_licence", "The number on licence", "People in the community on licence"),
    Stock("hospital", "The number in secure hospital", "People transferred to secure hospital"),
)
FLOWS = (
    ("first-releases", (Flow("first_releases", "", "First releases"),), "First releases"),
    (
        "recalls",
        (Flow("recalls", "", "All recalls"), Flow("recalls", "no new charge", "No new charge")),
        "Recalls to custody, all and those with no new charge",
    ),
    ("rereleases", (Flow("rereleases", "", "Re-releases"),), "Releases after a recall"),
)
PAROLE = (
    Flow("parole_outcomes", "release", "Release directed"),
    Flow("parole_outcomes", "open", "Open recommended"),
    Flow("parole_outcomes", "stay", "No release"),
)


def stock_chart(run: Run, stock: Stock) -> Chart:
    """Return a stock's history and projection: a fan over lives, and the published counts as points."""
    found, published = band(run.by_life(stock.measure)), run.published(stock.measure)
    figure = frame()
    between = set_range(figure, 0, max([found["high"].max(), *published["published"]]))
    fan(figure, found, "Simulated")
    points(figure, published, published["published"])
    _finish(figure, run)
    _name(figure, run, found, published, published["published"], between)
    return Chart(
        stock.measure.replace("_", "-"), f"{stock.subject} {moves(found['median'], run.opening, run.last)}",
        f"{stock.meaning}, month ends, number of people ({drawn(run)})", figure,
        f"Line chart. {described(found, published)}", source_of(run, published),
        together([simulated_rows(found, stock.measure, "", run.baseline.key), published_rows(published)]),
        beside((run.baseline.key, stock.measure, ""), found, published), misfit(published, stock.meaning),
    )  # fmt: skip


def _finish(figure: go.Figure, run: Run, rows: int = 1) -> None:
    set_years(figure, run.manifest.first.year, run.last)
    projection_line(figure, run.manifest.projection_start.isoformat(), rows)


def _name(
    figure: go.Figure,
    run: Run,
    found: pd.DataFrame,
    published: pd.DataFrame,
    y: pd.Series,
    between: tuple[float, float],
) -> None:
    """Write 'Published' by the points and 'Simulated' by the line, where there is room."""
    plane = plane_of(figure, pd.Timestamp(run.manifest.first.year, 1, 1), run.last, between)
    taken = [plane.along(found[each]) for each in ("low", "median", "high")]
    taken.append(plane.upright(pd.Timestamp(run.manifest.projection_start)))
    if len(published):
        days = middles(published)
        taken += [plane.of(days, y.to_numpy(float))] * 3  # a point covered is worse than a bit of line
        gaps = (y - published["median"] * (y / published["published"])).fillna(0.0)
        taken.append(place(figure, plane, "Published", by_points(days, y.to_numpy(float), gaps.to_numpy(float)), taken))
    place(figure, plane, "Simulated", by_line(found["high"]) + by_line(found["low"]), taken)


def flow_chart(run: Run, key: str, flows: Sequence[Flow], meaning: str) -> Chart:
    """Return flows a calendar year, one or two lines, with published figures on their own windows."""
    found = [band(by_year(run.by_life(flow.measure, flow.group))) for flow in flows]
    published = [annual(run.published(flow.measure, flow.group)) for flow in flows]
    figure = _flow_figure(run, flows, found, published)
    texts = [f"{flow.name}: {described(a, b)}" for flow, a, b in zip(flows, found, published, strict=True)]
    rows = [_yearly_rows(run, flow, a, b) for flow, a, b in zip(flows, found, published, strict=True)]
    return Chart(
        key, f"{flows[0].name} {_between_years(run, found[0]['median'])}",
        f"{meaning}, calendar years, number a year ({drawn(run)})", figure, f"Line chart. {' '.join(texts)}",
        source_of(run, pd.concat(published)), together(rows), by_years(run.baseline.key, flows, found, published),
        f"{misfit(published[0], flows[0].name)} {ANNUALISED}".strip(),
    )  # fmt: skip


def _flow_figure(
    run: Run, flows: Sequence[Flow], found: Sequence[pd.DataFrame], published: Sequence[pd.DataFrame]
) -> go.Figure:
    several = len(flows) > 1
    figure = frame(right=LABEL_WIDTH if several else RIGHT)
    tops = [float(each["high"].max()) for each in found] + [y for each in published for y in each["yearly"]]
    between = set_range(figure, 0, max(tops))
    lines = [_at_middles(each, 7) for each in found]
    for each, some, flow, colour in zip(lines, published, flows, (NAVY, ORANGE), strict=False):
        fan(figure, each, flow.name, colour)
        points(figure, some, some["yearly"], colour=colour if several else ORANGE)
    figure.update_xaxes(hoverformat="%Y")
    _finish(figure, run)
    if several:
        drawn = zip(flows, found, (NAVY, ORANGE), strict=False)
        ends = [Label(flow.name, each["median"].iloc[-1], colour) for flow, each, colour in drawn]
        end_labels(figure, ends, between)
    else:
        _name(figure, run, lines[0], published[0], published[0]["yearly"], between)
    return figure


def _at_middles(found: pd.DataFrame, middle: int) -> pd.DataFrame:
    """Return a table by years as one by days: the first of the middle month of each year."""
    return found.set_axis(pd.DatetimeIndex([pd.Timestamp(int(year), middle, 1) for year in found.index]))


def _between_years(run: Run, middle: pd.Series) -> str:
    first = run.opening.year - (0 if run.opening.month == 12 else 1)
    first = first if first in middle.index else int(middle.index[0])
    before, after, last = count(middle[first]), count(middle.iloc[-1]), middle.index[-1]
    way = "stay at" if before == after else "rise to" if middle.iloc[-1] > middle[first] else "fall to"
    return f"{way} {after} in {last}, from {before} in {first}"


def _yearly_rows(run: Run, flow: Flow, found: pd.DataFrame, published: pd.DataFrame, start: int = 1) -> pd.DataFrame:
    firsts = _at_middles(found, start)
    lasts = pd.DatetimeIndex(firsts.index) + pd.DateOffset(years=1) - pd.Timedelta(days=1)
    simulated = simulated_rows(firsts, flow.measure, flow.group, run.baseline.key, lasts)
    return together([simulated, published_rows(published)])


def parole_chart(run: Run) -> Chart:
    """Return what reviews of the Parole Board led to by financial year, one panel for each outcome."""
    found = [band(by_year(run.by_life(flow.measure, flow.group), APRIL)) for flow in PAROLE]
    published = [run.published(flow.measure, flow.group) for flow in PAROLE]
    figure = frame(rows=len(PAROLE))
    for row, (flow, each, some) in enumerate(zip(PAROLE, found, published, strict=True), start=1):
        set_range(figure, 0, max([each["high"].max(), *some["published"]]), row)
        fan(figure, _at_middles(each, OCTOBER), flow.name, row=row)
        points(figure, some, some["published"], row)
        panel_title(figure, flow.name, row)
    _finish(figure, run, len(PAROLE))
    share = 100 * found[0]["median"] / sum(each["median"] for each in found)
    opening, last = _opening_year(run, found[0]), int(found[0].index[-1])
    texts = [f"{flow.name}: {described(a, b)}" for flow, a, b in zip(PAROLE, found, published, strict=True)]
    rows = [_yearly_rows(run, flow, a, b, APRIL) for flow, a, b in zip(PAROLE, found, published, strict=True)]
    return Chart(
        "parole-outcomes",
        f"{count(share[last])}% of reviews end in a direction to release in {year_from(last, APRIL)}, "
        f"against {count(share[opening])}% in {year_from(opening, APRIL)}",
        f"Outcomes of Parole Board reviews, financial years, number a year ({drawn(run)})", figure,
        f"Three line charts, one for each outcome. {' '.join(texts)}",
        source_of(run, pd.concat(published)), together(rows),
        by_years(run.baseline.key, PAROLE, found, published, APRIL),
        " ".join(misfit(some, flow.name) for some, flow in zip(published, PAROLE, strict=True)).strip(),
    )  # fmt: skip


def _opening_year(run: Run, found: pd.DataFrame) -> int:
    whole = [year for year in found.index if pd.Timestamp(year + 1, APRIL, 1) <= run.opening + pd.Timedelta(days=1)]
    return int(whole[-1] if whole else found.index[0])


def charts(run: Run, year: int | None = None) -> list[tuple[str, list[Chart]]]:
    """Return every chart of the report under its section's heading, in the order in which they stand.

    `year` is that of the moves; BadInput if the run does not cover it whole.
    """
    compared = [(f"Compared with {run.baseline.spoken}", [*comparisons(run), *bills_charts(run)])] if run.others else []
    drivers = [drivers_chart(run, told, measure) for told in run.others for measure in PARTS]
    beliefs = beliefs_charts(run)
    moved = year_shown(run, year)
    over = ("unreleased_by_years_over_tariff", "people in prison, never released and past tariff,", "past tariff")
    since = ("on_licence_by_years_since_first_release", "people on licence", "since first release")
    return [
        *compared,
        *([("Bills enacted together", pairs)] if (pairs := grid_charts(run)) else []),
        *([("What makes the differences", drivers)] if drivers else []),
        *([("Which beliefs it turns on", beliefs)] if beliefs else []),
        ("Where people are", [places_chart(run), *(stock_chart(run, stock) for stock in STOCKS)]),
        ("Releases, recalls and reviews", [*(flow_chart(run, *asked) for asked in FLOWS), parole_chart(run)]),
        *([("Who moves where in a year", [moves_chart(run, moved)])] if moved else []),
        ("How licences end", [terminations_chart(run)]),
        ("How long it has been", [years_chart(run, "past-tariff", *over), years_chart(run, "since-release", *since)]),
        ("Published figures, series by series", fit_charts(run)),
    ]
