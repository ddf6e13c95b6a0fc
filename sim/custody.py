"""In custody: reviews, hearings, open conditions, hospital, and the ways in which a sentence ends there.

Each function is what follows when its turn comes; `sentence.TURNS` says which.
"""

from typing import TYPE_CHECKING

from sim import asking, release_dates
from sim.compiling import told
from sim.days import NEVER
from sim.journal import Authority, Event, State
from sim.people import Person, ever_released
from sim.rules import Outcome, Turn

if TYPE_CHECKING:
    from sim.world import World


@told
def is_sentenced(person: Person, world: "World") -> None:
    """They are sentenced; the first review is due when the tariff ends."""
    world.moves(person, State.PRE_TARIFF)
    world.records(person, Event.SENTENCED, Authority.SENTENCE_POWER, person.tariff_days)
    first_review_is_due(person, world)


@told
def is_sentenced_again(person: Person, world: "World") -> None:
    """A later sentence of the same kind is passed: its tariff, taken to be as long as the first, runs from today.

    What a review had come to falls, with any release directed or dated; the next is due when this tariff ends. Reviews
    are numbered on and not from one again: no two share their luck, and a panel hears for the first time only once
    (`first_review_log_odds`). Whoever is in hospital stays there, without reviews.
    """
    person.tariff_expiry = min(NEVER - 1, world.day + person.tariff_days)
    person.step_day = person.release_by = NEVER
    if person.state != State.HOSPITAL:
        world.moves(person, State.PRE_TARIFF)
        first_review_is_due(person, world)
    world.records(person, Event.SENTENCED_AGAIN, Authority.SENTENCE_POWER, person.tariff_days)


@told
def first_review_is_due(person: Person, world: "World") -> None:
    """The first review under a tariff is due when it ends; its papers are read some months before."""
    person.review_due = person.tariff_expiry
    wait_for(person, Turn.PAPERS, world.asks(asking.first_papers, person))


@told
def tariff_expires(person: Person, world: "World") -> None:
    """The tariff is served: from now on only the Board's view of risk keeps them in prison."""
    world.moves(person, State.CLOSED)
    world.records(person, Event.TARIFF_EXPIRED, Authority.TARIFF_POWER)


