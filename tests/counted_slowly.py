"""Counted slowly: every measure of a journal by numpy over whole columns, which the compiled walks must agree with."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.measures import MOVES, PLACES, move
from scenarios import current_law
from sim.days import HORIZON, MONTH, NEVER, YEAR, day_of
from sim.journal import CUSTODY, ENDED, ON_LICENCE, Event, State, Table

Key = tuple[str, str]
Values = dict[Key, NDArray[np.float64]]
Days = NDArray[np.int64]

OVER = (*(f"{n}-{n + 1}" for n in range(10)), "10+")
SINCE = (*(f"{n}-{n + 1}" for n in range(20)), "20+")
NEVER_RELEASED = (State.PRE_TARIFF, State.CLOSED, State.OPEN)
RECALLED = (State.RECALLED, State.RECALLED_OPEN)
ROUTES = {
    "board": Event.RERELEASED_BY_BOARD, "executive": Event.RERELEASED_BY_EXECUTIVE,
    "hospital": Event.RERELEASED_FROM_HOSPITAL, "fixed date": Event.RERELEASED_ON_DATE,
}  # fmt: skip
RELEASES = (Event.FIRST_RELEASED, *ROUTES.values(), Event.RECALL_RESCINDED)
# A tariff of whole months varies by up to two days with the calendar; this keeps it on its side of an edge.
SLACK = 2


class Known(NamedTuple):
    """What each line of a journal cannot say by itself."""

    again: Days  # by person, the day of a later sentence; NEVER if there was none

    before: NDArray[np.int8]  # the state that the person was in
    suspended: NDArray[np.bool_]  # supervision suspended since the last release, by this line
    first_release: Days  # by person; NEVER if there was none


def in_order(table: Table) -> Table:
    """Return the journal with its days ascending; lines of one day keep their order."""
    if np.all(table.day[1:] >= table.day[:-1]):
        return table
    order = np.argsort(table.day, kind="stable")
    return Table._make(column[order] for column in table)


def is_one_of(values: NDArray[np.int8], wanted: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which values (states or events, under 128) are among `wanted`, same shape."""
    among = np.zeros(128, bool)
    among[list(wanted)] = True
    return np.asarray(among[values])


def known(table: Table, people: NDArray[np.void]) -> Known:
    """Return the state before each line, whether supervision is suspended after it, and first releases."""
    order = np.argsort(table.person, kind="stable")
    person, event, place = table.person[order], table.event[order], np.arange(len(order))
    starts = np.maximum.accumulate(np.where(np.diff(person, prepend=-1) != 0, place, 0))
    before = np.where(place == starts, State.UNSENTENCED, np.roll(table.state[order], 1))
    suspended = np.maximum.accumulate(np.where(event == Event.SUPERVISION_SUSPENDED, place, -1))
    released = np.maximum.accumulate(np.where(is_one_of(event, RELEASES), place, -1))
    back = np.argsort(order, kind="stable")
    first = np.full(len(people), NEVER, np.int64)
    once = table.event == Event.FIRST_RELEASED
    first[table.person[once]] = table.day[once]
    twice, again = table.event == Event.SENTENCED_AGAIN, np.full(len(people), NEVER, np.int64)
    again[table.person[twice]] = table.day[twice]
    return Known(again, before[back].astype(np.int8), (suspended > np.maximum(released, starts - 1))[back], first)


def tariff_from(people: NDArray[np.void], known_: Known, day: NDArray[Any], who: NDArray[Any]) -> Days:
    """Return the day from which the tariff in force on a day runs, for each of `who`."""
    return np.where(known_.again[who] <= day, known_.again[who], people["sentenced"][who]).astype(np.int64)


