"""The part of a report that says what the fit behind it is worth: aims met, coverage, and back-casts."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from calibration.check import LEVELS
from results.tables import Grid
from results.words import count, listed, said
from results.worth import Aimed, Held, Worth, YearsOn, judged

NAMES = {"": "Beliefs that data tell of", "never_released": "In prison, never released, 2024 to 2030",
         "recalled": "In prison after a recall, 2024 to 2030", "on_licence": "On licence, 2024 to 2030"}  # fmt: skip
RIVALS = {"no_change": "no change", "change_goes_on": "the last change going on"}
SHARE = 100


class Validation(NamedTuple):
    """What a page tells of a fit's worth: a caution ('' if it is that of the run), sentences and tables."""

    caution: str
    sentences: list[str]
    grids: list[Grid]


def validation(everything: Mapping[str, Any]) -> Validation:
    """Return what the fit of a run is worth, or why nothing can be said of it; `everything` is the run's manifest."""
    found, caution = judged(everything)
    if found is None:
        return Validation(caution, [], [])
    return Validation(caution, _sentences(found), [_aims(found), _coverage(found), _back(found)])


def _sentences(found: Worth) -> list[str]:
    aims = [
        f"{one.within} of {one.figures} published {what} since {found.since.year} are within {one.aim:g}% of the median"
        for one, what in ((found.stocks, "main stocks"), (found.flows, "flows over half a year or more"))
    ]
    return [
        f"The beliefs were learned from figures published for days to {said(found.until)}, with {count(found.worlds)} "
        f"worlds. {listed(aims)}. These figures taught the fit, so that it meets them is the least to ask.",
        "Coverage is told by worlds whose beliefs are known: some were held back and fitted as if published, and the "
        "intervals should hold the truth as often as their name says. The stocks of later years are foretold with "
        "luck of their own, so their intervals should hold somewhat more.",
        f"Back-casts are the hardest test: beliefs learned again from what had been published by a day in the past, "
        f"against what came. {' '.join(_against(one) for one in found.back)} Of {found.back_figures} figures foretold, "
        f"90% intervals hold {_per_cent(found.back_covered)}.",
    ]


def _against(one: YearsOn) -> str:
    """Return which is nearer so many years on, the model or the two rules that need none."""
    errors = {name: getattr(one, name) for name in RIVALS}
    best = min(errors, key=lambda name: errors[name])
    if one.model <= errors[best]:
        return f"{_on(one)} the model is off by {one.model:.1f}%, less than {RIVALS[best]} ({errors[best]:.1f}%)."
    return f"{_on(one)} {RIVALS[best]} does better ({errors[best]:.1f}%) than the model ({one.model:.1f}%)."


def _on(one: YearsOn) -> str:
    return "Up to a year on" if one.years_on == 1 else f"{one.years_on - 1} to {one.years_on} years on"


def _aims(found: Worth) -> Grid:
    rows = [_aim("Main stocks", found.stocks), _aim("Flows over half a year or more", found.flows)]
    heads = ("", "Figures", "Aim: within, of the median", "Within the aim", "Within the 90% interval")
    return Grid(f"Published figures since {found.since.year} beside the fit", heads, rows, True)


def _aim(name: str, one: Aimed) -> tuple[str, ...]:
    return name, count(one.figures), f"{one.aim:g}%", count(one.within), count(one.covered)


def _coverage(found: Worth) -> Grid:
    measures = list(dict.fromkeys(one.measure for one in found.held))
    rows = [(_name(measure), *(_held(found.held, measure, level) for level in LEVELS)) for measure in measures]
    heads = ("Truths held by intervals of", *(_per_cent(level) for level in LEVELS))
    return Grid("Coverage on worlds whose beliefs are known", heads, rows, True)


def _name(measure: str) -> str:
    return NAMES.get(measure, measure.replace("_", " "))


def _held(some: list[Held], measure: str, level: float) -> str:
    shares = [one.covered for one in some if one.measure == measure and one.level == level]
    return f"{SHARE * shares[0]:.1f}%" if shares else "–"


def _back(found: Worth) -> Grid:
    rows = [
        (_on(one), count(one.figures), *(f"{each:.1f}%" for each in
         (one.model, one.no_change, one.change_goes_on)), _per_cent(one.covered))
        for one in found.back
    ]  # fmt: skip
    heads = ("", "Figures", "Model", "No change", "Last change goes on", "Held by the model’s 90% interval")
    return Grid("Back-casts: median absolute error of figures that all three foretell", heads, rows, True)


def _per_cent(share: float) -> str:
    return f"{count(SHARE * share)}%"
