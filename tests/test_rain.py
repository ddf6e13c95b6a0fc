"""The rain: candidate moments fixed on the calendar. Does it fall as chance would have it?

As with luck, each check takes a rain and returns how oddly it falls, and is seen to catch broken rains.
Each block of 2 to the `size` days holds a Poisson number of moments with mean 1, each on a day of its own
luck; so every day, every window and every thinned part holds a Poisson number too, and exactly so. What
the rules make of it is in test_hazards.py.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import luck
from sim.compiling import compiled
from sim.days import HORIZON, YEAR
from tests.test_luck import FAIL, PASS, Floats, Words, kolmogorov, least, of_normal

SIZES = (0, 1, 4, 8, luck.LARGEST_BLOCK)  # blocks of one day to 11 years
BROKEN_AT = 4  # the size at which broken rains are looked at
PEOPLE = 4_000
PURPOSE = 9


class Moments(NamedTuple):
    """Every moment of some people: whose it is, which day, and its mark; by person and day."""

    who: NDArray[np.int64]
    day: NDArray[np.int64]
    mark: Floats


Rain = Callable[[Words, int, int], Moments]  # (keys, size, last day) -> moments from day 0
Check = Callable[[Rain, int], float]


def in_order(who: NDArray[np.int64], day: NDArray[np.int64], mark: Floats) -> Moments:
    """Moments by person and day; those of one day stay in the order in which their block numbers them."""
    order = np.lexsort((day, who))
    return Moments(who[order], day[order], mark[order])


@compiled
def count_and_fill(keys: Words, purpose: int, size: int, last: int, who: Any, days: Any, marks: Any) -> int:
    """Write every moment from day 0 to `last` into the columns, as long as there is room; return how many there are."""
    n = 0
    for i in range(len(keys)):
        rain = luck.stream(keys[i], purpose)
        for block in range((last >> size) + 1):
            for each in range(luck.moments_in(rain, block)):
                day = luck.moment(rain, block, size, each)
                if day <= last and n < len(days):
                    who[n], days[n], marks[n] = i, day, luck.mark(rain, block, each)
                n += day <= last
    return n


def the_rain(keys: Words, size: int, last: int) -> Moments:
    """The rain under test, asked for as the model asks for it."""
    columns = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    n = count_and_fill(keys, PURPOSE, size, last, *columns)
    columns = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n)
    count_and_fill(keys, PURPOSE, size, last, *columns)
    return in_order(*columns)


def written_anew(fault: str = "", purpose: int = PURPOSE) -> Rain:
    """The same rain written a second way, all blocks at once in numpy; with a fault, if one is named."""

    def rain(keys: Words, size: int, last: int) -> Moments:
        block = np.arange(last // 2**size + 1)
        lucky = (block // 2 if fault == "blocks alike in pairs" else block) * luck.SLOTS
        chances = stats.poisson.cdf(np.arange(40), 1)
        count = np.searchsorted(chances, luck.us(keys[:, None], purpose, lucky), side="right")
        if fault == "one a block":
            count = np.ones_like(count)
        moments = []
        for n in range(int(count.max())):
            who, at = np.nonzero(count > n)
            of_day = lucky[at] + 1 + (0 if fault == "one day a block" else 2 * n)
            of_mark = lucky[at] + 2 + (0 if fault == "one mark a block" else 2 * n)
            place, mark = luck.us(keys[who], purpose, of_day), luck.us(keys[who], purpose, of_mark)
            if fault == "early in its block":
                place = place**1.5
            if fault == "marks that follow the day":
                mark = place
            if fault == "marks too small":
                mark = mark**1.2
            moments.append((who, block[at] * 2**size + (place * 2**size).astype(np.int64), mark))
        found = in_order(*(np.concatenate(column) for column in zip(*moments, strict=True)))
        kept = found.day <= last
        if fault == "one a day":
            kept &= np.append(True, (np.diff(found.who) != 0) | (np.diff(found.day) != 0))
        return Moments(found.who[kept], found.day[kept], found.mark[kept])

    return rain


def window(size: int) -> int:
    """A number of days that holds about 20 moments, and not whole blocks; at most all days that the model has."""
    return min(int(20.5 * 2**size), HORIZON)


def keys(size: int) -> Words:
    return luck.keys(11, size, PEOPLE)  # other people at each size, or all sizes would meet the same counts


def poisson(seen: NDArray[np.intp], mean: float) -> float:
    """The chance of so many noughts, ones, twos ... as odd: chi-square over counts with 10 or more expected."""
    table = stats.poisson.pmf(np.arange(max(seen.size, 60)), mean) * seen.sum()
    seen = np.append(seen, np.zeros(table.size - seen.size, np.intp))
    usual = table >= 10
    usual_seen = np.append(seen[usual], seen[~usual].sum())
    usual_table = np.append(table[usual], max(table[~usual].sum(), 1e-3))
    statistic = ((usual_seen - usual_table) ** 2 / usual_table).sum()
    return float(stats.chi2.sf(statistic, usual_table.size - 1))


def counts(moments: Moments) -> NDArray[np.intp]:
    return np.bincount(moments.who, minlength=PEOPLE)


def right_rate(rain: Rain, size: int) -> float:
    """As many moments in all as there should be."""
    due = PEOPLE * window(size) / 2**size
    return of_normal((rain(keys(size), size, window(size) - 1).who.size - due) / sqrt(due))


def variance_of_chance(rain: Rain, size: int) -> float:
    """The variance between people is that of chance: their mean."""
    due = window(size) / 2**size
    found = float(((counts(rain(keys(size), size, window(size) - 1)) - due) ** 2).mean())
    return of_normal((found / due - 1) / sqrt((2 + 1 / due) / PEOPLE))  # 1 / due: the excess kurtosis of Poisson


def counts_of_chance(rain: Rain, size: int) -> float:
    """People's counts are distributed as chance would have them."""
    return poisson(np.bincount(counts(rain(keys(size), size, window(size) - 1))), window(size) / 2**size)


