"""How the rules are compiled: with numba, into a cache that an edited rule can never find stale."""

import gc
import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

HERE = Path(__file__).parent


@cache
def sources_hash(folder: Path = HERE) -> str:
    """Return the first 16 hex digits of the SHA-256 of every source file in a folder, by default `sim/`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _choose_cache() -> None:
    # numba's own cache looks only at the file that holds the function, so a rule that calls an edited
    # rule in another file would run stale. One folder for each state of the sources prevents that.
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    mine = f"ipp-{sources_hash()}"
    if Path(home).name != mine:  # a process that this one starts finds the folder chosen already
        os.environ["NUMBA_CACHE_DIR"] = str(Path(home) / mine)


_choose_cache()

import numba  # noqa: E402  (numba reads its cache folder when it is imported)
from numba.core import event  # noqa: E402
from numba.extending import register_jitable  # noqa: E402

# No function of ours is handed to C, so numba need not write for each how C would call it.
PLAIN: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
# Nor, for what only compiled functions call compiled, how Python would.
WITHIN: dict[str, Any] = {"_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": True}
SELDOM = (100_000, 50, 100)  # new objects between two looks for rubbish, and looks between deeper ones


class _LooksSeldom(event.Listener):  # type: ignore[misc]
    """While numba compiles, Python looks for rubbish seldom: what numba makes lives on, and to look takes a tenth."""

    def __init__(self) -> None:
        self.depth, self.before = 0, gc.get_threshold()

    def on_start(self, event: Any) -> None:
        if self.depth == 0:
            self.before = gc.get_threshold()
            gc.set_threshold(*SELDOM)
        self.depth += 1

    def on_end(self, event: Any) -> None:
        self.depth -= 1
        if self.depth == 0:
            gc.set_threshold(*self.before)


event.register("numba:compile", _LooksSeldom())


def cache_of(function: Callable[..., Any]) -> str:
    """Return the folder for what is compiled of a function: by the sources of `sim/` and of the function's folder."""
    folder = Path(function.__code__.co_filename).parent
    chosen = os.environ["NUMBA_CACHE_DIR"]
    return chosen if folder == HERE else str(Path(chosen) / sources_hash(folder))


def compiled(function: F) -> F:
    """Compile `function` to machine code on first use; it neither holds the interpreter lock nor rounds loosely.

    It may not make or return an array: numba then need not count the users of the arrays that it is given,
    which took nine tenths of the time of a world. What it asks must be of `sim/` or of its own folder, whose
    sources say where it is kept: so it is never run as it was before an edit. Only what Python calls is kept.
    """
    return _compiled(function)


def inlined(function: F) -> F:
    """Compile `function` as `compiled` does, and as a part of whatever calls it: for what every turn calls.

    A call copies the address and shape of every array of the law and of the people.
    """
    return _compiled(function, inline="always")


def _compiled(function: F, **how: str) -> F:
    numba.config.CACHE_DIR = cache_of(function)  # numba asks for it here, for each function
    asked = numba.njit(cache=True, nogil=True, **PLAIN, **how)(function)
    if not how:
        # To let Python call a rule takes as long to compile as the rule. What compiled functions call is thus a twin
        # that Python cannot call, kept in no cache: it becomes a part of its callers, and they are kept.
        twin = numba.njit(**PLAIN | WITHIN)(function)
        asked.get_call_template, asked.get_overload = twin.get_call_template, twin.get_overload
    return asked  # type: ignore[no-any-return]


def told(function: F) -> F:
    """Leave `function` as it is for Python, and let compiled functions call it too: one story for both engines."""
    return register_jitable(**PLAIN | WITHIN)(function)  # type: ignore[no-any-return]
