"""Layout: laws as the engines read them, every number of every day, with the workforce that they bring about."""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.days import HORIZON
from sim.law import PEAK, Law, Numbers
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

    `regime_of` has shape (laws, PEAK + 1); `book` holds one record for each stretch of days without change and one for
    PEAK, `statute_until` the last day on which every rule of kind law still reads as it does in that stretch, and the
    workforce stands beside it.
    """
    regime_of = np.zeros((len(laws), PEAK + 1), np.int16)
    until: list[int] = []
    for variant, law in enumerate(laws):
        for day in (*law.change_days, PEAK):
            regime_of[variant, day:] = len(until)
            until.append(min((later for later in law.statute_days if later > day), default=HORIZON + 1) - 1)
    # numpy gives what it joins a dtype of its own, and numba is slow to meet a new one
    records = [each for law in laws for each in (law.records, _highest(law.records))]
    book, ends = np.concatenate(records).view(laws[0].dtype), np.array(until, np.int32)
    return Numbers(regime_of, book, ends, np.append(months_of_days(), np.int16(len(month_starts()))), _staff(laws))


def _highest(records: NDArray[np.void]) -> NDArray[np.void]:
    """Return one record with the highest that each number of some records is, shape (1,); not-a-number if it never is.

    What has no number on some day is passed over.
    """
    found = np.empty(1, records.dtype)
    for name in records.dtype.names or ():
        found[name] = np.fmax.reduce(records[name], axis=0)
    return found


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
    by_month = np.stack([found[staff] for staff in Staff], axis=-1)
    return np.concatenate([by_month, np.fmax.reduce(by_month, axis=2, keepdims=True)], axis=2)


def _powers(laws: Sequence[Law], name: str) -> NDArray[np.float64]:
    return np.array([by_month(law.rule(name)) for law in laws])[:, None, :]
