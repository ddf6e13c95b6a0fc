"""Faults: what is wrong with figures that a modeller would add, beside those that are there, in one sentence each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from calibration.definitions import Excluded, Observed, Series
from calibration.lines import EVERYONE, Line
from calibration.series import Observation
from results.measures import MEASURES
from results.outcomes import monthly_rows
from scenarios.reading import Node, label, nearest, read_text, shown, written

ONE_YEAR = 365  # days after which every measure has been counted once
WHOLE = 100.0  # per cent
Groups = dict[str, set[str]]


@cache
def groups() -> Groups:
    """Return the groups under which each measure is counted."""
    found: Groups = defaultdict(set)
    for row in monthly_rows(2 * ONE_YEAR)[["measure", "group"]].drop_duplicates().itertuples():
        found[str(row.measure)].add(str(row.group))
    return found


def of_definition(path: Path, series: Series) -> Iterator[str]:
    """Yield what no count of the model knows in a definition: a measure, a group of it, or a kind that it is not."""
    rows = _inside(read_text(written(path), label(path)), "rows")
    for number, row in enumerate(series.rows):
        node = rows.value[number] if isinstance(rows.value, tuple) else rows
        if row.measure not in MEASURES:
            near = nearest(row.measure, MEASURES, "; `ipp export` writes them all to data_dictionary.csv")
            yield str(_inside(node, "measure").bad(f"must be a measure of the model, not {shown(row.measure)}{near}"))
            continue
        if "{" not in row.group and row.group not in groups()[row.measure]:
            said = f"must be a group of {row.measure}, not {shown(row.group)}{_near_group(row.measure, row.group)}"
            yield str(_inside(node, "group").bad(said))
        kind, its = series.kind_of(row), MEASURES[row.measure].kind
        if kind not in (its, "distribution"):
            yield str(_inside(node, "kind").bad(f"is observed as a {kind}, and {row.measure} is a {its}"))


def _inside(node: Node, name: str) -> Node:
    """Return a field of a node, or the node itself where it has no such field."""
    return node.value.get(name, node) if isinstance(node.value, dict) else node


def _near_group(measure: str, group: str) -> str:
    known = sorted(name for name in groups()[measure] if name)
    everyone = ["none, for everyone"] if "" in groups()[measure] else []
    return nearest(group, known, "; expected " + ", ".join([*everyone, *map(shown, known)]))


def of_lines(new: Sequence[Line], there: Sequence[Line], series: Mapping[str, Series]) -> Iterator[tuple[Line, str]]:
    """Yield new lines with what is wrong: figures that are there already, or that no row of their series takes."""
    seen: dict[object, Line] = {}
    for line in there:
        seen.setdefault(_key(line), line)
    breakdowns: dict[str, set[str]] = defaultdict(set)
    for line in there:
        breakdowns[line.series].add(line.breakdown)
    for line in new:
        earlier = seen.setdefault(_key(line), line)
        if earlier is not line:
            yield line, _repeated(line, earlier)
            continue
        for fault in _taken(line, series[line.series], breakdowns[line.series]):
            yield line, f"{line.where}: {fault}"


def _key(line: Line) -> object:
    return line.series, line.window, line.sex, line.breakdown


def _repeated(line: Line, earlier: Line) -> str:
    what = f"{line.series} ({line.breakdown}, {line.sex}) {line.days}"
    if line.value == earlier.value:
        return f"{line.where}: {what} is {line.value:g}, as {earlier.where}, has it already; take one of the two out."
    return f"{line.where}: {what} is {line.value:g}, and {earlier.where}, says {earlier.value:g}; only one can stand."


def _taken(line: Line, series: Series, breakdowns: Iterable[str]) -> Iterator[str]:
    """Yield why a line cannot be observed by the row that takes it, or by any."""
    taker, known = series.taker(line), sorted(breakdowns)
    strange = known and line.breakdown not in known
    if taker is None or (strange and not taker.breakdown and not taker.matching):
        if strange:
            near = nearest(line.breakdown, known, f"; expected {', '.join(map(shown, known[:9]))}.")
            yield f"{shown(line.breakdown)} is not a breakdown of {series.series}{near}"
        else:
            yield f"no row of the definition of {series.series} takes a figure of {line.days} and of sex {line.sex}."
        return
    if isinstance(taker, Observed):
        yield from _observed(line, series, taker)


def _observed(line: Line, series: Series, row: Observed) -> Iterator[str]:
    """Yield what is wrong with a line as its row observes it."""
    measure, group, kind = MEASURES.get(row.measure), row.group_of(line), series.kind_of(row)
    if measure is None:
        return  # said of the definition
    if group not in groups()[row.measure]:
        known = sorted(groups()[row.measure])
        yield f"{row.measure} is not counted for {shown(group)}{nearest(group, known, '.')}"
    elif line.sex not in (EVERYONE, group):
        yield f"the figure is of sex {line.sex}, and the row of {series.series} that takes it counts everyone."
    if measure.over == "day" and line.last not in (None, line.first):
        yield f"{series.series} is of one day, and the figure has a window ({line.days}); leave period_end empty."
    if measure.over == "window" and line.last is None and row.last is None:
        yield f"{series.series} is of a window; period_end is empty, and the last day was expected."
    if kind == "share" and line.value > WHOLE:
        yield f"{series.series} is a share in per cent, and {line.value:g} is over 100."


def counted_twice(observations: Sequence[Observation], new: str) -> Iterator[str]:
    """Yield each figure of a new file that is the same as one of another series: measure, group and days."""
    seen: dict[object, Observation] = {}
    for one in sorted(observations, key=lambda each: each.csv_file == new):
        earlier = seen.setdefault((one.measure, one.group, one.first, one.last), one)
        if earlier.series != one.series and one.csv_file == new:
            yield (
                f"{one.csv_file}, line {one.csv_line}: the same is counted by {earlier.csv_file}, line "
                f"{earlier.csv_line} ({earlier.series}), as {one.measure}{f', {one.group}' if one.group else ''} of "
                f"{one.last}: {one.value:g} and {earlier.value:g}; a figure can be counted once."
            )


def incomplete(new: Sequence[Line], there: Sequence[Line], series: Mapping[str, Series]) -> Iterator[str]:
    """Yield each new window that lacks cells that its series had on every day before, so that it is no whole."""
    before, now = (_cells(some, series) for some in (there, new))
    for name, windows in now.items():
        needed = set.intersection(*(set(cells) for cells in before[name].values())) if before[name] else set()
        for cells in windows.values():
            if lacking := sorted(needed - set(cells)):
                first = min(cells.values(), key=lambda line: line.number)
                lacks = ", ".join(map(shown, lacking))
                yield f"{first.where}: {name} of {first.days} lacks {lacks}, and is observed whole or not at all."


def _cells(some: Iterable[Line], series: Mapping[str, Series]) -> dict[str, dict[object, dict[str, Line]]]:
    """Return, by series and window, the lines that only stand together: those of a distribution or of a sum."""
    found: dict[str, dict[object, dict[str, Line]]] = defaultdict(lambda: defaultdict(dict))
    for line in some:
        owner = series.get(line.series)
        row = owner.taker(line) if owner else None
        if owner and isinstance(row, Observed) and (row.sum or owner.kind_of(row) == "distribution"):
            found[line.series][line.window][line.breakdown] = line
    return found


def reasons(new: Iterable[Line], series: Mapping[str, Series]) -> Iterator[tuple[Line, str]]:
    """Yield each new line that its series leaves out, with the reason."""
    for line in new:
        if isinstance(taker := series[line.series].taker(line), Excluded):
            yield line, taker.reason
