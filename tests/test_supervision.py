"""Supervision, support and the practice of recall: each dial moves what it should, the way that it should."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import YEAR, day_of
from sim.journal import Event, State, Table
from sim.law import ALWAYS
from sim.rules import Incident
from sim.world import World
from tests.identity import first_difference
from tests.test_conservation import RECALLS, amended, check
from tests.test_identity import both

E = Event
LAST = day_of(date(2034, 12, 31))
FROM = day_of(date(2012, 1, 1))
DECIDED = (E.WARNED, E.SUPPORT_STEPPED_UP, E.RECALLED_NO_CHARGE)
Change = tuple[str, float | tuple[float, ...]]
# Effects large enough to be told from chance in one life of the nation.
TELLING: tuple[Change, ...] = (
    *(("workload_incidents", 0.4), ("contact_effect", 0.4), ("settled_ratio", 0.7), ("prepared_ratio", 0.7)),
    *(("delivery_plan_ratio", 0.8), ("consultation_log_odds", -0.6), ("sign_off_log_odds", -0.6)),
    *(("psychology_ratio", 0.7), ("mental_health_ratio", 0.7), ("substance_ratio", 0.4), ("new_officer_ratio", 1.4)),
)


@cache
def lived(changes: tuple[Change, ...] = (), since: int = FROM) -> Table:
    """A life of the nation with telling effects, and what is changed from a day on."""
    law = amended(current_law(), *((name, ALWAYS, value) for name, value in TELLING))
    return CompiledWorld([amended(law, *((name, since, value) for name, value in changes))], last=LAST).live()


def count(table: Table, *events: Event) -> int:
    return int(np.sum(np.isin(table.event, events) & (table.day >= FROM)))


def incidents(table: Table) -> int:
    """Incidents but for charges and missed appointments, whose number follows that of the appointments."""
    other = np.isin(table.event, DECIDED) & (table.detail != Incident.MISSED_APPOINTMENTS)
    return int(np.sum(other & (table.detail < Incident.NEW_CHARGE) & (table.day >= FROM)))


def missed(table: Table) -> int:
    among = np.isin(table.event, DECIDED) & (table.detail == Incident.MISSED_APPOINTMENTS)
    return int(np.sum(among & (table.day >= FROM)))


def events(*some: Event) -> Callable[[Table], int]:
    return lambda table: count(table, *some)


def days_at_large(table: Table) -> int:
    """Days that those returned to custody had been at large."""
    back = (table.event == E.RETURNED_TO_CUSTODY) & (table.day >= FROM)
    return int(table.detail[back].sum())


def reviewed_within_a_year(table: Table) -> int:
    """Reviews of recalled people whose papers are read within a year of the revocation."""
    order = np.argsort(table.person, kind="stable")
    day, event, state, person = (column[order] for column in (table.day, table.event, table.state, table.person))
    recalled = np.isin(event, (E.RECALLED_NO_CHARGE, E.RECALLED_CHARGED))
    since = np.maximum.accumulate(np.where(recalled, np.arange(len(day)), -1))
    mine = (since >= 0) & (person[since] == person) & (day - day[since] < YEAR) & (day >= FROM)
    read = np.isin(event, (E.SENT_TO_HEARING, E.PAPERS_REFUSED, E.RELEASE_DIRECTED_ON_PAPERS))
    return int(np.sum(mine & read & np.isin(state, (State.RECALLED, State.RECALLED_OPEN))))


class Dial(NamedTuple):
    """What is changed, what is counted, and whether it must rise or fall."""

    changes: tuple[Change, ...]
    counted: Callable[[Table], int]
    rises: bool
    since: int = FROM


PROJECTED = day_of(date(2024, 10, 1))  # after the year in which the workload is 1
recalls = events(E.RECALLED_NO_CHARGE)
DIALS = {
    "technical recall restricted": Dial((("technical_recall_ratio", 0.5),), recalls, False),
    "alternatives to recall": Dial((("alternatives_to_recall", 0.5),), recalls, False),
    "partners consulted": Dial((("partners_consulted", 1.0),), recalls, False),
    "senior sign-off": Dial((("senior_sign_off", 1.0),), recalls, False),
    "more officers": Dial((("officers_ratio", 2.0),), incidents, False, PROJECTED),
    "fewer officers": Dial((("officers_ratio", 0.5),), incidents, True, PROJECTED),
    "one officer": Dial((("officer_change_ratio", 0.0),), incidents, False),
    "changes of officer": Dial((("officer_change_ratio", 2.0),), events(E.OFFICER_CHANGED), True),
    "more appointments to miss": Dial((("contacts_per_month", (8.0, 4.0, 2.0, 1.0)),), missed, True),
    "more appointments to help": Dial((("contacts_per_month", (8.0, 4.0, 2.0, 1.0)),), incidents, False),
    "remote contact": Dial((("remote_share", 0.95),), incidents, True),
    "settled homes": Dial((("settled_share", 1.0),), incidents, False),
    "prepared": Dial((("prepared_share", 1.0),), incidents, False),
    "delivery plans": Dial((("delivery_plan", 1.0),), incidents, False),
    "psychology for all": Dial((("psychology_share", 1.0), ("psychology_places", 2_000.0)), incidents, False),
    "no mental health places": Dial((("mental_health_places", 0.0),), events(E.SUPPORT_NOT_FOUND), True),
    "substance places": Dial((("substance_places", 2_000.0),), incidents, False),
    "a swifter return after recall": Dial((("time_to_return_ratio", 0.2),), days_at_large, False),
    "a later return after recall": Dial((("time_to_return_ratio", 3.0),), days_at_large, True),
    "a later return puts off the review": Dial((("time_to_return_ratio", 20.0),), reviewed_within_a_year, False),
    "slow decisions on recall": Dial((("recall_decision_days", 180.0),), recalls, False),
    "slow decisions leave risk": Dial((("recall_decision_days", 180.0),), events(E.CHARGED), True),
    "few beds": Dial((("premises_beds", 100.0),), events(E.MOVED_ON), False),
}


@pytest.mark.parametrize("name", DIALS)
def test_each_dial_moves_what_it_should(name: str) -> None:
    dial = DIALS[name]
    now, then = dial.counted(lived()), dial.counted(lived(dial.changes, dial.since))
    assert (then > now) == dial.rises and abs(then - now) > np.sqrt(max(now, then))


def test_appointments_lived_one_by_one_have_the_same_expectation() -> None:
    """Missed appointments, over five lives each way, agree within four standard errors."""
    ways = {}
    for explicit in (0.0, 1.0):
        law = amended(current_law(), ("contacts_explicit", ALWAYS, explicit))
        tables = [CompiledWorld([law], last=day_of(date(2016, 12, 31)), life=life).live() for life in range(5)]
        ways[explicit] = [int(np.sum(np.isin(t.event, DECIDED) & (t.detail == 0))) for t in tables]
        kept = sum(int(np.sum(t.event == E.CONTACT_KEPT)) for t in tables)
        assert (kept > 50_000) == bool(explicit)
    implicit, one_by_one = (np.array(ways[explicit], float) for explicit in (0.0, 1.0))
    error = np.sqrt(implicit.sum() + one_by_one.sum())
    assert implicit.sum() > 2_000
    assert abs(implicit.sum() - one_by_one.sum()) < 4 * error


SLOWLY = (("recall_decision_days", ALWAYS, 90.0), ("resentencing", day_of(date(2027, 4, 1)), 1.0))


def test_the_engines_agree_and_people_are_conserved_where_recalls_are_decided_slowly() -> None:
    law = amended(current_law(), *SLOWLY)
    assert not first_difference(*both([law], people=600))
    table = check(World([law], people=600, last=LAST))
    assert np.sum(table.event == E.RECALL_SOUGHT) > 100


def test_a_recall_that_is_sought_comes_after_as_many_days_unless_something_ends_it_sooner() -> None:
    table = CompiledWorld([amended(current_law(), *SLOWLY)], people=1_500, last=LAST).live()
    ends = {E.TERMINATED_BY_BOARD, E.TERMINATED_AUTOMATICALLY, E.DIED, E.SELF_INFLICTED_DEATH, E.SENTENCE_SERVED}
    waited, ended = [], 0
    for person in np.unique(table.person[table.event == E.RECALL_SOUGHT]):
        sought = None
        mine = table.person == person
        for day, event in zip(table.day[mine].tolist(), table.event[mine].tolist(), strict=True):
            if event == E.RECALL_SOUGHT:
                sought = day if sought is None else sought
            elif event in (E.RECALLED_CHARGED, E.RECALLED_NO_CHARGE) and sought is not None:
                waited.append(day - sought)
                sought = None
            elif event in ends:
                ended += sought is not None
                sought = None
    assert ended > 0 and max(waited) <= 92
    assert np.mean(np.array(waited) >= 90) > 0.95  # the others committed a serious further offence


def test_a_charge_while_a_recall_is_awaited_makes_it_a_recall_on_a_charge() -> None:
    table = CompiledWorld([amended(current_law(), *SLOWLY)], people=3_000, last=LAST).live()
    order = np.argsort(table.person, kind="stable")
    day, person, event, _, _, detail = (column[order] for column in table)
    places = np.nonzero((event == E.RECALL_SOUGHT) & (detail == Incident.NEW_CHARGE))[0]
    recalled = {(int(person[at]), int(day[at])): int(event[at]) for at in np.nonzero(np.isin(event, RECALLS))[0]}
    next_ = [
        min((when for who, when in recalled if who == person[at] and 0 < when - day[at] <= 92), default=None)
        for at in places
    ]
    kinds = [recalled[int(person[at]), when] for at, when in zip(places, next_, strict=True) if when is not None]
    assert len(kinds) > 20 and set(kinds) == {E.RECALLED_CHARGED}