@told
def papers(person: Person, world: "World") -> None:
    """A member of the Board reads the papers: release, refusal, or an oral hearing."""
    person.reviews += 1
    late = world.day - person.review_due
    outcome = world.asks(asking.papers_outcome, person)
    if outcome == Outcome.RELEASE:
        release_is_directed(person, world, Event.RELEASE_DIRECTED_ON_PAPERS, late)
    elif outcome == Outcome.HEARING:
        is_listed(person, world, Event.SENT_TO_HEARING, world.asks(asking.list_hearing, person, world.rooms))
    else:
        world.records(person, Event.PAPERS_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        date_is_set(person, world)
        await_next_review(person, world)


@told
def is_listed(person: Person, world: "World", event: Event, day: int) -> None:
    """A hearing is listed, for the first month in which the Board has room."""
    person.hearings += 1
    wait_for(person, Turn.HEARING, day)
    world.records(person, event, Authority.ORAL_HEARINGS_PER_YEAR, day - world.day)


@told
def hearing(person: Person, world: "World") -> None:
    """An oral panel hears the case, or puts it off."""
    if world.asks(asking.deferred, person):
        is_listed(person, world, Event.HEARING_DEFERRED, world.asks(asking.list_again, person, world.rooms))
        return
    late = world.day - person.review_due
    outcome = world.asks(asking.hearing_outcome, person)
    if outcome == Outcome.RELEASE:
        release_is_directed(person, world, Event.RELEASE_DIRECTED_AT_HEARING, late)
    elif outcome == Outcome.OPEN:
        world.records(person, Event.OPEN_RECOMMENDED, Authority.REVIEW_INTERVAL_MOST, late)
        date_is_set(person, world)
        wait_for(person, Turn.OPEN_DECISION, world.day + world.asks(asking.open_decision_days, person))
    else:
        world.records(person, Event.HEARING_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        date_is_set(person, world)
        await_next_review(person, world)


@told
def date_is_set(person: Person, world: "World") -> None:
    """Where the law wants a date after a review that ends without release, it is set; an earlier one stands."""
    day = world.asks(release_dates.after_review, person)
    if day < person.release_by:
        person.release_by = day
        world.records(person, Event.RELEASE_DATE_SET, Authority.FIXED_RELEASE_WITHIN, day - world.day)


@told
def await_next_review(person: Person, world: "World") -> None:
    """They wait for the next review, twelve to twenty-four months on."""
    review_is_due(person, world, world.asks(asking.next_review, person))


@told
def review_is_due(person: Person, world: "World", day: int) -> None:
    """A review is due on a day; its papers are read some months before. None is where a court has set the day."""
    if release_dates.awaits_release(person):
        wait_for(person, Turn.PAPERS, NEVER)
        return
    person.review_due = min(day, NEVER)
    wait_for(person, Turn.PAPERS, world.asks(asking.papers_before, person))


@told
def open_decision(person: Person, world: "World") -> None:
    """The Secretary of State accepts the Board's advice and they move to open conditions, or refuses it."""
    if not world.asks(asking.open_accepted, person):
        world.records(person, Event.OPEN_REFUSED, Authority.OPEN_ACCEPTANCE)
        await_next_review(person, world)
        return
    world.moves(person, State.RECALLED_OPEN if ever_released(person) else State.OPEN)
    world.records(person, Event.OPEN_ACCEPTED, Authority.OPEN_ACCEPTANCE)
    review_is_due(person, world, world.asks(asking.open_review, person))


@told
def back_to_closed(person: Person, world: "World") -> None:
    """Something goes wrong in open conditions and they are returned to a closed prison."""
    world.moves(person, prison_of(person, world))
    world.records(person, Event.RETURNED_TO_CLOSED)
    await_next_review(person, world)


@told
def release_is_directed(person: Person, world: "World", event: Event, late: int) -> None:
    """The Board directs release; the day comes when a bed or an address, and a plan, are ready."""
    bed = world.asks(asking.bed_from, person, world.rooms)
    person.no_bed = bed == NEVER
    wait_for(person, Turn.RELEASE, world.asks(asking.release_day, person, bed))
    because = Authority.BOARD_MAY_RERELEASE if ever_released(person) else Authority.BOARD_MAY_RELEASE
    world.records(person, event, because, late)


@told
def to_hospital(person: Person, world: "World") -> None:
    """They are transferred to a secure hospital, still serving; reviews stop."""
    person.transfers += 1
    person.step_day = NEVER
    world.moves(person, State.HOSPITAL)
    world.records(person, Event.TO_HOSPITAL, Authority.HOSPITAL_POWER)


@told
def removal(person: Person, world: "World") -> None:
    """They are removed from the country under the tariff-expired removal scheme; the sentence waits if they return."""
    ends(person, world, State.REMOVED, Event.REMOVED, Authority.REMOVAL_POWER)


@told
def sentence_is_served(person: Person, world: "World") -> None:
    """The determinate sentence that a court passed has been served: they are free, wherever they are."""
    where = person.state
    goes_free(person, world, Event.SENTENCE_SERVED, Authority.RESENTENCING, where)


@told
def death(person: Person, world: "World") -> None:
    """They die, by their own act or otherwise; where the sentence had ended before, only the story does."""
    where, self_inflicted = person.state, world.asks(asking.self_inflicted, person)
    if where == State.TERMINATED:
        person.followed_to = world.day
        world.records(person, Event.DIED_AFTER_END, detail=int(self_inflicted))
    else:
        event = Event.SELF_INFLICTED_DEATH if self_inflicted else Event.DIED
        ends(person, world, State.DEAD, event, Authority.CHANCE, where)


@told
def goes_free(person: Person, world: "World", event: Event, because: Authority, detail: int = 0) -> None:
    """The sentence ends, with its licence; they are followed for some years more."""
    ends(person, world, State.TERMINATED, event, because, detail)
    person.followed_to = world.day + world.asks(asking.followed_days, person)


@told
def ends(person: Person, world: "World", state: State, event: Event, because: Authority, detail: int = 0) -> None:
    """The sentence ends."""
    world.moves(person, state)
    world.records(person, event, because, detail)


@told
def wait_for(person: Person, step: Turn, day: int) -> None:
    """Set the pending step of a review, and its day."""
    person.step, person.step_day = step, day


@told
def prison_of(person: Person, world: "World") -> State:
    """Return the closed state to which a person returns."""
    if ever_released(person):
        return State.RECALLED
    return State.CLOSED if world.day >= person.tariff_expiry else State.PRE_TARIFF


@told
def since_recall(person: Person, world: "World") -> int:
    """Return the days since the licence was last revoked."""
    return int(world.day - person.recalled_on)
