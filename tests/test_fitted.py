"""What a fit leaves on disk, and where the beliefs of a run come from; and the commands that fit."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import fitted as fitted_module
from calibration import source as source_module
from calibration.draws import Draws, Prior, beliefs, names
from calibration.fitted import DRAWS, drawn, write
from calibration.source import PAST, Posterior, source
from calibration.space import numbers_at_place
from results.store import write_table
from scenarios import BadInput, current_law
from sim.commands import fitting
from sim.days import day_of
from sim.law import Law
from tests.made_fit import LAW, made_fitted, made_pasts
from tests.test_cli import Said, ipp, refused  # noqa: F401

Ipp = Callable[..., Said]


@cache
def table() -> pd.DataFrame:
    return drawn(made_fitted(), made_pasts())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made fit, written; its mark is that of a law that nobody can live under."""
    monkeypatch.setattr(fitted_module, "likeness", lambda law: "a mark")
    write(made_fitted(), made_pasts(), tmp_path / "fit")
    return tmp_path / "fit"


# Draws


def test_draws_have_a_number_for_every_belief_and_year() -> None:
    assert list(table().columns) == [*(name for rule in beliefs(LAW) for name in names(rule)), PAST]
    assert len(table()) == DRAWS and table().notna().all(axis=None) and "pace.2040" in table()


def test_draws_are_spread_as_the_cloud_is() -> None:
    fitted = made_fitted()
    where = [fitted.task.named[i] for i in fitted.task.told]
    cloud = dict(zip(where, zip(fitted.cloud.middle, fitted.cloud.spread, strict=True), strict=True))
    told = {"level": table()["level"], "pull": np.log(table()["pull"]) / 0.3, "push": table()["push"]}
    for name, scores in told.items():
        middle, spread = cloud[name]
        assert scores.mean() == pytest.approx(middle, abs=0.1 * spread + 0.005), name
        assert scores.std() == pytest.approx(spread, rel=0.1), name
    assert np.corrcoef(np.log(table()["pull"]), table()["push"])[0, 1] < -0.85  # as the figures tie them


def test_years_after_the_figures_walk_as_widely_as_the_fit_has_learned() -> None:
    steps = np.diff(np.log(table()[[f"pace.{year}" for year in range(2025, 2041)]].to_numpy()), axis=1)
    assert steps.std() == pytest.approx(0.2 * made_fitted().cloud.drifts["pace"], rel=0.05)
    assert steps.mean() == pytest.approx(0, abs=0.01)


def test_the_first_draws_are_spread_as_all_are() -> None:
    level = table()["level"]
    assert level[:50].mean() == pytest.approx(level.mean(), abs=0.5 * level.std())
    assert level[:50].std() == pytest.approx(level.std(), rel=0.35)


def test_a_draw_has_the_past_whose_beliefs_it_has(folder: Path) -> None:
    read, pasts = Posterior(folder), made_pasts()
    where = {int(life): place for life, place in zip(pasts.lives, pasts.places, strict=True)}
    for draw in (0, 7, DRAWS - 1):
        past = read.past(draw)
        assert past is not None and (past.seed, past.before) == (2024, day_of(date(2024, 10, 1)))
        known = numbers_at_place(LAW, made_fitted().task.named, where[past.life])
        assert all(read.numbers(LAW, draw)[name] == known[name] for name in ("level", "pull", "push", "pace.2020"))
    assert read.past(DRAWS + 3) == read.past(3)
    assert read.hash(LAW, 0) != Draws.hash(Beside(read), LAW, 0)


class Beside(Draws):
    """The numbers of a source, and none of its pasts."""

    def __init__(self, of: Draws) -> None:
        self.numbers = of.numbers  # type: ignore[method-assign]


def test_what_is_written_is_read_back_to_the_last_digit(folder: Path) -> None:
    read = Posterior(folder)
    for draw in (0, 1, DRAWS - 1):
        assert read.numbers(LAW, draw) == table().drop(columns=PAST).iloc[draw].to_dict()
    assert read.numbers(LAW, DRAWS + 3) == read.numbers(LAW, 3)
    told = read.about
    assert told["until"] == "2024-09-30" and told["model"] == "a mark" and told["worlds"] > 1_000
    assert set(told["discrepancy"]) == {"waiting", "returned", "released"} and set(told["walks"]) == {"pace"}
    assert read.law(LAW, 2).rules["level"].values[0].value == (table()["level"][2],)


def test_a_belief_that_a_fit_did_not_know_comes_from_its_prior(folder: Path) -> None:
    new = replace(LAW.rules["push"], name="new")
    law = Law({**LAW.rules, "new": new})
    found = [Posterior(folder).numbers(law, draw) for draw in range(40)]
    assert [each["level"] for each in found] == table()["level"][:40].tolist()
    assert len({each["new"] for each in found}) == 40


def test_the_same_fit_is_written_as_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write(made_fitted(), made_pasts(), tmp_path / "again")
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "again").iterdir())
    ]


