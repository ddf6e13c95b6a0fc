"""A run folder as read: its manifest, its monthly measures as (dates, lives) tables, and its fit."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from results.fit import HIGH, LOW
from results.measures import MOVES, move
from results.slices import PAIRS, incomplete, rows_of
from results.store import read_manifest
from scenarios.reading import BadInput

STOCKS_AND_FLOWS = (
    "never_released", "recalled", "custody_total", "hospital", "on_licence", "at_large", "terminated",
    "first_releases", "recalls", "recalls_rescinded", "rereleases", "terminations",
)  # fmt: skip
GROUPS = (
    *(("moves", move(*pair)) for pair in MOVES),
    ("rereleases", "board"), ("rereleases", "executive"), ("recalls", "no new charge"),
    ("terminations", "automatic"), ("terminations", "board"),
    ("parole_outcomes", "release"), ("parole_outcomes", "open"), ("parole_outcomes", "stay"),
    ("unreleased_by_years_over_tariff", "0-1"), ("on_licence_by_years_since_first_release", "0-1"),
)  # fmt: skip
SHOWN = tuple(dict.fromkeys([*STOCKS_AND_FLOWS, *(measure for measure, _ in GROUPS)]))
FIT_COLUMNS = (
    "series", "title", "kind", "measure", "group", "first", "last", "unit", "published", "median", "low", "high",
    "error_per_cent", "covered", "grade", "note", "source_url",
)  # fmt: skip
QUANTILES = {  # of a fan; the outermost are the interval that texts and tables tell
    "low": LOW, "median": 0.5, "high": HIGH, "low_80": 0.1, "high_80": 0.9, "low_50": 0.25, "high_50": 0.75,
}  # fmt: skip
Key = tuple[str, str, str]
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
    monthly: pd.DataFrame
    fit: pd.DataFrame
    _places: dict[Key, Any] = field(repr=False)
    _kept: dict[Key, pd.DataFrame] = field(default_factory=dict, repr=False)  # asked for again and again

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
        return int(self.monthly["draw"].nunique())

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last month's end of which there are measures."""
        return cast(pd.Timestamp, self.monthly["date"].max())

    @cached_property
    def since(self) -> pd.Timestamp:
        """The first day of the first month of which there are measures: flows so far are added up from it."""
        return cast(pd.Timestamp, self.monthly["date"].min()).replace(day=1)

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
        key = (scenario or self.baseline.key, measure, group)
        if key not in self._places:
            raise _without(self.folder, *key)
        if key not in self._kept:
            names = ("date", "draw", "life", "value")
            self._kept[key] = _wide(*(self.monthly[name].to_numpy()[self._places[key]] for name in names))
        return self._kept[key].copy(deep=False)

    def has(self, measure: str, group: str = "") -> bool:
        """Whether a measure of a group was read of every scenario."""
        return all((told.key, measure, group) in self._places for told in self.manifest.scenarios)

    def against(self, scenario: str, measure: str, so_far: bool = False, group: str = "") -> pd.DataFrame:
        """Return a scenario less the first, life by life: rows by month's end; with `so_far`, flows added up."""
        pair = [self.by_life(measure, group, key) for key in (scenario, self.baseline.key)]
        both = pair[0].columns.intersection(pair[1].columns)  # a life that failed has no pair
        difference = pair[0][both] - pair[1][both]
        return difference.cumsum() if so_far else difference

    def groups(self, measure: str) -> list[str]:
        """Return the groups of a measure by whole years, such as '0-1' to '10+', in order."""
        found = {group for scenario, one, group in self._places if (scenario, one) == (self.baseline.key, measure)}
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


def _wide(date: NDArray[Any], draw: NDArray[Any], life: NDArray[Any], value: NDArray[Any]) -> pd.DataFrame:
    """Return values in a long table as rows by date and columns by (draw, life), both in order."""
    row, dates = pd.factorize(date, sort=True)
    column, lives = pd.factorize(draw.astype(np.int64) * PAIRS + life, sort=True)
    table = np.full((len(dates), len(lives)), np.nan)
    table[row, column] = value
    columns = pd.MultiIndex.from_arrays([lives // PAIRS, lives % PAIRS], names=["draw", "life"])
    return pd.DataFrame(table, pd.DatetimeIndex(dates, name="date"), columns)


def _found_at(monthly: pd.DataFrame) -> dict[Key, Any]:
    """Return at which rows of a long table each scenario, measure and group stands."""
    named = [monthly[each].astype("category").cat for each in ("scenario", "measure", "group")]
    code = np.zeros(len(monthly), np.int32)
    for each in named:
        code = code * np.int32(len(each.categories)) + each.codes.to_numpy()
    order = np.argsort(code, kind="stable")  # quick, as a run writes them in order
    parts = np.split(order, np.flatnonzero(np.diff(code[order])) + 1) if len(code) else []
    sizes = tuple(len(each.categories) for each in named)
    places = (np.unravel_index(code[part[0]], sizes) for part in parts)
    keys = [tuple(str(each.categories[i]) for each, i in zip(named, place, strict=True)) for place in places]
    return dict(zip(keys, parts, strict=True))  # type: ignore[arg-type]


def read_run(folder: Path, more: tuple[str, ...] = ()) -> Run:
    """Return what a run folder holds; BadInput, in one sentence, if it is not one or lacks a part.

    `more` names measures to read beside those that a report shows.
    """
    manifest, everything = read_told(folder)
    monthly = rows_of(folder, [told.key for told in manifest.scenarios], (*SHOWN, *more))
    places = _found_at(monthly)
    wanted = [*((measure, "") for measure in STOCKS_AND_FLOWS), *GROUPS]
    for told in manifest.scenarios:
        for measure, group in wanted:
            if (told.key, measure, group) not in places:
                raise _without(folder, told.key, measure, group)
    return Run(folder, manifest, everything, monthly, _fit(folder), places)


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
