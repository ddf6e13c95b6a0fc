"""Decisions: what the Board, the Secretary of State and officers decide, by the law and practice of the day.

Each compares one number of luck, for the n-th decision of its kind, with a probability, so that a more
generous rule never turns a yes into a no.
"""

from math import exp, log
from typing import Any

from sim.compiling import compiled
from sim.days import HORIZON, YEAR, months_after, years_after
from sim.harms import death_rate, self_inflicted_rate
from sim.law import Numbers
from sim.luck import u
from sim.people import Sex, ever_released, is_open, is_recalled, on_licence, one_of
from sim.purpose import Purpose
from sim.rules import Incident, Outcome, regime_on
from sim.supervision import breach_weights, contact_gap, contact_ratio, incident_ratio, workload
from sim.termination import exists, in_force


@compiled
def chance_of(log_odds: float) -> float:
    """Return the probability that goes with log-odds (the logistic function)."""
    return 1.0 / (1.0 + exp(-log_odds))


@compiled
def days_between(low: float, high: float, luck: float) -> int:
    """Return a whole number of days between two, evenly by luck."""
    return int(round(low + (high - low) * luck))


@compiled
def waiting_days(mean: float, luck: float) -> int:
    """Return an exponential waiting time of a given mean, in whole days, at least one."""
    return 1 + int(-mean * log(1.0 - luck))


@compiled
def next_review(law: Any, person: Any, day: int) -> int:
    """Return the day on which the next review is due: HMPPS sets 12 to 24 months, by the dated practice."""
    luck = u(person.key, Purpose.INTERVAL, person.reviews)
    months = law.review_interval_low + (law.review_interval_high - law.review_interval_low) * luck
    most = law.review_interval_most
    return months_after(day, round(min(months, most) if exists(most) else months))


@compiled
def may_release(law: Any, person: Any) -> bool:
    """Return whether the Board has the power to direct release: the first, or after a recall."""
    return in_force(law.board_may_rerelease if ever_released(person) else law.board_may_release)


@compiled
def papers_outcome(law: Any, person: Any) -> int:
    """Return what a single member decides on the papers: RELEASE, HEARING or REFUSE."""
    luck = u(person.key, Purpose.PAPERS, person.reviews)
    if is_recalled(person):
        release, hearing = law.recall_papers_release, law.recall_papers_to_hearing
    else:
        release, hearing = law.papers_release, law.papers_to_hearing
    release = release if may_release(law, person) else 0.0
    if luck < release:
        return Outcome.RELEASE
    return Outcome.HEARING if luck < release + hearing else Outcome.REFUSE


@compiled
def proportionality(law: Any, person: Any, day: int) -> float:
    """Return what it adds to the log-odds of release that a panel must ask whether more detention is proportionate."""
    after = law.proportionality_after
    asked = exists(after) and day >= years_after(person.tariff_expiry, after)
    return law.proportionality_log_odds if asked else 0.0


@compiled
def release_log_odds(law: Any, person: Any, day: int) -> float:
    """Return the log-odds that an oral panel directs release."""
    if is_recalled(person):
        odds = law.rerelease_log_odds + law.rerelease_spread * person.readiness
        return odds + proportionality(law, person, day)
    odds = law.release_log_odds + law.release_spread * person.readiness + law.offence_log_odds[person.offence]
    odds += law.progress_per_year * (day - person.tariff_expiry) / YEAR
    odds += law.tariff_log_odds * person.tariff_days / YEAR
    odds += law.first_review_log_odds if person.reviews == 1 else 0.0
    odds += law.female_log_odds if person.sex == Sex.FEMALE else 0.0
    odds += law.delivery_plan_log_odds if in_force(law.delivery_plan[person.region]) else 0.0
    odds += proportionality(law, person, day)
    return odds + (law.open_log_odds if is_open(person) else 0.0)


@compiled
def hearing_outcome(law: Any, person: Any, day: int) -> int:
    """Return what an oral panel decides: RELEASE, OPEN (a recommendation, where not there already) or REFUSE."""
    luck = u(person.key, Purpose.HEARING, person.reviews)
    release = chance_of(release_log_odds(law, person, day)) if may_release(law, person) else 0.0
    if luck < release:
        return Outcome.RELEASE
    if is_open(person):
        return Outcome.REFUSE
    share = law.recall_open_recommendation if is_recalled(person) else law.open_recommendation
    return Outcome.OPEN if luck < release + (1.0 - release) * share else Outcome.REFUSE


