"""Compile the rules before the tests start, once and not once in each of their processes.

`python -m tests.compile_first` lives a few people by both engines, and counts them.
"""

from datetime import date
from pathlib import Path

from results.runs import planned, warm_up
from scenarios import current_law


def main() -> None:
    """Compile what both engines and the counting of their lives need."""
    for engine in ("compiled", "simpy"):
        warm_up(planned(
            [], law=current_law(), lives=1, seed=1, first=date(2034, 1, 1), last=date(2034, 12, 31), out=Path("runs"),
            engine=engine,
        ))  # fmt: skip


if __name__ == "__main__":
    main()
