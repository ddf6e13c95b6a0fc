"""The worked example of docs/extending.md, done to a copy of the model: it works, and a forgotten line is caught."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```\w+\n# (?P<file>\S+), (?P<where>after|before): (?P<line>[^\n]*)\n(?P<text>.*?)```", re.S)
LIVE = """
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.journal import Event
from sim.world import World
from tests.identity import first_difference
how = {"people": 60, "last": 7_000}
one, other = World([current_law()], **how).live().as_table(), CompiledWorld([current_law()], **how).live()
print("visits", sum(event == Event.VISITED for event in one.event), first_difference(one, other) or "the same")
"""


class Edit(NamedTuple):
    """Text to put after, or before, the first line of a file that reads so."""

    file: str
    where: str
    line: str
    text: str


def edits() -> list[Edit]:
    return [Edit(*block) for block in BLOCK.findall((ROOT / "docs/extending.md").read_text("utf-8"))]


def extended(copy: Path, some: list[Edit]) -> str:
    """Return what a copy of the model says of both engines once some edits are made to it."""
    for package in ("sim", "scenarios", "calibration", "results", "tests"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in some:
        path = copy / edit.file
        lines = path.read_text("utf-8").splitlines(keepends=True)
        place = lines.index(edit.line + "\n") + (edit.where == "after")
        path.write_text("".join([*lines[:place], edit.text, *lines[place:]]), "utf-8")
    environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(copy / "cache")}
    told = subprocess.run([sys.executable, "-c", LIVE], cwd=copy, env=environment, capture_output=True, text=True)
    return told.stdout + told.stderr[-2_000:]


def test_the_example_names_lines_that_are_there() -> None:
    assert len(edits()) >= 10
    for edit in edits():
        assert edit.line + "\n" in (ROOT / edit.file).read_text("utf-8").splitlines(keepends=True), edit


@pytest.mark.slow
def test_the_example_gives_the_same_lives_in_both_engines(tmp_path: Path) -> None:
    said = extended(tmp_path / "model", edits())
    found = re.fullmatch(r"visits (\d+) the same\n", said)
    assert found and int(found[1]) > 10, said


@pytest.mark.slow
def test_a_line_forgotten_in_one_engine_is_named(tmp_path: Path) -> None:
    said = extended(tmp_path / "model", [edit for edit in edits() if edit.file != "sim/compiled.py"])
    assert "person" in said and "VISITED" in said and "the same" not in said
