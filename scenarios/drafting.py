"""Reading a Bill from its file, and refusing, with a sentence, one that cannot be enacted."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from scenarios.asking import MOST_ASKED
from scenarios.bill import Ask, Bill, Change, Group, Switch, enacted, switched_in_vain
from scenarios.fields import day, items, mapping, number, one_of, optional_text, text
from scenarios.reading import BadInput, Node, label, nearest, read_text, shown, written
from scenarios.registry import Registry, read_registry
from scenarios.units import Measure
from sim.days import day_of
from sim.law import Dated, Rule
from sim.workforce import COUNTED

# Published outcomes run to 30 September 2024. Before this day the history is lived under the law as it was.
PROJECTION_START = date(2024, 10, 1)
BEFORE_START = f"the projection begins on {PROJECTION_START}; before that the law is what it was"
ABOUT = ("name", "question", "source", "note", "commencement")
ASKED = ("measure", "group", "on", "from", "to")
FIELDS = (*ABOUT, "asks", "applies_to", "commence", "law_as_it_stood", "amends")
WHO = {
    "sentence": ("ipp", "dpp"),
    "sex": ("male", "female"),
    "offence": ("violence", "sexual", "robbery", "arson", "other"),
}
TARIFFS = ("tariff_years_below", "tariff_years_at_least")
LONGEST_NAME = 120
MOST_TIMES = 1_000
KEY = re.compile(r"\w[\w .-]{0,79}")


SHARED = (  # one queue, and one workforce, for all
    *("oral_hearings_per_year", "oral_hearings_share", "premises_beds", "premises_beds_share"),
    *("mental_health_places", "substance_places", "psychology_places", "vacancy_closing_years", "officers_target"),
    *("officers_ratio", "officers_ratio_by_region", "other_caseload_ratio", "trainees_per_year", "training_months"),
    *("officer_leaving_rate", "sickness_days", "inexperienced_share", "agency_share"),
)


def read_bill(path: Path, registry: Registry | None = None) -> Bill:
    """Return the Bill in a file, checked against the registry (the one that ships, if None); BadInput if it is bad."""
    return _drafted(written(path), label(path), path.stem, registry or read_registry())


def bill_from_text(words: str, file: str, registry: Registry | None = None) -> Bill:
    """Return the Bill that `words` hold; `file` is the name to use in messages. BadInput if it is bad."""
    return _drafted(words, file, Path(file).stem, registry or read_registry())


def _drafted(words: str, file: str, key: str, registry: Registry) -> Bill:
    top = read_text(words, file)
    if not KEY.fullmatch(key):
        # Results are kept under this name, so it must be one that any file system takes.
        raise BadInput(f"{top.file}: the file's name must be of letters, digits, '-', '_' and '.'; rename the file.")
    fields = mapping(top, FIELDS, ("name", "question", "source"))
    name = text(fields["name"], LONGEST_NAME)
    commencement = _projected(fields["commencement"]) if "commencement" in fields else None
    bill = Bill(
        key, name, _question(fields["question"]), text(fields["source"]), optional_text(fields, "note"), commencement,
        group=_group(fields["applies_to"]) if "applies_to" in fields else None,
        changes=_changes(fields, commencement, name, registry),
        switches=_switches(fields["commence"], registry) if "commence" in fields else (),
        as_it_stood=_frozen_day(fields["law_as_it_stood"]) if "law_as_it_stood" in fields else None,
        where=fields["law_as_it_stood" if "law_as_it_stood" in fields else "name"].where,
        ask=_asks(fields["asks"]) if "asks" in fields else None,
        words=words,
        registry=registry,
    )  # fmt: skip
    _refuse_idle(bill, fields)
    _refuse_useless_times(bill, fields, registry)
    return bill


def _question(node: Node) -> str:
    words = text(node)
    if not words.endswith("?"):
        raise node.bad("must be a question, ending with '?'")
    return words


def _projected(node: Node) -> date:
    return day(node, PROJECTION_START, BEFORE_START)


def _asks(node: Node) -> Ask:
    if not isinstance(node.value, tuple):
        return _asked(node)
    first, *others = [_asked(each) for each in items(node, "things asked")]
    if len(others) >= MOST_ASKED:
        raise node.bad(f"must be one thing or a list of {MOST_ASKED} at most, not of {len(others) + 1}")
    told = {(ask.measure, ask.group, ask.last, ask.first) for ask in (first, *others)}
    if len(told) <= len(others):
        raise node.bad("must not ask the same thing twice")
    return replace(first, also=tuple(replace(each, aside=True) for each in others))


def _asked(node: Node) -> Ask:
    fields = mapping(node, ASKED, ("measure",))
    if ("on" in fields) == ("from" in fields) or ("from" in fields) != ("to" in fields):
        raise node.bad("must have either 'on' (a day) or both 'from' and 'to' (a window)")
    first, last = (_projected(fields[name]) if name in fields else None for name in ("from", "to"))
    if last is None:
        return Ask(text(fields["measure"]), _asked_group(fields), _projected(fields["on"]), where=node.where)
    if first is not None and first > last:
        raise fields["to"].bad(f"must not be before {first}, the day of 'from'")
    return Ask(text(fields["measure"]), _asked_group(fields), last, first, node.where)


def _asked_group(fields: dict[str, Node]) -> str:
    # '' is everyone, as in the tables, so here alone an empty text is an answer.
    return "" if "group" not in fields or fields["group"].value == "" else text(fields["group"])


def _frozen_day(node: Node) -> date:
    return day(node, PROJECTION_START - timedelta(days=1), BEFORE_START)


def _group(node: Node) -> Group:
    fields = mapping(node, (*WHO, *TARIFFS))
    if not fields:
        raise node.bad("must say to whom the Bill applies, or be left out if it applies to everyone")
    below, at_least = (number(fields[t], "a number of years", 0, 99) if t in fields else None for t in TARIFFS)
    if below is not None and below <= (at_least or 0):
        raise fields["tariff_years_below"].bad(f"must be above {at_least or 0:g}, or no one could be in the group")
    sentence, sex, offence = (_names(fields[who], names) if who in fields else None for who, names in WHO.items())
    return Group(sentence, sex, offence, below, at_least)


def _names(node: Node, names: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(node.value, str):
        return (one_of(node, names),)
    return tuple(sorted({one_of(item, names) for item in items(node, "names")}, key=names.index))


def _switches(node: Node, registry: Registry) -> tuple[Switch, ...]:
    switches = []
    for name, each in mapping(node).items():
        if name not in registry.commencements:
            near = nearest(name, registry.commencements)
            raise (each.key or each).bad(f"is not a commencement of the statute book{near}")
        was = registry.commencements[name].day
        if was and was < PROJECTION_START:
            raise each.bad(f"cannot be moved: it commenced on {was}, and {BEFORE_START}")
        switches.append(Switch(name, None if each.value == "never" else _projected(each), each.where))
    return tuple(switches)


def _changes(fields: dict[str, Node], commencement: date | None, name: str, registry: Registry) -> tuple[Change, ...]:
    if "amends" not in fields:
        return ()
    amends = mapping(fields["amends"])
    if not amends:
        raise fields["amends"].bad("must name at least one rule, or be left out")
    if commencement is None:
        raise fields["amends"].bad("cannot stand without the field 'commencement': the day on which the Bill begins")
    rules = registry.law().rules
    if "applies_to" in fields:
        _refuse_what_is_shared(amends)
    return tuple(_change(rule, node, rules, commencement, name) for rule, node in amends.items())


def _refuse_what_is_shared(amends: dict[str, Node]) -> None:
    for name, node in amends.items():
        if name in SHARED:
            raise (node.key or node).bad("cannot be amended for some people only: everyone waits in one queue for it")


def _change(name: str, node: Node, rules: dict[str, Rule], commencement: date, by: str) -> Change:
    if name not in rules:
        raise (node.key or node).bad(f"is not a rule of the law{nearest(name, rules)}")
    rule = rules[name]
    if rule.kind == "convention":
        raise (node.key or node).bad("cannot be amended: it is a convention of the model, which no Bill could change")
    if name in COUNTED:
        raise (node.key or node).bad(f"cannot be amended: it is what was counted; did you mean '{COUNTED[name]}'?")
    fields = mapping(node, ("value", "times", "from", "unit"), ("unit",))
    if fields["unit"].value != rule.unit:
        raise fields["unit"].bad(f"must be '{rule.unit}', the unit of the rule, not {_written(fields['unit'])}")
    if sum(way in fields for way in ("value", "times", "from")) != 1:
        raise node.bad("must have just one of 'value', 'times' and 'from'")
    begins, measure = day_of(commencement), Measure(rule.unit, rule.low, rule.high, rule.of)
    if "times" in fields:
        return Change(name, begins, times=_times(fields["times"], rule), where=fields["times"].where)
    if "value" in fields:
        values: tuple[Dated, ...] = (_says(fields["value"], begins, measure, by),)
    else:
        values = _dated_values(fields["from"], commencement, measure, by)
    if rule.kind != "law" and not all(dated.exists for dated in values):
        raise node.bad(f"cannot be none: only a rule of law can cease to exist, and this is a {rule.kind}")
    return Change(name, begins, values, where=fields.get("value", fields.get("from", node)).where)


def _says(node: Node, begins: int, measure: Measure, by: str) -> Dated:
    return Dated(begins, measure.read(node), by, where=node.where)


def _dated_values(node: Node, commencement: date, measure: Measure, by: str) -> tuple[Dated, ...]:
    values = []
    for each in mapping(node).values():
        begins = day(each.key or each, commencement, "the Bill's commencement is the first day it can change")
        values.append(_says(each, day_of(begins), measure, by))
    if not values:
        raise node.bad("must have at least one dated value")
    return tuple(sorted(values, key=lambda dated: dated.day))


def _times(node: Node, rule: Rule) -> tuple[float, ...]:
    if rule.unit == "yes or no":
        raise node.bad("cannot be used: a yes or no cannot be multiplied")
    if isinstance(node.value, tuple) and rule.of:
        if len(node.value) != rule.width:
            places = f"{rule.width} ({', '.join(rule.of)})"
            raise node.bad(f"must be one number or a list of {places}, not of {len(node.value)}")
        return tuple(number(item, low=0, high=MOST_TIMES) for item in node.value)
    return (number(node, low=0, high=MOST_TIMES),) * rule.width


def _written(node: Node) -> str:
    return shown(node.value) if isinstance(node.value, str) else "a list or a mapping"


def _refuse_idle(bill: Bill, fields: dict[str, Node]) -> None:
    if bill.group and not bill.changed():
        raise fields["applies_to"].bad("has nothing to apply: the Bill amends no rule and moves no commencement")
    for switch in switched_in_vain(bill, bill):
        node = mapping(fields["commence"])[switch.name]
        raise node.bad(f"would have no effect: law_as_it_stood keeps the law of {bill.as_it_stood} for ever after")


def _refuse_useless_times(bill: Bill, fields: dict[str, Node], registry: Registry) -> None:
    """Refuse a multiple of a rule that does not exist, or a multiple that the rule's bounds would cut short."""
    multiplied = [change for change in bill.changes if change.times]
    if not multiplied:
        return
    law = enacted([replace(bill, changes=())], registry.law())
    for change in multiplied:
        node = mapping(mapping(fields["amends"])[change.rule])["times"]
        rule = law.rule(change.rule)
        before = [rule.on(change.begins), *(dated for dated in rule.values if dated.day > change.begins)]
        if not any(dated.exists for dated in before):
            raise node.bad("has nothing to multiply: the rule does not exist from the commencement on")
        products = [x * t for dated in before for x, t in zip(dated.value, change.times, strict=True)]
        for product in products:
            if product < rule.low or product > rule.high:
                raise node.bad(f"would make the rule {product:g}, which is not from {rule.low:g} to {rule.high:g}")
