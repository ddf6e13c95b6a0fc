"""In the community: release, supervision, incidents, recall and re-release, and the end of the licence.

Each function is what follows when its turn comes; `sentence.TURNS` says which.
"""

from typing import TYPE_CHECKING

from sim import asking
from sim.compiling import told
from sim.custody import await_next_review, goes_free, prison_of, sentence_is_served, since_recall
from sim.days import NEVER
from sim.journal import Authority, Event, State
from sim.people import Person, ever_released, on_licence
from sim.recall import recall_is_sought
from sim.rules import Incident, Outcome
from sim.services import Service
from sim.termination import is_determinate

if TYPE_CHECKING:
    from sim.world import World


@told
def release(person: Person, world: "World") -> None:
    """The Board's direction takes effect: they leave prison for the first time, or again."""
    if ever_released(person):
        goes_out(person, world, Event.RERELEASED_BY_BOARD, Authority.BOARD_MAY_RERELEASE)
    else:
        goes_out(person, world, Event.FIRST_RELEASED, Authority.BOARD_MAY_RELEASE)


@told
def executive_release(person: Person, world: "World") -> None:
    """The Secretary of State releases a recalled person without the Board."""
    goes_out(person, world, Event.RERELEASED_BY_EXECUTIVE, Authority.EXECUTIVE_RELEASE_POWER)


@told
def goes_out(person: Person, world: "World", event: Event, because: Authority) -> None:
    """They go out on licence, some to approved premises; the first release sets the date that never changes."""
    first = not ever_released(person)
    detail = int(person.state == State.HOSPITAL) if first else since_recall(person, world)
    person.releases += 1
    person.released = world.day
    if first:
        person.first_release = world.day
    person.step_day = person.rescinds_on = NEVER
    person.settled = world.asks(asking.settled, person)
    person.prepared = world.asks(asking.prepared, person)
    begin_licence(person, world)
    world.records(person, event, because, detail)
    resume_clock(person, world, first, rescinded=False)
    may_end_at_once(person, world)
    if on_licence(person):
        support_is_sought(person, world)


@told
def support_is_sought(person: Person, world: "World") -> None:
    """Places in treatment are looked for, for those who need it; some find none in time."""
    person.mental_health_from = person.substance_from = person.psychology_from = NEVER
    if person.mental_health_need:
        person.mental_health_from = world.asks(asking.support_from, person, world.rooms, Service.MENTAL_HEALTH)
        support_is_told(person, world, person.mental_health_from, Authority.MENTAL_HEALTH_PLACES)
    if person.substance_need:
        person.substance_from = world.asks(asking.support_from, person, world.rooms, Service.SUBSTANCE)
        support_is_told(person, world, person.substance_from, Authority.SUBSTANCE_PLACES)
    if world.asks(asking.offered_psychology, person):
        person.psychology_from = world.asks(asking.support_from, person, world.rooms, Service.PSYCHOLOGY)
        support_is_told(person, world, person.psychology_from, Authority.PSYCHOLOGY_PLACES)


@told
def support_is_told(person: Person, world: "World", begins: int, which: Authority) -> None:
    """The journal says when support will begin, or that there was no place."""
    if begins < NEVER:
        world.records(person, Event.SUPPORT_ARRANGED, which, begins - world.day)
    else:
        world.records(person, Event.SUPPORT_NOT_FOUND, which)


@told
def officer_changes(person: Person, world: "World") -> None:
    """Their officer leaves, is long sick, or hands the case on; they begin again with another."""
    person.officers += 1
    person.officer_since = world.day
    world.records(person, Event.OFFICER_CHANGED, detail=person.officers)


@told
def contact(person: Person, world: "World") -> None:
    """They keep an appointment, or miss it (told only where each appointment is lived one by one)."""
    missed = world.asks(asking.contact_missed, person)
    person.next_contact = world.asks(asking.first_contact, person)
    if missed:
        follows_incident(person, world, Incident.MISSED_APPOINTMENTS.value)
    else:
        world.records(person, Event.CONTACT_KEPT)


@told
def begin_licence(person: Person, world: "World") -> None:
    """The licence begins or begins again: in approved premises for a time, or at another address."""
    person.requests = person.suspended = 0
    person.officers, person.officer_since = 1, world.day
    person.next_contact = world.asks(asking.first_contact, person)
    person.release_by = NEVER
    stay = world.asks(asking.premises_days, person)
    person.no_bed = 0
    person.move_on_day = world.day + stay if stay else NEVER
    world.moves(person, State.LICENCE_AP if stay else State.LICENCE)


