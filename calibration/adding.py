"""Adding: a modeller's own figures, all checked at once and laid beside those that ship; or refused, and none written.

They go to `published/added/` under their own file's name, in the columns of the shipped csv. A new series takes its
definition there too. What ships is not touched, and what was added is taken out by deleting its file.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from calibration.definition_files import described, read_definition
from calibration.definitions import Series
from calibration.entries import Entries, entries, units_of
from calibration.faults import counted_twice, incomplete, of_definition, of_lines, reasons
from calibration.lines import Line, added_folder, as_csv, lines
from calibration.series import observed
from calibration.totals import disagreements
from results.store import write_bytes
from scenarios.reading import BadInput, label


class Refused(BadInput):
    """Figures that cannot be added; `problems` holds a sentence for each reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep every sentence."""
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class Added(NamedTuple):
    """What was added: where, the lines, and those of them that their series leaves out, with reasons."""

    path: Path
    lines: list[Line]
    left_out: list[tuple[Line, str]]


def add(path: Path, definitions: Sequence[Path] = (), added: Path | None = None) -> Added:
    """Check a file of figures, with the definitions of new series, and add it; Refused with every problem found."""
    there, known = lines(added=added), described(added=added)
    new_series, problems = _definitions(definitions, known)
    series = {each.series: each for each in (*known, *new_series.values())}
    units: dict[str, list[str]] = {name: [] for name in series} | units_of(there)
    found = entries(path, units)
    target = added_folder(added) / f"{path.stem.lstrip('.') or 'figures'}.csv"
    problems += [*found.problems, *_at(target, path, found.lines)]
    if not _same(target, as_csv(found.lines)):
        problems += _wrong(found, there, series, {each.series: label(p) for p, each in new_series.items()})
        problems += _without_figures(new_series, (*there, *found.lines))
    if problems:
        raise Refused(sorted(problems, key=_line_of))
    places = {added_folder(added) / f"{each.series}.yaml": p for p, each in new_series.items()}
    _write(target, as_csv(found.lines), places)
    return Added(target, found.lines, list(reasons(found.lines, series)))


def _line_of(problem: str) -> int:
    """Return the line that a sentence begins by naming, so that the sentences come in the order of the file."""
    found = re.match(r".*?, line (\d+):", problem)
    return int(found[1]) if found else 0


def _definitions(paths: Sequence[Path], known: Sequence[Series]) -> tuple[dict[Path, Series], list[str]]:
    """Return the new series by file, and what is wrong with them."""
    found: dict[Path, Series] = {}
    problems: list[str] = []
    names = {each.series: each for each in known}
    for path in paths:
        series, faults = read_definition(path)
        problems += faults
        if series is None or names.get(series.series) == series:
            continue
        if series.series in names:
            problems.append(f"{label(path)}: {series.series} has a definition already, which this is not.")
            continue
        problems += of_definition(path, series)
        names[series.series] = found[path] = series
    return found, problems


def _at(target: Path, path: Path, new: Sequence[Line]) -> Iterator[str]:
    """Yield why a file cannot stand where it would go."""
    if _same(target, as_csv(new)):
        yield f"{label(path)}: all of it has been added before, as {label(target)}."
    elif target.exists():
        yield f"{label(path)}: {label(target)} is there already; give the file another name, or delete that one."


def _same(target: Path, content: bytes) -> bool:
    return target.is_file() and target.read_bytes() == content


def _wrong(
    found: Entries, there: Sequence[Line], series: dict[str, Series], defined_in: dict[str, str]
) -> Iterator[str]:
    """Yield what is wrong with lines that can be read: each on its own, and those that are right beside all others.

    `defined_in` names the file of each new series: only they can have a selector that takes no line.
    """
    alone = list(of_lines(found.lines, there, series))
    yield from (said for _, said in alone)
    at_fault = {line for line, _ in alone}
    broken = found.broken | {line.series for line in at_fault}
    right = [line for line in found.lines if line not in at_fault]
    yield from incomplete([line for line in right if line.series not in broken], there, series)
    names, every = {line.series for line in there} | {line.series for line in right} - broken, [*there, *right]
    known = [each for name, each in series.items() if name in names]
    try:
        observations = observed(known, every)
    except ValueError as problem:
        name = str(problem).partition(":")[0]
        yield f"{defined_in.get(name, found.lines[0].file)}: {problem}."
        return
    file = right[0].file if right else ""
    yield from counted_twice(observations, file)
    for each in disagreements(known, every, observations, broken):
        here = [number for name, number in each.lines if name == file]
        if here:
            yield f"{file}, line {min(here)}: {each.said}."


def _without_figures(new: dict[Path, Series], every: Sequence[Line]) -> Iterator[str]:
    names = {line.series for line in every}
    for path, series in new.items():
        if series.series not in names:
            yield f"{label(path)}: there is no figure of {series.series}, which it defines."


def _write(target: Path, content: bytes, definitions: dict[Path, Path]) -> None:
    """Write definitions and then figures, each whole or not at all: a definition without figures changes nothing."""
    try:
        for place, path in definitions.items():
            write_bytes(place, path.read_bytes())
        write_bytes(target, content)
    except OSError as problem:
        raise BadInput(f"{label(target)} cannot be written ({problem.strerror}).") from None
