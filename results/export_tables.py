"""Tables for workbooks: all that a chart draws, as numbers, with the words and notes that go with them."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from results.cautions import believed, cautions
from results.evidence import ENDS
from results.fit import INTERVAL
from results.folder import Run
from results.measures import MEASURES
from results.numbers import people_of
from results.style import Chart
from results.tables import COLUMN_MEANINGS
from results.words import said
from scenarios import current_law

DECIMALS = 2  # of a value in a workbook; the CSV has six
NONE = "[z]"  # what stands in a cell that has no value to show, as the Government Analysis Function has it
LEGEND = f"{NONE} means not applicable: a published figure or a mean has no interval."
TAB = 31  # characters of a sheet's name, at most
BAND = "interval"  # the note on what the ends of bands are
HEADS = {
    "scenario": "Scenario", "kind": "Kind", "measure": "Measure", "group": "Group", "first": "First day",
    "last": "Last day", "value": "Value", "low": "95% lower end", "high": "95% upper end", "low_80": "80% lower end",
    "high_80": "80% upper end", "low_50": "50% lower end", "high_50": "50% upper end", "source_url": "Source",
}  # fmt: skip
NUMBERS = ("value", *ENDS)
NUMERIC = tuple(HEADS[column] for column in NUMBERS)
COLUMNS = (
    ("Scenario", "The scenario's key, or 'one less another' for a difference; 'published' for published figures."),
    ("Kind", dict(COLUMN_MEANINGS)["kind"]),
    ("Measure, Group", "As in the notes; the group 'everyone' is no group."),
    ("First day, Last day", "Of the window that a flow covers; for a stock there is one day."),
    ("Value", "The median, the mean or the published figure; 'Kind' says which."),
)


class Sheet(NamedTuple):
    """A table of a workbook: the name of its sheet, its words, the notes it refers to, and its numbers."""

    name: str
    title: str
    subtitle: str
    source: str
    note: str
    alt: str
    notes: tuple[str, ...]
    table: pd.DataFrame


def sheets(charts: Sequence[Chart]) -> list[Sheet]:
    """Return one sheet for each chart, in order; names are short, unique and begin with their number."""
    return [_sheet(number, chart) for number, chart in enumerate(charts, start=1)]


def _sheet(number: int, chart: Chart) -> Sheet:
    measures = [each for name in chart.data["measure"].unique() for each in str(name).split(" + ")]
    notes = tuple(dict.fromkeys([BAND, *(each for each in measures if each in MEASURES)]))
    name = f"{number} {chart.key}"[:TAB].rstrip("-_ ")
    words = (chart.title, chart.subtitle, chart.source, chart.note, chart.alt)
    return Sheet(name, *words, notes, numbers(chart.data))


def numbers(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a chart's CSV file under plain heads; columns that say nothing are left out."""
    table = data.copy()
    table["scenario"] = table["scenario"].where(table["scenario"] != "", "published")
    table["group"] = table["group"].where(table["group"] != "", "everyone")
    if (table["first"] == table["last"]).all():
        table = table.drop(columns="first").rename(columns={"last": "first"})
    for day in {"first", "last"} & set(table.columns):
        table[day] = pd.to_datetime(table[day]).dt.strftime("%Y-%m-%d")
    table = table[[column for column in HEADS if column in table and _tells(column, table[column])]]
    for column in set(NUMBERS) & set(table.columns):
        values = table[column].round(DECIMALS)
        table[column] = values.astype(object).where(values.notna(), NONE)
    if "source_url" in table:
        table["source_url"] = table["source_url"].where(table["source_url"] != "", NONE)
    heads = HEADS if "last" in table else HEADS | {"first": "Day"}
    return table.rename(columns=heads).reset_index(drop=True)


def _tells(column: str, values: pd.Series) -> bool:
    """Whether a column holds anything that a reader needs."""
    if column in ENDS:
        return bool(values.notna().any())
    if column == "group":
        return bool((values != "everyone").any())
    return column != "source_url" or bool((values != "").any())


def notes(some: Sequence[Sheet]) -> pd.DataFrame:
    """Return the notes that sheets refer to: columns `reference` and `text`, in the order of first use."""
    used = dict.fromkeys(reference for sheet in some for reference in sheet.notes)
    rows = [(each, _note(each)) for each in used]
    return pd.DataFrame(rows, columns=["reference", "text"])


def _note(reference: str) -> str:
    if reference == BAND:
        return (
            f"Intervals: {INTERVAL}, 80% and 50% of simulated lives lie between the two ends. They show how lives "
            "differ, and not whether the model is right."
        )
    measure = MEASURES[reference]
    return f"{reference}: {measure.meaning} ({measure.kind}, {measure.unit})"


def cover(run: Run) -> tuple[str, list[str], list[str]]:
    """Return the cover's title, what the workbook is, and what a reader must know of it."""
    manifest = run.manifest
    laws = "; ".join(told.name for told in manifest.scenarios)
    intro = [
        f"Simulated for {said(manifest.first)} to {said(manifest.to)}; what follows {said(manifest.projection_start)} "
        "is projection. England and Wales.",
        f"Run {manifest.run}, seed {manifest.seed}, {manifest.lives} lives of {people_of(run).words} under: "
        f"{laws}.",
        "One table a sheet. Each holds what one chart of the report draws, and its title says what it shows.",
    ]
    about = [
        "Published figures have their source beside them. All other numbers are simulated.",
        believed(run.everything),
        *cautions(run, current_law()),
        "It speaks of groups and totals, and is not for decisions about any one person.",
        LEGEND,
        *(f"{head}: {meaning}" for head, meaning in COLUMNS),
    ]
    return "People serving Imprisonment for Public Protection sentences: tables of a simulation", intro, about
