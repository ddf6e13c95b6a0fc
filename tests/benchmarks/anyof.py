"""What a capable SimPy user would write at first: one process a person, and a race of timeouts for what comes next.

At each turn of a life every clock that could ring is wound, `any_of` them is awaited, and the first to ring is
answered. Waits come from numpy's generator. Where a hazard changes with time its clock is wound at the highest rate
that it could reach, and a ring counts with probability hazard / highest rate (Lewis and Shedler 1979); so the program
has no bias, and is quicker than one that winds its clocks again each month. What follows is told in `anyof_story`.
"""

from collections.abc import Callable, Generator
from math import inf, prod
from typing import Any

import numpy as np
import simpy

from sim.days import HORIZON, YEAR
from sim.journal import ENDED, ON_LICENCE, State, Table
from sim.law import Law
from sim.people import Sex
from sim.services import listings
from tests.benchmarks import book as formulas
from tests.benchmarks.anyof_story import Follows, Prisoner, Story
from tests.benchmarks.book import OPENED, RECALLED, Book, cohort

Clocks = dict[simpy.Event, Follows]
RATES = (
    "charge_rate", "breach_rate", "application_rate", "suspension_rate", "executive_release_rate", "removal_rate",
    "hospital_transfer_rate", "hospital_discharge_rate", "return_to_closed_rate", "female_incident_ratio",
)  # fmt: skip
RATIOS = ("time_out_ratios", "step_up_ratio", "premises_ratio")


