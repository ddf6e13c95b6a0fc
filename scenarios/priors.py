"""The prior of a belief: a named distribution and its two numbers; and, of a belief that drifts, its yearly steps."""

from collections.abc import Mapping

from scenarios.fields import items, mapping, number, one_of
from scenarios.reading import Node

# What the two numbers are, and which of them must be above zero.
FORMS: dict[str, tuple[tuple[str, str], tuple[bool, bool]]] = {
    "normal": (("mean", "standard deviation"), (False, True)),
    "lognormal": (("median", "sigma"), (True, True)),
    "uniform": (("low", "high"), (False, False)),
    "beta": (("a", "b"), (True, True)),
    "gamma": (("shape", "scale"), (True, True)),
}
WALKS = ("normal", "lognormal")
FIRST_YEAR, LAST_YEAR = 2006, 2040


def prior(node: Node) -> tuple[str | float, ...]:
    """Return a prior such as ('beta', 20.0, 20.0); BadInput if it is not one of `FORMS` with two proper numbers."""
    first, *rest = items(node, "a distribution and its two numbers, such as [beta, 20, 20]")
    form = one_of(first, FORMS)
    names, above_zero = FORMS[form]
    if len(rest) != 2:
        raise node.bad(f"must be [{form}, {', '.join(names)}], with two numbers and not {len(rest)}")
    values = [number(place, f"a number ({name})") for place, name in zip(rest, names, strict=True)]
    for place, value, name, above in zip(rest, values, names, above_zero, strict=True):
        if above and value <= 0:
            raise place.bad(f"must be above 0, as the {name} of a {form} prior, not {value:g}")
    if form == "uniform" and values[0] >= values[1]:
        raise node.bad(f"must have its low below its high, not {values[0]:g} and {values[1]:g}")
    return (form, *values)


def drift(node: Node, fields: Mapping[str, Node]) -> tuple[tuple[int, float], ...]:
    """Return from which years on a belief's yearly step has which standard deviation; BadInput if it cannot drift."""
    if "prior" not in fields or prior(fields["prior"])[0] not in WALKS or "of" in fields or "from" not in fields:
        raise node.bad(f"has its place only in a belief with dated single values and a {' or '.join(WALKS)} prior")
    found = tuple((_year(name, each), number(each, "a standard deviation")) for name, each in mapping(node).items())
    for each, (_, step) in zip(mapping(node).values(), found, strict=True):
        if step <= 0:
            raise each.bad(f"must be above 0, as the spread of a yearly step, not {step:g}")
    if [year for year, _ in found] != sorted({year for year, _ in found}) or not found:
        raise node.bad("must have at least one year, and its years in order")
    return found


def _year(name: str, node: Node) -> int:
    if not (name.isdigit() and FIRST_YEAR <= int(name) <= LAST_YEAR):
        raise (node.key or node).bad(f"must be a year from {FIRST_YEAR} to {LAST_YEAR}")
    return int(name)
