"""The command line: `ipp`. Each command asks the modules below it and prints; results come in files."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scenarios.reading import BadInput, nearest

if TYPE_CHECKING:
    from results.runs import Plan
    from sim.law import Law

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Simulate the people serving sentences of Imprisonment for Public Protection in England and Wales.",
)
FIRST_DAY, LAST_DAY = "2005-04-04", "2034-12-31"
HORIZON_YEAR = 2059
STOPPED = 130  # the exit code of a program that Ctrl-C ended
LARGEST = 2**63 - 1  # what a 64-bit whole number holds
SHORTEST = date(2025, 1, 31)  # a report needs a month of the projection, which starts on 1 October 2024
TRACED_FROM = date(2005, 4, 5)
ASSENT = date(2026, 1, 22)  # Royal Assent to the Sentencing Act 2026; nothing in it can commence before

Scenarios = Annotated[list[str], typer.Argument(help="Shipped names or paths of Bills; a.yaml+b.yaml composes.")]
S42 = Annotated[str, typer.Option(help="When s.42 Sentencing Act 2026 commenced: a date, 'never', or the book's own.")]


def as_date(text: str, option: str) -> date:
    """Return a date given on the command line; BadInput naming the option and what was expected."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} must be a date such as 2024-11-01, not '{text}'.") from None


def the_law(s42: str = "") -> "Law":
    """Return the law of the book, with the commencement of s.42 switched if asked."""
    from scenarios import current_law

    if not s42:
        return current_law()
    day = None if s42 == "never" else as_date(s42, "--s42")
    if day and not ASSENT <= day <= date(HORIZON_YEAR, 12, 31):
        raise BadInput(f"--s42 must be 'never' or a date from {ASSENT}, the day of Royal Assent, not {day}.")
    return current_law(commencements={"sentencing_act_2026_s42": day})


def last_day(text: str, first: date) -> date:
    """Return the day of --to; BadInput unless it is from `first` to the model's horizon."""
    day = as_date(text, "--to")
    if not first <= day <= date(HORIZON_YEAR, 12, 31):
        raise BadInput(f"--to must be from {first} to {HORIZON_YEAR}-12-31, not {day}.")
    return day