def test_a_fit_that_was_cut_short_is_none_though_another_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    whole = (folder / "draws.parquet").read_bytes()
    monkeypatch.setattr(fitted_module, "write_bytes", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(made_fitted(), made_pasts(), folder)
    assert [path.name for path in folder.iterdir()] == ["draws.parquet"]
    assert (folder / "draws.parquet").read_bytes() == whole
    with pytest.raises(BadInput, match="has no fitted draws"):
        Posterior(folder)


# Sources


def test_each_source_has_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(source("book", 1, 1)) is Draws and source("", 1, 1).source == "book"
    prior = source("prior", 5, 8)
    assert isinstance(prior, Prior) and prior.seed == 8 and prior.source == "prior"
    other = source(str(folder), 5, 8)
    assert isinstance(other, Posterior) and other.source == str(folder)
    monkeypatch.setattr(source_module.Posterior.__init__, "__defaults__", (folder,))
    monkeypatch.setattr(source_module, "SHIPPED", folder)
    assert source("", 2, 1).source == source("fit", 1, 1).source == "fit"


@pytest.mark.parametrize(
    ("named", "draws", "phrase"),
    [
        ("book", 2, "--beliefs book is one set of values, so --draws must be 1, not 2"),
        ("postirior", 2, "--beliefs must be fit, prior, book or the folder of a fit, not 'postirior'"),
        ("\x1b[31m", 2, "--beliefs must be"),
    ],
)
def test_a_bad_name_is_refused(named: str, draws: int, phrase: str) -> None:
    with pytest.raises(BadInput) as refused:
        source(named, draws, 1)
    assert phrase in str(refused.value) and "\n" not in str(refused.value) and "\x1b" not in str(refused.value)


def test_a_folder_without_a_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has no fitted draws .*`ipp fit` writes them"):
        source(str(tmp_path), 1, 1)
    write_table(tmp_path / "draws.parquet", pd.DataFrame({"level": [1.0]}))
    with pytest.raises(BadInput, match="has no fitted draws"):
        source(str(tmp_path), 1, 1)


def test_the_fit_that_ships_is_of_every_belief_of_the_book_and_keeps_their_bounds() -> None:
    shipped, law = Posterior(), current_law()
    assert set(shipped.table.columns) == {PAST, *(name for rule in beliefs(law) for name in names(rule))}
    past = shipped.past(3)
    assert past is not None and past.before == day_of(date(2024, 10, 1)) and shipped.table[PAST].nunique() > DRAWS / 4
    assert len(shipped.table) == DRAWS and shipped.about["until"] == "2024-09-30" and shipped.source == "fit"
    for draw in range(0, DRAWS, 40):
        for rule in beliefs(shipped.law(law, draw)):
            assert all(rule.low <= x <= rule.high for dated in rule.values for x in dated.value), rule.name
    assert shipped.table.nunique().min() > DRAWS / 2  # every belief is uncertain


# Commands

TINY = ("--people", 5, "--lives", 1, "--workers", 1, "--to", "2027-12-31")
BAD = {
    "book of several": (("run", "one_year", *TINY, "--draws", 2, "--beliefs", "book"), "--draws must be 1, not 2"),
    "no such source": (("run", "one_year", *TINY, "--draws", 2, "--beliefs", "fitt"), "not 'fitt'"),
    "compare": (("compare", "one_year", *TINY, "--beliefs", "fitt"), "--beliefs must be"),
    "brief": (("brief", "one_year", "--people", 5, "--beliefs", "fitt"), "--beliefs must be"),
    "levers": (("levers", "one_officer", "--people", 5, "--beliefs", "fitt"), "--beliefs must be"),
    "fit to no date": (("fit", "--until", "2019"), "--until must be a date"),
    "fit to no day": (("fit", "--until", "2019-02-30"), "--until must be a date"),
    "fit too early": (("fit", "--until", "2010-12-31"), "--until must be from 2012-12-31 to 2024-09-30"),
    "fit too late": (("fit", "--until", "2024-10-01"), "--until must be from 2012-12-31 to 2024-09-30"),
    "fit of few worlds": (("fit", "--budget", 100), "--budget must be at least"),
    "fit of fewer than none": (("fit", "--budget", -1), "--budget"),
    "validate too late": (("validate", "--until", "2030-01-01"), "--until must be from"),
    "validate of few worlds": (("validate", "--budget", 100), "--budget must be at least"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "phrase"), BAD.values(), ids=BAD.keys())
def test_bad_arguments_are_refused_in_one_line_and_nothing_is_written(
    ipp: Ipp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], phrase: str  # noqa: F811
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ipp(*arguments)
    refused(said)
    assert phrase in said.err and not list(tmp_path.iterdir())


def test_the_command_writes_the_draws_and_says_where(
    ipp: Ipp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setattr(fitting, "_fitted", lambda *asked: made_fitted())
    monkeypatch.setattr(fitted_module, "likeness", lambda law: "a mark")
    said = ipp("fit", "--out", tmp_path)
    assert said.code == 0 and said.out == f"Fitted draws: {tmp_path / 'fit-2024-09-30'}\n"
    assert json.loads((tmp_path / "fit-2024-09-30/fit.json").read_text())["until"] == "2024-09-30"
    assert ipp("fit", "--out", tmp_path, "--to", tmp_path / "mine").code == 0
    assert (tmp_path / "mine/draws.parquet").read_bytes() == (tmp_path / "fit-2024-09-30/draws.parquet").read_bytes()
