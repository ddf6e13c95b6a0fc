"""The story and the book of numbers: nothing is told without a rule, and no rule stands that nobody hears."""

import ast
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios import current_law
from sim import rules
from sim.compiled import CompiledWorld
from sim.days import day_of, months_after
from sim.journal import Authority, Event, State, Table
from sim.law import ALWAYS, Law, Rule
from sim.purpose import Purpose
from sim.rules import BY_CHANCE, HazardOverCeiling, Incident, Turn
from sim.sentence import TURNS
from sim.telling import INCIDENTS, OFFENCES, WORDS, told
from sim.world import World
from tests.test_conservation import amended

ROOT = Path(__file__).parent.parent
SOURCES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "sim").glob("*.py"))}
STORY = ("sentence.py", "custody.py", "recall.py", "community.py", "determinate.py", "offending.py")
LAST = day_of(date(2034, 12, 31))
NOVEMBER = day_of(date(2024, 11, 1))
AUTOMATIC = ("qualifying_period_automatic_ipp", "qualifying_period_automatic_dpp", "automatic_clock")


@cache
def book() -> Law:
    return current_law()


def lived(law: Law, people: int = 1_200, last: int = LAST, scale: float = 1.0) -> Table:
    """A life by the compiled engine: SimPy writes the same bytes (test_identity.py) in fifty times the time."""
    return CompiledWorld([law], people=people, last=last, scale=scale).live()


def same(one: Table, other: Table) -> bool:
    return [column.tobytes() for column in one] == [column.tobytes() for column in other]


def attributes_of(name: str, sources: tuple[str, ...] = tuple(SOURCES)) -> set[str]:
    """Return every X of `name.X` in some source files."""
    found = set()
    for source in sources:
        for node in ast.walk(ast.parse(SOURCES[source])):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
                found.add(node.attr)
    return found


def test_every_turn_has_what_follows() -> None:
    assert set(TURNS) == set(Turn) - {Turn.NOTHING}
    assert len(set(TURNS.values())) == len(TURNS)
    assert all(callable(follows) and follows.__doc__ for follows in TURNS.values())
    assert list(Turn) == sorted(Turn) and max(Turn) == Turn.NOTHING
    assert len(BY_CHANCE) == len(State) and {turn for turns in BY_CHANCE for turn in turns} <= set(Turn)
    assert max(Purpose) == Purpose.RAIN


def test_every_event_is_told_and_every_told_event_exists() -> None:
    assert attributes_of("Event", STORY) == set(Event.__members__)
    assert set(WORDS) == set(Event)
    assert set(INCIDENTS) == set(Incident) and len(OFFENCES) == len(book().rule("offence_shares").of)


def test_every_authority_is_a_rule_and_is_used() -> None:
    assert {each.name.lower() for each in Authority if each != Authority.CHANCE} <= set(book().rules)
    assert attributes_of("Authority", STORY) | {"CHANCE"} == set(Authority.__members__)


def test_the_story_names_authorities_of_law_or_practice() -> None:
    kinds = {each.name: book().rule(each.name.lower()).kind for each in Authority if each != Authority.CHANCE}
    assert set(kinds.values()) <= {"law", "fact", "choice"}


def named_in_sim() -> set[str]:
    words = set()
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.update(re.findall(r"\w+", node.value) if len(node.value) < 80 else ())
    return words


# Rules that hold no number the model reads, but the authority for what it does.
AUTHORITY_ALONE = {"tariff_power"}
# Rules that no life meets, but that results are counted with.
COUNTED_WITH = {"self_harm_rate"}


def test_no_number_of_the_book_is_dead() -> None:
    unread = set(book().rules) - named_in_sim()
    assert unread == AUTHORITY_ALONE | COUNTED_WITH
    assert {name.upper() for name in AUTHORITY_ALONE} <= set(Authority.__members__)


# What a rule is changed to, where half as much again is out of bounds, or tells nothing; and what must be changed with
# it so that a few people meet it. Each is changed from the first day, or (for those of the law to come) on its own day.

