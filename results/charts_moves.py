"""Moves between places in one year: who left where, and where they went. Those who stayed are not drawn."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from results.evidence import ENDS, ROW, source_of, together
from results.fit import INTERVAL
from results.folder import Run, band
from results.measures import MOVES, move
from results.style import FONT, GREY, HEIGHT, NAVY, ORANGE, TURQUOISE, Chart, frame, tint, words
from results.words import count, interval
from scenarios.reading import BadInput, nearest

NAMES = {
    "not yet sentenced": "Sentenced", "never released": "Never released", "recalled": "Recalled, in prison",
    "hospital": "Secure hospital", "on licence": "On licence", "at large": "Recalled, at large",
    "terminated": "Licence ended", "removed": "Removed", "dead": "Died",
}  # fmt: skip
INTO = {  # the colour of a move, by where it leads
    "never released": ORANGE, "recalled": ORANGE, "at large": ORANGE, "on licence": NAVY, "terminated": TURQUOISE,
    "hospital": GREY, "removed": GREY, "dead": GREY,
}  # fmt: skip
DOWN = (  # places reached, in the order in which bands cross least
    "on licence", "never released", "hospital", "recalled", "at large", "terminated", "removed", "dead",
)  # fmt: skip
MONTHS = 12
LEAST = 0.5  # moves a year; fewer round to none: they are in the table and are not drawn
SIDE, PAD, THICK = 152, 16, 12  # pixels: margins in which places are named, between places, and of a place's bar
ABOVE, BELOW = 26, 12  # pixels: margins
SEEN = 0.45  # how much of what lies behind a move its colour covers


def years_there(run: Run) -> list[int]:
    """Return the calendar years of which the run has every month."""
    years = pd.Series(pd.DatetimeIndex(run.by_life("never_released").index).year)
    counted = years.value_counts()
    return sorted(int(year) for year in counted[counted == MONTHS].index)


def year_shown(run: Run, year: int | None = None) -> int | None:
    """Return the year asked for, or the first whole year of the projection, or the last there is; None if none is.

    BadInput if the year asked for is not a whole year of the run.
    """
    years = years_there(run)
    if year is not None:
        if year not in years:
            there = f"{years[0]} to {years[-1]}" if years else "none"
            near = nearest(str(year), list(map(str, years)), ".")
            raise BadInput(f"--year must be a calendar year that the run covers whole ({there}), not {year}{near}")
        return year
    projected = [each for each in years if each >= run.manifest.projection_start.year + 1]
    return projected[0] if projected else years[-1] if years else None


def moves_chart(run: Run, year: int) -> Chart:
    """Return the moves of a calendar year from place to place in the first scenario, means over lives."""
    by_life = _moves_in(run, year)
    means = by_life.mean(axis=1)
    shown = means[means >= LEAST]
    back = means[[(a, b) for a, b in MOVES if a == "on licence" and b in ("recalled", "at large")]].sum()
    released = means[[(a, b) for a, b in MOVES if b == "on licence"]].sum()
    ended = means["on licence", "terminated"]
    sentences = [f"From {_named(a)} to {_named(b)}: {count(shown[a, b])}." for a, b in MOVES if (a, b) in shown]
    return Chart(
        f"moves-{year}",
        f"In {year} there are {count(back)} recalls from licence and {count(released)} releases to it, and "
        f"{count(ended)} licences end",
        f"Moves from place to place in {year}, number of moves (means over lives, so that they add up; what rounds to "
        "none is not drawn)",
        _sankey(shown), f"Flow diagram. {' '.join(sentences)}", source_of(run), _rows(run, by_life, year),
        _table(by_life),
        "A person may move more than once in a year. Those who stay where they are are not drawn.",
    )  # fmt: skip


def _moves_in(run: Run, year: int) -> pd.DataFrame:
    """Return how many moved in a year: rows by (from, to), columns by life."""
    found = {pair: run.by_life("moves", move(*pair)) for pair in MOVES}
    days = pd.DatetimeIndex(next(iter(found.values())).index)
    table = pd.DataFrame({pair: each[days.year == year].sum() for pair, each in found.items()}).T
    return table.rename_axis(["from", "to"])


def _named(place: str) -> str:
    name = NAMES[place]
    return name[0].lower() + name[1:]


def _sankey(means: pd.Series) -> go.Figure:
    """Return places left at the left, places reached at the right, and between them bands as wide as the moves."""
    left = means.groupby(level="from", sort=False).sum()
    right = means.groupby(level="to", sort=False).sum().sort_index(key=lambda ends: ends.map(DOWN.index))
    figure = frame(height=HEIGHT, right=SIDE)
    figure.update_layout(margin={"l": SIDE, "t": ABOVE, "b": BELOW})
    nodes = [*(("from", place) for place in left.index), *(("to", place) for place in right.index)]
    at = {node: i for i, node in enumerate(nodes)}
    spots = _spots(left), _spots(right)
    figure.add_trace(go.Sankey(
        arrangement="fixed", valueformat=",.0f",
        node={
            "label": [""] * len(nodes), "color": GREY, "pad": PAD, "thickness": THICK, "line": {"width": 0},
            "x": [0.001] * len(left) + [0.999] * len(right), "y": [*spots[0], *spots[1]],
            "customdata": [NAMES[place] for _, place in nodes],
            "hovertemplate": "%{customdata}: %{value}<extra></extra>",
        },
        link={
            "source": [at["from", a] for a, _ in means.index], "target": [at["to", b] for _, b in means.index],
            "value": means.round(1).tolist(), "color": [tint(INTO[b], SEEN) for _, b in means.index],
            "customdata": [f"{NAMES[a]} to {_named(b)}" for a, b in means.index],
            "hovertemplate": "%{customdata}: %{value}<extra></extra>",
        },
    ))  # fmt: skip
    for side, values, heights in (("right", left, spots[0]), ("left", right, spots[1])):
        _label(figure, values, heights, side)
    return figure


def _spots(values: pd.Series) -> list[float]:
    """Return the middles of places of these sizes below each other, from 0 at the top to 1."""
    pixels = HEIGHT - ABOVE - BELOW
    free = pixels - PAD * (len(values) - 1)
    shares = values / values.sum()
    tops = (shares.cumsum() - shares) * free + PAD * pd.Series(range(len(values)), index=values.index)
    return [float(each) for each in (tops + shares * free / 2) / pixels]


def _label(figure: go.Figure, values: pd.Series, heights: list[float], side: str) -> None:
    head, x, shift = ("From", 0.0, -6) if side == "right" else ("To", 1.0, 6)
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "xanchor": side, "align": side, "xshift": shift}
    above = {"y": 1, "yanchor": "bottom", "yshift": 6}
    figure.add_annotation(text=f"<b>{head}</b>", x=x, showarrow=False, font=FONT, **above, **place)
    for (name, value), height in zip(values.items(), heights, strict=True):
        words(figure, f"{NAMES[str(name)]} {count(value)}", x, 1 - height, yanchor="middle", **place)


def _rows(run: Run, by_life: pd.DataFrame, year: int) -> pd.DataFrame:
    found, means = band(by_life), by_life.mean(axis=1)
    rows = found[list(ENDS)].assign(value=means, scenario=run.baseline.key, kind="simulated, mean", measure="moves")
    rows = rows.assign(group=[move(str(a), str(b)) for a, b in by_life.index], source_url="")
    rows = rows.assign(first=pd.Timestamp(year, 1, 1), last=pd.Timestamp(year, 12, 31))
    return together([rows[list(ROW)]])


def _table(by_life: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (NAMES[str(a)], NAMES[str(b)], count(values.mean()), interval(values))
        for (a, b), values in zip(by_life.index, by_life.to_numpy(), strict=True)
        if values.any()
    ]
    return pd.DataFrame(rows, columns=["From", "To", "Mean", f"{INTERVAL} interval"])