@compiled
def deferred(law: Any, person: Any) -> bool:
    """Return whether a listed hearing is put off on the day."""
    return u(person.key, Purpose.DEFERRAL, person.hearings) < law.deferral


@compiled
def deferral_days(law: Any, person: Any) -> int:
    """Return the days before a deferred hearing can be listed again."""
    luck = u(person.key, Purpose.DEFERRAL_DAYS, person.hearings)
    return days_between(law.deferral_days_low, law.deferral_days_high, luck)


@compiled
def earliest_hearing(law: Any, person: Any, day: int) -> int:
    """Return the first day on which a hearing directed today could be held: the review's due day, or after notice."""
    return min(HORIZON, max(person.review_due, day + int(law.hearing_notice_days)))


@compiled
def listing_luck(person: Any) -> float:
    """Return the luck that places a queued hearing within its month."""
    return u(person.key, Purpose.LISTING, person.hearings)


@compiled
def open_decision_days(law: Any, person: Any) -> int:
    """Return the days that the Secretary of State takes over a recommendation for open conditions."""
    return waiting_days(law.open_decision_days, u(person.key, Purpose.OPEN_DAYS, person.reviews))


@compiled
def open_accepted(law: Any, person: Any) -> bool:
    """Return whether the Secretary of State accepts the Board's recommendation."""
    return u(person.key, Purpose.OPEN_DECISION, person.reviews) < law.open_acceptance


@compiled
def release_days(law: Any, person: Any) -> int:
    """Return the days from a direction for release to the release."""
    luck = u(person.key, Purpose.RELEASE_DAYS, person.reviews)
    return days_between(law.release_days_low, law.release_days_high, luck)


@compiled
def premises_needed(law: Any, person: Any, release: int) -> bool:
    """Return whether a person's n-th release is to approved premises."""
    return u(person.key, Purpose.PREMISES, release) < law.premises_share


@compiled
def premises_days(law: Any, person: Any) -> int:
    """Return the days spent in approved premises on this release; 0 for those who go elsewhere."""
    if person.no_bed or not premises_needed(law, person, person.releases):
        return 0
    return waiting_days(law.premises_days, u(person.key, Purpose.PREMISES_DAYS, person.releases))


@compiled
def settled(law: Any, person: Any) -> bool:
    """Return whether a person comes out to settled accommodation."""
    return u(person.key, Purpose.SETTLED, person.releases) < law.settled_share


@compiled
def prepared(law: Any, person: Any) -> bool:
    """Return whether a person comes out prepared."""
    return u(person.key, Purpose.PREPARED, person.releases) < law.prepared_share


@compiled
def offered_psychology(law: Any, person: Any) -> bool:
    """Return whether HMPPS Psychology Services are offered on this release."""
    return u(person.key, Purpose.PSYCHOLOGY, person.releases) < law.psychology_share


@compiled
def contact_missed(numbers: Numbers, person: Any, day: int) -> bool:
    """Return whether an appointment lived one by one is missed: as likely, over its gap, as where they are not."""
    law = numbers.book[regime_on(numbers, person, day)]
    ratio = law.suspended_ratio if person.suspended else 1.0
    rate = law.breach_rate * ratio * law.breach_shares[0] * contact_ratio(law, person, day)
    rate *= incident_ratio(numbers, law, person, day)
    return u(person.key, Purpose.CONTACT, day) < rate * contact_gap(law, person, day) / YEAR


@compiled
def incident_kind(numbers: Numbers, person: Any, day: int) -> int:
    """Return what went wrong on a day, other than a new charge."""
    weights = breach_weights(numbers, numbers.book[regime_on(numbers, person, day)], person, day)
    return one_of(weights, u(person.key, Purpose.INCIDENT_KIND, day) * sum(weights))


@compiled
def recall_chance(numbers: Numbers, law: Any, person: Any, incident: int, day: int) -> float:
    """Return the probability that an officer asks for recall after an incident, and that it is agreed."""
    if not in_force(law.recall_power):
        return 0.0
    chance = law.recall_after_charge
    if incident != Incident.NEW_CHARGE:
        chance = min(1.0, law.recall_after_breach[incident] * law.technical_recall_ratio)
    shift = law.workload_recall_log_odds * (workload(numbers, person, day) - 1)
    shift += law.consultation_log_odds if in_force(law.partners_consulted) else 0.0
    shift += law.sign_off_log_odds if in_force(law.senior_sign_off) else 0.0
    if shift == 0 or chance <= 0 or chance >= 1:
        return chance
    return chance_of(log(chance / (1 - chance)) + shift)


