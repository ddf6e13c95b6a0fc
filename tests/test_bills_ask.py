"""What the Bills that ship ask: each its own thing, which moves; and what their answers say that they rest on."""

from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from results.answers import resolved
from results.asked_words import SO_FAR, WORDS, answer, counted, row_name, when
from results.effects_assumed import NONE, acted_through, rests_on
from results.folder import Told
from results.limits import limits
from results.measures import MEASURES
from results.outcomes import flow_between, stock_on
from results.words import fewer_or_more, one_of
from scenarios import Scenario, bill_from_text, current_law, find, shipped
from scenarios.asking import in_full
from scenarios.bill import Ask
from scenarios.register import effects
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.law import ALWAYS, Law
from tests.test_conservation import amended

LAST = date(2030, 12, 31)
UNMOVED = {"parole_capacity"}  # it changes nothing where listings are not short, as its note and its answer say
BILLS = [bill.key for bill in shipped() if bill.key != "current_law"]
# What a rule turned does by itself, beside an effect: more appointments are more to miss, and a bed is waited for.
BY_ITSELF = {"contacts_per_month", "remote_share", "premises_beds", "premises_days"}
ONLY_ASSUMED = [
    key for key in BILLS
    if (turned := {change.rule for bill in find(key).bills for change in bill.changes})
    and turned <= set(limits().acts_through) - BY_ITSELF
]  # fmt: skip


@cache
def book() -> Law:
    return current_law()


@cache
def without_effects() -> tuple[tuple[str, int, float], ...]:
    """Every size of an effect at the value that is none: a ratio of one, log-odds and powers of nought."""
    none = {"ratio": 1.0, "log-odds": 0.0, "power": 0.0}
    return tuple((rule.name, ALWAYS, none[rule.unit]) for rule in effects(book()) if rule.unit in none)


@cache
def lived(key: str, *changes: tuple[str, int, float]) -> tuple[Any, Any]:
    groups, laws = find(key).laws(amended(book(), *changes))
    world = CompiledWorld(laws, groups, seed=1, last=day_of(LAST))
    return world.live(), world.people


def shown(ask: Ask, key: str, *changes: tuple[str, int, float]) -> float:
    journal, people = lived(key, *changes)
    if ask.first is None:
        return stock_on(journal, people, ask.measure, day_of(ask.last), ask.group)
    return flow_between(journal, people, ask.measure, ask.group, day_of(ask.first), day_of(ask.last))


@pytest.mark.parametrize("key", BILLS)
def test_every_bill_asks_something_that_it_moves(key: str) -> None:
    scenario = find(key)
    asks = in_full(scenario.asks)
    assert asks and resolved([scenario], LAST)[key] == asks
    for ask in asks:
        assert (ask.measure, ask.group) in WORDS, "an answer has words for it"
        begins = scenario.commencement
        assert begins is None or (ask.first or ask.last) >= begins
    moved = [shown(ask, key) != shown(ask, "current_law") for ask in asks]
    assert any(moved) != (key in UNMOVED)
    assert moved[0] or key in UNMOVED


def test_the_bill_that_moves_nothing_says_so() -> None:
    (bill,) = find("parole_capacity").bills
    assert "Where listings are not short it changes nothing" in " ".join(bill.note.split())
    said = answer(pd.Series([0.0, 0.0]), counted("days_to_listing_sum", ""), "by 2030", "the current law", 2)
    assert said == (
        "By 2030 there would be no difference from the current law in days of waiting for a listed hearing; "
        "there is no difference in any of 2 pairs of lives."
    )


def test_the_current_law_asks_nothing_as_it_is_a_difference_from_nothing() -> None:
    assert find("current_law").asks == ()


@pytest.mark.parametrize("key", BILLS)
def test_a_question_names_the_risk_if_and_only_if_it_is_asked(key: str) -> None:
    scenario = find(key)
    harms = [ask for ask in in_full(scenario.asks) if ask.measure == "serious_further_offences"]
    assert ("at what risk" in scenario.question) == bool(harms)
    assert "2030" in scenario.question or key == "one_year"


