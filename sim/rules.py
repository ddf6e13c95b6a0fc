"""Rules: every hazard, probability, duration and order of things, as small pure functions.

They take the law of the day and a person's record, both plain numbers, and are compiled. Both engines
call them. Hazards are per year; probabilities belong to a decision; durations are in whole days.
"""

from enum import IntEnum
from math import inf
from typing import Any

import numpy as np

from sim.compiling import compiled, inlined
from sim.days import HORIZON, YEAR, months_after
from sim.harms import death_rate, highest_death_rate, highest_offending_ratio, offending_ratio
from sim.law import PEAK, Numbers
from sim.supervision import breach_weights, incident_ratio, officer_change_rate
from sim.termination import application_under, exists, in_force, is_determinate


class Turn(IntEnum):
    """The kinds of thing that may come next, in the order in which they are taken on one day.

    Dates that are fixed, among those numbered last, are taken out of turn: after a death and before all else
    (`coming.place`).
    """

    DEATH = 0
    AUTOMATIC_END = 1
    BOARD_DECIDES = 2
    REFERENCE = 3
    REQUEST = 4
    TARIFF_EXPIRY = 5
    RELEASE = 6
    REMOVAL = 7
    HEARING = 8
    PAPERS = 9
    OPEN_DECISION = 10
    EXECUTIVE_RELEASE = 11
    TO_HOSPITAL = 12
    OUT_OF_HOSPITAL = 13
    BACK_TO_CLOSED = 14
    ARREST = 15
    RESCISSION = 16
    MOVE_ON = 17
    SUSPENSION = 18
    APPLICATION = 19
    CHARGE = 20
    BREACH = 21
    OFFICER_CHANGES = 22
    CONTACT = 23
    RELEASE_DATE = 24
    RESENTENCING = 25
    SENTENCE_END = 26
    REVOCATION = 27
    SENTENCED_AGAIN = 28
    SERIOUS_OFFENCE = 30
    NOTHING = 40  # last, and after every turn to come


class Outcome(IntEnum):
    """What the Board or an officer may decide."""

    REFUSE = 0
    RELEASE = 1
    OPEN = 2
    HEARING = 3
    WARN = 4
    STEP_UP = 5
    RECALL = 6


class Incident(IntEnum):
    """What may go wrong on licence; from NEW_CHARGE on it is a charge."""

    MISSED_APPOINTMENTS = 0
    LOST_ACCOMMODATION = 1
    RELAPSE = 2
    BREACH = 3
    NEW_CHARGE = 4
    SERIOUS_OFFENCE = 5


# What chance may bring to a person, by State; the likeliest first, since it bounds the search for the next.
NO = Turn.NOTHING.value
IN_CLOSED = (Turn.DEATH.value, Turn.TO_HOSPITAL.value, Turn.REMOVAL.value, NO, NO, NO, NO)
IN_OPEN = (Turn.BACK_TO_CLOSED.value, Turn.DEATH.value, Turn.REMOVAL.value, NO, NO, NO, NO)
IN_HOSPITAL = (Turn.OUT_OF_HOSPITAL.value, Turn.DEATH.value, NO, NO, NO, NO, NO)
OUTSIDE = (
    *(Turn.OFFICER_CHANGES.value, Turn.BREACH.value, Turn.CHARGE.value),
    *(Turn.APPLICATION.value, Turn.DEATH.value, Turn.SERIOUS_OFFENCE.value, Turn.SUSPENSION.value),
)
AT_LARGE = (Turn.DEATH.value, NO, NO, NO, NO, NO, NO)
ON_RECALL = (Turn.EXECUTIVE_RELEASE.value, *IN_CLOSED[:-1])
ON_RECALL_OPEN = (Turn.BACK_TO_CLOSED.value, Turn.EXECUTIVE_RELEASE.value, *IN_OPEN[1:-1])
FREE = (Turn.CHARGE.value, Turn.DEATH.value, Turn.SERIOUS_OFFENCE.value, NO, NO, NO, NO)
ENDED = (NO, NO, NO, NO, NO, NO, NO)
BY_CHANCE = np.array([
    *(ENDED, IN_CLOSED, IN_CLOSED, IN_OPEN, IN_HOSPITAL),
    *(OUTSIDE, OUTSIDE, AT_LARGE, ON_RECALL, ON_RECALL_OPEN, FREE, ENDED, ENDED),
])  # fmt: skip
CHANCES = tuple(sorted({turn for row in BY_CHANCE.tolist() for turn in row} - {NO}))
PLACE_OF = np.array([CHANCES.index(turn) if turn in CHANCES else NO for turn in range(NO)])  # in CHANCES, by turn
OVER_CEILING = -1


class HazardOverCeiling(ValueError):
    """A hazard exceeded the declared ceiling of its rain, so that its moments cannot be trusted."""


def over_ceiling(turn: int, person: int) -> str:
    """Return the sentence that names a hazard over its ceiling."""
    return (
        f"the yearly hazard of {Turn(turn).name.lower()} for person {person} is above the ceiling that practice.yaml "
        "declares for it; raise the ceiling or lower the rate"
    )