@told
def resume_clock(person: Person, world: "World", first: bool, rescinded: bool) -> None:
    """The two-year clock starts again with the licence, unless the revocation is to be disregarded."""
    if first or is_determinate(person) or not world.asks(asking.disregarded, person, rescinded):
        person.licence_since = world.day
        return
    person.licence_since = person.kept_since
    by_power = world.asks(asking.may_disregard, person)
    because = Authority.DISREGARD_POWER if by_power else Authority.RESCISSION_KEEPS_CLOCK
    world.records(person, Event.REVOCATION_DISREGARDED, because)


@told
def may_end_at_once(person: Person, world: "World") -> None:
    """What the Board has ended in custody, or has run its course or been served, ends on the day of release."""
    if person.sentence_end <= world.day:
        sentence_is_served(person, world)
    elif person.waived:
        goes_free(person, world, Event.TERMINATED_BY_BOARD, Authority.TERMINATION_POWER)
    elif world.asks(asking.ends_today, person):
        automatic_end(person, world)


@told
def move_on(person: Person, world: "World") -> None:
    """They leave approved premises for an address of their own."""
    person.move_on_day = NEVER
    world.moves(person, State.LICENCE)
    world.records(person, Event.MOVED_ON)


@told
def breach(person: Person, world: "World") -> None:
    """Something goes wrong: appointments missed, a home lost, relapse, a condition broken."""
    follows_incident(person, world, world.asks(asking.incident_kind, person))


@told
def follows_incident(person: Person, world: "World", incident: int) -> None:
    """The officer decides: warn, step up support, or ask for recall."""
    outcome = world.asks(asking.incident_decision, person, incident)
    if outcome == Outcome.RECALL:
        recall_is_sought(person, world, incident)
        return
    person.not_recalled_on = world.day
    if outcome == Outcome.STEP_UP:
        person.stepped_up = world.day
        world.records(person, Event.SUPPORT_STEPPED_UP, detail=incident)
    else:
        world.records(person, Event.WARNED, detail=incident)


@told
def rescission(person: Person, world: "World") -> None:
    """The recall is found to have been a mistake and is rescinded."""
    away = since_recall(person, world)
    person.step_day = person.rescinds_on = NEVER
    begin_licence(person, world)
    world.records(person, Event.RECALL_RESCINDED, Authority.RECALL_POWER, away)
    resume_clock(person, world, first=False, rescinded=True)
    may_end_at_once(person, world)


@told
def out_of_hospital(person: Person, world: "World") -> None:
    """They leave hospital: for the community on licence, or back to prison."""
    if world.asks(asking.released_from_hospital, person):
        if ever_released(person):
            goes_out(person, world, Event.RERELEASED_FROM_HOSPITAL, Authority.BOARD_MAY_RERELEASE)
        else:
            goes_out(person, world, Event.FIRST_RELEASED, Authority.BOARD_MAY_RELEASE)
        return
    stay = world.day - person.since
    world.moves(person, prison_of(person, world))
    world.records(person, Event.BACK_FROM_HOSPITAL, Authority.HOSPITAL_POWER, stay)
    await_next_review(person, world)


@told
def suspension(person: Person, world: "World") -> None:
    """After years without trouble their supervision is suspended; the licence and its risk of recall remain."""
    person.suspended = 1
    world.records(person, Event.SUPERVISION_SUSPENDED, Authority.SUSPENSION_AFTER)


@told
def reference(person: Person, world: "World") -> None:
    """The Secretary of State asks the Board whether the licence should end."""
    goes_to_board(person, world, Event.REFERRED_FOR_TERMINATION, Authority.REFERENCE_AUTOMATIC)


@told
def application(person: Person, world: "World") -> None:
    """They apply to the Board themselves, as the law before June 2022 required."""
    goes_to_board(person, world, Event.REFERRED_FOR_TERMINATION, Authority.REAPPLICATION_YEARS)


@told
def request(person: Person, world: "World") -> None:
    """They may ask once in this spell on licence to be referred again; some do."""
    person.requests += 1
    if world.asks(asking.makes_request, person):
        goes_to_board(person, world, Event.TERMINATION_REQUESTED, Authority.REQUEST_AFTER)


@told
def goes_to_board(person: Person, world: "World", event: Event, because: Authority) -> None:
    """The question of ending the licence is before the Board."""
    person.references += 1
    person.board_day = world.day + world.asks(asking.termination_days, person)
    world.records(person, event, because, person.board_day - world.day)


@told
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
    elif on_licence(person):
        goes_free(person, world, Event.TERMINATED_BY_BOARD, because)
    else:
        person.waived = 1
        world.records(person, Event.TERMINATION_GRANTED_IN_CUSTODY, because)


@told
def automatic_end(person: Person, world: "World") -> None:
    """The law ends the licence by itself."""
    goes_free(person, world, Event.TERMINATED_AUTOMATICALLY, Authority.AUTOMATIC_CLOCK)
