"""Pictures: charts as SVG and PNG, drawn by a Chromium that is already there and that asks nothing of any network.

An SVG is for a document, which has the title and the source in its text; a PNG may travel alone, and so it has them in
the picture. Both carry the title and the description for those who cannot see them.

`python -m results.pictures RUN_FOLDER OUT_FOLDER never-released recalled report` writes small PNGs for a page: charts
by their keys, and the top of the report.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from results.charts import charts
from results.chromium import chromium, photographed
from results.folder import read_run
from results.report import write_report
from results.store import write_bytes
from results.style import FONT, WIDTH, Chart
from scenarios.reading import BadInput, nearest

NO_BROWSER = (
    "no Chromium or Chrome was found, which pictures are drawn with: install one, set BROWSER_PATH to it, or ask for "
    "other formats; the 'Picture (SVG)' buttons of report.html need none."
)
INCH, MILLIMETRES = 96, 25.4  # pixels of a picture at its natural size, and millimetres, to the inch
SCALE = 3  # of a PNG: pixels of the file to pixels of the chart, sharp enough for print
PATIENCE = 60  # seconds for one picture
REPORT = 1000, 1240  # pixels of the top of a report
COLOURS = 128  # of a small picture
TITLE = {"size": 16, "line": 20, "characters": 70, "bold": True, "color": FONT["color"]}
SUBTITLE = {"size": 12, "line": 16, "characters": 106, "bold": False, "color": "#484B4D"}
SOURCE = {"size": 11, "line": 15, "characters": 116, "bold": False, "color": "#484B4D"}
GAP = 8  # pixels between words and the plotting area


def browser() -> str:
    """Return the path of a Chromium or Chrome; BadInput with what to do instead if there is none."""
    found = chromium()
    if found is None:
        raise BadInput(NO_BROWSER)
    return found


def drawn(some: Sequence[Chart], kind: str) -> dict[str, bytes]:
    """Return each chart, by its key, as a file of the kind 'svg' or 'png'; BadInput where there is no Chromium."""
    figures = [chart.figure if kind == "svg" else with_words(chart) for chart in some]
    options = {"format": kind, "width": WIDTH, "scale": 1 if kind == "svg" else SCALE}
    finish = {"svg": told_svg, "png": told_png}[kind]
    pictures = asyncio.run(_render(figures, options, browser()))
    return {chart.key: finish(chart, picture) for chart, picture in zip(some, pictures, strict=True)}


async def _render(figures: Sequence[go.Figure], options: dict[str, Any], program: str) -> list[bytes]:
    from kaleido import Kaleido

    async with Kaleido(n=1, timeout=PATIENCE, mathjax=False, path=program) as kaleido:
        return [
            await kaleido.calc_fig(figure, {**options, "height": int(figure.layout.height)}) for figure in figures
        ]


def with_words(chart: Chart) -> go.Figure:
    """Return a chart's figure, taller by its title and subtitle above and its source below the plotting area."""
    figure = go.Figure(chart.figure)
    above = [*_lines(chart.title, TITLE), *_lines(chart.subtitle, SUBTITLE)]
    below = _lines(chart.source, SOURCE)
    top, bottom = (sum(how["line"] for _, how in lines) + GAP for lines in (above, below))
    margin = figure.layout.margin.to_plotly_json()
    _write(figure, above, 1.0, margin["t"] + top - GAP / 2)
    _write(figure, below, 0.0, -margin["b"])
    figure.update_layout(
        height=figure.layout.height + top + bottom, margin={"t": margin["t"] + top, "b": margin["b"] + bottom}
    )
    return figure


def _lines(text: str, how: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(line, how) for line in wrap(text, how["characters"], break_on_hyphens=False)]


