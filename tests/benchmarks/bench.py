"""How fast the model is on this machine, and against what else: `python -m tests.benchmarks.bench` (or `make bench`).

Seconds are processor time, but where it says 'by the clock'. All of it takes about half an hour on two idle
cores; `--quick` takes some five minutes, with fewer repeats and lives, and says so in the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from results.runs import commit
from results.store import write_manifest
from scenarios.reading import BadInput, nearest
from sim.__main__ import refuse
from tests.benchmarks import apart, rounds
from tests.benchmarks.bias import Difference, bias_of
from tests.benchmarks.bias import as_text as bias_text
from tests.benchmarks.claims import Claim
from tests.benchmarks.claims import as_text as claims_text
from tests.benchmarks.engines import ANYOF, STEPS
from tests.benchmarks.machine import described

PARTS = ("engines", "bias", "lives", "command", "memory", "scale", "start")
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Effort:
    """How often things are repeated, and how many lives stand for many."""

    rounds: int
    bias_lives: tuple[int, int]  # of anyof and of steps
    lives: tuple[int, ...]
    command_lives: tuple[int, ...]
    scales: tuple[int, ...]


FULL = Effort(5, (30, 30), (100, 300, 1_000), (20, 100), (10, 100))
QUICK = Effort(2, (6, 12), (10, 30), (5, 15), (10,))


@dataclass
class Measured:
    """What has been measured so far."""

    claims: list[Claim]
    biases: dict[str, list[Difference]]


def engines(effort: Effort, measured: Measured, told: Callable[[str], None]) -> None:
    """Measure the programs against one another."""
    found = rounds.rounds_of(effort.rounds, told)
    measured.claims += [*rounds.speed(found), *rounds.otherwise(found), *rounds.limit(found), rounds.counting()]


def bias(effort: Effort, measured: Measured, told: Callable[[str], None]) -> None:
    """Measure what the programs that a user would otherwise write make of the same people."""
    titles = {ANYOF: "SimPy with races of timeouts (anyof.py)", STEPS: "numpy by months (steps.py)"}
    for (name, title), lives in zip(titles.items(), effort.bias_lives, strict=True):
        measured.biases[f"{title} beside the exact engine, {lives} lives"] = bias_of(name, lives, told)


def measured_by(effort: Effort, parts: list[str], told: Callable[[str], None]) -> Measured:
    """Measure the parts asked for, in the order of PARTS."""
    measured = Measured([], {})
    if "engines" in parts:
        engines(effort, measured, told)
    if "bias" in parts:
        bias(effort, measured, told)
    apart_from: dict[str, Callable[[], list[Claim]]] = {
        "lives": lambda: apart.many_lives(effort.lives, told),
        "command": lambda: apart.whole_command(effort.command_lives, told),
        "memory": lambda: apart.memory(told),
        "scale": lambda: apart.scaled(effort.scales, told),
        "start": lambda: apart.starts(told),
    }
    for part, measure in apart_from.items():
        measured.claims += measure() if part in parts else []
    return measured


def chosen(only: list[str]) -> list[str]:
    """Return the parts to measure; BadInput for one that there is not."""
    for part in only:
        if part not in PARTS:
            raise BadInput(f"--only must be one of {', '.join(PARTS)}, not '{part}'{nearest(part, PARTS, '.')}")
    return only or list(PARTS)


def as_json(machine: dict[str, Any], effort: str, measured: Measured) -> dict[str, Any]:
    """Return all that was measured, as JSON takes it."""
    claims = [claim.as_json() for claim in measured.claims]
    biases = {title: [each.as_json() for each in found] for title, found in measured.biases.items()}
    return {"commit": commit(), "machine": machine, "effort": effort, "claims": claims, "biases": biases}


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer repeats and lives: minutes, not half an hour.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Measure one part: {', '.join(PARTS)}. Repeatable.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write all figures to this file.")] = None,
) -> None:
    """Measure how fast the model is on this machine, against its targets and against what else one could write."""
    if json is not None and json.is_dir():
        raise BadInput(f"--json must be a file, and {json} is a folder.")
    parts, machine = chosen(only or []), described()
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    typer.echo(f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}; {commit()}")
    typer.echo(f"Processes wanting to run before the start, on average: {machine['load']:.1f}")
    measured = measured_by(QUICK if quick else FULL, parts, lambda what: typer.echo(f"  ... {what}", err=True))
    if measured.claims:
        typer.echo("\n" + claims_text(measured.claims))
    for title, found in measured.biases.items():
        typer.echo("\n" + bias_text(title, found))
    if json is not None:
        write_manifest(json, as_json(machine, "quick" if quick else "full", measured))


def main() -> None:
    """Measure; bad input ends it with one sentence and exit code 2."""
    try:
        app(standalone_mode=False)
    except BadInput as problem:
        refuse(str(problem))
    except typer.TyperException as problem:
        refuse(problem.format_message() if hasattr(problem, "format_message") else str(problem))


if __name__ == "__main__":
    main()
