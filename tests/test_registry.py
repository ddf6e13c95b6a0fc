"""The registry of numbers: what it reads, what it refuses, and that every value can say where it stands."""

from datetime import date
from math import isnan
from pathlib import Path

import pytest

from scenarios.reading import BadInput
from scenarios.registry import commencements, current_law, read_registry
from scenarios.show import assumptions_markdown, law_lines
from sim.days import day_of
from sim.law import ALWAYS, Law

BOOK = """\
commencements:
  second_act:
    day: 2026-06-01
    authority: Second Act 2026 s.1
    href: https://example.org/second
    status: unverified
    note: The order has not been read.
  third_act: {day: never, authority: Third Act 2027 s.9}
rules:
  qualifying_period:
    sense: Years from first release until the licence may be ended
    unit: years
    kind: law
    checked: 2026-11-23
    low: 0
    high: 99
    from:
      second_act: {value: 2}
      2024-11-01: {value: 3, authority: First Act 2024 s.66, href: "https://example.org/first"}
      third_act: {value: none, authority: Third Act 2027 s.9(2)}
  may_apply:
    sense: Whether a person may ask
    unit: yes or no
    kind: law
    checked: 2026-11-23
    value: yes
    authority: First Act 2024 s.1
"""
PRACTICE = """\
rules:
  listings:
    sense: Oral hearings listed in a year
    unit: hearings per year
    kind: choice
    from: {2005-04-04: 1000, 2025-01-01: 1200.5}
    authority: Parole Board annual report
    reason: Held at the last year published
  start_day: {sense: The day of the week, unit: score, kind: convention, value: -1.5e0, reason: Ours}
"""
BELIEFS = """\
rules:
  recalled:
    sense: Probability of recall after an incident
    unit: probability
    kind: belief
    of: [missed appointment, relapse]
    value: [0.4, 0.5]
    prior: [beta, 20, 20]
    reason: Inspections
"""


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    files = {"book.yaml": BOOK, "practice.yaml": PRACTICE, "beliefs.yaml": BELIEFS}
    for name, words in files.items():
        (tmp_path / name).write_text(words)
    return [tmp_path / name for name in files]


@pytest.fixture
def law(paths: list[Path]) -> Law:
    return current_law(paths)


def on(law: Law, name: str, *when: int) -> object:
    return law.on(day_of(date(*when)))[name]


def test_rules_keep_the_order_of_the_files(law: Law) -> None:
    assert list(law.rules) == ["qualifying_period", "may_apply", "listings", "start_day", "recalled"]


def test_dated_values_take_effect_on_their_day(law: Law) -> None:
    assert on(law, "qualifying_period", 2024, 11, 1) == 3
    assert on(law, "qualifying_period", 2026, 5, 31) == 3
    assert on(law, "qualifying_period", 2026, 6, 1) == 2
    assert on(law, "listings", 2024, 12, 31) == 1000
    assert on(law, "listings", 2025, 1, 1) == 1200.5


def test_before_its_first_day_a_rule_does_not_exist(law: Law) -> None:
    assert isnan(float(str(on(law, "qualifying_period", 2024, 10, 31))))
    assert not law.why("qualifying_period", day_of(date(2024, 10, 31))).exists


def test_yes_is_one_and_lists_are_tuples(law: Law) -> None:
    assert on(law, "may_apply", 2020, 1, 1) == 1.0
    assert on(law, "recalled", 2020, 1, 1) == (0.4, 0.5)
    assert on(law, "start_day", 2020, 1, 1) == -1.5


def test_why_names_the_file_the_line_and_the_authority(law: Law, paths: list[Path]) -> None:
    why = law.why("qualifying_period", day_of(date(2025, 1, 1)))
    assert why.where == f"{paths[0]}:19"
    assert (why.authority, why.href, why.status) == ("First Act 2024 s.66", "https://example.org/first", "stated")


def test_a_named_value_is_cited_and_doubted_as_its_commencement_is(law: Law) -> None:
    why = law.why("qualifying_period", day_of(date(2026, 6, 1)))
    assert (why.authority, why.href, why.status) == (
        "Second Act 2026 s.1",
        "https://example.org/second",
        "unverified",
    )


