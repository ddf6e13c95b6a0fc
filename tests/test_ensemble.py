"""Ensembles: draws beside lives, threads or processes, runs that are killed at any moment, and how it is all said."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numba
import pandas as pd
import pytest

from results import runs
from results.plan import Plan, planned
from results.progress import following, time_left
from results.store import clear_abandoned, read_manifest, read_table
from scenarios import current_law
from sim import ensemble
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.ensemble import COMPILES, Failed, in_parallel, telling_of_compiling
from sim.people import national
from tests.killed import TEMPORARY, count, files, small

ROOT = Path(__file__).parent.parent


def done(plan: Plan, workers: int = 1) -> list[Failed]:
    return runs.run(plan, workers, lambda pieces, before: None, lambda piece: None, lambda text: None)


def steady(found: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a run, its manifest without the seconds that it took and the engine, which a rerun uses again."""
    told = {name: json.loads(content) for name, content in found.items() if name.endswith("run.json")}
    for each in told.values():
        del each["inputs"]["asked"]["engine"]
    return found | {name: repr(sorted((each | {"seconds": 0}).items())).encode() for name, each in told.items()}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("unbroken")
    assert done(small(out)) == []
    return steady(files(out))


# Draws


def measures_of(plan: Plan) -> pd.DataFrame:
    table = read_table(plan.folder / "monthly.parquet").astype({"scenario": str, "measure": str, "group": str})
    return table.sort_values(list(table.columns[:-1]), ignore_index=True)


def test_draws_are_lived_beside_lives(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    plan = small(tmp_path)
    assert done(plan, 2) == []
    assert steady(files(tmp_path)) == unbroken
    manifest = read_manifest(plan.folder / "run.json")
    assert (manifest["draws"], manifest["lives"], manifest["beliefs"]) == (3, 2, "prior")
    assert str(plan.pieces[-1]) == "one_year, draw 2, life 1" and plan.pieces[-1].luck == 5
    table = measures_of(plan)
    counted = table.groupby(["scenario", "draw", "life"]).size()
    assert len(counted) == 12 and counted.nunique() == 1
    served = table[(table["measure"] == "on_licence") & (table["group"] == "") & (table["scenario"] == "current_law")]
    paths = served.pivot(index="date", columns=["draw", "life"], values="value").T.drop_duplicates()
    assert len(paths) == 6  # no two of the lives are the same, within a draw or between draws
    drawn = pd.read_parquet(plan.folder / "draws.parquet")
    assert drawn["draw"].tolist() == [0, 1, 2] and drawn["breach_rate"].nunique() == 3


def test_a_draw_does_not_depend_on_how_many_there_are(tmp_path: Path) -> None:
    three, two = small(tmp_path), replace(small(tmp_path), draws=2)
    assert [piece.path for piece in two.pieces] == [piece.path for piece in three.pieces[: len(two.pieces)]]
    assert two.name != three.name


def test_one_draw_is_the_book_and_the_first_of_several_is_not(tmp_path: Path) -> None:
    several = small(tmp_path)
    one = planned(
        ["one_year"], law=several.law, lives=2, seed=5, first=several.first, last=several.last, out=tmp_path, people=40
    )
    assert one.beliefs.law(one.law, 0).rules == one.law.rules
    assert several.beliefs.law(several.law, 0).rules != several.law.rules
    assert not {piece.path for piece in one.pieces} & {piece.path for piece in several.pieces}
    assert str(one.pieces[1]) == "one_year, life 0"


def test_a_bill_that_changes_nothing_differs_in_no_draw_and_no_life(tmp_path: Path) -> None:
    bill = tmp_path / "nothing.yaml"
    bill.write_text(
        "name: Nothing\nquestion: What?\nsource: Ours\ncommencement: 2027-04-01\n"
        "amends: {automatic_clock: {value: 2, unit: years}}\n"
    )
    plan = planned(
        [str(bill)], law=current_law(), lives=2, draws=2, seed=5, first=date(2029, 1, 1), last=date(2030, 12, 31),
        out=tmp_path, people=40, beliefs="prior",
    )  # fmt: skip
    done(plan)
    table = measures_of(plan)
    mine, its = (table[table["scenario"] == key].drop(columns="scenario") for key in ("nothing", "current_law"))
    pd.testing.assert_frame_equal(mine.reset_index(drop=True), its.reset_index(drop=True))
    (found,) = read_manifest(plan.folder / "run.json")["answers"]
    assert (found["difference"], found["low"], found["high"], found["draws"]) == (0, 0, 0, 2)


def test_threads_and_processes_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, bytes]
) -> None:
    monkeypatch.setattr(runs, "IN_THREADS", {"compiled": False, "simpy": False})
    done(small(tmp_path), 2)
    assert steady(files(tmp_path)) == unbroken


