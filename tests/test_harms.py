"""Harms: offences on licence and after the end, deaths by their own act, self-harm; each number moves what it says."""

from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from results.counting.presence import present
from results.outcomes import flows, stocks
from results.self_harm import self_harm
from scenarios import current_law
from scenarios.bill import Group
from sim.compiled import CompiledWorld
from sim.days import YEAR, day_of
from sim.journal import CUSTODY, Event, State, Table
from sim.law import ALWAYS, Law
from tests.identity import first_difference
from tests.test_conservation import amended, check
from tests.test_identity import both
from tests.test_story import same

E = Event
Change = tuple[str, int, float]
LAST = day_of(date(2034, 12, 31))
COMMENCES = day_of(date(2027, 4, 1))
PEOPLE, LIVES = 2_500, 2
OFTEN: tuple[Change, ...] = (  # five times the belief, so that a few lives show them, and room for more
    ("serious_offence_rate", ALWAYS, 0.05), ("ceiling_serious_offence", ALWAYS, 2.0), ("ceiling_charge", ALWAYS, 3.0),
)  # fmt: skip
HARMS = (
    E.CHARGED, E.SERIOUS_FURTHER_OFFENCE, E.SERIOUS_OFFENCE_AFTER_END, E.REOFFENDED_AFTER_END,
    E.SELF_INFLICTED_DEATH, E.DIED_AFTER_END,
)  # fmt: skip


@cache
def lived(*changes: Change, life: int = 0) -> tuple[Table, NDArray[np.void], Law]:
    law = amended(current_law(), *OFTEN, *changes)
    world = CompiledWorld([law], seed=3, life=life, people=PEOPLE, last=LAST)
    return world.live(), world.people, law


def count(changes: tuple[Change, ...], *events: Event, first: int = COMMENCES) -> int:
    tables = [lived(*changes, life=life)[0] for life in range(LIVES)]
    return sum(int(np.sum(np.isin(table.event, events) & (table.day >= first))) for table in tables)


OFFENCES = (E.SERIOUS_FURTHER_OFFENCE, E.CHARGED)
AFTER = (E.REOFFENDED_AFTER_END, E.SERIOUS_OFFENCE_AFTER_END)


@pytest.mark.parametrize(
    ("name", "value", "events", "direction"),
    [
        ("serious_offence_rate", 0.0, (E.SERIOUS_FURTHER_OFFENCE, E.SERIOUS_OFFENCE_AFTER_END), -1),
        ("serious_offence_rate", 0.075, (E.SERIOUS_FURTHER_OFFENCE,), +1),
        ("serious_offence_rate", 0.075, (E.SERIOUS_OFFENCE_AFTER_END,), +1),
        ("not_recalled_ratio", 3.0, OFFENCES, +1),
        ("offending_ratio_after_end", 1.8, (E.REOFFENDED_AFTER_END,), +1),
        ("offending_ratio_after_end", 0.2, (E.SERIOUS_OFFENCE_AFTER_END,), -1),
        ("followed_years", 2.0, AFTER, -1),
        ("followed_years", 0.0, (E.DIED_AFTER_END,), -1),
        ("self_inflicted_rate_licence", 0.0, (E.SELF_INFLICTED_DEATH,), -1),
        ("self_inflicted_rate_custody", 0.03, (E.SELF_INFLICTED_DEATH,), +1),
        ("self_inflicted_ratio_after_end", 9.0, (E.DIED_AFTER_END,), +1),
    ],
)
def test_each_number_moves_what_it_says(name: str, value: float, events: tuple[Event, ...], direction: int) -> None:
    assert direction * (count(((name, COMMENCES, value),), *events) - count((), *events)) > 0


def test_a_longer_risk_after_an_incident_counts_more_than_a_shorter() -> None:
    ratio = ("not_recalled_ratio", COMMENCES, 3.0)
    long, short = (count((ratio, ("not_recalled_days", COMMENCES, days)), *OFFENCES) for days in (900.0, 30.0))
    assert long > short


def test_recall_restricted_shows_its_risk() -> None:
    """Where fewer are recalled without a charge, more are charged on licence, serious offences among them."""
    usual: tuple[Change, ...] = ()
    restricted: tuple[Change, ...] = (("technical_recall_ratio", COMMENCES, 0.0),)
    assert count(restricted, E.RECALLED_NO_CHARGE) < count(usual, E.RECALLED_NO_CHARGE) / 2
    for event in OFFENCES:
        assert count(restricted, event) > count(usual, event)
    no_risk_left = [(*some, ("not_recalled_ratio", ALWAYS, 1.0)) for some in (usual, restricted)]
    more, fewer = (count(b, *OFFENCES) - count(a, *OFFENCES) for a, b in ((usual, restricted), tuple(no_risk_left)))
    assert more > fewer > 0  # some of it is only more time at liberty, and some is the risk that was left


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("serious_offence_rate", 0.08), ("not_recalled_ratio", 3.0), ("offending_ratio_after_end", 1.8),
        ("self_inflicted_rate_custody", 0.03), ("self_inflicted_rate_licence", 0.03), ("not_recalled_days", 900.0),
        ("followed_years", 1.0), ("self_inflicted_ratio_after_end", 9.0),
    ],
)  # fmt: skip
def test_nothing_changes_before_a_bill_commences(name: str, value: float) -> None:
    usual, amended_ = (lived(*some)[0] for some in ((), ((name, COMMENCES, value),)))
    assert not same(usual, amended_)
    one, other = (Table._make(column[table.day < COMMENCES] for column in table) for table in (usual, amended_))
    assert same(one, other)


