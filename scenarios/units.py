"""The units in which the numbers of the model are counted, and reading values in them."""

from math import inf, nan
from typing import NamedTuple

from scenarios.fields import number
from scenarios.reading import Node, nearest, shown


class Unit(NamedTuple):
    """The lowest and highest number that makes sense in a unit, and how a message names one such number."""

    low: float
    high: float
    a_number: str


UNITS = {
    "years": Unit(0, 200, "a number of years"),
    "months": Unit(0, 2_400, "a number of months"),
    "days": Unit(0, 3_650, "a number of days"),
    "years of age": Unit(0, 130, "a number of years of age"),
    "per year": Unit(0, inf, "a number per year"),
    "hearings per year": Unit(0, inf, "a number of hearings per year"),
    "people per year": Unit(0, inf, "a number of people per year"),
    "deaths per person-year": Unit(0, inf, "a number of deaths per person-year"),
    "per month": Unit(0, inf, "a number per month"),
    "places": Unit(0, inf, "a number of places"),
    "power": Unit(-10, 10, "a power"),
    "people": Unit(0, inf, "a number of people"),
    "full-time equivalents": Unit(0, inf, "a number of full-time equivalents"),
    "cases per officer": Unit(0, inf, "a number of cases per officer"),
    "probability": Unit(0, 1, "a probability"),
    "share": Unit(0, 1, "a share"),
    "ratio": Unit(0, inf, "a ratio"),
    "yes or no": Unit(0, 1, "yes or no"),
    "log-odds": Unit(-50, 50, "a number of log-odds"),
    "standard deviations": Unit(-inf, inf, "a number of standard deviations"),
    "score": Unit(-inf, inf, "a score"),
}
YES_OR_NO = {"yes": 1.0, "no": 0.0, "1": 1.0, "0": 0.0}


class Measure(NamedTuple):
    """What a value must be: its unit, its bounds, and what each place of a list stands for (empty: one number)."""

    unit: str
    low: float
    high: float
    of: tuple[str, ...] = ()

    def read(self, node: Node) -> tuple[float, ...]:
        """Return the value a node holds: one number, one for each place, or not-a-number for `none`."""
        width = max(1, len(self.of))
        if node.value == "none" and node.plain:
            return (nan,) * width
        if not self.of:
            return (self.one(node),)
        if not isinstance(node.value, tuple) or len(node.value) != width:
            found = f"not {len(node.value)}" if isinstance(node.value, tuple) else "not a single value"
            raise node.bad(f"must be a list of {width} numbers ({', '.join(self.of)}), {found}")
        return tuple(self.one(item) for item in node.value)

    def one(self, node: Node) -> float:
        """Return the one number that a node holds; BadInput if it is not in the unit or not within the bounds."""
        if self.unit == "yes or no":
            return _yes_or_no(node)
        return number(node, UNITS[self.unit].a_number, self.low, self.high)


def unit_named(node: Node) -> str:
    """Return a unit of the list that the model keeps."""
    if not isinstance(node.value, str) or node.value not in UNITS:
        written = node.value if isinstance(node.value, str) else ""
        expected = f"; expected one of: {', '.join(UNITS)}"
        raise node.bad(f"must be a unit that the model knows, not {shown(written)}{nearest(written, UNITS, expected)}")
    return node.value


def _yes_or_no(node: Node) -> float:
    if not isinstance(node.value, str) or not node.plain or node.value not in YES_OR_NO:
        written = shown(node.value) if isinstance(node.value, str) else "a list or a mapping"
        raise node.bad(f"must be yes or no, not {written}")
    return YES_OR_NO[node.value]
