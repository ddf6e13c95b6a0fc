"""Style: what every chart shares. Colours, axes, bands, points, bars and labels set in black beside what they name.

The rules are those of the UK Government Analysis Function: few light horizontal gridlines, all text horizontal, no
legend, at most four categories. Titles, sources and descriptions stand in the page and not in the picture.
"""

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

NAVY, TURQUOISE, PINK, ORANGE, GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"
RUST = "#B33F00"  # the rim of an orange point
CATEGORICAL = (NAVY, TURQUOISE, PINK, ORANGE)
GRID, TEXT, AXIS = "#D6D6D6", "#0B0C0C", "#626A6E"
WIDTH, HEIGHT = 601, 378  # pixels: 159 × 100 mm in a document
ROW, TOP, BOTTOM = 190, 34, 40  # pixels: one of several panels, and margins
BETWEEN, ASIDE = 58, 0.24  # pixels between rows of panels; a share of the width between columns, over their number
RIGHT = 18  # pixels of margin where no labels stand
LINE_HEIGHT, LABEL_CHARACTERS, LABEL_WIDTH = 15, 13, 118  # of labels beside lines, in pixels
LABEL_GAP, DASH = 7, (5, 15)  # pixels between labels beside lines, and from where to where each has its line's colour
BANDS = ((95, "low", "high"), (80, "low_80", "high_80"), (50, "low_50", "high_50"))  # per cent, and columns
SHADED = "95, 80 and 50% of lives"
TINT = 0.2  # how much of what lies behind a band's colour is covered; three over each other make the innermost
FONT = {"family": "Arial, Helvetica, sans-serif", "size": 13, "color": TEXT}
CONFIG = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "showTips": False,
          "responsive": True, "scrollZoom": False}  # fmt: skip


class Chart(NamedTuple):
    """A picture with all the words and numbers that go with it."""

    key: str  # names its place in the page and its CSV file
    title: str  # the finding
    subtitle: str  # measure and unit
    figure: go.Figure
    alt: str
    source: str
    data: pd.DataFrame  # all that is drawn, for the CSV file
    table: pd.DataFrame  # what a reader needs of it, for the page
    note: str = ""


class Label(NamedTuple):
    """A line's name, where the line ends, and its colour."""

    text: str
    at: float
    colour: str = NAVY


def frame(
    rows: int = 1, height: int | None = None, right: int = RIGHT, years: int = 5, columns: int = 1, gap: int = BETWEEN
) -> go.Figure:
    """Return an empty figure of `rows` × `columns` panels that share a time axis ticked every `years`.

    `height` and the `gap` between rows are in pixels.
    """
    height = height or (HEIGHT if rows == 1 else rows * ROW)
    figure = make_subplots(
        rows=rows, cols=columns, shared_xaxes="all" if columns > 1 else True,
        vertical_spacing=gap / (height - TOP - BOTTOM) if rows > 1 else 0,
        horizontal_spacing=ASIDE / columns if columns > 1 else 0,
    )  # fmt: skip
    figure.update_layout(
        height=height, margin={"l": 48, "r": right, "t": TOP, "b": BOTTOM},
        font=FONT, paper_bgcolor="white", plot_bgcolor="white", showlegend=False, hovermode="x unified",
        hoverlabel={"bgcolor": "white", "font": FONT}, dragmode=False, autosize=True, barmode="stack", template="none",
    )  # fmt: skip
    figure.update_xaxes(
        showgrid=False, zeroline=False, linecolor=AXIS, ticks="outside", tickcolor=AXIS, tickangle=0, fixedrange=True,
        tickfont=FONT, tickformat="%Y", dtick=f"M{12 * years}", tick0="2000-01-01", hoverformat="%B %Y",
        showticklabels=True,
    )  # fmt: skip
    figure.update_yaxes(
        gridcolor=GRID, zeroline=True, zerolinecolor=AXIS, zerolinewidth=1, tickformat=",d", fixedrange=True,
        tickfont=FONT, showline=False, ticks="",
        nticks=6 if rows == 1 else 4,
    )  # fmt: skip
    return figure


def set_years(figure: go.Figure, first: int, last: pd.Timestamp) -> None:
    """Set every time axis from the start of a year to a day."""
    figure.update_xaxes(range=[f"{first}-01-01", f"{last:%Y-%m-%d}"])


