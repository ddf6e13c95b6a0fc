"""Measures: what is counted of a journal, in the words of the published figures, and what counting it needs.

A key is (measure, group); the group '' is everyone. MEASURES says what each measure is.
"""

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.journal import ON_LICENCE, Event, State

Key = tuple[str, str]
Values = dict[Key, NDArray[np.float64]]
Days = NDArray[np.int64]


class Measure(NamedTuple):
    """What a measure is: a count or a mean, on a day ('stock') or over a window ('flow')."""

    kind: str  # stock, flow, share or mean
    over: str  # day or window
    unit: str
    meaning: str


def _stock(meaning: str, unit: str = "persons") -> Measure:
    return Measure("stock", "day", unit, meaning)


def _flow(meaning: str, unit: str = "events") -> Measure:
    return Measure("flow", "window", unit, meaning)


MEASURES: dict[str, Measure] = {
    "never_released": _stock("In prison and never released; by sex, female. Secure hospital is not prison."),
    "recalled": _stock("In prison after a recall; by sex, female."),
    "custody_total": _stock("In prison, never released or recalled; by sex, female."),
    "hospital": _stock("In secure hospital, whether released before or not."),
    "open": _stock("In open conditions, never released or recalled."),
    "open_never_released": _stock("In open conditions, never released; by offence, and 3 or more years over tariff."),
    "on_licence": _stock("In the community on licence, approved premises included."),
    "in_approved_premises": _stock("On licence in approved premises."),
    "at_large": _stock("Recalled and not yet returned to custody."),
    "terminated": _stock("People whose licence, or a sentence that a court put in its place, has ended, so far."),
    "removed": _stock("People removed from the country, so far."),
    "dead": _stock("People who died while serving the sentence, so far."),
    "serving": _stock("Sentenced, and the sentence has not ended."),
    "ever_released": _stock("People with a first release, so far."),
    "pre_tariff_unreleased": _stock("In prison, never released, the tariff still running."),
    "tariff_expired_unreleased": _stock("In prison, never released, past tariff; also those of tariff 2y or less."),
    "tariff_expired_unreleased_share": Measure(
        "share", "day", "per cent", "Share of the never released who are past tariff, or by two years; by sex, female."
    ),
    "unreleased_by_years_over_tariff": _stock("In prison, never released, past tariff, by whole years past it."),
    "unreleased_over_tariff_at_least": _stock("The same, so many years or more; '| <2y' for tariffs under 2y."),
    "unreleased_over_tariff_by_tariff": _stock("The same, years past tariff by length of tariff (quarter ends)."),
    "unreleased_over_5_times_tariff": _stock("In prison, never released, having served over five times the tariff."),
    "mean_years_over_tariff": Measure(
        "mean", "day", "years", "Mean years past tariff of the never released past it; also of tariff 2y or less."
    ),
    "median_years_over_tariff": Measure("mean", "day", "years", "Median years past tariff of those past it."),
    "never_released_by_tariff": _stock("In prison and never released, by length of tariff in years."),
    "never_released_by_tariff_months": _stock("In prison and never released, by length of tariff in months."),
    "never_released_by_offence": _stock("In prison and never released, by group of the index offence."),
    "short_tariff_pre_2008_unreleased": _stock(
        "Never released, tariff under 2y, sentenced before 14 July 2008; by offence."
    ),
    "mean_tariff_months": Measure("mean", "day", "months", "Mean tariff of those sentenced to date, or serving."),
    "share_tariff_2y_or_less": Measure("share", "day", "per cent", "Of those sentenced to date, tariff 2y or less."),
    "on_licence_by_years_since_first_release": _stock("On licence, by whole years since the first release."),
    "supervision_suspended": _stock("On licence with supervision suspended in the current licence spell."),
    "supervision_suspended_by_years": _stock("The same by whole years since the first release."),
    "moves": _flow("Moves from one place to another, such as 'recalled > on licence'; every change of place is one."),
    "sentenced": _flow("Sentences passed on people not already in the model.", "persons"),
    "first_releases": _flow("First releases.", "persons"),
    "recalls": _flow("Revocations, rescinded ones included; by whether there was a new charge."),
    "people_recalled": _flow("Distinct people recalled in the window (monthly: the year, in December).", "persons"),
    "rereleases": _flow("Releases after a recall, by route; rescinded recalls are not among them."),
    "recalls_rescinded": _flow("Recalls rescinded."),
    "terminations": _flow("Licences that ended, by the Board or automatically.", "persons"),
    "termination_grants": _flow("The Board's decisions to end a licence, those made in custody included."),
    "termination_references": _flow("References to the Board to end a licence."),
    "termination_requests": _flow("Requests for a further reference."),
    "termination_refusals": _flow("The Board's refusals to end a licence."),
    "release_dates_set": _flow("Days of release fixed after a review that ended without release."),
    "resentenced": _flow("People resentenced to a determinate sentence.", "persons"),
    "sentences_served": _flow(
        "Determinate sentences served; by where, with licence for those let out that day.", "persons"
    ),
    "deaths": _flow("Deaths while serving, by where: custody is never released and recalled together.", "persons"),
    "self_inflicted_deaths": _flow(
        "Self-inflicted deaths while serving, by where; and apart, those of people followed after the end.", "persons"
    ),
    "deaths_after_end": _flow("Deaths of people whose sentence had ended, all causes, while followed.", "persons"),
    "self_harm_incidents": _flow(
        "Incidents of self-harm expected in prison: person-years there × the rate of the book, no person's event. "
        "Published figures conflict (IPP prisoners at 1.7 or 2.5 times the rate of all): see self_harm_rate.",
        "incidents",
    ),
    "serious_further_offences": _flow("Serious further offences on licence, and after the end while followed."),
    "reoffences": _flow("Charges with another offence on licence, and proven offences after the end while followed."),
    "deaths_never_released_by_years_over_tariff": _flow("Deaths of the never released, by years past tariff."),
    "hearings": _flow("Oral hearings concluded; of the never released, and of the recalled."),
    "hearings_deferred": _flow("Hearings put off."),
    "papers_decided": _flow("Reviews concluded on the papers."),
    "reviews_concluded": _flow("Reviews concluded, on the papers or at a hearing."),
    "sent_to_hearing": _flow("Reviews sent to an oral hearing."),
    "parole_outcomes": _flow("Reviews concluded, on papers or orally, first or after recall: release, open or stay."),
    "first_hearing_outcomes": _flow("A person's first oral hearing from tariff expiry: release directed or not."),
    "open_accepted": _flow("Recommendations for open conditions accepted."),
    "open_refused": _flow("Recommendations for open conditions refused by the Secretary of State."),
    "returned_to_closed": _flow("Returns from open to closed conditions; also of the never released."),
    "hospital_transfers": _flow("Transfers to secure hospital."),
    "hospital_returns": _flow("Returns from secure hospital to prison."),
    "removals": _flow("People removed from the country.", "persons"),
    "suspensions": _flow("Supervision requirements suspended."),
    "incidents": _flow("Incidents on licence that led to a warning, or to more support."),
    "revocations_disregarded": _flow("Revocations treated as though they had not been made."),
    "officer_changes": _flow("Changes of the officer who supervises a person on licence."),
    "support": _flow("Treatment looked for on release: arranged, or not found in time."),
    "contacts_kept": _flow("Appointments kept, where each is lived one by one."),
    "days_review_late_sum": _flow("Days that concluded reviews were past their due day, added up.", "days"),
    "days_to_listing_sum": _flow("Days from being sent to a hearing to its listing, added up.", "days"),
    "months_recalled_sum": _flow("Months since the revocation of those re-released, added up.", "months"),
    "mean_days_review_late": Measure("mean", "window", "days", "Mean days past the due day, of reviews concluded."),
    "mean_days_to_listing": Measure("mean", "window", "days", "Mean days to listing, of reviews sent to a hearing."),
    "mean_months_recalled": Measure("mean", "window", "months", "Mean months since revocation, of those re-released."),
}

