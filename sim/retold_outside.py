"""The story told again in compiled form, line for line as in `community`: release, licence, recall, the end."""

from typing import Any

from sim import asking
from sim.compiling import compiled
from sim.days import NEVER
from sim.journal import Authority, Event, State
from sim.retold import (
    Here,
    await_next_review,
    ends,
    moves,
    prison_of,
    records,
    review_is_due,
    since_recall,
    wait_for,
)
from sim.rules import Incident, Outcome, Turn, ever_released, on_licence


@compiled
def begin_licence(here: Here, person: Any, day: int) -> None:
    """The licence begins or begins again: in approved premises for a time, or at another address."""
    person.requests = person.suspended = 0
    stay = asking.premises_days(here.numbers, here.people, person.number, day)
    person.move_on_day = day + stay if stay else NEVER
    moves(person, day, State.LICENCE_AP if stay else State.LICENCE)


@compiled
def resume_clock(here: Here, person: Any, day: int, first: bool, rescinded: bool) -> None:
    """The two-year clock starts again with the licence, unless the revocation is to be disregarded."""
    if first or not asking.disregarded(here.numbers, here.people, person.number, day, rescinded):
        person.licence_since = day
        return
    person.licence_since = person.kept_since
    by_power = asking.may_disregard(here.numbers, here.people, person.number, day)
    because = Authority.DISREGARD_POWER if by_power else Authority.RESCISSION_KEEPS_CLOCK
    records(here, person, day, Event.REVOCATION_DISREGARDED, because)


@compiled
def automatic_end(here: Here, person: Any, day: int) -> None:
    """The law ends the licence by itself."""
    ends(here, person, day, State.TERMINATED, Event.TERMINATED_AUTOMATICALLY, Authority.AUTOMATIC_CLOCK)


@compiled
def may_end_at_once(here: Here, person: Any, day: int) -> None:
    """A licence that the Board has ended in custody, or whose clock has run its course, ends on the day of release."""
    if person.waived:
        ends(here, person, day, State.TERMINATED, Event.TERMINATED_BY_BOARD, Authority.TERMINATION_POWER)
    elif asking.ends_today(here.numbers, here.people, person.number, day):
        automatic_end(here, person, day)


@compiled
def goes_out(here: Here, person: Any, day: int, event: Event, because: Authority) -> None:
    """They go out on licence, some to approved premises; the first release sets the date that never changes."""
    first = not ever_released(person)
    detail = int(person.state == State.HOSPITAL) if first else since_recall(here, person, day)
    person.releases += 1
    person.released = day
    if first:
        person.first_release = day
    person.step_day = person.rescinds_on = NEVER
    begin_licence(here, person, day)
    records(here, person, day, event, because, detail)
    resume_clock(here, person, day, first, rescinded=False)
    may_end_at_once(here, person, day)


@compiled
def goes_to_board(here: Here, person: Any, day: int, event: Event, because: Authority) -> None:
    """The question of ending the licence is before the Board."""
    person.references += 1
    person.board_day = day + asking.termination_days(here.numbers, here.people, person.number, day)
    records(here, person, day, event, because, person.board_day - day)


@compiled
def is_recalled(here: Here, person: Any, day: int, incident: int) -> None:
    """The licence is revoked: they are returned to prison, at once or when they are found."""
    person.recalls += 1
    person.recalled_on, person.kept_since = day, person.licence_since
    person.move_on_day = NEVER
    rescinded_after = asking.rescission_days(here.numbers, here.people, person.number, day)
    person.rescinds_on = day + rescinded_after if rescinded_after else NEVER
    away = asking.days_at_large(here.numbers, here.people, person.number, day)
    moves(person, day, State.AT_LARGE if away else State.RECALLED)
    event = Event.RECALLED_CHARGED if incident == Incident.NEW_CHARGE else Event.RECALLED_NO_CHARGE
    records(here, person, day, event, Authority.RECALL_POWER, incident)
    if away:
        wait_for(person, Turn.ARREST, day + away)
    else:
        review_is_due(here, person, day, asking.first_recall_review(here.numbers, here.people, person.number, day))


@compiled
def follows_incident(here: Here, person: Any, day: int, incident: int) -> None:
    """The officer decides: warn, step up support, or ask for recall."""
    outcome = asking.incident_decision(here.numbers, here.people, person.number, day, incident)
    if outcome == Outcome.RECALL:
        is_recalled(here, person, day, incident)
    elif outcome == Outcome.STEP_UP:
        person.stepped_up = day
        records(here, person, day, Event.SUPPORT_STEPPED_UP, detail=incident)
    else:
        records(here, person, day, Event.WARNED, detail=incident)


@compiled
def release(here: Here, person: Any, day: int) -> None:
    """The Board's direction takes effect: they leave prison for the first time, or again."""
    if ever_released(person):
        goes_out(here, person, day, Event.RERELEASED_BY_BOARD, Authority.BOARD_MAY_RERELEASE)
    else:
        goes_out(here, person, day, Event.FIRST_RELEASED, Authority.BOARD_MAY_RELEASE)


