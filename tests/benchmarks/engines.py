"""The four programs that are timed: the two engines of the model, and the two that a user would otherwise write."""

import gc
from collections.abc import Callable
from datetime import date
from typing import Any

from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Table
from sim.law import Law
from sim.world import World
from tests.benchmarks.anyof import Nation
from tests.benchmarks.steps import Months
from tests.benchmarks.steps_arrays import Counted

FIRST, LAST_DATE = date(2005, 4, 4), date(2034, 12, 31)
LAST = day_of(LAST_DATE)
FEW = 400  # people enough to meet nearly every rule, so that all are compiled before anything is timed
COMPILED, SIMPY, ANYOF, STEPS = "compiled", "simpy", "anyof", "steps"
UNCOLLECTED = "anyof, no collector"


def by_compiled(law: Law, **how: Any) -> Table:
    """Live a world with the compiled engine to the end of 2034."""
    return CompiledWorld([law], last=LAST, **how).live()


def by_simpy(law: Law, **how: Any) -> Table:
    """Live the same world with SimPy, the reference."""
    return World([law], last=LAST, **how).live().as_table()


def by_anyof(law: Law, **how: Any) -> Table:
    """Live a nation by races of timeouts."""
    return Nation(law, last=LAST, **how).live()


def by_anyof_uncollected(law: Law, **how: Any) -> Table:
    """Live the same nation by races with Python's garbage collector off, as our own SimPy engine has it."""
    was = gc.isenabled()
    gc.disable()
    try:
        return by_anyof(law, **how)
    finally:
        if was:
            gc.enable()


def by_steps(law: Law, **how: Any) -> Counted:
    """Live a nation by monthly steps."""
    return Months(law, last=LAST, **how).live()


ENGINES: dict[str, Callable[..., Any]] = {
    COMPILED: by_compiled, SIMPY: by_simpy, ANYOF: by_anyof, UNCOLLECTED: by_anyof_uncollected, STEPS: by_steps
}  # fmt: skip


def events_of(lived: Any) -> int:
    """Return how many events were lived."""
    return int(lived.flows.sum()) if isinstance(lived, Counted) else len(lived.day)
