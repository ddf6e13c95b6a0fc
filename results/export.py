"""Export: a run's charts and tables as files for documents, slides and spreadsheets, all made before any is written."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from results.charts import charts
from results.folder import Run, read_run
from results.store import csv_bytes, data_dictionary, write_bytes
from results.style import Chart
from results.tables import COLUMN_MEANINGS
from scenarios.reading import BadInput, nearest

FORMATS = ("svg", "png", "xlsx", "ods", "pptx", "docx", "csv")
PICTURES = ("svg", "png")
Sections = Sequence[tuple[str, Sequence[Chart]]]
Files = dict[Path, bytes]


def formats_of(text: str) -> list[str]:
    """Return the formats that a list with commas names, each once; BadInput for one that there is not."""
    asked = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for each in asked:
        if each not in FORMATS:
            raise BadInput(f"--to must name some of {', '.join(FORMATS)}, not '{each}'{nearest(each, FORMATS, '.')}")
    if not asked:
        raise BadInput(f"--to must name some of {', '.join(FORMATS)}.")
    return asked


def export(
    folder: Path, to: Sequence[str], out: Path | None = None, only: Sequence[str] = (), year: int | None = None
) -> list[Path]:
    """Write the charts of a run folder in the formats `to` (of FORMATS), and return the files.

    `out` is the folder they go to (the run's own `exports` if None), `only` the keys of the charts (all if
    empty), `year` that of the moves. BadInput, with nothing written, for a folder that is not a run, an
    unknown chart, a year that the run does not cover, or a picture where there is no Chromium.
    """
    target = out or folder / "exports"
    if target.exists() and not target.is_dir():
        raise BadInput(f"--out must be a folder, and {target} is a file.")
    if {*PICTURES} & set(to):
        from results.pictures import browser

        browser()  # before anything that takes time
    run = read_run(folder)
    sections = chosen(charts(run, year), only)
    files = {target / path: content for path, content in made(run, sections, to).items()}
    for path, content in files.items():
        write_bytes(path, content)
    return list(files)


def chosen(sections: Sections, only: Sequence[str]) -> Sections:
    """Return the sections with just the charts of these keys, all if there are none; BadInput for an unknown key."""
    keys = [chart.key for _, some in sections for chart in some]
    for key in only:
        if key not in keys:
            raise BadInput(f"--only names a chart of the run, and there is no '{key}'{nearest(key, keys, '.')}")
    kept = [(heading, [chart for chart in some if not only or chart.key in only]) for heading, some in sections]
    return [(heading, some) for heading, some in kept if some]


def made(run: Run, sections: Sections, to: Sequence[str]) -> Files:
    """Return the files of a run's charts in the formats `to`, by their path within the target folder."""
    some = [chart for _, charts in sections for chart in charts]
    files: Files = {}
    if {*PICTURES, "csv"} & set(to):
        files |= _beside(some)
    for kind in PICTURES:
        if kind in to:
            files |= _pictures(some, kind)
    for kind, made in _makers(run, sections, some).items():
        if kind in to:
            files[Path(f"ipp-{run.manifest.run}.{kind}")] = made()
    return files


def _beside(some: Sequence[Chart]) -> Files:
    """Return what stands beside every picture: its data, and its words; and what the data mean."""
    files = {Path("charts") / f"{chart.key}.csv": csv_bytes(chart.data) for chart in some}
    files |= {Path("charts") / f"{chart.key}.txt": words_of(chart).encode() for chart in some}
    columns = pd.DataFrame(COLUMN_MEANINGS, columns=["column", "meaning"])
    return files | {
        Path("data_dictionary.csv"): csv_bytes(data_dictionary()),
        Path("columns.csv"): csv_bytes(columns),
    }


def _pictures(some: Sequence[Chart], kind: str) -> Files:
    from results.pictures import drawn

    return {Path("charts") / f"{key}.{kind}": picture for key, picture in drawn(some, kind).items()}


def _makers(run: Run, sections: Sections, some: Sequence[Chart]) -> Mapping[str, Callable[[], bytes]]:
    """Return what makes each kind of file that holds all charts; their libraries are loaded only when asked for."""
    return {
        "xlsx": lambda: _workbook(run, some),
        "ods": lambda: _spreadsheet(run, some),
        "pptx": lambda: _slides(run, some),
        "docx": lambda: _document(run, sections),
    }


def _workbook(run: Run, some: Sequence[Chart]) -> bytes:
    from results.export_tables import sheets
    from results.export_workbook import workbook

    return workbook(run, sheets(some))


def _spreadsheet(run: Run, some: Sequence[Chart]) -> bytes:
    from results.export_ods import spreadsheet
    from results.export_tables import sheets

    return spreadsheet(run, sheets(some))


def _slides(run: Run, some: Sequence[Chart]) -> bytes:
    from results.export_slides import slides

    return slides(run, some)


def _document(run: Run, sections: Sections) -> bytes:
    from results.export_document import document

    return document(run, sections)


def words_of(chart: Chart) -> str:
    """Return the words that go with a picture: title, subtitle, description for those who cannot see it, source."""
    parts = (
        ("Title", chart.title), ("What is drawn", chart.subtitle), ("Description (alt text)", chart.alt),
        ("Note", chart.note), ("Source", chart.source), ("Data", f"{chart.key}.csv; columns.csv says what they mean"),
    )  # fmt: skip
    return "".join(f"{name}: {text}\n" for name, text in parts if text)
