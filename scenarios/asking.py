"""What a Bill asks beside the first thing: the price or the risk of it, such as offences where recalls are avoided."""

from collections.abc import Iterable
from dataclasses import dataclass

from scenarios.bill import Ask

MOST_ASKED = 4  # things: more would not be an answer but a table, which every run writes anyway


@dataclass(frozen=True)
class Aside(Ask):
    """What a Bill asks beside the first thing: answered too, but a search for precision need not find it."""


@dataclass(frozen=True)
class Asks(Ask):
    """The first of several things that a Bill asks about, and the others."""

    also: tuple[Aside, ...] = ()


def in_full(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Return the first things that some Bills ask, and then what they ask beside them; each thing once."""
    firsts = tuple(asks)
    told: dict[object, Ask] = {}
    for ask in (*firsts, *(aside for first in firsts if isinstance(first, Asks) for aside in first.also)):
        told.setdefault((ask.measure, ask.group, ask.first, ask.last), ask)
    return tuple(told.values())
