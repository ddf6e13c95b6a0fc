"""Commands on the published series: list them, tell one, add a modeller's own figures."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=False, help="List the published series, tell one, or add figures of your own.")


@app.callback(invoke_without_command=True)
def every(context: typer.Context) -> None:
    """List the published series, and what of each is left out and why."""
    if context.invoked_subcommand is None:
        from calibration.listing import series_list

        typer.echo(series_list())


@app.command()
def show(name: Annotated[str, typer.Argument(help="The name of a series, such as ipp_custody_recalled.")]) -> None:
    """Tell one series: each figure, how the model observes it, its source, and the lines left out."""
    from calibration.listing import series_shown

    typer.echo(series_shown(name))


@app.command()
def add(
    file: Annotated[
        Path, typer.Argument(help="A CSV of figures: a figure a line, or a day a line and a series a column.")
    ],
    definition: Annotated[
        list[Path] | None, typer.Option(help="A YAML file that defines a new series; repeat for more.")
    ] = None,
) -> None:
    """Check a file of figures and add it to those that ship; every problem is said, and then nothing is written."""
    from calibration.adding import Refused
    from calibration.adding import add as add_figures
    from calibration.listing import added_words
    from results.progress import on_the_screen
    from sim.ensemble import telling_of_compiling

    try:
        with telling_of_compiling(on_the_screen):  # the measures' groups are told by counting a journal of no one
            done = add_figures(file, definition or ())
    except Refused as refused:
        for problem in refused.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(2) from None
    typer.echo(added_words(*done))