def test_a_dated_value_without_its_own_citation_has_the_rules(law: Law) -> None:
    why = law.why("listings", day_of(date(2026, 1, 1)))
    assert (why.authority, why.status) == ("Parole Board annual report", "inferred")


def test_a_commencement_can_be_moved(paths: list[Path]) -> None:
    moved = current_law(paths, {"second_act": date(2027, 1, 1)})
    assert on(moved, "qualifying_period", 2026, 12, 31) == 3
    assert on(moved, "qualifying_period", 2027, 1, 1) == 2


def test_a_commencement_can_never_come(paths: list[Path]) -> None:
    never = current_law(paths, {"second_act": None})
    assert on(never, "qualifying_period", 2059, 12, 31) == 3


def test_what_never_commences_can_be_commenced(paths: list[Path]) -> None:
    abolished = current_law(paths, {"third_act": date(2030, 1, 1)})
    assert on(abolished, "qualifying_period", 2029, 12, 31) == 2
    assert isnan(float(str(on(abolished, "qualifying_period", 2030, 1, 1))))


def test_an_unknown_commencement_is_refused_with_the_nearest(paths: list[Path]) -> None:
    with pytest.raises(BadInput, match="no commencement 'secnd_act'; did you mean 'second_act'"):
        current_law(paths, {"secnd_act": None})


def test_commencements_are_listed(paths: list[Path]) -> None:
    found = commencements(paths)
    assert list(found) == ["second_act", "third_act"]
    assert (found["second_act"].day, found["third_act"].day) == (date(2026, 6, 1), None)
    assert found["second_act"].where == f"{paths[0]}:3"


def test_a_belief_keeps_its_prior_reason_and_places(law: Law) -> None:
    rule = law.rule("recalled")
    assert rule.prior == ("beta", 20.0, 20.0)
    assert (rule.reason, rule.of, rule.width) == ("Inspections", ("missed appointment", "relapse"), 2)
    assert (rule.low, rule.high) == (0, 1)  # what a probability means
    assert rule.values[0].day == ALWAYS


FACT = "sense: s, unit: years, kind: fact, checked: 2026-01-01"
BAD_RULES = {
    "no unit": ("r: {sense: s, kind: convention, value: 1, reason: x}", "must have the field 'unit'"),
    "unknown unit": ("r: {sense: s, unit: year, kind: convention, value: 1, reason: x}", "did you mean 'years'"),
    "unknown kind": ("r: {sense: s, unit: years, kind: laws, value: 1}", "did you mean 'law'"),
    "unknown field": ("r: {sens: s, unit: years, kind: law, value: 1}", "did you mean 'sense'"),
    "fact without checked": ("r: {sense: s, unit: years, kind: fact, value: 1, authority: a}", "'checked'"),
    "fact without authority": (f"r: {{{FACT}, value: 1}}", "must have an authority"),
    "dated fact without authority": (f"r: {{{FACT}, from: {{2024-01-01: {{value: 1}}}}}}", "must have an authority"),
    "belief without prior": ("r: {sense: s, unit: years, kind: belief, value: 1, reason: x}", "'prior'"),
    "belief without reason": ("r: {sense: s, unit: years, kind: belief, value: 1, prior: [beta, 1, 1]}", "'reason'"),
    "prior of a fact": (f"r: {{{FACT}, value: 1, authority: a, prior: [beta, 1, 1]}}", "only a belief has a prior"),
    "value and from": (f"r: {{{FACT}, value: 1, from: {{}}, authority: a}}", "either 'value'"),
    "neither value nor from": (f"r: {{{FACT}}}", "either 'value'"),
    "empty from": (f"r: {{{FACT}, from: {{}}}}", "at least one dated value"),
    "below low": (f"r: {{{FACT}, low: 2, value: 1, authority: a}}", "from 2 to 200"),
    "above high": (f"r: {{{FACT}, high: 2, value: 3, authority: a}}", "from 0 to 2"),
    "low above high": (f"r: {{{FACT}, low: 3, high: 2, value: 3, authority: a}}", "leaves no value"),
    "negative years": (f"r: {{{FACT}, value: -1, authority: a}}", "a number of years from 0 to 200"),
    "share over one": ("r: {sense: s, unit: share, kind: convention, value: 1.01, reason: x}", "a share from 0 to 1"),
    "yes for years": (f"r: {{{FACT}, value: yes, authority: a}}", "a number of years"),
    "two for yes or no": ("r: {sense: s, unit: yes or no, kind: convention, value: 2, reason: x}", "yes or no"),
    "status unknown": (f"r: {{{FACT}, value: 1, authority: a, status: guessed}}", "'unverified'"),
    "link not a link": (f"r: {{{FACT}, value: 1, authority: a, href: example.org}}", "https://"),
    "not in the calendar": (f"r: {{{FACT}, from: {{2025-02-29: {{value: 1, authority: a}}}}}}", "in the calendar"),
    "too early": (f"r: {{{FACT}, from: {{1989-12-31: {{value: 1, authority: a}}}}}}", "from 1990-01-01"),
    "too late": (f"r: {{{FACT}, from: {{2060-01-01: {{value: 1, authority: a}}}}}}", "to 2059-12-31"),
    "unknown commencement": (f"r: {{{FACT}, from: {{some_act: {{value: 1, authority: a}}}}}}", "commencement"),
    "list of the wrong length": (f"r: {{{FACT}, of: [a, b], value: [1], authority: a}}", "a list of 2 numbers"),
    "a number for a list": (f"r: {{{FACT}, of: [a, b], value: 1, authority: a}}", "a list of 2 numbers"),
    "a list for a number": (f"r: {{{FACT}, value: [1], authority: a}}", "not a list of 1"),
    "none within a list": (f"r: {{{FACT}, of: [a, b], value: [1, none], authority: a}}", "value item 2"),
    "the same place twice": (f"r: {{{FACT}, of: [a, a], value: [1, 1], authority: a}}", "same place twice"),
    "a name with capitals": (f"R: {{{FACT}, value: 1, authority: a}}", "lower-case"),
    "a rule twice": (f"r: {{{FACT}, value: 1, authority: a}}\n  r: {{}}", "says 'r' twice (first on line 2)"),
}


