"""A later sentence: on its day the tariff begins again for whoever is inside and never released, and for no other."""

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from results.counting.tally import first_expiry
from results.outcomes import flow_between, flows, stock_on, stocks
from scenarios import current_law
from sim import release_dates
from sim.compiled import CompiledWorld
from sim.days import NEVER, YEAR, day_of
from sim.history import History
from sim.journal import ENDED, Event, State, Table
from sim.law import ALWAYS
from sim.people import LOOKED_UP, RECORD
from sim.world import World
from tests import counted_slowly as slowly
from tests.identity import first_difference
from tests.test_conservation import amended, check_moves, check_order
from tests.test_outcomes import assert_same, journal_of, people_of

E, S = Event, State
LAST = day_of(date(2019, 12, 31))
GONE = day_of(date(2014, 1, 1))  # the book gives a year after 3 December 2012 to sentence on earlier convictions
AGAIN = day_of(date(2012, 6, 1))
TARIFF = 400
PAPERS = (E.PAPERS_REFUSED, E.SENT_TO_HEARING, E.RELEASE_DIRECTED_ON_PAPERS)
REVIEW = (
    *(*PAPERS, E.HEARING_DEFERRED, E.HEARING_REFUSED, E.OPEN_RECOMMENDED, E.OPEN_ACCEPTED, E.OPEN_REFUSED),
    *(E.RELEASE_DIRECTED_AT_HEARING, E.RETURNED_TO_CLOSED),
)
OFTEN = (
    *(("hospital_transfer_rate", ALWAYS, 0.15), ("fixed_release_within", day_of(date(2010, 6, 1)), 2.5)),
    *(("release_log_odds", ALWAYS, -2.0), ("open_acceptance", ALWAYS, 1.0)),
)
Lines = list[tuple[int, Event, State]]


class Lived(NamedTuple):
    """A world in which all that were sentenced by then have a later sentence on one day."""

    table: Table
    people: NDArray[np.void]
    lives: dict[int, Lines]

    def stood(self, who: int) -> State:
        """Return where a person stood on the eve of that day."""
        return next((state for day, _, state in reversed(self.lives[who]) if day < AGAIN), S.UNSENTENCED)

    def from_then_on(self, who: int) -> Lines:
        return [line for line in self.lives[who] if line[0] >= AGAIN]


def all_again(world: World | CompiledWorld) -> Table:
    people = world.people
    people["tariff_days"], people["tariff_expiry"] = TARIFF, people["sentenced"] + TARIFF
    people["sentenced_again"] = np.where(people["sentenced"] < AGAIN, AGAIN, NEVER)
    journal = world.live()
    return journal if isinstance(journal, Table) else journal.as_table()


@cache
def lived() -> Lived:
    law = amended(current_law(), *OFTEN)
    one, other = (engine([law], people=700, last=LAST) for engine in (World, CompiledWorld))
    tables = [all_again(one), all_again(other)]
    assert first_difference(*tables) == ""
    assert np.array_equal(one.people["tariff_expiry"], other.people["tariff_expiry"])
    check_moves(tables[0])
    check_order(tables[0], LAST)
    lives: dict[int, Lines] = {}
    for day, who, event, state in zip(*(column.tolist() for column in tables[0][:4]), strict=True):
        lives.setdefault(who, []).append((day, E(event), S(state)))
    return Lived(tables[0], one.people, lives)


def standing_in(*states: State) -> list[int]:
    """Return who stood in some states on the eve, never released by then, and did not die on the day itself."""
    world = lived()
    some = [who for who in world.lives if world.stood(who) in states]
    never = [who for who in some if world.people["first_release"][who] > AGAIN]
    return [who for who in never if not (world.from_then_on(who) and world.from_then_on(who)[0][2] == S.DEAD)]


@pytest.mark.parametrize("state", [S.PRE_TARIFF, S.CLOSED, S.OPEN])
def test_whoever_is_in_prison_goes_back_within_a_tariff(state: State) -> None:
    some = standing_in(state)
    assert len(some) > 10
    expiry = AGAIN + TARIFF
    for who in some:
        lines = lived().from_then_on(who)
        assert lines[0] == (AGAIN, E.SENTENCED_AGAIN, S.PRE_TARIFF)
        assert lived().people["tariff_expiry"][who] == expiry
        assert release_dates.tariff_began(lived().people[who]) == AGAIN
        reviewed = [event for _, event, _ in lines if event in REVIEW]
        assert not reviewed or reviewed[0] in PAPERS  # what a review had come to fell
        assert all(day > expiry for day, event, _ in lines if event == E.FIRST_RELEASED)
        kept = all(where == S.PRE_TARIFF for day, _, where in lines if day < expiry)
        assert not kept or (expiry, E.TARIFF_EXPIRED, S.CLOSED) in lines


