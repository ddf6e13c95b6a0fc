"""What comes next in a life, and when: what is booked or dated, what chance brings, and what falls due by law."""

from typing import Any

from sim.compiling import compiled, inlined
from sim.days import NEVER
from sim.journal import State
from sim.law import Numbers
from sim.luck import block_size, density, mark, moment, moments_in, stream
from sim.people import on_licence
from sim.purpose import Purpose
from sim.release_dates import in_prison
from sim.rules import BY_CHANCE, OVER_CEILING, Turn, ceiling, hazard, may_befall, regime_on
from sim.termination import application_open, automatic_end_due, reference_due, request_due


@inlined
def comes_to_pass(numbers: Numbers, turn: int, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] on which chance brings a turn; NEVER, or OVER_CEILING for an error."""
    rain = stream(person.key, Purpose.RAIN + turn)
    most = ceiling(turn, numbers.book[regime_on(numbers, person, 0)], person)
    size = block_size(most)
    thick = density(size)
    first, block = NEVER, (after + 1) >> size
    while first == NEVER and block << size <= until:
        for n in range(moments_in(rain, block)):
            day, lucky = moment(rain, block, size, n), mark(rain, block, n) * thick
            if (after < day) & (day <= until) & (day < first) & (lucky < most):  # one test: see `sift`
                rate = hazard(turn, numbers, person, day)
                if rate > most:
                    return OVER_CEILING
                if lucky < rate:
                    first = day
        block += 1
    return first


@compiled
def opens(numbers: Numbers, turn: int, person: Any, after: int, until: int) -> int:
    """Return the first day in (after, until] from which chance may bring a turn; NEVER if the law bars it."""
    if turn == Turn.APPLICATION:
        return application_open(numbers, person, after, until)
    return after + 1


@compiled
def place(turn: int) -> int:
    """Return the place of a turn in a day: what has a fixed date is taken with what the law ends, only after death."""
    return Turn.AUTOMATIC_END.value if Turn.RELEASE_DATE <= turn <= Turn.SENTENCE_END else turn


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
    """Return the first thing after a day that is booked: (day, Turn); (last + 1, NOTHING) if nothing is."""
    day, turn = last + 1, Turn.NOTHING.value
    if person.state >= State.TERMINATED:
        return day, turn
    if person.state == State.PRE_TARIFF:
        day, turn = sooner(day, turn, max(person.tariff_expiry, after + 1), Turn.TARIFF_EXPIRY.value)
    day, turn = sooner(day, turn, max(person.step_day, after + 1), person.step)
    if person.first_release == NEVER or person.state == State.HOSPITAL:
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
    for likeliest in range(BY_CHANCE.shape[1]):
        chance = BY_CHANCE[person.state, likeliest]
        if chance == Turn.NOTHING:
            break  # the rest only fill the row
        if may_befall(chance, person):
            until = min(day, last)
            when = comes_to_pass(numbers, chance, person, opens(numbers, chance, person, after, until) - 1, until)
            if when == OVER_CEILING:
                return OVER_CEILING, chance
            day, turn = sooner(day, turn, when, chance)
    day, turn = due_by_law(numbers, person, after, day, turn)
    return (day, turn) if day <= last else (last + 1, Turn.NOTHING.value)
