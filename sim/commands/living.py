"""Commands that live worlds: run, compare, brief, levers, rerun."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scenarios.reading import BadInput
from sim.commands import (
    FIRST_DAY,
    LAST_DAY,
    MOST,
    RUNS,
    S42,
    SHORTEST,
    Beliefs,
    Budget,
    Draws,
    Last,
    Lives,
    Out,
    People,
    Precision,
    Scale,
    Scenarios,
    Seed,
    Workers,
    as_date,
    last_day,
    live,
    the_law,
)

if TYPE_CHECKING:
    from results.plan import Plan


def _plan(
    names: list[str],
    s42: str,
    last: str,
    people: int,
    precision: str = "",
    budget: int = 0,
    first: str = FIRST_DAY,
    **more: Any,
) -> "Plan":
    """Return the plan of a command's options as they were written; BadInput for one that cannot be."""
    from results.plan import BUDGET, as_precision, planned

    days = as_date(first, "--from"), last_day(last, SHORTEST)
    return planned(
        names, law=the_law(s42), first=days[0], last=days[1], people=people or None,
        precision=as_precision(precision, budget), budget=budget or BUDGET, **more,
    )  # fmt: skip


def run(
    scenarios: Scenarios,
    lives: Lives = 2,
    draws: Draws = 20,
    beliefs: Beliefs = "",
    seed: Seed = 1,
    first: Annotated[str, typer.Option("--from", help="First day reported; all live from 2005.")] = FIRST_DAY,
    last: Last = LAST_DAY,
    out: Out = RUNS,
    workers: Workers = 0,
    people: People = 0,
    scale: Scale = 1.0,
    engine: Annotated[str, typer.Option(help="compiled, or simpy: the same lives, and slower.")] = "compiled",
    precision: Precision = "",
    budget: Budget = 0,
    s42: S42 = "",
) -> None:
    """Live one or more scenarios beside the current law and write tables, charts and a report."""
    from results.plan import as_scale
    from results.report import write_report

    plan = _plan(
        scenarios, s42, last, people, precision, budget, first, lives=lives, draws=draws, beliefs=beliefs, seed=seed,
        out=out, scale=as_scale(scale, people), engine=engine,
    )  # fmt: skip
    failed = live(plan, workers)
    typer.echo(f"Report: {write_report(plan.folder)}")
    raise typer.Exit(1 if failed else 0)


def compare(
    bills: Scenarios,
    against: Annotated[str, typer.Option(help="What they are compared with: a scenario or Bill.")] = "current_law",
    discount: Annotated[str, typer.Option(help="Discount costs: per cent a year, or green-book.")] = "",
    deflator: Annotated[Path | None, typer.Option(help="A CSV of year, index, source; with --prices.")] = None,
    prices: Annotated[str, typer.Option(help="The year in whose prices costs are told, such as 2024-25.")] = "",
    lives: Lives = 2,
    draws: Draws = 20,
    beliefs: Beliefs = "",
    seed: Seed = 1,
    last: Last = LAST_DAY,
    out: Out = RUNS,
    workers: Workers = 0,
    people: People = 0,
    precision: Precision = "",
    budget: Budget = 0,
    s42: S42 = "",
) -> None:
    """Say what Bills change and cost, life by life, against the current law or another Bill; live what is missing."""
    from results.compare import checked, write_comparison
    from results.deflator import deflator_asked

    index = deflator_asked(deflator, prices)
    asked = checked(bills, against, discount, index)
    plan = _plan(
        [against, *bills], s42, last, people, precision, budget, lives=lives, draws=draws, beliefs=beliefs, seed=seed,
        out=out,
    )  # fmt: skip
    failed = live(plan, workers)
    written = write_comparison(plan.folder, asked.bills, asked.against.key, discount, index)
    typer.echo(f"{written.text}\n\nComparison: {written.page}\nTable: {written.table}")
    raise typer.Exit(1 if failed else 0)


def brief(
    bill: Annotated[str, typer.Argument(help="Shipped name or path of a Bill; a.yaml+b.yaml composes.")],
    of: Annotated[Path | None, typer.Option("--run", help="A run folder that has the Bill; else it is lived.")] = None,
    lives: Annotated[int, typer.Option(min=2, max=MOST, help="Lives of a draw under each law.")] = 2,
    draws: Draws = 20,
    beliefs: Beliefs = "",
    seed: Seed = 1,
    last: Last = LAST_DAY,
    out: Out = RUNS,
    workers: Workers = 0,
    people: People = 0,
    precision: Precision = "",
    budget: Budget = 0,
    s42: S42 = "",
) -> None:
    """Answer a Bill's question on two pages, as a web page and as a document, from a run that is there or a new one."""
    from results.brief import write_brief
    from results.brief_asked import asked_by
    from results.report import write_report
    from scenarios import find

    asked_by(find(bill))  # refused before anyone lives
    failed = False
    if of is None:
        plan = _plan(
            [bill], s42, last, people, precision, budget, lives=lives, draws=draws, beliefs=beliefs, seed=seed, out=out
        )
        failed, of = live(plan, workers), plan.folder
        typer.echo(f"Report: {write_report(of)}")
    for path in write_brief(of, find(bill).key):
        typer.echo(f"Brief: {path}")
    raise typer.Exit(1 if failed else 0)


def levers(
    bills: Annotated[list[str] | None, typer.Argument(help="Bills; all that ship if none is given.")] = None,
    of: Annotated[Path | None, typer.Option("--run", help="A run folder with draws; else Bills are lived.")] = None,
    page: Annotated[Path | None, typer.Option(help="Where the page goes too, beside the run's folder.")] = None,
    draws: Annotated[int, typer.Option(min=10, max=MOST, help="Draws of the beliefs.")] = 100,
    lives: Annotated[int, typer.Option(min=1, max=MOST, help="Lives of a draw; two tell chance apart.")] = 2,
    beliefs: Beliefs = "",
    seed: Seed = 1,
    last: Last = LAST_DAY,
    out: Out = RUNS,
    workers: Workers = 0,
    people: People = 0,
    s42: S42 = "",
) -> None:
    """Say what each Bill does by the end of 2030, and how much of that is unknown as effects have not been measured."""
    from results.levers_page import write_levers
    from scenarios import shipped_names

    if of and bills:
        raise BadInput("--run tells of all Bills that its folder has lived: name Bills or a run, and not both.")
    failed = False
    if of is None:
        asked = bills or shipped_names()
        plan = _plan(asked, s42, last, people, lives=lives, draws=draws, beliefs=beliefs, seed=seed, out=out)
        failed, of = live(plan, workers), plan.folder
    written = write_levers(of, page)
    typer.echo(f"{written.text}\n\nPage: {written.page}\nTable: {written.table}")
    raise typer.Exit(1 if failed else 0)


def rerun(
    manifest: Annotated[Path, typer.Argument(help="The run.json of a run folder.")],
    out: Annotated[Path | None, typer.Option(help="A new folder for it; else one beside the run's.")] = None,
    workers: Workers = 0,
) -> None:
    """Live a run again from its manifest, compare every byte, and say why one differs; exit code 1 if any does."""
    from results.progress import following
    from results.rerun import rerun as live_again

    with following(str(out or "a folder beside it")) as follow:
        outcome = live_again(manifest, out, workers, follow)
    typer.echo("\n".join(outcome.words))
    raise typer.Exit(0 if outcome.agrees else 1)
