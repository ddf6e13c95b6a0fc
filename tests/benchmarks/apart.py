"""What needs fresh processes: memory, many lives on two cores, ten and a hundred times the people, the first start."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from tests.benchmarks.claims import Claim
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.machine import ROOT, apart

WORKERS = 2
MANY = 1_000  # the lives of the project's own promise
FLAT = 20  # per cent by which a cost may vary and be called flat
LIMIT_SECONDS, LIMIT_MEGABYTES = 30, 2_000  # for a hundred times the people
FIRST_WORLD = (
    "import time; began = time.perf_counter(); from scenarios import current_law; from sim.compiled import "
    "CompiledWorld; CompiledWorld([current_law()], people=400).live(); print(time.perf_counter() - began)"
)


def spread(values: Sequence[float]) -> float:
    """Return by how many per cent the highest of some values is above the lowest."""
    return 100 * (max(values) / min(values) - 1)


def listed(values: Sequence[float], form: str) -> str:
    """Return values in words, such as '12, 13 and 15'."""
    words = [format(value, form) for value in values]
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else words[0]


def many_lives(counts: Sequence[int], told: Callable[[str], None]) -> list[Claim]:
    """Return the claims of many lives with monthly measures; the most of `counts` stands for a thousand."""
    found = []
    for count in counts:
        told(f"{count:,} lives with monthly measures, {WORKERS} workers")
        found.append(apart("lives", count, WORKERS))
    most, asked = counts[-1], listed(counts, ",")
    per_life = [1_000 * each["processor"] / count for each, count in zip(found, counts, strict=True)]
    whole = found[-1]["seconds"] * MANY / most
    note = f"by the clock; {found[-1]['processor'] * MANY / most:,.0f} s of processor time"
    note += "" if most == MANY else f"; scaled from {most:,} lives"
    memory = [each["megabytes"] for each in found]
    ideal = counts[0] * 10 == most == MANY
    flat = FLAT if ideal else None
    short = "" if ideal else "; the promise is of 100 to 1,000 lives"
    return [
        Claim(f"{MANY:,} worlds with monthly measures, {WORKERS} cores", whole, "s", note, at_most=60),
        Claim(f"cost of a life over {asked} lives", spread(per_life), "% apart", ms(per_life) + short, at_most=flat),
        Claim(f"memory over {asked} lives", spread(memory), "% apart", mb(memory) + " at most", at_most=flat),
    ]


def ms(values: Sequence[float]) -> str:
    """Return milliseconds of processor time in words."""
    return listed(values, ",.0f") + " ms of processor time"


def mb(values: Sequence[float]) -> str:
    """Return megabytes in words."""
    return listed(values, ",.0f") + " MB"


def whole_command(counts: Sequence[int], told: Callable[[str], None]) -> list[Claim]:
    """Return the claims of `ipp run` from the command line, its tables and its report included."""
    found = []
    for count in counts:
        told(f"ipp run --lives {count:,} --workers {WORKERS}")
        found.append(apart("command", count, WORKERS))
    memory, seconds = ([each[what] for each in found] for what in ("megabytes", "seconds"))
    growth = (memory[-1] - memory[0]) / (counts[-1] - counts[0])
    asked = listed(counts, ",")
    return [
        Claim(f"ipp run, {counts[-1]:,} lives, report included", seconds[-1], "s", "by the clock"),
        Claim(
            f"memory of ipp run over {asked} lives", spread(memory), "% apart",
            f"{mb(memory)}: {growth:.1f} MB a life", at_most=FLAT,
        ),
    ]  # fmt: skip


def memory(told: Callable[[str], None]) -> list[Claim]:
    """Return the claims of the memory that one national world needs, by each program."""
    claims = []
    for name in ENGINES:
        told(f"memory of {name}")
        found = apart("world", name)
        note = f"{found['before']:,.0f} MB of it before anyone lives"
        claims.append(Claim(f"peak memory of a world, {name}", found["megabytes"], "MB", note))
    return claims


def scaled(scales: Sequence[int], told: Callable[[str], None]) -> list[Claim]:
    """Return the claims of many times the people, by the compiled engine."""
    claims = []
    for scale in scales:
        told(f"{scale} times the people")
        found = apart("world", "compiled", scale)
        limits = (LIMIT_SECONDS, LIMIT_MEGABYTES) if scale == 100 else (None, None)
        note = f"{found['events']:,} events, {1_000_000 * found['seconds'] / found['events']:.2f} µs each"
        claims += [
            Claim(f"{scale} times the people", found["seconds"], "s", note, at_most=limits[0]),
            Claim("  peak memory", found["megabytes"], "MB", at_most=limits[1]),
        ]
    return claims


def starts(told: Callable[[str], None]) -> list[Claim]:
    """Return the claims of the first start of all, and of one with the rules compiled."""
    with tempfile.TemporaryDirectory() as cache:
        claims = []
        for what, note in (("cold start", "compiling every rule"), ("warm start", "the rules compiled")):
            told(what)
            claims.append(Claim(what, _started(cache), "s", f"import to the end of a world of 400, {note}"))
        return claims


def _started(cache: str) -> float:
    environment: dict[str, Any] = os.environ | {"NUMBA_CACHE_DIR": cache}
    command = [sys.executable, "-c", FIRST_WORLD]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return float(ended.stdout)
