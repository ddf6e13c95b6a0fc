"""Tracing: each simulated figure of a page says what it is of, so that anyone can live the worlds and count it again.

A trace reads `scenario|measure|group|when|statistic`. The scenario may be a difference, 'one less another'; when is a
day, or 'first/last' of a window, both days included; the statistic says how lives were made into the words shown.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

MEDIAN, BETWEEN, BOTH, SIGNED, MEAN = "median", "interval", "median and interval", "signed median and interval", "mean"
LESS = " less "


class Traced(str):
    """Words for a figure that carry its trace; everywhere else they are text like any other."""

    trace: str

    def __new__(cls, words: str, trace: str) -> "Traced":
        """Take the words and what they are of."""
        made = super().__new__(cls, words)
        made.trace = trace
        return made


class Figure(NamedTuple):
    """What a trace says."""

    scenarios: tuple[str, ...]  # one, or two of which the second is taken from the first
    measure: str
    group: str
    first: date
    last: date
    statistic: str


def trace(scenario: str, measure: str, group: str, when: object, statistic: str, first: object = None) -> str:
    """Return the trace of a figure on a day, or over a window if `first` is another day than `when`."""
    last = f"{pd.Timestamp(when):%Y-%m-%d}"  # type: ignore[arg-type]
    begins = last if first is None else f"{pd.Timestamp(first):%Y-%m-%d}"  # type: ignore[arg-type]
    return "|".join((scenario, measure, group, last if begins == last else f"{begins}/{last}", statistic))


def read_trace(text: str) -> Figure:
    """Return what a trace says; ValueError if it is not one."""
    scenario, measure, rest = text.split("|", 2)
    group, when, statistic = rest.rsplit("|", 2)  # a group may hold the mark itself, as in '8+ | <2y'
    days = [date.fromisoformat(day) for day in when.split("/")]
    return Figure(tuple(scenario.split(LESS)), measure, group, days[0], days[-1], statistic)


def attributes(row: Mapping[str, object], scenario: str) -> str:
    """Return the trace of a row of the fit: a simulated median and interval, in the series' unit."""
    words = (scenario, str(row["measure"]), str(row["group"]))
    return trace(*words, row["last"], f"{BOTH} in {row['unit']}", row["first"])
