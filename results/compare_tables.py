"""Tables of a comparison: all Bills at a glance, each Bill by year, its costs, what is not known, and the tidy file."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from results.compare_asks import Asked
from results.compare_effects import Effect, glance
from results.compare_pairs import Pairs, interval, signs, spread
from results.compare_words import asked_name, in_prices, millions, money, same_sign
from results.costs import CostLine, cost_name, named
from results.fit import INTERVAL
from results.measures import MEASURES
from results.tables import Grid
from results.unit_costs import UnitCost
from results.words import count, said, signed_interval, with_interval

GLANCED = (
    ("custody_years", "so far"), ("prison_places", "peak"), ("prison_places", "mean"), ("recalls", "so far"),
    ("terminated", ""), ("serious_further_offences", "so far"), ("deaths", "custody"),
)  # fmt: skip
LEVELS = (
    ("recalled", "In prison after a recall"), ("never_released", "In prison, never released"),
    ("on_licence", "On licence"), ("terminated", "Licence has ended, so far"),
)  # fmt: skip
BASES = ("marginal", "average", "crime")


class Comparison(NamedTuple):
    """A Bill compared: the pairs, the answers to what it asks, and its effects and costs by each year's end."""

    pairs: Pairs
    asked: Sequence[Asked]
    effects: Sequence[Effect]
    costs: Sequence[CostLine]

    @property
    def days(self) -> list[pd.Timestamp]:
        """The days that effects are told by."""
        return list(dict.fromkeys(each.by for each in self.effects))

    def totals(self, by: pd.Timestamp) -> list[CostLine]:
        """Return the sums of costs by a day, the marginal one first."""
        return [line for line in self.costs if line.cost is None and line.by == by]


def glance_grid(some: Sequence[Comparison]) -> Grid:
    """Return the first table: a row for each Bill, by one day, differences only."""
    by = glance(some[0].days)
    here = [[each for each in one.effects if each.by == by and (each.measure, each.group) in GLANCED] for one in some]
    heads = ("", *(each.name for each in here[0]), *(f"Spent, {line.basis} cost" for line in some[0].totals(by)))
    rows = [
        (one.pairs.told.name, *(_cell(each) for each in mine), *(millions(t.amount) for t in one.totals(by)))
        for one, mine in zip(some, here, strict=True)
    ]
    against = some[0].pairs.against.spoken
    caption = (
        f"Difference from {against} by {said(by)}: median of the paired differences and {INTERVAL} interval; "
        f"spending is in £ million ({in_prices(some[0].totals(by))}), and its range holds that of unit costs too"
    )
    return Grid(caption, heads, rows, True)


def _cell(effect: Effect) -> str:
    month = effect.note.removeprefix("at the end of ") if effect.group == "peak" and "end of" in effect.note else ""
    return signed_interval(effect.values) + (f", {month}" if month else "")


def effects_grid(one: Comparison) -> Grid:
    """Return a Bill's effects: a row for each, a column for each year's end, and how many lives have that sign."""
    rows: dict[str, list[str]] = {}
    for each in one.effects:
        note = f"; {each.note}" if each.note else ""
        rows.setdefault(each.name, []).append(f"{signed_interval(each.values)}{note}")
    by = glance(one.days)
    sure = [same_sign(each.values) for each in one.effects if each.by == by]
    heads = ("", *(said(day) for day in one.days), f"Lives with the sign of the median, {said(by)}")
    caption = f"Difference from {one.pairs.against.spoken}: median of the paired differences, and {INTERVAL} interval"
    table = [(name, *cells, share) for (name, cells), share in zip(rows.items(), sure, strict=True)]
    return Grid(caption, heads, table, True)


def costs_grid(one: Comparison, basis: str) -> Grid:
    """Return a Bill's costs on one basis: a row for each unit cost and one for their sum; no rows if there are none."""
    rows: dict[tuple[str, str], list[str]] = {}
    for line in one.costs:
        if line.basis == basis:
            rows.setdefault((named(line), line.prices), []).append(millions(line.amount))
    heads = ("", "Prices of", *(f"By {said(day)}" for day in one.days))
    versus = f"than under {one.pairs.against.spoken}"
    discounted = next((f", {line.discount.words}" for line in one.costs if line.discount.words), "")
    caption = f"£ million spent more (+) or less (−) {versus}, {basis} cost{discounted}: median and range"
    return Grid(caption, heads, [(*key, *cells) for key, cells in rows.items()], True)


