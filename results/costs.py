"""Costs: paired differences in person-years, hearings and harms, times what each costs; always with a range.

Amounts are in pounds of the price year of each unit cost. Negative amounts are less spent than under what the Bill is
set against. Costs of crime are kept apart from what services spend.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from results.compare_pairs import QUANTITIES, Pairs
from results.fit import HIGH, LOW
from results.unit_costs import Basis, UnitCost, read_book
from scenarios.reading import BadInput, nearest

PER_CENT = 100
MIXED = "mixed"  # prices of a sum whose parts are in those of several years
HIGHEST_RATE = 100.0  # per cent a year; above it a discount is a slip of the finger


class Discount(NamedTuple):
    """A rate a year, its name, and the calendar year whose amounts are not discounted; a rate of 0 changes nothing."""

    rate: float = 0.0
    name: str = ""
    why: str = ""
    year: int = 0

    @property
    def words(self) -> str:
        """What is done, such as 'discounted at 3.5% a year to 2024', or '' if nothing is."""
        return f"discounted at {PER_CENT * self.rate:g}% a year to {self.year}" if self.rate else ""

    def factors(self, months: pd.DatetimeIndex) -> pd.Series:
        """Return what a pound of each month counts for: 1 / (1 + rate) to the power of whole years since `year`."""
        years = np.maximum(0, months.year.to_numpy() - self.year)
        return pd.Series((1 + self.rate) ** -years.astype(float), months)


class Range(NamedTuple):
    """An amount by draw × life, with every unit cost at its value, and at the ends that make it lowest and highest."""

    value: pd.Series
    lowest: pd.Series
    highest: pd.Series

    @property
    def median(self) -> float:
        """The median with every unit cost at its value."""
        return float(self.value.median())

    @property
    def widest(self) -> tuple[float, float]:
        """The 2.5th percentile of the lowest amounts and the 97.5th of the highest."""
        return float(self.lowest.quantile(LOW)), float(self.highest.quantile(HIGH))


class CostLine(NamedTuple):
    """A unit cost (None for a sum of several), the amounts that follow from it by a day, and in whose prices."""

    cost: UnitCost | None
    basis: Basis
    by: pd.Timestamp
    amount: Range
    discount: Discount
    prices: str


def discount_asked(text: str, year: int) -> Discount:
    """Return the discount that a user asks for: '', a named rate, or per cent a year; BadInput for anything else."""
    named = read_book().discount_rates
    if not text:
        return Discount()
    if text in named:
        return Discount(named[text].per_cent / PER_CENT, named[text].name, named[text].why, year)
    try:
        rate = float(text)
    except ValueError:
        rate = np.nan
    if not 0 <= rate <= HIGHEST_RATE:
        near = nearest(text, named, ".")
        raise BadInput(f"--discount must be {', '.join(named)} or per cent a year from 0 to 100, not '{text}'{near}")
    return Discount(rate / PER_CENT, "a rate given by the user", "", year)


def cost_lines(pairs: Pairs, costs: Sequence[UnitCost], by: pd.Timestamp, discount: Discount) -> list[CostLine]:
    """Return the amount of each unit cost by a day, and of each basis the sum; crime is not in any sum.

    A unit cost of something that the run does not measure has no line.
    """
    lines = [
        CostLine(cost, cost.basis, by, _amount(_so_far(pairs, cost.per, by, discount), cost), discount, cost.prices)
        for cost in costs
        if pairs.has_quantity(cost.per)
    ]
    bases: tuple[Basis, ...] = ("marginal", "average")
    return lines + [_sum([line for line in lines if line.basis == basis]) for basis in bases]


def _so_far(pairs: Pairs, quantity: str, by: pd.Timestamp, discount: Discount) -> pd.Series:
    monthly = pairs.monthly(quantity)[:by]
    return monthly.mul(discount.factors(pd.DatetimeIndex(monthly.index)), axis=0).sum()


def _amount(quantity: pd.Series, cost: UnitCost) -> Range:
    ends = pd.DataFrame({"low": quantity * cost.low, "high": quantity * cost.high})
    return Range(quantity * cost.value, ends.min(axis=1), ends.max(axis=1))


def _sum(lines: Sequence[CostLine]) -> CostLine:
    """Return the sum of lines life by life; at its ends every unit cost is at the end that moves the sum furthest."""
    parts = zip(*(line.amount for line in lines), strict=True)
    prices = {year for line in lines if line.cost for year in line.cost.years}
    return lines[0]._replace(
        cost=None, amount=Range(*(sum(some[1:], some[0]) for some in parts)),
        prices=MIXED if len(prices) > 1 else lines[0].prices,
    )  # fmt: skip


def named(line: CostLine) -> str:
    """Return a line's name, such as 'Prison: person-years in prison' or 'All that is costed'."""
    if line.cost is None:
        return "All that is costed, without crime"
    return cost_name(line.cost)


def cost_name(cost: UnitCost) -> str:
    """Return who pays for what, such as 'Prison: person-years in prison'."""
    name = QUANTITIES[cost.per].name
    return f"{cost.payer}: {name[:1].lower()}{name[1:]}"
