"""Taking one field from a file as what it should be: text, a number, a date, a name from a list.

Every function raises BadInput, with file, line and field, if the field is something else.
"""

import re
from collections.abc import Iterable
from datetime import date
from math import inf

from scenarios.reading import Node, nearest, shown

NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAME = re.compile(r"[a-z][a-z0-9_]*")
HREF = re.compile(r"https?://[^\s<>\"]+")
FIRST, LAST = date(1990, 1, 1), date(2059, 12, 31)  # before IPP was thought of; the last day of any run
LARGEST = 1e9  # above every count, rate and period of the model, and far below where arithmetic suffers


def mapping(node: Node, known: Iterable[str] | None = None, required: Iterable[str] = ()) -> dict[str, Node]:
    """Return the fields of a mapping; any name not in `known`, or a missing one of `required`, is refused."""
    if not isinstance(node.value, dict):
        raise node.bad(f"must be a mapping of names to values, not {_found(node)}")
    names = list(node.value if known is None else known)
    for name, child in node.value.items():
        if name not in names:
            raise (child.key or child).bad(f"is not a known field{nearest(name, names, '; expected ' + _or(names))}")
    for name in required:
        if name not in node.value:
            raise node.bad(f"must have the field '{name}'")
    return node.value


def items(node: Node, of: str) -> tuple[Node, ...]:
    """Return the places of a list, of which there must be at least one; `of` says what they are, in the plural."""
    if not isinstance(node.value, tuple) or not node.value:
        raise node.bad(f"must be a list of {of}, not {_found(node)}")
    return node.value


def text(node: Node, longest: int = 5_000) -> str:
    """Return text on one line: runs of white space, line ends among them, become one space."""
    if not isinstance(node.value, str):
        raise node.bad(f"must be text, not {_found(node)}")
    words = " ".join(node.value.split())
    if not words:
        raise node.bad("must not be empty")
    if len(words) > longest:
        raise node.bad(f"must be at most {longest} characters long, not {len(words)}")
    return words


def optional_text(fields: dict[str, Node], name: str) -> str:
    """Return the text of a field, or '' if the field is not there."""
    return text(fields[name]) if name in fields else ""


def link(fields: dict[str, Node], name: str = "href") -> str:
    """Return the web address in a field, or '' if the field is not there."""
    address = optional_text(fields, name)
    if address and not HREF.fullmatch(address):
        raise fields[name].bad(f"must be a web address that begins with https://, not {shown(address)}")
    return address


def number(node: Node, expected: str = "a number", low: float = -inf, high: float = inf) -> float:
    """Return a number from `low` to `high`; `expected` names it in the message, as in 'a number of years'."""
    written = node.value
    if not isinstance(written, str) or not node.plain or not NUMBER.fullmatch(written):
        raise node.bad(f"must be {expected}, not {_found(node)}")
    value = float(written)
    if not low <= value <= high or abs(value) > LARGEST:
        raise node.bad(f"must be {expected} {_range(low, high)}, not {shown(written)}")
    return value


def day(node: Node, first: date = FIRST, why: str = "") -> date:
    """Return a date written as YYYY-MM-DD, from `first` (for the reason `why`) to 31 December 2059."""
    written = node.value
    if not isinstance(written, str) or not ISO_DATE.fullmatch(written):
        raise node.bad(f"must be a date such as 2027-04-01, not {_found(node)}")
    try:
        when = date.fromisoformat(written)
    except ValueError:
        raise node.bad(f"must be a date such as 2027-04-01; there is no day {written} in the calendar") from None
    if not first <= when <= LAST:
        raise node.bad(f"must be a date from {first} to {LAST}, not {written}" + (f" ({why})" if why else ""))
    return when


def one_of(node: Node, names: Iterable[str]) -> str:
    """Return text that is one of `names`."""
    choices, written = list(names), node.value
    if not isinstance(written, str) or written not in choices:
        near = nearest(written, choices) if isinstance(written, str) else ""
        raise node.bad(f"must be {_or(choices)}, not {_found(node)}{near}")
    return written


def snake_name(node: Node, what: str) -> str:
    """Return a name of lower-case letters, digits and underscores; `what` says what it names."""
    if not isinstance(node.value, str) or not NAME.fullmatch(node.value) or len(node.value) > 80:
        raise node.bad(f"must be {what} of lower-case letters, digits and underscores, not {_found(node)}")
    return node.value


def _found(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, tuple):
        return f"a list of {len(node.value)}" if node.value else "an empty list"
    if not node.value:
        return "empty"
    return shown(node.value) if node.plain else f"the quoted text {shown(node.value)}"


def _range(low: float, high: float) -> str:
    if low == -inf and high == inf:
        return f"of at most {LARGEST:,.0f}"
    if high == inf:
        return f"of at least {low:g}"
    return f"of at most {high:g}" if low == -inf else f"from {low:g} to {high:g}"


def _or(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
