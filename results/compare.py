"""Compare: Bills set against the current law or another Bill, as one page and one tidy file in the run's folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from results.compare_asks import answered, asks_of
from results.compare_charts import beside_chart, places_chart
from results.compare_effects import days_told, effects
from results.compare_page import answers, page
from results.compare_pairs import MEASURES, Pairs, read_levels
from results.compare_tables import Comparison, glance_grid, tidy
from results.costs import Discount, cost_lines, discount_asked
from results.deflator import Deflator
from results.deflator import deflator as deflator_of
from results.folder import Told, read_told
from results.listing import grid_text
from results.numbers import people_in
from results.provenance import digest_of
from results.store import write_bytes, write_table
from results.style import file_name
from results.unit_costs import UnitCost, unit_costs
from scenarios import Scenario, find
from scenarios.bill import Ask
from scenarios.reading import BadInput, nearest

BASELINE = "current_law"


class Written(NamedTuple):
    """What a comparison wrote, and what to print of it."""

    page: Path
    table: Path
    text: str


class KeptDeflator(BaseModel):
    """The deflator of a comparison: its file's name, all that it held, a hash of that, and the year of prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    prices: str
    digest: str
    text: str

    def read(self) -> Deflator:
        """Return the deflator; BadInput if its text is not the one that was hashed, or cannot be used any more."""
        if digest_of(self.text.encode()) != self.digest:
            raise BadInput(f"{self.file}, as a compare*.json keeps it, was edited after the comparison: compare again.")
        return deflator_of(self.text, self.file, self.prices)


class Kept(BaseModel):
    """What a comparison keeps of what it was asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bills: list[str] = Field(min_length=1)
    against: str
    discount: str
    deflator: KeptDeflator | None = None

    @property
    def about(self) -> dict[str, str]:
        """What a page tells, beside the run's manifest, of how amounts of money were made."""
        money = {"costs discounted": self.discount or "no"}
        if self.deflator is None:
            return money | {"costs deflated": "no"}
        told = self.deflator
        return money | {"costs deflated": f"to prices of {told.prices}, {told.file} {told.digest}"}


class Asking(NamedTuple):
    """What a user wants compared."""

    bills: list[Scenario]
    against: Scenario


def checked(names: Sequence[str], against: str, discount: str = "", deflator: Deflator | None = None) -> Asking:
    """Return the Bills named, each once, and what they are set against, before anything is lived.

    BadInput for one that there is not, a Bill set against itself, a measure that there is not, a bad discount, or a
    deflator that lacks a year of a unit cost.
    """
    discount_asked(discount, 0)
    unit_costs(deflator=deflator)
    bills, other = list({bill.key: bill for bill in map(find, names)}.values()), find(against)
    for bill in bills:
        asks_of(bill)
        if bill.key == other.key:
            raise BadInput(f"--against {other.key} is one of the Bills to compare; name another.")
    return Asking(bills, other)


def compared(
    folder: Path, bills: Sequence[Any], against: str, discount: Discount, deflator: Deflator | None = None
) -> list[Comparison]:
    """Return each Bill compared with `against`; `bills` are scenarios (they have a key, and `asks` if they say).

    BadInput if the run lacks a scenario, or a measure that a Bill asks about.
    """
    manifest, _ = read_told(folder)
    told = {each.key: each for each in manifest.scenarios}
    asks = {bill.key: asks_of(bill, manifest.to) for bill in bills}
    measures = tuple(dict.fromkeys([*MEASURES, *(ask.measure for some in asks.values() for ask in some)]))
    theirs = read_levels(folder, _there(told, against, folder).key, measures)
    start, costs = pd.Timestamp(manifest.projection_start), unit_costs(deflator=deflator)
    return [
        _one(Pairs(_there(told, key, folder), told[against], read_levels(folder, key, measures), theirs, start), some,
             costs, discount)
        for key, some in asks.items()
    ]  # fmt: skip


def _there(told: Mapping[str, Told], key: str, folder: Path) -> Told:
    if key not in told:
        raise BadInput(f"{folder.name} has not lived the scenario '{key}'{nearest(key, told)}.")
    return told[key]


