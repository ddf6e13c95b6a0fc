"""Supervision: what officers, contact and support around a person do to how often things go wrong on licence.

Inspections name them: caseloads, changes of officer, thin or remote contact, no treatment before a recall, people
unprepared for release. What each does is a belief whose prior includes nothing at all (docs/assumptions.md).
"""

from typing import Any

from sim.compiling import compiled
from sim.days import MONTH, NEVER, YEAR
from sim.journal import State
from sim.law import PEAK, Numbers
from sim.layout import Staff
from sim.people import Sex
from sim.termination import in_force


@compiled
def staff(numbers: Numbers, person: Any, day: int, what: Staff) -> float:
    """Return one figure of the workforce in the person's region that month."""
    return numbers.workforce[person.variant, person.region, numbers.month_of[day], what]


@compiled
def workload(numbers: Numbers, person: Any, day: int) -> float:
    """Return cases an officer in the person's region that month, against the reference level, 1."""
    return staff(numbers, person, day, Staff.WORKLOAD)


@compiled
def officer_change_rate(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return how often a year the person's officer changes: leaving, long sickness, reallocation."""
    return law.officer_change_ratio * staff(numbers, person, day, Staff.CHANGES)


@compiled
def by_time_out(values: Any, law: Any, person: Any, day: int) -> float:
    """Return the one of four numbers that goes with the time since the last release."""
    band = 0
    while band < len(law.contact_bands) and day - person.released >= law.contact_bands[band]:
        band += 1
    return values[band]


@compiled
def contacts(law: Any, person: Any, day: int) -> float:
    """Return the appointments a month that a person is given at this time since release."""
    more = law.contacts_after_recall if person.recalls > 0 else 1.0
    return by_time_out(law.contacts_per_month, law, person, day) * more


@compiled
def contact_ratio(law: Any, person: Any, day: int) -> float:
    """Return appointments against those of the reference schedule: how many more there are to miss."""
    return contacts(law, person, day) / by_time_out(law.contacts_reference, law, person, day)


@compiled
def thin_contact_ratio(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return the ratio to incidents of thin contact: fewer appointments, fewer face to face, and more rushed ones."""
    face_to_face = (1 - law.remote_share * law.remote_discount) / (1 - law.remote_reference * law.remote_discount)
    worth = contact_ratio(law, person, day) * face_to_face
    rushed = staff(numbers, person, day, Staff.RUSHED)
    return rushed if worth == 1 else rushed * worth**-law.contact_effect


@compiled
def within(day: int, begins: int, days: float) -> bool:
    """Return whether a day is in the stretch that begins on a day and lasts some days."""
    return begins <= day < begins + days


@compiled
def treatment_ratio(law: Any, person: Any, day: int) -> float:
    """Return the ratio to all incidents of the treatment that a person is in."""
    ratio = 1.0
    if within(day, person.mental_health_from, law.mental_health_days):
        ratio *= law.mental_health_ratio
    if within(day, person.psychology_from, law.psychology_days):
        ratio *= law.psychology_ratio
    return ratio


@compiled
def officer_ratio(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return the ratio to all incidents of the officer's workload and of a lately changed officer."""
    ratio = staff(numbers, person, day, Staff.PRESSED)
    if person.officers > 1 and within(day, person.officer_since, law.new_officer_days):
        ratio *= law.new_officer_ratio
    return ratio


@compiled
def release_ratio(law: Any, person: Any, day: int) -> float:
    """Return the ratio to all incidents of how a person came out: to a home or premises, prepared, with a plan."""
    ratio = law.settled_ratio if person.settled else 1.0
    if person.state == State.LICENCE_AP:
        ratio *= law.premises_ratio
    if person.prepared and within(day, person.released, law.prepared_days):
        ratio *= law.prepared_ratio
    return ratio * (law.delivery_plan_ratio if in_force(law.delivery_plan[person.region]) else 1.0)


@compiled
def time_out_ratio(law: Any, person: Any, day: int) -> float:
    """Return how much likelier incidents are at this time since the last release than in the first year."""
    years = (day - person.released) / YEAR
    if years < 1:
        return 1.0
    return law.time_out_ratios[min(int(years) - 1, len(law.time_out_ratios) - 1)]


@compiled
def own_ratio(law: Any, person: Any, day: int) -> float:
    """Return what a person is and how long they have been out make of any rate, whoever is or is not around them."""
    ratio = person.frailty * time_out_ratio(law, person, day)
    return ratio * law.female_incident_ratio if person.sex == Sex.FEMALE else ratio


@compiled
def incident_ratio(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return a person's own ratio to the incident rates on a day."""
    ratio = own_ratio(law, person, day)
    if day - person.stepped_up <= law.step_up_days:
        ratio *= law.step_up_ratio
    ratio *= treatment_ratio(law, person, day) * officer_ratio(numbers, law, person, day)
    return ratio * release_ratio(law, person, day)


@compiled
def if_any(ratio: float) -> float:
    """Return the highest that a rate is multiplied by where a ratio may apply and may not."""
    return ratio if ratio > 1 else 1.0


@compiled
def highest_own_ratio(peak: Any, person: Any) -> float:
    """Return the highest that `own_ratio` ever is for a person, if each number of the law is at its highest."""
    most = 1.0
    for ratio in peak.time_out_ratios:
        most = max(most, ratio)
    return person.frailty * most * (peak.female_incident_ratio if person.sex == Sex.FEMALE else 1.0)


@compiled
def highest_incident_ratio(numbers: Numbers, peak: Any, person: Any) -> float:
    """Return no less than `incident_ratio` ever is for a person: all that may raise it at once, nothing that lowers."""
    ratio = highest_own_ratio(peak, person) * if_any(peak.step_up_ratio)
    ratio *= if_any(peak.mental_health_ratio) * if_any(peak.psychology_ratio)
    ratio *= staff(numbers, person, PEAK, Staff.PRESSED) * if_any(peak.new_officer_ratio)
    ratio *= if_any(peak.settled_ratio) * if_any(peak.premises_ratio)
    return ratio * if_any(peak.prepared_ratio) * if_any(peak.delivery_plan_ratio)


@compiled
def breach_weights(numbers: Numbers, law: Any, person: Any, day: int) -> tuple[float, float, float, float]:
    """Return the parts of the breach rate, by rules.Incident: appointments, home, relapse, conditions.

    At the reference schedule, untreated, they are the shares of the book and add to 1. Where each appointment
    is lived one by one, those missed are no part of it.
    """
    shares, thin = law.breach_shares, thin_contact_ratio(numbers, law, person, day)
    missed = shares[0] * contact_ratio(law, person, day) if person.next_contact == NEVER else 0.0
    relapse = law.substance_ratio if within(day, person.substance_from, law.substance_days) else 1.0
    return missed, shares[1] * thin, shares[2] * thin * relapse, shares[-1] * thin


@compiled
def contact_gap(law: Any, person: Any, day: int) -> int:
    """Return the days to the next appointment, where each is lived one by one."""
    return max(1, int(round(MONTH / contacts(law, person, day))))