# What an answer rests on


@pytest.mark.parametrize("key", ONLY_ASSUMED)
def test_without_the_effects_that_are_named_a_bill_changes_nothing(key: str) -> None:
    named = {rule.name for rule in acted_through(find(key), book())}
    (ask, *_) = find(key).asks
    taken = tuple(change for change in without_effects() if change[0] in named)
    assert taken and shown(ask, key, *taken) == shown(ask, "current_law", *taken)
    assert shown(ask, key) != shown(ask, "current_law")


def test_what_is_named_are_effects_of_rules_that_a_bill_may_amend() -> None:
    sizes = {rule.name for rule in effects(book())}
    for rule, through in limits().acts_through.items():
        assert rule in book().rules and set(through) <= sizes and len(set(through)) == len(through)
    assert len(ONLY_ASSUMED) >= 6


def test_an_answer_says_which_numbers_nobody_has_measured() -> None:
    (only,) = rests_on(find("psychology_for_all"), book(), ["recalls"])
    assert only == (
        "The size of the effect is an assumption. It rests on 2 numbers that nobody has measured in people serving "
        "this sentence: psychology_ratio (measured in another population); psychology_days (not measured but judged)."
    )
    assert rests_on(find("one_year"), book(), ["terminated", "recalls"]) == [NONE]
    (risk,) = rests_on(find("executive_release"), book(), ["recalled", "serious_further_offences"])
    assert risk.startswith("The effect on serious further offences rests on 2 numbers") and "judged" in risk
    _, beside = rests_on(find("proportionality"), book(), ["custody_total", "serious_further_offences"])
    assert beside.startswith("That on serious further offences rests also on ")


def test_what_a_bill_sets_itself_is_not_told_as_an_assumption() -> None:
    words = (
        "name: A\nquestion: What?\nsource: Ours\ncommencement: 2027-04-01\namends:\n"
        "  psychology_share: {value: 1, unit: probability}\n  psychology_ratio: {value: 0.9, unit: ratio}\n"
    )
    both = Scenario((bill_from_text(words, "a.yaml"),))
    assert [rule.name for rule in acted_through(both, book())] == ["psychology_days"]


# Words


def test_one_of_a_thing_is_singular_and_nought_has_no_way() -> None:
    assert fewer_or_more([-1.0], "people on licence") == "1 fewer person on licence (95% interval 1 to 1 fewer)"
    assert fewer_or_more([1.0], "serious further offences").startswith("1 more serious further offence (")
    assert fewer_or_more([2.0], "first releases").startswith("2 more first releases (")
    assert one_of("things that have no other name") == "things that have no other name"
    assert fewer_or_more([0.0, 0.0, 20.0], "recalls") == "about as many recalls (95% interval 0 to 19 more)"
    assert fewer_or_more([0.0, 0.0, -20.0], "recalls") == "about as many recalls (95% interval 19 fewer to 0)"
    assert fewer_or_more([-40.0, -9.0, 10.0], "recalls") == "9 fewer recalls (95% interval 9 more to 38 fewer)"


def test_every_count_has_a_singular_in_its_words() -> None:
    for what, _ in WORDS.values():
        assert one_of(what) != what


def test_a_scenario_is_named_within_a_sentence_as_it_should_be() -> None:
    assert Told(key="current_law", name="Current law", question="?").spoken == "the current law"
    assert Told(key="mine", name="The Lords’ Bill", question="?").spoken == "‘The Lords’ Bill’"


def test_what_only_grows_is_had_by_a_day_and_what_comes_and_goes_on_it() -> None:
    day = pd.Timestamp(LAST)
    assert when("terminated", None, day) == "by 31 December 2030" and when("recalled", None, day).startswith("on 31")
    assert when("recalls", pd.Timestamp("2027-04-01"), day) == "from 1 April 2027 to 31 December 2030"
    assert set(SO_FAR) == {name for name, each in MEASURES.items() if each.kind == "stock" and "so far" in each.meaning}
    assert row_name("recalls", "no new charge") == "Recalls without a new charge" and row_name("open", "") == "Open"
