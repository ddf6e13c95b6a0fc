"""Showing the law, the scenarios and the assumptions, for the command line and for docs/assumptions.md."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from scenarios import shipped
from scenarios.grades import AREAS, GRADES
from scenarios.register import effects, prior_said, register_markdown
from scenarios.registry import Commencement
from scenarios.units import UNITS
from sim.days import date_of, day_of
from sim.law import ALWAYS, KINDS, Dated, Law, Rule

HEADINGS = {
    "law": ("Law", "Stated by statute or statutory instrument, and cited."),
    "fact": ("Facts", "Published by others, and cited."),
    "belief": ("Beliefs", "What we believe before calibration, as a prior, and why. Calibration updates them."),
    "choice": ("Choices", "Dials that a Bill may turn: policy, practice and staffing."),
    "convention": ("Conventions", "Ours, and defended here. No Bill may change them."),
}
OPENING = """\
# Assumptions

Every number of the model, generated from the registry (`scenarios/statute_book.yaml`, `scenarios/practice.yaml`,
`scenarios/staffing.yaml` and `calibration/beliefs.yaml`); do not edit it by hand. A status of *stated* means that the
authority says so, *inferred* that we read it so, and *unverified* that we have not been able to check it.
"""


class LawLine(NamedTuple):
    """A dated value in words, as one row of a table."""

    rule: str
    value: str
    unit: str
    since: str
    status: str
    authority: str
    where: str


class ScenarioRow(NamedTuple):
    """A Bill that ships, as one row of a table."""

    key: str
    name: str
    question: str
    commencement: str
    source: str


def law_lines(law: Law, on: date | None = None, only_unverified: bool = False) -> list[LawLine]:
    """Return a row for every value in force on a day, or for every value there ever is if `on` is None."""
    pairs = ((rule, dated) for rule in law.rules.values() for dated in _values(rule, on))
    return [_line(rule, dated) for rule, dated in pairs if dated.status == "unverified" or not only_unverified]


def scenarios_rows() -> list[ScenarioRow]:
    """Return a row for each Bill that ships, the current law first. BadInput if a Bill is not right."""
    return [ScenarioRow(b.key, b.name, b.question, str(b.commencement or ""), b.source) for b in shipped()]


def assumptions_markdown(law: Law, commenced: Mapping[str, Commencement] | None = None) -> str:
    """Return the whole of docs/assumptions.md; with `commenced`, the named commencements are listed too."""
    parts = [OPENING, _totals(law)]
    if commenced:
        parts.append("## Commencements\n\n" + "\n".join(_commencement(each) for each in commenced.values()) + "\n")
    if effects(law):
        parts.append(register_markdown(law))
    for kind in KINDS:
        rules = [rule for rule in law.rules.values() if rule.kind == kind]
        if rules:
            heading, about = HEADINGS[kind]
            parts.append(f"## {heading}\n\n{about}\n")
            parts += [_entry(rule) for rule in rules]
    return "\n".join(parts)


def spoken(value: float, unit: str) -> str:
    """Return a number as written in tables: 'yes', '3', '0.25', or 'none' if the rule does not exist."""
    if value != value:
        return "none"
    if unit == "yes or no":
        return "yes" if value else "no"
    return f"{value:.10g}"


def _values(rule: Rule, on: date | None) -> list[Dated]:
    if on is not None:
        return [rule.on(day_of(on))]
    return [dated for dated in rule.values if dated.exists or dated.day > ALWAYS]


def _line(rule: Rule, dated: Dated) -> LawLine:
    since = str(date_of(dated.day)) if dated.day > ALWAYS else ""
    value = _value(rule, dated)
    return LawLine(rule.name, value, rule.unit, since, dated.status, dated.authority or rule.reason, dated.where)


def _value(rule: Rule, dated: Dated) -> str:
    if not dated.exists:
        return "does not exist"
    return ", ".join(spoken(x, rule.unit) for x in dated.value)


def _totals(law: Law) -> str:
    lines = ["| kind | numbers | with a value that is unverified |", "|---|---|---|"]
    for kind in KINDS:
        rules = [rule for rule in law.rules.values() if rule.kind == kind]
        unverified = sum(any(dated.status == "unverified" for dated in rule.values) for rule in rules)
        lines.append(f"| {kind} | {len(rules)} | {unverified} |")
    return "\n".join(lines) + "\n"


def _commencement(each: Commencement) -> str:
    note = f" {each.note}" if each.note else ""
    return f"- `{each.name}`: {each.day or 'never'} ({_cited(each.authority, each.href)}; {each.status}).{note}"


def _entry(rule: Rule) -> str:
    return "\n".join([f"### `{rule.name}`", "", rule.sense, "", *_bullets(rule)]) + "\n"


def _bullets(rule: Rule) -> Iterator[str]:
    yield f"- Unit: {rule.unit}{_bounds(rule)}"
    if rule.of:
        yield f"- For each of: {', '.join(rule.of)}"
    for dated in _values(rule, None):
        since = f"from {date_of(dated.day)}" if dated.day > ALWAYS else "always"
        cited = _cited(dated.authority, dated.href)
        facts = "; ".join(fact for fact in (cited, dated.status, f"`{dated.where}`") if fact)
        yield f"- Value, {since}: **{_value(rule, dated)}** ({facts})"
    if rule.prior:
        yield f"- Prior: {prior_said(rule)}{' of its first value' if rule.drift else ''}"
    if rule.drift:
        yield f"- Walks: {_walk(rule)}"
    if rule.effect:
        yield f"- Effect, through {AREAS[rule.effect]}. Evidence: {rule.grade} ({GRADES[rule.grade]})"
    if rule.reason:
        yield f"- Reason: {rule.reason}"
    if rule.checked:
        yield f"- Checked: {rule.checked}"


def _walk(rule: Rule) -> str:
    steps = ", ".join(f"{spread:.10g} from {year}" for year, spread in rule.drift)
    of_logarithm = "; of its logarithm" if rule.prior[0] == "lognormal" else ""
    return f"a step on each 1 January, of standard deviation {steps}{of_logarithm}"


def _bounds(rule: Rule) -> str:
    # Bounds that only repeat what the unit means are not worth a reader's time.
    unit = UNITS[rule.unit]
    low = f"at least {rule.low:.10g}" if rule.low > unit.low else ""
    high = f"at most {rule.high:.10g}" if rule.high < unit.high else ""
    said = ", ".join(bound for bound in (low, high) if bound)
    return f" ({said})" if said else ""


def _cited(authority: str, href: str) -> str:
    return f"[{authority}]({href})" if authority and href else authority or href
