"""What follows when a clock of `anyof` rings: reviews, release, supervision, recall and the ends of a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import simpy

from sim.days import HORIZON, MONTH, months_after
from sim.journal import ON_LICENCE, Event, State
from sim.services import Listings
from sim.services import book as book_listing
from tests.benchmarks import book as formulas
from tests.benchmarks.book import RECALLED, Book

Follows = Callable[["Prisoner"], None]


@dataclass(slots=True)
class Prisoner:
    """A person, with the days of what is pending; inf where nothing is."""

    number: int
    sex: int
    sentence: int
    offence: int
    foreign: int
    other_life: int
    born: int
    sentenced: int
    tariff_expiry: int
    readiness: float
    frailty: float
    state: State = State.UNSENTENCED
    step: Follows | None = None
    step_day: float = inf
    review_due: float = inf
    first_release: float = inf
    released: float = inf
    licence_since: float = inf
    kept_since: float = inf
    move_on_day: float = inf
    rescinds_on: float = inf
    board_day: float = inf
    disposed: float = inf
    stepped_up: float = -inf
    references: int = 0
    requests: int = 0
    suspended: bool = False
    waived: bool = False


class Story:
    """What follows from each turn of a life."""

    env: simpy.Environment
    rng: np.random.Generator
    book: Book
    listings: Listings
    lines: list[tuple[int, int, int, int]]

    @property
    def day(self) -> int:
        """Today."""
        return int(self.env.now)

    @property
    def law(self) -> Any:
        """The numbers of today."""
        return self.book.on(self.env.now)

    def befalls(self, chance: float) -> bool:
        """Return whether something with a probability happens."""
        return bool(self.rng.random() < chance)

    def between(self, low: float, high: float) -> float:
        """Return an even wait in days between two."""
        return float(self.rng.uniform(low, high))

    def some_days(self, share: float, mean: float) -> float:
        """Return an exponential wait for some, and 0 for the rest."""
        return float(self.rng.exponential(mean)) if self.befalls(share) else 0.0

    def writes(self, person: Prisoner, event: Event, state: State | None = None) -> None:
        """Put a person in a state, or leave them where they are, and write down what has happened."""
        person.state = person.state if state is None else state
        self.lines.append((self.day, person.number, event, person.state))

    def waits(self, person: Prisoner, step: Follows, day: float) -> None:
        """Set the next step of a review, and its day."""
        person.step, person.step_day = step, day

    # Reviews in prison.

    def begins(self, person: Prisoner) -> None:
        person.review_due = person.tariff_expiry
        first = max(person.tariff_expiry - self.law.papers_lead_days, self.day + self.law.first_review_preparation_days)
        self.waits(person, self.papers, first)
        self.writes(person, Event.SENTENCED, State.PRE_TARIFF)

    def tariff_expires(self, person: Prisoner) -> None:
        self.writes(person, Event.TARIFF_EXPIRED, State.CLOSED)

    def papers(self, person: Prisoner) -> None:
        law, recalled, luck = self.law, person.state in RECALLED, self.rng.random()
        release = law.recall_papers_release if recalled else law.papers_release
        release *= formulas.may_release(law, person)
        if luck < release:
            self.release_is_directed(person, Event.RELEASE_DIRECTED_ON_PAPERS)
        elif luck < release + (law.recall_papers_to_hearing if recalled else law.papers_to_hearing):
            earliest = max(person.review_due, self.day + law.hearing_notice_days)
            self.is_listed(person, Event.SENT_TO_HEARING, earliest)
        else:
            self.stays(person, Event.PAPERS_REFUSED)

    def is_listed(self, person: Prisoner, event: Event, earliest: float) -> None:
        listed = book_listing(self.listings, int(min(earliest, HORIZON)), self.rng.random())
        self.waits(person, self.hearing, listed)
        self.writes(person, event)

    def hearing(self, person: Prisoner) -> None:
        law = self.law
        if self.befalls(law.deferral):
            again = self.env.now + self.between(law.deferral_days_low, law.deferral_days_high)
            self.is_listed(person, Event.HEARING_DEFERRED, again)
        elif self.befalls(formulas.chance_of_release(law, person, self.env.now)):
            self.release_is_directed(person, Event.RELEASE_DIRECTED_AT_HEARING)
        elif self.befalls(formulas.chance_of_open(law, person)):
            self.waits(person, self.open_decision, self.env.now + self.rng.exponential(law.open_decision_days))
            self.writes(person, Event.OPEN_RECOMMENDED)
        else:
            self.stays(person, Event.HEARING_REFUSED)

    def stays(self, person: Prisoner, event: Event, state: State | None = None) -> None:
        """They stay in prison, and the next review is set."""
        law = self.law
        months = min(self.between(law.review_interval_low, law.review_interval_high), formulas.longest(law))
        self.review_is_due(person, max(months_after(self.day, round(months)), person.tariff_expiry))
        self.writes(person, event, state)

    def review_is_due(self, person: Prisoner, day: float) -> None:
        person.review_due = day
        self.waits(person, self.papers, max(self.env.now + 1, day - self.law.papers_lead_days))

    def open_decision(self, person: Prisoner) -> None:
        if not self.befalls(self.law.open_acceptance):
            self.stays(person, Event.OPEN_REFUSED)
            return
        self.review_is_due(person, self.day + self.law.open_review_months * MONTH)
        self.writes(person, Event.OPEN_ACCEPTED, State.RECALLED_OPEN if person.first_release < inf else State.OPEN)

    def returns_to_closed(self, person: Prisoner) -> None:
        self.stays(person, Event.RETURNED_TO_CLOSED, self.prison_of(person))

    def prison_of(self, person: Prisoner) -> State:
        if person.first_release < inf:
            return State.RECALLED
        return State.CLOSED if self.day >= person.tariff_expiry else State.PRE_TARIFF

    def release_is_directed(self, person: Prisoner, event: Event) -> None:
        ready = self.env.now + self.between(self.law.release_days_low, self.law.release_days_high)
        self.waits(person, self.release, max(ready, person.tariff_expiry + 1))
        self.writes(person, event)

    def goes_to_hospital(self, person: Prisoner) -> None:
        person.step = None
        self.writes(person, Event.TO_HOSPITAL, State.HOSPITAL)

    def leaves_hospital(self, person: Prisoner) -> None:
        may = self.day > person.tariff_expiry and formulas.may_release(self.law, person)
        if not (may and self.befalls(self.law.hospital_release_share)):
            self.stays(person, Event.BACK_FROM_HOSPITAL, self.prison_of(person))
        elif person.first_release < inf:
            self.goes_out(person, Event.RERELEASED_FROM_HOSPITAL)
        else:
            self.goes_out(person, Event.FIRST_RELEASED)

    # Release, supervision and recall.

    def release(self, person: Prisoner) -> None:
        again = person.first_release < inf
        self.goes_out(person, Event.RERELEASED_BY_BOARD if again else Event.FIRST_RELEASED)

    def is_released(self, person: Prisoner) -> None:
        self.goes_out(person, Event.RERELEASED_BY_EXECUTIVE)

    def goes_out(self, person: Prisoner, event: Event) -> None:
        law, first = self.law, person.first_release == inf
        person.released, person.first_release = self.env.now, self.day if first else person.first_release
        kept = not first and law.disregard_power == 1 and self.befalls(law.disregard_share)
        self.begins_licence(person, event, kept)

    def is_rescinded(self, person: Prisoner) -> None:
        law = self.law
        if law.disregard_power == 1:
            kept = self.befalls(law.disregard_share_rescinded)
        else:
            kept = law.rescission_keeps_clock == 1
        self.begins_licence(person, Event.RECALL_RESCINDED, kept)

    def begins_licence(self, person: Prisoner, event: Event, kept: bool) -> None:
        """The licence begins or begins again, its clock anew unless the revocation is disregarded."""
        stay = self.some_days(self.law.premises_share, self.law.premises_days)
        person.step, person.rescinds_on, person.requests, person.suspended = None, inf, 0, False
        person.move_on_day = self.env.now + stay if stay else inf
        person.licence_since = person.kept_since if kept else self.day
        self.writes(person, event, State.LICENCE_AP if stay else State.LICENCE)
        if kept:
            self.writes(person, Event.REVOCATION_DISREGARDED)
        if person.waived:
            self.writes(person, Event.TERMINATED_BY_BOARD, State.TERMINATED)

    def moves_on(self, person: Prisoner) -> None:
        person.move_on_day = inf
        self.writes(person, Event.MOVED_ON, State.LICENCE)

    def breaches(self, person: Prisoner) -> None:
        kind = self.rng.choice(len(self.law.breach_shares), p=self.law.breach_shares)
        self.follows_incident(person, Event.RECALLED_NO_CHARGE, self.law.recall_after_breach[kind])

    def is_charged(self, person: Prisoner) -> None:
        self.follows_incident(person, Event.RECALLED_CHARGED, self.law.recall_after_charge)

    def follows_incident(self, person: Prisoner, recalled: Event, chance: float) -> None:
        if self.law.recall_power == 1 and self.befalls(chance):
            self.is_recalled(person, recalled)
        elif self.befalls(self.law.step_up_share):
            person.stepped_up = self.env.now
            self.writes(person, Event.SUPPORT_STEPPED_UP)
        else:
            self.writes(person, Event.WARNED)

    def is_recalled(self, person: Prisoner, event: Event) -> None:
        law, person.kept_since, person.move_on_day = self.law, person.licence_since, inf
        mistaken = self.some_days(law.rescission_share, law.rescission_days)
        person.rescinds_on = self.env.now + mistaken if mistaken else inf
        away = self.some_days(law.at_large_share, law.at_large_days)
        if away:
            self.waits(person, self.arrest, self.env.now + away)
            self.writes(person, event, State.AT_LARGE)
        else:
            self.recall_review(person)
            self.writes(person, event, State.RECALLED)

    def arrest(self, person: Prisoner) -> None:
        self.recall_review(person)
        self.writes(person, Event.RETURNED_TO_CUSTODY, State.RECALLED)

    def recall_review(self, person: Prisoner) -> None:
        law = self.law
        referral = law.recall_referral_days if law.recall_referral_days == law.recall_referral_days else 0
        wait = referral + self.between(law.recall_review_low, law.recall_review_high)
        self.review_is_due(person, self.env.now + wait)

    def is_suspended(self, person: Prisoner) -> None:
        person.suspended = True
        self.writes(person, Event.SUPERVISION_SUSPENDED)

    # The end of the licence.

    def is_referred(self, person: Prisoner, event: Event = Event.REFERRED_FOR_TERMINATION) -> None:
        person.references += 1
        person.board_day = self.day + round(self.between(self.law.termination_days_low, self.law.termination_days_high))
        self.writes(person, event)

    def may_ask(self, person: Prisoner) -> None:
        person.requests += 1
        if self.befalls(self.law.request_share):
            self.is_referred(person, Event.TERMINATION_REQUESTED)

    def board_decides(self, person: Prisoner) -> None:
        law, person.board_day = self.law, inf
        if not formulas.may_be_referred(law, person):
            person.references -= 1
            return
        person.disposed = self.day
        if not self.befalls(formulas.chance_of_termination(law, person)):
            self.writes(person, Event.TERMINATION_REFUSED)
        elif person.state in ON_LICENCE:
            self.writes(person, Event.TERMINATED_BY_BOARD, State.TERMINATED)
        else:
            person.waived = True
            self.writes(person, Event.TERMINATION_GRANTED_IN_CUSTODY)

    def ends_by_law(self, person: Prisoner) -> None:
        self.writes(person, Event.TERMINATED_AUTOMATICALLY, State.TERMINATED)

    def is_removed(self, person: Prisoner) -> None:
        self.writes(person, Event.REMOVED, State.REMOVED)

    def dies(self, person: Prisoner) -> None:
        self.writes(person, Event.DIED, State.DEAD)
