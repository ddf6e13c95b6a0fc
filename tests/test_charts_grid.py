"""Bills enacted together: which runs have a table of cells, what it says, and that it is drawn as it says."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results.charts import charts
from results.charts_grid import ACROSS, CHARACTER, SIDE, grid_charts, grid_of
from results.export_native import panels_of
from results.folder import read_run
from results.plan import planned
from results.runs import run as live
from results.style import RIGHT, TEXT, WIDTH
from scenarios import current_law

DAY = pd.Timestamp("2030-12-31")
ALONE = {"up": -4.0, "down": 8.0, "restricted": -130.0, "seen": -40.0}
LIVES = np.array([-20.0, 0.0, 20.0])


def made(*keys: str) -> Any:
    """A run whose Bills change what each of them changes alone, less 5 for each that is enacted with another."""

    def against(key: str, measure: str) -> pd.DataFrame:
        assert measure == "recalled"
        parts = key.split("+")
        middle = sum(ALONE[part] for part in parts) - 5 * (len(parts) - 1)
        days = pd.DatetimeIndex(["2030-11-30", DAY, "2031-01-31"])
        return pd.DataFrame(np.array([middle + 1 + LIVES, middle + LIVES, middle + 1 + LIVES]), days)

    return SimpleNamespace(
        others=[SimpleNamespace(key=key, name=f"The Bill {key}") for key in keys],
        baseline=SimpleNamespace(key="current_law", name="Current law", spoken="the current law"), against=against,
        last=pd.Timestamp("2031-01-31"), manifest=SimpleNamespace(run="0123"),
    )  # fmt: skip


WHOLE = ("up", "down", "restricted", "seen", "up+restricted", "down+restricted", "up+seen", "down+seen")


def test_a_grid_is_of_bills_lived_alone_and_with_each_of_the_others() -> None:
    assert grid_of(WHOLE) == (["up", "down"], ["restricted", "seen"])
    assert grid_of(WHOLE[:-1]) == (["up", "down"], ["restricted"])
    assert grid_of([key for key in WHOLE if key != "restricted"]) == (["up", "down"], ["seen"])
    assert grid_of(["up", "down", "restricted"]) is None
    assert grid_of(["up+restricted"]) is None
    assert grid_charts(made("up", "seen")) == []


def test_cells_are_medians_and_intervals_at_the_end_of_2030_from_the_fewest_to_the_most() -> None:
    (chart,) = grid_charts(made(*WHOLE))
    assert chart.table.columns.tolist() == ["", "The Bill restricted", "The Bill seen", "Current law"]
    assert chart.table[""].tolist() == ["The Bill up", "Current law", "The Bill down"]
    assert chart.table["The Bill restricted"].tolist()[0] == "−139 (−158 to −120)"
    assert chart.table["Current law"].tolist() == ["−4 (−23 to +15)", "0", "+8 (−11 to +27)"]
    (trace,) = chart.figure.data
    assert np.asarray(trace.z).tolist() == [[-139, -49, -4], [-130, -40, 0], [-127, -37, 8]]
    assert (trace.zmin, trace.zmax) == (-139, 139)
    cell = chart.table["The Bill restricted"].iloc[0]
    assert cell.trace == "up+restricted less current_law|recalled||2030-12-31|signed median and interval"


def test_the_title_says_what_a_pair_adds() -> None:
    (chart,) = grid_charts(made(*WHOLE))
    assert chart.title == (
        "The Bill restricted: 130 fewer people in prison after a recall in December 2030; with the Bill up, 139 fewer"
    )
    assert "3 by 3 shaded cells. The Bill up: The Bill restricted −139" in chart.alt


def test_every_cell_is_in_the_file() -> None:
    (chart,) = grid_charts(made(*WHOLE))
    found = chart.data.set_index("scenario")["value"]
    assert len(found) == len(WHOLE)
    assert found["down+seen less current_law"] == -37
    assert (chart.data["last"] == DAY).all()


def test_words_in_cells_are_black_and_the_slide_has_bars() -> None:
    (chart,) = grid_charts(made(*WHOLE))
    assert {each.font.color for each in chart.figure.layout.annotations} == {TEXT}
    texts = [each.text for each in chart.figure.layout.annotations]
    assert "−139<br>(−158 to −120)" in texts and len(texts) == 3 + 3 + 9
    (panel,) = panels_of(chart.figure)
    (line,) = panel.lines
    assert line.kind == "across" and line.x[0] == "The Bill up, the Bill restricted" and line.y[0] == -139


def test_heads_of_many_columns_keep_apart_in_a_document() -> None:
    across = ("restricted", "seen", "down")
    run = made("up", *across, *(f"up+{key}" for key in across))
    for told in run.others:
        told.name = f"Every kind of contact {told.key} for everyone"
    (chart,) = grid_charts(run)
    heads = [each.text for each in chart.figure.layout.annotations if each.yref == "y domain"]
    assert len(heads) == len(across) + 1 and max(head.count("<br>") for head in heads) >= 2
    widest = max(len(line) for head in heads for line in head.split("<br>"))
    assert widest * CHARACTER <= (WIDTH - SIDE - RIGHT) / len(heads)


def test_many_bills_across_go_into_several_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    across = [f"seen{i}" for i in range(ACROSS + 1)]
    for key in across:
        monkeypatch.setitem(ALONE, key, -1.0)
    found = grid_charts(made("up", *across, *(f"up+{key}" for key in across)))
    assert [chart.key for chart in found] == ["together-recalled-1", "together-recalled-2"]
    assert [len(chart.table.columns) for chart in found] == [2 + ACROSS, 3]


def test_a_run_of_pairs_has_the_table_in_its_report(tmp_path: Path) -> None:
    names = ["officers_down", "technical_recall", "officers_down+technical_recall"]
    plan = planned(
        names, law=current_law(), lives=2, seed=1, first=date(2023, 1, 1), last=date(2031, 12, 31), out=tmp_path,
        people=60,
    )  # fmt: skip
    assert live(plan, 1, lambda total, done: None, lambda piece: None) == []
    run = read_run(plan.folder)
    sections = dict(charts(run))
    (chart,) = sections["Bills enacted together"]
    both = run.against(names[-1], "recalled").T[DAY]
    assert chart.data.set_index("scenario")["value"][f"{names[-1]} less current_law"] == both.median()
