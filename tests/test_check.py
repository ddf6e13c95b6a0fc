"""The checks of a fit: they are passed by what is right, and failed by what is not."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import check, learnt
from calibration.check import METHODS, Trial, ahead_coverage, coverage, held, sharpness, trial
from calibration.fit import HORIZON, Fitted, Task
from calibration.posterior import Cloud, Figures, noise_of, prior_cloud, updated
from calibration.rival import adjusted, summaries
from calibration.sensitivity import TOP, sensitivity
from sim.law import Law
from tests.made_fit import LAW, TRUTH, made_fitted, observation, straight

Floats = np.ndarray
COUNT, FIGURES, TRIALS, REST = 4, 12, 700, 4_000
DAY = date(2020, 12, 31)


@cache
def exact() -> Trial:
    """Worlds of straight lines and normal luck, whose curve, scatter and errors are known and not learned."""
    luck = np.random.default_rng(21)
    slopes, half = luck.standard_normal((COUNT, FIGURES)) * 0.6, luck.standard_normal((FIGURES, FIGURES)) * 0.2
    scatter, noise = half @ half.T, np.full(FIGURES, 0.3)
    prior = Cloud(np.full(COUNT, 0.5), np.eye(COUNT))

    def worlds(count: int) -> tuple[Floats, Floats]:
        places = prior.drawn(luck.standard_normal((count, COUNT)))
        errors = luck.multivariate_normal(np.zeros(FIGURES), scatter + np.diag(noise), count)
        return places, places @ slopes + errors

    truths, rest = worlds(TRIALS), worlds(REST)
    told = Figures(np.zeros(FIGURES), noise, np.zeros(FIGURES), ("s",) * FIGURES)
    return Trial(*truths, *rest, straight(slopes, scatter), prior, told, noise)


def covered(made: Trial, method: str = METHODS[0]) -> "pd.Series[float]":
    table = coverage(made)
    return table[table["method"] == method].set_index("level")["covered"]


@pytest.mark.parametrize(("method", "within"), [(METHODS[0], 0.025), (METHODS[1], 0.035)])
def test_coverage_is_nominal_where_everything_is_known(method: str, within: float) -> None:
    found = covered(exact(), method)
    assert found.index.tolist() == list(check.LEVELS)
    assert found.to_numpy() == pytest.approx(np.array(check.LEVELS), abs=within)


def test_coverage_shows_a_posterior_that_is_too_sure_and_one_that_is_not_sure_enough() -> None:
    made = exact()
    for times in (1 / 4, 4.0):  # of variance: half and twice the standard deviation
        curve = replace(made.curve, scatter=made.curve.scatter * times)
        found = covered(replace(made, curve=curve, noise=made.noise * times))
        off = found - np.array(check.LEVELS)
        assert (off < -0.1).all() if times < 1 else (off[:0.9] > 0.05).all(), found


def test_coverage_shows_a_curve_that_is_wrong() -> None:
    made = exact()
    assert covered(replace(made, curve=replace(made.curve, level=made.curve.level + 1)))[0.9] < 0.8


def test_a_posterior_that_uses_the_figures_is_sharper_and_scores_higher() -> None:
    made = exact()
    found = sharpness(made).set_index("method")
    assert found["spread_over_prior"][METHODS[0]] == pytest.approx(found["spread_over_prior"][METHODS[1]], rel=0.1)
    assert found["spread_over_prior"].max() < 0.6 and found["log_score"][METHODS[0]] >= found["log_score"][METHODS[1]]
    for times in (1 / 16, 16):  # too sure, and too vague
        worse = sharpness(replace(made, noise=made.noise * times)).set_index("method")["log_score"]
        assert worse[METHODS[0]] < found["log_score"][METHODS[0]] - 0.1


def test_scores_are_held_as_a_normal_holds_them() -> None:
    assert held(np.array([0.0, 0.6, -0.7, 1.0]), 0.5) == 0.5  # half of a normal lies within 0.674
    assert held(np.array([1.6, -1.6, 1.7, 0.0]), 0.9) == 0.75  # and nine tenths within 1.645


# The rival


def test_the_rival_finds_the_known_posterior() -> None:
    made = exact()
    tell = summaries(made.others, made.places)
    line = made.curve.tangent(made.prior.middle)
    for shown in made.shown[:4]:
        right = updated(made.prior, line, replace(made.figures, values=shown), made.noise)
        for k in range(COUNT):
            middle, spread = adjusted(tell(made.others)[:, k], made.places[:, k], tell(shown[None])[0, k])
            assert middle == pytest.approx(right.middle[k], abs=0.12)
            assert spread == pytest.approx(right.spread[k], rel=0.15)


# Of a whole fit


@cache
def whole() -> Trial:
    return trial(made_fitted())


def test_what_a_fit_finds_is_the_truth_within_its_intervals() -> None:
    fitted = made_fitted()
    truth = np.array([TRUTH.get(fitted.task.named[i], 0.0) for i in fitted.task.told])
    scores = (truth - fitted.cloud.middle) / fitted.cloud.spread
    assert np.abs(scores).max() < 3 and (np.abs(scores) < 1.645).mean() >= 0.8
    named = [fitted.task.named[i] for i in fitted.task.told]
    moved = fitted.cloud.middle[[named.index(name) for name in ("level", "pace.2013", "pace.2017")]]
    assert moved == pytest.approx([0.8, 1.2, -1.5], abs=0.75)  # by data alone, for the fit begins elsewhere


def test_worlds_that_are_held_back_are_covered() -> None:
    found = covered(whole())
    assert found.to_numpy() == pytest.approx(np.array(check.LEVELS), abs=0.06)
    assert len(whole().truths) == pytest.approx(len(made_fitted().waves[-1].places) / 5, abs=1)
    assert not {tuple(row) for row in whole().truths.tolist()} & {tuple(row) for row in whole().places.tolist()}


def test_what_comes_after_the_figures_is_covered() -> None:
    found = ahead_coverage(made_fitted(), whole())
    assert set(found["measure"]) == {"never_released", "recalled", "on_licence"}
    wide = found.pivot(index="measure", columns="level", values="covered")
    assert (wide[0.9] > 0.78).all() and (wide[0.5] < wide[0.95]).all()


def test_a_belief_that_one_series_taught_names_that_series() -> None:
    table = learnt.moved(made_fitted()).set_index("name")
    assert table["taught_by"]["push"].startswith("returned (") and table["taught_by"]["pull"].startswith("returned (")
    assert table["taught_by"]["level"].startswith("waiting (")
    assert table["taught_by"]["pace.2016"].startswith("released (")
    assert not table["moved"]["unheard"] and table["moved"][["level", "push", "pace.2016"]].all()
    assert abs(table["middle"]["unheard"]) < 0.2 and table["spread"]["unheard"] > 0.95
    assert table["taught_by"]["unheard"] == "" or "0%" in table["taught_by"]["unheard"]


def told_by(series: dict[str, tuple[float, tuple[float, float]]]) -> Fitted:
    """A fit of `level` and `push` in which each series is one figure: its error, and how it hangs on each belief."""
    law = Law({name: LAW.rule(name) for name in ("level", "push")})
    figures = tuple(observation(name, "never_released", DAY, DAY, 100.0) for name in series)
    made = Task(law, DAY, 0, Path(), figures)
    error, slopes = zip(*series.values(), strict=True)
    curve = straight(np.array(slopes).T, np.zeros((len(series), len(series))))
    strays = np.sqrt(np.array(error) ** 2 - made.figures.fixed) / made.figures.error
    noise = noise_of(made.figures, told := dict(zip(series, strays.tolist(), strict=True)))
    prior = prior_cloud(2, strays=told)
    return Fitted(made, (), curve, updated(prior, curve.tangent(prior.middle), made.figures, noise))


def test_of_two_series_the_one_that_tells_far_more_taught_a_belief() -> None:
    """By precisions: the prior's is 1, the sharp series' 100 and the faint one's 1."""
    needed, alone = learnt.shares_taught(told_by({"faint": (1.0, (1.0, 0.0)), "sharp": (0.1, (1.0, 0.0))}))
    assert needed.loc[0].to_dict() == {"faint": pytest.approx(1 - 101 / 102), "sharp": pytest.approx(1 - 2 / 102)}
    assert alone.loc[0].to_dict() == {"faint": pytest.approx(1 / 2), "sharp": pytest.approx(100 / 101)}
    assert (needed.loc[1] == 0).all() and (alone.loc[1] == 0).all()
    table = learnt.moved(told_by({"faint": (1.0, (1.0, 0.0)), "sharp": (0.1, (1.0, 0.0))}))
    assert table["taught_by"].tolist() == ["sharp (98%)", ""]


