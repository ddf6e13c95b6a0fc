"""The workforce: it follows a recursion worked by hand, and no Bill moves what came before it."""

from datetime import date
from functools import cache
from math import nan

import numpy as np
import pytest

from scenarios import BadInput, bill_from_text, current_law
from sim.days import day_of
from sim.law import ALWAYS, Law
from sim.services import by_month, month_of, month_starts
from sim.workforce import (
    COUNTED,
    REGIONS,
    Workforce,
    cases_held,
    counted_by_month,
    england_and_wales,
    lay_out,
    month_after,
    qualifying,
)
from tests.test_conservation import amended

COMMENCES = date(2027, 3, 15)
FIRST_FELT = month_of(day_of(date(2027, 4, 1)))
PROJECTED = month_of(day_of(date(2025, 7, 1)))
NO_CAP: tuple[str, int, float] = ("officers_target", ALWAYS, 1e6)


@cache
def book() -> Law:
    return current_law()


@cache
def staffing() -> list[str]:
    files = {name: rule.values[0].where.rpartition(":")[0] for name, rule in book().rules.items()}
    return [name for name, file in files.items() if file == "scenarios/staffing.yaml"]


def at(*when: int) -> int:
    return month_of(day_of(date(*when)))


def whole(law: Law) -> Workforce:
    return england_and_wales(lay_out([law]))


# The recursion


def test_the_recursion_worked_by_hand() -> None:
    """1 per cent leave in a month; 1,200 trainees a year, of whom half qualify, give 50 officers a month."""
    steady = (("officer_leaving_rate", 0.12), ("trainees_per_year", 1200.0), ("trainee_share", 0.5))
    law = amended(book(), NO_CAP, *((name, ALWAYS, value) for name, value in steady), ("training_months", ALWAYS, 2.0))
    officers = whole(law).officers[0, 0]
    assert officers[PROJECTED : PROJECTED + 4] == pytest.approx([5519, 5513.81, 5508.6719, 5503.585181])


def test_recruitment_stops_at_the_target_and_only_leaving_goes_below_it() -> None:
    lower = amended(book(), ("officers_target", day_of(COMMENCES), 6000.0))
    officers, usual = whole(lower).officers[0, 0], whole(book()).officers[0, 0]
    assert officers[FIRST_FELT] == usual[FIRST_FELT] > 6000
    fall = officers[FIRST_FELT + 1] / officers[FIRST_FELT]
    assert fall == pytest.approx(1 - 0.063 / 12)
    assert officers[-1] == pytest.approx(6000)
    assert usual[-1] == pytest.approx(7115) == usual[PROJECTED:].max()


def test_trainees_count_when_their_training_ends_and_not_before() -> None:
    law = amended(book(), NO_CAP)
    more = amended(law, ("trainees_per_year", day_of(COMMENCES), 2076.0))
    before, after = whole(law).officers[0, 0], whole(more).officers[0, 0]
    first = at(2027, 4, 1) + 20 + 1  # those who begin in April 2027 qualify in December 2028, seen in January 2029
    assert np.array_equal(before[:first], after[:first])
    assert after[first] - before[first] == pytest.approx(1038 / 12 * 0.73)


def test_trainees_keep_the_length_of_training_they_began_with() -> None:
    change = ("training_months", day_of(COMMENCES), 14.0)
    usual, shorter = qualifying(book()), qualifying(amended(book(), change))
    a_month = 1038 / 12 * 0.73
    both = slice(at(2028, 6, 1), at(2028, 12, 1))  # six months in which two years' trainees qualify
    assert np.array_equal(usual[: both.start], shorter[: both.start])
    assert shorter[both] == pytest.approx(2 * a_month)
    assert shorter[both.stop : both.stop + 24] == pytest.approx(a_month)


def test_a_part_of_a_month_of_training_is_split_between_two_months() -> None:
    law = amended(book(), ("training_months", ALWAYS, 10.25), ("trainee_share", ALWAYS, 1.0))
    for day, trainees in ((ALWAYS, 0.0), (day_of(date(2027, 4, 1)), 1200.0), (day_of(date(2027, 5, 1)), 0.0)):
        law = amended(law, ("trainees_per_year", day, trainees))
    gained = qualifying(law)
    assert gained[at(2028, 2, 1)] == pytest.approx(75) and gained[at(2028, 3, 1)] == pytest.approx(25)
    assert gained.sum() == pytest.approx(100)


# Bills


def changes(name: str, value: float | tuple[float, ...]) -> tuple[Workforce, Workforce]:
    """The workforce with a rule amended from 15 March 2027, and without."""
    return lay_out([amended(book(), (name, day_of(COMMENCES), value))]), lay_out([book()])


