"""Happenings: each line of a journal counted. Its code is what happened, in which state, and what state it led to.

Codes that the same counters count are one cell. As lines are in order of their days, those of a cell are first counted
up to the next asked day, and then added to its counters at once.
"""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from results.counting.tally import Clock, Counter, Counters, Tally, laid_out, tariff_begins_again
from sim.compiling import compiled, inlined
from sim.journal import Event, State, Table

STATES = len(State)
EVERY = tuple(State)


class Also(IntEnum):
    """What a line may be besides its event, by what went before it in the person's life."""

    FIRST_HEARING_RELEASED = max(Event) + 1  # the first oral hearing on or after tariff expiry directed release
    FIRST_HEARING_NOT_RELEASED = max(Event) + 2
    GRANTED = max(Event) + 3  # the Board ended a licence; what it grants in custody takes effect at release


KINDS = max(Also) + 1
EVERYONE = ("everyone",)  # the only trait by which happenings are counted


class Cells(NamedTuple):
    """Happenings that are counted alike."""

    counters: Counters
    of_code: NDArray[np.int16]  # each code's cell
    limited: NDArray[np.bool_]  # by cell: whether a counter of it counts some years only, each person's own


class Walked(NamedTuple):
    """How far a walk has come: by person, and of each cell since the asked day before."""

    state: NDArray[np.int8]  # by person
    heard: NDArray[np.bool_]  # by person: whether an oral hearing was held past tariff
    granted: NDArray[np.bool_]  # by person: whether the Board ended the licence in custody
    lines: NDArray[np.int64]  # by cell
    details: NDArray[np.int64]  # by cell, added up


def happenings(
    kinds: Sequence[Event | Also], before: Sequence[State] = EVERY, after: Sequence[State] = EVERY
) -> NDArray[np.bool_]:
    """Return which codes are of some kinds, from some states to some; shape (kinds x states x states,)."""
    among = np.zeros((KINDS, STATES, STATES), bool)
    among[np.ix_([*kinds], [*before], [*after])] = True
    return among.ravel()


def cells_of(counters: Sequence[Counter]) -> Cells:
    """Return the cells that the codes of some counters make, with the counters of each."""
    counted, of_code = np.unique(np.array([each.codes for each in counters]), axis=1, return_inverse=True)
    numbers = laid_out(counters, counted, EVERYONE)
    limited = [numbers.limited[first:end].any() for first, end in pairwise(numbers.groups)]
    return Cells(numbers, of_code.ravel().astype(np.int16), np.array(limited))


def walk(lines: Table, tally: Tally, cells: Cells) -> None:
    """Count every line of a journal in order of its days."""
    people, size = len(tally.clocks), len(cells.limited)
    state, (heard, granted) = np.zeros(people, np.int8), np.zeros((2, people), np.bool_)
    _count_all(lines, tally, cells, Walked(state, heard, granted, *np.zeros((2, size), np.int64)))


@compiled
def _add(tally: Tally, row: int, walked: Walked) -> None:
    # what has been counted of each cell goes into its counters, but for those that each person's own years limit
    counters = tally.counters
    for cell in range(len(walked.lines)):
        if walked.lines[cell] == 0:
            continue
        for group in range(counters.groups[cell], counters.groups[cell + 1]):
            if counters.limited[group] == 0:
                for member in range(counters.members[group], counters.members[group + 1]):
                    amount = walked.details[cell] if counters.adds_detail[member] else walked.lines[cell]
                    tally.changes[row, counters.counter[member]] += amount
        walked.lines[cell], walked.details[cell] = 0, 0


@compiled
def _count_limited(lines: Table, tally: Tally, line: int, cell: int) -> None:
    counters, day = tally.counters, lines.day[line]
    for group in range(counters.groups[cell], counters.groups[cell + 1]):
        if counters.limited[group] == 0:
            continue
        passed = day - tally.clocks[lines.person[line], counters.clock[group]]
        for member in range(counters.members[group], counters.members[group + 1]):
            if counters.at_least[member] <= passed < counters.below[member]:
                amount = lines.detail[line] if counters.adds_detail[member] else 1
                tally.changes[tally.row_of[day], counters.counter[member]] += amount


@inlined
def _count(lines: Table, tally: Tally, cells: Cells, walked: Walked, line: int, kind: int) -> None:
    before = walked.state[lines.person[line]]
    cell = cells.of_code[(kind * STATES + before) * STATES + lines.state[line]]
    walked.lines[cell] += 1
    walked.details[cell] += lines.detail[line]
    if cells.limited[cell]:
        _count_limited(lines, tally, line, cell)


@inlined
def _is_hearing(event: int) -> bool:
    refused = event == Event.HEARING_REFUSED or event == Event.OPEN_RECOMMENDED
    return refused or event == Event.RELEASE_DIRECTED_AT_HEARING


@compiled
def _count_all(lines: Table, tally: Tally, cells: Cells, walked: Walked) -> None:
    row, heard, granted = 0, walked.heard, walked.granted
    for line in range(len(lines.day)):
        who, event, day = lines.person[line], lines.event[line], lines.day[line]
        if tally.row_of[day] != row:
            _add(tally, row, walked)
            row = tally.row_of[day]
        _count(lines, tally, cells, walked, line, event)
        if event == Event.SENTENCED_AGAIN:
            tariff_begins_again(tally, who, day, lines.detail[line])
        if _is_hearing(event) and not heard[who] and day >= tally.clocks[who, Clock.TARIFF_EXPIRY]:
            heard[who] = True
            released = event == Event.RELEASE_DIRECTED_AT_HEARING
            first = Also.FIRST_HEARING_RELEASED if released else Also.FIRST_HEARING_NOT_RELEASED
            _count(lines, tally, cells, walked, line, first)
        if event == Event.TERMINATION_GRANTED_IN_CUSTODY:
            granted[who] = True
            _count(lines, tally, cells, walked, line, Also.GRANTED)
        elif event == Event.TERMINATED_BY_BOARD and not granted[who]:
            _count(lines, tally, cells, walked, line, Also.GRANTED)
        walked.state[who] = lines.state[line]
    _add(tally, row, walked)


@compiled
def count_people_recalled(day: Any, person: Any, first: Any, last: Any, recalled: Any, people: Any) -> None:
    """Add to `people` (windows,) how many distinct people are recalled from day `first` to day `last` of each.

    `day` and `person` are of each recall, in order of their days. `recalled` (people,) holds the day of each person's
    last recall: before every window to begin with.
    """
    for recall in range(len(day)):
        today, before = day[recall], recalled[person[recall]]
        for window in range(len(first)):
            low, high = first[window], last[window]
            people[window] += (before < low) & (low <= today) & (today <= high)
        recalled[person[recall]] = today