def _one(pairs: Pairs, asks: Sequence[Ask], costs: Sequence[UnitCost], discount: Discount) -> Comparison:
    days = days_told(pairs)
    return Comparison(
        pairs, [answered(pairs, ask) for ask in asks], [each for day in days for each in effects(pairs, day)],
        [line for day in days for line in cost_lines(pairs, costs, day, discount)],
    )  # fmt: skip


def write_comparison(
    folder: Path, bills: Sequence[Any], against: str = BASELINE, discount: str = "", deflator: Deflator | None = None
) -> Written:
    """Write compare.html, compare.csv and charts/compare-*.csv in a run's folder; return them and the first table.

    What was asked is kept in compare.json, the deflator whole, from which `write_again` writes the same. Set against
    anything but the current law, the files are named by it too. BadInput, with nothing written, for a folder that is
    not a finished run, a scenario that it has not lived, a discount that cannot be, or a deflator that lacks a year.
    """
    manifest, everything = read_told(folder)
    rate = discount_asked(discount, manifest.projection_start.year)
    found = compared(folder, bills, against, rate, deflator)
    name = "compare" if against == BASELINE else f"compare-against-{file_name(against)}"
    places = [places_chart(one.pairs, manifest.run, name) for one in found]
    beside = [beside_chart(found, manifest.run, name)] if len(found) > 1 else []
    asked = _asked(found, against, discount, deflator)
    people = people_in(folder, manifest, everything)
    text = page(manifest, everything | asked.about, found, beside, places, (rate, deflator), people)
    for chart in [*beside, *places]:
        write_table(folder / "charts" / f"{chart.key}.csv", chart.data)
    write_table(folder / f"{name}.csv", tidy(found))
    write_bytes(folder / f"{name}.json", (asked.model_dump_json(indent=2, exclude_none=True) + "\n").encode())
    write_bytes(folder / f"{name}.html", text.encode("utf-8"))
    return Written(folder / f"{name}.html", folder / f"{name}.csv", told_in_text(found, everything))


def _asked(found: Sequence[Comparison], against: str, discount: str, deflator: Deflator | None) -> Kept:
    kept = deflator and KeptDeflator(
        file=deflator.file, prices=str(deflator.prices), text=deflator.text, digest=digest_of(deflator.text.encode())
    )
    return Kept(bills=[one.pairs.told.key for one in found], against=against, discount=discount, deflator=kept)


def kept(folder: Path, scenarios: Sequence[Scenario]) -> list[Kept]:
    """Return what each comparison of a run's folder was asked; `scenarios` are those of the run.

    BadInput for a compare*.json that does not say what was compared, names a scenario that the run has not, or keeps
    a deflator that is not the one it was.
    """
    there, found = [scenario.key for scenario in scenarios], []
    for path in sorted(folder.glob("compare*.json")):
        try:
            asked = Kept.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BadInput(f"{path.name} does not say which Bills were compared: compare them again.") from error
        for key in {*asked.bills, asked.against}.difference(there):
            raise BadInput(f"{path.name} names '{key}', which the run has not lived{nearest(key, there)}.")
        if asked.deflator:
            asked.deflator.read()
        found.append(asked)
    return found


def write_again(asked: Kept, folder: Path, scenarios: Sequence[Scenario]) -> Written:
    """Write a comparison that was asked of another folder; `scenarios` are those of this one, with their Bills."""
    bills = {scenario.key: scenario for scenario in scenarios}
    deflator = asked.deflator.read() if asked.deflator else None
    return write_comparison(folder, [bills[key] for key in asked.bills], asked.against, asked.discount, deflator)


def told_in_text(found: Sequence[Comparison], everything: Mapping[str, Any]) -> str:
    """Return the answers and the first table, for a terminal."""
    lines = []
    for one in found:
        lines += [one.pairs.told.name, *(f"  {each}" for each in answers(one, everything))]
    return "\n".join([*lines, "", grid_text(glance_grid(found))])
