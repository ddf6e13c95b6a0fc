"""The Board's listings against queues whose answers are known: by hand, as a flow, by Lindley and by the M/D/1 queue.

A month of listings serves up to its capacity of those who ask, first come first served; whoever finds it full goes
to the first month with room. So the number left over is Q' = max(Q + asked - capacity, 0) from month to month.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.journal import Event
from sim.law import ALWAYS
from sim.services import Listings, book, first_of, listings, month_of
from tests.test_conservation import amended

MONTHS = 600
Counts = NDArray[np.int64]


def waits(asked: Counts, capacity: Counts | int) -> list[Counts]:
    """Whole months waited by each of those who ask on the first day of each month, month by month."""
    rooms = np.broadcast_to(np.asarray(capacity, np.int32), (2 * MONTHS,)).copy()
    service = Listings(rooms, np.zeros(2 * MONTHS, np.int32))
    return [
        np.array([month_of(book(service, first_of(month), 0.5)) - month for _ in range(some)], np.int64)
        for month, some in enumerate(asked)
    ]


def left_over(asked: Counts, capacity: Counts | int) -> Counts:
    """How many are left over at the end of each month, by Lindley's recursion."""
    rooms, queue, found = np.broadcast_to(capacity, asked.shape), 0, []
    for some, room in zip(asked, rooms, strict=True):
        queue = max(queue + int(some) - int(room), 0)
        found.append(queue)
    return np.array(found)


def test_a_case_by_hand() -> None:
    """Two a month: of five in the first month two wait none, two a month and one two; then one finds room at once."""
    assert [some.tolist() for some in waits(np.array([5, 1, 0, 1]), 2)] == [[0, 0, 1, 1, 2], [1], [], [0]]


def test_where_there_is_room_nobody_waits_and_the_day_is_the_earliest() -> None:
    service = Listings(np.full(50, 3, np.int32), np.zeros(50, np.int32))
    days = [first_of(10) + place for place in (2, 9, 20)]
    assert [book(service, day, 0.9) for day in days] == days
    assert month_of(book(service, days[0], 0.9)) == 11


@pytest.mark.parametrize(("asked", "capacity"), [(5, 4), (30, 24), (7, 2)])
def test_over_capacity_waits_grow_as_a_flow(asked: int, capacity: int) -> None:
    """n months of a asked and c listed leave n(a - c), who wait n(a - c)/c months: the fluid limit, to a month."""
    found = waits(np.full(100, asked), capacity)
    for month, some in enumerate(found, start=1):
        assert some[-1] == pytest.approx(month * (asked - capacity) / capacity, abs=1)


def test_a_quarter_more_listings_clear_a_queue_in_the_months_worked_out_by_hand() -> None:
    """25 asked a month, 20 listed for 24 months leave 120; then 30 listed clear five a month, in 24 months more."""
    capacity = np.repeat([20, 30], [24, 2 * MONTHS - 24])
    found = waits(np.full(60, 25), capacity)
    assert found[23][-1] == 4  # 120 before them at 30 a month
    cleared = [month for month, some in enumerate(found) if month > 24 and some.max() == 0]
    assert cleared[0] == 47 and set(cleared) == set(range(47, 60))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_left_over_is_lindleys_whatever_is_asked(seed: int) -> None:
    chance = np.random.default_rng(seed)
    asked, capacity = chance.poisson(9.5, MONTHS), chance.integers(8, 13, 2 * MONTHS)
    found = waits(asked, capacity)
    heard = np.concatenate([month + some for month, some in enumerate(found)])
    still = np.cumsum(asked) - np.cumsum(np.bincount(heard, minlength=MONTHS)[:MONTHS])
    assert np.array_equal(still, left_over(asked, capacity[:MONTHS]))


@pytest.mark.parametrize("busy", [0.5, 0.8])
def test_one_listing_a_month_is_the_m_d_1_queue(busy: float) -> None:
    """Poisson requests, one served a month: the mean left over is rho squared / 2(1 - rho), as in M/D/1."""
    chance = np.random.default_rng(5)
    asked = chance.poisson(busy, (40, MONTHS))
    found = np.concatenate([np.concatenate(waits(some, 1)[100:]) for some in asked])
    expected = busy / (2 * (1 - busy))  # the mean wait in months, by Little's law
    spread = np.std([np.concatenate(waits(some, 1)[100:]).mean() for some in asked]) / np.sqrt(40)
    assert found.mean() == pytest.approx(expected, abs=4 * spread)
    assert spread < 0.1 * expected


def test_no_month_of_a_world_hears_more_than_its_listings_and_none_has_room_while_people_wait() -> None:
    """In a world with too few listings each hearing is booked in the first month that had room for it."""
    law = amended(current_law(), ("deferral", ALWAYS, 0.0), ("oral_hearings_share", ALWAYS, 0.1))
    world = CompiledWorld([law], people=1_500, scale=1_500 / 7_000)
    capacity = listings(law, 1_500 / 7_000).capacity
    table = world.live()
    sent = table.event == Event.SENT_TO_HEARING
    months = np.array([month_of(day) for day in table.day[sent].astype(np.int64) + table.detail[sent]])
    booked = np.bincount(months, minlength=len(capacity))
    assert np.all(booked <= capacity) and np.array_equal(booked, world.listings.booked)
    notice = int(law.on(5_000)["hearing_notice_days"])  # type: ignore[arg-type]
    late = table.detail[sent].astype(np.int64) > notice + 2 * 31 + 90
    full = booked >= capacity
    for day, month in zip(table.day[sent][late], months[late], strict=True):
        assert full[month_of(int(day) + notice + 91) : month].all()
    assert late.sum() > 500
