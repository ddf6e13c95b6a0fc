"""Luck: a pure function of (seed, life, person, purpose, occasion). No generator, no state, no order.

Each number is a hash of what it is for. So a person meets the same luck whatever happens to others, in
whatever order the world is computed and under whatever law, and two scenarios differ only where a rule
made them differ.
"""

from math import ceil, cos, exp, factorial, inf, log, pi, sqrt
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
SLACK = 8  # more than a bar in units of 2^-53 can lose by rounding
SLOTS = 64  # occasions set aside for one block of the rain: its count, and a day and a mark for each moment
LARGEST_BLOCK = 12  # blocks of 4,096 days at most, for hazards of one in eleven years and rarer
ONE_A_BLOCK = tuple(np.cumsum([exp(-1) / factorial(n) for n in range(20)]).tolist())  # Poisson with mean 1
# The same in units of 2^-53, rounded up, as compiled code compares them fastest with luck as a whole number.
COUNTS = np.array([ceil(chance / UNIT) for chance in ONE_A_BLOCK], np.uint64)
THICKNESS = np.array([YEAR * 0.5**size for size in range(LARGEST_BLOCK + 1)])


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
    for larger in range(1, LARGEST_BLOCK + 1):
        size += int(days >> larger > 0)  # a sum, and no branch that a processor would guess wrong
    return size


@compiled
def density(size: int) -> float:
    """Return the moments a year of a rain with one in each block of 2 to the `size` days."""
    return float(THICKNESS[size])


@compiled
def moments_in(rain: Any, block: int) -> int:
    """Return how many moments fall in one block of a rain: Poisson with mean 1, by inversion.

    A rain is a shower of candidate moments, fixed on the calendar for each key and purpose. A moment comes
    to pass where its mark × density < the hazard of that day (Lewis and Shedler 1979, thinning).
    """
    luck = word(rain, block * SLOTS) >> U(11)
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


@compiled
def may_hold(rain: Any, block: int, bar: Any) -> bool:
    """Return False only if no moment of a block has a mark below a bar, in units of 2^-53: most blocks, at a glance.

    It looks at the first two marks, whether or not they are of moments: without a branch that a processor would guess
    wrong. A block of three moments or more may hold anything.
    """
    count = word(rain, block * SLOTS) >> U(11)
    first, second = (word(rain, block * SLOTS + 2) >> U(11)) < bar, (word(rain, block * SLOTS + 4) >> U(11)) < bar
    return bool(((count >= COUNTS[0]) & first) | ((count >= COUNTS[1]) & second) | (count >= COUNTS[2]))


@compiled
def next_moment(rain: Any, size: int, most: float, after: int, until: int) -> tuple[int, float]:
    """Return the first day after a day with a moment whose mark × density is below `most`, and that product.

    Of several on one day it is the least, which comes to pass if any does. If there is none up to the end of the
    block of `until`: the first day of the next block, and infinity.
    """
    thick, first, least = density(size), NEVER, inf
    bar = U(min(most / thick, 1.0) / UNIT) + U(SLACK)
    block = (after + 1) >> size
    while first == NEVER and block << size <= until:
        if may_hold(rain, block, bar):
            for n in range(moments_in(rain, block)):
                day, lucky = moment(rain, block, size, n), mark(rain, block, n) * thick
                if lucky < most and after < day and (day < first or (day == first and lucky < least)):
                    first, least = day, lucky
        block += 1
    return first if first < NEVER else max(block << size, after + 1), least


def keys(seed: int, life: int, people: int) -> NDArray[np.uint64]:
    """Return the keys of people 0 to `people` - 1 in one life, shape (people,)."""
    return np.array([person_key(seed, life, n) for n in range(people)], dtype=np.uint64)
