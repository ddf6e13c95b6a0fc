"""Lives under the reforms of release, as the tests of them read lives: who, and line by line."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from results.outcomes import flow_between, stock_on
from scenarios import current_law, find
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Authority, Event, State, Table
from sim.law import Law
from tests.test_conservation import amended

E, S, A = Event, State, Authority
LAST = day_of(date(2034, 12, 31))
BEGINS = day_of(date(2027, 4, 1))
REFORMS = ("executive_release", "fixed_release", "parole_capacity", "proportionality", "resentencing")
REVIEWS = (E.PAPERS_REFUSED, E.SENT_TO_HEARING, E.HEARING_DEFERRED, E.HEARING_REFUSED, E.OPEN_RECOMMENDED)
REFUSED = (E.PAPERS_REFUSED, E.HEARING_REFUSED, E.OPEN_RECOMMENDED)
OUT = (
    *(E.FIRST_RELEASED, E.RERELEASED_BY_BOARD, E.RERELEASED_BY_EXECUTIVE, E.RERELEASED_FROM_HOSPITAL),
    *(E.RERELEASED_ON_DATE, E.RECALL_RESCINDED),
)
GONE = (*OUT, E.SENTENCE_SERVED, E.DIED, E.SELF_INFLICTED_DEATH, E.REMOVED)
AFTER_END = (E.SERIOUS_OFFENCE_AFTER_END, E.REOFFENDED_AFTER_END, E.DIED_AFTER_END)  # while followed
SUPPORT = (E.SUPPORT_ARRANGED, E.SUPPORT_NOT_FOUND)  # comes with a release
IN_PRISON = (S.CLOSED, S.OPEN, S.RECALLED, S.RECALLED_OPEN)
Lived = tuple[Table, NDArray[np.void]]
Line = tuple[int, Event, State, int, int]


@cache
def book() -> Law:
    return current_law()


@cache
def lived(bill: str = "current_law", *changes: tuple[str, int, Any], people: int = 1_500, scale: float = 1.0) -> Lived:
    """The journal of a Bill changed once more; people as they were at first, but for the tariff, which is the last."""
    groups, laws = find(bill).laws(book())
    laws = [amended(law, *changes) for law in laws]
    how: dict[str, Any] = {"people": people, "scale": scale, "last": LAST}
    world = CompiledWorld(laws, groups, **how)
    people_then = world.people.copy()
    table = world.live()
    people_then["tariff_expiry"] = world.people["tariff_expiry"]  # a later sentence may have put it off
    return table, people_then


def lives(journal: Lived) -> Iterator[tuple[np.void, list[Line]]]:
    """Each person who has lines, with their lines: (day, event, state after, authority, detail)."""
    table, people = journal
    order = np.argsort(table.person, kind="stable")
    starts = np.flatnonzero(np.diff(table.person[order], prepend=-1))
    for some in np.split(order, starts[1:]):
        lines = zip(*(column[some].tolist() for column in (table.day, *table[2:])), strict=True)
        yield people[table.person[some[0]]], [(d, E(e), S(s), b, detail) for d, e, s, b, detail in lines]


def count(journal: Lived, event: Event, because: Authority | None = None) -> int:
    table, _ = journal
    return int(np.sum((table.event == event) & ((table.because == because) if because is not None else True)))


def standing(journal: Lived, measure: str, when: date) -> float:
    return stock_on(*journal, measure, day_of(when))


def happened(journal: Lived, measure: str, group: str = "") -> float:
    return flow_between(*journal, measure, group, BEGINS, LAST)


def state_on(lines: list[Line], day: int) -> State:
    """The state at the end of a day."""
    return next((state for then, _, state, *_ in reversed(lines) if then <= day), S.UNSENTENCED)
