"""Totals: figures that must add up, and do not: breakdowns to their total, the sexes to everyone, parts to a whole."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from calibration.definitions import Observed, Series, Total
from calibration.lines import EVERYONE, TOTAL, Line
from calibration.series import Observation

# A measure and those that add up to it, of the same group on the same day: `results/measures.py` says what each is.
WHOLES = {
    "custody_total": ("never_released", "recalled"),
    "never_released": ("pre_tariff_unreleased", "tariff_expired_unreleased"),
}
NOT_ADDED = ("share", "mean")  # kinds of figure that cannot be added up
TINY = 1e-9  # what adding decimals may lose
FEMALE, MALE = "female", "male"


class Disagreement(NamedTuple):
    """Lines, each as file and number, that do not agree; and how, in words to follow the first of them."""

    lines: tuple[tuple[str, int], ...]
    said: str


def disagreements(
    series: Iterable[Series], every: Sequence[Line], observations: Sequence[Observation], broken: Iterable[str] = ()
) -> Iterator[Disagreement]:
    """Yield all that does not add up; of the series named in `broken` a line is missing, so breakdowns are let be."""
    of_series: dict[str, list[Line]] = defaultdict(list)
    for line in every:
        of_series[line.series].append(line)
    for each in series:
        some, missing = of_series[each.series], each.series in set(broken)
        for rule in each.totals if not missing else ():
            yield from _breakdowns(each, rule, some)
        if each.measures not in NOT_ADDED:
            yield from _sexes(each, some)
            if not each.totals:
                yield from _larger_parts(some)
    yield from _wholes(observations)


def _breakdowns(series: Series, rule: Total, some: Iterable[Line]) -> Iterator[Disagreement]:
    """Yield each total of a rule that its parts do not add up to."""
    totals: dict[object, Line] = {}
    parts: dict[object, list[Line]] = defaultdict(list)
    for line in some:
        if found := re.fullmatch(rule.total, line.breakdown):
            totals[_together(line, found)] = line
        elif found := re.fullmatch(rule.parts, line.breakdown):
            parts[_together(line, found)].append(line)
    for key, total in totals.items():
        if key in parts:
            yield from _unequal(series, [total], parts[key], rule.off_by)


def _together(line: Line, found: re.Match[str]) -> object:
    return line.window, line.sex, tuple(sorted(found.groupdict().items()))


def _sexes(series: Series, some: Iterable[Line]) -> Iterator[Disagreement]:
    """Yield each figure of everyone that women and men do not add up to."""
    of_sex: dict[object, dict[str, Line]] = defaultdict(dict)
    for line in some:
        of_sex[line.window, line.breakdown][line.sex] = line
    for found in of_sex.values():
        if {EVERYONE, FEMALE, MALE} <= set(found):
            yield from _unequal(series, [found[EVERYONE]], [found[FEMALE], found[MALE]])
        elif EVERYONE in found:
            larger = [one for one in found.values() if one.value > found[EVERYONE].value + _rounding(series, one)]
            yield from (_larger(one, found[EVERYONE], "everyone's") for one in larger if found[EVERYONE].exact)


def _larger_parts(some: Iterable[Line]) -> Iterator[Disagreement]:
    """Yield each breakdown that is larger than the total of its days, where they need not add up."""
    totals = {(line.window, line.sex): line for line in some if line.breakdown == TOTAL}
    for line in some:
        total = totals.get((line.window, line.sex))
        if total and total.exact and line.exact and line.value > total.value:
            yield _larger(line, total, "the total")


def _larger(part: Line, whole: Line, name: str) -> Disagreement:
    said = f"{_what(part)} is {part.value:g}, and {name} is {whole.value:g} ({whole.where})"
    return Disagreement(((part.file, part.number), (whole.file, whole.number)), said)


def _unequal(
    series: Series, whole: Sequence[Line], parts: Sequence[Line], off_by: float = 0.0
) -> Iterator[Disagreement]:
    """Yield a disagreement if parts do not add up to a whole within rounding; inexact figures may be anything."""
    total, added = whole[0], sum(part.value for part in parts)
    allowed = off_by + sum(_rounding(series, line) for line in (total, *parts))
    if all(line.exact for line in (total, *parts)) and abs(added - total.value) > allowed + TINY:
        said = f"{_what(total)} is {total.value:g}, and its parts add up to {added:g} ({_places(parts)})"
        yield Disagreement(tuple((line.file, line.number) for line in (total, *parts)), said)


def _rounding(series: Series, line: Line) -> float:
    """Return how far either side of its value a line's figure may lie."""
    taker = series.taker(line)
    return taker.rounded_to / 2 if isinstance(taker, Observed) else 0.0


def _what(line: Line) -> str:
    sex = "" if line.sex == EVERYONE else f", {line.sex}"
    return f"{line.series} ({line.breakdown}{sex}) {line.days}"


def _places(some: Sequence[Line]) -> str:
    """Return files and line numbers in few words."""
    by_file: dict[str, list[int]] = defaultdict(list)
    for line in some:
        by_file[line.file].append(line.number)
    return "; ".join(
        f"{file}, line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, sorted(numbers)))}"
        for file, numbers in by_file.items()
    )


def _wholes(observations: Sequence[Observation]) -> Iterator[Disagreement]:
    """Yield each measure on a day that those of WHOLES do not add up to."""
    found: dict[tuple[str, str, date, date], Observation] = {}
    for one in observations:
        found.setdefault((one.measure, one.group, one.first, one.last), one)
    for (measure, group, first, last), whole in found.items():
        parts = [found.get((name, group, first, last)) for name in WHOLES.get(measure, ())]
        there = [part for part in parts if part is not None]
        if there and len(there) == len(parts):
            yield from _not_whole(whole, there)


def _not_whole(whole: Observation, parts: Sequence[Observation]) -> Iterator[Disagreement]:
    added = sum(part.value for part in parts)
    if abs(added - whole.value) > sum(one.rounding for one in (whole, *parts)) + TINY:
        told = " and ".join(f"{one.measure} {one.value:g} ({one.csv_file}, line {one.csv_line})" for one in parts)
        said = f"{whole.measure} on {whole.last} is {whole.value:g} ({whole.csv_file}, line {whole.csv_line})"
        places = tuple((one.csv_file, one.csv_line) for one in (whole, *parts))
        yield Disagreement(places, f"{said}, and {told} add up to {added:g}")
