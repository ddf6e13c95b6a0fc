"""The picture of a brief as PNG for a document, photographed in a Chromium that is already there."""

from pathlib import Path
from tempfile import TemporaryDirectory

from results.brief_chart import HEIGHT, WIDTH
from results.chromium import photographed

SHARP = 2  # pixels of the picture to pixels of the page


def picture(svg: str) -> bytes | None:
    """Return an SVG of the size of a brief's chart as PNG; None if there is no Chromium, or it fails."""
    style = f"<style>body{{margin:0}}svg{{display:block;width:{WIDTH}px}}</style>"
    with TemporaryDirectory() as place:
        page = Path(place) / "page.html"
        page.write_text(f"<!doctype html><meta charset=utf-8>{style}{svg}", "utf-8")
        return photographed(page, WIDTH, HEIGHT, SHARP)
