"""Runs: scenarios × lives, each piece kept as soon as it is finished, gathered into a folder with its manifest."""

import hashlib
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.series import PUBLISHED, SERIES, Observation, published
from results.fit import HIGH, LOW, observe, summarise
from results.outcomes import monthly
from results.provenance import inputs
from results.store import read_table, write_bytes, write_journal, write_manifest, write_table
from scenarios import Scenario, find
from scenarios.drafting import PROJECTION_START
from scenarios.reading import BadInput, nearest
from sim.compiled import CompiledWorld
from sim.compiling import sources_hash
from sim.days import day_of
from sim.ensemble import Failed, in_parallel
from sim.journal import Table
from sim.law import Law, laid_out
from sim.world import World

BASELINE = "current_law"
ENGINES = ("compiled", "simpy")
FEW = 20  # people enough to meet most rules
COUNTED_BY = ("outcomes.py", "stocks.py", "flows.py", "measures.py", "fit.py")
LIBRARIES = ("simpy", "numpy", "numba", "pandas", "pyarrow", "plotly")
QUANTILES = {"low": LOW, "median": 0.5, "high": HIGH}


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def code_hash() -> str:
    """Return a hash of the code and data that a piece depends on: the model, the counting and the series."""
    here = Path(__file__).parent
    files = [*(here / name for name in COUNTED_BY), PUBLISHED, *sorted(SERIES.glob("*.yaml"))]
    return _digest(sources_hash().encode(), *(path.read_bytes() for path in files))[:16]


@dataclass(frozen=True)
class Plan:
    """What is to be run: scenarios (the current law first), lives, seed, and the days reported on."""

    scenarios: tuple[Scenario, ...]
    law: Law
    lives: int
    seed: int
    first: date
    last: date
    out: Path
    people: int | None = None
    engine: str = "compiled"

    @cached_property
    def pieces(self) -> list["Piece"]:
        """One piece for each scenario and life."""
        return [Piece(self, scenario, life) for life in range(self.lives) for scenario in self.scenarios]

    @cached_property
    def hashes(self) -> dict[str, str]:
        """What the run's name is made of: the code with its data, and each scenario's law."""
        laws = {f"law:{scenario.key}": law_hash(scenario, self.law) for scenario in self.scenarios}
        return {"code_and_data": code_hash(), **laws}

    @cached_property
    def name(self) -> str:
        """Twelve hex digits that name the run: the same inputs give the same name."""
        asked = (self.lives, self.seed, self.first, self.last, self.people)
        return _digest(repr((asked, sorted(self.hashes.items()))).encode())[:12]

    @property
    def folder(self) -> Path:
        """Where the run's results go."""
        return self.out / self.name


@dataclass(frozen=True)
class Piece:
    """One life under one scenario."""

    plan: Plan
    scenario: Scenario
    life: int

    def __str__(self) -> str:
        """Its name in progress lines and in the list of failures."""
        return f"{self.scenario.key}, life {self.life}"

    @property
    def path(self) -> Path:
        """Where its measures are kept: by all that it depends on, so that other runs find it too."""
        plan = self.plan
        asked = repr((plan.seed, plan.last, plan.people, self.scenario.key))
        law, code = plan.hashes[f"law:{self.scenario.key}"], plan.hashes["code_and_data"]
        name = _digest(asked.encode(), code.encode(), law.encode())
        return plan.out / "pieces" / name[:16] / f"life-{self.life:04d}.parquet"

    def beside(self, what: str) -> Path:
        """Return the path of another file of the same life."""
        return self.path.with_name(f"life-{self.life:04d}-{what}.parquet")

    @property
    def done(self) -> bool:
        """Whether it is on disk; the measures are written last."""
        return self.path.exists()


def law_hash(scenario: Scenario, law: Law) -> str:
    """Return a hash of every number that a scenario's laws hold on every day, and of whom they cover."""
    groups, laws = scenario.laws(law)
    numbers = laid_out(laws)
    covered = repr((groups, numbers.book.dtype.names)).encode()
    return _digest(covered, numbers.regime_of.tobytes(), numbers.book.tobytes())[:16]


def planned(
    names: Sequence[str],
    *,
    law: Law,
    lives: int,
    seed: int,
    first: date,
    last: date,
    out: Path,
    people: int | None = None,
    engine: str = "compiled",
) -> Plan:
    """Return the plan of a run; BadInput for an unknown scenario or engine, or days out of order.

    The current law is always lived first, since every other result is a difference from it.
    """
    if first > last:
        raise BadInput(f"--from must be a day before --to, and {first} is after {last}.")
    if out.exists() and not out.is_dir():
        raise BadInput(f"--out must be a folder, and {out} is a file.")
    if engine not in ENGINES:
        raise BadInput(f"--engine must be one of {', '.join(ENGINES)}, not '{engine}'{nearest(engine, ENGINES, '.')}")
    chosen = {scenario.key: scenario for scenario in map(find, [BASELINE, *names])}
    return Plan(tuple(chosen.values()), law, lives, seed, first, last, out, people, engine)


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