@compiled
def incident_decision(numbers: Numbers, person: Any, incident: int, day: int) -> int:
    """Return what is decided after an incident: RECALL, STEP_UP or WARN."""
    law, luck = numbers.book[regime_on(numbers, person, day)], u(person.key, Purpose.DECISION, day)
    recall = recall_chance(numbers, law, person, incident, day)
    if luck < recall:
        instead = u(person.key, Purpose.ALTERNATIVE, day) < law.alternatives_to_recall
        return Outcome.STEP_UP if instead and incident != Incident.NEW_CHARGE else Outcome.RECALL
    return Outcome.STEP_UP if luck < recall + (1.0 - recall) * law.step_up_share else Outcome.WARN


@compiled
def days_at_large(law: Any, person: Any) -> int:
    """Return the days from revocation to return to custody; 0 for those arrested the same day."""
    if u(person.key, Purpose.AT_LARGE, person.recalls) >= law.at_large_share:
        return 0
    mean = law.at_large_days * law.time_to_return_ratio
    return waiting_days(mean, u(person.key, Purpose.AT_LARGE_DAYS, person.recalls))


@compiled
def first_recall_review(law: Any, person: Any) -> int:
    """Return the days from return to custody to the day on which the first review is due."""
    luck = u(person.key, Purpose.INTERVAL, -person.recalls)
    referral = int(law.recall_referral_days) if exists(law.recall_referral_days) else 0
    days = referral + days_between(law.recall_review_low, law.recall_review_high, luck)
    most = law.recall_review_most
    return min(days, int(most)) if exists(most) else days


@compiled
def rescission_days(law: Any, person: Any) -> int:
    """Return the days until a mistaken recall is rescinded; 0 for the rest, which are nearly all."""
    if u(person.key, Purpose.RESCISSION, person.recalls) >= law.rescission_share:
        return 0
    return waiting_days(law.rescission_days, u(person.key, Purpose.RESCISSION_DAYS, person.recalls))


@compiled
def disregarded(law: Any, person: Any, rescinded: bool) -> bool:
    """Return whether the Secretary of State treats the licence as having run on as if not revoked."""
    if not in_force(law.disregard_power):
        return rescinded and in_force(law.rescission_keeps_clock)
    share = law.disregard_share_rescinded if rescinded else law.disregard_share
    return u(person.key, Purpose.DISREGARD, person.recalls) < share


@compiled
def termination_days(law: Any, person: Any) -> int:
    """Return the days from a reference to the Board's decision on it."""
    luck = u(person.key, Purpose.TERMINATION_DAYS, person.references)
    return days_between(law.termination_days_low, law.termination_days_high, luck)


@compiled
def board_terminates(law: Any, person: Any) -> bool:
    """Return whether the Board ends the licence: where the presumption is law, unless protection needs it."""
    if not in_force(law.termination_power):
        return False
    luck = u(person.key, Purpose.TERMINATION, person.references)
    if in_force(law.presumption_of_termination):
        return luck < law.termination_granted_presumption
    return luck < (law.termination_granted if on_licence(person) else law.termination_granted_recalled)


@compiled
def makes_request(law: Any, person: Any) -> bool:
    """Return whether a person uses their right to request a further reference in this licence spell."""
    return u(person.key, Purpose.REQUEST, person.releases) < law.request_share


@compiled
def released_from_hospital(law: Any, person: Any) -> bool:
    """Return whether the way out of hospital leads to release on licence and not back to prison."""
    luck = u(person.key, Purpose.HOSPITAL_WAY_OUT, person.transfers)
    return may_release(law, person) and luck < law.hospital_release_share


@compiled
def self_inflicted(law: Any, person: Any, day: int) -> bool:
    """Return whether a death today is self-inflicted: by that rate's share of the rate of all causes."""
    luck = u(person.key, Purpose.CAUSE_OF_DEATH, day)
    return luck * death_rate(law, person, day) < self_inflicted_rate(law, person)
