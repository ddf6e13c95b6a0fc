"""A fit small enough to be killed many times: `python -m tests.killed_fit OUT` makes it, and counts what it passes.

With a moment, such as `draws.parquet:1` or `learning:7`, the process ends itself there by SIGKILL: the seventh time
that it learns, or while it writes that file, of which half is then on the disk.
"""

import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any
from unittest.mock import patch

from calibration import posterior
from calibration.fit import SOONEST, WAVES, Task, bank_folder, fit, task
from calibration.fitted import write
from calibration.past import pasts
from scenarios import current_law
from tests.made_fit import QUIET

WORLDS, SCALE = 24, 0.02  # of a wave, and of the population
PASTS = 16
WORLD, LEARNING = ".npy", "learning"
BANK, FIT = "bank", "fit"


def small(out: Path) -> Task:
    """Few worlds of few people, and the figures of the first years."""
    law = current_law()
    made = task(law, bank_folder(law, out), SOONEST, WAVES * WORLDS)
    return replace(made, scale=SCALE, observations=tuple(one for one in made.observations if one.last <= SOONEST))


def make(out: Path) -> None:
    """Fit, and write what was found, as `ipp fit` does."""
    found, failed = fit(small(out), 2, QUIET)
    assert failed == []
    write(found, pasts(found, 2, QUIET, PASTS), out / FIT)


class Passed:
    """Counts moments by kind, and ends the process at one of them."""

    def __init__(self, moment: str) -> None:
        """Take the kind and number of the moment to end at; '' for none."""
        self.kind, _, number = moment.partition(":")
        self.number, self.seen, self.lock = int(number or 0), Counter[str](), Lock()

    def here(self, kind: str, half: Path | None = None) -> None:
        """Pass a moment; `half` is the file that is half written then."""
        with self.lock:
            self.seen[kind] += 1
            if (self.kind, self.number) == (kind, self.seen[kind]):
                if half:
                    os.truncate(half, half.stat().st_size // 2)
                os.kill(os.getpid(), signal.SIGKILL)


def main(out: Path, moment: str) -> None:
    """Make the fit, ending at a moment."""
    passed, update, rename = Passed(moment), posterior.updated, Path.replace

    def updated(*what: Any) -> posterior.Cloud:
        passed.here(LEARNING)
        return update(*what)

    def renamed(temporary: Path, path: Path) -> Path:
        passed.here(path.suffix if path.suffix == WORLD else path.name, temporary)
        return rename(temporary, path)

    with patch.object(posterior, "updated", updated), patch.object(Path, "replace", renamed):
        make(out)
    print(*(f"{kind}:{count}" for kind, count in passed.seen.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "".join(sys.argv[2:]))
