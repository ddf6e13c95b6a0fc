"""A fit that is killed and started again, as often as may be, ends with the bytes of one that never was."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calibration.fit import WAVES
from calibration.source import ABOUT, TABLE, Posterior
from scenarios.reading import BadInput
from tests.killed import files
from tests.killed_fit import FIT, LEARNING, WORLD, WORLDS

ROOT = Path(__file__).parent.parent
SEED = 20_261_123
ALONE = {"OPENBLAS_NUM_THREADS": "1"}  # where others share the processors, threads of algebra wait for each other


def made(out: Path, moment: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.killed_fit", str(out), *filter(None, [moment])]
    return subprocess.run(command, cwd=ROOT, env=os.environ | ALONE, capture_output=True, text=True, check=False)


def moments(learnings: int) -> Iterator[tuple[str, int]]:
    """Moments to be killed at one after the other: in each wave, in what two waves teach, and in writing each file."""
    luck = random.Random(SEED)
    taught = luck.sample(range(WAVES), 2)
    for wave in range(WAVES):
        yield WORLD, wave * WORLDS + luck.randint(1, WORLDS)
        if wave in taught:
            yield LEARNING, wave * learnings + luck.randint(1, learnings)
    yield TABLE, 1
    yield ABOUT, 1


def kept(out: Path) -> dict[str, bytes]:
    """Every finished file; those that were being written have names that begin with a dot."""
    return {name: content for name, content in files(out).items() if not Path(name).name.startswith(".")}


@pytest.mark.slow
def test_a_fit_killed_in_waves_in_learning_and_in_writing_has_the_bytes_of_an_unbroken_one(tmp_path: Path) -> None:
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    told = made(unbroken)
    assert told.returncode == 0, told.stderr
    passed = {kind: int(count) for kind, count in (each.split(":") for each in told.stdout.split())}
    assert passed == {WORLD: WAVES * WORLDS, LEARNING: passed[LEARNING], TABLE: 1, ABOUT: 1}
    expected, before = files(unbroken), dict[str, bytes]()
    assert {f"{FIT}/{TABLE}", f"{FIT}/{ABOUT}"} < set(expected) and kept(unbroken) == expected
    for kind, number in moments(passed[LEARNING] // WAVES):
        # Each process learns from every wave again, but lives no world twice.
        moment = f"{kind}:{number - (len(before) if kind == WORLD else 0)}"
        assert made(broken, moment).returncode == -signal.SIGKILL, moment
        now = kept(broken)
        assert number - 2 <= len(now) < number or kind != WORLD  # the other thread may have been at work on one too
        assert before.keys() <= now.keys() and now.items() < expected.items(), f"killed at {moment}"
        with pytest.raises(BadInput, match="no fitted draws"):
            Posterior(broken / FIT)
        before = now
    assert set(expected) - set(before) == {f"{FIT}/{ABOUT}"}
    assert made(broken).returncode == 0
    assert files(broken) == expected  # and what the killed were writing is gone
