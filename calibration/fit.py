"""Fit: beliefs learned from published counts, in waves of worlds, each laid nearer to what the last one taught.

The first wave lies widely about the first estimates. A curve through it (`standin`) and the published figures make a
posterior (`posterior`); the next wave is laid there, so that the curve is drawn where it is needed; and again. Where
worlds are laid only says how good the curve is: the prior is that of beliefs.yaml alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration import drift, space
from calibration.bank import SEED, Wave, normals, rounded
from calibration.posterior import Cloud, Figures, learn
from calibration.scales import errors, least_error, published_values, relative, rounding_variance, scaled
from calibration.series import Kind, Observation, fitting, published
from calibration.space import book_place, coordinates, spreads_of, years_of
from calibration.standin import StandIn, into_levels, learned
from results.plan import code_hash, digest
from results.progress import Follow
from results.store import clear_abandoned
from sim.ensemble import Failed
from sim.law import Law

BUDGET = 12_288
LEAST_BUDGET = 2_048
WAVES = 4
LEARNED_FROM = 2  # the last waves, from which a curve is drawn
APART = 1_000_000  # between the indices of two waves
WIDER = 1.3  # than the posterior a wave is laid, so that the line is not drawn from its middle alone
UNTIL = date(2024, 9, 30)  # the last published outcome
HORIZON = date(2030, 12, 31)  # the last wave goes on to here, so that it says what the projections depend on
FLAT = 1.5  # log-odds above which a share hardly answers to more, so that a curve there would say little
SOONEST = date(2012, 12, 31)
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
MAIN = (("never_released", ""), ("recalled", ""), ("on_licence", ""))


@dataclass(frozen=True)
class Task:
    """What is to be fitted: the law, the figures up to a day, and with how many worlds kept where."""

    law: Law
    until: date
    budget: int
    folder: Path
    observations: tuple[Observation, ...]
    scale: float = 1.0  # of the population, as in `bank.Wave`

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The coordinates of every wave: those of years after the data move nothing before the horizon's wave."""
        return coordinates(self.law, HORIZON.year)

    @cached_property
    def told(self) -> Places:
        """Positions of the coordinates of which data to `until` can tell something."""
        known = set(coordinates(self.law, self.until.year))
        return np.array([i for i, name in enumerate(self.named) if name in known], np.intp)

    @cached_property
    def seen(self) -> Places:
        """Positions of the published figures that may be used."""
        return np.array(fitting(self.observations, self.until), np.intp)

    @cached_property
    def walks(self) -> dict[str, list[int]]:
        """For each belief that drifts, the positions among `told` of its years."""
        return years_of(self.law, [self.named[i] for i in self.told])

    @cached_property
    def levels(self) -> Floats:
        """What turns a place into levels, as `standin.into_levels` says."""
        names, walks = [self.named[i] for i in self.told], []
        for name, years in self.walks.items():
            spreads = [float(self.law.rule(name).prior[2]), *spreads_of(self.law, name, len(years))]
            walks.append((names.index(name), years, spreads))
        return into_levels(len(names), walks)

    @cached_property
    def heard(self) -> NDArray[np.bool_]:
        """Which published figures each coordinate of `told` can move: that of a year, no figure of the time before."""
        found = np.ones((len(self.told), len(self.observations)), bool)
        for name, positions in self.walks.items():
            for place, year in zip(positions, drift.years(self.law.rule(name)), strict=False):
                found[place] = [one.last.year >= year for one in self.observations]
        return found

    @cached_property
    def figures(self) -> Figures:
        """The published figures that may be used, on their scales."""
        return figures_of(self.observations).of(self.seen)


@dataclass(frozen=True)
class Fitted:
    """What a fit found: the waves lived, the last line, and the cloud of the coordinates that data tell of."""

    task: Task
    waves: tuple[Wave, ...]
    curve: StandIn  # of every published figure, over the coordinates of `task.told`
    cloud: Cloud


def bank_folder(law: Law, out: Path) -> Path:
    """Return where worlds are kept: by the code that lives and counts them, and the beliefs whose space they lie in."""
    rules = sorted(
        (rule.name, [(dated.day, dated.value) for dated in rule.values], rule.prior, rule.drift, rule.low, rule.high)
        for rule in law.rules.values()
    )
    places = Path(space.__file__).read_bytes()
    return out / "bank" / digest(code_hash().encode(), repr(rules).encode(), places)[:16]


def figures_of(observations: Sequence[Observation]) -> Figures:
    """Return published figures on their scales, with their errors by grade."""
    error = np.maximum(errors(observations) * relative(observations), least_error(observations))
    series = tuple(one.series for one in observations)
    return Figures(scaled(observations, published_values(observations)), rounding_variance(observations), error, series)


def task(law: Law, folder: Path, until: date = UNTIL, budget: int = BUDGET) -> Task:
    """Return what is to be fitted, of every published figure."""
    return Task(law, until, budget, folder, tuple(published()))