def ratio(above: ArrayLike, below: ArrayLike) -> NDArray[np.float64]:
    """Return `above` / `below`, not-a-number where there is nobody."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.true_divide(above, below), np.float64)


def whole_years(days: Days, most: int) -> NDArray[np.int64]:
    """Return the whole years in each of `days`, at most `most`; between -1 year and 0 they are 0."""
    return np.asarray(np.minimum(days / YEAR, most), np.int64)

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


def _over_tariff(
    people: NDArray[np.void], known_: Known, days: Days, row: NDArray[np.intp], who: NDArray[np.intp]
) -> Values:
    """Return the measures of those never released and past tariff: cases (row, who), rows ascending."""
    tariff = people["tariff_days"][who].astype(np.int64)
    n, served = len(days), days[row] - tariff_from(people, known_, days[row], who)
    over = served - tariff
    years, band = whole_years(over, 10), tariff_band(people)[who]
    short = people["tariff_days"][who] <= 24 * MONTH + SLACK
    cross = _by_group(row, years * len(TARIFF) + band, len(OVER) * len(TARIFF), n)
    total, totals = np.bincount(row, minlength=n), np.bincount(row[short], minlength=n)
    summed = [np.bincount(row[some], over[some] / YEAR, n) for some in (slice(None), short)]
    parts = np.split(over, np.cumsum(total)[:-1])
    by_year = cross.reshape(len(OVER), len(TARIFF), n)
    at_least = np.cumsum(by_year[::-1], axis=0)[::-1]
    at_least_labels = tuple(f"{years}+" for years in range(1, 11))
    return {
        ("tariff_expired_unreleased", ""): total.astype(float),
        ("tariff_expired_unreleased", SHORT): totals.astype(float),
        **_keyed("unreleased_by_years_over_tariff", OVER, by_year.sum(1)),
        **_keyed("unreleased_over_tariff_at_least", at_least_labels, at_least[1:].sum(1)),
        **_keyed("unreleased_over_tariff_at_least", tuple(f"{n} | <2y" for n in at_least_labels), at_least[1:, 0]),
        **_keyed("unreleased_over_tariff_by_tariff", tuple(f"{o} | {t}" for o in OVER_Y for t in TARIFF), cross),
        ("unreleased_over_5_times_tariff", ""): np.bincount(row[served > 5 * tariff], minlength=n).astype(float),
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


def _never_released(people: NDArray[np.void], known_: Known, states: NDArray[np.int8], days: Days) -> Values:
    """Return the measures of those in prison and never released; `states` has shape (days, people)."""
    inside, opened = is_one_of(states, NEVER_RELEASED), states == State.OPEN
    expiry = tariff_from(people, known_, days[:, None], np.arange(len(people))) + people["tariff_days"]
    past = inside & (expiry <= days[:, None])
    traits, female = _traits(people), people["sex"] == 1
    opens = {("open_never_released", group): traits["never_released_by_offence", group] for group in OFFENCES}
    opens["open_never_released", "arson or other"] = people["offence"] >= 3
    values = _over_tariff(people, known_, days, *np.nonzero(past)) | _counted(inside, traits) | _counted(opened, opens)
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
    values |= _never_released(people, known_, states, at)
    return values | _released(known_, states, lines, at) | _sentenced(people, states)

RECALLS = (Event.RECALLED_NO_CHARGE, Event.RECALLED_CHARGED)
HEARINGS = (Event.HEARING_REFUSED, Event.OPEN_RECOMMENDED, Event.RELEASE_DIRECTED_AT_HEARING)
PAPERS = (Event.PAPERS_REFUSED, Event.RELEASE_DIRECTED_ON_PAPERS)
DEATHS = (Event.DIED, Event.SELF_INFLICTED_DEATH)
FLOWS: dict[Key, tuple[Event, ...]] = {
    ("sentenced", ""): (Event.SENTENCED,),
    ("first_releases", ""): (Event.FIRST_RELEASED,),
    ("recalls", ""): RECALLS,
    ("recalls", "no new charge"): (Event.RECALLED_NO_CHARGE,),
    ("recalls", "new charge"): (Event.RECALLED_CHARGED,),
    ("rereleases", ""): tuple(ROUTES.values()),
    **{("rereleases", route): (event,) for route, event in ROUTES.items()},
    ("recalls_rescinded", ""): (Event.RECALL_RESCINDED,),
    ("terminations", ""): (Event.TERMINATED_BY_BOARD, Event.TERMINATED_AUTOMATICALLY),
    ("terminations", "board"): (Event.TERMINATED_BY_BOARD,),
    ("terminations", "automatic"): (Event.TERMINATED_AUTOMATICALLY,),
    ("termination_references", ""): (Event.REFERRED_FOR_TERMINATION,),
    ("termination_requests", ""): (Event.TERMINATION_REQUESTED,),
    ("termination_refusals", ""): (Event.TERMINATION_REFUSED,),
    ("deaths", ""): DEATHS,
    ("self_inflicted_deaths", ""): (Event.SELF_INFLICTED_DEATH,),
    ("deaths_after_end", ""): (Event.DIED_AFTER_END,),
    ("serious_further_offences", ""): (Event.SERIOUS_FURTHER_OFFENCE, Event.SERIOUS_OFFENCE_AFTER_END),
    ("serious_further_offences", "on licence"): (Event.SERIOUS_FURTHER_OFFENCE,),
    ("serious_further_offences", "after the end"): (Event.SERIOUS_OFFENCE_AFTER_END,),
    ("reoffences", ""): (Event.CHARGED, Event.REOFFENDED_AFTER_END),
    ("reoffences", "on licence"): (Event.CHARGED,),
    ("reoffences", "after the end"): (Event.REOFFENDED_AFTER_END,),
    ("hearings", ""): HEARINGS,
    ("hearings_deferred", ""): (Event.HEARING_DEFERRED,),
    ("papers_decided", ""): PAPERS,
    ("reviews_concluded", ""): HEARINGS + PAPERS,
    ("sent_to_hearing", ""): (Event.SENT_TO_HEARING,),
    ("parole_outcomes", "release"): (Event.RELEASE_DIRECTED_ON_PAPERS, Event.RELEASE_DIRECTED_AT_HEARING),
    ("parole_outcomes", "open"): (Event.OPEN_RECOMMENDED,),
    ("parole_outcomes", "stay"): (Event.PAPERS_REFUSED, Event.HEARING_REFUSED),
    ("open_accepted", ""): (Event.OPEN_ACCEPTED,),
    ("open_refused", ""): (Event.OPEN_REFUSED,),
    ("returned_to_closed", ""): (Event.RETURNED_TO_CLOSED,),
    ("hospital_transfers", ""): (Event.TO_HOSPITAL,),
    ("hospital_returns", ""): (Event.BACK_FROM_HOSPITAL,),
    ("removals", ""): (Event.REMOVED,),
    ("suspensions", ""): (Event.SUPERVISION_SUSPENDED,),
    ("incidents", "warned"): (Event.WARNED,),
    ("incidents", "stepped up"): (Event.SUPPORT_STEPPED_UP,),
    ("officer_changes", ""): (Event.OFFICER_CHANGED,),
    ("support", "arranged"): (Event.SUPPORT_ARRANGED,),
    ("support", "not found"): (Event.SUPPORT_NOT_FOUND,),
    ("contacts_kept", ""): (Event.CONTACT_KEPT,),
    ("release_dates_set", ""): (Event.RELEASE_DATE_SET,),
    ("resentenced", ""): (Event.RESENTENCED,),
    ("sentences_served", ""): (Event.SENTENCE_SERVED,),
    ("revocations_disregarded", ""): (Event.REVOCATION_DISREGARDED,),
}
SUMS: dict[str, tuple[tuple[Event, ...], float]] = {  # details added up, each divided by the second
    "days_review_late_sum": (HEARINGS + PAPERS, 1),
    "days_to_listing_sum": ((Event.SENT_TO_HEARING,), 1),
    "months_recalled_sum": (tuple(ROUTES.values()), MONTH),
}
MEANS = {
    "mean_days_review_late": ("days_review_late_sum", "reviews_concluded"),
    "mean_days_to_listing": ("days_to_listing_sum", "sent_to_hearing"),
    "mean_months_recalled": ("months_recalled_sum", "rereleases"),
}
DIED_IN: dict[str, tuple[State, ...]] = {
    "custody": CUSTODY, "custody never released": NEVER_RELEASED, "custody recalled": RECALLED,
    "hospital": (State.HOSPITAL,), "licence": ON_LICENCE, "at large": (State.AT_LARGE,),
}  # fmt: skip


class _Counter(NamedTuple):
    """Happenings in order of day, each with a weight where they are not counted but added up."""

    day: NDArray[np.int16]
    weight: NDArray[np.float64] | None = None

    def between(self, first: Days, last: Days) -> NDArray[np.float64]:
        """Return the count or sum from `first` to `last`, both included, shape of the windows."""
        low, high = np.searchsorted(self.day, first, "left"), np.searchsorted(self.day, last, "right")
        if self.weight is None:
            return np.asarray(high - low, np.float64)
        so_far = np.concatenate([[0.0], np.cumsum(self.weight)])
        return np.asarray(so_far[high] - so_far[low])


def _over(table: Table, people: NDArray[np.void], known_: Known) -> Days:
    """Return the days since the expiry of the tariff in force, at each line."""
    return table.day - tariff_from(people, known_, table.day, table.person) - people["tariff_days"][table.person]


def _first_hearings(table: Table, people: NDArray[np.void], known_: Known) -> dict[str, NDArray[np.intp]]:
    """Return the lines of each person's first oral hearing on or after tariff expiry, by outcome."""
    held = np.nonzero(is_one_of(table.event, HEARINGS) & (_over(table, people, known_) >= 0))[0]
    first = np.sort(held[np.unique(table.person[held], return_index=True)[1]])
    released = table.event[first] == Event.RELEASE_DIRECTED_AT_HEARING
    return {"release directed": first[released], "not directed": first[~released]}


