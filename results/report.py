"""The report: one page that needs nothing else, and the data of each of its charts in files beside it."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import jinja2
from plotly.offline import get_plotlyjs

from results import tables
from results.cautions import cautions
from results.charts import charts
from results.folder import Run, read_run
from results.headlines import headlines
from results.limits import limits
from results.provenance import bills, shown
from results.store import data_dictionary, write_bytes, write_table
from results.style import CONFIG, Chart
from results.tables import grid_of
from results.words import said
from scenarios import current_law

__all__ = ["read_run", "write_report"]

HERE = Path(__file__).parent


def write_report(folder: Path) -> Path:
    """Write report.html, charts/*.csv and data_dictionary.csv in a run folder, and return the report's path.

    BadInput if it is not a run folder or is incomplete; then nothing is written.
    """
    run = read_run(folder)
    sections = charts(run)
    page = _page(run, sections)
    for _, some in sections:
        for chart in some:
            write_table(folder / "charts" / f"{chart.key}.csv", chart.data)
    write_table(folder / "data_dictionary.csv", data_dictionary())
    path = folder / "report.html"
    write_bytes(path, page.encode("utf-8"))
    return path


def _page(run: Run, sections: list[tuple[str, list[Chart]]]) -> str:
    """Return the whole page; everything that is not ours is escaped by the template."""
    law = current_law()
    sentences, misses = tables.fit_summary(run.fit)
    scripts = [get_plotlyjs(), (HERE / "report.js").read_text("utf-8")]
    return _template().render(
        run=run, manifest=run.manifest, cautions=cautions(run, law), headlines=headlines(run), sections=sections,
        config=_data(CONFIG), picture=_picture, grid_of=grid_of, misses=misses,
        fit=tables.fit_groups(run.fit, run.baseline.key), fit_sentences=sentences, unverified=tables.unverified(law),
        beliefs=tables.beliefs(law), dictionary=tables.dictionary(), columns=tables.columns(),
        manifest_grid=tables.manifest_grid(shown(run.everything)), limits=limits(),
        kinds=tables.kinds(law), choices=tables.choices(law), bills=bills(run.everything),
        css=(HERE / "report.css").read_text("utf-8"), scripts=scripts, hashes=[_hash(each) for each in scripts],
        said=said,
    )  # fmt: skip


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    world = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return world.get_template("report.html")


def _hash(script: str) -> str:
    """Return a script's hash as a Content-Security-Policy names it, so that no other script may run."""
    return f"sha256-{b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode('ascii')}"


def _data(value: Any) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _picture(chart: Chart) -> str:
    return _data(chart.figure.to_json())
