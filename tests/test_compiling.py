"""Compiling: what is kept compiled is never run as it was before an edit, of its own file or of one it asks."""

import os
import subprocess
import sys
from pathlib import Path

from sim.compiling import cache_of, sources_hash
from sim.luck import u

ROOT = Path(__file__).parent.parent
HEAD = "from sim.compiling import compiled\n"
OUTER = HEAD + "from inner import held\n@compiled\ndef asked(n):\n    return held(n) + 1\n"
INNER = HEAD + "@compiled\ndef held(n):\n    return 10 * n\n"
ASK = "import outer; print(outer.asked(4), outer.asked.stats.cache_hits[outer.asked.signatures[0]])"


def asked(folder: Path) -> list[str]:
    """What a new process is told by the compiled function in a folder, and how often that came from the cache."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": f"{folder}:{ROOT}"}
    ended = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)
    return ended.stdout.split() or [ended.stderr]


def test_an_edit_of_another_file_of_the_folder_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER)
    assert asked(tmp_path)[0] == "41"
    assert asked(tmp_path) == ["41", "1"]
    (tmp_path / "inner.py").write_text(INNER.replace("10", "20"))
    assert asked(tmp_path)[0] == "81"


def test_what_only_compiled_functions_ask_is_kept_as_a_part_of_what_asks_it(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER)
    assert asked(tmp_path) == ["41", "0"]
    kept = {path.name.split("-")[0] for path in (tmp_path / "cache").rglob("*.nbi")}
    assert kept == {"outer.asked"}  # no `inner.held`, which Python has not called


def test_each_folder_has_a_cache_by_its_own_sources(tmp_path: Path) -> None:
    assert cache_of(u.py_func).endswith(f"ipp-{sources_hash()}")  # type: ignore[attr-defined]
    assert cache_of(asked) == str(Path(cache_of(u.py_func)) / sources_hash(Path(__file__).parent))  # type: ignore[attr-defined]
    empty = sources_hash(tmp_path)
    (tmp_path / "one.py").write_text("")
    assert sources_hash.__wrapped__(tmp_path) != empty
