"""Drift: a belief that moves from year to year, as a random walk.

Its prior is that of its first value, in force until the first year of its `drift`. On each 1 January from then on a
new value begins, which differs from the last by a normal step: of the value itself where the prior is normal, of
its logarithm where the prior is lognormal. What data cannot tell of a year, the walk from the years beside it does;
and after the last data it goes on, so that a projection grows less certain with each year. Published rates of
release and recall of these sentences rose and fell by more than any fixed rate follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from math import exp, log

from sim.days import day_of
from sim.law import ALWAYS, Dated, Rule

LAST = 2040  # the last year with a value of its own


def years(rule: Rule) -> range:
    """Return the years in which a new value begins; none for a belief that does not drift."""
    return range(rule.drift[0][0], LAST + 1) if rule.drift else range(0)


def yearly(rule: Rule) -> tuple[str, ...]:
    """Return the names of the values of those years."""
    return tuple(f"{rule.name}.{year}" for year in years(rule))


def spread(rule: Rule, year: int) -> float:
    """Return the standard deviation of the step into a year, in log-odds or of the logarithm of a rate."""
    return next(step for first, step in reversed(rule.drift) if first <= year)


def moved(rule: Rule, value: float, step: float) -> float:
    """Return a value after a step, kept within the belief's bounds."""
    after = value * exp(step) if rule.prior[0] == "lognormal" else value + step
    return min(max(after, rule.low), rule.high)


def step_between(rule: Rule, before: float, after: float) -> float:
    """Return the step from one value to another."""
    return log(after / before) if rule.prior[0] == "lognormal" else after - before


def walked(rule: Rule, first: float, steps: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the name and value of each year from a first value, by steps in standard deviations (none: no step)."""
    value = first
    for year, name in zip(years(rule), yearly(rule), strict=True):
        value = moved(rule, value, spread(rule, year) * steps.get(name, 0.0))
        yield name, value


def dated(rule: Rule, numbers: Mapping[str, float]) -> tuple[Dated, ...]:
    """Return the values of a drifting belief: its first from the beginning, and those of the years that are named."""
    first = replace(rule.values[0], day=ALWAYS, value=(numbers[rule.name],), authority="a draw")
    of_years = zip(years(rule), yearly(rule), strict=True)
    named = ((year, numbers[name]) for year, name in of_years if name in numbers)
    return (first, *(replace(first, day=day_of(date(year, 1, 1)), value=(value,)) for year, value in named))
