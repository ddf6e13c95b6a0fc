"""Bills: what they change, what they leave alone, how they add up, and how a bad one is refused."""

from datetime import date
from math import isnan
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import scenarios
from scenarios import BadInput, Bill, Group, Registry, Scenario, bill_from_text, find, read_bill, read_registry
from scenarios.reading import Node, read, read_text
from scenarios.show import scenarios_rows
from sim.days import day_of
from sim.law import Law

BOOK = """\
commencements:
  second_act: {day: 2026-06-01, authority: Second Act 2026 s.1}
  old_act: {day: 2012-12-03, authority: Old Act 2012 s.1}
rules:
  period:
    sense: Years until the licence may be ended
    unit: years
    kind: law
    checked: 2026-11-23
    low: 0
    high: 99
    from:
      2012-12-03: {value: 10, authority: Old Act 2012}
      2024-11-01: {value: 3, authority: First Act 2024}
      second_act: {value: 2, authority: Second Act 2026 s.1(2)}
  presumption:
    {sense: Whether the Board must end it, unit: yes or no, kind: law, checked: 2026-11-23,
     from: {2024-11-01: {value: yes, authority: First Act 2024}}}
  review_months:
    {sense: Months between reviews, unit: months, kind: law, checked: 2026-11-23, value: 24, authority: Act 1997}
  listings:
    sense: Oral hearings listed
    unit: hearings per year
    kind: choice
    authority: Annual report
    reason: Held at the last year
    from: {2005-04-04: 1000, 2025-01-01: 1200, 2030-01-01: 1400}
  recalled:
    sense: Probability of recall by incident
    unit: probability
    kind: belief
    of: [missed, relapse]
    value: [0.4, 0.6]
    prior: [beta, 20, 20]
    reason: Inspections
  fixed: {sense: Ours, unit: ratio, kind: convention, value: 1, reason: Ours}
"""
HEAD = "name: A Bill\nquestion: What then?\nsource: Ours\n"  # three lines
AMEND = HEAD + "commencement: 2027-04-01\namends:\n"  # what follows is on line 6


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    path = tmp_path_factory.mktemp("registry") / "book.yaml"
    path.write_text(BOOK)
    return read_registry((path,))


@pytest.fixture(scope="session")
def law(registry: Registry) -> Law:
    return registry.law()


def bill(registry: Registry, words: str, key: str = "a_bill") -> Bill:
    return bill_from_text(words, f"{key}.yaml", registry)


def on(law: Law, name: str, *when: int) -> float | tuple[float, ...]:
    return law.on(day_of(date(*when)))[name]


def numbers(law: Law) -> str:
    return repr(law.rules)  # nan is not equal to itself, but is written the same


# What a Bill does


def test_a_value_holds_from_commencement_for_ever(registry: Registry, law: Law) -> None:
    left = bill(registry, AMEND + "  period: {value: 1, unit: years}\n").enact(law)
    assert on(left, "period", 2027, 3, 31) == 2
    assert on(left, "period", 2027, 4, 1) == 1
    assert on(left, "period", 2059, 12, 31) == 1


def test_amending_does_not_change_the_law_it_was_given(registry: Registry, law: Law) -> None:
    before = numbers(law)
    many = "law_as_it_stood: 2025-01-01\n" + AMEND + "  period: {value: 1, unit: years}\n"
    many += "  listings: {times: 2, unit: hearings per year}\n"
    left = bill(registry, many).enact(law)
    assert numbers(left) != before
    assert numbers(law) == before


def test_an_amended_value_says_which_line_of_which_bill(registry: Registry, law: Law) -> None:
    left = bill(registry, AMEND + "  period: {value: 1, unit: years}\n").enact(law)
    why = left.why("period", day_of(date(2028, 1, 1)))
    assert (why.where, why.authority, why.status) == ("a_bill.yaml:6", "A Bill", "stated")
    assert left.why("period", day_of(date(2025, 1, 1))).authority == "First Act 2024"


