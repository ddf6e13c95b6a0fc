"""A run folder as read: its manifest, its monthly measures as (dates, lives) tables, and its fit."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import pandas as pd
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from results.fit import HIGH, LOW
from results.slices import Slices, Tables, incomplete
from results.store import read_manifest
from scenarios.reading import BadInput

FIT_COLUMNS = (
    "series", "title", "kind", "measure", "group", "first", "last", "unit", "published", "median", "low", "high",
    "error_per_cent", "covered", "grade", "note", "source_url",
)  # fmt: skip
QUANTILES = {  # of a fan; the outermost are the interval that texts and tables tell
    "low": LOW, "median": 0.5, "high": HIGH, "low_80": 0.1, "high_80": 0.9, "low_50": 0.25, "high_50": 0.75,
}  # fmt: skip
MONTHS = 12


class Flow(NamedTuple):
    """A flow as one line of a chart: its measure, its group, and the name beside it."""

    measure: str
    group: str
    name: str


class Told(BaseModel):
    """A scenario as the manifest tells of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str = Field(min_length=1)
    name: str
    question: str
    source: str = ""
    commencement: date | None = None

    @property
    def spoken(self) -> str:
        """Its name within a sentence: the current law is no proper name, and any other name stands as it was given."""
        return "the current law" if self.key == "current_law" else f"‘{self.name}’"


class Manifest(BaseModel):
    """What `run.json` must hold; the rest of it is kept as it is and shown at the end of the report."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    run: str = Field(min_length=1)
    scenarios: list[Told] = Field(min_length=1)
    lives: int = Field(ge=1)
    seed: int
    first: date = Field(alias="from")
    to: date
    projection_start: date
    version: str = ""
    people: int = Field(ge=1)
    beliefs: str = "the book"


@dataclass(frozen=True)
class Run:
    """A run as read. `by_life` is how the rest of the report asks it for numbers."""

    folder: Path
    manifest: Manifest
    everything: dict[str, Any]  # the manifest as written
    monthly: Callable[[str, str], Tables]  # of a scenario and a measure: its tables by group, as `results.slices`
    fit: pd.DataFrame

    @property
    def baseline(self) -> Told:
        """The scenario with which the others are compared: the first."""
        return self.manifest.scenarios[0]

    @property
    def others(self) -> list[Told]:
        """The scenarios that are compared with the first."""
        return self.manifest.scenarios[1:]

    @cached_property
    def draws(self) -> int:
        """How many draws of the beliefs were run."""
        return int(self.by_life("never_released").columns.get_level_values("draw").nunique())

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last month's end of which there are measures."""
        return cast(pd.Timestamp, self.by_life("never_released").index.max())

    @cached_property
    def since(self) -> pd.Timestamp:
        """The first day of the first month of which there are measures: flows so far are added up from it."""
        return cast(pd.Timestamp, self.by_life("never_released").index.min()).replace(day=1)

    @cached_property
    def opening(self) -> pd.Timestamp:
        """The month's end before the projection starts, or the first of the run if none is before it."""
        dates = self.by_life("never_released").index
        before = dates[dates < pd.Timestamp(self.manifest.projection_start)]
        return cast(pd.Timestamp, before[-1] if len(before) else dates[0])

    def by_life(self, measure: str, group: str = "", scenario: str | None = None) -> pd.DataFrame:
        """Return a measure by month's end (rows) and by life (columns: draw, life), in a scenario or the first.

        BadInput if the run does not have it.
        """
        key = scenario or self.baseline.key
        tables = self.monthly(key, measure)
        if group not in tables:
            raise _without(self.folder, key, measure, group)
        return tables[group].copy(deep=False)

    def has(self, measure: str, group: str = "") -> bool:
        """Whether there is a measure of a group in every scenario."""
        return all(group in self.monthly(told.key, measure) for told in self.manifest.scenarios)

    def against(self, scenario: str, measure: str, so_far: bool = False, group: str = "") -> pd.DataFrame:
        """Return a scenario less the first, life by life: rows by month's end; with `so_far`, flows added up."""
        pair = [self.by_life(measure, group, key) for key in (scenario, self.baseline.key)]
        both = pair[0].columns.intersection(pair[1].columns)  # a life that failed has no pair
        difference = pair[0][both] - pair[1][both]
        return difference.cumsum() if so_far else difference

    def groups(self, measure: str) -> list[str]:
        """Return the groups of a measure by whole years, such as '0-1' to '10+', in order."""
        found = self.monthly(self.baseline.key, measure)
        return sorted(found, key=lambda group: int(group.rstrip("+").partition("-")[0]))

    def published(self, measure: str, group: str = "") -> pd.DataFrame:
        """Return the rows of the fit that are single published figures of a measure and group, by date."""
        fit = self.fit
        mine = (fit["measure"] == measure) & (fit["group"] == group) & (fit["kind"] != "distribution")
        mine &= fit["last"] >= pd.Timestamp(self.manifest.first)
        return fit[mine].sort_values("last", ignore_index=True)