class Nation(Story):
    """Everyone sentenced, one law, one life of luck. Times are days from 4 April 2005."""

    def __init__(self, law: Law, *, seed: int = 1, life: int = 0, last: int = HORIZON, **how: Any) -> None:
        """Take a law, a seed, a life and the last day; `people` and `scale` as a world takes them."""
        self.env, self.rng = simpy.Environment(), np.random.default_rng([seed, life])
        self.book, self.last, self.lines = Book(law), last, []
        columns = (trait.tolist() for trait in cohort(law, seed=seed, life=life, **how).values())
        self.people = [Prisoner(number, *row) for number, row in enumerate(zip(*columns, strict=True))]
        self.listings = listings(law, how.get("scale", 1.0))
        self.highest = {name: self.book.highest(name) for name in (*RATES, *RATIOS)}
        self.widest = prod(max(1.0, self.highest[name]) for name in RATIOS)

    def live(self) -> Table:
        """Live every life to the last day and return what happened; neither authority nor detail is written."""
        for person in self.people:
            self.env.process(self.serve(person))
        self.env.run(until=self.last + 1)
        columns = np.array(self.lines).reshape(-1, 4).T
        day, number, event, state = map(np.ndarray.astype, columns, (np.int16, np.int32, np.int8, np.int8))
        nothing = np.zeros(len(day), np.int16)
        return Table(day, number, event, state, nothing, nothing)

    def serve(self, person: Prisoner) -> Generator[simpy.Event, Any, None]:
        """One person's sentence: race after race, until it ends."""
        yield self.env.timeout(person.sentenced)
        self.begins(person)
        while person.state not in ENDED:
            clocks = self.wound(person)
            rung = yield self.env.any_of(clocks)
            clocks[rung.events[0]](person)

    # The clocks of a race.

    def on(self, day: float, follows: Follows, clocks: Clocks) -> None:
        """Wind a clock for a day that is known, or for now if it is past."""
        if day <= self.last:
            clocks[self.env.timeout(max(0.0, day - self.env.now))] = follows

    def at(self, rate: float, follows: Follows, clocks: Clocks) -> None:
        """Wind a clock that rings at a rate a year."""
        if rate > 0:
            clocks[self.env.timeout(self.rng.exponential(YEAR / rate))] = follows

    def thinned(
        self, most: float, hazard: Callable[[Any, Prisoner], float], follows: Follows, clocks: Clocks
    ) -> None:
        """Wind a clock at the highest rate a year; its ring counts with probability hazard of that day / highest."""

        def rings(person: Prisoner) -> None:
            if self.befalls(hazard(self.law, person) / most):
                follows(person)

        self.at(most, rings, clocks)

    def by_rate(self, rate: str, follows: Follows, clocks: Clocks, power: str = "") -> None:
        """Wind a thinned clock for one of the book's rates, which may need a power to be in force."""
        self.thinned(
            self.highest[rate],
            lambda law, _: getattr(law, rate) if not power or getattr(law, power) == 1 else 0.0,
            follows,
            clocks,
        )

    def wound(self, person: Prisoner) -> Clocks:
        """Return every clock that could ring next where a person now is, with what follows if it does."""
        clocks: Clocks = {}
        most = formulas.death_rate(self.book.on(self.last), person, self.last)
        self.thinned(most, lambda law, person: formulas.death_rate(law, person, self.env.now), self.dies, clocks)
        if person.step:
            self.on(person.step_day, person.step, clocks)
        if person.state in ON_LICENCE:
            self.wind_outside(person, clocks)
        elif person.state == State.HOSPITAL:
            self.by_rate("hospital_discharge_rate", self.leaves_hospital, clocks)
        elif person.state != State.AT_LARGE:
            self.wind_in_prison(person, clocks)
        if person.first_release < inf and person.state != State.HOSPITAL:
            self.wind_the_law(person, clocks)
        return clocks

    def wind_in_prison(self, person: Prisoner, clocks: Clocks) -> None:
        if person.state == State.PRE_TARIFF:
            self.on(person.tariff_expiry, self.tariff_expires, clocks)
        elif person.foreign:
            self.by_rate("removal_rate", self.is_removed, clocks, "removal_power")
        if person.state in RECALLED:
            self.by_rate("executive_release_rate", self.is_released, clocks, "executive_release_power")
        if person.state not in OPENED:
            self.by_rate("hospital_transfer_rate", self.goes_to_hospital, clocks, "hospital_power")
        elif person.step != self.release:
            self.by_rate("return_to_closed_rate", self.returns_to_closed, clocks)

    def wind_outside(self, person: Prisoner, clocks: Clocks) -> None:
        most = person.frailty * self.widest * (self.highest["female_incident_ratio"] if person.sex == Sex.FEMALE else 1)
        self.thinned(self.highest["charge_rate"] * most, self.charge_rate, self.is_charged, clocks)
        self.thinned(self.highest["breach_rate"] * most, self.breach_rate, self.breaches, clocks)
        self.thinned(self.highest["application_rate"], self.application_rate, self.is_referred, clocks)
        if not person.suspended:
            self.thinned(self.highest["suspension_rate"], self.suspension_rate, self.is_suspended, clocks)
        self.on(person.move_on_day, self.moves_on, clocks)
        self.on(formulas.automatic_end_day(self.law, person), self.ends_by_law, clocks)
        self.on(formulas.request_day(self.law, person), self.may_ask, clocks)

    def wind_the_law(self, person: Prisoner, clocks: Clocks) -> None:
        if person.state not in ON_LICENCE:
            self.on(person.rescinds_on, self.is_rescinded, clocks)
        self.on(person.board_day, self.board_decides, clocks)
        self.on(formulas.reference_day(self.law, person), self.is_referred, clocks)
        self.on(self.book.next_change(self.env.now), lambda _: None, clocks)  # the dates are read again

    # Hazards that depend on the person, a year.

    def charge_rate(self, law: Any, person: Prisoner) -> float:
        return float(law.charge_rate * formulas.incident_ratio(law, person, self.env.now))

    def breach_rate(self, law: Any, person: Prisoner) -> float:
        ratio = law.suspended_ratio if person.suspended else 1.0
        return float(law.breach_rate * ratio * formulas.incident_ratio(law, person, self.env.now))

    def application_rate(self, law: Any, person: Prisoner) -> float:
        return float(law.application_rate) if formulas.may_apply(law, person, self.day) else 0.0

    def suspension_rate(self, law: Any, person: Prisoner) -> float:
        settled = self.env.now - person.licence_since >= law.suspension_after * YEAR  # False where there is no rule
        return float(law.suspension_rate) if settled else 0.0
