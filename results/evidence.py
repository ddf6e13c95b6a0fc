"""Evidence: what stands with every chart. The rows of its file, the table in the page, its sources, its description."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from results.fit import INTERVAL
from results.folder import Flow, Run, year_ends
from results.tracing import BETWEEN, MEDIAN, Traced, trace
from results.words import above_or_below, count, listed, month, said, year_from
from sim.days import YEAR

LEAST_WINDOW, MOST_WINDOW = 60, 800  # days; figures over other windows are in the table of fit only
MOST_SOURCES = 4
THREE = ["low", "median", "high"]
ENDS = ("low", "high", "low_80", "high_80", "low_50", "high_50")  # of bands; empty where there is none
ROW = ("scenario", "kind", "measure", "group", "first", "last", "value", *ENDS, "source_url")
ANNUALISED = (
    "A published figure over a window other than a year is drawn at its yearly rate, as a point on a bar as long as "
    "its window; the files give it as published."
)


def simulated_rows(found: pd.DataFrame, measure: str, group: str, scenario: str, ends: Any = None) -> pd.DataFrame:
    """Return a band as rows of a chart's CSV file; `ends` are the last days of windows that the index begins."""
    rows = found.rename(columns={"median": "value"}).rename_axis("first").reset_index()
    rows = rows.assign(last=rows["first"] if ends is None else ends, kind="simulated", scenario=scenario)
    return rows.assign(measure=measure, group=group, source_url="")[list(ROW)]


def published_rows(published: pd.DataFrame) -> pd.DataFrame:
    """Return published figures as rows of a chart's CSV file."""
    rows = published.assign(kind="published", scenario="", value=published["published"], **dict.fromkeys(ENDS, np.nan))
    return rows[list(ROW)]


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return rows of a CSV file one after the other; empty parts do not change the columns' types."""
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def source_of(run: Run, published: pd.DataFrame | None = None) -> str:
    """Return the source line: where the published figures stand, and which run the simulated ones are of."""
    simulated = f"Simulated: this model, run {run.manifest.run}."
    if published is None or published.empty:
        return simulated
    hosts = published["source_url"].map(lambda url: (urlsplit(url).hostname or "").removeprefix("www."))
    named = [str(host) for host in hosts[hosts != ""].value_counts(sort=True).index]
    if not named:
        named = sorted({str(title).lower() for title in published["title"]})
    some = named[:MOST_SOURCES] + ([f"{len(named) - MOST_SOURCES} more"] if len(named) > MOST_SOURCES else [])
    return f"Published: {listed(some)}; the source of each figure is in the table of fit. {simulated}"


def middles(published: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the middle day of each figure's window."""
    return pd.DatetimeIndex((published["first"] + (published["last"] - published["first"]) / 2).dt.normalize())


def misfit(published: pd.DataFrame, what: str) -> str:
    """Return how the latest published figure compares, as a sentence; empty if there is none."""
    if published.empty:
        return ""
    last = published.sort_values("last").to_dict("records")[-1]
    return (
        f"{what}, {_when_of(last['first'], last['last'])}: published {count(last['published'])}, "
        f"simulated {count(last['median'])} ({count(last['low'])} to {count(last['high'])}), "
        f"{above_or_below(last['error_per_cent'])}."
    )


def _when_of(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return said(last) if first == last else f"{said(first)} to {said(last)}"


def described(found: pd.DataFrame, published: pd.DataFrame) -> str:
    """Return a line with its band, and the points beside it, as sentences for those who cannot see them."""
    middle = found["median"]
    top = middle.idxmax()
    text = (
        f"The median starts at {count(middle.iloc[0])} in {_when(middle.index[0])}, is highest in {_when(top)} "
        f"at {count(middle.max())} and ends at {count(middle.iloc[-1])} in {_when(middle.index[-1])}, "
        f"where {INTERVAL} of lives lie between {count(found['low'].iloc[-1])} and {count(found['high'].iloc[-1])}."
    )
    if published.empty:
        return text + " There are no published figures."
    errors = published["error_per_cent"]
    return text + (
        f" {len(published)} published figures, from {_when(published['last'].min())} to "
        f"{_when(published['last'].max())}, are drawn as points; the simulation is between "
        f"{above_or_below(errors.min())} and {above_or_below(errors.max())} them."
    )


def _when(when: Any) -> str:
    return month(when) if isinstance(when, pd.Timestamp) else str(when)


def _pair(of: Sequence[str], last: Any, first: Any, median: float, low: float, high: float) -> tuple[Traced, Traced]:
    """Return a median and an interval in words, with traces; `of` is the scenario, the measure and the group."""
    between = f"{count(low)} to {count(high)}"
    return (
        Traced(count(median), trace(of[0], of[1], of[2], last, MEDIAN, first)),
        Traced(between, trace(of[0], of[1], of[2], last, BETWEEN, first)),
    )


def beside(of: Sequence[str], found: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the page's table of a stock: year ends as simulated, and every day with a published figure.

    `of` is the scenario, the measure and the group.
    """
    ends = year_ends(found)
    rows = {when: (*row, np.nan) for when, row in zip(ends.index, ends[THREE].to_numpy(), strict=True)}
    for one in published.itertuples():
        rows[one.last] = (one.low, one.median, one.high, one.published)
    table = [
        (said(when), *_pair(of, when, when, median, low, high), count(value))
        for when, (low, median, high, value) in sorted(rows.items())
    ]
    return pd.DataFrame(table, columns=["On", "Simulated median", f"{INTERVAL} interval", "Published"], dtype=object)


def annual(published: pd.DataFrame) -> pd.DataFrame:
    """Return published flows over windows near a year long, with `yearly`: the value at a yearly rate."""
    days = (published["last"] - published["first"]).dt.days + 1
    near = published[(days >= LEAST_WINDOW) & (days <= MOST_WINDOW)].assign(days=days)
    return near.assign(yearly=near["published"] * np.where(near["days"].between(364, 367), 1, YEAR / near["days"]))


def by_years(
    scenario: str, flows: Sequence[Flow], found: Sequence[pd.DataFrame], published: Sequence[pd.DataFrame],
    start: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """Return the page's table of flows: years as simulated, and each published window beside what was simulated.

    Years begin with the month `start`.
    """
    rows = []
    for flow, each, some in zip(flows, found, published, strict=True):
        of = (scenario, flow.measure, flow.group)
        for year, (low, median, high) in zip(each.index, each[THREE].to_numpy(), strict=True):
            first = pd.Timestamp(int(year), start, 1)
            days = first + pd.DateOffset(years=1) - pd.Timedelta(days=1), first
            rows.append((flow.name, year_from(int(year), start), *_pair(of, *days, median, low, high), "–"))
        for one in some.to_dict("records"):
            pair = _pair(of, one["last"], one["first"], one["median"], one["low"], one["high"])
            rows.append((flow.name, _when_of(one["first"], one["last"]), *pair, count(one["published"])))
    heads = ["Flow", "Year or window", "Simulated median", f"{INTERVAL} interval", "Published"]
    return pd.DataFrame(rows, columns=heads, dtype=object)
