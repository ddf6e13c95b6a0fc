"""Lines: published figures as they stand in files, one number a line, each with the file and line where it stands.

`ipp_counts.csv` ships. What a modeller has added (`ipp series add`) lies in `added/`, a file for each time, and is read
after it; the shipped file is never written. A file is taken out again by deleting it.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scenarios.reading import BadInput, label

HERE = Path(__file__).parent
SERIES, PUBLISHED = HERE / "series", HERE / "published" / "ipp_counts.csv"
ADDED = HERE / "published" / "added"
FIRST_DATE, LAST_DATE = "date_or_period_start", "period_end"
COLUMNS = (
    "series", FIRST_DATE, LAST_DATE, "sex", "breakdown", "value", "unit",
    "source_title", "source_url", "source_table_ref", "note",
)  # fmt: skip
EVERYONE, TOTAL = "all", "total"  # of sex and of breakdown
DIGITS = 12  # of a value: more than any published figure has


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file of published figures; `last` is None for a figure of one day."""

    number: int
    series: str
    first: date | None
    last: date | None
    sex: str
    breakdown: str
    value: float
    unit: str
    source_url: str
    note: str
    file: str
    source_title: str = ""
    source_table_ref: str = ""

    @property
    def where(self) -> str:
        """File and line, as messages say them."""
        return f"{self.file}, line {self.number}"

    @property
    def window(self) -> tuple[date | None, date | None]:
        """First and last day, the same for a figure of one day."""
        return self.first, self.last or self.first

    @property
    def days(self) -> str:
        """Its day or days in words."""
        if self.first is None:
            return f"to {self.last}" if self.last else "undated"
        return f"{self.first} to {self.last}" if self.last and self.last != self.first else f"{self.first}"

    @property
    def exact(self) -> bool:
        """Whether the source gives the number as it is: not about, more than, or rounded."""
        return "(" not in self.unit


def added_folder(added: Path | None = None) -> Path:
    """Return the folder of what was added: the one given, or that of the package."""
    return ADDED if added is None else added


def added_files(added: Path | None = None, ending: str = "csv") -> list[Path]:
    """Return the files that were added, in order of name."""
    return sorted(path for path in added_folder(added).glob(f"*.{ending}") if not path.name.startswith("."))


def files(added: Path | None = None) -> list[Path]:
    """Return every file that says what was published and how it is observed: what results depend on."""
    shipped = [PUBLISHED, *sorted(SERIES.glob("*.yaml"))]
    return [*shipped, *added_files(added), *added_files(added, "yaml")]


def lines(path: Path = PUBLISHED, added: Path | None = None) -> list[Line]:
    """Return the lines of the shipped csv, then of those added, numbered as an editor does: the header is line 1.

    BadInput names a line that was put among those added by other means, and is no line of figures.
    """
    return [line for each in (path, *added_files(added)) for line in _read(each)]


def _read(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                yield _line(row, number, label(path))
            except (KeyError, TypeError, ValueError):
                said = f"{label(path)}, line {number}: this is not a line that `ipp series add` wrote"
                raise BadInput(f"{said}; take the file out, and add it by that command.") from None


def _line(row: Mapping[str, str], number: int, file: str) -> Line:
    return Line(
        number, row["series"], _day(row[FIRST_DATE]), _day(row[LAST_DATE]), row["sex"], row["breakdown"],
        float(row["value"]), row["unit"], row["source_url"], row["note"], file, row["source_title"],
        row["source_table_ref"],
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def as_csv(some: Sequence[Line]) -> bytes:
    """Return lines as a file in the columns of the shipped csv."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in some:
        value = format(one.value, f".{DIGITS}g")
        what = (one.series, one.first, one.last, one.sex, one.breakdown, value, one.unit)
        table.writerow((*what, one.source_title, one.source_url, one.source_table_ref, one.note))
    return text.getvalue().encode("utf-8")
