"""The rules as the story asks them: for one person, on one day, the law of that day looked up inside.

Each is one compiled call, which is what makes the SimPy engine fast enough for a nation.
"""

from typing import Any

from sim import decisions, services, supervision, termination
from sim.compiling import compiled
from sim.days import HORIZON, MONTH, NEVER, YEAR
from sim.law import Numbers
from sim.luck import u
from sim.purpose import Purpose
from sim.rules import regime_on
from sim.services import Service


@compiled
def papers_outcome(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.papers_outcome`."""
    return decisions.papers_outcome(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def hearing_outcome(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.hearing_outcome`."""
    return decisions.hearing_outcome(numbers.book[regime_on(numbers, people[number], day)], people[number], day)


@compiled
def deferred(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.deferred`."""
    return decisions.deferred(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def list_hearing(numbers: Numbers, people: Any, number: int, day: int, rooms: Any) -> int:
    """Book the first listing that this person's review could use, and return its day."""
    person = people[number]
    earliest = decisions.earliest_hearing(numbers.book[regime_on(numbers, person, day)], person, day)
    return services.book(services.service(rooms, Service.HEARINGS), earliest, decisions.listing_luck(person))


@compiled
def list_again(numbers: Numbers, people: Any, number: int, day: int, rooms: Any) -> int:
    """Book a listing for a hearing deferred today, and return its day."""
    person = people[number]
    earliest = min(HORIZON, day + decisions.deferral_days(numbers.book[regime_on(numbers, person, day)], person))
    return services.book(services.service(rooms, Service.HEARINGS), earliest, decisions.listing_luck(person))


@compiled
def first_papers(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the papers of the first review, due at tariff expiry, are read."""
    law = numbers.book[regime_on(numbers, people[number], day)]
    return max(people[number].tariff_expiry - int(law.papers_lead_days), day + int(law.first_review_preparation_days))


@compiled
def papers_before(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the papers of a review due on `review_due` are read: some months before it."""
    person = people[number]
    return max(day + 1, person.review_due - int(numbers.book[regime_on(numbers, person, day)].papers_lead_days))


@compiled
def next_review(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the next review is due: never within the tariff, though hospital may end within it."""
    person = people[number]
    return max(decisions.next_review(numbers.book[regime_on(numbers, person, day)], person, day), person.tariff_expiry)


@compiled
def open_review(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the first review after a move to open conditions is due."""
    return day + int(numbers.book[regime_on(numbers, people[number], day)].open_review_months * MONTH)


@compiled
def first_recall_review(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the first review after a return to custody is due."""
    return day + decisions.first_recall_review(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def open_decision_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.open_decision_days`."""
    return decisions.open_decision_days(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def open_accepted(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.open_accepted`."""
    return decisions.open_accepted(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def bed_from(numbers: Numbers, people: Any, number: int, day: int, rooms: Any) -> int:
    """Book a bed in approved premises; return its first day, today if none is needed, NEVER if none is free in time."""
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    if not decisions.premises_needed(law, person, person.releases + 1):
        return day
    luck = u(person.key, Purpose.BED, person.releases)
    return services.book_within(
        services.service(rooms, Service.PREMISES), day + int(law.release_days_low), law.premises_wait_most, luck
    )


@compiled
def release_day(numbers: Numbers, people: Any, number: int, day: int, bed: int) -> int:
    """Return the day of a release directed today: not before the tariff is served, nor before there is a bed."""
    person = people[number]
    wait = decisions.release_days(numbers.book[regime_on(numbers, person, day)], person)
    return max(day + wait, person.tariff_expiry + 1, bed if bed < NEVER else day)


@compiled
def premises_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.premises_days`."""
    return decisions.premises_days(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def settled(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.settled`."""
    return decisions.settled(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def prepared(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.prepared`."""
    return decisions.prepared(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def offered_psychology(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.offered_psychology`."""
    return decisions.offered_psychology(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def support_from(numbers: Numbers, people: Any, number: int, day: int, rooms: Any, which: Service) -> int:
    """Book a place in treatment; return its first day, or NEVER if none is free in time."""
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    luck = u(person.key, Purpose.SUPPORT_DAY, person.releases)
    return services.book_within(
        services.service(rooms, which), day + int(law.support_start_days), law.support_wait_most, luck
    )


@compiled
def first_contact(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day of the next appointment where each is lived one by one; NEVER where they are not."""
    law = numbers.book[regime_on(numbers, people[number], day)]
    if not termination.in_force(law.contacts_explicit):
        return NEVER
    return day + supervision.contact_gap(law, people[number], day)


@compiled
def contact_missed(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.contact_missed`."""
    return decisions.contact_missed(numbers, people[number], day)


@compiled
def self_inflicted(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.self_inflicted`."""
    return decisions.self_inflicted(numbers.book[regime_on(numbers, people[number], day)], people[number], day)


@compiled
def may_recall(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the Secretary of State has the power to recall."""
    return termination.in_force(numbers.book[regime_on(numbers, people[number], day)].recall_power)


@compiled
def followed_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return for how many days a person whose sentence ends today is followed."""
    return int(numbers.book[regime_on(numbers, people[number], day)].followed_years * YEAR)


@compiled
def incident_kind(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.incident_kind`."""
    return decisions.incident_kind(numbers, people[number], day)


@compiled
def incident_decision(numbers: Numbers, people: Any, number: int, day: int, incident: int) -> int:
    """Ask `decisions.incident_decision`."""
    return decisions.incident_decision(numbers, people[number], incident, day)


@compiled
def recall_decision_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the days from an incident that ends in recall to the revocation of the licence."""
    return int(numbers.book[regime_on(numbers, people[number], day)].recall_decision_days)


@compiled
def days_at_large(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.days_at_large`."""
    return decisions.days_at_large(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def rescission_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.rescission_days`."""
    return decisions.rescission_days(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def disregarded(numbers: Numbers, people: Any, number: int, day: int, rescinded: bool) -> bool:
    """Ask `decisions.disregarded`."""
    return decisions.disregarded(numbers.book[regime_on(numbers, people[number], day)], people[number], rescinded)


@compiled
def may_disregard(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the Secretary of State has the power to disregard a revocation."""
    return termination.in_force(numbers.book[regime_on(numbers, people[number], day)].disregard_power)


@compiled
def ends_today(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the law ends this licence today, on the day that it begins again."""
    return termination.automatic_end_due(numbers, people[number], day - 1, day) == day


@compiled
def may_refer(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `termination.may_refer`."""
    return termination.may_refer(numbers.book[regime_on(numbers, people[number], day)], people[number].state)


@compiled
def termination_days(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Ask `decisions.termination_days`."""
    return decisions.termination_days(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def board_terminates(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.board_terminates`."""
    return decisions.board_terminates(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def presumed(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the Board must end a licence unless protection needs it: the presumption is law."""
    return termination.in_force(numbers.book[regime_on(numbers, people[number], day)].presumption_of_termination)


@compiled
def makes_request(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Ask `decisions.makes_request`."""
    return decisions.makes_request(numbers.book[regime_on(numbers, people[number], day)], people[number])


@compiled
def released_from_hospital(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the way out of hospital today is release on licence: never within the tariff.

    Nor for those who wait for the end of a determinate sentence's prison part: they go back to prison, to be
    released on that date, or the day after if it has passed.
    """
    person = people[number]
    if day <= person.tariff_expiry or (termination.is_determinate(person) and person.release_by < NEVER):
        return False
    return decisions.released_from_hospital(numbers.book[regime_on(numbers, person, day)], person)
