"""Draws: sets of values of the beliefs, and the law under each.

A draw gives each belief one number, under its name. What the number is depends on the belief alone:

- one value: the value itself;
- one that drifts (`calibration.drift`): its first value, and under `name.year` the value of each year after;
- dated or listed values with a lognormal prior: what all of them are multiplied by;
- dated or listed values with a normal prior: what is added to all of them;
- a list of shares: one number for each place, under `name.place`, by which that share is multiplied; the list is
  then divided by its sum, since one number for all places would change nothing.

A prior is cut where it would carry a value over the belief's bounds, and where the highest of a pair (`..._high`)
would come below the lowest (`..._low`). Luck is keyed by seed, belief and draw: a draw does not depend on how many
there are, nor on the other beliefs.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from math import exp, inf, log
from typing import Any

import numpy as np
from scipy import special

from calibration import drift
from scenarios.reading import BadInput
from sim.law import Dated, Law, Rule
from sim.luck import person_key, u
from sim.setting import Past

LOW, HIGH = "_low", "_high"
DIGITS = 12  # of a drawn number: what a machine's own logarithm does to the last ones is cut off
KEYS = 2**63
Numbers = dict[str, float]


class Draws:
    """Where the numbers of each draw come from; this one changes nothing, for every draw is the book's own values.

    Other sources say what `numbers` are: the prior here, or a table of weighted draws that a fit has left.
    """

    source = "book"

    def numbers(self, law: Law, draw: int) -> Numbers:
        """Return the number of each belief in one draw, by name; a belief that is not named keeps its values."""
        return {}

    def past(self, draw: int) -> Past | None:
        """Return the luck that worlds of one draw have had to some day; None where each life's luck is all its own."""
        return None

    def law(self, law: Law, draw: int) -> Law:
        """Return `law` with the beliefs of one draw."""
        return believing(law, self.numbers(law, draw))

    def hash(self, law: Law, draw: int) -> str:
        """Return 16 hex digits of a hash of the numbers of one draw, and of its past."""
        told = repr((sorted(self.numbers(law, draw).items()), self.past(draw)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class Prior(Draws):
    """Draws of every belief from its prior, each by itself, by the luck of a seed."""

    source = "prior"

    def __init__(self, seed: int) -> None:
        """Take the seed of the run."""
        self.seed = seed

    def numbers(self, law: Law, draw: int) -> Numbers:
        """Return the number of each belief in one draw; BadInput for a prior that cannot be read as above."""

        def luck(name: str) -> float:
            key: Any = np.uint64(person_key(self.seed, draw, _key(name)))
            return u(key, 0, 0)

        return numbers_at(law, luck)


def numbers_at(law: Law, luck: Callable[[str], float]) -> Numbers:
    """Return the number of every belief where its prior's distribution reaches `luck(name)` in [0, 1).

    BadInput for a prior that cannot be read as above.
    """
    found: Numbers = {}
    for rule in sorted(beliefs(law), key=lambda rule: rule.name.endswith(HIGH)):
        for name, (low, high) in _within(rule, _lowest(law, rule, found)).items():
            found[name] = _drawn(rule.prior, luck(name), low, high)
        steps = {name: float(special.ndtri(luck(name))) for name in drift.yearly(rule)}
        walk = drift.walked(rule, found.get(rule.name, 0.0), steps)
        found |= {name: float(f"{value:.{DIGITS}g}") for name, value in walk}
    return {name: found[name] for rule in beliefs(law) for name in names(rule)}


def luck_at(law: Law, numbers: Mapping[str, float]) -> Numbers:
    """Return the luck in [0, 1] at which `numbers_at` finds each number given, but for the years of a walk.

    A number that the prior cannot reach has the luck of the end that it is nearest to.
    """
    found: Numbers = {}
    for rule in (rule for rule in beliefs(law) if numbers.keys() & set(names(rule))):
        for name, (low, high) in _within(rule, _lowest(law, rule, numbers)).items():
            found[name] = _luck(rule.prior, numbers[name], low, high)
    return found


def beliefs(law: Law) -> list[Rule]:
    """Return the rules of kind belief, in the order of the book."""
    return [rule for rule in law.rules.values() if rule.kind == "belief"]


def names(rule: Rule) -> tuple[str, ...]:
    """Return under which names a belief's numbers go: its own, of a list of shares each place's, and each year's."""
    return tuple(f"{rule.name}.{place}" for place in rule.of) if _are_shares(rule) else (rule.name, *drift.yearly(rule))


def believing(law: Law, numbers: Mapping[str, float]) -> Law:
    """Return `law` with the beliefs that the numbers of a draw name; KeyError for a name of no belief."""
    left, rules = set(numbers), dict(law.rules)
    for rule in beliefs(law):
        mine = {name: numbers[name] for name in names(rule) if name in left}
        if mine:
            left.difference_update(mine)
            rules[rule.name] = replace(rule, values=_believed(rule, mine))
    if left:
        raise KeyError(f"there is no belief {', '.join(sorted(left))}")
    return Law(rules)


def _believed(rule: Rule, mine: Numbers) -> tuple[Dated, ...]:
    if rule.drift:
        return drift.dated(rule, mine)
    return tuple(_moved(rule, dated, list(mine.values())) for dated in rule.values)


def _are_shares(rule: Rule) -> bool:
    return rule.unit == "share" and bool(rule.of)


def _is_one_value(rule: Rule) -> bool:
    return len(rule.values) == 1 and not rule.of


def _way(rule: Rule) -> str:
    """Return how a belief's number acts on its values: 'value', 'times', 'plus' or 'shares'."""
    form = rule.prior[0] if rule.prior else "none"
    if _is_one_value(rule) or rule.drift:
        return "value"
    if _are_shares(rule) and form == "lognormal":
        return "shares"
    if form in ("lognormal", "normal") and not _are_shares(rule):
        return "times" if form == "lognormal" else "plus"
    raise BadInput(
        f"{rule.values[0].where}: {rule.name} has a {form} prior; dated or listed values need one that is lognormal "
        "(what multiplies them) or, unless they are shares, normal (what is added to them)."
    )


def _moved(rule: Rule, dated: Dated, numbers: list[float]) -> Dated:
    way, value = _way(rule), dated.value
    if way == "shares":
        weighted = [x * times for x, times in zip(value, numbers, strict=True)]
        value = tuple(x / sum(weighted) for x in weighted)
    else:
        number = numbers[0]
        value = tuple({"value": number, "times": x * number, "plus": x + number}[way] for x in value)
    # A cut prior keeps a value within its bounds but for the last digit.
    return replace(dated, value=tuple(min(max(x, rule.low), rule.high) for x in value), authority="a draw")


def _lowest(law: Law, rule: Rule, found: Mapping[str, float]) -> float:
    """Return the value that a `..._high` belief must not come below: the highest drawn for its `..._low`."""
    pair = law.rules.get(rule.name.removesuffix(HIGH) + LOW) if rule.name.endswith(HIGH) else None
    if pair is None or pair.kind != "belief":
        return rule.low
    return max(rule.low, *(x for dated in pair.values for x in _moved(pair, dated, [found[pair.name]]).value))


def _within(rule: Rule, lowest: float) -> dict[str, tuple[float, float]]:
    """Return the least and greatest number that keeps a belief's values from `lowest` to its own highest."""
    way = _way(rule)
    if way == "shares":  # whatever they are multiplied by, shares of their sum are from nought to one
        return dict.fromkeys(names(rule), (-inf, inf))
    if way == "value":
        return {rule.name: (lowest, rule.high)}
    ends = list(_ends(rule, lowest, way))
    return {rule.name: (max(low for low, _ in ends), min(high for _, high in ends))}


def _ends(rule: Rule, lowest: float, way: str) -> Iterator[tuple[float, float]]:
    for x in (x for dated in rule.values for x in dated.value):
        if way == "plus":
            yield lowest - x, rule.high - x
        elif x > 0:
            yield lowest / x, rule.high / x
        elif x < 0:
            yield rule.high / x, lowest / x
        else:
            yield -inf, inf


@cache
def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % KEYS


def _drawn(prior: tuple[str | float, ...], luck: float, low: float, high: float) -> float:
    """Return a number of a prior, cut to `low` to `high`, at `luck` in [0, 1): its distribution inverted."""
    form, *numbers = prior
    one, two = (float(number) for number in numbers)
    below, above = _share_below(str(form), one, two, low), _share_below(str(form), one, two, high)
    if above <= below:  # all of the prior is on one side: the end that it is nearest to
        return low if below >= 1 else high
    number = _inverted(str(form), one, two, below + luck * (above - below))
    return float(f"{min(max(number, low), high):.{DIGITS}g}")


def _luck(prior: tuple[str | float, ...], number: float, low: float, high: float) -> float:
    """Return the luck at which `_drawn` finds a number; where the whole prior is cut away, a half."""
    form, *numbers = prior
    one, two = (float(each) for each in numbers)
    below, share, above = (_share_below(str(form), one, two, x) for x in (low, number, high))
    return min(max((share - below) / (above - below), 0.0), 1.0) if above > below else 0.5


def _share_below(form: str, one: float, two: float, x: float) -> float:
    """Return the share of a distribution at or below x."""
    if form == "normal":
        return float(special.ndtr((x - one) / two))
    if form == "lognormal":
        return float(special.ndtr(log(x / one) / two)) if 0 < x < inf else float(x > 0)
    if form == "uniform":
        return float(np.clip((x - one) / (two - one), 0, 1))
    if form == "beta":
        return float(special.betainc(one, two, np.clip(x, 0, 1)))
    return float(special.gammainc(one, max(x, 0) / two))


def _inverted(form: str, one: float, two: float, share: float) -> float:
    """Return the number below which a share of a distribution lies; parameters as in `scenarios.priors.FORMS`."""
    if form == "normal":
        return float(one + two * special.ndtri(share))
    if form == "lognormal":
        return one * exp(two * float(special.ndtri(share))) if share > 0 else 0.0
    if form == "uniform":
        return one + (two - one) * share
    if form == "beta":
        return float(special.betaincinv(one, two, share))
    return float(two * special.gammaincinv(one, share))
