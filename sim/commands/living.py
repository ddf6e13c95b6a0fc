"""Commands that live worlds: run, compare."""

from datetime import date
from typing import Annotated

import typer

from sim.commands import (
    FIRST_DAY,
    LAST_DAY,
    RUNS,
    S42,
    SHORTEST,
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


def run(
    scenarios: Scenarios,
    lives: Lives = 20,
    draws: Draws = 1,
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
    from results.plan import BUDGET, as_precision, as_scale, planned
    from results.report import write_report

    days = as_date(first, "--from"), last_day(last, SHORTEST)
    plan = planned(
        scenarios, law=the_law(s42), lives=lives, draws=draws, seed=seed, first=days[0], last=days[1], out=out,
        people=people or None, scale=as_scale(scale, people), engine=engine,
        precision=as_precision(precision, budget), budget=budget or BUDGET,
    )  # fmt: skip
    failed = live(plan, workers)
    typer.echo(f"Report: {write_report(plan.folder)}")
    raise typer.Exit(1 if failed else 0)


def compare(
    bills: Scenarios,
    against: Annotated[str, typer.Option(help="What they are compared with: a scenario or Bill.")] = "current_law",
    discount: Annotated[str, typer.Option(help="Discount costs: per cent a year, or green-book.")] = "",
    lives: Lives = 20,
    draws: Draws = 1,
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
    from results.plan import BUDGET, as_precision, planned

    asked = checked(bills, against, discount)
    plan = planned(
        [against, *bills], law=the_law(s42), lives=lives, draws=draws, seed=seed, first=date.fromisoformat(FIRST_DAY),
        last=last_day(last, SHORTEST), out=out, people=people or None,
        precision=as_precision(precision, budget), budget=budget or BUDGET,
    )  # fmt: skip
    failed = live(plan, workers)
    written = write_comparison(plan.folder, asked.bills, asked.against.key, discount)
    typer.echo(f"{written.text}\n\nComparison: {written.page}\nTable: {written.table}")
    raise typer.Exit(1 if failed else 0)
