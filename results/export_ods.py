"""Tables as an OpenDocument spreadsheet: cover, contents, notes, and one table a sheet, as in the workbook."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from odf.element import Element
from odf.namespaces import nsdict
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocument, OpenDocumentSpreadsheet
from odf.style import ParagraphProperties, Style, TableCellProperties, TableColumnProperties, TextProperties
from odf.table import Table, TableCell, TableColumn, TableHeaderRows, TableRow
from odf.text import A, P

from results.export_bytes import settled
from results.export_tables import LEGEND, NONE, Sheet, cover, notes
from results.folder import Run

FONT = "Arial"
SIZES = {"title": "16pt", "head": "12pt", "text": "12pt", "prose": "12pt"}
WRAPPED, BOLD = ("head", "prose"), ("title", "head")
WIDE, NARROW = "22cm", "4.5cm"  # columns of words, and of tables


def spreadsheet(run: Run, some: Sequence[Sheet]) -> bytes:
    """Return the sheets of a run as an ods file, the same bytes each time."""
    Element.namespaces.update(nsdict)  # the library adds names as it meets them, and a later file would differ
    document = OpenDocumentSpreadsheet()
    _styles(document)
    title, intro, about = cover(run)
    _words(document, "Cover", title, [*intro, *about])
    _contents(document, some)
    told = notes(some)
    _words(document, "Notes", "Notes", [f"Note {i}: {text}" for i, text in enumerate(told["text"], start=1)])
    numbers = {reference: i for i, reference in enumerate(told["reference"], start=1)}
    for sheet in some:
        _sheet(document, sheet, numbers)
    buffer = BytesIO()
    document.write(buffer)
    return settled(buffer.getvalue())


def _styles(document: OpenDocument) -> None:
    """Add the styles of cells and columns that every sheet uses."""
    for name, size in SIZES.items():
        style = Style(name=name, family="table-cell")
        bold = {"fontweight": "bold"} if name in BOLD else {}
        style.addElement(TextProperties(fontfamily=FONT, fontsize=size, **bold))
        style.addElement(TableCellProperties(wrapoption="wrap" if name in WRAPPED else "no-wrap"))
        document.automaticstyles.addElement(style)
    plain = NumberStyle(name="plain-number")
    plain.addElement(Number(decimalplaces=0, minintegerdigits=1, grouping=True))
    fine = NumberStyle(name="fine-number")
    fine.addElement(Number(decimalplaces=2, minintegerdigits=1, grouping=True))
    for name, style in (("whole", plain), ("fine", fine)):
        document.automaticstyles.addElement(style)
        cell = Style(name=name, family="table-cell", datastylename=style)
        cell.addElement(TextProperties(fontfamily=FONT, fontsize=SIZES["text"]))
        cell.addElement(ParagraphProperties(textalign="end"))
        document.automaticstyles.addElement(cell)
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        column = Style(name=name, family="table-column")
        column.addElement(TableColumnProperties(columnwidth=width))
        document.automaticstyles.addElement(column)


def _row(cells: Iterable[TableCell]) -> TableRow:
    row = TableRow()
    for cell in cells:
        row.addElement(cell, check_grammar=False)
    return row


def _cell(text: str, **how: str) -> TableCell:
    """Return a cell; its grammar is not checked, which for a hundred thousand of them takes most of the time."""
    cell, line = TableCell(check_grammar=False, **how), P(check_grammar=False)
    line.addText(text, check_grammar=False)
    cell.addElement(line, check_grammar=False)
    return cell


def _text(text: str, style: str = "text") -> TableCell:
    return _cell(text, stylename=style, valuetype="string")


def _number(value: float) -> TableCell:
    style = "whole" if float(value).is_integer() else "fine"
    text = f"{value:,.0f}" if style == "whole" else f"{value:,.2f}"
    return _cell(text, stylename=style, valuetype="float", value=repr(float(value)))


def _begun(document: OpenDocument, name: str, columns: int, width: str) -> Table:
    table = Table(name=name)
    table.addElement(TableColumn(stylename=width, numbercolumnsrepeated=columns))
    document.spreadsheet.addElement(table)
    return table


def _words(document: OpenDocument, name: str, title: str, lines: Iterable[str]) -> None:
    table = _begun(document, name, 1, "wide")
    table.addElement(_row([_text(title, "title")]))
    for line in lines:
        table.addElement(_row([_text(line, "prose")]))


def _contents(document: OpenDocument, some: Sequence[Sheet]) -> None:
    table = _begun(document, "Contents", 2, "wide")
    table.addElement(_row([_text("Contents", "title")]))
    table.addElement(_row([_text("Sheet", "head"), _text("What it shows", "head")]))
    for sheet in some:
        cell, line = TableCell(stylename="text", valuetype="string"), P()
        line.addElement(A(href=f"#'{sheet.name}'.A1", type="simple", text=sheet.name))
        cell.addElement(line)
        table.addElement(_row([cell, _text(sheet.title, "prose")]))


def _sheet(document: OpenDocument, sheet: Sheet, numbers: dict[str, int]) -> None:
    """Add one table: its words above it, its heads marked as such, and its cells as numbers where they are."""
    table = _begun(document, sheet.name, len(sheet.table.columns), "narrow")
    marks = ", ".join(f"note {numbers[reference]}" for reference in sheet.notes)
    legend = [LEGEND] if (sheet.table == NONE).to_numpy().any() else []
    table.addElement(_row([_text(f"{sheet.title} [{marks}]", "title")]))
    for line in filter(None, (sheet.subtitle, sheet.note, *legend, sheet.source)):
        table.addElement(_row([_text(line)]))
    heads = TableHeaderRows()
    heads.addElement(_row([_text(str(head), "head") for head in sheet.table.columns]))
    table.addElement(heads)
    for values in sheet.table.itertuples(index=False):
        row = _row(_text(value) if isinstance(value, str) else _number(value) for value in values)
        table.addElement(row, check_grammar=False)
