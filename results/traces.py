"""Traces: one life told under a scenario beside the same life under the current law.

Everyone is lived, since people share the Board's listings, and by the compiled engine: SimPy writes the same lines.
"""

from datetime import date
from typing import Any, cast

from results.progress import on_the_screen
from results.runs import BASELINE
from scenarios import find
from scenarios.reading import BadInput
from sim.compiled import CompiledWorld
from sim.days import day_of, said
from sim.ensemble import telling_of_compiling
from sim.journal import Journal, Table
from sim.law import Law
from sim.people import Person
from sim.telling import Line, introduced, parting, told


def traced(scenario: str, law: Law, person: int, life: int, seed: int, last: date) -> list[str]:
    """Return the lines of a life under a scenario and, where it parts from it, under the current law.

    BadInput if there is no such person.
    """
    with telling_of_compiling(on_the_screen):
        mine, who, key = _lived(scenario, law, person, life, seed, last)
        theirs, _, _ = _lived(BASELINE, law, person, life, seed, last)
    place = parting(mine, theirs)
    if place is None:
        ending = [] if key == BASELINE else [f"The same life, day for day, under {key} and under the current law."]
        return [who, "", *(line.said for line in mine), "", *ending]
    day = min(lines[place].day for lines in (mine, theirs) if place < len(lines))
    return [
        who,
        "",
        *(line.said for line in mine[:place]),
        f"--- Here the two lives part: {said(day)} ---",
        f"Under {key}:",
        *_rest(mine[place:]),
        "Under the current law:",
        *_rest(theirs[place:]),
    ]


def _rest(lines: list[Line]) -> list[str]:
    return [f"  {line.said}" for line in lines] or ["  Nothing more happens by the end of the run."]


def _lived(name: str, law: Law, person: int, life: int, seed: int, last: date) -> tuple[list[Line], str, str]:
    scenario = find(name)
    groups, laws = scenario.laws(law)
    world = CompiledWorld(laws, groups, seed=seed, life=life, last=day_of(last))
    if person >= len(world.people):
        raise BadInput(f"--person must be from 0 to {len(world.people) - 1}, not {person}.")
    who = Person.from_buffer(cast(Any, world.people), person * world.people.itemsize)
    return told(_of(person, world.live()), laws[who.variant], person), introduced(who), scenario.key


def _of(person: int, table: Table) -> Journal:
    """Return the lines of one person."""
    mine, journal = table.person == person, Journal()
    for line in zip(*(column[mine].tolist() for column in table), strict=True):
        journal.write(*line)
    return journal
