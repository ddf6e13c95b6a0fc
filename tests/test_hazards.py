"""Hazards: what the rules make of the rain. Does chance bring each turn at its own rate, on the days that it should?

The days that the rules find for each case of hazards.py are held against the rate written there by hand, and against
all moments of the rain listed the slow obvious way.
"""

from collections.abc import Callable
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import coming, luck, rules
from sim.compiling import compiled
from sim.days import HORIZON, NEVER, YEAR
from sim.law import ALWAYS, Numbers
from sim.layout import laid_out
from sim.purpose import Purpose
from sim.rules import BY_CHANCE, OVER_CEILING, Turn
from tests.hazards import CASES, CHANGES, DAYS, LATER, START, Case, law, numbers, people_of, size_of
from tests.test_luck import FAIL, PASS, Floats, of_normal
from tests.test_rain import written_anew

Days = NDArray[np.int64]
Ask = Callable[[int, int], int]  # (after, until) -> the first day in (after, until], or NEVER
PARTS = 12  # of the time from the start to the horizon
NEXT_TO_NOTHING = (("serious_offence_rate", ALWAYS, 1e-6),)  # so that block after block holds no moment of account

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@compiled
def comes_to_pass(of: Numbers, turn: int, person: Any, after: int, until: int) -> int:
    """The first day in (after, until] on which chance brings a turn; NEVER, or OVER_CEILING for an error."""
    day = coming.known(of, turn, person, after, until)
    while day <= until:
        came = coming.befalls(of, turn, person, day)
        if came:
            return day if came > 0 else OVER_CEILING
        coming.pass_by(of, turn, person, day, until)
        day = coming.known(of, turn, person, day, until)
    return NEVER


@compiled
def walk(numbers: Numbers, turn: int, people: Any, after: int, until: int, who: Any, days: Any) -> int:
    """Write the days on which a turn comes to pass, each looked for from the last; return how many there are.

    OVER_CEILING if a hazard was, or if a day was found that is not after the day from which it was looked for.
    """
    n = 0
    for i in range(len(people)):
        last, day = after, comes_to_pass(numbers, turn, people[i], after, until)
        while last < day < NEVER:
            if n < len(days):
                who[n], days[n] = i, day
            n += 1
            last, day = day, comes_to_pass(numbers, turn, people[i], day, until)
        if day < NEVER:
            return OVER_CEILING
    return n


def found(case: Case, of: Numbers | None = None, variant: int = 0) -> tuple[Days, Days]:
    """Whom and when the rules let a turn befall after the start, under the law of the case or another."""
    of, people = of or numbers(case.changes), people_of(case)
    people["variant"] = variant
    columns = np.empty(0, np.int64), np.empty(0, np.int64)
    n = walk(of, case.turn, people, START, HORIZON, *columns)
    assert n != OVER_CEILING
    columns = np.empty(n, np.int64), np.empty(n, np.int64)
    walk(of, case.turn, people, START, HORIZON, *columns)
    return columns


def listed(case: Case, fault: str = "") -> tuple[Days, Days]:
    """Whom and when it should befall: all moments of the rain whose mark is low enough, each day once."""
    size, rain = size_of(case), written_anew(fault, Purpose.RAIN + case.turn)
    who, day, mark = rain(people_of(case)["key"], size, HORIZON)
    kept = (day > START) & (mark * YEAR / 2**size < case.rate()[day])
    days = np.unique(who[kept] * NEVER + day[kept])
    return days // NEVER, days % NEVER


def same(one: tuple[Days, Days], other: tuple[Days, Days]) -> bool:
    return all(np.array_equal(mine, its) for mine, its in zip(one, other, strict=True))