def days_of_chance(rain: Rain, size: int) -> float:
    """The moments of one person's one day are as many as chance would have: each comes for itself."""
    days = window(size)
    who, day, _ = rain(keys(size), size, days - 1)
    wet = np.bincount(np.unique(who * days + day, return_counts=True)[1])
    return poisson(np.append(PEOPLE * days - wet.sum(), wet[1:]), 1 / 2**size)


def thinned(rain: Rain, size: int) -> float:
    """A hazard below the density comes to pass at its own rate, whatever the density."""
    moments, chances = rain(keys(size), size, window(size) - 1), []
    for share in (0.05, 0.37, 0.9):
        kept = np.bincount(moments.who[moments.mark < share], minlength=PEOPLE)
        chances.append(poisson(np.bincount(kept), share * window(size) / 2**size))
    return least(chances)


def days_alike(rain: Rain, size: int) -> float:
    """No part of the window, of a year or of a block is wetter than another."""
    days, chances = window(size), []
    moments = rain(keys(size), size, days - 1)
    for cycle in (days, 365, 2**size):
        cells = min(12, cycle)
        cell_of = np.arange(days) % cycle * cells // cycle
        seen = np.bincount(cell_of[moments.day], minlength=cells)
        due = np.bincount(cell_of, minlength=cells) * PEOPLE / 2**size
        seen, due = seen[due > 0], due[due > 0]
        chances.append(float(stats.chi2.sf(((seen - due) ** 2 / due).sum(), due.size)))
    return least(chances)


def marks_uniform(rain: Rain, size: int) -> float:
    """Marks are uniform."""
    return kolmogorov(rain(keys(size), size, window(size) - 1).mark, "uniform")


def marks_know_no_day(rain: Rain, size: int) -> float:
    """A mark says nothing of where in its block the day stands."""
    if size == 0:
        return 1.0
    moments = rain(keys(size), size, window(size) - 1)
    return of_normal(np.corrcoef(moments.mark, moments.day % 2**size)[0, 1] * sqrt(moments.day.size))


