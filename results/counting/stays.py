"""Stays: how long each person stands where, counted on the days asked about. A stay's code is its standing.

All standings that a counter counts are a place, and one cell. A stay is the time from the day a person enters a place
to the day they leave it, whatever else changes meanwhile.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.counting.middle import Middle, mark
from results.counting.tally import Clock, Counter, Counters, Tally, laid_out, tariff_begins_again
from sim.compiling import compiled, inlined
from sim.days import NEVER
from sim.journal import Event, State, Table

STANDINGS = 2 * len(State)


class Places(NamedTuple):
    """The places that some counters count, and which of them a person enters or leaves who comes to stand elsewhere.

    They are those from `turns[turn]` to before `turns[turn + 1]` in `turned`, where a turn is the standing before
    times STANDINGS, and the standing after.
    """

    counters: Counters
    inside: NDArray[np.bool_]  # (standings, places)
    turns: NDArray[np.int32]
    turned: NDArray[np.int32]


class Walked(NamedTuple):
    """How far a walk has come. Everyone is unsentenced to begin with, and not counted."""

    standing: NDArray[np.int8]  # by person
    since: NDArray[np.int16]  # (people, places): the day on which they entered each place that they are in
    stood: NDArray[np.int64]  # (asked days + 1, standings): the change since the asked day before of how many stand so


def standings(states: Sequence[State], suspended: bool = False) -> NDArray[np.bool_]:
    """Return which standings are in some states, or only with supervision suspended there; shape (2 x states,)."""
    among = np.zeros((len(State), 2), bool)
    among[list(states), int(suspended) :] = True
    return among.ravel()


def places_of(counters: Sequence[Counter], traits: Sequence[str]) -> Places:
    """Return the places that some counters count; `traits` names the columns that the traits of a tally will have."""
    places, place = np.unique(np.array([each.codes for each in counters]), axis=0, return_inverse=True)
    numbers, inside = laid_out(counters, place.reshape(-1, 1) == np.arange(len(places)), traits), places.T
    turn, turned = np.nonzero((inside[:, None] != inside).reshape(STANDINGS**2, -1))
    turns = np.searchsorted(turn, np.arange(STANDINGS**2 + 1))
    return Places(numbers, np.ascontiguousarray(inside), turns.astype(np.int32), turned.astype(np.int32))


def place_within(places: Places, states: Sequence[State]) -> int:
    """Return the place that is made of some states; ValueError if no counter counts them."""
    (found,) = np.flatnonzero((places.inside.T == standings(states)).all(axis=1))
    return int(found)


def walk(lines: Table, tally: Tally, places: Places, middle: Middle) -> NDArray[np.int64]:
    """Count every stay of a journal in order of its days, and mark who joins and leaves those past tariff.

    Return how many people have each standing by the end of each asked day, shape (standings, asked days).
    """
    people = len(tally.clocks)
    walked = Walked(
        np.zeros(people, np.int8), np.zeros((people, places.inside.shape[1]), np.int16),
        np.zeros((len(tally.changes), STANDINGS), np.int64),
    )  # fmt: skip
    _count_all(lines, tally, places, middle, walked)
    return np.asarray(np.cumsum(walked.stood[:-1], axis=0).T)


@inlined
def _count(tally: Tally, place: int, who: int, first: int, end: int) -> None:
    # a person counts from the first day of a stay, or of the years asked for in it, to the day before they end
    counters = tally.counters
    for group in range(counters.groups[place], counters.groups[place + 1]):
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


@inlined
def _end(tally: Tally, middle: Middle, place: int, who: int, first: int, end: int) -> None:
    if tally.row_of[first] == tally.row_of[end]:
        return  # no day of this stay is asked about
    _count(tally, place, who, first, end)
    past = max(first, tally.clocks[who, Clock.TARIFF_EXPIRY])
    if place == middle.place and past < end:
        mark(middle, tally.row_of[past], tally.row_of[end], tally.clocks[who, Clock.TARIFF_EXPIRY])


@inlined
def _begins_licence(event: int) -> bool:
    first = event == Event.FIRST_RELEASED or event == Event.RECALL_RESCINDED
    again = event == Event.RERELEASED_BY_BOARD or event == Event.RERELEASED_BY_EXECUTIVE
    return first or again or event == Event.RERELEASED_FROM_HOSPITAL


@inlined
def _is_suspended(event: int, before: int) -> int:
    if _begins_licence(event):
        return 0
    return 1 if event == Event.SUPERVISION_SUSPENDED else before


@inlined
def _turn(tally: Tally, places: Places, middle: Middle, walked: Walked, who: int, day: int, stands: int) -> None:
    stood, row, turn = walked.standing[who], tally.row_of[day], walked.standing[who] * STANDINGS + stands
    walked.stood[row, stood] -= 1
    walked.stood[row, stands] += 1
    for place in places.turned[places.turns[turn] : places.turns[turn + 1]]:
        if places.inside[stands, place]:
            walked.since[who, place] = day
        else:
            _end(tally, middle, place, who, walked.since[who, place], day)
    walked.standing[who] = stands


@inlined
def _begins_again(
    tally: Tally, places: Places, middle: Middle, walked: Walked, who: int, day: int, tariff: int
) -> None:
    # until today they are counted by the tariff before
    for place in range(places.inside.shape[1]):
        if places.inside[walked.standing[who], place]:
            _end(tally, middle, place, who, walked.since[who, place], day)
            walked.since[who, place] = day
    tariff_begins_again(tally, who, day, tariff)


@compiled
def _count_all(lines: Table, tally: Tally, places: Places, middle: Middle, walked: Walked) -> None:
    standing = walked.standing
    for line in range(len(lines.day)):
        who, day, event = lines.person[line], lines.day[line], lines.event[line]
        if event == Event.FIRST_RELEASED:
            tally.clocks[who, Clock.FIRST_RELEASE] = day
        stands = 2 * lines.state[line] + _is_suspended(event, standing[who] % 2)
        if event == Event.SENTENCED_AGAIN:
            _begins_again(tally, places, middle, walked, who, day, lines.detail[line])
        if stands != standing[who]:
            _turn(tally, places, middle, walked, who, day, stands)
    for who in range(len(standing)):
        for place in range(places.inside.shape[1]):
            if places.inside[standing[who], place]:
                _end(tally, middle, place, who, walked.since[who, place], NEVER)
