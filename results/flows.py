"""Flows: what happened in each window asked for, counted from a journal; with sums and means over it."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.counting.happenings import Also, Cells, cells_of, count_people_recalled, happenings, walk
from results.counting.tally import Clock, Counter, blank, lines_of
from results.measures import (
    MOVES,
    NEVER_RELEASED,
    PLACES,
    RECALLED,
    ROUTES,
    SINCE,
    Key,
    Values,
    move,
    ratio,
    whole_years,
)
from results.self_harm import self_harm
from sim.days import MONTH, NEVER
from sim.journal import CUSTODY, ON_LICENCE, Event, State, Table
from sim.law import Law

RECALLS = (Event.RECALLED_NO_CHARGE, Event.RECALLED_CHARGED)
HEARINGS = (Event.HEARING_REFUSED, Event.OPEN_RECOMMENDED, Event.RELEASE_DIRECTED_AT_HEARING)
PAPERS = (Event.PAPERS_REFUSED, Event.RELEASE_DIRECTED_ON_PAPERS)
DEATHS = (Event.DIED, Event.SELF_INFLICTED_DEATH)  # while serving
FLOWS: dict[Key, tuple[Event | Also, ...]] = {
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
    ("termination_grants", ""): (Also.GRANTED,),
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
    ("first_hearing_outcomes", "release directed"): (Also.FIRST_HEARING_RELEASED,),
    ("first_hearing_outcomes", "not directed"): (Also.FIRST_HEARING_NOT_RELEASED,),
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
    ("release_dates_set", ""): (Event.RELEASE_DATE_SET,),
    ("resentenced", ""): (Event.RESENTENCED,),
    ("sentences_served", ""): (Event.SENTENCE_SERVED,),
}
DIED_IN: dict[str, tuple[State, ...]] = {
    "custody": CUSTODY, "custody never released": NEVER_RELEASED, "custody recalled": RECALLED,
    "hospital": (State.HOSPITAL,), "licence": ON_LICENCE, "at large": (State.AT_LARGE,),
}  # fmt: skip
SERVED_IN = ("hospital", "licence", "at large")  # where a sentence may be served to its end; in prison comes release
FROM: dict[Key, tuple[tuple[Event, ...], tuple[State, ...]]] = {  # and the state in which it befell someone
    ("hearings", "never released"): (HEARINGS, NEVER_RELEASED),
    ("hearings", "recalled"): (HEARINGS, (*RECALLED, State.AT_LARGE)),
    ("returned_to_closed", "never released"): ((Event.RETURNED_TO_CLOSED,), (State.OPEN,)),
    **{("deaths", place): (DEATHS, states) for place, states in DIED_IN.items()},
    **{("self_inflicted_deaths", place): ((Event.SELF_INFLICTED_DEATH,), some) for place, some in DIED_IN.items()},
    **{("sentences_served", place): ((Event.SENTENCE_SERVED,), DIED_IN[place]) for place in SERVED_IN},
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


def _deaths_by_years_over_tariff() -> dict[Key, Counter]:
    measure, died = "deaths_never_released_by_years_over_tariff", happenings(DEATHS, NEVER_RELEASED)
    counters = {
        (measure, label): Counter(died, clock=Clock.TARIFF_EXPIRY, years=years, below=below)
        for label, years, below in whole_years(SINCE)
    }
    return counters | {(measure, "within tariff"): Counter(died, clock=Clock.TARIFF_EXPIRY, below=0)}


@cache
def counted() -> tuple[tuple[Key, ...], Cells]:
    """Return the keys of all counters, and the cells that the counters count."""
    every = {key: Counter(happenings(kinds)) for key, kinds in FLOWS.items()}
    every |= {key: Counter(happenings(events, before)) for key, (events, before) in FROM.items()}
    every |= _deaths_by_years_over_tariff()
    for start, end in MOVES:
        every["moves", move(start, end)] = Counter(happenings(tuple(Event), PLACES[start], PLACES[end]))
    ended = happenings((Event.DIED_AFTER_END,))  # whose detail is 1 if self-inflicted
    every["self_inflicted_deaths", "after the end"] = Counter(ended, adds_detail=True)
    every |= {(measure, ""): Counter(happenings(events), adds_detail=True) for measure, (events, _) in SUMS.items()}
    return tuple(every), cells_of(tuple(every.values()))


def people_recalled(table: Table, first: ArrayLike, last: ArrayLike) -> NDArray[np.float64]:
    """Return how many distinct people were recalled in each window from `first` to `last`, both included.

    The two are day numbers of one shape, (windows,); so is the result.
    """
    low, high = np.ascontiguousarray(first, np.int64), np.ascontiguousarray(last, np.int64)
    lines, people = lines_of(table), np.zeros(len(low), np.int64)
    recalls = np.flatnonzero(np.logical_or(*(lines.event == event.value for event in RECALLS)))
    day, person = lines.day[recalls], lines.person[recalls]
    recalled = np.full(person.max(initial=-1) + 1, -NEVER, np.int64)
    count_people_recalled(day, person, low, high, recalled, people)
    return people.astype(float)


def flows(
    table: Table, people: NDArray[np.void], first: ArrayLike, last: ArrayLike, laws: Sequence[Law] = ()
) -> Values:
    """Return every flow, and mean over what happened, in windows from `first` to `last`, both included.

    The two are day numbers of one shape, (windows,); so is each result. People recalled are not among them. `laws`
    are those that people lived under, by variant, for what is counted with a rate of the book (none: the current).
    """
    low, high = np.asarray(first, np.int64), np.asarray(last, np.int64)
    days, edges = np.unique(np.stack([low - 1, high]), return_inverse=True)
    keys, cells = counted()
    tally = blank(cells.counters, days, np.ones((len(people), 1), np.int32), people)
    lines = lines_of(table)
    walk(lines, tally, cells)
    so_far = tally.counted()
    values: Values = dict(zip(keys, (so_far[:, edges[1]] - so_far[:, edges[0]]).astype(float), strict=True))
    for measure, (_, unit) in SUMS.items():
        values[measure, ""] /= unit
    for measure, (above, below) in MEANS.items():
        values[measure, ""] = ratio(values[above, ""], values[below, ""])
    return values | {("self_harm_incidents", ""): self_harm(lines, people, low, high, laws)}
