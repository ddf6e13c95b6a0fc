"""Charts of the first scenario: stocks and flows beside what was published, and who is where for how long.

Each function takes a run and returns a `Chart`: its title states what the data show, and the same data give the
description for those who cannot see it. Published figures are points; nothing is drawn through them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from results.comparisons import comparisons
from results.evidence import (
    ANNUALISED,
    annual,
    beside,
    by_years,
    described,
    misfit,
    published_rows,
    simulated_rows,
    source_of,
    together,
)  # fmt: skip
from results.folder import Flow, Run, band, by_year
from results.standing import places_chart, terminations_chart, years_chart
from results.style import (
    LABEL_WIDTH,
    NAVY,
    ORANGE,
    Chart,
    Label,
    dates,
    end_labels,
    fan,
    frame,
    panel_title,
    points,
    projection_line,
    set_range,
    words,
)  # fmt: skip
from results.words import count, moves

INTERVAL = "line: median; shaded: 90% of lives; points: published, hollow if graded fair or poor"


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


def label_line(figure: go.Figure, found: pd.DataFrame, text: str, between: tuple[float, float]) -> None:
    """Write beside a line what it is, over its projection if there is room above it, else below."""
    place = found.index[int(len(found) * 0.9)]
    high, low = float(found.loc[place, "high"]), float(found.loc[place, "low"])
    above = high < 0.7 * between[1]
    words(
        figure, text, dates(pd.Index([place]))[0], high if above else low, xanchor="center",
        yanchor="bottom" if above else "top", yshift=6 if above else -6, align="center",
    )  # fmt: skip


def label_points(figure: go.Figure, published: pd.DataFrame, y: pd.Series) -> None:
    """Write 'Published counts' beside the point that stands furthest from the line, on its far side."""
    if published.empty:
        return
    gap = (y - published["median"]).abs().fillna(0)
    place = int(gap.to_numpy().argmax())
    middle = published["first"] + (published["last"] - published["first"]) / 2
    below = y.iloc[place] < published["median"].iloc[place]
    words(
        figure, "Published", f"{middle.iloc[place]:%Y-%m-%d}", y.iloc[place], xanchor="right" if below else "center",
        yanchor="top" if below else "bottom", yshift=-6 if below else 8, xshift=-4 if below else 0,
    )  # fmt: skip


def stock_chart(run: Run, stock: Stock) -> Chart:
    """Return a stock's history and projection: a fan over lives, and the published counts as points."""
    found, published = band(run.by_life(stock.measure)), run.published(stock.measure)
    figure = frame()
    between = set_range(figure, 0, max(found["high"].max(), published["published"].max() if len(published) else 0))
    fan(figure, found, "Simulated")
    if len(published):
        points(figure, published, published["published"])
    projection_line(figure, run.manifest.projection_start.isoformat())
    label_line(figure, found, "Simulated", between)
    label_points(figure, published, published["published"])
    return Chart(
        stock.measure.replace("_", "-"), f"{stock.subject} {moves(found['median'], run.opening, found.index[-1])}",
        f"{stock.meaning}, month ends, number of people ({INTERVAL})", figure,
        f"Line chart. {described(found, published)}", source_of(run, published),
        together([simulated_rows(found, stock.measure, "", run.baseline.key), published_rows(published)]),
        beside(found, published), misfit(published),
    )  # fmt: skip


def flow_chart(run: Run, key: str, flows: Sequence[Flow], subject: str, meaning: str) -> Chart:
    """Return flows a calendar year, one or two lines, with published figures on their own windows."""
    colours = (NAVY, ORANGE) if len(flows) > 1 else (NAVY,)
    found = [band(by_year(run.by_life(flow.measure, flow.group))) for flow in flows]
    published = [annual(run.published(flow.measure, flow.group)) for flow in flows]
    figure = frame(right=LABEL_WIDTH if len(flows) > 1 else 14)
    tops = [each["high"].max() for each in found] + [each["yearly"].max() for each in published if len(each)]
    between = set_range(figure, 0, max(tops))
    for each, some, flow, colour in zip(found, published, flows, colours, strict=True):
        fan(figure, each.set_axis(_middles(each.index)), flow.name, colour)
        if len(some):
            points(figure, some, some["yearly"], colour=colour if len(flows) > 1 else ORANGE)
    figure.update_xaxes(hoverformat="%Y")
    projection_line(figure, run.manifest.projection_start.isoformat())
    if len(flows) > 1:
        end_labels(figure, [Label(f.name, each["median"].iloc[-1]) for f, each in zip(flows, found, strict=True)], between)
    else:
        label_line(figure, found[0].set_axis(_middles(found[0].index)), "Simulated", between)
        label_points(figure, published[0], published[0]["yearly"])
    return Chart(
        key, f"{subject} {_between_years(run, found[0]['median'])}",
        f"{meaning}, calendar years, number a year ({INTERVAL})", figure,
        "Line chart. " + " ".join(f"{f.name}: {described(a, b)}" for f, a, b in zip(flows, found, published, strict=True)),
        source_of(run, pd.concat(published)),
        together([_yearly_rows(run, f, a, b) for f, a, b in zip(flows, found, published, strict=True)]),
        by_years(flows, found, published), f"{misfit(published[0])} {ANNUALISED}".strip(),
    )  # fmt: skip