def test_dated_values(registry: Registry, law: Law) -> None:
    words = AMEND + "  review_months: {unit: months, from: {2028-04-01: 9, 2027-04-01: 12}}\n"
    left = bill(registry, words).enact(law)
    days = [(2027, 3, 31), (2027, 4, 1), (2028, 3, 31), (2028, 4, 1)]
    assert [on(left, "review_months", *day) for day in days] == [24, 12, 12, 9]


def test_none_abolishes(registry: Registry, law: Law) -> None:
    left = bill(registry, AMEND + "  presumption: {value: none, unit: yes or no}\n").enact(law)
    now = on(left, "presumption", 2027, 4, 1)
    assert isinstance(now, float) and isnan(now)
    assert on(left, "presumption", 2027, 3, 31) == 1


def test_only_a_rule_of_law_can_cease_to_exist(registry: Registry) -> None:
    with pytest.raises(BadInput, match="only a rule of law can cease to exist, and this is a belief"):
        bill(registry, AMEND + "  recalled: {value: none, unit: probability}\n")


def test_times_multiplies_what_the_law_would_have_been(registry: Registry, law: Law) -> None:
    left = bill(registry, AMEND + "  listings: {times: 1.25, unit: hearings per year}\n").enact(law)
    days = [(2027, 3, 31), (2027, 4, 1), (2029, 12, 31), (2030, 1, 1)]
    assert [on(left, "listings", *day) for day in days] == [1200, 1500, 1500, 1750]
    assert left.why("listings", day_of(date(2031, 1, 1))).authority == "A Bill: 1.25 times what it was (Annual report)"


def test_times_on_a_list_is_place_by_place(registry: Registry, law: Law) -> None:
    all_places = bill(registry, AMEND + "  recalled: {times: 0.5, unit: probability}\n").enact(law)
    assert on(all_places, "recalled", 2028, 1, 1) == (0.2, 0.3)
    each = bill(registry, AMEND + "  recalled: {times: [0.5, 1], unit: probability}\n").enact(law)
    assert on(each, "recalled", 2028, 1, 1) == (0.2, 0.6)


def test_times_is_taken_of_the_law_it_meets_and_held_within_bounds(registry: Registry, law: Law) -> None:
    more = bill(registry, AMEND + "  recalled: {times: 1.5, unit: probability}\n")
    lower = bill(registry, AMEND.replace("2027", "2026") + "  recalled: {value: [0.2, 0.9], unit: probability}\n")
    drawn = lower.enact(law)  # a law whose beliefs are not those that the Bill was checked against
    assert on(more.enact(drawn), "recalled", 2028, 1, 1) == (0.2 * 1.5, 1.0)


def test_times_of_what_does_not_exist_yet_does_not_exist(registry: Registry) -> None:
    law = registry.law({"old_act": None, "second_act": None})
    early = bill(registry, AMEND.replace("2027-04-01", "2024-10-15") + "  period: {times: 2, unit: years}\n")
    assert on(early.enact(law), "period", 2024, 10, 20) == 20
    assert on(early.enact(law), "period", 2024, 11, 1) == 6


def test_the_law_as_it_stood_is_kept_for_ever(registry: Registry, law: Law) -> None:
    left = bill(registry, HEAD + "law_as_it_stood: 2024-10-31\n").enact(law)
    assert on(left, "period", 2012, 12, 2) != on(left, "period", 2012, 12, 3) == 10
    assert on(left, "period", 2059, 1, 1) == 10
    assert isnan(float(str(on(left, "presumption", 2059, 1, 1))))
    assert on(left, "listings", 2030, 1, 1) == 1400  # not of kind law
    assert left.why("period", day_of(date(2059, 1, 1))).authority == "Old Act 2012"


def test_a_bill_may_freeze_the_law_and_amend_it(registry: Registry, law: Law) -> None:
    left = bill(registry, "law_as_it_stood: 2024-10-31\n" + AMEND + "  period: {value: 5, unit: years}\n").enact(law)
    days = [(2027, 3, 31), (2027, 4, 1)]
    assert [on(left, "period", *day) for day in days] == [10, 5]


