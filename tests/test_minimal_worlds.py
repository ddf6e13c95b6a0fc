"""Minimally different worlds: one more person, another order, other workers, a run resumed; the rest is the same.

Both engines are asked where the order of work could tell; elsewhere the compiled one, which writes the same bytes.
"""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results import runs
from results.store import read_journal, read_manifest, read_table
from scenarios import bill_from_text, current_law, find
from sim.compiled import CompiledWorld
from sim.days import HORIZON, day_of
from sim.ensemble import Failed, in_parallel
from sim.journal import Event, Journal, Table
from sim.law import ALWAYS, Amendment, Law
from sim.workforce import COUNTED
from sim.world import World
from tests.test_conservation import SHIPPED, amended

LAST = day_of(date(2034, 12, 31))
SHORT = date(2026, 12, 31)
NATION = 7_100
Engine = type[World] | type[CompiledWorld]
ENGINES: tuple[Engine, ...] = (World, CompiledWorld)
LISTED = (Event.SENT_TO_HEARING, Event.HEARING_DEFERRED)


@cache
def book() -> Law:
    return current_law()


@cache
def uncapped() -> Law:
    return amended(book(), ("oral_hearings_per_year", ALWAYS, 1e6))


def without(table: Table, person: int, until: int = HORIZON) -> Table:
    kept = (table.person != person) & (table.day < until)
    return Table._make(column[kept] for column in table)


def lived(laws: Sequence[Law], groups: Sequence[Any] = (), engine: Engine = CompiledWorld, **how: Any) -> Table:
    journal = engine(laws, groups, **{"last": LAST} | how).live()
    return journal.as_table() if isinstance(journal, Journal) else journal


def same(one: Table, other: Table, columns: int = 6) -> bool:
    """Whether two journals are the same, byte for byte, in their first columns; all six if not said."""
    return [column.tobytes() for column in one[:columns]] == [column.tobytes() for column in other[:columns]]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_more_person_changes_nobody_elses_life(seed: int, engine: Engine) -> None:
    people = 300 if engine is CompiledWorld else 100
    few, more = (lived([uncapped()], engine=engine, seed=seed, people=count) for count in (people, people + 1))
    assert len(more.day) > len(few.day)
    assert same(without(more, people), few)


def first_booking(table: Table, person: int) -> int:
    booked = (table.person == person) & np.isin(table.event, LISTED)
    return int(table.day[booked].min(initial=LAST + 1))


def test_with_listings_capped_nobodys_life_differs_before_the_extra_persons_first_booking() -> None:
    people, differs = 300, 0
    for seed in range(1, 13):
        few, more = (
            lived([book()], seed=seed, people=count, scale=people / NATION) for count in (people, people + 1)
        )
        booked = first_booking(more, people)
        assert same(without(more, people, booked), without(few, -1, booked))
        differs += not same(without(more, people), few)
    assert differs  # the cap binds, so that the extra person does take someone's place in some life


@pytest.mark.parametrize("scale", [1.0, 300 / NATION])
def test_the_order_in_which_people_are_put_in_does_not_matter(scale: float) -> None:
    forward, backward, shuffled = (World([book()], people=300, scale=scale, last=LAST) for _ in range(3))
    backward._persons = list(backward._persons)[::-1]  # type: ignore[assignment]
    shuffled._persons = [shuffled._persons[place] for place in np.random.default_rng(1).permutation(300)]  # type: ignore[assignment]
    expected = forward.live().as_table()
    assert same(backward.live().as_table(), expected)
    assert same(shuffled.live().as_table(), expected)


def test_a_person_alone_lives_as_in_a_crowd_for_another_number_of_people_is_drawn_alike() -> None:
    crowd, pair = (CompiledWorld([uncapped()], people=count, last=LAST) for count in (200, 2))
    assert np.array_equal(crowd.people[:2], pair.people)
    table = crowd.live()
    few = table.person < 2
    assert same(Table._make(column[few] for column in table), pair.live())