@pytest.mark.parametrize(("rule", "phrase"), BAD_RULES.values(), ids=BAD_RULES.keys())
def test_a_bad_rule_is_refused_with_file_and_line(tmp_path: Path, rule: str, phrase: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(f"rules:\n  {rule}\n")
    line = 3 if "twice (" in phrase else 2
    with pytest.raises(BadInput) as refused:
        current_law([path])
    message = str(refused.value)
    assert message.startswith(f"{path}, line {line}: ")
    assert phrase in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("written", "phrase"),
    [
        ("[normal, 1]", "two numbers and not 1"),
        ("[normal, 1, 0]", "must be above 0, as the standard deviation"),
        ("[lognormal, -1, 1]", "the median"),
        ("[uniform, 2, 1]", "low below its high"),
        ("[beta, 0, 1]", "above 0"),
        ("[gamma, 1, x]", "a number (scale)"),
        ("[gaussian, 0, 1]", "'normal'"),
        ("[uniform, 0, .inf]", "a number (high)"),
        ("normal", "must be a list"),
    ],
)
def test_a_bad_prior_is_refused(tmp_path: Path, written: str, phrase: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(f"rules:\n  r: {{sense: s, unit: ratio, kind: belief, value: 1, reason: x, prior: {written}}}\n")
    with pytest.raises(BadInput) as refused:
        current_law([path])
    assert phrase in str(refused.value)
    assert f"{path}, line 2: rules.r.prior" in str(refused.value)


def drifting(**fields: str) -> str:
    """A rule that drifts, in YAML, with some of its fields put otherwise."""
    held = {"sense": "s", "unit": "ratio", "kind": "belief", "reason": "x", "prior": "[lognormal, 1, 0.4]"}
    held |= {"from": "{2005-04-04: 1, 2012-01-01: 2}", "drift": "{2011: 0.7, 2014: 0.35}"} | fields
    return f"rules:\n  r: {{{', '.join(f'{name}: {value}' for name, value in held.items() if value)}}}\n"


def test_a_drift_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "drifts.yaml"
    path.write_text(drifting())
    law = current_law([path])
    assert law.rule("r").drift == ((2011, 0.7), (2014, 0.35))
    said = "- Walks: a step on each 1 January, of standard deviation 0.7 from 2011, 0.35 from 2014; of its logarithm"
    assert said in assumptions_markdown(law).splitlines()
    other = tmp_path / "other.yaml"
    other.write_text(drifting(prior="[normal, 1, 0.4]", drift="{2012: 0.5}"))
    said = "- Walks: a step on each 1 January, of standard deviation 0.5 from 2012"
    assert said in assumptions_markdown(current_law([other])).splitlines()


BAD_DRIFTS = {
    "a prior that does not walk": ({"prior": "[beta, 2, 2]"}, "a normal or lognormal prior"),
    "no dated values": ({"from": "", "value": "1"}, "dated single values"),
    "a list": ({"of": "[a, b]", "from": "{2005-04-04: [1, 1]}"}, "dated single values"),
    "no year": ({"drift": "{}"}, "at least one year"),
    "years out of order": ({"drift": "{2014: 0.3, 2011: 0.7}"}, "its years in order"),
    "a year before the sentence": ({"drift": "{1999: 0.3}"}, "a year from 2006 to 2040"),
    "a date for a year": ({"drift": "{2014-01-01: 0.3}"}, "a year from 2006 to 2040"),
    "a step of nought": ({"drift": "{2011: 0}"}, "above 0, as the spread of a yearly step"),
    "a step below nought": ({"drift": "{2011: -0.1}"}, "above 0, as the spread of a yearly step"),
    "a step in words": ({"drift": "{2011: wide}"}, "a standard deviation"),
    "a list of steps": ({"drift": "[0.7]"}, "drift"),
}


@pytest.mark.parametrize(("fields", "phrase"), BAD_DRIFTS.values(), ids=BAD_DRIFTS.keys())
def test_a_bad_drift_is_refused_with_file_and_line(tmp_path: Path, fields: dict[str, str], phrase: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(drifting(**fields))
    with pytest.raises(BadInput) as refused:
        current_law([path])
    assert str(refused.value).startswith(f"{path}, line 2: rules.r.drift")
    assert phrase in str(refused.value) and "\n" not in str(refused.value)


def test_two_values_may_not_begin_on_the_same_day(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(BOOK.replace("2024-11-01: {value: 3", "2026-06-01: {value: 3"))
    with pytest.raises(BadInput, match=r"line 17: .*on the same day"):
        current_law([path])


def test_a_rule_of_two_files_is_refused(paths: list[Path], tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(PRACTICE)
    with pytest.raises(BadInput, match=r"again.yaml, line 2: rules.listings is already a rule"):
        current_law([*paths, again])


def test_law_lines_tell_every_value_or_those_of_a_day(law: Law) -> None:
    every = law_lines(law)
    assert [line.since for line in every if line.rule == "qualifying_period"] == ["2024-11-01", "2026-06-01"]
    on_day = {line.rule: line for line in law_lines(law, date(2020, 1, 1))}
    assert on_day["qualifying_period"].value == "does not exist"
    assert on_day["may_apply"].value == "yes"
    assert on_day["recalled"].value == "0.4, 0.5"


def test_law_lines_can_tell_only_the_unverified(law: Law) -> None:
    lines = law_lines(law, only_unverified=True)
    assert [(line.rule, line.since) for line in lines] == [("qualifying_period", "2026-06-01")]


def test_assumptions_hold_every_number_with_its_reasons(law: Law, paths: list[Path]) -> None:
    told = assumptions_markdown(law, commencements(paths))
    assert told == assumptions_markdown(current_law(paths), commencements(paths))
    for name in law.rules:
        assert told.count(f"### `{name}`") == 1
    assert "- Prior: beta(20, 20)" in told
    assert "- Reason: Inspections" in told
    assert f"`{paths[0]}:19`" in told
    assert "[First Act 2024 s.66](https://example.org/first)" in told
    assert told.index("## Law") < told.index("## Beliefs") < told.index("## Choices") < told.index("## Conventions")
    assert "| law | 2 | 1 |" in told


def test_the_shipped_registry_is_sound() -> None:
    law = current_law()
    assert law.rules
    assert {rule.kind for rule in law.rules.values()} >= {"law", "belief", "choice"}
    assert all(dated.where for rule in law.rules.values() for dated in rule.values)
    assert len(law_lines(law)) == sum(len(rule.values) for rule in law.rules.values())
    for name in read_registry().commencements:
        assert list(current_law(commencements={name: None}).rules) == list(law.rules)
