"""Entries: figures that a modeller wrote, read from a CSV of their own, with every problem said in one sentence.

Two forms are read. In the long one each line is a figure, in the columns of `ipp_counts.csv`. In the wide one each line
is a day or a window and each further column a series, named in the header; an empty cell is no figure.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from calibration.lines import COLUMNS, EVERYONE, FIRST_DATE, LAST_DATE, TOTAL, Line
from scenarios.fields import ISO_DATE, LAST
from scenarios.reading import BadInput, label, nearest, shown, written
from sim.days import EPOCH

OTHER_NAMES = {"date": FIRST_DATE, "start": FIRST_DATE, "end": LAST_DATE}
NEEDED = ("series", FIRST_DATE, "value", "source_url")  # in the long form; the wide one names the series in its header
OF_THE_LINE = tuple(name for name in COLUMNS if name not in ("series", "breakdown", "value"))
DEFINITION = (
    "a new one needs its definition: give, by --definition, a file of YAML that has series, title, measures, "
    "likelihood and rows that name measure and group"
)
SEXES = (EVERYONE, "female", "male")
FIGURE = re.compile(r"\d+(\.\d+)?")
WITH_COMMAS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
NEGATIVE = re.compile(r"[-\u2212]\s*\d[\d,]*(\.\d+)?")
Row = dict[str, str]


class Entries(NamedTuple):
    """What a file holds: the lines that can be read, a sentence for all else, and the series that so lack a line."""

    lines: list[Line]
    problems: list[str]
    broken: set[str]


def entries(path: Path, units: Mapping[str, Sequence[str]]) -> Entries:
    """Return the figures of a file; `units` are those of each known series, the first of which need not be written."""
    found, file = Entries([], [], set()), label(path)
    try:
        rows = list(_rows(written(path, "CSV"), file))
    except BadInput as problem:
        return Entries([], [str(problem)], set())
    if not rows:
        return Entries([], [f"{file}: the file is empty; column names, and lines of figures, were expected."], set())
    head = [OTHER_NAMES.get(name.strip(), name.strip()) for name in rows[0][1]]
    wide = not {"series", "value"} & set(head)
    if faults := list(_faults_of_head(head, wide, units)):
        return Entries([], [f"{file}, line {rows[0][0]}: {fault}" for fault in faults], set())
    if len(rows) == 1:
        found.problems.append(f"{file}: the file has a line of column names and no line of figures.")
    for number, cells in rows[1:]:
        if len(cells) != len(head):
            found.problems.append(f"{file}, line {number}: the line has {len(cells)} cells and the header {len(head)}.")
            continue
        row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
        for each in _split(row, head) if wide else [row]:
            _enter(each, number, file, units, found)
    return found


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it starts on; BadInput where the file is no CSV."""
    reader, start = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as problem:
        raise BadInput(f"{file}, line {start}: the file is not valid CSV ({problem}).") from None


def _faults_of_head(head: Sequence[str], wide: bool, known: Iterable[str]) -> Iterator[str]:
    """Return what is wrong with the column names."""
    may = [*OF_THE_LINE, *known] if wide else list(COLUMNS)
    for name in dict.fromkeys(name for name in head if name not in may):
        otherwise = "; expected " + ", ".join([*OF_THE_LINE, "names of series"] if wide else COLUMNS)
        or_series = " or series" if wide else ""
        yield _ended(f"{shown(name)} is not a known column{or_series}{nearest(name, may, otherwise)}")
    for name in sorted({name for name in head if head.count(name) > 1}):
        yield f"the column {shown(name)} is there twice."
    lacks = [name for name in NEEDED if name not in head and not (wide and name in ("series", "value"))]
    if lacks:
        yield f"the header lacks {', '.join(lacks)}."


def _split(row: Row, head: Sequence[str]) -> Iterator[Row]:
    """Yield a row of the long form for each figure of a line of the wide one."""
    shared = {name: row[name] for name in head if name in OF_THE_LINE}
    for name in head:
        if name not in OF_THE_LINE and row[name]:
            yield shared | {"series": name, "value": row[name]}


