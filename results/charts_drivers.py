"""What drives a difference: a stock under a Bill less the same under the first scenario, taken apart into its flows.

A stock on a day is what it was at the start, and all that came in since, less all that went out. So the difference of
a stock between two laws is the sum of the differences of its flows so far, life by life and exactly. Means over lives
keep that sum; medians would not. What the flows leave over is shown as 'Other' and not hidden in another part.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from results.evidence import ENDS, ROW, source_of, together
from results.fit import INTERVAL
from results.folder import Run, Told, band
from results.measures import move
from results.style import BOTTOM, FONT, NAVY, ORANGE, TOP, Chart, file_name, frame, lie_across
from results.words import count, month, said, signed, signed_interval

GREY = "#767C80"  # of the whole, to which the parts add up
LEFT, BARS = 168, 36  # pixels: the margin in which bars are named, and the height that each takes
CHARACTERS = 22  # of a line of a bar's name
SPARE = 0.3  # of the axis's length, beyond the bars, for their numbers
LEAST = 0.5  # people; a whole difference under it is none


class Part(NamedTuple):
    """A part of a stock's change: its flows, each with the sign by which it changes the stock, and its plural name."""

    name: str
    terms: tuple[tuple[int, str, str], ...]

    @property
    def sign(self) -> int:
        """1 if it adds to the stock, -1 if it takes from it; 0 if it does both."""
        signs = {sign for sign, _, _ in self.terms}
        return 0 if self.name.endswith(NET) else next(iter(signs)) if len(signs) == 1 else self.terms[0][0]


NET = "(net)"
OTHER = "Other"
WHOLES = {
    "recalled": "people in prison after a recall",
    "on_licence": "people on licence",
}
PARTS: dict[str, tuple[Part, ...]] = {
    "recalled": (
        Part("recalls to prison", ((1, "moves", move("on licence", "recalled")),
                                   (1, "moves", move("at large", "recalled")))),
        Part("releases by the Parole Board", ((-1, "rereleases", "board"),)),
        Part("releases by the Secretary of State", ((-1, "rereleases", "executive"),)),
        # A recalled person leaves prison for licence by one of the two, or because the recall is rescinded.
        Part("recalls rescinded", ((-1, "moves", move("recalled", "on licence")), (1, "rereleases", "board"),
                                   (1, "rereleases", "executive"))),
        Part("deaths in prison", ((-1, "moves", move("recalled", "dead")),)),
        Part("removals from the country", ((-1, "moves", move("recalled", "removed")),)),
        Part(f"To and from secure hospital {NET}", ((1, "moves", move("hospital", "recalled")),
                                                    (-1, "moves", move("recalled", "hospital")))),
    ),
    "on_licence": (
        Part("first releases", ((1, "first_releases", ""),)),
        Part("releases after a recall", ((1, "rereleases", ""),)),
        Part("recalls rescinded", ((1, "recalls_rescinded", ""),)),
        Part("recalls", ((-1, "recalls", ""),)),
        Part("licences ended by the law itself", ((-1, "terminations", "automatic"),)),
        Part("licences ended by the Parole Board", ((-1, "terminations", "board"),)),
        Part("deaths on licence", ((-1, "moves", move("on licence", "dead")),)),
    ),
}  # fmt: skip


def parts_of(run: Run, told: Told, measure: str) -> pd.DataFrame:
    """Return the parts of a stock's difference on the run's last day: rows by life, a column for each part and 'Other'.

    In every row the columns add up to the difference of the stock, `run.against(told.key, measure)`.
    """
    whole = run.against(told.key, measure).T[run.last]
    table = pd.DataFrame({part.name: _change(run, told, part) for part in PARTS[measure]})
    return table.assign(**{OTHER: whole - table.sum(axis=1)})


def _change(run: Run, told: Told, part: Part) -> pd.Series:
    terms = [sign * run.against(told.key, measure, group=group).sum() for sign, measure, group in part.terms]
    return sum(terms[1:], terms[0])


