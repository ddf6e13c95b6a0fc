"""Tables as an accessible workbook for Excel: cover, contents, notes and one table a sheet, laid out by gptables."""

import warnings
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any

import pandas as pd

from results.export_bytes import settled
from results.export_tables import LEGEND, NONE, NUMERIC, Sheet, cover, notes
from results.folder import Run

COVER, LINE = 110, 16  # characters: the width of the cover; points: the height of a line
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}  # text stays text
FORMAT = {"num_format": "#,##0.00", "align": "right"}
WHOLE = {"num_format": "#,##0", "align": "right"}


def workbook(run: Run, some: Sequence[Sheet]) -> bytes:
    """Return the sheets of a run as an xlsx file, the same bytes each time."""
    import gptables

    title, intro, about = cover(run)
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library is behind its own libraries, which a reader cannot mend
        book = gptables.produce_workbook(
            filename=buffer,
            sheets={sheet.name: _table(number, sheet) for number, sheet in enumerate(some, start=1)},
            cover=gptables.Cover(
                title=title, intro=list(map(_plain, intro)), about=list(map(_plain, about)), width=COVER
            ),
            notes_table=notes(some).rename(columns={"reference": "Note reference", "text": "Note text"}),
            workbook_options=SAFE,
        )
    _heights(book, ["", "", *intro, "", *about])
    book.set_properties({"title": title, "comments": f"Run {run.manifest.run}", "author": "IPP simulation"})
    book.close()
    return settled(buffer.getvalue())


def _heights(book: Any, lines: Sequence[str]) -> None:
    """Give the cover's rows room for their lines, which some programs do not find by themselves."""
    page = book.get_worksheet_by_name("Cover")
    for row, line in enumerate(lines):
        if len(line) > COVER:
            page.set_row(row, LINE * ceil(len(line) / COVER))


def _table(number: int, sheet: Sheet) -> "object":
    import gptables

    marks = "".join(f"$${reference}$$" for reference in sheet.notes)
    legend = [LEGEND] if (sheet.table == NONE).to_numpy().any() else []
    return gptables.GPTable(
        table=sheet.table,
        table_name=f"table_{number}",
        title=f"{_plain(sheet.title)} {marks}".rstrip(),
        subtitles=[_plain(sheet.subtitle), *([_plain(sheet.note)] if sheet.note else [])],
        source=_plain(sheet.source),
        legend=legend,
        index_columns={},
        additional_formatting=_formats(sheet.table),
    )


def _plain(text: str) -> str:
    """Return text in which nothing can be taken for a mark of gptables: a note's reference, or a link."""
    return text.replace("$$", "$ $").replace("](", "] (")


def _formats(table: pd.DataFrame) -> list[dict[str, object]]:
    columns = [column for column in NUMERIC if column in table]
    return [{"column": {"columns": [column], "format": _format(table[column])}} for column in columns]


def _format(values: pd.Series) -> dict[str, str]:
    """Return how a column's numbers are shown: whole where all are."""
    found = [float(value) for value in values if value != NONE]
    return WHOLE if all(value.is_integer() for value in found) else FORMAT