def _without(folder: Path, scenario: str, measure: str, group: str) -> BadInput:
    return incomplete(folder, f"monthly.parquet has no {measure} {group!r} for the scenario {scenario!r}")


def read_told(folder: Path) -> tuple[Manifest, dict[str, Any]]:
    """Return a run's manifest, read and as written; BadInput, in one sentence, if there is none or it lacks a part."""
    path = folder / "run.json"
    if not path.is_file():
        raise BadInput(f"{folder.name} is not a run folder: it has no run.json; `ipp run` writes one.")
    try:
        everything = read_manifest(path)
        return Manifest.model_validate(everything), everything
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise incomplete(folder, f"in run.json, {where}: {first['msg'].lower()}") from error
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError) as error:
        raise incomplete(folder, "run.json is not one JSON object") from error


def _fit(folder: Path) -> pd.DataFrame:
    """Return the fit of the run, with just the columns that a report reads."""
    path = folder / "fit.parquet"
    if not path.is_file():
        raise incomplete(folder, "it has no fit.parquet")
    try:
        return pd.read_parquet(path, engine="pyarrow", columns=list(FIT_COLUMNS))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise incomplete(folder, "fit.parquet cannot be read, or lacks a column") from error


def read_run(folder: Path) -> Run:
    """Return what a run folder holds; BadInput, in one sentence, if it is not one or lacks a part.

    A measure is read when it is first asked for, and what is missing of it is told then.
    """
    manifest, everything = read_told(folder)
    return Run(folder, manifest, everything, Slices(folder), _fit(folder))


def band(by_life: pd.DataFrame) -> pd.DataFrame:
    """Return the median over lives and the ends of the 95, 80 and 50% bands: columns as in QUANTILES.

    A life is a member of the ensemble: each draw × life is one.
    """
    found = by_life.quantile(list(QUANTILES.values()), axis=1).T
    return found.set_axis(list(QUANTILES), axis=1)


def on(found: pd.DataFrame, day: pd.Timestamp) -> tuple[float, float, float]:
    """Return the low, median and high of a band on a day that it has."""
    return float(found["low"][day]), float(found["median"][day]), float(found["high"][day])


def year_ends(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table by month's end that end a year, and its last row."""
    days = pd.DatetimeIndex(table.index)
    return table[(days.month == MONTHS) | (days == days[-1])]


def by_year(monthly: pd.DataFrame, first_month: int = 1) -> pd.DataFrame:
    """Return flows added up over each whole year that starts with a month: rows by the year it starts in."""
    dates = pd.DatetimeIndex(monthly.index)
    year = dates.year - (dates.month < first_month)
    whole = pd.Series(year).value_counts() == MONTHS
    summed = monthly.groupby(year).sum()
    return summed[summed.index.isin(whole[whole].index)]
