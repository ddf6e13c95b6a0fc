"""Workforce: probation officers and the cases they hold, by region and month, laid out before anyone lives.

Staffing is given and does not follow from the lives: people serving the sentence are about one case in a hundred.
Until the last published count, officers in post are what they were, whatever a Bill says. From then on, each month:
those in post, less those who leave, and with those who finish their training, but not past the target. A Bill acts
from the first day of a month on or after its commencement, and never before it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.law import Law, Rule
from sim.services import Months, by_month, month_starts

REGIONS = (
    *("East Midlands", "East of England", "Greater Manchester", "Kent, Surrey and Sussex", "London", "North East"),
    *("North West", "South Central", "South West", "Wales", "West Midlands", "Yorkshire and the Humber"),
)
# What was counted, which no Bill can change; and the dial that a Bill means when it tries.
COUNTED = {
    "officers_in_post": "officers_ratio",
    "cases_per_officer": "other_caseload_ratio",
    "probation_caseload": "other_caseload_ratio",
    "region_vacancies": "officers_ratio_by_region",
    "region_staff": "officers_ratio",
}
LAWS_KEPT = 32  # laid out at one time: more than the 16 laws of one scenario


class Workforce(NamedTuple):
    """The probation service by law, region and month from April 2005: every array has shape (laws, regions, months).

    A month's stock is that at its start. `target` is not-a-number where no target was published.
    """

    workload: Months  # cases an effective officer holds, 1 in England and Wales over the year of reference
    changes: Months  # rate a year at which a case goes to another officer
    officers: Months  # in post, full-time equivalents
    target: Months  # officers wanted, full-time equivalents
    effective: Months  # officers in post, as experienced officers at work
    cases: Months  # held by officers; before 2014 too many, as seniors were then counted among officers


def lay_out(laws: Sequence[Law]) -> Workforce:
    """Return the workforce under each of some laws; what a law was laid out as is kept for the next asking."""
    return Workforce(*(np.stack(part) for part in zip(*map(_one, laws), strict=True)))


def england_and_wales(workforce: Workforce) -> Workforce:
    """Return all regions as one, each array of shape (laws, 1, months).

    Workload is the mean over effective officers, and changes the mean over cases; all else adds up.
    """

    def added(part: Months) -> Months:
        summed: Months = np.sum(part, axis=1, keepdims=True)
        return summed

    workload = added(workforce.workload * workforce.effective) / added(workforce.effective)
    changes = added(workforce.changes * workforce.cases) / added(workforce.cases)
    return Workforce(workload, changes, *(added(part) for part in workforce[2:]))


def counted_by_month(rule: Rule) -> Months:
    """Return published points, joined by straight lines, at the start of each month, shape (months,).

    The count of 30 June is that at the start of July. Before the first point there is none, and the last is held.
    """
    days = [dated.day for dated in rule.values]
    counts = [dated.value[0] for dated in rule.values]
    return np.interp(month_starts() - 1, days, counts, left=np.nan)


def month_after(rule: Rule) -> int:
    """Return the first month, from April 2005, that starts after the last point of a published count."""
    return int(np.searchsorted(month_starts(), rule.values[-1].day, "right"))


@lru_cache(maxsize=LAWS_KEPT)
def _one(law: Law) -> tuple[Months, ...]:
    target = by_month(law.rule("officers_target"))
    posts, staff = _region_shares(law)
    as_staff, as_posts = in_post(law, target)
    officers = _closed(law, as_staff * staff + as_posts * posts, target * posts)
    officers *= by_month(law.rule("officers_ratio")) * by_month(law.rule("officers_ratio_by_region"))
    effective = officers * at_work(law)
    cases = cases_held(law) * posts
    workload = cases / effective / _reference(law, cases, effective)
    changes = np.broadcast_to(changes_of_officer(law), officers.shape)
    return workload, changes, officers, target * posts, effective, cases


def _region_shares(law: Law) -> tuple[Months, Months]:
    """Return the shares of posts and of staff in post by region, each of shape (regions, months).

    Posts = staff in post + vacancies, of all grades; cases are taken to lie where the posts do.
    """
    shares = by_month(law.rule("region_staff_shares"))
    shares = shares / np.sum(shares, axis=0)
    posts = shares * by_month(law.rule("region_staff")) + by_month(law.rule("region_vacancies"))
    return posts / np.sum(posts, axis=0), shares


def qualifying(law: Law) -> Months:
    """Return the officers gained in each month from trainees who began `training_months` before, shape (months,).

    Each month's trainees keep the length of training that was in force when they began; a part of a month
    is split between the two months around it.
    """
    trainees, length, share = (
        by_month(law.rule(name)) for name in ("trainees_per_year", "training_months", "trainee_share")
    )
    whole = np.floor(length).astype(np.int64)
    later = length - whole
    months = np.arange(len(length))
    gained = trainees / 12 * share
    ends = np.concatenate((months + whole, months + whole + 1))
    officers: Months = np.bincount(ends, np.concatenate((gained * (1 - later), gained * later))).astype(np.float64)
    return officers[: len(months)]


def in_post(law: Law, target: Months) -> tuple[Months, Months]:
    """Return officers in post in England and Wales at the start of each month in two parts, each of shape (months,).

    The first part is spread over regions as staff in post were, the second as posts are. All that were counted are of
    the first. After the last count, with N for both parts together and everything as in month m,

        left = N[m] - N[m] × leaving / 12,  N[m + 1] = left + joining,  joining = min(qualifying, target - left):

    nobody is taken on past the target, and above it only leaving brings officers down. Those who join go to regions
    in proportion to their vacancies, which moves the share joining / (target - left) of the first part to the second.
    """
    counts = law.rule("officers_in_post")
    as_staff, as_posts, start = counted_by_month(counts), np.zeros(len(target)), month_after(counts)
    staying = (1 - by_month(law.rule("officer_leaving_rate")) / 12).tolist()
    gained, wanted = qualifying(law).tolist(), np.nan_to_num(target, nan=np.inf).tolist()
    first, second = float(as_staff[start]), 0.0
    for month in range(start, len(target) - 1):
        first, second = first * staying[month], second * staying[month]
        vacant = wanted[month] - first - second
        joining = max(0, min(gained[month], vacant))
        moved = joining / vacant * first if joining else 0
        first, second = first - moved, second + moved + joining
        as_staff[month + 1], as_posts[month + 1] = first, second
    return as_staff, as_posts


def _closed(law: Law, officers: Months, posts: Months) -> Months:
    """Return officers by region, shape (regions, months), with vacancies closed as `vacancy_closing_years` has it.

    Of the vacancies on the day, an equal part is filled each month; where a region does better by itself, it does.
    """
    rule, starts = law.rule("vacancy_closing_years"), month_starts()
    first = month_after(law.rule("officers_in_post"))
    opens = [max(first, int(np.searchsorted(starts, dated.day))) for dated in rule.values]
    closed = officers.copy()
    for dated, begins, ends in zip(rule.values, opens, [*opens[1:], len(starts)], strict=True):
        if not dated.exists:
            closed[:, begins:ends] = officers[:, begins:ends]
        elif begins < ends:
            here = slice(begins, ends + 1)  # with the month from which another pace may go on
            vacant = np.maximum(posts[:, begins] - closed[:, begins], 0)
            still = _still_vacant(dated.value[0], officers[:, here].shape[1])
            closed[:, here] = np.fmax(officers[:, here], posts[:, here] - np.outer(vacant, still))
    return closed


def _still_vacant(years: float, months: int) -> Months:
    """Return the share of vacancies still open 0, 1, 2 ... months on, shape (months,), where they close in `years`."""
    return np.maximum(1 - np.arange(months) / 12 / years, 0) if years else np.zeros(months)


def at_work(law: Law) -> Months:
    """Return effective officers for each officer in post, shape (months,).

    (1 - days sick / working days) × (1 - share × (1 - capacity)), the last for the inexperienced and for agencies.
    """
    sick, days = (by_month(law.rule(name)) for name in ("sickness_days", "working_days"))
    shares = np.stack([by_month(law.rule(name)) for name in ("inexperienced_share", "agency_share")])
    lost = shares * (1 - by_month(law.rule("officer_capacity")))
    carried: Months = np.prod(1 - lost, axis=0)
    return (1 - sick / days) * carried


def caseload(law: Law) -> Months:
    """Return people supervised in England and Wales, shape (months,): as counted, and then growing year by year."""
    counts = law.rule("probation_caseload")
    people, last = counted_by_month(counts), month_after(counts)
    monthly = by_month(law.rule("caseload_yearly_ratio"))[last:-1] ** (1 / 12)
    people[last + 1 :] *= np.cumprod(monthly)
    return people


def cases_held(law: Law) -> Months:
    """Return the cases that officers hold in England and Wales, shape (months,).

    Published cases per officer × officers then in post; after the last such mean, in step with the total caseload.
    """
    mean, supervised = law.rule("cases_per_officer"), caseload(law)
    held = counted_by_month(mean) * counted_by_month(law.rule("officers_in_post"))
    last = month_after(mean)
    held[last:] = held[last] * supervised[last:] / supervised[last]
    return held * by_month(law.rule("other_caseload_ratio"))


def changes_of_officer(law: Law) -> Months:
    """Return the rate a year at which a case goes to another officer, shape (months,): the same in every region."""
    causes = ("officer_leaving_rate", "long_sickness_rate", "reallocation_rate")
    rates: Months = np.sum([by_month(law.rule(name)) for name in causes], axis=0)
    return rates


def _reference(law: Law, cases: Months, effective: Months) -> float:
    """Return the mean cases an effective officer of England and Wales held over the months of reference."""
    year = by_month(law.rule("workload_reference")) == 1
    return float(np.mean(cases[:, year].sum(axis=0) / effective[:, year].sum(axis=0)))