@pytest.mark.parametrize("engine", ENGINES)
def test_an_earlier_end_of_the_run_only_cuts_it_short(engine: Engine) -> None:
    long, short = (lived([book()], engine=engine, people=300, scale=0.04, last=last) for last in (LAST, 7_000))
    assert same(without(long, -1, 7_001), short)


@pytest.mark.parametrize("scenario", [name for name in SHIPPED if name != "current_law"])
def test_a_bill_leaves_every_line_before_its_first_day_alone(scenario: str) -> None:
    base = amended(book(), ("workload_incidents", ALWAYS, 0.7), ("workload_recall_log_odds", ALWAYS, 3.0))
    groups, laws = find(scenario).laws(base)  # with a workload that tells, or 600 people would be too few to see it
    days = {day for law in (base, *laws) for rule in law.rules.values() for day in (each.day for each in rule.values)}
    first = min(day for law in laws for day in days if repr(law.on(day)) != repr(base.on(day)))
    now, then = (lived(*each, people=600, scale=0.08) for each in (([base],), (laws, groups)))
    columns = 5 if "parole_capacity" in scenario else 6  # a listing booked before the Bill may be for a day after it
    assert same(without(then, -1, first), without(now, -1, first), columns)
    assert not same(then, now)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    day=st.integers(day_of(date(2024, 10, 1)), LAST - 400),
    name=st.sampled_from(sorted(n for n, r in book().rules.items() if r.kind in ("law", "belief", "choice"))),
)
def test_whatever_is_amended_the_past_stands(day: int, name: str) -> None:
    rule = book().rule(name)
    half = tuple(1.0 - x if rule.unit == "yes or no" else max(rule.low, x / 2) for x in rule.on(day).value)
    then, now = (lived([law], people=100, scale=0.01) for law in (amended(book(), (name, day, half)), book()))
    assert same(without(then, -1, day), without(now, -1, day))


@pytest.mark.parametrize(
    "name", ["oral_hearings_per_year", "oral_hearings_share", "deferral", "people_sentenced_per_year"]
)
def test_amending_a_published_fact_leaves_the_past_alone(name: str) -> None:
    """A Bill may amend facts too. A hearing booked before may be told its listing after, so `detail` may foresee."""
    day = day_of(date(2027, 4, 1))
    then, now = (lived([law], people=300, scale=0.04) for law in (amended(book(), (name, day, 0.5)), book()))
    assert same(without(then, -1, day), without(now, -1, day), 5)


def test_a_bill_that_says_what_the_law_says_changes_nothing() -> None:
    now = lived([book()], people=300)
    day = day_of(date(2027, 4, 1))
    unchanged = [
        Amendment(name, (replace(rule.on(day), day=day), *(dated for dated in rule.values if dated.day > day)))
        for name, rule in book().rules.items()
        if rule.on(day).exists and name not in COUNTED  # published points are joined by lines, and no Bill may add one
    ]
    law = book().amended_by(SimpleNamespace(amendments=unchanged))
    assert same(lived([law], people=300), now)
    bill = bill_from_text(
        "name: No change\nquestion: What changes?\nsource: Ours\ncommencement: 2027-04-01\n"
        "amends: {automatic_clock: {value: 2, unit: years}}\n", "no_change.yaml",
    )  # fmt: skip
    groups, laws = bill.laws(book())
    assert same(lived(laws, groups, people=300), now)


def test_a_bill_for_a_group_leaves_the_others_alone() -> None:
    words = (
        "name: Short\nquestion: What if?\nsource: Ours\ncommencement: 2026-07-01\napplies_to: {tariff_years_below: 2}\n"
        "amends: {automatic_clock: {value: 1, unit: years}}\n"
    )
    groups, laws = bill_from_text(words, "short.yaml").laws(uncapped())
    world = CompiledWorld(laws, groups, people=300, last=LAST)
    now, then = lived([uncapped()], people=300), world.live()
    assert set(world.people["variant"].tolist()) == {0, 1}
    outside = np.nonzero(world.people["variant"] == 0)[0]
    for table in (now, then):
        assert np.isin(table.person, outside).any()
    others = [Table._make(column[np.isin(table.person, outside)] for column in table) for table in (now, then)]
    assert same(others[0], others[1])
    assert not same(now, then)


