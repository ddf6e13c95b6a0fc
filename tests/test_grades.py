"""The grade of evidence of each effect: checked on reading, and told in the register."""

from pathlib import Path

import pytest

from scenarios import current_law
from scenarios.grades import AREAS, GRADES, MEASURED
from scenarios.reading import BadInput
from scenarios.register import effects, register_markdown
from scenarios.registry import current_law as law_of
from scenarios.show import assumptions_markdown

EFFECT = """\
rules:
  contact_effect:
    sense: Power by which contact lowers incidents
    unit: power
    kind: belief
    effect: contact
    grade: analogous
    value: 0.05
    prior: [normal, 0.05, 0.1]
    authority: "Barnes and others 2010"
    reason: The prior includes none.
"""
# What is on incidents, recall or release not a base rate but the size of what a lever does, by the end of its name.
SIZES = ("_ratio", "_effect", "_log_odds", "_discount", "_thinning", "_incidents", "_capacity")
NOT_A_LEVER = {  # who people are, where they stand in prison, how many die and are supervised
    *("female_incident_ratio", "mortality_ratio_custody", "mortality_ratio_licence", "frailty_with_readiness"),
    "caseload_yearly_ratio",
    *("release_log_odds", "offence_log_odds", "female_log_odds", "open_log_odds", "rerelease_log_odds"),
    *("tariff_log_odds", "first_review_log_odds"),
}


def read(tmp_path: Path, words: str) -> None:
    path = tmp_path / "beliefs.yaml"
    path.write_text(words)
    rule = law_of([path]).rule("contact_effect")
    assert (rule.effect, rule.grade) == ("contact", "analogous")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("grade: analogous", "grade: strong", "must be 'direct', 'analogous' or 'judgement', not 'strong'"),
        ("effect: contact", "effect: contacts", "did you mean 'contact'"),
        ("    grade: analogous\n", "", "must have the field 'grade' beside 'effect', as every effect has both"),
        ("    effect: contact\n", "", "must have the field 'effect' beside 'grade', as every effect has both"),
        ('    authority: "Barnes and others 2010"\n', "", "as every effect that is analogous has a source"),
    ],
)
def test_a_grade_is_checked_on_reading(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    read(tmp_path, EFFECT)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(BadInput, match="contact_effect") as problem:
        read(other, EFFECT.replace(was, becomes))
    assert said in str(problem.value)


def test_a_judgement_needs_no_source(tmp_path: Path) -> None:
    words = EFFECT.replace("analogous", "judgement").replace('    authority: "Barnes and others 2010"\n', "")
    path = tmp_path / "beliefs.yaml"
    path.write_text(words)
    assert law_of([path]).rule("contact_effect").grade == "judgement"


def test_every_belief_that_is_the_size_of_an_effect_is_graded() -> None:
    sizes = {rule.name for rule in current_law().rules.values() if rule.kind == "belief" and rule.name.endswith(SIZES)}
    assert sizes - NOT_A_LEVER - {rule.name for rule in effects(current_law())} == set()
    assert len(effects(current_law())) >= len(sizes - NOT_A_LEVER) > 15


def test_the_register_has_a_row_for_each_effect_with_its_grade_source_and_prior() -> None:
    law = current_law()
    told = register_markdown(law)
    rows = {line.split("`")[1]: line for line in told.splitlines() if line.startswith("| `")}
    assert list(rows) == [rule.name for rule in effects(law)]
    for rule in effects(law):
        assert f"| {AREAS[rule.effect]} | {rule.grade} |" in rows[rule.name]
        assert rule.prior and f"{rule.prior[0]}(" in rows[rule.name]
        source = rule.values[0].authority if rule.grade in MEASURED else "none: judged"
        assert source and source in rows[rule.name]
    for grade in GRADES:
        number = sum(rule.grade == grade for rule in effects(law))
        assert f"- **{grade}**, {GRADES[grade]}: {number} of {len(rows)}" in told


def test_the_register_is_part_of_the_assumptions() -> None:
    law = current_law()
    told = assumptions_markdown(law)
    assert register_markdown(law) in told
    assert told.count("- Effect, through ") == len(effects(law))
    assert "## Evidence register" not in assumptions_markdown(law_of([Path("scenarios/practice.yaml")]))