@compiled
def executive_release(here: Here, person: Any, day: int) -> None:
    """The Secretary of State releases a recalled person without the Board."""
    goes_out(here, person, day, Event.RERELEASED_BY_EXECUTIVE, Authority.EXECUTIVE_RELEASE_POWER)


@compiled
def move_on(here: Here, person: Any, day: int) -> None:
    """They leave approved premises for an address of their own."""
    person.move_on_day = NEVER
    moves(person, day, State.LICENCE)
    records(here, person, day, Event.MOVED_ON)


@compiled
def breach(here: Here, person: Any, day: int) -> None:
    """Something goes wrong: appointments missed, a home lost, relapse, a condition broken."""
    follows_incident(here, person, day, asking.incident_kind(here.numbers, here.people, person.number, day))


@compiled
def charge(here: Here, person: Any, day: int) -> None:
    """They are charged with a new offence."""
    follows_incident(here, person, day, Incident.NEW_CHARGE)


@compiled
def arrest(here: Here, person: Any, day: int) -> None:
    """They are found and returned to custody; their case goes to the Board within 28 days."""
    moves(person, day, State.RECALLED)
    records(here, person, day, Event.RETURNED_TO_CUSTODY, Authority.RECALL_POWER, since_recall(here, person, day))
    review_is_due(here, person, day, asking.first_recall_review(here.numbers, here.people, person.number, day))


@compiled
def rescission(here: Here, person: Any, day: int) -> None:
    """The recall is found to have been a mistake and is rescinded."""
    away = since_recall(here, person, day)
    person.step_day = person.rescinds_on = NEVER
    begin_licence(here, person, day)
    records(here, person, day, Event.RECALL_RESCINDED, Authority.RECALL_POWER, away)
    resume_clock(here, person, day, first=False, rescinded=True)
    may_end_at_once(here, person, day)


@compiled
def out_of_hospital(here: Here, person: Any, day: int) -> None:
    """They leave hospital: for the community on licence, or back to prison."""
    if asking.released_from_hospital(here.numbers, here.people, person.number, day):
        if ever_released(person):
            goes_out(here, person, day, Event.RERELEASED_FROM_HOSPITAL, Authority.BOARD_MAY_RERELEASE)
        else:
            goes_out(here, person, day, Event.FIRST_RELEASED, Authority.BOARD_MAY_RELEASE)
        return
    stay = day - person.since
    moves(person, day, prison_of(here, person, day))
    records(here, person, day, Event.BACK_FROM_HOSPITAL, Authority.HOSPITAL_POWER, stay)
    await_next_review(here, person, day)


@compiled
def suspension(here: Here, person: Any, day: int) -> None:
    """After years without trouble their supervision is suspended; the licence and its risk of recall remain."""
    person.suspended = 1
    records(here, person, day, Event.SUPERVISION_SUSPENDED, Authority.SUSPENSION_AFTER)


@compiled
def reference(here: Here, person: Any, day: int) -> None:
    """The Secretary of State asks the Board whether the licence should end."""
    goes_to_board(here, person, day, Event.REFERRED_FOR_TERMINATION, Authority.REFERENCE_AUTOMATIC)


@compiled
def application(here: Here, person: Any, day: int) -> None:
    """They apply to the Board themselves, as the law before June 2022 required."""
    goes_to_board(here, person, day, Event.REFERRED_FOR_TERMINATION, Authority.REAPPLICATION_YEARS)


@compiled
def request(here: Here, person: Any, day: int) -> None:
    """They may ask once in this spell on licence to be referred again; some do."""
    person.requests += 1
    if asking.makes_request(here.numbers, here.people, person.number, day):
        goes_to_board(here, person, day, Event.TERMINATION_REQUESTED, Authority.REQUEST_AFTER)


@compiled
def board_decides(here: Here, person: Any, day: int) -> None:
    """The Board ends the licence, or keeps it; where the law bars a decision in prison it is asked afresh later."""
    person.board_day = NEVER
    if not asking.may_refer(here.numbers, here.people, person.number, day):
        person.references -= 1
        return
    person.disposed = day
    presumed = asking.presumed(here.numbers, here.people, person.number, day)
    because = Authority.PRESUMPTION_OF_TERMINATION if presumed else Authority.TERMINATION_POWER
    if not asking.board_terminates(here.numbers, here.people, person.number, day):
        records(here, person, day, Event.TERMINATION_REFUSED, because)
    elif on_licence(person):
        ends(here, person, day, State.TERMINATED, Event.TERMINATED_BY_BOARD, because)
    else:
        person.waived = 1
        records(here, person, day, Event.TERMINATION_GRANTED_IN_CUSTODY, because)
