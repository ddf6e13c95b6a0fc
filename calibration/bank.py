"""Bank: worlds lived at many places of the space of beliefs, each kept on disk as what it shows.

A world is known by the code it was lived with, its place, and its index, which is also its life's luck. So the bank is
the checkpoint: a wave that was stopped goes on where it was, and one that was finished is only read.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.stats import qmc

from calibration.draws import believing
from calibration.series import Observation
from calibration.space import numbers_at_place
from results.fit import observe
from results.store import write_bytes
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.ensemble import Failed, in_parallel
from sim.law import Law
from sim.setting import Past

SEED = 2024  # apart from the seeds of projections, which are then not shown the luck that was fitted
EDGE = 1e-9  # of the unit interval, whose very ends have no normal score
DIGITS = 12  # of a place: what a machine's own arithmetic does to the last ones is cut off
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wave:
    """Some worlds of the bank: what each is asked, where they are laid, and in which folder they are kept."""

    law: Law
    asked: tuple[Observation, ...]
    named: tuple[str, ...]  # the coordinates
    places: Floats  # shape (worlds, coordinates)
    folder: Path
    begin: int = 0  # index of the first world: no two waves share their luck
    seed: int = SEED
    scale: float = 1.0  # of the people sentenced and of the hearings and places for them
    pasts: tuple[Past | None, ...] = ()  # of each world, where its luck is not all its own

    @cached_property
    def worlds(self) -> list["BankWorld"]:
        """Every world of the wave."""
        return [BankWorld(self, i) for i in range(len(self.places))]

    @cached_property
    def asks(self) -> bytes:
        """All that its worlds are asked, and of how many people, under which luck."""
        asked = [(one.measure, one.group, one.first, one.last) for one in self.asked]
        return hashlib.sha256(repr((asked, self.seed, self.scale)).encode()).digest()

    @property
    def last(self) -> date:
        """The day until which its worlds live: the last that anything is asked of."""
        return max(one.last for one in self.asked)

    def fill(self, workers: int, finished: Callable[["BankWorld"], None]) -> list[Failed]:
        """Live every world that is not on disk yet; return those that failed."""
        left = [world for world in self.worlds if not world.path.exists()]
        return in_parallel(live, left, workers, finished, threads=True) if left else []

    def shown(self) -> tuple[Floats, Floats]:
        """Return the places of the finished worlds, and what each shows, shape (worlds, asked)."""
        done = [i for i, world in enumerate(self.worlds) if world.path.exists()]
        return self.places[done], np.array([np.load(self.worlds[i].path) for i in done])


@dataclass(frozen=True)
class BankWorld:
    """One world of a wave."""

    wave: Wave
    number: int

    def __str__(self) -> str:
        """Name it by its index."""
        return f"world {self.index}"

    @property
    def index(self) -> int:
        """Its index in the bank."""
        return self.wave.begin + self.number

    @property
    def past(self) -> Past | None:
        """The luck that it has had to some day, where that is not its own."""
        return self.wave.pasts[self.number] if self.wave.pasts else None

    @cached_property
    def path(self) -> Path:
        """Its file, named by its index, its place and what it is asked, so that another world is another file."""
        known = self.wave.places[self.number].tobytes() + self.wave.asks + repr(self.past or "").encode()
        return self.wave.folder / f"{self.index:06d}-{hashlib.sha256(known).hexdigest()[:12]}.npy"


def live(world: BankWorld) -> None:
    """Live one world and keep what it shows of what is asked."""
    wave = world.wave
    law = believing(wave.law, numbers_at_place(wave.law, wave.named, wave.places[world.number]))
    how: dict[str, Any] = {"last": day_of(wave.last), "scale": wave.scale, "past": world.past}
    lived = CompiledWorld([law], seed=wave.seed, life=world.index, **how)
    held = io.BytesIO()
    np.save(held, observe(wave.asked, lived.live(), lived.people, [law]))
    write_bytes(world.path, held.getvalue())


def normals(count: int, width: int, seed: int) -> Floats:
    """Return standard normal points of a scrambled Sobol sequence, shape (count, width): the first few spread too."""
    whole = 1 << (count - 1).bit_length()  # the sequence is balanced at powers of two
    points = qmc.Sobol(width, scramble=True, rng=np.random.default_rng(seed)).random(whole)[:count]
    return np.asarray(special.ndtri(np.clip(points, EDGE, 1 - EDGE)))


def rounded(places: Floats) -> Floats:
    """Return places to the digits in which machines agree."""
    return np.asarray(np.round(places, DIGITS))
