"""People: who was sentenced, when, with what tariff, and how they differ."""

from collections.abc import Sequence
from ctypes import Structure, c_double, c_int16, c_int32, c_uint64
from enum import IntEnum
from functools import lru_cache
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import compiled, told
from sim.days import HORIZON, MONTH, NEVER, YEAR
from sim.journal import State
from sim.law import LAWS_KEPT, Law, Numbers
from sim.luck import normal, person_key, u
from sim.purpose import Purpose


class Sentence(IntEnum):
    """The sentence: as an adult (s.225), as a child (s.226), or both on different occasions."""

    IPP = 0
    DPP = 1
    MIXED = 2


class Sex(IntEnum):
    """Sex as recorded."""

    MALE = 0
    FEMALE = 1


class Offence(IntEnum):
    """Group of the index offence."""

    VIOLENCE = 0
    SEXUAL = 1
    ROBBERY = 2
    ARSON = 3
    OTHER = 4


CHANCES = 12  # kinds of turn that chance may bring


class Person(Structure):
    """One person's record: who they are, and where they stand. Days are day numbers; NEVER where not yet.

    It shares its memory with one row of the array that the compiled rules read.
    """

    _fields_ = (
        ("key", c_uint64),
        ("readiness", c_double),  # standard normal: how soon the Board is satisfied, others being equal
        ("frailty", c_double),  # mean 1: how often incidents befall them on licence
        # Of each kind of turn that chance may bring, by its place in rules.CHANCES: the next moment of its rain.
        ("moment_luck", c_double * CHANCES),  # its mark × the rain's density
        ("moment_day", c_int16 * CHANCES),
        ("moment_after", c_int16 * CHANCES),  # no other lies after this day and before that one
        ("number", c_int32),
        ("variant", c_int32),  # which of the scenario's laws applies to them
        ("sex", c_int32),
        ("sentence", c_int32),
        ("offence", c_int32),
        ("foreign", c_int32),  # liable to removal
        ("other_life", c_int32),  # serves another life sentence, so s.31A does not apply
        ("born", c_int32),
        ("sentenced", c_int32),
        ("tariff_days", c_int32),
        ("tariff_expiry", c_int32),  # of the tariff in force: a later sentence puts it off, on its own day
        ("sentenced_again", c_int32),  # the day of a later sentence, if they are still inside and never released
        ("state", c_int32),
        ("since", c_int32),  # the day that state began
        ("step", c_int32),  # the pending step of the review, a rules.Turn
        ("step_day", c_int32),
        ("review_due", c_int32),
        ("reviews", c_int32),
        ("hearings", c_int32),
        ("recalls", c_int32),
        ("releases", c_int32),
        ("transfers", c_int32),
        ("first_release", c_int32),
        ("released", c_int32),  # the last release
        ("licence_since", c_int32),  # the start of the licence's unbroken run
        ("kept_since", c_int32),  # what that start was before the last revocation
        ("recalled_on", c_int32),
        ("move_on_day", c_int32),
        ("references", c_int32),
        ("board_day", c_int32),  # when the Board decides a pending reference
        ("disposed", c_int32),  # when it last disposed of one
        ("requests", c_int32),  # in this licence spell
        ("waived", c_int32),  # the Board has ended the licence; it takes effect at release
        ("suspended", c_int32),  # the supervision requirement is suspended
        ("rescinds_on", c_int32),
        ("stepped_up", c_int32),  # the last day on which extra support was put in place
        ("region", c_int32),  # of probation, in the order of the book's lists
        ("mental_health_need", c_int32),
        ("substance_need", c_int32),
        ("settled", c_int32),  # came out to settled accommodation
        ("prepared", c_int32),  # came out prepared
        ("no_bed", c_int32),  # no approved premises had a bed in time
        ("officers", c_int32),  # since the last release
        ("officer_since", c_int32),
        ("mental_health_from", c_int32),  # the first day of treatment in this spell on licence
        ("substance_from", c_int32),
        ("psychology_from", c_int32),
        ("next_contact", c_int32),  # where appointments are lived one by one
        ("recall_over", c_int32),  # the gravest incident over which a recall is sought, a rules.Incident
        ("recalled_charged", c_int32),  # the last recall was on a new charge
        ("returned", c_int32),  # when they came back to prison after it
        ("release_by", c_int32),  # the day of release that a review or a court has fixed
        ("court_day", c_int32),  # when a court resentences them, if the law then says so
        ("sentence_end", c_int32),  # when a determinate sentence has been served: NEVER unless resentenced
        ("not_recalled_on", c_int32),  # the last incident that did not end in recall
        ("followed_to", c_int32),  # the last day on which one whose sentence has ended is followed
    )

    @property
    def serving(self) -> bool:
        """Whether the sentence still runs."""
        return bool(self.state < State.TERMINATED)

    @property
    def on_licence(self) -> bool:
        """Whether they are in the community on licence."""
        return on_licence(self)


