"""Which beliefs move a projection most: of a run with draws, the ten that each outcome turns on most.

What nobody has published is drawn anew for each draw, so an outcome differs between draws; `sway` says how much of
that goes with each belief.
"""

from collections.abc import Mapping
from textwrap import shorten, wrap
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from results.brief_asked import Asked, asked_by, within
from results.brief_words import bills_of, the_bill
from results.evidence import ENDS, ROW, source_of
from results.fit import INTERVAL
from results.folder import Run
from results.store import read_table
from results.style import BOTTOM, FONT, ORANGE, TOP, Chart, file_name, frame, lie_across
from results.sway import drifts_as_one, sways, told_apart
from results.words import count, month, signed
from scenarios import current_law

LEAST_DRAWS = 50  # fewer say next to nothing of a hundred beliefs
MOST = 10  # beliefs in a chart
BLUE, GREY = "#2073BC", "#BFBFBF"  # of bars below nought, light enough for a black line, and of those that do not tell
LEFT, BARS = 268, 58  # pixels: the margin in which beliefs are named, and the height that each takes
CHARACTERS, LONGEST = 40, 110  # of a line of a belief's name, and of all of it in the picture
SPARE = 0.05  # of the axis's length, beyond the intervals
DAY = pd.Timestamp(2030, 12, 31)
STOCKS = ("never_released", "recalled")
PRIOR = "Each belief is drawn from its prior by itself, so what goes with one is not the doing of another."
TOGETHER = (
    "Beliefs were drawn together and not each by itself, so what goes with one may be the doing of another that goes "
    "with it."
)
ABOUT = (
    "A belief’s numbers are put in order, and the outcome is set against their places in a straight line. A number is "
    "the belief’s value, or, where it has several, what they are multiplied by or what is added to them; of one with a "
    "value for each year, the mean of the years named."
)


class Outcome(NamedTuple):
    """What beliefs may move: its name in a file, how texts name it, what it counts, where, and its value by draw."""

    key: str
    subject: str
    asked: Asked
    scenario: str
    by_draw: pd.Series


def beliefs_charts(run: Run) -> list[Chart]:
    """Return a chart for each of two stocks and for each Bill's effect; none for a run with fewer than 50 draws."""
    table = run.folder / "draws.parquet"
    if run.draws < LEAST_DRAWS or not table.is_file():
        return []
    numbers, senses = read_table(table).set_index("draw"), senses_of_beliefs()
    return [beliefs_chart(run, outcome, numbers, senses) for outcome in outcomes(run)]


def senses_of_beliefs() -> dict[str, str]:
    """Return what each belief of the book is, by name."""
    return {name: rule.sense for name, rule in current_law().rules.items() if rule.kind == "belief"}


def outcomes(run: Run) -> list[Outcome]:
    """Return the never released and the recalled under the first scenario, and what each Bill changes in what it asks.

    They are of the end of 2030, or of the day that the Bill asks about, or of the last month that the run has.
    """
    found = []
    for asked in (within(run, Asked(measure, "", DAY)) for measure in STOCKS):
        level = asked.level(run, run.baseline.key).T[asked.day]
        key = f"beliefs-{asked.measure.replace('_', '-')}"
        found.append(Outcome(key, f"the number of {asked.counted}", asked, run.baseline.key, _by_draw(level)))
    for told in run.others:
        asked, versus = _asked(run, told.key), f"{told.key} less {run.baseline.key}"
        subject = f"what ‘{told.name}’ changes in the number of {asked.counted}"
        difference = asked.difference(run, told.key).T[asked.day]
        found.append(Outcome(f"beliefs-{file_name(told.key)}", subject, asked, versus, _by_draw(difference)))
    return found


def _asked(run: Run, key: str) -> Asked:
    """Return what a Bill asks first, if the run was read with that, and else the recalled at the end of 2030."""
    asked = asked_by(the_bill(run.everything, key))[0] if key in bills_of(run.everything) else None
    if asked is None or not run.has(asked.measure, asked.group):
        asked = Asked("recalled", "", DAY)
    return within(run, asked)


def _by_draw(by_life: pd.Series) -> pd.Series:
    return by_life.groupby(level="draw").mean()


