"""Draws of the beliefs: each from its prior, within its bounds, by luck of its own, and below what a Bill says."""

from dataclasses import replace
from datetime import date
from functools import cache
from math import exp

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

from calibration.draws import Draws, Prior, _key, beliefs, believing, names
from scenarios import BadInput, bill_from_text, current_law, read_registry
from sim.days import day_of
from sim.law import ALWAYS, Dated, Law, Rule
from sim.luck import person_key, u
from sim.people import national

MANY = 400


@cache
def book() -> Law:
    return current_law()


@cache
def drawn() -> tuple[Law, ...]:
    return tuple(Prior(1).law(book(), draw) for draw in range(60))


def belief(name: str = "a", prior: tuple[str | float, ...] = ("normal", 0.0, 1.0), **how: object) -> Rule:
    values = how.pop("values", (Dated(ALWAYS, (1.0,)),))
    return Rule(name, "sense", "ratio", "belief", values, prior=prior, **how)  # type: ignore[arg-type]


def numbers_of(rule: Rule, draws: int = MANY) -> np.ndarray:
    law = Law({rule.name: rule})
    return np.array([Prior(7).numbers(law, draw)[rule.name] for draw in range(draws)])


def test_the_book_changes_nothing() -> None:
    assert Draws().numbers(book(), 0) == {} and Draws().source == "book"
    assert Draws().law(book(), 3).rules == book().rules


def test_every_belief_of_the_book_is_drawn_and_nothing_else_is_touched() -> None:
    every = {name for rule in beliefs(book()) for name in names(rule)}
    assert set(Prior(1).numbers(book(), 0)) == every and len(every) > 50
    for name, rule in book().rules.items():
        changed = drawn()[0].rules[name] != rule
        assert changed == (rule.kind == "belief"), name
        days = [dated.day for dated in drawn()[0].rules[name].values]
        assert days == ([ALWAYS, *new_years(rule)] if rule.drift else [dated.day for dated in rule.values]), name


def test_drawn_values_keep_their_bounds_and_shares_add_to_one() -> None:
    for law in drawn():
        for rule in beliefs(law):
            for dated in rule.values:
                assert all(rule.low <= x <= rule.high for x in dated.value), rule.name
                if rule.of and rule.unit == "share":
                    assert sum(dated.value) == pytest.approx(1, abs=1e-12)


def test_the_highest_of_a_pair_is_never_below_the_lowest() -> None:
    pairs = [name.removesuffix("_low") for name in book().rules if name.endswith("_low")]
    pairs = [stem for stem in pairs if book().rules[f"{stem}_low"].kind == "belief"]
    assert len(pairs) >= 4
    for law in (Prior(5).law(book(), draw) for draw in range(200)):
        for stem in pairs:
            most = max(x for dated in law.rules[f"{stem}_low"].values for x in dated.value)
            assert most <= min(x for dated in law.rules[f"{stem}_high"].values for x in dated.value), stem


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (("normal", -0.3, 0.15), stats.norm(-0.3, 0.15)),
        (("lognormal", 11.0, 0.15), stats.lognorm(0.15, scale=11)),
        (("beta", 5.0, 95.0), stats.beta(5, 95)),
        (("gamma", 3.0, 0.5), stats.gamma(3, scale=0.5)),
        (("uniform", -2.0, 4.0), stats.uniform(-2, 6)),
    ],
)
def test_one_value_is_drawn_from_its_prior(prior: tuple[str | float, ...], expected: object) -> None:
    found = numbers_of(belief(prior=prior))
    assert stats.kstest(found, expected.cdf).pvalue > 0.001  # type: ignore[attr-defined]
    assert len(set(found)) == MANY


def new_years(rule: Rule) -> list[int]:
    return [day_of(date(year, 1, 1)) for year in range(rule.drift[0][0], 2041)]


def walking(prior: tuple[str | float, ...], **bounds: float) -> Rule:
    return belief(prior=prior, drift=((2011, 0.5), (2014, 0.25)), **bounds)


@pytest.mark.parametrize("prior", [("normal", 0.3, 1.0), ("lognormal", 0.3, 1.0)])
def test_a_belief_that_drifts_walks_by_steps_of_the_stated_spread(prior: tuple[str | float, ...]) -> None:
    rule = walking(prior)
    assert names(rule) == ("a", *(f"a.{year}" for year in range(2011, 2041)))
    found = np.array([list(Prior(7).numbers(Law({"a": rule}), draw).values()) for draw in range(MANY)])
    steps = np.diff(np.log(found) if prior[0] == "lognormal" else found)
    assert stats.kstest(steps[:, :3].ravel(), stats.norm(0, 0.5).cdf).pvalue > 0.001
    assert stats.kstest(steps[:, 3:].ravel(), stats.norm(0, 0.25).cdf).pvalue > 0.001
    tied = np.corrcoef(np.column_stack([found[:, 0] if prior[0] == "normal" else np.log(found[:, 0]), steps]).T)
    assert np.abs(tied - np.eye(len(tied))).max() < 5 / MANY**0.5  # each step by itself, and of the first value


