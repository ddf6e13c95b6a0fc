"""Pairs: a Bill less what it is set against, draw by draw and life by life, from the tables of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from results.fit import quantiles
from results.folder import Told
from results.slices import Slices, Tables
from scenarios.reading import BadInput, nearest

Levels = Mapping[tuple[str, str], pd.DataFrame]  # measure and group: rows by month's end, columns (draw, life)
MONTHS = 12


class Signs(NamedTuple):
    """How many paired differences are below nought, nought, and above it."""

    below: int
    zero: int
    above: int


class Spread(NamedTuple):
    """Standard deviations: between draws (what is not known) and between the lives of a draw (chance)."""

    draws: float
    lives: float


class Quantity(NamedTuple):
    """Something that adds up month by month: person-years of stocks, or flows."""

    name: str
    unit: str
    measures: tuple[str, ...]
    of_stocks: bool = False


QUANTITIES = {
    "custody_years": Quantity("Person-years in prison", "person-years", ("custody_total",), True),
    "licence_years": Quantity("Person-years on licence", "person-years", ("on_licence",), True),
    "premises_years": Quantity("Person-years in approved premises", "person-years", ("in_approved_premises",), True),
    "recalls": Quantity("Recalls", "recalls", ("recalls",)),
    "hearings": Quantity("Oral hearings", "hearings", ("hearings",)),
    "papers": Quantity(
        "Decisions on the papers, or to end a licence or not", "decisions",
        ("papers_decided", "termination_grants", "termination_refusals"),
    ),
    "serious_further_offences": Quantity("Serious further offences", "offences", ("serious_further_offences",)),
    "reoffences": Quantity("Reoffences", "offences", ("reoffences",)),
}  # fmt: skip
OPTIONAL = ("serious_further_offences", "reoffences")  # measures that the model may not have
STOCKS = ("recalled", "never_released", "terminated", "hospital")
MEASURES = tuple(dict.fromkeys([*(m for q in QUANTITIES.values() for m in q.measures), *STOCKS, "deaths"]))


def read_levels(folder: Path, scenario: str, measures: Sequence[str] = MEASURES) -> Levels:
    """Return some measures of one scenario of a run, month by month and life by life.

    BadInput if the run has not lived the scenario, or lacks a measure that is not optional.
    """
    monthly = Slices(folder)
    found = {(name, group): table for name in measures for group, table in _dated(monthly(scenario, name)).items()}
    if not found:
        raise BadInput(f"{folder.name} has no finished life of the scenario '{scenario}'.")
    for measure in set(measures) - set(OPTIONAL) - {name for name, _ in found}:
        names = sorted({name for name, _ in found})
        raise BadInput(f"{folder.name}: monthly.parquet has no measure '{measure}'{nearest(measure, names)}.")
    return found


def _dated(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return tables without the months in which no life has a value, as those without a yearly count."""
    return {group: table.dropna(how="all") for group, table in tables.items()}