def test_a_bill_moves_a_commencement(registry: Registry, law: Law) -> None:
    left = bill(registry, HEAD + "commence: {second_act: 2028-01-01}\n").enact(law)
    assert [on(left, "period", 2027, 12, 31), on(left, "period", 2028, 1, 1)] == [3, 2]
    assert "commencement as in 'A Bill'" in left.why("period", day_of(date(2028, 1, 1))).authority
    assert on(left, "period", 2024, 10, 31) == 10


def test_a_bill_may_never_commence_an_act(registry: Registry, law: Law) -> None:
    left = bill(registry, HEAD + "commence: {second_act: never}\n").enact(law)
    assert on(left, "period", 2059, 1, 1) == 3


def test_moving_a_commencement_leaves_other_rules_of_the_law_given(registry: Registry, law: Law) -> None:
    drawn = bill(registry, AMEND + "  recalled: {value: [0.1, 0.1], unit: probability}\n").enact(law)
    left = bill(registry, HEAD + "commence: {second_act: never}\n").enact(drawn)
    assert on(left, "recalled", 2028, 1, 1) == (0.1, 0.1)


# Bills together


def test_bills_add_up_in_either_order(registry: Registry, law: Law) -> None:
    one = bill(registry, AMEND + "  period: {value: 1, unit: years}\n", "one")
    two = bill(
        registry, "law_as_it_stood: 2024-10-31\n" + AMEND + "  listings: {times: 2, unit: hearings per year}\n", "two"
    )
    assert numbers((one + two).enact(law)) == numbers((two + one).enact(law))
    assert on((one + two).enact(law), "period", 2027, 3, 31) == 10
    assert on((one + two).enact(law), "period", 2027, 4, 1) == 1
    assert (one + two).key == "one+two"


def test_three_bills_add_up(registry: Registry, law: Law) -> None:
    parts = [
        "period: {value: 1, unit: years}",
        "review_months: {value: 6, unit: months}",
        "presumption: {value: no, unit: yes or no}",
    ]
    one, two, three = (bill(registry, f"{AMEND}  {part}\n", f"b{i}") for i, part in enumerate(parts))
    for total in (one + two + three, one + (two + three)):
        left = total.enact(law)
        assert [on(left, name, 2028, 1, 1) for name in ("period", "review_months", "presumption")] == [1, 6, 0]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (AMEND + "  period: {value: 1, unit: years}\n", AMEND + "  period: {times: 1, unit: years}\n", "period"),
        (HEAD + "law_as_it_stood: 2024-10-31\n", HEAD + "law_as_it_stood: 2025-10-31\n", "the law as it stood"),
        (
            HEAD + "commence: {second_act: never}\n",
            HEAD + "commence: {second_act: 2028-01-01}\n",
            "the commencement second_act",
        ),
        (
            HEAD + "law_as_it_stood: 2024-10-31\n",
            HEAD + "commence: {second_act: 2028-01-01}\n",
            "the commencement second_act",
        ),
        (
            AMEND + "  period: {value: 1, unit: years}\napplies_to: {sentence: dpp, tariff_years_below: 3}\n",
            AMEND + "  period: {value: 2, unit: years}\napplies_to: {sex: [male], tariff_years_at_least: 2}\n",
            "period",
        ),
    ],
)
def test_bills_that_conflict_are_refused_by_name(registry: Registry, first: str, second: str, what: str) -> None:
    with pytest.raises(BadInput) as refused:
        bill(registry, first, "one") + bill(registry, second, "two")
    assert str(refused.value) == (
        f"one and two cannot be enacted together: both change {what} for some of the same people."
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{sentence: ipp}", "{sentence: dpp}"),
        ("{tariff_years_below: 2}", "{tariff_years_at_least: 2}"),
        ("{offence: [arson, other]}", "{offence: [violence], sex: [female]}"),
    ],
)
def test_one_rule_may_be_amended_for_different_people(registry: Registry, law: Law, first: str, second: str) -> None:
    one = bill(registry, f"{AMEND}  period: {{value: 1, unit: years}}\napplies_to: {first}\n", "one")
    two = bill(registry, f"{AMEND}  period: {{value: 5, unit: years}}\napplies_to: {second}\n", "two")
    groups, laws = (one + two).laws(law)
    assert len(groups) == 2
    assert [on(each, "period", 2028, 1, 1) for each in laws[:3]] == [2, 1, 5]


