"""Pasts that a fit chooses: worlds weigh by how they stand to the last counts, and draws are taken by weight."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.past import Pasts, last_counts, taken, weights
from calibration.scales import scaled
from calibration.series import Observation
from tests.made_fit import made_fitted, made_pasts, observation

UNTIL = date(2024, 9, 30)


def stock(measure: str, day: date, **how: object) -> Observation:
    return observation("s", measure, day, day, 100.0, **how)


def test_the_last_count_of_each_main_stock_is_taken_unless_it_is_stale() -> None:
    some = (
        stock("never_released", date(2024, 6, 30)), stock("never_released", date(2024, 9, 30)),
        stock("recalled", date(2022, 12, 31)), stock("on_licence", date(2023, 12, 31)),
        stock("on_licence", date(2024, 9, 30), group="female"), stock("never_released", date(2024, 12, 31)),
        observation("f", "recalls", date(2024, 1, 1), date(2024, 9, 30)),
    )  # fmt: skip
    assert last_counts(some, UNTIL) == [1, 3]
    assert last_counts(some, date(2023, 6, 30)) == [2]
    assert last_counts((), UNTIL) == []


def test_worlds_weigh_by_how_near_they_are_to_what_was_counted() -> None:
    fitted = made_fitted()
    counted = last_counts(fitted.task.observations, fitted.task.until)
    at = [fitted.task.observations[i] for i in counted]
    assert [one.measure for one in at] == ["never_released", "recalled"]
    places = np.tile(made_pasts().places[:1], (3, 1))
    published = np.array([one.value for one in at])
    told = weights(fitted, fitted.cloud, counted, places, published * np.array([[1.0], [1.01], [1.1]]))
    assert told[0] > told[1] > told[2] and told.sum() == pytest.approx(1)


def test_of_two_worlds_alike_the_one_whose_luck_was_needed_weighs_more() -> None:
    fitted, pasts = made_fitted(), made_pasts()
    counted = last_counts(fitted.task.observations, fitted.task.until)
    at = [fitted.task.observations[i] for i in counted]
    likely = fitted.curve.of(np.array(counted)).at(pasts.places[:, fitted.task.told])
    off = np.square(likely - scaled(at, np.array([one.value for one in at]))).sum(1)
    near, far = int(np.argmin(off)), int(np.argmax(off))
    shown = np.array([[one.value for one in at]] * 2)
    told = weights(fitted, fitted.cloud, counted, pasts.places[[near, far]], shown)
    assert told[1] > told[0]  # beliefs that make the count less likely are as likely as the fit says, once it came


def test_what_is_taken_stands_nearer_to_the_counts_and_at_the_fit_s_beliefs() -> None:
    fitted, pasts = made_fitted(), made_pasts()
    assert pasts.weights.sum() == pytest.approx(1) and 50 < pasts.worth < len(pasts.lives)
    chosen = taken(pasts.weights, 1_000)
    mine = pasts.places[chosen][:, fitted.task.told]
    off = (mine.mean(0) - fitted.cloud.middle) / fitted.cloud.spread
    assert np.abs(off).max() < 0.35
    assert len(np.unique(chosen)) > 100


def test_no_count_leaves_all_alike() -> None:
    pasts = made_pasts()
    assert weights(made_fitted(), made_fitted().cloud, (), pasts.places[:4], np.empty((4, 0))).tolist() == [0.25] * 4
    assert replace(pasts, weights=np.full(8, 1 / 8)).worth == pytest.approx(8)


def test_pasts_end_with_the_day_of_the_data() -> None:
    made = Pasts(np.zeros((3, 1)), np.array([5, 6, 7]), np.full(3, 1 / 3))
    assert [past.life for past in made.of(np.array([2, 0]), UNTIL)] == [7, 5]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(lambda some: sum(some) > 0.01), st.integers(1, 200))
def test_each_is_taken_as_often_as_its_weight_says_but_for_a_rounding(raw: list[float], count: int) -> None:
    by_weight = np.array(raw) / sum(raw)
    times = np.bincount(taken(by_weight, count), minlength=len(raw))
    assert times.sum() == count and np.abs(times - by_weight * count).max() < 1 + 1e-6
