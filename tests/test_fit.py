"""Series and fit: every published row is answered for, and simulated lives are compared like with like."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from calibration.series import Kind, Observation, described, left_out, lines, published, unclaimed
from results.fit import (
    error_per_cent,
    fit_table,
    observe,
    observe_with_months,
    summarise,
    targets_within,
    total_variation,
)
from results.outcomes import MEASURES, monthly_values
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Event, State, Table

FIELDS = [("sentenced", "i4"), ("tariff_expiry", "i4"), ("tariff_days", "i4"), ("sex", "i4"), ("offence", "i4")]
SENTENCED, RELEASED, RECALLED = (day_of(day) for day in (date(2006, 5, 1), date(2012, 3, 1), date(2014, 6, 30)))


def life(released: int, recalled: int, people: int = 10) -> tuple[Table, NDArray[np.void]]:
    """Return a life in which so many of the people are released on 1 March 2012, and so many recalled in 2014."""
    records = np.zeros(people, FIELDS)
    records["sentenced"], records["tariff_days"], records["tariff_expiry"] = SENTENCED, 900, SENTENCED + 900
    rows = [(SENTENCED, person, Event.SENTENCED, State.PRE_TARIFF, 900) for person in range(people)]
    rows += [(RELEASED, person, Event.FIRST_RELEASED, State.LICENCE, 0) for person in range(released)]
    rows += [(RECALLED, person, Event.RECALLED_NO_CHARGE, State.RECALLED, 0) for person in range(recalled)]
    day, person, event, state, detail = np.array(rows).T
    because = np.full(len(rows), -1)
    widths = (np.int16, np.int32, np.int8, np.int8, np.int16, np.int16)
    columns = (day, person, event, state, because, detail)
    return Table._make(column.astype(width) for column, width in zip(columns, widths, strict=True)), records


def figure(
    measure: str, value: float, first: date, last: date, *, kind: Kind = "stock", group: str = "", rounding: float = 0
) -> Observation:
    """Return an observation of a made-up series."""
    return Observation(
        "made_up", "Made up", kind, measure, group, first, last, value, "persons", "", "good", "", 2, rounding,
    )  # fmt: skip


DAY = date(2014, 12, 31)
NONE = Path(__file__).parent / "none"  # a folder that is not there: only the figures that ship
FIGURES = [
    figure("never_released", 5, DAY, DAY),
    figure("recalled", 4, DAY, DAY, rounding=0.5),
    figure("first_releases", 4, date(2012, 1, 1), date(2012, 12, 31), kind="flow"),
    figure("people_recalled", 9, date(2014, 1, 1), DAY, kind="flow"),
    figure("never_released_by_tariff", 3, DAY, DAY, kind="distribution", group="2-4y"),
    figure("never_released_by_tariff", 1, DAY, DAY, kind="distribution", group=">10y"),
]


def test_one_life_is_observed_on_each_figures_own_window() -> None:
    assert observe(FIGURES, *life(released=4, recalled=2)).tolist() == [6, 2, 4, 2, 6, 0]


def test_a_fit_says_median_interval_error_and_cover() -> None:
    lives = [life(released=n, recalled=n - 2) for n in (4, 5, 6)]
    fit = fit_table(FIGURES, iter(lives))
    assert len(fit) == 5
    never, recalled, released, persons, tariffs = fit.to_dict("records")
    assert (never["median"], never["low"], never["high"]) == pytest.approx((5, 4.05, 5.95))
    assert (never["error_per_cent"], never["covered"]) == (0, True)
    assert recalled["median"] == 3 and recalled["covered"]  # 3.5 to 4.5 meets 2.05 to 3.95
    assert released["error_per_cent"] == pytest.approx(25) and not released["covered"]
    assert persons["error_per_cent"] == pytest.approx(100 * (3 / 9 - 1))
    assert tariffs["median"] == pytest.approx(0.25) and pd.isna(tariffs["covered"])
    assert tariffs["group"] == "distribution of 2"


def test_targets_are_within_so_many_per_cent() -> None:
    fit = fit_table(FIGURES, [life(released=5, recalled=3)])
    asked = targets_within(fit, ["never_released", "recalled"], 15, date(2010, 1, 1))
    assert asked[["measure", "within"]].to_numpy().tolist() == [["never_released", True], ["recalled", False]]
    assert targets_within(fit, ["never_released"], 15, date(2015, 1, 1)).empty


def test_a_life_that_shows_nothing_is_left_out_of_the_interval() -> None:
    mean = figure("mean_months_recalled", 20, date(2012, 1, 1), DAY, kind="mean")
    fit = summarise([mean], np.array([[np.nan], [10.0], [30.0]]))
    assert (fit["median"][0], fit["covered"][0]) == (20, True)
    assert np.isnan(summarise([mean], np.array([[np.nan]]))["median"][0])
    assert np.isnan(error_per_cent(3, 0))


def test_total_variation_runs_from_the_same_to_nothing_in_common() -> None:
    shown = np.array([[2.0, 2.0], [4.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(total_variation(shown, np.array([0.0, 5.0])), [0.5, 1, np.nan])


def test_an_unknown_measure_names_its_series() -> None:
    with pytest.raises(KeyError, match="made_up"):
        observe([figure("never_relaesed", 5, DAY, DAY)], *life(1, 1))


def test_every_published_row_is_observed_or_excluded_with_a_reason() -> None:
    every = {line.number for line in lines(added=NONE)}
    observed = {number for one in published(added=NONE) for number in (one.csv_line, *one.added_lines)}
    excluded = {line.number for line, _ in left_out(added=NONE)}
    assert unclaimed() == []
    assert observed | excluded == every
    assert not observed & excluded
    assert len(every) == 467
    assert {series.series for series in described(added=NONE)} == {line.series for line in lines(added=NONE)}


def test_each_series_has_a_file_of_its_name() -> None:
    folder = Path(__file__).parent.parent / "calibration" / "series"
    assert [file.stem for file in sorted(folder.glob("*.yaml"))] == [series.series for series in described(added=NONE)]


def test_every_published_figure_can_be_observed() -> None:
    shown = observe(published(), *life(5, 3))
    assert shown.shape == (len(published()),)
    assert {one.measure for one in published()} <= set(MEASURES)


def test_counted_together_is_counted_apart() -> None:
    lived, last = CompiledWorld([current_law()], people=120, life=2), day_of(date(2034, 12, 31))
    table, people = lived.live(), lived.people
    shown, months = observe_with_months(published(), table, people, last)
    np.testing.assert_array_equal(shown, observe(published(), table, people))
    np.testing.assert_array_equal(months, monthly_values(table, people, last))


def test_figures_are_counted_once() -> None:
    keys = [(one.measure, one.group, one.first, one.last) for one in published()]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_windows_and_kinds_agree_with_the_measures() -> None:
    for one in published():
        if MEASURES[one.measure].over == "day":
            assert one.first == one.last, one
        else:
            assert one.first < one.last, one


def test_the_traps_are_kept() -> None:
    found = {(one.series, one.first, one.group): one for one in published()}
    ambiguous = found["ipp_custody_total", date(2013, 12, 31), ""]
    assert (ambiguous.measure, ambiguous.value, ambiguous.grade) == ("never_released", 5335, "poor")
    undated = found["ipp_recalls", date(2021, 10, 1), ""]
    assert (undated.last, undated.value, undated.grade) == (date(2022, 9, 30), 622, "fair")
    assert found["ipp_tariff_mean", date(2009, 1, 15), "serving"].value == pytest.approx(35.64)
    assert ("ipp_tariff_expired_unreleased_xtab", date(2019, 3, 31), "10y+ | >10y") not in found
    cells = [one.value for one in published() if one.measure == "unreleased_over_tariff_by_tariff"]
    assert sum(cells) == 2198 - 1
    assert all("sentences" in why for line, why in left_out() if line.series == "ipp_sentences_imposed")


def test_a_selector_that_takes_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "series: ipp_rereleases\ntitle: t\nmeasures: flow\nlikelihood: poisson\n"
        "rows:\n- {measure: rereleases, sex: female}\n"
    )
    with pytest.raises(ValueError, match="no line for"):
        published(tmp_path)
