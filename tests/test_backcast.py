"""Back-casts and predictions: naive rules by hand, nothing that came later is used, and aims are the stated ones."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration import backcast, predictive
from calibration.backcast import METHODS, Back, back, back_casts, cloud_on, main, naive, scored
from calibration.fit import Fitted
from calibration.fitted import DRAWS
from calibration.predictive import aims, compared, distributions, predicted, to_come
from calibration.series import Observation
from tests.made_fit import QUIET, live, made_fitted, made_pasts, observation

END = date(2018, 12, 31)


def stock(year: int, value: float, month: int = 12, day: int = 31) -> Observation:
    on = date(year, month, day)
    return observation("s", "recalled", on, on, value)


def flow(year: int, value: float, months: int = 12) -> Observation:
    last = date(year, 12, 31) if months == 12 else date(year, 6, 30)
    return observation("f", "recalls", date(year, 1, 1), last, value)


def test_no_change_is_the_last_figure_and_a_change_goes_on_by_the_year() -> None:
    still, going = naive([stock(2014, 50), stock(2015, 100), stock(2016, 130)], stock(2018, 0))
    assert still == 130
    assert going == pytest.approx(130 + 30 * (731 - 1) / 366, rel=0.005)  # thirty a year, two years on
    assert naive([stock(2016, 130)], stock(2018, 0))[0] == 130
    assert np.isnan(naive([stock(2016, 130)], stock(2018, 0))[1]) and np.isnan(naive([], stock(2018, 0))).all()


def test_the_change_is_that_since_the_figure_nearest_to_a_year_before() -> None:
    told = [stock(2014, 10), stock(2015, 90, 12, 20), stock(2016, 99, 9, 30), stock(2016, 100)]
    _, going = naive(told, stock(2017, 0))
    assert going == pytest.approx(100 + 10 / (377 / 365.25) * (365 / 365.25), rel=1e-6)
    assert np.isnan(naive([stock(2010, 5), stock(2016, 100)], stock(2017, 0))[1])  # the other is too long ago


def test_a_stock_does_not_fall_below_nobody() -> None:
    assert naive([stock(2015, 100), stock(2016, 20)], stock(2018, 0))[1] == 0


def test_flows_are_compared_as_yearly_rates() -> None:
    told = [flow(2015, 400), flow(2016, 500)]
    still, going = naive(told, flow(2017, 0, months=6))
    half = 181 / 366  # of the year that 500 is of
    assert still == pytest.approx(500 * half, rel=1e-6)
    on = (date(2017, 4, 1) - date(2016, 7, 1)).days / 365.25
    assert going == pytest.approx((500 + 100 * on) * half, rel=0.01)


def test_main_figures_are_stocks_of_everyone_and_flows_of_about_a_year() -> None:
    assert main(stock(2016, 1)) and main(flow(2016, 1)) and main(flow(2016, 1, months=6))
    assert not main(replace(stock(2016, 1), group="women"))
    assert not main(replace(flow(2016, 1), first=date(2016, 10, 1)))
    assert not main(replace(flow(2016, 1), first=date(2014, 1, 1)))
    assert not main(replace(stock(2016, 1), measure="deaths"))


def changed_after(fitted: Fitted, day: date) -> Fitted:
    """The same fit, had other figures been published after a day."""
    others = tuple(
        replace(one, value=one.value * 2 + 7) if one.last > day else one for one in fitted.task.observations
    )
    return replace(fitted, task=replace(fitted.task, observations=others))


def test_no_figure_after_the_day_is_used() -> None:
    fitted, other = made_fitted(), changed_after(made_fitted(), END)
    one, two = back(fitted, END, 3), back(other, END, 3)
    assert np.array_equal(one.wave.places, two.wave.places)
    assert [path.path.name for path in one.wave.worlds] == [path.path.name for path in two.wave.worlds]
    earlier = changed_after(fitted, date(2016, 6, 30))
    assert not np.allclose(cloud_on(earlier, END).middle, cloud_on(fitted, END).middle)
    naives = [backcast._row(each, each.since[0], np.ones(3), made.task.observations)
              for each, made in ((one, fitted), (two, other))]  # fmt: skip
    assert naives[0]["no_change"] == naives[1]["no_change"] and naives[0]["published"] != naives[1]["published"]


def test_what_is_foretold_began_after_the_day_and_ended_within_three_years() -> None:
    made: Back = back(made_fitted(), END, 3)
    assert {one.measure for one in made.since} == {"never_released", "recalled", "first_releases"}
    assert {one.last.year for one in made.since} == {2019, 2020, 2021}
    assert made.wave.last == date(2021, 12, 31)
    assert made.wave.begin not in {wave.begin for wave in made_fitted().waves}


def test_nothing_is_learned_of_the_years_after_the_day() -> None:
    fitted, cloud = made_fitted(), cloud_on(made_fitted(), END)
    named = [fitted.task.named[i] for i in fitted.task.told]
    later = np.array([i for i, name in enumerate(named) if name.startswith("pace.") and name >= "pace.2019"])
    assert len(later) == 6
    assert cloud.middle[later] == pytest.approx(0, abs=1e-9)
    assert cloud.spread[later] == pytest.approx(cloud.drifts["pace"], rel=1e-6)
    earlier = np.setdiff1d(np.arange(len(cloud.middle)), later)
    assert (np.abs(cloud.covariance[np.ix_(later, earlier)]) < 1e-9).all()


@cache
def table() -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibration.bank.live", live)
        return back_casts(made_fitted(), 1, QUIET, (date(2017, 12, 31), END, date(2020, 12, 31)))


def test_back_casts_of_the_made_model_hold_what_came() -> None:
    found = table()
    assert len(found) == 27 and set(found["from"]) == {date(2017, 12, 31), END, date(2020, 12, 31)}
    assert ((found["low"] < found["model"]) & (found["model"] < found["high"])).all()
    assert found["covered"].mean() > 0.75
    inside = (found["low"] <= found["published"]) & (found["published"] <= found["high"])
    assert found["covered"].equals(inside | found["covered"])
    walking = found[found["measure"] != "recalled"]
    wide = (walking["high"] / walking["low"]).groupby(np.ceil(walking["years_on"] - 0.01)).mean()
    assert 1.2 * (wide[1] - 1) < wide[3] - 1  # less is known of what lies further on


def test_scores_are_medians_of_what_every_method_foretells() -> None:
    rows = pd.DataFrame({
        "published": [100.0, 100.0, 100.0, 50.0], "model": [101.0, 103.0, 90.0, 1.0],
        "no_change": [110.0, 100.0, 100.0, 1.0], "change_goes_on": [100.0, 120.0, 130.0, np.nan],
        "years_on": [0.5, 1.0, 2.2, 0.5], "covered": [True, False, True, False],
    })  # fmt: skip
    found = scored(rows).set_index("years_on")
    assert found["figures"].to_dict() == {1: 2, 3: 1}
    assert found[list(METHODS)].to_numpy() == pytest.approx(np.array([[2, 5, 10], [10, 0, 30]]))
    assert found["covered"].to_dict() == {1: 0.5, 3: 1.0}


# Predictions


def test_what_a_fit_shows_is_set_beside_each_figure() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibration.predictive.to_come", lambda: to_come()[1:2])  # the made model terminates nobody
        patch.setattr("calibration.bank.live", live)
        wave = predictive.predictive(made_fitted(), made_pasts())
        assert wave.fill(1, lambda world: None) == []
        found = predicted(made_fitted(), wave)
    rows = compared(found.published, found.shown)
    assert len(rows) == len(made_fitted().task.observations) and rows["covered"].mean() > 0.8
    assert rows["error_per_cent"].abs().median() < 3
    (one,) = found.next
    assert one.measure == "never_released" and found.to_come.shape == (DRAWS, 1)


def test_what_is_to_come_are_the_licences_ended_that_day_and_stocks_of_each_quarter() -> None:
    ended, *others = to_come()
    assert (ended.measure, ended.group, ended.first, ended.last) == (
        "terminations", "automatic", date(2024, 11, 1), date(2024, 11, 1),
    )  # fmt: skip
    days = sorted({one.last for one in others})
    assert days[0] == date(2024, 12, 31) and days[-1] == date(2026, 12, 31) and len(days) == 9
    measures = {"never_released", "recalled", "custody_total", "on_licence", "terminated"}
    assert {one.measure for one in others} == measures
    assert len(others) == 9 * 5


def test_aims_are_three_per_cent_of_stocks_and_eight_of_flows_since_2015() -> None:
    figures = [
        stock(2016, 100), stock(2017, 100), stock(2013, 100), flow(2016, 100), flow(2017, 100),
        replace(flow(2018, 100), first=date(2018, 10, 1)), replace(stock(2016, 100), group="women"),
    ]  # fmt: skip
    shown = np.array([[102.9, 96.9, 0.0, 107.9, 91.9, 0.0, 0.0]] * 5)
    found = aims(compared(figures, shown))
    assert found["aim"].tolist() == [3, 3, 8, 8]
    assert found["within"].tolist() == [True, False, True, False]


def test_an_interval_covers_what_the_published_figure_may_stand_for() -> None:
    rounded = replace(stock(2016, 100), rounding=5.0)
    shown = np.linspace(104, 110, 100)[:, None]
    assert compared([rounded], shown)["covered"].tolist() == [True]
    assert compared([stock(2016, 100)], shown)["covered"].tolist() == [False]


def test_a_distribution_is_compared_as_a_whole() -> None:
    day = date(2019, 3, 31)
    cells = [replace(observation("d", "waiting", day, day, value), kind="distribution", group=name)
             for name, value in (("x", 10.0), ("y", 30.0))]  # fmt: skip
    found = distributions([*cells, stock(2016, 1)], np.array([[30.0, 10.0, 5.0], [20.0, 20.0, 5.0], [10.0, 30.0, 5.0]]))
    (row,) = found.to_dict("records")
    assert (row["series"], row["measure"], row["date"], row["cells"]) == ("d", "waiting", day, 2)
    assert row["of_medians"] == pytest.approx(0.25) and row["median"] == pytest.approx(0.25)
    assert row["low"] < 0.05 and row["high"] > 0.45
