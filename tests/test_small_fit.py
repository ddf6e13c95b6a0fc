"""A whole fit of a small population whose beliefs are known, from worlds that are lived: it takes minutes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calibration.bank import rounded
from calibration.check import coverage, trial
from calibration.draws import believing
from calibration.fit import Floats, Task, fit, task
from calibration.past import pasts
from calibration.predictive import compared, predicted, predictive
from calibration.space import book_place, numbers_at_place
from results.fit import observe
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from tests.made_fit import QUIET

SCALE, BUDGET, PASTS = 0.2, 3_072, 2_048
LIFE = 999_999_999  # of the world that publishes: no world of the bank has its luck
MOVED, MOST = 0.5, 1.5  # how far its beliefs lie from the book's, and those from the middle of their priors


def truth_of(made: Task) -> Floats:
    """Return a place about the book's own values."""
    points = np.random.default_rng(31).standard_normal(len(made.named))
    middle = np.clip(book_place(made.law, made.named), -MOST, MOST)  # some of the book's steps are further than likely
    return np.asarray(rounded(middle + MOVED * points))


def published_by(made: Task, place: Floats) -> Task:
    """Return the task had its figures been published by a world at a place, nothing but its luck in them."""
    law = believing(made.law, numbers_at_place(made.law, made.named, place))
    last = max(one.last for one in made.observations)
    world = CompiledWorld([law], seed=1, life=LIFE, last=day_of(last), scale=made.scale)
    shown = observe(made.observations, world.live(), world.people, [law])
    told = (replace(one, value=float(value), rounding=0.0)
            for one, value in zip(made.observations, shown, strict=True) if value == value)  # fmt: skip
    return replace(made, observations=tuple(told))


@pytest.mark.slow
def test_known_beliefs_of_a_small_population_are_found(tmp_path: Path) -> None:
    made = replace(task(current_law(), tmp_path, date(2024, 9, 30), BUDGET), scale=SCALE)
    place = truth_of(made)
    fitted, failed = fit(published_by(made, place), 2, QUIET)
    assert len(failed) < BUDGET / 1_000  # where a far draw carries a hazard over its ceiling
    scores = (place[fitted.task.told] - fitted.cloud.middle) / fitted.cloud.spread
    taught = fitted.cloud.spread < 0.9
    assert taught.sum() > 20
    inside = (np.abs(scores) < 1.645).mean()
    assert inside > 0.85 and np.abs(scores).max() < 4.5
    assert 0.7 < np.sqrt((scores[taught] ** 2).mean()) < 1.4
    table = coverage(trial(fitted)).set_index(["method", "level"])["covered"]
    assert table["curve and cloud", 0.9] == pytest.approx(0.9, abs=0.08)
    wave = predictive(fitted, pasts(fitted, 2, QUIET, PASTS))
    assert wave.fill(2, lambda world: None) == []
    found = predicted(fitted, wave)
    assert compared(found.published, found.shown)["covered"].mean() > 0.8
