"""The posterior: equal to the textbook's where that knows it, and what strays or walks is found."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.posterior import LOG_SPREAD_DRIFT, Cloud, Figures, learn, noise_of, prior_cloud, settled, updated
from calibration.standin import Line
from tests.made_fit import straight

Floats = np.ndarray


def figures(values: Floats, error: float = 1.0, series: tuple[str, ...] | None = None) -> Figures:
    return Figures(values, np.full(len(values), 1e-4), np.full(len(values), error), series or ("s",) * len(values))


def test_the_posterior_is_that_of_the_textbook() -> None:
    """Of a normal prior, straight lines and normal errors, by precisions (the code goes by gains)."""
    luck = np.random.default_rng(1)
    slopes, middle = luck.standard_normal((3, 8)), luck.standard_normal(3)
    half, half_too = luck.standard_normal((3, 3)), luck.standard_normal((8, 8))
    wide, scatter, noise = half @ half.T + np.eye(3), half_too @ half_too.T, np.linspace(0.5, 2, 8)
    place, level, values = luck.standard_normal(3), luck.standard_normal(8), luck.standard_normal(8)
    found = updated(Cloud(middle, wide), Line(place, level, slopes, scatter), figures(values), noise)
    precision = np.linalg.inv(scatter + np.diag(noise))
    covariance = np.linalg.inv(np.linalg.inv(wide) + slopes @ precision @ slopes.T)
    told = values - level + place @ slopes
    assert found.covariance == pytest.approx(covariance, abs=1e-9)
    middle = covariance @ (np.linalg.inv(wide) @ middle + slopes @ precision @ told)
    assert found.middle == pytest.approx(middle, abs=1e-9)


def test_figures_one_after_the_other_teach_what_all_teach_at_once() -> None:
    luck = np.random.default_rng(2)
    slopes, values, noise = luck.standard_normal((2, 4)), luck.standard_normal(4), np.full(4, 0.3)
    line = straight(slopes, np.zeros((4, 4))).tangent(np.zeros(2))
    whole = updated(prior_cloud(2), line, figures(values), noise)
    cloud = prior_cloud(2)
    for i in range(4):
        one = straight(slopes[:, [i]], np.zeros((1, 1))).tangent(cloud.middle)
        cloud = updated(cloud, one, figures(values[[i]]), noise[[i]])
    assert cloud.middle == pytest.approx(whole.middle) and cloud.covariance == pytest.approx(whole.covariance)


def test_on_a_curve_it_has_the_middle_and_spread_of_the_true_posterior() -> None:
    """Summed over a grid."""
    weights = np.array([[1.0, 0.5], [0.2, 1.0], [0.1, 0.0], [0.0, -0.08]])
    curve = replace(straight(np.zeros((2, 2)), np.eye(2) * 0.1), weights=weights)
    told, noise = figures(np.array([1.5, 0.7])), np.array([0.2, 0.3])
    places = np.stack(np.meshgrid(np.linspace(-5, 5, 401), np.linspace(-5, 5, 401)), -1).reshape(-1, 2)
    unlikely = ((told.values - curve.at(places)) ** 2 / (0.1 + noise)).sum(1) + (places**2).sum(1)
    weight = np.exp(-unlikely / 2) / np.exp(-unlikely / 2).sum()
    middle = weight @ places
    spread = np.sqrt(weight @ (places - middle) ** 2)
    found = settled(prior_cloud(2), curve, told, noise, prior_cloud(2))
    assert found.middle == pytest.approx(middle, abs=0.15 * spread.min()) and np.abs(middle).max() > 0.5
    assert found.spread == pytest.approx(spread, rel=0.15) and spread.max() < 0.7


def test_points_of_a_cloud_have_its_middle_and_covariance() -> None:
    cloud = Cloud(np.array([1.0, -2.0]), np.array([[2.0, 1.2], [1.2, 1.0]]), {"s": 2.0}, {"w": 3.0})
    drawn = cloud.drawn(np.random.default_rng(5).standard_normal((100_000, 2)))
    assert drawn.mean(0) == pytest.approx(cloud.middle, abs=0.02)
    assert np.cov(drawn.T) == pytest.approx(cloud.covariance, abs=0.03)
    wider = cloud.widened(2)
    assert wider.spread == pytest.approx(2 * cloud.spread) and wider.spread == pytest.approx([2 * 2**0.5, 2])
    assert (wider.strays, wider.drifts) == (cloud.strays, cloud.drifts)


def test_the_prior_is_round_but_for_walks_that_are_learned_to_step_wider_or_less() -> None:
    assert prior_cloud(2).covariance.tolist() == [[1, 0], [0, 1]] and prior_cloud(2).middle.tolist() == [0, 0]
    found = prior_cloud(4, {"wide": [1, 3], "stated": [2]}, {"s": 5.0}, {"wide": 2.0})
    assert found.spread.tolist() == [1, 2, 1, 2] and np.count_nonzero(found.covariance) == 4
    assert (found.strays, found.drifts) == ({"s": 5.0}, {"wide": 2.0})


# What is learned with it

WALK, FIGURES_A_SERIES = 60, 60


def test_known_strays_and_walks_are_found() -> None:
    luck = np.random.default_rng(11)
    steps = 2.0 * luck.standard_normal(WALK)  # twice as wide as stated
    levels = np.tril(np.ones((WALK, WALK))).T * 1.5
    slopes = np.hstack([levels, levels])
    truth = steps @ slopes
    truth += np.concatenate([luck.standard_normal(WALK), 5 * luck.standard_normal(WALK)])
    told = figures(truth, 1.0, ("steady",) * WALK + ("odd",) * WALK)
    found = learn(straight(slopes, np.eye(2 * WALK) * 1e-4), told, {"walk": range(WALK)}, prior_cloud(WALK))
    assert found.strays["odd"] == pytest.approx(5, rel=0.25)
    assert found.strays["steady"] == pytest.approx(1, rel=0.35)
    assert found.drifts["walk"] == pytest.approx(2, rel=0.25)
    scores = (steps - found.middle) / found.spread
    assert 0.7 < np.sqrt((scores**2).mean()) < 1.3


def test_what_neither_strays_nor_walks_more_than_stated_is_left_as_stated() -> None:
    luck = np.random.default_rng(12)
    steps, levels = luck.standard_normal(WALK), np.tril(np.ones((WALK, WALK))).T * 1.5
    told = figures(steps @ levels + luck.standard_normal(WALK))
    found = learn(straight(levels, np.eye(WALK) * 1e-4), told, {"walk": range(WALK)}, prior_cloud(WALK))
    assert found.strays["s"] == pytest.approx(1, rel=0.35) and found.drifts["walk"] == pytest.approx(1, rel=0.25)


@pytest.mark.parametrize("years", [6, 24, 96])
def test_how_widely_a_walk_steps_is_known_the_less_surely_the_fewer_its_years(years: int) -> None:
    """The logarithm of the spread of n steps that are seen is known to 1 / sqrt(2 n); the prior says as much as two."""
    steps = np.resize([1.0, -1.0], years)  # of the stated spread
    told = figures(steps, 1e-3)
    found = learn(straight(np.eye(years), np.eye(years) * 1e-6), told, {"walk": range(years)}, prior_cloud(years))
    assert found.unsure["walk"] == pytest.approx((2 * years + LOG_SPREAD_DRIFT**-2) ** -0.5, rel=0.05)


def test_of_a_walk_that_no_figure_sees_the_prior_is_all_that_is_known() -> None:
    told, walks = figures(np.zeros(2)), {"seen": [0, 1], "unseen": [2, 3]}
    curve = straight(np.vstack([np.eye(2), np.zeros((2, 2))]), np.eye(2) * 1e-4)
    found = learn(curve, told, walks, prior_cloud(4))
    assert found.drifts["unseen"] == pytest.approx(1) and found.unsure["unseen"] == pytest.approx(LOG_SPREAD_DRIFT)
    assert 0 < found.unsure["seen"] < LOG_SPREAD_DRIFT


def test_a_series_that_strays_does_not_drag_the_rest() -> None:
    """Three series say 1 and one says -8; taken at their grades, the mean of all would be -1.25."""
    each, luck = 15, np.random.default_rng(13)
    names = tuple(name for name in ("a", "b", "c", "wrong") for _ in range(each))
    said = np.where(np.array(names) == "wrong", -8.0, 1.0) + 0.5 * luck.standard_normal(len(names))
    curve, told = straight(np.ones((1, len(names))), np.eye(len(names)) * 1e-4), figures(said, 0.5, names)
    plain = settled(prior_cloud(1), curve, told, noise_of(told, {}), prior_cloud(1))
    assert plain.middle[0] < -1
    found = learn(curve, told, {}, prior_cloud(1))
    assert found.middle[0] == pytest.approx(1, abs=0.3)
    assert found.strays["wrong"] > 10 and max(found.strays[name] for name in "abc") < 2


def test_the_variance_of_an_error_is_that_of_rounding_and_of_straying() -> None:
    told = Figures(np.zeros(2), np.array([0.3, 0.4]), np.array([1.0, 2.0]), ("one", "other"))
    assert noise_of(told, {"other": 3.0}) == pytest.approx([0.3 + 1, 0.4 + 36])
