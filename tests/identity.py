"""Two engines, one journal: where they first part, in words."""

from typing import Any

import numpy as np

from sim.days import said
from sim.journal import Event, State, Table


def line_of(table: Table, place: int) -> str:
    """One line of a journal as a sentence; 'nothing more' past its end."""
    if place >= len(table.day):
        return "nothing more"
    event, state = Event(int(table.event[place])).name, State(int(table.state[place])).name
    return f"person {table.person[place]} on {said(table.day[place])}: {event} -> {state}, detail {table.detail[place]}"


def first_difference(one: Table, other: Table) -> str:
    """Who, when and what, at the first line in which two journals differ; '' if they are the same bytes."""
    shared = min(len(one.day), len(other.day))
    differs = np.zeros(shared, bool)
    columns: zip[tuple[Any, Any]] = zip(one, other, strict=True)
    for mine, theirs in columns:
        differs |= mine[:shared] != theirs[:shared]
    if not differs.any() and len(one.day) == len(other.day):
        return ""
    place = int(np.argmax(differs)) if differs.any() else shared
    return f"line {place}: SimPy has {line_of(one, place)}; compiled has {line_of(other, place)}"
