"""The picture of a brief as PNG for a document, photographed in a Chromium that is already there."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from results.brief_chart import HEIGHT, WIDTH
from results.chromium import chromium

PATIENCE = 60  # seconds
SHARP = 2  # pixels of the picture to pixels of the page
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", f"--force-device-scale-factor={SHARP}",
    f"--window-size={WIDTH},{HEIGHT}",
)  # fmt: skip


def picture(svg: str) -> bytes | None:
    """Return an SVG of the size of a brief's chart as PNG; None if there is no Chromium, or it fails."""
    program = chromium()
    if program is None:
        return None
    style = f"<style>body{{margin:0}}svg{{display:block;width:{WIDTH}px}}</style>"
    with TemporaryDirectory() as place:
        page, found = Path(place) / "page.html", Path(place) / "chart.png"
        page.write_text(f"<!doctype html><meta charset=utf-8>{style}{svg}", "utf-8")
        where = (f"--user-data-dir={place}/profile", f"--screenshot={found}", page.as_uri())
        try:
            subprocess.run([program, *QUIET, *where], check=True, capture_output=True, timeout=PATIENCE)
            return found.read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None
