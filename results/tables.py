"""Tables of the report in words: the fit, what is believed, what is unverified, what measures mean, what was run."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pandas as pd

from results.fit import HIGH, INTERVAL, LOW, targets_within
from results.store import data_dictionary
from results.tracing import Traced, attributes
from results.words import above_or_below, count, listed, per_cent, said
from scenarios.show import HEADINGS, LawLine, law_lines, spoken
from sim.law import STATUSES, Law

WITHIN, SINCE = 15, date(2010, 1, 1)  # per cent, and the first day, of the summary of stocks
SMALL = 10  # numbers under it are told with two decimals, unless they are counts
SUMMARISED = {"never_released": "never released in prison", "recalled": "in prison after a recall"}
COLUMN_MEANINGS = (
    ("scenario", "The scenario's key, or 'one less another' for a difference; empty for published figures."),
    ("kind", "simulated (median over lives), simulated, mean (mean over lives), simulated, change with a belief (from "
             "its 10th to its 90th percentile over draws), or published."),
    ("measure, group", "As in the table of measures; the group is empty for everyone."),
    ("first, last", "The first and last day of the window; the same day for a stock."),
    ("value", "The median, the mean or the published figure."),
    ("low, high", f"The {LOW * 100:g}th and the {HIGH * 100:g}th percentile over lives; empty where there is none."),
    ("low_80, high_80", "The 10th and the 90th percentile over lives, where they are drawn."),
    ("low_50, high_50", "The 25th and the 75th percentile over lives, where they are drawn."),
    ("source_url", "Where a published figure stands."),
)


class Grid(NamedTuple):
    """A table of text: a caption, the heads of its columns and its rows; the first cell of a row heads it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: bool = False


class FitRow(NamedTuple):
    """A published figure beside what the lives show of it, in words."""

    what: str
    when: str
    published: str
    simulated: str
    error: str
    inside: str
    grade: str
    note: str
    href: str


class FitGroup(NamedTuple):
    """The figures of one published series."""

    title: str
    series: str
    rows: Sequence[FitRow]


def grid_of(frame: pd.DataFrame, caption: str) -> Grid:
    """Return a table of text as a grid."""
    rows = [[cell if isinstance(cell, str) else str(cell) for cell in row] for row in frame.to_numpy(object)]
    return Grid(caption, [str(column) for column in frame.columns], rows, True)


def measured(value: float, unit: str) -> str:
    """Return a value as its unit asks: whole for counts, with two decimals for small means and shares."""
    if value != value:
        return "–"
    whole = unit in ("persons", "events") or (abs(value) >= SMALL and float(value).is_integer())
    return count(value) if whole else f"{value:,.2f}" if abs(value) < SMALL else f"{value:,.1f}"


def safe_link(url: str) -> str:
    """Return a web address if it is one, else ''; nothing but http and https may become a link."""
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def fit_groups(fit: pd.DataFrame, scenario: str) -> list[FitGroup]:
    """Return every published figure, by series in the order of the fit; `scenario` is the one that was fitted."""
    return [
        FitGroup(str(rows["title"].iloc[0]), str(series), [_fit_row(one, scenario) for one in rows.to_dict("records")])
        for series, rows in fit.groupby("series", sort=False)
    ]


def _fit_row(one: Mapping[Any, Any], scenario: str) -> FitRow:
    unit, covered = one["unit"], one["covered"]
    when = said(one["last"]) if one["first"] == one["last"] else f"{said(one['first'])} to {said(one['last'])}"
    simulated = f"{measured(one['median'], unit)} ({measured(one['low'], unit)} to {measured(one['high'], unit)})"
    if one["kind"] != "distribution":  # which is a distance between shares, and no count of anything
        simulated = Traced(simulated, attributes(one, scenario))
    return FitRow(
        one["measure"].replace("_", " ") + (f": {one['group']}" if one["group"] else ""), when,
        measured(one["published"], unit), simulated, per_cent(one["error_per_cent"]),
        "–" if pd.isna(covered) else "yes" if covered else "no", one["grade"], one["note"] or "",
        safe_link(one["source_url"]),
    )  # fmt: skip


