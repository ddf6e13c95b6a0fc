"""The prior of a belief: a named distribution and its two numbers."""

from scenarios.fields import items, number, one_of
from scenarios.reading import Node

# What the two numbers are, and which of them must be above zero.
FORMS: dict[str, tuple[tuple[str, str], tuple[bool, bool]]] = {
    "normal": (("mean", "standard deviation"), (False, True)),
    "lognormal": (("median", "sigma"), (True, True)),
    "uniform": (("low", "high"), (False, False)),
    "beta": (("a", "b"), (True, True)),
    "gamma": (("shape", "scale"), (True, True)),
}


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
