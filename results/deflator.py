"""Deflator: an index of prices that a user gives, by which unit costs are brought to the prices of one year.

None ships, as none is among the published data of this project. A file is a CSV with the columns year and index, and
the source in a column of that name or in lines that begin with '#'. Its years are all financial years (2023-24, April
to March) or all calendar years (2023), as two series may have two bases. A year of the other kind is worked out from
the two that it overlaps, by quarters: 2023 is a quarter of 2022-23 and three quarters of 2023-24, and 2023-24 is three
quarters of 2023 and a quarter of 2024. That is a convention of ours.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from scenarios.reading import BadInput, label, nearest, shown, written

YEAR, INDEX, SOURCE, COMMENT = "year", "index", "source", "#"
COLUMNS = (YEAR, INDEX, SOURCE)
WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?")
CENTURY = 100
SHARED = 1 / 4  # of a calendar year, the part in the financial year that began in the one before: January to March


class Year(NamedTuple):
    """A year: the calendar year that it begins in, and whether it is a financial one (from April)."""

    begins: int
    financial: bool

    def __str__(self) -> str:
        """Return it as it is written: 2023, or 2023-24."""
        return f"{self.begins}-{(self.begins + 1) % CENTURY:02d}" if self.financial else str(self.begins)


class Deflator(NamedTuple):
    """An index of prices as given, and the year to whose prices amounts are brought."""

    file: str
    text: str
    source: str
    prices: Year
    levels: Mapping[Year, float]

    @property
    def words(self) -> str:
        """What amounts are in, such as 'in prices of 2024-25'."""
        return f"in prices of {self.prices}"

    def level(self, year: Year) -> float | None:
        """Return the index in a year, from the two years that it overlaps if it is of the other kind; None if unknown.

        The index of a year is taken as the mean of its quarters.
        """
        if year in self.levels:
            return self.levels[year]
        first = year.begins if year.financial else year.begins - 1
        pair = [self.levels.get(Year(each, not year.financial)) for each in (first, first + 1)]
        if pair[0] is None or pair[1] is None:
            return None
        later = SHARED if year.financial else 1 - SHARED
        return (1 - later) * pair[0] + later * pair[1]

    def factor(self, prices: str, what: str) -> float:
        """Return what a pound of a year's prices is in prices of the year asked for: the one index over the other.

        BadInput where the file does not tell of that year; `what` says whose prices they are.
        """
        return self.told(self.prices, "the year of --prices") / self.told(year_of(prices), what)

    def told(self, year: Year, what: str) -> float:
        """Return the index in a year; BadInput, saying what the year is, where the file does not tell of it."""
        if (found := self.level(year)) is None:
            years = f"{min(self.levels)} to {max(self.levels)}"
            raise BadInput(f"{self.file} has no index for {year} ({what}): its years are {years}.")
        return found


def year_of(text: str) -> Year:
    """Return a year written as 2023 or 2023-24; ValueError for anything else."""
    found = WRITTEN.fullmatch(text.strip())
    if not found or (found[2] and int(found[2]) != (int(found[1]) + 1) % CENTURY):
        raise ValueError(f"not a year: {text}")
    return Year(int(found[1]), bool(found[2]))


def deflator_asked(file: Path | None, prices: str) -> Deflator | None:
    """Return the deflator of --deflator and --prices, or None for neither; BadInput for one alone or a bad file."""
    if not file and not prices:
        return None
    if not file or not prices:
        raise BadInput("--deflator FILE and --prices YEAR belong together: give both or neither.")
    found = deflator(written(file, "CSV"), label(file), prices)
    return found._replace(file=file.name)  # a page and a table tell it, and folders are nobody else's business


def deflator(text: str, file: str, prices: str) -> Deflator:
    """Return the deflator that a file holds; BadInput, in one sentence, for what it cannot be.

    That is: a missing column, a year or an index that is none, a year twice or left out, years of both kinds, no
    source, or no index for the year of --prices.
    """
    try:
        asked = year_of(prices)
    except ValueError:
        raise BadInput(f"--prices must be a year such as 2024-25 or 2024, not {shown(prices)}.") from None
    index, source = _rows(text, file)
    _refuse_gaps(index, file)
    found = Deflator(file, text, source, asked, index)
    found.told(asked, "the year of --prices")
    return found


def _rows(text: str, file: str) -> tuple[dict[Year, float], str]:
    lines = text.splitlines()
    told = [line.lstrip(f"{COMMENT} ").strip().strip(",") for line in lines if line.startswith(COMMENT)]
    index: dict[Year, float] = {}
    for where, row in _table(lines, file):
        year = _year(row[YEAR], where)
        if year in index:
            raise BadInput(f"{where}: {year} is there twice; one line for each year was expected.")
        index[year] = _index(row[INDEX], where)
        told.append((row.get(SOURCE) or "").strip())
    source = "; ".join(dict.fromkeys(filter(None, told)))
    if not index:
        raise BadInput(f"{file} has no line of figures; a year and its index were expected on each.")
    if not source:
        raise BadInput(f"{file} does not say where its figures come from: add a column 'source', or a line '# ...'.")
    return index, source


def _table(lines: list[str], file: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where each line of figures stands, and what it holds by column."""
    left = [(number, line) for number, line in enumerate(lines, 1) if line.strip(", ") and not line.startswith(COMMENT)]
    if not left:
        raise BadInput(f"{file}: the file is empty; the columns {', '.join(COLUMNS)} were expected.")
    heads = [head.strip().lower() for head in next(csv.reader([left[0][1]]))]
    for head in (YEAR, INDEX):
        if head not in heads:
            near = nearest(head, heads).replace("did you mean", "is it")
            raise BadInput(f"{file}, line {left[0][0]}: there is no column '{head}'{near or '.'}")
    for number, line in left[1:]:
        cells = next(csv.reader([line]))
        yield f"{file}, line {number}", dict(zip(heads, [*cells, *[""] * len(heads)], strict=False))


def _year(text: str, where: str) -> Year:
    try:
        return year_of(text)
    except ValueError:
        raise BadInput(f"{where}: {YEAR} must be such as 2023-24 or 2023, not {shown(text)}.") from None


def _index(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not (isfinite(value) and value > 0):
        raise BadInput(f"{where}: {INDEX} must be a number above 0, not {shown(text)}.")
    return value


def _refuse_gaps(index: Mapping[Year, float], file: str) -> None:
    kinds = [min(year for year in index if year.financial == kind) for kind in {year.financial for year in index}]
    if len(kinds) > 1:
        both = " and ".join(str(year) for year in sorted(kinds))
        raise BadInput(f"{file} has calendar and financial years ({both}): give one series, all of one kind.")
    for begins in range(min(index).begins, max(index).begins):
        if (year := Year(begins, kinds[0].financial)) not in index:
            raise BadInput(f"{file} has no line for {year}: every year from {min(index)} to {max(index)} was expected.")
