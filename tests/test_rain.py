"""The rain: candidate moments fixed on the calendar. Is it Poisson, and the same whoever asks, and when?

As with luck, each check takes a rain and returns how oddly it falls, and is seen to catch broken rains.
Moments of one day count as one, so a day is wet with the chance 1 - exp(-ceiling / 365.25), each for
itself; that is what Poisson means in whole days, and it holds exactly.
"""

from collections.abc import Callable
from math import exp, log, sqrt
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import luck
from sim.compiling import compiled
from sim.days import HORIZON, NEVER, YEAR
from tests.test_luck import FAIL, PASS, Floats, Words, kolmogorov, least, of_normal

CEILINGS = (0.01, 0.3, 2.0, 12.0, 200.0)
PEOPLE = 4_000
PURPOSE = 9


class Wet(NamedTuple):
    """Every wet day of some people: whose it is, which day, and its mark, in that order."""

    who: NDArray[np.int64]
    day: NDArray[np.int64]
    mark: Floats


Rain = Callable[[Words, float, int], Wet]  # (keys, ceiling, last day) -> wet days from day 0
Next = Callable[..., tuple[int, float]]  # as luck.next_moment
Check = Callable[[Rain, float], float]


@compiled
def count_and_fill(keys: Words, ceiling: float, last: int, who: Any, days: Any, marks: Any) -> int:
    """Write every wet day from 0 to `last` into the columns, as long as there is room; return how many there are."""
    n = 0
    for i in range(len(keys)):
        day, mark = luck.next_moment(keys[i], PURPOSE, ceiling, -1, last)
        while day < NEVER:
            if n < len(days):
                who[n], days[n], marks[n] = i, day, mark
            n += 1
            day, mark = luck.next_moment(keys[i], PURPOSE, ceiling, day, last)
    return n


def the_rain(keys: Words, ceiling: float, last: int) -> Wet:
    """The rain under test, one moment after another as the model asks for it."""
    empty = Wet(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    n = count_and_fill(keys, ceiling, last, *empty)
    wet = Wet(np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n))
    count_and_fill(keys, ceiling, last, *wet)
    return wet


