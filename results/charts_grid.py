"""Bills enacted together: a table of cells, one set of Bills down and another across, shaded by what both change.

A run has one where it has lived each Bill alone and each pair of them, such as `officers_up`, `technical_recall` and
`officers_up+technical_recall`: how much staffing and policy do together, and apart.
"""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from results.compare_effects import GLANCE
from results.evidence import simulated_rows, source_of, together
from results.fit import INTERVAL
from results.folder import Run, band
from results.style import LINE_HEIGHT, ORANGE, RIGHT, WIDTH, Chart, frame, tint, words
from results.tracing import LESS, SIGNED, Traced, trace
from results.words import count, fewer_or_more, listed, month, said, signed_interval

MEASURE, WHAT = "recalled", "people in prison after a recall"
NONE = ""  # stands for the current law, in a row and in a column
ACROSS = 3  # Bills across one chart, beside the current law
SIDE, CELL, ABOVE, BELOW = 158, 62, 12, 12  # pixels: the names of rows, the height of a cell, and margins
CHARACTERS = 20  # of a line of a name, at most
CHARACTER = 7.4  # pixels
FEWER, MORE, SEEN = "#6BACE6", ORANGE, 0.85  # black can be read on both; how much of orange is seen
GAP = 3  # pixels between cells
NONE_SHADE = "#F3F2F1"  # of a cell without a difference


class Grid(NamedTuple):
    """Keys of the Bills down and across, the current law among each; a cell is both enacted together."""

    down: list[str]
    across: list[str]

    def key(self, row: str, column: str) -> str:
        """Return the key of the scenario of a cell; NONE for the current law alone."""
        return "+".join(part for part in (row, column) if part)


def grid_of(keys: Sequence[str]) -> Grid | None:
    """Return the grid of some scenarios' keys: those across which every Bill down has been lived with, and alone."""
    pairs = [key.split("+", 1) for key in keys if "+" in key]
    down = list(dict.fromkeys(row for row, _ in pairs if row in keys))
    across = [
        column
        for column in dict.fromkeys(column for _, column in pairs)
        if column in keys and all(f"{row}+{column}" in keys for row in down)
    ]
    return Grid(down, across) if down and across else None


def grid_charts(run: Run) -> list[Chart]:
    """Return a chart for every few Bills across, or none if the run has not lived a whole grid."""
    found = grid_of([told.key for told in run.others])
    if not found:
        return []
    starts = range(0, len(found.across), ACROSS)
    parts = [found._replace(across=found.across[start : start + ACROSS]) for start in starts]
    suffixes = [f"-{i}" if len(parts) > 1 else "" for i in range(1, len(parts) + 1)]
    return [grid_chart(run, part, suffix) for part, suffix in zip(parts, suffixes, strict=True)]


def grid_chart(run: Run, grid: Grid, suffix: str = "") -> Chart:
    """Return the table of cells of one grid: the difference from the current law at the end of 2030, or of the run."""
    day = min(pd.Timestamp(GLANCE, 12, 31), run.last)
    cells = {key: run.against(key, MEASURE).T[day] for key in _keys(grid)}
    grid = Grid(_by_effect(grid.down, cells), _by_effect(grid.across, cells))
    rows = [(row, [_said(run, grid, cells, row, column, day) for column in grid.across]) for row in grid.down]
    told = [
        f"{_name(run, row)}: {listed([f'{_name(run, c)} {cell}' for c, cell in zip(grid.across, some, strict=True)])}."
        for row, some in rows
    ]
    table = pd.DataFrame([[_name(run, row), *some] for row, some in rows], dtype=object)
    table.columns = pd.Index(["", *(_name(run, column) for column in grid.across)])
    every = [band(run.against(key, MEASURE).loc[[day]]) for key in cells]
    files = [simulated_rows(each, MEASURE, "", _versus(run, key)) for each, key in zip(every, cells, strict=True)]
    return Chart(
        f"together-{MEASURE}{suffix}", _title(run, grid, cells, day),
        f"People in prison after a recall on {said(day)}, difference from {run.baseline.spoken}: median and {INTERVAL} "
        "interval (blue: fewer, orange: more)",
        _figure(run, grid, cells), f"Table of {len(grid.down)} by {len(grid.across)} shaded cells. {' '.join(told)}",
        source_of(run), together(files), table,
    )  # fmt: skip


def _keys(grid: Grid) -> Iterator[str]:
    for row in (NONE, *grid.down):
        yield from filter(None, (grid.key(row, column) for column in (NONE, *grid.across)))