# Runs


def plan_in(out: Path, lives: int = 2, engine: str = "compiled") -> runs.Plan:
    return runs.planned(
        ["one_year"],
        law=book(),
        lives=lives,
        seed=3,
        first=date(2015, 1, 1),
        last=SHORT,
        out=out,
        people=60,
        engine=engine,
    )


def done(plan: runs.Plan, workers: int = 1) -> list[Failed]:
    return runs.run(plan, workers, lambda pieces, before: None, lambda piece: None)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a run folder by name, but for the manifest, which tells how long it took."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "run.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    plan = plan_in(tmp_path_factory.mktemp("expected"))
    assert done(plan) == []
    return contents(plan.folder)


def test_a_run_holds_its_tables_and_journals(expected: dict[str, bytes]) -> None:
    journals = {f"journals/{name}-life-0000.parquet" for name in ("current_law", "one_year")}
    assert {"monthly.parquet", "monthly.csv", "fit.parquet"} | journals <= set(expected)


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path, expected: dict[str, bytes]) -> None:
    plan = plan_in(tmp_path)
    assert done(plan, 2) == []
    assert contents(plan.folder) == expected


def test_any_order_of_the_pieces_gives_the_same_bytes(tmp_path: Path, expected: dict[str, bytes]) -> None:
    plan = plan_in(tmp_path)
    for piece in reversed(plan.pieces):
        runs.live(piece)
    assert done(plan) == []
    assert contents(plan.folder) == expected


def test_a_run_goes_on_from_what_is_on_disk(tmp_path: Path, expected: dict[str, bytes]) -> None:
    plan = plan_in(tmp_path)
    done(plan)
    for piece in plan.pieces[1:3]:
        piece.path.unlink()
    told: list[object] = []
    runs.run(plan, 1, lambda pieces, before: told.extend((pieces, before)), told.append)
    assert [str(each) for each in told] == ["4", "2", "one_year, life 0", "current_law, life 1"]
    assert contents(plan.folder) == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_what_is_finished_and_goes_on(
    tmp_path: Path, expected: dict[str, bytes], workers: int
) -> None:
    plan = plan_in(tmp_path)
    finished: list[str] = []

    def interrupt(piece: runs.Piece) -> None:
        finished.append(str(piece))
        if len(finished) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.run(plan, workers, lambda pieces, before: None, interrupt)
    assert sum(piece.done for piece in plan.pieces) >= 2
    assert not plan.folder.exists()
    before: list[int] = []
    assert runs.run(plan, workers, lambda pieces, done: before.append(done), lambda piece: None) == []
    assert before[0] >= 2
    assert contents(plan.folder) == expected


def test_a_run_again_does_no_work_and_gives_the_same_bytes(tmp_path: Path, expected: dict[str, bytes]) -> None:
    plan = plan_in(tmp_path)
    done(plan)
    lived: list[object] = []
    runs.run(plan, 1, lambda pieces, before: None, lived.append)
    assert lived == [] and contents(plan.folder) == expected


