"""The story told again in compiled form, line for line as in `custody`, for large ensembles.

It decides nothing by itself: the same rules and decisions answer, and the identity test compares the two
journals byte for byte. Whoever changes what follows from a turn there changes it here.
"""

from typing import Any, NamedTuple

from sim import asking
from sim.compiling import compiled
from sim.days import NEVER
from sim.journal import Authority, Event, State, Table
from sim.law import Numbers
from sim.rules import Outcome, Turn, ever_released
from sim.services import Listings


class Here(NamedTuple):
    """All that a turn may read or change; `count` holds how many lines of the journal are written."""

    numbers: Numbers
    people: Any
    listings: Listings
    lines: Table
    count: Any


@compiled
def moves(person: Any, day: int, state: State) -> None:
    """Put a person in a state from today."""
    person.state, person.since = state, day


@compiled
def records(
    here: Here, person: Any, day: int, event: Event, because: Authority = Authority.CHANCE, detail: int = 0
) -> None:
    """Write a line of the journal."""
    line = here.count[0]
    here.lines.day[line], here.lines.person[line], here.lines.event[line] = day, person.number, event
    here.lines.state[line], here.lines.because[line], here.lines.detail[line] = person.state, because, detail
    here.count[0] = line + 1


@compiled
def wait_for(person: Any, step: Turn, day: int) -> None:
    """Set the pending step of a review, and its day."""
    person.step, person.step_day = step, day


@compiled
def prison_of(here: Here, person: Any, day: int) -> State:
    """Return the closed state to which a person returns."""
    if ever_released(person):
        return State.RECALLED
    return State.CLOSED if day >= person.tariff_expiry else State.PRE_TARIFF


@compiled
def since_recall(here: Here, person: Any, day: int) -> int:
    """Return the days since the licence was last revoked."""
    return int(day - person.recalled_on)


@compiled
def ends(here: Here, person: Any, day: int, state: State, event: Event, because: Authority, detail: int = 0) -> None:
    """The sentence ends, and with it the story."""
    moves(person, day, state)
    records(here, person, day, event, because, detail)


@compiled
def review_is_due(here: Here, person: Any, day: int, due: int) -> None:
    """A review is due on a day; its papers are read some months before."""
    person.review_due = min(due, NEVER)
    wait_for(person, Turn.PAPERS, asking.papers_before(here.numbers, here.people, person.number, day))


@compiled
def await_next_review(here: Here, person: Any, day: int) -> None:
    """They wait for the next review, twelve to twenty-four months on."""
    review_is_due(here, person, day, asking.next_review(here.numbers, here.people, person.number, day))


@compiled
def is_listed(here: Here, person: Any, day: int, event: Event, listed: int) -> None:
    """A hearing is listed, for the first month in which the Board has room."""
    person.hearings += 1
    wait_for(person, Turn.HEARING, listed)
    records(here, person, day, event, Authority.ORAL_HEARINGS_PER_YEAR, listed - day)


@compiled
def release_is_directed(here: Here, person: Any, day: int, event: Event, late: int) -> None:
    """The Board directs release; the day comes when an address and a plan are ready."""
    wait_for(person, Turn.RELEASE, asking.release_day(here.numbers, here.people, person.number, day))
    because = Authority.BOARD_MAY_RERELEASE if ever_released(person) else Authority.BOARD_MAY_RELEASE
    records(here, person, day, event, because, late)


@compiled
def tariff_expires(here: Here, person: Any, day: int) -> None:
    """The tariff is served: from now on only the Board's view of risk keeps them in prison."""
    moves(person, day, State.CLOSED)
    records(here, person, day, Event.TARIFF_EXPIRED, Authority.TARIFF_POWER)


@compiled
def papers(here: Here, person: Any, day: int) -> None:
    """A member of the Board reads the papers: release, refusal, or an oral hearing."""
    person.reviews += 1
    late = day - person.review_due
    outcome = asking.papers_outcome(here.numbers, here.people, person.number, day)
    if outcome == Outcome.RELEASE:
        release_is_directed(here, person, day, Event.RELEASE_DIRECTED_ON_PAPERS, late)
    elif outcome == Outcome.HEARING:
        listed = asking.list_hearing(here.numbers, here.people, person.number, day, here.listings)
        is_listed(here, person, day, Event.SENT_TO_HEARING, listed)
    else:
        records(here, person, day, Event.PAPERS_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        await_next_review(here, person, day)


@compiled
def hearing(here: Here, person: Any, day: int) -> None:
    """An oral panel hears the case, or puts it off."""
    if asking.deferred(here.numbers, here.people, person.number, day):
        again = asking.list_again(here.numbers, here.people, person.number, day, here.listings)
        is_listed(here, person, day, Event.HEARING_DEFERRED, again)
        return
    late = day - person.review_due
    outcome = asking.hearing_outcome(here.numbers, here.people, person.number, day)
    if outcome == Outcome.RELEASE:
        release_is_directed(here, person, day, Event.RELEASE_DIRECTED_AT_HEARING, late)
    elif outcome == Outcome.OPEN:
        records(here, person, day, Event.OPEN_RECOMMENDED, Authority.REVIEW_INTERVAL_MOST, late)
        wait = asking.open_decision_days(here.numbers, here.people, person.number, day)
        wait_for(person, Turn.OPEN_DECISION, day + wait)
    else:
        records(here, person, day, Event.HEARING_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        await_next_review(here, person, day)


@compiled
def open_decision(here: Here, person: Any, day: int) -> None:
    """The Secretary of State accepts the Board's advice and they move to open conditions, or refuses it."""
    if not asking.open_accepted(here.numbers, here.people, person.number, day):
        records(here, person, day, Event.OPEN_REFUSED, Authority.OPEN_ACCEPTANCE)
        await_next_review(here, person, day)
        return
    moves(person, day, State.RECALLED_OPEN if ever_released(person) else State.OPEN)
    records(here, person, day, Event.OPEN_ACCEPTED, Authority.OPEN_ACCEPTANCE)
    review_is_due(here, person, day, asking.open_review(here.numbers, here.people, person.number, day))


@compiled
def back_to_closed(here: Here, person: Any, day: int) -> None:
    """Something goes wrong in open conditions and they are returned to a closed prison."""
    moves(person, day, prison_of(here, person, day))
    records(here, person, day, Event.RETURNED_TO_CLOSED)
    await_next_review(here, person, day)


@compiled
def to_hospital(here: Here, person: Any, day: int) -> None:
    """They are transferred to a secure hospital, still serving; reviews stop."""
    person.transfers += 1
    person.step_day = NEVER
    moves(person, day, State.HOSPITAL)
    records(here, person, day, Event.TO_HOSPITAL, Authority.HOSPITAL_POWER)


@compiled
def removal(here: Here, person: Any, day: int) -> None:
    """They are removed from the country under the tariff-expired removal scheme; the sentence waits if they return."""
    ends(here, person, day, State.REMOVED, Event.REMOVED, Authority.REMOVAL_POWER)


@compiled
def death(here: Here, person: Any, day: int) -> None:
    """They die."""
    where = person.state
    ends(here, person, day, State.DEAD, Event.DIED, Authority.CHANCE, where)