def fit_summary(fit: pd.DataFrame, draws: int) -> tuple[list[str], list[str]]:
    """Return sentences on how well the stocks of never released and recalled are met, and the misses by name.

    `draws` is how many draws of the beliefs the lives are of.
    """
    asked = targets_within(fit, tuple(SUMMARISED), WITHIN, SINCE)
    if asked.empty:
        return [f"No stock since {SINCE.year} is among the published figures of this run."], []
    inside, singles = asked[asked["within"]], fit["covered"].dropna()
    sentences = [
        f"Of {len(asked)} published stocks since {SINCE.year} of people never released and people recalled, "
        f"{len(inside)} are within {WITHIN}% of the simulated median and {len(asked) - len(inside)} are not.",
        f"Of all {len(singles)} single figures, {int(singles.sum())} lie inside the {INTERVAL} interval over lives. "
        + ("That interval holds chance alone and is narrower than our uncertainty." if draws == 1 else
           f"That interval holds chance and the spread of {count(draws)} draws of what we believe."),
    ]
    return sentences, [_missed(one) for one in asked[~asked["within"]].to_dict("records")]


def _missed(one: Mapping[Any, Any]) -> str:
    return (
        f"{SUMMARISED[one['measure']]}, {said(one['last'])}: published {count(one['published'])}, "
        f"simulated {count(one['median'])}, {above_or_below(one['error_per_cent'])}"
    )


def unverified(law: Law) -> Grid:
    """Return every value of the book that nobody has been able to check."""
    rows = [
        (line.rule.replace("_", " "), line.value, line.unit, line.since or "always", line.authority)
        for line in law_lines(law, only_unverified=True)
    ]
    return Grid("Values of the law that are unverified", ("Rule", "Value", "Unit", "From", "Authority"), rows)


def kinds(law: Law) -> Grid:
    """Return how many numbers there are of each kind, and how many have a value of each status."""
    rows = []
    for kind, (heading, about) in HEADINGS.items():
        rules = [rule for rule in law.rules.values() if rule.kind == kind]
        of = [sum(any(dated.status == status for dated in rule.values) for rule in rules) for status in STATUSES]
        rows.append((heading, *(f"{number:,}" for number in (len(rules), *of)), about))
    heads = ("Kind", "Numbers", *(f"With a value {status}" for status in STATUSES), "What it is")
    return Grid("Numbers of the model by kind and status", heads, rows)


def choices(law: Law) -> Grid:
    """Return the facts, choices and conventions with what stands behind them; law and beliefs have their own tables."""
    lines = _lines_of(law)
    rows = [
        (rule.sense, HEADINGS[rule.kind][0], f"{_values(lines[name])} ({rule.unit})",
         "; ".join(dict.fromkeys(line.authority for line in lines[name])))
        for name, rule in law.rules.items()
        if rule.kind in ("fact", "choice", "convention")
    ]  # fmt: skip
    return Grid("Facts, choices and conventions", ("What it is", "Kind", "Value (unit)", "Source or reason"), rows)


def _lines_of(law: Law) -> dict[str, list[LawLine]]:
    lines: dict[str, list[LawLine]] = {name: [] for name in law.rules}
    for line in law_lines(law):
        lines[line.rule].append(line)
    return lines


def _values(lines: Sequence[LawLine]) -> str:
    return "; ".join(f"{line.value}{f' from {line.since}' if line.since else ''}" for line in lines) or "–"


def beliefs(law: Law) -> Grid:
    """Return every belief: what it is, its values with their dates, its prior and the reason for it."""
    lines = _lines_of(law)
    rows = [
        (rule.sense, f"{_values(lines[name])} ({rule.unit})", _prior(rule.prior), rule.reason)
        for name, rule in law.rules.items()
        if rule.kind == "belief"
    ]
    return Grid("Beliefs: numbers that nobody has published", ("What it is", "Value (unit)", "Prior", "Reason"), rows)


def _prior(prior: Sequence[Any]) -> str:
    if not prior:
        return "none"
    return f"{prior[0]}({', '.join(spoken(each, '') for each in prior[1:])})"


def dictionary() -> Grid:
    """Return what every measure means."""
    rows = [tuple(str(each) for each in row) for row in data_dictionary().to_numpy()]
    heads = ("Measure", "Kind", "On a day or over a window", "Unit", "Meaning")
    return Grid("Measures", heads, rows)


def columns() -> Grid:
    """Return what the columns of the charts' files mean."""
    return Grid("Columns of the files of the charts", ("Column", "Meaning"), COLUMN_MEANINGS)


def manifest_grid(everything: Mapping[str, Any]) -> Grid:
    """Return the manifest as a table, with what is nested on one line each."""
    # The seconds that it took are left out: a run done again has the same page, byte for byte.
    steady = {name: value for name, value in everything.items() if name != "seconds"}
    return Grid("Manifest of the run", ("Entry", "Value"), list(_flat(steady)))


def _flat(some: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, str]]:
    for name, value in some.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{name}: ")
        elif isinstance(value, list) and value and all(isinstance(each, dict) and "key" in each for each in value):
            yield f"{above}{name}", listed([str(each["key"]) for each in value])
        else:
            yield f"{above}{name}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
