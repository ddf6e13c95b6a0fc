"""The words of a brief: what was asked, the answer, what the Bill changes, what is not known, and the sources."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from results.asked_words import answer
from results.brief_asked import Asked
from results.cautions import cautions, other_number
from results.evidence import misfit, source_of
from results.folder import Run, Told
from results.limits import in_brief, leant_on
from results.words import fewer_or_more, said, with_interval
from scenarios import Scenario, bill_from_text, current_law
from scenarios.reading import BadInput
from sim.days import date_of, day_of
from sim.law import Law

MOST_RULES, MOST_SOURCES = 5, 4
NO_RULE = "No such rule; "  # how the book begins the authority of what is not law


def bills_of(everything: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the Bills that a manifest keeps, by scenario; none if it is of an older version."""
    return (everything.get("inputs") or {}).get("bills") or {}


def the_bill(everything: Mapping[str, Any], key: str) -> Scenario:
    """Return a scenario as it was run, from the text in the manifest; BadInput if the manifest does not hold it."""
    kept = bills_of(everything).get(key)
    if not kept:
        raise BadInput(f"run {everything['run']} does not hold the text of {key}: run it again with this version.")
    return Scenario(tuple(bill_from_text(one["text"], f"{one['key']}.yaml") for one in kept))


def the_law_of(run: Run) -> Law:
    """Return the law with the commencements that the run had."""
    days = run.everything["inputs"]["commencements"]
    return current_law(commencements={name: day and pd.Timestamp(day).date() for name, day in days.items()})


def answered(run: Run, asked: Asked, lives: pd.Series, short: bool = False) -> str:
    """Return the answer as one sentence: the difference, its interval, and how sure its sign is over pairs of lives.

    `short` leaves out what it is a difference from and how sure its sign is.
    """
    if short:
        words = fewer_or_more(lives, asked.counted)
        return f"{words[:1].upper()}{words[1:]} {asked.when}"
    return answer(lives, asked.counted, asked.when, run.baseline.spoken, run.draws)


def level_sentence(run: Run, told: Told, asked: Asked) -> str:
    """Return how many there are under each law on the day."""
    words = [with_interval(asked.level(run, key).loc[asked.day]) for key in (run.baseline.key, told.key)]
    opening = f"{asked.subject}{',' if asked.first is None else ' to'} {said(asked.day)}"
    return f"{opening}: {words[0]} under {run.baseline.spoken}, and {words[1]} under the Bill."


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
        if was != _value(now, rule.unit) or len(change.values) > 1:  # a dial may be set to what it is already
            found.append(f"{rule.sense}: {_value(now, rule.unit)} {when} (was {was}).")
    return found


def _value(dated: Any, unit: str) -> str:
    if not dated.exists:
        return "none"
    if unit == "yes or no":
        return "yes" if dated.value[0] else "no"
    words = ", ".join(f"{each:.6g}" for each in dated.value)
    unit = unit.removesuffix("s") if words == "1" and unit in ("years", "months", "days") else unit
    return words if unit in ("probability", "share", "ratio", "score") else f"{words} {unit}"


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
    published = run.published(asked.measure, asked.group)
    unverified = sum(rule.on(day_of(asked.day.date())).status == "unverified" for rule in law.rules.values())
    found = _amended(bill, law)[:MOST_SOURCES]
    if unverified:
        found.append(f"Values of the law in force on {said(asked.day)} that are unverified: {unverified}; the command "
                     "‘ipp law --unverified’ lists them.")  # fmt: skip
    fit = "" if other_number(run.manifest, law) else misfit(published, asked.subject)
    return [*found, source_of(run, published), *([f"Check against the record: {fit}"] if fit else [])]


def _amended(bill: Scenario, law: Law) -> list[str]:
    """Return the law that the Bills amend, each text once, and what would be new in law."""
    changed = [(law.rule(change.rule), change.begins) for each in bill.bills for change in each.changes]
    there = [rule.on(begins) for rule, begins in changed if rule.kind == "law"]
    lines = [
        f"Law amended: {dated.authority}." if dated.exists else f"New in law: {dated.authority.removeprefix(NO_RULE)}."
        for dated in there if dated.authority
    ]  # fmt: skip
    return list(dict.fromkeys(lines))
