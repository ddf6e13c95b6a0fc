"""Slides: one for each chart, with native charts that can be edited, the finding as title, alt text and source line."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any

from pptx import Presentation
from pptx.util import Emu, Pt

from results.export_bytes import settled
from results.export_native import Panel, panels_of
from results.export_shapes import add_chart
from results.export_tables import cover
from results.folder import Run
from results.style import Chart

WIDTH, HEIGHT = Emu(12192000), Emu(6858000)  # 16:9
MARGIN = Emu(457200)
TITLE_AT, TITLE_HIGH = Emu(228600), Emu(930000)
SUBTITLE_HIGH, SOURCE_HIGH, HEAD_HIGH = Emu(500000), Emu(420000), Emu(300000)
GAP = Emu(120000)
MOST_ACROSS = 3  # panels beside each other
LONG = 115  # characters of a title; a longer one is set smaller
ROOMY = 3  # panels of a slide whose text is of full size
TITLED = 5  # the layout with a title and nothing else, of the library's own template
FONT = "Arial"


def slides(run: Run, charts: Sequence[Chart]) -> bytes:
    """Return a deck of a run's charts as a pptx file, the same bytes each time."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _cover(deck, run)
    for chart in charts:
        _slide(deck, chart)
    deck.core_properties.title, deck.core_properties.author = cover(run)[0], "IPP simulation"
    deck.core_properties.last_modified_by, deck.core_properties.comments = "", f"Run {run.manifest.run}"
    buffer = BytesIO()
    deck.save(buffer)
    return settled(buffer.getvalue())


def _cover(deck: Any, run: Run) -> None:
    title, intro, about = cover(run)
    slide = _titled(deck, title.partition(":")[0] + ": charts of a simulation")
    lines = [*intro[:2], *about[:-6]]
    _words(slide, "\n".join(lines), TITLE_AT + TITLE_HIGH + GAP, Emu(4000000), 16)


def _titled(deck: Any, title: str) -> Any:
    """Return a new slide with its title at the top left."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLED])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = MARGIN, TITLE_AT, WIDTH - 2 * MARGIN, TITLE_HIGH
    shape.text_frame.text, shape.text_frame.word_wrap = title, True
    shape.text_frame.margin_left = 0
    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = 1  # left
        size = Pt(24 if len(title) <= LONG else 20)
        paragraph.font.size, paragraph.font.bold, paragraph.font.name = size, True, FONT
    return slide


def _slide(deck: Any, chart: Chart) -> None:
    slide = _titled(deck, chart.title)
    top = TITLE_AT + TITLE_HIGH
    _words(slide, chart.subtitle, top, SUBTITLE_HIGH, 12)
    panels = panels_of(chart.figure)
    top += SUBTITLE_HIGH + GAP
    across = min(MOST_ACROSS, len(panels)) if len(panels) != MOST_ACROSS + 1 else 2
    rows = ceil(len(panels) / across)
    wide = (WIDTH - 2 * MARGIN - GAP * (across - 1)) // across
    high = (HEIGHT - top - SOURCE_HIGH - GAP * (rows + 1)) // rows
    for i, panel in enumerate(panels):
        left, upper = MARGIN + (wide + GAP) * (i % across), top + (high + GAP) * (i // across)
        alt = chart.alt if i == 0 else f"{panel.title}. Part of the chart described at its first part."
        _panel(slide, panel, alt, (left, upper, wide, high), 12 if len(panels) <= ROOMY else 9)
    _words(slide, chart.source, HEIGHT - SOURCE_HIGH - GAP, SOURCE_HIGH, 10)
    notes = [chart.alt, *([chart.note] if chart.note else []), chart.source]
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _panel(slide: Any, panel: Panel, alt: str, box: tuple[int, int, int, int], size: int) -> None:
    """Add one native chart in a box (left, top, width, height), under its title if it has one."""
    left, top, wide, high = box
    if panel.title:
        _words(slide, panel.title, top, HEAD_HIGH, size, left, wide)
        top, high = top + HEAD_HIGH, high - HEAD_HIGH
    frame = add_chart(slide, panel, (left, top, wide, high), size)
    frame.name = panel.title or "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)


def _words(
    slide: Any, text: str, top: int, high: int, size: int, left: int = MARGIN, wide: int = WIDTH - 2 * MARGIN
) -> None:
    box = slide.shapes.add_textbox(left, top, wide, high)
    frame = box.text_frame
    frame.word_wrap, frame.text = True, text
    for margin in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(frame, margin, 0)
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.name, paragraph.space_after = Pt(size), FONT, Pt(size / 2)
