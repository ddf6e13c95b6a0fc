"""Words of a comparison: amounts of money, how sure a sign is, and the answer to what a Bill asks."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from results.asked_words import answer as counted_answer
from results.asked_words import answer_beside, counted
from results.compare_asks import Asked
from results.compare_pairs import Pairs, interval, signs
from results.costs import MIXED, CostLine, Range
from results.fit import INTERVAL
from results.measures import MEASURES
from results.words import count, listed, said

FEWER, LOWER, LESS = ("fewer", "more"), ("lower", "higher"), ("less", "more")  # below nought and above it
DIGITS, DECIMALS = 3, 2  # significant digits of money; decimals of means and shares
CONFIDENCE = 0.95
MILLION, THOUSANDTHS = 1e6, 3  # decimals of millions: to a thousand pounds
SCALES = ((1e9, " billion"), (MILLION, " million"))


def money(value: float, sign: bool = True) -> str:
    """Return pounds to three significant digits, such as '−£1.23 million', '+£45,600' or '£0'."""
    if not np.isfinite(value):
        return "–"
    size = _significant(abs(value))
    before = "" if round(size) == 0 else "−" if value < 0 else "+" if sign else ""
    for scale, name in SCALES:
        if size >= scale:
            return f"{before}£{_plain(size / scale)}{name}"
    return f"{before}£{round(size):,}"


def _significant(size: float) -> float:
    return round(size, DIGITS - 1 - math.floor(math.log10(size))) if size else 0.0


def _plain(size: float, most: int = DIGITS) -> str:
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(size))) if size else 0
    text = f"{size:,.{min(most, decimals)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def millions(amount: Range) -> str:
    """Return a median and the widest range in millions, such as '−1.2 (−3.05 to −0.5)'."""
    low, high = amount.widest
    return f"{_million(amount.median)} ({_million(low)} to {_million(high)})"


def _million(value: float) -> str:
    text = _plain(_significant(abs(value)) / MILLION, THOUSANDTHS)
    return text if text == "0" else f"{'−' if value < 0 else '+'}{text}"


def share(part: int, whole: int) -> str:
    """Return a share as a whole percentage that is 0% or 100% only where it is exactly so."""
    per_cent = 100 * part / whole
    if 0 < per_cent < 1:
        return "under 1%"
    return "over 99%" if 99 < per_cent < 100 else f"{count(per_cent)}%"


def how_sure(values: pd.Series, ways: tuple[str, str] = FEWER) -> str:
    """Return in how many lives the difference has the sign of its median, such as 'fewer in 19 of 20 lives (95%)'."""
    found, median = signs(values), interval(values)[0]
    whole = sum(found)
    if not whole:
        return "the run shows no value in any life"
    if median == 0:
        parts = f"{ways[0]} in {found.below:,}, {ways[1]} in {found.above:,} and the same in {found.zero:,}"
        return f"{parts} of {whole:,} lives"
    way, part = (ways[0], found.below) if median < 0 else (ways[1], found.above)
    if part == whole:
        return f"{way} in all {whole:,} lives" if whole > 1 else f"{way} in the one life lived"
    return f"{way} in {part:,} of {whole:,} lives ({share(part, whole)})"


def same_sign(values: pd.Series) -> str:
    """Return how many lives have the sign of the median, or none where that is nought, such as '19 of 20'."""
    found, median = signs(values), interval(values)[0]
    part = found.below if median < 0 else found.above if median > 0 else found.zero
    return f"{part:,} of {sum(found):,}"


def room_for_another_sign(pairs: Pairs) -> str:
    """Return what a sign that all lives share leaves open.

    The highest chance p of another sign with (1 - p) to the power n at least 5%, n being independent lives, or draws
    where there are several: the exact upper bound of a share of which none of n was seen.
    """
    n = pairs.draws if pairs.draws > 1 else len(pairs.lives)
    what = "draws" if pairs.draws > 1 else "lives" if n > 1 else "life"
    most = count(100 * (1 - (1 - CONFIDENCE) ** (1 / n)))
    return (
        f"A sign that is the same in all lives is not certain: with {n:,} {what}, a chance of up to {most}% of another "
        "sign cannot be ruled out (95% confidence)."
    )


def answer(pairs: Pairs, asked: Asked) -> str:
    """Return the answer to what a Bill asks as one sentence: the difference, its interval and how sure its sign is."""
    measure, what = MEASURES[asked.ask.measure], asked_name(asked)
    if measure.kind in ("stock", "flow"):
        if asked.ask.aside:
            return answer_beside(asked.values, what, asked.when, pairs.draws)
        return counted_answer(asked.values, what, asked.when, pairs.against.spoken, pairs.draws)
    median, low, high = (f"{each:+,.{DECIMALS}f}".replace("-", "−") for each in interval(asked.values))
    opening = f"{asked.when[:1].upper()}{asked.when[1:]}, compared with {pairs.against.spoken}: {what} {median} "
    return f"{opening}{measure.unit} ({INTERVAL} interval {low} to {high}); {how_sure(asked.values, LOWER)}."


def asked_name(asked: Asked) -> str:
    """Return what is asked about, such as 'people in prison after a recall'."""
    return counted(asked.ask.measure, asked.ask.group)


def cost_sentence(totals: list[CostLine]) -> str:
    """Return what a Bill saves or spends by a day at marginal and at average cost, with ranges and signs, as one."""
    discounted = f", {totals[0].discount.words}" if totals[0].discount.words else ""
    if all(_none(line.amount) for line in totals):
        return f"By {said(totals[0].by)} there is no difference in what is spent."
    parts = [f"{_saved(line.amount)} at {line.basis} cost" for line in totals]
    return f"By {said(totals[0].by)}, {listed(parts)}, {in_prices(totals)}{discounted}."


def in_prices(totals: Sequence[CostLine]) -> str:
    """Return in whose prices sums are, such as 'in prices of 2024-25' or 'in mixed prices'."""
    years = {line.prices for line in totals}
    return "in mixed prices" if len(years) > 1 or MIXED in years else f"in prices of {totals[0].prices}"


def bought_sentence(things: Sequence[str]) -> str:
    """Return that what a Bill itself buys or saves on is in no amount; things such as 'probation officers'."""
    return f"Not in these amounts: what the Bill itself spends or saves on {listed(list(things))}."


def _none(amount: Range) -> bool:
    return not amount.value.any() and not any(amount.widest)


def _saved(amount: Range) -> str:
    low, high = amount.widest
    if _none(amount):
        return "no difference in what is spent"
    way, other = ("less", "more") if amount.median < 0 else ("more", "less")
    near, far = sorted((-low, -high) if amount.median < 0 else (low, high))
    ends = f"{money(abs(near), False)}{f' {other}' if near < 0 else ''} to {money(far, False)} {way}"
    return f"{money(abs(amount.median), False)} {way} is spent (range {ends}; {how_sure(amount.value, LESS)})"
