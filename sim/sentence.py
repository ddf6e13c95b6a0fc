"""The story: one person's sentence, from the day it is passed to the day it ends.

What may come next, and when, is a rule's to say (`coming.next_turn`); what is decided is a decision's
(`decisions`). What follows from each turn is told in `custody`, `recall`, `community`, `determinate` and
`offending`. The story has no luck and no law of its own.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim import community as outside
from sim import custody as inside
from sim import determinate, offending, recall
from sim.journal import State
from sim.people import Person
from sim.rules import Turn

if TYPE_CHECKING:
    from sim.world import World

Story = Generator[Any, Any, None]


def serve(person: Person, world: "World") -> Story:
    """Tell one person's sentence, from the day it is passed to the day it ends, and some years after that."""
    yield from tariff(person, world)
    while person.serving:
        yield from custody(person, world)
        if person.serving:
            yield from licence(person, world)
    yield from free(person, world)


def tariff(person: Person, world: "World") -> Story:
    """They are sentenced, and serve the tariff; the first review is due when it ends."""
    yield world.sentenced(person)
    inside.is_sentenced(person, world)
    while person.state == State.PRE_TARIFF:
        yield from next_of(person, world)


def custody(person: Person, world: "World") -> Story:
    """They are in prison, in hospital or at large, until release, the end of the sentence, or death.

    A later sentence may put them back within a tariff.
    """
    while person.serving and not person.on_licence:
        yield from next_of(person, world)


def licence(person: Person, world: "World") -> Story:
    """They are in the community on licence, until recall, the Board, the law, or death ends that."""
    while person.on_licence:
        yield from next_of(person, world)


def free(person: Person, world: "World") -> Story:
    """The licence has ended, and with it the sentence: they may offend again or die, and are followed for that."""
    while person.state == State.TERMINATED:
        yield from next_of(person, world)


def next_of(person: Person, world: "World") -> Story:
    """The next turn of their life comes, and what follows from it."""
    turn = yield world.next(person)
    TURNS[turn](person, world)


TURNS = {
    Turn.DEATH: inside.death,
    Turn.AUTOMATIC_END: outside.automatic_end,
    Turn.BOARD_DECIDES: outside.board_decides,
    Turn.REFERENCE: outside.reference,
    Turn.REQUEST: outside.request,
    Turn.TARIFF_EXPIRY: inside.tariff_expires,
    Turn.RELEASE: outside.release,
    Turn.REMOVAL: inside.removal,
    Turn.HEARING: inside.hearing,
    Turn.PAPERS: inside.papers,
    Turn.OPEN_DECISION: inside.open_decision,
    Turn.EXECUTIVE_RELEASE: outside.executive_release,
    Turn.TO_HOSPITAL: inside.to_hospital,
    Turn.OUT_OF_HOSPITAL: outside.out_of_hospital,
    Turn.BACK_TO_CLOSED: inside.back_to_closed,
    Turn.ARREST: recall.arrest,
    Turn.RESCISSION: outside.rescission,
    Turn.MOVE_ON: outside.move_on,
    Turn.SUSPENSION: outside.suspension,
    Turn.APPLICATION: outside.application,
    Turn.CHARGE: offending.charge,
    Turn.BREACH: outside.breach,
    Turn.OFFICER_CHANGES: outside.officer_changes,
    Turn.CONTACT: outside.contact,
    Turn.RELEASE_DATE: determinate.release_on_date,
    Turn.RESENTENCING: determinate.resentencing,
    Turn.SENTENCE_END: determinate.sentence_end,
    Turn.REVOCATION: recall.revocation,
    Turn.SERIOUS_OFFENCE: offending.serious_offence,
    Turn.SENTENCED_AGAIN: inside.is_sentenced_again,
}