LONDON = REGIONS.index("London")
MORE_IN_LONDON = tuple(1.2 if name == "London" else 1.0 for name in REGIONS)
LARGER_LONDON = tuple(0.2 if name == "London" else 0.8 / 11 for name in REGIONS)
# What each dial is turned to, what then moves in London, and which way.
DIALS: dict[str, tuple[float | tuple[float, ...], str, int]] = {
    "officers_target": (8_000.0, "target", 1),
    "officer_leaving_rate": (0.12, "officers", -1),
    "trainees_per_year": (300.0, "officers", -1),
    "training_months": (30.0, "officers", -1),
    "trainee_share": (0.5, "officers", -1),
    "vacancy_closing_years": (1.0, "officers", 1),
    "officers_ratio": (1.2, "officers", 1),
    "officers_ratio_by_region": (MORE_IN_LONDON, "officers", 1),
    "region_staff_shares": (LARGER_LONDON, "cases", 1),
    "other_caseload_ratio": (0.8, "workload", -1),
    "caseload_yearly_ratio": (1.05, "workload", 1),
    "sickness_days": (25.0, "workload", 1),
    "inexperienced_share": (0.6, "workload", 1),
    "agency_share": (0.2, "workload", 1),
    "officer_capacity": ((0.5, 0.85), "workload", 1),
    "long_sickness_rate": (0.05, "changes", -1),
    "reallocation_rate": (0.6, "changes", 1),
}
CONVENTIONS = {"working_days", "workload_reference"}


def test_every_number_of_staffing_is_a_dial_or_counted_or_a_convention() -> None:
    assert set(staffing()) == set(DIALS) | set(COUNTED) | CONVENTIONS
    assert {name for name in staffing() if book().rule(name).kind == "convention"} == CONVENTIONS


@pytest.mark.parametrize("name", DIALS)
def test_a_dial_moves_the_workforce_its_way_and_nothing_before_its_day(name: str) -> None:
    value, what, way = DIALS[name]
    after, before = changes(name, value)
    for part, was in zip(after, before, strict=True):
        assert np.array_equal(part[:, :, :FIRST_FELT], was[:, :, :FIRST_FELT], equal_nan=True)
    moved = (getattr(after, what) - getattr(before, what))[0, LONDON, FIRST_FELT:]
    assert (way * moved >= 0).all() and (way * moved).max() > 0


@pytest.mark.parametrize(("name", "value"), [("agency_share", 0.2), ("officers_ratio", 0.8), ("sickness_days", 25.0)])
def test_what_needs_no_recruiting_is_felt_at_once_and_by_its_size(name: str, value: float) -> None:
    after, before = changes(name, value)
    ratio = (after.workload / before.workload)[0, :, FIRST_FELT:]
    size = {"agency_share": 1 / (1 - 0.2 * 0.15), "officers_ratio": 1 / 0.8, "sickness_days": (225 - 12.9) / 200}[name]
    assert ratio == pytest.approx(size)


def test_fewer_officers_at_work_have_more_cases_each() -> None:
    after, before = changes("officer_leaving_rate", 0.12)
    assert (after.workload >= before.workload).all()
    assert (after.changes - before.changes)[0, :, FIRST_FELT:] == pytest.approx(0.12 - 0.063)


@pytest.mark.parametrize("name", COUNTED)
def test_a_bill_cannot_change_what_was_counted_and_is_told_what_it_can(name: str) -> None:
    value = list(range(12)) if book().rule(name).of else 1
    words = f"name: A\nquestion: B?\nsource: C\ncommencement: 2027-04-01\namends:\n  {name}: "
    with pytest.raises(BadInput, match=f"{name} cannot be amended: .* counted; did you mean '{COUNTED[name]}'"):
        bill_from_text(words + f"{{value: {value}, unit: {book().rule(name).unit}}}\n", "bill.yaml")


@pytest.mark.parametrize("name", [*COUNTED, *sorted(CONVENTIONS)])
def test_what_no_bill_can_change_still_changes_the_workforce(name: str) -> None:
    rule = book().rule(name)
    if name == "workload_reference":
        law = amended(book(), (name, day_of(date(2022, 7, 1)), 1.0))
    else:
        law = amended(book(), *((name, dated.day, dated.value[0] * 1.5) for dated in rule.values if dated.exists))
    assert not np.array_equal(lay_out([law]).workload, lay_out([book()]).workload)


def test_vacancies_are_closed_in_a_straight_line_in_every_region() -> None:
    law = amended(book(), ("trainees_per_year", ALWAYS, 0.0), ("officer_leaving_rate", ALWAYS, 0.0))
    closing = amended(law, ("vacancy_closing_years", day_of(COMMENCES), 2.0))
    after, before = lay_out([closing]), lay_out([law])
    vacant, was = (each.target - each.officers for each in (after, before))
    for month, left in ((0, 1.0), (6, 0.75), (12, 0.5), (18, 0.25), (24, 0.0), (60, 0.0)):
        assert vacant[0, :, FIRST_FELT + month] == pytest.approx(was[0, :, FIRST_FELT] * left, abs=1e-6)


