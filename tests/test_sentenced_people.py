"""Who was sentenced: when, how many of them, and with what tariffs, as the beliefs about it say."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios import current_law
from sim.days import MONTH, YEAR, day_of
from sim.law import ALWAYS
from sim.people import sentenced_by_day
from sim.setting import Setting
from tests.test_conservation import amended

PINNED_TO = day_of(date(2010, 6, 5))  # the first day of which only the total is known
ABOLISHED = day_of(date(2012, 12, 3))
A_CHOICE = day_of(date(2008, 7, 14))
SOME = 20_000


def numbers(*changes: tuple[str, float]) -> NDArray[np.float64]:
    """How many are sentenced on each day under beliefs changed so."""
    law = amended(current_law(), *((name, ALWAYS, value) for name, value in changes))
    return np.diff(sentenced_by_day(law), prepend=0) * law.records["people_sentenced"][0]


def median_tariffs(rise: float) -> tuple[float, float]:
    """The median tariff, in months, of those sentenced before and since courts had a choice."""
    changed = amended(current_law(), ("tariff_rise", A_CHOICE, rise), ("tariff_floor_bites", ALWAYS, 0.0))
    people = Setting([changed], people=SOME, seed=3).people
    late = people["sentenced"] >= A_CHOICE
    return tuple(float(np.median(people["tariff_days"][one])) / MONTH for one in (~late, late))  # type: ignore[return-value]


def test_all_are_sentenced_however_they_are_spread() -> None:
    for name, value in (("people_per_reception", 0.9), ("sentencing_decline", 2.0), ("people_sentenced", 6_800.0)):
        found = numbers((name, value))
        assert found.sum() == pytest.approx(value if name == "people_sentenced" else 7_000.0)
        assert (found >= 0).all()


def test_who_was_not_sentenced_by_june_2010_was_sentenced_after_it() -> None:
    as_received, fewer = numbers(), numbers(("people_per_reception", 0.9))
    np.testing.assert_allclose(fewer[:PINNED_TO], 0.9 * as_received[:PINNED_TO])
    left = as_received[:PINNED_TO].sum() * 0.1
    assert fewer[PINNED_TO:].sum() == pytest.approx(as_received[PINNED_TO:].sum() + left)


@pytest.mark.parametrize("decline", [0.0, 0.5, 1.5])
def test_the_number_sentenced_falls_at_the_rate_believed_until_the_sentence_is_abolished(decline: float) -> None:
    late = numbers(("sentencing_decline", decline))[PINNED_TO:ABOLISHED]
    assert late[-1] / late[0] == pytest.approx(np.exp(-decline * (len(late) - 1) / YEAR))
    np.testing.assert_array_equal(late[1:] <= late[:-1] * (1 + 1e-9), True)


def test_the_decline_moves_nobody_sentenced_before() -> None:
    slow, fast = numbers(("sentencing_decline", 0.1)), numbers(("sentencing_decline", 2.0))
    np.testing.assert_allclose(slow[:PINNED_TO], fast[:PINNED_TO])
    assert slow[ABOLISHED - 365 : ABOLISHED].sum() > 3 * fast[ABOLISHED - 365 : ABOLISHED].sum()


def test_none_is_sentenced_when_the_convicted_have_been() -> None:
    found = numbers()
    assert 0 < found[ABOLISHED:].sum() < found[ABOLISHED - 365 : ABOLISHED].sum() / 4
    assert found[day_of(date(2013, 4, 1)) :].sum() == 0


def test_the_rise_lengthens_the_tariffs_of_those_sentenced_since_and_of_no_others() -> None:
    level, higher = median_tariffs(0.0), median_tariffs(0.5)
    assert higher[0] == level[0]
    assert higher[1] == pytest.approx(level[1] * np.exp(0.5), rel=0.01)
