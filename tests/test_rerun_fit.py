"""A run of a user's own fit knows that fit by its bytes, and is lived again from no other."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from calibration.source import SHIPPED, Posterior
from results import provenance
from results.differences import causes, told_apart
from results.runs import planned, run
from results.store import read_manifest
from scenarios import current_law
from scenarios.reading import BadInput
from tests.test_rerun import quietly


@pytest.fixture
def from_a_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tiny run of draws of a user's own fit, named from the folder where the user stands."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED, tmp_path / "mine")
    plan = planned(
        [], law=current_law(), lives=1, draws=2, seed=5, first=date(2027, 1, 1), last=date(2027, 12, 31),
        out=tmp_path / "runs", people=9, beliefs="mine",
    )  # fmt: skip
    assert run(plan, 1, lambda total, done: None, lambda piece: None) == []
    return plan.folder / "run.json"


def test_a_run_of_a_users_fit_is_lived_again_from_that_fit_alone(
    from_a_fit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(from_a_fit)
    assert manifest["beliefs"] == manifest["inputs"]["asked"]["beliefs"] == "mine"
    assert manifest["fit"]["hash"] == Posterior(Path("mine")).mark == Posterior().mark
    assert str(tmp_path) not in from_a_fit.read_text("utf-8")
    assert quietly(from_a_fit, None).agrees
    for name in ("fit.json", "draws.parquet"):
        whole = (tmp_path / "mine" / name).read_bytes()
        (tmp_path / "mine" / name).write_bytes(whole + b" ")
        with pytest.raises(BadInput, match=r"^run\.json: the fit in 'mine' is not the one that the run took: its dra"):
            quietly(from_a_fit, None)
        (tmp_path / "mine" / name).write_bytes(whole)
    monkeypatch.chdir(tmp_path / "runs")
    with pytest.raises(BadInput, match="no whole fit is there now"):
        quietly(from_a_fit, None)
    assert [path.name for path in from_a_fit.parent.parent.iterdir() if path.name.startswith("rerun")] == []


def test_another_fit_that_ships_is_a_cause() -> None:
    was, now = ({"beliefs": "fit", "fit": {"hash": digit}} for digit in "12")
    assert "the fit that beliefs come from is not that of the run" in told_apart("monthly.parquet", causes(was, now))
    assert causes(was, was) == [] and causes({"beliefs": "fit", "fit": {}}, now) == []


def test_a_page_tells_no_folder_of_a_users_machine() -> None:
    everything = {"beliefs": "/a/b/mine", "inputs": {"asked": {"beliefs": "/a/b/mine", "lives": 2}}}
    told = provenance.shown(everything)
    assert told["beliefs"] == "mine" and told["asked"] == {"beliefs": "mine", "lives": 2}
    assert provenance.shown({"beliefs": "runs/mine"})["beliefs"] == "runs/mine"
