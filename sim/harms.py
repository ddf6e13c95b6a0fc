"""Harms: how often people offend again, on licence and after the sentence has ended, and die by their own act.

Counts are few and late, and what a recall prevents is not measured: each number here is a belief whose prior says
so (docs/assumptions.md).
"""

from typing import Any

from sim.compiling import compiled
from sim.days import HORIZON, YEAR
from sim.journal import State
from sim.law import Numbers
from sim.people import Sex, on_licence
from sim.supervision import highest_incident_ratio, highest_own_ratio, if_any, incident_ratio, own_ratio, within

MORTALITY_AGE = 20  # the first age, and the step between ages, of the published life table
MORTALITY_STEP = 5


@compiled
def has_ended(person: Any) -> bool:
    """Return whether the licence, and with it the sentence, has ended; such a person is only followed."""
    return bool(person.state == State.TERMINATED)


@compiled
def offending_ratio(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return a person's own ratio to the rates of charges and of serious further offences on a day.

    On licence it is that of any incident; once the sentence has ended no supervision acts, and another ratio does. An
    incident that did not end in recall leaves its risk in the community for a time.
    """
    if has_ended(person):
        ratio = law.offending_ratio_after_end * own_ratio(law, person, day)
    else:
        ratio = incident_ratio(numbers, law, person, day)
    risk = law.not_recalled_ratio if within(day, person.not_recalled_on, law.not_recalled_days) else 1.0
    return float(ratio * risk)


@compiled
def highest_offending_ratio(numbers: Numbers, peak: Any, person: Any) -> float:
    """Return no less than `offending_ratio` ever is for a person, if each number of the law is at its highest."""
    after_end = peak.offending_ratio_after_end * highest_own_ratio(peak, person)
    ratio = max(after_end, highest_incident_ratio(numbers, peak, person))
    return float(ratio * if_any(peak.not_recalled_ratio))


@compiled
def self_inflicted_rate(law: Any, person: Any) -> float:
    """Return self-inflicted deaths a year, by where the person is."""
    if has_ended(person):
        return float(law.self_inflicted_rate_licence * law.self_inflicted_ratio_after_end)
    return float(law.self_inflicted_rate_licence if on_licence(person) else law.self_inflicted_rate_custody)


@compiled
def other_death_rate(law: Any, person: Any, day: int) -> float:
    """Return other deaths a year: the general population's at that age and sex × a ratio for where the person is."""
    table = law.mortality_female if person.sex == Sex.FEMALE else law.mortality_male
    place = ((day - person.born) / YEAR - MORTALITY_AGE) / MORTALITY_STEP
    place = min(max(place, 0.0), len(table) - 1.0)
    lower = min(int(place), len(table) - 2)
    general = table[lower] + (place - lower) * (table[lower + 1] - table[lower])
    at_liberty = on_licence(person) or has_ended(person)
    return float(general * (law.mortality_ratio_licence if at_liberty else law.mortality_ratio_custody))


@compiled
def highest_death_rate(peak: Any, person: Any) -> float:
    """Return no less than `death_rate` ever is for a person: at the worst age they may reach, in the worst place."""
    table = peak.mortality_female if person.sex == Sex.FEMALE else peak.mortality_male
    oldest, general = ((HORIZON - person.born) / YEAR - MORTALITY_AGE) / MORTALITY_STEP, 0.0
    for place in range(min(max(int(oldest), 0) + 2, len(table))):
        general = max(general, table[place])
    own = max(peak.self_inflicted_rate_custody, peak.self_inflicted_rate_licence)
    own = max(own, peak.self_inflicted_rate_licence * peak.self_inflicted_ratio_after_end)
    return float(general * max(peak.mortality_ratio_licence, peak.mortality_ratio_custody) + own)


@compiled
def death_rate(law: Any, person: Any, day: int) -> float:
    """Return deaths a year of all causes: one rain brings them all, and its marks tell no cause."""
    return other_death_rate(law, person, day) + self_inflicted_rate(law, person)
