"""Fixed dates: a day of release that follows a review, and a sentence that a court makes determinate.

Neither is law. A Bill may bring in either (see docs/reforms.md for how each proposal was read). A court sees
each person on one day, laid down by luck when the world begins and read nowhere before it comes.
"""

from enum import IntEnum
from typing import Any

from sim.compiling import compiled, told
from sim.days import HORIZON, NEVER, months_after, years_after
from sim.journal import State
from sim.law import Numbers
from sim.luck import u
from sim.people import ever_released, is_open, on_licence
from sim.purpose import Purpose
from sim.rules import regime_on
from sim.termination import exists, in_force, is_determinate


class Covered(IntEnum):
    """Where a person stands, in the order of the lists `fixed_release_covers` and `resentence_covers`."""

    NEVER_RELEASED = 0
    RECALLED = 1
    ON_LICENCE = 2
    IN_HOSPITAL = 3


@told
def in_prison(person: Any) -> bool:
    """Return whether a person is in prison with the tariff served, never released or recalled."""
    return bool(person.state == State.CLOSED or person.state == State.RECALLED or is_open(person))


@told
def awaits_release(person: Any) -> bool:
    """Return whether a person serves the prison part of a determinate sentence, so that no review is held."""
    return bool(person.sentence_end < NEVER and person.release_by < NEVER)


@compiled
def group_of(person: Any) -> int:
    """Return where a person stands, as `Covered`."""
    if person.state == State.HOSPITAL:
        return Covered.IN_HOSPITAL.value
    if on_licence(person):
        return Covered.ON_LICENCE.value
    return Covered.RECALLED.value if ever_released(person) else Covered.NEVER_RELEASED.value


@compiled
def after_review(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day of release that follows a review which ended today without release; NEVER if none does."""
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    within = law.fixed_release_within
    if not exists(within) or law.fixed_release_covers[group_of(person)] != 1:
        return NEVER
    if day < person.tariff_expiry or person.other_life or is_determinate(person):
        return NEVER
    return min(NEVER, years_after(day, within))


@compiled
def date_stands(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the day of release that was fixed still binds: a court's does, a review's while the law is so."""
    law = numbers.book[regime_on(numbers, people[number], day)]
    return is_determinate(people[number]) or exists(law.fixed_release_within)


@compiled
def begins_on(numbers: Numbers, person: Any) -> int:
    """Return the first day on which the law has a court resentence a person; NEVER if it never does."""
    day = 0
    while day <= HORIZON:
        regime = numbers.regime_of[person.variant, day]
        if in_force(numbers.book[regime].resentencing):
            return day
        day = numbers.statute_until[regime] + 1
    return NEVER


@compiled
def court_day(numbers: Numbers, person: Any) -> int:
    """Return the day on which a court sees a person, evenly by luck within the time that the law gives; or NEVER.

    Another life sentence would keep them in prison whatever the court said of this one, so they are left out.
    """
    begins = begins_on(numbers, person)
    if begins == NEVER or person.other_life:
        return NEVER
    law = numbers.book[regime_on(numbers, person, begins)]
    if u(person.key, Purpose.RESENTENCED, 0) >= law.resentence_share:
        return NEVER
    days = months_after(begins, int(round(law.resentence_within))) - begins
    return min(NEVER, begins + int(days * u(person.key, Purpose.COURT_DAY, 0)))


@compiled
def set_court_days(numbers: Numbers, people: Any) -> None:
    """Lay down for each person, in place, the day on which a court sees them."""
    for number in range(len(people)):
        people[number].court_day = court_day(numbers, people[number])


@compiled
def resentences(numbers: Numbers, people: Any, number: int, day: int) -> bool:
    """Return whether the court that sees a person today resentences them: the law covers where they stand."""
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    over = law.resentence_years_over
    if not in_force(law.resentencing) or (over > 0 and day < years_after(person.tariff_expiry, over)):
        return False
    return law.resentence_covers[group_of(person)] == 1


@compiled
def tariff_began(person: Any) -> int:
    """Return the day from which the tariff runs: the day of sentence, or of a later one that has been passed since."""
    return int(person.tariff_expiry - person.tariff_days)


@compiled
def prison_part_served(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the prison part of a sentence passed today has been served: never within the tariff.

    The sentence runs from the day on which the tariff began. The part is a share of it; it is a multiple of the tariff.
    """
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    part = law.resentence_prison_share * law.resentence_multiple * person.tariff_days
    return min(NEVER - 1, max(tariff_began(person) + int(round(part)), person.tariff_expiry + 1))


@compiled
def whole_served(numbers: Numbers, people: Any, number: int, day: int) -> int:
    """Return the day on which the whole of a sentence passed today has been served."""
    person = people[number]
    law = numbers.book[regime_on(numbers, person, day)]
    whole = tariff_began(person) + int(round(law.resentence_multiple * person.tariff_days))
    return min(NEVER - 1, max(whole, prison_part_served(numbers, people, number, day)))


@compiled
def licence_until(numbers: Numbers, people: Any, number: int, day: int, released: int) -> int:
    """Return the day to which the licence of a determinate sentence lasts, for those released on a given day.

    It has a least length; but a sentence that has been served already is followed by none.
    """
    person = people[number]
    if person.sentence_end <= day:
        return person.sentence_end
    least = numbers.book[regime_on(numbers, person, day)].resentence_licence_least
    return min(NEVER - 1, max(person.sentence_end, years_after(released, least)))
