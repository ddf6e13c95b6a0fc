"""Recall: it is sought, decided, and leads back to prison, at once or when the person is found.

Each function is what follows when its turn comes; `sentence.TURNS` says which.
"""

from typing import TYPE_CHECKING

from sim import asking
from sim.compiling import told
from sim.custody import review_is_due, since_recall, wait_for
from sim.days import NEVER
from sim.journal import Authority, Event, State
from sim.people import Person
from sim.rules import Incident, Turn

if TYPE_CHECKING:
    from sim.world import World


@told
def recall_is_sought(person: Person, world: "World", incident: int) -> None:
    """The officer asks for recall: decided on the day or some days on, with the person on licence until then."""
    days = world.asks(asking.recall_decision_days, person)
    if days == 0:
        is_recalled(person, world, incident)
        return
    if person.step_day == NEVER or incident > person.recall_over:
        person.recall_over = incident  # what is graver counts; the day of the first stands
    if person.step_day == NEVER:
        wait_for(person, Turn.REVOCATION, world.day + days)
    person.not_recalled_on = world.day
    world.records(person, Event.RECALL_SOUGHT, Authority.RECALL_POWER, incident)


@told
def revocation(person: Person, world: "World") -> None:
    """The recall that was sought is decided: the licence is revoked, unless the power is gone."""
    person.step_day = NEVER
    if world.asks(asking.may_recall, person):
        is_recalled(person, world, person.recall_over)


@told
def is_recalled(person: Person, world: "World", incident: int) -> None:
    """The licence is revoked: they are returned to prison, at once or when they are found."""
    person.recalls += 1
    person.recalled_on, person.kept_since = world.day, person.licence_since
    person.move_on_day = NEVER
    person.recalled_charged = int(incident >= Incident.NEW_CHARGE)
    rescinded_after = world.asks(asking.rescission_days, person)
    person.rescinds_on = world.day + rescinded_after if rescinded_after else NEVER
    away = world.asks(asking.days_at_large, person)
    world.moves(person, State.AT_LARGE if away else State.RECALLED)
    event = Event.RECALLED_CHARGED if incident >= Incident.NEW_CHARGE else Event.RECALLED_NO_CHARGE
    world.records(person, event, Authority.RECALL_POWER, incident)
    if away:
        wait_for(person, Turn.ARREST, world.day + away)
    else:
        is_back(person, world)


@told
def is_back(person: Person, world: "World") -> None:
    """They are in prison again; the first review after the recall is due some months on."""
    person.returned = world.day
    review_is_due(person, world, world.asks(asking.first_recall_review, person))


@told
def arrest(person: Person, world: "World") -> None:
    """They are found and returned to custody; their case goes to the Board within 28 days."""
    world.moves(person, State.RECALLED)
    world.records(person, Event.RETURNED_TO_CUSTODY, Authority.RECALL_POWER, since_recall(person, world))
    is_back(person, world)