RECORD = np.dtype(Person)
LOOKED_UP = {"moment_luck", "moment_day", "moment_after"}  # what `coming` found of the rains, under the law of all days


@told
def on_licence(person: Any) -> bool:
    """Return whether a person is in the community on licence."""
    return bool(person.state == State.LICENCE or person.state == State.LICENCE_AP)


@told
def ever_released(person: Any) -> bool:
    """Return whether a person has been released at some time."""
    return bool(person.first_release < NEVER)


@told
def is_open(person: Any) -> bool:
    """Return whether a person is in open conditions."""
    return bool(person.state == State.OPEN or person.state == State.RECALLED_OPEN)


@told
def is_recalled(person: Any) -> bool:
    """Return whether a person is in prison on recall."""
    return bool(person.state == State.RECALLED or person.state == State.RECALLED_OPEN)


@lru_cache(maxsize=LAWS_KEPT)
def sentenced_by_day(law: Law) -> NDArray[np.float64]:
    """Return the share of all people sentenced by the end of each day, shape (HORIZON + 1,).

    Up to the last published stock that pins it, the density is the rule `people_sentenced_per_year` times
    `people_per_reception`; the rest of `people_sentenced` is spread after it in proportion to that rule, falling by
    `sentencing_decline`.
    """
    lengths = np.diff([*law.change_days, HORIZON + 1])
    rate = np.repeat(law.records["people_sentenced_per_year"], lengths) / YEAR
    power = np.repeat(law.records["sentence_power"], lengths) == 1
    rate *= np.minimum.accumulate(power)  # once the sentence is abolished nothing brings it back: the total is known
    pinned = np.repeat(law.records["people_sentenced_pinned"], lengths) == 1
    falls = np.repeat(law.records["sentencing_decline"], lengths) / YEAR
    rate *= np.exp(-np.cumsum(np.where(pinned, 0.0, falls)))
    rate[pinned] *= law.records["people_per_reception"][0]
    left = law.records["people_sentenced"][0] - rate[pinned].sum()
    after = rate[~pinned].sum()
    rate = np.where(pinned, rate, rate * (max(0.0, left) / after if after else 0.0))
    total = rate.sum()
    return np.asarray(np.cumsum(rate) / total) if total else np.ones(len(rate))


@compiled
def one_of(shares: Any, luck: float) -> int:
    """Return the place in `shares` (which add to 1) where `luck` in [0, 1) falls."""
    total = 0.0
    for place in range(len(shares) - 1):
        total += shares[place]
        if luck < total:
            return place
    return len(shares) - 1


@compiled
def tariff_days(law: Any, key: int) -> int:
    """Return a tariff in days: lognormal, and lifted to the floor that the law of the day sets where that bites.

    A tariff runs from the day of sentence, and the days on remand before it count: so one that the floor lifts ends
    that much sooner.
    """
    months = law.tariff_median_months * exp(law.tariff_rise + law.tariff_spread * normal(key, Purpose.TARIFF))
    if u(key, Purpose.TARIFF_FLOOR, 0) < law.tariff_floor_bites:
        remand = -law.remand_months * log(1.0 - u(key, Purpose.REMAND, 0))
        months = max(months, law.tariff_floor_months - remand)
    return int(round(months * MONTH))


@compiled
def later_sentence(numbers: Numbers, law: Any, key: int, sentenced: int) -> int:
    """Return the day of a later sentence of the same kind: NEVER for most people.

    None could be passed once the power to pass it was gone. One passed on the day of the first changes nothing.
    """
    if u(key, Purpose.LATER_SENTENCE, 0) >= law.later_sentence_share:
        return NEVER
    years = -law.later_sentence_years * log(1.0 - u(key, Purpose.LATER_SENTENCE_DAYS, 0))
    later = min(HORIZON, sentenced + int(round(years * YEAR)))
    power = numbers.book[numbers.regime_of[0, later]].sentence_power == 1
    return later if power and later > sentenced else NEVER


