"""Charts: what is drawn is what the data say, and labels stand where nothing else does."""

import numpy as np
import pandas as pd
import pytest

from results.charts import STOCKS, flow_chart, stock_chart
from results.comparisons import difference_chart
from results.evidence import annual, source_of
from results.folder import Flow, Run, band, by_year, year_ends
from results.labels import by_line, by_points, place, plane_of
from results.style import CATEGORICAL, LINE_HEIGHT, Chart, Label, end_labels, file_name, frame, set_range, tint, words


@pytest.fixture(scope="module")
def run(small_run: Run) -> Run:
    return small_run


@pytest.fixture(scope="module")
def every(small_charts: list[Chart]) -> list[Chart]:
    return small_charts


def test_keys_are_unique_and_no_chart_is_empty(every: list[Chart]) -> None:
    assert len({chart.key for chart in every}) == len(every)
    for chart in every:
        assert chart.figure.data, chart.key
        assert len(chart.table), chart.key
        assert chart.title and chart.subtitle and chart.source, chart.key
        assert "nan" not in f"{chart.title} {chart.alt} {chart.note}".lower().split(), chart.key


def test_text_is_horizontal_dark_and_without_a_legend(every: list[Chart]) -> None:
    for chart in every:
        assert chart.figure.layout.showlegend is False, chart.key
        assert chart.figure.layout.title.text is None, chart.key
        for axis in (*chart.figure.select_xaxes(), *chart.figure.select_yaxes()):
            assert axis.tickangle in (None, 0), chart.key
        for each in chart.figure.layout.annotations:
            assert each.font.color == "#0B0C0C", chart.key
            assert not each.textangle, chart.key


def test_at_most_four_categories(every: list[Chart]) -> None:
    allowed = {None, *CATEGORICAL}
    for chart in every:
        colours = {trace.line.color for trace in chart.figure.data if trace.type == "scatter" and trace.mode == "lines"}
        assert len(colours - {None, "white"}) <= 4, chart.key
        assert colours <= allowed | {"white"}, chart.key


def test_a_stock_is_drawn_as_it_is_and_published_figures_as_points(run: Run) -> None:
    chart = stock_chart(run, STOCKS[0])
    drawn = next(trace for trace in chart.figure.data if trace.name == "Simulated")
    expected = run.by_life("never_released").median(axis=1)
    assert np.allclose(drawn.y, expected, atol=0.01)
    dots = next(trace for trace in chart.figure.data if trace.mode == "markers")
    assert list(dots.y) == run.published("never_released")["published"].tolist()
    simulated = chart.data[chart.data["kind"] == "simulated"]
    assert np.allclose(simulated["value"], expected)
    assert (chart.data["kind"] == "published").sum() == len(dots.y)


def test_flows_of_other_windows_are_drawn_at_their_yearly_rate() -> None:
    some = pd.DataFrame({
        "first": pd.to_datetime(["2024-01-01", "2022-01-01", "2024-01-01", "2005-04-04", "2008-05-01"]),
        "last": pd.to_datetime(["2024-12-31", "2022-12-31", "2024-06-30", "2010-01-31", "2008-05-31"]),
        "published": [10.0, 20.0, 30.0, 40.0, 50.0],
    })  # fmt: skip
    assert annual(some)["yearly"].round(1).tolist() == [10.0, 20.0, 60.2]


def test_years_are_whole_and_start_in_their_month() -> None:
    days = pd.date_range("2023-01-31", "2025-03-31", freq="ME")
    monthly = pd.DataFrame({0: 1.0}, index=days)
    assert by_year(monthly)[0].to_dict() == {2023: 12.0, 2024: 12.0}
    assert by_year(monthly, 4)[0].to_dict() == {2023: 12.0, 2024: 12.0}
    assert [f"{day:%Y-%m}" for day in year_ends(monthly).index] == ["2023-12", "2024-12", "2025-03"]


