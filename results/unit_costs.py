"""Unit costs: what a year in prison, a hearing or a harm costs, with a range, a price year and published sources.

`unit_costs.yaml` names rows of the published file and never holds an amount itself; what it multiplies them by is
an assumption, and says so. With a deflator all are brought to the prices of one year (`results.deflator`).
"""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from calibration.series import PUBLISHED
from results.deflator import Deflator
from scenarios.reading import BadInput

COSTS = Path(__file__).with_name("unit_costs.yaml")
STAFFING = PUBLISHED.with_name("staffing_services_costs.csv")
TIERS = ("official", "secondary", "research", "leak")  # from the most to the least to be relied on
# What each published unit is in pounds, cases or shares.
SCALES = {
    "GBP": 1.0, "GBP/year": 1.0, "GBP/place/year": 1.0, "GBP/day": 1.0, "GBP thousand": 1e3, "GBP million": 1e6,
    "GBP per offence (2015/16 prices)": 1.0, "%": 0.01, "cases": 1.0, "people": 1.0, "FTE": 1.0, "cases per PO": 1.0,
}  # fmt: skip
Basis = Literal["average", "marginal", "crime"]


class Strict(BaseModel):
    """Whatever stands in the file must be known here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Strict):
    """A row of the published file, by series, start of period and breakdown."""

    series: str
    period: str
    breakdown: str


class Amount(Strict):
    """How an amount is worked out: rows × times / the sums of lists of rows; or half-way between low and high."""

    rows: list[Row] = Field(default_factory=list)
    times: float = Field(default=1.0, ge=0)
    divided_by: list[list[Row]] = Field(default_factory=list)
    halfway: bool = False
    prices: str = ""  # the year in whose prices it is, where that is not the year of the cost
    why: str = Field(min_length=10)


class Costed(Strict):
    """One unit cost as the file describes it."""

    key: str
    payer: str
    basis: Basis
    per: str
    prices: str
    value: Amount
    low: Amount
    high: Amount


class NotCosted(Strict):
    """What has a cost that is not counted, and why."""

    what: str
    why: str


class SetAside(Strict):
    """Published amounts that no cost uses, and why; without a period, of every period."""

    series: str
    breakdown: str
    period: str = ""
    why: str = Field(min_length=10)


class Right(Strict):
    """The deflator that is right for the unit costs, why, and what is so where none is given."""

    name: str
    publisher: str
    why: str
    none: str


class DiscountRate(Strict):
    """A rate of discount that has a name."""

    per_cent: float = Field(gt=0)
    name: str
    why: str


class Book(Strict):
    """All of `unit_costs.yaml`."""

    deflator: Right
    bases: dict[str, str]
    range: str
    discount_rates: dict[str, DiscountRate]
    costs: list[Costed]
    not_costed: list[NotCosted]
    bought: dict[str, str]  # by dial of a Bill: what turning it buys, which is in no amount
    set_aside: list[SetAside]


class Published(NamedTuple):
    """A published amount: its value in pounds, cases or a share, and where it stands."""

    row: Row
    value: float
    unit: str
    title: str
    url: str
    tier: str
    said: str  # the value as published, with its unit


class UnitCost(NamedTuple):
    """A unit cost in pounds, with its range, the reasons and the published rows behind it.

    `prices` is the year in whose prices the value is; `own` the years of the value, the low and the high as published,
    and `factors` by what each has been multiplied since, if there was a deflator.
    """

    key: str
    payer: str
    basis: Basis
    per: str
    prices: str
    value: float
    low: float
    high: float
    reasons: tuple[str, str, str]  # of the value, the low and the high
    sources: tuple[Published, ...]
    own: tuple[str, ...] = ()
    factors: tuple[float, ...] = ()

    @property
    def years(self) -> tuple[str, ...]:
        """The years in whose prices the value, the low and the high stand."""
        return (self.prices, *(() if self.factors else self.own))


@cache
def read_book(path: Path = COSTS) -> Book:
    """Return the file of unit costs; pydantic's ValidationError if it is not as described above."""
    return Book.model_validate(yaml.safe_load(path.read_text("utf-8")))


@cache
def published_amounts(path: Path = STAFFING) -> Mapping[Row, Published]:
    """Return the published rows that have a unit known here; ValueError where two cannot be told apart."""
    found: dict[Row, Published] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["unit"] not in SCALES and not line["unit"].startswith("GBP"):
                continue
            row = Row(series=line["series"], period=line["date_or_period_start"], breakdown=line["breakdown"])
            if row in found:
                raise ValueError(f"{path.name}: two rows are {row.series}, {row.period}, {row.breakdown}")
            value = float(line["value"]) * SCALES.get(line["unit"], float("nan"))
            tier = line["note"].rpartition("tier=")[2].strip()
            found[row] = Published(row, value, line["unit"], line["source_title"], line["source_url"], tier,
                                   f"{float(line['value']):,.10g} {line['unit']}")  # fmt: skip
    return found


def amount(how: Amount, rows: Mapping[Row, Published]) -> float:
    """Return what an amount comes to, in pounds; ValueError for a row that is not there or has an unknown unit."""
    below = prod(sum(_value(row, rows) for row in some) for some in how.divided_by)
    return prod(_value(row, rows) for row in how.rows) * how.times / below


def _value(row: Row, rows: Mapping[Row, Published]) -> float:
    if row not in rows:
        raise ValueError(f"unit_costs.yaml: there is no published row {row.series}, {row.period}, {row.breakdown}")
    if rows[row].unit not in SCALES:
        raise ValueError(f"unit_costs.yaml: the unit '{rows[row].unit}' of {row.series} is not known")
    return rows[row].value


def unit_costs(
    book: Book | None = None, rows: Mapping[Row, Published] | None = None, deflator: Deflator | None = None
) -> list[UnitCost]:
    """Return every unit cost in the order of the file, in prices of their own years or of the deflator's.

    ValueError where low, value and high are out of order; BadInput where a deflator makes them so, or lacks a year.
    """
    book, rows = book or read_book(), rows or published_amounts()
    return [_unit_cost(one, rows, deflator) for one in book.costs]


def _unit_cost(one: Costed, rows: Mapping[Row, Published], deflator: Deflator | None) -> UnitCost:
    own = (one.value.prices or one.prices, one.low.prices or one.prices, one.high.prices or one.prices)
    factors = tuple(deflator.factor(year, f"{one.key}, {one.basis}") for year in own) if deflator else ()
    times = factors or (1.0, 1.0, 1.0)
    low, high = amount(one.low, rows) * times[1], amount(one.high, rows) * times[2]
    value = (low + high) / 2 if one.value.halfway else amount(one.value, rows) * times[0]
    if not low <= value <= high:
        told = f"{one.key}, {one.basis}: not {low:.0f} <= {value:.0f} <= {high:.0f}"
        if deflator:
            raise BadInput(f"{deflator.file}: {deflator.words} the range of a unit cost is upside down ({told}).")
        raise ValueError(f"unit_costs.yaml: {told}")
    sources = tuple(rows[row] for row in dict.fromkeys(rows_of(one)))
    prices = str(deflator.prices) if deflator else one.prices
    reasons = (one.value.why, one.low.why, one.high.why)
    return UnitCost(one.key, one.payer, one.basis, one.per, prices, value, low, high, reasons, sources, own, factors)


def rows_of(one: Costed) -> Sequence[Row]:
    """Return every published row that a unit cost names, with repetitions."""
    amounts = (one.value, one.low, one.high)
    return [row for each in amounts for row in (*each.rows, *(row for some in each.divided_by for row in some))]
