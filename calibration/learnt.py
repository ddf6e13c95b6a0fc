"""Learnt: how far a fit moved each belief, which series taught it, and which beliefs data cannot tell apart."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.fit import Fitted
from calibration.posterior import Cloud, noise_of, prior_cloud, updated
from calibration.standin import Line

MOVED = 0.3  # prior standard deviations that the middle must move,
NARROWED = 0.1  # or the share by which the spread must fall, for a belief to have moved
TOGETHER = 0.5  # correlation from which two beliefs are named as hard to tell apart
TEACHERS, LEAST = 2, 0.01  # series named at most, and the share from which one is
Floats = NDArray[np.float64]


def moved(fitted: Fitted) -> pd.DataFrame:
    """Return a row for each coordinate: name, its middle and spread in prior standard deviations, taught_by, moved.

    `taught_by` names the series that the fit could least do without, as `shares_taught` measures it; where others
    would tell the same in place of each, those which alone would narrow it most.
    """
    task, cloud = fitted.task, fitted.cloud
    wide = prior_of(fitted).spread
    table = pd.DataFrame({
        "name": [task.named[i] for i in task.told], "middle": cloud.middle / wide, "spread": cloud.spread / wide,
    })  # fmt: skip
    table["moved"] = (table["middle"].abs() >= MOVED) | (table["spread"] <= 1 - NARROWED)
    needed, alone = shares_taught(fitted)
    table["taught_by"] = [_teachers(needed.loc[i], alone.loc[i]) for i in table.index]
    return table


def shares_taught(fitted: Fitted) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables of shares from 0 to 1, a row for each coordinate and a column for each series.

    The first is what each series takes off the variance that all the others leave; the second, what it would take off
    the prior's, had it been all that was published. They differ where a series tells what another tells too (less is
    lost without it than it would teach alone), or where it tells of two beliefs together, of one of which another
    tells. In both the line, errors, discrepancies and walks are those of the whole fit.
    """
    prior, figures = prior_of(fitted), fitted.task.figures
    line = fitted.curve.of(fitted.task.seen).about(fitted.cloud.middle, fitted.cloud.covariance)
    noise, of = noise_of(figures, fitted.cloud.strays), np.array(figures.series)

    def variance(kept: NDArray[np.bool_]) -> Floats:
        some = np.flatnonzero(kept)
        return updated(prior, _some(line, some), figures.of(some), noise[some]).spread ** 2

    whole, names = variance(of == of), sorted(set(figures.series))
    needed = {name: 1 - whole / variance(of != name) for name in names}
    return pd.DataFrame(needed), pd.DataFrame({name: 1 - variance(of == name) / prior.spread**2 for name in names})


def _some(line: Line, figures: NDArray[np.intp]) -> Line:
    return Line(line.middle, line.level[figures], line.slopes[:, figures], line.scatter[np.ix_(figures, figures)])


def together(fitted: Fitted) -> pd.DataFrame:
    """Return pairs of coordinates that the posterior ties together: columns one, other, correlation, tightest first.

    Years of one belief are left out: a walk ties each to the next.
    """
    task, cloud = fitted.task, fitted.cloud
    names = [task.named[i] for i in task.told]
    tied = cloud.covariance / np.outer(cloud.spread, cloud.spread)
    pairs = np.argwhere(np.triu(np.abs(tied) >= TOGETHER, 1))
    rows = [
        (names[i], names[j], float(tied[i, j])) for i, j in pairs if names[i].split(".")[0] != names[j].split(".")[0]
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "correlation"])
    return table.sort_values("correlation", key=lambda each: -each.abs(), ignore_index=True)


def prior_of(fitted: Fitted) -> Cloud:
    """Return the prior of what data tell of, its walks as wide as the fit has learned."""
    return prior_cloud(len(fitted.task.told), fitted.task.walks, drifts=fitted.cloud.drifts)


def _teachers(needed: "pd.Series[float]", alone: "pd.Series[float]") -> str:
    """Return the series that could least be done without; if each could be, those that tell most alone."""
    said = ", ".join(_told(needed))
    return said or " or ".join(_told(alone))


def _told(shares: "pd.Series[float]") -> list[str]:
    top = shares.sort_values(ascending=False).head(TEACHERS)
    return [f"{name} ({share:.0%})" for name, share in top.items() if share >= LEAST]
