"""Charts that set the scenarios beside each other: the difference first, and then each as it stands."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from results.evidence import simulated_rows, source_of, together
from results.folder import Run, Told, band
from results.style import (
    LABEL_WIDTH,
    NAVY,
    ORANGE,
    PINK,
    TURQUOISE,
    Chart,
    Label,
    end_labels,
    fan,
    frame,
    line,
    panel_title,
    set_range,
    upright,
    words,
)  # fmt: skip
from results.words import count, fewer_or_more, listed, month, said, signed, with_interval

FROM = pd.Timestamp("2023-01-01")
OTHERS = (ORANGE, TURQUOISE, PINK)
COMPARED = (
    ("recalled", "In prison after a recall", "people in prison after a recall"),
    ("on_licence", "On licence", "people on licence"),
    ("never_released", "Never released", "people in prison and never released"),
)


def difference_chart(run: Run, told: Told) -> Chart:
    """Return a scenario less the first, life by life, one panel for each of three stocks."""
    differences = [run.against(told.key, measure)[FROM:] for measure, _, _ in COMPARED]
    found = [band(each) for each in differences]
    figure = frame(rows=len(COMPARED), years=2)
    for row, ((_, name, _), each) in enumerate(zip(COMPARED, found, strict=True), start=1):
        set_range(figure, each["low"].min(), each["high"].max(), row)
        fan(figure, each, name, row=row, signed=True)
        panel_title(figure, name, row)
        _commencement(figure, told, row)
    figure.update_yaxes(tickformat="+,d")
    figure.update_yaxes(zerolinewidth=1.5)
    last = differences[0].index[-1]
    said_ = [fewer_or_more(each.loc[last], what) for each, (_, _, what) in zip(differences, COMPARED, strict=True)]
    return Chart(
        f"difference-{told.key}", f"{told.name}: {said_[0]} in {month(last)}",
        f"Difference from {run.baseline.name}, month ends, number of people (line: median; shaded: 90% of lives)", figure,
        f"Three line charts of differences from {run.baseline.name}. In {month(last)}: {listed(said_)}.", source_of(run),
        together([
            simulated_rows(each, measure, "", f"{told.key} less {run.baseline.key}")
            for each, (measure, _, _) in zip(found, COMPARED, strict=True)
        ]), _year_ends(differences),
    )  # fmt: skip


def _commencement(figure: go.Figure, told: Told, row: int) -> None:
    """Mark the day on which a Bill commences, and name it in the first panel."""
    if told.commencement is None or told.commencement < FROM.date():
        return
    upright(figure, told.commencement.isoformat(), row)
    if row == 1:
        start = told.commencement.isoformat()
        words(figure, "In force", start, 1.0, yref="y domain", xanchor="left", yanchor="bottom", xshift=2)


def _year_ends(differences: Sequence[pd.DataFrame]) -> pd.DataFrame:
    ends = [day for day in differences[0].index if day.month == 12 or day == differences[0].index[-1]]
    columns = {}
    for each, (_, name, _) in zip(differences, COMPARED, strict=True):
        found = band(each)
        columns[name] = [
            f"{signed(found.loc[day, 'median'])} ({signed(found.loc[day, 'low'])} to {signed(found.loc[day, 'high'])})"
            for day in ends
        ]
    return pd.DataFrame({"On": [said(day) for day in ends]} | columns)


def level_chart(run: Run, some: Sequence[Told], measure: str, name: str, suffix: str = "") -> Chart:
    """Return a stock under the first scenario and up to three others, one line each, named at its end."""
    shown = [run.baseline, *some]
    found = {told.key: band(run.by_life(measure, "", told.key)[FROM:]) for told in shown}
    figure = frame(right=LABEL_WIDTH, years=4)
    between = set_range(figure, 0, max(each["median"].max() for each in found.values()))
    for told, colour in reversed(list(zip(shown, (NAVY, *OTHERS), strict=False))):
        line(figure, found[told.key]["median"], told.name, colour)
    end_labels(figure, [Label(told.name, found[told.key]["median"].iloc[-1]) for told in shown], between)
    last = found[run.baseline.key].index[-1]
    ends = [f"{count(found[told.key]['median'][last])} under {told.name}" for told in shown]
    years = [day for day in found[run.baseline.key].index if day.month == 12 or day == last]
    columns = {told.name: [with_interval(run.by_life(measure, "", told.key).loc[day]) for day in years] for told in shown}
    return Chart(
        f"scenarios-{measure.replace('_', '-')}{suffix}", f"{name}, {month(last)}: {listed(ends)}",
        f"{name}, month ends, number of people (medians over lives; the intervals are in the table)", figure,
        f"Line chart with {len(shown)} lines from {month(FROM)} to {month(last)}. At its end: {listed(ends)}.", source_of(run),
        together([simulated_rows(found[told.key], measure, "", told.key) for told in shown]),
        pd.DataFrame({"On": [said(day) for day in years]} | columns),
    )  # fmt: skip


def comparisons(run: Run) -> list[Chart]:
    """Return the charts that compare scenarios: a difference for each, then levels, at most four lines a chart."""
    charts = [difference_chart(run, told) for told in run.others]
    for start in range(0, len(run.others), len(OTHERS)):
        suffix = f"-{start // len(OTHERS) + 1}" if len(run.others) > len(OTHERS) else ""
        some = run.others[start : start + len(OTHERS)]
        charts += [level_chart(run, some, measure, name, suffix) for measure, name, _ in COMPARED]
    return charts
