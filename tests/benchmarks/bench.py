"""How fast the model is on this machine: `python -m tests.benchmarks.bench` (or `make bench`)."""

import cProfile
import os
import platform
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import TypeVar

from results.outcomes import monthly
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.ensemble import workers_here
from sim.world import World

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
LAST = day_of(date(2034, 12, 31))
TIMES = 3
FIRST_WORLD = (
    "import time; began = time.perf_counter(); from scenarios import current_law; from sim.world import World; "
    "World([current_law()], people=400).live(); print(time.perf_counter() - began)"
)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that some work took, and its result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def processor() -> str:
    """Return the model of the processor, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def national() -> World:
    """Return a world of everyone sentenced, under the current law, to the end of 2034."""
    return World([current_law()], last=LAST)


def share_in_simpy() -> float:
    """Return the share of a national life spent in SimPy's own functions and its heap, as a profiler sees it."""
    world, profile = national(), cProfile.Profile()
    profile.runcall(world.live)
    total = mine = 0.0
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        total += own
        mine += own if f"{os.sep}simpy{os.sep}" in file or "heapq" in name else 0.0
    return mine / total


def started(cache: str) -> float:
    """Return the seconds from import to the end of a small first world, in a new process with a cache folder."""
    environment = os.environ | {"NUMBA_CACHE_DIR": cache}
    command = [sys.executable, "-c", FIRST_WORLD]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return float(ended.stdout)


def peak_megabytes() -> float:
    """Return the most memory that this process has held (Linux counts in kilobytes, macOS in bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)


def main() -> None:
    """Measure and print."""
    print(f"machine               {processor()}, {workers_here()} cores, Python {platform.python_version()}")
    World([current_law()], people=400, last=LAST).live()  # so that nothing below is compiling
    lives = [timed(lambda: (world := national(), world.live().as_table())) for _ in range(TIMES)]
    seconds = median(took for took, _ in lives)
    world, table = lives[-1][1]
    print(f"a national world      {seconds:.2f} s to the end of 2034 (median of {TIMES}), {len(world.people):,} people")
    print(f"events                {len(table.day):,}, {len(table.day) / seconds:,.0f} a second")
    print(f"peak memory           {peak_megabytes():,.0f} MB")
    CompiledWorld([current_law()], people=400, last=LAST).live()
    compiled = median(timed(lambda: CompiledWorld([current_law()], last=LAST).live())[0] for _ in range(TIMES))
    print(f"compiled engine       {compiled:.2f} s for the same world, {seconds / compiled:.0f} times as fast")
    took, _ = timed(lambda: monthly(table, world.people, LAST))
    print(f"monthly measures      {took:.2f} s")
    print(f"time in SimPy itself  {share_in_simpy():.0%} (a profiler slows many small calls most: taken high)")
    with tempfile.TemporaryDirectory() as cache:
        print(f"cold start            {started(cache):.1f} s, compiling every rule, to the end of a world of 400")
        print(f"warm start            {started(cache):.1f} s, the same with the rules compiled")


if __name__ == "__main__":
    main()
