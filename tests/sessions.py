"""Sessions: the commands of a how-to, run as they stand, and what they print put back into its page.

`python -m tests.sessions docs/how-to/*.md` writes the pages anew; a test says if one is stale. A page has blocks of two
kinds that tell here. One marked `yaml` whose first line is `# NAME.yaml` is written to that file. In one marked
`console` each line that begins with `$ ` is a command, and what follows it is what it printed: what goes to standard
error only if the command failed, as it else tells how far a run is. All commands of a page run in one empty folder.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from results.store import write_bytes
from sim.__main__ import main as ipp
from sim.ensemble import COMPILES

BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w-]+\.yaml)\n")
RUN = re.compile(r"\b[0-9a-f]{12}\b")  # a run's name changes with the code, and a page names runs in its commands
PROMPT = "$ "


@dataclass
class Session:
    """One page's commands in one folder, and what each run that the page names is called now."""

    folder: Path
    runs: dict[str, str] = field(default_factory=dict)

    def block(self, found: re.Match[str]) -> str:
        """Return a block as it is now: a file is written, and commands are run."""
        kind, text = found.groups()
        if kind == "yaml":
            if named := NAMED.match(text):
                (self.folder / named[1]).write_text(text, "utf-8")
            return found[0]
        return f"```console\n{''.join(self.said(*each) for each in commands(text))}```"

    def said(self, command: str, before: str) -> str:
        """Return a command and what it prints now; `before` is what the page says that it printed."""
        command = RUN.sub(lambda name: self.runs.get(name[0], name[0]), command)
        now = printed(command, self.folder)
        self.runs |= dict(zip(RUN.findall(before), RUN.findall(now), strict=False))
        return f"{PROMPT}{command}\n{now}"


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, and what the page says that it printed."""
    for part in re.split(rf"^{re.escape(PROMPT)}", text, flags=re.MULTILINE)[1:]:
        command, _, before = part.partition("\n")
        yield command, before


def printed(command: str, folder: Path) -> str:
    """Return what a command prints, each line without spaces at its end; only `ipp` is run without a shell."""
    first, into, rest = re.fullmatch(r"(.*?)(?:( \| | > )(.*))?", command).groups()  # type: ignore[union-attr]
    if not first.startswith("ipp "):
        return _tidy(_in_shell(command, folder))
    said = _ipp(shlex.split(first)[1:], folder)
    return _tidy(_in_shell(rest if into == " | " else f"cat > {rest}", folder, said) if into else said)


def _in_shell(command: str, folder: Path, given: str = "") -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where `python` is the one that runs this
    ended = subprocess.run(
        ["bash", "-c", command], cwd=folder, input=given, env=os.environ | {"PATH": path}, stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    return ended.stdout


def _ipp(arguments: list[str], folder: Path) -> str:
    out, err = StringIO(), StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["ipp", *arguments]):
        try:
            ipp()
        except SystemExit as ended:
            failed = bool(ended.code)
    told = [line for line in err.getvalue().splitlines() if line != COMPILES]
    return out.getvalue() + ("\n".join(told) if failed else "")


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def lived(page: str, folder: Path) -> str:
    """Return a page with what its commands print now."""
    return BLOCK.sub(Session(folder).block, page)


def main(paths: list[str]) -> None:
    """Write pages anew."""
    for path in map(Path, paths):
        with TemporaryDirectory() as folder:
            write_bytes(path, lived(path.read_text("utf-8"), Path(folder)).encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
