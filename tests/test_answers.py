"""Answers: what a Bill may ask about, the mean difference and its interval, and when a search for precision ends."""

from dataclasses import replace
from datetime import date
from functools import cache
from math import inf, isnan, nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import runs
from results.answers import FEWEST, answer, in_words, resolved, rows, value_of
from results.pieces import keep
from results.plan import BUDGET, Piece, Plan, as_precision, as_scale, planned
from results.precision import lines, reached
from results.store import read_manifest, write_table
from scenarios import BadInput, Bill, Scenario, bill_from_text, current_law
from scenarios.asking import in_full
from scenarios.bill import Ask
from sim.law import Law

LAST = date(2030, 12, 31)
HEAD = "name: A Bill\nquestion: What changes?\nsource: Ours\n"
ON = Ask("recalled", "", date(2030, 12, 31))


@cache
def book() -> Law:
    return current_law()


def bill(asks: str = "", key: str = "bill") -> Bill:
    words = HEAD + (f"asks: {{{asks}}}\n" if asks else "")
    return bill_from_text(
        words + "commencement: 2027-04-01\namends: {automatic_clock: {value: 1, unit: years}}\n", f"{key}.yaml"
    )


# What a Bill asks


def test_a_bill_says_what_it_asks_about() -> None:
    on = bill("measure: recalled, on: 2029-06-30").ask
    assert on == Ask("recalled", "", date(2029, 6, 30), where="bill.yaml:4")
    over = bill("measure: recalls, group: new charge, from: 2027-04-01, to: 2028-03-31").ask
    assert over == Ask("recalls", "new charge", date(2028, 3, 31), date(2027, 4, 1), "bill.yaml:4")
    assert bill("measure: recalled, group: '', on: 2029-06-30").ask == on
    assert bill().ask is None


def test_bills_together_ask_what_each_asks_once() -> None:
    asks = "measure: recalled, on: 2029-06-30"
    one, other = bill(asks), replace(bill(asks, "other"), changes=())
    assert [ask.measure for ask in Scenario((one, other)).asks] == ["recalled"]
    third = replace(bill("measure: recalls, from: 2028-01-01, to: 2028-12-31", "third"), changes=())
    assert [ask.measure for ask in Scenario((one, third)).asks] == ["recalled", "recalls"]


def test_a_bill_that_does_not_say_asks_about_the_recalled_at_the_end_of_2030_or_of_the_run() -> None:
    def asked(last: date) -> list[Ask]:
        return list(resolved([Scenario((bill(),))], last)["bill"])

    assert asked(date(2034, 12, 31)) == [ON]
    assert asked(date(2028, 5, 17)) == [Ask("recalled", "", date(2028, 4, 30))]


def test_what_is_asked_of_a_day_after_the_run_is_asked_of_the_last_that_it_has() -> None:
    on = resolved([Scenario((bill("measure: recalled, on: 2031-12-31"),))], date(2030, 11, 15))["bill"]
    assert [(ask.first, ask.last) for ask in on] == [(None, date(2030, 10, 31))]
    over = resolved([Scenario((bill("measure: recalls, from: 2030-04-01, to: 2031-12-31"),))], LAST)["bill"]
    assert [(ask.first, ask.last) for ask in over] == [(date(2030, 4, 1), LAST)]


SEVERAL = "measure: recalls, from: 2028-01-01, to: 2028-12-31"


def several(*asks: str) -> Bill:
    words = HEAD + "asks:\n" + "".join(f"  - {{{each}}}\n" for each in asks)
    return bill_from_text(words + "law_as_it_stood: 2024-09-30\n", "several.yaml")


def test_a_bill_may_ask_several_things_and_the_first_is_the_one_to_be_precise_about() -> None:
    asked = several(SEVERAL, "measure: recalled, on: 2029-06-30")
    found = resolved([Scenario((asked,))], LAST)["several"]
    assert [(ask.measure, ask.aside) for ask in found] == [("recalls", False), ("recalled", True)]
    assert [ask.where for ask in found] == ["several.yaml:5", "several.yaml:6"]
    wild = {(0, life): x for life, x in enumerate([1.0, -1.0] * FEWEST)}
    still = dict.fromkeys(wild, 5.0)
    plan = replace(plan_of(Path("unused"), precision=0.02), asks={"several": found})
    answers = [answer("several", ask, each, False) for ask, each in zip(found, (still, wild), strict=True)]
    assert reached(plan, answers) and ["reached" in each.as_json("lives", 0.02) for each in answers] == [True, False]
    assert not reached(plan, [answer("several", found[0], wild, False), answers[1]])