def _enter(row: Row, number: int, file: str, units: Mapping[str, Sequence[str]], found: Entries) -> None:
    """Put a row among the lines, or what is wrong with it among the problems."""
    faults: list[str] = []
    first, last = (_day(row.get(name, ""), name, faults) for name in (FIRST_DATE, LAST_DATE))
    value, name = _figure(row["value"], faults), row["series"]
    sex, of_series = row.get("sex") or EVERYONE, units.get(name, ())
    unit = row.get("unit") or next(iter(of_series), "")
    faults += [*_faults_of_name(name, units), *_faults(row, first, last, sex), *_faults_of_unit(unit, of_series)]
    if faults:
        found.problems.extend(_ended(f"{file}, line {number}: {fault}") for fault in faults)
        found.broken.add(name)
        return
    kept = {each: row.get(each, "") for each in ("source_url", "note", "source_title", "source_table_ref")}
    breakdown = row.get("breakdown") or TOTAL
    found.lines.append(Line(number, name, first, last, sex, breakdown, value, unit, file=file, **kept))


def _faults(row: Row, first: date | None, last: date | None, sex: str) -> Iterator[str]:
    """Yield what is wrong with a row apart from its name, its unit, single dates and its value."""
    if not row.get(FIRST_DATE):
        yield f"{FIRST_DATE} is empty; the day of the figure, or the first of its window, was expected"
    if first and last and first > last:
        yield f"the window ends on {last}, before it starts on {first}"
    if sex not in SEXES:
        yield f"sex must be {', '.join(SEXES)}, not {shown(sex)}{nearest(sex, SEXES)}"
    if not row["source_url"]:
        yield "source_url is empty; where the figure was published was expected"


def _faults_of_name(name: str, known: Iterable[str]) -> Iterator[str]:
    if not name:
        yield "series is empty"
    elif name not in known:
        near = nearest(name, known).removeprefix("; ")
        yield f"{shown(name)} is not a known series{f' ({near})' if near else ''}; {DEFINITION}"


def _faults_of_unit(unit: str, units: Sequence[str]) -> Iterator[str]:
    if not unit:
        yield "unit is empty; what is counted was expected, such as persons"
    elif units and _stem(unit) not in units:
        yield f"unit must be {' or '.join(units)}, as the series has it, not {shown(unit)}{nearest(unit, units)}"


def _stem(unit: str) -> str:
    """Return a unit without what says that the number is not exact, as in 'persons (approx)'."""
    return unit.partition(" (")[0]


def units_of(every: Iterable[Line]) -> dict[str, list[str]]:
    """Return the units of each series, the latest figure's first; what says that a figure is not exact is no unit."""
    by_day = sorted(every, key=lambda line: line.first or EPOCH, reverse=True)
    found: dict[str, dict[str, None]] = {}
    for line in by_day:
        found.setdefault(line.series, {})[_stem(line.unit)] = None
    return {name: list(units) for name, units in found.items()}


def _day(text: str, name: str, faults: list[str]) -> date | None:
    """Return a date; None, and a fault, if it is none that a figure of the sentence may have."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        faults.append(f"{name} must be a date such as 2024-12-31, not {shown(text)}")
    elif not EPOCH <= day <= LAST:
        faults.append(f"{name} must be from {EPOCH}, when the sentence began, to {LAST}, not {day}")
        return None
    return day


def _figure(text: str, faults: list[str]) -> float:
    """Return a value; 0, and a fault, if it is not a number of nought or more."""
    if FIGURE.fullmatch(text):
        return float(text)
    if NEGATIVE.fullmatch(text):
        faults.append(f"value must not be negative, and is {shown(text)}")
    elif WITH_COMMAS.fullmatch(text):
        faults.append(f"value must be written without commas, as {text.replace(',', '')}, not {shown(text)}")
    elif not text:
        faults.append("value is empty; leave out the line if there is no figure")
    else:
        faults.append(f"value must be a number such as 1095 or 96.5, not {shown(text)}")
    return 0.0


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else sentence + "."