@dataclass(frozen=True)
class Pairs:
    """A Bill, what it is set against, and the levels of both."""

    told: Told
    against: Told
    ours: Levels
    theirs: Levels
    projection_start: pd.Timestamp
    _kept: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict, repr=False)  # asked for again and again

    def __post_init__(self) -> None:
        """Refuse scenarios that have no life in common."""
        if not len(self.lives):
            raise BadInput(f"no life of '{self.told.key}' has its pair under '{self.against.key}': all of them failed.")

    @cached_property
    def lives(self) -> pd.MultiIndex:
        """The draws and lives that both have; one that failed in either is left out."""
        one, other = (next(iter(levels.values())).columns for levels in (self.ours, self.theirs))
        return cast(pd.MultiIndex, one.intersection(other))

    @property
    def draws(self) -> int:
        """How many draws of the beliefs there are."""
        return int(self.lives.get_level_values("draw").nunique())

    @cached_property
    def months(self) -> pd.DatetimeIndex:
        """The month ends that the run reports."""
        return pd.DatetimeIndex(self.ours["custody_total", ""].index)

    def has(self, measure: str, group: str = "") -> bool:
        """Whether both sides have a measure."""
        return (measure, group) in self.ours and (measure, group) in self.theirs

    def difference(self, measure: str, group: str = "") -> pd.DataFrame:
        """Return a measure of the Bill less that of the other: rows by month's end, columns (draw, life).

        BadInput if either has no such measure and group.
        """
        if not self.has(measure, group):
            groups = [g for m, g in self.ours if m == measure]
            known = f"; its groups are {', '.join(map(repr, groups))}" if groups else ""
            raise BadInput(f"{self.told.key} asks about {measure} {group!r}, which the run does not have{known}.")
        if (measure, group) not in self._kept:
            self._kept[measure, group] = self.ours[measure, group][self.lives] - self.theirs[measure, group][self.lives]
        return self._kept[measure, group]

    def on(self, measure: str, day: pd.Timestamp) -> pd.Series:
        """Return the difference in a measure at a month's end, by draw and life; KeyError for another day."""
        return cast(pd.Series, self.difference(measure).loc[day])

    def monthly(self, quantity: str) -> pd.DataFrame:
        """Return the difference in a quantity in each month, in its own unit.

        Person-years of a stock are the mean of the month's two ends over twelve.
        """
        asked, key = QUANTITIES[quantity], ("months", quantity)
        if key not in self._kept:
            whole = sum((self.difference(each) for each in asked.measures[1:]), self.difference(asked.measures[0]))
            self._kept[key] = (whole + whole.shift(1).fillna(whole)) / 2 / MONTHS if asked.of_stocks else whole
        return self._kept[key]

    def has_quantity(self, quantity: str) -> bool:
        """Whether both sides have all the measures of a quantity."""
        return all(self.has(measure) for measure in QUANTITIES[quantity].measures)

    @cached_property
    def begins(self) -> pd.Timestamp:
        """The end of the first month with an effect: that of commencement, or earlier if any life shows one earlier."""
        days = [pd.Timestamp(each.commencement) for each in (self.told, self.against) if each.commencement]
        for measure, group in self.ours:
            if self.has(measure, group):
                found = self.difference(measure, group)
                days += list(found.index[np.flatnonzero(found.fillna(0).to_numpy().any(axis=1))[:1]])
        return min(days, default=self.projection_start) + pd.offsets.MonthEnd(0)


def signs(values: pd.Series) -> Signs:
    """Return how many values are below nought, nought and above it; those that are not numbers are left out."""
    known = values.dropna()
    return Signs(int((known < 0).sum()), int((known == 0).sum()), int((known > 0).sum()))


def interval(values: pd.Series) -> tuple[float, float, float]:
    """Return the median and the 2.5th and 97.5th percentile over draws × lives."""
    return quantiles(values.to_numpy(float))


def spread(values: pd.Series) -> Spread:
    """Return how far values differ between draws and between lives of a draw, as standard deviations.

    One-way analysis of variance with lives nested in draws: within = mean squared deviation from the draw's mean;
    between = (mean square between draws - within) / n, not below nought, with n the lives of a draw (for unequal
    numbers n0 = (N - sum of squares / N) / (draws - 1)). Source: Snedecor and Cochran, Statistical Methods, random
    effects model. NaN for a part that the numbers of draws and lives do not show.
    """
    known = values.dropna()
    by_draw = known.groupby(level="draw")
    sizes, draws, total = by_draw.size(), by_draw.ngroups, len(known)
    if total == draws:  # one life a draw: the two cannot be told apart
        return Spread(np.nan, np.nan)
    inside = float(((known - by_draw.transform("mean")) ** 2).sum() / (total - draws))
    if draws == 1:
        return Spread(np.nan, float(np.sqrt(inside)))
    square = float((sizes * (by_draw.mean() - known.mean()) ** 2).sum() / (draws - 1))
    each = (total - float((sizes**2).sum()) / total) / (draws - 1)
    return Spread(float(np.sqrt(max(0.0, (square - inside) / each))), float(np.sqrt(inside)))
