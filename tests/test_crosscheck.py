"""A cross-check: on a small problem of lived worlds pyABC finds the posterior that our fit finds.

Run it with `make crosscheck`. pyABC knows nothing of a curve or a normal cloud. It lives a world for each guess, and
its stochastic acceptor (Schälte and Hasenauer 2020) is exact for figures that err as ours are said to.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.bank import Wave, normals, rounded
from calibration.draws import believing
from calibration.fit import Floats, figures_of, filled
from calibration.posterior import Cloud, Figures, noise_of, prior_cloud, settled
from calibration.scales import scaled
from calibration.space import coordinates, numbers_at_place
from calibration.standin import learned
from results.fit import observe
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.law import Law
from tests.made_fit import observation

SCALE = 0.1  # of the population
BELIEFS = {  # what is unknown, each moved as a whole, and its prior
    "release_log_odds": ("normal", 0.0, 0.5),
    "rerelease_log_odds": ("normal", 0.0, 0.7),
    "breach_rate": ("lognormal", 1.0, 0.3),
}
TRUTH = np.array([0.8, -0.6, 0.7])
LAST = date(2019, 12, 31)
WAVES, WORLDS = 3, 768
PARTICLES, ROUNDS = 500, 4
SEED = 41
# With so many particles pyABC's own luck is a twentieth of a standard deviation, and its spread's one in thirty.
MEANS_WITHIN, SPREADS_WITHIN = 0.25, 0.2  # of our standard deviation

pytestmark = pytest.mark.slow


@cache
def law() -> Law:
    """Return the law with all but three beliefs known."""
    rules = {name: replace(rule, kind="choice") if rule.kind == "belief" else rule
             for name, rule in current_law().rules.items()}  # fmt: skip
    for name, prior in BELIEFS.items():
        rules[name] = replace(rules[name], kind="belief", prior=prior, drift=())
    return Law(rules)


def named() -> tuple[str, ...]:
    return coordinates(law())


def figures_asked() -> list[tuple[str, date, date]]:
    """Return what is published: measure and window."""
    stocks = [("never_released", 2015), ("never_released", 2019), ("recalled", 2019), ("on_licence", 2019)]
    ends = [(measure, date(year, 12, 31), date(year, 12, 31)) for measure, year in stocks]
    return [*ends, ("recalls", date(2018, 1, 1), date(2018, 12, 31))]


def world_at(place: Floats, luck: int) -> Floats:
    """Return what a world shows at a place, on the figures' scales."""
    asked = [observation("s", measure, first, last) for measure, first, last in figures_asked()]
    believed = believing(law(), numbers_at_place(law(), named(), place))
    world = CompiledWorld([believed], seed=SEED, life=luck, last=day_of(LAST), scale=SCALE)
    return scaled(asked, observe(asked, world.live(), world.people, [believed]))


def published() -> Figures:
    """Return the figures of a world at the truth, poor and rounded: were they as sure as luck, few guesses would do."""
    shown = (world_at(TRUTH, 999_999_999) / 2) ** 2 - 3 / 8
    asked = zip(figures_asked(), shown, strict=True)
    return figures_of([observation("s", *each, float(value), grade="poor", rounding=12.0) for each, value in asked])


def ours(told: Figures, folder: Path) -> Cloud:
    """Return the posterior as the fit finds it: waves of worlds, each laid about what the last one taught."""
    cloud, noise = prior_cloud(len(named())), noise_of(told, {})
    asked = tuple(observation("s", measure, first, last) for measure, first, last in figures_asked())
    for number in range(WAVES):
        points = normals(WORLDS, len(named()), SEED + number)
        places = rounded(cloud.widened(1.3).drawn(points))
        wave = Wave(law(), asked, named(), places, folder, begin=number * WORLDS, seed=SEED, scale=SCALE)
        assert wave.fill(2, lambda world: None) == []
        lived, shown = wave.shown()
        curve = learned(lived, scaled(asked, filled(shown)), np.eye(len(named())))
        cloud = settled(prior_cloud(len(named())), curve, told, noise, cloud)
    return cloud


def theirs(told: Figures) -> pd.DataFrame:
    """Return pyABC's posterior: a row a particle, a column a coordinate, and its weight."""
    pyabc = pytest.importorskip("pyabc", reason="pyABC is not installed: `make crosscheck` installs and asks it")
    np.random.seed(SEED)  # the luck that pyABC draws from
    luck = count()

    def model(guess: dict[str, float]) -> dict[str, Floats]:
        return {"shown": world_at(np.array([guess[name] for name in named()]), next(luck))}

    search = pyabc.ABCSMC(
        model, pyabc.Distribution(**{name: pyabc.RV("norm", 0, 1) for name in named()}),
        pyabc.IndependentNormalKernel(var=noise_of(told, {})), population_size=PARTICLES,
        eps=pyabc.Temperature(), acceptor=pyabc.StochasticAcceptor(), sampler=pyabc.sampler.SingleCoreSampler(),
    )  # fmt: skip
    search.new("sqlite://", {"shown": told.values})
    particles, weights = search.run(max_nr_populations=ROUNDS).get_distribution()
    return particles[list(named())].assign(weight=weights)


def test_pyabc_finds_the_posterior_that_the_fit_finds(tmp_path: Path) -> None:
    told = published()
    found = theirs(told)
    cloud = ours(told, tmp_path)
    weight = found["weight"].to_numpy() / found["weight"].sum()
    particles = found[list(named())].to_numpy()
    middle = weight @ particles
    spread = np.sqrt(weight @ (particles - middle) ** 2)
    assert 1 / (weight**2).sum() > PARTICLES / 4  # enough particles count for something
    each = {"ours": cloud.middle, "theirs": middle, "our spread": cloud.spread, "their spread": spread}
    print(f"\n{pd.DataFrame(each, named()).round(3)}")
    assert (cloud.spread < 0.7).any()  # the figures say something
    assert (np.abs(middle - cloud.middle) < MEANS_WITHIN * cloud.spread).all()
    assert spread == pytest.approx(cloud.spread, rel=SPREADS_WITHIN)
