"""Luck: a pure function of (seed, life, person, purpose, occasion). No generator, no state, no order.

Each number is a hash of what it is for. So a person meets the same luck whatever happens to others, in
whatever order the world is computed and under whatever law, and two scenarios differ only where a rule
made them differ.
"""

from math import cos, exp, factorial, log, pi, sqrt
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import YEAR

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)  # the splitmix64 increment and multipliers (Steele, Lea and Flood 2014)
FIRST = U(0xBF58476D1CE4E5B9)
SECOND = U(0x94D049BB133111EB)
BY_LIFE = U(0xD1B54A32D192ED03)  # odd constants that keep the parts of a key apart
BY_PERSON = U(0xABC98388FB8FAC03)
BY_PURPOSE = U(0x8CB92BA72F3D8DD7)
UNIT = 2.0**-53
SLOTS = 64  # occasions set aside for one block of the rain: its count, and a day and a mark for each moment
LARGEST_BLOCK = 12  # blocks of 4,096 days at most, for hazards of one in eleven years and rarer
ONE_A_BLOCK = tuple(np.cumsum([exp(-1) / factorial(n) for n in range(20)]).tolist())  # Poisson with mean 1
COUNTS = np.array(ONE_A_BLOCK)  # the same, as compiled code looks it up fastest


@compiled
def mix(z: Any) -> Any:
    """Return a 64-bit word with every bit of `z` spread over all of it (the splitmix64 finaliser)."""
    z = U(z)
    z = (z ^ (z >> U(30))) * FIRST
    z = (z ^ (z >> U(27))) * SECOND
    return z ^ (z >> U(31))


@compiled
def person_key(seed: int, life: int, person: int) -> Any:
    """Return the 64-bit key of one person in one life of one seed."""
    return mix(mix(mix(U(seed) + GOLDEN) + U(life) * BY_LIFE + GOLDEN) + U(person) * BY_PERSON + GOLDEN)


@compiled
def stream(key: int, purpose: int) -> Any:
    """Return the 64-bit key of all that one purpose draws for `key`."""
    return mix(U(key) + U(purpose) * BY_PURPOSE)


@compiled
def word(of: Any, occasion: int) -> Any:
    """Return 64 random bits: the luck of a stream for its n-th occasion."""
    return mix(U(of) + U(occasion) * GOLDEN)


@compiled
def unit(of: Any, occasion: int) -> float:
    """Return a number in [0, 1): the luck of a stream for its n-th occasion."""
    return float(word(of, occasion) >> U(11)) * UNIT


@compiled
def u(key: int, purpose: int, occasion: int) -> float:
    """Return a number in [0, 1), the luck of `key` for the n-th occasion of one purpose."""
    return unit(stream(key, purpose), occasion)


@numba.vectorize(["float64(uint64, int64, int64)"], cache=True)
def us(key: int, purpose: int, occasion: int) -> float:
    """Return `u` for whole arrays of keys, purposes and occasions (numpy broadcasting)."""
    return u(key, purpose, occasion)


@compiled
def normal(key: int, purpose: int) -> float:
    """Return a standard normal number (Box and Muller 1958), rounded to 1e-9.

    The rounding makes the last bit of a machine's own logarithm and cosine of no account.
    """
    radius = sqrt(-2.0 * log(1.0 - u(key, purpose, 0)))
    return round(radius * cos(2.0 * pi * u(key, purpose, 1)), 9)


@compiled
def block_size(ceiling: float) -> int:
    """Return n where blocks of 2 to the n days hold, on average, one moment of a rain of at least `ceiling` a year."""
    size, days = 0, int(YEAR / ceiling)
    while days > 1 and size < LARGEST_BLOCK:
        size, days = size + 1, days >> 1
    return size


@compiled
def density(size: int) -> float:
    """Return the moments a year of a rain with one in each block of 2 to the `size` days."""
    return YEAR * 0.5**size


@compiled
def moments_in(rain: Any, block: int) -> int:
    """Return how many moments fall in one block of a rain: Poisson with mean 1, by inversion.

    A rain is a shower of candidate moments, fixed on the calendar for each key and purpose. A moment comes
    to pass where its mark × density < the hazard of that day (Lewis and Shedler 1979, thinning).
    """
    luck = unit(rain, block * SLOTS)
    count = 0
    while count < len(COUNTS) and luck >= COUNTS[count]:
        count += 1
    return count


@compiled
def moment(rain: Any, block: int, size: int, n: int) -> int:
    """Return the day of the n-th moment in a block (they are in no order)."""
    return (block << size) + int(word(rain, block * SLOTS + 1 + 2 * n) >> U(64 - size)) if size else block


@compiled
def mark(rain: Any, block: int, n: int) -> float:
    """Return the mark, in [0, 1), of the n-th moment in a block."""
    return unit(rain, block * SLOTS + 2 + 2 * n)


def keys(seed: int, life: int, people: int) -> NDArray[np.uint64]:
    """Return the keys of people 0 to `people` - 1 in one life, shape (people,)."""
    return np.array([person_key(seed, life, n) for n in range(people)], dtype=np.uint64)
