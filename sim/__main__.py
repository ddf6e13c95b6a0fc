"""The command line: `ipp`. Each command asks the modules below it and prints; results come in files."""

import sys
from typing import Annotated, NoReturn

import typer

from scenarios.reading import BadInput
from sim.commands import fitting, living, series, telling

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Simulate the people serving sentences of Imprisonment for Public Protection in England and Wales.",
)
COMMANDS = (
    *(living.run, living.compare, living.brief, living.levers, living.rerun),
    *(telling.report, telling.export, telling.check),
    *(fitting.fit, fitting.validate),
    *(telling.trace, telling.law, telling.licence, telling.scenarios, telling.assumptions),
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(series.app, name="series")
STOPPED = 130  # the exit code of a program that Ctrl-C ended


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
