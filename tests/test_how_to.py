"""The how-tos: each page is a session, and what it says that a command prints is what it prints."""

from pathlib import Path

import pytest

from tests.sessions import BLOCK, RUN, commands, lived

PAGES = sorted((Path(__file__).parent.parent / "docs/how-to").glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_what_its_commands_print(path: Path, tmp_path: Path) -> None:
    page = path.read_text("utf-8")
    now = masked(lived(page, tmp_path))
    assert now.splitlines() == masked(page).splitlines(), f"{path.name} is stale: `make sessions` writes it anew"
    asked = [each for kind, text in BLOCK.findall(page) if kind == "console" for each in commands(text)]
    assert sum(command.startswith("ipp ") for command, _ in asked) >= 4
    assert [command for command, said in asked if not said.strip() and " > " not in command] == []


def test_there_is_a_page_for_each_kind_of_reader() -> None:
    assert [path.stem for path in PAGES] == ["briefing-author", "modeller", "policy-team"]


def masked(page: str) -> str:
    """A page with each run named by its place: names change with the code, and nothing else does."""
    names: dict[str, str] = {}
    return RUN.sub(lambda name: names.setdefault(name[0], f"run {len(names) + 1}"), page)


def test_a_page_that_is_stale_is_seen(tmp_path: Path) -> None:
    page = "```console\n$ ipp licence --first-release 2025-02-03 | head -n 1\nThe qualifying period ends.\n```\n"
    now = lived(page, tmp_path)
    assert "The qualifying period ends on 3 February 2027" in now and now.startswith("```console\n$ ipp licence")
    assert lived(now, tmp_path) == now != page


def test_files_are_written_failures_are_told_and_runs_are_found_again(tmp_path: Path) -> None:
    page = (
        "```yaml\n# bad.yaml\nname: A\n```\n\n```yaml\nname: not written\n```\n"
        "```console\n$ ipp run bad.yaml\n$ ls\n```\n"
        "```console\n$ echo Report: aaaaaaaaaaaa\nReport: 111111111111\n$ echo 111111111111 bbbbbbbbbbbb\n```\n"
    )
    now = lived(page, tmp_path)
    assert "$ ipp run bad.yaml\nbad.yaml, line 2: " in now and "Traceback" not in now
    assert "\n$ ls\nbad.yaml\n```" in now
    assert now.endswith("$ echo aaaaaaaaaaaa bbbbbbbbbbbb\naaaaaaaaaaaa bbbbbbbbbbbb\n```\n")