def test_the_engines_agree_under_bills_on_harms() -> None:
    often = (*OFTEN, ("self_inflicted_rate_licence", ALWAYS, 0.02), ("not_recalled_ratio", COMMENCES, 2.0))
    bill = amended(
        current_law(), *often, ("offending_ratio_after_end", COMMENCES, 1.7), ("followed_years", COMMENCES, 3.0)
    )
    one, other = both([current_law(), bill], [Group(offence=("robbery",))], people=500, seed=8)
    assert first_difference(one, other) == ""
    assert set(HARMS) <= set(one.event.tolist())


def test_people_are_conserved_under_bills_on_harms() -> None:
    changes = (*OFTEN, ("self_inflicted_rate_licence", ALWAYS, 0.03), ("self_inflicted_rate_custody", ALWAYS, 0.03))
    world = CompiledWorld([amended(current_law(), *changes)], people=800, last=LAST)
    as_simpy = SimpleNamespace(as_table=world.live)
    table = check(SimpleNamespace(live=lambda: as_simpy, people=world.people, numbers=world.numbers))  # type: ignore[arg-type]
    assert set(HARMS) <= set(table.event.tolist())


# After the end


def by_person(table: Table, *events: Event) -> dict[int, list[tuple[int, Event]]]:
    found: dict[int, list[tuple[int, Event]]] = {}
    for place in np.nonzero(np.isin(table.event, events))[0]:
        found.setdefault(int(table.person[place]), []).append((int(table.day[place]), Event(table.event[place])))
    return found


def test_people_are_followed_for_the_years_of_the_book_and_no_longer() -> None:
    table, _, law = lived()
    years = law.rule("followed_years").on(LAST).value[0]
    ended = {
        who: some[0][0] for who, some in by_person(table, E.TERMINATED_BY_BOARD, E.TERMINATED_AUTOMATICALLY).items()
    }
    waits = []
    for who, some in by_person(table, *AFTER, E.DIED_AFTER_END).items():
        waits += [day - ended[who] for day, _ in some]
        stopped = [day for day, event in some if event in (E.SERIOUS_OFFENCE_AFTER_END, E.DIED_AFTER_END)]
        assert stopped in ([], [some[-1][0]])  # nothing comes after a death, or the prison of another sentence
    assert 0 < min(waits) and 0.9 * years * YEAR < max(waits) <= years * YEAR


def test_the_stock_of_licences_ended_is_what_it_would_be_if_nobody_were_followed() -> None:
    days = np.arange(0, LAST, 400)
    followed, alone = (
        stocks(table, people, days) for table, people, _ in (lived(), lived(("followed_years", ALWAYS, 0.0)))
    )
    assert all(np.array_equal(followed[key], alone[key], equal_nan=True) for key in followed)
    assert followed["terminated", ""][-1] > PEOPLE / 4


def test_the_same_moments_of_offending_meet_a_person_before_and_after_the_end() -> None:
    """With no supervision to act and the same ratio, ending a licence sooner moves an offence and makes none."""
    plain: list[Change] = [(name, ALWAYS, 1.0) for name in ("premises_ratio", "settled_ratio", "prepared_ratio")]
    plain += [(name, ALWAYS, 1.0) for name in ("step_up_ratio", "new_officer_ratio", "mental_health_ratio")]
    plain += [(name, ALWAYS, 1.0) for name in ("psychology_ratio", "not_recalled_ratio")]
    plain += [
        ("workload_incidents", ALWAYS, 0.0),
        ("recall_after_charge", ALWAYS, 0.0),
        ("technical_recall_ratio", ALWAYS, 0.0),
    ]
    sooner = [*plain, ("qualifying_period_automatic_ipp", COMMENCES, 0.5), ("automatic_clock", COMMENCES, 0.5)]

    def offences(changes: list[Change]) -> set[tuple[int, int]]:
        found = by_person(lived(*changes)[0], E.CHARGED, E.REOFFENDED_AFTER_END)
        return {(who, day) for who, some in found.items() for day, _ in some}

    usual, early = offences(plain), offences(sooner)
    assert len(usual & early) > 0.9 * len(usual | early)
    assert count(tuple(sooner), E.CHARGED) < count(tuple(plain), E.CHARGED)


# Serious further offences, and deaths