@compiled
def age_at_sentence(law: Any, key: int, sentence: int) -> float:
    """Return the age in years on the day of sentence; those sentenced as children were 14 to 17."""
    if sentence == Sentence.DPP:
        return law.child_age_low + (law.adult_age - law.child_age_low) * u(key, Purpose.AGE, 0)
    return law.adult_age + law.age_median_over_adult * exp(law.age_spread * normal(key, Purpose.AGE))


@compiled
def draw(numbers: Numbers, cumulative: Any, people: Any, seed: int, life: int) -> None:
    """Fill `people` in place with who they are in one life; each person's luck is their own alone."""
    for number in range(len(people)):
        person = people[number]
        key = person_key(seed, life, number)
        sentenced = int(np.searchsorted(cumulative, u(key, Purpose.SENTENCED, 0), "right"))
        law = numbers.book[numbers.regime_of[0, sentenced]]
        person.key, person.number, person.sentenced, person.state = key, number, sentenced, State.UNSENTENCED
        person.sentence = one_of(law.sentence_shares, u(key, Purpose.SENTENCE, 0))
        person.sex = one_of(law.sex_shares, u(key, Purpose.SEX, 0))
        person.offence = one_of(law.offence_shares, u(key, Purpose.OFFENCE, 0))
        person.foreign = u(key, Purpose.FOREIGN, 0) < law.foreign_share
        person.other_life = u(key, Purpose.OTHER_LIFE, 0) < law.other_life_share
        person.born = sentenced - int(age_at_sentence(law, key, person.sentence) * YEAR)
        person.tariff_days = tariff_days(law, key)
        person.tariff_expiry = min(NEVER - 1, sentenced + person.tariff_days)
        person.sentenced_again = later_sentence(numbers, law, key, sentenced)
        person.readiness = normal(key, Purpose.READINESS)
        mixed = law.frailty_with_readiness * person.readiness
        mixed += (1 - law.frailty_with_readiness**2) ** (1 / 2) * normal(key, Purpose.FRAILTY)
        person.frailty = exp(law.frailty_spread * mixed - law.frailty_spread**2 / 2)
        person.step_day = person.board_day = person.disposed = person.move_on_day = NEVER
        person.first_release = person.released = person.licence_since = person.kept_since = NEVER
        person.recalled_on = person.review_due = person.rescinds_on = NEVER
        person.stepped_up = person.not_recalled_on = -NEVER
        person.followed_to = NEVER
        person.region = one_of(law.region_shares, u(key, Purpose.REGION, 0))
        person.mental_health_need = u(key, Purpose.MENTAL_HEALTH_NEED, 0) < law.mental_health_need_share
        person.substance_need = u(key, Purpose.SUBSTANCE_NEED, 0) < law.substance_need_share
        person.mental_health_from = person.substance_from = person.psychology_from = person.next_contact = NEVER
        person.returned = person.release_by = person.court_day = person.sentence_end = NEVER


def in_group(people: NDArray[np.void], group: Any) -> NDArray[np.bool_]:
    """Return which people a Bill's `applies_to` covers, shape (people,): names and tariff bounds in years."""
    covered = np.ones(len(people), bool)
    for field, names in (("sentence", Sentence), ("sex", Sex), ("offence", Offence)):
        wanted = getattr(group, field)
        if wanted:
            covered &= np.isin(people[field], [names[name.upper()] for name in wanted])
    if group.tariff_years_below is not None:
        covered &= people["tariff_days"] < group.tariff_years_below * YEAR
    if group.tariff_years_at_least is not None:
        covered &= people["tariff_days"] >= group.tariff_years_at_least * YEAR
    return covered


def sentenced_people(
    laws: Sequence[Law], numbers: Numbers, groups: Sequence[Any], seed: int, life: int, people: int
) -> NDArray[np.void]:
    """Return the records of `people` people in one life, with the variant of the law that covers each."""
    records = np.zeros(people, RECORD)
    draw(numbers, sentenced_by_day(laws[0]), records, seed, life)
    for bit, group in enumerate(groups):
        records["variant"] += in_group(records, group) << bit
    return records


def national(law: Law, scale: float = 1.0) -> int:
    """Return how many people the law's book says were sentenced, times `scale`."""
    return int(round(law.why("people_sentenced", 0).value[0] * scale))
