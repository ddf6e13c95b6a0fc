"""The arrays of `steps`: a place for each person, what is done with many of them at once, and their rates."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.days import HORIZON, MONTH
from sim.journal import ON_LICENCE, Event, State
from sim.law import Law
from sim.people import Sex
from sim.services import first_of, listings, month_of
from tests.benchmarks.book import AGE_STEP, FIRST_AGE, RECALLED, Book, cohort

Who = NDArray[np.intp]  # places of people in the arrays
NEVER = 10_000  # a month beyond every horizon
NONE, PAPERS, HEARING, OPEN_DECISION, RELEASE, ARREST = range(6)  # the next step of a review


class Counted(NamedTuple):
    """How many stand in each state at the end of each month, and how often each event came in it."""

    ends: NDArray[np.int64]  # the last day of each month, shape (months,)
    stocks: NDArray[np.int64]  # shape (months, states)
    flows: NDArray[np.int64]  # shape (months, events)


class Arrays:
    """Everyone sentenced, where they stand in a month, and the law of that month. Months count from April 2005."""

    def __init__(self, law: Law, *, seed: int = 1, life: int = 0, last: int = HORIZON, **how: Any) -> None:
        """Take a law, a seed, a life and the last day; `people` and `scale` as a world takes them."""
        self.book, self.rng = Book(law), np.random.default_rng([seed, life])
        self.now, self.law = 0, self.book.on(0)
        self.starts = np.array([first_of(month) for month in range(month_of(last + 1) + 1)])
        self.room = listings(law, how.get("scale", 1.0)).capacity
        self.who = cohort(law, seed=seed, life=life, **how)
        count, months = len(self.who["sex"]), len(self.starts) - 1
        self.sentenced, self.expiry = (self.month(self.who[name]) for name in ("sentenced", "tariff_expiry"))
        self.state = np.zeros(count, np.int8)
        self.step, self.references, self.requests = (np.zeros(count, np.int64) for _ in range(3))
        self.due, self.review_due, self.first, self.released, self.since = (np.full(count, NEVER) for _ in range(5))
        self.kept, self.move_on, self.rescinded = (np.full(count, NEVER) for _ in range(3))
        self.board, self.disposed = (np.full(count, NEVER) for _ in range(2))
        self.stepped_up = np.full(count, -NEVER)
        self.suspended, self.waived = np.zeros(count, bool), np.zeros(count, bool)
        self.stocks, self.flows = np.zeros((months, len(State)), np.int64), np.zeros((months, len(Event)), np.int64)

    def month(self, days: NDArray[Any]) -> NDArray[np.int64]:
        """Return the months in which days fall; NEVER after the last."""
        months = np.searchsorted(self.starts, days, "right") - 1
        return np.where(months < len(self.starts) - 1, months, NEVER)

    def within(self, states: tuple[State, ...], also: NDArray[np.bool_] | None = None) -> Who:
        """Return who is in one of some states, and meets a condition if one is given."""
        among = np.zeros(len(State), bool)
        among[list(states)] = True
        return np.flatnonzero(among[self.state] if also is None else among[self.state] & also)

    def befalls(self, who: Who, rate: Any) -> Who:
        """Return whom a rate a year befalls this month."""
        return who[self.rng.random(len(who)) < 1 - np.exp(-np.asarray(rate) / 12)]

    def split(self, who: Who, chance: Any) -> tuple[Who, Who]:
        """Return for whom something with a probability happens, and for whom not."""
        happens = self.rng.random(len(who)) < chance
        return who[happens], who[~happens]

    def after(self, days: Any) -> Any:
        """Return the month in which a wait of so many days is over: at least one month on."""
        return self.now + np.maximum(1, np.rint(np.asarray(days) / MONTH).astype(np.int64))

    def between(self, who: Who, low: float, high: float) -> Any:
        """Return even waits between two, one for each person."""
        return self.rng.uniform(low, high, len(who))

    def writes(self, who: Who, event: Event, state: Any = None) -> None:
        """Count an event, and put people in a state if one is given."""
        self.flows[self.now, event] += len(who)
        if state is not None:
            self.state[who] = state

    def waits(self, who: Who, step: int, due: Any) -> None:
        """Set the next step of a review, and its month."""
        self.step[who], self.due[who] = step, due

    def prison_of(self, who: Who) -> NDArray[Any]:
        """Return the closed state to which people return."""
        inside = np.where(self.expiry[who] <= self.now, State.CLOSED, State.PRE_TARIFF)
        return np.where(self.first[who] < NEVER, State.RECALLED, inside)

    def review_is_due(self, who: Who, month: Any) -> None:
        """A review is due in a month; its papers are read some months before."""
        self.review_due[who] = month
        self.waits(who, PAPERS, np.maximum(self.now + 1, month - round(self.law.papers_lead_days / MONTH)))

    def next_review(self, who: Who) -> None:
        """The next review is set."""
        law = self.law
        longest = np.inf if np.isnan(law.review_interval_most) else law.review_interval_most
        months = np.minimum(self.between(who, law.review_interval_low, law.review_interval_high), longest)
        self.review_is_due(who, np.maximum(self.now + np.rint(months).astype(np.int64), self.expiry[who]))

    def death_rates(self) -> NDArray[np.float64]:
        """Return deaths a year for everyone."""
        law = self.law
        ages = (self.starts[self.now] - self.who["born"]) / MONTH / 12
        at = FIRST_AGE + AGE_STEP * np.arange(len(law.mortality_male))
        women = np.interp(ages, at, law.mortality_female)
        general = np.where(self.who["sex"] == Sex.FEMALE, women, np.interp(ages, at, law.mortality_male))
        outside = np.isin(self.state, ON_LICENCE)
        return general * np.where(outside, law.mortality_ratio_licence, law.mortality_ratio_custody)

    def may_release(self, who: Who) -> NDArray[np.bool_]:
        """Return whether the Board has the power to direct release: the first, or after a recall."""
        law = self.law
        return np.where(self.first[who] < NEVER, law.board_may_rerelease == 1, law.board_may_release == 1)

    def chance_of_release(self, who: Who) -> NDArray[np.float64]:
        """Return the probabilities that an oral panel directs release."""
        law, ready = self.law, self.who["readiness"][who]
        odds = law.release_log_odds + law.release_spread * ready
        odds += np.take(law.offence_log_odds, self.who["offence"][who])
        odds += law.progress_per_year * (self.now - self.expiry[who]) / 12
        odds += law.female_log_odds * (self.who["sex"][who] == Sex.FEMALE)
        odds += law.open_log_odds * (self.state[who] == State.OPEN)
        back = law.rerelease_log_odds + law.rerelease_spread * ready
        odds = np.where(np.isin(self.state[who], RECALLED), back, odds)
        return self.may_release(who) / (1 + np.exp(-odds))

    def incident_ratio(self, who: Who) -> NDArray[np.float64]:
        """Return each person's own ratio to the incident rates: frailty, time out, extra support, approved premises."""
        law, years = self.law, (self.now - self.released[who]) // 12
        ratios = np.array([1.0, *law.time_out_ratios])
        ratio = self.who["frailty"][who] * ratios[np.minimum(years, len(ratios) - 1)]
        ratio *= np.where(self.who["sex"][who] == Sex.FEMALE, law.female_incident_ratio, 1.0)
        supported = self.now - self.stepped_up[who] <= law.step_up_days / MONTH
        ratio *= np.where(supported, law.step_up_ratio, 1.0)
        return ratio * np.where(self.state[who] == State.LICENCE_AP, law.premises_ratio, 1.0)
