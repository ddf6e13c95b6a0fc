"""One piece of work in a fresh process, for its time and its memory: `python -m tests.benchmarks.child world compiled`.

It prints one line of JSON. `bench` starts it by `machine.apart`.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenarios import current_law
from sim.ensemble import in_parallel
from tests.benchmarks.engines import ENGINES, FEW, FIRST, LAST_DATE, events_of
from tests.benchmarks.machine import ROOT, megabytes, megabytes_of_children, processor_seconds


def world(engine: str, scale: str = "1") -> dict[str, Any]:
    """Return the processor seconds, events and peak memory of one world, and the memory held before it."""
    law, live_by = current_law(), ENGINES[engine]
    live_by(law, people=FEW)
    before = megabytes()
    seconds, lived = processor_seconds(lambda: live_by(law, scale=float(scale)))
    peak = max(before, megabytes())  # the system counts a process's pages roughly: a later peak may be told as less
    return {"seconds": seconds, "events": events_of(lived), "megabytes": peak, "before": before}


def lives(count: str, workers: str) -> dict[str, Any]:
    """Return the seconds by the clock of so many national lives with monthly measures, as `ipp run` lives them."""
    from results import runs  # here, so that what it imports is not in the memory of a world

    with tempfile.TemporaryDirectory() as folder:
        days: dict[str, Any] = {"first": FIRST, "last": LAST_DATE}
        plan = runs.planned([], law=current_law(), lives=int(count), seed=1, out=Path(folder), **days)
        runs.warm_up(plan)
        began, processor = time.perf_counter(), cpu_seconds()
        failed = in_parallel(runs.live, plan.pieces, int(workers), lambda _: None, runs.IN_THREADS[plan.engine])
        seconds = time.perf_counter() - began
    if failed:
        raise RuntimeError(f"{len(failed)} lives failed, the first because {failed[0].why}")
    largest = max(megabytes(), megabytes_of_children())
    return {"seconds": seconds, "processor": cpu_seconds() - processor, "megabytes": largest}


def cpu_seconds() -> float:
    """Return the processor time of this process and of its finished children."""
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in told)


def command(count: str, workers: str) -> dict[str, Any]:
    """Return the seconds and the largest process of the whole command that a user types, tables and report included."""
    with tempfile.TemporaryDirectory() as folder:
        asked = ["run", "current_law", "--lives", count, "--draws", "1", "--workers", workers, "--out", folder]
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sim", *asked], cwd=ROOT, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "megabytes": megabytes_of_children()}


WORKS: dict[str, Callable[..., dict[str, Any]]] = {"world": world, "lives": lives, "command": command}

if __name__ == "__main__":
    print(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:])))
