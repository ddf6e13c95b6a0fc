"""Presence: how many people are in some states at the end of each day, by the law that applies to them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import HORIZON
from sim.journal import State, Table


def present(lines: Table, states: Sequence[State], variant: NDArray[np.int32], variants: int) -> NDArray[np.int64]:
    """Return how many are in some states at the end of each day, shape (variants, HORIZON + 1).

    `lines` are in order of their days; `variant` is each person's law, counted from 0.
    """
    inside, was = np.zeros(len(State), np.int8), np.zeros(len(variant), np.int8)
    inside[list(states)] = 1
    changes = np.zeros((variants, HORIZON + 1), np.int64)
    _count_changes(lines, inside, was, variant, changes)
    return np.cumsum(changes, axis=1)


@compiled
def _count_changes(lines: Table, inside: Any, was: Any, variant: Any, changes: Any) -> None:
    # by person: 1 if they were inside, to begin with 0. A difference is quicker than a branch that is hard to guess
    for line in range(len(lines.day)):
        who, now = lines.person[line], inside[lines.state[line]]
        changes[variant[who], lines.day[line]] += now - was[who]
        was[who] = now
