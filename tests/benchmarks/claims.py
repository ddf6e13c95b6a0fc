"""Claims: what is said of the model's speed, the figure measured, the target, and whether it is met."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from io import StringIO
from math import isfinite
from statistics import median
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

WIDE = 170


@dataclass(frozen=True)
class Claim:
    """One line of the table: a figure with its unit and, where the project has promised one, a target."""

    what: str
    value: float | None  # None where it could not be measured; the note says why
    unit: str
    note: str = ""
    at_least: float | None = None
    at_most: float | None = None
    seen: Sequence[float] = field(default=())  # each repeat, where there were several

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is no target, or no figure."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        low = -float("inf") if self.at_least is None else self.at_least
        high = float("inf") if self.at_most is None else self.at_most
        return low <= self.value <= high

    @property
    def target(self) -> str:
        """The target in words; '' if there is none."""
        if self.at_least is not None:
            return f"at least {said(self.at_least)} {self.unit}"
        return "" if self.at_most is None else f"at most {said(self.at_most)} {self.unit}"

    @property
    def verdict(self) -> str:
        """Whether the target is met, in words; '' if there is none."""
        if not self.target:
            return ""
        return {None: "not measured", True: "met", False: "NOT MET"}[self.met]

    @property
    def figure(self) -> str:
        """The figure in words, with the least and the most of its repeats."""
        if self.value is None:
            return "-"
        between = f" ({said(min(self.seen))} to {said(max(self.seen))})" if len(self.seen) > 1 else ""
        return f"{said(self.value)} {self.unit}{between}"

    def as_json(self) -> dict[str, Any]:
        """Return the line with what follows from it, as JSON takes it."""
        return asdict(self) | {"seen": list(self.seen), "target": self.target, "met": self.met}


def said(number: float) -> str:
    """Return a number to three figures, such as 0.0312, 3.12, 31.2 or 3,120."""
    if not isfinite(number):
        return str(number)
    if abs(number) >= 100 or number == round(number):
        return f"{number:,.0f}"
    return f"{number:#.3g}"


def of_repeats(what: str, seen: Sequence[float], unit: str, note: str = "", **target: float) -> Claim:
    """Return the claim of a median over repeats."""
    return Claim(what, median(seen), unit, note, seen=tuple(seen), **target)


def as_text(claims: Sequence[Claim]) -> str:
    """Return the claims as a plain table, a line each."""
    table = Table("what", "figure", "target", "", "note", box=box.SIMPLE, pad_edge=False)
    for claim in claims:
        table.add_row(claim.what, claim.figure, claim.target, claim.verdict, claim.note)
    text = StringIO()
    Console(file=text, width=WIDE, highlight=False, markup=False).print(table)
    return "\n".join(row.rstrip() for row in text.getvalue().splitlines() if row.strip())
