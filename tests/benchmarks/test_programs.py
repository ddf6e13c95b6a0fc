"""The comparison programs live whole lives: everyone is accounted for, the law is kept, and they come out near."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from scenarios import current_law
from sim.days import day_of
from sim.journal import ENDED, Event, State, Table
from sim.people import national
from tests.benchmarks import bias
from tests.benchmarks.book import Book, cohort
from tests.benchmarks.engines import ANYOF, COMPILED, ENGINES, LAST, STEPS, events_of
from tests.benchmarks.steps_arrays import Counted

PEOPLE = 200
LAW = current_law()
ENDINGS = {
    State.TERMINATED: (Event.TERMINATED_BY_BOARD, Event.TERMINATED_AUTOMATICALLY),
    State.REMOVED: (Event.REMOVED,),
    State.DEAD: (Event.DIED,),
}


@cache
def lived(name: str, life: int = 0) -> Any:
    return ENGINES[name](LAW, people=PEOPLE, scale=PEOPLE / national(LAW), life=life)


def lines_by_person(table: Table) -> list[tuple[list[int], list[int], list[int]]]:
    order = np.argsort(table.person, kind="stable")
    at = np.searchsorted(table.person[order], np.arange(1, PEOPLE))
    parts = (np.split(column[order], at) for column in (table.day, table.event, table.state))
    return [(list(days), list(events), list(states)) for days, events, states in zip(*parts, strict=True)]


def test_in_a_race_everyone_is_sentenced_once_and_nothing_follows_the_end() -> None:
    stories = lines_by_person(lived(ANYOF))
    assert len(stories) == PEOPLE
    for days, events, states in stories:
        assert events[0] == Event.SENTENCED and events.count(Event.SENTENCED) == 1
        assert days == sorted(days) and days[-1] <= LAST
        assert events.count(Event.FIRST_RELEASED) <= 1
        ended = [place for place, state in enumerate(states) if state in ENDED]
        assert ended in ([], [len(states) - 1]), f"{[Event(each).name for each in events]}"


def test_in_a_race_the_law_is_kept() -> None:
    table, traits = lived(ANYOF), cohort(LAW, people=PEOPLE, scale=PEOPLE / national(LAW))
    by_law = table.event == Event.TERMINATED_AUTOMATICALLY
    assert by_law.any() and table.day[by_law].min() >= day_of(date(2024, 11, 1))
    assert not traits["other_life"][table.person[by_law]].any()
    assert traits["foreign"][table.person[table.event == Event.REMOVED]].all()
    out = table.event == Event.FIRST_RELEASED
    assert out.any() and (table.day[out] >= traits["tariff_expiry"][table.person[out]]).all()


def test_by_months_everyone_stands_somewhere_and_stocks_follow_from_flows() -> None:
    counted: Counted = lived(STEPS)
    assert (counted.stocks.sum(axis=1) == PEOPLE).all()
    so_far = counted.flows.cumsum(axis=0)
    assert (PEOPLE - counted.stocks[:, State.UNSENTENCED] == so_far[:, Event.SENTENCED]).all()
    for state, events in ENDINGS.items():
        assert (counted.stocks[:, state] == so_far[:, list(events)].sum(axis=1)).all()
    assert so_far[-1, Event.TERMINATED_AUTOMATICALLY] > 0
    before = counted.ends < day_of(date(2024, 11, 1))
    assert so_far[before, Event.TERMINATED_AUTOMATICALLY].max() == 0
    assert counted.ends[-1] == LAST


@pytest.mark.parametrize("name", [ANYOF, STEPS])
def test_the_same_seed_lives_the_same_life_and_another_life_differs(name: str) -> None:
    one, other = (ENGINES[name](LAW, people=50) for _ in range(2))
    assert all(np.array_equal(*columns) for columns in zip(one, other, strict=True))
    assert events_of(lived(name)) != events_of(lived(name, life=1))


@pytest.mark.parametrize("name", [ANYOF, STEPS])
def test_outcomes_come_out_near_the_exact_engine(name: str) -> None:
    """Two small lives: a rule left out moves a count by more than four standard errors of chance."""
    exact = bias.outcomes(lived(COMPILED)) + bias.outcomes(lived(COMPILED, life=1))
    other = bias.outcomes(lived(name)) + bias.outcomes(lived(name, life=1))
    for (what, year), one, its in zip(bias.MEASURED, exact, other, strict=True):
        allowed = 4 * np.sqrt(one + its)
        assert abs(its - one) <= allowed, f"{what} in {year}: {one} exactly, {its} here"


def test_the_book_reads_each_day_and_knows_its_highest_rates() -> None:
    book = Book(LAW)
    for day in (0, 3_000, day_of(date(2024, 10, 31)), day_of(date(2024, 11, 1)), LAST):
        assert repr(vars(book.on(day))) == repr(LAW.on(day))  # as words, in which not-a-number is itself
    assert book.highest("charge_rate") == max(value.value[0] for value in LAW.rule("charge_rate").values)
    assert book.next_change(day_of(date(2024, 10, 1))) == day_of(date(2024, 11, 1))
    assert book.next_change(LAST) == float("inf")