def set_range(figure: go.Figure, low: float, high: float, row: int = 1) -> tuple[float, float]:
    """Set a panel's vertical axis from 0 (or below it) to a little over `high`, and return what was set."""
    low, high = min(0.0, low), max(0.0, high)
    spare = 0.08 * ((high - low) or 1.0)
    found = (low - spare if low < 0 else 0.0, high + spare if high > 0 or low == 0 else 0.0)
    if found[1] - found[0] < 4:
        found = (-2.0, 2.0) if low < 0 or high == 0 else (0.0, 4.0)
    figure.update_layout({axis_name("y", row): {"range": found}})
    return found


def lie_across(figure: go.Figure, left: int, between: tuple[float, float]) -> None:
    """Make a figure's axes those of bars across, the first at the top, named in a margin of `left` pixels."""
    figure.update_xaxes(
        type="linear", tickformat=",d", dtick=None, tick0=None, hoverformat=None, showgrid=True, gridcolor=GRID,
        nticks=6, zeroline=True, zerolinecolor=AXIS, range=list(between), linecolor="white", ticks="",
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, tickformat="", type="category", nticks=0)
    figure.update_layout(margin={"l": left, "t": 8}, hovermode="closest")


def axis_name(letter: str, row: int) -> str:
    """Return what a figure's layout calls the axis of a panel; panels count from 1, along rows and then down."""
    return f"{letter}axis{'' if row == 1 else row}"


def axes(row: int) -> dict[str, str]:
    """Return the names of a panel's axes, as a trace takes them."""
    return {f"{letter}axis": letter if row == 1 else f"{letter}{row}" for letter in "xy"}


def file_name(key: str) -> str:
    """Return a scenario's key with nothing in it that could lead to another folder."""
    return re.sub(r"[^\w+-]", "-", key)


