"""History: what worlds of the same people and luck have in common before their laws part, lived once for all."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import OWN, CompiledWorld
from sim.days import HORIZON, YEAR
from sim.journal import Table
from sim.law import LAWS_KEPT, Law, Numbers
from sim.people import RECORD
from sim.rules import HazardOverCeiling
from sim.services import Service, month_starts
from sim.setting import Setting

KEPT = 8 * LAWS_KEPT  # days on which laws part: one number each
PAST = HORIZON + 2  # any day on which one may part
# How many days ahead the rules look for a place: the sum of each row, and the longest of them.
LISTED_AHEAD = (("papers_lead_days",), ("hearing_notice_days",), ("deferral_days_high",))
PLACES_AHEAD = (("release_days_low", "premises_wait_most"), ("support_start_days", "support_wait_most"))


class History:
    """One world under one law, lived day by day further on; others under laws that part from it go on from a copy.

    A world is the same, byte for byte, as if lived from its start. To share the most, ask first for those that part
    first: a world that parts on a day that has been passed is lived from its start.
    """

    def __init__(self, law: Law, **how: Any) -> None:
        """Take the law that others part from, and what `Setting` takes but for laws and groups."""
        self._law, self._how, self._scale = law, how, how.get("scale", 1.0)
        self._world = CompiledWorld([law], **how)
        self._outset = _but_for_the_law(self._world)
        self._day = 0  # it has been lived to before this day, or PAST any

    def parts_on(self, laws: Sequence[Law]) -> int:
        """Return the first day that need not be the same under some laws, by variant; 0 if no day must be."""
        return min(parts_on(self._law, tuple(laws), self._scale), self._world.last + 1)

    def live(self, laws: Sequence[Law], groups: Sequence[Any] = ()) -> tuple[Table, NDArray[np.void]]:
        """Return the journal and the people of the world under some laws; HazardOverCeiling as `CompiledWorld.live`."""
        if list(laws) == [self._law] and self._day < PAST:
            self._live_before(self._world.last + 1)
            return self._world.live(), self._world.people
        world, day = CompiledWorld(laws, groups, **self._how), self.parts_on(laws)
        if self._leads_to(world, day):
            world.go_on_from(self._world, day)
            try:
                return world.live(), world.people
            except HazardOverCeiling:  # who is named first depends on where it began
                world = CompiledWorld(laws, groups, **self._how)
        return world.live(), world.people

    def _leads_to(self, world: CompiledWorld, day: int) -> bool:
        """Live on to before a day, unless it has passed; return whether a world had the same history by then."""
        if not 0 < day >= self._day or _but_for_the_law(world) != self._outset:
            return False
        try:
            self._live_before(day)
        except HazardOverCeiling:
            return False
        return not _booked_apart(self._world, world)

    def _live_before(self, day: int) -> None:
        self._day = PAST  # unless it gets there: nobody can go on from a world that has stopped within a turn
        self._world.live_before(day)
        self._day = day


def _but_for_the_law(world: Setting) -> list[bytes]:
    """Return who the people of a world are, field by field, without what follows from its law."""
    return [world.people[name].tobytes() for name in RECORD.names or () if name not in OWN]


@lru_cache(maxsize=KEPT)
def parts_on(law: Law, laws: tuple[Law, ...], scale: float) -> int:
    """Return the first day that need not be the same under one law and some others; 0 if no day must be.

    Until then each number is the same for everyone, and no rule looks as far as a month with another capacity. Only
    the Board's queue may reach further than is reckoned here, so what is booked must be looked at on that day.
    """
    one, other = (Setting(each, people=0, scale=scale) for each in ((law,), laws))
    days = [_numbers_apart(one.numbers, other.numbers, variant) for variant in range(len(laws))]
    starts = np.append(month_starts(), 2 * HORIZON)  # no month at all
    for service, month in enumerate(_months_apart(one, other)):
        days.append(int(starts[month] - _ahead(one.numbers, Service(service))))
    return max(0, min(days))


def _numbers_apart(one: Numbers, other: Numbers, variant: int) -> int:
    """Return the first day on which a variant of some laws holds another number than the one law; or HORIZON + 1."""
    if one.book.dtype != other.book.dtype:
        return 0
    of_day, its = one.regime_of[0], other.regime_of[variant]
    days = np.flatnonzero(np.diff(of_day, prepend=-1) | np.diff(its, prepend=-1))
    book, its_book = (each.view(np.uint8).reshape(len(each), -1) for each in (one.book, other.book))
    apart = np.any(book[of_day[days]] != its_book[its[days]], axis=1)
    staff, its_staff = (each.view(np.int64) for each in (one.workforce[0], other.workforce[variant]))
    months = np.any(staff != its_staff, axis=(0, 2))
    return int(min(_first(days, apart), _first(month_starts(), months)))


def _first(days: NDArray[Any], apart: NDArray[np.bool_]) -> int:
    return int(days[np.argmax(apart)]) if apart.any() else HORIZON + 1


def _months_apart(one: Setting, other: Setting) -> NDArray[np.intp]:
    """Return for each service the first month in which the capacity of two settings differs; or how many months."""
    apart = one.rooms[:, 0] != other.rooms[:, 0]
    return np.asarray(np.where(apart.any(axis=1), np.argmax(apart, axis=1), apart.shape[1]))


def _ahead(numbers: Numbers, service: Service) -> float:
    """Return the most days ahead that a rule looks for a place: for a hearing those to the earliest, and a year."""
    looks = LISTED_AHEAD if service == Service.HEARINGS else PLACES_AHEAD
    most = max(float(np.max(np.sum([numbers.book[name] for name in each], axis=0))) for each in looks)
    return most + (YEAR if service == Service.HEARINGS else 1)


def _booked_apart(one: Setting, other: Setting) -> bool:
    """Return whether anything has been booked in one setting from the first month on in which another's capacity is."""
    months = _months_apart(one, other)
    return any(one.rooms[service, 1, month:].any() for service, month in enumerate(months))
