"""The bank: worlds lived at places, each kept by what it is, so that a wave which was stopped goes on where it was."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calibration import bank, fit
from calibration.bank import Wave, normals, rounded
from calibration.draws import believing
from calibration.fit import bank_folder, laid, steps_after
from calibration.fitted import drawn
from calibration.space import coordinates, numbers_at_place
from results.fit import observe
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.law import Law
from tests import made_fit
from tests.made_fit import QUIET, TRUTH, made_fitted, made_task, observation

LAST = date(2012, 12, 31)


@cache
def book() -> Law:
    return current_law()


def small(folder: Path, seed: int = 8, **how: object) -> Wave:
    """Four worlds of a hundredth of the population, asked two figures."""
    asked = (
        observation("s", "never_released", LAST, LAST), observation("f", "first_releases", date(2010, 1, 1), LAST),
    )  # fmt: skip
    named = coordinates(book(), 2012)
    places = rounded(normals(4, len(named), seed) / 4)
    return replace(Wave(book(), asked, named, places, folder, begin=7, scale=0.02), **how)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Wave:
    wave = small(tmp_path_factory.mktemp("whole"))
    assert wave.fill(2, lambda world: None) == []
    return wave


def test_a_world_shows_what_a_life_under_its_beliefs_shows(whole: Wave) -> None:
    places, shown = whole.shown()
    assert np.array_equal(places, whole.places) and shown.shape == (4, 2)
    assert (shown[:, 0] > 10).all() and len({tuple(row) for row in shown.tolist()}) == 4
    law = believing(book(), numbers_at_place(book(), whole.named, whole.places[2]))
    world = CompiledWorld([law], seed=whole.seed, life=9, last=day_of(LAST), scale=0.02)
    assert shown[2].tolist() == observe(whole.asked, world.live(), world.people, [law]).tolist()


def test_a_wave_that_was_stopped_goes_on_where_it_was(whole: Wave, tmp_path: Path) -> None:
    class Killed(BaseException):
        """As a signal, it is nobody's to catch."""

    def stops(world: object) -> None:
        if len(list(tmp_path.iterdir())) == 2:
            raise Killed

    wave, lived = small(tmp_path), list[object]()
    with pytest.raises(Killed):
        wave.fill(1, stops)
    assert len(wave.shown()[0]) == 2
    assert small(tmp_path).fill(1, lived.append) == [] and len(lived) == 2  # the others are on disk
    assert files(tmp_path) == files(whole.folder)
    assert small(tmp_path).fill(1, lived.append) == [] and len(lived) == 2


def test_a_world_is_known_by_its_index_its_place_and_what_it_is_lived_with(tmp_path: Path) -> None:
    one = small(tmp_path)
    later = observation("s", "recalled", date(2013, 12, 31), date(2013, 12, 31))
    others = [small(tmp_path, seed=6), replace(one, begin=8), replace(one, seed=3), replace(one, scale=0.03),
              replace(one, asked=(later,))]  # fmt: skip
    names = [{world.path.name for world in wave.worlds} for wave in (one, *others)]
    assert len(set.union(*names)) == sum(map(len, names)) == 24
    assert {world.path.name for world in small(tmp_path).worlds} == names[0]


def test_a_world_that_fails_is_named_and_the_rest_are_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def some(world: bank.BankWorld) -> None:
        if world.index == 8:
            raise ArithmeticError("on purpose")
        made_fit.live(world)

    monkeypatch.setattr(bank, "live", some)
    wave = Wave(made_fit.LAW, made_fit.asked(), coordinates(made_fit.LAW, 2024), np.zeros((4, 19)), tmp_path, begin=7)
    (failed,) = wave.fill(1, lambda world: None)
    assert failed.piece == "world 8" and "on purpose" in failed.why
    assert len(wave.shown()[0]) == 3


def test_the_folder_is_another_under_other_beliefs(tmp_path: Path) -> None:
    rule = book().rule("breach_rate")
    laws = [book(), *(Law({**book().rules, rule.name: replace(rule, **how)}) for how in (
        {"prior": ("lognormal", 0.45, 0.5)}, {"drift": ((2011, 0.3),)}, {"high": 0.9}, {"values": rule.values[:-1]},
    ))]  # fmt: skip
    assert len({bank_folder(law, tmp_path) for law in laws}) == 5
    said = Law({**book().rules, rule.name: replace(rule, reason="other words")})
    assert bank_folder(said, tmp_path) == bank_folder(book(), tmp_path)


