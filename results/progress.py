"""Progress: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINES = 10  # how many plain lines a long run prints
Follow = tuple[Callable[[int, int], None], Callable[[object], None]]


@contextmanager
def following(where: str) -> Iterator[Follow]:
    """Yield two functions: `begun(pieces, done already)` and `finished(piece)`; progress goes to standard error."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("living")
            yield (
                lambda total, done: bar.update(task, total=total, completed=done),
                lambda piece: bar.advance(task),
            )
        return
    yield _plain(where)


def _plain(where: str) -> Follow:
    counted = {"total": 0, "done": 0, "before": 0}
    started = time.monotonic()

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def begun(total: int, done: int) -> None:
        counted.update(total=total, done=done, before=done)
        say("Compiling the rules takes some seconds the first time.")
        say(f"{total} lives to live into {where}, {done} of them on disk already")

    def finished(_: object) -> None:
        counted["done"] += 1
        every = max(1, (counted["total"] - counted["before"]) // LINES)
        if (counted["done"] - counted["before"]) % every == 0 or counted["done"] == counted["total"]:
            pace = (time.monotonic() - started) / (counted["done"] - counted["before"])
            left = pace * (counted["total"] - counted["done"])
            say(f"{counted['done']} of {counted['total']} done, about {left:.0f} seconds left")

    return begun, finished
