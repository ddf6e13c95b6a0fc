"""Space: every belief's number as a coordinate that is standard normal under the prior.

A coordinate is the normal score of the luck at which the prior's distribution is inverted (`draws.numbers_at`); of a
year of a belief that drifts, it is the step into that year in standard deviations. So the prior is the same
round cloud in every direction, and what a fit finds is read as how far, and how surely, it lies from the middle.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from calibration import drift
from calibration.draws import Numbers, beliefs, names, numbers_at
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


def book_place(law: Law, named: Sequence[str]) -> Floats:
    """Return the place of the book's own values of the beliefs that drift, all others in the middle of their priors."""
    found = {name: score for rule in beliefs(law) if rule.drift for name, score in _of_book(rule).items()}
    return np.array([found.get(name, 0.0) for name in named])


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


def _of_book(rule: Rule) -> dict[str, float]:
    """Return the scores of a drifting belief's book values: its first value's, and its steps'."""
    values = {date_of(dated.day).year: dated.value[0] for dated in rule.values}
    first = drift.years(rule)[0]
    value = values[max(year for year in values if year < first)]
    _, middle, spread = rule.prior
    score = drift.step_between(rule, float(middle), value) / float(spread)
    found = {rule.name: score}
    for year, name in zip(drift.years(rule), drift.yearly(rule), strict=True):
        after = values.get(year, value)
        found[name] = drift.step_between(rule, value, after) / drift.spread(rule, year)
        value = after
    return found
