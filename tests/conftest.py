"""What several files of tests share: one small run, lived once, as a folder, as read, and as charts. Read only."""

from pathlib import Path

import pytest

from results.charts import charts
from results.folder import Run, read_run
from results.style import Chart
from tests.lived_run import small
from tests.small_run import write_run

__all__ = ["small"]


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of two scenarios, 60 people and two lives."""
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="session")
def small_run(small_folder: Path) -> Run:
    """The same as read."""
    return read_run(small_folder)


@pytest.fixture(scope="session")
def small_charts(small_run: Run) -> list[Chart]:
    """Every chart of its report."""
    return [chart for _, some in charts(small_run) for chart in some]
