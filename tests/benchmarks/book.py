"""What the comparison programs read: the law's numbers, its formulas in plain Python, and the people sentenced.

The formulas are those of `sim.rules`, `sim.decisions` and `sim.termination`, written out again as a user would.
"""

from bisect import bisect_right
from math import exp, inf
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import CompiledWorld
from sim.days import YEAR, years_after
from sim.journal import ON_LICENCE, State
from sim.law import Law
from sim.people import Sentence, Sex

FIRST_AGE, AGE_STEP = 20, 5  # the first age, and the step between ages, of the published life table
RECALLED = (State.RECALLED, State.RECALLED_OPEN)
OPENED = (State.OPEN, State.RECALLED_OPEN)
# Rules that set the days of s.31A Crime (Sentences) Act 1997: when one changes, everyone's dates are read again.
OF_TERMINATION = (
    "qualifying_period_automatic_ipp", "qualifying_period_automatic_dpp", "automatic_clock", "reference_automatic",
    "qualifying_period_reference_ipp", "qualifying_period_reference_dpp", "refer_while_recalled",
    "rereference_months", "request_after", "requests_per_spell",
)  # fmt: skip
TRAITS = (
    "sex", "sentence", "offence", "foreign", "other_life", "born", "sentenced", "tariff_expiry", "readiness",
    "frailty",
)  # fmt: skip


class Book:
    """The law's numbers on a day, as attributes of a plain object, and the highest that each ever is."""

    def __init__(self, law: Law) -> None:
        self.days = law.change_days
        self.laws = [SimpleNamespace(**law.on(day)) for day in self.days]
        dated = [value.day for name in OF_TERMINATION for value in law.rule(name).values]
        self.law_dates = sorted({day for day in dated if day > 0})

    def on(self, day: float) -> Any:
        """Return every number in force on a day."""
        return self.laws[bisect_right(self.days, day) - 1]

    def highest(self, name: str) -> float:
        """Return the highest value that a rule has on any day."""
        return float(np.nanmax([np.max(getattr(law, name)) for law in self.laws]))

    def next_change(self, day: float) -> float:
        """Return the next day on which the law of termination changes; inf if it does not."""
        place = bisect_right(self.law_dates, day)
        return self.law_dates[place] if place < len(self.law_dates) else inf


def cohort(law: Law, **how: Any) -> dict[str, NDArray[Any]]:
    """Return who is sentenced, by trait: the model's own people, so that only the luck of events differs.

    `how` is what a world takes: seed, life, people, scale.
    """
    people = CompiledWorld([law], **how).people
    return {name: np.array(people[name]) for name in TRAITS}


def death_rate(law: Any, person: Any, day: float) -> float:
    """Return deaths a year: the general population's, between the ages of the life table, × a ratio by place."""
    table = law.mortality_female if person.sex == Sex.FEMALE else law.mortality_male
    place = min(max(((day - person.born) / YEAR - FIRST_AGE) / AGE_STEP, 0.0), len(table) - 1.0)
    lower = min(int(place), len(table) - 2)
    general = table[lower] + (place - lower) * (table[lower + 1] - table[lower])
    return float(general * (law.mortality_ratio_licence if person.state in ON_LICENCE else law.mortality_ratio_custody))


def time_out_ratio(law: Any, years: float) -> float:
    """Return how much likelier incidents are so many years after the last release than in the first year."""
    return 1.0 if years < 1 else float(law.time_out_ratios[min(int(years) - 1, len(law.time_out_ratios) - 1)])


def incident_ratio(law: Any, person: Any, day: float) -> float:
    """Return a person's own ratio to the incident rates: frailty, time out, extra support, approved premises."""
    ratio = person.frailty * time_out_ratio(law, (day - person.released) / YEAR)
    if person.sex == Sex.FEMALE:
        ratio *= law.female_incident_ratio
    if day - person.stepped_up <= law.step_up_days:
        ratio *= law.step_up_ratio
    return float(ratio * (law.premises_ratio if person.state == State.LICENCE_AP else 1.0))


