"""Happenings: each line of a journal counted. Its code is what happened, in which state, and what state it led to."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from results.counting.tally import Clock, Tally, tariff_begins_again
from sim.compiling import compiled
from sim.journal import Event, State, Table

STATES = len(State)
EVERY = tuple(State)


class Also(IntEnum):
    """What a line may be besides its event, by what went before it in the person's life."""

    FIRST_HEARING_RELEASED = max(Event) + 1  # the first oral hearing on or after tariff expiry directed release
    FIRST_HEARING_NOT_RELEASED = max(Event) + 2
    GRANTED = max(Event) + 3  # the Board ended a licence; what it grants in custody takes effect at release


KINDS = max(Also) + 1


def happenings(
    kinds: Sequence[Event | Also], before: Sequence[State] = EVERY, after: Sequence[State] = EVERY
) -> NDArray[np.bool_]:
    """Return which codes are of some kinds, from some states to some; shape (kinds x states x states,)."""
    among = np.zeros((KINDS, STATES, STATES), bool)
    among[np.ix_([*kinds], [*before], [*after])] = True
    return among.ravel()


def walk(lines: Table, tally: Tally) -> None:
    """Count every line of a journal in order of its days."""
    people = len(tally.clocks)
    _count_all(lines, tally, np.zeros(people, np.int8), np.zeros(people, bool), np.zeros(people, bool))


@compiled
def _count(lines: Table, tally: Tally, line: int, kind: int, before: int) -> None:
    counters, day = tally.counters, lines.day[line]
    code = (kind * STATES + before) * STATES + lines.state[line]
    for group in range(counters.groups[code], counters.groups[code + 1]):
        passed = day - tally.clocks[lines.person[line], counters.clock[group]]
        for member in range(counters.members[group], counters.members[group + 1]):
            if counters.at_least[member] <= passed < counters.below[member]:
                amount = lines.detail[line] if counters.adds_detail[member] else 1
                tally.changes[tally.row_of[day], counters.counter[member]] += amount


@compiled
def _is_hearing(event: int) -> bool:
    refused = event == Event.HEARING_REFUSED or event == Event.OPEN_RECOMMENDED
    return refused or event == Event.RELEASE_DIRECTED_AT_HEARING


@compiled
def _count_all(lines: Table, tally: Tally, state: Any, heard: Any, granted: Any) -> None:
    # by person: the state they are in, whether they have been heard past tariff, or granted an end in custody
    for line in range(len(lines.day)):
        who, event = lines.person[line], lines.event[line]
        _count(lines, tally, line, event, state[who])
        if event == Event.SENTENCED_AGAIN:
            tariff_begins_again(tally, who, lines.day[line], lines.detail[line])
        if _is_hearing(event) and not heard[who] and lines.day[line] >= tally.clocks[who, Clock.TARIFF_EXPIRY]:
            heard[who] = True
            released = event == Event.RELEASE_DIRECTED_AT_HEARING
            first = Also.FIRST_HEARING_RELEASED if released else Also.FIRST_HEARING_NOT_RELEASED
            _count(lines, tally, line, first, state[who])
        if event == Event.TERMINATION_GRANTED_IN_CUSTODY:
            granted[who] = True
            _count(lines, tally, line, Also.GRANTED, state[who])
        elif event == Event.TERMINATED_BY_BOARD and not granted[who]:
            _count(lines, tally, line, Also.GRANTED, state[who])
        state[who] = lines.state[line]


@compiled
def _is_recall(event: int) -> bool:
    return event == Event.RECALLED_NO_CHARGE or event == Event.RECALLED_CHARGED


@compiled
def count_people_recalled(lines: Table, first: Any, last: Any, recalled: Any, people: Any) -> None:
    """Add to `people` (windows,) how many distinct people are recalled from day `first` to day `last` of each.

    `recalled` (people,) holds the day of each person's last recall: before every window to begin with.
    """
    for line in range(len(lines.day)):
        if _is_recall(lines.event[line]):
            who, day = lines.person[line], lines.day[line]
            for window in range(len(first)):
                if recalled[who] < first[window] <= day <= last[window]:
                    people[window] += 1
            recalled[who] = day
