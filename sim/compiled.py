"""The compiled engine: the same lives as `world.World` lives with SimPy, many times faster.

It tells the same story: the functions that `sentence.TURNS` names are compiled as they stand, and find here a
world that answers, moves and records as SimPy's does. A heap holds the next turn of each person as one whole
number, ordered as SimPy's clock orders them: by day, then by kind of turn, then by person.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import coming, determinate, offending, recall, rules
from sim import community as outside
from sim import custody as inside
from sim.compiling import compiled, inlined
from sim.here import Here
from sim.journal import State, Table
from sim.law import Law
from sim.luck import U
from sim.people import LOOKED_UP
from sim.rules import Turn
from sim.setting import Setting

TURNS_A_DAY = Turn.NOTHING.value + 1
LINES_A_PERSON = 40  # room in the journal to begin with; it doubles when full
SPARE = 8  # no turn writes more lines than this
LIVED, FULL = -1, -2
OWN = LOOKED_UP | {"variant", "court_day"}  # of a person's record, what does not follow from the life so far
LINE = np.dtype(list(zip(Table._fields, ("i2", "i4", "i1", "i1", "i2", "i2"), strict=True)), align=True)  # as Table


@inlined
def tell_outside(turn: int, person: Any, world: Any) -> None:
    """Let a turn of release, licence or recall come, and what follows from it."""
    if turn == Turn.AUTOMATIC_END:
        outside.automatic_end(person, world)
    elif turn == Turn.BOARD_DECIDES:
        outside.board_decides(person, world)
    elif turn == Turn.REFERENCE:
        outside.reference(person, world)
    elif turn == Turn.REQUEST:
        outside.request(person, world)
    elif turn == Turn.RELEASE:
        outside.release(person, world)
    elif turn == Turn.EXECUTIVE_RELEASE:
        outside.executive_release(person, world)
    elif turn == Turn.OUT_OF_HOSPITAL:
        outside.out_of_hospital(person, world)
    elif turn == Turn.ARREST:
        recall.arrest(person, world)
    elif turn == Turn.RESCISSION:
        outside.rescission(person, world)
    elif turn == Turn.MOVE_ON:
        outside.move_on(person, world)
    elif turn == Turn.SUSPENSION:
        outside.suspension(person, world)
    elif turn == Turn.APPLICATION:
        outside.application(person, world)
    elif turn == Turn.BREACH:
        outside.breach(person, world)
    elif turn == Turn.OFFICER_CHANGES:
        outside.officer_changes(person, world)
    elif turn == Turn.CONTACT:
        outside.contact(person, world)


@inlined
def tell_date(turn: int, person: Any, world: Any) -> None:
    """Let a date come that a review or a court has fixed, or a later sentence, and what follows from it."""
    if turn == Turn.RELEASE_DATE:
        determinate.release_on_date(person, world)
    elif turn == Turn.RESENTENCING:
        determinate.resentencing(person, world)
    elif turn == Turn.SENTENCE_END:
        determinate.sentence_end(person, world)
    elif turn == Turn.SENTENCED_AGAIN:
        inside.is_sentenced_again(person, world)


@inlined
def tell(turn: int, person: Any, world: Any) -> None:
    """Let a turn come, and what follows from it: `sentence.TURNS`, in a form that can be compiled."""
    if turn == Turn.DEATH:
        inside.death(person, world)
    elif turn == Turn.CHARGE:
        offending.charge(person, world)
    elif turn == Turn.SERIOUS_OFFENCE:
        offending.serious_offence(person, world)
    elif turn == Turn.TARIFF_EXPIRY:
        inside.tariff_expires(person, world)
    elif turn == Turn.REMOVAL:
        inside.removal(person, world)
    elif turn == Turn.HEARING:
        inside.hearing(person, world)
    elif turn == Turn.PAPERS:
        inside.papers(person, world)
    elif turn == Turn.OPEN_DECISION:
        inside.open_decision(person, world)
    elif turn == Turn.TO_HOSPITAL:
        inside.to_hospital(person, world)
    elif turn == Turn.BACK_TO_CLOSED:
        inside.back_to_closed(person, world)
    elif turn == Turn.REVOCATION:
        recall.revocation(person, world)
    elif turn >= Turn.RELEASE_DATE:
        tell_date(turn, person, world)
    else:
        tell_outside(turn, person, world)


@inlined
def sift(ticks: Any, size: int) -> None:
    """Let the first of a heap of `size` ticks, which may be out of place, sink to where it belongs.

    Places are asked for as numbers that cannot be negative: of any other numba looks whether it counts from the end.
    """
    tick, place, child = ticks[0], 0, 2
    while child < size:
        child -= int(ticks[U(child - 1)] < ticks[U(child)])  # a sum, and no branch that a processor would guess wrong
        if tick <= ticks[U(child)]:
            break
        ticks[U(place)] = ticks[U(child)]
        place, child = child, 2 * child + 2
    if child == size and ticks[U(child - 1)] < tick:
        ticks[U(place)] = ticks[U(child - 1)]
        place = child - 1
    ticks[U(place)] = tick


@compiled
def live_all(here: Any, ticks: Any, waiting: int, before: int, last: int) -> tuple[int, int, int]:
    """Live on from a heap of ticks to before a day: (people waiting, LIVED, FULL or who is over a ceiling, by what)."""
    a_turn = len(here.people)
    a_day = TURNS_A_DAY * a_turn
    while waiting > 0 and ticks[0] < before * a_day:
        if here.count[0] + SPARE > here.lines.size:
            return waiting, FULL, 0
        day, turn, number = ticks[0] // a_day, ticks[0] % a_day // a_turn, ticks[0] % a_turn
        person: Any = here.people[number]
        world: Any = Here(here.numbers, here.people, here.rooms, here.lines, here.count, day)
        if person.state == State.UNSENTENCED:
            inside.is_sentenced(person, world)
        else:
            tell(turn, person, world)
        next_day, next_turn = last + 1, Turn.NOTHING.value
        if person.state <= State.TERMINATED:
            next_day, next_turn = coming.next_turn(here.numbers, here.people, number, day, last)
        if next_day == rules.OVER_CEILING:
            return waiting, number, next_turn
        if next_turn == Turn.NOTHING:
            waiting -= 1
            ticks[0] = ticks[waiting]
        else:
            ticks[0] = next_day * a_day + next_turn * a_turn + number
        sift(ticks, waiting)
    return waiting, LIVED, 0


class CompiledWorld(Setting):
    """A setting lived by this engine, as `world.World` lives it with SimPy; `live()` returns the journal as a table."""

    def __init__(self, laws: Sequence[Law], groups: Sequence[Any] = (), **how: Any) -> None:
        """Take what `Setting` takes, and wait for each person's day of sentence."""
        super().__init__(laws, groups, **how)
        self._lines, self._count = np.empty(0, LINE), np.zeros(1, np.int64)
        self._ticks, self._waiting = self._waits_from(0)
        self._in_past = self.own_from <= self.last

    def live(self) -> Table:
        """Live every life to the last day and return what happened; HazardOverCeiling names a person and a turn."""
        self.live_before(self.last + 1)
        return Table._make(np.ascontiguousarray(self._lines[name][: self._count[0]]) for name in Table._fields)

    def live_before(self, day: int) -> None:
        """Live on, from where this world stands, all that comes before a day; HazardOverCeiling as `live`."""
        if self._in_past and self.own_from <= day:
            self._in_past = False
            self._live_before(self.own_from)
            self.own_luck()  # what was to come after the past is asked again, on its last day
            self._ticks, self._waiting = self._waits_from(self.own_from)
        self._live_before(day)

    def _live_before(self, day: int) -> None:
        ended = FULL
        while ended == FULL:
            here = Here(self.numbers, self.people, self.rooms, self._lines, self._count, 0)
            self._waiting, ended, turn = live_all(here, self._ticks, self._waiting, day, self.last)
            if ended == FULL:
                self._write_in(max(2 * self._lines.size, len(self.people) * LINES_A_PERSON) + SPARE)
        if ended != LIVED:
            raise rules.HazardOverCeiling(rules.over_ceiling(turn, ended))

    def go_on_from(self, other: "CompiledWorld", day: int) -> None:
        """Take over what happened to the same people in another world, lived to before a day under the same law.

        What comes next is asked again under the law of this world, of which nothing depends on when it was asked.
        """
        own = {name: self.people[name].copy() for name in OWN}
        self.people[:] = other.people
        for name, values in own.items():
            self.people[name] = values
        self.rooms[:, 1] = other.rooms[:, 1]
        self._in_past = other._in_past
        self._lines, self._count = other._lines, other._count.copy()
        self._write_in(self._lines.size)
        self._ticks, self._waiting = self._waits_from(day)

    def _write_in(self, room: int) -> None:
        lines, written = np.empty(room, LINE), self._count[0]
        lines[:written] = self._lines[:written]
        self._lines = lines

    def _waits_from(self, day: int) -> tuple[NDArray[np.int64], int]:
        """Return a heap of days of sentence, and its size; who is past theirs is asked on a day's eve what is next."""
        people = self.people
        new = people[(people["state"] == State.UNSENTENCED) & (people["sentenced"] <= self.last)]
        lived = people[(people["state"] != State.UNSENTENCED) & (people["state"] <= State.TERMINATED)]
        asked = np.full(lived.size, (day - 1) * TURNS_A_DAY + Turn.NOTHING, np.int64)  # nothing happens in that turn
        turns = np.concatenate((new["sentenced"].astype(np.int64) * TURNS_A_DAY, asked))
        numbers = np.concatenate((new["number"], lived["number"]))
        ticks = np.sort(turns * len(people) + numbers)  # in order it is a heap
        return ticks, ticks.size