def tint(colour: str, share: float = TINT) -> str:
    """Return a colour of which only a share covers what lies behind."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def dates(index: pd.Index) -> list[Any]:
    """Return an index as plotly takes it: dates as ISO text, anything else as it is."""
    return [f"{each:%Y-%m-%d}" if isinstance(each, pd.Timestamp) else each for each in index]


def fan(
    figure: go.Figure, band: pd.DataFrame, name: str, colour: str = NAVY, row: int = 1, signed: bool = False
) -> None:
    """Draw a median and its 95, 80 and 50% bands in panel `row`; `band` has the columns of `folder.band` by date."""
    x, number = dates(band.index), "%{y:+,.0f}" if signed else "%{y:,.0f}"
    quiet = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"} | axes(row)
    for share, low, high in BANDS:
        figure.add_trace(go.Scatter(x=x, y=band[high].round(2), name=f"{share}% of lives, upper end", **quiet))
        figure.add_trace(go.Scatter(
            x=x, y=band[low].round(2), name=f"{share}% of lives, lower end", fill="tonexty", fillcolor=tint(colour),
            **quiet,
        ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=x, y=band["median"].round(2), mode="lines", line={"width": 2.5, "color": colour}, name=escape(name),
        customdata=band[["low", "high"]].round(0).to_numpy(),
        hovertemplate=f"{escape(name)}: {number} (%{{customdata[0]:,.0f}} to %{{customdata[1]:,.0f}})<extra></extra>",
        **axes(row),
    ))  # fmt: skip


def line(figure: go.Figure, values: pd.Series, name: str, colour: str) -> None:
    """Draw one line without a band."""
    figure.add_trace(go.Scatter(
        x=dates(values.index), y=values.round(2), mode="lines", line={"width": 2.5, "color": colour}, name=escape(name),
        hovertemplate=f"{escape(name)}: %{{y:,.0f}}<extra></extra>",
    ))  # fmt: skip


def points(
    figure: go.Figure, published: pd.DataFrame, y: pd.Series, row: int = 1, colour: str = ORANGE, size: int = 8
) -> None:
    """Draw published figures at the middle of their windows, hollow unless graded good, with a bar over a window."""
    if published.empty:
        return
    middle = published["first"] + (published["last"] - published["first"]) / 2
    fill = [colour if grade == "good" else "white" for grade in published["grade"]]
    for first, last, value in zip(published["first"], published["last"], y, strict=True):
        if last > first:
            ends = [f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"]
            figure.add_trace(go.Scatter(
                x=ends, y=[value, value], mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip",
                **axes(row),
            ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=dates(pd.Index(middle.dt.normalize())), y=y, mode="markers", name="Published",
        marker={"size": size, "color": fill, "line": {"color": RUST if colour == ORANGE else colour, "width": 1.5}},
        hovertemplate="Published: %{y:,.0f}<extra></extra>", **axes(row),
    ))  # fmt: skip


def upright(figure: go.Figure, day: str, row: int = 1) -> None:
    """Draw a vertical dotted line on a day, the height of a panel."""
    axis = "" if row == 1 else str(row)
    figure.add_shape(
        type="line", x0=day, x1=day, y0=0, y1=1, xref=f"x{axis}", yref=f"y{axis} domain",
        line={"color": AXIS, "width": 1.2, "dash": "dot"},
    )  # fmt: skip


def projection_line(figure: go.Figure, start: str, rows: int = 1) -> None:
    """Draw a vertical line in every panel on the day the projection starts, named above the first."""
    for row in range(1, rows + 1):
        upright(figure, start, row)
    words(figure, "Projection", start, 1.0, yref="y domain", xanchor="left", yanchor="bottom", xshift=2)
    words(figure, "History", start, 1.0, yref="y domain", xanchor="right", yanchor="bottom", xshift=-4)


def words(figure: go.Figure, text: str, x: Any, y: Any, row: int = 1, **more: Any) -> None:
    """Write words on a panel in black, without an arrow; anything that is not ours in `text` is escaped."""
    axis = "" if row == 1 else str(row)
    place = {"xref": f"x{axis}", "yref": f"y{axis}"} | more
    refs = {ref: place[ref].replace(" domain", f"{axis} domain") for ref in ("xref", "yref")}
    lines = "<br>".join(escape(line) for line in text.split("\n"))
    settings = {"showarrow": False, "font": FONT, "align": "left"} | place | refs
    figure.add_annotation(text=lines, x=x, y=y, **settings)


def panel_title(figure: go.Figure, text: str, row: int) -> None:
    """Name a panel above its left corner."""
    words(figure, text, 0, 1.0, row, xref="x domain", yref="y domain", xanchor="left", yanchor="bottom", yshift=4)


def _spread(wanted: Sequence[float], heights: Sequence[float], most: float) -> list[float]:
    """Return heights of labels' middles in pixels, ascending like `wanted`, moved so that none overlap."""
    placed: list[float] = []
    floor = 0.0
    for want, height in zip(wanted, heights, strict=True):
        placed.append(max(want, floor + height / 2))
        floor = placed[-1] + height / 2
    ceiling = most
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], ceiling - heights[i] / 2)
        ceiling = placed[i] - heights[i] / 2
    return placed


def end_labels(figure: go.Figure, labels: Sequence[Label], between: tuple[float, float]) -> None:
    """Name lines at their right ends, moved apart where they end together, each by a dash of its line's colour.

    `between` is the range of the axis.

    The figure must have one panel and LABEL_WIDTH of right margin.
    """
    pixels = figure.layout.height - TOP - BOTTOM
    ordered = sorted(labels, key=lambda label: label.at)
    texts = ["\n".join(wrap(label.text, LABEL_CHARACTERS)) for label in ordered]
    heights = [LINE_HEIGHT * (1 + text.count("\n")) + LABEL_GAP for text in texts]
    wanted = [pixels * (label.at - between[0]) / (between[1] - between[0]) for label in ordered]
    for label, text, place in zip(ordered, texts, _spread(wanted, heights, pixels), strict=True):
        where: dict[str, Any] = {"xref": "paper", "yref": "paper"}
        up, beside = place / pixels, DASH[1] + 4
        words(figure, text, 1.0, up, xanchor="left", yanchor="middle", xshift=beside, **where)
        figure.add_shape(
            type="line", xsizemode="pixel", xanchor=1, x0=DASH[0], x1=DASH[1], y0=up, y1=up,
            line={"color": label.colour, "width": 2.5}, **where,
        )  # fmt: skip