# Groups


def test_without_groups_there_is_one_law(registry: Registry, law: Law) -> None:
    groups, laws = bill(registry, AMEND + "  period: {value: 1, unit: years}\n").laws(law)
    assert (groups, len(laws)) == ([], 1)
    assert on(laws[0], "period", 2028, 1, 1) == 1


def test_laws_are_numbered_by_the_groups_a_person_is_in(registry: Registry, law: Law) -> None:
    first = bill(registry, AMEND + "  period: {value: 1, unit: years}\napplies_to: {sentence: [dpp]}\n", "first")
    second = bill(registry, AMEND + "  review_months: {value: 6, unit: months}\napplies_to: {sex: female}\n", "second")
    third = bill(registry, AMEND + "  listings: {times: 2, unit: hearings per year}\n", "third")
    groups, laws = (first + second + third).laws(law)
    assert groups == [Group(sentence=("dpp",)), Group(sex=("female",))]
    seen = [(on(each, "period", 2028, 1, 1), on(each, "review_months", 2028, 1, 1)) for each in laws]
    assert seen == [(2, 24), (1, 24), (2, 6), (1, 6)]
    assert {on(each, "listings", 2028, 1, 1) for each in laws} == {2400}


def test_a_bill_for_a_group_has_no_one_law(registry: Registry, law: Law) -> None:
    some = bill(registry, AMEND + "  period: {value: 1, unit: years}\napplies_to: {sentence: [dpp]}\n")
    with pytest.raises(BadInput, match="only to some people"):
        some.enact(law)


def test_every_field_of_a_group_is_read(registry: Registry) -> None:
    who = "{sentence: [dpp, ipp], sex: [female], offence: [robbery], tariff_years_below: 4, tariff_years_at_least: 2.5}"
    some = bill(registry, f"{AMEND}  period: {{value: 1, unit: years}}\napplies_to: {who}\n")
    assert some.group == Group(("ipp", "dpp"), ("female",), ("robbery",), 4.0, 2.5)


def test_five_groups_are_too_many(registry: Registry) -> None:
    offences = ["violence", "sexual", "robbery", "arson", "other"]
    words = [
        f"{AMEND}  period: {{value: {i}, unit: years}}\napplies_to: {{offence: {o}}}\n" for i, o in enumerate(offences)
    ]
    bills = [bill(registry, each, f"b{i}") for i, each in enumerate(words)]
    assert len(Scenario(tuple(bills[:4])).groups) == 4
    with pytest.raises(BadInput, match="has 5 groups of people; at most 4"):
        Scenario(tuple(bills))


# Bad Bills: what is written, the line to name (None: the file as a whole), and a phrase of the message

