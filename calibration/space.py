"""Space: every belief's number as a coordinate that is standard normal under the prior.

A coordinate is the normal score of the luck at which the prior's distribution is inverted (`draws.numbers_at`); of a
year of a belief that drifts, it is the step into that year in standard deviations. So the prior is the same
round cloud in every direction, and what a fit finds is read as how far, and how surely, it lies from the middle.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from calibration import drift
from calibration.draws import Numbers, beliefs, luck_at, names, numbers_at
from sim.days import date_of
from sim.law import Law, Rule

FURTHEST = 6.0  # standard deviations from the middle of a prior that a coordinate may lie
Floats = NDArray[np.float64]


def coordinates(law: Law, last: int = drift.LAST) -> tuple[str, ...]:
    """Return the names of the coordinates, in the order of the book; years after `last` are left out."""
    return tuple(name for rule in beliefs(law) for name in names(rule) if _year(rule, name) <= last)


def numbers_of(law: Law, place: Mapping[str, float]) -> Numbers:
    """Return the number of every belief at a place: a coordinate by name, those not named in the middle."""
    return numbers_at(law, lambda name: float(special.ndtr(np.clip(place.get(name, 0.0), -FURTHEST, FURTHEST))))


def numbers_at_place(law: Law, named: Sequence[str], place: Floats) -> Numbers:
    """Return the number of every belief at a place whose coordinates are in the order of `named`."""
    return numbers_of(law, dict(zip(named, place.tolist(), strict=True)))


def place_of(law: Law, numbers: Mapping[str, float]) -> dict[str, float]:
    """Return the place, a coordinate by name, at which `numbers_of` finds the numbers given.

    Where a step is further than a coordinate goes, the years after catch up. Beliefs that are not given are left out.
    """
    scores = {name: float(special.ndtri(luck)) for name, luck in luck_at(law, numbers).items()}
    place = {name: min(max(score, -FURTHEST), FURTHEST) for name, score in scores.items()}
    reached = numbers_of(law, place)
    walks = [rule for rule in beliefs(law) if rule.drift and rule.name in numbers]
    return place | {name: step for rule in walks for name, step in _steps(rule, reached[rule.name], numbers)}


def book_place(law: Law, named: Sequence[str]) -> Floats:
    """Return the place of the book's own values of the beliefs that drift, all others in the middle of their priors."""
    place = place_of(law, {name: value for rule in beliefs(law) if rule.drift for name, value in _of_book(rule)})
    return np.array([place.get(name, 0.0) for name in named])


def years_of(law: Law, named: Sequence[str]) -> dict[str, list[int]]:
    """Return, for each belief that drifts, the positions of its yearly coordinates in `named`, in order of year."""
    where = {name: i for i, name in enumerate(named)}
    return {rule.name: [where[n] for n in drift.yearly(rule) if n in where] for rule in beliefs(law) if rule.drift}


def spreads_of(law: Law, name: str, count: int) -> Floats:
    """Return the standard deviation of each of the first `count` yearly steps of a belief that drifts."""
    rule = law.rule(name)
    return np.array([drift.spread(rule, year) for year in drift.years(rule)[:count]])


def _year(rule: Rule, name: str) -> int:
    return int(name.removeprefix(f"{rule.name}.")) if rule.drift and name != rule.name else 0


def _steps(rule: Rule, first: float, numbers: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield each year's step in standard deviations, from wherever those before it have led."""
    value = first
    for year, name in zip(drift.years(rule), drift.yearly(rule), strict=True):
        spread = drift.spread(rule, year)
        step = min(max(drift.step_between(rule, value, numbers[name]) / spread, -FURTHEST), FURTHEST)
        value = drift.moved(rule, value, spread * step)
        yield name, step


def _of_book(rule: Rule) -> Iterator[tuple[str, float]]:
    """Yield a drifting belief's book values: its first under its own name, and each year's."""
    values = {date_of(dated.day).year: dated.value[0] for dated in rule.values}
    first = drift.years(rule)[0]
    value = values[max(year for year in values if year < first)]
    yield rule.name, value
    for year, name in zip(drift.years(rule), drift.yearly(rule), strict=True):
        value = values.get(year, value)
        yield name, value
