"""The evidence register: what the size of each effect rests on, for docs/assumptions.md and the command line."""

from collections.abc import Sequence

from scenarios.grades import AREAS, GRADES
from sim.law import Law, Rule

HEADING = """\
## Evidence register

The sizes of effects: how much staffing, contact, support, premises, preparation, recall practice and the end of a
licence do. An effect is *direct* if it was measured in people serving this sentence, *analogous* if it was measured in
another population, and *judgement* if it was not measured. [Levers](levers.md) says how much of an answer's
uncertainty they bring.
"""


def effects(law: Law) -> list[Rule]:
    """Return the rules that are the size of an effect, by area and then in the order of the book."""
    areas = list(AREAS)
    return sorted((rule for rule in law.rules.values() if rule.effect), key=lambda rule: areas.index(rule.effect))


def register_markdown(law: Law) -> str:
    """Return the register as Markdown: how many effects have each grade, and a row for each effect."""
    found = effects(law)
    rows = ["| effect | acts through | grade | source | prior |", "|---|---|---|---|---|"]
    rows += [_row(rule) for rule in found]
    return "\n".join([HEADING, *_grades(found), "", *rows]) + "\n"


def prior_said(rule: Rule) -> str:
    """Return a prior as written in tables, such as 'normal(0.05, 0.1)'; '' if there is none."""
    if not rule.prior:
        return ""
    form, *numbers = rule.prior
    return f"{form}({', '.join(f'{x:.10g}' for x in numbers)})"


def _grades(found: Sequence[Rule]) -> list[str]:
    counted = {grade: sum(rule.grade == grade for rule in found) for grade in GRADES}
    return [f"- **{grade}**, {GRADES[grade]}: {number} of {len(found)}" for grade, number in counted.items()]


def _row(rule: Rule) -> str:
    first = rule.values[0]
    none = "none: judged, with its reason below"
    source = f"[{first.authority}]({first.href})" if first.authority and first.href else first.authority or none
    return f"| `{rule.name}`: {rule.sense} | {AREAS[rule.effect]} | {rule.grade} | {source} | {prior_said(rule)} |"