@compiled
def regime_on(numbers: Numbers, person: Any, day: int) -> int:
    """Return the place in `numbers.book` of the law that applies to a person on a day.

    A place and not the record itself, because a compiled function copies a record that it returns.
    """
    return numbers.regime_of[person.variant, min(max(day, 0), HORIZON)]


@inlined
def breach_rate(numbers: Numbers, law: Any, person: Any, day: int) -> float:
    """Return the rate a year of incidents other than a charge."""
    ratio = law.suspended_ratio if person.suspended else 1.0
    missed, home, relapse, conditions = breach_weights(numbers, law, person, day)
    return law.breach_rate * ratio * (missed + home + relapse + conditions) * incident_ratio(numbers, law, person, day)


@compiled
def executive_release(law: Any, person: Any, day: int) -> float:
    """Return how often a year the Secretary of State releases a recalled person who meets the criteria; else 0."""
    barred = person.recalled_charged and in_force(law.executive_release_no_charge)
    if barred or not in_force(law.executive_release_power):
        return 0.0
    too_soon = day < months_after(person.returned, int(round(law.executive_release_after)))
    return 0.0 if too_soon else law.executive_release_rate


@inlined
def hazard(turn: int, numbers: Numbers, person: Any, day: int) -> float:
    """Return the rate a year at which a turn that chance decides befalls a person where they now are."""
    law = numbers.book[regime_on(numbers, person, day)]
    if turn == Turn.DEATH:
        return death_rate(law, person, day)
    if turn == Turn.TO_HOSPITAL:
        return law.hospital_transfer_rate if in_force(law.hospital_power) else 0.0
    if turn == Turn.OUT_OF_HOSPITAL:
        return law.hospital_discharge_rate
    if turn == Turn.BACK_TO_CLOSED:
        return law.return_to_closed_rate
    if turn == Turn.REMOVAL:
        return law.removal_rate if in_force(law.removal_power) and day > person.tariff_expiry else 0.0
    if turn == Turn.EXECUTIVE_RELEASE:
        return executive_release(law, person, day)
    if turn == Turn.SUSPENSION:
        settled = exists(law.suspension_after) and day - person.licence_since >= law.suspension_after * YEAR
        return law.suspension_rate if settled else 0.0
    if turn == Turn.APPLICATION:
        return law.application_rate if application_under(law, person) <= day else 0.0
    if turn == Turn.CHARGE:
        return law.charge_rate * offending_ratio(numbers, law, person, day)
    if turn == Turn.SERIOUS_OFFENCE:
        return law.serious_offence_rate * offending_ratio(numbers, law, person, day)
    if turn == Turn.OFFICER_CHANGES:
        return officer_change_rate(numbers, law, person, day)
    return breach_rate(numbers, law, person, day)


@compiled
def ceiling(turn: int, law: Any, person: Any) -> float:
    """Return the highest rate a year that a turn's hazard may reach; for what goes wrong, by unit of frailty."""
    if turn == Turn.BREACH:
        return law.ceiling_breach * person.frailty
    if turn == Turn.CHARGE:
        return law.ceiling_charge * person.frailty
    if turn == Turn.SERIOUS_OFFENCE:
        return law.ceiling_serious_offence * person.frailty
    if turn == Turn.TO_HOSPITAL or turn == Turn.REMOVAL or turn == Turn.SUSPENSION:
        return law.ceiling_rare
    if turn == Turn.DEATH:
        return law.ceiling_death
    return law.ceiling_common


@inlined
def highest(turn: int, numbers: Numbers, person: Any) -> float:
    """Return no less than a turn's hazard ever is for a person, by the highest that each number of their law ever is.

    Moments above it are passed over unseen. Not-a-number, or more than the ceiling, where the law says nothing of use.
    """
    peak = numbers.book[numbers.regime_of[person.variant, PEAK]]
    if turn == Turn.DEATH:
        return highest_death_rate(peak, person)
    if turn == Turn.OFFICER_CHANGES:
        return officer_change_rate(numbers, peak, person, PEAK)
    if turn == Turn.CHARGE:
        return peak.charge_rate * highest_offending_ratio(numbers, peak, person)
    if turn == Turn.SERIOUS_OFFENCE:
        return peak.serious_offence_rate * highest_offending_ratio(numbers, peak, person)
    if turn == Turn.TO_HOSPITAL:
        return peak.hospital_transfer_rate
    if turn == Turn.OUT_OF_HOSPITAL:
        return peak.hospital_discharge_rate
    if turn == Turn.BACK_TO_CLOSED:
        return peak.return_to_closed_rate
    if turn == Turn.REMOVAL:
        return peak.removal_rate
    if turn == Turn.EXECUTIVE_RELEASE:
        return peak.executive_release_rate
    if turn == Turn.SUSPENSION:
        return peak.suspension_rate
    return peak.application_rate if turn == Turn.APPLICATION else inf


@compiled
def may_befall(turn: int, person: Any) -> bool:
    """Return whether a turn that chance may bring where a person is could befall this one."""
    if turn == Turn.SUSPENSION:
        return person.suspended == 0 and not is_determinate(person)
    if turn == Turn.BACK_TO_CLOSED:
        return person.step != Turn.RELEASE
    if turn == Turn.REMOVAL:
        return person.foreign == 1
    return turn != Turn.NOTHING