def as_chance_would(days: Days, rate: Floats, people: int) -> float:
    """The chance that so many days are as far from what a rate brings, on the whole or in some part of the time."""
    chance = 1 - np.exp(-rate / YEAR)  # that a day brings one or more
    chances, time = [], DAYS[START + 1 :]
    for part in (time, *np.array_split(time, PARTS)):
        due, spread = people * chance[part].sum(), people * (chance[part] * (1 - chance[part])).sum()
        seen = int(((days >= part[0]) & (days <= part[-1])).sum())
        if due < 10:
            chances.append(2 * float(min(stats.poisson.sf(seen - 1, due), stats.poisson.cdf(seen, due))))
        else:
            chances.append(of_normal((seen - due) / sqrt(spread)))
    return min(1.0, min(chances) * len(chances))


def test_every_turn_that_chance_may_bring_has_a_case() -> None:
    assert {case.turn for case in CASES.values()} == {turn for some in BY_CHANCE for turn in some} - {Turn.NOTHING}
    assert all(case.turn in BY_CHANCE[case.state] for case in CASES.values())


@each_case
def test_each_turn_comes_at_its_own_rate(case: Case) -> None:
    days, rate = found(case)[1], case.rate()
    assert as_chance_would(days, rate, case.people) > PASS
    assert as_chance_would(days, rate * 1.2, case.people) < FAIL
    assert as_chance_would(days, rate * 0.8, case.people) < FAIL


@each_case
def test_each_turn_comes_on_the_days_of_the_rain_and_no_others(case: Case) -> None:
    assert same(found(case), listed(case))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("executive release on most days", "one a day"),
        ("executive release on most days", "one mark a block"),
        ("breach", "one day a block"),
        ("breach", "blocks alike in pairs"),
    ],
)
def test_rules_that_read_the_rain_otherwise_would_be_seen_through(name: str, fault: str) -> None:
    assert not same(found(CASES[name]), listed(CASES[name], fault))


# The same day, whoever asks and when


def same_whenever_asked(ask: Ask, first: int = 5_000, last: int = 8_000) -> bool:
    """Whether the day found from any day, looking ahead any time, is the next of one list."""
    days = [first]
    while days[-1] < (day := ask(days[-1], last)) < NEVER:
        days.append(day)
    for after in range(last, first - 1, -7):  # backwards, so that no answer could lean on one before it
        upcoming = min((day for day in days if day > after), default=NEVER)
        for until in (after, after + 1, after + 40, upcoming - 1, upcoming, last):
            if ask(after, min(until, last)) != (upcoming if upcoming <= min(until, last) else NEVER):
                return False
    return True


@each_case
def test_the_day_is_the_same_whenever_one_asks(case: Case) -> None:
    of = numbers(case.changes)
    for person in people_of(case)[:2]:

        def finds(after: int, until: int, person: Any = person) -> int:
            return int(comes_to_pass(of, case.turn, person, after, until))

        assert same_whenever_asked(finds)


def counted_from_now(after: int, until: int) -> int:
    """A wait drawn anew from the day on which one asks: Poisson too, but another for each asker."""
    day = after + 1 + int(-log(1 - luck.u(7, 1, after)) * YEAR / 2)
    return day if day <= until else NEVER


