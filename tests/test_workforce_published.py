"""The workforce beside what was published: the counts themselves are read, so that no slip of the pen can pass."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from results.workforce_table import with_table, workforce_table, write
from scenarios import BadInput
from sim.days import day_of
from sim.services import by_month, month_of
from sim.workforce import REGIONS, counted_by_month, lay_out, qualifying
from tests.test_workforce import at, book, whole

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "calibration/published/staffing_services_costs.csv"


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


def test_the_inferred_training_explains_the_growth_of_two_years() -> None:
    """The two numbers were inferred from these counts, so they must give them back within some 20 officers."""
    gained = qualifying(book())
    for start, n, end, leaving in ((at(2023, 7, 1), 4418.0, 5160, 0.074), (at(2024, 7, 1), 5160.0, 5519, 0.063)):
        for month in range(start, start + 12):
            n = n * (1 - leaving / 12) + gained[month]
        assert n == pytest.approx(end, abs=20)


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
