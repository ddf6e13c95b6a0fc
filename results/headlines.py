"""Headlines: the question each scenario asks, and the answer that the run gives, in sentences and one table each."""

from typing import NamedTuple

import pandas as pd

from results.fit import INTERVAL
from results.folder import Run, Told
from results.tables import Grid
from results.tracing import BOTH, LESS, SIGNED, Traced, trace
from results.words import count, fewer_or_more, listed, month, said, signed_interval, with_interval

ENDS = (2026, 2030, 2034)  # the first is told of the law as it is only
COMMENCED = pd.Timestamp("2024-11-30")  # the month in which s.66 Victims and Prisoners Act 2024 ended licences
STATE = (
    ("never_released", "In prison, never released"), ("recalled", "In prison after a recall"),
    ("on_licence", "On licence"), ("hospital", "In secure hospital"), ("terminated", "Licence ended, so far"),
)  # fmt: skip
ANSWERED = (
    ("never_released", False, "people in prison and never released", "In prison, never released"),
    ("recalled", False, "people in prison after a recall", "In prison after a recall"),
    ("terminated", False, "licences ended", "Licences ended, so far"),
    ("recalls", True, "recalls", "Recalls, so far"),
)  # fmt: skip


class Headline(NamedTuple):
    """A scenario, its question, the answer and the numbers behind it."""

    told: Told
    sentences: list[str]
    grid: Grid


def ends(run: Run) -> list[pd.Timestamp]:
    """Return the ends of the years told of that the run covers, or its last month if it covers none."""
    asked = [pd.Timestamp(year, 12, 31) for year in ENDS]
    return [day for day in asked if run.opening < day <= run.last] or [run.last]


def as_it_is(run: Run) -> Headline:
    """Return what the first scenario says: where people are, the licences ended at commencement, the projection."""
    days = [run.opening, *(day for day in ends(run) if day != run.opening)]
    rows = [(name, *_published_at(run, measure, days[0]), *_row(run, measure, days)) for measure, name in STATE]
    heads = ("", f"Published, {said(days[0])}", *(f"Simulated, {said(day)}" for day in days))
    sentences = [_now(run, days[0]), *_ended_at_once(run), *([_projected(run, days[1:])] if days[1:] else [])]
    return Headline(run.baseline, sentences, Grid(f"Median, and {INTERVAL} interval over lives", heads, rows, True))


def _row(run: Run, measure: str, days: list[pd.Timestamp]) -> list[str]:
    by_life, key = run.by_life(measure), run.baseline.key
    return [Traced(with_interval(by_life.loc[day]), trace(key, measure, "", day, BOTH)) for day in days]


def _published_at(run: Run, measure: str, day: pd.Timestamp) -> list[str]:
    published = run.published(measure)
    same = published[published["last"] == day]
    return [count(float(same["published"].iloc[0])) if len(same) else "–"]


def _now(run: Run, day: pd.Timestamp) -> str:
    parts = [f"{with_interval(run.by_life(measure).loc[day])} {name}" for measure, name in (
        ("never_released", "people in prison and never released"),
        ("recalled", "in prison after a recall"), ("on_licence", "on licence"),
    )]  # fmt: skip
    return f"On {said(day)} the simulation shows {listed(parts)} (median, and {INTERVAL} interval over lives)."


def _ended_at_once(run: Run) -> list[str]:
    """Return how many licences the law itself ended in November 2024, where the run covers it."""
    automatic = run.by_life("terminations", "automatic")
    if COMMENCED not in automatic.index or COMMENCED <= run.opening:
        return []
    return [
        f"In {month(COMMENCED)}, when section 66 of the Victims and Prisoners Act 2024 came into force on the 1st, "
        f"{with_interval(automatic.loc[COMMENCED])} licences end by the law itself."
    ]


def _projected(run: Run, days: list[pd.Timestamp]) -> str:
    inside, recalled = run.by_life("never_released"), run.by_life("recalled")
    parts = [
        f"{with_interval(inside.loc[day])} and {with_interval(recalled.loc[day])} on {said(day)}" for day in days
    ]  # fmt: skip
    return f"The projection for the never released and the recalled in prison is {'; '.join(parts)}."


def answer(run: Run, told: Told) -> Headline:
    """Return a scenario's differences from the first, life by life, at the ends of years."""
    days = [day for day in ends(run) if day.year != ENDS[0]] or [run.last]
    found = [(run.against(told.key, measure, so_far), what, name) for measure, so_far, what, name in ANSWERED]
    sentences = [
        f"By {said(day)}, compared with {run.baseline.spoken}: "
        f"{listed([fewer_or_more(difference.loc[day], what) for difference, what, _ in found])}."
        for day in reversed(days)
    ]
    rows = [
        (name, *(_difference(run, told, measure, so_far, day) for day in days)) for measure, so_far, _, name in ANSWERED
    ]
    heads = ("", *(said(day) for day in days))
    caption = f"Difference from {run.baseline.spoken}: median of paired differences, and {INTERVAL} interval over lives"
    return Headline(told, sentences, Grid(caption, heads, rows, True))


def _difference(run: Run, told: Told, measure: str, so_far: bool, day: pd.Timestamp) -> Traced:
    """Return a difference on a day in words; so far means from the run's first month on."""
    first = run.since if so_far else None
    words = signed_interval(run.against(told.key, measure, so_far).loc[day])
    return Traced(words, trace(f"{told.key}{LESS}{run.baseline.key}", measure, "", day, SIGNED, first))


def headlines(run: Run) -> list[Headline]:
    """Return the headline of every scenario, the first as it is and the others as differences."""
    return [as_it_is(run), *(answer(run, told) for told in run.others)]