def test_the_papers_of_the_next_review_are_read_as_for_one_newly_sentenced() -> None:
    law = current_law()
    lead = int(law.rule("papers_lead_days").on(AGAIN).value[0])
    preparation = int(law.rule("first_review_preparation_days").on(AGAIN).value[0])
    first = {}
    for who in standing_in(S.PRE_TARIFF, S.CLOSED, S.OPEN):
        lines = lived().from_then_on(who)
        if all(event not in (E.TO_HOSPITAL, *ENDS) for _, event, _ in lines):
            first[who] = next(day for day, event, _ in lines if event in PAPERS)
    assert len(first) > 20
    assert set(first.values()) == {max(AGAIN + TARIFF - lead, AGAIN + preparation)}


ENDS = (E.DIED, E.SELF_INFLICTED_DEATH, E.REMOVED)


def test_a_release_that_was_directed_or_dated_does_not_stand() -> None:
    world, directed, dated = lived(), 0, 0
    for who in standing_in(S.CLOSED, S.OPEN):
        before = [line for line in world.lives[who] if line[0] < AGAIN]
        directed += before[-1][1] in (E.RELEASE_DIRECTED_ON_PAPERS, E.RELEASE_DIRECTED_AT_HEARING)
        dated += any(event == E.RELEASE_DATE_SET for _, event, _ in before)
    assert directed > 0 and dated > 20  # and none was released within the tariff: see above


def test_reviews_are_numbered_on() -> None:
    for who in standing_in(S.PRE_TARIFF, S.CLOSED, S.OPEN, S.HOSPITAL):
        read = sum(event in PAPERS for _, event, _ in lived().lives[who])
        assert lived().people["reviews"][who] == read


def test_whoever_is_in_hospital_stays_there_under_the_new_tariff() -> None:
    some, back = standing_in(S.HOSPITAL), set()
    assert len(some) > 20
    for who in some:
        lines = lived().from_then_on(who)
        assert lines[0] == (AGAIN, E.SENTENCED_AGAIN, S.HOSPITAL)
        left = next((line for line in lines[1:] if line[1] in (E.BACK_FROM_HOSPITAL, E.FIRST_RELEASED)), None)
        if left is None:
            continue
        assert not any(event in REVIEW for day, event, _ in lines if day <= left[0])
        if left[1] == E.BACK_FROM_HOSPITAL:
            within = left[0] < AGAIN + TARIFF
            assert left[2] == (S.PRE_TARIFF if within else S.CLOSED)
            back.add(within)
        else:
            assert left[0] > AGAIN + TARIFF
    assert back == {True, False}


def test_nothing_happens_to_whoever_has_been_released_or_is_gone() -> None:
    world = lived()
    out = [who for who in world.lives if world.people["first_release"][who] < AGAIN]
    gone = [who for who in world.lives if world.stood(who) in ENDED and who not in out]
    assert len(out) > 20 and len(gone) > 2
    assert {world.stood(who) for who in out} >= {S.LICENCE, S.RECALLED}
    for who in out + gone:
        assert E.SENTENCED_AGAIN not in [event for _, event, _ in world.lives[who]]
        assert world.people["tariff_expiry"][who] == world.people["sentenced"][who] + TARIFF


def test_those_who_are_past_tariff_fall_on_that_day() -> None:
    world = lived()
    counted = stocks(world.table, world.people, [AGAIN + n for n in (-1, 0, TARIFF - 1, TARIFF)])
    past, inside = counted["tariff_expired_unreleased", ""], counted["never_released", ""]
    assert past[0] > 300 and past[1] == past[2] == 0  # the last of them were sentenced before that day, or are few
    assert inside[0] - 5 < inside[1] <= inside[0] and past[3] > 300


def test_counts_by_the_tariff_in_force_are_those_of_numpy() -> None:
    world, days = lived(), np.arange(0, LAST, 37)
    assert_same(stocks(world.table, world.people, days), slowly.stocks(world.table, world.people, days))
    windows = days[:-1], days[1:] + 200
    assert_same(flows(world.table, world.people, *windows), slowly.flows(world.table, world.people, *windows))


PEOPLE = people_of((0, 100, 0, 0), (0, 1000, 0, 0), (0, 50, 0, 0))
TABLE = journal_of([
    *((0, who, E.SENTENCED, S.PRE_TARIFF, tariff) for who, tariff in enumerate((100, 1000, 50))),
    (50, 2, E.TARIFF_EXPIRED, S.CLOSED, 0),
    (100, 0, E.TARIFF_EXPIRED, S.CLOSED, 0),
    (650, 0, E.HEARING_REFUSED, S.CLOSED, 0),
    (700, 0, E.SENTENCED_AGAIN, S.PRE_TARIFF, 100),
    (750, 2, E.SENTENCED_AGAIN, S.PRE_TARIFF, 50),
    (760, 2, E.HEARING_REFUSED, S.PRE_TARIFF, 0),
    (770, 2, E.DIED, S.DEAD, S.PRE_TARIFF),
    (800, 0, E.TARIFF_EXPIRED, S.CLOSED, 0),
    (900, 0, E.RELEASE_DIRECTED_AT_HEARING, S.CLOSED, 0),
    (1000, 1, E.TARIFF_EXPIRED, S.CLOSED, 0),
])  # fmt: skip


