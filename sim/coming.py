"""What comes next in a life, and when: what is booked or dated, what chance brings, and what falls due by law."""

from math import inf
from typing import Any

from sim.compiling import compiled, inlined
from sim.days import HORIZON, NEVER
from sim.journal import State
from sim.law import Numbers
from sim.luck import block_size, next_moment, stream
from sim.people import on_licence
from sim.purpose import Purpose
from sim.release_dates import in_prison
from sim.rules import BY_CHANCE, OVER_CEILING, PLACE_OF, Turn, ceiling, hazard, highest, may_befall, regime_on
from sim.termination import application_open, automatic_end_due, reference_due, request_due

FURTHER = 4  # blocks of a rain looked at beyond what is asked, so that who asks next finds them known

HAIR = 1 + 1e-9  # more than rounding can put a hazard above the highest that it is worked out to be


@compiled
def seek(numbers: Numbers, turn: int, person: Any, after: int, until: int) -> None:
    """Find the next moment after a day of the rain that may bring a turn, and keep it in the person's record.

    If there is none up to a day and some way beyond, the first day not looked at is kept, which brings nothing. Beyond
    the horizon nothing is looked for: four of the largest blocks further on is a day that does not fit the record.
    """
    most, kind = ceiling(turn, numbers.book[regime_on(numbers, person, 0)], person), PLACE_OF[turn]
    size, ever = block_size(most), highest(turn, numbers, person) * HAIR
    rain = stream(person.key, Purpose.RAIN + turn)
    until = max(until, min(until + (FURTHER << size), HORIZON))
    day, lucky = next_moment(rain, size, ever if ever < most else most, after, until)
    person.moment_day[kind], person.moment_luck[kind] = day, lucky


@inlined
def known(numbers: Numbers, turn: int, person: Any, after: int, until: int) -> int:
    """Return the day of the next moment after a day that may bring a turn: as a rule from the person's record.

    A day after `until` stands for any such. What the record holds is only what a search would find again.
    """
    kind = PLACE_OF[turn]
    day = int(person.moment_day[kind])
    if not person.moment_after[kind] <= after < day:
        person.moment_after[kind] = after
        seek(numbers, turn, person, after, until)
    elif day <= until and person.moment_luck[kind] == inf:  # none before that day, the first not seen
        seek(numbers, turn, person, day - 1, until)
    return int(person.moment_day[kind])


@inlined
def pass_by(numbers: Numbers, turn: int, person: Any, day: int, until: int) -> None:
    """Find the next moment, where the one on a day has brought nothing."""
    person.moment_after[PLACE_OF[turn]] = day
    seek(numbers, turn, person, day, until)


@inlined
def befalls(numbers: Numbers, turn: int, person: Any, day: int) -> int:
    """Return whether the moment that was found on a day brings its turn: 1 or 0; OVER_CEILING for an error."""
    rate = hazard(turn, numbers, person, day)
    if rate > ceiling(turn, numbers.book[regime_on(numbers, person, 0)], person):
        return OVER_CEILING
    return int(person.moment_luck[PLACE_OF[turn]] < rate)


