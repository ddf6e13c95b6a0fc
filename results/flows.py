"""Flows: what happened in each window asked for, counted from a journal; with sums and means over it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.measures import (
    MOVES,
    NEVER_RELEASED,
    PLACES,
    RECALLED,
    ROUTES,
    SINCE,
    Days,
    Key,
    Known,
    Values,
    in_order,
    is_one_of,
    known,
    move,
    ratio,
    whole_years,
)
from results.self_harm import self_harm
from sim.days import MONTH
from sim.journal import CUSTODY, ON_LICENCE, Event, State, Table
from sim.law import Law

RECALLS = (Event.RECALLED_NO_CHARGE, Event.RECALLED_CHARGED)
HEARINGS = (Event.HEARING_REFUSED, Event.OPEN_RECOMMENDED, Event.RELEASE_DIRECTED_AT_HEARING)
PAPERS = (Event.PAPERS_REFUSED, Event.RELEASE_DIRECTED_ON_PAPERS)
DEATHS = (Event.DIED, Event.SELF_INFLICTED_DEATH)  # while serving
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
    ("serious_further_offences", ""): (Event.SERIOUS_FURTHER_OFFENCE, Event.SERIOUS_OFFENCE_AFTER_END),
    ("serious_further_offences", "on licence"): (Event.SERIOUS_FURTHER_OFFENCE,),
    ("serious_further_offences", "after the end"): (Event.SERIOUS_OFFENCE_AFTER_END,),
    ("reoffences", ""): (Event.CHARGED, Event.REOFFENDED_AFTER_END),
    ("reoffences", "on licence"): (Event.CHARGED,),
    ("reoffences", "after the end"): (Event.REOFFENDED_AFTER_END,),
    ("deaths_after_end", ""): (Event.DIED_AFTER_END,),
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
    ("revocations_disregarded", ""): (Event.REVOCATION_DISREGARDED,),
    ("officer_changes", ""): (Event.OFFICER_CHANGED,),
    ("support", "arranged"): (Event.SUPPORT_ARRANGED,),
    ("support", "not found"): (Event.SUPPORT_NOT_FOUND,),
    ("contacts_kept", ""): (Event.CONTACT_KEPT,),
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


def _first_hearings(table: Table, people: NDArray[np.void]) -> dict[str, NDArray[np.intp]]:
    """Return the lines of each person's first oral hearing on or after tariff expiry, by outcome."""
    held = np.nonzero(is_one_of(table.event, HEARINGS) & (table.day >= people["tariff_expiry"][table.person]))[0]
    first = np.sort(held[np.unique(table.person[held], return_index=True)[1]])
    released = table.event[first] == Event.RELEASE_DIRECTED_AT_HEARING
    return {"release directed": first[released], "not directed": first[~released]}


def _grants(table: Table) -> NDArray[np.intp]:
    """Return the lines of the Board's grants: one made in custody is written again when it takes effect."""
    early = table.event == Event.TERMINATION_GRANTED_IN_CUSTODY
    ended = (table.event == Event.TERMINATED_BY_BOARD) & ~np.isin(table.person, table.person[early])
    return np.nonzero(early | ended)[0]


def _death_lines(table: Table, people: NDArray[np.void]) -> dict[Key, NDArray[np.intp]]:
    """Return the lines of deaths, by where and whether self-inflicted, and of the never released by years past tariff.

    The total of the self-inflicted leaves out those after the end, as that of deaths does.
    """
    died = np.nonzero(is_one_of(table.event, DEATHS))[0]
    lines = {("deaths", place): died[np.isin(table.detail[died], some)] for place, some in DIED_IN.items()}
    own = {place: some[table.event[some] == Event.SELF_INFLICTED_DEATH] for (_, place), some in lines.items()}
    own |= {"": died[table.event[died] == Event.SELF_INFLICTED_DEATH]}
    own["after the end"] = np.nonzero((table.event == Event.DIED_AFTER_END) & (table.detail == 1))[0]
    lines |= {("self_inflicted_deaths", place): some for place, some in own.items()}
    here = lines["deaths", "custody never released"]
    over = table.day[here].astype(np.int64) - people["tariff_expiry"][table.person[here]]
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
    lines |= {("first_hearing_outcomes", group): some for group, some in _first_hearings(table, people).items()}
    lines |= _death_lines(table, people) | _moves(table, known_)
    return lines | {("termination_grants", ""): _grants(table)}


def _sums(table: Table) -> dict[Key, _Counter]:
    counters = {}
    for measure, (events, unit) in SUMS.items():
        lines = np.nonzero(is_one_of(table.event, events))[0]
        counters[measure, ""] = _Counter(table.day[lines], table.detail[lines] / unit)
    return counters


def people_recalled(table: Table, first: int, last: int) -> int:
    """Return how many distinct people were recalled from day `first` to day `last`, both included."""
    recalled = is_one_of(table.event, RECALLS) & (table.day >= first) & (table.day <= last)
    return len(np.unique(table.person[recalled]))


def flows(
    table: Table,
    people: NDArray[np.void],
    first: ArrayLike,
    last: ArrayLike,
    known_: Known | None = None,
    laws: Sequence[Law] = (),
) -> Values:
    """Return every flow, and mean over what happened, in windows from `first` to `last`, both included.

    The two are day numbers of one shape, (windows,); so is each result. People recalled are not among them. `laws`
    are those that people lived under, by variant, for what is counted with a rate of the book (none: the current).
    """
    table = in_order(table)
    known_, low, high = known_ or known(table, people), np.asarray(first, np.int64), np.asarray(last, np.int64)
    counters = {key: _Counter(table.day[lines]) for key, lines in _lines_by_key(table, people, known_).items()}
    values = {key: counter.between(low, high) for key, counter in (counters | _sums(table)).items()}
    for measure, (above, below) in MEANS.items():
        values[measure, ""] = ratio(values[above, ""], values[below, ""])
    return values | {("self_harm_incidents", ""): self_harm(table, people, low, high, laws)}
