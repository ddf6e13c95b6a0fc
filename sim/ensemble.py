"""Ensemble: many pieces of work over threads or processes. What is finished is kept; a failed piece is a row."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from numba.core import event

P = TypeVar("P")
ATTEMPTS = 3  # how often a piece is tried whose worker is killed from outside
AHEAD = 2  # pieces handed out for each worker, so that none waits for the next
ORPHANED = 1.0  # seconds between a worker's looks at whether its parent still lives
COMPILES = "compiling the rules (once for each version of the code, up to half a minute) ..."


class Failed(NamedTuple):
    """A piece that could not be done, and why, in one line."""

    piece: str
    why: str


Work = Callable[[P], Sequence[Failed] | None]  # a piece may have parts, and say which of them failed
Finished = Callable[[P], None]
Failures = dict[str, Sequence[Failed]]  # by the name of the piece


def workers_here() -> int:
    """Return how many processes may run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_parallel(
    work: Work[P], pieces: Sequence[P], workers: int, finished: Finished[P], threads: bool = False
) -> list[Failed]:
    """Do every piece, telling `finished` of each; return those that failed, or their parts, in the order of `pieces`.

    Threads serve work that lets go of the interpreter's lock, processes any other. The order of work and the
    number of workers cannot change a result, since a piece depends on nothing but itself. A worker process
    that is killed from outside takes its pool with it: each piece that the pool then held is tried again,
    alone, so that no other is blamed. A KeyboardInterrupt drops what has not begun, and leaves on disk what is
    finished.
    """
    if workers == 1 or len(pieces) == 1:
        return [failure for piece in pieces for failure in _done(work, piece, finished)]
    failures: Failures = {}
    left = list(pieces)
    while left:
        with _pool(workers, threads) as pool:
            held, left = _handed_out(pool, work, left, AHEAD * workers, finished, failures)
        for piece in held:
            _alone(work, piece, finished, failures)
    return [failure for piece in pieces for failure in failures.get(str(piece), ())]


def tried(work: Work[P], piece: P) -> Sequence[Failed]:
    """Do one piece and return those of its parts that failed; itself, if it raises an Exception."""
    try:
        return work(piece) or ()
    except Exception as problem:
        return [_failure(piece, problem)]


def _done(work: Work[P], piece: P, finished: Finished[P]) -> Sequence[Failed]:
    failed = tried(work, piece)
    if not any(failure.piece == str(piece) for failure in failed):
        finished(piece)
    return failed


def _pool(workers: int, threads: bool) -> Executor:
    if threads:
        return ThreadPoolExecutor(workers)
    return ProcessPoolExecutor(workers, initializer=_in_a_worker, initargs=(os.getpid(),))


def _handed_out(
    pool: Executor, work: Work[P], pieces: list[P], ahead: int, finished: Finished[P], failures: Failures
) -> tuple[list[P], list[P]]:
    """Hand pieces to a pool, never more than `ahead` at once; return those it held when it broke, and those left."""
    coming, waiting, held = iter(pieces), dict[Future[Sequence[Failed] | None], P](), list[P]()
    try:
        while not held:
            for piece in islice(coming, ahead - len(waiting)):
                waiting[_begun(pool, work, piece)] = piece
            if not waiting:
                break
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                piece, problem = waiting.pop(future), future.exception()
                if problem is None:
                    failures[str(piece)] = future.result() or ()
                    finished(piece)
                elif isinstance(problem, BrokenProcessPool):
                    held.append(piece)
                else:
                    failures[str(piece)] = [_failure(piece, problem)]
    finally:
        for future in waiting:  # on Ctrl-C: what has not begun is dropped, what has is finished and kept
            future.cancel()
    return held + list(waiting.values()), list(coming)


def _begun(pool: Executor, work: Work[P], piece: P) -> Future[Sequence[Failed] | None]:
    try:
        return pool.submit(work, piece)
    except BrokenProcessPool as problem:  # it broke since we last looked
        never: Future[Sequence[Failed] | None] = Future()
        never.set_exception(problem)
        return never


def _alone(work: Work[P], piece: P, finished: Finished[P], failures: Failures) -> None:
    """Try one piece in a pool of its own, as often as is left to it."""
    for _ in range(ATTEMPTS - 1):
        with _pool(1, False) as pool:
            held, _ = _handed_out(pool, work, [piece], 1, finished, failures)
        if not held:
            return
    failures[str(piece)] = [Failed(str(piece), f"its worker was killed, {ATTEMPTS} times")]


def _in_a_worker(parent: int) -> None:
    # A terminal sends Ctrl-C to every process; a worker finishes its piece, which is then kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent that is killed cannot tell its workers to stop, and they would wait for work for ever.
    while os.getppid() == parent:
        time.sleep(ORPHANED)
    os._exit(1)


def _failure(piece: object, problem: BaseException) -> Failed:
    return Failed(str(piece), f"{type(problem).__name__}: {problem}".replace("\n", " "))


class _Told(event.Listener):  # type: ignore[misc]
    """Says once that rules are being compiled, and only when numba does compile and does not load what it has."""

    def __init__(self) -> None:
        self.said = False
        self.say: Callable[[str], None] = print

    def on_start(self, event: Any) -> None:
        if not self.said:
            self.said = True
            self.say(COMPILES)

    def on_end(self, event: Any) -> None:
        pass


_TOLD = _Told()


@contextmanager
def telling_of_compiling(say: Callable[[str], None]) -> Iterator[None]:
    """Say that the rules are being compiled, if and when that happens within; a process says it once."""
    _TOLD.say = say
    with event.install_listener("numba:compile", _TOLD):
        yield