def test_a_serious_further_offence_on_licence_ends_in_recall_on_that_day() -> None:
    table = lived()[0]
    committed = np.nonzero(table.event == E.SERIOUS_FURTHER_OFFENCE)[0]
    assert len(committed) > 50
    assert set(table.event[committed + 1].tolist()) == {E.RECALLED_CHARGED}
    assert np.array_equal(table.person[committed], table.person[committed + 1])
    assert np.array_equal(table.day[committed], table.day[committed + 1])


def test_without_the_power_to_recall_it_does_not() -> None:
    table = lived(("recall_power", COMMENCES, 0.0))[0]
    after = table.day >= COMMENCES
    assert np.sum(after & (table.event == E.SERIOUS_FURTHER_OFFENCE)) > 20
    assert not np.any(after & (table.event == E.RECALLED_CHARGED))


def test_causes_of_death_come_in_proportion_to_their_rates() -> None:
    """In prison: the deaths of each cause against the person-years there × its rate."""
    rate = 0.02
    deaths = years = 0.0
    for life in range(LIVES):
        table, people, _ = lived(("self_inflicted_rate_custody", ALWAYS, rate), life=life)
        inside = np.isin(table.detail, CUSTODY) & (table.event == E.SELF_INFLICTED_DEATH)
        deaths += float(inside.sum())
        years += present(table, CUSTODY, people["variant"], 1)[0][: LAST + 1].sum() / YEAR
    assert abs(deaths - rate * years) < 4 * np.sqrt(rate * years)


# What is counted


def test_what_is_counted_is_what_the_journal_says() -> None:
    table, people, _ = lived()
    found = {key: values[0] for key, values in flows(table, people, [0], [LAST]).items()}

    def total(*events: Event) -> int:
        return int(np.isin(table.event, events).sum())

    assert found["serious_further_offences", "on licence"] == total(E.SERIOUS_FURTHER_OFFENCE) > 0
    assert found["serious_further_offences", "after the end"] == total(E.SERIOUS_OFFENCE_AFTER_END) > 0
    assert found["reoffences", "on licence"] == total(E.CHARGED) > 0
    assert found["reoffences", "after the end"] == total(E.REOFFENDED_AFTER_END) > 0
    for measure in ("serious_further_offences", "reoffences"):
        assert found[measure, ""] == found[measure, "on licence"] + found[measure, "after the end"]
    places = ("custody", "hospital", "licence", "at large")
    for measure, event in (
        ("deaths", (E.DIED, E.SELF_INFLICTED_DEATH)),
        ("self_inflicted_deaths", (E.SELF_INFLICTED_DEATH,)),
    ):
        assert found[measure, ""] == sum(found[measure, place] for place in places) == total(*event) > 0
    after = table.event == E.DIED_AFTER_END
    assert found["deaths_after_end", ""] == after.sum() > 0
    assert found["self_inflicted_deaths", "after the end"] == table.detail[after].sum()
    died = stocks(table, people, [LAST])["dead", ""][0]
    assert died == found["deaths", ""]


def test_charges_on_licence_are_those_on_which_an_officer_decided() -> None:
    table = lived()[0]
    charged = np.nonzero(table.event == E.CHARGED)[0]
    decided = set(table.event[charged + 1].tolist())
    assert decided == {E.WARNED, E.SUPPORT_STEPPED_UP, E.RECALLED_CHARGED}
    assert set(table.state[charged].tolist()) <= {State.LICENCE, State.LICENCE_AP}


def test_self_harm_is_days_in_prison_times_the_rate_of_the_day() -> None:
    table, people, law = lived()
    held = present(table, CUSTODY, people["variant"], 1)[0]
    for day in (700, 3_000, 6_000, 9_000):
        assert held[day] == stocks(table, people, [day])["custody_total", ""][0]
    by_hand = sum(held[day] * law.rule("self_harm_rate").on(day).value[0] for day in range(5_000, 5_400)) / YEAR
    assert self_harm(table, people, np.array([5_000]), np.array([5_399]), [law])[0] == pytest.approx(by_hand)


def test_a_bill_on_self_harm_is_counted_for_those_whom_it_covers() -> None:
    law, groups = current_law(), [Group(sex=("male",))]
    bill = amended(law, ("self_harm_rate", COMMENCES, 0.0))
    world = CompiledWorld([law, bill], groups, people=600, last=LAST)
    table, windows = world.live(), (np.array([0, COMMENCES]), np.array([COMMENCES - 1, LAST]))
    before, after = self_harm(table, world.people, *windows, [law, bill])
    usual = self_harm(table, world.people, *windows, [law, law])
    women = people_of_sex(table, world.people, 1)
    assert before == usual[0]
    assert after == pytest.approx(self_harm(women, world.people, *windows, [law, law])[1]) and after < usual[1] / 5
    assert np.array_equal(self_harm(table, world.people, *windows), usual)


def people_of_sex(table: Table, people: Any, sex: int) -> Table:
    """The journal of those of one sex."""
    mine = people["sex"][table.person] == sex
    return Table._make(column[mine] for column in table)