def written_anew(fault: str = "") -> Rain:
    """The same rain written a second way, block by block in numpy; with a fault, if one is named."""

    def rain(keys: Words, ceiling: float, last: int) -> Wet:
        length = luck.block_days(ceiling)
        block = np.arange(last // length + 1)
        lucky = block // 2 if fault == "blocks alike in pairs" else block
        expected = ceiling * length / YEAR
        chances = np.cumsum(exp(-expected) * np.cumprod(np.array([1.0] + [expected / k for k in range(1, luck.MOST)])))
        count = np.searchsorted(chances, luck.us(keys[:, None], PURPOSE, lucky * luck.SLOTS), side="right")
        if fault == "one a block":
            count = np.ones_like(count)
        moments = []
        for i in range(int(count.max())):
            who, at = np.nonzero(count > i)
            occasion = lucky[at] * luck.SLOTS + 1 + 2 * i
            place = luck.us(keys[who], PURPOSE, occasion)
            mark = luck.us(keys[who], PURPOSE, occasion + 1)
            if fault == "early in its block":
                place = place**1.5
            if fault == "marks that follow the day":
                mark = place
            if fault == "marks too small":
                mark = mark**1.2
            moments.append((who, block[at] * length + (place * length).astype(np.int64), mark))
        who, day, mark = (np.concatenate(column) for column in zip(*moments, strict=True))
        order = np.lexsort((mark, day, who))
        who, day, mark = who[order], day[order], mark[order]
        first = np.append(True, (np.diff(who) != 0) | (np.diff(day) != 0)) & (day <= last)
        return Wet(who[first], day[first], mark[first])

    return rain


def wet_chance(rate: float) -> float:
    """The chance that a day is wet at a yearly rate."""
    return 1 - exp(-rate / YEAR)


def window(ceiling: float) -> int:
    """A number of days that holds about 20 moments, but at most 20 years."""
    return int(min(20 * YEAR, 20 * YEAR / ceiling))


def keys() -> Words:
    return luck.keys(11, 5, PEOPLE)


def binomial(counts: NDArray[np.intp], days: int, chance: float) -> float:
    """The chance that counts look as little binomial as these: chi-square over counts with 10 or more expected."""
    table = stats.binom.pmf(np.arange(days + 1), days, chance) * counts.size
    seen = np.bincount(counts, minlength=days + 1)
    usual = table >= 10
    usual_seen = np.append(seen[usual], seen[~usual].sum())
    usual_table = np.append(table[usual], max(table[~usual].sum(), 1e-3))
    statistic = ((usual_seen - usual_table) ** 2 / usual_table).sum()
    return float(stats.chi2.sf(statistic, usual_table.size - 1))


def right_rate(rain: Rain, ceiling: float) -> float:
    """As many wet days in all as there should be."""
    days, chance = window(ceiling), wet_chance(ceiling)
    n = PEOPLE * days
    return of_normal((rain(keys(), ceiling, days - 1).who.size - n * chance) / sqrt(n * chance * (1 - chance)))


def variance_of_chance(rain: Rain, ceiling: float) -> float:
    """The variance between people is that of chance: their mean, less what sharing a day takes away."""
    days, chance = window(ceiling), wet_chance(ceiling)
    counts = np.bincount(rain(keys(), ceiling, days - 1).who, minlength=PEOPLE)
    variance = days * chance * (1 - chance)
    kurtosis = (1 - 6 * chance * (1 - chance)) / variance  # of the binomial, in excess of the normal's
    found = float(((counts - days * chance) ** 2).mean())
    return of_normal((found / variance - 1) / sqrt((kurtosis + 2) / PEOPLE))


def counts_of_chance(rain: Rain, ceiling: float) -> float:
    """People's counts are distributed as chance would have them."""
    days = window(ceiling)
    counts = np.bincount(rain(keys(), ceiling, days - 1).who, minlength=PEOPLE)
    return binomial(counts, days, wet_chance(ceiling))


def thinned(rain: Rain, ceiling: float) -> float:
    """A hazard below the ceiling comes to pass at its own rate, whatever the ceiling."""
    days, chances = window(ceiling), []
    for share in (0.05, 0.37, 0.9):
        who, _, mark = rain(keys(), ceiling, days - 1)
        counts = np.bincount(who[mark * ceiling < share * ceiling], minlength=PEOPLE)
        chances.append(binomial(counts, days, wet_chance(share * ceiling)))
    return least(chances)


def days_alike(rain: Rain, ceiling: float) -> float:
    """No part of the window, of a year or of a block is wetter than another."""
    days, length = window(ceiling), luck.block_days(ceiling)
    wet, chances = rain(keys(), ceiling, days - 1), []
    for cycle in (days, 365, length):
        cells = min(12, cycle)
        cell_of = np.arange(days) % cycle * cells // cycle
        seen = np.bincount(cell_of[wet.day], minlength=cells)
        due = np.bincount(cell_of, minlength=cells) * wet_chance(ceiling) * PEOPLE
        seen, due = seen[due > 0], due[due > 0]
        spread = due * (1 - wet_chance(ceiling))
        chances.append(float(stats.chi2.sf(((seen - due) ** 2 / spread).sum(), due.size)))
    return least(chances)


def marks_uniform(rain: Rain, ceiling: float) -> float:
    """A wet day's mark is distributed as the least of that day's marks, each uniform."""
    mark = rain(keys(), ceiling, window(ceiling) - 1).mark
    uniform = (1 - np.exp(-ceiling / YEAR * mark)) / wet_chance(ceiling)
    return kolmogorov(uniform, "uniform")


def marks_know_no_day(rain: Rain, ceiling: float) -> float:
    """A mark says nothing of where in its block the day stands."""
    length = luck.block_days(ceiling)
    if length == 1:
        return 1.0
    wet = rain(keys(), ceiling, window(ceiling) - 1)
    return of_normal(np.corrcoef(wet.mark, wet.day % length)[0, 1] * sqrt(wet.day.size))


def windows_independent(rain: Rain, ceiling: float) -> float:
    """A count says nothing of the count in the window of half a block, one block or two after it."""
    length, chances = luck.block_days(ceiling), []
    for days in {max(1, length // 2), length, 2 * length}:
        many = min(8, HORIZON // days)
        wet = rain(keys(), ceiling, many * days - 1)
        counts = np.bincount(wet.who * many + wet.day // days, minlength=PEOPLE * many).reshape(PEOPLE, many)
        here, there = counts[:, :-1].ravel(), counts[:, 1:].ravel()
        if here.var() == 0 or there.var() == 0:
            return 0.0  # chance is never that even
        chances.append(of_normal(np.corrcoef(here, there)[0, 1] * sqrt(here.size)))
    return least(chances)


# What each check must see through, among others.
CATCHES: dict[Check, tuple[str, ...]] = {
    right_rate: ("one a block",),
    variance_of_chance: ("one a block", "blocks alike in pairs"),
    counts_of_chance: ("one a block", "blocks alike in pairs"),
    thinned: ("marks too small",),
    days_alike: ("early in its block",),
    marks_uniform: ("marks too small",),
    marks_know_no_day: ("marks that follow the day",),
    windows_independent: ("one a block", "blocks alike in pairs"),
}


@pytest.mark.parametrize("ceiling", CEILINGS)
@pytest.mark.parametrize("check", CATCHES, ids=lambda check: check.__name__)
def test_the_rain_falls_as_chance_would_have_it(check: Check, ceiling: float) -> None:
    assert check(the_rain, ceiling) > PASS


@pytest.mark.parametrize(
    ("check", "fault"),
    [(check, fault) for check, faults in CATCHES.items() for fault in faults],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_broken_rain_is_seen_through(check: Check, fault: str) -> None:
    assert check(written_anew(fault), 12.0) < FAIL


@pytest.mark.parametrize("ceiling", CEILINGS)
def test_the_rain_is_the_same_written_a_second_way(ceiling: float) -> None:
    last = 3 * window(ceiling) // 2
    for mine, other in zip(the_rain(keys(), ceiling, last), written_anew()(keys(), ceiling, last), strict=True):
        np.testing.assert_array_equal(mine, other)


def same_from_any_day(next_moment: Next, ceiling: float, last: int = 3_000) -> bool:
    """Whether the next moment after any day is the first of one list of moments."""
    for key in luck.keys(3, 1, 5):
        moments, after = [], -1
        while (found := next_moment(key, PURPOSE, ceiling, after, last))[0] < NEVER:
            moments.append(found)
            after = found[0]
        upcoming = (NEVER, 1.0)
        for day in range(last, -1, -1):  # backwards, so that no answer could lean on one before it
            if next_moment(key, PURPOSE, ceiling, day, last) != upcoming:
                return False
            if moments and moments[-1][0] == day:
                upcoming = moments.pop()
    return True


def counted_from_now(key: int, purpose: int, ceiling: float, after: int, until: int) -> tuple[int, float]:
    """A wait drawn anew from the day on which one asks: a Poisson shower too, but another for each asker."""
    day = after + 1 + int(-log(1 - luck.u(key, purpose, after)) * YEAR / ceiling)
    return (day, luck.u(key, purpose + 1, after)) if day <= until else (NEVER, 1.0)


@pytest.mark.parametrize("ceiling", CEILINGS)
def test_the_next_moment_is_the_same_from_any_day(ceiling: float) -> None:
    assert same_from_any_day(luck.next_moment, ceiling)


def test_a_wait_counted_from_the_asking_is_seen_through() -> None:
    assert not same_from_any_day(counted_from_now, 2.0)


@pytest.mark.parametrize("ceiling", CEILINGS)
def test_looking_less_far_ahead_changes_nothing(ceiling: float) -> None:
    for key in luck.keys(3, 1, 20):
        for after in (-1, 0, 17, 999):
            found = luck.next_moment(key, PURPOSE, ceiling, after, 9_000)
            for until in (after, after + 1, after + 40, 2_500, found[0] - 1, found[0]):
                sooner = luck.next_moment(key, PURPOSE, ceiling, after, min(until, 9_000))
                assert sooner == (found if found[0] <= until else (NEVER, 1.0))


def test_blocks_hold_about_one_moment_and_room_for_many_more() -> None:
    for ceiling in (0.001, *CEILINGS, 365.0):
        expected = ceiling * luck.block_days(ceiling) / YEAR
        assert expected <= 1
        assert stats.poisson.sf(luck.MOST, expected) < 1e-30
    assert 1 + 2 * luck.MOST <= luck.SLOTS  # a count, and a day and a mark for each moment