def _grants(table: Table) -> NDArray[np.intp]:
    """Return the lines of the Board's grants: one made in custody is written again when it takes effect."""
    early = table.event == Event.TERMINATION_GRANTED_IN_CUSTODY
    ended = (table.event == Event.TERMINATED_BY_BOARD) & ~np.isin(table.person, table.person[early])
    return np.nonzero(early | ended)[0]


def _death_lines(table: Table, people: NDArray[np.void], known_: Known) -> dict[Key, NDArray[np.intp]]:
    """Return the lines of deaths, by where, and of the never released by years past tariff."""
    died = np.nonzero(is_one_of(table.event, DEATHS))[0]
    lines = {("deaths", place): died[np.isin(table.detail[died], some)] for place, some in DIED_IN.items()}
    own = {place: some[table.event[some] == Event.SELF_INFLICTED_DEATH] for (_, place), some in lines.items()}
    lines |= {("self_inflicted_deaths", place): some for place, some in own.items()}
    after = np.nonzero((table.event == Event.DIED_AFTER_END) & (table.detail == 1))[0]
    lines["self_inflicted_deaths", "after the end"] = after
    served = np.nonzero(table.event == Event.SENTENCE_SERVED)[0]
    for where in ("hospital", "licence", "at large"):
        lines["sentences_served", where] = served[np.isin(table.detail[served], DIED_IN[where])]
    here = lines["deaths", "custody never released"]
    over = _over(table, people, known_)[here]
    measure = "deaths_never_released_by_years_over_tariff"
    for place, label in enumerate(SINCE):
        lines[measure, label] = here[(over >= 0) & (whole_years(over, 20) == place)]
    return lines | {(measure, "within tariff"): here[over < 0]}


