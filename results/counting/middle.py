"""Middle: the middle tariff expiry of those past tariff in one place, by the end of each asked day."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled, inlined

BLOCK = 64  # days that are counted together, so that few are looked at one by one


class Middle(NamedTuple):
    """Marks of who joins and leaves those past tariff in a place. A mark is a day of tariff expiry, and so many people.

    Marks of an asked day are a chain: the last is `last[row]`, and the one before a mark is `before[mark]`; -1 ends it.
    """

    place: int  # of `stays.Places`
    last: NDArray[np.int32]  # by asked day
    before: NDArray[np.int32]  # by mark, as what follows
    expiry: NDArray[np.int32]
    people: NDArray[np.int8]  # 1 for who joins, -1 for who leaves
    marks: NDArray[np.int64]  # (1,) how many marks there are


def middle_of(place: int, days: int, most: int) -> Middle:
    """Return nobody marked so far, for a place, how many days are asked about, and the most stays that there may be."""
    before, expiry = np.empty((2, 2 * most), np.int32)
    last = np.full(days + 1, -1, np.int32)
    return Middle(place, last, before, expiry, np.empty(2 * most, np.int8), np.zeros(1, np.int64))


@inlined
def _mark(middle: Middle, row: int, expiry: int, people: int) -> None:
    mark = middle.marks[0]
    middle.before[mark], middle.expiry[mark], middle.people[mark] = middle.last[row], expiry, people
    middle.last[row] = mark
    middle.marks[0] += 1


@inlined
def mark(middle: Middle, joins: int, leaves: int, expiry: int) -> None:
    """Mark that one whose tariff expires on a day is past it in the place from one asked day to before another."""
    _mark(middle, joins, expiry, 1)
    _mark(middle, leaves, expiry, -1)


def middle_expiry(middle: Middle) -> NDArray[np.float64]:
    """Return the middle tariff expiry of those marked by each asked day, as a day number, shape (asked days,).

    Of an even number it is half-way between the middle two, and of nobody not-a-number.
    """
    expiry = middle.expiry[: middle.marks[0]]
    first = int(expiry.min(initial=0))
    found = np.full(len(middle.last) - 1, np.nan)
    by_day = np.zeros((int(expiry.max(initial=0)) - first) // BLOCK * BLOCK + BLOCK, np.int32)
    _find_middles(middle, first, by_day, np.zeros(len(by_day) // BLOCK, np.int32), found)
    return found


@inlined
def _nth(by_day: Any, by_block: Any, n: int) -> int:
    # the day, from the first, of the n-th person, 0 for the first
    block = 0
    while n >= by_block[block]:
        n -= by_block[block]
        block += 1
    day = block * BLOCK
    while n >= by_day[day]:
        n -= by_day[day]
        day += 1
    return day


@compiled
def _find_middles(middle: Middle, first: int, by_day: Any, by_block: Any, found: Any) -> None:
    everyone = 0
    for row in range(len(found)):
        mark = middle.last[row]
        while mark >= 0:
            day = middle.expiry[mark] - first
            by_day[day] += middle.people[mark]
            by_block[day // BLOCK] += middle.people[mark]
            everyone += middle.people[mark]
            mark = middle.before[mark]
        if everyone > 0:
            lower, upper = _nth(by_day, by_block, (everyone - 1) // 2), _nth(by_day, by_block, everyone // 2)
            found[row] = first + (lower + upper) / 2
