"""Commands that tell: of runs that are there, of one life, of the law and the numbers."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scenarios.reading import BadInput, nearest
from sim.commands import LARGEST, LAST_DAY, S42, Folder, Last, Seed, as_date, last_day, the_law

TRACED_FROM = date(2005, 4, 5)


def report(folder: Folder) -> None:
    """Write the report of a finished run again."""
    from results.report import write_report

    typer.echo(f"Report: {write_report(folder)}")


def export(
    folder: Folder,
    to: Annotated[str, typer.Option(help="Formats, with commas between.")] = "svg,png,xlsx,ods,pptx,docx,csv",
    out: Annotated[Path | None, typer.Option(help="Where files go; the run's folder 'exports' if not given.")] = None,
    only: Annotated[str, typer.Option(help="Keys of charts, with commas between; all if not given.")] = "",
    year: Annotated[int | None, typer.Option(help="The calendar year of the flow diagram.")] = None,
) -> None:
    """Write the charts and tables of a finished run for documents, slides and spreadsheets."""
    from results.export import export as exported
    from results.export import formats_of

    keys = [key.strip() for key in only.split(",") if key.strip()]
    files = exported(folder, formats_of(to), out, keys, year)
    typer.echo(f"{len(files)} files in {out or folder / 'exports'}")


def check(folder: Folder) -> None:
    """Print published against simulated for a finished run, as Markdown."""
    from results.fit_page import fit_markdown

    typer.echo(fit_markdown(folder), nl=False)


def trace(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario or path of a Bill.")],
    person: Annotated[int, typer.Option(min=0, help="The person's number.")],
    life: Annotated[int, typer.Option(min=0, max=LARGEST, help="Which life.")] = 0,
    seed: Seed = 1,
    last: Last = LAST_DAY,
    s42: S42 = "",
) -> None:
    """Tell one imagined life in sentences, beside the same life under the current law."""
    from results.traces import traced

    for line in traced(scenario, the_law(s42), person, life, seed, last_day(last, TRACED_FROM)):
        typer.echo(line)


def law(
    on: Annotated[str, typer.Option(help="Only what is in force on this date.")] = "",
    unverified: Annotated[bool, typer.Option("--unverified", help="Only what has not been verified.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also facts, beliefs, choices and conventions.")] = False,
    s42: S42 = "",
) -> None:
    """Print the statute book: each rule's value, since when, and under what authority."""
    from results.listing import law_table

    typer.echo(law_table(the_law(s42), as_date(on, "--on") if on else None, unverified, every))


def licence(
    first_release: Annotated[str, typer.Option(help="Date of first release.")],
    sentence: Annotated[str, typer.Option(help="ipp, dpp, or mixed (both).")] = "ipp",
    recall: Annotated[list[str] | None, typer.Option(help="Date of a recall; repeat in order.")] = None,
    rerelease: Annotated[list[str] | None, typer.Option(help="Date of a re-release; repeat in order.")] = None,
    disregard: Annotated[list[int] | None, typer.Option(help="Number of a recall that is disregarded.")] = None,
    other_life: Annotated[bool, typer.Option("--other-life-sentence", help="They serve another life too.")] = False,
    bill: Annotated[str, typer.Option(help="A scenario or Bill to read the law under.")] = "current_law",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    s42: S42 = "",
) -> None:
    """Say when one licence ends: the qualifying period, the reference to the Board, the automatic end."""
    from scenarios import find
    from sim.days import day_of
    from sim.licence import BadHistory, History, dates
    from sim.people import Sentence

    kinds = {kind.name.lower(): kind for kind in Sentence}
    if sentence.lower() not in kinds:
        raise BadInput(f"--sentence must be one of {', '.join(kinds)}, not '{sentence}'{nearest(sentence, kinds, '.')}")
    days = {
        "--recall": [day_of(as_date(text, "--recall")) for text in recall or ()],
        "--rerelease": [day_of(as_date(text, "--rerelease")) for text in rerelease or ()],
    }
    groups, laws = find(bill).laws(the_law(s42))
    if groups:
        raise BadInput(f"--bill {bill} applies to some people only, and a history does not say whether to this person.")
    try:
        history = History(
            kinds[sentence.lower()],
            day_of(as_date(first_release, "--first-release")),
            days["--recall"],
            days["--rerelease"],
            frozenset(disregard or ()),
            other_life,
        )
        found = dates(laws[0], history)
    except BadHistory as problem:
        raise BadInput(str(problem)) from problem
    typer.echo(json.dumps(found.as_json(), indent=2) if as_json else "\n".join(found.words))


def scenarios() -> None:
    """List the scenarios that ship, each with the question it asks."""
    from scenarios.show import scenarios_rows

    for row in scenarios_rows():
        typer.echo(f"{row.key}\n  {row.name}\n  {row.question}")


def assumptions() -> None:
    """Print every number of the model with its kind, source, reason and prior, as Markdown."""
    from scenarios import commencements, current_law
    from scenarios.show import assumptions_markdown

    typer.echo(assumptions_markdown(current_law(), commencements()), nl=False)