def drivers_chart(run: Run, told: Told, measure: str) -> Chart:
    """Return a waterfall: from nothing, part by part, to a scenario's difference from the first on the last day."""
    by_life, whole = parts_of(run, told, measure), run.against(told.key, measure).T[run.last]
    means, names = by_life.mean(), _names(PARTS[measure], by_life)
    title = f"{told.name}: on average {_finding(means, names, WHOLES[measure])} in {month(run.last)}"
    sentences = [f"{names[str(part)]}: {signed(value)}." for part, value in means.items()]
    return Chart(
        f"drivers-{file_name(told.key)}-{measure.replace('_', '-')}", title,
        f"Difference from {run.baseline.spoken} on {said(run.last)}, and the flows so far that it is made of, number "
        "of people (means over lives, which add up)",
        _waterfall(means.rename(names), "Difference"),
        f"Waterfall chart of {len(means)} parts that add up to {signed(means.sum())}. {' '.join(sentences)}",
        source_of(run), _rows(run, told, measure, by_life, whole), _table(by_life.rename(columns=names), whole),
        "A part is what that flow, added up so far, changes in the number. Fewer people in a place make fewer flows "
        "out of it, so that parts of opposite sign are not opposite effects of the law.",
    )  # fmt: skip


def _names(parts: Sequence[Part], by_life: pd.DataFrame) -> dict[str, str]:
    """Return how each part is called in this difference, such as 'Fewer recalls to prison'."""
    names = {OTHER: OTHER}
    for part in parts:
        flow = part.sign * float(by_life[part.name].mean())
        way = "Fewer" if flow < 0 else "More"
        names[part.name] = f"{way} {part.name}" if part.sign else part.name
        if part.sign and not by_life[part.name].any():
            names[part.name] = part.name[0].upper() + part.name[1:]
    return names


def _finding(means: pd.Series, names: dict[str, str], who: str) -> str:
    """Return the whole and the part that does most of it, in words."""
    whole = float(means.sum())
    if abs(whole) < LEAST:
        return f"no fewer and no more {who}"
    most = str((means if whole > 0 else -means).idxmax())
    name = names[most][0].lower() + names[most][1:]
    return f"{count(abs(whole))} {'more' if whole > 0 else 'fewer'} {who}, most of all through {name},"


def _waterfall(means: pd.Series, whole: str) -> go.Figure:
    """Return bars across, each from where the last ended, and the whole at the foot."""
    starts = means.cumsum().shift(fill_value=0.0)
    colours = [ORANGE if value > 0 else NAVY for value in means]
    figure = frame(height=BARS * (len(means) + 1) + TOP + BOTTOM)
    figure.add_trace(go.Bar(
        orientation="h", y=[*map(_broken, means.index), whole],
        base=[*starts.round(2), 0.0], x=[*means.round(2), round(means.sum(), 2)],
        marker={"color": [*colours, GREY]}, text=[*map(signed, means), signed(float(means.sum()))],
        textposition="outside", textangle=0, textfont=FONT, cliponaxis=False, constraintext="none", name="People",
        hovertemplate="%{y}: %{text}<extra></extra>",
    ))  # fmt: skip
    ends = [0.0, *starts, *means.cumsum()]
    spare = SPARE * ((max(ends) - min(ends)) or 1.0)
    lie_across(figure, LEFT, (min(ends) - spare, max(ends) + spare))
    figure.update_layout(bargap=0.3)
    return figure


def _broken(name: object) -> str:
    return "<br>".join(wrap(str(name), CHARACTERS))


def _rows(run: Run, told: Told, measure: str, by_life: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    """Return rows of the CSV file: the mean of each part and of the whole, with the ends of their bands."""
    parts = [*((name, by_life[name]) for name in by_life), ("whole", whole)]
    return together([_row(run, told, measure, str(name), values) for name, values in parts])


def _row(run: Run, told: Told, measure: str, part: str, values: pd.Series) -> pd.DataFrame:
    found = band(values.to_frame().T).reset_index(drop=True)
    versus = f"{told.key} less {run.baseline.key}"
    row = found[list(ENDS)].assign(value=values.mean(), scenario=versus, kind="simulated, mean", measure=measure)
    return row.assign(group=f"part: {part}", first=run.last, last=run.last, source_url="")[list(ROW)]


def _table(by_life: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    parts = [*((str(name), by_life[name]) for name in by_life), ("Difference", whole)]
    rows = [(name, signed(float(values.mean())), signed_interval(values)) for name, values in parts]
    return pd.DataFrame(rows, columns=["Part", "Mean", f"Median ({INTERVAL} interval)"])
