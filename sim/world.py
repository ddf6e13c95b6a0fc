"""World: one law, one population, one life of luck. `World(...).live()` returns its journal."""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import simpy

from sim import coming, rules
from sim.journal import Authority, Event, Journal, State
from sim.law import Law
from sim.people import Person
from sim.rules import Turn
from sim.sentence import serve
from sim.setting import Setting

TURNS_A_DAY = Turn.NOTHING.value + 1


@contextmanager
def _uncollected() -> Iterator[None]:
    # Thousands of living processes make each pass of the cycle collector slow, and it finds next to nothing.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class World(Setting):
    """The clock, the people and the journal of one life; it knows no rule and holds no luck.

    Time in SimPy is a whole number that orders a day's turns: (day × kinds of turn + turn) × people +
    person. So no two things tie, and the order never depends on who was created first.
    """

    def __init__(self, laws: Sequence[Law], groups: Sequence[Any] = (), **how: Any) -> None:
        """Take what `Setting` takes, and start the clock and the journal."""
        super().__init__(laws, groups, **how)
        self.journal = Journal()
        self.clock = simpy.Environment()
        count = len(self.people)
        self._a_turn = max(1, count)
        self._a_day = TURNS_A_DAY * self._a_turn
        self._own_keys = [int(key) for key in self.own_keys]
        self._persons = (Person * count).from_buffer(cast(Any, self.people)) if count else ()

    def live(self) -> Journal:
        """Live every life to the last day and return what happened."""
        for person in self._persons:
            if person.sentenced <= self.last:
                self.clock.process(serve(person, self))
        with _uncollected():
            self.clock.run(until=self._tick(self.last + 1, 0, 0))
        return self.journal

    @property
    def day(self) -> int:
        """Today, as a day number."""
        return int(self.clock.now) // self._a_day

    def _tick(self, day: int, turn: int, number: int) -> int:
        return day * self._a_day + turn * self._a_turn + number

    def sentenced(self, person: Person) -> simpy.Event:
        """Return the event of a person's day of sentence."""
        return self.clock.timeout(self._tick(person.sentenced, 0, person.number))

    def next(self, person: Person) -> simpy.Event:
        """Return the event of the next turn in a person's life; it never comes if none is left before the end."""
        day, turn = coming.next_turn(self.numbers, self.people, person.number, self.day, self.last)
        if day == rules.OVER_CEILING:
            raise rules.HazardOverCeiling(rules.over_ceiling(turn, person.number))
        if day >= self.own_from and person.key != self._own_keys[person.number]:
            return self.clock.process(self._afresh(person))
        if turn == Turn.NOTHING:
            return self.clock.event()
        return self.clock.timeout(self._tick(day, turn, person.number) - self.clock.now, turn)

    def _afresh(self, person: Person) -> Generator[Any, Any, Any]:
        # What was to come after the past is asked again on its last day, when luck becomes the life's own.
        eve = self._tick(self.own_from - 1, Turn.NOTHING, person.number)
        yield self.clock.timeout(eve - self.clock.now)
        self.own_luck(person.number)
        return (yield self.next(person))

    def asks(self, rule: Callable[..., Any], person: Person, *more: Any) -> Any:
        """Return what a rule says of a person today, under the law of today."""
        return rule(self.numbers, self.people, person.number, self.day, *more)

    def moves(self, person: Person, state: State) -> None:
        """Put a person in a state from today."""
        person.state, person.since = state, self.day

    def records(self, person: Person, event: Event, because: Authority = Authority.CHANCE, detail: int = 0) -> None:
        """Write in the journal what has just happened to a person, and the state it left them in."""
        self.journal.write(self.day, person.number, event, person.state, because, detail)
