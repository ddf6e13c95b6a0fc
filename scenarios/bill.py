"""A scenario is a Bill: what it amends, from when, and for whom; and several Bills enacted together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from math import inf

from scenarios.reading import BadInput
from scenarios.registry import Registry, read_registry
from sim.days import day_of, said
from sim.law import ALWAYS, NONE, Amendment, Dated, Law, Rule

MOST_GROUPS = 4  # 2 to the power 4 is 16 laws to lay out, which still fits the engines' memory with ease


@dataclass(frozen=True)
class Group:
    """To whom a Bill applies; a field that is None leaves everyone in. Tariffs are in years, `below` exclusive."""

    sentence: tuple[str, ...] | None = None
    sex: tuple[str, ...] | None = None
    offence: tuple[str, ...] | None = None
    tariff_years_below: float | None = None
    tariff_years_at_least: float | None = None

    def meets(self, other: "Group") -> bool:
        """Whether some person could be in both groups."""
        pairs = ((self.sentence, other.sentence), (self.sex, other.sex), (self.offence, other.offence))
        if any(a is not None and b is not None and not set(a) & set(b) for a, b in pairs):
            return False
        lowest = max(self.tariff_years_at_least or 0, other.tariff_years_at_least or 0)
        highest = min(inf if each.tariff_years_below is None else each.tariff_years_below for each in (self, other))
        return lowest < highest


@dataclass(frozen=True)
class Change:
    """What a Bill does to one rule: dated `values`, or `times`, which multiplies the law from day `begins` on."""

    rule: str
    begins: int
    values: tuple[Dated, ...] = ()
    times: tuple[float, ...] = ()
    where: str = ""

    def to(self, law: Law, by: str) -> Amendment:
        """Return the change as an amendment of `law`; `by` is the Bill's name, the authority for it."""
        if self.values:
            return Amendment(self.rule, self.values)
        rule = law.rule(self.rule)
        later = (dated for dated in rule.values if dated.day > self.begins)
        values = (replace(rule.on(self.begins), day=self.begins), *later)
        return Amendment(self.rule, tuple(self._multiplied(dated, rule, by) for dated in values))

    def _multiplied(self, dated: Dated, rule: Rule, by: str) -> Dated:
        # A product is held within the rule's bounds: a drawn belief of 0.9, times 1.25, is a probability of 1.
        each = zip(dated.value, self.times, strict=True)
        value = tuple(min(max(x * times, rule.low), rule.high) if x == x else x for x, times in each)
        authority = f"{by}: {', '.join(f'{x:g}' for x in self.times)} times what it was"
        if dated.authority:
            authority += f" ({dated.authority})"
        return Dated(dated.day, value, authority, dated.href, dated.status, self.where)


@dataclass(frozen=True)
class Switch:
    """A named commencement that a Bill moves to another day, or to never (None)."""

    name: str
    day: date | None
    where: str = ""


@dataclass(frozen=True)
class Ask:
    """What a Bill asks about: a measure at the end of the day `last`, or over the days `first` to `last`.

    Whether there is such a measure, of that group, is for those to say who count: see `results.answers`.
    """

    measure: str
    group: str
    last: date
    first: date | None = None
    where: str = ""
    aside: bool = False  # asked beside the first thing: answered too, but a search for precision need not find it
    also: tuple["Ask", ...] = ()  # what is asked beside this one


@dataclass(frozen=True)
class Bill:
    """One Bill as drafted. `group` None: it applies to everyone. `as_it_stood`: the day on which it freezes the law."""

    key: str
    name: str
    question: str
    source: str
    note: str = ""
    commencement: date | None = None
    group: Group | None = None
    changes: tuple[Change, ...] = ()
    switches: tuple[Switch, ...] = ()
    as_it_stood: date | None = None
    where: str = ""
    ask: Ask | None = None
    words: str = field(default="", repr=False, compare=False)  # the whole text of its file, kept with every run
    registry: Registry | None = field(default=None, repr=False, compare=False)  # None: the one that ships

    def __add__(self, other: "Bill | Scenario") -> "Scenario":
        """Return both enacted together; BadInput if they conflict."""
        return Scenario((self,)) + other

    def enact(self, law: Law) -> Law:
        """Return `law` as this Bill leaves it; BadInput if it applies only to a group."""
        return Scenario((self,)).enact(law)

    def laws(self, current: Law) -> tuple[list[Group], list[Law]]:
        """Return the groups to which the Bill applies and the laws, as `Scenario.laws` does."""
        return Scenario((self,)).laws(current)

    def changed(self) -> list[str]:
        """Return what the Bill changes, as names that another Bill for the same people must not also have."""
        frozen = ["the law as it stood"] if self.as_it_stood else []
        return [c.rule for c in self.changes] + [f"the commencement {s.name}" for s in self.switches] + frozen


