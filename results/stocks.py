"""Stocks: who stands where at the end of each day asked for, counted from a journal; with means and shares of them."""

from datetime import date
from functools import cache
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.counting.middle import middle_expiry, middle_of
from results.counting.stays import Places, place_within, places_of, standings, walk
from results.counting.tally import Clock, Counter, blank, first_expiry, lines_of
from results.measures import NEVER_RELEASED, OVER, RECALLED, SINCE, SLACK, Days, Key, Values, ratio, whole_years
from sim.days import MONTH, YEAR, day_of
from sim.journal import CUSTODY, ENDED, ON_LICENCE, State, Table

OVER_Y = ("<1y", *(f"{n}-{n + 1}y" for n in range(1, 10)), "10y+")  # as the published cross-table says it
TARIFF = ("<2y", "2-4y", ">4-6y", ">6-10y", ">10y")
TARIFF_MONTHS = ("1-18", "19-36", "37-48", "49-60", "61-120", "121+")
OFFENCES = ("violence", "sexual", "robbery", "arson", "other")
ARSON_OR_OTHER = "arson or other"
SHORT, TWO_YEARS_OVER, FEMALE = "tariff 2y or less", "2+ years over", "female"
EXPIRY = "day of expiry"
EXPIRY_SHORT = f"{EXPIRY}, {SHORT}"
TO_DATE = "sentenced to date"
REFORM = day_of(date(2008, 7, 14))  # tariffs under two years mostly ended for sentences from this day
CROSS = "unreleased_over_tariff_by_tariff"
SENTENCED = tuple(state for state in State if state != State.UNSENTENCED)
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
    "serving": tuple(state for state in SENTENCED if state not in ENDED),
}
Counted = dict[Key, Counter]


def nobody() -> NDArray[np.void]:
    """Return no people at all, with all that is counted of people; shape (0,)."""
    return np.zeros(0, [(name, np.int32) for name in ("sentenced", "tariff_days", "sex", "offence")])


def tariff_band(people: NDArray[np.void]) -> Days:
    """Return each person's place in TARIFF: under 2 years, to 4, to 6, to 10, over."""
    edges = np.array([24 * MONTH - SLACK, *(months * MONTH + SLACK for months in (48, 72, 120))])
    return np.asarray(np.searchsorted(edges, people["tariff_days"], "left"), np.int64)


def traits(people: NDArray[np.void]) -> dict[str, NDArray[np.int32]]:
    """Return what people are counted by: 1 for who has a trait and 0 for others, or an amount; shape (people,).

    Days of expiry are those of the first tariff.
    """
    tariff, offence = (np.ascontiguousarray(people[name]) for name in ("tariff_days", "offence"))
    band = tariff_band(people)
    months = np.searchsorted([edge * MONTH + SLACK for edge in (18, 36, 48, 60, 120)], tariff, "left")
    short, old = tariff <= 24 * MONTH + SLACK, (band == 0) & (people["sentenced"] < REFORM)
    offences = {label: offence == place for place, label in enumerate(OFFENCES)} | {ARSON_OR_OTHER: offence >= 3}
    amounts = {
        "everyone": np.ones(len(people)),
        FEMALE: people["sex"] == 1,
        SHORT: short,
        "days of tariff": tariff,
        EXPIRY: first_expiry(people),
        EXPIRY_SHORT: first_expiry(people) * short,
        **{f"tariff {label}": band == place for place, label in enumerate(TARIFF)},
        **{f"months {label}": months == place for place, label in enumerate(TARIFF_MONTHS)},
        **offences,
        "old": old,
        **{f"old, {label}": old & some for label, some in offences.items()},
    }
    return {name: np.asarray(amount, np.int32) for name, amount in amounts.items()}


def _by_trait() -> Counted:
    """Return the counters of the never released, and of those in open conditions, by offence and tariff."""
    inside, opened = standings(NEVER_RELEASED), standings((State.OPEN,))
    short = "short_tariff_pre_2008_unreleased"
    return {
        **{("never_released_by_offence", label): Counter(inside, label) for label in OFFENCES},
        **{("never_released_by_tariff", label): Counter(inside, f"tariff {label}") for label in TARIFF},
        **{("never_released_by_tariff_months", label): Counter(inside, f"months {label}") for label in TARIFF_MONTHS},
        (short, ""): Counter(inside, "old"),
        **{(short, label): Counter(inside, f"old, {label}") for label in (*OFFENCES, ARSON_OR_OTHER)},
        **{("open_never_released", label): Counter(opened, label) for label in (*OFFENCES, ARSON_OR_OTHER)},
        ("open_never_released", "3+ years over tariff"): Counter(opened, "everyone", Clock.TARIFF_EXPIRY, 3),
    }


def _past(trait: str = "everyone", years: float = 0, below: float = inf) -> Counter:
    """Return the counter of the never released so many years past tariff."""
    return Counter(standings(NEVER_RELEASED), trait, Clock.TARIFF_EXPIRY, years, below)


def _past_tariff() -> Counted:
    """Return the counters of the never released and past tariff, with the sums that their means need."""
    return {
        **{
            (CROSS, f"{label} | {tariff}"): _past(f"tariff {tariff}", years, below)
            for label, years, below in whole_years(OVER_Y) for tariff in TARIFF
        },
        ("tariff_expired_unreleased", SHORT): _past(SHORT),
        ("unreleased_over_5_times_tariff", ""): Counter(
            standings(NEVER_RELEASED), clock=Clock.FIVE_TARIFFS, years=0
        ),
        ("_past_tariff", FEMALE): _past(FEMALE),
        ("_expiry", ""): _past(EXPIRY),
        ("_expiry", SHORT): _past(EXPIRY_SHORT),
    }  # fmt: skip