@compiled
def opens(numbers: Numbers, turn: int, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] from which chance may bring a turn; NEVER if the law bars it."""
    if turn == Turn.APPLICATION:
        return application_open(numbers, person, after, until)
    return after + 1


@compiled
def place(turn: int) -> int:
    """Return the place of a turn in a day: what has a fixed date is taken with what the law ends, only after death."""
    fixed = Turn.RELEASE_DATE <= turn <= Turn.SENTENCE_END or turn == Turn.SENTENCED_AGAIN
    return Turn.AUTOMATIC_END.value if fixed else turn


@compiled
def sooner(day: int, turn: int, other_day: int, other: int) -> tuple[int, int]:
    """Return the earlier of two (day, turn); on one day the turn that is taken first."""
    if other_day < day or (other_day == day and place(other) < place(turn)):
        return other_day, other
    return day, turn


@inlined
def next_date(person: Any, after: int, day: int, turn: int) -> tuple[int, int]:
    """Return the first fixed date after a day, (day, Turn), or (day, turn) if that comes sooner.

    A court sees a person on one day only; the other dates, once past, are kept on the first day that they can be.
    """
    if person.state >= State.TERMINATED:
        return day, turn
    if person.court_day > after:
        day, turn = sooner(day, turn, person.court_day, Turn.RESENTENCING.value)
    if person.release_by < NEVER and in_prison(person):
        day, turn = sooner(day, turn, max(person.release_by, after + 1), Turn.RELEASE_DATE.value)
    return sooner(day, turn, max(person.sentence_end, after + 1), Turn.SENTENCE_END.value)


@inlined
def next_booked(person: Any, after: int, last: int) -> tuple[int, int]:
    """Return the first thing after a day that is booked: (day, Turn); (last + 1, NOTHING) if nothing is.

    A later sentence is none of those released before it: such a one would follow an offence on licence, and charges
    and recalls stand for those.
    """
    day, turn = last + 1, Turn.NOTHING.value
    if person.state >= State.TERMINATED:
        return day, turn
    if person.state == State.PRE_TARIFF:
        day, turn = sooner(day, turn, max(person.tariff_expiry, after + 1), Turn.TARIFF_EXPIRY.value)
    day, turn = sooner(day, turn, max(person.step_day, after + 1), person.step)
    if person.first_release == NEVER:
        again = person.sentenced_again if person.sentenced_again > after else NEVER
        return sooner(day, turn, again, Turn.SENTENCED_AGAIN.value)
    if person.state == State.HOSPITAL:
        return day, turn
    day, turn = sooner(day, turn, max(person.board_day, after + 1), Turn.BOARD_DECIDES.value)
    if not on_licence(person):
        return sooner(day, turn, max(person.rescinds_on, after + 1), Turn.RESCISSION.value)
    day, turn = sooner(day, turn, max(person.next_contact, after + 1), Turn.CONTACT.value)
    return sooner(day, turn, max(person.move_on_day, after + 1), Turn.MOVE_ON.value)


@inlined
def due_by_law(numbers: Numbers, person: Any, after: int, day: int, turn: int) -> tuple[int, int]:
    """Return the first thing after a day that the law brings, or (day, turn) if that comes sooner."""
    if person.first_release == NEVER or person.state == State.HOSPITAL or person.state >= State.TERMINATED:
        return day, turn
    day, turn = sooner(day, turn, reference_due(numbers, person, after, day), Turn.REFERENCE.value)
    if not on_licence(person):
        return day, turn
    day, turn = sooner(day, turn, request_due(numbers, person, after, day), Turn.REQUEST.value)
    return sooner(day, turn, automatic_end_due(numbers, person, after, day), Turn.AUTOMATIC_END.value)


@inlined
def look_ahead(numbers: Numbers, person: Any, after: int, until: int) -> None:
    """See that the next moment after a day is known of every rain that may bring a turn."""
    for likeliest in range(BY_CHANCE.shape[1]):
        chance = BY_CHANCE[person.state, likeliest]
        if chance == Turn.NOTHING:
            break  # the rest only fill the row
        if may_befall(chance, person):
            known(numbers, chance, person, opens(numbers, chance, person, after, until) - 1, until)


@inlined
def next_moment_of_all(person: Any, until: int) -> tuple[int, int]:
    """Return the first of the moments that are known up to a day: (day, Turn); (until + 1, any) if there is none."""
    day, turn = until + 1, Turn.NOTHING.value
    for likeliest in range(BY_CHANCE.shape[1]):
        chance = BY_CHANCE[person.state, likeliest]
        if chance == Turn.NOTHING:
            break
        if may_befall(chance, person):
            day, turn = sooner(day, turn, int(person.moment_day[PLACE_OF[chance]]), chance)
    return day, turn


@inlined
def next_by_chance(numbers: Numbers, person: Any, after: int, until: int) -> tuple[int, int]:
    """Return the first thing in (after, until] that chance brings, (day, Turn); (NEVER, any) if it brings nothing.

    Moments are taken in order of their days, so that one that has brought nothing is not looked at again. A day of
    OVER_CEILING is an error.
    """
    look_ahead(numbers, person, after, until)
    while True:
        day, turn = next_moment_of_all(person, until)
        if day > until:
            return NEVER, turn
        came = befalls(numbers, turn, person, day)
        if came:
            return (day, turn) if came > 0 else (OVER_CEILING, turn)
        pass_by(numbers, turn, person, day, until)


@inlined
def next_turn(numbers: Numbers, people: Any, number: int, after: int, last: int) -> tuple[int, int]:
    """Return the first thing to happen to a person after a day: (day, Turn); (last + 1, NOTHING) if nothing does.

    A day of OVER_CEILING names a turn whose hazard exceeds its declared ceiling: an error of the numbers.
    What is booked or dated bounds the search for chance, and that bounds the search of the law. Those whose sentence
    has ended are followed for some years.
    """
    person = people[number]
    last = min(last, person.followed_to)
    day, turn = next_booked(person, after, last)
    day, turn = next_date(person, after, day, turn)
    when, chance = next_by_chance(numbers, person, after, min(day, last))
    if when == OVER_CEILING:
        return OVER_CEILING, chance
    day, turn = sooner(day, turn, when, chance)
    day, turn = due_by_law(numbers, person, after, day, turn)
    return (day, turn) if day <= last else (last + 1, Turn.NOTHING.value)
