"""Stays: how long each person stands where, counted on the days asked about. A stay's code is its standing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.counting.tally import Clock, Tally, tariff_begins_again
from sim.compiling import compiled
from sim.days import NEVER
from sim.journal import Event, State, Table


class Middle(NamedTuple):
    """Those past tariff in some states, in the order of tariff expiry, to find the middle one of each asked day."""

    inside: NDArray[np.bool_]  # which states
    rank: NDArray[np.int32]  # each person's place in that order; the walk changes it to the next on a later sentence
    again: NDArray[np.int32]  # their place by the expiry after a later sentence; the same where there is none
    expiry: NDArray[np.int32]  # by place, in day numbers
    marks: NDArray[np.int8]  # (asked days + 1, people by place): 1 as one joins them, -1 as one leaves


def standings(states: Sequence[State], suspended: bool = False) -> NDArray[np.bool_]:
    """Return which standings are in some states, or only with supervision suspended there; shape (2 x states,)."""
    among = np.zeros((len(State), 2), bool)
    among[list(states), int(suspended) :] = True
    return among.ravel()


def middle_of(states: Sequence[State], lines: Table, first: NDArray[np.int32], days: int) -> Middle:
    """Return nobody marked so far, for some states, a journal, people's first expiry and a number of asked days.

    Whoever was past the first tariff on the day of a later sentence has two places; others are past one at most.
    """
    passed, inside, first = lines.event == Event.SENTENCED_AGAIN, np.zeros(len(State), bool), first.copy()
    inside[list(states)] = True
    who, day = lines.person[passed], lines.day[passed].astype(np.int32)
    later, past = np.minimum(NEVER - 1, day + lines.detail[passed]), first[who] < day
    first[who[~past]] = later[~past]
    twice, expiry = who[past], np.concatenate([first, later[past]])
    order, place = np.argsort(expiry, kind="stable"), np.empty(len(expiry), np.int32)
    place[order] = np.arange(len(expiry))
    rank, again = place[: len(first)], place[: len(first)].copy()
    again[twice] = place[len(first) :]
    return Middle(inside, rank, again, expiry[order], np.zeros((days + 1, len(expiry)), np.int8))


def walk(lines: Table, tally: Tally, middle: Middle) -> None:
    """Count every stay of a journal in order of its days, and mark who joins and leaves those past tariff."""
    people = len(middle.rank)
    _count_all(lines, tally, middle, np.zeros(people, np.int8), np.zeros(people, np.int16))


def middle_expiry(middle: Middle) -> NDArray[np.float64]:
    """Return the middle tariff expiry of those marked by each asked day, as a day number, shape (asked days,).

    Of an even number it is half-way between the middle two, and of nobody not-a-number.
    """
    found = np.full(len(middle.marks) - 1, np.nan)
    _find_middles(middle.marks, middle.expiry, found)
    return found


@compiled
def _count(tally: Tally, standing: int, who: int, first: int, end: int) -> None:
    # a person counts from the first day of a stay, or of the years asked for in it, to the day before they end
    counters = tally.counters
    for group in range(counters.groups[standing], counters.groups[standing + 1]):
        amount, clock = tally.traits[who, counters.trait[group]], tally.clocks[who, counters.clock[group]]
        if amount == 0:
            continue
        for member in range(counters.members[group], counters.members[group + 1]):
            low, high = max(first, clock + counters.at_least[member]), min(end, clock + counters.below[member])
            if low >= end:
                break  # the years of those that follow begin no earlier
            if low < high:
                tally.changes[tally.row_of[low], counters.counter[member]] += amount
                tally.changes[tally.row_of[high], counters.counter[member]] -= amount


@compiled
def _end(tally: Tally, middle: Middle, standing: int, who: int, first: int, end: int) -> None:
    if tally.row_of[first] == tally.row_of[end]:
        return  # no day of this stay is asked about
    _count(tally, standing, who, first, end)
    past = max(first, tally.clocks[who, Clock.TARIFF_EXPIRY])
    if middle.inside[standing // 2] and past < end:
        middle.marks[tally.row_of[past], middle.rank[who]] += 1
        middle.marks[tally.row_of[end], middle.rank[who]] -= 1


@compiled
def _begins_licence(event: int) -> bool:
    first = event == Event.FIRST_RELEASED or event == Event.RECALL_RESCINDED
    again = event == Event.RERELEASED_BY_BOARD or event == Event.RERELEASED_BY_EXECUTIVE
    return first or again or event == Event.RERELEASED_FROM_HOSPITAL


@compiled
def _is_suspended(event: int, before: int) -> int:
    if _begins_licence(event):
        return 0
    return 1 if event == Event.SUPERVISION_SUSPENDED else before


@compiled
def _count_all(lines: Table, tally: Tally, middle: Middle, standing: Any, since: Any) -> None:
    # by person: where they stand, and since when; unsentenced since day 0, to begin with
    for line in range(len(lines.day)):
        who, day, event = lines.person[line], lines.day[line], lines.event[line]
        if event == Event.FIRST_RELEASED:
            tally.clocks[who, Clock.FIRST_RELEASE] = day
        stands = 2 * lines.state[line] + _is_suspended(event, standing[who] % 2)
        if stands != standing[who] or event == Event.SENTENCED_AGAIN:
            _end(tally, middle, standing[who], who, since[who], day)
            standing[who], since[who] = stands, day
            if event == Event.SENTENCED_AGAIN:  # until today by the tariff before
                tariff_begins_again(tally, who, day, lines.detail[line])
                middle.rank[who] = middle.again[who]
    for who in range(len(standing)):
        _end(tally, middle, standing[who], who, since[who], NEVER)


@compiled
def _add_row_before(marks: Any, row: int) -> int:
    # afterwards a row says who is there, and not who has come or gone; how many that is
    people = 0
    for place in range(marks.shape[1]):
        if row > 0:
            marks[row, place] += marks[row - 1, place]
        people += marks[row, place]
    return people


@compiled
def _nth(here: Any, row: int, start: int, n: int) -> int:
    # the place of the n-th person of those here from a place on, 0 for the first
    place = start - 1
    while n >= 0:
        place += 1
        n -= here[row, place]
    return place


@compiled
def _find_middles(marks: Any, expiry: Any, found: Any) -> None:
    for row in range(len(found)):
        people = _add_row_before(marks, row)
        if people > 0:
            lower = _nth(marks, row, 0, (people - 1) // 2)
            upper = _nth(marks, row, lower, (people - 1) % 2)
            found[row] = (expiry[lower] + expiry[upper]) / 2
