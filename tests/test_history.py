"""History lived once: a world that goes on from another's is, byte for byte, the world lived from its start."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results import runs
from results.pieces import keep
from results.store import read_manifest
from results.together import Together, each_failed, together
from scenarios import bill_from_text, current_law, find, shipped_names
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.ensemble import Failed
from sim.history import History
from sim.law import ALWAYS, Law
from sim.people import LOOKED_UP
from sim.rules import HazardOverCeiling
from tests.identity import first_difference
from tests.test_conservation import amended
from tests.test_minimal_worlds import NATION

LAST = day_of(date(2034, 12, 31))
SPRING = day_of(date(2027, 4, 1))
PEOPLE = 300
PARTS_EARLIER = {"law_before_november_2024": date(2024, 11, 1), "vacancies_closed": date(2026, 4, 1)}
LOOKS_AHEAD = {"parole_capacity", "psychology_for_all", "national_strategy"}  # for a place that the Bill may add


@cache
def base() -> Law:
    """The current law with too few listings, and a workload that tells, so that few people see what a Bill does."""
    return amended(current_law(), ("workload_incidents", ALWAYS, 0.7), ("workload_recall_log_odds", ALWAYS, 3.0))


class Shared(History):
    """A history that keeps whether each world that asked did go on from it."""

    def __init__(self, law: Law, **how: Any) -> None:
        super().__init__(law, **how)
        self.led: list[bool] = []

    def _leads_to(self, world: CompiledWorld, day: int) -> bool:
        self.led.append(super()._leads_to(world, day))
        return self.led[-1]


def shared(law: Law, **how: Any) -> Shared:
    given = {"people": PEOPLE, "scale": 0.8 * PEOPLE / NATION, "last": LAST, "seed": 11}
    return Shared(law, **(given | how))


def difference(history: Shared, laws: Sequence[Law], groups: Sequence[Any] = ()) -> str:
    """Where the world that goes on from a history first differs from the one lived from its start; '' for nowhere."""
    started = CompiledWorld(laws, groups, **history._how)
    table, people = history.live(laws, groups)
    said = first_difference(started.live(), table)
    assert said or same_people(people, started.people)
    return said


def same_people(some: Any, others: Any) -> bool:
    """Whether records are the same, field by field: what pads them, or was looked up on the way, may be anything."""
    names = [name for name in some.dtype.names if name not in LOOKED_UP]
    return all(some[name].tobytes() == others[name].tobytes() for name in names)


def in_order(history: History, names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: history.parts_on(find(name).laws(base())[1]))


@pytest.mark.parametrize("life", range(3))
def test_every_shipped_bill_goes_on_from_one_history(life: int) -> None:
    history = shared(base(), life=life)
    for name in in_order(history, shipped_names()):
        groups, laws = find(name).laws(base())
        assert difference(history, laws, groups) == "", name
        parts = history.parts_on(laws)
        if name in LOOKS_AHEAD:
            assert SPRING - 800 < parts < SPRING - 30
        elif name != "current_law":
            assert parts == day_of(PARTS_EARLIER.get(name, date(2027, 4, 1))), name
    assert len(history.led) == len(shipped_names()) and all(history.led)


def test_a_national_cohort() -> None:
    history = shared(current_law(), people=None, scale=1.0, life=3)
    for name in ("parole_capacity", "resentencing"):
        assert difference(history, find(name).laws(current_law())[1]) == ""
    assert history.led == [True, True]
    assert difference(history, [current_law()]) == ""


def test_the_law_itself_is_lived_to_its_end_once_and_not_again() -> None:
    history = shared(base())
    difference(history, find("one_year").laws(base())[1])
    assert difference(history, [base()]) == ""
    assert history.live([base()])[1] is history._world.people
    assert history.led == [True]


@pytest.mark.parametrize("day", [1, 2_000, 5_000, 7_149, 7_150, LAST, LAST + 1])
def test_nothing_depends_on_when_it_is_asked_what_comes_next(day: int) -> None:
    """The same law again, from any day: whoever waits for anything is asked anew and says the same."""
    one, other = (CompiledWorld([base()], people=PEOPLE, scale=0.02, last=LAST) for _ in range(2))
    one.live_before(day)
    other.go_on_from(one, day)
    assert first_difference(other.live(), one.live()) == ""
    assert same_people(other.people, one.people)
    assert other.rooms.tobytes() == one.rooms.tobytes()


AMENDABLE = sorted(name for name, rule in current_law().rules.items() if rule.kind != "convention")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    day=st.integers(day_of(date(2012, 1, 1)), LAST - 400),
    names=st.sets(st.sampled_from(AMENDABLE), min_size=1, max_size=3),
    times=st.sampled_from([0.5, 0.9, 2.0]),
)
def test_whatever_is_amended_and_when(day: int, names: set[str], times: float) -> None:
    rules, changes = base().rules, []
    for name in sorted(names):
        rule = rules[name]
        value = tuple(min(max(x * times, rule.low), rule.high) for x in rule.on(day).value)
        changes.append((name, day, tuple(1.0 - x for x in value) if rule.unit == "yes or no" else value))
    history, law = shared(base(), people=100, scale=0.01), amended(base(), *changes)
    try:
        CompiledWorld([law], **history._how).live()
    except HazardOverCeiling:
        return  # with a ceiling halved, or a rate doubled
    assert difference(history, [law]) == ""


def test_a_bill_for_some_people_only() -> None:
    words = (
        "name: Short\nquestion: What if?\nsource: Ours\ncommencement: 2026-07-01\napplies_to: {tariff_years_below: 2}\n"
        "amends: {automatic_clock: {value: 1, unit: years}}\n"
    )
    history = shared(base())
    groups, laws = bill_from_text(words, "short.yaml").laws(base())
    assert difference(history, laws, groups) == ""
    assert history.led == [True] and history.parts_on(laws) == day_of(date(2026, 7, 1))


def test_what_changes_who_is_sentenced_is_lived_from_the_start() -> None:
    """Numbers part late, but the curve of sentences adds up over all days, so other people are sentenced early."""
    law = amended(base(), ("people_sentenced_per_year", day_of(date(2011, 1, 1)), 500.0))
    history = shared(base())
    assert history.parts_on([law]) == day_of(date(2011, 1, 1))
    assert difference(history, [law]) == "" and history.led == [False]


def test_where_the_queue_reaches_a_month_of_other_listings_the_world_is_lived_from_the_start() -> None:
    few = amended(base(), ("oral_hearings_per_year", ALWAYS, 300.0))
    more = amended(few, ("oral_hearings_per_year", SPRING, 9_000.0))
    history = shared(few)
    assert difference(history, [more]) == "" and history.led == [False]


def test_one_that_parts_on_a_day_that_has_passed_is_lived_from_the_start() -> None:
    history = shared(base())
    for name in ("one_year", "law_before_november_2024", "resentencing"):
        assert difference(history, find(name).laws(base())[1]) == ""
    assert history.led == [True, False, True]


def test_a_hazard_over_its_ceiling_is_named_as_from_the_start_and_only_where_it_is_met() -> None:
    later = amended(base(), ("return_to_closed_rate", SPRING, 9.0))
    early = amended(base(), ("return_to_closed_rate", day_of(date(2015, 1, 1)), 9.0))
    for history, laws in ((shared(base()), [later]), (shared(early), [early, base(), early])):
        for law in laws:
            if law is base():
                assert difference(history, [law]) == ""
                continue
            with pytest.raises(HazardOverCeiling, match="back_to_closed") as shared_:
                history.live([law])
            with pytest.raises(HazardOverCeiling) as alone:
                CompiledWorld([law], **history._how).live()
            assert str(shared_.value) == str(alone.value)


# Runs


def plan_in(out: Path, names: Sequence[str] = ("one_year", "resentencing")) -> runs.Plan:
    return runs.planned(
        names, law=base(), lives=2, draws=2, beliefs="prior", seed=3, first=date(2026, 1, 1), last=date(2029, 12, 31),
        out=out, people=40,
    )  # fmt: skip


def done(plan: runs.Plan, workers: int = 1) -> list[Failed]:
    return runs.run(plan, workers, lambda pieces, before: None, lambda piece: None, lambda text: None)


def kept(plan: runs.Plan) -> dict[str, bytes]:
    return {str(piece): piece.path.read_bytes() for piece in plan.pieces if piece.done}


def test_pieces_of_one_draw_and_life_are_together_unless_a_worker_had_none(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    for workers, sizes in ((1, [3] * 4), (4, [3] * 4), (5, [2, 1] * 4), (99, [1] * 12)):
        some = together(plan.pieces, workers)
        assert [len(one.pieces) for one in some] == sizes
        assert [piece for one in some for piece in one.pieces] == plan.pieces
        assert all(len({(piece.draw, piece.life) for piece in one.pieces}) == 1 for one in some)
    assert together([], 2) == []


def test_a_piece_is_the_same_whatever_it_is_lived_with(tmp_path: Path) -> None:
    alone, whole, apart = (plan_in(tmp_path / name) for name in ("alone", "together", "apart"))
    for piece in alone.pieces:
        laws = runs.enacted(piece.scenario, runs.believed(alone.beliefs, alone.law, piece.draw))[1]
        how: dict[str, Any] = {"seed": 3, "life": piece.luck, "people": 40, "last": day_of(alone.last)}
        table, people = runs.lived("compiled", laws, **how)
        keep(piece, *runs.counted(alone, piece.scenario.key == runs.BASELINE, table, people, laws))
    assert done(whole) == [] and done(apart, 7) == []
    assert kept(alone) == kept(whole) == kept(apart) and len(kept(alone)) == 12
    for piece in whole.pieces[1::2]:
        piece.path.unlink()
    assert done(whole, 2) == []
    assert kept(alone) == kept(whole)


def test_a_piece_that_fails_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected, plan = plan_in(tmp_path / "expected"), plan_in(tmp_path / "failing")
    assert done(expected) == []
    go_on_from = CompiledWorld.go_on_from

    def fails(self: CompiledWorld, other: CompiledWorld, day: int) -> None:
        if (self.people["court_day"] < 20_000).any() and self.people["key"][0] == unlucky:
            raise ArithmeticError("on\npurpose")
        go_on_from(self, other, day)

    unlucky = CompiledWorld([base()], seed=3, life=1, people=1).people["key"][0]
    monkeypatch.setattr(CompiledWorld, "go_on_from", fails)
    failed = Failed("resentencing, draw 0, life 1", "ArithmeticError: on purpose")
    assert done(plan) == [failed]
    assert read_manifest(plan.folder / "run.json")["failed"] == [failed._asdict()]
    assert kept(plan) == {name: content for name, content in kept(expected).items() if name != failed.piece}
    monkeypatch.undo()
    assert done(plan) == []
    assert kept(plan) == kept(expected)


def test_where_the_first_scenario_cannot_be_lived_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, plan = plan_in(tmp_path / "expected"), plan_in(tmp_path / "failing")
    assert done(expected) == []

    def fails(law: Law, **how: Any) -> History:
        raise ArithmeticError("on purpose")

    monkeypatch.setattr(runs, "History", fails)
    assert done(plan) == []
    assert kept(plan) == kept(expected)


def test_a_worker_killed_with_several_pieces_names_each(tmp_path: Path) -> None:
    some = together(plan_in(tmp_path).pieces, 1)
    failed = [Failed(str(some[1]), "its worker was killed"), Failed(str(some[2].pieces[1]), "another")]
    assert each_failed(some, failed) == [
        *(Failed(str(piece), "its worker was killed") for piece in some[1].pieces),
        Failed(str(some[2].pieces[1]), "another"),
    ]
    assert str(Together(some[0].pieces[:1])) == str(some[0].pieces[0])


def test_simpy_lives_each_piece_from_its_start(tmp_path: Path) -> None:
    plan = replace(plan_in(tmp_path), engine="simpy")
    assert all(runs.history_of(piece) is None for piece in plan.pieces)
    assert np.unique([runs.parted(None, piece) for piece in plan.pieces]).tolist() == [0]
