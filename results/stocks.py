"""Stocks: who stands where at the end of each day asked for, counted from a journal; with means and shares of them."""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.measures import (
    NEVER_RELEASED,
    OVER,
    RECALLED,
    SINCE,
    SLACK,
    Days,
    Key,
    Known,
    Values,
    in_order,
    is_one_of,
    known,
    ratio,
    whole_years,
)
from sim.days import MONTH, YEAR, day_of
from sim.journal import CUSTODY, ENDED, ON_LICENCE, State, Table

OVER_Y = ("<1y", *(f"{n}-{n + 1}y" for n in range(1, 10)), "10y+")  # as the published cross-table says it
TARIFF = ("<2y", "2-4y", ">4-6y", ">6-10y", ">10y")
TARIFF_MONTHS = ("1-18", "19-36", "37-48", "49-60", "61-120", "121+")
OFFENCES = ("violence", "sexual", "robbery", "arson", "other")
SHORT, TWO_YEARS_OVER, FEMALE = "tariff 2y or less", "2+ years over", "female"
REFORM = day_of(date(2008, 7, 14))  # tariffs under two years mostly ended for sentences from this day
STOCKS: dict[str, tuple[State, ...]] = {
    "never_released": NEVER_RELEASED,
    "recalled": RECALLED,
    "custody_total": CUSTODY,
    "hospital": (State.HOSPITAL,),
    "open": (State.OPEN, State.RECALLED_OPEN),
    "open_never_released": (State.OPEN,),
    "on_licence": ON_LICENCE,
    "in_approved_premises": (State.LICENCE_AP,),
    "at_large": (State.AT_LARGE,),
    "terminated": (State.TERMINATED,),
    "removed": (State.REMOVED,),
    "dead": (State.DEAD,),
    "serving": tuple(state for state in State if state != State.UNSENTENCED and state not in ENDED),
}


def _last_lines(table: Table, people: int, days: Days) -> NDArray[np.int32]:
    """Return the place plus one of each person's last line by the end of each day, 0 if none: (days, people)."""
    at = np.searchsorted(days, table.day, "left")
    lines = np.zeros((len(days) + 1, people), np.int32)
    lines[at, table.person] = np.arange(1, len(at) + 1)  # of several on a day the last stands
    return np.asarray(np.maximum.accumulate(lines[:-1], axis=0))


def _by_group(row: NDArray[np.intp], group: NDArray[np.int64], groups: int, days: int) -> NDArray[np.float64]:
    """Return counts, shape (groups, days), of cases that stand in a day's row and belong to a group."""
    return np.bincount(row * groups + group, minlength=days * groups).reshape(days, groups).T.astype(float)