def all_or_nothing(after: int, until: int) -> int:
    """One list of days, of which one that asks for less than a month hears nothing."""
    day = (after // 100 + 1) * 100
    return day if day <= until and until - after > 30 else NEVER


@pytest.mark.parametrize("ask", [counted_from_now, all_or_nothing])
def test_a_day_that_depends_on_the_asking_is_seen_through(ask: Ask) -> None:
    assert not same_whenever_asked(ask)
    assert same_whenever_asked(lambda after, until: day if (day := (after // 100 + 1) * 100) <= until else NEVER)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.turn == Turn.APPLICATION])
def test_the_days_that_the_law_closes_hold_nothing(name: str) -> None:
    """The search for an application starts where the law opens it; searching from further back finds the same."""
    case, skipped = CASES[name], 0
    for person in people_of(case)[:5]:
        for after in range(START, 6_600, 200):
            opens = coming.opens(numbers(), case.turn, person, after, HORIZON)
            plain = comes_to_pass(numbers(), case.turn, person, after, HORIZON)
            assert comes_to_pass(numbers(), case.turn, person, opens - 1, HORIZON) == plain
            skipped += opens > after + 1
    assert skipped > 50


@pytest.mark.parametrize("name", ["serious offence of one at little risk", "breach", "executive release on most days"])
@pytest.mark.parametrize("forgets", [False, True])
def test_what_is_kept_of_a_rain_is_a_day_to_come(name: str, forgets: bool) -> None:
    """Whatever the day and however far one asks, and of the largest blocks too, of which the ninth begins past 16 bits.

    Who first asks late in life, with nothing kept, looks furthest: so each question is put to a record that forgets.
    """
    case, beyond = CASES[name], 0
    of, kept = numbers((*case.changes, *NEXT_TO_NOTHING)), rules.PLACE_OF[case.turn]
    for person in people_of(case)[:10]:
        for until in (*range(START + 1, HORIZON, 499), HORIZON):
            for after in (START, until - 1):
                person["moment_day"] = 0 if forgets else person["moment_day"]
                day = coming.known(of, case.turn, person, after, until)
                assert after < day < NEVER and day == person["moment_day"][kept]
                assert day > until or person["moment_luck"][kept] < np.inf
                beyond += day > until
    assert beyond > 100


# Laws


def with_ceiling(most: float) -> Numbers:
    return numbers((*CHANGES, ("ceiling_common", ALWAYS, most)))


def test_a_ceiling_within_the_same_block_size_changes_nothing() -> None:
    case = CASES["executive release"]
    for most in (0.72, 1.0, 1.42):
        assert luck.block_size(most) == size_of(case)
        assert same(found(case), found(case, with_ceiling(most)))


@pytest.mark.parametrize("most", [0.65, 3.0, 40.0])
def test_a_ceiling_of_another_block_size_changes_the_days_and_not_the_rate(most: float) -> None:
    case = CASES["executive release"]
    assert luck.block_size(most) != size_of(case)
    other = found(case, with_ceiling(most))
    assert not same(found(case), other)
    assert as_chance_would(other[1], case.rate(), case.people) > PASS


def test_a_hazard_may_reach_its_ceiling_and_not_pass_it() -> None:
    case, nothing = CASES["executive release"], np.empty(0, np.int64)
    rate = float(law().rule("executive_release_rate").values[0].value[0])
    assert same(found(case), found(case, with_ceiling(rate))) is (luck.block_size(rate) == size_of(case))
    over = walk(with_ceiling(rate * 0.999), case.turn, people_of(case), START, HORIZON, nothing, nothing)
    assert over == OVER_CEILING


@each_case
def test_no_hazard_is_higher_than_is_worked_out_for_all_days(case: Case) -> None:
    of, days, sometimes = numbers(case.changes), range(START, HORIZON, 97), 0
    for person in people_of(case)[:10]:
        highest = rules.highest(case.turn, of, person)
        rates = [rules.hazard(case.turn, of, person, day) for day in days]
        assert 0 < max(rates) <= highest * coming.HAIR
        sometimes += highest < np.inf
    assert sometimes == (0 if case.turn == Turn.BREACH else 10)


@pytest.mark.parametrize("name", ["to hospital", "breach", "death in prison"])
def test_each_variant_of_the_law_has_its_own_rate_and_the_same_rain(name: str) -> None:
    """Under a Bill that raises a rate from a day on, all that came to pass before still does, and more after."""
    case = CASES[name]
    rule = {"to hospital": "hospital_transfer_rate", "breach": "breach_rate"}.get(name, "mortality_ratio_custody")
    bill = (*CHANGES, (rule, 2 * LATER, 1.1 * float(law().rule(rule).on(2 * LATER).value[0])))
    both = laid_out([law(), law(bill)])
    plain, amended = (set(zip(*map(np.ndarray.tolist, found(case, both, n)), strict=True)) for n in (0, 1))
    assert plain < amended
    assert min(day for _, day in amended - plain) >= 2 * LATER
    assert same(found(case), found(case, both, 0)) and same(found(case, numbers(bill)), found(case, both, 1))
