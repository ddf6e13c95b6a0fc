"""A past that lives have in common: theirs to a day, and each life's own luck after it, in both engines."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from scenarios import current_law, find
from sim.compiled import CompiledWorld
from sim.days import HORIZON, day_of
from sim.history import History
from sim.journal import Table
from sim.setting import Past
from sim.world import World
from tests.identity import first_difference

DAY = day_of(date(2024, 10, 1))
PEOPLE = 400
PAST = Past(2024, 77, DAY)


def lived(life: int, **how: Any) -> Table:
    given: dict[str, Any] = {"people": PEOPLE, "seed": 3, "past": PAST}
    return CompiledWorld([current_law()], life=life, **(given | how)).live()


def part(table: Table, after: bool) -> Table:
    chosen = (table.day >= DAY) == after
    return Table._make(column[chosen] for column in table)


def test_until_its_day_a_life_is_the_past_itself() -> None:
    itself = CompiledWorld([current_law()], people=PEOPLE, seed=PAST.seed, life=PAST.life).live()
    for life in range(3):
        assert first_difference(part(itself, False), part(lived(life), False)) == ""
    assert len(part(itself, False).day) > PEOPLE


def test_from_its_day_luck_is_the_life_s_own() -> None:
    ends = [part(lived(life), True) for life in range(4)]
    assert len({end.day.tobytes() for end in ends}) == len(ends)
    own = part(lived(0, past=None), True)
    assert first_difference(own, ends[0]) != ""


def test_what_comes_after_is_as_likely_as_without_a_past() -> None:
    counts = {}
    for name, past in (("past", PAST), ("none", None)):
        tables = [lived(life, past=past and past._replace(life=life), people=2000) for life in range(24)]
        counts[name] = np.array([len(part(table, True).day) for table in tables], float)
    apart = counts["past"].mean() - counts["none"].mean()
    error = np.sqrt(counts["past"].var(ddof=1) / 24 + counts["none"].var(ddof=1) / 24)
    assert abs(apart) < 4 * error
    assert error < 0.03 * counts["none"].mean()  # so that a past that stopped rain, or doubled it, would be seen


@pytest.mark.parametrize("day", [DAY, day_of(date(2009, 3, 2)), HORIZON - 5])
def test_both_engines_live_the_same_past_and_own_luck(day: int) -> None:
    groups, laws = find("one_year").laws(current_law())
    how: dict[str, Any] = {"people": 150, "seed": 5, "life": 2, "past": PAST._replace(before=day)}
    simpy = World(laws, groups, **how).live().as_table()
    assert first_difference(simpy, CompiledWorld(laws, groups, **how).live()) == ""
    assert len(simpy.day) > 150


@pytest.mark.parametrize("name", ["law_before_november_2024", "one_year", "resentencing"])
def test_a_bill_goes_on_from_a_history_with_a_past(name: str) -> None:
    groups, laws = find(name).laws(current_law())
    how: dict[str, Any] = {"people": PEOPLE, "seed": 3, "life": 1, "past": PAST}
    table, _ = History(current_law(), **how).live(laws, groups)
    assert first_difference(CompiledWorld(laws, groups, **how).live(), table) == ""


def test_a_run_that_ends_before_the_day_is_all_past() -> None:
    itself = CompiledWorld([current_law()], people=PEOPLE, seed=PAST.seed, life=PAST.life, last=DAY - 1).live()
    assert first_difference(itself, lived(9, last=DAY - 1)) == ""
