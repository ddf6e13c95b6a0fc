"""Sway: by how much an outcome differs between draws in which a belief is low and draws in which it is high.

A belief's numbers are put in order and given the normal scores of their places, so that it does not matter how they
are spread or on what scale. The outcome of each draw is set against the scores in a straight line (least squares).
"""

from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

LOW, HIGH = 0.1, 0.9  # the percentiles between which a belief is said to move
FEWEST = 4  # draws that a line and its error need
COVERED = 0.95  # of all the intervals together
COLUMNS = ("belief", "change", "low", "high", "share", "from", "to")
Floats = NDArray[np.float64]


def sways(numbers: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return what each belief changes in an outcome, the largest change first; both have a row for each draw.

    `change` is the outcome's with the belief at its 90th percentile less that at its 10th (`from` and `to`), in the
    outcome's unit. `low` and `high` are the ends of its interval: 95 per cent for all beliefs together (Bonferroni),
    since of many that do nothing some will seem to do something in any one set of draws. `share` is how much of the
    outcome's variance between draws goes with the belief. Beliefs that are the same in every draw are left out.
    """
    shared = numbers.index.intersection(outcome.dropna().index)
    x, y = numbers.loc[shared], outcome.loc[shared].to_numpy(float)
    moving = x.loc[:, x.nunique() > 1]
    if len(y) < FEWEST or moving.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    level = 1 - (1 - COVERED) / moving.shape[1]
    rows = [(str(name), *_line(moving[name].to_numpy(float), y, level)) for name in moving]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.sort_values("change", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def drifts_as_one(numbers: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return numbers by draw in which each belief with a value a year (`name.2027`) has one: its mean of some years.

    Those years are `first` to `last`, and the column is `name.2025-2030`. Its values of other years, and the one it
    starts from (`name`), are left out: they go together with these, and would say the same again.
    """
    yearly = [name for name in map(str, numbers.columns) if name.rpartition(".")[2].isdigit()]
    drifting = dict.fromkeys(name.rpartition(".")[0] for name in yearly)
    means = []
    for belief in drifting:
        asked = [name for year in range(first, last + 1) if (name := f"{belief}.{year}") in yearly]
        if asked:
            means.append(numbers[asked].mean(axis=1).rename(f"{belief}.{first}-{last}"))
    return pd.concat([numbers.drop(columns=[*yearly, *drifting], errors="ignore"), *means], axis=1)


def _line(x: Floats, y: Floats, level: float) -> tuple[float, float, float, float, float, float]:
    """Return the change from low to high, the ends of its interval, the share of variance, and low and high."""
    n, scores, apart = len(x), normal_scores(x), y - y.mean()
    squares, total = float(scores @ scores), float(apart @ apart)
    slope = float(scores @ apart) / squares
    left = max(total - slope**2 * squares, 0.0)
    reach = float(special.stdtrit(n - 2, (1 + level) / 2)) * sqrt(left / (n - 2) / squares)
    span = float(special.ndtri(HIGH) - special.ndtri(LOW))
    share = 1 - left / total if total > 0 else 0.0
    low, high = np.quantile(x, (LOW, HIGH))
    return span * slope, span * (slope - reach), span * (slope + reach), share, float(low), float(high)


def normal_scores(x: Floats) -> Floats:
    """Return the standard normal quantile of each value's place in order (Blom 1958), less their mean; ties share."""
    scores: Floats = special.ndtri((stats.rankdata(x) - 3 / 8) / (len(x) + 1 / 4))
    apart: Floats = scores - scores.mean()
    return apart


def told_apart(found: pd.DataFrame) -> "pd.Series[bool]":
    """Return which changes can be told from none: those whose interval leaves nought out."""
    return (found["low"] > 0) | (found["high"] < 0)