def _by_effect(keys: Sequence[str], cells: dict[str, pd.Series]) -> list[str]:
    """Return Bills with the current law among them, from the fewest to the most by what each changes alone."""
    return sorted((NONE, *keys), key=lambda key: float(cells[key].median()) if key else 0.0)


def _name(run: Run, key: str) -> str:
    names = {told.key: told.name for told in run.others}
    return names[key] if key else run.baseline.name


def _versus(run: Run, key: str) -> str:
    return f"{key}{LESS}{run.baseline.key}"


def _said(run: Run, grid: Grid, cells: dict[str, pd.Series], row: str, column: str, day: pd.Timestamp) -> str:
    key = grid.key(row, column)
    return Traced(signed_interval(cells[key]), trace(_versus(run, key), MEASURE, "", day, SIGNED)) if key else "0"


def _title(run: Run, grid: Grid, cells: dict[str, pd.Series], day: pd.Timestamp) -> str:
    """Return what the Bill across of the cell with the fewest people changes alone, and with the Bill down."""
    places = [(row, column) for row in grid.down for column in grid.across if row or column]
    row, column = min(places, key=lambda place: float(cells[grid.key(*place)].median()))
    if not (row and column):
        return f"{_name(run, row or column)} alone: {_way(cells, row or column)} in {month(day)}; no two Bills do more"
    both = _way(cells, grid.key(row, column)).removesuffix(f" {WHAT}")
    return f"{_name(run, column)}: {_way(cells, column)} in {month(day)}; with {_lower(_name(run, row))}, {both}"


def _way(cells: dict[str, pd.Series], key: str) -> str:
    return fewer_or_more(cells[key], WHAT).partition(" (")[0]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _figure(run: Run, grid: Grid, cells: dict[str, pd.Series]) -> go.Figure:
    middles = [[_median(cells, grid.key(row, column)) for column in grid.across] for row in grid.down]
    heads = ["\n".join(wrap(_name(run, column), _characters(len(grid.across)))) for column in grid.across]
    above = ABOVE + LINE_HEIGHT * (1 + max(head.count("\n") for head in heads))
    figure = frame(height=above + BELOW + CELL * len(grid.down))
    figure.update_layout(margin={"l": SIDE, "t": above, "b": BELOW}, hovermode="closest")
    most = max((abs(each) for row in middles for each in row), default=0.0) or 1.0
    names = [[f"{_name(run, row)}, {_lower(_name(run, column))}" for column in grid.across] for row in grid.down]
    figure.add_trace(go.Heatmap(
        z=middles, customdata=[[escape(each) for each in row] for row in names], zmin=-most, zmax=most, xgap=GAP,
        ygap=GAP, colorscale=[[0, FEWER], [0.5, NONE_SHADE], [1, tint(MORE, SEEN)]], showscale=False,
        name="Difference", hovertemplate="%{customdata}: %{z:+,.0f}<extra></extra>",
    ))  # fmt: skip
    figure.update_xaxes(type="linear", visible=False, range=[-0.5, len(grid.across) - 0.5])
    figure.update_yaxes(visible=False, showgrid=False, range=[len(grid.down) - 0.5, -0.5])
    _write(run, figure, grid, cells, heads)
    return figure


def _characters(columns: int) -> int:
    """Return how many characters of a head a column has room for in a document, with one to spare."""
    return min(CHARACTERS, int((WIDTH - SIDE - RIGHT) / columns / CHARACTER) - 1)


def _median(cells: dict[str, pd.Series], key: str) -> float:
    return round(float(cells[key].median()), 2) if key else 0.0


def _write(run: Run, figure: go.Figure, grid: Grid, cells: dict[str, pd.Series], heads: Sequence[str]) -> None:
    """Name rows at the left and columns above, and write each cell's median over its interval."""
    middle: dict[str, Any] = {"xanchor": "center", "align": "center"}
    for place, head in enumerate(heads):
        words(figure, head, place, 1, yref="y domain", yanchor="bottom", yshift=2, **middle)
    for at, row in enumerate(grid.down):
        name = "\n".join(wrap(_name(run, row), CHARACTERS))
        words(figure, name, 0, at, xref="x domain", xanchor="right", align="right", xshift=-8, yanchor="middle")
        for place, column in enumerate(grid.across):
            key = grid.key(row, column)
            found = signed_interval(cells[key]).replace(" (", "\n(", 1) if key else count(0)
            words(figure, found, place, at, yanchor="middle", **middle)
