"""The machine that measures: what it is, how busy, how long a piece of work takes on it and how much memory."""

import gc
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from sim.ensemble import workers_here

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
LIBRARIES = ("simpy", "numpy", "numba")
MEGABYTE = 1_000_000
KIBIBYTE = 1_024


def processor() -> str:
    """Return the model of the processor, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def load() -> float:
    """Return how many processes have wanted to run, on average over the last minute; 0 where it is not told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def described() -> dict[str, Any]:
    """Return what a figure needs beside it: processor, cores, system, versions and how busy the machine is."""
    versions = {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}
    system = f"{platform.system()} {platform.machine()}"
    return {
        "processor": processor(), "cores": workers_here(), "system": system, "versions": versions, "load": load()
    }  # fmt: skip


def megabytes() -> float:
    """Return the most memory that this process has held.

    Where Linux says it of the program alone, that is taken: the system's usual account starts from what the process
    held that started it.
    """
    try:
        told = Path("/proc/self/status").read_text("utf-8").split("VmHWM:")[1].split()[0]
    except (OSError, IndexError):
        return _megabytes(resource.RUSAGE_SELF)
    return int(told) * KIBIBYTE / MEGABYTE


def megabytes_of_children() -> float:
    """Return the most memory that the largest finished child of this process has held."""
    return _megabytes(resource.RUSAGE_CHILDREN)


def _megabytes(who: int) -> float:
    unit = 1 if sys.platform == "darwin" else KIBIBYTE  # macOS counts in bytes, others in kibibytes
    return resource.getrusage(who).ru_maxrss * unit / MEGABYTE


def processor_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor time of some work in this process, and its result; other work on the machine adds little."""
    gc.collect()  # what came before is not part of it
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def alternating(
    works: Mapping[str, Callable[[int], T]], rounds: int, told: Callable[[str], None]
) -> dict[str, list[T]]:
    """Do every work in each round, forwards and then backwards, so that a slow spell of the machine meets all.

    Each work is given the number of the round. The lists returned are in the order of the rounds.
    """
    found: dict[str, list[T]] = {name: [] for name in works}
    for turn in range(rounds):
        for name in list(works) if turn % 2 == 0 else list(works)[::-1]:
            told(f"round {turn + 1} of {rounds}: {name}")
            found[name].append(works[name](turn))
    return found


def apart(what: str, *given: object) -> dict[str, Any]:
    """Return what `child` tells of a piece of work in a fresh process; RuntimeError with its last line if it fails."""
    command = [sys.executable, "-m", "tests.benchmarks.child", what, *map(str, given)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"{what} {given} failed: {(ended.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return json.loads(ended.stdout.splitlines()[-1])
