"""Progress: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINES = 10  # how many plain lines a long batch prints
MINUTE = 60
FAR = 90  # seconds from which time left is told in minutes, and minutes from which in hours


class Follow(NamedTuple):
    """What a run tells as it goes: `begun(pieces, done already)`, `finished(piece)`, and a line to `say`."""

    begun: Callable[[int, int], None]
    finished: Callable[[object], None]
    say: Callable[[str], None]


def on_the_screen(text: str) -> None:
    """Print a line on standard error, where progress goes."""
    print(text, file=sys.stderr, flush=True)


def time_left(seconds: float) -> str:
    """Return a time to wait, such as 'about 40 seconds left', 'about 3 minutes left' or 'about 2.5 hours left'."""
    if seconds < FAR:
        return f"about {seconds:.0f} seconds left"
    minutes = seconds / MINUTE
    return f"about {minutes:.0f} minutes left" if minutes < FAR else f"about {minutes / MINUTE:.1f} hours left"


@contextmanager
def following(where: str) -> Iterator[Follow]:
    """Yield what a run tells of its progress, which goes to standard error; `where` is the folder it goes to."""
    if not sys.stderr.isatty():
        yield _plain(where)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task("living")

    def begun(total: int, done: int) -> None:
        bar.reset(task, total=total, completed=done)  # what was on disk already says nothing of the pace
        bar.start()

    try:
        yield Follow(begun, lambda piece: bar.advance(task), bar.console.print)
    finally:
        bar.stop()


def _plain(where: str) -> Follow:
    counted = {"total": 0, "done": 0, "before": 0, "began": 0.0}

    def begun(total: int, done: int) -> None:
        counted.update(total=total, done=done, before=done, began=time.monotonic())
        on_the_screen(f"{total} lives to live into {where}, {done} of them on disk already")

    def finished(_: object) -> None:
        counted["done"] += 1
        new = counted["done"] - counted["before"]
        every = max(1, (counted["total"] - counted["before"]) // LINES)
        if new % every == 0 or counted["done"] == counted["total"]:
            left = (time.monotonic() - counted["began"]) / new * (counted["total"] - counted["done"])
            on_the_screen(f"{counted['done']:.0f} of {counted['total']:.0f} done, {time_left(left)}")

    return Follow(begun, finished, on_the_screen)
