"""Pieces on disk: what is kept of a life comes back to the last digit, and what is spoilt is lived again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from results import runs
from results.answers import rows
from results.gather import quantiles_over_lives
from results.pieces import forget_spoilt, keep, months_of, observed_of
from results.plan import Plan
from results.runs import enacted
from sim.law import Law
from sim.people import sentenced_by_day
from sim.setting import Setting
from tests.killed import files, small


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return replace(small(tmp_path), draws=1, lives=2)


def test_numbers_come_back_as_they_were(plan: Plan) -> None:
    months = np.linspace(-1, 3, len(rows(plan.last))) / 3
    months[5] = np.nan
    keep(plan.pieces[0], months, np.array([1.5, np.nan]))
    np.testing.assert_array_equal(months_of(plan.pieces[0]), months)
    np.testing.assert_array_equal(observed_of(plan.pieces[0]), [1.5, np.nan])


def test_a_missing_number_is_the_same_bytes_whatever_its_sign(plan: Plan) -> None:
    one, other, *_ = plan.pieces
    for piece, sign in ((one, 1), (other, -1)):
        keep(piece, np.full(9, np.copysign(np.nan, sign)))
    assert one.path.read_bytes() == other.path.read_bytes()


@pytest.mark.parametrize("spoilt", [b"", b"PAR1", None, -40])
def test_a_piece_that_a_power_failure_spoilt_is_lived_again(plan: Plan, spoilt: bytes | int | None) -> None:
    def done() -> dict[str, bytes]:
        assert runs.run(plan, 1, lambda pieces, before: None, lambda piece: None, lambda text: None) == []
        return {name: content for name, content in files(plan.out).items() if not name.endswith("run.json")}

    expected, path = done(), plan.pieces[1].path
    whole = path.read_bytes()
    if isinstance(spoilt, bytes):
        path.write_bytes(spoilt)
    elif spoilt is None:
        path.write_bytes(whole[:200] + bytes(100) + whole[300:])
    else:
        path.write_bytes(whole[:spoilt])
    forget_spoilt(plan.pieces)
    assert [piece.done for piece in plan.pieces] == [piece is not plan.pieces[1] for piece in plan.pieces]
    assert done() == expected


def test_quantiles_are_those_of_numpy_to_the_last_digit() -> None:
    luck = np.random.default_rng(3)
    for lives in (1, 2, 3, 40, 101):
        values = luck.poisson(3, (50, lives)) * luck.random((50, 1))
        values[luck.random(values.shape) < 0.2] = np.nan
        values[7] = np.nan
        found = quantiles_over_lives(values)
        for row, shown in zip(found.T, (each[~np.isnan(each)] for each in values), strict=True):
            expected = np.quantile(shown, (0.025, 0.5, 0.975)) if len(shown) else np.full(3, np.nan)
            np.testing.assert_array_equal(row, expected)


def test_a_law_is_laid_out_as_it_reads_on_each_day_and_once_for_all_lives(plan: Plan) -> None:
    scenario = plan.scenarios[1]
    laws: list[Law] = enacted(scenario, plan.law)[1]
    assert enacted(scenario, plan.law)[1] is laws
    for law in laws:
        for name in law.rules:
            read = np.array([law.on(day)[name] for day in law.change_days])
            np.testing.assert_array_equal(law.records[name], read)
    one, other = (Setting(laws, people=9, life=life) for life in (0, 1))
    assert one.numbers is other.numbers and one.listings.booked is not other.listings.booked
    assert sentenced_by_day(laws[0])[-1] == pytest.approx(1)
