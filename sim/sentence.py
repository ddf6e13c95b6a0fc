"""The story: one person's sentence, from the day it is passed to the day it ends.

What may come next, and when, is a rule's to say (`rules.next_turn`); what is decided is a decision's
(`decisions`). Here stands only what follows. The story has no luck and no law of its own.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim import asking
from sim.days import NEVER
from sim.journal import Authority, Event, State
from sim.people import Person
from sim.rules import Incident, Outcome, Turn

if TYPE_CHECKING:
    from sim.world import World

Story = Generator[Any, Any, None]


def serve(person: Person, world: "World") -> Story:
    """Tell one person's sentence, from the day it is passed to the day it ends."""
    yield from tariff(person, world)
    while person.serving:
        yield from custody(person, world)
        if person.serving:
            yield from licence(person, world)


def tariff(person: Person, world: "World") -> Story:
    """They are sentenced, and serve the tariff; the first review is due when it ends."""
    yield world.sentenced(person)
    world.moves(person, State.PRE_TARIFF)
    world.records(person, Event.SENTENCED, Authority.SENTENCE_POWER, person.tariff_days)
    person.review_due = person.tariff_expiry
    wait_for(person, Turn.PAPERS, world.asks(asking.first_papers, person))
    while person.state == State.PRE_TARIFF:
        yield from next_of(person, world)


def custody(person: Person, world: "World") -> Story:
    """They are in prison, in hospital or at large, until release is directed, the sentence ends, or death."""
    while person.serving and not person.on_licence:
        yield from next_of(person, world)


def licence(person: Person, world: "World") -> Story:
    """They are in the community on licence, until recall, the Board, the law, or death ends that."""
    while person.on_licence:
        yield from next_of(person, world)


def next_of(person: Person, world: "World") -> Story:
    """The next turn of their life comes, and what follows from it."""
    turn = yield world.next(person)
    TURNS[turn](person, world)


def tariff_expires(person: Person, world: "World") -> None:
    """The tariff is served: from now on only the Board's view of risk keeps them in prison."""
    world.moves(person, State.CLOSED)
    world.records(person, Event.TARIFF_EXPIRED, Authority.TARIFF_POWER)


