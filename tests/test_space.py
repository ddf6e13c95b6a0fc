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


def test_the_books_own_values_have_a_place() -> None:
    named = coordinates(book())
    place = dict(zip(named, book_place(book(), named).tolist(), strict=True))
    walks = [rule for rule in beliefs(book()) if rule.drift]
    assert len(walks) >= 4
    for rule in walks:
        middle, spread, logs = float(rule.prior[1]), float(rule.prior[2]), rule.prior[0] == "lognormal"
        level, years = (np.log(middle) if logs else middle) + spread * place[rule.name], drift.years(rule)
        for year, name in [(years[0] - 1, ""), *zip(years, drift.yearly(rule), strict=True)]:
            level += drift.spread(rule, year) * place[name] if name else 0.0
            value = rule.on(day_of(date(year, 7, 1))).value[0]
            assert level == pytest.approx(np.log(value) if logs else value, abs=1e-9), (rule.name, year)
    assert all(score == 0 for name, score in place.items() if not book().rule(name.split(".")[0]).drift)


def test_at_that_place_beliefs_have_the_books_values() -> None:
    """Where bounds are far from the prior, and no step is further than a coordinate goes."""
    rule, named = book().rule("release_log_odds"), coordinates(book())
    place = book_place(book(), named)
    found = numbers_at_place(book(), named, place)
    assert np.abs(place[[named.index(name) for name in names(rule)]]).max() < FURTHEST
    for year, name in zip(drift.years(rule), drift.yearly(rule), strict=True):
        assert found[name] == pytest.approx(rule.on(day_of(date(year, 7, 1))).value[0], rel=1e-8), name


def test_the_years_of_a_walk_are_found_in_order() -> None:
    named = coordinates(made_fit.LAW, 2016)
    where = years_of(made_fit.LAW, named)
    assert set(where) == {"pace"}
    assert [named[i] for i in where["pace"]] == [f"pace.{year}" for year in range(2011, 2017)]
    assert spreads_of(made_fit.LAW, "pace", 6).tolist() == [0.3, 0.3, 0.3, 0.2, 0.2, 0.2]