Change = tuple[str, int, Any]
RESCUED: tuple[Change, ...] = (("rescission_share", ALWAYS, 0.3),)
FOREIGN: tuple[Change, ...] = (("foreign_share", ALWAYS, 0.6), ("removal_rate", ALWAYS, 0.1))
HOSPITAL: tuple[Change, ...] = (("hospital_transfer_rate", ALWAYS, 0.15),)
EXECUTIVE: tuple[Change, ...] = (("executive_release_rate", ALWAYS, 0.5), ("disregard_share", ALWAYS, 0.4))
CHILDREN: tuple[Change, ...] = (("sentence_shares", ALWAYS, (0.4, 0.5, 0.1)),)
OPEN_AFTER: tuple[Change, ...] = (("recall_open_recommendation", ALWAYS, 0.6),)
PAPERS: tuple[Change, ...] = (("papers_release", ALWAYS, 0.1), ("recall_papers_release", ALWAYS, 0.1))
BEFORE: tuple[Change, ...] = (("application_rate", ALWAYS, 1.0),)
AGAIN: tuple[Change, ...] = (("application_rate", ALWAYS, 2.5), ("termination_granted", ALWAYS, 0.02))
TEN: tuple[Change, ...] = (("termination_granted_recalled", ALWAYS, 0.3),)
LIFERS: tuple[Change, ...] = (("other_life_share", ALWAYS, 0.2),)
COURT: tuple[Change, ...] = (("resentencing", NOVEMBER, 1.0),)
DATES: tuple[Change, ...] = (("fixed_release_within", NOVEMBER, 1.0),)
WOMEN: tuple[Change, ...] = (("sex_shares", ALWAYS, (0.5, 0.5)),)
OLD: tuple[Change, ...] = (("age_median_over_adult", ALWAYS, 40.0),)
TODAY = day_of(date(2026, 1, 1))
NEEDY: tuple[Change, ...] = (
    *(("mental_health_need_share", ALWAYS, 0.9), ("substance_need_share", ALWAYS, 0.9)),
    ("psychology_share", ALWAYS, 0.9),
    *(("psychology_ratio", ALWAYS, 0.3), ("substance_ratio", ALWAYS, 0.1), ("mental_health_ratio", ALWAYS, 0.3)),
)
PLANNED: tuple[Change, ...] = (("delivery_plan", ALWAYS, 1.0),)
FEW_BEDS: tuple[Change, ...] = (("premises_beds_share", ALWAYS, 0.002),)
PRESSED: tuple[Change, ...] = (("workload_incidents", ALWAYS, 0.7), ("workload_recall_log_odds", ALWAYS, 3.0))
STAFFING = [
    *("agency_share", "caseload_yearly_ratio", "cases_per_officer", "inexperienced_share", "long_sickness_rate"),
    *("officer_capacity", "officer_leaving_rate", "officers_in_post", "officers_ratio", "officers_ratio_by_region"),
    *("officers_target", "other_caseload_ratio", "probation_caseload", "reallocation_rate", "region_staff"),
    *("region_staff_shares", "region_vacancies", "sickness_days", "trainee_share", "trainees_per_year"),
    "training_months",
]
HELP: dict[str, tuple[Change, ...]] = {
    **dict.fromkeys(STAFFING, PRESSED), "officer_capacity": (*PRESSED, ("agency_share", ALWAYS, 0.5)),
    "vacancy_closing_years": (*PRESSED, ("vacancy_closing_years", TODAY, 3.0)),
    "rescission_keeps_clock": RESCUED, "rescission_days": RESCUED, "disregard_share_rescinded": RESCUED,
    "foreign_share": FOREIGN, "removal_rate": FOREIGN, "removal_power": FOREIGN,
    "hospital_release_share": HOSPITAL, "hospital_discharge_rate": HOSPITAL, "hospital_transfer_rate": HOSPITAL,
    "executive_release_power": EXECUTIVE, "disregard_power": EXECUTIVE, "disregard_share": EXECUTIVE,
    "qualifying_period_reference_dpp": CHILDREN, "qualifying_period_automatic_dpp": CHILDREN, "child_age_low": CHILDREN,
    "recall_open_recommendation": OPEN_AFTER, "papers_release": PAPERS, "recall_papers_release": PAPERS,
    "application_rate": BEFORE, "reapplication_years": AGAIN, "termination_granted": BEFORE,
    "termination_granted_recalled": TEN, "refer_while_recalled": TEN, "rereference_months": TEN,
    "other_life_share": LIFERS, "mortality_female": (*OLD, ("sex_shares", ALWAYS, (0.3, 0.7))),
    "female_incident_ratio": WOMEN, "female_log_odds": WOMEN,
    **dict.fromkeys(("mental_health_places", "mental_health_days", "mental_health_ratio"), NEEDY),
    **dict.fromkeys(("substance_places", "substance_days", "substance_ratio"), NEEDY),
    **dict.fromkeys(("psychology_places", "psychology_days", "psychology_ratio", "support_wait_most"), NEEDY),
    **dict.fromkeys(("delivery_plan_ratio", "delivery_plan_log_odds"), PLANNED),
    **dict.fromkeys(("premises_beds", "premises_beds_share", "premises_wait_most"), FEW_BEDS),
    "remote_discount": (("contact_effect", ALWAYS, 0.4),),
    "sign_off_log_odds": (("senior_sign_off", ALWAYS, 1.0),),
    "consultation_log_odds": (("partners_consulted", ALWAYS, 1.0),),
    "resentence_covers": COURT, "resentence_share": COURT, "resentence_years_over": COURT, "resentence_within": COURT,
    "resentence_multiple": COURT, "resentence_licence_least": COURT, "fixed_release_covers": DATES,
    "resentence_prison_share": (*COURT, ("resentence_multiple", NOVEMBER, 6.0)),
    "proportionality_log_odds": (("proportionality_after", NOVEMBER, 2.0),),
    "executive_release_after": EXECUTIVE, "executive_release_no_charge": EXECUTIVE,
    "mortality_male": OLD, "age_spread": OLD, "review_interval_most": (("review_interval_high", ALWAYS, 40.0),),
}  # fmt: skip
INSTEAD: dict[str, tuple[float, ...]] = {
    "sex_shares": (0.5, 0.5), "offence_shares": (0.2, 0.2, 0.2, 0.2, 0.2), "sentence_shares": (0.3, 0.5, 0.2),
    "alternatives_to_recall": (0.5,), "recall_decision_days": (60.0,),
    "region_staff": (1_000.0,), "caseload_yearly_ratio": (1.03,),
    "region_staff_shares": (0.5, *[0.04] * 11), "agency_share": (0.5,), "vacancy_closing_years": (1.0,),
    "trainees_per_year": (0.0,),
    "breach_shares": (0.1, 0.1, 0.1, 0.7), "requests_per_spell": (0.0,), "review_interval_most": (12.0,),
    "qualifying_period_reference_ipp": (5.0,), "qualifying_period_reference_dpp": (4.0,),
    "executive_release_after": (12.0,), "resentence_years_over": (8.0,),
    "substance_ratio": (0.9,), "remote_discount": (1.0,),
    "disregard_share_rescinded": (0.2,), "adult_age": (30.0,), "people_sentenced": (9_000.0,),
}  # fmt: skip
CAPPED = {  # heard where listings or places are short
    *("mental_health_places", "substance_places", "psychology_places", "support_wait_most"),
    *("oral_hearings_per_year", "oral_hearings_share", "deferral"),
}
# What is not law is brought in from the day on which licences first ended by themselves.
NOT_LAW = {"fixed_release_within": 2.0, "resentencing": 1.0, "proportionality_after": 2.0, "recall_review_most": 60.0}
KINDS = ("law", "fact", "choice", "belief")


