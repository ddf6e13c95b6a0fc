"""Levers: effects with their shares of what is not known, on made runs; the page, its file and the command."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.draws import Prior, names
from results.levers import TOLD, read_levers, tidy
from results.levers_page import effects_grid, findings, levers_markdown, shares_grid, write_levers
from results.store import read_table, write_table
from scenarios import current_law, shipped_names
from scenarios.reading import BadInput
from scenarios.register import effects
from tests.comparing import write_small
from tests.test_cli import Ipp, ipp, refused  # noqa: F401

DRAWS = 60
MEMBERS = [(draw, life) for draw in range(DRAWS) for life in range(2)]
DRAWN = pd.DataFrame([{"draw": draw, **Prior(1).numbers(current_law(), draw)} for draw in range(DRAWS)])
LUCK = np.random.default_rng(1).standard_normal((DRAWS, 2))


def valued(key: str, measure: str, group: str, day: pd.Timestamp, draw: int, life: int) -> float:
    """Recalled follow the drawn effect of workload, recalls a belief that is no effect, never released luck alone."""
    if key == "current_law" or day.year < 2030:
        return 100.0
    effect, other = DRAWN["workload_incidents"][draw], DRAWN["breach_rate"][draw]
    moved = {"recalled": -5 - 60 * effect, "recalls": -30 * other, "never_released": 5 * LUCK[draw, life]}
    return 100.0 + float(moved.get(measure, 0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("levers"), DRAWS)


def made(path: Path, draws: int = 1, **more: Any) -> Path:
    how: dict[str, Any] = {"draws": DRAWS, "lives": 2, "beliefs": "prior", "also": ("serious_further_offences",)}
    folder = write_small(path, valued, members=MEMBERS[: 2 * draws], **(how | more))
    write_table(folder / "draws.parquet", DRAWN)
    return folder


def test_shares_are_those_of_the_numbers_that_act(folder: Path) -> None:
    rows = tidy(read_levers(folder)).set_index("measure")
    assert list(rows.index) == [measure for measure, _ in TOLD]
    assert (rows["share_effect_sizes"] > 0.9).to_dict()["recalled"]
    assert (rows["share_other_beliefs"] > 0.6).to_dict()["recalls"]
    assert (rows["share_chance"] > 0.7).to_dict()["never_released"]
    known = ["share_effect_sizes", "share_other_beliefs", "share_chance"]
    assert rows.loc[["recalled", "recalls", "never_released"], known].sum(axis=1).to_list() == pytest.approx([1] * 3)
    assert rows.loc[["terminated", "custody_years"], known].isna().all(axis=None)


def test_effects_are_the_paired_differences_at_the_end_of_2030(folder: Path) -> None:
    row = tidy(read_levers(folder)).set_index("measure").loc["recalled"]
    expected = -5 - 60 * DRAWN["workload_incidents"]
    assert row["median"] == pytest.approx(expected.median())
    assert expected.min() <= row["low"] < row["median"] < row["high"] <= expected.max()
    assert (str(row["by"])[:10], row["draws"], row["lives"]) == ("2030-12-31", DRAWS, 2 * DRAWS)


def test_the_page_tells_the_tables_and_nothing_else_is_typed(folder: Path) -> None:
    levers = read_levers(folder)
    page = levers_markdown(levers)
    for grid in (effects_grid(levers), shares_grid(levers)):
        for row in grid.rows:
            assert "| " + " | ".join(row) + " |" in page
    assert "no difference" in page and f"{len(effects(current_law()))} numbers" in page
    first, second, third = findings(levers)
    assert first.startswith("For 1 of 1 Bills ") and first.endswith(" on one side of nought: bill by name.")
    assert "Of 3 differences" in second and "half of the variance in 1." in second
    assert "none measured in people serving this sentence" in third
    assert "0123456789ab" in page and f"{DRAWS} draws" in page
    assert max(map(len, page.split("## What a share is")[1].splitlines())) <= 120


def test_every_drawn_number_of_the_register_is_regressed_on() -> None:
    wanted = [name for rule in effects(current_law()) for name in names(rule)]
    assert len(wanted) >= 25 and set(wanted) <= set(DRAWN.columns)


def test_it_is_written_in_the_run_and_where_it_is_asked_for(tmp_path: Path) -> None:
    folder, page = made(tmp_path / "run", 10), tmp_path / "docs.md"
    written = write_levers(folder, page)
    assert page.read_bytes() == (folder / "levers.md").read_bytes()
    assert written.page == page and "bill by name" in written.text
    assert len(read_table(written.table)) == len(TOLD)


def test_a_run_that_cannot_say_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    one = made(tmp_path / "one")
    write_table(one / "draws.parquet", DRAWN[:1])
    alone = made(tmp_path / "alone", scenarios=[{"key": "current_law", "name": "now", "question": "What?"}])
    none = made(tmp_path / "none")
    (none / "draws.parquet").unlink()
    other = made(tmp_path / "other")
    write_table(other / "draws.parquet", DRAWN[["draw", "breach_rate"]])
    for folder, said in ((one, "has one draw of the beliefs"), (alone, "current law alone"),
                         (none, "no draws.parquet"), (other, "no number of the evidence register")):  # fmt: skip
        with pytest.raises(BadInput, match=said):
            write_levers(folder)
        assert not (folder / "levers.csv").exists() and not (folder / "levers.md").exists()


def test_the_command_lives_the_bills_and_a_rerun_makes_the_same(ipp: Ipp, tmp_path: Path) -> None:  # noqa: F811
    how = ("--people", 80, "--draws", 10, "--lives", 1, "--beliefs", "prior", "--to", "2030-12-31", "--workers", 1)
    said = ipp("levers", "one_officer", "technical_recall", *how, "--out", tmp_path)
    assert said.code == 0, said
    (table,) = tmp_path.glob("*/levers.csv")
    rows = read_table(table)
    assert set(rows["bill"]) == {"one_officer", "technical_recall"} and rows["draws"].eq(10).all()
    assert "One probation officer throughout" in said.out and str(table) in said.out
    before = table.read_bytes()
    assert ipp("levers", "--run", table.parent).code == 0 and table.read_bytes() == before
    again = ipp("rerun", table.parent / "run.json", "--workers", 1)
    assert again.code == 0 and "levers.csv" in again.out and "levers.md" in again.out, again


def test_bills_and_a_run_are_not_both_named(ipp: Ipp, folder: Path) -> None:  # noqa: F811
    refused(ipp("levers", "one_officer", "--run", folder))
    assert "one_officer" in shipped_names()