def _count(where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how many people stand in each row of `where`."""
    return np.asarray(np.count_nonzero(where, axis=1), np.float64)


def _by_state(states: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return how many people are in each state, shape (states, days)."""
    return np.array([_count(states == state) for state in State])


def _keyed(measure: str, labels: tuple[str, ...], counts: NDArray[np.float64]) -> Values:
    return {(measure, label): counts[place] for place, label in enumerate(labels)}


def tariff_band(people: NDArray[np.void]) -> NDArray[np.int64]:
    """Return each person's place in TARIFF: under 2 years, to 4, to 6, to 10, over."""
    edges = np.array([24 * MONTH - SLACK, *(months * MONTH + SLACK for months in (48, 72, 120))])
    return np.asarray(np.searchsorted(edges, people["tariff_days"], "left"), np.int64)


def _over_tariff(people: NDArray[np.void], days: Days, row: NDArray[np.intp], who: NDArray[np.intp]) -> Values:
    """Return the measures of those never released and past tariff: cases (row, who), rows ascending."""
    n, over = len(days), days[row] - people["tariff_expiry"][who].astype(np.int64)
    years, band = whole_years(over, 10), tariff_band(people)[who]
    short = people["tariff_days"][who] <= 24 * MONTH + SLACK
    cross = _by_group(row, years * len(TARIFF) + band, len(OVER) * len(TARIFF), n)
    total, totals = np.bincount(row, minlength=n), np.bincount(row[short], minlength=n)
    summed = [np.bincount(row[some], over[some] / YEAR, n) for some in (slice(None), short)]
    parts = np.split(over, np.cumsum(total)[:-1])
    by_year = cross.reshape(len(OVER), len(TARIFF), n)
    at_least = np.cumsum(by_year[::-1], axis=0)[::-1]
    served = (days[row] - people["sentenced"][who]) > 5 * people["tariff_days"][who].astype(np.int64)
    at_least_labels = tuple(f"{years}+" for years in range(1, 11))
    return {
        ("tariff_expired_unreleased", ""): total.astype(float),
        ("tariff_expired_unreleased", SHORT): totals.astype(float),
        **_keyed("unreleased_by_years_over_tariff", OVER, by_year.sum(1)),
        **_keyed("unreleased_over_tariff_at_least", at_least_labels, at_least[1:].sum(1)),
        **_keyed("unreleased_over_tariff_at_least", tuple(f"{n} | <2y" for n in at_least_labels), at_least[1:, 0]),
        **_keyed("unreleased_over_tariff_by_tariff", tuple(f"{o} | {t}" for o in OVER_Y for t in TARIFF), cross),
        ("unreleased_over_5_times_tariff", ""): np.bincount(row[served], minlength=n).astype(float),
        ("mean_years_over_tariff", ""): ratio(summed[0], total),
        ("mean_years_over_tariff", SHORT): ratio(summed[1], totals),
        ("median_years_over_tariff", ""): np.array([np.median(some) / YEAR if len(some) else np.nan for some in parts]),
    }


def _traits(people: NDArray[np.void]) -> dict[Key, NDArray[np.bool_]]:
    """Return who belongs to each group by which the never released are counted, each of shape (people,)."""
    offence, tariff, band = people["offence"], people["tariff_days"], tariff_band(people)
    months = np.searchsorted([edge * MONTH + SLACK for edge in (18, 36, 48, 60, 120)], tariff, "left")
    old = (band == 0) & (people["sentenced"] < REFORM)
    by_offence = {label: offence == place for place, label in enumerate(OFFENCES)}
    traits = {("never_released_by_offence", label): some for label, some in by_offence.items()}
    traits |= {("never_released_by_tariff", label): band == place for place, label in enumerate(TARIFF)}
    traits |= {("never_released_by_tariff_months", label): months == place for place, label in enumerate(TARIFF_MONTHS)}
    by_offence |= {"": offence >= 0, "arson or other": offence >= 3}
    return traits | {("short_tariff_pre_2008_unreleased", label): old & some for label, some in by_offence.items()}


def _counted(where: NDArray[np.bool_], traits: dict[Key, NDArray[np.bool_]]) -> Values:
    """Return how many with each trait stand in `where`, shape (days, people): a matrix product, exact to 2**24."""
    counts = where.astype(np.float32) @ np.array(list(traits.values()), np.float32).T
    return {key: counts[:, place].astype(float) for place, key in enumerate(traits)}


def _never_released(people: NDArray[np.void], states: NDArray[np.int8], days: Days) -> Values:
    """Return the measures of those in prison and never released; `states` has shape (days, people)."""
    inside, opened = is_one_of(states, NEVER_RELEASED), states == State.OPEN
    expiry = people["tariff_expiry"].astype(np.int64)
    past = inside & (expiry <= days[:, None])
    traits, female = _traits(people), people["sex"] == 1
    opens = {("open_never_released", group): traits["never_released_by_offence", group] for group in OFFENCES}
    opens["open_never_released", "arson or other"] = people["offence"] >= 3
    values = _over_tariff(people, days, *np.nonzero(past)) | _counted(inside, traits) | _counted(opened, opens)
    total, share = _count(inside), "tariff_expired_unreleased_share"
    return values | {
        ("open_never_released", "3+ years over tariff"): _count(opened & (days[:, None] - expiry >= 3 * YEAR)),
        ("pre_tariff_unreleased", ""): total - _count(past),
        (share, ""): 100 * ratio(_count(past), total),
        (share, TWO_YEARS_OVER): 100 * ratio(values["unreleased_over_tariff_at_least", "2+"], total),
        (share, FEMALE): 100 * ratio(_count(past[:, female]), _count(inside[:, female])),
    }


def _released(known_: Known, states: NDArray[np.int8], lines: NDArray[np.int32], days: Days) -> Values:
    """Return the measures of those released: on licence by years since first release, and suspended."""
    row, who = np.nonzero(is_one_of(states, ON_LICENCE))
    since = days[row] - known_.first_release[who]
    suspended = known_.suspended[lines[row, who] - 1]
    by_years = _by_group(row[suspended], whole_years(since[suspended], 20), len(SINCE), len(days))
    since_groups = _by_group(row, whole_years(since, 10), len(OVER), len(days))
    return {
        ("ever_released", ""): np.searchsorted(np.sort(known_.first_release), days, "right").astype(float),
        **_keyed("on_licence_by_years_since_first_release", OVER, since_groups),
        **_keyed("supervision_suspended_by_years", SINCE, by_years),
        ("supervision_suspended", ""): by_years.sum(0),
    }


def _sentenced(people: NDArray[np.void], states: NDArray[np.int8]) -> Values:
    """Return what tariffs were passed, of all sentenced by each day and of those serving."""
    months = people["tariff_days"] / MONTH
    to_date, serving = states != State.UNSENTENCED, is_one_of(states, STOCKS["serving"])
    short = (people["tariff_days"] <= 24 * MONTH + SLACK).astype(float)
    return {
        ("mean_tariff_months", "sentenced to date"): ratio(to_date @ months, to_date.sum(1)),
        ("mean_tariff_months", "serving"): ratio(serving @ months, serving.sum(1)),
        ("share_tariff_2y_or_less", "sentenced to date"): 100 * ratio(to_date @ short, to_date.sum(1)),
    }


def stocks(table: Table, people: NDArray[np.void], days: ArrayLike, known_: Known | None = None) -> Values:
    """Return every stock, mean and share at the end of each of `days` (ascending day numbers): shape (days,)."""
    table, at = in_order(table), np.asarray(days, np.int64)
    known_ = known_ or known(table, people)
    lines = _last_lines(table, len(people), at)
    states = np.concatenate([np.zeros(1, np.int8), table.state])[lines]
    counts, women = (_by_state(some) for some in (states, states[:, people["sex"] == 1]))
    values = {(measure, ""): counts[list(some)].sum(0) for measure, some in STOCKS.items()}
    for measure in ("never_released", "recalled", "custody_total"):
        values[measure, FEMALE] = women[list(STOCKS[measure])].sum(0)
    values |= _never_released(people, states, at)
    return values | _released(known_, states, lines, at) | _sentenced(people, states)
