"""Luck: a pure function of (seed, life, person, purpose, occasion). No generator, no state, no order.

Each number is a hash of what it is for. So a person meets the same luck whatever happens to others, in
whatever order the world is computed and under whatever law, and two scenarios differ only where a rule
made them differ.
"""

from math import cos, exp, log, pi, sqrt
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.days import NEVER, YEAR

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)  # the splitmix64 increment and multipliers (Steele, Lea and Flood 2014)
FIRST = U(0xBF58476D1CE4E5B9)
SECOND = U(0x94D049BB133111EB)
BY_LIFE = U(0xD1B54A32D192ED03)  # odd constants that keep the parts of a key apart
BY_PERSON = U(0xABC98388FB8FAC03)
BY_PURPOSE = U(0x8CB92BA72F3D8DD7)
UNIT = 2.0**-53
SLOTS = 64  # occasions set aside for one block of the rain
MOST = 31  # moments a block may hold; the chance of more is below 1e-30 at one a block


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
def u(key: int, purpose: int, occasion: int) -> float:
    """Return a number in [0, 1), the luck of `key` for the n-th occasion of one purpose."""
    return float(mix(mix(U(key) + U(purpose) * BY_PURPOSE) + U(occasion) * GOLDEN) >> U(11)) * UNIT


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
def block_days(ceiling: float) -> int:
    """Return the length in days of the rain's blocks: about one moment a block at `ceiling` a year."""
    return max(1, min(int(YEAR / ceiling), 3_653))


@compiled
def moments_in_block(key: int, purpose: int, block: int, expected: float) -> int:
    """Return how many candidate moments fall in one block: Poisson(expected), by inversion."""
    luck = u(key, purpose, block * SLOTS)
    term = total = exp(-expected)
    count = 0
    while luck >= total and count < MOST:
        count += 1
        term *= expected / count
        total += term
    return count


@compiled
def next_moment(key: int, purpose: int, ceiling: float, after: int, until: int) -> tuple[int, float]:
    """Return the first day of the rain in (after, until] and its mark; (NEVER, 1.0) if there is none.

    The rain is a Poisson shower of candidate moments at `ceiling` a year, fixed on the calendar for each
    key and purpose. A moment comes to pass where mark × ceiling < the hazard of that day (Lewis and
    Shedler 1979, thinning). Moments that share a day count as one, with the least mark among them.
    """
    length = block_days(ceiling)
    expected = ceiling * length / YEAR
    block = (after + 1) // length
    while block * length <= until:
        day, mark = NEVER, 1.0
        for i in range(moments_in_block(key, purpose, block, expected)):
            occasion = block * SLOTS + 1 + 2 * i
            at = block * length + int(u(key, purpose, occasion) * length)
            if after < at <= until and at <= day:
                its = u(key, purpose, occasion + 1)
                mark = min(mark, its) if at == day else its
                day = at
        if day < NEVER:
            return day, mark
        block += 1
    return NEVER, 1.0


def keys(seed: int, life: int, people: int) -> NDArray[np.uint64]:
    """Return the keys of people 0 to `people` - 1 in one life, shape (people,)."""
    return np.array([person_key(seed, life, n) for n in range(people)], dtype=np.uint64)
