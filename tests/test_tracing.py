"""Tracing: figures of the report and the brief, picked at random, are counted again in worlds lived anew."""

import random
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from results.fit import quantiles
from results.outcomes import MEASURES, flow_between, stock_on
from results.rerun import plan_again
from results.runs import lived
from results.tables import measured
from results.tracing import BETWEEN, BOTH, MEAN, MEDIAN, SIGNED, Figure, read_trace
from results.words import count, signed_interval, with_interval
from sim.days import day_of
from tests.lived_run import Small

PICKED, SEED = 10, 20241101
SPACES = re.compile(r"\s+")


class Figures(HTMLParser):
    """Reads a page: each figure's trace and the words shown for it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.trace: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.trace = dict(attrs).get("data-figure")

    def handle_data(self, data: str) -> None:
        if self.trace:
            self.found.append((self.trace, SPACES.sub(" ", data).strip()))
            self.trace = None


@cache
def worlds(manifest: Path) -> dict[str, list[tuple[Any, Any]]]:
    """Return the journals and people of every life of a run, by scenario, lived now from its manifest."""
    plan, found = plan_again(manifest, Path("unused")), dict[str, list[tuple[Any, Any]]]()
    assert getattr(plan, "draws", 1) == 1, "the law of a draw is not the book's"
    for piece in plan.pieces:
        groups, laws = piece.scenario.laws(plan.law)
        how = {"seed": plan.seed, "life": piece.life, "last": day_of(plan.last), "people": plan.people}
        found.setdefault(piece.scenario.key, []).append(lived("simpy", laws, groups, **how))
    return found


def counted(figure: Figure, table: Any, people: Any) -> float:
    """Return a figure of one life: stocks at the end of the day, flows over the window."""
    first, last, total = day_of(figure.first), day_of(figure.last), 0.0
    for measure in figure.measure.split(" + "):
        if MEASURES[measure].over == "day":
            total += stock_on(table, people, measure, last, figure.group)
        else:
            total += flow_between(table, people, measure, figure.group, first, last)
    return total


def again(manifest: Path, figure: Figure) -> str:
    """Return the words of a figure, counted again."""
    by_life = [np.array([counted(figure, *world) for world in worlds(manifest)[key]]) for key in figure.scenarios]
    values = by_life[0] - by_life[1] if len(by_life) > 1 else by_life[0]
    median, low, high = quantiles(values)
    if figure.statistic.startswith(f"{BOTH} in "):
        unit = figure.statistic.removeprefix(f"{BOTH} in ")
        return f"{measured(median, unit)} ({measured(low, unit)} to {measured(high, unit)})"
    return {
        MEDIAN: count(median), BETWEEN: f"{count(low)} to {count(high)}", MEAN: count(float(values.mean())),
        BOTH: with_interval(values), SIGNED: signed_interval(values),
    }[figure.statistic]  # fmt: skip


@pytest.fixture(scope="module")
def figures(small: Small) -> list[tuple[str, str]]:
    pages = [small.folder / "report.html", small.folder / "brief-mine.html"]
    return [each for page in pages for each in Figures(page.read_text("utf-8")).found]


def test_every_kind_of_figure_is_traced(figures: list[tuple[str, str]]) -> None:
    kinds = Counter(read_trace(trace).statistic.partition(" in ")[0] for trace, _ in figures)
    assert all(kinds[kind] >= 10 for kind in (MEDIAN, BETWEEN, BOTH, SIGNED, MEAN)), kinds
    assert {len(read_trace(trace).scenarios) for trace, _ in figures} == {1, 2}


def test_ten_figures_picked_at_random_are_what_worlds_lived_anew_show(
    small: Small, figures: list[tuple[str, str]]
) -> None:
    telling = [each for each in figures if each[1] not in ("0", "0 to 0", "0 (0 to 0)")]
    picked = random.Random(SEED).sample(telling, PICKED)
    wrong = [
        f"{trace}: {shown}, counted again {found}"
        for trace, shown in picked
        if (found := again(small.folder / "run.json", read_trace(trace))) != shown
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_figure_is_what_worlds_lived_anew_show(small: Small, figures: list[tuple[str, str]]) -> None:
    wrong = [trace for trace, shown in set(figures) if again(small.folder / "run.json", read_trace(trace)) != shown]
    assert not wrong, wrong[:10]


def test_a_wrong_figure_would_be_found(small: Small, figures: list[tuple[str, str]]) -> None:
    trace, shown = next(each for each in figures if read_trace(each[0]).measure == "recalled" and each[1] != "0")
    figure = read_trace(trace)
    assert again(small.folder / "run.json", figure) == shown
    assert again(small.folder / "run.json", figure._replace(measure="on_licence")) != shown
