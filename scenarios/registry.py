"""The registry of numbers: every number of the model, from four files, as a `sim.law.Law`.

A value may be dated by a named commencement instead of a date. What day that is may then be switched, for a
provision whose commencement is uncertain or which a Bill commences earlier, later or never.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import inf
from pathlib import Path

from scenarios.fields import FIRST, day, items, link, mapping, number, one_of, optional_text, snake_name, text
from scenarios.grades import graded
from scenarios.priors import drift, prior
from scenarios.reading import HOME, BadInput, Node, nearest, read
from scenarios.units import UNITS, Measure, unit_named
from sim.days import day_of
from sim.law import ALWAYS, KINDS, NONE, STATUSES, Amendment, Dated, Law, Rule

PATHS = (
    *(HOME / f"scenarios/{name}.yaml" for name in ("statute_book", "practice", "staffing")),
    HOME / "calibration/beliefs.yaml",
)
CITED = ("law", "fact", "choice")  # every value of these kinds has an authority
REASONED = ("belief", "choice", "convention")  # each rule of these kinds has a reason
CHECKED = ("law", "fact")  # each rule of these kinds says when it was last looked up
RULE_FIELDS = (
    *("sense", "unit", "kind", "checked", "low", "high", "from", "of", "value", "prior", "drift", "reason"),
    *("authority", "href", "status", "effect", "grade"),
)
Days = Mapping[str, date | None]


@dataclass(frozen=True)
class Commencement:
    """A day on which something came, or will come, into force; None if it never does."""

    name: str
    day: date | None
    authority: str
    href: str
    status: str
    note: str
    where: str


@dataclass(frozen=True)
class Draft:
    """A rule before its commencements are settled: `named` values wait for the day of a commencement."""

    rule: Rule  # with the values that have a date of their own
    named: tuple[tuple[str, Dated], ...]

    def settled(self, days: Days) -> Rule:
        """Return the rule with every named value on its day; a value that never commences drops out."""
        put = [replace(dated, day=day_of(when)) for name, dated in self.named if (when := days[name])]
        return replace(self.rule, values=tuple(sorted((*self.rule.values, *put), key=lambda dated: dated.day)))


@dataclass(frozen=True)
class Registry:
    """Every rule, in the order of the files, and every named commencement."""

    drafts: tuple[Draft, ...]
    commencements: Mapping[str, Commencement]

    def law(self, switched: Days | None = None) -> Law:
        """Return the law, with some commencements switched; BadInput for a commencement that does not exist."""
        days = self.days(switched or {})
        return Law({draft.rule.name: draft.settled(days) for draft in self.drafts})

    def days(self, switched: Days) -> dict[str, date | None]:
        """Return the day of every commencement, with some of them switched."""
        for name in switched:
            if name not in self.commencements:
                raise BadInput(f"there is no commencement '{name}'{nearest(name, self.commencements)}")
        return {name: each.day for name, each in self.commencements.items()} | dict(switched)

    def moved(self, switched: Days, by: str) -> tuple[Amendment, ...]:
        """Return what it does to the rules to switch some commencements; `by` is added to the authority."""
        days = self.days(switched)
        drafts = [draft for draft in self.drafts if any(name in switched for name, _ in draft.named)]
        return tuple(Amendment(draft.rule.name, _whole(_credited(draft, switched, by), days)) for draft in drafts)


def current_law(paths: Iterable[Path] = PATHS, commencements: Days | None = None) -> Law:
    """Return the law of the registry's files, in their order, with some named commencements switched.

    `commencements` gives a date, or None for never, by name. BadInput if a file or a name is not right.
    """
    return read_registry(tuple(map(Path, paths))).law(commencements)


def commencements(paths: Iterable[Path] = PATHS) -> dict[str, Commencement]:
    """Return every named commencement, by name, in the order of the files."""
    return dict(read_registry(tuple(map(Path, paths))).commencements)


@cache
def read_registry(paths: tuple[Path, ...] = PATHS) -> Registry:
    """Return the registry that some files hold; BadInput if any of them is not right. Files are read once."""
    tops = [mapping(read(path), ("commencements", "rules")) for path in paths]
    named = _commencements([top["commencements"] for top in tops if "commencements" in top])
    drafts: dict[str, Draft] = {}
    for top in tops:
        for name, node in mapping(top["rules"]).items() if "rules" in top else ():
            if name in drafts:
                raise (node.key or node).bad("is already a rule of an earlier file")
            drafts[name] = _draft(name, node, named)
    return Registry(tuple(drafts.values()), named)


def _commencements(nodes: list[Node]) -> dict[str, Commencement]:
    found: dict[str, Commencement] = {}
    for name, node in (pair for each in nodes for pair in mapping(each).items()):
        snake_name(node.key or node, "a name")
        if name in found:
            raise (node.key or node).bad("is already a commencement of an earlier file")
        fields = mapping(node, ("day", "authority", "href", "status", "note"), ("day", "authority"))
        when = None if fields["day"].value == "never" else day(fields["day"])
        status = one_of(fields["status"], STATUSES) if "status" in fields else "stated"
        cited = text(fields["authority"]), link(fields), status, optional_text(fields, "note")
        found[name] = Commencement(name, when, *cited, fields["day"].where)
    return found


def _draft(name: str, node: Node, named: Mapping[str, Commencement]) -> Draft:
    snake_name(node.key or node, "a name")
    fields = mapping(node, RULE_FIELDS, ("sense", "unit", "kind"))
    kind = one_of(fields["kind"], KINDS)
    _refuse_missing(node, fields, kind)
    measure, (effect, grade) = _measure(fields), graded(node, fields)
    rule = Rule(
        name, text(fields["sense"]), measure.unit, kind, (),
        checked=str(day(fields["checked"])) if "checked" in fields else "",
        reason=optional_text(fields, "reason"),
        prior=prior(fields["prior"]) if "prior" in fields else (),
        low=measure.low, high=measure.high, of=measure.of, effect=effect, grade=grade,
        drift=drift(fields["drift"], fields) if "drift" in fields else (),
    )  # fmt: skip
    if "value" in fields:
        return Draft(replace(rule, values=(_dated(ALWAYS, fields["value"], fields, fields, measure, kind),)), ())
    return _dated_draft(rule, fields, measure, named)


def _refuse_missing(node: Node, fields: dict[str, Node], kind: str) -> None:
    if ("value" in fields) == ("from" in fields):
        raise node.bad("must have either 'value' (always in force) or 'from' (dated values), and not both")
    for name, kinds in (("checked", CHECKED), ("reason", REASONED), ("prior", ("belief",))):
        if kind in kinds and name not in fields:
            raise node.bad(f"must have the field '{name}', as every {kind} has")
    if kind != "belief" and "prior" in fields:
        raise fields["prior"].bad(f"has no place here: only a belief has a prior, and this is a {kind}")


def _measure(fields: dict[str, Node]) -> Measure:
    unit = unit_named(fields["unit"])
    low = number(fields["low"]) if "low" in fields else -inf
    high = number(fields["high"]) if "high" in fields else inf
    bounds = max(low, UNITS[unit].low), min(high, UNITS[unit].high)
    if bounds[0] > bounds[1]:
        raise (fields.get("low") or fields["high"]).bad("leaves no value between the lowest and the highest")
    of = tuple(text(place) for place in items(fields["of"], "names")) if "of" in fields else ()
    if len(set(of)) < len(of):
        raise fields["of"].bad("must not name the same place twice")
    return Measure(unit, *bounds, of)


def _dated_draft(rule: Rule, fields: dict[str, Node], measure: Measure, named: Mapping[str, Commencement]) -> Draft:
    fixed: list[Dated] = []
    waiting: list[tuple[str, Dated]] = []
    for name, node in mapping(fields["from"]).items():
        inner = {"value": node}
        if isinstance(node.value, dict):
            inner = mapping(node, ("value", "authority", "href", "status"), ("value",))
        if name in named:
            dated = _dated(ALWAYS, inner["value"], inner, fields, measure, rule.kind, named[name])
            waiting.append((name, dated))
        else:
            when = day(_date_key(node, named))
            fixed.append(_dated(day_of(when), inner["value"], inner, fields, measure, rule.kind))
    _refuse_none_or_same_day(fields["from"], fixed, waiting, named)
    return Draft(replace(rule, values=tuple(sorted(fixed, key=lambda each: each.day))), tuple(waiting))


def _date_key(node: Node, named: Mapping[str, Commencement]) -> Node:
    key = node.key or node
    if isinstance(key.value, str) and not key.value[:1].isdigit():
        near = nearest(key.value, named, f"; dates run from {FIRST}")
        raise key.bad(f"must be a date such as 2027-04-01 or the name of a commencement{near}")
    return key


def _refuse_none_or_same_day(
    node: Node, fixed: list[Dated], waiting: list[tuple[str, Dated]], named: Mapping[str, Commencement]
) -> None:
    if not fixed and not waiting:
        raise node.bad("must have at least one dated value")
    days = [each.day for each in fixed] + [day_of(when) for name, _ in waiting if (when := named[name].day)]
    if len(set(days)) < len(days):
        raise node.bad("must not have two values that begin on the same day")


def _dated(
    begins: int, value: Node, inner: dict[str, Node], outer: dict[str, Node], measure: Measure, kind: str,
    named: Commencement | None = None,
) -> Dated:  # fmt: skip
    authority, href = _citation(inner, outer, named)
    if kind in CITED and not authority:
        raise value.bad(f"must have an authority beside it, as every value of a {kind} has")
    return Dated(begins, measure.read(value), authority, href, _status(inner, outer, kind, named), value.where)


def _citation(inner: dict[str, Node], outer: dict[str, Node], named: Commencement | None) -> tuple[str, str]:
    # A value's own citation, or else its commencement's, or else its rule's; a link never strays to another authority.
    if named and "authority" not in inner:
        return named.authority, link(inner) or named.href
    source = inner if "authority" in inner else outer
    return optional_text(source, "authority"), link(inner) or link(source)


def _status(inner: dict[str, Node], outer: dict[str, Node], kind: str, named: Commencement | None) -> str:
    if "status" in inner:
        return one_of(inner["status"], STATUSES)
    if named:
        return named.status
    return one_of(outer["status"], STATUSES) if "status" in outer else "stated" if kind in CHECKED else "inferred"


def _credited(draft: Draft, switched: Days, by: str) -> Draft:
    named = [
        (name, replace(dated, authority=f"{dated.authority}; {by}") if name in switched else dated)
        for name, dated in draft.named
    ]
    return replace(draft, named=tuple(named))


def _whole(draft: Draft, days: Days) -> tuple[Dated, ...]:
    # An amendment replaces from its first day on. Not existing since always, it replaces the whole rule.
    return (Dated(ALWAYS, NONE * draft.rule.width), *draft.settled(days).values)
