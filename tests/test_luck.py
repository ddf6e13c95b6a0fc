"""Luck: is it as good as chance? Every check takes a hash, so that weak ones can be seen to fail it.

A check returns the probability that a perfect hash would look as odd. All of it is fixed by the numbers
below: luck passes or fails for good, and nothing here can fail now and then.
"""

from collections.abc import Callable
from itertools import product
from math import pi, sqrt
from typing import SupportsFloat

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import luck

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]
Hash = Callable[..., Words]  # (seed, life, person, purpose, occasion) -> 64-bit words, of which 53 count
Check = Callable[[Hash], float]

PARTS = ("seed", "life", "person", "purpose", "occasion")
BITS_OF_PART = (63, 32, 32, 16, 32)  # that may differ between two uses
BITS = 53  # of a word that make a number in [0, 1)
PASS = 1e-4  # luck must look no odder than this; 8 checks of it are made
FAIL = 1e-9  # a weak hash must look odder than this to some check

ODD = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0xABC98388FB8FAC03, 0x8CB92BA72F3D8DD7, 3))


@numba.vectorize(["uint64(uint64, int64, int64)"])
def person_keys(seed: int, life: int, person: int) -> int:
    return luck.person_key(seed, life, person)


@numba.vectorize(["uint64(uint64)"])
def mixed(word: int) -> int:
    return luck.mix(word)


def the_luck(seed: Words, life: Words, person: Words, purpose: Words, occasion: Words) -> Words:
    """The hash under test, as the model uses it."""
    signed = [part.astype(np.int64) for part in (life, person, purpose, occasion)]
    luck_of_each = luck.us(person_keys(seed, *signed[:2]), *signed[2:])
    return (luck_of_each * 2.0**BITS).astype(np.uint64) << np.uint64(64 - BITS)


# Weak hashes, each in a way that a simulation might be tempted by.


def congruential_sum(*parts: Words) -> Words:
    """One step of a linear congruential generator from the sum of the parts."""
    total = sum(parts[1:], start=parts[0])
    return total * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)


def mixed_sum(*parts: Words) -> Words:
    """The sum of the parts, well mixed: person 3 on occasion 4 meets the luck of person 4 on occasion 3."""
    return mixed(sum(parts[1:], start=parts[0]))


def additive(*parts: Words) -> Words:
    """The parts times odd constants, added up and never mixed."""
    return sum((part * odd for part, odd in zip(parts[1:], ODD[1:], strict=True)), start=parts[0] * ODD[0])


def separate(*parts: Words) -> Words:
    """Each part well mixed by itself, and the five joined by exclusive or."""
    word = np.zeros(1, np.uint64)
    for part, odd in zip(parts, ODD, strict=True):
        word = word ^ mixed(part * odd + odd)
    return word


def blind_to(which: int) -> Hash:
    """Luck that does not see the lowest bit of one part."""

    def blind(*parts: Words) -> Words:
        seen = list(parts)
        seen[which] = seen[which] & ~np.uint64(1)
        return the_luck(*seen)

    return blind


def leaning(*parts: Words) -> Words:
    """Luck that is smaller than it should be by one part in thirty."""
    word = the_luck(*parts)
    return word - word // np.uint64(30)


def half_mixed(*parts: Words) -> Words:
    """The parts times odd constants, mixed by one multiplication and one shift."""
    word = additive(*parts) * ODD[1]
    return word ^ (word >> np.uint64(32))


WEAK: dict[str, Hash] = {
    "congruential sum": congruential_sum,
    "mixed sum": mixed_sum,
    "additive": additive,
    "separate": separate,
    "leaning": leaning,
    "half mixed": half_mixed,
    **{f"blind to {part}": blind_to(which) for which, part in enumerate(PARTS)},
}


def numbers(words: Words) -> Floats:
    return (words >> np.uint64(64 - BITS)).astype(np.float64) * 2.0**-BITS


def apart(a: int = 4, b: int = 8, c: int = 32, d: int = 16, e: int = 4) -> list[Words]:
    """Small even values of the five parts, as the model uses them, in every combination (65,536 of them)."""
    grid = np.array(list(product(range(a), range(b), range(c), range(d), range(e))), np.uint64).T
    return list(grid * np.uint64(2))


def along(which: int, n: int = 2**15) -> list[Words]:
    """The five parts where one of them counts 0, 1, 2 ... and the others stand still."""
    parts = [np.full(n, 5 + place, np.uint64) for place in range(len(PARTS))]
    parts[which] = np.arange(n, dtype=np.uint64)
    return parts


