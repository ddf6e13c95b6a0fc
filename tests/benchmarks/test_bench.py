"""The measuring instrument: what it counts, how it tells a bias from chance, what it says of a target."""

import json
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import stock_on
from scenarios import current_law
from scenarios.reading import BadInput
from sim import luck
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Event, State
from tests.benchmarks import apart, bench, bias, child, floor, rounds
from tests.benchmarks.claims import Claim, as_text, of_repeats
from tests.benchmarks.counted import Record, Shelf
from tests.benchmarks.engines import ANYOF, COMPILED, LAST, STEPS
from tests.benchmarks.machine import ROOT, alternating
from tests.benchmarks.machine import apart as in_a_fresh_process
from tests.benchmarks.steps_arrays import Counted

SMALL = 60  # people


def quiet(_: str) -> None:
    """Say nothing."""


def test_a_target_is_met_or_not_or_not_measured() -> None:
    assert Claim("ratio", 40.0, "times", at_least=40).verdict == "met"
    assert Claim("ratio", 39.9, "times", at_least=40).verdict == "NOT MET"
    assert Claim("seconds", 0.2, "s", at_most=0.1).verdict == "NOT MET"
    assert Claim("seconds", None, "s", at_most=0.1).verdict == "not measured"
    assert Claim("seconds", 3.0, "s").verdict == ""


def test_a_claim_is_one_line_with_its_median_range_and_target() -> None:
    claim = of_repeats("a world", [0.3, 0.1, 0.2], "s", "one core", at_most=0.25)
    line = as_text([claim]).splitlines()[-1]
    assert " ".join(line.split()) == "a world 0.200 s (0.100 to 0.300) at most 0.250 s met one core"
    assert json.loads(json.dumps(claim.as_json()))["seen"] == [0.3, 0.1, 0.2]


def test_rounds_go_forwards_and_then_backwards() -> None:
    done: list[tuple[str, int]] = []

    def work(name: str, turn: int) -> int:
        done.append((name, turn))
        return turn

    found = alternating({"a": lambda turn: work("a", turn), "b": lambda turn: work("b", turn)}, 3, quiet)
    assert done == [("a", 0), ("b", 0), ("b", 1), ("a", 1), ("a", 2), ("b", 2)]
    assert found == {"a": [0, 1, 2], "b": [0, 1, 2]}


def test_ratios_are_taken_within_a_round() -> None:
    of = {"slow": [rounds.Round(4, 1), rounds.Round(9, 1)], "fast": [rounds.Round(1, 1), rounds.Round(3, 1)]}
    assert rounds.Rounds(of, None).ratios("slow", "fast") == [4, 3]


def test_without_a_compiler_the_limit_is_one_plain_line() -> None:
    lines = rounds.limit(rounds.Rounds({}, None))
    assert len(lines) == 1 and lines[0].value is None and "no C compiler" in lines[0].note


def test_a_bias_is_told_from_chance() -> None:
    chance = np.random.default_rng(1)
    exact = [np.full(len(bias.MEASURED), 100.0) for _ in range(20)]
    none = [each + chance.normal(0, 5, len(each)) for each in exact]
    some = [each + 10 for each in none]
    assert [each.verdict for each in bias.differences(exact, none)].count("bias") <= 1
    assert {each.verdict for each in bias.differences(exact, some)} == {"bias"}
    alone = bias.differences(exact[:1], some[:1])
    assert {each.verdict for each in alone} == {"one life: cannot be told"}
    assert json.dumps([each.as_json() for each in alone], allow_nan=False)


def test_outcomes_of_a_journal_are_those_of_the_measures() -> None:
    world = CompiledWorld([current_law()], people=SMALL, last=LAST)
    table = world.live()
    found = dict(zip(bias.MEASURED, bias.outcomes(table), strict=True))
    names = {"never_released": "in prison, never released", "recalled": "in prison, recalled"}
    names |= {"on_licence": "on licence", "terminated": "licence ended, so far"}
    for year in bias.YEARS:
        for measure, what in names.items():
            day = day_of(date(year, 12, 31))
            assert found[what, year] == stock_on(table, world.people, measure, day)


