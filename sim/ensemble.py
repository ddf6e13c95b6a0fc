"""Ensemble: many pieces of work over processes. What is finished is kept, and a failed piece is a row, not an end."""

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple, TypeVar

P = TypeVar("P")
ATTEMPTS = 3  # a worker killed from outside takes its pool with it; what it held is tried so often


class Failed(NamedTuple):
    """A piece that could not be done, and why, in one line."""

    piece: str
    why: str


def workers_here() -> int:
    """Return how many processes may run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_parallel(
    work: Callable[[P], None], pieces: Sequence[P], workers: int, finished: Callable[[P], None]
) -> list[Failed]:
    """Do every piece, telling `finished` of each; return those that failed, in the order of `pieces`.

    The order of work and the number of workers cannot change a result, since a piece depends on nothing
    but itself. A KeyboardInterrupt ends the waiting and leaves the finished pieces on disk.
    """
    if workers == 1 or len(pieces) == 1:
        return [failed for piece in pieces for failed in _alone(work, piece, finished)]
    left, failures = list(pieces), {}
    for attempt in range(ATTEMPTS):
        if not left:
            break
        left, wrong = _one_pool(work, left, workers, finished, attempt + 1 == ATTEMPTS)
        failures.update(wrong)
    return [failures[str(piece)] for piece in pieces if str(piece) in failures]


def _alone(work: Callable[[P], None], piece: P, finished: Callable[[P], None]) -> Iterable[Failed]:
    try:
        work(piece)
    except Exception as problem:
        return [_failure(piece, problem)]
    finished(piece)
    return []


def _one_pool(
    work: Callable[[P], None], pieces: list[P], workers: int, finished: Callable[[P], None], last: bool
) -> tuple[list[P], dict[str, Failed]]:
    again: list[P] = []
    failures: dict[str, Failed] = {}
    pool = ProcessPoolExecutor(workers, initializer=_leave_ctrl_c_to_the_parent)
    waiting: dict[Future[None], P] = {}
    try:
        waiting.update((pool.submit(work, piece), piece) for piece in pieces)
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                piece, problem = waiting.pop(future), future.exception()
                if problem is None:
                    finished(piece)
                elif isinstance(problem, BrokenProcessPool) and not last:
                    again.append(piece)
                else:
                    failures[str(piece)] = _failure(piece, problem)
    finally:
        for future in waiting:  # on Ctrl-C: what has not begun is dropped, what has is finished and kept
            future.cancel()
        pool.shutdown()
    return again, failures


def _leave_ctrl_c_to_the_parent() -> None:
    # A terminal sends Ctrl-C to every process; a worker finishes its piece, which is then kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _failure(piece: object, problem: BaseException) -> Failed:
    return Failed(str(piece), f"{type(problem).__name__}: {problem}".replace("\n", " "))