def stepped(parts: list[Words], which: int) -> list[Words]:
    """The same parts with 1 added to one of them: the neighbours along it."""
    return [part + np.uint64(place == which) for place, part in enumerate(parts)]


def two_sided(p: SupportsFloat) -> float:
    """A probability that is small if a statistic is too small or too large: too even is no chance either."""
    return min(1.0, 2 * min(float(p), 1 - float(p)))


def kolmogorov(values: Floats, distribution: str) -> float:
    """The chance of values that follow a distribution as ill as these, or as suspiciously well."""
    return two_sided(stats.kstest(values, distribution).pvalue)


def even(counts: NDArray[np.intp]) -> float:
    """The chance that cells of equal chance hold counts as uneven as these, or as even."""
    expected = counts.sum() / counts.size
    return two_sided(stats.chi2.sf(float(np.sum((counts - expected) ** 2)) / float(expected), counts.size - 1))


def least(chances: list[float]) -> float:
    """The least of several chances, allowing for there being several."""
    return min(1.0, min(chances) * len(chances))


def of_normal(z: SupportsFloat) -> float:
    """The chance of a standard normal number as far from 0."""
    return 2 * float(stats.norm.sf(abs(float(z))))


def in_cells(values: Floats, cells: int) -> NDArray[np.intp]:
    return np.bincount((values * cells).astype(np.intp), minlength=cells)


def uniform_in_cells(hash_: Hash) -> float:
    """256 cells of [0, 1), counting along each part and over a grid of them all: chi-square."""
    sets = [along(which) for which in range(len(PARTS))] + [apart()]
    return least([even(in_cells(numbers(hash_(*parts)), 256)) for parts in sets])


def uniform_as_a_whole(hash_: Hash) -> float:
    """The distribution function, counting along each part and over the grid: Kolmogorov and Smirnov."""
    sets = [along(which) for which in range(len(PARTS))] + [apart()]
    return least([kolmogorov(numbers(hash_(*parts)), "uniform") for parts in sets])


def uncorrelated(hash_: Hash) -> float:
    """Correlation with what stands 1, 2, 3, 7 and 64 places further along each part."""
    chances = []
    for which in range(len(PARTS)):
        values = numbers(hash_(*along(which)))
        for lag in (1, 2, 3, 7, 64):
            r = np.corrcoef(values[:-lag], values[lag:])[0, 1]
            chances.append(of_normal(r * sqrt(values.size - lag)))
    return least(chances)


def independent_pairs(hash_: Hash) -> float:
    """Neighbours along each part fall evenly in 16 × 16 cells of the unit square."""
    parts = apart()
    here = (numbers(hash_(*parts)) * 16).astype(np.intp)
    chances = []
    for which in range(len(PARTS)):
        there = (numbers(hash_(*stepped(parts, which))) * 16).astype(np.intp)
        chances.append(even(np.bincount(here * 16 + there, minlength=256)))
    return least(chances)


def independent_corners(hash_: Hash) -> float:
    """Knowing three corners of a rectangle in any two parts says nothing of the fourth.

    The alternating sum and the exclusive or of the corners are uniform.
    """
    parts = apart()
    here, chances = hash_(*parts), []
    for first, second in ((a, b) for a in range(len(PARTS)) for b in range(a)):
        one, other = stepped(parts, first), stepped(parts, second)
        corners = [here, hash_(*one), hash_(*other), hash_(*stepped(one, second))]
        together = corners[0] - corners[1] - corners[2] + corners[3]
        chances.append(even(in_cells(numbers(together), 64)))
        chances.append(even(in_cells(numbers(corners[0] ^ corners[1] ^ corners[2] ^ corners[3]), 64)))
    return least(chances)


def flips(hash_: Hash, n: int = 2_048) -> Floats:
    """How often flipping each bit of each part (rows) flips each bit of the number (columns), out of `n`."""
    some = np.arange(n) * 40_503 % 2**16  # an odd step goes through the grid without a pattern of its own
    parts = [part[some] for part in apart()]
    here, rows = hash_(*parts), []
    for which, width in enumerate(BITS_OF_PART):
        for bit in range(width):
            flipped = list(parts)
            flipped[which] = flipped[which] ^ (np.uint64(1) << np.uint64(bit))
            changed = np.broadcast_to(here ^ hash_(*flipped), (n,)).astype(">u8")
            rows.append(np.unpackbits(changed.view(np.uint8).reshape(n, 8), axis=1)[:, :BITS].sum(axis=0))
    return np.array(rows) / n


