"""Setting: what an engine lives a world in, the same for both: the laws laid out, the people, the Board's listings."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sim import release_dates, services
from sim.days import HORIZON, NEVER
from sim.law import LAWS_KEPT, Law, Numbers
from sim.layout import laid_out
from sim.luck import keys
from sim.people import LOOKED_UP, national, sentenced_people


class Past(NamedTuple):
    """Luck that lives of one draw have in common: who was sentenced, and all that happened to them before a day.

    A fit chooses, for each draw of beliefs, a past that ends with as many people in prison and on licence as were
    counted. What came before the last count is known, and no luck of the life that is projected.
    """

    seed: int
    life: int
    before: int  # the day from which a life's luck is its own


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
        past: Past | None = None,
    ) -> None:
        """Take the laws by variant (one, or 2 to the number of groups), a seed, a life and the last day.

        `people` sets how many are sentenced (default: the book's number × scale); `scale` also multiplies
        the Parole Board's listings. With a `past`, seed and life are the luck of what comes after it.
        """
        self.last = min(last, HORIZON)
        self.numbers = _numbers(tuple(laws))
        count = national(laws[0], scale) if people is None else people
        met = past or Past(seed, life, NEVER)
        self.people = sentenced_people(laws, self.numbers, groups, met.seed, met.life, count)
        release_dates.set_court_days(self.numbers, self.people)
        self.rooms = services.rooms(laws[0], scale)
        self.own_from = met.before  # the day from which luck is this life's own
        self.own_keys = keys(seed, life, count) if past else self.people["key"].copy()
        self.own_luck(self.people["sentenced"] >= self.own_from)

    def own_luck(self, who: Any = slice(None)) -> None:
        """End the past of some people, by number: luck is from now on this life's own, and rains are looked at anew."""
        self.people["key"][who] = self.own_keys[who]
        for name in LOOKED_UP:
            self.people[name][who] = 0

    @property
    def listings(self) -> services.Listings:
        """The Board's listings, by month."""
        return services.Listings(*self.rooms[services.Service.HEARINGS])


@lru_cache(maxsize=LAWS_KEPT)
def _numbers(laws: tuple[Law, ...]) -> Numbers:
    # Many lives are lived under the same laws, and nothing writes in what was laid out.
    return laid_out(laws)