def test_points_are_normal_and_the_first_of_them_are_spread_too() -> None:
    points = normals(512, 30, 1)
    assert points.shape == (512, 30) and np.isfinite(points).all()
    assert points.mean(0) == pytest.approx(np.zeros(30), abs=0.03)
    assert points.std(0) == pytest.approx(np.ones(30), abs=0.05)
    assert np.abs(points[:64].mean(0)).max() < 0.1  # 64 random points would be off by 0.3 in some of 30
    assert np.array_equal(points, normals(512, 30, 1)) and not np.array_equal(points, normals(512, 30, 2))


# Whole fits of the made model


def test_a_fit_that_was_stopped_and_resumed_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, task = made_fitted(), made_task(tmp_path)
    monkeypatch.setattr(bank, "live", made_fit.live)
    wave = laid(task, 0, made_fit.SIZE, None)
    for world in wave.worlds[::2]:  # half of the first wave, as if it had been killed there
        made_fit.live(world)
    finished: list[object] = []
    again, failed = fit.fit(task, 2, QUIET._replace(finished=finished.append))
    assert failed == [] and len(finished) == 4 * made_fit.SIZE
    assert np.array_equal(again.cloud.middle, first.cloud.middle)
    assert np.array_equal(again.cloud.covariance, first.cloud.covariance)
    assert files(tmp_path).items() <= files(first.task.folder).items()  # where back-casts may lie too
    monkeypatch.setattr(bank, "live", lambda world: pytest.fail("it is on disk"))
    once_more, _ = fit.fit(task, 1, QUIET)
    assert drawn(once_more, made_fit.made_pasts()).equals(drawn(first, made_fit.made_pasts()))


def test_each_wave_is_laid_nearer_to_what_is_known() -> None:
    fitted = made_fitted()
    where = fitted.task.named.index("level")
    off = [abs(wave.places[:, where].mean() - TRUTH["level"]) for wave in fitted.waves]
    wide = [wave.places[:, where].std() for wave in fitted.waves]
    assert off[-1] < 0.1 < off[0] and wide[-1] < 0.3 < 0.9 < wide[0]
    later = fitted.task.named.index("pace.2029")  # of which no figure tells
    assert fitted.waves[-1].places[:, later].std() == pytest.approx(fitted.cloud.drifts["pace"], rel=0.1)
    indices = [world.index for wave in fitted.waves for world in wave.worlds]
    assert len(set(indices)) == len(indices)


def test_in_some_worlds_a_walk_steps_wider_than_in_others_and_so_in_all_years() -> None:
    cloud = replace(made_fitted().cloud, drifts={"pace": 2.0}, unsure={"pace": 0.5})
    named = ("level", "pace", "pace.2025", "pace.2029", "pacemaker.2025")
    wide = steps_after(cloud, named, 4_000)
    assert (wide[:, [0, 1, 4]] == 1).all() and (wide[:, 2] == wide[:, 3]).all()
    assert np.log(wide[:, 2] / 2).mean() == pytest.approx(0, abs=0.03)
    assert np.log(wide[:, 2]).std() == pytest.approx(0.5, rel=0.05)
    assert np.array_equal(steps_after(cloud, named, 10), wide[:10])  # a world's own, however many there are


def test_a_fit_uses_figures_to_its_day_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    until = date(2016, 12, 31)
    tasks = [made_task(tmp_path, until), made_task(tmp_path, until)]
    later = tuple(replace(one, value=one.value + 900 * (one.last > until)) for one in tasks[1].observations)
    tasks[1] = replace(tasks[1], observations=later, budget=4 * 64)
    monkeypatch.setattr(bank, "live", made_fit.live)
    one, other = (fit.fit(replace(task, budget=4 * 64), 1, QUIET)[0] for task in tasks)
    assert np.array_equal(one.cloud.middle, other.cloud.middle)
    assert len(one.task.seen) == 18 and "pace.2017" not in [one.task.named[i] for i in one.task.told]