def marks_know_no_other(rain: Rain, size: int) -> float:
    """A mark says nothing of the mark that follows it, or of the number of moments in its block."""
    who, day, mark = rain(keys(size), size, window(size) - 1)
    one = who[1:] == who[:-1]
    following = np.corrcoef(mark[:-1][one], mark[1:][one])[0, 1] * sqrt(one.sum())
    _, place, many = np.unique(who * HORIZON + day // 2**size, return_inverse=True, return_counts=True)
    sharing = np.corrcoef(mark, many[place])[0, 1] * sqrt(mark.size)
    return least([of_normal(following), of_normal(sharing)])


def windows_independent(rain: Rain, size: int) -> float:
    """A count says nothing of the count in the window of half a block, one block or two after it."""
    chances = []
    for days in {max(1, 2**size // 2), 2**size, 2 * 2**size}:
        many = min(8, HORIZON // days)
        who, day, _ = rain(keys(size), size, many * days - 1)
        held = np.bincount(who * many + day // days, minlength=PEOPLE * many).reshape(PEOPLE, many)
        here, there = held[:, :-1].ravel(), held[:, 1:].ravel()
        if here.var() == 0 or there.var() == 0:
            return 0.0  # chance is never that even
        chances.append(of_normal(np.corrcoef(here, there)[0, 1] * sqrt(here.size)))
    return least(chances)


# What each check must see through, among others.
CATCHES: dict[Check, tuple[str, ...]] = {
    right_rate: ("one a day",),
    variance_of_chance: ("one a block", "blocks alike in pairs"),
    counts_of_chance: ("one a block", "blocks alike in pairs"),
    days_of_chance: ("one a day", "one day a block"),
    thinned: ("marks too small", "one mark a block", "one a block"),
    days_alike: ("early in its block",),
    marks_uniform: ("marks too small",),
    marks_know_no_day: ("marks that follow the day",),
    marks_know_no_other: ("one mark a block",),
    windows_independent: ("one a block", "one day a block", "blocks alike in pairs"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("check", CATCHES, ids=lambda check: check.__name__)
def test_the_rain_falls_as_chance_would_have_it(check: Check, size: int) -> None:
    assert check(the_rain, size) > PASS


@pytest.mark.parametrize(
    ("check", "fault"),
    [(check, fault) for check, faults in CATCHES.items() for fault in faults],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_broken_rain_is_seen_through(check: Check, fault: str) -> None:
    assert check(written_anew(fault), BROKEN_AT) < FAIL


@pytest.mark.parametrize("size", SIZES)
def test_the_rain_is_the_same_written_a_second_way(size: int) -> None:
    last = min(3 * window(size) // 2, HORIZON)
    for mine, other in zip(the_rain(keys(size), size, last), written_anew()(keys(size), size, last), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_blocks_are_as_long_as_the_ceiling_lets_them_be() -> None:
    """Any longer, and a block of one moment would be too few for the ceiling; any shorter, and time is lost."""
    for ceiling in np.geomspace(1e-4, YEAR, 500):
        size = luck.block_size(ceiling)
        assert luck.density(size) >= ceiling
        assert luck.density(size) < 2 * ceiling or size == luck.LARGEST_BLOCK
    assert [luck.block_size(ceiling) for ceiling in (YEAR, YEAR / 2, YEAR / 2 + 1e-6, YEAR / 64)] == [0, 1, 0, 6]


def test_the_table_of_counts_is_poisson_and_loses_nobody() -> None:
    table = np.array(luck.ONE_A_BLOCK)
    np.testing.assert_allclose(table, stats.poisson.cdf(np.arange(table.size), 1), rtol=1e-15)
    assert 1 - 2.0**-53 < table[-1] <= 1  # so no luck is beyond the table
    assert 1 + 2 * table.size <= luck.SLOTS  # a count, and a day and a mark for each moment
