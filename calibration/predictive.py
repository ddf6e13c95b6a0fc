"""Predictive: worlds lived from a fit's draws, set beside every published figure, and what they foretell next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.bank import Wave
from calibration.fit import APART, Fitted, unpublished
from calibration.fitted import DRAWS
from calibration.past import Pasts, taken
from calibration.series import Observation
from results.fit import error_per_cent, total_variation

INDEX = 9  # of the wave, among those of the bank
LOW, HIGH = 0.05, 0.95
SINCE = date(2015, 1, 1)
STOCKS, STOCKS_WITHIN = ("never_released", "recalled", "on_licence"), 3.0  # per cent
FLOWS, FLOWS_WITHIN = ("first_releases", "recalls", "rereleases"), 8.0
LEAST_DAYS = 180  # shorter windows are not yearly flows
AUTOMATIC = date(2024, 11, 1)  # s.31A(4H) Crime (Sentences) Act 1997 came into force
QUARTERS = tuple(
    date(year, month, day)
    for year in (2024, 2025, 2026)
    for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    if date(year, month, day) > AUTOMATIC
)
NEXT = ("never_released", "recalled", "custody_total", "on_licence", "terminated")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """What the worlds of a fit show: of each published figure, and of what came after."""

    published: tuple[Observation, ...]
    shown: Floats  # (worlds, published)
    next: tuple[Observation, ...]
    to_come: Floats  # (worlds, next)


def predictive(fitted: Fitted, pasts: Pasts) -> Wave:
    """Return the wave of worlds that a fit is judged by, ready to be lived: one of each draw, with its past."""
    task, chosen = fitted.task, taken(pasts.weights, DRAWS)
    asked, places, before = task.observations + to_come(), pasts.places[chosen], pasts.of(chosen, task.until)
    return Wave(task.law, asked, task.named, places, task.folder, INDEX * APART, scale=task.scale, pasts=before)


def predicted(fitted: Fitted, wave: Wave) -> Predicted:
    """Return what a lived predictive wave shows."""
    _, shown = wave.shown()
    count = len(fitted.task.observations)
    return Predicted(fitted.task.observations, shown[:, :count], to_come(), shown[:, count:])


def to_come() -> tuple[Observation, ...]:
    """Return what is foretold of the time after the data: licences ended on 1 November 2024, stocks of each quarter."""
    ended = unpublished("flow", "terminations", "automatic", AUTOMATIC)
    return (ended, *(unpublished("stock", measure, "", day) for day in QUARTERS for measure in NEXT))


def compared(observations: Sequence[Observation], shown: Floats) -> pd.DataFrame:
    """Return a row for each figure: published, median, 90% interval, error in per cent, and whether that covers it."""
    rows = []
    for one, values in zip(observations, shown.T, strict=True):
        low, middle, high = np.nanquantile(values, (LOW, 0.5, HIGH))
        rows.append({
            "series": one.series, "kind": one.kind, "measure": one.measure, "group": one.group, "first": one.first,
            "last": one.last, "published": one.value, "median": middle, "low": low, "high": high,
            "error_per_cent": error_per_cent(middle, one.value), "grade": one.grade,
            "covered": bool(low - one.rounding <= one.value <= high + one.rounding),
        })  # fmt: skip
    return pd.DataFrame(rows)


def aims(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of main stocks and yearly flows since 2015 with `aim` (per cent) and `within`."""
    plain = table[(table["group"] == "") & (table["last"] >= SINCE)]
    days = (pd.to_datetime(plain["last"]) - pd.to_datetime(plain["first"])).dt.days
    stocks = plain[plain["measure"].isin(STOCKS)].assign(aim=STOCKS_WITHIN)
    flows = plain[plain["measure"].isin(FLOWS) & (days >= LEAST_DAYS)].assign(aim=FLOWS_WITHIN)
    both = pd.concat([stocks, flows])
    return both.assign(within=both["error_per_cent"].abs() <= both["aim"])


def distributions(observations: Sequence[Observation], shown: Floats) -> pd.DataFrame:
    """Return a row for each published distribution: its total variation distance, median and 90% interval."""
    places: dict[tuple[str, str, date], list[int]] = {}
    for i, one in enumerate(observations):
        if one.kind == "distribution":
            places.setdefault((one.series, one.measure, one.last), []).append(i)
    rows = []
    for (series, measure, day), cells in places.items():
        published = np.array([observations[i].value for i in cells])
        middle = np.nanmedian(shown[:, cells], axis=0)
        low, median, high = np.nanquantile(total_variation(shown[:, cells], published), (LOW, 0.5, HIGH))
        of_medians = float(total_variation(middle[None], published)[0])
        rows.append((series, measure, day, len(cells), of_medians, median, low, high))
    names = ["series", "measure", "date", "cells", "of_medians", "median", "low", "high"]
    return pd.DataFrame(rows, columns=names)
