"""A brief: one question, the answer, one chart, one table, what is not known, and the sources, on two sides of A4.

Everything in it is gathered here once, as words; `brief.html` lays it out for the web and for print, and
`brief_document.py` as a document to edit.
"""

from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

import pandas as pd

from results.asked_words import answer_beside
from results.brief_asked import Asked, asked_by, within
from results.brief_chart import Line, drawn
from results.brief_document import document
from results.brief_words import (
    answered,
    caveats,
    changed_rules,
    level_sentence,
    sources,
    the_bill,
    the_law_of,
)
from results.effects_assumed import rests_on
from results.fit import INTERVAL
from results.folder import Run, Told, band, read_run
from results.numbers import people_of
from results.page import HERE, template
from results.store import write_bytes
from results.style import file_name
from results.tables import Grid
from results.tracing import BOTH, LESS, SIGNED, Traced
from results.words import count, said, signed_interval, with_interval
from scenarios.reading import BadInput, nearest

ENDS = (2027, 2030, 2034)
FEWEST_MONTHS = 2  # that make a line
MOST_ROWS = 6  # of the table, so that it stands on the page of the chart; what is asked comes first
ROWS = ("never_released", "recalled", "on_licence", "terminated", "recalls")
LONGEST_QUESTION, LONGEST_SOURCE = 330, 260  # characters that still leave two pages; the report has the whole


class Brief(NamedTuple):
    """All that a brief says, in the order in which it says it."""

    run: str
    name: str
    question: str
    source: str
    answer: str
    beside: list[str]  # answers to what is asked beside the first thing
    level: str
    rests_on: list[str]  # which sizes of effects that were not measured
    chart_title: str
    chart_subtitle: str
    chart: str  # SVG
    chart_alt: str
    table: Grid
    changes: list[str]
    caveats: list[tuple[str, str]]
    sources: list[str]
    made_by: str


def write_brief(folder: Path, scenario: str) -> tuple[Path, Path]:
    """Write brief-SCENARIO.html and .docx in a run folder and return both; BadInput if the run has no such scenario."""
    run = read_run(folder)
    found = brief(run, _told(run, scenario))
    page, words = _page(found).encode("utf-8"), document(found)
    path = folder / brief_name(scenario)
    write_bytes(path, page)
    write_bytes(path.with_suffix(".docx"), words)
    return path, path.with_suffix(".docx")


def brief_name(scenario: str) -> str:
    """Return the name of the page of a scenario's brief."""
    return f"brief-{file_name(scenario)}.html"


def _told(run: Run, scenario: str) -> Told:
    there = {told.key: told for told in run.others}
    if scenario == run.baseline.key:
        raise BadInput(f"a brief compares a Bill with {run.baseline.spoken}, so it cannot be about {scenario} itself.")
    if scenario not in there:
        raise BadInput(
            f"run {run.manifest.run} has no scenario '{scenario}'{nearest(scenario, there)}; it has {', '.join(there)}."
        )
    return there[scenario]


def brief(run: Run, told: Told) -> Brief:
    """Return the brief of a scenario; BadInput if the run does not keep what is asked, or is of an older version."""
    bill, law = the_bill(run.everything, told.key), the_law_of(run)
    asked, *others = (within(run, each) for each in asked_by(bill, run.manifest.to))
    difference = asked.difference(run, told.key)
    lives = difference.T[asked.day]
    title = answered(run, asked, lives, short=True)
    chart, alt = _chart(run, told, asked, difference, title)
    return Brief(
        run.manifest.run, told.name, _cut(told.question, LONGEST_QUESTION), _cut(told.source, LONGEST_SOURCE),
        answered(run, asked, lives), [_beside(run, told, each) for each in others],
        level_sentence(run, told, asked), rests_on(bill, law, [each.measure for each in (asked, *others)]), title,
        f"{asked.subject}: difference from {run.baseline.spoken}, month ends, number of {asked.unit} "
        f"(line: median; shaded: {INTERVAL} of pairs of lives)",
        chart, alt, _table(run, told, [asked, *others]), changed_rules(bill, law), caveats(run, law, asked),
        sources(run, bill, law, asked), _made_by(run),
    )  # fmt: skip