def avalanche_on_the_whole(hash_: Hash) -> float:
    """Flipping any one bit of any part flips half the bits of the number on average."""
    means = flips(hash_).mean(axis=1)
    return least([of_normal((mean - 0.5) * 2 * sqrt(2_048 * BITS)) for mean in means])


def avalanche_bit_by_bit(hash_: Hash) -> float:
    """Flipping any one bit of any part flips each single bit of the number half the time."""
    z = (flips(hash_) - 0.5) * 2 * sqrt(2_048)
    return min(1.0, of_normal(np.abs(z).max()) * z.size)


def kept_apart(hash_: Hash) -> float:
    """No two combinations of parts below 8 share a number (by chance, with 53 bits: one in 10 million)."""
    parts = [part // np.uint64(2) for part in apart(8, 8, 8, 8, 8)]
    words = np.broadcast_to(hash_(*parts), parts[0].shape) >> np.uint64(64 - BITS)
    return 1.0 if np.unique(words).size == words.size else 0.0


# What each check must see through, among others.
CATCHES: dict[Check, tuple[str, ...]] = {
    uniform_in_cells: ("leaning", "additive", "congruential sum"),
    uniform_as_a_whole: ("leaning", "additive", "congruential sum"),
    uncorrelated: tuple(f"blind to {part}" for part in PARTS),
    independent_pairs: ("additive", *(f"blind to {part}" for part in PARTS)),
    independent_corners: ("additive", "separate"),
    avalanche_on_the_whole: ("additive", "congruential sum", "half mixed"),
    avalanche_bit_by_bit: ("additive", "congruential sum", "half mixed", "blind to purpose"),
    kept_apart: ("mixed sum", "congruential sum", *(f"blind to {part}" for part in PARTS)),
}


@pytest.mark.parametrize("check", CATCHES, ids=lambda check: check.__name__)
def test_luck_is_as_good_as_chance(check: Check) -> None:
    assert check(the_luck) > PASS


@pytest.mark.parametrize(
    ("check", "weak"),
    [(check, weak) for check, names in CATCHES.items() for weak in names],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_weak_hash_is_seen_through(check: Check, weak: str) -> None:
    assert check(WEAK[weak]) < FAIL


def test_every_weak_hash_is_seen_through_by_some_check() -> None:
    assert {weak for names in CATCHES.values() for weak in names} == set(WEAK)


def collisions(keys: Callable[[Words, Words, Words], Words]) -> int:
    """How many of 3 seeds × 300 lives × 3,000 people share a key with another."""
    seed, life, person = (np.arange(n, dtype=np.uint64) for n in (3, 300, 3_000))
    found = np.sort(keys(seed[:, None, None], life[:, None], person).ravel())
    return int((found[1:] == found[:-1]).sum())


def test_no_two_people_share_a_key() -> None:
    assert collisions(lambda seed, life, person: person_keys(seed, life.astype(np.int64), person.astype(np.int64))) == 0


def test_shared_keys_are_found() -> None:
    assert collisions(lambda seed, life, person: mixed(seed * ODD[0] + life * np.uint64(1_000) + person)) > 0


def test_one_number_equals_its_place_in_an_array() -> None:
    keys = luck.keys(7, 3, 40)
    people = np.arange(40, dtype=np.int64)
    assert keys.tolist() == [luck.person_key(7, 3, n) for n in range(40)]
    assert keys.tolist() == person_keys(np.uint64(7), np.int64(3), people).tolist()
    many = luck.us(keys[:, None, None], np.arange(8)[:, None], np.arange(-5, 50))
    for i, purpose, k in product(range(40), range(8), range(55)):
        assert luck.u(keys[i], purpose, k - 5) == many[i, purpose, k]


def test_luck_is_a_number_from_0_to_below_1() -> None:
    values = luck.us(luck.keys(1, 1, 100_000), 0, 0)
    assert values.min() >= 0.0
    assert values.max() < 1.0
    assert float(2**BITS - 1) * luck.UNIT < 1.0  # the largest there can be


KEY = 7315301522511517032  # of person 3 in life 2 of seed 1
PINNED_KEYS = {
    (0, 0, 0): 2558736989570252433,
    (1, 2, 3): KEY,
    (2026, 999, 8710): 208674566943175858,
    (2**63 - 1, 0, 1): 16958921912650222430,
}
PINNED_LUCK = {
    (5, 1, 1): 0.7548192383292459,
    (KEY, 0, 0): 0.25519814603631363,
    (KEY, 21, 4_095): 0.9080086430765794,
    (KEY, 3, -64): 0.2967556340480849,
}
PINNED_NORMALS = {(5, 1): 0.047131704, (KEY, 0): 0.715589682, (KEY, 7): -0.097024034}
PINNED_STREAM = 1473676318109151490  # of KEY, for purpose 1
PINNED_WORD = 15994481621492236169  # of that stream, on occasion -3
PINNED_MOMENTS = {  # (key, purpose, size, block): (day, mark) of each moment, in the order of their numbers
    (KEY, 1, 12, 0): [],
    (KEY, 102, 8, 3): [(949, 0.38011354972637446), (824, 0.31027752222303984)],
    (KEY, 121, 7, 100): [(12_870, 0.15215900085894396)],
    (KEY, 3, 0, 7_304): [(7_304, 0.1331347520318913)],
    (KEY, 3, 4, 9): [(147, 0.5399743873180536), (147, 0.521338820441167)],
    (KEY, 100, 10, 2): [(2_974, 0.09570960484550617), (2_578, 0.5883562401407113)],
    (KEY, 115, 11, 8): [(16_696, 0.3233329430526727)],
}
PINNED_SIZES = {0.001: 12, 0.17: 11, 0.35: 10, 0.5: 9, 1.4: 8, 1.5: 7, 200.0: 0}  # of ceilings a year


def test_the_same_seed_keeps_giving_the_same_luck() -> None:
    """Pinned: a change here changes every result ever published."""
    assert luck.mix(1) == 6238072747940578789
    assert [luck.person_key(*of) for of in PINNED_KEYS] == list(PINNED_KEYS.values())
    assert [luck.u(*of) for of in PINNED_LUCK] == list(PINNED_LUCK.values())
    assert [luck.normal(*of) for of in PINNED_NORMALS] == list(PINNED_NORMALS.values())
    assert luck.stream(KEY, 1) == PINNED_STREAM and luck.word(PINNED_STREAM, -3) == PINNED_WORD


def moments(key: int, purpose: int, size: int, block: int) -> list[tuple[int, float]]:
    """Every moment in one block of a rain: (day, mark)."""
    rain = np.uint64(luck.stream(key, purpose))  # said to be unsigned, or Python would hand over a signed number
    many = luck.moments_in(rain, block)
    return [(luck.moment(rain, block, size, n), luck.mark(rain, block, n)) for n in range(many)]


def test_the_same_seed_keeps_giving_the_same_rain() -> None:
    """Pinned too; the first places of the table to their last bit, since a count is drawn from it."""
    assert [moments(*of) for of in PINNED_MOMENTS] == list(PINNED_MOMENTS.values())
    assert [luck.block_size(ceiling) for ceiling in PINNED_SIZES] == list(PINNED_SIZES.values())
    assert luck.ONE_A_BLOCK[:4] == (0.36787944117144233, 0.7357588823428847, 0.9196986029286058, 0.9810118431238463)


def box_muller(hash_: Hash, people: int) -> Floats:
    """Standard normals from a hash, by the formula that `luck.normal` says it uses."""
    person = np.arange(people, dtype=np.uint64)
    seed, life, purpose = (np.full(people, n, np.uint64) for n in (1, 0, 3))
    one, two = (numbers(hash_(seed, life, person, purpose, np.full(people, k, np.uint64))) for k in (0, 1))
    return np.asarray(np.sqrt(-2 * np.log(1 - one)) * np.cos(2 * pi * two))


def normal_chances(values: Floats) -> float:
    """The chance of a mean, spread, skew, weight of tails and distribution as far from a normal's as these."""
    n = values.size
    return least(
        [
            of_normal(values.mean() * sqrt(n)),
            two_sided(stats.chi2.sf(float((values**2).sum()), n)),
            of_normal((values**3).mean() / sqrt(15 / n)),
            of_normal(((values**4).mean() - 3) / sqrt(96 / n)),
            kolmogorov(values, "norm"),
        ]
    )


def test_normals_are_normal() -> None:
    values = np.array([luck.normal(key, 3) for key in luck.keys(1, 0, 40_000)])
    assert np.abs(values - box_muller(the_luck, 40_000)).max() < 1e-8
    assert normal_chances(values) > PASS


@pytest.mark.parametrize("weak", ["leaning", "additive", "blind to occasion"])
def test_normals_from_weak_luck_are_seen_through(weak: str) -> None:
    assert normal_chances(box_muller(WEAK[weak], 40_000)) < FAIL