def test_outcomes_of_monthly_counts_stop_at_the_year() -> None:
    ends = np.array([day_of(date(year, 12, 31)) for year in (2023, *bias.YEARS)])
    stocks, flows = np.zeros((3, len(State)), int), np.zeros((3, len(Event)), int)
    stocks[:, State.TERMINATED] = 1, 2, 5
    flows[:, Event.TERMINATED_BY_BOARD] = 1, 1, 3
    found = dict(zip(bias.MEASURED, bias.outcomes(Counted(ends, stocks, flows)), strict=True))
    assert [found["licence ended, so far", year] for year in bias.YEARS] == [2, 5]
    assert [found["licences ended by the Board, so far", year] for year in bias.YEARS] == [2, 5]


def test_records_count_what_is_read_and_written() -> None:
    tally = Counter[str]()
    record, shelf = Record({"state": 1}, tally, "person"), Shelf([5, 6], tally, "law")
    record.state = record.state + 1
    assert record.state == 2 and shelf[1] == 6
    assert tally == {"person reads": 2, "person writes": 1, "law reads": 1}


def test_the_work_of_a_world_is_counted_where_its_journal_is_the_same() -> None:
    """The counting program itself refuses a journal that differs; one key and a dozen draws say who a person is."""
    count = floor.counted(SMALL)
    assert count["people"] == SMALL and count["events"] > SMALL
    assert all(count["living"][what] > count["events"] for what in ("hashes", "person reads", "person writes"))
    assert count["drawing"]["hashes"] > 2 * 10 * SMALL
    work, twice = (floor.national_work(count, n * SMALL, n * count["events"]) for n in (1, 2))
    assert work.draws == (count["drawing"]["hashes"] + count["living"]["hashes"]) // 2
    assert twice.reads == 2 * work.reads and twice.law_reads == 2 * work.law_reads


def test_the_loop_in_c_draws_the_model_s_own_luck() -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = floor.built(Path(folder))
        if program is None:
            pytest.skip("there is no C compiler here")
        one = floor.Work(people=1, fields=3, regimes=1, rules=4, events=1, draws=2, reads=3, writes=1, law_reads=2)
        assert floor.looped(program, one)[1] == luck.u(0, 1, 0) + luck.u(0, 2, 0)


def test_a_piece_of_work_tells_its_events_and_memory() -> None:
    found = child.world(COMPILED, "0.01")
    assert found["events"] > 0 and found["megabytes"] >= found["before"] > 1


def test_a_fresh_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"world \('nothing',\) failed: KeyError: 'nothing'"):
        in_a_fresh_process("world", "nothing")


def test_costs_are_called_flat_by_their_spread() -> None:
    assert apart.spread([10, 12, 11]) == pytest.approx(20)
    assert apart.listed([100, 300, 1_000], ",") == "100, 300 and 1,000"


def test_many_lives_say_where_they_are_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {10: {"seconds": 2.0, "processor": 3.0, "megabytes": 200.0}}
    told[30] = {"seconds": 6.0, "processor": 10.8, "megabytes": 210.0}
    monkeypatch.setattr(apart, "apart", lambda _, count, __: told[count])
    thousand, cost, memory = apart.many_lives([10, 30], quiet)
    assert thousand.value == pytest.approx(200) and thousand.verdict == "NOT MET" and "scaled from 30" in thousand.note
    assert cost.value == pytest.approx(20) and memory.value == pytest.approx(5)
    assert cost.verdict == memory.verdict == ""  # the promise is of 100 to 1,000 lives


def test_each_part_is_measured_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bias, "SCALES", dict.fromkeys((ANYOF, STEPS), 0.005))
    found = bench.measured_by(bench.Effort(1, (2, 2), (), (), ()), ["bias"], quiet)
    assert not found.claims and len(found.biases) == 2
    for title, lines in found.biases.items():
        text = bias.as_text(title, lines)
        assert all(what in text for what in (*bias.STANDING, *bias.HAPPENED))


def test_a_part_that_there_is_not_is_refused() -> None:
    assert bench.chosen([]) == list(bench.PARTS)
    with pytest.raises(BadInput, match=r"--only must be one of .*not 'engine'; did you mean 'engines'"):
        bench.chosen(["engine"])


def test_bad_input_ends_the_program_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--json", str(ROOT / "tests")])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", f"--json must be a file, and {ROOT / 'tests'} is a folder.\n")
