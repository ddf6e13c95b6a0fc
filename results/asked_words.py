"""Words for what a Bill asks: how a measure is counted in a sentence, how a row names it, and the answer itself."""

import pandas as pd

from results.measures import MEASURES
from results.words import fewer_or_more, said

# How a sentence counts a measure, and how a row names it; what is not here is told by its name and group.
WORDS = {
    ("never_released", ""): ("people in prison and never released", "In prison, never released"),
    ("recalled", ""): ("people in prison after a recall", "In prison after a recall"),
    ("custody_total", ""): ("people in prison", "In prison"),
    ("on_licence", ""): ("people on licence", "On licence"),
    ("hospital", ""): ("people in secure hospital", "In secure hospital"),
    ("at_large", ""): ("people unlawfully at large", "At large"),
    ("in_approved_premises", ""): ("people in approved premises", "In approved premises"),
    ("terminated", ""): ("people whose sentence has ended", "Sentence has ended, so far"),
    ("terminations", ""): ("licences ended", "Licences ended"),
    ("recalls", ""): ("recalls", "Recalls"),
    ("recalls", "no new charge"): ("recalls without a new charge", "Recalls without a new charge"),
    ("recalls", "new charge"): ("recalls on a new charge", "Recalls on a new charge"),
    ("first_releases", ""): ("first releases", "First releases"),
    ("rereleases", ""): ("releases after a recall", "Releases after a recall"),
    ("hearings", ""): ("oral hearings", "Oral hearings"),
    ("deaths", ""): ("deaths while serving", "Deaths while serving"),
    ("deaths", "custody"): ("deaths in prison", "Deaths in prison"),
    ("serious_further_offences", ""): ("serious further offences", "Serious further offences"),
    ("reoffences", ""): ("other charges or proven offences", "Other charges or proven offences"),
    ("days_to_listing_sum", ""): ("days of waiting for a listed hearing", "Days of waiting for a listed hearing"),
    ("unreleased_over_tariff_at_least", "10+"): (
        "people in prison, never released and ten years or more over tariff", "Never released, ten years over tariff",
    ),
}  # fmt: skip
SO_FAR = ("terminated", "removed", "dead", "ever_released")  # stocks that only grow: had by a day, and not on it


def counted(measure: str, group: str) -> str:
    """Return how a sentence counts a measure, as in '12 fewer people on licence'."""
    return WORDS.get((measure, group), (_plain(measure, group), ""))[0]


def row_name(measure: str, group: str) -> str:
    """Return how a row or a heading names a measure, such as 'On licence'."""
    return WORDS.get((measure, group), ("", _plain(measure, group).capitalize()))[1]


def _plain(measure: str, group: str) -> str:
    return measure.replace("_", " ") + (f" ({group})" if group else "")


def when(measure: str, first: pd.Timestamp | None, last: pd.Timestamp) -> str:
    """Return the day or the window of what is asked as an adverb, such as 'by 31 December 2030'."""
    if first is not None:
        return f"from {said(first)} to {said(last)}"
    return f"{'by' if MEASURES[measure].over == 'window' or measure in SO_FAR else 'on'} {said(last)}"


def answer(values: pd.Series, what: str, at: str, base: str, draws: int) -> str:
    """Return the answer to what a Bill asks as one sentence: the difference, its interval, and how sure its sign is.

    `values` are paired differences, `what` they count and `at` which time, in words; `base` is what they are against.
    """
    words, opening = fewer_or_more(values, what), f"{at[:1].upper()}{at[1:]} there would be"
    sure = sign(values, ", counting chance only" if draws == 1 else "", draws)
    if words.startswith("no difference"):
        return f"{opening} no difference from {base} in {what}; {sure}."
    return f"{opening} {words} {'as' if words.startswith('about') else 'than'} under {base}; {sure}."


def answer_beside(values: pd.Series, what: str, at: str, draws: int) -> str:
    """Return the answer to what a Bill asks beside the first thing, as `answer` but shorter: of the same difference."""
    sure = sign(values, ", counting chance only" if draws == 1 else "", draws)
    return f"Beside that, {at}: {fewer_or_more(values, what)}; {sure}."


def sign(difference: pd.Series, alone: str = "", draws: int = 1) -> str:
    """Return how many of the pairs of lives differ the same way, as the chance of that sign."""
    known = difference.dropna()
    below, above, pairs = int((known < 0).sum()), int((known > 0).sum()), len(known)
    if not below and not above:
        return f"there is no difference in {'the one pair' if pairs == 1 else f'any of {pairs:,} pairs'} of lives"
    most, way = _most(known, below, above)
    share = f"{most:,} of {pairs:,} pairs" if most < pairs else "the one pair" if pairs == 1 else f"all {pairs:,} pairs"
    return f"there are {way} in {share} of lives (a probability of {probability(most, pairs, draws)}{alone})"


def _most(known: pd.Series, below: int, above: int) -> tuple[int, str]:
    """Return how many have the sign that the sentence has stated, that of the median, and the word for it."""
    fewer = below >= above if known.median() == 0 else known.median() < 0
    return (below, "fewer") if fewer else (above, "more")


def probability(times: int, pairs: int, draws: int = 1) -> str:
    """Return a share of pairs as a probability.

    No number of pairs shows a certainty: after n alike, the next is the exception with a probability of 1 / (n + 1) at
    most, if all n + 1 are as likely as each other to be it. Lives of one draw are alike in more than luck, so where
    there are several draws, n is how many of them there are.
    """
    if times == pairs:
        return f"over {100 * (1 - 1 / ((draws if draws > 1 else pairs) + 1)):.0f}%"
    return f"some {100 * times / pairs:.0f}%"