def may_release(law: Any, person: Any) -> bool:
    """Return whether the Board has the power to direct release: the first, or after a recall."""
    return bool((law.board_may_rerelease if person.first_release < inf else law.board_may_release) == 1)


def longest(law: Any) -> float:
    """Return the longest time in months between reviews that the law allows; inf where it sets none."""
    return inf if law.review_interval_most != law.review_interval_most else float(law.review_interval_most)


def chance_of_release(law: Any, person: Any, day: float) -> float:
    """Return the probability that an oral panel directs release."""
    if not may_release(law, person):
        return 0.0
    if person.state in RECALLED:
        odds = law.rerelease_log_odds + law.rerelease_spread * person.readiness
    else:
        odds = law.release_log_odds + law.release_spread * person.readiness + law.offence_log_odds[person.offence]
        odds += law.progress_per_year * (day - person.tariff_expiry) / YEAR
        odds += law.female_log_odds if person.sex == Sex.FEMALE else 0.0
        odds += law.open_log_odds if person.state == State.OPEN else 0.0
    return 1.0 / (1.0 + exp(-odds))


def chance_of_open(law: Any, person: Any) -> float:
    """Return the probability that a panel which does not direct release recommends open conditions."""
    if person.state in OPENED:
        return 0.0
    return float(law.recall_open_recommendation if person.state in RECALLED else law.open_recommendation)


def period_of(law: Any, person: Any, end: str) -> float:
    """Return a qualifying period in years, 'automatic' or 'reference'; not-a-number where the law has none."""
    return float(getattr(law, f"qualifying_period_{end}_{'dpp' if person.sentence == Sentence.DPP else 'ipp'}"))


def automatic_end_day(law: Any, person: Any) -> float:
    """Return the day on which the law ends a licence that is not broken off; inf if it does not."""
    period = period_of(law, person, "automatic")
    if person.other_life or not (period == period and law.automatic_clock == law.automatic_clock):
        return inf
    return years_after(max(years_after(person.first_release, period), person.licence_since), law.automatic_clock)


def may_be_referred(law: Any, person: Any) -> bool:
    """Return whether the Secretary of State may ask the Board to end the licence of a person where they are."""
    return person.state in ON_LICENCE or law.refer_while_recalled == 1


def chance_of_termination(law: Any, person: Any) -> float:
    """Return the probability that the Board ends a licence."""
    if law.termination_power != 1:
        return 0.0
    if law.presumption_of_termination == 1:
        return float(law.termination_granted_presumption)
    return float(law.termination_granted if person.state in ON_LICENCE else law.termination_granted_recalled)


def reference_day(law: Any, person: Any) -> float:
    """Return the day on which the Board must be asked to end a licence; inf if it need not be."""
    period = period_of(law, person, "reference")
    if person.other_life or person.waived or person.board_day < inf or law.reference_automatic != 1:
        return inf
    if not (period == period and may_be_referred(law, person)):
        return inf
    if person.references == 0:
        return years_after(person.first_release, period)
    if person.disposed == inf or law.rereference_months != law.rereference_months:
        return inf
    return years_after(person.disposed, law.rereference_months / 12)


def request_day(law: Any, person: Any) -> float:
    """Return the day from which a further reference may be asked for; inf if it may not."""
    period = period_of(law, person, "reference")
    if person.other_life or person.board_day < inf or person.references == 0 or person.disposed == inf:
        return inf
    if not (period == period and law.request_after == law.request_after):
        return inf
    if person.requests >= law.requests_per_spell:
        return inf
    return years_after(max(years_after(person.first_release, period), person.licence_since), law.request_after)


def may_apply(law: Any, person: Any, day: float) -> bool:
    """Return whether a person may apply to the Board themselves, as they could until references were automatic."""
    period = period_of(law, person, "reference")
    if law.reference_automatic == 1 or period != period or person.other_life or person.board_day < inf:
        return False
    again = law.reapplication_years
    if person.disposed < inf and (again != again or years_after(person.disposed, again) > day):
        return False
    return years_after(person.first_release, period) <= day