def test_a_walk_stays_within_the_bounds_and_leaves_them_again() -> None:
    rule = walking(("normal", 0.0, 1.0), low=-0.5, high=0.5)
    found = np.array([list(Prior(7).numbers(Law({"a": rule}), draw).values()) for draw in range(MANY)])
    assert found.min() == -0.5 and found.max() == 0.5
    assert ((found[:, 1:-1] == 0.5) & (found[:, 2:] < 0.5)).any()


def test_a_walk_is_put_in_force_year_by_year() -> None:
    rule = walking(("lognormal", 1.0, 0.3))
    numbers = Prior(3).numbers(Law({"a": rule}), 0)
    values = Prior(3).law(Law({"a": rule}), 0).rules["a"].values
    assert [dated.value[0] for dated in values] == list(numbers.values()) and len(set(numbers.values())) == 31
    assert [dated.day for dated in values] == [ALWAYS, *new_years(rule)]


def test_the_luck_of_a_year_is_that_of_the_year_alone() -> None:
    alone, long = walking(("normal", 0.0, 1.0)), replace(walking(("normal", 0.0, 1.0)), drift=((2009, 0.5),))
    found = [Prior(1).numbers(Law({"a": rule}), 3) for rule in (alone, long)]
    steps = [each["a.2013"] - each["a.2012"] for each in found]
    assert steps[0] == pytest.approx(steps[1], abs=1e-9) and abs(steps[0]) > 0.001


def test_a_prior_is_cut_at_the_bounds_and_not_heaped_on_them() -> None:
    rule = belief(prior=("normal", 0.0, 1.0), low=0.5, high=1.0)
    found = numbers_of(rule)
    assert 0.5 < found.min() < 0.51 < 0.99 < found.max() < 1.0
    cut = stats.truncnorm(0.5, 1.0)
    assert stats.kstest(found, cut.cdf).pvalue > 0.001


def test_a_prior_wholly_out_of_bounds_gives_the_nearer_end() -> None:
    assert set(numbers_of(belief(prior=("normal", 0.0, 0.001), low=5.0, high=6.0), 3)) == {5.0}
    assert set(numbers_of(belief(prior=("normal", 9.0, 0.001), low=5.0, high=6.0), 3)) == {6.0}


def test_dated_values_are_multiplied_by_one_number_or_shifted_by_one() -> None:
    values = (Dated(ALWAYS, (0.5,)), Dated(100, (0.8,)))
    for form, centre in (("lognormal", 1.0), ("normal", 0.0)):
        rule = belief(prior=(form, centre, 0.1), values=values, high=1.0)
        number = Prior(3).numbers(Law({"a": rule}), 0)["a"]
        found = [dated.value[0] for dated in Prior(3).law(Law({"a": rule}), 0).rules["a"].values]
        assert number != centre
        assert found == ([0.5 * number, 0.8 * number] if form == "lognormal" else [0.5 + number, 0.8 + number])


def test_what_multiplies_dated_values_keeps_all_of_them_in_bounds() -> None:
    values = (Dated(ALWAYS, (0.5,)), Dated(100, (0.8,)), Dated(200, (0.0,)))
    found = numbers_of(belief(prior=("lognormal", 1.0, 0.5), values=values, low=0.0, high=1.0))
    assert 1.2 < found.max() <= 1.25
    shifted = numbers_of(belief(prior=("normal", 0.0, 0.5), values=values, low=0.0, high=1.0))
    assert shifted.min() >= 0 and 0.19 < shifted.max() <= 0.2


def test_a_list_of_shares_has_a_number_for_each_place() -> None:
    rule = replace(belief(prior=("lognormal", 1.0, 0.3)), unit="share", of=("x", "y"), values=(Dated(0, (0.9, 0.1)),))
    law = Law({"a": rule})
    numbers = Prior(3).numbers(law, 0)
    assert set(numbers) == {"a.x", "a.y"} == set(names(rule))
    one, other = 0.9 * numbers["a.x"], 0.1 * numbers["a.y"]
    assert Prior(3).law(law, 0).rules["a"].values[0].value == (one / (one + other), other / (one + other))


@pytest.mark.parametrize("form", ["beta", "uniform", "gamma"])
def test_a_prior_that_cannot_move_dated_values_is_refused(form: str) -> None:
    values = (Dated(ALWAYS, (0.5,), where="beliefs.yaml:3"), Dated(100, (0.8,)))
    with pytest.raises(BadInput, match=f"beliefs.yaml:3: a has a {form} prior"):
        Prior(1).numbers(Law({"a": belief(prior=(form, 1.0, 2.0), values=values)}), 0)


def test_luck_is_that_of_seed_belief_and_draw_alone() -> None:
    one, two = belief("a"), belief("b")
    both, alone = Law({"a": one, "b": two}), Law({"b": two})
    assert Prior(1).numbers(both, 4)["b"] == Prior(1).numbers(alone, 4)["b"]
    assert Prior(1).numbers(both, 4)["a"] != Prior(1).numbers(both, 4)["b"]
    seen = {Prior(seed).numbers(both, draw)["a"] for seed in (1, 2) for draw in (0, 1)}
    assert len(seen) == 4
    found = np.array([list(Prior(1).numbers(both, draw).values()) for draw in range(MANY)])
    assert abs(np.corrcoef(found.T)[0, 1]) < 4 / MANY**0.5


