"""Law: an immutable book of dated numbers, each with its authority, read on the day of a decision.

The book holds all five kinds of number (law, fact, belief, choice, convention) in one grammar. Before the
first day of a rule the rule does not exist, and reads as not-a-number. The same holds from a day on which
a Bill says `none`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from math import nan
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.days import HORIZON

KINDS = ("law", "fact", "belief", "choice", "convention")
STATUSES = ("stated", "inferred", "unverified")
ALWAYS = -40_000  # a day before every life in the model
NONE = (nan,)
PEAK = HORIZON + 1  # as a day: on it each number of a law laid out is the highest that it ever is
LAWS_KEPT = 32  # laid out at one time: more than the 16 laws of one scenario


@dataclass(frozen=True, slots=True)
class Dated:
    """A value in force from `day` on, with the authority for it and the file and line where it stands."""

    day: int
    value: tuple[float, ...]
    authority: str = ""
    href: str = ""
    status: str = "stated"
    where: str = ""

    @property
    def exists(self) -> bool:
        """Whether the rule exists under this value."""
        return self.value[0] == self.value[0]

    @property
    def cited(self) -> str:
        """The authority, with its status where it was not simply stated."""
        return self.authority if self.status == "stated" else f"{self.authority} [{self.status}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One number of the model through time: its sense, unit, kind and dated values in order of day."""

    name: str
    sense: str
    unit: str
    kind: str
    values: tuple[Dated, ...]
    checked: str = ""
    reason: str = ""
    prior: tuple[Any, ...] = ()
    low: float = -np.inf
    high: float = np.inf
    of: tuple[str, ...] = ()  # what the places of a list stand for
    drift: tuple[tuple[int, float], ...] = ()  # of a belief that walks: from each year on, its yearly step's spread
    effect: str = ""  # through what it acts, if it is the size of an effect
    grade: str = ""  # what the size of an effect rests on

    @property
    def width(self) -> int:
        """How many numbers a value of this rule holds: 1, or the length of its list."""
        return max(1, len(self.of))

    def on(self, day: int) -> Dated:
        """Return the value in force on `day`; one that does not exist if the rule had not begun."""
        before = [dated for dated in self.values if dated.day <= day]
        return before[-1] if before else Dated(ALWAYS, NONE * self.width, status="")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a Bill does to one rule: these values replace all that the book says from their first day on."""

    rule: str
    values: tuple[Dated, ...]


class Amends(Protocol):
    """Anything with amendments: a Bill."""

    @property
    def amendments(self) -> Sequence[Amendment]:
        """The changes it makes, in order."""
        ...


class Numbers(NamedTuple):
    """A law laid out for the engines: `book[regime_of[variant, day]]` is a record of every number that day.

    `month_of` is a day's month, and `workforce` holds by variant, region and month what `layout.Staff` names. After the
    horizon comes the day `PEAK`, with a record and a month of its own.
    """

    regime_of: NDArray[np.int16]
    book: NDArray[np.void]
    statute_until: NDArray[np.int32]
    month_of: NDArray[np.int16]
    workforce: NDArray[np.float64]


class Law:
    """An immutable statute book: `law.on(day)`, `law.why(rule, day)`, `law.amended_by(bill)`."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """Take rules by name; their order fixes the layout that the engines see."""
        self.rules = dict(rules)

    def rule(self, name: str) -> Rule:
        """Return a rule; KeyError with the nearest name if there is none of that name."""
        if name not in self.rules:
            near = get_close_matches(name, self.rules, 1)
            raise KeyError(f"there is no rule '{name}'" + (f"; did you mean '{near[0]}'?" if near else ""))
        return self.rules[name]

    def on(self, day: int) -> dict[str, float | tuple[float, ...]]:
        """Return every number in force on `day`: a float, or a tuple where the rule is a list."""
        return {name: rule.on(day).value if rule.of else rule.on(day).value[0] for name, rule in self.rules.items()}

    def why(self, name: str, day: int) -> Dated:
        """Return the value of one rule on `day` with its authority, status, file and line."""
        return self.rule(name).on(day)

    def amended_by(self, bill: Amends) -> "Law":
        """Return the law as a Bill leaves it; this law is not changed. KeyError for an unknown rule."""
        rules = dict(self.rules)
        for amendment in bill.amendments:
            rule = rules.get(amendment.rule) or self.rule(amendment.rule)
            first = min(dated.day for dated in amendment.values)
            kept = tuple(dated for dated in rule.values if dated.day < first)
            rules[rule.name] = replace(rule, values=kept + tuple(sorted(amendment.values, key=lambda d: d.day)))
        return Law(rules)

    @cached_property
    def change_days(self) -> list[int]:
        """Every day from 0 to the horizon on which some number changes, day 0 first."""
        return self._changes(KINDS)

    @cached_property
    def statute_days(self) -> list[int]:
        """Every day from 0 to the horizon on which the law in the narrow sense changes, day 0 first."""
        return self._changes(("law",))

    def _changes(self, kinds: Sequence[str]) -> list[int]:
        days = {dated.day for rule in self.rules.values() if rule.kind in kinds for dated in rule.values}
        return sorted({0} | {day for day in days if 0 < day <= HORIZON})

    @cached_property
    def records(self) -> NDArray[np.void]:
        """Every number on each of `change_days`: a record a day, as `on` returns it."""
        days, found = self.change_days, np.empty(len(self.change_days), self.dtype)
        for name, rule in self.rules.items():
            values = np.array([NONE * rule.width, *(dated.value for dated in rule.values)])
            place = np.searchsorted([dated.day for dated in rule.values], days, "right")
            found[name] = values[place] if rule.of else values[place, 0]
        return found

    @property
    def dtype(self) -> np.dtype[np.void]:
        """The record of all numbers on one day: a float64 for each rule, or an array of them for a list."""
        return _record(tuple((name, len(rule.of)) for name, rule in self.rules.items()))


@cache
def _record(widths: tuple[tuple[str, int], ...]) -> np.dtype[np.void]:
    # One object for one layout: numba knows a record by the identity of its dtype, and is slow to meet a new one.
    return np.dtype([(name, "f8", (width,)) if width else (name, "f8") for name, width in widths])
