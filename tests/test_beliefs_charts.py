"""Which beliefs a projection turns on: found in made draws of which the answer is known, and in no others."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from results.charts_beliefs import BLUE, GREY, LEAST_DRAWS, MOST, beliefs_charts, outcomes
from results.export_native import panels_of
from results.folder import Run
from results.slices import Slices
from results.store import write_table
from results.style import ORANGE, Chart
from results.sway import drifts_as_one, normal_scores, sways, told_apart

DRAWS, IDLE = 120, 60
DOES = {"rerelease_log_odds": -40.0, "breach_rate": 25.0, "region_shares.Wales": 0.0}  # people for one standard step
SPAN = 2 * special.ndtri(0.9)


def made(draws: int = DRAWS, seed: int = 1) -> pd.DataFrame:
    """Numbers of beliefs by draw: three of the book, one of them widely spread, and many that do nothing."""
    chance = np.random.default_rng(seed)
    names = [*DOES, *(f"idle_{i}" for i in range(IDLE))]
    table = pd.DataFrame(chance.standard_normal((draws, len(names))), columns=names).rename_axis("draw")
    table["breach_rate"] = np.exp(1.5 * table["breach_rate"])
    return table.assign(the_same=3.0)


def people(numbers: pd.DataFrame, noise: float = 5.0) -> pd.Series:
    """An outcome that two of the beliefs move by as many people as DOES says, and chance a little."""
    chance = np.random.default_rng(9).normal(0, noise, len(numbers))
    steps = {name: normal_scores(numbers[name].to_numpy()) for name in DOES}
    return pd.Series(500 + sum(DOES[name] * steps[name] for name in DOES) + chance, numbers.index)


def test_the_beliefs_that_move_an_outcome_are_found_with_their_size_and_sign() -> None:
    found = sways(made(), people(made()))
    assert found["belief"].tolist()[:2] == ["rerelease_log_odds", "breach_rate"]
    first, second = found.to_dict("records")[:2]
    assert first["low"] < SPAN * -40 < first["high"] < 0 < second["low"] < SPAN * 25 < second["high"]
    assert first["share"] == pytest.approx(40**2 / (40**2 + 25**2 + 5**2), abs=0.08)
    assert first["from"] == pytest.approx(made()["rerelease_log_odds"].quantile(0.1))
    assert "the_same" not in set(found["belief"]) and len(found) == IDLE + len(DOES)


def test_the_change_and_its_interval_are_those_of_a_straight_line_fitted_otherwise() -> None:
    numbers = made()[["breach_rate"]]
    (row,) = sways(numbers, people(made())).to_dict("records")
    line = stats.linregress(normal_scores(numbers["breach_rate"].to_numpy()), people(made()).to_numpy())
    assert row["change"] == pytest.approx(SPAN * line.slope)
    assert row["share"] == pytest.approx(line.rvalue**2)
    reach = stats.t.ppf(0.975, DRAWS - 2) * line.stderr  # of one belief alone
    assert (row["low"], row["high"]) == pytest.approx((SPAN * (line.slope - reach), SPAN * (line.slope + reach)))


def test_of_many_beliefs_that_do_nothing_seldom_is_one_told_apart() -> None:
    """In 100 sets of draws some interval leaves nought out in about five; of each alone it would in nearly all."""
    wrong = alone = 0
    for seed in range(100):
        outcome = pd.Series(np.random.default_rng(1_000 + seed).standard_normal(DRAWS))
        some = made(seed=seed)
        wrong += bool(told_apart(sways(some, outcome)).any())
        if seed < 10:
            alone += any(told_apart(sways(some[[name]], outcome)).any() for name in some)
    assert wrong <= 12 and alone >= 8


def test_how_a_belief_is_spread_and_on_what_scale_does_not_matter() -> None:
    numbers = made()
    squeezed = numbers.assign(breach_rate=np.log(numbers["breach_rate"]) / 100)
    here, there = (sways(each, people(numbers)).set_index("belief") for each in (numbers, squeezed))
    assert here["change"].equals(there["change"]) and here["high"].equals(there["high"])


def test_an_outcome_that_does_not_move_and_draws_too_few_say_nothing() -> None:
    numbers = made()
    still = sways(numbers, pd.Series(7.0, numbers.index))
    assert not still["change"].any() and not told_apart(still).any() and not still["share"].any()
    assert sways(numbers.head(3), people(numbers).head(3)).empty
    assert sways(numbers[["the_same"]], people(numbers)).empty
    gaps = people(numbers).where(numbers.index % 2 == 0)  # draws of which no life was finished
    assert sways(numbers, gaps)["belief"][0] == "rerelease_log_odds"


def test_a_belief_with_a_value_a_year_is_one_belief_and_no_later_year_tells() -> None:
    numbers = made()[["breach_rate", "region_shares.Wales"]]
    years = {f"rerelease_log_odds.{year}": made()["rerelease_log_odds"] + year for year in range(2010, 2041)}
    numbers = numbers.assign(rerelease_log_odds=1.0, **years)
    merged = drifts_as_one(numbers, 2025, 2030)
    assert list(merged) == ["breach_rate", "region_shares.Wales", "rerelease_log_odds.2025-2030"]
    assert merged.iloc[:, 2].to_numpy() == pytest.approx((made()["rerelease_log_odds"] + 2027.5).to_numpy())
    assert list(drifts_as_one(numbers, 2041, 2045)) == ["breach_rate", "region_shares.Wales"]
    assert drifts_as_one(made(), 2025, 2030).equals(made())


# In a run


def drawn(run: Run, folder: Path, draws: int = DRAWS) -> Run:
    """The run with made draws, under which two stocks are what the made beliefs make of them, and a Bill does a half.

    Two lives of a draw differ by chance, as much above the draw's number as below it.
    """
    numbers = made(draws)
    write_table(folder / "draws.parquet", numbers.reset_index())
    rows: list[tuple[Any, ...]] = []
    for key, part in zip((told.key for told in run.manifest.scenarios), (1.0, 0.5), strict=True):
        for measure, of in (("never_released", people(numbers, 300.0)), ("recalled", people(numbers))):
            rows += [(key, draw, life, day, measure, "", part * value + 3 * (2 * life - 1))
                     for draw, value in of.items() for life in (0, 1)
                     for day in (pd.Timestamp(2030, 12, 31), pd.Timestamp(2031, 12, 31))]  # fmt: skip
    columns = ["scenario", "draw", "life", "date", "measure", "group", "value"]
    write_table(folder / "monthly.parquet", pd.DataFrame(rows, columns=columns))
    return Run(folder, run.manifest, run.everything | {"beliefs": "prior"}, Slices(folder), run.fit)


@pytest.fixture(scope="module")
def run(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return drawn(small_run, tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def every(run: Run) -> list[Chart]:
    return beliefs_charts(run)


def test_there_is_a_chart_for_each_stock_and_each_bill_of_the_day_asked(run: Run, every: list[Chart]) -> None:
    assert [chart.key for chart in every] == ["beliefs-never-released", "beliefs-recalled", "beliefs-one_year"]
    assert {f"{day:%Y-%m-%d}" for chart in every for day in chart.data["last"]} == {"2030-12-31"}
    assert outcomes(run)[1].by_draw.to_numpy() == pytest.approx(people(made()).to_numpy())


def test_the_title_tells_the_finding_in_the_words_of_the_book(every: list[Chart]) -> None:
    _, recalled, bill = every
    assert re.fullmatch(
        r"The number of people in prison after a recall, December 2030, turns most on this: log-odds that an oral "
        r"panel directs release of an average recalled person \(−\d+ where it is high rather than low\)",
        recalled.title,
    )
    assert "changes in the number of people in prison after a recall, December 2030, turns most on" in bill.title
    assert int(re.findall(r"\(\+(\d+)", bill.title)[0]) == pytest.approx(0.5 * 40 * SPAN, rel=0.2)  # half of it less


def test_where_no_belief_tells_the_title_says_so_and_every_bar_is_grey(every: list[Chart]) -> None:
    noisy = every[0]
    assert noisy.title.startswith(f"{DRAWS} draws do not tell of any one belief that it moves the number of people in")
    assert set(noisy.figure.data[0].marker.color) == {GREY} and noisy.alt.count("cannot be told from none") == MOST


def test_bars_table_and_file_hold_the_same_numbers_largest_first(every: list[Chart]) -> None:
    chart = every[1]
    bars, data, wanted = chart.figure.data[0], chart.data, sways(made(), people(made())).head(MOST)
    assert data["group"].tolist() == [f"belief: {name}" for name in wanted["belief"]]
    assert data["value"].to_numpy() == pytest.approx(wanted["change"].to_numpy())
    assert list(bars.x) == wanted["change"].round(2).tolist()
    assert np.array(bars.x) + bars.error_x.array == pytest.approx(data["high"].to_numpy(), abs=0.02)
    assert np.array(bars.x) - bars.error_x.arrayminus == pytest.approx(data["low"].to_numpy(), abs=0.02)
    assert list(bars.marker.color[:3]) == [BLUE, ORANGE, GREY]
    table = chart.table
    assert table["Belief"][1].startswith("Rate of other incidents on licence") and len(table) == MOST
    assert str(table.iloc[0, 2]).startswith(f"−{round(-wanted['change'][0])} (−")
    assert all(f"{row.iloc[0]}: {row.iloc[2]}" in chart.alt for _, row in table.iterrows())


def test_a_slide_gets_the_bars_with_their_intervals(every: list[Chart]) -> None:
    ((panel,),) = [panels_of(every[1].figure)]
    (line,) = panel.lines
    assert line.kind == "across" and len(line.low) == len(line.high) == MOST


def test_few_draws_or_none_that_were_kept_make_no_chart(small_run: Run, run: Run, tmp_path: Path) -> None:
    assert beliefs_charts(small_run) == []
    assert beliefs_charts(drawn(small_run, tmp_path, LEAST_DRAWS - 1)) == []
    assert len(beliefs_charts(drawn(small_run, tmp_path, LEAST_DRAWS))) == 3
    (tmp_path / "draws.parquet").unlink()
    assert beliefs_charts(Run(tmp_path, run.manifest, run.everything, run.monthly, run.fit)) == []


def test_beliefs_drawn_together_are_said_to_be(run: Run) -> None:
    fitted = Run(run.folder, run.manifest, run.everything | {"beliefs": "a fit"}, run.monthly, run.fit)
    assert "drawn together" in beliefs_charts(fitted)[0].note
    assert "drawn together" not in beliefs_charts(run)[0].note


def test_a_belief_that_drifts_is_named_with_its_years(run: Run, tmp_path: Path) -> None:
    rate = made()["rerelease_log_odds"]
    years = {f"rerelease_log_odds.{year}": rate + (year > 2030) * made()["idle_1"] for year in range(2020, 2041)}
    write_table(tmp_path / "draws.parquet", made().assign(**years).reset_index())
    recalled = beliefs_charts(Run(tmp_path, run.manifest, run.everything, run.monthly, run.fit))[1]
    assert recalled.data["group"].iloc[0] == "belief: rerelease_log_odds.2025-2030"
    assert "an average recalled person (2025 to 2030) (−" in recalled.title
    assert recalled.data["group"].str.contains("rerelease").sum() == 1