PERIOD = "  period: {value: 1, unit: years}\n"
BOMB = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n" for i in range(1, 100))
BAD: dict[str, tuple[str, int | None, str]] = {
    "unknown rule": (AMEND + "  perod: {value: 1, unit: years}\n", 6, "did you mean 'period'"),
    "misspelt key": (AMEND.replace("amends", "ammends") + PERIOD, 5, "did you mean 'amends'"),
    "misspelt inner key": (AMEND + "  period: {vale: 1, unit: years}\n", 6, "did you mean 'value'"),
    "text for a number": (AMEND + "  period: {value: one, unit: years}\n", 6, "a number of years, not 'one'"),
    "quoted number": (AMEND + "  period: {value: '1', unit: years}\n", 6, "the quoted text '1'"),
    "mapping for a number": (AMEND + "  period: {value: {a: 1}, unit: years}\n", 6, "not a mapping"),
    "number for a mapping": (AMEND + "  period: 1\n", 6, "must be a mapping"),
    "yes for a number": (AMEND + "  period: {value: yes, unit: years}\n", 6, "not 'yes'"),
    "number for yes": (AMEND + "  presumption: {value: 0.5, unit: yes or no}\n", 6, "must be yes or no"),
    "true for yes": (AMEND + "  presumption: {value: true, unit: yes or no}\n", 6, "must be yes or no, not 'true'"),
    "30 February": (HEAD + "commencement: 2026-02-30\n", 4, "no day 2026-02-30 in the calendar"),
    "month 13": (HEAD + "commencement: 2026-13-01\n", 4, "no day 2026-13-01 in the calendar"),
    "date the other way": (HEAD + "commencement: 01/04/2027\n", 4, "a date such as 2027-04-01"),
    "year alone": (HEAD + "commencement: 2027\n", 4, "a date such as 2027-04-01"),
    "before the projection": (HEAD + "commencement: 2024-09-30\n", 4, "the projection begins on 2024-10-01"),
    "after every run": (HEAD + "commencement: 2060-01-01\n", 4, "to 2059-12-31"),
    "frozen too early": (HEAD + "law_as_it_stood: 2024-09-29\n", 4, "from 2024-09-30"),
    "dated before commencement": (
        AMEND + "  period: {unit: years, from: {2027-03-31: 1}}\n",
        6,
        "from 2027-04-01 to 2059-12-31, not 2027-03-31",
    ),
    "negative period": (AMEND + "  period: {value: -1, unit: years}\n", 6, "from 0 to 99, not '-1'"),
    "above the bound": (AMEND + "  period: {value: 100, unit: years}\n", 6, "from 0 to 99"),
    "probability over one": (AMEND + "  recalled: {value: [0.5, 1.5], unit: probability}\n", 6, "from 0 to 1"),
    "multiplied over one": (AMEND + "  recalled: {times: 2, unit: probability}\n", 6, "would make the rule 1.2"),
    "multiplied by less than nothing": (AMEND + "  recalled: {times: -2, unit: probability}\n", 6, "from 0"),
    "yes multiplied": (AMEND + "  presumption: {times: 2, unit: yes or no}\n", 6, "cannot be multiplied"),
    "rule amended twice": (AMEND + PERIOD + PERIOD, 7, "amends says 'period' twice (first on line 6)"),
    "list too short": (AMEND + "  recalled: {value: [0.5], unit: probability}\n", 6, "a list of 2 numbers (missed"),
    "list too long": (AMEND + "  recalled: {times: [1, 1, 1], unit: probability}\n", 6, "a list of 2 (missed"),
    "number for a list": (AMEND + "  recalled: {value: 0.5, unit: probability}\n", 6, "a list of 2 numbers"),
    "list for a number": (AMEND + "  period: {value: [1], unit: years}\n", 6, "not a list of 1"),
    "nan": (AMEND + "  period: {value: .nan, unit: years}\n", 6, "not '.nan'"),
    "nan as python has it": (AMEND + "  period: {value: nan, unit: years}\n", 6, "not 'nan'"),
    "inf": (AMEND + "  period: {value: .inf, unit: years}\n", 6, "not '.inf'"),
    "more than a float holds": (AMEND + "  listings: {value: 1e999, unit: hearings per year}\n", 6, "'1e999'"),
    "huge integer": (AMEND + f"  listings: {{value: {'9' * 5000}, unit: hearings per year}}\n", 6, "of at least 0"),
    "hexadecimal": (AMEND + "  period: {value: 0x1F, unit: years}\n", 6, "'0x1F'"),
    "digits of another script": (AMEND + "  period: {value: ٣, unit: years}\n", 6, "a number of years"),
    "missing unit": (AMEND + "  period: {value: 1}\n", 6, "must have the field 'unit'"),
    "wrong unit": (AMEND + "  period: {value: 1, unit: months}\n", 6, "must be 'years', the unit of"),
    "value and times": (AMEND + "  period: {value: 1, times: 2, unit: years}\n", 6, "just one of"),
    "neither value nor times": (AMEND + "  period: {unit: years}\n", 6, "just one of"),
    "empty from": (AMEND + "  period: {unit: years, from: {}}\n", 6, "at least one dated value"),
    "convention": (AMEND + "  fixed: {value: 2, unit: ratio}\n", 6, "a convention of the model"),
    "amends nothing": (AMEND + "  {}\n", 5, "must name at least one rule"),
    "amends without commencement": (HEAD + "amends:\n" + PERIOD, 4, "'commencement'"),
    "missing question": ("name: A Bill\nsource: Ours\n", 1, "must have the field 'question'"),
    "question not a question": ("name: A Bill\nsource: Ours\nquestion: Tell me.\n", 3, "ending with '?'"),
    "empty name": ("name:\nsource: Ours\nquestion: What?\n", 1, "must not be empty"),
    "name too long": (f"name: {'x' * 121}\nsource: Ours\nquestion: What?\n", 1, "at most 120 characters long, not 121"),
    "list for a name": ("name: [a]\nsource: Ours\nquestion: What?\n", 1, "must be text, not a list of 1"),
    "unknown group": (AMEND + PERIOD + "applies_to: {sentence: [lifer]}\n", 7, "'ipp' or 'dpp', not 'lifer'"),
    "unknown group field": (AMEND + PERIOD + "applies_to: {gender: [male]}\n", 7, "is not a known field"),
    "empty group": (AMEND + PERIOD + "applies_to: {}\n", 7, "to whom"),
    "group of no one": (
        AMEND + PERIOD + "applies_to: {tariff_years_below: 2, tariff_years_at_least: 2}\n",
        7,
        "must be above 2",
    ),
    "group with nothing to apply": (HEAD + "applies_to: {sex: male}\n", 4, "has nothing to apply"),
    "unknown commencement": (HEAD + "commence: {secnd_act: never}\n", 4, "did you mean 'second_act'"),
    "commencement in the past": (HEAD + "commence: {old_act: never}\n", 4, "it commenced on 2012-12-03"),
    "commenced in the past": (HEAD + "commence: {second_act: 2020-01-01}\n", 4, "the projection begins"),
    "commenced after the freeze": (
        HEAD + "law_as_it_stood: 2025-01-01\ncommence: {second_act: 2027-01-01}\n",
        5,
        "would have no effect",
    ),
    "duplicate key": (HEAD + "name: Again\n", 4, "says 'name' twice (first on line 1)"),
    "empty file": ("", None, "the file is empty"),
    "only a comment": ("# nothing\n", None, "the file is empty"),
    "only dashes": ("---\n", None, "the file is empty"),
    "list at top level": ("- name: A Bill\n", 1, "must be a mapping of names to values"),
    "text at top level": ("A Bill\n", 1, "must be a mapping of names to values"),
    "python tag": ("name: !!python/object/apply:os.system [ls]\n", 1, "uses a YAML tag"),
    "plain tag": ("name: !!str x\n", 1, "uses a YAML tag"),
    "local tag": ("name: !x y\n", 1, "uses a YAML tag"),
    "anchor": ("name: &a x\nsource: *a\n", 1, "uses a YAML anchor"),
    "alias": ("name: x\nsource: *a\n", 2, "uses a YAML anchor"),
    "anchors bomb": (BOMB, 1, "uses a YAML anchor"),
    "tab": ("name: A Bill\n\tsource: Ours\n", 2, "tab"),
    "unclosed quote": (HEAD + 'note: "never closed\n', 4, "opens a quotation mark that is never closed"),
    "unclosed bracket": (HEAD + "applies_to: {sex: [male\n", None, "bracket"),
    "colon in text": ("name: A Bill: the sequel\n", 1, "a colon where YAML does not allow one"),
    "does not line up": (HEAD + "  amends:\n", 4, "the file "),
    "line without a colon": (HEAD + "amends\n", None, "no colon after the name"),
    "two documents": (HEAD + "---\n" + HEAD, 4, "a second YAML document"),
    "nested too deep": ("name: " + "[" * 50 + "]" * 50 + "\n", 1, "nested more than"),
    "nested far too deep": ("name: " + "[" * 100_000, 1, "nested more than"),
    "mappings nested too deep": ("".join(" " * i + "a:\n" for i in range(200)), 12, "nested more than"),
    "key that is a list": ("[a, b]: c\n", 1, "plain names before its colons"),
    "control character": ("name: A \x07 Bill\n", 1, "U+0007"),
    "escape code": ('name: "A \\e[31mred Bill"\n', 1, "cannot be printed (U+001B)"),
    "half a character": ('name: "\\ud800"\n', 1, "U+D800"),
    "no such character": ('name: "\\Uffffffff"\n', None, "not valid YAML"),
    "bad escape": ('name: "\\q"\n', 1, "not valid YAML"),
    "merge key": (HEAD + "<<: {name: x}\n", 4, "is not a known field"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "line", "phrase"), BAD.values(), ids=BAD.keys())
