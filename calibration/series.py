"""Series: what each published figure is in the words of the model, or why it is left out.

One file of `series/*.yaml` for each series of `published/ipp_counts.csv`. A selector says which rows it takes
and as which measure, group and window they are observed. Every row must be taken, or excluded with a reason.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

HERE = Path(__file__).parent
SERIES, PUBLISHED = HERE / "series", HERE / "published" / "ipp_counts.csv"
Kind = Literal["stock", "flow", "share", "mean", "distribution"]
Grade = Literal["good", "fair", "poor"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One published figure as the model would observe it: on a day (both days the same), or over a window."""

    series: str
    title: str
    kind: Kind
    measure: str
    group: str
    first: date
    last: date
    value: float
    unit: str
    note: str
    grade: Grade
    source_url: str
    csv_line: int
    rounding: float = 0.0  # the figure may stand for anything this far either side of it
    added_lines: tuple[int, ...] = ()  # further lines of the csv whose values are added in


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the csv of published figures."""

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


class Selector(BaseModel):
    """Which lines of its series it speaks of; a field left out lets every line pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    breakdown: list[str] = Field(default_factory=list)
    matching: str = ""  # a pattern that the whole breakdown must match; its named groups may fill `group`
    sex: str = ""
    dates: list[date] = Field(default_factory=list)  # first or only dates

    def takes(self, line: Line) -> bool:
        """Return whether it speaks of a line."""
        if self.breakdown and line.breakdown not in self.breakdown:
            return False
        if self.matching and not re.fullmatch(self.matching, line.breakdown):
            return False
        return (not self.sex or line.sex == self.sex) and (not self.dates or line.first in self.dates)


class Excluded(Selector):
    """Lines left out, and why."""

    reason: str = Field(min_length=10)


class Observed(Selector):
    """How lines are observed: the measure and group, and what of the series' own words does not hold for them."""

    measure: str
    group: str = ""
    kind: Kind | None = None
    first: date | None = None
    last: date | None = None
    times: float = 1.0  # what turns the published value into our unit, multiplying
    divide: float = 1.0  # or dividing
    rounded_to: float = 0.0
    grade: Grade | None = None
    note: str = ""
    sum: bool = False  # add the lines' values up into one figure; other selectors may take them too


class Series(BaseModel):
    """One published series, as its file describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    series: str
    title: str
    measures: Kind | None = None  # none where every line is excluded
    grade: Grade = "good"
    note: str = ""
    rows: list[Observed] = Field(default_factory=list)
    excluded: list[Excluded] = Field(default_factory=list)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def lines(path: Path = PUBLISHED) -> list[Line]:
    """Return the lines of the csv, numbered as an editor numbers them (the header is line 1)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Line(
                number, row["series"], _day(row["date_or_period_start"]), _day(row["period_end"]), row["sex"],
                row["breakdown"], float(row["value"]), row["unit"], row["source_url"], row["note"],
            )
            for number, row in enumerate(csv.DictReader(file), 2)
        ]  # fmt: skip


def described(folder: Path = SERIES) -> list[Series]:
    """Return every series file, in order of name; ValueError (of pydantic) names the field that is wrong."""
    files = sorted(folder.glob("*.yaml"))
    return [Series.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]


def _group(observed: Observed, line: Line) -> str:
    found = re.fullmatch(observed.matching, line.breakdown) if observed.matching else None
    return observed.group.format(**found.groupdict()) if found else observed.group


def _observation(series: Series, observed: Observed, line: Line) -> Observation:
    """Return one line as it is observed; ValueError where neither the line nor its selector gives a date."""
    first, kind = observed.first or line.first, observed.kind or series.measures
    if first is None or kind is None:
        raise ValueError(f"{series.series}: line {line.number} has no date, or the series no `measures`")
    scale = observed.times / observed.divide
    notes = dict.fromkeys(note for note in (observed.note or series.note, line.note) if note)
    return Observation(
        series.series, series.title, kind, observed.measure, _group(observed, line), first,
        observed.last or line.last or first, line.value * scale, line.unit, " | ".join(notes),
        observed.grade or series.grade, line.source_url, line.number, observed.rounded_to * scale / 2,
    )  # fmt: skip


def _added(parts: list[Observation]) -> Observation:
    """Return one figure that adds up several lines; they must share their dates."""
    one = parts[0]
    if any((part.first, part.last) != (one.first, one.last) for part in parts):
        raise ValueError(f"{one.series}: the lines added up for {one.measure} differ in date")
    fields = {name: getattr(one, name) for name in one.__slots__}
    added = tuple(part.csv_line for part in parts[1:])
    return Observation(**{**fields, "value": sum(part.value for part in parts), "added_lines": added})


def _taken(selector: Selector, series: Series, some: Iterable[Line]) -> list[Line]:
    """Return the lines a selector takes; ValueError if there are none, for then it says nothing."""
    found = [line for line in some if selector.takes(line)]
    if not found:
        raise ValueError(f"{series.series}: no line for {selector.model_dump(exclude_defaults=True)}")
    return found


def _of_series(series: Series, some: list[Line]) -> Iterator[Observation]:
    """Yield the observations of one series. Exclusions are taken first; then each line by the first that fits."""
    left = {line.number: line for line in some}
    for excluded in series.excluded:
        for line in _taken(excluded, series, left.values()):
            del left[line.number]
    single = dict(left)
    for observed in series.rows:
        if observed.sum:
            found = _taken(observed, series, left.values())
            yield _added([_observation(series, observed, line) for line in found])
            continue
        for line in _taken(observed, series, single.values()):
            del single[line.number]
            yield _observation(series, observed, line)


def published(folder: Path = SERIES, path: Path = PUBLISHED) -> list[Observation]:
    """Return every published figure that the model can observe, in order of csv line."""
    every = lines(path)
    found = [
        observation
        for series in described(folder)
        for observation in _of_series(series, [line for line in every if line.series == series.series])
    ]
    return sorted(found, key=lambda one: (one.csv_line, one.measure))


def left_out(folder: Path = SERIES, path: Path = PUBLISHED) -> dict[int, str]:
    """Return the reason for each csv line that is excluded."""
    by_series = {series.series: series for series in described(folder)}
    reasons: dict[int, str] = {}
    for line in lines(path):
        fitting = by_series[line.series].excluded if line.series in by_series else []
        for excluded in fitting:
            if excluded.takes(line):
                reasons.setdefault(line.number, excluded.reason)
    return reasons


def unclaimed(folder: Path = SERIES, path: Path = PUBLISHED) -> list[Line]:
    """Return the csv lines that are neither observed nor excluded; there should be none."""
    claimed = set(left_out(folder, path))
    for one in published(folder, path):
        claimed |= {one.csv_line, *one.added_lines}
    return [line for line in lines(path) if line.number not in claimed]
