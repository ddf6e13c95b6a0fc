"""Setting: what an engine lives a world in, the same for both: the laws laid out, the people, the Board's listings."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sim import release_dates, services
from sim.days import HORIZON
from sim.law import LAWS_KEPT, Law, Numbers
from sim.layout import laid_out
from sim.people import national, sentenced_people


class Setting:
    """One law, one population, one life of luck, and the last day, before anyone has lived."""

    def __init__(
        self,
        laws: Sequence[Law],
        groups: Sequence[Any] = (),
        *,
        seed: int = 1,
        life: int = 0,
        last: int = HORIZON,
        people: int | None = None,
        scale: float = 1.0,
    ) -> None:
        """Take the laws by variant (one, or 2 to the number of groups), a seed, a life and the last day.

        `people` sets how many are sentenced (default: the book's number × scale); `scale` also multiplies
        the Parole Board's listings.
        """
        self.last = min(last, HORIZON)
        self.numbers = _numbers(tuple(laws))
        count = national(laws[0], scale) if people is None else people
        self.people = sentenced_people(laws, self.numbers, groups, seed, life, count)
        release_dates.set_court_days(self.numbers, self.people)
        self.rooms = services.rooms(laws[0], scale)

    @property
    def listings(self) -> services.Listings:
        """The Board's listings, by month."""
        return services.Listings(*self.rooms[services.Service.HEARINGS])


@lru_cache(maxsize=LAWS_KEPT)
def _numbers(laws: tuple[Law, ...]) -> Numbers:
    # Many lives are lived under the same laws, and nothing writes in what was laid out.
    return laid_out(laws)
