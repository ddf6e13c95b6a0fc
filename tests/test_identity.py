"""The SimPy engine and the compiled engine live the same lives, byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest

from scenarios import current_law, find, shipped_names
from scenarios.bill import Group
from sim import asking, custody, sentence
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Table
from sim.law import Amendment, Dated, Law
from sim.rules import HazardOverCeiling, Turn
from sim.world import World
from tests.identity import first_difference

LAST = day_of(date(2034, 12, 31))
DIALS = {
    "qualifying_period_automatic_ipp": (0.5, 4),
    "automatic_clock": (0.5, 3),
    "review_interval_high": (12, 24),
    "open_acceptance": (0, 1),
    "recall_after_charge": (0.2, 1),
    "executive_release_rate": (0, 1.5),
    "disregard_share": (0, 1),
    "termination_granted_presumption": (0, 1),
    "oral_hearings_per_year": (200, 20_000),
    "deferral": (0, 0.8),
    "breach_rate": (0, 1.2),
    "premises_share": (0, 1),
}


@dataclass(frozen=True)
class Bill:
    amendments: tuple[Amendment, ...]


def both(laws: list[Law], groups: Sequence[Any] = (), **how: Any) -> tuple[Table, Table]:
    """The journals of the two engines for the same world."""
    given = {"last": LAST, **how}
    return World(laws, groups, **given).live().as_table(), CompiledWorld(laws, groups, **given).live()


def same_bytes(one: Table, other: Table) -> bool:
    columns: zip[tuple[Any, Any]] = zip(one, other, strict=True)
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in columns)


def random_law(chance: np.random.Generator) -> Law:
    law = current_law()
    names = chance.choice(list(DIALS), size=5, replace=False)
    day = int(chance.integers(day_of(date(2024, 10, 1)), day_of(date(2032, 1, 1))))
    values = ((name, round(float(chance.uniform(*DIALS[name])), 3)) for name in names)
    return law.amended_by(Bill(tuple(Amendment(str(name), (Dated(day, (value,)),)) for name, value in values)))


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_bill(name: str) -> None:
    groups, laws = find(name).laws(current_law())
    one, other = both(laws, groups, people=400, seed=11)
    assert len(one.day) > 5_000
    assert first_difference(one, other) == ""
    assert same_bytes(one, other)


@pytest.mark.parametrize("seed", range(6))
def test_random_bills_on_small_cohorts(seed: int) -> None:
    chance = np.random.default_rng(seed)
    one, other = both([random_law(chance)], people=int(chance.integers(1, 200)), seed=seed, life=seed)
    assert first_difference(one, other) == ""


def test_a_bill_for_some_people_only() -> None:
    """Laws by variant: the second engine reads the same law for each person as the first."""
    laws = [current_law(), find("one_year").enact(current_law())]
    one, other = both(laws, [Group(offence=("robbery",))], people=300, seed=4)
    assert first_difference(one, other) == ""


def test_a_national_cohort() -> None:
    one, other = both([current_law()], seed=21, life=3)
    assert len(one.day) > 150_000
    assert first_difference(one, other) == ""


def test_nobody_and_no_time() -> None:
    cases: list[dict[str, Any]] = [{"people": 0}, {"people": 50, "last": 0}, {"people": 50, "last": 400}]
    for how in cases:
        one, other = both([current_law()], **how)
        assert first_difference(one, other) == ""


def test_a_story_altered_in_one_engine_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the record of one kind of turn, the test says who, when and what first differs."""

    def silent(person: object, world: World) -> None:
        custody.review_is_due(person, world, world.asks(asking.next_review, person))  # type: ignore[arg-type]

    monkeypatch.setitem(sentence.TURNS, Turn.BACK_TO_CLOSED, silent)
    one, other = both([current_law()], people=400, seed=11)
    said = first_difference(one, other)
    assert "person " in said
    assert "RETURNED_TO_CLOSED" in said


def test_both_engines_refuse_the_same_hazard() -> None:
    law = current_law().amended_by(Bill((Amendment("return_to_closed_rate", (Dated(0, (9.0,)),)),)))
    for engine in (World, CompiledWorld):
        with pytest.raises(HazardOverCeiling, match="back_to_closed"):
            engine([law], people=300, last=LAST).live()


@pytest.mark.slow
def test_ten_million_events() -> None:
    """National worlds under every shipped Bill and random ones, until ten million lines have been compared."""
    compared, life, chance = 0, 0, np.random.default_rng(99)
    while compared < 10_000_000:
        names = shipped_names()
        law = find(names[life % len(names)]).enact(current_law()) if life % 2 else random_law(chance)
        one, other = both([law], seed=1_000, life=life)
        assert first_difference(one, other) == ""
        compared, life = compared + len(one.day), life + 1
