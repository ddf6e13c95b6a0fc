"""Charts that set the scenarios beside each other: the difference first, and then each as it stands."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from results.evidence import simulated_rows, source_of, together
from results.folder import Run, Told, band, year_ends
from results.style import (
    LABEL_WIDTH,
    NAVY,
    ORANGE,
    PINK,
    SHADED,
    TURQUOISE,
    Chart,
    Label,
    end_labels,
    fan,
    file_name,
    frame,
    line,
    panel_title,
    set_range,
    upright,
)  # fmt: skip
from results.tracing import BOTH, LESS, SIGNED, Traced, trace
from results.words import count, fewer_or_more, listed, month, said, signed_interval, with_interval

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
        _difference_panel(figure, each, name, row)
        if _in_force(told):
            upright(figure, _in_force(told), row)
    whats = [what for _, _, what in COMPARED]
    answers = [fewer_or_more(each.loc[run.last], what) for each, what in zip(differences, whats, strict=True)]
    dotted = f"; dotted: in force, {said(told.commencement)}" if told.commencement and _in_force(told) else ""
    versus = f"{told.key}{LESS}{run.baseline.key}"
    rows = [simulated_rows(each, measure, "", versus) for each, (measure, _, _) in zip(found, COMPARED, strict=True)]
    return Chart(
        f"difference-{file_name(told.key)}", f"{told.name}: {answers[0]} in {month(run.last)}",
        f"Difference from {run.baseline.spoken}, month ends, number of people "
        f"(line: median; shaded: {SHADED}{dotted})", figure,
        f"Three line charts of differences from {run.baseline.spoken}. In {month(run.last)}: {listed(answers)}.",
        source_of(run), together(rows), _year_ends(differences, versus),
    )  # fmt: skip


def _difference_panel(figure: go.Figure, found: pd.DataFrame, name: str, row: int) -> None:
    """Draw one stock's difference, or say that there is none."""
    set_range(figure, found["low"].min(), found["high"].max(), row)
    fan(figure, found, name, row=row, signed=True)
    none = not found.to_numpy().any()
    if none:
        figure.update_yaxes(tickvals=[0], row=row, col=1)
    panel_title(figure, f"{name}: no difference" if none else name, row)


def _in_force(told: Told) -> str:
    """Return the day on which a Bill commences, if the charts show it."""
    return told.commencement.isoformat() if told.commencement and told.commencement >= FROM.date() else ""


def _year_ends(differences: Sequence[pd.DataFrame], versus: str) -> pd.DataFrame:
    ends = year_ends(differences[0]).index
    columns = {}
    for each, (measure, name, _) in zip(differences, COMPARED, strict=True):
        traces = [trace(versus, measure, "", day, SIGNED) for day in ends]
        columns[name] = [Traced(signed_interval(each.loc[day]), of) for day, of in zip(ends, traces, strict=True)]
    return pd.DataFrame({"On": [said(day) for day in ends]} | columns, dtype=object)


def level_chart(run: Run, some: Sequence[Told], measure: str, name: str, suffix: str = "") -> Chart:
    """Return a stock under the first scenario and up to three others, one line each, named at its end."""
    shown = [run.baseline, *some]
    found = {told.key: band(run.by_life(measure, "", told.key)[FROM:]) for told in shown}
    ends = [f"{count(found[told.key]['median'][run.last])} under {told.spoken}" for told in shown]
    same = all(found[told.key]["median"].equals(found[run.baseline.key]["median"]) for told in some)
    alike = len({end.partition(" ")[0] for end in ends}) == 1
    finding = f"{ends[0]} and just as many under the other scenarios" if alike else listed(ends)
    rows = [simulated_rows(found[told.key], measure, "", told.key) for told in shown]
    return Chart(
        f"scenarios-{measure.replace('_', '-')}{suffix}", f"{name}, {month(run.last)}: {finding}",
        f"{name}, month ends, number of people (medians over lives; the intervals are in the table)",
        _level_figure([run.baseline] if same else shown, found, "All scenarios" if same else ""),
        f"Line chart of {len(shown)} scenarios to {month(run.last)}. At its end: {listed(ends)}.", source_of(run),
        together(rows), _levels(run, shown, measure),
    )  # fmt: skip


def _level_figure(shown: Sequence[Told], found: dict[str, pd.DataFrame], name: str) -> go.Figure:
    """Return a line for each scenario, the first drawn last; `name` stands for the names where all are the same."""
    figure = frame(right=LABEL_WIDTH, years=4)
    between = set_range(figure, 0, max(float(found[told.key]["median"].max()) for told in shown))
    drawn = list(zip(shown, (NAVY, *OTHERS), strict=False))
    for told, colour in reversed(drawn):
        line(figure, found[told.key]["median"], name or told.name, colour)
    labels = [Label(name or told.name, float(found[told.key]["median"].iloc[-1]), colour) for told, colour in drawn]
    end_labels(figure, labels, between)
    return figure


def _levels(run: Run, shown: Sequence[Told], measure: str) -> pd.DataFrame:
    columns = {}
    for told in shown:
        by_life = run.by_life(measure, "", told.key)[FROM:]
        ends = year_ends(by_life).index
        traces = [trace(told.key, measure, "", day, BOTH) for day in ends]
        columns[told.name] = [Traced(with_interval(by_life.loc[day]), of) for day, of in zip(ends, traces, strict=True)]
    return pd.DataFrame({"On": [said(day) for day in ends]} | columns, dtype=object)


def comparisons(run: Run) -> list[Chart]:
    """Return the charts that compare scenarios: a difference for each, then levels, at most four lines a chart."""
    charts = [difference_chart(run, told) for told in run.others]
    for start in range(0, len(run.others), len(OTHERS)):
        suffix = f"-{start // len(OTHERS) + 1}" if len(run.others) > len(OTHERS) else ""
        some = run.others[start : start + len(OTHERS)]
        charts += [level_chart(run, some, measure, name, suffix) for measure, name, _ in COMPARED]
    return charts