@dataclass(frozen=True)
class Scenario:
    """Bills enacted together. Their order does not matter: Bills that would make it matter are refused."""

    bills: tuple[Bill, ...]

    def __post_init__(self) -> None:
        """Refuse Bills that conflict, and more groups than the engines can tell apart."""
        for one, other in combinations(self.bills, 2):
            _refuse_conflict(one, other)
        if len(self.groups) > MOST_GROUPS:
            raise BadInput(f"{self.key} has {len(self.groups)} groups of people; at most {MOST_GROUPS} were expected.")

    def __add__(self, other: "Bill | Scenario") -> "Scenario":
        """Return all their Bills enacted together; BadInput if any two conflict."""
        return Scenario(self.bills + (other.bills if isinstance(other, Scenario) else (other,)))

    @property
    def key(self) -> str:
        """Name it by its files, as in 'one_year+more_listings'."""
        return "+".join(bill.key for bill in self.bills)

    @property
    def name(self) -> str:
        """Name it by its Bills' names."""
        return ", with ".join(bill.name for bill in self.bills)

    @property
    def question(self) -> str:
        """Ask what its Bills ask, one after the other."""
        return " ".join(bill.question for bill in self.bills)

    @property
    def source(self) -> str:
        """Return the sources of its Bills."""
        return "; ".join(bill.source for bill in self.bills)

    @property
    def commencement(self) -> date | None:
        """Return the first day on which any of its Bills commences, or None if none says."""
        return min((bill.commencement for bill in self.bills if bill.commencement), default=None)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Return what its Bills ask about, each thing once; empty if none of them says."""
        return tuple({(a.measure, a.group, a.first, a.last): a for bill in self.bills if (a := bill.ask)}.values())

    @property
    def groups(self) -> list[Group]:
        """Return the distinct groups of people to which its Bills apply, in the order in which they come."""
        return list(dict.fromkeys(bill.group for bill in self.bills if bill.group))

    def enact(self, law: Law) -> Law:
        """Return `law` as the Bills leave it for everyone; BadInput if a Bill applies only to a group."""
        if self.groups:
            raise BadInput(f"{self.key} applies only to some people, so there is no one law that it leaves behind.")
        return enacted(self.bills, law)

    def laws(self, current: Law) -> tuple[list[Group], list[Law]]:
        """Return the k groups, and 2**k laws: law number m is for people in just the groups whose bit is set in m."""
        groups = self.groups
        laws = []
        for mask in range(2 ** len(groups)):
            inside = [group for bit, group in enumerate(groups) if mask >> bit & 1]
            laws.append(enacted([bill for bill in self.bills if bill.group is None or bill.group in inside], current))
        return groups, laws


@dataclass(frozen=True)
class _Amending:
    amendments: Sequence[Amendment]


def enacted(bills: Sequence[Bill], law: Law) -> Law:
    """Return `law` as some Bills leave it: first commencements are moved, then the law is frozen, then it is amended.

    In that order a Bill may freeze the law and then amend what it froze. `law` itself is not changed.
    """
    moving = [bill for bill in bills if bill.switches]
    if moving:
        law = law.amended_by(_Amending(_moved(moving)))
    for bill in bills:
        if bill.as_it_stood:
            law = law.amended_by(_Amending(_frozen(law, bill.as_it_stood, bill)))
    changes = [change.to(law, bill.name) for bill in bills for change in bill.changes]
    return law.amended_by(_Amending(changes))


def _moved(bills: Sequence[Bill]) -> tuple[Amendment, ...]:
    # Two Bills may move two commencements of one rule, so all the moves are put to the registry together.
    registry = bills[0].registry or read_registry()
    days = {switch.name: switch.day for bill in bills for switch in bill.switches}
    return registry.moved(days, f"commencement as in '{' and '.join(bill.name for bill in bills)}'")


def _frozen(law: Law, stood: date, bill: Bill) -> list[Amendment]:
    """Return amendments by which every rule of kind `law` keeps, for ever, the value it had on the day `stood`."""
    last = day_of(stood)
    amendments = []
    for rule in law.rules.values():
        if rule.kind == "law" and any(dated.day > last for dated in rule.values):
            kept = rule.on(last)
            if not any(dated.day <= last for dated in rule.values):
                kept = Dated(ALWAYS, NONE * rule.width, f"no such rule on {said(last)}", where=bill.where)
            amendments.append(Amendment(rule.name, (kept,)))
    return amendments


def switched_in_vain(moving: Bill, freezing: Bill) -> list[Switch]:
    """Return the commencements that `moving` puts on a day after `freezing` has frozen the law."""
    stood = freezing.as_it_stood
    return [switch for switch in moving.switches if stood and switch.day and switch.day > stood]


def _refuse_conflict(one: Bill, other: Bill) -> None:
    if one.group and other.group and not one.group.meets(other.group):
        return
    both = sorted(set(one.changed()) & set(other.changed()))
    in_vain = switched_in_vain(one, other) + switched_in_vain(other, one)
    both += [f"the commencement {switch.name}" for switch in in_vain]
    if both:
        raise BadInput(
            f"{one.key} and {other.key} cannot be enacted together: both change {both[0]} for some of the same people."
        )