def _beside(run: Run, told: Told, asked: Asked) -> str:
    return answer_beside(asked.difference(run, told.key).T[asked.day], asked.counted, asked.when, run.draws)


def _cut(text: str, longest: int) -> str:
    return shorten(text, longest, placeholder=" … (the whole is in the report)") if len(text) > longest else text


def _chart(run: Run, told: Told, asked: Asked, difference: pd.DataFrame, title: str) -> tuple[str, str]:
    """Return the picture of the difference over the projection, and its description."""
    start = pd.Timestamp(run.manifest.projection_start)
    found = band(difference[difference.index >= start])
    if len(found) < FEWEST_MONTHS:
        raise BadInput(f"run {run.manifest.run} reports too few months after {said(start)} for a brief to draw.")
    begins = pd.Timestamp(told.commencement) if told.commencement else None
    mark = (begins, "In force") if begins is not None and begins >= start else None
    line = Line(found, mark, asked.day if asked.day >= start else None)
    last, end = found.iloc[-1], said(run.last)
    alt = (
        f"Line chart. {title}. The difference is {count(last['median'])} on {end}, where {INTERVAL} of pairs of lives "
        f"lie between {count(last['low'])} and {count(last['high'])}."
    )
    return drawn(line, alt), alt


def _table(run: Run, told: Told, asked: list[Asked]) -> Grid:
    """Return differences at the ends of years, and beside them how many there are without the Bill."""
    ends = [pd.Timestamp(year, 12, 31) for year in ENDS]
    days = [day for day in ends if run.opening < day <= run.last] or [run.last]
    there, day = [each[:2] for each in asked], asked[0].day
    others = [Asked(measure, "", day) for measure in ROWS if (measure, "") not in there]
    rows = [_row(run, told, each, days) for each in [*asked, *others][:MOST_ROWS]]
    heads = ("", f"{run.baseline.name}, {said(day)}", *(said(day) for day in days))
    return Grid(
        f"Difference from {run.baseline.spoken} (median of pairs of lives, and {INTERVAL} interval)", heads, rows, True
    )


def _row(run: Run, told: Told, asked: Asked, days: list[pd.Timestamp]) -> list[str]:
    base, versus = run.baseline.key, f"{told.key}{LESS}{run.baseline.key}"
    level, difference = asked.level(run, base), asked.difference(run, told.key)
    return [
        asked.subject,
        Traced(with_interval(level.loc[asked.day]), asked.traced(run, base, asked.day, BOTH)),
        *(_difference(difference, day, asked.traced(run, versus, day, SIGNED)) for day in days),
    ]


def _difference(difference: pd.DataFrame, day: pd.Timestamp, of: str) -> str:
    # A window that has not begun by a day has no difference there.
    return Traced(signed_interval(difference.loc[day]), of) if day in difference.index else "–"


def _made_by(run: Run) -> str:
    made = run.everything
    lives = f"{run.manifest.lives:,} {'life' if run.manifest.lives == 1 else 'lives'}"
    lives += f" in each of {run.draws:,} draws of the beliefs" if run.draws > 1 else ""
    return (
        f"Run {run.manifest.run}: {lives}, of {people_of(run).words}, all imagined, under each law, seed "
        f"{run.manifest.seed}; version {run.manifest.version}, commit {made.get('commit', 'unknown')}. The run folder "
        "holds the report, every table and run.json; the command ‘ipp rerun run.json’ lives it again."
    )


def _page(found: Brief) -> str:
    return template("brief.html").render(brief=found, css=(HERE / "brief.css").read_text("utf-8"))
