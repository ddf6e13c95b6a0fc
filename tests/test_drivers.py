"""What drives a difference, who moves where, Bills side by side, the fit by series: parts add up to their wholes."""


import numpy as np
import pandas as pd
import pytest

from results import charts_drivers
from results.charts import charts
from results.charts_bills import PER_CHART, bills_charts
from results.charts_drivers import OTHER, PARTS, drivers_chart, parts_of
from results.charts_fit import LEAST, fit_charts
from results.charts_moves import moves_chart, year_shown, years_there
from results.flows import flows
from results.folder import Run, band
from results.measures import MOVES, PLACES, move
from results.style import BANDS, Chart
from results.words import signed
from scenarios import current_law
from scenarios.reading import BadInput
from sim.days import day_of
from sim.journal import State
from sim.world import World
from tests.counted_slowly import known
from tests.small_run import LAST

EXACT = 1e-9  # people; sums of whole numbers


@pytest.fixture(scope="module")
def run(small_run: Run) -> Run:
    return small_run


def among_many(run: Run, others: int) -> Run:
    """Return the run with its second scenario told several times, under other names."""
    base, told = run.manifest.scenarios
    names = [f"bill_{i}" for i in range(others)]
    keys = {base.key: base.key} | dict.fromkeys(names, told.key)
    scenarios = [base, *(told.model_copy(update={"key": name, "name": f"Bill {name}"}) for name in names)]
    manifest = run.manifest.model_copy(update={"scenarios": scenarios})
    return Run(run.folder, manifest, run.everything, lambda key, measure: run.monthly(keys[key], measure), run.fit)


@pytest.mark.parametrize("measure", PARTS)
def test_the_parts_of_a_difference_add_up_to_it_in_every_life(run: Run, measure: str) -> None:
    told = run.others[0]
    parts, whole = parts_of(run, told, measure), run.against(told.key, measure).T[run.last]
    assert whole.any(), "the two laws do not differ, and the test says nothing"
    assert np.allclose(parts.sum(axis=1), whole, atol=EXACT)
    assert np.allclose(parts[OTHER], 0, atol=EXACT)
    assert (parts.drop(columns=OTHER) != 0).any().sum() >= 2


def test_a_part_that_is_forgotten_is_seen_as_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told, (first, *rest) = run.others[0], PARTS["recalled"]
    forgotten = parts_of(run, told, "recalled")[first.name]
    monkeypatch.setitem(charts_drivers.PARTS, "recalled", tuple(rest))
    assert forgotten.any()
    assert np.allclose(parts_of(run, told, "recalled")[OTHER], forgotten, atol=EXACT)


def test_the_waterfall_is_drawn_from_end_to_end(run: Run) -> None:
    chart = drivers_chart(run, run.others[0], "on_licence")
    bars = chart.figure.data[0]
    starts, lengths = np.array(bars.base, float), np.array(bars.x, float)
    assert np.allclose(starts[1:-1], (starts + lengths)[:-2], atol=0.02)
    assert starts[-1] == 0 and lengths[-1] == pytest.approx(lengths[:-1].sum(), abs=0.05)
    whole = chart.data[chart.data["group"] == "part: whole"]
    assert whole["value"].item() == pytest.approx(chart.data["value"].sum() / 2)
    assert bars.text[-1] == signed(whole["value"].item())


def test_every_change_of_place_is_a_move() -> None:
    world = World([current_law()], people=300, last=day_of(LAST.date()))
    table = world.live().as_table()
    counted = flows(table, world.people, [0], [day_of(LAST.date())])
    place = {state: name for name, states in PLACES.items() for state in states}
    assert set(place) == set(State)
    before = known(table, world.people).before
    pairs = [(place[State(a)], place[State(b)]) for a, b in zip(before, table.state, strict=True)]
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    assert set(changed) <= set(MOVES)
    for pair in MOVES:
        assert counted["moves", move(*pair)][0] == changed.count(pair), pair


def test_moves_of_a_year_are_those_of_its_months(run: Run) -> None:
    chart = moves_chart(run, 2016)
    back = run.by_life("moves", move("on licence", "recalled"))
    mean = back[pd.DatetimeIndex(back.index).year == 2016].sum().mean()
    row = chart.data[chart.data["group"] == move("on licence", "recalled")]
    assert row["value"].item() == mean > 0
    link = chart.figure.data[0].link
    assert sum(link.value) == pytest.approx(chart.data["value"][chart.data["value"] >= 0.5].sum(), abs=1)
    assert len(chart.data) == len(MOVES)


def test_a_year_that_is_not_covered_is_refused(run: Run) -> None:
    assert year_shown(run) == 2025
    assert year_shown(run, 2010) == 2010
    assert years_there(run)[0] == 2006  # a run from April 2005 does not hold all of that year
    with pytest.raises(BadInput, match=r"--year must be a calendar year .* \(2006 to 2034\), not 2035; did you mean"):
        charts(run, 2035)


def test_bills_stand_side_by_side_on_one_scale(run: Run) -> None:
    assert bills_charts(run) == []
    many = among_many(run, PER_CHART + 1)
    made = bills_charts(many)
    assert [chart.key for chart in made] == [
        "bills-recalled-1", "bills-recalled-2", "bills-terminated-1", "bills-terminated-2",
    ]  # fmt: skip
    figure = made[0].figure
    ranges = {tuple(axis.range) for axis in figure.select_yaxes() if axis.visible is not False}
    assert len(ranges) == 1
    medians = [trace for trace in figure.data if trace.name and trace.name.startswith("Bill ")]
    assert len(medians) == PER_CHART
    shown = made[0].data[made[0].data["scenario"] == "bill_0 less current_law"]
    drawn = many.against("bill_0", "recalled").median(axis=1)["2024-01-01":]
    assert np.allclose(shown["value"], drawn)


def test_the_fit_by_series_shows_the_figures_of_the_fit(run: Run) -> None:
    made = fit_charts(run)
    assert {chart.key[:8] for chart in made} == {"fit-stoc", "fit-flow"}
    stocks = next(chart for chart in made if chart.key.startswith("fit-stocks"))
    never = run.published("never_released")
    dots = next(trace for trace in stocks.figure.data if trace.name == "Published" and len(trace.x) == len(never))
    assert list(dots.y) == never["published"].tolist()
    simulated = stocks.data[(stocks.data["kind"] == "simulated") & (stocks.data["measure"] == "never_released")]
    assert simulated["value"].tolist() == never["median"].tolist()
    for chart in made:
        assert chart.data.groupby(["kind", "measure", "group"]).size().min() >= LEAST


def test_bands_lie_within_each_other() -> None:
    found = band(pd.DataFrame(np.random.default_rng(1).normal(size=(20, 100))))
    columns = [low for _, low, _ in BANDS] + ["median"] + [high for _, _, high in reversed(BANDS)]
    assert (np.diff(found[columns].to_numpy(), axis=1) >= 0).all()
    for share, low, high in BANDS:
        lives = pd.DataFrame([np.arange(1001.0)])
        ends = band(lives)
        assert (ends[high] - ends[low]).item() == pytest.approx(10 * share)


def test_every_kind_of_chart_is_in_the_report(small_charts: list[Chart]) -> None:
    kinds = {chart.key.partition("-")[0] for chart in small_charts}
    assert {"drivers", "moves", "fit", "difference", "terminations"} <= kinds


@pytest.mark.slow
def test_bills_are_in_the_report(run: Run) -> None:
    assert "bills-recalled" in {chart.key for _, some in charts(among_many(run, 2)) for chart in some}
