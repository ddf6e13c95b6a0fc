"""What a Bill asks beside the first thing: the price or the risk of it, such as offences where recalls are avoided."""

from collections.abc import Iterable
from datetime import date

from scenarios.bill import Ask

MOST_ASKED = 4  # things: more would not be an answer but a table, which every run writes anyway


def in_full(asks: Iterable[Ask], last: date = date.max) -> tuple[Ask, ...]:
    """Return the first things that some Bills ask, and then what they ask beside them; each thing once.

    What is asked beside the first, of a time that begins after the month of the last day lived, is left out.
    """
    firsts = tuple(asks)
    told: dict[object, Ask] = {}
    for ask in (*firsts, *(aside for first in firsts for aside in first.also if not _is_beyond(aside, last))):
        told.setdefault((ask.measure, ask.group, ask.first, ask.last), ask)
    return tuple(told.values())


def _is_beyond(ask: Ask, last: date) -> bool:
    return ask.first is not None and (ask.first.year, ask.first.month) > (last.year, last.month)