def test_vacancies_may_be_closed_at_once_and_no_region_loses_by_it() -> None:
    after, before = changes("vacancy_closing_years", 0.0)
    filled = np.fmax(before.officers, before.target)
    assert after.officers[0, :, FIRST_FELT:] == pytest.approx(filled[0, :, FIRST_FELT:])
    assert england_and_wales(after).officers[0, 0, FIRST_FELT:] == pytest.approx(7115)


def test_closing_can_be_quickened_later() -> None:
    slow = amended(book(), NO_CAP, ("officers_target", day_of(COMMENCES), 12_000.0))
    slow = amended(slow, ("vacancy_closing_years", day_of(COMMENCES), 10.0))
    quick = amended(slow, ("vacancy_closing_years", day_of(date(2029, 4, 1)), 2.0))
    one, other = whole(slow).officers[0, 0], whole(quick).officers[0, 0]
    assert np.array_equal(one[: at(2029, 5, 1)], other[: at(2029, 5, 1)])
    assert other[at(2031, 4, 1)] == pytest.approx(12_000) and one[at(2031, 4, 1)] < 10_500


# The whole


def test_regions_add_up_and_the_year_of_reference_is_one() -> None:
    work = lay_out([book()])
    country = england_and_wales(work)
    for name in ("officers", "effective", "cases"):
        assert getattr(country, name)[0, 0] == pytest.approx(getattr(work, name)[0].sum(axis=0))
    assert country.cases[0, 0] == pytest.approx(cases_held(book()))
    assert np.mean(country.workload[0, 0, at(2023, 7, 1) : at(2024, 7, 1)]) == pytest.approx(1)
    until = slice(at(2029, 1, 1))
    low, high = (most(work.workload[0], axis=0)[until] for most in (np.min, np.max))
    assert ((low < country.workload[0, 0, until]) & (country.workload[0, 0, until] < high)).all()
    assert set(work.workload[0].argmax(axis=0)[until]) == {LONDON}


def test_those_who_join_go_where_the_vacancies_are() -> None:
    """Worked by hand: nobody leaves, ten officers a month join, and regions differ in their vacancies."""
    steady = (("officer_leaving_rate", 0.0), ("trainees_per_year", 240.0), ("trainee_share", 0.5))
    work = lay_out([amended(book(), *((name, ALWAYS, value) for name, value in steady))])
    joined = np.diff(work.officers[0, :, PROJECTED : PROJECTED + 13], axis=1)
    vacant = (work.target - work.officers)[0, :, PROJECTED]
    assert vacant[LONDON] > 2 * vacant[REGIONS.index("Wales")] > 0
    assert joined[:, 0] == pytest.approx(10 * vacant / vacant.sum())
    assert joined.sum(axis=0) == pytest.approx(10)
    assert joined.sum(axis=1) == pytest.approx(120 * vacant / vacant.sum())


def test_no_region_is_taken_past_its_posts() -> None:
    work = lay_out([book()])
    assert (work.officers[0, :, PROJECTED:] <= work.target[0, :, PROJECTED:] * (1 + 1e-12)).all()
    assert work.officers[0, :, at(2031, 1, 1)] == pytest.approx(work.target[0, :, at(2031, 1, 1)])
    assert np.ptp(work.workload[0, :, at(2031, 1, 1)]) == pytest.approx(0)


def test_only_the_shares_of_regions_matter_and_not_their_sum() -> None:
    doubled = amended(book(), ("region_staff_shares", ALWAYS, tuple([0.2] * 12)))
    assert lay_out([doubled]).workload == pytest.approx(lay_out([book()]).workload)


def test_laws_are_laid_out_in_their_order_and_what_is_kept_cannot_be_spoilt() -> None:
    more = amended(book(), ("officers_ratio", day_of(COMMENCES), 2.0))
    both = lay_out([book(), more])
    assert both.workload.shape == (2, len(REGIONS), len(month_starts()))
    for place, law in enumerate((book(), more)):
        for part, alone in zip(both, lay_out([law]), strict=True):
            assert part.dtype == np.float64 and np.array_equal(part[place], alone[0], equal_nan=True)
    kept = both.workload.copy()
    both.workload[:] = 0
    assert np.array_equal(lay_out([book(), more]).workload, kept)


def test_steps_are_read_on_the_first_of_the_month_and_points_on_the_day_before() -> None:
    changed = ((day_of(date(2027, 4, 1)), 0.7), (day_of(date(2027, 5, 2)), 0.9))
    law = amended(book(), *(("reallocation_rate", day, rate) for day, rate in changed))
    rates = by_month(law.rule("reallocation_rate"))
    assert rates[at(2027, 3, 1) : at(2027, 7, 1)].tolist() == [0.3, 0.7, 0.7, 0.9]
    assert np.isnan(by_month(amended(book(), ("agency_share", ALWAYS, nan)).rule("agency_share"))).all()
    assert month_after(book().rule("officers_in_post")) == PROJECTED
    cases = counted_by_month(book().rule("cases_per_officer"))
    assert cases[at(2022, 4, 1)] == pytest.approx(36 + 1.1 * 90 / 365)  # 90 days on from 31 December 2021
