"""The commands of `ipp`, and what they share: options, dates, the law asked for, and living a plan on the screen."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scenarios.reading import BadInput

if TYPE_CHECKING:
    from results.plan import Plan
    from sim.law import Law

FIRST_DAY, LAST_DAY = "2005-04-04", "2034-12-31"
HORIZON_YEAR = 2059
MOST = 10_000  # lives of a draw, and draws: the tables number each in 16 bits
LARGEST = 2**63 - 1  # what a 64-bit whole number holds
SHORTEST = date(2025, 1, 31)  # a report needs a month of the projection, which starts on 1 October 2024
ASSENT = date(2026, 1, 22)  # Royal Assent to the Sentencing Act 2026; nothing in it can commence before


def _at_once(workers: int) -> int:
    from sim.ensemble import workers_here

    return workers or workers_here()


Scenarios = Annotated[list[str], typer.Argument(help="Shipped names or paths of Bills; a.yaml+b.yaml composes.")]
Folder = Annotated[Path, typer.Argument(help="A run folder.")]
Lives = Annotated[int, typer.Option(min=1, max=MOST, help="Lives of a draw: the same luck in each scenario.")]
Draws = Annotated[int, typer.Option(min=1, max=MOST, help="Draws of the beliefs; 1 for the book's own values.")]
Beliefs = Annotated[str, typer.Option(help="fit (the one that ships), prior, book, or the folder of a fit.")]
Seed = Annotated[int, typer.Option(min=0, max=LARGEST, help="Seed of all luck.")]
Last = Annotated[str, typer.Option("--to", help="Last day lived.")]
Out = Annotated[Path, typer.Option(help="Where run folders go.")]
Workers = Annotated[
    int, typer.Option(min=0, help="At once; 0 for as many as the machine has cores.", callback=_at_once)
]
People = Annotated[int, typer.Option(min=0, help="People sentenced, for a quick trial; 0 for the nation.")]
Scale = Annotated[float, typer.Option("--people-scale", help="The nation and its listings times this.")]
Precision = Annotated[str, typer.Option(help="Live on until what each Bill asks is known so well, as 2%.")]
Budget = Annotated[int, typer.Option(min=0, help="Most worlds for --precision; 0 for 2,000.")]
S42 = Annotated[str, typer.Option(help="When s.42 Sentencing Act 2026 commenced: a date, 'never', or the book's own.")]
RUNS = Path("runs")


def as_date(text: str, option: str) -> date:
    """Return a date given on the command line; BadInput naming the option and what was expected."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} must be a date such as 2024-11-01, not '{text}'.") from None


def last_day(text: str, first: date) -> date:
    """Return the day of --to; BadInput unless it is from `first` to the model's horizon."""
    day = as_date(text, "--to")
    if not first <= day <= date(HORIZON_YEAR, 12, 31):
        raise BadInput(f"--to must be from {first} to {HORIZON_YEAR}-12-31, not {day}.")
    return day


def the_law(s42: str = "") -> "Law":
    """Return the law of the book, with the commencement of s.42 switched if asked."""
    from scenarios import current_law

    if not s42:
        return current_law()
    day = None if s42 == "never" else as_date(s42, "--s42")
    if day and not ASSENT <= day <= date(HORIZON_YEAR, 12, 31):
        raise BadInput(f"--s42 must be 'never' or a date from {ASSENT}, the day of Royal Assent, not {day}.")
    return current_law(commencements={"sentencing_act_2026_s42": day})


def live(plan: "Plan", workers: int) -> bool:
    """Live what is not on disk yet, following it on the screen; return whether any failed, and end if all did."""
    from results.precision import lines
    from results.progress import following
    from results.runs import run
    from results.store import read_manifest

    with following(str(plan.folder)) as follow:
        failed = run(plan, workers, *follow)
    for failure in failed:
        typer.echo(f"failed: {failure.piece}: {failure.why}", err=True)
    manifest = plan.folder / "run.json"
    if not manifest.exists():
        raise typer.Exit(1)
    for line in lines(read_manifest(manifest)):
        typer.echo(line)
    return bool(failed)
