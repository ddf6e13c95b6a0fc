"""The words of a brief: what was asked, the answer, what the Bill changes, what is not known, and the sources."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from results.cautions import cautions, part_of_them
from results.evidence import misfit, source_of
from results.folder import Run, Told
from results.limits import in_brief, leant_on
from results.words import fewer_or_more, listed, said, with_interval
from scenarios import Scenario, bill_from_text, current_law
from scenarios.reading import BadInput
from sim.days import date_of, day_of
from sim.law import Law

FALLBACK_DAY = pd.Timestamp("2030-12-31")
FALLBACK_MEASURE = "recalled"
BASELINE = "current_law"
MOST_RULES, MOST_SOURCES = 5, 4
# measure: how a sentence counts it, how a row names it, and whether it is added up from the first day of the run
MEASURED = {
    "never_released": ("people in prison and never released", "In prison, never released", False),
    "recalled": ("people in prison after a recall", "In prison after a recall", False),
    "custody_total": ("people in prison", "In prison", False),
    "on_licence": ("people on licence", "On licence", False),
    "hospital": ("people in secure hospital", "In secure hospital", False),
    "at_large": ("people unlawfully at large", "At large", False),
    "terminated": ("licences ended", "Licences ended, so far", False),
    "recalls": ("recalls", "Recalls, so far", True),
    "first_releases": ("first releases", "First releases, so far", True),
    "rereleases": ("releases after a recall", "Releases after a recall, so far", True),
}


class Asked(NamedTuple):
    """What a brief answers: a measure on a day, and how it is told."""

    measure: str
    day: pd.Timestamp
    counted: str
    subject: str
    so_far: bool

    @property
    def unit(self) -> str:
        """What is counted: people on a day, or events up to it."""
        return "people" if self.counted.startswith("people") else self.counted

    @classmethod
    def of(cls, measure: str, day: pd.Timestamp) -> "Asked":
        """Return a measure on a day with its words; BadInput if a brief cannot be about it."""
        if measure not in MEASURED:
            raise BadInput(f"a brief cannot be about '{measure}'; it can be about {listed(list(MEASURED), 'or')}.")
        return cls(measure, day, *MEASURED[measure])


def the_bill(run: Run, key: str) -> Scenario:
    """Return a scenario as it was run, from the text in the manifest; BadInput if the manifest does not hold it."""
    kept = ((run.everything.get("inputs") or {}).get("bills") or {}).get(key)
    if not kept:
        raise BadInput(f"run {run.manifest.run} does not hold the text of {key}: run it again with this version.")
    return Scenario(tuple(bill_from_text(one["text"], f"{one['key']}.yaml") for one in kept))


def the_law_of(run: Run) -> Law:
    """Return the law with the commencements that the run had."""
    days = run.everything["inputs"]["commencements"]
    return current_law(commencements={name: day and pd.Timestamp(day).date() for name, day in days.items()})


def asked_of(run: Run, bill: Scenario) -> Asked:
    """Return what the first of the Bills asks, or else people recalled at the end of 2030; a day that the run has."""
    asks: Any = next((found for each in bill.bills if (found := getattr(each, "asks", None))), None)
    measure = getattr(asks, "measure", None) or FALLBACK_MEASURE
    day = next((found for name in ("on", "day", "by", "date") if (found := getattr(asks, name, None))), FALLBACK_DAY)
    asked = Asked.of(str(measure), pd.Timestamp(day))
    days = run.by_life(asked.measure).index
    at_most = days[days <= asked.day]
    return asked._replace(day=at_most[-1] if len(at_most) else days[0])


def answered(run: Run, asked: Asked, difference: pd.Series, short: bool = False) -> str:
    """Return the answer as one sentence: the difference, its interval, and how sure its sign is over pairs of lives."""
    words = fewer_or_more(difference, asked.counted)
    if short:
        return f"{words[:1].upper()}{words[1:]} {_when(asked)}"
    link = "from" if words.startswith("no difference") else "as under" if words.startswith("about") else "than under"
    when = _when(asked)
    alone = ", counting chance only" if run.draws == 1 else ""
    opening = f"{when[:1].upper()}{when[1:]} there would be {words}"
    return f"{opening} {link} {base_name(run)}; {sign(difference, alone)}."


def _when(asked: Asked) -> str:
    return f"{'by' if asked.so_far or asked.measure == 'terminated' else 'on'} {said(asked.day)}"


def base_name(run: Run) -> str:
    """Return how a sentence names the scenario that the others are compared with."""
    return "the current law" if run.baseline.key == BASELINE else run.baseline.name


def sign(difference: pd.Series, alone: str = "") -> str:
    """Return how many of the pairs of lives differ the same way, as the chance of that sign."""
    values = np.asarray(difference, float)
    below, above, pairs = int((values < 0).sum()), int((values > 0).sum()), len(values)
    if not below and not above:
        return f"there is no difference in any of {pairs} pairs of lives"
    most, way = (below, "fewer") if below >= above else (above, "more")
    share = f"all {pairs}" if most == pairs else f"{most} of {pairs}"
    return f"there are {way} in {share} pairs of lives (a probability of {probability(most, pairs)}{alone})"


def probability(times: int, pairs: int) -> str:
    """Return a share of pairs as a probability.

    No number of pairs shows a certainty: after n alike, the next is the exception with a probability of 1 / (n + 1) at
    most, if all n + 1 are as likely as each other to be it.
    """
    if times == pairs:
        return f"over {100 * (1 - 1 / (pairs + 1)):.0f}%"
    return f"some {100 * times / pairs:.0f}%"


def level_sentence(run: Run, told: Told, asked: Asked) -> str:
    """Return how many there are under each law on the day."""
    levels = [run.by_life(asked.measure, "", key) for key in (run.baseline.key, told.key)]
    words = [with_interval((each.cumsum() if asked.so_far else each).loc[asked.day]) for each in levels]
    return f"{asked.subject}, {said(asked.day)}: {words[0]} under {base_name(run)}, and {words[1]} under the Bill."


def changed_rules(bill: Scenario, law: Law) -> list[str]:
    """Return what the Bills change, a line for each rule: what it was on the day of the change, and what it becomes."""
    lines = [line for each in bill.bills for line in _lines(each, law)]
    left = len(lines) - MOST_RULES
    more = [f"And {left} more {'change' if left == 1 else 'changes'}; the report has the Bill in full."]
    return lines[:MOST_RULES] + (more if len(lines) > MOST_RULES else [])


def _lines(bill: Any, law: Law) -> list[str]:
    some = "" if bill.group is None else "for some people only, "
    found = [f"The law is kept as it stood on {said(bill.as_it_stood)}."] if bill.as_it_stood else []
    found += [
        f"{switch.name.replace('_', ' ')} commences on {said(switch.day) if switch.day else 'no day'}."
        for switch in bill.switches
    ]
    for change in bill.changes:
        rule = law.rule(change.rule)
        was = _value(rule.on(change.begins), rule.unit)
        now = change.to(law, bill.name).values[0]
        when = f"{some}from {said(date_of(change.begins))}"
        found.append(f"{rule.sense}: {_value(now, rule.unit)} {when} (was {was}).")
    return found


def _value(dated: Any, unit: str) -> str:
    if not dated.exists:
        return "none"
    if unit == "yes or no":
        return "yes" if dated.value[0] else "no"
    words = ", ".join(f"{each:.6g}" for each in dated.value)
    unit = unit.removesuffix("s") if words == "1" and unit in ("years", "months", "days") else unit
    return f"{words} {unit}" if unit not in ("probability", "share", "ratio", "score") else f"{words} ({unit})"


def caveats(run: Run, law: Law, asked: Asked) -> list[tuple[str, str]]:
    """Return what is not known, as headings with text: chance and beliefs, then law, structure and the rest."""
    rules = law.rules.values()
    beliefs = sum(rule.kind == "belief" for rule in rules)
    leant = [rule.sense[:1].lower() + rule.sense[1:] for rule in leant_on(law, asked.measure)]
    spread = (
        "chance between lives only, so the true range is wider"
        if run.draws == 1
        else f"chance, and {run.draws} draws of the beliefs, but not the structure of the model"
    )
    of_this_run = " ".join(cautions(run, law))
    first = f"The interval and the probability hold {spread}. Of the model’s {len(rules)} numbers, "
    first += f"{beliefs} are beliefs."
    on = f" This answer leans most on: {'; '.join(leant)}." if leant else ""
    opening = [("About this run", of_this_run)] if of_this_run else []
    opening.append(("What the interval covers", first + on))
    return opening + [(each.title, each.text) for each in in_brief(asked.measure)]


def sources(run: Run, bill: Scenario, law: Law, asked: Asked) -> list[str]:
    """Return where things stand: the Bill, the law amended, the published counts and how well they are met."""
    published = run.published(asked.measure)
    amended = {
        dated.authority: None
        for each in bill.bills for change in each.changes
        if (dated := law.rule(change.rule).on(change.begins)).authority
    }  # fmt: skip
    unverified = sum(rule.on(day_of(asked.day.date())).status == "unverified" for rule in law.rules.values())
    found = [f"Law amended: {each}." for each in list(amended)[:MOST_SOURCES]]
    if unverified:
        found.append(f"Values of the law in force on {said(asked.day)} that are unverified: {unverified}; the command "
                     "‘ipp law --unverified’ lists them.")  # fmt: skip
    fit = "" if part_of_them(run, law) else misfit(published, asked.subject)
    return [*found, source_of(run, published), *([f"Check against the record: {fit}"] if fit else [])]
