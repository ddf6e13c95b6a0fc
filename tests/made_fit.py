"""A made model to fit: on their scales its worlds' figures hang on beliefs by straight lines, so answers are known.

The fit itself is the one that ships; only what a world shows is made up, in place of lives.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from math import log
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from calibration import fit as fitting
from calibration.bank import BankWorld
from calibration.draws import Numbers
from calibration.fit import Fitted, Floats, Task
from calibration.past import Pasts, pasts
from calibration.series import Kind, Observation
from calibration.space import numbers_at_place, numbers_of
from calibration.standin import StandIn
from results.progress import Follow
from results.store import write_bytes
from sim.days import day_of
from sim.law import ALWAYS, Dated, Law, Rule

LUCK = 0.3  # standard deviation on every scale
SIZE = 512  # worlds of a wave
QUIET = Follow(lambda pieces, done: None, lambda piece: None, lambda text: None)
YEARS = range(2011, 2024)


def rule(name: str, prior: tuple[str | float, ...], *values: Dated, **how: object) -> Rule:
    """A belief of the made model; its value is 1 if none is given."""
    return Rule(name, name, "ratio", "belief", values or (Dated(ALWAYS, (1.0,)),), prior=prior, **how)  # type: ignore[arg-type]


WALKED = (Dated(ALWAYS, (1.0,)), Dated(day_of(date(2012, 1, 1)), (1.3,)), Dated(day_of(date(2018, 1, 1)), (0.9,)))
LAW = Law({
    each.name: each for each in (
        rule("level", ("normal", 0.0, 1.0)), rule("pull", ("lognormal", 1.0, 0.3)), rule("push", ("normal", 0.0, 1.0)),
        rule("unheard", ("beta", 2.0, 3.0)),
        rule("pace", ("lognormal", 1.0, 0.4), *WALKED, drift=((2011, 0.3), (2014, 0.2))),
    )
})  # fmt: skip
# On a measure's scale: at the middle, and by how much for each of level, the logarithm of pull, push, and that of pace.
HANGS = {
    "never_released": (90.0, 2.0, 0.0, 0.0, 4.0),
    "recalled": (60.0, 0.0, 9.0, 3.0, 0.0),
    "first_releases": (50.0, -1.0, 0.0, 0.0, 6.0),
    "on_licence": (70.0, 3.0, 0.0, 0.0, 3.0),
}


def observation(series: str, measure: str, first: date, last: date, value: float = 1.0, **how: object) -> Observation:
    """A figure of a series; a stock if it is of one day."""
    kind: Kind = "stock" if first == last else "flow"
    made = Observation(series, "", kind, measure, "", first, last, value, "people", "", "good", "", 0)
    return replace(made, **how)  # type: ignore[arg-type]


def asked() -> tuple[Observation, ...]:
    """What the made model is asked: two stocks at each year's end, and a flow over each year."""
    ends = [date(year, 12, 31) for year in YEARS]
    return (
        *(observation("waiting", "never_released", day, day) for day in ends),
        *(observation("returned", "recalled", day, day) for day in ends),
        *(observation("released", "first_releases", date(day.year, 1, 1), day) for day in ends),
    )


def on_scale(one: Observation, numbers: Numbers) -> float:
    """What a world shows of a figure on its scale, but for luck."""
    middle, *slopes = HANGS[one.measure]
    pace = numbers[f"pace.{one.last.year}"]
    heard = (numbers["level"], log(numbers["pull"]), numbers["push"], log(pace))
    return middle + float(np.dot(slopes, heard))


def shows(asked: Sequence[Observation], numbers: Numbers, luck: int) -> Floats:
    """What a world shows: counts whose scaled values are those of `on_scale` and luck."""
    scaled = np.array([on_scale(one, numbers) for one in asked])
    scaled += LUCK * np.random.default_rng(luck).standard_normal(len(asked))
    return np.asarray((scaled / 2) ** 2 - 3 / 8)


def live(world: BankWorld) -> None:
    """Take the place of `bank.live`."""
    wave, held = world.wave, io.BytesIO()
    numbers = numbers_at_place(wave.law, wave.named, wave.places[world.number])
    np.save(held, shows(wave.asked, numbers, world.index))
    write_bytes(world.path, held.getvalue())


def straight(slopes: Floats, scatter: Floats) -> StandIn:
    """Return a stand-in that is a line: figures are the coordinates times `slopes` (coordinates, figures)."""
    count, figures = slopes.shape
    nought, weights = np.zeros(count), np.vstack([slopes, np.zeros((count, figures))])
    none = np.empty((2, 0), np.intp)
    return StandIn(np.eye(count), nought, nought + 1, none, np.zeros(2 * count), weights, np.zeros(figures), scatter)


TRUTH: dict[str, float] = {"level": 0.8, "pull": -0.5, "push": 0.4, "pace": 0.3, "pace.2013": 1.2, "pace.2017": -1.5}


def made_task(folder: Path, until: date = fitting.UNTIL, seed: int = -1) -> Task:
    """The made model's figures, published by a world at `TRUTH`; its luck is the seed, or none if that is below 0."""
    numbers = numbers_of(LAW, TRUTH)
    values = shows(asked(), numbers, 77 if seed < 0 else seed)
    published = tuple(replace(one, value=float(value)) for one, value in zip(asked(), values, strict=True))
    return Task(LAW, until, fitting.WAVES * SIZE, folder, published)


@cache
def made_fitted() -> Fitted:
    """The made model fitted, once for each process that runs tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibration.bank.live", live)
        fitted, failed = fitting.fit(made_task(Path(mkdtemp(prefix="made-fit-"))), 1, QUIET)
    assert failed == []
    return fitted


@cache
def made_pasts() -> Pasts:
    """Pasts of the made fit, a quarter as many as a fit that ships has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibration.bank.live", live)
        return pasts(made_fitted(), 1, QUIET, 2_048)