def test_what_is_asked_beside_of_a_time_after_the_run_is_left_out() -> None:
    asked = several("measure: recalled, on: 2029-06-30", SEVERAL)
    found = {day: resolved([Scenario((asked,))], day)["several"] for day in (date(2027, 12, 31), date(2028, 1, 31))}
    assert [[ask.measure for ask in asks] for asks in found.values()] == [["recalled"], ["recalled", "recalls"]]


def test_what_one_bill_asks_first_and_another_beside_is_asked_first() -> None:
    first, second = several(SEVERAL, "measure: recalled, on: 2029-06-30"), bill("measure: recalled, on: 2029-06-30")
    found = in_full(Scenario((first, replace(second, changes=()))).asks)
    assert [(ask.measure, ask.aside) for ask in found] == [("recalls", False), ("recalled", False)]


def test_too_many_things_and_one_thing_twice_are_refused() -> None:
    with pytest.raises(BadInput, match="line 4: asks must be one thing or a list of 4 at most, not of 5"):
        several(*(f"measure: recalled, on: 20{year}-12-31" for year in range(26, 31)))
    with pytest.raises(BadInput, match="asks must not ask the same thing twice"):
        several(SEVERAL, SEVERAL)


REFUSED = {
    "no measure": ("on: 2030-12-31", "must have the field 'measure'"),
    "neither day nor window": ("measure: recalled", "must have either 'on' (a day) or both 'from' and 'to'"),
    "day and window": ("measure: recalled, on: 2030-12-31, from: 2030-01-01, to: 2030-12-31", "must have either"),
    "half a window": ("measure: recalls, from: 2030-01-01", "must have either"),
    "window backwards": ("measure: recalls, from: 2030-02-01, to: 2030-01-31", "must not be before 2030-02-01"),
    "before the projection": ("measure: recalled, on: 2020-12-31", "the projection begins on 2024-10-01"),
    "unknown measure": ("measure: recaled, on: 2030-12-31", "did you mean 'recalled'?"),
    "no such group": ("measure: recalled, group: femal, on: 2030-12-31", "did you mean 'female'?"),
    "groups are listed": ("measure: recalls, group: x, from: 2030-01-01, to: 2030-12-31", "'no new charge'"),
    "stock over a window": ("measure: recalled, from: 2030-01-01, to: 2030-12-31", "counted on a day: give 'on'"),
    "flow on a day": ("measure: recalls, on: 2030-12-31", "counted over a window: give 'from' and 'to'"),
    "mean over a window": ("measure: mean_months_recalled, from: 2030-01-01, to: 2030-12-31", "do not add up"),
    "after the run": ("measure: recalls, from: 2031-01-01, to: 2031-12-31", "by 31 December 2030, the last day lived"),
    "not a month's end": ("measure: recalled, on: 2030-12-25", "such as 2030-12-31"),
    "not a quarter's end": (
        "measure: unreleased_over_tariff_by_tariff, group: '<1y | <2y', on: 2030-11-30", "such as 2030-12-31",
    ),
    "window from within a month": ("measure: recalls, from: 2030-01-02, to: 2030-12-31", "the first day of a month"),
    "people over part of a year": ("measure: people_recalled, from: 2030-02-01, to: 2030-12-31", "1 January 2030"),
}  # fmt: skip


