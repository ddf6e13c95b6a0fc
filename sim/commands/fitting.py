"""Commands that learn beliefs from published counts, and say what was learned: fit, validate."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scenarios.reading import BadInput
from sim.commands import RUNS, Out, Workers, as_date

if TYPE_CHECKING:
    from calibration.fit import Fitted
    from results.progress import Follow

LAST_DATA = "2024-09-30"
Until = Annotated[str, typer.Option(help="Figures whose window had ended by this day are used.")]
Worlds = Annotated[int, typer.Option("--budget", min=0, help="Worlds of the bank; 0 for the usual number.")]
To = Annotated[Path | None, typer.Option("--to", help="Where the fitted draws go; if not given, OUT/fit-UNTIL.")]


def fit(until: Until = LAST_DATA, budget: Worlds = 0, out: Out = RUNS, to: To = None, workers: Workers = 0) -> None:
    """Learn beliefs from published counts, and write draws of them that `--beliefs FOLDER` projects from."""
    from calibration.fitted import write
    from calibration.past import pasts
    from results.progress import following

    with following(str(out / "bank")) as follow:
        found = _fitted(until, budget, out, workers, follow)
        folder = to or out / f"fit-{found.task.until}"
        write(found, pasts(found, workers, follow), folder)
    typer.echo(f"Fitted draws: {folder}")


def validate(
    until: Until = LAST_DATA,
    budget: Worlds = 0,
    out: Out = RUNS,
    page: Annotated[Path | None, typer.Option(help="The page to write; if not given, OUT/validation.md.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The folder of the fit; else OUT/fit-UNTIL.")] = None,
    workers: Workers = 0,
) -> None:
    """Say what a fit learned and what it is worth: coverage, back-casts, what each belief learned and from what."""
    from results.progress import following
    from results.store import write_bytes
    from results.validated import findings
    from results.validation import validation_markdown
    from results.worth import write_worth

    with following(str(out / "bank")) as follow:
        found = findings(_fitted(until, budget, out, workers, follow), workers, follow)
    path = page or out / "validation.md"
    write_bytes(path, validation_markdown(found).encode())
    typer.echo(f"Validation: {path}")
    checks = write_worth(found, to or out / f"fit-{found.fitted.task.until}")
    typer.echo(f"Its figures, which reports tell: {checks}")


def _fitted(until: str, budget: int, out: Path, workers: int, follow: "Follow") -> "Fitted":
    from calibration.fit import BUDGET, LEAST_BUDGET, SOONEST, UNTIL, bank_folder, fit, task
    from scenarios import current_law
    from sim.ensemble import telling_of_compiling

    day, law = as_date(until, "--until"), current_law()
    if not SOONEST <= day <= UNTIL:
        raise BadInput(f"--until must be from {SOONEST} to {UNTIL}, the last published outcome, not {day}.")
    if budget and budget < LEAST_BUDGET:
        raise BadInput(
            f"--budget must be at least {LEAST_BUDGET} worlds, below which a fit is surer than it should be."
        )
    with telling_of_compiling(follow.say):
        found, failed = fit(
            task(law, bank_folder(law, out), date.fromisoformat(str(day)), budget or BUDGET),
            workers, follow,
        )  # fmt: skip
    for failure in failed:
        typer.echo(f"failed: {failure.piece}: {failure.why}", err=True)
    return found
