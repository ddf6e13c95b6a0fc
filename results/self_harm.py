"""Self-harm in prison: incidents expected from the days spent there and the rate of the book; no person's event."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from results.counting.presence import present
from results.measures import Days
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


@cache
def _as_enacted() -> tuple[Law, ...]:
    return (current_law(),)


def self_harm(lines: Table, people: NDArray[np.void], first: Days, last: Days, laws: Sequence[Law] = ()) -> Floats:
    """Return incidents expected in windows of days from `first` to `last`, both included, shape (windows,).

    Days in prison × the rate a year of that day, under the law of each person's variant (none: the current law's).
    `lines` are in order of their days.
    """
    laws = laws or _as_enacted()
    variant = people["variant"].astype(np.int32) if len(laws) > 1 else np.zeros(len(people), np.int32)
    rates = np.array([by_day(law.rule(RATE)) for law in laws])
    expected = (present(lines, CUSTODY, variant, len(laws)) * rates).sum(0) / YEAR
    so_far = np.concatenate([[0.0], np.cumsum(expected)])
    return np.asarray(so_far[np.minimum(last, HORIZON) + 1] - so_far[np.maximum(first, 0)])