OVER = (*(f"{n}-{n + 1}" for n in range(10)), "10+")
SINCE = (*(f"{n}-{n + 1}" for n in range(20)), "20+")
NEVER_RELEASED = (State.PRE_TARIFF, State.CLOSED, State.OPEN)
RECALLED = (State.RECALLED, State.RECALLED_OPEN)
PLACES: dict[str, tuple[State, ...]] = {  # everyone is in one of them; prison is never released or recalled
    "not yet sentenced": (State.UNSENTENCED,), "never released": NEVER_RELEASED, "recalled": RECALLED,
    "hospital": (State.HOSPITAL,), "on licence": ON_LICENCE, "at large": (State.AT_LARGE,),
    "terminated": (State.TERMINATED,), "removed": (State.REMOVED,), "dead": (State.DEAD,),
}  # fmt: skip
MOVES = tuple((start, end) for start, ends in {
    "not yet sentenced": ("never released",),
    "never released": ("on licence", "hospital", "removed", "dead"),
    "recalled": ("on licence", "hospital", "removed", "dead"),
    "hospital": ("never released", "recalled", "on licence", "dead"),
    "on licence": ("recalled", "at large", "terminated", "dead"),
    "at large": ("recalled", "on licence", "dead"),
}.items() for end in ends)  # fmt: skip
ROUTES = {
    "board": Event.RERELEASED_BY_BOARD, "executive": Event.RERELEASED_BY_EXECUTIVE,
    "hospital": Event.RERELEASED_FROM_HOSPITAL, "fixed date": Event.RERELEASED_ON_DATE,
}  # fmt: skip
# A tariff of whole months varies by up to two days with the calendar; this keeps it on its side of an edge.
SLACK = 2


def move(start: str, end: str) -> str:
    """Return the group under which the measure `moves` counts those who go from one of PLACES to another."""
    return f"{start} > {end}"


def ratio(above: ArrayLike, below: ArrayLike) -> NDArray[np.float64]:
    """Return `above` / `below`, not-a-number where there is nobody."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.true_divide(above, below), np.float64)


def whole_years(labels: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """Return labels of whole years from 0, each with the years that it begins with and is below; the last is open."""
    return [(label, n, n + 1 if n + 1 < len(labels) else inf) for n, label in enumerate(labels)]