def papers(person: Person, world: "World") -> None:
    """A member of the Board reads the papers: release, refusal, or an oral hearing."""
    person.reviews += 1
    late = world.day - person.review_due
    outcome = world.asks(asking.papers_outcome, person)
    if outcome == Outcome.RELEASE:
        release_is_directed(person, world, Event.RELEASE_DIRECTED_ON_PAPERS, late)
    elif outcome == Outcome.HEARING:
        is_listed(person, world, Event.SENT_TO_HEARING, world.asks(asking.list_hearing, person, world.listings))
    else:
        world.records(person, Event.PAPERS_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        await_next_review(person, world)


def is_listed(person: Person, world: "World", event: Event, day: int) -> None:
    """A hearing is listed, for the first month in which the Board has room."""
    person.hearings += 1
    wait_for(person, Turn.HEARING, day)
    world.records(person, event, Authority.ORAL_HEARINGS_PER_YEAR, day - world.day)


def hearing(person: Person, world: "World") -> None:
    """An oral panel hears the case, or puts it off."""
    if world.asks(asking.deferred, person):
        is_listed(person, world, Event.HEARING_DEFERRED, world.asks(asking.list_again, person, world.listings))
        return
    late = world.day - person.review_due
    outcome = world.asks(asking.hearing_outcome, person)
    if outcome == Outcome.RELEASE:
        release_is_directed(person, world, Event.RELEASE_DIRECTED_AT_HEARING, late)
    elif outcome == Outcome.OPEN:
        world.records(person, Event.OPEN_RECOMMENDED, Authority.REVIEW_INTERVAL_MOST, late)
        wait_for(person, Turn.OPEN_DECISION, world.day + world.asks(asking.open_decision_days, person))
    else:
        world.records(person, Event.HEARING_REFUSED, Authority.REVIEW_INTERVAL_MOST, late)
        await_next_review(person, world)


def await_next_review(person: Person, world: "World") -> None:
    """They wait for the next review, twelve to twenty-four months on."""
    review_is_due(person, world, world.asks(asking.next_review, person))


def review_is_due(person: Person, world: "World", day: int) -> None:
    """A review is due on a day; its papers are read some months before."""
    person.review_due = min(day, NEVER)
    wait_for(person, Turn.PAPERS, world.asks(asking.papers_before, person))


def open_decision(person: Person, world: "World") -> None:
    """The Secretary of State accepts the Board's advice and they move to open conditions, or refuses it."""
    if not world.asks(asking.open_accepted, person):
        world.records(person, Event.OPEN_REFUSED, Authority.OPEN_ACCEPTANCE)
        await_next_review(person, world)
        return
    world.moves(person, State.RECALLED_OPEN if person.ever_released else State.OPEN)
    world.records(person, Event.OPEN_ACCEPTED, Authority.OPEN_ACCEPTANCE)
    review_is_due(person, world, world.asks(asking.open_review, person))


def back_to_closed(person: Person, world: "World") -> None:
    """Something goes wrong in open conditions and they are returned to a closed prison."""
    world.moves(person, prison_of(person, world))
    world.records(person, Event.RETURNED_TO_CLOSED)
    await_next_review(person, world)


def release_is_directed(person: Person, world: "World", event: Event, late: int) -> None:
    """The Board directs release; the day comes when an address and a plan are ready."""
    wait_for(person, Turn.RELEASE, world.asks(asking.release_day, person))
    because = Authority.BOARD_MAY_RERELEASE if person.ever_released else Authority.BOARD_MAY_RELEASE
    world.records(person, event, because, late)


def release(person: Person, world: "World") -> None:
    """The Board's direction takes effect: they leave prison for the first time, or again."""
    if person.ever_released:
        goes_out(person, world, Event.RERELEASED_BY_BOARD, Authority.BOARD_MAY_RERELEASE)
    else:
        goes_out(person, world, Event.FIRST_RELEASED, Authority.BOARD_MAY_RELEASE)


def executive_release(person: Person, world: "World") -> None:
    """The Secretary of State releases a recalled person without the Board."""
    goes_out(person, world, Event.RERELEASED_BY_EXECUTIVE, Authority.EXECUTIVE_RELEASE_POWER)


def goes_out(person: Person, world: "World", event: Event, because: Authority) -> None:
    """They go out on licence, some to approved premises; the first release sets the date that never changes."""
    first = not person.ever_released
    away = int(event == Event.FIRST_RELEASED and person.state == State.HOSPITAL) if first else since_recall(person, world)
    person.releases += 1
    person.released = world.day
    if first:
        person.first_release = world.day
    person.step_day = person.rescinds_on = NEVER
    begin_licence(person, world)
    world.records(person, event, because, away)
    resume_clock(person, world, first, rescinded=False)
    if person.waived:
        ends(person, world, State.TERMINATED, Event.TERMINATED_BY_BOARD, Authority.TERMINATION_POWER)


def begin_licence(person: Person, world: "World") -> None:
    """The licence begins or begins again: in approved premises for a time, or at another address."""
    person.requests = person.suspended = 0
    stay = world.asks(asking.premises_days, person)
    person.move_on_day = world.day + stay if stay else NEVER
    world.moves(person, State.LICENCE_AP if stay else State.LICENCE)


def resume_clock(person: Person, world: "World", first: bool, rescinded: bool) -> None:
    """The two-year clock starts again with the licence, unless the revocation is to be disregarded."""
    if first or not world.asks(asking.disregarded, person, rescinded):
        person.licence_since = world.day
        return
    person.licence_since = person.kept_since
    world.records(person, Event.REVOCATION_DISREGARDED, Authority.DISREGARD_POWER)


def move_on(person: Person, world: "World") -> None:
    """They leave approved premises for an address of their own."""
    person.move_on_day = NEVER
    world.moves(person, State.LICENCE)
    world.records(person, Event.MOVED_ON)


def breach(person: Person, world: "World") -> None:
    """Something goes wrong: appointments missed, a home lost, relapse, a condition broken."""
    follows_incident(person, world, world.asks(asking.incident_kind, person))


def charge(person: Person, world: "World") -> None:
    """They are charged with a new offence."""
    follows_incident(person, world, Incident.NEW_CHARGE)


def follows_incident(person: Person, world: "World", incident: int) -> None:
    """The officer decides: warn, step up support, or ask for recall."""
    outcome = world.asks(asking.incident_decision, person, incident)
    if outcome == Outcome.RECALL:
        is_recalled(person, world, incident)
    elif outcome == Outcome.STEP_UP:
        person.stepped_up = world.day
        world.records(person, Event.SUPPORT_STEPPED_UP, detail=incident)
    else:
        world.records(person, Event.WARNED, detail=incident)


def is_recalled(person: Person, world: "World", incident: int) -> None:
    """The licence is revoked: they are returned to prison, at once or when they are found."""
    person.recalls += 1
    person.recalled_on, person.kept_since = world.day, person.licence_since
    person.move_on_day = NEVER
    rescinded_after = world.asks(asking.rescission_days, person)
    person.rescinds_on = world.day + rescinded_after if rescinded_after else NEVER
    away = world.asks(asking.days_at_large, person)
    world.moves(person, State.AT_LARGE if away else State.RECALLED)
    event = Event.RECALLED_CHARGED if incident == Incident.NEW_CHARGE else Event.RECALLED_NO_CHARGE
    world.records(person, event, Authority.RECALL_POWER, incident)
    if away:
        wait_for(person, Turn.ARREST, world.day + away)
    else:
        review_is_due(person, world, world.asks(asking.first_recall_review, person))


def arrest(person: Person, world: "World") -> None:
    """They are found and returned to custody; their case goes to the Board within 28 days."""
    world.moves(person, State.RECALLED)
    world.records(person, Event.RETURNED_TO_CUSTODY, Authority.RECALL_POWER, since_recall(person, world))
    review_is_due(person, world, world.asks(asking.first_recall_review, person))


def rescission(person: Person, world: "World") -> None:
    """The recall is found to have been a mistake and is rescinded."""
    away = since_recall(person, world)
    person.step_day = person.rescinds_on = NEVER
    begin_licence(person, world)
    world.records(person, Event.RECALL_RESCINDED, Authority.RECALL_POWER, away)
    resume_clock(person, world, first=False, rescinded=True)


def to_hospital(person: Person, world: "World") -> None:
    """They are transferred to a secure hospital, still serving; reviews stop."""
    person.transfers += 1
    person.step_day = NEVER
    world.moves(person, State.HOSPITAL)
    world.records(person, Event.TO_HOSPITAL, Authority.HOSPITAL_POWER)


def out_of_hospital(person: Person, world: "World") -> None:
    """They leave hospital: for the community on licence, or back to prison."""
    if world.asks(asking.released_from_hospital, person):
        event = Event.RERELEASED_FROM_HOSPITAL if person.ever_released else Event.FIRST_RELEASED
        goes_out(person, world, event, Authority.BOARD_MAY_RELEASE)
        return
    stay = world.day - person.since
    world.moves(person, prison_of(person, world))
    world.records(person, Event.BACK_FROM_HOSPITAL, Authority.HOSPITAL_POWER, stay)
    await_next_review(person, world)


def suspension(person: Person, world: "World") -> None:
    """After years without trouble their supervision is suspended; the licence and its risk of recall remain."""
    person.suspended = 1
    world.records(person, Event.SUPERVISION_SUSPENDED, Authority.SUSPENSION_AFTER)


def reference(person: Person, world: "World") -> None:
    """The Secretary of State asks the Board whether the licence should end."""
    goes_to_board(person, world, Event.REFERRED_FOR_TERMINATION, Authority.REFERENCE_AUTOMATIC)


def application(person: Person, world: "World") -> None:
    """They apply to the Board themselves, as the law before June 2022 required."""
    goes_to_board(person, world, Event.REFERRED_FOR_TERMINATION, Authority.REAPPLICATION_YEARS)


def request(person: Person, world: "World") -> None:
    """They may ask once in this spell on licence to be referred again; some do."""
    person.requests += 1
    if world.asks(asking.makes_request, person):
        goes_to_board(person, world, Event.TERMINATION_REQUESTED, Authority.REQUEST_AFTER)


def goes_to_board(person: Person, world: "World", event: Event, because: Authority) -> None:
    """The question of ending the licence is before the Board."""
    person.references += 1
    person.board_day = world.day + world.asks(asking.termination_days, person)
    world.records(person, event, because, person.board_day - world.day)


def board_decides(person: Person, world: "World") -> None:
    """The Board ends the licence, or keeps it; where the law bars a decision in prison it is asked afresh later."""
    person.board_day = NEVER
    if not world.asks(asking.may_refer, person):
        person.references -= 1
        return
    person.disposed = world.day
    presumed = world.asks(asking.presumed, person)
    because = Authority.PRESUMPTION_OF_TERMINATION if presumed else Authority.TERMINATION_POWER
    if not world.asks(asking.board_terminates, person):
        world.records(person, Event.TERMINATION_REFUSED, because)
    elif person.on_licence:
        ends(person, world, State.TERMINATED, Event.TERMINATED_BY_BOARD, because)
    else:
        person.waived = 1
        world.records(person, Event.TERMINATION_GRANTED_IN_CUSTODY, because)


def automatic_end(person: Person, world: "World") -> None:
    """The law ends the licence by itself."""
    ends(person, world, State.TERMINATED, Event.TERMINATED_AUTOMATICALLY, Authority.AUTOMATIC_CLOCK)


def removal(person: Person, world: "World") -> None:
    """They are removed from the country under the tariff-expired removal scheme; the sentence waits if they return."""
    ends(person, world, State.REMOVED, Event.REMOVED, Authority.REMOVAL_POWER)


def death(person: Person, world: "World") -> None:
    """They die."""
    where = person.state
    ends(person, world, State.DEAD, Event.DIED, Authority.CHANCE, where)


def ends(person: Person, world: "World", state: State, event: Event, because: Authority, detail: int = 0) -> None:
    """The sentence ends, and with it the story."""
    world.moves(person, state)
    world.records(person, event, because, detail)


def wait_for(person: Person, step: Turn, day: int) -> None:
    """Set the pending step of a review, and its day."""
    person.step, person.step_day = step, day


def prison_of(person: Person, world: "World") -> State:
    """Return the closed state to which a person returns."""
    if person.ever_released:
        return State.RECALLED
    return State.CLOSED if world.day >= person.tariff_expiry else State.PRE_TARIFF


def since_recall(person: Person, world: "World") -> int:
    """Return the days since the licence was last revoked."""
    return int(world.day - person.recalled_on)


TURNS = {
    Turn.DEATH: death,
    Turn.AUTOMATIC_END: automatic_end,
    Turn.BOARD_DECIDES: board_decides,
    Turn.REFERENCE: reference,
    Turn.REQUEST: request,
    Turn.TARIFF_EXPIRY: tariff_expires,
    Turn.RELEASE: release,
    Turn.REMOVAL: removal,
    Turn.HEARING: hearing,
    Turn.PAPERS: papers,
    Turn.OPEN_DECISION: open_decision,
    Turn.EXECUTIVE_RELEASE: executive_release,
    Turn.TO_HOSPITAL: to_hospital,
    Turn.OUT_OF_HOSPITAL: out_of_hospital,
    Turn.BACK_TO_CLOSED: back_to_closed,
    Turn.ARREST: arrest,
    Turn.RESCISSION: rescission,
    Turn.MOVE_ON: move_on,
    Turn.SUSPENSION: suspension,
    Turn.APPLICATION: application,
    Turn.CHARGE: charge,
    Turn.BREACH: breach,
}