def changed(rule: Rule, value: tuple[float, ...]) -> tuple[float, ...]:
    if rule.name in INSTEAD:
        return INSTEAD[rule.name]
    if rule.unit == "yes or no":
        return tuple(1.0 - x if x == x else 1.0 for x in value)
    if rule.unit == "log-odds":
        return tuple(x + 1.5 for x in value)
    return tuple(x / 2 if rule.high < x * 1.5 else x * 1.5 for x in value)


def amended_throughout(law: Law, name: str) -> Law:
    """Return the law with each dated value of one rule changed, where it stands."""
    rule = law.rule(name)
    if name in STAFFING and name != "caseload_yearly_ratio":  # throughout, it would change the year of reference too
        return amended(law, (name, TODAY, changed(rule, rule.on(TODAY).value)))
    if name in NOT_LAW:
        assert not any(dated.exists for dated in rule.values)
        return amended(law, (name, NOVEMBER, NOT_LAW[name]))
    changes = [(name, dated.day, changed(rule, dated.value)) for dated in rule.values if dated.exists]
    return amended(law, *changes)


@cache
def as_it_stands(helped: tuple[Change, ...], scale: float) -> Table:
    return lived(amended(book(), *helped), scale=scale)


UNHEARD = AUTHORITY_ALONE | COUNTED_WITH
HEARD = sorted(name for name, rule in book().rules.items() if rule.kind in KINDS and name not in UNHEARD)


@pytest.mark.parametrize("name", HEARD)
def test_every_number_changes_a_life(name: str) -> None:
    helped, scale = HELP.get(name, ()), 0.15 if name in CAPPED else 1.0
    law = amended(book(), *helped)
    assert not same(lived(amended_throughout(law, name), scale=scale), as_it_stands(helped, scale))


def test_a_rule_that_is_not_changed_changes_no_life() -> None:
    assert same(lived(book()), lived(current_law()))


def test_helpers_name_rules_of_the_book() -> None:
    assert set(HELP) | set(INSTEAD) | CAPPED <= set(book().rules)
    assert {rule for some in HELP.values() for rule, *_ in some} <= set(book().rules)


