"""How well the model fits: every published series of several figures, each figure beside what the lives show of it.

Each figure is simulated on its own day or over its own window, so that like is set beside like; flows are drawn at
their yearly rate. A point on the bar is a figure that the lives reach.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from results.evidence import annual, published_rows, source_of, together
from results.fit import INTERVAL
from results.folder import Run
from results.measures import MEASURES
from results.style import NAVY, Chart, axes, axis_name, dates, frame, panel_title, points, set_range
from results.words import count

LEAST = 4  # figures of a series; fewer are in the table of fit only
COLUMNS, PER_CHART = 3, 9
PANEL, YEARS = 160, 5  # pixels of a panel's height with its title, and years between ticks
DOT, DASH = 6, 8  # pixels of a published point and of a simulated median
KINDS = (("stock", "Stocks"), ("flow", "Flows"))
NAMES = {
    "never_released": "Never released", "recalled": "Recalled, in prison", "custody_total": "All in prison",
    "on_licence": "On licence", "hospital": "Secure hospital", "tariff_expired_unreleased": "Past tariff, unreleased",
    "first_releases": "First releases", "recalls": "Recalls", "people_recalled": "People recalled",
    "parole_outcomes": "Reviews", "first_hearing_outcomes": "First hearing", "hearings": "Oral hearings",
    "hospital_transfers": "To secure hospital", "returned_to_closed": "Open to closed", "sentenced": "Sentenced",
}  # fmt: skip
GROUPS = {"not directed": "no release", "release directed": "release"}


def fit_charts(run: Run) -> list[Chart]:
    """Return panels of published figures beside simulated ones: stocks, and flows a year, nine panels a chart."""
    charts = []
    for kind, name in KINDS:
        series = _series(run, kind)
        starts = range(0, len(series), PER_CHART)
        for i, start in enumerate(starts):
            suffix = f"-{i + 1}" if len(starts) > 1 else ""
            charts.append(fit_chart(run, series[start : start + PER_CHART], kind, f"{name}", suffix))
    return charts


def _series(run: Run, kind: str) -> list[pd.DataFrame]:
    """Return the figures of each measure and group that has several, at a yearly rate for flows, in the fit's order."""
    single = run.fit[(run.fit["kind"] == kind) & (run.fit["last"] >= pd.Timestamp(run.manifest.first))]
    single = single[single["last"] <= run.last]
    grouped = [rows for _, rows in single.groupby(["measure", "group"], sort=False, observed=True)]
    yearly = [_rates(annual(rows)) if kind == "flow" else rows for rows in grouped]
    return [rows.sort_values("last", ignore_index=True) for rows in yearly if len(rows) >= LEAST]


def _rates(rows: pd.DataFrame) -> pd.DataFrame:
    scale = (rows["yearly"] / rows["published"].where(rows["published"] != 0)).fillna(1.0)
    return rows.assign(**{column: rows[column] * scale for column in ("published", "median", "low", "high")})


def fit_chart(run: Run, series: Sequence[pd.DataFrame], kind: str, name: str, suffix: str = "") -> Chart:
    """Return one panel for each series, each figure a point beside the simulated median and interval."""
    every = pd.concat(series, ignore_index=True)
    inside, all_of_them = int(every["covered"].fillna(False).astype(bool).sum()), len(every)
    typical = float(every["error_per_cent"].abs().median())
    texts = [f"{_name(rows)}: {_said(rows)}." for rows in series]
    rate = "at a yearly rate" if kind == "flow" else "number of people"
    return Chart(
        f"fit-{kind}s{suffix}",
        f"{name}: {inside} of {all_of_them} published figures lie within the {INTERVAL} interval of lives; half are "
        f"within {count(typical)}% of the median",
        "Published figures (points; hollow if graded fair or poor) beside the simulated median and "
        f"{INTERVAL} of lives (bars), {rate}",
        _figure(run, series), f"{len(series)} charts of points and bars. {' '.join(texts)}", source_of(run, every),
        together([*(_simulated(run, rows) for rows in series), *(published_rows(rows) for rows in series)]),
        _table(series),
    )  # fmt: skip


def _name(rows: pd.DataFrame) -> str:
    measure, group = str(rows["measure"].iloc[0]), str(rows["group"].iloc[0])
    name = NAMES.get(measure, measure.replace("_", " ").capitalize())
    return f"{name}: {GROUPS.get(group, group)}" if group else name


def _said(rows: pd.DataFrame) -> str:
    """Return how the simulated figures of one series stand to the published, in words."""
    errors, inside = rows["error_per_cent"], int(rows["covered"].fillna(False).astype(bool).sum())
    return (
        f"{inside} of {len(rows)} inside, the median from {count(errors.min())}% to {count(errors.max())}% off"
    )


def _figure(run: Run, series: Sequence[pd.DataFrame]) -> go.Figure:
    rows = ceil(len(series) / COLUMNS)
    figure = frame(rows=rows, columns=COLUMNS, years=YEARS, height=rows * PANEL + 28, gap=66)
    every = pd.concat(series)
    first, last = every["first"].min() - pd.Timedelta(days=365), every["last"].max() + pd.Timedelta(days=365)
    for panel, some in enumerate(series, start=1):
        _panel(figure, some, panel)
    figure.update_xaxes(range=[f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"])
    for panel in range(len(series) + 1, rows * COLUMNS + 1):
        figure.update_layout({axis_name(letter, panel): {"visible": False} for letter in "xy"})
    return figure


def _panel(figure: go.Figure, rows: pd.DataFrame, panel: int) -> None:
    """Draw one series: the simulated median as a dash with its interval, and the published figures as points."""
    middle = pd.DatetimeIndex((rows["first"] + (rows["last"] - rows["first"]) / 2).dt.normalize())
    set_range(figure, 0, max(rows["high"].max(), rows["published"].max()), panel)
    figure.add_trace(go.Scatter(
        x=dates(middle), y=rows["median"].round(2), mode="markers", name="Simulated",
        marker={"symbol": "line-ew", "size": DASH, "line": {"width": 2.5, "color": NAVY}},
        error_y={
            "array": (rows["high"] - rows["median"]).round(2), "arrayminus": (rows["median"] - rows["low"]).round(2),
            "color": NAVY, "thickness": 2.5, "width": 0,
        },
        hovertemplate="Simulated: %{y:,.0f}<extra></extra>", **axes(panel),
    ))  # fmt: skip
    points(figure, rows.assign(first=middle, last=middle), rows["published"], panel, size=DOT)
    panel_title(figure, _name(rows), panel)


def _simulated(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    found = rows.assign(kind="simulated", scenario=run.baseline.key, value=rows["median"], source_url="")
    found = found.assign(**dict.fromkeys(("low_80", "high_80", "low_50", "high_50"), np.nan))
    return found[list(published_rows(rows).columns)]


def _table(series: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each series: how many figures, how many inside, and how far off."""
    rows = []
    for some in series:
        errors = some["error_per_cent"]
        inside = int(some["covered"].fillna(False).astype(bool).sum())
        meaning = MEASURES[str(some["measure"].iloc[0])].meaning
        rows.append((_name(some), meaning, str(len(some)), str(inside), f"{count(errors.abs().median())}%"))
    heads = ["Series", "What is counted", "Figures", f"Inside the {INTERVAL} interval", "Median error, either way"]
    return pd.DataFrame(rows, columns=heads)
