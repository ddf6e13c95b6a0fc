"""Back-casts: what the fit would have foretold in the past, from the figures then published, against what came.

For each day the posterior is learned again from the figures whose window had ended by then, with the discrepancies
and walks that those figures alone suggest; worlds are lived from it, three years on, and weighed by how they stand to
the stocks that had been counted last (`calibration.past`); and their main stocks and flows are set beside those
published since, and beside two rules that need no model: no change, and the last year's change going on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.bank import SEED, Wave, normals, rounded
from calibration.fit import APART, Fitted, everywhere, figures_of
from calibration.past import last_counts, taken, weights
from calibration.posterior import Cloud, learn
from calibration.series import Observation, fitting
from results.progress import Follow

DAYS = tuple(date(year, 12, 31) for year in (2015, 2017, 2019, 2021, 2022, 2023))
YEARS_ON = 3
WORLDS, TAKEN = 2_048, 1_000  # lived for each day, and taken from them by weight
FIRST_INDEX = 10  # of their waves, among those of the bank
YEAR = 365.25
LOW, HIGH = 0.05, 0.95
STOCKS = ("never_released", "recalled", "on_licence")
FLOWS = ("first_releases", "recalls", "people_recalled", "rereleases")
ALIKE = {"people_recalled": "recalls"}  # they agree where both are published
SHORTEST, LONGEST = 0.4, 1.1  # years: windows of flows that make a yearly rate
NEAR, FAR = 0.4, 2.5  # years before the last figure that an earlier one tells its change
METHODS = ("model", "no_change", "change_goes_on")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Back:
    """One back-cast: the day, the figures published since, and the wave of worlds that foretells them."""

    day: date
    cloud: Cloud
    counted: tuple[int, ...]  # positions of the stocks counted last, which its worlds are asked first
    since: tuple[Observation, ...]
    wave: Wave


def cloud_on(fitted: Fitted, day: date) -> Cloud:
    """Return the posterior of the figures to a day, from the whole fit's curve, which only stands in for worlds."""
    task = fitted.task
    seen = np.array(fitting(task.observations, day), np.intp)
    return learn(fitted.curve.of(seen), figures_of(task.observations).of(seen), task.walks, fitted.cloud)


def back(fitted: Fitted, day: date, number: int) -> Back:
    """Return a back-cast from a day, ready to be lived."""
    task, end = fitted.task, date(day.year + YEARS_ON, day.month, day.day)
    since = tuple(one for one in task.observations if main(one) and day < one.last <= end and day <= one.first)
    points = normals(WORLDS, len(task.named), SEED + 100 + number)
    cloud, counted = cloud_on(fitted, day), tuple(last_counts(task.observations, day))
    asked = (*(task.observations[i] for i in counted), *since)
    places = rounded(everywhere(task, cloud, points))
    begin = (FIRST_INDEX + number) * APART
    wave = Wave(task.law, asked, task.named, places, task.folder, begin, scale=task.scale)
    return Back(day, cloud, counted, since, wave)


def main(one: Observation) -> bool:
    """Whether an observation is one that back-casts foretell: of everyone, a main stock or a flow of about a year."""
    years = ((one.last - one.first).days + 1) / YEAR
    return not one.group and (one.measure in STOCKS or (one.measure in FLOWS and SHORTEST <= years <= LONGEST))


def back_casts(fitted: Fitted, workers: int, follow: Follow, days: Sequence[date] = DAYS) -> pd.DataFrame:
    """Return a row for each figure foretold, by day: published, model with its 90% interval, and the two rules."""
    rows: list[dict[str, object]] = []
    for number, day in enumerate(days):
        made = back(fitted, day, number)
        follow.say(f"back-cast from {day}: {len(made.since)} figures since")
        made.wave.fill(workers, lambda _: None)
        shown = foretold(fitted, made)
        rows += [_row(made, one, shown[:, i], fitted.task.observations) for i, one in enumerate(made.since)]
    return pd.DataFrame(rows)


def foretold(fitted: Fitted, made: Back) -> Floats:
    """Return what worlds of a back-cast show of the figures since, taken by weight: shape (TAKEN, figures)."""
    places, shown = made.wave.shown()
    known = len(made.counted)
    by_weight = weights(fitted, made.cloud, made.counted, places, shown[:, :known])
    return np.asarray(shown[taken(by_weight, TAKEN), known:])


def _row(made: Back, one: Observation, shown: Floats, every: Sequence[Observation]) -> dict[str, object]:
    low, middle, high = np.quantile(shown, (LOW, 0.5, HIGH))
    before = [each for each in every if main(each) and _alike(each, one) and each.last <= made.day]
    still, going = naive(before, one)
    return {
        "from": made.day, "measure": one.measure, "first": one.first, "last": one.last, "published": one.value,
        "model": middle, "low": low, "high": high, "no_change": still, "change_goes_on": going,
        "years_on": (one.last - made.day).days / YEAR, "rounding": one.rounding,
        "covered": bool(low - one.rounding <= one.value <= high + one.rounding),
    }  # fmt: skip


def naive(before: Sequence[Observation], one: Observation) -> tuple[float, float]:
    """Return what no change, and the last year's change going on, foretell for a figure; NaN where nothing tells.

    Flows are compared as yearly rates, dated at the middle of their windows. The change is that between the last figure
    and the one nearest to a year before it.
    """
    told = sorted(((_middle(each), _rate(each)) for each in before), key=lambda each: each[0])
    if not told:
        return np.nan, np.nan
    (last, value), years = told[-1], _years(one)
    earlier = [each for each in told if NEAR <= (last - each[0]).days / YEAR <= FAR]
    if not earlier:
        return value * years, np.nan
    day, rate = min(earlier, key=lambda each: abs((last - each[0]).days / YEAR - 1))
    slope = (value - rate) / ((last - day).days / YEAR)
    return value * years, max(0.0, value + slope * (_middle(one) - last).days / YEAR) * years


def _alike(one: Observation, other: Observation) -> bool:
    return ALIKE.get(one.measure, one.measure) == ALIKE.get(other.measure, other.measure)


def _years(one: Observation) -> float:
    """Return the years of a flow's window; 1 for a stock, whose value is its own rate."""
    return ((one.last - one.first).days + 1) / YEAR if one.measure in FLOWS else 1.0


def _rate(one: Observation) -> float:
    return one.value / _years(one)


def _middle(one: Observation) -> date:
    return one.first + (one.last - one.first) / 2 if one.measure in FLOWS else one.last


def scored(table: pd.DataFrame) -> pd.DataFrame:
    """Return, by years on (to 1, 2 and 3), the median absolute error in per cent of each method, figures and coverage.

    Only figures that every method foretells are compared.
    """
    whole = table.dropna(subset=list(METHODS))
    on = np.ceil(whole["years_on"].clip(lower=0.01) - 0.01).clip(upper=YEARS_ON).astype(int)
    errors = {name: 100 * (whole[name] / whole["published"] - 1).abs() for name in METHODS}
    made = pd.DataFrame(errors).groupby(on).median()
    made.insert(0, "figures", whole.groupby(on).size())
    made["covered"] = whole.groupby(on)["covered"].mean()
    return made.rename_axis("years_on").reset_index()
