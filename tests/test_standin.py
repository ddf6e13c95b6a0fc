"""The stand-in: a curve through worlds is the one that they were made of, and its tangent is its slope."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from calibration.scales import ERROR, LEAST_ERROR, LEAST_OF_MEAN, errors, relative, rounding_variance, scaled
from calibration.standin import StandIn, into_levels, learned
from tests.made_fit import observation

COUNT, FIGURES, WORLDS = 6, 4, 1_500
DAY = date(2020, 6, 30)
LEVELS = into_levels(COUNT, [(2, [3, 4], [0.5, 0.3, 0.2])])
SCATTER = np.array([[1.0, 0.8, 0.0, 0.0], [0.8, 1.0, 0.0, 0.0], [0.0, 0.0, 0.25, -0.1], [0.0, 0.0, -0.1, 0.25]]) / 4
Floats = np.ndarray


def quadratic(places: Floats) -> Floats:
    """Four figures: lines, a square, and a product of the levels of a walk and another belief."""
    x = places @ LEVELS
    return np.column_stack([
        10 + 3 * x[:, 0] - x[:, 1], 5 + 2 * x[:, 4] + 0.5 * x[:, 0] ** 2,
        1 + x[:, 5], x[:, 3] + 0.7 * x[:, 0] * x[:, 2],
    ])  # fmt: skip


@cache
def made() -> tuple[Floats, StandIn]:
    luck = np.random.default_rng(3)
    places = luck.standard_normal((WORLDS, COUNT)) * 0.8 + 0.3
    noise = luck.multivariate_normal(np.zeros(FIGURES), SCATTER, WORLDS)
    return places, learned(places, quadratic(places) + noise, LEVELS)


def test_a_known_quadratic_is_recovered() -> None:
    fresh = np.random.default_rng(4).standard_normal((400, COUNT)) * 0.8 + 0.3
    missed = made()[1].at(fresh) - quadratic(fresh)
    assert np.sqrt((missed**2).mean(0)).max() < 0.12  # of figures whose luck is 0.25 to 0.5, and spread 0.8 to 2.5
    straight = np.column_stack([np.ones(WORLDS), made()[0]])
    line, *_ = np.linalg.lstsq(straight, quadratic(made()[0]), rcond=None)
    by_line = np.column_stack([np.ones(400), fresh]) @ line - quadratic(fresh)
    assert np.sqrt((by_line**2).mean(0)).max() > 0.25  # so a line would not have done


def test_the_scatter_is_that_of_luck_and_keeps_how_figures_go_together() -> None:
    assert made()[1].scatter == pytest.approx(SCATTER, abs=0.035)


def test_the_tangent_is_the_slope_found_by_differences() -> None:
    curve, place, step = made()[1], np.array([0.5, -0.2, 0.9, 0.1, -0.7, 0.4]), 1e-5
    line = curve.tangent(place)
    for k in range(COUNT):
        up, down = place.copy(), place.copy()
        up[k], down[k] = place[k] + step, place[k] - step
        slope = (curve.at(up[None]) - curve.at(down[None]))[0] / (2 * step)
        assert line.slopes[k] == pytest.approx(slope, abs=1e-6)
    assert line.at(place) == pytest.approx(curve.at(place[None])[0], abs=1e-12)
    other = place + 0.01
    assert line.at(other) == pytest.approx(curve.at(other[None])[0], abs=1e-3)
    elsewhere = curve.tangent(place + 1)
    assert np.abs(elsewhere.slopes - line.slopes).max() > 0.3  # a curve, whose slope depends on where


def test_about_a_place_the_line_is_the_curves_mean_over_a_cloud_and_its_bend_is_scatter() -> None:
    curve, middle = made()[1], np.array([0.5, -0.2, 0.9, 0.1, -0.7, 0.4])
    half = np.random.default_rng(8).standard_normal((COUNT, COUNT)) * 0.4
    points = np.random.default_rng(9).standard_normal((200_000, COUNT)) @ half.T
    shown, line = curve.at(middle + points), curve.about(middle, half @ half.T)
    assert line.level == pytest.approx(shown.mean(0), abs=0.02)
    assert np.abs(line.level - curve.tangent(middle).level).max() > 0.1
    best, *_ = np.linalg.lstsq(points, shown - line.level, rcond=None)
    assert line.slopes == pytest.approx(best, abs=0.05)
    left = shown - line.level - points @ line.slopes
    assert line.scatter - curve.scatter == pytest.approx(left.T @ left / len(left), abs=0.05)
    assert (line.scatter - curve.scatter).max() > 0.3


def test_a_figure_has_no_slope_on_what_it_cannot_depend_on_and_better_ones_on_the_rest() -> None:
    luck, rows = np.random.default_rng(6), 400
    places = luck.standard_normal((rows, COUNT))
    shown = quadratic(places) + luck.standard_normal((rows, FIGURES))
    heard = np.ones((COUNT, FIGURES), bool)
    heard[[1, 2, 3, 4, 5], 1] = [False, True, True, True, False]
    curve, place = learned(places, shown, LEVELS, heard), np.full(COUNT, 0.3)
    slopes, free = curve.tangent(place).slopes, learned(places, shown, LEVELS).tangent(place).slopes
    assert slopes[[1, 5], 1].tolist() == [0, 0] and (free[[1, 5], 1] != 0).all()
    assert curve.at(place[None]) == pytest.approx(quadratic(place[None]), abs=0.4)
    moved = place.copy()
    moved[[1, 5]] += 9
    assert curve.at(moved[None])[0, 1] == pytest.approx(curve.at(place[None])[0, 1], abs=1e-12)


def test_some_of_the_figures_are_those_of_all() -> None:
    curve, some, place = made()[1], np.array([3, 1]), np.full(COUNT, 0.4)
    few, whole = curve.of(some).tangent(place), curve.tangent(place)
    assert few.level == pytest.approx(whole.level[some])
    assert few.slopes == pytest.approx(whole.slopes[:, some])
    assert few.scatter == pytest.approx(whole.scatter[np.ix_(some, some)])


def test_steps_add_up_to_levels() -> None:
    place = np.array([7.0, 8.0, 1.0, 2.0, -3.0, 9.0])
    assert place @ LEVELS == pytest.approx([7, 8, 0.5, 0.5 + 0.6, 0.5 + 0.6 - 0.6, 9])


# Scales


def test_the_luck_of_a_count_is_one_on_its_scale_whether_small_or_large() -> None:
    one = observation("s", "recalled", DAY, DAY)
    for mean in (10, 100, 4_000):
        counts = np.random.default_rng(mean).poisson(mean, (20_000, 1)).astype(float)
        assert scaled([one], counts).std() == pytest.approx(1, abs=0.03)


def test_each_family_has_its_scale() -> None:
    made_of = [replace(observation("s", "recalled", DAY, DAY, value=4.0, rounding=0.5), likelihood=name)
               for name in ("poisson", "normal", "binomial")]  # fmt: skip
    found = scaled(made_of, np.array([[4.0, 4.0, 4.0], [0.0, 0.0, -1.0]]))
    assert found[0] == pytest.approx([2 * np.sqrt(4.375), np.log(4), 4])
    assert np.isfinite(found).all()
    each = relative(made_of)  # what the whole figure is on its scale, by a small step
    step = 1e-6
    further, here = scaled(made_of, np.full(3, 4 + 4 * step)), scaled(made_of, np.full(3, 4.0))
    assert each == pytest.approx((further - here) / step, rel=1e-4)
    rounded = (0.5 * each / 4) ** 2 / 3
    least = np.array([LEAST_ERROR, LEAST_OF_MEAN, LEAST_ERROR]) ** 2
    assert rounding_variance(made_of) == pytest.approx(rounded + least)


def test_a_figure_errs_by_its_grade_or_by_more_where_its_series_says_so() -> None:
    made_of = [observation("s", "recalled", DAY, DAY, grade=grade) for grade in ("good", "fair", "poor")]
    assert errors(made_of).tolist() == [ERROR["good"], ERROR["fair"], ERROR["poor"]]
    assert ERROR["good"] < ERROR["fair"] < ERROR["poor"]
    scattered = [replace(one, dispersion=0.0025) for one in made_of]
    assert errors(scattered) == pytest.approx([0.05, 0.05, ERROR["poor"]])
