"""Layout: laws as the engines read them, every number of every day, with the workforce that they bring about."""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.days import HORIZON
from sim.law import Law, Numbers
from sim.services import by_month, month_starts
from sim.workforce import lay_out


class Staff(IntEnum):
    """What the engines read of the workforce, by law, region and month."""

    WORKLOAD = 0
    CHANGES = 1  # of officer, a year
    PRESSED = 2  # what the workload does to incidents by itself
    RUSHED = 3  # and by way of contact


POWERS = ("workload_incidents", "contact_thinning", "contact_effect")


def laid_out(laws: Sequence[Law]) -> Numbers:
    """Return the numbers of several laws over the same rules, one variant each, as the engines read them.

    `regime_of` has shape (laws, HORIZON + 1); `book` holds one record for each stretch of days without change,
    `statute_until` the last day on which every rule of kind law still reads as it does in that stretch, and the
    workforce stands beside it.
    """
    regime_of = np.zeros((len(laws), HORIZON + 1), np.int16)
    until: list[int] = []
    for variant, law in enumerate(laws):
        for day in law.change_days:
            regime_of[variant, day:] = len(until)
            until.append(min((later for later in law.statute_days if later > day), default=HORIZON + 1) - 1)
    # numpy gives what it joins a dtype of its own, and numba is slow to meet a new one
    book, ends = np.concatenate([law.records for law in laws]).view(laws[0].dtype), np.array(until, np.int32)
    return Numbers(regime_of, book, ends, months_of_days(), _staff(laws))


@cache
def months_of_days() -> NDArray[np.int16]:
    """Return the month, counted from April 2005, of each day to the horizon, shape (HORIZON + 1,)."""
    return (np.searchsorted(month_starts(), np.arange(HORIZON + 1), "right") - 1).astype(np.int16)


def _staff(laws: Sequence[Law]) -> NDArray[np.float64]:
    workforce = lay_out(laws)
    pressed, thinned, told = (_powers(laws, name) for name in POWERS)
    found = {
        Staff.WORKLOAD: workforce.workload,
        Staff.CHANGES: workforce.changes,
        Staff.PRESSED: workforce.workload**pressed,
        Staff.RUSHED: workforce.workload ** (thinned * told),
    }
    return np.stack([found[staff] for staff in Staff], axis=-1)


def _powers(laws: Sequence[Law], name: str) -> NDArray[np.float64]:
    return np.array([by_month(law.rule(name)) for law in laws])[:, None, :]
