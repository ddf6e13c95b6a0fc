"""Runs: scenarios × draws × lives, each piece kept as soon as it is finished, gathered in a folder with a manifest."""

import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.draws import Draws
from calibration.likeness import likeness
from calibration.series import Observation, published
from calibration.source import Posterior
from results.answers import Answer
from results.fit import observe_with_months
from results.gather import beliefs_drawn, failures, gathered_fit, write_measures
from results.outcomes import monthly_values
from results.pieces import forget_spoilt, keep
from results.plan import BASELINE, BUDGET, ENGINES, Piece, Plan, planned
from results.precision import Shown, answered, reached, so_far, told
from results.progress import on_the_screen
from results.provenance import inputs
from results.store import clear_abandoned, write_bytes, write_journal, write_manifest, write_table
from results.together import Together, each_failed, of_each, together
from scenarios import Scenario, current_law
from scenarios.drafting import PROJECTION_START
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.ensemble import Failed, in_parallel, telling_of_compiling, tried
from sim.history import History
from sim.journal import Table
from sim.law import Law
from sim.people import national
from sim.world import World

__all__ = [
    "BASELINE", "BUDGET", "ENGINES", "Piece", "Plan", "commit", "live", "manifest", "package_version", "planned", "run",
]  # fmt: skip

FEW = 20  # people enough to meet most rules
KEPT = 64  # laws that are ready for the next life: more than most runs compare at once
Floats = NDArray[np.float64]
IN_THREADS = {"compiled": True, "simpy": False}  # compiled work lets go of the interpreter's lock; SimPy never does
LIBRARIES = ("simpy", "numpy", "numba", "scipy", "pandas", "pyarrow", "plotly")


@cache
def observations(last: date) -> tuple[Observation, ...]:
    """Return the published figures whose window ends by a day."""
    return tuple(one for one in published() if one.last <= last)


def lived(engine: str, laws: Sequence[Law], groups: Sequence[Any] = (), **how: Any) -> tuple[Table, Any]:
    """Return the journal and the people of one world, by either engine: the bytes are the same."""
    if engine == "simpy":
        world = World(laws, groups, **how)
        return world.live().as_table(), world.people
    compiled = CompiledWorld(laws, groups, **how)
    return compiled.live(), compiled.people


def live(piece: Piece, history: History | None = None) -> None:
    """Live one piece and keep its measures; of the baseline the published figures, of life 0 the journal.

    It goes on from a history that others of the same draw and life share, or else from one of its own.
    """
    plan = piece.plan
    groups, laws = _laws(piece.scenario, piece)
    history = history or history_of(piece)
    table, people = history.live(laws, groups) if history else lived(plan.engine, laws, groups, **_who(piece))
    if piece.luck == 0:
        write_journal(piece.beside("journal"), table)
    keep(piece, *counted(plan, piece.scenario.key == BASELINE, table, people, laws))


def live_together(some: Together) -> list[Failed]:
    """Live pieces of one draw and life, whose history is lived once; return those that failed, in their order."""
    history = history_of(some.pieces[0])
    failed = {}
    for piece in sorted(some.pieces, key=lambda piece: parted(history, piece)):
        for failure in tried(partial(live, history=history), piece):
            failed[failure.piece] = failure
    return [failed[str(piece)] for piece in some.pieces if str(piece) in failed]


def history_of(piece: Piece) -> History | None:
    """Return the world of a piece's draw and life under the first scenario, before anyone has lived.

    None for SimPy, or if there can be no such world: then each piece is lived by itself, and tells what is wrong.
    """
    if piece.plan.engine == "compiled":
        with suppress(Exception):
            groups, laws = _laws(piece.plan.scenarios[0], piece)
            return None if groups else History(laws[0], **_who(piece))
    return None


def parted(history: History | None, piece: Piece) -> int:
    """Return the day on which a piece parts from a history: those that part first must be lived first."""
    with suppress(Exception):  # the piece tells what is wrong
        return history.parts_on(_laws(piece.scenario, piece)[1]) if history else 0
    return 0


def _laws(scenario: Scenario, piece: Piece) -> tuple[list[Any], list[Law]]:
    return enacted(scenario, believed(piece.plan.beliefs, piece.plan.law, piece.draw))


def _who(piece: Piece) -> dict[str, Any]:
    plan = piece.plan
    who: dict[str, Any] = {"seed": plan.seed, "life": piece.luck, "people": plan.people, "scale": plan.scale}
    return who | {"last": day_of(plan.last), "past": plan.beliefs.past(piece.draw)}


def counted(plan: Plan, baseline: bool, table: Table, people: Any, laws: Sequence[Law]) -> tuple[Floats, ...]:
    """Return the monthly measures of a life, and of the baseline also what it shows of the published figures.

    `laws` are those that people lived under, by variant.
    """
    last = day_of(plan.last)
    if not baseline:
        return (monthly_values(table, people, last, laws=laws),)
    observed, months = observe_with_months(observations(plan.last), table, people, last, laws)
    return months, observed


@lru_cache(maxsize=KEPT)
def believed(beliefs: Draws, law: Law, draw: int) -> Law:
    """Return the law with the beliefs of one draw: the same object again for each of its lives."""
    return beliefs.law(law, draw)


@lru_cache(maxsize=KEPT)
def enacted(scenario: Scenario, law: Law) -> tuple[list[Any], list[Law]]:
    """Return what `Scenario.laws` does: the same objects again for each life, so that they are laid out once."""
    return scenario.laws(law)


