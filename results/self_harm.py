"""Self-harm in prison: incidents expected from the days spent there and the rate of the book. It is no person's event."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from results.measures import Days, is_one_of
from scenarios import current_law
from sim.days import HORIZON, YEAR
from sim.journal import CUSTODY, Table
from sim.law import Law, Rule

RATE = "self_harm_rate"
Floats = NDArray[np.float64]


def by_day(rule: Rule) -> Floats:
    """Return a rule's value on each day from 0 to the horizon, 0 where there is none, shape (HORIZON + 1,)."""
    values = np.zeros(HORIZON + 1)
    for dated in rule.values:
        values[max(dated.day, 0) :] = dated.value[0]
    return np.nan_to_num(values)


def in_prison(table: Table, variant: NDArray[np.int32], variants: int) -> Floats:
    """Return how many are in prison at the end of each day, by variant of the law, shape (variants, HORIZON + 1)."""
    small = len(variant) <= np.iinfo(np.uint16).max  # numbers of 16 bits are put in order many times as fast
    order = np.argsort(table.person.astype(np.uint16) if small else table.person, kind="stable")
    person, inside = table.person[order], is_one_of(table.state[order], CUSTODY).astype(np.int8)
    change = np.diff(inside, prepend=np.int8(0))
    begins = np.diff(person, prepend=-1) != 0
    change[begins] = inside[begins]
    moved = np.nonzero(change)[0]
    day, of = table.day[order][moved], variant[person[moved]]
    place = of.astype(np.int64) * (HORIZON + 1) + day
    counts = np.bincount(place, change[moved], variants * (HORIZON + 1)).reshape(variants, -1)
    return np.asarray(np.cumsum(counts, axis=1))


@cache
def _as_enacted() -> tuple[Law, ...]:
    return (current_law(),)


def self_harm(table: Table, people: NDArray[np.void], first: Days, last: Days, laws: Sequence[Law] = ()) -> Floats:
    """Return incidents expected in windows of days from `first` to `last`, both included, shape (windows,).

    Days in prison × the rate a year of that day, under the law of each person's variant (none: the current law's).
    """
    laws = laws or _as_enacted()
    variant = people["variant"] if len(laws) > 1 else np.zeros(len(people), np.int32)
    rates = np.array([by_day(law.rule(RATE)) for law in laws])
    expected = (in_prison(table, variant, len(laws)) * rates).sum(0) / YEAR
    so_far = np.concatenate([[0.0], np.cumsum(expected)])
    return np.asarray(so_far[np.minimum(last, HORIZON) + 1] - so_far[first])
