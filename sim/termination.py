"""When a licence ends: s.31A Crime (Sentences) Act 1997 in every form it has had, read on the day.

Law is read for each day on which it might bite. What falls due is the first day on which the rule then in
force has run its course; so a commencement date on which thousands of licences end is not an event of
this program but a consequence.
"""

from enum import IntEnum
from typing import Any

from sim.compiling import compiled, told
from sim.days import HORIZON, NEVER, years_after
from sim.journal import State
from sim.law import Numbers
from sim.people import Sentence


class Due(IntEnum):
    """The ways to a licence's end that the law puts a day on."""

    AUTOMATIC_END = 0
    REFERENCE = 1
    REQUEST = 2
    APPLICATION = 3


@compiled
def exists(number: float) -> bool:
    """Return whether a rule exists on the day it was read (not-a-number is not equal to itself)."""
    return number == number


@compiled
def in_force(yes_or_no: float) -> bool:
    """Return whether a yes-or-no rule exists and says yes."""
    return yes_or_no == 1


@compiled
def automatic_period(law: Any, sentence: int) -> float:
    """Return the qualifying period in years for the automatic end: shorter for those sentenced only as children."""
    if sentence == Sentence.DPP:
        return law.qualifying_period_automatic_dpp
    return law.qualifying_period_automatic_ipp


@compiled
def reference_period(law: Any, sentence: int) -> float:
    """Return the qualifying period in years for the reference to the Parole Board."""
    if sentence == Sentence.DPP:
        return law.qualifying_period_reference_dpp
    return law.qualifying_period_reference_ipp


@compiled
def automatic_end_under(law: Any, sentence: int, first_release: int, licence_since: int) -> int:
    """Return the day on which a licence in force without a break ends by itself under one law; NEVER if it does not.

    s.31A(4H): two continuous years beginning not before the qualifying period expired, that period running
    from the first release by the calendar whatever happens in it.
    """
    period = automatic_period(law, sentence)
    if not (exists(period) and exists(law.automatic_clock)):
        return NEVER
    return years_after(max(years_after(first_release, period), licence_since), law.automatic_clock)


@compiled
def may_refer(law: Any, state: int) -> bool:
    """Return whether the Secretary of State may refer: on licence always; after a recall where the law says so."""
    if state == State.LICENCE or state == State.LICENCE_AP:
        return True
    return in_force(law.refer_while_recalled)


@compiled
def reference_under(law: Any, person: Any) -> int:
    """Return the day on which a reference to the Board falls due under one law; NEVER if none does.

    The first falls due when the qualifying period has expired; later ones, while the law provided for
    them, a set number of months after the Board disposed of the last.
    """
    period = reference_period(law, person.sentence)
    if not (exists(period) and in_force(law.reference_automatic) and may_refer(law, person.state)):
        return NEVER
    if person.references == 0:
        return years_after(person.first_release, period)
    if exists(law.rereference_months) and person.disposed < NEVER:
        return years_after(person.disposed, law.rereference_months / 12)
    return NEVER


@compiled
def request_under(law: Any, person: Any) -> int:
    """Return the day from which a person may request a further reference under one law; NEVER if they may not.

    s.31A(3A) and (3B), put in by s.42 Sentencing Act 2026: after one continuous year on licence beginning
    not before the qualifying period expired; a set number of requests in each continuous licence period.
    """
    period = reference_period(law, person.sentence)
    if not (exists(period) and exists(law.request_after) and person.requests < law.requests_per_spell):
        return NEVER
    if person.references == 0 or person.disposed == NEVER:
        return NEVER
    return years_after(max(years_after(person.first_release, period), person.licence_since), law.request_after)


@compiled
def application_under(law: Any, person: Any) -> int:
    """Return the day from which a person may apply to the Board under one law; NEVER if they may not.

    Before the reference became automatic (28 June 2022): ten years after first release, and again a year after
    each refusal.
    """
    period, again = reference_period(law, person.sentence), law.reapplication_years
    if in_force(law.reference_automatic) or not exists(period):
        return NEVER
    first = years_after(person.first_release, period)
    if person.disposed == NEVER:
        return first
    return max(first, years_after(person.disposed, again)) if exists(again) else NEVER


@compiled
def due_under(what: int, law: Any, person: Any) -> int:
    """Return the day on which one of the ways to the licence's end falls due under one law; NEVER if it does not."""
    if what == Due.AUTOMATIC_END:
        return automatic_end_under(law, person.sentence, person.first_release, person.licence_since)
    if what == Due.REFERENCE:
        return reference_under(law, person)
    if what == Due.REQUEST:
        return request_under(law, person)
    return application_under(law, person)


@compiled
def first_day(numbers: Numbers, person: Any, after: int, until: int, what: int) -> int:
    """Return the first day in (after, until] on which the law then in force has run its course; NEVER if none is.

    The statute is the same within a stretch of days; what falls due under it counts if it does so by the
    stretch's last day, and on its first day if it had already run its course when that law began.
    """
    day = after + 1
    while day <= min(until, HORIZON):
        regime = numbers.regime_of[person.variant, day]
        due = due_under(what, numbers.book[regime], person)
        if max(due, day) <= min(numbers.statute_until[regime], until):
            return max(due, day)
        day = numbers.statute_until[regime] + 1
    return NEVER


@told
def is_determinate(person: Any) -> bool:
    """Return whether a court has put a determinate sentence in the place of this one."""
    return bool(person.sentence_end < NEVER)


@compiled
def outside_the_section(person: Any) -> bool:
    """Return whether s.31A does not apply: they serve another life sentence, or have been resentenced."""
    return bool(person.other_life == 1) or is_determinate(person)


@compiled
def automatic_end_due(numbers: Numbers, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] on which the law ends this licence, if nobody recalls it; else NEVER."""
    if outside_the_section(person):
        return NEVER
    return first_day(numbers, person, after, until, Due.AUTOMATIC_END)


@compiled
def reference_due(numbers: Numbers, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] on which the Board must be asked to end the licence; else NEVER."""
    if outside_the_section(person) or person.board_day < NEVER or person.waived:
        return NEVER
    return first_day(numbers, person, after, until, Due.REFERENCE)


@compiled
def request_due(numbers: Numbers, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] on which a request may be made; else NEVER."""
    if outside_the_section(person) or person.board_day < NEVER:
        return NEVER
    return first_day(numbers, person, after, until, Due.REQUEST)


@compiled
def application_open(numbers: Numbers, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] on which a person may apply to the Board; else NEVER."""
    if outside_the_section(person) or person.board_day < NEVER:
        return NEVER
    return first_day(numbers, person, after, until, Due.APPLICATION)