def test_a_draw_has_a_hash_of_its_own() -> None:
    prior = Prior(1)
    assert prior.hash(book(), 0) == prior.hash(book(), 0) != prior.hash(book(), 1)
    assert Draws().hash(book(), 0) == Draws().hash(book(), 1) != prior.hash(book(), 0)


def test_numbers_of_another_source_are_put_in_place_in_the_same_way() -> None:
    told = {"breach_rate": 0.3, "breach_rate.2012": 0.4, "people_sentenced": 6800.0, "time_out_ratios": 2.0}
    found = believing(book(), told)
    rates = [(dated.day, dated.value[0]) for dated in found.rules["breach_rate"].values]
    assert rates == [(ALWAYS, 0.3), (day_of(date(2012, 1, 1)), 0.4)]
    ratios = zip(found.rules["time_out_ratios"].values, book().rules["time_out_ratios"].values, strict=True)
    assert all(mine.value == tuple(2 * x for x in its.value) for mine, its in ratios)
    assert national(found) == 6800
    assert found.rules["charge_rate"] == book().rules["charge_rate"]
    with pytest.raises(KeyError, match="no belief breach_ratte"):
        believing(book(), {"breach_ratte": 1.0})


BILL = (
    "name: A Bill\nquestion: What?\nsource: Ours\ncommencement: 2027-04-01\n"
    "amends:\n  {rule}: {{{how}, unit: per year}}\n"
)


def test_a_bill_that_sets_a_belief_wins_over_the_draw() -> None:
    bill = bill_from_text(BILL.format(rule="breach_rate", how="value: 0.1"), "bill.yaml")
    before, after = day_of_text("2027-03-31"), day_of_text("2027-04-01")
    law = bill.enact(drawn()[0])
    assert law.why("breach_rate", after).value == (0.1,)
    assert law.why("breach_rate", before).value == drawn()[0].why("breach_rate", before).value
    assert law.why("breach_rate", before).value != book().why("breach_rate", before).value


def test_a_bill_that_multiplies_a_belief_multiplies_what_was_drawn() -> None:
    bill = bill_from_text(BILL.format(rule="breach_rate", how="times: 0.5"), "bill.yaml")
    day = day_of_text("2028-01-01")
    assert bill.enact(drawn()[1]).why("breach_rate", day).value[0] == drawn()[1].why("breach_rate", day).value[0] / 2


def test_a_bill_that_multiplies_a_belief_that_drifts_multiplies_each_year_from_its_commencement() -> None:
    bill, law = bill_from_text(BILL.format(rule="breach_rate", how="times: 0.5"), "bill.yaml"), drawn()[1]
    enacted = bill.enact(law)
    before = {law.why("breach_rate", day_of(date(year, 7, 1))).value[0] for year in range(2027, 2041)}
    assert len(before) == 14  # the belief walks on while the Bill is in force
    for year in range(2005, 2045):
        day = day_of(date(year, 7, 1))
        times = 0.5 if year >= 2027 else 1.0
        assert enacted.why("breach_rate", day).value[0] == times * law.why("breach_rate", day).value[0], year


def day_of_text(text: str) -> int:
    return day_of(date.fromisoformat(text))


def luck_of(name: str, draw: int = 5) -> float:
    return u(np.uint64(person_key(1, draw, _key(name))), 0, 0)  # type: ignore[arg-type]


def test_a_multiplier_is_the_exponential_of_a_normal() -> None:
    """Recomputed from the luck itself: the 12 digits that are kept agree."""
    rule = book().rules["time_out_ratios"]
    assert rule.high == np.inf and rule.prior == ("lognormal", 1.0, 0.15)
    expected = exp(0.15 * float(ndtri(luck_of("time_out_ratios"))))
    assert Prior(1).numbers(book(), 5)["time_out_ratios"] == pytest.approx(expected, rel=1e-11)


def test_the_first_value_of_a_walk_is_cut_at_its_bound_and_each_year_steps_from_the_last() -> None:
    rule, numbers = book().rules["charge_rate"], Prior(1).numbers(book(), 5)
    _, median, spread = (0.0, *map(float, rule.prior[1:]))
    below = float(ndtr(np.log(rule.high / median) / spread))
    value = median * exp(spread * float(ndtri(luck_of("charge_rate") * below)))
    assert numbers["charge_rate"] == pytest.approx(value, rel=1e-11)
    steps = dict(rule.drift)
    for name in names(rule)[1:]:
        year = int(name.removeprefix("charge_rate."))
        spread = steps[max(first for first in steps if first <= year)]
        value = min(value * exp(spread * float(ndtri(luck_of(name)))), rule.high)
        assert numbers[name] == pytest.approx(value, rel=1e-10), name


def test_no_belief_waits_for_a_named_commencement() -> None:
    """A Bill that moves a commencement puts back the book's values: so no belief may be dated by one."""
    assert not [draft.rule.name for draft in read_registry().drafts if draft.rule.kind == "belief" and draft.named]
