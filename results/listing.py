"""Listing: the law's book as text for a terminal or a file."""

from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from scenarios.show import law_lines
from sim.law import Law

if TYPE_CHECKING:
    from results.tables import Grid

WIDE = 170


def law_table(law: Law, on: date | None, unverified: bool, every: bool) -> str:
    """Return the book as a table: rule, value, since, status, authority, and the file and line where it stands."""
    kept = [name for name, rule in law.rules.items() if every or rule.kind == "law"]
    table = Table("rule", "value", "since", "status", "authority", "where", box=box.SIMPLE, pad_edge=False)
    for line in law_lines(law, on, unverified):
        if line.rule in kept:
            unit = "" if line.unit == "yes or no" else f" {line.unit}"
            value = line.value if line.value == "does not exist" else line.value + unit
            table.add_row(line.rule, value, line.since, line.status, line.authority, line.where)
    return _printed(table)


def grid_text(grid: "Grid") -> str:
    """Return a table of text for a terminal, its caption above it."""
    table = Table(*grid.heads, box=box.SIMPLE, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right" if grid.numeric else "left"
    for row in grid.rows:
        table.add_row(*row)
    return f"{grid.caption}\n{_printed(table)}"


def _printed(table: Table) -> str:
    text = StringIO()
    Console(file=text, width=WIDE, highlight=False, markup=False).print(table)
    return "\n".join(row.rstrip() for row in text.getvalue().splitlines())
