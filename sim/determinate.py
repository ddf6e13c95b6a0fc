"""Dates in the place of decisions: release on a fixed day, and the sentence that a court makes determinate.

Each function is what follows when its turn comes; `sentence.TURNS` says which.
"""

from typing import TYPE_CHECKING

from sim import release_dates
from sim.community import goes_out
from sim.compiling import told
from sim.custody import sentence_is_served
from sim.days import NEVER
from sim.journal import Authority, Event
from sim.people import Person, ever_released, on_licence
from sim.release_dates import in_prison
from sim.rules import Turn
from sim.termination import is_determinate

if TYPE_CHECKING:
    from sim.world import World


@told
def release_on_date(person: Person, world: "World") -> None:
    """The day comes that a review or a court fixed: they leave prison, and the Board is not asked."""
    if not world.asks(release_dates.date_stands, person):
        person.release_by = NEVER
    elif is_determinate(person):
        person.sentence_end = world.asks(release_dates.licence_until, person, world.day)
        leaves_prison(person, world, Authority.RESENTENCING)
    else:
        leaves_prison(person, world, Authority.FIXED_RELEASE_WITHIN)


@told
def leaves_prison(person: Person, world: "World", because: Authority) -> None:
    """They leave prison on a date and not by a decision, for the first time or again."""
    goes_out(person, world, Event.RERELEASED_ON_DATE if ever_released(person) else Event.FIRST_RELEASED, because)


@told
def resentencing(person: Person, world: "World") -> None:
    """A court puts a determinate sentence in the place of this one, as if passed on the day of the first."""
    if not world.asks(release_dates.resentences, person):
        return
    person.sentence_end = world.asks(release_dates.whole_served, person)
    person.board_day = NEVER
    world.records(person, Event.RESENTENCED, Authority.RESENTENCING, max(0, person.sentence_end - world.day))
    if on_licence(person):
        goes_on_under_it(person, world)
    else:
        serves_the_prison_part(person, world)


@told
def goes_on_under_it(person: Person, world: "World") -> None:
    """Those on licence are free if the new sentence has been served; otherwise the licence lasts to its end."""
    if person.sentence_end <= world.day:
        sentence_is_served(person, world)
    else:
        person.sentence_end = world.asks(release_dates.licence_until, person, person.released)


@told
def serves_the_prison_part(person: Person, world: "World") -> None:
    """The others wait, without reviews, for the end of the prison part; whoever has served it leaves today.

    Those in hospital stay there until they are well, and those at large until they are found, unless the
    whole sentence is over before. A release that the Board has directed already still takes effect.
    """
    person.release_by = min(person.release_by, world.asks(release_dates.prison_part_served, person))
    if person.step != Turn.RELEASE and person.step != Turn.ARREST:
        person.step_day = NEVER
    if not in_prison(person):
        if person.sentence_end <= world.day:
            sentence_is_served(person, world)
    elif person.release_by <= world.day:
        release_on_date(person, world)


@told
def sentence_end(person: Person, world: "World") -> None:
    """The determinate sentence has been served; whoever is back in prison under it is let out."""
    if in_prison(person):
        leaves_prison(person, world, Authority.RESENTENCING)
    else:
        sentence_is_served(person, world)