def live(piece: Piece) -> None:
    """Live one piece and keep its measures; of the baseline the published figures, of life 0 the journal."""
    plan = piece.plan
    groups, laws = piece.scenario.laws(plan.law)
    how = {"seed": plan.seed, "life": piece.life, "last": day_of(plan.last), "people": plan.people}
    table, people = lived(plan.engine, laws, groups, **how)
    if piece.scenario.key == BASELINE:
        shown = observe(observations(plan.last), table, people)
        write_table(piece.beside("observed"), pd.DataFrame({"value": shown}))
    if piece.life == 0:
        write_journal(piece.beside("journal"), table)
    write_table(piece.path, monthly(table, people, day_of(plan.last)))


def run(plan: Plan, workers: int, begun: Callable[[int, int], None], finished: Callable[[Piece], None]) -> list[Failed]:
    """Live whatever is not on disk yet and gather all of it in the plan's folder; return what failed.

    `begun` is told how many pieces there are and how many are done already. Nothing is gathered of a
    scenario × life that failed; with no finished life of the baseline, nothing is gathered at all.
    """
    started = time.perf_counter()
    with suppress(Exception):  # only so that the rules are compiled once for all workers; a piece tells what is wrong
        lived(plan.engine, [plan.law], people=FEW, last=day_of(plan.last))
    left = [piece for piece in plan.pieces if not piece.done]
    begun(len(plan.pieces), len(plan.pieces) - len(left))
    failed = in_parallel(live, left, workers, finished)
    if any(piece.done for piece in plan.pieces if piece.scenario.key == BASELINE):
        gather(plan, failed, time.perf_counter() - started)
    return failed


def gather(plan: Plan, failed: Sequence[Failed], seconds: float) -> None:
    """Write the run's tables and, last, its manifest."""
    measures = gathered_measures(plan)
    write_table(plan.folder / "monthly.parquet", measures)
    write_table(plan.folder / "monthly.csv", summarised(measures))
    fit = gathered_fit(plan)
    write_table(plan.folder / "fit.parquet", fit)
    write_table(plan.folder / "fit.csv", fit)
    for piece in plan.pieces:
        if piece.life == 0 and piece.done:
            target = plan.folder / "journals" / f"{piece.scenario.key}-life-0000.parquet"
            write_bytes(target, piece.beside("journal").read_bytes())
    write_manifest(plan.folder / "run.json", manifest(plan, failed, seconds))


def gathered_measures(plan: Plan) -> pd.DataFrame:
    """Return the measures of every finished piece from the first reported day: scenario, draw, life, date, ..."""
    parts = []
    for scenario in plan.scenarios:
        for piece in plan.pieces:
            if piece.scenario is scenario and piece.done:
                part = read_table(piece.path)
                part = part[part["date"] >= pd.Timestamp(plan.first)]
                keys: dict[str, Any] = {"scenario": scenario.key, "draw": np.int16(0), "life": np.int16(piece.life)}
                parts.append(part.assign(**keys)[["scenario", "draw", "life", "date", "measure", "group", "value"]])
    together = pd.concat(parts, ignore_index=True)
    return together.astype({"scenario": "category", "measure": "category", "group": "category"})


def summarised(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the median and 90% interval over lives of every measure by scenario and month."""
    groups = measures.groupby(["scenario", "date", "measure", "group"], observed=True, sort=True)["value"]
    table = groups.quantile(np.array(list(QUANTILES.values()))).unstack()
    return table.set_axis(list(QUANTILES), axis=1).reset_index()


def gathered_fit(plan: Plan) -> pd.DataFrame:
    """Return published against simulated, over the finished lives of the current law."""
    mine = [piece for piece in plan.pieces if piece.scenario.key == BASELINE and piece.done]
    shown = np.array([read_table(piece.beside("observed"))["value"].to_numpy() for piece in mine])
    return summarise(observations(plan.last), shown)


def manifest(plan: Plan, failed: Sequence[Failed], seconds: float) -> dict[str, Any]:
    """Return what reproduces the run: inputs, hashes, versions; and the machine and seconds, which change nothing."""
    return {
        "run": plan.name,
        "scenarios": [_told(scenario) for scenario in plan.scenarios if _lived_at_all(plan, scenario)],
        "lives": plan.lives,
        "seed": plan.seed,
        "from": plan.first.isoformat(),
        "to": plan.last.isoformat(),
        "projection_start": PROJECTION_START.isoformat(),
        "people": plan.people or int(round(plan.law.on(0)["people_sentenced"])),  # type: ignore[arg-type]
        "failed": [failure._asdict() for failure in failed],
        "version": package_version(),
        "commit": commit(),
        "hashes": plan.hashes,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "seconds": round(seconds, 1),
        "inputs": inputs(plan),
    }


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