def test_a_bad_bill_is_refused_in_one_sentence(
    tmp_path: Path, registry: Registry, words: str, line: int | None, phrase: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_bill(path, registry)
    message = str(refused.value)
    assert message.startswith(f"{path}, line {line}: " if line else f"{path}")
    assert phrase in message
    assert message.isprintable() and len(message) < 600
    assert message[-1] in ".?"


def refusal(path: Path, registry: Registry) -> str:
    with pytest.raises(BadInput) as refused:
        read_bill(path, registry)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)
    return str(refused.value)


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "is 50.0 MB; at most 1 MB" in refusal(path, registry)


def test_a_binary_file_is_refused(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\x7fELF\0\0\0")
    assert "NUL bytes" in refusal(path, registry)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(HEAD.encode() + "note: café\n".encode("latin-1"))
    assert "line 4: the file is not UTF-8" in refusal(path, registry)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert read_bill(path, registry).name == "A Bill"


def test_a_folder_is_refused(tmp_path: Path, registry: Registry) -> None:
    assert "this is a folder" in refusal(tmp_path, registry)


def test_a_missing_file_is_refused(tmp_path: Path, registry: Registry) -> None:
    assert "there is no such file" in refusal(tmp_path / "missing.yaml", registry)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "", " "])
def test_a_name_that_no_file_can_have_is_refused(name: str, registry: Registry) -> None:
    with pytest.raises(BadInput):
        read_bill(Path(name), registry)
    with pytest.raises(BadInput):
        find(name, registry)


