"""Series: what each published figure is in the words of the model, or why it is left out.

One file of `series/*.yaml` for each series (`definitions.py`), over the lines that ship and those that were added
(`lines.py`). Here the two are brought together as observations, and a fit is told which of them it may use.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from pathlib import Path

from calibration.definition_files import described
from calibration.definitions import FAMILIES, Excluded, Family, Grade, Kind, Observed, Selector, Series, Total
from calibration.lines import ADDED, PUBLISHED, SERIES, Line, files, lines

__all__ = [
    "ADDED", "FAMILIES", "PUBLISHED", "SERIES", "Excluded", "Family", "Grade", "Kind", "Line", "Observation",
    "Observed", "Selector", "Series", "Total", "described", "files", "fitting", "left_out", "lines", "observed",
    "published", "spread", "unclaimed",
]  # fmt: skip

JEFFREYS = 0.5  # added to a count for its variance, so that a count of nought is not taken as certain (Jeffreys' prior)
OF_UNIFORM = 3.0  # a number anywhere within r of another, all places as likely, has variance r²/3
PER_CENT = 100.0


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
    added_lines: tuple[int, ...] = ()  # further lines of the same file whose values are added in
    csv_file: str = ""
    likelihood: Family = "poisson"
    of: float | None = None  # binomial: how many people the figure is a part or a share of
    dispersion: float | None = None  # negative binomial: variance = mean + dispersion × mean²
    hold_out_from: date | None = None  # of its series: no fit uses a figure whose last day is this or later


def _observation(series: Series, row: Observed, line: Line) -> Observation:
    """Return one line as it is observed; ValueError where neither the line nor its selector gives a date."""
    first = row.first or line.first
    if first is None:
        raise ValueError(f"{series.series}: {line.where} has no date")
    scale = row.times / row.divide
    notes = dict.fromkeys(note for note in (row.note or series.note, line.note) if note)
    return Observation(
        series.series, series.title, series.kind_of(row), row.measure, row.group_of(line), first,
        row.last or line.last or first, line.value * scale, line.unit, " | ".join(notes),
        row.grade or series.grade, line.source_url, line.number, row.rounded_to * scale / 2, (), line.file,
        series.family_of(row), row.of, row.dispersion, series.hold_out_from,
    )  # fmt: skip


def _added_up(parts: Sequence[Observation]) -> Iterator[Observation]:
    """Yield one figure for each window and file, adding up the lines that share them."""
    together: dict[tuple[date, date, str], list[Observation]] = defaultdict(list)
    for part in parts:
        together[part.first, part.last, part.csv_file].append(part)
    for some in together.values():
        more = tuple(part.csv_line for part in some[1:])
        yield replace(some[0], value=sum(part.value for part in some), added_lines=more)


def _taken(selector: Selector, series: Series, some: Iterable[Line]) -> list[Line]:
    """Return the lines a selector takes; ValueError if there are none, for then it says nothing."""
    found = [line for line in some if selector.takes(line)]
    if not found:
        raise ValueError(f"{series.series}: no line for {selector.model_dump(exclude_defaults=True)}")
    return found


def _of_series(series: Series, some: list[Line]) -> Iterator[Observation]:
    """Yield the observations of one series. Exclusions are taken first; then each line by the first that fits."""
    left = {line.where: line for line in some}
    for excluded in series.excluded:
        for line in _taken(excluded, series, left.values()):
            del left[line.where]
    single = dict(left)
    for row in series.rows:
        if row.sum:
            yield from _added_up([_observation(series, row, line) for line in _taken(row, series, left.values())])
            continue
        for line in _taken(row, series, single.values()):
            del single[line.where]
            yield _observation(series, row, line)


def observed(series: Iterable[Series], every: Sequence[Line]) -> list[Observation]:
    """Return the lines that series observe, in order of the lines; ValueError for a selector that takes none.

    A definition of which no line is there at all has nothing to observe, and is no error.
    """
    place = {line.where: n for n, line in enumerate(every)}
    of_series: dict[str, list[Line]] = defaultdict(list)
    for line in every:
        of_series[line.series].append(line)
    found = [one for each in series if of_series[each.series] for one in _of_series(each, of_series[each.series])]
    return sorted(found, key=lambda one: (place[f"{one.csv_file}, line {one.csv_line}"], one.measure))


def published(folder: Path = SERIES, path: Path = PUBLISHED, added: Path | None = None) -> list[Observation]:
    """Return every published figure that the model can observe: those that ship in order of line, then those added."""
    return observed(described(folder, added), lines(path, added))


def left_out(folder: Path = SERIES, path: Path = PUBLISHED, added: Path | None = None) -> list[tuple[Line, str]]:
    """Return each line that is excluded, with the reason."""
    by_name = {series.series: series for series in described(folder, added)}
    takers = ((line, by_name[line.series].taker(line)) for line in lines(path, added) if line.series in by_name)
    return [(line, taker.reason) for line, taker in takers if isinstance(taker, Excluded)]


def unclaimed(folder: Path = SERIES, path: Path = PUBLISHED, added: Path | None = None) -> list[Line]:
    """Return the lines that are neither observed nor excluded; there should be none."""
    claimed = {(line.file, line.number) for line, _ in left_out(folder, path, added)}
    for one in published(folder, path, added):
        claimed |= {(one.csv_file, number) for number in (one.csv_line, *one.added_lines)}
    return [line for line in lines(path, added) if (line.file, line.number) not in claimed]


def fitting(observations: Sequence[Observation], until: date, without: Iterable[str] = ()) -> list[int]:
    """Return the places of the observations that a fit to data up to a day may use, in order.

    That is those whose last day is not after `until`, and comes before the day from which their series is held out.
    A window that ends later is left out whole. The series named in `without` are left out too.
    """
    kept_back = set(without)
    return [
        place
        for place, one in enumerate(observations)
        if one.last <= until and one.series not in kept_back
        if one.hold_out_from is None or one.last < one.hold_out_from
    ]


def spread(one: Observation) -> float:
    """Return how far chance and rounding scatter a figure: a standard deviation, in the figure's unit.

    It takes the published value as what was to be expected. A cell of a distribution is taken as a count. The chance in
    a mean depends on the people it is of, which a published mean does not tell: only its rounding is here.
    """
    return sqrt(_chance(one) + one.rounding**2 / OF_UNIFORM)


def _chance(one: Observation) -> float:
    """Return the variance that a figure's family gives it, in the square of its unit."""
    if one.likelihood == "normal":
        return 0.0
    if one.likelihood == "binomial" and one.of is not None:
        whole = PER_CENT if one.kind == "share" else one.of
        return one.value * (whole - one.value) / one.of
    return one.value + JEFFREYS + (one.dispersion or 0.0) * one.value**2