def test_a_failed_piece_is_told_and_the_rest_is_gathered(
    tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_in(tmp_path, engine="simpy")
    live = World.live
    calls: list[int] = []

    def fails(world: World) -> Journal:
        calls.append(1)
        if len(calls) == 5:  # the first is the small world that has the rules compiled
            raise ArithmeticError("on\npurpose")
        return live(world)

    monkeypatch.setattr(World, "live", fails)
    assert done(plan) == [Failed("one_year, life 1", "ArithmeticError: on purpose")]
    manifest = read_manifest(plan.folder / "run.json")
    assert manifest["failed"] == [{"piece": "one_year, life 1", "why": "ArithmeticError: on purpose"}]
    lives = read_table(plan.folder / "monthly.parquet").groupby("scenario", observed=True)["life"].unique()
    assert {name: sorted(some) for name, some in lives.items()} == {"current_law": [0, 1], "one_year": [0]}
    monkeypatch.undo()
    assert done(plan) == []
    assert contents(plan.folder) == expected
    assert read_manifest(plan.folder / "run.json")["failed"] == []


def test_with_no_life_of_the_current_law_nothing_is_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(world: World) -> Journal:
        raise ArithmeticError("on purpose")

    monkeypatch.setattr(World, "live", fails)
    plan = plan_in(tmp_path, engine="simpy")
    assert len(done(plan)) == 4
    assert not plan.folder.exists()


def test_more_lives_find_those_that_were_lived(tmp_path: Path) -> None:
    done(plan_in(tmp_path, lives=1))
    told: list[int] = []
    runs.run(plan_in(tmp_path, lives=2), 1, lambda pieces, before: told.extend((pieces, before)), lambda piece: None)
    assert told == [4, 2]


def test_the_journal_on_disk_is_the_journal_that_was_lived(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, lives=1)
    done(plan)
    lived = World([book()], seed=3, people=60, last=day_of(SHORT)).live().as_table()
    assert same(read_journal(plan.folder / "journals/current_law-life-0000.parquet"), lived)


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"lives": 1}, {"first": date(2016, 1, 1)}, {"last": date(2026, 12, 30)}, {"people": 61}]
)
def test_other_inputs_have_another_name(tmp_path: Path, change: dict[str, object]) -> None:
    plan = plan_in(tmp_path)
    assert replace(plan, **change).name != plan.name  # type: ignore[arg-type]
    assert replace(plan, out=tmp_path / "elsewhere").name == plan.name


# The pool. Work is done by functions of this module, so that a worker process can find it.


def note(piece: Path) -> None:
    with piece.open("a") as file:
        file.write("tried\n")


def killed_once(piece: Path) -> None:
    note(piece)
    if piece.name == "2" and len(piece.read_text().splitlines()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def killed_always(piece: Path) -> None:
    note(piece)
    if piece.name == "2":
        os.kill(os.getpid(), signal.SIGKILL)


def fails_on_2(piece: Path) -> None:
    if piece.name == "2":
        raise ValueError("two\nlines")


def in_pool(work: Callable[[Path], None], folder: Path, workers: int = 2) -> tuple[list[Failed], list[str]]:
    finished: list[str] = []
    pieces = [folder / str(number) for number in range(5)]
    failed = in_parallel(work, pieces, workers, lambda piece: finished.append(piece.name))
    return failed, sorted(finished)


def test_a_worker_killed_once_is_survived(tmp_path: Path) -> None:
    assert in_pool(killed_once, tmp_path) == ([], ["0", "1", "2", "3", "4"])
    assert (tmp_path / "2").read_text().count("tried") == 2


def test_a_piece_that_always_kills_its_worker_is_given_up_and_the_rest_is_done(tmp_path: Path) -> None:
    failed, finished = in_pool(killed_always, tmp_path)
    assert [failure.piece for failure in failed] == [str(tmp_path / "2")]
    assert finished == ["0", "1", "3", "4"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_piece_that_fails_is_a_row(tmp_path: Path, workers: int) -> None:
    failed, finished = in_pool(fails_on_2, tmp_path, workers)
    assert failed == [Failed(str(tmp_path / "2"), "ValueError: two lines")]
    assert finished == ["0", "1", "3", "4"]


def test_failures_come_in_the_order_of_the_pieces(tmp_path: Path) -> None:
    def fails(piece: Path) -> None:
        raise ValueError(piece.name)

    failed, _ = in_pool(fails, tmp_path, 1)
    assert [failure.why[-1] for failure in failed] == ["0", "1", "2", "3", "4"]