def _write(figure: go.Figure, lines: Sequence[tuple[str, dict[str, Any]]], y: float, start: float) -> None:
    """Write lines below each other, the first `start` pixels above a height of the plotting area."""
    for text, how in lines:
        figure.add_annotation(
            text=f"<b>{escape(text)}</b>" if how["bold"] else escape(text), x=0, y=y, xref="paper", yref="paper",
            xanchor="left", yanchor="top", xshift=GAP - figure.layout.margin.l, yshift=start,
            showarrow=False, align="left", font=FONT | {"size": how["size"], "color": how["color"]},
        )  # fmt: skip
        start -= how["line"]


def told_svg(chart: Chart, picture: bytes) -> bytes:
    """Return an SVG with its size in millimetres, its title and description, and names that are the same each time.

    plotly names parts by random numbers; here they are named by the chart's key, so that several fit in one page.
    """
    text = picture.decode("utf-8")
    name = sha256(chart.key.encode()).hexdigest()[:6]
    for random in sorted(set(re.findall(r'id="topdefs-([0-9a-f]+)"', text))):
        text = re.sub(rf"(clip|defs-|\bg){random}", rf"\g<1>{name}", text)
    text = re.sub(r"\btrace[0-9a-f]{6}\b", "trace", text)
    head, rest = re.match(r"(<svg[^>]*>)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    for side, pixels in re.findall(r' (width|height)="([\d.]+)"', head):
        size = float(pixels) / INCH * MILLIMETRES
        head = head.replace(f' {side}="{pixels}"', f' {side}="{size:.1f}mm"')
    head = head[:-1] + f' role="img" aria-labelledby="title-{name} desc-{name}">'
    title, described = (escape(words, quote=False) for words in (chart.title, chart.alt))
    return f'{head}<title id="title-{name}">{title}</title><desc id="desc-{name}">{described}</desc>{rest}\n'.encode()


def told_png(chart: Chart, picture: bytes) -> bytes:
    """Return a PNG with its title, description and source as text, at a size that documents keep to."""
    from PIL import Image, PngImagePlugin

    told = PngImagePlugin.PngInfo()
    for name, text in (("Title", chart.title), ("Description", chart.alt), ("Source", chart.source)):
        told.add_itxt(name, text)
    buffer = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.save(buffer, "PNG", pnginfo=told, dpi=(INCH * SCALE, INCH * SCALE))
    return buffer.getvalue()


def small(picture: bytes) -> bytes:
    """Return a PNG of a third of the bytes or fewer: a palette of its own colours, and the words that it carries."""
    from PIL import Image, PngImagePlugin

    told, buffer = PngImagePlugin.PngInfo(), BytesIO()
    with Image.open(BytesIO(picture)) as image:
        for name, text in getattr(image, "text", {}).items():
            told.add_itxt(name, text)
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(buffer, "PNG", pnginfo=told, dpi=image.info.get("dpi", (INCH, INCH)), optimize=True)
    return buffer.getvalue()


def report_pictured(folder: Path) -> bytes:
    """Return the top of a run's report as PNG; BadInput where there is no Chromium."""
    browser()
    found = photographed(write_report(folder), *REPORT)
    if found is None:
        raise BadInput(f"the report of {folder.name} could not be photographed.")
    return found


def draw(folder: Path, out: Path, keys: Sequence[str]) -> list[Path]:
    """Draw charts of a run, and its report where `keys` name it, as small PNGs; BadInput for a chart not there."""
    there = {chart.key: chart for _, some in charts(read_run(folder)) for chart in some}
    asked = [key for key in keys if key != "report"]
    for key in asked:
        if key not in there:
            raise BadInput(f"there is no chart '{key}'{nearest(key, there)}.")
    pictures = drawn([there[key] for key in asked], "png") if asked else {}
    if "report" in keys:
        pictures["report"] = report_pictured(folder)
    for key, picture in pictures.items():
        write_bytes(out / f"{key}.png", small(picture))
    return [out / f"{key}.png" for key in pictures]


if __name__ == "__main__":
    try:
        print("\n".join(map(str, draw(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))))
    except BadInput as problem:
        sys.exit(str(problem))
