"""Harms: how often people offend again, on licence and after the sentence has ended, and die by their own act.

Counts are few and late, and what a recall prevents is not measured: each number here is a belief whose prior says
so (docs/assumptions.md).
"""

from typing import Any

from sim.compiling import compiled
from sim.journal import State
from sim.law import Numbers
from sim.people import on_licence
from sim.supervision import incident_ratio, own_ratio, within


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
        ratio = own_ratio(law, person, day) * law.offending_ratio_after_end
    else:
        ratio = incident_ratio(numbers, law, person, day)
    if within(day, person.not_recalled_on, law.not_recalled_days):
        ratio *= law.not_recalled_ratio
    return ratio


@compiled
def self_inflicted_rate(law: Any, person: Any) -> float:
    """Return self-inflicted deaths a year, by where the person is."""
    if has_ended(person):
        return law.self_inflicted_rate_licence * law.self_inflicted_ratio_after_end
    return law.self_inflicted_rate_licence if on_licence(person) else law.self_inflicted_rate_custody
