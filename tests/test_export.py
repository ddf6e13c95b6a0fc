"""Exports: the files hold what the charts say, open where they are meant to, and are the same each time."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx import Document
from PIL import Image
from pptx import Presentation

from results.chromium import chromium
from results.export import FORMATS, Files, chosen, export, formats_of, made
from results.export_bytes import settled
from results.export_native import NEAR, Line, Panel, days_of, panels_of
from results.export_tables import NONE, numbers, sheets
from results.folder import Run
from results.pictures import COLOURS, draw, drawn, small, told_png
from results.style import Chart
from scenarios.reading import BadInput
from sim.__main__ import main
from tests.small_run import NASTY

FEW = ("difference-one_year", "drivers-one_year-recalled", "recalled", "recalls", "moves-2025", "terminations",
       "past-tariff", "fit-stocks", "where-everyone-is")  # fmt: skip
BOOKS = [kind for kind in FORMATS if kind not in ("svg", "png")]


@pytest.fixture(scope="module")
def folder(small_folder: Path) -> Path:
    return small_folder


@pytest.fixture(scope="module")
def every(small_charts: list[Chart]) -> dict[str, Chart]:
    return {chart.key: chart for chart in small_charts}


@pytest.fixture(scope="module")
def files(small_run: Run, every: dict[str, Chart]) -> dict[str, bytes]:
    return named(made(small_run, [("Charts", [every[key] for key in FEW])], BOOKS))


def named(some: Files) -> dict[str, bytes]:
    return {path.name: content for path, content in some.items()}


def one(files: dict[str, bytes], kind: str) -> BytesIO:
    return BytesIO(files[f"ipp-0123456789ab.{kind}"])


def test_the_same_run_gives_the_same_bytes(
    folder: Path, files: dict[str, bytes], small_run: Run, every: dict[str, Chart], tmp_path: Path
) -> None:
    few = FEW[:3]
    first = {path: path.read_bytes() for path in export(folder, BOOKS, tmp_path, few)}
    sections = [("Compared with the current law", [every[few[0]]]), ("What makes the differences", [every[few[1]]])]
    sections.append(("Where people are", [every[few[2]]]))
    again = {tmp_path / path: content for path, content in made(small_run, sections, BOOKS).items()}
    assert set(first) == set(again) and len(first) == 2 * len(few) + 6
    assert [path.name for path in first if first[path] != again[path]] == []
    assert all(first[path] == files[path.name] for path in first if path.parent.name == "charts")


def test_no_archive_holds_a_time(files: dict[str, bytes]) -> None:
    for kind in ("xlsx", "ods", "pptx", "docx"):
        with ZipFile(one(files, kind)) as archive:
            assert {member.date_time[0] for member in archive.infolist()} == {1980}
            told = [name for name in archive.namelist() if name in ("docProps/core.xml", "meta.xml")]
            assert told
            assert not re.search(rb"\d{4}-\d\d-\d\dT\d\d:", b"".join(archive.read(name) for name in told)), kind


def test_settling_keeps_all_else() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("docProps/core.xml", b'<a><dcterms:created t="w">2024-01-01T00:00:00Z</dcterms:created>b</a>')
        archive.writestr("other.xml", b"<dc:date>2024</dc:date>")
    with ZipFile(BytesIO(settled(buffer.getvalue()))) as found:
        assert found.read("docProps/core.xml") == b"<a>b</a>"
        assert found.read("other.xml") == b"<dc:date>2024</dc:date>"


def test_data_and_words_stand_beside_each_other(files: dict[str, bytes], every: dict[str, Chart]) -> None:
    for key in FEW:
        text, chart = files[f"{key}.txt"].decode(), every[key]
        assert f"Description (alt text): {chart.alt}" in text
        assert f"Title: {chart.title}" in text and f"Source: {chart.source}" in text
        data = pd.read_csv(BytesIO(files[f"{key}.csv"]))
        assert np.allclose(data["value"], chart.data["value"], atol=1e-5)
    assert {"data_dictionary.csv", "columns.csv"} <= set(files)


def test_the_workbook_has_a_cover_contents_notes_and_numbers(files: dict[str, bytes], every: dict[str, Chart]) -> None:
    book = openpyxl.load_workbook(one(files, "xlsx"))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert len(book.sheetnames) == 3 + len(FEW)
    assert "Run 0123456789ab" in " ".join(str(row[0].value) for row in book["Cover"].iter_rows())
    page = next(book[name] for name in book.sheetnames if name.endswith(" recalled"))
    rows = list(page.iter_rows(values_only=True))
    assert str(rows[0][0]).startswith(every["recalled"].title)
    head = next(i for i, row in enumerate(rows) if row[0] == "Scenario")
    place = rows[head].index("Value")
    values = [row[place] for row in rows[head + 1 :]]
    assert all(isinstance(value, int | float) for value in values)
    assert np.allclose(np.array(values, float), every["recalled"].data["value"], atol=0.006)
    assert len(page.tables) == 1 and page.auto_filter.ref is None
    assert not [cell for row in rows for cell in row if str(cell).startswith("=")]


def test_every_note_that_is_referred_to_is_there(files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(one(files, "xlsx"))
    notes = {row[0].value for row in book["Notes"].iter_rows() if isinstance(row[0].value, int)}
    asked = {int(n) for name in book.sheetnames[3:] for n in re.findall(r"\[note (\d+)\]", str(book[name]["A1"].value))}
    assert asked == notes and len(notes) > 3
    assert all(row[1].value for row in book["Notes"].iter_rows(min_row=4))


def test_the_spreadsheet_holds_the_same_numbers(files: dict[str, bytes], every: dict[str, Chart]) -> None:
    pages = pd.read_excel(one(files, "ods"), sheet_name=None, header=None, engine="odf")
    assert list(pages)[:3] == ["Cover", "Contents", "Notes"]
    page = next(page for name, page in pages.items() if name.endswith(" recalled"))
    head = page.index[page[0] == "Scenario"][0]
    values = page[list(page.loc[head]).index("Value")][head + 1 :].astype(float)
    assert np.allclose(values, every["recalled"].data["value"], atol=0.006)


def test_tables_leave_no_cell_empty(every: dict[str, Chart]) -> None:
    for sheet in sheets(list(every.values())):
        assert not sheet.table.isna().to_numpy().any(), sheet.name
        assert not (sheet.table == "").to_numpy().any(), sheet.name
        assert len(sheet.name) <= 31
    table = numbers(every["recalled"].data)
    assert set(table[table["Kind"] == "published"]["95% lower end"]) == {NONE}


def test_slides_have_native_charts_with_the_finding_the_source_and_alt_text(
    files: dict[str, bytes], every: dict[str, Chart]
) -> None:
    deck = Presentation(one(files, "pptx"))
    assert len(deck.slides) == 1 + len(FEW)
    told = {slide.shapes.title.text: slide for slide in deck.slides}
    for key in FEW:
        chart = every[key]
        slide = told[chart.title.replace("\n", " ")]
        graphs = [shape for shape in slide.shapes if shape.has_chart]
        assert len(graphs) == len(panels_of(chart.figure)), key
        assert graphs[0]._element.nvGraphicFramePr.cNvPr.get("descr") == chart.alt, key
        assert all(graph._element.nvGraphicFramePr.cNvPr.get("descr") for graph in graphs)
        assert chart.source in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame], key
        assert chart.alt in slide.notes_slide.notes_text_frame.text


def test_native_charts_hold_the_numbers_drawn(files: dict[str, bytes], every: dict[str, Chart]) -> None:
    deck = Presentation(one(files, "pptx"))
    slide = next(slide for slide in deck.slides if slide.shapes.title.text == every["recalled"].title)
    graph = next(shape.chart for shape in slide.shapes if shape.has_chart)
    series = {one.name: list(one.values) for plot in graph.plots for one in plot.series}
    median = every["recalled"].data.query("kind == 'simulated'")
    assert np.allclose(series["Simulated"], median["value"], atol=0.006)
    widths = [values for name, values in series.items() if "% of lives" in name]
    assert len(widths) == 6
    assert np.allclose(np.sum(widths, axis=0), median["high"], atol=0.03)
    book = openpyxl.load_workbook(BytesIO(graph.part.chart_workbook.xlsx_part.blob))
    assert book.active is not None and book.active.max_row == len(median) + 1


def test_every_chart_has_a_native_form(every: dict[str, Chart]) -> None:
    for key, chart in every.items():
        panels = panels_of(chart.figure)
        assert panels and all(panel.lines for panel in panels), key
        drawn_lines = sum(len(panel.lines) for panel in panels)
        assert drawn_lines == sum(trace.type != "scatter" or trace.name is not None for trace in chart.figure.data), key


def test_a_published_figure_between_days_adds_its_own_day() -> None:
    line = Line("Simulated", "line", ("2020-01-01", "2021-01-01"), [1.0, 2.0], "#12436D", [], [])
    near = Line("Published", "points", ("2020-01-10", "2020-01-12"), [5.0, 6.0], "#F46A25", [], [])
    days, lines, whole = days_of(Panel("", (line, near), None))
    assert whole and len(days) == 2
    assert [each.y for each in lines] == [[1.0, 2.0], [5.0, None], [6.0, None]]  # two on a day: two series
    far = near._replace(x=("2020-07-01",), y=[5.0])
    days, lines, whole = days_of(Panel("", (line, far), None))
    assert not whole and len(days) == 3 and lines[0].y == [1.0, None, 2.0]
    assert NEAR < 31


def test_the_document_holds_real_tables(files: dict[str, bytes], every: dict[str, Chart]) -> None:
    paper = Document(one(files, "docx"))
    headings = [each.text for each in paper.paragraphs if each.style and each.style.name == "Heading 2"]
    assert set(headings) == {every[key].title for key in FEW}
    assert len(paper.tables) == len(FEW)
    for table, title in zip(paper.tables, headings, strict=True):
        chart = next(chart for chart in every.values() if chart.title == title)
        assert [cell.text for cell in table.rows[0].cells] == [str(column) for column in chart.table.columns]
        assert [cell.text for cell in table.rows[-1].cells] == [str(value) for value in chart.table.iloc[-1]]
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")


def test_what_others_wrote_stays_text(files: dict[str, bytes]) -> None:
    deck = Presentation(one(files, "pptx"))
    assert any(NASTY in slide.shapes.title.text for slide in deck.slides)
    for kind in ("xlsx", "ods", "docx"):
        with ZipFile(one(files, kind)) as archive:
            everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
        assert b"<script>" not in everything and b"&lt;script&gt;" in everything, kind


def test_formats_and_charts_that_are_not_there_are_refused(
    folder: Path, every: dict[str, Chart], tmp_path: Path
) -> None:
    assert formats_of("xlsx, CSV,xlsx") == ["xlsx", "csv"]
    with pytest.raises(BadInput, match=r"--to must name some of .*, not 'xls'; did you mean 'xlsx'"):
        formats_of("csv,xls")
    with pytest.raises(BadInput, match="--to must name some of"):
        formats_of(" , ")
    sections = [("Where people are", [every["recalled"], every["recalls"]])]
    with pytest.raises(BadInput, match="--only names a chart of the run, and there is no 'recaled'; did you mean"):
        chosen(sections, ["recaled"])
    assert chosen(sections, ["recalls"]) == [("Where people are", [every["recalls"]])]
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="--out must be a folder"):
        export(folder, ["csv"], tmp_path / "file")
    with pytest.raises(BadInput, match="is not a run folder"):
        export(tmp_path, ["csv"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_without_a_browser_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    monkeypatch.setattr("sys.argv", ["ipp", "export", str(folder), "--to", "csv,svg", "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "no Chromium or Chrome was found" in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="there is no browser here")
def test_pictures_carry_their_words_and_are_the_same_each_time(every: dict[str, Chart]) -> None:
    some = [every["recalled"], every["difference-one_year"]]
    first = drawn(some, "svg")
    assert first["recalled"] == drawn(some[:1], "svg")["recalled"]
    picture = first["recalled"].decode()
    assert re.search(r'<svg[^>]* width="159.0mm" height="100.0mm"[^>]* role="img"', picture)
    assert f"<desc id=\"desc-{picture.split('desc-')[1][:6]}\">Line chart." in picture
    assert "<script" not in first["difference-one_year"].decode()
    image = drawn(some[:1], "png")["recalled"]
    with Image.open(BytesIO(image)) as opened:
        assert opened.info["Description"] == every["recalled"].alt
        assert opened.info["Title"] == every["recalled"].title
        assert opened.width == 3 * 601 and round(opened.info["dpi"][0]) == 288


def test_a_small_picture_keeps_its_words_its_size_and_the_colours_of_charts(every: dict[str, Chart]) -> None:
    chance = np.random.default_rng(1)
    pixels = np.repeat(np.linspace(0, 255, 600)[:, None, None] + chance.normal(0, 2, (600, 400, 1)), 3, axis=2)
    pixels[:200, :30], pixels[:200, 30:34] = (18, 67, 109), (244, 106, 37)  # navy, and a little orange
    buffer = BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(buffer, "PNG")
    told = told_png(every["recalled"], buffer.getvalue())
    few = small(told)
    assert len(few) < len(told)
    with Image.open(BytesIO(few)) as opened:
        assert opened.info["Title"] == every["recalled"].title and opened.info["Description"] == every["recalled"].alt
        assert opened.size == (400, 600) and round(opened.info["dpi"][0]) == 288
        shown = opened.convert("RGB")
        assert shown.getpixel((10, 10)) == (18, 67, 109) and shown.getpixel((31, 10)) == (244, 106, 37)
        assert len(shown.getcolors(COLOURS + 1) or ()) <= COLOURS


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="there is no browser here")
def test_charts_and_the_report_are_drawn_small_for_a_page(folder: Path, tmp_path: Path) -> None:
    paths = draw(folder, tmp_path, ["recalled", "report"])
    assert [path.name for path in paths] == ["recalled.png", "report.png"]
    with Image.open(paths[1]) as report:
        assert report.size == (1000, 1240)
        left = report.convert("RGB").crop((0, 0, 30, 100)).getcolors()
        assert left is not None and max(left)[1] == pytest.approx((18, 67, 109), abs=4)  # the page's head, in its style
    with pytest.raises(BadInput, match="no chart 'recaled'; did you mean 'recalled'"):
        draw(folder, tmp_path, ["recaled"])
