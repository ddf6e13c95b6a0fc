"""Words for numbers: counts, intervals and differences as a statistics office would write them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from results.fit import INTERVAL, quantiles

SINGULAR = {"people": "person"} | {
    f"{one}s": one
    for one in ("licence", "recall", "release", "hearing", "death", "offence", "reoffence", "day", "charge", "sentence")
}
STAYS = 0.05  # a change of less than this share is called none


def count(value: float) -> str:
    """Return a number rounded to a whole one with commas, such as '1,630', or '–' where there is none."""
    return "–" if np.isnan(value) else f"{_whole(value):,}".replace("-", "−")


def signed(value: float) -> str:
    """Return a whole number with its sign, such as '+1,630', '−12' or '0'."""
    return ("+" if _whole(value) > 0 else "") + count(value)


def _whole(value: float) -> int:
    return int(np.floor(value + 0.5))


def per_cent(value: float) -> str:
    """Return a signed whole percentage, such as '+12%', or '–' where there is none."""
    return "–" if np.isnan(value) else signed(value) + "%"


def said(when: pd.Timestamp | date) -> str:
    """Return a date such as '30 September 2024'."""
    return f"{when.day} {when:%B %Y}"


def month(when: pd.Timestamp | date) -> str:
    """Return a month such as 'September 2024'."""
    return f"{when:%B %Y}"


def with_interval(values: ArrayLike) -> str:
    """Return the median over lives and the interval, such as '1,630 (1,600 to 1,671)'."""
    median, low, high = quantiles(np.asarray(values, float))
    return f"{count(median)} ({count(low)} to {count(high)})"


def interval(values: ArrayLike) -> str:
    """Return the interval over lives alone, such as '1,600 to 1,671'."""
    _, low, high = quantiles(np.asarray(values, float))
    return f"{count(low)} to {count(high)}"


def signed_interval(values: ArrayLike) -> str:
    """Return a difference's median and interval, such as '−98 (−116 to −80)'."""
    median, low, high = quantiles(np.asarray(values, float))
    return f"{signed(median)} ({signed(low)} to {signed(high)})"


def fewer_or_more(values: ArrayLike, what: str) -> str:
    """Return a difference over lives in words, such as '98 fewer recalls (95% interval 80 to 116 fewer)'."""
    median, low, high = (_whole(each) for each in quantiles(np.asarray(values, float)))
    if median == low == high == 0:
        return f"no difference in {what}"
    if median == 0:
        return f"about as many {what} ({INTERVAL} interval {_between(low, high, 'fewer', 'more')})"
    ends = (low, high, "fewer", "more") if median > 0 else (-high, -low, "more", "fewer")
    way, things = ends[-1], what if abs(median) > 1 else one_of(what)
    return f"{abs(median):,} {way} {things} ({INTERVAL} interval {_between(*ends)})"


def _between(near: int, far: int, below: str, above: str) -> str:
    """Return two ends in words, nought without a way: '3 fewer to 5 more', '0 to 5 more', '3 fewer to 0'."""
    if near >= 0:
        return f"{near:,} to {far:,} {above}"
    return f"{-near:,} {below} to {far:,}" + (f" {above}" if far else "")


def one_of(what: str) -> str:
    """Return one of what is counted, such as 'person on licence' for 'people on licence'."""
    words = what.split(" ")
    place = next((i for i, word in enumerate(words) if word in SINGULAR), None)
    if place is None:
        return what
    return " ".join([*words[:place], SINGULAR[words[place]], *words[place + 1 :]])


def moves(series: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return how a series moves, such as 'falls from 20 in May 2020 to 10 in May 2030', or 'stays near 10 from …'."""
    before, after = float(series[first]), float(series[last])
    if abs(after - before) <= STAYS * abs(before):
        return f"stays near {count(after)} from {month(first)} to {month(last)}"
    way = "rises" if after > before else "falls"
    return f"{way} from {count(before)} in {month(first)} to {count(after)} in {month(last)}"


def year_from(year: int, month: int = 1) -> str:
    """Return a year that begins with a month: '2024' for a calendar year, '2024/25' for any other."""
    return str(year) if month == 1 else f"{year}/{(year + 1) % 100:02d}"


def above_or_below(error_per_cent: float) -> str:
    """Return how far the model is from a published figure, such as '52% above'."""
    return f"{abs(_whole(error_per_cent))}% {'above' if error_per_cent >= 0 else 'below'}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return 'a, b and c'."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