@pytest.mark.parametrize(
    ("day", "measure", "group", "value"),
    [
        (699, "tariff_expired_unreleased", "", 2),
        (700, "tariff_expired_unreleased", "", 1),
        (750, "tariff_expired_unreleased", "", 0),
        (800, "tariff_expired_unreleased", "", 1),
        (700, "pre_tariff_unreleased", "", 2),
        (699, "unreleased_by_years_over_tariff", "1-2", 2),
        (820, "unreleased_by_years_over_tariff", "0-1", 1),
        (699, "mean_years_over_tariff", "", (599 + 649) / 2 / YEAR),
        (700, "mean_years_over_tariff", "", 650 / YEAR),
        (820, "mean_years_over_tariff", "", 20 / YEAR),
        (1010, "mean_years_over_tariff", "", (210 + 10) / 2 / YEAR),
        (1010, "mean_years_over_tariff", "tariff 2y or less", 210 / YEAR),
        (1010, "median_years_over_tariff", "", (210 + 10) / 2 / YEAR),
        (700, "median_years_over_tariff", "", 650 / YEAR),
        (699, "unreleased_over_5_times_tariff", "", 2),
        (1200, "unreleased_over_5_times_tariff", "", 0),
        (1201, "unreleased_over_5_times_tariff", "", 1),
    ],
)
def test_a_stock_goes_by_the_tariff_in_force(day: int, measure: str, group: str, value: float) -> None:
    assert stock_on(TABLE, PEOPLE, measure, day, group) == pytest.approx(value)


@pytest.mark.parametrize(
    ("measure", "group", "value"),
    [
        ("deaths_never_released_by_years_over_tariff", "within tariff", 1),
        ("first_hearing_outcomes", "not directed", 1),
        ("first_hearing_outcomes", "release directed", 0),  # a person is heard for the first time once
    ],
)
def test_a_flow_goes_by_the_tariff_in_force(measure: str, group: str, value: float) -> None:
    assert flow_between(TABLE, PEOPLE, measure, group, 0, 2_000) == value


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_event_comes_to_those_drawn_and_never_once_the_power_is_gone(share: float) -> None:
    law = amended(current_law(), ("later_sentence_share", ALWAYS, share), ("later_sentence_years", ALWAYS, 5.0))
    power = [law.rule("sentence_power").on(day) for day in (GONE - 1, GONE)]
    assert power[0].value == (1.0,) and not power[1].exists
    world = CompiledWorld([law], people=3_000, last=LAST)
    drawn = world.people["sentenced_again"].copy()
    assert np.all((drawn == NEVER) | ((drawn > world.people["sentenced"]) & (drawn < GONE)))
    table, people = world.live(), world.people
    passed = table.event == E.SENTENCED_AGAIN
    assert np.array_equal(table.day[passed], drawn[table.person[passed]])
    assert np.all(table.day[passed] < GONE) and passed.sum() == len(np.unique(table.person[passed]))
    assert (passed.sum() > 500) == (share == 1.0) and (drawn < NEVER).any() == (share == 1.0)
    moved = people["tariff_expiry"] != first_expiry(people)
    assert np.array_equal(np.flatnonzero(moved), np.sort(table.person[passed]))
    ended = np.isin(table.event, ENDS)
    out = people["first_release"].copy()
    out[table.person[ended]] = np.minimum(out[table.person[ended]], table.day[ended])
    assert np.all(moved[drawn < out]) and not np.any(moved[drawn > out])


def test_a_history_that_parts_before_a_later_sentence_is_shared() -> None:
    law = amended(current_law(), ("later_sentence_share", ALWAYS, 0.5))
    other = amended(law, ("deferral", day_of(date(2010, 1, 1)), 0.7))
    history = History(law, people=400, last=LAST)
    assert 0 < history.parts_on([other]) < day_of(date(2010, 1, 1))  # the Board's queue is looked at some time ahead
    table, people = history.live([other])
    world = CompiledWorld([other], people=400, last=LAST)
    assert first_difference(table, world.live()) == ""
    assert all(np.array_equal(people[name], world.people[name]) for name in RECORD.names or () if name not in LOOKED_UP)
    assert np.any((table.event == E.SENTENCED_AGAIN) & (table.day > day_of(date(2010, 1, 1))))