def test_both_engines_find_the_same_in_every_draw(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    done(replace(small(tmp_path), engine="simpy"), 2)
    assert steady(files(tmp_path)) == unbroken


def test_people_and_listings_are_scaled(tmp_path: Path) -> None:
    plan = replace(small(tmp_path), draws=1, lives=1, people=None, scale=0.01)
    law = plan.law
    world = CompiledWorld([law], scale=0.01, last=day_of(plan.last))
    assert len(world.people) == national(law, 0.01) == round(law.on(0)["people_sentenced"] / 100)  # type: ignore[operator]
    assert world.listings.capacity.sum() < CompiledWorld([law], people=1).listings.capacity.sum() / 90
    assert replace(plan, scale=0.02).pieces[0].path != plan.pieces[0].path
    assert replace(plan, scale=0.02).name != plan.name
    done(plan)
    manifest = read_manifest(plan.folder / "run.json")
    assert (manifest["people"], manifest["people_scale"]) == (len(world.people), 0.01)
    table = measures_of(plan)
    serving = table[(table["measure"] == "serving") & (table["date"] == "2029-01-31")]["value"]
    assert 5 < serving.max() < len(world.people)


# Killed


def group_of(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def killed_at(command: Sequence[str], out: Path, files_then: int) -> bool:
    """Start a command in a process group of its own and kill -9 all of it once so many files are finished."""
    process = group_of(command)
    while process.poll() is None and count(out) < files_then:
        time.sleep(0.001)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_killed_at_a_random_moment_and_resumed_has_the_same_bytes(
    tmp_path: Path, unbroken: dict[str, bytes], seed: int
) -> None:
    moment = random.Random(seed).randrange(1, len(unbroken) - 4)
    assert killed_at([sys.executable, "-m", "tests.killed", str(tmp_path)], tmp_path, moment)
    assert count(tmp_path) < len(unbroken)
    assert done(small(tmp_path), 2) == []
    assert steady(files(tmp_path)) == unbroken


SCENARIOS = ("one_year", "law_before_november_2024")
ENSEMBLE = (
    *("--people", "150", "--draws", "3", "--lives", "4", "--beliefs", "prior", "--seed", "9"),
    *("--from", "2024-01-01", "--workers", "2"),
)


@pytest.mark.slow
def test_an_ensemble_killed_at_ten_random_moments_and_resumed_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "run", *SCENARIOS, *ENSEMBLE, "--out"]
    subprocess.run([*command, str(tmp_path / "unbroken")], cwd=ROOT, check=True, capture_output=True)
    expected = steady(files(tmp_path / "unbroken"))
    moments = random.Random(20_241_001).sample(range(1, len(expected)), 10)
    killed = 0
    for moment in moments:
        out = tmp_path / f"killed-{moment}"
        killed += killed_at([*command, str(out)], out, moment)
        subprocess.run([*command, str(out)], cwd=ROOT, check=True, capture_output=True)
        assert steady(files(out)) == expected, f"killed after {moment} files"
    assert killed >= 8  # one that was all but done may have ended before the signal


def test_what_a_killed_process_was_writing_is_cleared_and_what_another_writes_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    abandoned, written = (tmp_path / f".a.parquet.{pid}{TEMPORARY}" for pid in (ended.pid, os.getpid()))
    other = tmp_path / "a.parquet"
    for path in (abandoned, written, other):
        path.write_text("half")
    clear_abandoned(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([written.name, other.name])


ORPHANS = """
import os, pathlib, sys, time
from sim import ensemble

def work(piece):
    pathlib.Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(0.01)

ensemble.ORPHANED = 0.05
ensemble.in_parallel(work, range(1_000_000), 2, lambda piece: None)
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to tell whether a process lives")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = group_of([sys.executable, "-c", ORPHANS, str(tmp_path)])
    while len(workers := [int(path.name) for path in tmp_path.iterdir()]) < 2:
        assert parent.poll() is None
        time.sleep(0.01)
    parent.kill()
    parent.wait()
    for _ in range(1_000):
        if not any(map(alive, workers)):
            return
        time.sleep(0.01)
    os.killpg(parent.pid, signal.SIGKILL)
    pytest.fail("the workers still wait for work")


# The pool


def suicidal(piece: Path) -> None:
    with piece.open("a") as file:
        file.write("tried\n")
    if piece.name in ("3", "17"):
        os.kill(os.getpid(), signal.SIGKILL)


def test_only_the_pieces_that_kill_their_workers_are_given_up(tmp_path: Path) -> None:
    pieces, finished = [tmp_path / str(number) for number in range(30)], list[str]()
    failed = in_parallel(suicidal, pieces, 3, lambda piece: finished.append(piece.name))
    assert [(each.piece, each.why) for each in failed] == [
        (str(tmp_path / name), "its worker was killed, 3 times") for name in ("3", "17")
    ]
    assert sorted(finished, key=int) == [str(number) for number in range(30) if number not in (3, 17)]
    assert (tmp_path / "3").read_text().count("tried") == 3


def test_threads_do_every_piece_and_tell_of_each_in_the_main_thread() -> None:
    finished: list[int] = []

    def fails_on_even(piece: int) -> None:
        if not piece % 2:
            raise ValueError(f"{piece} is even")

    failed = in_parallel(fails_on_even, range(50), 4, finished.append, threads=True)
    assert sorted(finished) == list(range(1, 50, 2))
    assert failed == [Failed(str(piece), f"ValueError: {piece} is even") for piece in range(0, 50, 2)]


def test_no_more_is_handed_out_than_is_soon_begun_so_that_ctrl_c_drops_the_rest() -> None:
    begun: list[int] = []

    def interrupt(piece: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_parallel(begun.append, range(1_000), 2, interrupt, threads=True)
    assert 1 <= len(begun) <= 2 * ensemble.AHEAD


# What is said


def test_compiling_is_said_once_and_only_when_it_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensemble._TOLD, "said", False)
    said: list[str] = []

    @numba.njit
    def add(x, y):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return x + y

    with telling_of_compiling(said.append):
        pass
    assert said == []
    with telling_of_compiling(said.append):
        assert (add(1, 2), add(1.0, 2.0)) == (3, 3.0)
        add(3, 4)
    assert said == [COMPILES]


def test_rules_loaded_from_the_cache_are_not_said_to_be_compiled(
    monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, bytes]
) -> None:
    """In a process of its own, after the fixture has had everything compiled."""
    code = (
        "from results import runs; from sim.ensemble import telling_of_compiling; from tests.killed import small; "
        "import pathlib, sys\nwith telling_of_compiling(print): runs.warm_up(small(pathlib.Path(sys.argv[1])))"
    )
    said = subprocess.run([sys.executable, "-c", code, "."], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.4, "4 seconds"), (89, "89 seconds"), (91, "2 minutes"), (5_400, "1.5 hours")]
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left(seconds) == f"about {words} left"


def test_progress_is_told_in_lines_for_each_batch(capsys: pytest.CaptureFixture[str]) -> None:
    with following("runs/abc") as (begun, finished, say):
        begun(40, 20)
        for piece in range(20):
            finished(piece)
        say("after 20 lives: more")
        begun(60, 40)
        for piece in range(20):
            finished(piece)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "40 lives to live into runs/abc, 20 of them on disk already"
    assert lines[10] == "40 of 40 done, about 0 seconds left" and lines[11] == "after 20 lives: more"
    assert lines[12].startswith("60 lives") and lines[-1] == "60 of 60 done, about 0 seconds left"
    assert len(lines) == 2 * 11 + 1
