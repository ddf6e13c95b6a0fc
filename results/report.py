"""The report: one page that needs nothing else, and the data of each of its charts in files beside it."""

from pathlib import Path

from plotly.offline import get_plotlyjs

from results import tables
from results.cautions import believed, cautions
from results.charts import charts
from results.fit import INTERVAL
from results.folder import Run, read_run
from results.headlines import headlines
from results.limits import limits
from results.numbers import people_of
from results.page import HERE, picture, safe_json, script_hash, template
from results.provenance import bills, shown
from results.store import data_dictionary, write_bytes, write_table
from results.style import CONFIG, Chart
from results.tables import grid_of
from results.words import said
from results.worth_page import validation
from scenarios import current_law

__all__ = ["read_run", "write_report"]


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
    sentences, misses = tables.fit_summary(run.fit, run.draws)
    scripts = [get_plotlyjs(), (HERE / "report.js").read_text("utf-8")]
    return template("report.html").render(
        run=run, manifest=run.manifest, cautions=cautions(run, law), believed=believed(run.everything),
        headlines=headlines(run), sections=sections,
        config=safe_json(CONFIG), picture=picture, grid_of=grid_of, misses=misses,
        fit=tables.fit_groups(run.fit, run.baseline.key), fit_sentences=sentences, unverified=tables.unverified(law),
        beliefs=tables.beliefs(law), dictionary=tables.dictionary(), columns=tables.columns(),
        manifest_grid=tables.manifest_grid(shown(run.everything)), limits=limits(),
        validation=validation(run.everything), people=people_of(run).words,
        kinds=tables.kinds(law), choices=tables.choices(law), bills=bills(run.everything),
        css=(HERE / "report.css").read_text("utf-8"), scripts=scripts, hashes=[script_hash(each) for each in scripts],
        said=said, interval=INTERVAL,
    )  # fmt: skip
