"""What a numpy user would write at first: arrays of all people, moved on by one calendar month at a time.

A waiting time is a whole number of months, at least one; a rate a year befalls with probability 1 - exp(-rate / 12);
the law is that of the month's first day; one thing of a kind may befall a person in a month, and whatever is decided
in a month follows in a later one. That is where its bias comes from, which `bias` shows. The numbers and the formulas
are those of the model.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.days import MONTH
from sim.journal import CUSTODY, ENDED, ON_LICENCE, Event, State
from sim.people import Sentence
from tests.benchmarks.book import OPENED, RECALLED
from tests.benchmarks.steps_arrays import (
    ARREST,
    HEARING,
    NEVER,
    NONE,
    OPEN_DECISION,
    PAPERS,
    RELEASE,
    Arrays,
    Counted,
    Who,
)


class Months(Arrays):
    """Everyone sentenced, lived month by month."""

    def live(self) -> Counted:
        """Live every month to the last day and return the counts."""
        for month, start in enumerate(self.starts[:-1]):
            self.now, self.law = month, self.book.on(start)
            self.sentence_passed()
            self.chances_in_prison()
            self.chances_outside()
            self.reviews()
            self.at_large()
            self.termination()
            self.stocks[self.now] = np.bincount(self.state, minlength=len(State))
        return Counted(self.starts[1:] - 1, self.stocks, self.flows)

    # Sentence, chances in prison, reviews.

    def sentence_passed(self) -> None:
        law, new = self.law, np.flatnonzero(self.sentenced == self.now)
        self.writes(new, Event.SENTENCED, State.PRE_TARIFF)
        lead = round(law.papers_lead_days / MONTH)
        self.review_due[new] = self.expiry[new]
        self.waits(new, PAPERS, np.maximum(self.expiry[new] - lead, self.after(law.first_review_preparation_days)))
        expired = self.within((State.PRE_TARIFF,), self.expiry <= self.now)
        self.writes(expired, Event.TARIFF_EXPIRED, State.CLOSED)

    def chances_in_prison(self) -> None:
        law = self.law
        alive = np.flatnonzero((self.state > State.UNSENTENCED) & ~np.isin(self.state, ENDED))
        self.writes(self.befalls(alive, self.death_rates()[alive]), Event.DIED, State.DEAD)
        liable = (self.who["foreign"] == 1) & (self.expiry < self.now)
        if law.removal_power == 1:
            self.writes(self.befalls(self.within(CUSTODY, liable), law.removal_rate), Event.REMOVED, State.REMOVED)
        if law.executive_release_power == 1:
            released = self.befalls(self.within(RECALLED), law.executive_release_rate)
            self.goes_out(released, Event.RERELEASED_BY_EXECUTIVE)
        back = self.befalls(self.within(OPENED, self.step != RELEASE), law.return_to_closed_rate)
        self.writes(back, Event.RETURNED_TO_CLOSED, self.prison_of(back))
        self.next_review(back)
        self.leaves_hospital(self.befalls(self.within((State.HOSPITAL,)), law.hospital_discharge_rate))
        closed = self.within((State.PRE_TARIFF, State.CLOSED, State.RECALLED))
        ill = self.befalls(closed, law.hospital_transfer_rate if law.hospital_power == 1 else 0.0)
        self.waits(ill, NONE, NEVER)
        self.writes(ill, Event.TO_HOSPITAL, State.HOSPITAL)

    def leaves_hospital(self, who: Who) -> None:
        ready = (self.expiry[who] < self.now) & self.may_release(who)
        out, back = self.split(who, self.law.hospital_release_share * ready)
        self.writes(back, Event.BACK_FROM_HOSPITAL, self.prison_of(back))
        self.next_review(back)
        again = self.first[out] < NEVER
        self.goes_out(out[again], Event.RERELEASED_FROM_HOSPITAL)
        self.goes_out(out[~again], Event.FIRST_RELEASED)

    def due_for(self, step: int) -> Who:
        """Return whose next step is one, and due; nobody whose sentence has ended."""
        return np.flatnonzero((self.step == step) & (self.due <= self.now) & ~np.isin(self.state, ENDED))

    def reviews(self) -> None:
        """Papers are read, hearings held, and what was decided in earlier months takes effect."""
        law = self.law
        out = self.due_for(RELEASE)
        again = self.first[out] < NEVER
        self.goes_out(out[again], Event.RERELEASED_BY_BOARD)
        self.goes_out(out[~again], Event.FIRST_RELEASED)
        accepted, refused = self.split(self.due_for(OPEN_DECISION), law.open_acceptance)
        self.writes(refused, Event.OPEN_REFUSED)
        self.next_review(refused)
        self.writes(accepted, Event.OPEN_ACCEPTED, np.where(self.first[accepted] < NEVER, *OPENED[::-1]))
        self.review_is_due(accepted, self.now + round(law.open_review_months))
        self.hearings()
        self.papers()

    def papers(self) -> None:
        law, who = self.law, self.due_for(PAPERS)
        back = np.isin(self.state[who], RECALLED)
        release = np.where(back, law.recall_papers_release, law.papers_release) * self.may_release(who)
        hearing = np.where(back, law.recall_papers_to_hearing, law.papers_to_hearing)
        luck = self.rng.random(len(who))
        self.release_is_directed(who[luck < release], Event.RELEASE_DIRECTED_ON_PAPERS)
        heard = who[(luck >= release) & (luck < release + hearing)]
        self.waits(heard, HEARING, np.maximum(self.review_due[heard], self.after(law.hearing_notice_days)))
        self.writes(heard, Event.SENT_TO_HEARING)
        stay = who[luck >= release + hearing]
        self.writes(stay, Event.PAPERS_REFUSED)
        self.next_review(stay)

    def hearings(self) -> None:
        """Those who have waited longest are heard, as many as there are listings this month."""
        law, queue = self.law, self.due_for(HEARING)
        listed = queue[np.argsort(self.due[queue], kind="stable")][: self.room[self.now]]
        put_off, heard = self.split(listed, law.deferral)
        self.writes(put_off, Event.HEARING_DEFERRED)
        self.due[put_off] = self.after(self.between(put_off, law.deferral_days_low, law.deferral_days_high))
        out, stay = self.split(heard, self.chance_of_release(heard))
        self.release_is_directed(out, Event.RELEASE_DIRECTED_AT_HEARING)
        back, opened = np.isin(self.state[stay], RECALLED), np.isin(self.state[stay], OPENED)
        share = np.where(back, law.recall_open_recommendation, law.open_recommendation) * ~opened
        recommended, stay = self.split(stay, share)
        wait = self.rng.exponential(law.open_decision_days, len(recommended))
        self.waits(recommended, OPEN_DECISION, self.after(wait))
        self.writes(recommended, Event.OPEN_RECOMMENDED)
        self.writes(stay, Event.HEARING_REFUSED)
        self.next_review(stay)

    def release_is_directed(self, who: Who, event: Event) -> None:
        ready = self.after(self.between(who, self.law.release_days_low, self.law.release_days_high))
        self.waits(who, RELEASE, np.maximum(ready, self.expiry[who]))
        self.writes(who, event)

    # Licence, recall and the ends of a sentence.

    def goes_out(self, who: Who, event: Event) -> None:
        """They go out on licence; the clock starts again, unless the revocation is disregarded."""
        first = self.first[who] == NEVER
        self.first[who[first]] = self.now
        self.released[who] = self.now
        kept, _ = self.split(who[~first], self.law.disregard_share if self.law.disregard_power == 1 else 0.0)
        self.begins_licence(who, event, kept)

    def begins_licence(self, who: Who, event: Event, kept: Who) -> None:
        law = self.law
        self.waits(who, NONE, NEVER)
        self.since[who], self.suspended[who], self.requests[who] = self.now, False, 0
        self.since[kept], self.rescinded[who], self.move_on[who] = self.kept[kept], NEVER, NEVER
        self.writes(kept, Event.REVOCATION_DISREGARDED)
        self.writes(who, event, State.LICENCE)
        housed, _ = self.split(who, law.premises_share)
        self.state[housed] = State.LICENCE_AP
        self.move_on[housed] = self.after(self.rng.exponential(law.premises_days, len(housed)))
        self.writes(who[self.waived[who]], Event.TERMINATED_BY_BOARD, State.TERMINATED)

    def chances_outside(self) -> None:
        law = self.law
        self.writes(self.within((State.LICENCE_AP,), self.move_on <= self.now), Event.MOVED_ON, State.LICENCE)
        who = self.within(ON_LICENCE)
        breach = law.breach_rate * np.where(self.suspended[who], law.suspended_ratio, 1.0)
        self.breached(self.befalls(who, breach * self.incident_ratio(who)))
        who = self.within(ON_LICENCE)
        charged = self.befalls(who, law.charge_rate * self.incident_ratio(who))
        self.follows_incident(charged, Event.RECALLED_CHARGED, law.recall_after_charge)
        settled = self.now - self.since >= law.suspension_after * 12  # nobody where there is no rule
        eased = self.befalls(self.within(ON_LICENCE, ~self.suspended & settled), law.suspension_rate)
        self.suspended[eased] = True
        self.writes(eased, Event.SUPERVISION_SUSPENDED)

    def breached(self, who: Who) -> None:
        kind = self.rng.choice(len(self.law.breach_shares), len(who), p=self.law.breach_shares)
        self.follows_incident(who, Event.RECALLED_NO_CHARGE, np.take(self.law.recall_after_breach, kind))

    def follows_incident(self, who: Who, event: Event, chance: Any) -> None:
        recalled, left = self.split(who, chance * (self.law.recall_power == 1))
        supported, warned = self.split(left, self.law.step_up_share)
        self.stepped_up[supported] = self.now
        self.writes(supported, Event.SUPPORT_STEPPED_UP)
        self.writes(warned, Event.WARNED)
        self.is_recalled(recalled, event)

    def is_recalled(self, who: Who, event: Event) -> None:
        law = self.law
        self.kept[who], self.move_on[who] = self.since[who], NEVER
        mistaken, _ = self.split(who, law.rescission_share)
        self.rescinded[mistaken] = self.after(self.rng.exponential(law.rescission_days, len(mistaken)))
        away, caught = self.split(who, law.at_large_share)
        self.waits(away, ARREST, self.after(self.rng.exponential(law.at_large_days, len(away))))
        self.writes(away, event, State.AT_LARGE)
        self.writes(caught, event, State.RECALLED)
        self.recall_review(caught)

    def recall_review(self, who: Who) -> None:
        law = self.law
        referral = 0 if np.isnan(law.recall_referral_days) else law.recall_referral_days
        self.review_is_due(who, self.after(referral + self.between(who, law.recall_review_low, law.recall_review_high)))

    def at_large(self) -> None:
        found = self.due_for(ARREST)
        self.writes(found, Event.RETURNED_TO_CUSTODY, State.RECALLED)
        self.recall_review(found)
        law, who = self.law, self.within((*RECALLED, State.AT_LARGE), self.rescinded <= self.now)
        share = law.disregard_share_rescinded if law.disregard_power == 1 else float(law.rescission_keeps_clock == 1)
        self.begins_licence(who, Event.RECALL_RESCINDED, self.split(who, share)[0])

    # The end of the licence.

    def period(self, end: str) -> NDArray[np.float64]:
        """Return qualifying periods in months for everyone; not-a-number where there is none."""
        dpp, ipp = (12 * getattr(self.law, f"qualifying_period_{end}_{kind}") for kind in ("dpp", "ipp"))
        return np.where(self.who["sentence"] == Sentence.DPP, dpp, ipp)

    def termination(self) -> None:
        law, eligible = self.law, self.who["other_life"] == 0
        qualified = np.maximum(self.first + self.period("automatic"), self.since)
        ended = self.within(ON_LICENCE, eligible & (qualified + 12 * law.automatic_clock <= self.now))
        self.writes(ended, Event.TERMINATED_AUTOMATICALLY, State.TERMINATED)
        self.board_decides()
        self.references_made(eligible & (self.board == NEVER))

    def may_be_referred(self) -> tuple[State, ...]:
        recalled = (*RECALLED, State.AT_LARGE) if self.law.refer_while_recalled == 1 else ()
        return (*ON_LICENCE, *recalled)

    def references_made(self, eligible: NDArray[np.bool_]) -> None:
        """The Board is asked: by the Secretary of State, by a person's request, or on application as the law was."""
        law, qualified = self.law, self.first + self.period("reference")
        asked, again = (self.references > 0) & (self.disposed < NEVER), self.disposed + law.rereference_months
        due = np.where(self.references == 0, qualified, np.where(asked, again, np.nan)) <= self.now
        if law.reference_automatic == 1:
            self.is_referred(self.within(self.may_be_referred(), eligible & ~self.waived & due))
        else:
            free = (self.disposed == NEVER) | (self.disposed + 12 * law.reapplication_years <= self.now)
            applies = self.within(ON_LICENCE, eligible & free & (qualified <= self.now))
            self.is_referred(self.befalls(applies, law.application_rate))
        unused = asked & (self.requests < law.requests_per_spell) & eligible & (self.board == NEVER)
        ripe = np.maximum(qualified, self.since) + 12 * law.request_after <= self.now
        may = self.within(ON_LICENCE, unused & ripe)
        self.requests[may] += 1
        self.is_referred(self.split(may, law.request_share)[0], Event.TERMINATION_REQUESTED)

    def is_referred(self, who: Who, event: Event = Event.REFERRED_FOR_TERMINATION) -> None:
        self.references[who] += 1
        wait = self.between(who, self.law.termination_days_low, self.law.termination_days_high)
        self.board[who] = self.after(wait)
        self.writes(who, event)

    def board_decides(self) -> None:
        law = self.law
        pending = self.within((*ON_LICENCE, *RECALLED, State.AT_LARGE), self.board <= self.now)
        self.board[pending] = NEVER
        may = np.isin(self.state[pending], self.may_be_referred())
        self.references[pending[~may]] -= 1
        who = pending[may]
        self.disposed[who] = self.now
        outside = np.isin(self.state[who], ON_LICENCE)
        chance = np.where(outside, law.termination_granted, law.termination_granted_recalled)
        chance = law.termination_granted_presumption if law.presumption_of_termination == 1 else chance
        granted, refused = self.split(who, chance * (law.termination_power == 1))
        self.writes(refused, Event.TERMINATION_REFUSED)
        outside = np.isin(self.state[granted], ON_LICENCE)
        self.writes(granted[outside], Event.TERMINATED_BY_BOARD, State.TERMINATED)
        self.waived[granted[~outside]] = True
        self.writes(granted[~outside], Event.TERMINATION_GRANTED_IN_CUSTODY)
