"""Bias: what another program makes of the same people beside the exact engine, with the chance error of the difference.

Both live the same people; the luck of events differs, so a difference in one life is mostly chance. Over many lives
its mean has a standard error, and a difference beyond what 99 in 100 such means would show is called a bias. So of the
eighteen lines of a table without any bias, one in six tables has a line that says so. A program
that takes a minute lives a fifth of the nation with a fifth of the listings, more often.
"""

from collections.abc import Callable, Sequence
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table as Printed
from scipy.stats import t

from results.measures import NEVER_RELEASED, RECALLED
from scenarios import current_law
from sim.days import day_of
from sim.journal import ON_LICENCE, Event, State, Table
from tests.benchmarks.engines import ANYOF, COMPILED, ENGINES
from tests.benchmarks.steps_arrays import Counted

# How much of the nation each life of a slow program has, that there may be many; the figures are for the whole of it.
SCALES = {ANYOF: 0.2}
YEARS = (2024, 2030)
CONFIDENCE = 0.99
STANDING: dict[str, tuple[State, ...]] = {
    "in prison, never released": NEVER_RELEASED,
    "in prison, recalled": RECALLED,
    "on licence": ON_LICENCE,
    "licence ended, so far": (State.TERMINATED,),
}
HAPPENED: dict[str, tuple[Event, ...]] = {
    "first releases, so far": (Event.FIRST_RELEASED,),
    "recalls, so far": (Event.RECALLED_NO_CHARGE, Event.RECALLED_CHARGED),
    "re-releases, so far": (
        Event.RERELEASED_BY_BOARD, Event.RERELEASED_BY_EXECUTIVE, Event.RERELEASED_FROM_HOSPITAL
    ),
    "licences ended by the Board, so far": (Event.TERMINATED_BY_BOARD,),
    "licences ended by the law, so far": (Event.TERMINATED_AUTOMATICALLY,),
}  # fmt: skip
MEASURED = [(what, year) for year in YEARS for what in (*STANDING, *HAPPENED)]
Outcomes = NDArray[np.float64]  # one for each of MEASURED


class Difference(NamedTuple):
    """One measure by two programs: means over lives, and the half-width of a 99% interval of their difference."""

    what: str
    year: int
    exact: float
    other: float
    error: float  # not-a-number for one life, which tells nothing of chance

    @property
    def relative(self) -> float:
        """The difference in per cent of the exact engine's mean; not-a-number where that is nothing."""
        return 100 * (self.other - self.exact) / self.exact if self.exact else float("nan")

    @property
    def verdict(self) -> str:
        """Whether the difference is more than chance."""
        if np.isnan(self.error):
            return "one life: cannot be told"
        return "bias" if abs(self.other - self.exact) > self.error else "within chance"

    def as_json(self) -> dict[str, Any]:
        """Return the difference as JSON takes it, where a chance error that cannot be told is missing."""
        error = None if np.isnan(self.error) else self.error
        return self._asdict() | {"error": error, "verdict": self.verdict}


def outcomes(lived: Any) -> Outcomes:
    """Return the national outcomes at the end of each of YEARS, from a journal or from monthly counts."""
    found = []
    for year in YEARS:
        states, events = (_of_counts if isinstance(lived, Counted) else _of_journal)(lived, day_of(date(year, 12, 31)))
        found += [states[list(some)].sum() for some in STANDING.values()]
        found += [events[list(some)].sum() for some in HAPPENED.values()]
    return np.array(found, float)


def _of_journal(table: Table, day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    by_then = table.day <= day
    people, states = table.person[by_then], np.zeros(1 + table.person.max(initial=0), np.int8)
    states[people] = table.state[by_then]  # of several lines the last stands
    counts = np.bincount(states, minlength=len(State))
    return counts, np.bincount(table.event[by_then], minlength=len(Event))


def _of_counts(counted: Counted, day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    month = int(np.searchsorted(counted.ends, day))
    return counted.stocks[month], counted.flows[: month + 1].sum(axis=0)


def differences(exact: Sequence[Outcomes], other: Sequence[Outcomes]) -> list[Difference]:
    """Return the differences of two programs over the same lives, in pairs; shape of each (measures,)."""
    mine, theirs = np.array(exact), np.array(other)
    lives, apart = len(mine), theirs - mine
    error = np.full(len(MEASURED), np.nan)
    if lives > 1:
        error = t.ppf((1 + CONFIDENCE) / 2, lives - 1) * apart.std(axis=0, ddof=1) / np.sqrt(lives)
    columns = zip(MEASURED, mine.mean(axis=0), theirs.mean(axis=0), error, strict=True)
    return [Difference(what, year, float(a), float(b), float(e)) for (what, year), a, b, e in columns]


def bias_of(name: str, lives: int, told: Callable[[str], None]) -> list[Difference]:
    """Return what a program makes of so many lives, beside the compiled engine."""
    law, scale = current_law(), SCALES.get(name, 1.0)
    found: dict[str, list[Outcomes]] = {COMPILED: [], name: []}
    for life in range(lives):
        told(f"outcomes of {name}, life {life + 1} of {lives}")
        for each, mine in found.items():
            mine.append(outcomes(ENGINES[each](law, life=life, scale=scale)) / scale)
    return differences(found[COMPILED], found[name])


def as_text(title: str, found: Sequence[Difference]) -> str:
    """Return differences as a plain table under a title."""
    heads = ("at the end of", "measure", "exact", "this program", "difference", "chance (99%)", "")
    table = Printed(*heads, box=box.SIMPLE)
    for each in found:
        apart = f"{each.other - each.exact:+,.0f} ({each.relative:+.1f}%)"
        chance = "" if np.isnan(each.error) else f"± {each.error:,.0f}"
        means = (f"{mean:,.0f}" for mean in (each.exact, each.other))
        table.add_row(str(each.year), each.what, *means, apart, chance, each.verdict)
    text = StringIO()
    Console(file=text, width=140, highlight=False, markup=False).print(table)
    return title + "\n" + "\n".join(row.rstrip() for row in text.getvalue().splitlines() if row.strip())