def test_a_device_is_refused(registry: Registry) -> None:
    assert "not an ordinary file" in refusal(Path("/dev/null"), registry)


def test_a_file_name_that_cannot_name_results_is_refused(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "a,b.yaml"
    path.write_text(HEAD)
    assert "rename the file" in refusal(path, registry)


def test_times_of_a_rule_that_does_not_exist_is_refused(registry: Registry) -> None:
    abolished = "law_as_it_stood: 2024-10-31\n" + AMEND + "  presumption: {value: no, unit: yes or no}\n"
    assert bill(registry, abolished).changed() == ["presumption", "the law as it stood"]
    book = BOOK.replace("unit: yes or no, kind: law", "unit: ratio, kind: law").replace("value: yes", "value: 1")
    path = Path(registry.drafts[0].rule.values[0].where.rsplit(":", 1)[0]).with_name("other.yaml")
    path.write_text(book)
    words = "law_as_it_stood: 2024-10-31\n" + AMEND + "  presumption: {times: 2, unit: ratio}\n"
    with pytest.raises(BadInput, match=r"line 7: .*has nothing to multiply"):
        bill_from_text(words, "a_bill.yaml", read_registry((path,)))


# Finding


def test_a_path_and_paths_joined_are_found(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "one.yaml").write_text(AMEND + PERIOD)
    (tmp_path / "two.yaml").write_text(HEAD)
    (tmp_path / "a+b.yaml").write_text(HEAD)
    assert find(tmp_path / "one.yaml", registry).key == "one"
    assert find(f"{tmp_path}/one.yaml + {tmp_path}/two.yaml", registry).key == "one+two"
    with pytest.raises(BadInput, match="rename the file"):
        find(f"{tmp_path}/a+b.yaml", registry)


def test_an_unknown_name_is_refused_with_the_nearest(registry: Registry) -> None:
    with pytest.raises(BadInput, match="no scenario 'curent_law'; did you mean 'current_law'"):
        find("curent_law", registry)
    with pytest.raises(BadInput, match=r"current_law\.yaml: there is no such file; did you mean 'current_law'"):
        find("current_law.yaml", registry)
    with pytest.raises(BadInput, match=r"no scenario 'zzz'; those that ship are current_law, "):
        find("zzz", registry)


def test_a_bill_that_amends_nothing_leaves_the_law_as_it_is(registry: Registry, law: Law) -> None:
    assert numbers(find("current_law", registry).enact(law)) == numbers(law)


def test_the_shipped_bills_are_sound() -> None:
    bills = scenarios.shipped()
    assert bills[0].key == "current_law"
    assert {"law_before_november_2024", "one_year"} <= {each.key for each in bills}
    assert [row.key for row in scenarios_rows()] == [each.key for each in bills]
    current = scenarios.current_law()
    for each in bills:
        groups, laws = each.laws(current)
        assert len(laws) == 2 ** len(groups)
        assert all(list(law.rules) == list(current.rules) for law in laws)
        assert each.key == "current_law" or any(numbers(law) != numbers(current) for law in laws)


# Whatever is written, the reader returns a mapping or refuses it


def parts() -> st.SearchStrategy[str]:
    marks = [": ", "- ", "[", "]", "{", "}", "&a", "*a", "!!", "!", "|", ">", "'", '"', "#", "? ", ",", "~", "<<"]
    lines = ["\n", "\n  ", "\t", "---", "...", "%YAML ", "\u2028"]
    words = ["a", "name", "2026-13-01", "period", "unit", "\\U", "\\x", "é", "9" * 5000]
    pieces = marks + lines + words
    return st.lists(st.sampled_from(pieces), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), parts()))
@example('"\\Uffffffff"')
@example(f"%YAML {'9' * 5000}.1\n---\na: b")
@example("%TAG ! tag:x\n---\n!a b: c")
def test_any_text_is_read_or_refused(words: str) -> None:
    try:
        top = read_text(words, "fuzz.yaml")
    except BadInput as refused:
        assert str(refused).startswith("fuzz.yaml") and str(refused).isprintable()
    else:
        assert isinstance(top, Node) and isinstance(top.value, dict)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary())
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(data)
    try:
        top = read(path)
    except BadInput as refused:
        assert str(refused).startswith(str(path)) and str(refused).isprintable()
    else:
        assert isinstance(top.value, dict)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts(), st.sampled_from(["name", "commencement", "applies_to", "commence", "law_as_it_stood", "amends", "note"])
)
def test_any_field_is_read_or_refused(registry: Registry, words: str, field: str) -> None:
    kept = "".join(
        line + "\n" for line in (HEAD + "commencement: 2027-01-01").split("\n") if not line.startswith(field)
    )
    try:
        found = bill(registry, f"{kept}{field}: {words}\n")
    except BadInput as refused:
        assert str(refused).startswith("a_bill.yaml") and str(refused).isprintable()
    else:
        assert found.question == "What then?"