def beliefs_chart(run: Run, outcome: Outcome, numbers: pd.DataFrame, senses: Mapping[str, str]) -> Chart:
    """Return bars across for the ten beliefs that move an outcome most; `numbers` has a row a draw, a column a belief.

    `senses` says what each belief is, by its name in the book.
    """
    last = outcome.asked.day.year
    first = min(run.manifest.projection_start.year + 1, last)
    every = sways(drifts_as_one(numbers, first, last), outcome.by_draw)
    shown = every.head(MOST)
    shown = shown.assign(name=[_name(each, senses) for each in shown["belief"]], telling=told_apart(shown))
    apart = int(told_apart(every).sum())
    return Chart(
        outcome.key, _title(outcome, shown, apart),
        f"By how much {outcome.subject}, {month(outcome.asked.day)}, is higher where a belief is high rather than low "
        f"(at the 90th and not the 10th percentile of {len(outcome.by_draw)} draws), {outcome.asked.unit}; the "
        f"{len(shown)} of {len(every)} beliefs with the largest changes; lines: {INTERVAL} interval, for all beliefs "
        "together; grey: cannot be told from no change",
        _tornado(shown), _alt(outcome, shown, apart), source_of(run), _rows(outcome, shown), _table(shown),
        f"{ABOUT} {PRIOR if run.everything.get('beliefs') == 'prior' else TOGETHER}",
    )  # fmt: skip


def _name(belief: str, senses: Mapping[str, str]) -> str:
    """Return what a belief is, with the place if it is one of a list of shares, or the years that it is a mean of."""
    rule, _, place = belief.partition(".")
    sense = senses.get(rule, rule.replace("_", " ").capitalize())
    return f"{sense} ({place.replace('-', ' to ') if place[:1].isdigit() else place})" if place else sense


def _title(outcome: Outcome, shown: pd.DataFrame, apart: int) -> str:
    when, draws = month(outcome.asked.day), len(outcome.by_draw)
    if not apart:
        return f"{draws} draws do not tell of any one belief that it moves {outcome.subject}, {when}"
    first = shown[shown["telling"]].iloc[0]
    subject = outcome.subject[0].upper() + outcome.subject[1:]
    change = f"{signed(first['change'])} where it is high rather than low"
    return f"{subject}, {when}, turns most on this: {_lowered(str(first['name']))} ({change})"


def _lowered(text: str) -> str:
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def _alt(outcome: Outcome, shown: pd.DataFrame, apart: int) -> str:
    sentences = [
        f"{row['name']}: {_changed(row)}{'' if row['telling'] else ', which cannot be told from none'}."
        for _, row in shown.iterrows()
    ]
    told = f"{count(apart)} can" if apart else "None can"
    return (
        f"Bar chart of the {len(shown)} beliefs that {outcome.subject} changes most with, the largest change first. "
        f"{told} be told from no change. {' '.join(sentences)}"
    )


def _changed(row: pd.Series) -> str:
    return f"{signed(row['change'])} ({signed(row['low'])} to {signed(row['high'])})"


def _tornado(shown: pd.DataFrame) -> go.Figure:
    """Return a bar for each belief from nought, the largest at the top, with the ends of its interval."""
    colours = np.where(~shown["telling"], GREY, np.where(shown["change"] > 0, ORANGE, BLUE))
    change = shown["change"].round(2)
    figure = frame(height=BARS * len(shown) + TOP + BOTTOM)
    figure.add_trace(go.Bar(
        orientation="h", y=[_broken(each) for each in shown["name"]], x=change, name="Change",
        marker={"color": list(colours)}, customdata=[_changed(row) for _, row in shown.iterrows()],
        error_x={"type": "data", "symmetric": False, "array": (shown["high"] - change).round(2),
                 "arrayminus": (change - shown["low"]).round(2), "color": FONT["color"], "thickness": 1.2, "width": 4},
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    ))  # fmt: skip
    ends = [0.0, *shown["low"], *shown["high"]]
    spare = SPARE * ((max(ends) - min(ends)) or 1.0)
    lie_across(figure, LEFT, (min(ends) - spare, max(ends) + spare))
    figure.update_layout(bargap=0.5)
    return figure


def _broken(name: object) -> str:
    return "<br>".join(wrap(shorten(str(name), LONGEST, placeholder=" …"), CHARACTERS))


def _rows(outcome: Outcome, shown: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the CSV file, one for each belief by its name in the book."""
    none = [each for each in ENDS if each not in shown]
    rows = shown.rename(columns={"change": "value"}).assign(
        scenario=outcome.scenario, kind="simulated, change with a belief", measure=outcome.asked.measure,
        group="belief: " + shown["belief"], first=outcome.asked.day, last=outcome.asked.day, source_url="",
        **dict.fromkeys(none, np.nan),
    )  # fmt: skip
    return rows[list(ROW)]


def _table(shown: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (row["name"], f"{row['from']:.3g} to {row['to']:.3g}".replace("-", "−"), _changed(row), f"{row['share']:.0%}")
        for _, row in shown.iterrows()
    ]
    heads = ["Belief", "From low to high", f"Change ({INTERVAL} interval)", "Of the variance between draws"]
    return pd.DataFrame(rows, columns=heads)