def test_a_band_is_over_lives() -> None:
    found = band(pd.DataFrame([np.arange(101.0)], index=pd.to_datetime(["2024-01-31"])))
    assert found.iloc[0].tolist() == [2.5, 50.0, 97.5, 10.0, 90.0, 25.0, 75.0]


def test_the_title_of_a_difference_is_its_end(run: Run) -> None:
    told = run.others[0]
    chart = difference_chart(run, told)
    shown = chart.data[(chart.data["measure"] == "on_licence") & (chart.data["last"] == run.last)]
    assert shown["value"].item() == run.against(told.key, "on_licence").loc[run.last].median()
    assert "dotted: in force, 1 April 2027" in chart.subtitle


def test_no_scenario_is_written_in_another_folder() -> None:
    assert file_name("one_year+more") == "one_year+more"
    assert file_name("../../a b") == "------a-b"


def test_titles_of_flows_say_which_way_they_go(run: Run) -> None:
    chart = flow_chart(run, "x", (Flow("recalls", "", "All recalls"),), "Recalls")
    years = by_year(run.by_life("recalls")).median(axis=1)
    way = "fall to" if years[2034] < years[2023] else "rise to" if years[2034] > years[2023] else "stay at"
    assert chart.title.startswith(f"All recalls {way}")


def test_names_of_scenarios_cannot_become_markup() -> None:
    figure = frame()
    words(figure, "<b>a</b>\nc", 0, 0)
    assert figure.layout.annotations[0].text == "&lt;b&gt;a&lt;/b&gt;<br>c"


def test_axes_start_at_zero() -> None:
    figure = frame()
    assert set_range(figure, 0, 100) == (0.0, 108.0)
    low, high = set_range(figure, -50, -10)
    assert low < -50 and high == 0.0
    assert set_range(figure, 0, 0) == (-2.0, 2.0)


def test_end_labels_keep_apart() -> None:
    figure = frame()
    names = ("one", "two", "three", "four")
    end_labels(figure, [Label(*each) for each in zip(names, (50.0,) * 4, CATEGORICAL, strict=True)], (0.0, 100.0))
    dashes = {each.y0: each.line.color for each in figure.layout.shapes}
    found = {each.text: dashes[each.y] for each in figure.layout.annotations}
    assert found == dict(zip(names, CATEGORICAL, strict=True))
    pixels = figure.layout.height - 74
    heights = sorted(each.y * pixels for each in figure.layout.annotations)
    assert all(np.diff(heights) >= LINE_HEIGHT)
    assert 0 <= heights[0] and heights[-1] <= pixels


def test_words_avoid_points_and_lines() -> None:
    days = pd.date_range("2005-01-31", "2034-12-31", freq="ME")
    line = pd.Series(np.linspace(0, 90, len(days)), days)
    figure = frame()
    plane = plane_of(figure, days[0], days[-1], (0.0, 100.0))
    dots = pd.DatetimeIndex(["2010-01-31", "2020-01-31"])
    taken = [plane.along(line), plane.of(dots, np.array([60.0, 10.0]))]
    first = place(figure, plane, "Published", by_points(dots, np.array([60.0, 10.0]), np.array([45.0, -35.0])), taken)
    second = place(figure, plane, "Simulated", by_line(line), [*taken, first])
    for box in (first, second):
        (left, lower), (right, upper) = box.min(axis=0), box.max(axis=0)
        for x, y in np.concatenate(taken):
            assert not (left < x < right and lower < y < upper)


def test_sources_name_where_figures_stand(run: Run) -> None:
    some = pd.DataFrame({"source_url": ["https://www.example.org/a", "https://example.org/b", "nowhere"], "title": "X"})
    assert source_of(run, some).startswith("Published: example.org; the source of each figure")
    assert source_of(run) == "Simulated: this model, run 0123456789ab."


def test_a_tint_lets_through_what_lies_behind() -> None:
    assert tint("#12436D", 0.2) == "rgba(18,67,109,0.2)"