def fit(task: Task, workers: int, follow: Follow) -> tuple[Fitted, list[Failed]]:
    """Live the waves, or read them where they are on disk, and return what they teach, with the worlds that failed."""
    clear_abandoned(task.folder)
    size, failed = task.budget // WAVES, list[Failed]()
    waves, curve, cloud = list[Wave](), None, None
    follow.begun(WAVES * size, 0)
    for number in range(WAVES):
        wave = laid(task, number, size, cloud)
        for _ in range(sum(world.path.exists() for world in wave.worlds)):
            follow.finished(None)
        failed += wave.fill(workers, follow.finished)
        follow.say(f"wave {number + 1} of {WAVES} is lived; learning from it ...")
        waves.append(wave)
        curve = curve_of(task, waves[-LEARNED_FROM:])
        cloud = learn(curve.of(task.seen), task.figures, task.walks, cloud or laid_cloud(task, wave))
    assert curve is not None and cloud is not None
    return Fitted(task, tuple(waves), curve, cloud), failed


def laid(task: Task, number: int, size: int, cloud: Cloud | None) -> Wave:
    """Return the next wave: about the book's own values, or about what is known so far."""
    points = normals(size, len(task.named), SEED + number)
    places = _first(task, points) if cloud is None else everywhere(task, cloud.widened(WIDER), points)
    asked = task.observations + (ahead() if number == WAVES - 1 else ())
    return Wave(task.law, asked, task.named, rounded(places), task.folder, number * APART, scale=task.scale)


def laid_cloud(task: Task, wave: Wave) -> Cloud:
    """Return how a wave lies, as a cloud of the coordinates that data tell of."""
    places = wave.places[:, task.told]
    return Cloud(places.mean(0), np.cov(places.T))


def everywhere(task: Task, cloud: Cloud, points: Floats) -> Floats:
    """Return places of all coordinates, from those that data tell of and the walk's own steps in years after them."""
    places = points * steps_after(cloud, task.named, len(points))
    places[:, task.told] = cloud.drawn(points[:, task.told])
    return places


def steps_after(cloud: Cloud, named: Sequence[str], worlds: int) -> Floats:
    """Return how wide each coordinate is in each world (times its prior), shape (worlds, named): 1 but for the walks.

    How widely a walk steps is learned but roughly: so it differs from world to world, and stays all its years.
    """
    wide, luck = np.ones((worlds, len(named))), np.random.default_rng(SEED)
    rough = luck.standard_normal((worlds, len(cloud.drifts)))  # a world's own row, however many worlds there are
    for (name, times), normal in zip(sorted(cloud.drifts.items()), rough.T, strict=True):
        mine = np.array([each.startswith(f"{name}.") for each in named])
        wide[:, mine] = times * np.exp(cloud.unsure.get(name, 0.0) * normal)[:, None]
    return wide


def curve_of(task: Task, waves: Sequence[Wave]) -> StandIn:
    """Return the curve through some waves, over the coordinates that data tell of."""
    places, values = together(waves, len(task.observations))
    return learned(places[:, task.told], scaled(task.observations, values), task.levels, task.heard)


def together(waves: Sequence[Wave], count: int) -> tuple[Floats, Floats]:
    """Return the places of the worlds of some waves, and the first `count` figures that each shows."""
    lived = [wave.shown() for wave in waves]
    return np.vstack([places for places, _ in lived]), filled(np.vstack([shown[:, :count] for _, shown in lived]))


def filled(shown: Floats) -> Floats:
    """Return what worlds show, with the usual value where a world has none: a mean over nobody."""
    return np.where(np.isnan(shown), np.nanmedian(shown, axis=0), shown)


def ahead() -> tuple[Observation, ...]:
    """Return what the last wave is asked of the years after the data: main stocks at each year's end."""
    return tuple(
        unpublished("stock", measure, group, date(year, 12, 31))
        for measure, group in MAIN
        for year in range(UNTIL.year, HORIZON.year + 1)
    )


def unpublished(kind: Kind, measure: str, group: str, day: date) -> Observation:
    """Return what a world may be asked of one day, in people, though nobody has published it."""
    return Observation("unpublished", "", kind, measure, group, day, day, np.nan, "people", "", "good", "", 0)


def _first(task: Task, points: Floats) -> Floats:
    """Return places about the book's values: each year's level is moved by itself, by the spread of a step."""
    middle, places = book_place(task.law, task.named), points.copy()
    for name, positions in years_of(task.law, task.named).items():
        rule = task.law.rule(name)
        every = [task.named.index(name), *positions]
        wide = np.array([float(rule.prior[2]), *spreads_of(task.law, name, len(positions))])
        apart = np.minimum(wide, 2 * drift.spread(rule, UNTIL.year))
        levels = np.cumsum(middle[every] * wide)
        if rule.unit == "log-odds":
            levels = np.minimum(levels, FLAT - float(rule.prior[1]))
        levels = levels + points[:, every] * apart
        places[:, every] = np.diff(levels, axis=1, prepend=0) / wide
    return places
