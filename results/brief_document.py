"""A brief as a document to edit: the same words as the page, in styles that a word processor knows."""

from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from results.brief_picture import picture
from results.tables import Grid

if TYPE_CHECKING:
    from results.brief import Brief

WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(16)  # A4
PICTURE = Mm(170)
FACE, SIZE, SMALL, TABLE = "Arial", Pt(10), Pt(8.5), Pt(8.5)
BLUE = RGBColor(0x12, 0x43, 0x6D)
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of a zip archive, so that the same words are the same bytes
KIND = "Brief on a simulated reform: people serving sentences of Imprisonment for Public Protection, England and Wales"
NOBODY = (
    "The figures are of a simulated population. They say nothing about any one person, and must not be used to decide "
    "about one."
)
LEFT_OUT = "The chart was left out, since no Chromium could draw it here; the page beside this document has it."


def document(brief: "Brief") -> bytes:
    """Return the brief as the bytes of a .docx file: the same words give the same bytes, where the picture does."""
    made = Document()
    _prepare(made, brief)
    _words(made, KIND, small=True)
    made.add_heading(brief.name, 1)
    made.add_heading("The question", 2)
    _words(made, brief.question)
    _words(made, f"Source of the proposal: {brief.source}", small=True)
    made.add_heading("The answer", 2)
    _words(made, brief.answer, bold=True)
    for sentence in (brief.level, *brief.beside, *brief.rests_on):
        _words(made, sentence)
    _chart(made, brief)
    _table(made, brief.table)
    _after_the_table(made, brief)
    return _same_each_time(made)


def _after_the_table(made: Any, brief: "Brief") -> None:
    made.add_heading("What the Bill changes", 2)
    for line in brief.changes:
        made.add_paragraph(line, style="List Bullet")
    made.add_heading("What we do not know", 2)
    for heading, text in brief.caveats:
        paragraph = made.add_paragraph()
        paragraph.add_run(f"{heading}. ").bold = True
        paragraph.add_run(text)
    _words(made, NOBODY)
    made.add_heading("Sources", 2)
    for line in brief.sources:
        made.add_paragraph(line, style="List Bullet")
    _words(made, brief.made_by, small=True)


def _prepare(made: Any, brief: "Brief") -> None:
    page = made.sections[0]
    page.page_width, page.page_height = WIDTH, HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    made.core_properties.title, made.core_properties.language = brief.name, "en-GB"
    made.core_properties.author, made.core_properties.comments = "", f"run {brief.run}"
    for name, size in (("Normal", SIZE), ("Heading 1", Pt(18)), ("Heading 2", Pt(12)), ("List Bullet", SIZE)):
        style = made.styles[name]
        style.font.name, style.font.size = FACE, size
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        if name.startswith("Heading"):
            style.font.color.rgb = BLUE
        style.paragraph_format.space_before = Pt(8 if name == "Heading 2" else 0)
        style.paragraph_format.space_after = Pt(3)


def _words(made: Any, text: str, bold: bool = False, small: bool = False) -> None:
    run = made.add_paragraph().add_run(text)
    run.bold = bold
    if small:
        run.font.size = SMALL


def _chart(made: Any, brief: "Brief") -> None:
    made.add_heading(brief.chart_title, 2)
    _words(made, brief.chart_subtitle, small=True)
    found = picture(brief.chart)
    if found is None:
        _words(made, LEFT_OUT, small=True)
        return
    shape = made.add_picture(BytesIO(found), width=PICTURE)
    shape._inline.docPr.set("descr", brief.chart_alt)  # read aloud to those who cannot see it


def _table(made: Any, grid: Grid) -> None:
    caption = made.add_paragraph()
    caption.add_run(grid.caption).bold = True
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(grid.heads))
    table.style = "Table Grid"
    for place, row in enumerate((grid.heads, *grid.rows)):
        for column, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _cell(cell, text, bold=place == 0, right=column > 0)
    _repeat(table.rows[0])


def _cell(cell: Any, text: str, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(str(text))
    run.bold, run.font.size = bold, TABLE
    paragraph.paragraph_format.space_after = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    # Marks the first row as the heads of the table, for screen readers and for a table that breaks over pages.
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _same_each_time(made: Any) -> bytes:
    """Return the document's bytes with no moment of writing in them."""
    written, still = BytesIO(), BytesIO()
    made.save(written)
    with ZipFile(written) as old, ZipFile(still, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            entry = ZipInfo(name, FIRST_MOMENT)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return still.getvalue()