@pytest.mark.parametrize(("asks", "phrase"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_answered_is_refused_with_file_and_line(asks: str, phrase: str) -> None:
    with pytest.raises(BadInput) as refused:
        resolved([Scenario((bill(asks),))], LAST)
    said = str(refused.value)
    assert said.startswith("bill.yaml, line 4: asks") and phrase in said and said[-1] in ".?" and "?." not in said


def test_a_stock_is_read_on_its_day_and_a_flow_is_added_up_over_its_months() -> None:
    index = rows(LAST)
    values = np.arange(len(index), dtype=float)
    at = index.index[(index["measure"] == "recalled") & (index["group"] == "") & (index["date"] == "2030-12-31")]
    assert value_of(ON, values, LAST) == values[at[0]]
    mine = (index["measure"] == "recalls") & (index["group"] == "new charge")
    year = mine & (index["date"] >= "2028-04-30") & (index["date"] <= "2029-03-31")
    assert year.sum() == 12
    over = Ask("recalls", "new charge", date(2029, 3, 31), date(2028, 4, 1))
    assert value_of(over, values, LAST) == values[year.to_numpy()].sum()
    people = Ask("people_recalled", "", date(2029, 12, 31), date(2029, 1, 1))
    (row,) = index.index[(index["measure"] == "people_recalled") & (index["date"] == "2029-12-31")]
    assert value_of(people, values, LAST) == values[row]
    with pytest.raises(ValueError, match="not those that this version counts"):
        value_of(ON, values[:-1], LAST)


# The mean and its interval


def test_the_interval_of_the_mean_by_hand() -> None:
    """1, 2, 3, 4: mean 2.5, variance 5/3, t(3, 0.975) = 3.182446 as printed in tables of Student's t."""
    found = answer("bill", ON, {(0, life): life + 1.0 for life in range(4)}, in_draws=False)
    assert (found.mean, found.members) == (2.5, 4)
    assert found.half_width == pytest.approx(3.182446 * sqrt(5 / 3 / 4), rel=1e-6)
    assert found.within == found.half_width / 2.5


def test_with_draws_the_members_are_the_draws_and_not_the_lives() -> None:
    """Two draws of means 1 and 3, however many lives: mean 2, standard error 1, t(1, 0.975) = 12.7062."""
    some = {(0, 0): 0.0, (0, 1): 2.0, (1, 0): 3.0, (1, 1): 3.0, (1, 2): 3.0}
    found = answer("bill", ON, some, in_draws=True)
    assert (found.mean, found.members) == (2.0, 2)
    assert found.half_width == pytest.approx(12.7062, rel=1e-5)


def test_lives_that_show_nothing_are_left_out_and_too_few_have_no_interval() -> None:
    found = answer("bill", ON, {(0, 0): nan, (0, 1): 5.0}, in_draws=False)
    assert (found.mean, found.members) == (5.0, 1) and isnan(found.half_width)
    none = answer("bill", ON, {}, in_draws=False)
    assert isnan(none.mean) and none.members == 0 and not none.reaches(1.0)
    assert none.as_json("lives", 0.02)["difference"] is None


def test_what_reaches_a_precision() -> None:
    def of(values: list[float]) -> bool:
        return answer("bill", ON, {(0, life): x for life, x in enumerate(values)}, in_draws=False).reaches(0.02)

    assert of([0.0] * FEWEST) and not of([0.0] * (FEWEST - 1))
    assert of([-100.0, -101.0] * 20) and not of([-100.0, -150.0] * 5)
    assert not of([1.0, -1.0] * 50)
    assert answer("bill", ON, {(0, 0): 1.0, (0, 1): -1.0}, in_draws=False).within == inf


def test_answers_are_told_in_one_line() -> None:
    told = answer("bill", ON, {(0, 0): -130.0, (0, 1): -134.0}, in_draws=False).as_json("lives", None)
    line = "bill less current_law: recalled on 31 December 2030: −132.0 (95% interval of the mean −157.4 to −106.6, "
    assert in_words(told, "current_law") == line + "2 lives)"
    over = Ask("recalls", "new charge", date(2028, 12, 31), date(2028, 1, 1))
    one = answer("bill", over, {(3, 0): 0.5}, in_draws=True).as_json("draws", None)
    said = in_words(one, "current_law")
    assert "recalls new charge from 1 January 2028 to 31 December 2028: +0.50 in the one of the draws" in said
    assert "no life of both" in in_words(answer("bill", ON, {}, False).as_json("lives", None), "current_law")


# Plans that grow


def plan_of(out: Path, lives: int = 20, **how: object) -> Plan:
    asked: dict[str, object] = {"law": book(), "seed": 1, "first": date(2030, 1, 1), "last": LAST, "people": 30}
    asked |= {"beliefs": "prior"} if "draws" in how else {}
    return planned(["national_strategy"], lives=lives, out=out, **(asked | how))  # type: ignore[arg-type]


def test_batches_come_in_a_fixed_schedule_until_the_budget(tmp_path: Path) -> None:
    plan: Plan | None = plan_of(tmp_path, precision=0.02, budget=300)
    lives, names = [], set()
    while plan is not None:
        lives.append(plan.each[1])
        names.add(plan.name)
        assert len(plan.pieces) == 2 * plan.each[1]
        plan = plan.grown()
    assert lives == [20, 30, 45, 68, 102, 150] and len(names) == 1
    one = plan_of(tmp_path, lives=1, precision=0.02, budget=8)
    assert [one.each[1], one.grown().each[1]] == [1, 2]  # type: ignore[union-attr]


def test_where_there_are_draws_they_are_what_grows_and_no_life_is_renumbered(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, lives=2, draws=10, precision=0.02)
    grown = plan.grown()
    assert grown is not None and grown.each == (15, 2)
    assert [piece.path for piece in plan.pieces] == [piece.path for piece in grown.pieces[: len(plan.pieces)]]
    assert [piece.luck for piece in grown.pieces] == [luck for luck in range(30) for _ in plan.scenarios]


def test_precision_and_budget_are_part_of_the_name(tmp_path: Path) -> None:
    plans = [
        plan_of(tmp_path), plan_of(tmp_path, precision=0.02), plan_of(tmp_path, precision=0.03),
        plan_of(tmp_path, precision=0.02, budget=100), plan_of(tmp_path, draws=2), plan_of(tmp_path, lives=21),
    ]  # fmt: skip
    assert len({plan.name for plan in plans}) == len(plans)


def test_vain_precisions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="name another scenario"):
        planned(
            ["current_law"], law=book(), lives=20, seed=1, first=LAST, last=LAST, out=tmp_path, precision=0.02
        )  # fmt: skip
    with pytest.raises(BadInput, match="20 lives of 2 scenarios are 40 worlds, and it is 39"):
        plan_of(tmp_path, precision=0.02, budget=39)


def test_percentages_and_scales_are_read() -> None:
    assert [as_precision(text, 0) for text in ("2%", " 0.5 %", "100%")] == [0.02, 0.005, 1.0]
    assert as_precision("", 0) is None
    for text in ("2", "0%", "-1%", "101%", "two%", "%", "nan%", "inf%"):
        with pytest.raises(BadInput, match="--precision must be a percentage"):
            as_precision(text, 0)
    with pytest.raises(BadInput, match="give both or neither"):
        as_precision("", 100)
    assert as_scale(10, 0) == 10 and as_scale(1, 60) == 1
    for scale, people in ((2.0, 60), (0.0, 0), (-1.0, 0), (1e6, 0), (nan, 0)):
        with pytest.raises(BadInput, match="--people-scale"):
            as_scale(scale, people)


# The search itself, with lives made up here, of which everything is known


def noise(life: int) -> float:
    """A fixed sequence of no pattern in [-40, 40]."""
    return (life * 7919 % 81) - 40.0


@cache
def nothing() -> tuple[pd.DataFrame, int]:
    """The rows of a life in which nobody lives, and the place of what is asked about."""
    index = rows(LAST)
    at = (index["measure"] == "recalled") & (index["group"] == "") & (index["date"] == "2030-12-31")
    return index.astype({"measure": "category", "group": "category"}), int(np.nonzero(at.to_numpy())[0][0])


def made_up(piece: Piece, history: object = None) -> None:
    index, place = nothing()
    values, observed = np.zeros(len(index)), np.zeros(0)
    values[place] = 1000.0 + piece.luck
    if piece.scenario.key != "current_law":
        values[place] -= 100.0 + noise(piece.luck)
    else:
        observed = np.zeros(len(runs.observations(piece.plan.last)))
    if piece.luck == 0:
        write_table(piece.beside("journal"), pd.DataFrame({"day": [0]}))
    keep(piece, values, observed)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "live", made_up)
    monkeypatch.setattr(runs, "warm_up", lambda plan: None)
    monkeypatch.setattr(runs, "write_measures", lambda plan: None)  # its tables are tested where lives are lived


