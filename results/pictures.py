"""Pictures: charts of a run as PNG, drawn by a Chromium that is already there.

`python -m results.pictures RUN_FOLDER OUT_FOLDER never-released recalled`
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from results.charts import charts
from results.folder import read_run
from results.style import CONFIG, Chart
from scenarios.reading import BadInput, nearest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 960, 560  # pixels
PATIENCE = 60  # seconds for one picture
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--virtual-time-budget=6000",
)  # fmt: skip


def browser() -> str:
    """Return the path of a Chromium; BadInput with what to do instead if there is none."""
    found = [path for path in map(shutil.which, BROWSERS) if path]
    if not found:
        raise BadInput("no Chromium was found to draw with; the 'Picture (SVG)' links of the report need none.")
    return found[0]


def page_of(chart: Chart, plotly: str) -> str:
    """Return a page that holds one chart with its title, subtitle and source."""
    drawing = chart.figure.to_html(full_html=False, include_plotlyjs=False, config=CONFIG)
    style = "body{font-family:Arial,Helvetica,sans-serif;margin:16px;color:#0b0c0c} h1{font-size:20px;margin:0 0 4px}"
    return (
        f"<!doctype html><meta charset=utf-8><style>{style} p{{font-size:14px;margin:0 0 8px;color:#505a5f}}</style>"
        f"<script>{plotly}</script><h1>{escape(chart.title)}</h1><p>{escape(chart.subtitle)}</p>{drawing}"
        f"<p>{escape(chart.source)}</p>"
    )


def draw(folder: Path, out: Path, keys: Sequence[str]) -> list[Path]:
    """Draw the named charts of a run into a folder and return the files; BadInput for a chart that is not there."""
    from plotly.offline import get_plotlyjs

    there = {chart.key: chart for _, some in charts(read_run(folder)) for chart in some}
    for key in keys:
        if key not in there:
            raise BadInput(f"there is no chart '{key}'{nearest(key, there)}.")
    program = browser()
    return [_draw(program, page_of(there[key], get_plotlyjs()), out / f"{key}.png") for key in keys]


def _draw(program: str, page: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        source, picture = Path(place) / "page.html", Path(place) / "picture.png"
        source.write_text(page, "utf-8")
        size = (f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={place}/profile", f"--screenshot={picture}")
        command = [program, *QUIET, *size, source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        shutil.copyfile(picture, path)
    return path


if __name__ == "__main__":
    try:
        print("\n".join(map(str, draw(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))))
    except BadInput as problem:
        sys.exit(str(problem))
