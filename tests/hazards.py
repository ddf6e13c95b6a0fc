"""What chance may bring, case by case: a kind of person, what may befall them, and its rate by hand from the book.

Nothing here asks the rules. The rates are written from the dated values of the book, one number for each day.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios import current_law
from sim import luck
from sim.days import HORIZON, NEVER, YEAR, date_of, day_of
from sim.journal import State
from sim.law import ALWAYS, Law, Numbers
from sim.layout import laid_out
from sim.people import RECORD, Sex
from sim.rules import Turn
from sim.services import month_of
from sim.workforce import lay_out
from tests.test_conservation import amended
from tests.test_luck import Floats

Changes = tuple[tuple[str, int, float], ...]

START = 400  # of the time looked at: released, tariff served
LATER = 4_000  # in the tenth year after that
REFUSED = 4_700  # when an application to the Board was
BORN = -12_000  # 34 years before the start
DAYS = np.arange(HORIZON + 1)

# Rates high enough to tell, one of them changing, a ratio that tells a difference, and ceilings to fit.
CHANGES: Changes = (
    ("hospital_transfer_rate", ALWAYS, 0.05), ("hospital_transfer_rate", LATER, 0.15), ("removal_rate", ALWAYS, 0.1),
    ("executive_release_rate", ALWAYS, 0.6), ("suspension_rate", ALWAYS, 0.1), ("application_rate", ALWAYS, 0.7),
    ("serious_offence_rate", ALWAYS, 0.05), ("offending_ratio_after_end", ALWAYS, 0.6),
    ("not_recalled_ratio", ALWAYS, 2.0), ("not_recalled_days", ALWAYS, 1_500.0),
    ("self_inflicted_rate_licence", ALWAYS, 0.03), ("self_inflicted_rate_custody", ALWAYS, 0.02),
    ("premises_ratio", ALWAYS, 0.8), ("ceiling_common", ALWAYS, 1.4), ("ceiling_rare", ALWAYS, 0.17),
    # Supervision does nothing here but for the cases that are its own.
    ("workload_incidents", ALWAYS, 0.0), ("contact_effect", ALWAYS, 0.0), ("officer_change_ratio", ALWAYS, 0.9),
)  # fmt: skip
DENSE: Changes = (*CHANGES, ("ceiling_common", ALWAYS, 200.0), ("executive_release_rate", ALWAYS, 150.0))


@cache
def law(changes: Changes = CHANGES) -> Law:
    return amended(current_law(), *changes)


@cache
def numbers(changes: Changes = CHANGES) -> Numbers:
    return laid_out([law(changes)])


def by_day(name: str, changes: Changes = CHANGES) -> Floats:
    """A number of the book on each day; not-a-number where there is none."""
    found = np.full(HORIZON + 1, np.nan)
    for dated in law(changes).rule(name).values:
        found[max(dated.day, 0) :] = dated.value[0]
    return found


def death_rate(table: str, where: str) -> Floats:
    """Deaths a year: between the ages of the published table in proportion, and the self-inflicted."""
    ages = np.arange(20, 90, 5)
    general = np.interp((DAYS - BORN) / YEAR, ages, law().rule(table).values[0].value)
    return general * by_day(f"mortality_ratio_{where}") + by_day(f"self_inflicted_rate_{where}")


def after_the_end(name: str) -> Floats:
    """Offences a year of a man whose sentence has ended, of frailty 2."""
    return 2.0 * incident_rate(name) * by_day("offending_ratio_after_end")


def not_recalled() -> Floats:
    """The ratio to offences after an incident of day LATER that did not end in recall."""
    since = DAYS - LATER
    lasts = (since >= 0) & (since < by_day("not_recalled_days"))
    return np.where(lasts, by_day("not_recalled_ratio"), 1.0)


def incident_rate(name: str) -> Floats:
    """Incidents a year of a man released at the start, of frailty 1, without support."""
    ratios = np.array([1.0, *law().rule("time_out_ratios").values[0].value])
    return by_day(name) * ratios[np.clip((DAYS - START) / YEAR, 0, ratios.size - 1).astype(int)]


def supported() -> Floats:
    """The ratio to incidents while support stepped up at the start lasts."""
    return np.where(by_day("step_up_days") >= DAYS - START, by_day("step_up_ratio"), 1.0)


def application_rate(day: int, years: int) -> Floats:
    """Applications a year, some years after a day, until references became automatic."""
    when = date_of(day)
    opens = day_of(date(when.year + years, when.month, when.day))
    return by_day("application_rate") * (opens <= DAYS) * (by_day("reference_automatic") != 1)


def suspension_rate() -> Floats:
    """After four years on licence; after five where the four had not run when five became the rule."""
    return by_day("suspension_rate") * (DAYS - LATER >= by_day("suspension_after") * YEAR)


def executive_rate(changes: Changes = CHANGES) -> Floats:
    return by_day("executive_release_rate", changes) * (by_day("executive_release_power") == 1)


def officer_rate() -> Floats:
    """Changes of officer a year in the first region, month by month."""
    months = np.array([month_of(int(day)) for day in DAYS])
    return 0.9 * lay_out([law()]).changes[0, 0, months]


def thinner() -> Floats:
    """The ratio to breaches of an officer who is new, where changes tell half as much again, and of a home."""
    new = np.where(by_day("new_officer_days") > DAYS - START, by_day("new_officer_ratio"), 1.0)
    return new * by_day("settled_ratio")


class Case(NamedTuple):
    """Whom a turn may befall, its ceiling in the book, and its rate a year on each day."""

    turn: Turn
    state: State
    ceiling: str
    rate: Callable[[], Floats]
    fields: Mapping[str, float] = MappingProxyType({})
    changes: Changes = CHANGES
    people: int = 2_000


T, S = Turn, State
FRAIL_WOMAN = {"sex": Sex.FEMALE, "frailty": 3.0, "stepped_up": START}
CASES = {
    "death in prison": Case(
        T.DEATH, S.CLOSED, "ceiling_death", lambda: death_rate("mortality_male", "custody")
    ),
    "death of a woman on licence": Case(
        *(T.DEATH, S.LICENCE, "ceiling_death"),
        *(lambda: death_rate("mortality_female", "licence"), {"sex": Sex.FEMALE}),
    ),
    "to hospital": Case(T.TO_HOSPITAL, S.CLOSED, "ceiling_rare", lambda: by_day("hospital_transfer_rate")),
    "from hospital": Case(T.OUT_OF_HOSPITAL, S.HOSPITAL, "ceiling_common", lambda: by_day("hospital_discharge_rate")),
    "back to closed": Case(T.BACK_TO_CLOSED, S.OPEN, "ceiling_common", lambda: by_day("return_to_closed_rate")),
    "removal": Case(
        *(T.REMOVAL, S.CLOSED, "ceiling_rare"),
        *(lambda: by_day("removal_rate") * (by_day("removal_power") == 1), {"foreign": 1}),
    ),
    "removal after a long tariff": Case(
        *(T.REMOVAL, S.RECALLED_OPEN, "ceiling_rare"),
        *(lambda: by_day("removal_rate") * (DAYS > LATER), {"foreign": 1, "tariff_expiry": LATER}),
    ),
    "executive release": Case(T.EXECUTIVE_RELEASE, S.RECALLED, "ceiling_common", executive_rate),
    "executive release on most days": Case(  # in blocks of one day, of which many hold several moments
        *(T.EXECUTIVE_RELEASE, S.RECALLED, "ceiling_common", lambda: executive_rate(DENSE)),
        *({}, DENSE, 12),
    ),
    "suspension": Case(T.SUSPENSION, S.LICENCE, "ceiling_rare", suspension_rate, {"licence_since": LATER}),
    "application": Case(T.APPLICATION, S.LICENCE, "ceiling_common", lambda: application_rate(START, 10)),
    "application after a refusal": Case(
        T.APPLICATION, S.LICENCE, "ceiling_common", lambda: application_rate(REFUSED, 1), {"disposed": REFUSED}
    ),
    "charge": Case(T.CHARGE, S.LICENCE, "ceiling_charge", lambda: incident_rate("charge_rate")),
    "charge of a frail woman with support": Case(
        *(T.CHARGE, S.LICENCE, "ceiling_charge"),
        *(lambda: 3.0 * incident_rate("charge_rate") * by_day("female_incident_ratio") * supported(), FRAIL_WOMAN),
    ),
    "change of officer": Case(T.OFFICER_CHANGES, S.LICENCE, "ceiling_common", officer_rate),
    "breach with a new officer and a home": Case(
        *(T.BREACH, S.LICENCE, "ceiling_breach", lambda: incident_rate("breach_rate") * thinner()),
        {"officers": 2, "officer_since": START, "settled": 1},
    ),
    "charge after an incident without recall": Case(
        *(T.CHARGE, S.LICENCE, "ceiling_charge"),
        *(lambda: incident_rate("charge_rate") * not_recalled(), {"not_recalled_on": LATER}),
    ),
    "charge after the end": Case(
        T.CHARGE, S.TERMINATED, "ceiling_charge", lambda: after_the_end("charge_rate"), {"frailty": 2.0}
    ),
    "serious offence": Case(
        *(T.SERIOUS_OFFENCE, S.LICENCE, "ceiling_serious_offence"),
        *(lambda: incident_rate("serious_offence_rate") * not_recalled(), {"not_recalled_on": LATER}),
    ),
    "serious offence of one at little risk": Case(  # in the largest blocks
        *(T.SERIOUS_OFFENCE, S.LICENCE, "ceiling_serious_offence"),
        *(lambda: 0.2 * incident_rate("serious_offence_rate"), {"frailty": 0.2}),
        people=8_000,
    ),
    "serious offence after the end": Case(
        *(T.SERIOUS_OFFENCE, S.TERMINATED, "ceiling_serious_offence"),
        *(lambda: after_the_end("serious_offence_rate"), {"frailty": 2.0}),
    ),
    "death after the end": Case(
        T.DEATH, S.TERMINATED, "ceiling_death", lambda: death_rate("mortality_male", "licence")
    ),
    "breach": Case(T.BREACH, S.LICENCE, "ceiling_breach", lambda: incident_rate("breach_rate")),
    "breach in premises while suspended": Case(
        *(T.BREACH, S.LICENCE_AP, "ceiling_breach"),
        lambda: 0.4 * incident_rate("breach_rate") * by_day("premises_ratio") * by_day("suspended_ratio"),
        {"suspended": 1, "frailty": 0.4},
    ),
}


def people_of(case: Case) -> NDArray[np.void]:
    """The people of a case, who differ only in their luck."""
    people = np.zeros(case.people, RECORD)
    people["key"] = luck.keys(23, 2, case.people)
    plain = {"state": case.state, "frailty": 1.0, "born": BORN, "stepped_up": -NEVER, "disposed": NEVER}
    plain["not_recalled_on"] = -NEVER
    settled = dict.fromkeys(("released", "first_release", "licence_since", "tariff_expiry"), START)
    booked = dict.fromkeys(("step_day", "board_day", "rescinds_on", "move_on_day", "next_contact"), NEVER)
    booked |= dict.fromkeys(("mental_health_from", "substance_from", "psychology_from", "sentence_end"), NEVER)
    for name, value in {**plain, **settled, **booked, **case.fields}.items():
        people[name] = value
    return people


def size_of(case: Case) -> int:
    """The size of the blocks of the rain that a case meets: ceilings of incidents are for each unit of frailty."""
    frailty = case.fields.get("frailty", 1.0) if case.turn in (T.CHARGE, T.BREACH, T.SERIOUS_OFFENCE) else 1.0
    return luck.block_size(law(case.changes).rule(case.ceiling).values[0].value[0] * frailty)
