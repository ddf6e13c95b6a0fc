"""The compiled engine: the same lives as `world.World` lives with SimPy, many times faster.

A heap holds the next turn of each person as one whole number, ordered as SimPy's clock orders them: by day,
then by kind of turn, then by person.
"""

from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from sim import asking, retold, retold_outside, rules
from sim.compiling import compiled
from sim.journal import Authority, Event, Journal, State, Table
from sim.law import Numbers
from sim.retold import Here
from sim.rules import Turn
from sim.services import Listings
from sim.setting import Setting

TURNS_A_DAY = len(Turn)
LINES_A_PERSON = 48  # room in the journal to begin with; it doubles when full
SPARE = 8  # no turn writes more lines than this


@compiled
def tell_outside(turn: int, here: Here, person: Any, day: int) -> None:
    """Let a turn of release, licence or recall come, and what follows from it."""
    if turn == Turn.AUTOMATIC_END:
        retold_outside.automatic_end(here, person, day)
    elif turn == Turn.BOARD_DECIDES:
        retold_outside.board_decides(here, person, day)
    elif turn == Turn.REFERENCE:
        retold_outside.reference(here, person, day)
    elif turn == Turn.REQUEST:
        retold_outside.request(here, person, day)
    elif turn == Turn.RELEASE:
        retold_outside.release(here, person, day)
    elif turn == Turn.EXECUTIVE_RELEASE:
        retold_outside.executive_release(here, person, day)
    elif turn == Turn.OUT_OF_HOSPITAL:
        retold_outside.out_of_hospital(here, person, day)
    elif turn == Turn.ARREST:
        retold_outside.arrest(here, person, day)
    elif turn == Turn.RESCISSION:
        retold_outside.rescission(here, person, day)
    elif turn == Turn.MOVE_ON:
        retold_outside.move_on(here, person, day)
    elif turn == Turn.SUSPENSION:
        retold_outside.suspension(here, person, day)
    elif turn == Turn.APPLICATION:
        retold_outside.application(here, person, day)
    elif turn == Turn.CHARGE:
        retold_outside.charge(here, person, day)
    elif turn == Turn.BREACH:
        retold_outside.breach(here, person, day)


@compiled
def tell(turn: int, here: Here, person: Any, day: int) -> None:
    """Let a turn come, and what follows from it."""
    if turn == Turn.DEATH:
        retold.death(here, person, day)
    elif turn == Turn.TARIFF_EXPIRY:
        retold.tariff_expires(here, person, day)
    elif turn == Turn.REMOVAL:
        retold.removal(here, person, day)
    elif turn == Turn.HEARING:
        retold.hearing(here, person, day)
    elif turn == Turn.PAPERS:
        retold.papers(here, person, day)
    elif turn == Turn.OPEN_DECISION:
        retold.open_decision(here, person, day)
    elif turn == Turn.TO_HOSPITAL:
        retold.to_hospital(here, person, day)
    elif turn == Turn.BACK_TO_CLOSED:
        retold.back_to_closed(here, person, day)
    else:
        tell_outside(turn, here, person, day)


@compiled
def begin(here: Here, person: Any, day: int) -> None:
    """They are sentenced; the first review is due when the tariff ends."""
    retold.moves(person, day, State.PRE_TARIFF)
    retold.records(here, person, day, Event.SENTENCED, Authority.SENTENCE_POWER, person.tariff_days)
    person.review_due = person.tariff_expiry
    retold.wait_for(person, Turn.PAPERS, asking.first_papers(here.numbers, here.people, person.number, day))


@compiled
def room_for(lines: Table, size: int) -> Table:
    """Return the journal's columns with room for `size` lines, those written so far kept."""
    longer = Table(
        np.empty(size, np.int16),
        np.empty(size, np.int32),
        np.empty(size, np.int8),
        np.empty(size, np.int8),
        np.empty(size, np.int16),
        np.empty(size, np.int16),
    )
    kept = len(lines.day)
    longer.day[:kept], longer.person[:kept], longer.event[:kept] = lines.day, lines.person, lines.event
    longer.state[:kept], longer.because[:kept], longer.detail[:kept] = lines.state, lines.because, lines.detail
    return longer


@compiled
def live_all(numbers: Numbers, people: Any, listings: Listings, lines: Table, last: int) -> Any:
    """Live every life to the last day: (journal's columns, lines written, person and turn over a ceiling or -1)."""
    a_turn = max(1, len(people))
    a_day = TURNS_A_DAY * a_turn
    heap: list[Any] = [np.int64(p.sentenced) * a_day + p.number for p in people if p.sentenced <= last]
    heapify(heap)
    count = np.zeros(1, np.int64)
    while len(heap) > 0:
        tick = heappop(heap)
        day, turn, number = tick // a_day, tick % a_day // a_turn, tick % a_turn
        if count[0] + SPARE > len(lines.day):
            lines = room_for(lines, 2 * len(lines.day) + SPARE)
        here, person = Here(numbers, people, listings, lines, count), people[number]
        if person.state == State.UNSENTENCED:
            begin(here, person, day)
        else:
            tell(turn, here, person, day)
        if person.state < State.TERMINATED:
            next_day, next_turn = rules.next_turn(numbers, people, number, day, last)
            if next_day == rules.OVER_CEILING:
                return lines, count[0], number, next_turn
            if next_turn != Turn.NOTHING:
                heappush(heap, next_day * a_day + next_turn * a_turn + number)
    return lines, count[0], -1, -1


class CompiledWorld(Setting):
    """A setting lived by this engine, as `world.World` lives it with SimPy; `live()` returns the journal as a table."""

    def live(self) -> Table:
        """Live every life to the last day and return what happened; HazardOverCeiling names a person and a turn."""
        size = len(self.people) * LINES_A_PERSON + SPARE
        lines = room_for(Journal().as_table(), size)
        lines, count, person, turn = live_all(self.numbers, self.people, self.listings, lines, self.last)
        if person >= 0:
            raise rules.HazardOverCeiling(rules.over_ceiling(turn, person))
        columns: tuple[Any, ...] = tuple(column[:count] for column in lines)
        return Table(*columns)
