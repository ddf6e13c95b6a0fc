"""The middle tariff expiry found in counts by day, beside numpy's median of the same people."""

import numpy as np
import pytest

from results.counting.middle import BLOCK, mark, middle_expiry, middle_of

DAYS, PEOPLE = 30, 400


@pytest.mark.parametrize(("people", "earliest", "latest"), [
    (PEOPLE, 0, 9_000), (PEOPLE, -500, 5), (PEOPLE, 7, 7), (PEOPLE, 0, BLOCK - 1), (3, 0, 2 * BLOCK), (1, 0, BLOCK),
])  # fmt: skip
def test_the_middle_is_the_median_of_those_there(people: int, earliest: int, latest: int) -> None:
    some = np.random.default_rng(people + latest)
    expiry = some.integers(earliest, latest, people, endpoint=True)
    joins, leaves = np.sort(some.integers(1, DAYS + 1, (2, people)), axis=0)
    middle = middle_of(0, DAYS, people)
    for stay in zip(joins, leaves, expiry, strict=True):
        mark(middle, *map(int, stay))
    there = [expiry[(joins <= day) & (day < leaves)] for day in range(DAYS)]
    assert not len(there[0])
    assert any(map(len, there))
    expected = [np.median(each) if len(each) else np.nan for each in there]
    np.testing.assert_array_equal(middle_expiry(middle), expected)


def test_of_nobody_there_is_no_middle() -> None:
    assert np.isnan(middle_expiry(middle_of(0, DAYS, 0))).all()
    assert not len(middle_expiry(middle_of(0, 0, 0)))
