"""Space: coordinates that are standard normal under the prior, and the numbers of beliefs at a place."""

from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy import special, stats

from calibration import drift
from calibration.draws import Prior, _key, beliefs, names
from calibration.space import (
    FURTHEST,
    book_place,
    coordinates,
    numbers_at_place,
    numbers_of,
    place_of,
    spreads_of,
    years_of,
)  # fmt: skip
from scenarios import current_law
from sim.days import day_of
from sim.law import Law
from sim.luck import person_key, u
from tests import made_fit


@cache
def book() -> Law:
    return current_law()


def test_coordinates_are_the_numbers_of_every_belief_in_order() -> None:
    every = coordinates(book())
    assert every == tuple(name for rule in beliefs(book()) for name in names(rule))
    short = coordinates(book(), 2024)
    left = [name for name in every if name not in short]
    assert left and all(int(name.rpartition(".")[2]) > 2024 for name in left)
    assert "release_log_odds.2024" in short and "release_log_odds.2025" in left


def test_a_number_lies_where_its_priors_distribution_reaches_the_score() -> None:
    place = {"level": 1.3, "pull": -0.7, "unheard": 0.5, "pace": 2.0, "pace.2011": -1.0, "pace.2015": 0.5}
    found = numbers_of(made_fit.LAW, place)
    assert found["level"] == pytest.approx(1.3, rel=1e-9)
    assert found["pull"] == pytest.approx(np.exp(0.3 * -0.7), rel=1e-9)
    assert found["unheard"] == pytest.approx(stats.beta(2, 3).ppf(stats.norm.cdf(0.5)), rel=1e-9)
    assert found["pace"] == pytest.approx(np.exp(0.4 * 2), rel=1e-9)
    assert found["pace.2011"] == pytest.approx(np.exp(0.8 - 0.3), rel=1e-9) == found["pace.2014"]
    assert found["pace.2015"] == pytest.approx(np.exp(0.5 + 0.2 * 0.5), rel=1e-9) == found["pace.2040"]


def test_luck_and_its_normal_score_lead_to_the_same_numbers() -> None:
    luck = {name: u(np.uint64(person_key(4, 9, _key(name))), 0, 0) for name in coordinates(book())}  # type: ignore[arg-type]
    found = numbers_of(book(), {name: float(special.ndtri(each)) for name, each in luck.items()})
    drawn = Prior(4).numbers(book(), 9)
    assert set(found) == set(drawn)
    assert all(found[name] == pytest.approx(value, rel=1e-8, abs=1e-9) for name, value in drawn.items())


def test_the_middle_is_the_median_of_each_prior_and_beyond_the_furthest_is_the_furthest() -> None:
    middle = numbers_of(made_fit.LAW, {})
    assert (middle["level"], middle["pull"], middle["pace.2030"]) == (0.0, 1.0, 1.0)
    assert middle["unheard"] == pytest.approx(stats.beta(2, 3).median())
    far = numbers_of(made_fit.LAW, {"level": 50.0})
    assert far["level"] == pytest.approx(FURTHEST, rel=1e-6)


def test_a_place_by_order_is_a_place_by_name() -> None:
    named = coordinates(made_fit.LAW, 2015)
    place = np.linspace(-1, 1, len(named))
    by_name = dict(zip(named, place.tolist(), strict=True))
    assert numbers_at_place(made_fit.LAW, named, place) == numbers_of(made_fit.LAW, by_name)


@pytest.mark.parametrize("draw", range(6))
def test_numbers_have_a_place_and_the_place_those_numbers(draw: int) -> None:
    """Of every belief, priors that are cut among them: shares, multipliers, the higher of a pair, and walks."""
    numbers = Prior(4).numbers(book(), draw)
    place = place_of(book(), numbers)
    assert set(place) == set(coordinates(book()))
    found = numbers_of(book(), place)
    assert found == {name: pytest.approx(value, rel=1e-9, abs=1e-9) for name, value in numbers.items()}


def test_a_place_has_numbers_and_the_numbers_that_place() -> None:
    """Where no walk has met its bound: there the step that led to it is lost."""
    place = {name: 1.5 * np.sin(i) for i, name in enumerate(coordinates(made_fit.LAW))}
    found = place_of(made_fit.LAW, numbers_of(made_fit.LAW, place))
    assert found == {name: pytest.approx(score, abs=1e-8) for name, score in place.items()}


def test_a_number_that_a_prior_cannot_reach_lies_at_the_end_that_is_nearest() -> None:
    cut = Law({"level": made_fit.rule("level", ("normal", 0.0, 1.0), low=-1.0, high=0.5)})
    place = [place_of(cut, {"level": number})["level"] for number in (-2.0, -1.0, 0.5, 2.0)]
    assert place == [-FURTHEST, -FURTHEST, FURTHEST, FURTHEST]
    below, above = (float(stats.norm.cdf(x)) for x in (-1.0, 0.5))
    assert place_of(cut, {"level": 0.1})["level"] == pytest.approx(
        stats.norm.ppf((stats.norm.cdf(0.1) - below) / (above - below))
    )
    gone = Law({"level": made_fit.rule("level", ("uniform", 0.0, 1.0), low=2.0, high=3.0)})
    assert place_of(gone, {"level": 2.0}) == {"level": 0.0}


def test_the_books_own_values_have_a_place() -> None:
    """Of every walk: where no step from it is further than a coordinate goes, the values themselves."""
    named = coordinates(book())
    place = book_place(book(), named)
    found, scores = numbers_at_place(book(), named, place), dict(zip(named, place.tolist(), strict=True))
    walks = [rule for rule in beliefs(book()) if rule.drift]
    assert len(walks) >= 4 and any(rule.high < 1 for rule in walks)  # some priors are cut
    for rule in walks:
        years = drift.years(rule)
        for year, name in [(years[0] - 1, rule.name), *zip(years, drift.yearly(rule), strict=True)]:
            value = rule.on(day_of(date(year, 7, 1))).value[0]
            assert found[name] == pytest.approx(value, rel=1e-7) or abs(scores[name]) == FURTHEST, name
    assert np.abs(place).max() == FURTHEST and (np.abs(place) == FURTHEST).sum() < 5
    assert all(score == 0 for name, score in scores.items() if not book().rule(name.split(".")[0]).drift)


def test_where_a_step_is_too_far_the_next_catches_up() -> None:
    numbers = dict.fromkeys(names(made_fit.LAW.rule("pace")), 12.0) | {"pace": 1.0}
    place = place_of(made_fit.LAW, numbers)
    assert place["pace.2011"] == FURTHEST and 0 < place["pace.2012"] < FURTHEST
    assert place["pace.2013"] == pytest.approx(0)
    assert place["pace.2012"] == pytest.approx((np.log(12) - FURTHEST * 0.3) / 0.3)
    assert numbers_of(made_fit.LAW, place)["pace.2012"] == pytest.approx(12)


def test_the_years_of_a_walk_are_found_in_order() -> None:
    named = coordinates(made_fit.LAW, 2016)
    where = years_of(made_fit.LAW, named)
    assert set(where) == {"pace"}
    assert [named[i] for i in where["pace"]] == [f"pace.{year}" for year in range(2011, 2017)]
    assert spreads_of(made_fit.LAW, "pace", 6).tolist() == [0.3, 0.3, 0.3, 0.2, 0.2, 0.2]
