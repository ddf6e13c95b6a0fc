"""Further offences: on licence, where an officer decides what follows, and after the sentence has ended.

Each function is what follows when its turn comes; `sentence.TURNS` says which.
"""

from typing import TYPE_CHECKING

from sim import asking
from sim.community import follows_incident
from sim.compiling import told
from sim.journal import Event, State
from sim.people import Person
from sim.recall import is_recalled
from sim.rules import Incident

if TYPE_CHECKING:
    from sim.world import World


@told
def charge(person: Person, world: "World") -> None:
    """They are charged with a new offence; once the sentence has ended nothing follows under it."""
    if person.state == State.TERMINATED:
        world.records(person, Event.REOFFENDED_AFTER_END)
    else:
        world.records(person, Event.CHARGED)
        follows_incident(person, world, Incident.NEW_CHARGE.value)


@told
def serious_offence(person: Person, world: "World") -> None:
    """They commit a serious further offence, and are recalled; once the sentence has ended, they serve another."""
    if person.state == State.TERMINATED:
        person.followed_to = world.day
        world.records(person, Event.SERIOUS_OFFENCE_AFTER_END)
        return
    world.records(person, Event.SERIOUS_FURTHER_OFFENCE)
    if world.asks(asking.may_recall, person):
        is_recalled(person, world, Incident.SERIOUS_OFFENCE.value)
