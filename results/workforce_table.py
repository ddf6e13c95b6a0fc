"""The table of docs/staffing.md: the workforce of England and Wales by year, under the law as it stands.

`python -m results.workforce_table docs/staffing.md` writes it between its two marks; a test says if it is stale.
"""

import sys
from datetime import date
from pathlib import Path

from results.store import write_bytes
from scenarios import current_law
from scenarios.reading import BadInput, label
from sim.days import day_of
from sim.law import Law
from sim.services import month_of
from sim.workforce import Workforce, england_and_wales, lay_out

BEGINS, ENDS = "<!-- table begins -->\n", "<!-- table ends -->\n"
YEARS = (2010, 2016, *range(2019, 2032), 2035)
HEADING = """\
| 1 July | Officers in post | Target | Cases an officer | Workload | Changes a year |
|---|--:|--:|--:|--:|--:|
"""


def workforce_table(law: Law) -> str:
    """Return the workforce at 1 July of chosen years, in Markdown; July starts with the counts of the end of June."""
    whole = england_and_wales(lay_out([law]))
    return HEADING + "".join(_row(whole, year) for year in YEARS)


def _row(whole: Workforce, year: int) -> str:
    month = month_of(day_of(date(year, 7, 1)))
    workload, changes, officers, target, _, cases = (float(part[0, 0, month]) for part in whole)
    wanted = f"{target:,.0f}" if target == target else "none published"
    return f"| {year} | {officers:,.0f} | {wanted} | {cases / officers:.1f} | {workload:.2f} | {changes:.2f} |\n"


def with_table(page: str, table: str) -> str:
    """Return a page with a table between its two marks; BadInput if the marks are not there, in their order."""
    head, begins, rest = page.partition(BEGINS)
    _, ends, tail = rest.partition(ENDS)
    if not begins or not ends:
        raise BadInput(f"the page must hold the marks '{BEGINS.strip()}' and '{ENDS.strip()}', in that order.")
    return head + begins + "\n" + table + "\n" + ends + tail


def write(page: Path) -> None:
    """Write the table of the law as it stands into a page; BadInput if the page is not one that takes it."""
    if not page.is_file():
        raise BadInput(f"{label(page)}: there is no such file; expected the page to write the table into.")
    write_bytes(page, with_table(page.read_text("utf-8"), workforce_table(current_law())).encode())


if __name__ == "__main__":
    try:
        write(Path(sys.argv[1]))
    except BadInput as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
