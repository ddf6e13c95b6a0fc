"""Licence: when the law ends one licence, for a history given day by day, with the authority for each date."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.days import HORIZON, NEVER, date_of, said, years_after
from sim.journal import State
from sim.law import Law, Numbers
from sim.layout import laid_out
from sim.people import RECORD, Sentence
from sim.termination import automatic_end_due, automatic_period, exists, reference_due


class BadHistory(ValueError):
    """A history that cannot have happened, said in one sentence."""


@dataclass(frozen=True)
class History:
    """First release, recalls and re-releases in turn, as day numbers; `disregarded` counts recalls from 1."""

    sentence: Sentence
    first_release: int
    recalls: Sequence[int] = ()
    rereleases: Sequence[int] = ()
    disregarded: frozenset[int] = frozenset()
    other_life: bool = False

    def __post_init__(self) -> None:
        """Refuse days out of turn or off the calendar, a re-release without a recall, a revocation never made."""
        turns = [self.first_release]
        if len(self.rereleases) not in (len(self.recalls), len(self.recalls) - 1):
            raise BadHistory(f"{len(self.recalls)} recalls cannot go with {len(self.rereleases)} re-releases.")
        for place, recall in enumerate(self.recalls):
            turns += [recall, *self.rereleases[place : place + 1]]
        for day in turns:
            if not 0 <= day <= HORIZON:
                raise BadHistory(f"{said(day)} is off the model's calendar, {said(0)} to {said(HORIZON)}.")
        for before, after in pairwise(turns):
            if after <= before:
                raise BadHistory(f"{said(after)} must come after {said(before)}: give releases and recalls in turn.")
        for number in self.disregarded:
            if not 1 <= number <= len(self.rereleases):
                again = len(self.rereleases)
                raise BadHistory(f"recall {number} cannot be disregarded: the history has {again} re-releases.")

    @property
    def spells(self) -> list[tuple[int, int, int]]:
        """Each spell on licence: (first day, last day, start of the licence's unbroken run)."""
        starts = [self.first_release, *self.rereleases]
        ends = [recall - 1 for recall in self.recalls] + [HORIZON] * (len(starts) - len(self.recalls))
        since = starts[0]
        spells = []
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            since = since if number in self.disregarded or number == 0 else start
            spells.append((start, end, since))
        return spells


@dataclass(frozen=True)
class Dates:
    """What the law makes of a history: day numbers, or None where a day never comes, and the reasons in words."""

    qualifying_period_ends: int | None
    reference_due: int | None
    automatic_end: int | None
    authorities: dict[str, str]
    words: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the dates in ISO form, the authority for each, and the sentences."""
        days = {name: getattr(self, name) for name in ("qualifying_period_ends", "reference_due", "automatic_end")}
        iso: dict[str, Any] = {name: None if day is None else date_of(day).isoformat() for name, day in days.items()}
        return iso | {"authorities": self.authorities, "words": list(self.words)}


def dates(law: Law, history: History) -> Dates:
    """Return when the qualifying period ends, when the Board must be asked and when the licence ends by itself.

    BadHistory if the licence had ended by itself before a recall that is said to have happened.
    """
    numbers = laid_out([law])
    end = _automatic_end(numbers, history)
    reference = _reference(numbers, history, end)
    ruling_day = HORIZON if end is None else end
    period = automatic_period(numbers.book[numbers.regime_of[0, ruling_day]], history.sentence)
    qualified = years_after(history.first_release, period) if exists(period) and not history.other_life else None
    found = {"qualifying_period_ends": qualified, "reference_due": reference, "automatic_end": end}
    return Dates(**found, authorities=_authorities(law, history, found), words=_words(law, history, found))


def _record(history: History, state: State, licence_since: int) -> Any:
    people = np.zeros(1, RECORD)
    person = people[0]
    person["sentence"], person["other_life"], person["state"] = history.sentence, history.other_life, state
    person["first_release"], person["licence_since"] = history.first_release, licence_since
    person["board_day"] = person["disposed"] = person["sentence_end"] = NEVER
    return person


def _automatic_end(numbers: Numbers, history: History) -> int | None:
    for number, (start, last, since) in enumerate(history.spells):
        person = _record(history, State.LICENCE, since)
        day = automatic_end_due(numbers, person, start - 1, HORIZON)
        recalled_after = number < len(history.recalls)
        if day <= last + recalled_after:  # on one day, the end comes before an incident that might bring recall
            if recalled_after:
                recalled = said(history.recalls[number])
                raise BadHistory(f"the licence ended by itself on {said(day)}, before the recall given for {recalled}.")
            return int(day)
    return None


def _reference(numbers: Numbers, history: History, end: int | None) -> int | None:
    stretches = []
    for number, (start, last, since) in enumerate(history.spells):
        stretches.append((start, last, State.LICENCE, since))
        if number < len(history.recalls):
            back = history.rereleases[number] - 1 if number < len(history.rereleases) else HORIZON
            stretches.append((last + 1, back, State.RECALLED, since))
    for start, last, state, since in stretches:
        day = int(reference_due(numbers, _record(history, state, since), start - 1, last))
        if day <= last and (end is None or day < end):
            return day
    return None


def _kind(history: History) -> str:
    return "dpp" if history.sentence == Sentence.DPP else "ipp"


def _authorities(law: Law, history: History, found: dict[str, int | None]) -> dict[str, str]:
    rules = {
        "qualifying_period_ends": (f"qualifying_period_automatic_{_kind(history)}", found["automatic_end"] or HORIZON),
        "reference_due": (f"qualifying_period_reference_{_kind(history)}", found["reference_due"]),
        "automatic_end": ("automatic_clock", found["automatic_end"]),
    }
    return {name: law.why(*rules[name]).cited for name, day in found.items() if day is not None}  # type: ignore[arg-type]


def _words(law: Law, history: History, found: dict[str, int | None]) -> tuple[str, ...]:
    authorities = _authorities(law, history, found)

    def because(name: str) -> str:
        return f" ({authorities[name]})" if name in authorities else ""

    qualified, reference, end = found.values()
    if history.other_life:
        return ("Section 31A does not apply to a person who serves another life sentence: nothing ends this licence.",)
    return (
        _period_words(qualified) + because("qualifying_period_ends") + ".",
        "The Board need not be asked before the licence ends."
        if reference is None
        else f"The Board must be asked on {said(reference)}{because('reference_due')}.",
        _end_words(history, end) + because("automatic_end") + ".",
    )


def _period_words(day: int | None) -> str:
    if day is None:
        return "No qualifying period for an automatic end is in force"
    return f"The qualifying period ends on {said(day)}"


def _end_words(history: History, end: int | None) -> str:
    if end is not None:
        return f"If there is no further recall, the licence ends by itself on {said(end)}"
    if len(history.recalls) > len(history.rereleases):
        return "The licence cannot end by itself while they are in prison: the clock starts again at re-release"
    return "The licence does not end by itself under this law"