def _released() -> Counted:
    """Return the counters of those released, by years since first release: on licence, and suspended."""
    return {
        **_by_years_since_release("supervision_suspended_by_years", SINCE, standings(ON_LICENCE, suspended=True)),
        **_by_years_since_release("on_licence_by_years_since_first_release", OVER, standings(ON_LICENCE)),
    }


def _by_years_since_release(measure: str, labels: tuple[str, ...], codes: NDArray[np.bool_]) -> Counted:
    return {
        (measure, label): Counter(codes, clock=Clock.FIRST_RELEASE, years=years, below=below)
        for label, years, below in whole_years(labels)
    }


def _to_date() -> Counted:
    """Return the counters of all sentenced, or released, to date, wherever they are by then."""
    sentenced = standings(SENTENCED)
    return {
        ("_sentenced", SHORT): Counter(sentenced, SHORT),
        ("_tariffs", ""): Counter(sentenced, "days of tariff"),
        ("ever_released", ""): Counter(sentenced, clock=Clock.FIRST_RELEASE, years=0),
    }


@cache
def counted() -> tuple[tuple[Key, ...], Places]:
    """Return the keys of all counters, and the places that they count; a measure that begins with _ is only a step."""
    inside = {"never_released": NEVER_RELEASED, "recalled": RECALLED}
    every = {(measure, FEMALE): Counter(standings(states), FEMALE) for measure, states in inside.items()}
    every |= _by_trait() | _past_tariff() | _released() | _to_date()
    every["_tariffs", "ended"] = Counter(standings(ENDED), "days of tariff")
    return tuple(every), places_of(tuple(every.values()), tuple(traits(nobody())))


def _standing(stood: NDArray[np.float64]) -> Values:
    """Return how many people of all are where, of how many have each standing; shape (standings, days)."""
    values = {(measure, ""): stood[standings(states)].sum(0) for measure, states in STOCKS.items()}
    return values | {
        ("supervision_suspended", ""): stood[standings(ON_LICENCE, suspended=True)].sum(0),
        ("_sentenced", ""): stood[standings(SENTENCED)].sum(0),
    }


def _added_up(counts: Values) -> Values:
    """Return what women in prison, and the cross-table of years past tariff by length of tariff, add up to."""
    cross = np.array([[counts[CROSS, f"{over} | {tariff}"] for tariff in TARIFF] for over in OVER_Y])
    over, at_least = cross.sum(1), np.cumsum(cross[::-1], axis=0)[::-1]  # (years, days) and (years, tariffs, days)
    measure, past = "unreleased_over_tariff_at_least", at_least[0].sum(0)
    return {
        ("custody_total", FEMALE): counts["never_released", FEMALE] + counts["recalled", FEMALE],
        ("tariff_expired_unreleased", ""): past,
        ("pre_tariff_unreleased", ""): counts["never_released", ""] - past,
        **{("unreleased_by_years_over_tariff", label): over[n] for n, label in enumerate(OVER)},
        **{(measure, f"{years}+"): at_least[years].sum(0) for years in range(1, len(OVER))},
        **{(measure, f"{years}+ | <2y"): at_least[years, TARIFF.index("<2y")] for years in range(1, len(OVER))},
    }


def _means(counts: Values, days: Days, middles: NDArray[np.float64]) -> Values:
    """Return the means, medians and shares of what was counted by the end of each day."""
    past, share, mean = "tariff_expired_unreleased", "tariff_expired_unreleased_share", "mean_years_over_tariff"
    values = {
        (mean, group): ratio(days * counts[past, group] - counts["_expiry", group], counts[past, group]) / YEAR
        for group in ("", SHORT)
    }
    inside, to_date, tariffs = (counts[measure, ""] for measure in ("never_released", "_sentenced", "_tariffs"))
    return values | {
        ("mean_tariff_months", TO_DATE): ratio(tariffs, to_date) / MONTH,
        ("mean_tariff_months", "serving"): ratio(tariffs - counts["_tariffs", "ended"], counts["serving", ""]) / MONTH,
        ("median_years_over_tariff", ""): (days - middles) / YEAR,
        (share, ""): 100 * ratio(counts[past, ""], inside),
        (share, TWO_YEARS_OVER): 100 * ratio(counts["unreleased_over_tariff_at_least", "2+"], inside),
        (share, FEMALE): 100 * ratio(counts["_past_tariff", FEMALE], counts["never_released", FEMALE]),
        ("share_tariff_2y_or_less", TO_DATE): 100 * ratio(counts["_sentenced", SHORT], to_date),
    }


def stocks(table: Table, people: NDArray[np.void], days: ArrayLike) -> Values:
    """Return every stock, mean and share at the end of each of `days` (ascending day numbers): shape (days,)."""
    at, lines, (keys, places) = np.asarray(days, np.int64), lines_of(table), counted()
    who = traits(people)
    expiries = [list(who).index(name) for name in (EXPIRY, EXPIRY_SHORT)]
    tally = blank(places.counters, at, np.ascontiguousarray(np.array(list(who.values())).T), people, expiries)
    middle = middle_of(place_within(places, NEVER_RELEASED), len(at), len(lines.day) + len(people))
    stood = walk(lines, tally, places, middle)
    counts: Values = _standing(stood.astype(float)) | dict(zip(keys, tally.counted().astype(float), strict=True))
    counts |= _added_up(counts)
    values = counts | _means(counts, at, middle_expiry(middle))
    return {key: value for key, value in values.items() if not key[0].startswith("_")}