def run(
    plan: Plan,
    workers: int,
    begun: Callable[[int, int], None],
    finished: Callable[[Piece], None],
    say: Callable[[str], None] = on_the_screen,
) -> list[Failed]:
    """Live whatever is not on disk yet and gather all of it in the plan's folder; return what failed.

    `begun` is told how many pieces there are and how many are done already: once for each batch, where a
    precision is asked for. When that ends depends on results alone, so the same plan gives the same bytes.
    Nothing is gathered of a piece that failed; with no finished life of the baseline, nothing at all.
    """
    started = time.perf_counter()
    failed: list[Failed] = []
    shown: Shown = {}
    forget_spoilt(plan.pieces)
    while True:
        failed += _batch(plan, workers, {failure.piece for failure in failed}, begun, finished, say)
        answers = answered(plan, shown)
        grown = None if reached(plan, answers) else plan.grown()
        if grown is None:
            break
        say(so_far(plan, answers))
        plan = grown
    if any(piece.done for piece in plan.pieces if piece.scenario.key == BASELINE):
        gather(plan, failed, answers, time.perf_counter() - started)
    return failed


def _batch(
    plan: Plan,
    workers: int,
    failed: set[str],
    begun: Callable[[int, int], None],
    finished: Callable[[Piece], None],
    say: Callable[[str], None],
) -> list[Failed]:
    left = [piece for piece in plan.pieces if not piece.done and str(piece) not in failed]
    if left:
        with telling_of_compiling(say), suppress(Exception):  # a piece tells what is wrong
            warm_up(plan)
    begun(len(plan.pieces), len(plan.pieces) - len(left))
    some = together(left, workers) if plan.engine == "compiled" else [Together((piece,)) for piece in left]
    return each_failed(some, in_parallel(live_together, some, workers, of_each(finished), IN_THREADS[plan.engine]))


def warm_up(plan: Plan) -> None:
    """Live a few people and count them, so that what is compiled is compiled once for all workers."""
    table, people = lived(plan.engine, [plan.law], people=FEW, last=day_of(plan.last))
    for baseline in (True, False):
        counted(plan, baseline, table, people, [plan.law])


def gather(plan: Plan, failed: Sequence[Failed], answers: Sequence[Answer], seconds: float) -> None:
    """Write the run's tables and, last, its manifest."""
    for folder in {plan.folder, *(piece.path.parent for piece in plan.pieces)}:
        clear_abandoned(folder)
    write_measures(plan)
    fit = gathered_fit(plan, observations(plan.last))
    write_table(plan.folder / "fit.parquet", fit)
    write_table(plan.folder / "fit.csv", fit)
    write_table(plan.folder / "failed.csv", failures(plan, failed))
    if plan.in_draws:
        write_table(plan.folder / "draws.parquet", beliefs_drawn(plan))
    for piece in plan.pieces:
        if piece.luck == 0 and piece.done:
            target = plan.folder / "journals" / f"{piece.scenario.key}-life-0000.parquet"
            write_bytes(target, piece.beside("journal").read_bytes())
    write_manifest(plan.folder / "run.json", manifest(plan, failed, seconds) | told(plan, answers))


def manifest(plan: Plan, failed: Sequence[Failed], seconds: float) -> dict[str, Any]:
    """Return what reproduces the run: inputs, hashes, versions; and the machine and seconds, which change nothing."""
    return {
        "run": plan.name,
        "scenarios": [_told(scenario) for scenario in plan.scenarios if _lived_at_all(plan, scenario)],
        "draws": plan.each[0],
        "lives": plan.each[1],
        "beliefs": plan.beliefs.source,
        "fit": _fit_of(plan),
        "seed": plan.seed,
        "from": plan.first.isoformat(),
        "to": plan.last.isoformat(),
        "projection_start": PROJECTION_START.isoformat(),
        "people": national(plan.law, plan.scale) if plan.people is None else plan.people,
        "people_scale": plan.scale,
        "failed": [failure._asdict() for failure in failed],
        "version": package_version(),
        "commit": commit(),
        "hashes": plan.hashes,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "seconds": round(seconds, 1),
        "inputs": inputs(plan),
    }


def _fit_of(plan: Plan) -> dict[str, Any] | None:
    """Return what the draws were learned from, and whether that was the model as it is; None where no fit is used."""
    if not isinstance(plan.beliefs, Posterior):
        return None
    about, mark = plan.beliefs.about, plan.beliefs.mark
    same = about["model"] == likeness(current_law())
    return {"until": about["until"], "worlds": about["worlds"], "same_model": same, "hash": mark}


def _lived_at_all(plan: Plan, scenario: Scenario) -> bool:
    return any(piece.done for piece in plan.pieces if piece.scenario is scenario)


def _told(scenario: Scenario) -> dict[str, Any]:
    commenced = None if scenario.commencement is None else scenario.commencement.isoformat()
    told = {name: getattr(scenario, name) for name in ("key", "name", "question", "source")}
    return told | {"commencement": commenced}


def package_version() -> str:
    """Return the version of the package that is installed."""
    try:
        return version("ipp-simulation")
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """Return the commit of the code, marked where files have changed since; 'unknown' outside a repository."""
    where = Path(__file__).parent
    try:
        asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(asked, cwd=where, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