def searched(plan: Plan, workers: int = 1) -> tuple[dict[str, Any], list[str]]:
    said: list[str] = []
    begun: list[tuple[int, int]] = []
    failed = runs.run(plan, workers, lambda *batch: begun.append(batch), lambda piece: None, said.append)
    assert failed == [] and len(begun) == len(said) + 1
    manifest = read_manifest(plan.folder / "run.json")
    return {name: value for name, value in manifest.items() if name != "seconds"}, said


def expected_lives(precision: float, starts: int = 20) -> int:
    """How many lives the search must come to, worked out here from the sequence alone."""
    lives = starts
    while True:
        found = answer("bill", ON, {(0, life): -100.0 - noise(life) for life in range(lives)}, in_draws=False)
        if found.half_width <= precision * abs(found.mean):
            return lives
        lives = -(-lives * 3 // 2)


@pytest.mark.usefixtures("quick")
def test_lives_are_added_until_the_difference_is_known_well_enough(tmp_path: Path) -> None:
    manifest, said = searched(plan_of(tmp_path, precision=0.08))
    lives = expected_lives(0.08)
    assert lives > 30 and manifest["lives"] == lives
    assert manifest["precision"] == {"asked_per_cent": 8.0, "reached": True, "budget": BUDGET, "worlds": 2 * lives}
    (found,) = manifest["answers"]
    assert found["reached"] and found["high"] - found["difference"] <= 0.08 * abs(found["difference"])
    assert said[0].startswith("after 20 lives: national_strategy is known to within ") and "8% was asked" in said[0]
    table = pd.read_csv(tmp_path / plan_of(tmp_path, precision=0.08).name / "failed.csv")
    assert list(table.columns) == ["scenario", "draw", "life", "why"] and table.empty
    assert lines(manifest)[-1] == f"Known to within 8% as asked, with {2 * lives} worlds."


@pytest.mark.usefixtures("quick")
def test_where_it_ends_does_not_depend_on_workers_or_on_what_was_on_disk(tmp_path: Path) -> None:
    one, said = searched(plan_of(tmp_path / "one", precision=0.1))
    part = plan_of(tmp_path / "two", lives=33)
    runs.run(part, 1, lambda *batch: None, lambda piece: None)
    two, said_again = searched(plan_of(tmp_path / "two", precision=0.1), 3)
    assert one == two and said == said_again


@pytest.mark.usefixtures("quick")
def test_the_budget_ends_it_and_is_said(tmp_path: Path) -> None:
    manifest, said = searched(plan_of(tmp_path, precision=0.001, budget=100))
    assert manifest["lives"] == 50 and len(said) == 3
    assert manifest["precision"] == {"asked_per_cent": 0.1, "reached": False, "budget": 100, "worlds": 100}
    ended = "100 worlds were lived, and the budget of 100 holds no further batch."
    assert lines(manifest)[-1] == f"Not known to within 0.1% for national_strategy: {ended}"


@pytest.mark.usefixtures("quick")
def test_draws_are_added_where_beliefs_are_drawn(tmp_path: Path) -> None:
    manifest, _ = searched(plan_of(tmp_path, lives=2, draws=10, precision=0.06))
    (found,) = manifest["answers"]
    assert manifest["lives"] == 2 and manifest["draws"] == found["draws"] > 10
    assert manifest["beliefs"] == "prior" and manifest["precision"]["reached"]
    drawn = pd.read_parquet(plan_of(tmp_path, lives=2, draws=10, precision=0.06).folder / "draws.parquet")
    assert list(drawn["draw"]) == list(range(found["draws"])) and drawn["breach_rate"].nunique() == len(drawn)


def test_a_piece_that_fails_in_one_batch_is_not_tried_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fails_once(piece: Piece, history: object = None) -> None:
        tried.append(str(piece))
        if str(piece) == "national_strategy, life 3":
            raise ArithmeticError("on purpose")
        made_up(piece)

    monkeypatch.setattr(runs, "live", fails_once)
    monkeypatch.setattr(runs, "warm_up", lambda plan: None)
    monkeypatch.setattr(runs, "write_measures", lambda plan: None)
    plan = plan_of(tmp_path, precision=0.001, budget=70)
    failed = runs.run(plan, 1, lambda *batch: None, lambda piece: None, lambda text: None)
    assert [each.piece for each in failed] == ["national_strategy, life 3"]
    assert tried.count("national_strategy, life 3") == 1
    manifest = read_manifest(plan.folder / "run.json")
    assert manifest["lives"] == 35 and manifest["answers"][0]["lives"] == 34
    table = pd.read_csv(plan.folder / "failed.csv")
    assert table.to_dict("records") == [
        {"scenario": "national_strategy", "draw": 0, "life": 3, "why": "ArithmeticError: on purpose"}
    ]