# Hazards over their ceilings


@pytest.mark.parametrize(
    ("name", "value", "turn"),
    [
        ("breach_rate", 50.0, "breach"),
        ("charge_rate", 50.0, "charge"),
        ("serious_offence_rate", 5.0, "serious_offence"),
        ("mortality_ratio_custody", 5_000.0, "death"),
        ("hospital_transfer_rate", 5.0, "to_hospital"),
        ("executive_release_rate", 5.0, "executive_release"),
        ("return_to_closed_rate", 5.0, "back_to_closed"),
    ],
)
def test_a_hazard_over_its_ceiling_stops_the_run_and_names_the_turn_and_the_person(
    name: str, value: float, turn: str
) -> None:
    law = amended(book(), (name, day_of(date(2026, 4, 1)), value))
    with pytest.raises(HazardOverCeiling, match=rf"the yearly hazard of {turn} for person \d+ .* ceiling"):
        lived(law)


def test_a_hazard_at_its_ceiling_is_allowed() -> None:
    most = book().on(LAST)["ceiling_common"]
    assert isinstance(most, float)
    assert len(lived(amended(book(), ("executive_release_rate", NOVEMBER, most))).day)
    with pytest.raises(HazardOverCeiling):
        lived(amended(book(), ("executive_release_rate", NOVEMBER, most * 1.01)), 1_500)


# The first of November 2024


def ended_by_law(table: Table, day: int) -> int:
    return int(np.sum((table.event == Event.TERMINATED_AUTOMATICALLY) & (table.day == day)))


def test_the_licences_that_end_on_1_november_2024_do_so_by_themselves() -> None:
    table = lived(book(), 2_000, day_of(date(2024, 12, 31)))
    that_day = ended_by_law(table, NOVEMBER)
    after = ended_by_law_between(table, NOVEMBER + 1, NOVEMBER + 60)
    assert ended_by_law_between(table, 0, NOVEMBER - 1) == 0
    assert that_day > 300 and that_day > 20 * after
    on_that_day = table.event[(table.day == NOVEMBER)]
    assert np.mean(on_that_day == Event.TERMINATED_AUTOMATICALLY) > 0.9


def ended_by_law_between(table: Table, first: int, last: int) -> int:
    return int(np.sum((table.event == Event.TERMINATED_AUTOMATICALLY) & (table.day >= first) & (table.day <= last)))


def test_without_the_rules_nothing_ends_by_law() -> None:
    for name in AUTOMATIC[2:]:
        table = lived(amended(book(), (name, ALWAYS, nan)), 800, day_of(date(2026, 12, 31)))
        assert ended_by_law_between(table, 0, LAST) == 0
    table = lived(amended(book(), *((name, ALWAYS, nan) for name in AUTOMATIC[:2])), 800)
    assert ended_by_law_between(table, 0, LAST) == 0


@pytest.mark.parametrize("later", [date(2024, 10, 7), date(2025, 3, 17), date(2027, 2, 28)])
def test_were_it_another_day_they_would_end_on_that_day(later: date) -> None:
    """No day is written in the program: the licences end on the day from which the three rules are dated."""
    day, law = day_of(later), amended(book(), *((name, ALWAYS, nan) for name in AUTOMATIC))
    law = amended(law, *((name, day, value) for name, value in zip(AUTOMATIC, (3.0, 2.0, 2.0), strict=True)))
    table = lived(law, 800, months_after(day, 3))
    assert ended_by_law_between(table, 0, day - 1) == 0
    assert ended_by_law(table, day) > 60


def test_no_day_of_the_law_is_written_in_the_program() -> None:
    years = re.compile(r"\b20(0[6-9]|[1-4]\d)\b")
    for name, source in SOURCES.items():
        if name in ("days.py", "__main__.py"):
            continue
        numbers = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
        assert not [number for number in numbers if years.fullmatch(str(number))], name


# What is told


def test_every_line_of_a_life_is_told_with_its_authority() -> None:
    world = World([book()], people=120, last=LAST)
    journal = world.live()
    for person in range(len(world.people)):
        for line, (day, event, _, because, _) in zip(told(journal, book(), person), journal.story(person), strict=True):
            assert line.day == day and line.said.endswith(".") and "{" not in line.said
            if because != Authority.CHANCE:
                assert line.because, f"{Event(event).name} has no authority in force on its day"


def test_rules_are_asked_with_what_they_are_given() -> None:
    asked: list[Callable[..., Any]] = [rules.hazard, rules.ceiling, rules.may_befall]
    assert all(hasattr(rule, "py_func") for rule in asked)