def _moves(table: Table, known_: Known) -> dict[Key, NDArray[np.intp]]:
    """Return the lines at which someone goes from one of PLACES to another, by from and to."""
    place_of = np.zeros(len(State), np.int8)
    for place, states in enumerate(PLACES.values()):
        place_of[list(states)] = place
    names, start, end = list(PLACES), place_of[known_.before], place_of[table.state]
    pairs = {(a, b): (start == names.index(a)) & (end == names.index(b)) for a, b in MOVES}
    return {("moves", move(*pair)): np.nonzero(where)[0] for pair, where in pairs.items()}


def _lines_by_key(table: Table, people: NDArray[np.void], known_: Known) -> dict[Key, NDArray[np.intp]]:
    """Return the lines that each flow counts, in order of day."""
    by_event = {event: np.nonzero(table.event == event)[0] for event in Event}
    lines = {key: np.sort(np.concatenate([by_event[event] for event in events])) for key, events in FLOWS.items()}
    held, closed = lines["hearings", ""], lines["returned_to_closed", ""]
    lines["hearings", "never released"] = held[is_one_of(known_.before[held], NEVER_RELEASED)]
    lines["hearings", "recalled"] = held[is_one_of(known_.before[held], (*RECALLED, State.AT_LARGE))]
    lines["returned_to_closed", "never released"] = closed[known_.before[closed] == State.OPEN]
    lines |= {("first_hearing_outcomes", group): some for group, some in _first_hearings(table, people, known_).items()}
    lines |= _death_lines(table, people, known_) | _moves(table, known_)
    return lines | {("termination_grants", ""): _grants(table)}


def _sums(table: Table) -> dict[Key, _Counter]:
    counters = {}
    for measure, (events, unit) in SUMS.items():
        lines = np.nonzero(is_one_of(table.event, events))[0]
        counters[measure, ""] = _Counter(table.day[lines], table.detail[lines] / unit)
    return counters


def _self_harm(table: Table, known_: Known) -> _Counter:
    """Return each day, with the incidents of self-harm expected on it under the current law."""
    days = np.arange(HORIZON + 1)
    change = is_one_of(table.state, CUSTODY).astype(int) - is_one_of(known_.before, CUSTODY)
    inside = np.cumsum(np.bincount(table.day, change, len(days)))
    rule = current_law().rule("self_harm_rate")
    return _Counter(days.astype(np.int16), inside * np.array([rule.on(int(day)).value[0] for day in days]) / YEAR)


def people_recalled(table: Table, first: int, last: int) -> int:
    """Return how many distinct people were recalled from day `first` to day `last`, both included."""
    recalled = is_one_of(table.event, RECALLS) & (table.day >= first) & (table.day <= last)
    return len(np.unique(table.person[recalled]))


def flows(
    table: Table, people: NDArray[np.void], first: ArrayLike, last: ArrayLike, known_: Known | None = None
) -> Values:
    """Return every flow, and mean over what happened, in windows from `first` to `last`, both included.

    The two are day numbers of one shape, (windows,); so is each result. People recalled are not among them.
    """
    table = in_order(table)
    known_, low, high = known_ or known(table, people), np.asarray(first, np.int64), np.asarray(last, np.int64)
    counters = {key: _Counter(table.day[lines]) for key, lines in _lines_by_key(table, people, known_).items()}
    values = {key: counter.between(low, high) for key, counter in (counters | _sums(table)).items()}
    for measure, (above, below) in MEANS.items():
        values[measure, ""] = ratio(values[above, ""], values[below, ""])
    return values | {("self_harm_incidents", ""): _self_harm(table, known_).between(low, high)}