def spread_grid(one: Comparison) -> Grid:
    """Return how far effects differ between draws and between lives of a draw, by one day; no rows for one draw."""
    by = glance(one.days)
    rows = []
    for each in (each for each in one.effects if each.by == by and one.pairs.draws > 1):
        draws, lives = spread(each.values)
        both = draws**2 + lives**2
        known = "–" if np.isnan(both) else "no spread" if both == 0 else f"{count(100 * draws**2 / both)}%"
        rows.append((each.name, count(draws), count(lives), known))
    heads = ("", "What is not known (between draws)", "Chance (between lives of a draw)", "Not known, of all variance")
    return Grid(f"Standard deviations of the paired differences by {said(by)}", heads, rows, True)


def levels_grid(some: Sequence[Comparison]) -> Grid:
    """Return each scenario as it stands on one day, the one that the others are set against first."""
    by, first = glance(some[0].days), some[0].pairs
    sides = [(first.against, first.theirs), *((one.pairs.told, one.pairs.ours) for one in some)]
    rows = [(told.name, *(with_interval(levels[m, ""].loc[by]) for m, _ in LEVELS)) for told, levels in sides]
    return Grid(
        f"People on {said(by)}: median and {INTERVAL} interval", ("", *(name for _, name in LEVELS)), rows, True
    )


def unit_costs_grid(costs: Sequence[UnitCost]) -> Grid:
    """Return the unit costs with their ranges, the prices they are in and were published in, and what they multiply."""
    deflated = any(cost.factors for cost in costs)
    rows = [
        (cost_name(cost), cost.basis, cost.prices if deflated else published_in(cost), money(cost.value, False),
         f"{money(cost.low, False)} to {money(cost.high, False)}", *((published_in(cost),) if deflated else ()))
        for cost in costs
    ]  # fmt: skip
    own = ("Published in prices of (multiplied by)",) if deflated else ()
    return Grid("Unit costs", ("For each of", "Basis", "Prices of", "Value", "Range", *own), rows, True)


def published_in(cost: UnitCost) -> str:
    """Return in prices of which year a unit cost was published, and its ends where in others, and any factors since."""
    times = [f" (× {factor:.3f})" for factor in cost.factors] or [""] * len(cost.own)
    parts = [f"{name}{year}{by}" for name, year, by in zip(("", "low ", "high "), cost.own, times, strict=True)]
    apart = [part for part, year in zip(parts, cost.own, strict=True) if year != cost.own[0]]
    return "; ".join([parts[0], *apart])


def tidy(some: Sequence[Comparison]) -> pd.DataFrame:
    """Return everything compared as one row each: what, by when, the interval, the range, the signs and the spread."""
    rows = []
    for one in some:
        rows += [_asked_row(one.pairs, each) for each in one.asked]
        rows += [_effect_row(one.pairs, each) for each in one.effects]
        rows += [_cost_row(one.pairs, each) for each in one.costs]
    return pd.DataFrame(rows)


def _asked_row(pairs: Pairs, asked: Asked) -> dict[str, Any]:
    ask = asked.ask
    what: dict[str, Any] = {
        "kind": "asked",
        "measure": ask.measure,
        "group": ask.group,
        "basis": "",
        "name": asked_name(asked),
    }
    what |= {"unit": MEASURES[ask.measure].unit, "prices": "", "from": asked.first, "by": asked.last}
    return _row(pairs, what, asked.values)


def _effect_row(pairs: Pairs, effect: Effect) -> dict[str, Any]:
    what = {"kind": "effect", "measure": effect.measure, "group": effect.group, "basis": "", "name": effect.name}
    return _row(pairs, what | {"unit": effect.unit, "prices": "", "from": pd.NaT, "by": effect.by}, effect.values) | {
        "note": effect.note
    }


def _cost_row(pairs: Pairs, line: CostLine) -> dict[str, Any]:
    what = {"kind": "cost", "measure": line.cost.key if line.cost else "all", "group": "", "basis": line.basis}
    what |= {"name": named(line), "unit": "GBP", "prices": line.prices}
    low, high = line.amount.widest
    found = _row(pairs, what | {"from": pd.NaT, "by": line.by}, line.amount.value)
    return found | {"lowest": low, "highest": high, "note": line.discount.words}


def _row(pairs: Pairs, what: dict[str, Any], values: pd.Series) -> dict[str, Any]:
    (median, low, high), found, apart = interval(values), signs(values), spread(values)
    whole = sum(found) or np.nan
    stated = found.below if median < 0 else found.above if median > 0 else found.zero
    return {"bill": pairs.told.key, "against": pairs.against.key} | what | {
        "median": median, "low": low, "high": high, "lowest": np.nan, "highest": np.nan, "mean": values.mean(),
        "lives": sum(found), "probability_of_sign": stated / whole, "share_below": found.below / whole,
        "share_zero": found.zero / whole, "share_above": found.above / whole,
        "sd_between_draws": apart.draws, "sd_between_lives": apart.lives, "note": "",
    }  # fmt: skip
