"""Tally: counters, what they count and of whom. What each counts is said in `stocks` and `flows`.

A stay is the time that a person spends in one state; a happening is a line of the journal. Either has a code, and
what a counter counts is laid out here as numbers, so that compiled code finds the counters of a code at once.
"""

from collections.abc import Sequence
from enum import IntEnum
from math import ceil, inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import NEVER, YEAR
from sim.journal import Table


class Clock(IntEnum):
    """A day of each person's own, from which years are counted."""

    CALENDAR = 0  # day 0, for what has no such day
    TARIFF_EXPIRY = 1
    FIVE_TARIFFS = 2  # the first day past tariff on which over five times the tariff has been served
    FIRST_RELEASE = 3


class Counter(NamedTuple):
    """What is counted: stays or happenings of some codes, of people with a trait, in some years from a clock.

    A happening counts, and each day of a stay, from `years` after the clock to the day before `below` years.
    """

    codes: NDArray[np.bool_]  # which of all codes are counted
    trait: str = "everyone"
    clock: Clock = Clock.CALENDAR
    years: float = -inf
    below: float = inf
    adds_detail: bool = False  # the details of happenings are added up; otherwise they are counted


class Counters(NamedTuple):
    """All counters as numbers. Those of one cell, trait and clock are a group, in order of the years they begin at.

    A cell is what is counted alike: `stays` and `happenings` say how codes make cells. The groups of a cell are those
    from `groups[cell]` to before `groups[cell + 1]`, and the members of a group those from `members[group]` to before
    `members[group + 1]`; one counter may be a member for many cells.
    """

    groups: NDArray[np.int32]
    trait: NDArray[np.int32]  # by group: the column of a Tally's `traits`
    clock: NDArray[np.int32]
    limited: NDArray[np.int32]  # 1 if a member counts some years only, else 0
    members: NDArray[np.int32]
    counter: NDArray[np.int32]  # by member: the column of a Tally's `changes`
    at_least: NDArray[np.int32]  # days from the clock
    below: NDArray[np.int32]
    adds_detail: NDArray[np.int32]  # 1 or 0


class Tally(NamedTuple):
    """Counters with what they count, and of whom. Days are asked about in ascending order."""

    counters: Counters
    changes: NDArray[np.int64]  # (asked days + 1, counters): the change since the asked day before
    row_of: NDArray[np.int32]  # by day, up to NEVER: the first asked day on or after it
    traits: NDArray[np.int32]  # (people, traits): 1 for who has it and 0 for others, or an amount
    clocks: NDArray[np.int32]  # (people, Clock), in day numbers; as the first expiry has it until a walk comes further
    expiries: NDArray[np.int32]  # columns of `traits` that hold the day of expiry, of those who have some trait

    def counted(self) -> NDArray[np.int64]:
        """Return what has been counted by the end of each asked day, shape (counters, asked days)."""
        return np.ascontiguousarray(np.cumsum(self.changes[:-1], axis=0).T)


def days_in(years: float) -> int:
    """Return the fewest whole days that make so many years; beyond NEVER, either way, NEVER."""
    return ceil(min(max(years * YEAR, -NEVER), NEVER))


def laid_out(counters: Sequence[Counter], cells: NDArray[np.bool_], traits: Sequence[str]) -> Counters:
    """Return counters as numbers; `cells` says in which cells each counts, shape (counters, cells).

    `traits` names the columns that the traits of a tally will have.
    """
    cell, counter = np.nonzero(cells.T)
    trait, clock, at_least, below, adds = np.array([
        (traits.index(each.trait), each.clock, days_in(each.years), days_in(each.below), each.adds_detail)
        for each in counters
    ])[counter].T  # fmt: skip
    order = np.lexsort((at_least, clock, trait, cell))
    first = np.nonzero(np.any(np.diff(np.array([cell, trait, clock])[:, order], prepend=-1), axis=0))[0]
    groups = np.searchsorted(cell[order][first], np.arange(cells.shape[1] + 1))
    some_years = (at_least[order] > -NEVER) | (below[order] < NEVER)
    limited = np.logical_or.reduceat(some_years, first)
    by_group = (trait[order][first], clock[order][first], limited, np.append(first, len(order)))
    by_member = (column[order] for column in (counter, at_least, below, adds))
    return Counters(*(np.array(column, np.int32) for column in (groups, *by_group, *by_member)))


def _rows_of(days: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return by day, from 0 to NEVER, the place of the first of some ascending days on or after it."""
    ends = np.clip(days + 1, 0, NEVER + 1)
    return np.repeat(np.arange(len(days) + 1, dtype=np.int32), np.diff(ends, prepend=0, append=NEVER + 1))


def first_expiry(people: NDArray[np.void]) -> NDArray[np.int32]:
    """Return the end of each person's first tariff, as a day number; people's records hold that of the last."""
    return np.asarray(np.minimum(NEVER - 1, people["sentenced"] + people["tariff_days"]), np.int32)


@compiled
def tariff_begins_again(tally: Tally, who: int, day: int, tariff: int) -> None:
    """Count a person's years past tariff, from now on, by a tariff (in days) that a later sentence began on a day."""
    expiry = min(NEVER - 1, day + tariff)
    tally.clocks[who, Clock.TARIFF_EXPIRY] = expiry
    tally.clocks[who, Clock.FIVE_TARIFFS] = max(expiry, day + 5 * tariff + 1)
    for column in tally.expiries:
        if tally.traits[who, column] > 0:
            tally.traits[who, column] = expiry


def blank(
    counters: Counters,
    days: NDArray[np.int64],
    traits: NDArray[np.int32],
    people: NDArray[np.void],
    expiries: Sequence[int] = (),
) -> Tally:
    """Return a tally of nothing so far, for asked days in ascending order; `people` is indexed by person number.

    `expiries` are the columns of `traits` that hold the day of tariff expiry. A walk writes in `traits` and clocks.
    """
    expiry = first_expiry(people)
    five = np.maximum(expiry, people["sentenced"] + 5 * people["tariff_days"] + 1)
    clocks = np.stack([np.zeros_like(expiry), expiry, five, np.full_like(expiry, NEVER)], axis=1, dtype=np.int32)
    changes = np.zeros((len(days) + 1, counters.counter.max() + 1), np.int64)
    return Tally(counters, changes, _rows_of(days), traits, clocks, np.array(expiries, np.int32))


def lines_of(table: Table) -> Table:
    """Return a journal with its days ascending, lines of one day in their order, and each column in its own width."""
    widths = (np.int16, np.int32, np.int8, np.int8, np.int16, np.int16)
    columns = [np.require(column, width, ["C", "W"]) for column, width in zip(table, widths, strict=True)]
    if np.any(columns[0][1:] < columns[0][:-1]):
        order = np.argsort(columns[0], kind="stable")
        columns = [column[order] for column in columns]
    return Table(*columns)