def _middles(years: pd.Index) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([pd.Timestamp(int(year), 7, 1) for year in years])


def _between_years(run: Run, middle: pd.Series) -> str:
    first = run.opening.year - (0 if run.opening.month == 12 else 1)
    first = first if first in middle.index else int(middle.index[0])
    return f"from {count(middle[first])} in {first} to {count(middle.iloc[-1])} in {middle.index[-1]}"


def _yearly_rows(run: Run, flow: Flow, found: pd.DataFrame, published: pd.DataFrame, start: int = 1) -> pd.DataFrame:
    firsts = pd.DatetimeIndex([pd.Timestamp(int(year), start, 1) for year in found.index])
    lasts = firsts + pd.DateOffset(years=1) - pd.Timedelta(days=1)
    rows = simulated_rows(found.set_axis(firsts), flow.measure, flow.group, run.baseline.key, lasts)
    return together([rows, published_rows(published)])




PAROLE = (
    Flow("parole_outcomes", "release", "Release directed"), Flow("parole_outcomes", "open", "Open recommended"),
    Flow("parole_outcomes", "stay", "No release"),
)  # fmt: skip
APRIL = 4


def parole_chart(run: Run) -> Chart:
    """Return what reviews of the Parole Board led to by financial year, one panel for each outcome."""
    found = [band(by_year(run.by_life(flow.measure, flow.group), APRIL)) for flow in PAROLE]
    published = [run.published(flow.measure, flow.group) for flow in PAROLE]
    figure = frame(rows=len(PAROLE))
    for row, (flow, each, some) in enumerate(zip(PAROLE, found, published, strict=True), start=1):
        middles = pd.DatetimeIndex([pd.Timestamp(int(year), 10, 1) for year in each.index])
        set_range(figure, 0, max([each["high"].max(), *some["published"]]), row)
        fan(figure, each.set_axis(middles), flow.name, row=row)
        if len(some):
            points(figure, some, some["published"], row)
        panel_title(figure, flow.name, row)
    projection_line(figure, run.manifest.projection_start.isoformat(), len(PAROLE))
    shares = [each["median"] / sum(one["median"] for one in found) for each in found]
    first, last = found[0].index[0], found[0].index[-1]
    return Chart(
        "parole-outcomes",
        f"{_share(shares[0][last])} of reviews end in a direction to release in {_financial(last)}, "
        f"against {_share(shares[0][_opening_year(run, found[0])])} in {_financial(_opening_year(run, found[0]))}",
        f"Outcomes of Parole Board reviews, financial years, number a year ({INTERVAL})", figure,
        "Three line charts, one for each outcome. "
        + " ".join(f"{f.name}: {described(a, b)}" for f, a, b in zip(PAROLE, found, published, strict=True)),
        source_of(run, pd.concat(published)),
        together([_yearly_rows(run, f, a, b, APRIL) for f, a, b in zip(PAROLE, found, published, strict=True)]),
        by_years(PAROLE, [each.rename(index=_financial) for each in found], published), misfit(published[0]),
    )  # fmt: skip


def _share(value: float) -> str:
    return "None" if value != value else f"{100 * value:.0f}%"


def _financial(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _opening_year(run: Run, found: pd.DataFrame) -> int:
    whole = [year for year in found.index if pd.Timestamp(year + 1, APRIL, 1) <= run.opening + pd.Timedelta(days=1)]
    return int(whole[-1] if whole else found.index[0])


FLOWS = (
    ("first-releases", (Flow("first_releases", "", "First releases"),), "First releases go", "First releases"),
    ("recalls", (Flow("recalls", "", "All recalls"), Flow("recalls", "no new charge", "No new charge")),
     "Recalls go", "Recalls to custody, all and with no new charge"),
    ("rereleases", (Flow("rereleases", "", "Re-releases"),), "Re-releases go", "Releases after a recall"),
)  # fmt: skip


def charts(run: Run) -> list[tuple[str, list[Chart]]]:
    """Return every chart of the report under its section's heading, in the order in which they stand."""
    sections = [("Compared with " + run.baseline.name, comparisons(run))] if run.others else []
    flows = [flow_chart(run, *asked) for asked in FLOWS]
    lengths = [
        years_chart(run, "years-over-tariff", "unreleased_by_years_over_tariff", "the never released past tariff", "past tariff"),
        years_chart(
            run, "years-since-release", "on_licence_by_years_since_first_release", "people on licence",
            "since first release",
        ),
    ]  # fmt: skip
    return [
        *sections,
        ("Where people are", [places_chart(run), *(stock_chart(run, stock) for stock in STOCKS)]),
        ("Releases, recalls and reviews", [*flows, parole_chart(run)]),
        ("How licences end", [terminations_chart(run)]),
        ("How long it has been", lengths),
    ]
