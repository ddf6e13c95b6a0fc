"""The limit: a loop in C that draws, reads and writes as much as a national world does, and decides nothing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.people import RECORD
from tests.benchmarks.machine import ROOT

SOURCE = Path(__file__).with_name("floor.c")
COMPILERS = ("cc", "gcc", "clang")
A_DRAW = 2  # hashes: one of the purpose, one of the occasion


class Work(NamedTuple):
    """What a national world is made of, in the order in which floor.c takes it."""

    people: int
    fields: int  # of a person's record
    regimes: int  # stretches of days with one law
    rules: int
    events: int
    draws: int
    reads: int  # of a person's fields
    writes: int
    law_reads: int


def counted(people: int) -> dict[str, Any]:
    """Return what the lives of a small cohort took, counted in a process of its own (see `counted.py`)."""
    command = [sys.executable, "-m", "tests.benchmarks.counted", str(people)]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def national_work(count: dict[str, Any], people: int, events: int) -> Work:
    """Return the work of a national world: what a cohort took to draw, by people, and to live, by events."""
    numbers = CompiledWorld([current_law()], people=0).numbers
    by_person, by_event = people / count["people"], events / count["events"]

    def of(what: str) -> int:
        return round(count["drawing"].get(what, 0) * by_person + count["living"].get(what, 0) * by_event)

    names = RECORD.names or ()
    work = (of("hashes") // A_DRAW, of("person reads"), of("person writes"), of("law reads"))
    return Work(people, len(names), len(numbers.book), len(numbers.book.dtype.names or ()), events, *work)


def compiler() -> str | None:
    """Return the path of a C compiler, if there is one here."""
    return next((found for name in COMPILERS if (found := shutil.which(name))), None)


def built(folder: Path) -> Path | None:
    """Compile floor.c into a folder and return the program; None if there is no C compiler."""
    using = compiler()
    if using is None:
        return None
    program = folder / "floor"
    subprocess.run([using, "-O2", "-o", str(program), str(SOURCE)], check=True, capture_output=True, text=True)
    return program


def looped(program: Path, work: Work) -> tuple[float, float]:
    """Return the processor seconds that the loop takes over so much work, and the sum of all that it drew and read."""
    told = subprocess.run([str(program), *map(str, work)], check=True, capture_output=True, text=True)
    seconds, total, _ = told.stdout.split()
    return float(seconds), float(total)


