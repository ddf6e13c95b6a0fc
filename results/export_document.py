"""Tables as a Word document, to be pasted from: each under its finding, with a real header row and its source."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from results.export_bytes import settled
from results.export_tables import cover
from results.folder import Run
from results.style import Chart
from results.words import said

FONT, SMALL = "Arial", Pt(9)
RULES = {"top": "0B0C0C", "bottom": "0B0C0C", "insideH": "B1B4B6"}  # lines of a table, by colour; none upright
AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
WORDS = 40  # characters; a cell of more is words and not a number, and stands at the left


def document(run: Run, sections: Sequence[tuple[str, Sequence[Chart]]]) -> bytes:
    """Return the tables of a run's charts under their sections' headings as a docx file, the same bytes each time."""
    paper = Document()
    paper.styles["Normal"].font.name = FONT
    title, intro, about = cover(run)
    paper.add_heading(title, 0)
    for line in (*intro[:2], *about[:2]):
        paper.add_paragraph(line)
    for heading, charts in sections:
        paper.add_heading(heading, 1)
        for chart in charts:
            _add(paper, chart)
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = title, "IPP simulation", f"Run {run.manifest.run}"
    properties.subject = f"Projection from {said(run.manifest.projection_start)}"
    buffer = BytesIO()
    paper.save(buffer)
    return settled(buffer.getvalue())


def _add(paper: Any, chart: Chart) -> None:
    """Add one table with its finding above and its note and source below."""
    paper.add_heading(chart.title, 2)
    caption = paper.add_paragraph(chart.subtitle)
    caption.paragraph_format.keep_with_next = True
    _table(paper, chart.table, chart.alt)
    for line in filter(None, (chart.note, chart.source)):
        paragraph = paper.add_paragraph(line)
        paragraph.runs[0].font.size = SMALL


def _table(paper: Any, frame: pd.DataFrame, alt: str) -> None:
    table = paper.add_table(rows=len(frame) + 1, cols=len(frame.columns))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    _rule(table)
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), alt)
    table._tbl.tblPr.append(described)
    texts = [[str(column) for column in frame.columns], *frame.astype(str).to_numpy().tolist()]
    for i, (row, values) in enumerate(zip(table._tbl.tr_lst, texts, strict=True)):
        _fill(row, values, head=i == 0)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def _rule(table: Any) -> None:
    """Give a table thin lines above, below and between its rows."""
    borders = OxmlElement("w:tblBorders")
    for side, colour in RULES.items():
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.insert_element_before(borders, *AFTER_BORDERS)


def _fill(row: Any, values: Sequence[str], head: bool) -> None:
    """Write the cells of a row: words at the left, numbers at the right, the head in bold."""
    from docx.text.paragraph import Paragraph

    for place, (cell, value) in enumerate(zip(row.tc_lst, values, strict=True)):
        paragraph = Paragraph(cell.p_lst[0], None)  # type: ignore[arg-type]
        run = paragraph.add_run(value)
        run.font.size, run.bold = SMALL, head
        paragraph.paragraph_format.space_after = Pt(0)
        if place and len(value) <= WORDS:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