def test_a_series_that_teaches_only_beside_another_is_named() -> None:
    """`both` tells the sum of two beliefs, `push` one of them; `poor` tells the other, and alone more than `both`."""
    fitted = told_by({"both": (0.1, (1.0, 1.0)), "poor": (0.7, (1.0, 0.0)), "push": (0.1, (0.0, 1.0))})
    needed, alone = learnt.shares_taught(fitted)
    assert alone.loc[0].idxmax() == "poor" and needed.loc[0].idxmax() == "both"
    precision = np.array([[1 + 100 + 1 / 0.49, 100.0], [100.0, 1 + 200.0]])
    without = np.linalg.inv(precision - 100)[0, 0]
    assert needed["both"][0] == pytest.approx(1 - np.linalg.inv(precision)[0, 0] / without)
    assert learnt.moved(fitted)["taught_by"][0].startswith("both (")


def test_series_that_can_each_be_done_without_are_named_by_what_they_tell_alone() -> None:
    fitted = told_by(dict.fromkeys(("a", "b", "c"), (0.1, (1.0, 0.0))))
    one = replace(fitted, curve=straight(np.ones((2, 3)) * [[1.0], [0.0]], np.ones((3, 3))))  # the same luck in all
    assert learnt.moved(one)["taught_by"].tolist() == ["a (50%) or b (50%)", ""]


def test_beliefs_that_figures_cannot_tell_apart_are_named() -> None:
    """Two beliefs that only one measure hears, and hears together."""
    found = learnt.together(made_fitted())
    assert found.iloc[0][["one", "other"]].tolist() == ["pull", "push"] and found["correlation"][0] < -0.8
    assert not found["one"].str.startswith("pace").where(found["other"].str.startswith("pace"), False).any()


def test_projections_hang_on_the_beliefs_that_they_are_made_of() -> None:
    found = sensitivity(made_fitted())
    assert found.groupby("measure").size().eq(TOP).all() and set(found["measure"]) == {
        "never_released", "recalled", "on_licence",
    }  # fmt: skip
    first = found.drop_duplicates("measure").set_index("measure")
    for measure in ("never_released", "on_licence"):
        assert first["name"][measure].startswith("pace.20") and first["index"][measure] > first["luck_alone"][measure]
    assert "unheard" not in set(found.loc[found["index"] > found["luck_alone"], "name"])
    assert (found["date"] == HORIZON).all() and found["luck_alone"].between(0.01, 0.5).all()
