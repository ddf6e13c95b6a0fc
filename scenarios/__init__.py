"""Scenarios: a scenario is a Bill, or several enacted together. Find them, read them, add them."""

from pathlib import Path

from scenarios.bill import Bill, Change, Group, Scenario, Switch
from scenarios.drafting import PROJECTION_START, bill_from_text, read_bill
from scenarios.reading import BadInput, label, nearest, shown
from scenarios.registry import Commencement, Registry, commencements, current_law, read_registry

__all__ = [
    "PROJECTION_START",
    "BadInput",
    "Bill",
    "Change",
    "Commencement",
    "Group",
    "Registry",
    "Scenario",
    "Switch",
    "bill_from_text",
    "commencements",
    "current_law",
    "find",
    "read_bill",
    "read_registry",
    "shipped",
    "shipped_names",
]

BILLS = Path(__file__).parent / "bills"
ENDINGS = (".yaml", ".yml")
FIRST = "current_law"  # what all others are compared with, so it is listed first


def shipped_names() -> list[str]:
    """Return the names of the Bills that ship: the current law first, and then by name."""
    return sorted((path.stem for path in BILLS.glob("*.yaml")), key=lambda name: (name != FIRST, name))


def shipped() -> list[Bill]:
    """Return the Bills that ship, in the order of `shipped_names`. BadInput if one is not right."""
    return [read_bill(BILLS / f"{name}.yaml") for name in shipped_names()]


def find(name_or_path: str | Path | Scenario, registry: Registry | None = None) -> Scenario:
    """Return the scenario of a shipped name, of a path to a Bill, or of several joined by '+'; a scenario is itself.

    BadInput if there is none of that name (it says the nearest), a file is not right, or two Bills conflict.
    """
    if isinstance(name_or_path, Scenario):
        return name_or_path
    asked = str(name_or_path)
    whole = asked in shipped_names() or _is_file(asked)  # a path may have a '+' of its own
    parts = [asked] if whole else [part.strip() for part in asked.split("+")]
    return Scenario(tuple(_one(part, registry) for part in parts))


def _one(name: str, registry: Registry | None) -> Bill:
    names = shipped_names()
    if name in names:
        return read_bill(BILLS / f"{name}.yaml", registry)
    if _is_file(name) or (name.endswith(ENDINGS) and Path(name).stem not in names):
        return read_bill(Path(name), registry)
    if name.endswith(ENDINGS):
        raise BadInput(f"{label(Path(name))}: there is no such file; did you mean '{Path(name).stem}'?")
    near = nearest(name, names, f"; those that ship are {', '.join(names)}")
    raise BadInput(f"there is no scenario {shown(name)}{near}")


def _is_file(name: str) -> bool:
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):  # too long, or with a NUL: not a name that a file can have
        return False