def version_asked(asked: bool) -> None:
    """Print the version and stop."""
    if asked:
        from results.runs import commit, package_version

        typer.echo(f"ipp {package_version()} ({commit()})")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool, typer.Option("--version", callback=version_asked, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Simulate the people serving sentences of Imprisonment for Public Protection in England and Wales."""


@app.command()
def run(
    scenarios: Scenarios,
    lives: Annotated[int, typer.Option(min=1, max=10_000, help="Lives of each scenario: the same luck in each.")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST, help="Seed of all luck.")] = 1,
    first: Annotated[str, typer.Option("--from", help="First day reported; all live from 2005.")] = FIRST_DAY,
    last: Annotated[str, typer.Option("--to", help="Last day lived.")] = LAST_DAY,
    out: Annotated[Path, typer.Option(help="Where run folders go.")] = Path("runs"),
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for as many as the machine has.")] = 0,
    people: Annotated[int, typer.Option(min=0, help="People sentenced, for a quick trial; 0 for the nation.")] = 0,
    engine: Annotated[str, typer.Option(help="compiled, or simpy: the same lives, and slower.")] = "compiled",
    s42: S42 = "",
) -> None:
    """Live one or more scenarios beside the current law and write tables, charts and a report."""
    from results.runs import planned

    days = as_date(first, "--from"), last_day(last, SHORTEST)
    plan = planned(
        scenarios, law=the_law(s42), lives=lives, seed=seed, first=days[0], last=days[1], out=out,
        people=people or None, engine=engine,
    )  # fmt: skip
    raise typer.Exit(1 if live_and_report(plan, workers) else 0)


def live_and_report(plan: "Plan", workers: int) -> bool:
    """Live a plan and print where its report is; return whether any piece failed. Exit code 1 if nothing was lived."""
    from results.progress import following
    from results.report import write_report
    from results.runs import run as live
    from sim.ensemble import workers_here

    with following(str(plan.folder)) as follow:
        failed = live(plan, workers or workers_here(), *follow)
    for failure in failed:
        typer.echo(f"failed: {failure.piece}: {failure.why}", err=True)
    if not (plan.folder / "run.json").exists():
        raise typer.Exit(1)
    typer.echo(f"Report: {write_report(plan.folder)}")
    return bool(failed)


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A run folder.")]) -> None:
    """Write the report of a finished run again."""
    from results.report import write_report

    typer.echo(f"Report: {write_report(folder)}")


@app.command()
def brief(
    bill: Annotated[str, typer.Argument(help="Shipped name or path of a Bill; a.yaml+b.yaml composes.")],
    of: Annotated[Path | None, typer.Option("--run", help="A run folder that has the Bill; else it is lived.")] = None,
    lives: Annotated[int, typer.Option(min=2, max=10_000, help="Lives under each law.")] = 40,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST, help="Seed of all luck.")] = 1,
    out: Annotated[Path, typer.Option(help="Where run folders go.")] = Path("runs"),
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for as many as the machine has.")] = 0,
    people: Annotated[int, typer.Option(min=0, help="People sentenced, for a quick trial; 0 for the nation.")] = 0,
    s42: S42 = "",
) -> None:
    """Answer a Bill's question on two pages, as a web page and as a document, from a run that is there or a new one."""
    from results.brief import write_brief
    from results.brief_asked import asked_by
    from results.runs import planned
    from scenarios import find

    asked_by(find(bill))  # refused before anyone lives
    failed = False
    if of is None:
        plan = planned(
            [bill], law=the_law(s42), lives=lives, seed=seed, first=date.fromisoformat(FIRST_DAY),
            last=date.fromisoformat(LAST_DAY), out=out, people=people or None,
        )  # fmt: skip
        failed, of = live_and_report(plan, workers), plan.folder
    for path in write_brief(of, find(bill).key):
        typer.echo(f"Brief: {path}")
    raise typer.Exit(1 if failed else 0)


@app.command()
def rerun(
    manifest: Annotated[Path, typer.Argument(help="The run.json of a run folder.")],
    out: Annotated[Path | None, typer.Option(help="A new folder for it; else one beside the run's.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for as many as the machine has.")] = 0,
) -> None:
    """Live a run again from its manifest, compare every byte, and say why one differs; exit code 1 if any does."""
    from results.progress import following
    from results.rerun import rerun as live_again
    from sim.ensemble import workers_here

    with following(str(out or "a folder beside it")) as follow:
        outcome = live_again(manifest, out, workers or workers_here(), follow)
    typer.echo("\n".join(outcome.words))
    raise typer.Exit(0 if outcome.agrees else 1)


@app.command()
def fit(folder: Annotated[Path, typer.Argument(help="A run folder.")]) -> None:
    """Print published against simulated for a finished run, as Markdown."""
    from results.fit_page import fit_markdown

    typer.echo(fit_markdown(folder), nl=False)


@app.command()
def trace(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario or path of a Bill.")],
    person: Annotated[int, typer.Option(min=0, help="The person's number.")],
    life: Annotated[int, typer.Option(min=0, max=LARGEST, help="Which life.")] = 0,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST, help="Seed of all luck.")] = 1,
    last: Annotated[str, typer.Option("--to", help="Last day lived.")] = LAST_DAY,
    s42: S42 = "",
) -> None:
    """Tell one imagined life in sentences, beside the same life under the current law."""
    from results.traces import traced

    for line in traced(scenario, the_law(s42), person, life, seed, last_day(last, TRACED_FROM)):
        typer.echo(line)


@app.command()
def law(
    on: Annotated[str, typer.Option(help="Only what is in force on this date.")] = "",
    unverified: Annotated[bool, typer.Option("--unverified", help="Only what has not been verified.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also facts, beliefs, choices and conventions.")] = False,
    s42: S42 = "",
) -> None:
    """Print the statute book: each rule's value, since when, and under what authority."""
    from results.listing import law_table

    typer.echo(law_table(the_law(s42), as_date(on, "--on") if on else None, unverified, every))


@app.command()
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


@app.command()
def scenarios() -> None:
    """List the scenarios that ship, each with the question it asks."""
    from scenarios.show import scenarios_rows

    for row in scenarios_rows():
        typer.echo(f"{row.key}\n  {row.name}\n  {row.question}")


@app.command()
def assumptions() -> None:
    """Print every number of the model with its kind, source, reason and prior, as Markdown."""
    from scenarios import commencements, current_law
    from scenarios.show import assumptions_markdown

    typer.echo(assumptions_markdown(current_law(), commencements()), nl=False)


def main() -> None:
    """Run a command. Bad input ends it with one sentence and exit code 2; Ctrl-C with what is done kept, and 130."""
    try:
        ended = app(standalone_mode=False) or 0
        if ended == STOPPED:  # the command line's library turns Ctrl-C into this code
            raise KeyboardInterrupt
        sys.exit(ended)
    except BadInput as problem:
        refuse(str(problem))
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("\nStopped. What was finished is kept: the same command goes on from there.\n")
        sys.exit(STOPPED)
    except typer.TyperException as problem:  # a flag or an argument that cannot be
        said = getattr(problem, "format_message", None)
        refuse(said() if said else str(problem))


def refuse(sentence: str) -> NoReturn:
    """Say in one line what is wrong with the input, and end with exit code 2."""
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
