"""The programs against one another: every ratio is taken within a round, and the median of the rounds is the claim."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from results.outcomes import monthly
from scenarios import current_law
from sim.compiled import CompiledWorld
from tests.benchmarks import floor
from tests.benchmarks.claims import Claim, of_repeats
from tests.benchmarks.engines import ANYOF, COMPILED, ENGINES, FEW, LAST, SIMPY, STEPS, UNCOLLECTED, events_of
from tests.benchmarks.machine import alternating, processor_seconds

LIMIT = "C loop"
COUNTED = 600  # people of the cohort whose work is counted in plain Python
MICRO = 1_000_000


class Round(NamedTuple):
    """What one program took for one national life: processor seconds, and the events that it lived."""

    seconds: float
    events: int


class Rounds(NamedTuple):
    """Every program's rounds, by name, and the work that the C loop does (None if there is no C compiler)."""

    of: dict[str, list[Round]]
    work: floor.Work | None

    def ratios(self, above: str, below: str) -> list[float]:
        """Return how many times the seconds of one program those of another are, round by round."""
        pairs = zip(self.of[above], self.of[below], strict=True)
        return [one.seconds / other.seconds for one, other in pairs]

    def seconds(self, name: str) -> list[float]:
        """Return a program's seconds, round by round."""
        return [each.seconds for each in self.of[name]]


def rounds_of(rounds: int, told: Callable[[str], None]) -> Rounds:
    """Live one national life a round with every program, and the C loop beside them."""
    law = current_law()

    def living(name: str) -> Callable[[int], Round]:
        def one(life: int) -> Round:
            seconds, lived = processor_seconds(lambda: ENGINES[name](law, life=life))
            return Round(seconds, events_of(lived))

        ENGINES[name](law, people=FEW)  # so that nothing below is compiling
        return one

    works = {name: living(name) for name in ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        program, work = floor.built(Path(folder)), None
        if program is not None:
            told("counting the draws, reads and writes of a world")
            world = CompiledWorld([law], last=LAST)
            events = len(world.live().day)
            work = floor.national_work(floor.counted(COUNTED), len(world.people), events)
            works[LIMIT] = lambda _: Round(floor.looped(program, work)[0], events)
        return Rounds(alternating(works, rounds, told), work)


def speed(found: Rounds) -> list[Claim]:
    """Return the claims of one world and of the model's two engines."""
    compiled = found.of[COMPILED]
    events = round(median(each.events for each in compiled))
    each = of_repeats(
        "time of an event, compiled", [MICRO * one.seconds / one.events for one in compiled], "µs", f"{events:,} events"
    )
    return [
        of_repeats("a national world, compiled", found.seconds(COMPILED), "s", "one core", at_most=0.1),
        each,
        of_repeats("a national world, SimPy", found.seconds(SIMPY), "s", "the same journal"),
        of_repeats("SimPy over compiled", found.ratios(SIMPY, COMPILED), "times", at_least=40),
    ]


def otherwise(found: Rounds) -> list[Claim]:
    """Return the claims against what a user would otherwise write."""
    return [
        of_repeats("SimPy with races of timeouts (anyof.py)", found.seconds(ANYOF), "s"),
        of_repeats("  over our SimPy engine", found.ratios(ANYOF, SIMPY), "times"),
        of_repeats("  over compiled", found.ratios(ANYOF, COMPILED), "times"),
        of_repeats("the same without Python's collector", found.seconds(UNCOLLECTED), "s", "as our SimPy engine does"),
        of_repeats("  over our SimPy engine", found.ratios(UNCOLLECTED, SIMPY), "times"),
        of_repeats("  over compiled", found.ratios(UNCOLLECTED, COMPILED), "times"),
        of_repeats("numpy by months (steps.py)", found.seconds(STEPS), "s", "biased: see below"),
        of_repeats("  over compiled", found.ratios(STEPS, COMPILED), "times"),
    ]


def limit(found: Rounds) -> list[Claim]:
    """Return the claims against the C loop, or the line that says why there are none."""
    if found.work is None:
        return [Claim("C loop of the same draws (floor.c)", None, "s", "skipped: there is no C compiler (cc) here")]
    work = found.work
    note = f"{work.draws:,} draws, {work.reads:,} + {work.law_reads:,} reads, {work.writes:,} writes"
    return [
        of_repeats("C loop of the same draws (floor.c)", found.seconds(LIMIT), "s", note),
        of_repeats("  compiled over it", found.ratios(COMPILED, LIMIT), "times", "1 is the limit"),
    ]


def counting() -> Claim:
    """Return the claim of counting one world's months."""
    world = CompiledWorld([current_law()], last=LAST)
    table = world.live()
    monthly(table, world.people, LAST)
    seconds = [processor_seconds(lambda: monthly(table, world.people, LAST))[0] for _ in range(3)]
    return of_repeats("monthly measures of one world", seconds, "s", "every measure, group and month")

