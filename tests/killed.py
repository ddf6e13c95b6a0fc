"""An ensemble small enough to be killed and resumed many times: `python -m tests.killed OUT` lives it."""

import sys
from datetime import date
from pathlib import Path

from results import runs
from results.plan import Plan, planned
from scenarios import current_law

TEMPORARY = ".tmp"


def small(out: Path) -> Plan:
    """Three draws of two lives under two scenarios, of few people."""
    return planned(
        ["one_year"], law=current_law(), lives=2, draws=3, seed=5, first=date(2029, 1, 1), last=date(2030, 12, 31),
        out=out, people=40, beliefs="prior",
    )  # fmt: skip


def files(out: Path) -> dict[str, bytes]:
    """Every file of a run and of its pieces by name."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def count(out: Path) -> int:
    """How many files are finished so far; those that are being written have a name of their own."""
    return sum(path.suffix != TEMPORARY for path in out.rglob("*.*")) if out.exists() else 0


if __name__ == "__main__":
    runs.run(small(Path(sys.argv[1])), 2, lambda pieces, done: None, lambda piece: None)
