"""What a Bill asks beside the first thing: the price or the risk of it, such as offences where recalls are avoided."""

from collections.abc import Iterable

from scenarios.bill import Ask

MOST_ASKED = 4  # things: more would not be an answer but a table, which every run writes anyway


def in_full(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Return the first things that some Bills ask, and then what they ask beside them; each thing once."""
    firsts = tuple(asks)
    told: dict[object, Ask] = {}
    for ask in (*firsts, *(aside for first in firsts for aside in first.also)):
        told.setdefault((ask.measure, ask.group, ask.first, ask.last), ask)
    return tuple(told.values())
