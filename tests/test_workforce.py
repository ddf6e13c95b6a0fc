"""The workforce: it meets what was published, follows a recursion worked by hand, and no Bill moves what came first."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from math import nan
from pathlib import Path

import numpy as np
import pytest

from results.workforce_table import with_table, workforce_table, write
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

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "calibration/published/staffing_services_costs.csv"
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


def rows_of(series: str) -> Iterator[tuple[date, float, str]]:
    """Every published row of a series: the day that its period ends (a month's last), its value and its breakdown."""
    with PUBLISHED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["series"] == series:
                when = row["period_end"] or row["date_or_period_start"]
                yield last_day(when), float(row["value"]), row["breakdown"]


def last_day(when: str) -> date:
    year, month, *day = (int(part) for part in when.split("-")) if "-" in when else (int(when), 12, 31)
    return date(year, month, day[0]) if day else date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


# What was published


@pytest.mark.parametrize("series", ["probation_officer_fte_in_post", "probation_officer_fte_in_post_historic"])
def test_every_count_of_officers_is_met_by_the_sum_of_the_regions(series: str) -> None:
    officers = lay_out([book()]).officers
    counts = [(when, value) for when, value, _ in rows_of(series) if when > date(2005, 4, 4)]
    assert len(counts) >= 4
    for when, value in counts:
        assert officers[0, :, month_of(day_of(when) + 1)].sum() == pytest.approx(value, rel=1e-9), when


def test_every_count_of_the_caseload_is_met() -> None:
    people = counted_by_month(book().rule("probation_caseload"))
    counts = [(when, value) for when, value, _ in rows_of("probation_total_caseload") if value != 242_000]  # rounded
    assert len(counts) == 5
    for when, value in counts:
        assert people[month_of(day_of(when) + 1)] == pytest.approx(value, rel=1e-9), when


def test_cases_an_officer_follow_the_published_means() -> None:
    country = whole(book())
    cases = (country.cases / country.officers)[0, 0]
    years = [(when, value) for when, value, of in rows_of("caseload_per_probation_officer") if "WMT" in of]
    assert len(years) == 3
    for when, value in years:
        end = month_of(day_of(when) + 1)
        assert np.mean(cases[max(end - 12, at(2021, 7, 1)) : end]) == pytest.approx(value, rel=0.02), when
    assert cases[at(2019, 6, 1)] == pytest.approx(39)
    index = country.workload[0, 0]
    for when, value in years:
        end = month_of(day_of(when) + 1)
        assert np.mean(index[end - 12 : end]) == pytest.approx(value / 35.2, rel=0.03), when


def test_published_rates_and_shares_are_those_of_the_book() -> None:
    def says(name: str, series: str, scale: float, of: str = "") -> None:
        months = by_month(book().rule(name))
        found = [(when, value) for when, value, breakdown in rows_of(series) if of in breakdown]
        assert found
        for when, value in found:
            assert months[month_of(day_of(when))] == pytest.approx(value * scale), (name, when)

    says("officer_leaving_rate", "probation_leaving_rate", 0.01, "band 4")
    says("trainees_per_year", "probation_trainees_onboarded", 1)
    says("trainees_per_year", "probation_trainees_target", 1)
    says("sickness_days", "probation_sickness_days", 1)
    target = by_month(book().rule("officers_target"))
    required = {when: value for when, value, _ in rows_of("probation_officer_required_staffing")}
    assert target[at(2023, 4, 1)] == required[date(2023, 3, 31)]
    shortfall = {when: value for when, value, _ in rows_of("probation_officer_shortfall")}
    assert target[at(2025, 4, 1)] == 5636 + shortfall[date(2025, 3, 31)]
    for when, value, _ in rows_of("probation_inexperienced_staff_share"):
        assert by_month(book().rule("inexperienced_share"))[month_of(day_of(when) + 1)] == pytest.approx(value / 100)


def test_regions_and_their_vacancies_are_those_published() -> None:
    counts = {of.replace("&", "and"): value for _, value, of in rows_of("probation_vacancies_all_grades")}
    assert {*counts} - {"Approved Premises"} == set(REGIONS)
    assert [value for _, value, _ in rows_of("probation_regions")] == [len(REGIONS)]
    assert book().why("region_vacancies", 0).value == tuple(counts[name] for name in REGIONS)
    assert {rule.of for rule in book().rules.values() if rule.width == len(REGIONS)} == {REGIONS}


def test_what_is_not_published_is_no_target() -> None:
    assert np.isnan(whole(book()).target[0, 0, : at(2023, 4, 1)]).all()
    rest = [part for name, part in lay_out([book()])._asdict().items() if name != "target"]
    assert all(np.isfinite(part).all() and (part > 0).all() for part in rest)


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


def test_the_inferred_training_explains_the_growth_of_two_years() -> None:
    """The two numbers were inferred from these counts, so they must give them back within some 20 officers."""
    gained = qualifying(book())
    for start, n, end, leaving in ((at(2023, 7, 1), 4418.0, 5160, 0.074), (at(2024, 7, 1), 5160.0, 5519, 0.063)):
        for month in range(start, start + 12):
            n = n * (1 - leaving / 12) + gained[month]
        assert n == pytest.approx(end, abs=20)


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
    low, high = work.workload.min(axis=1), work.workload.max(axis=1)
    assert ((low < country.workload[:, 0]) & (country.workload[:, 0] < high)).all()
    assert work.workload[0].argmax(axis=0).tolist() == [LONDON] * len(month_starts())


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


def test_the_page_holds_the_table_of_the_law_as_it_stands() -> None:
    page = (ROOT / "docs/staffing.md").read_text("utf-8")
    fresh = with_table(page, workforce_table(book()))
    assert page == fresh, "run: python -m results.workforce_table docs/staffing.md"
    assert "| 2024 | 5,160 | 6,158 |" in fresh


def test_a_page_without_the_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    with pytest.raises(BadInput, match="there is no such file"):
        write(page)
    page.write_text("no marks")
    with pytest.raises(BadInput, match="must hold the marks"):
        write(page)
    assert page.read_text() == "no marks"
