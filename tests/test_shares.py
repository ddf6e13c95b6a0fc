"""Shares of variance, on made differences whose shares are known."""

import numpy as np
import pandas as pd
import pytest

from results.shares import FEWEST, explained, scores, shares

COLUMNS = 30
WEIGHTS = np.array([0.8, 0.5, 0.33])


def made(
    chance: np.random.Generator, draws: int, asked: float, other: float, luck: float, lives: int = 2, bent: bool = False
) -> tuple[pd.Series, pd.DataFrame]:
    """Differences with given variances, three of thirty numbers acting; and the numbers, each in a scale of its own."""
    plain = chance.standard_normal((draws, COLUMNS))
    moved = plain[:, [0, 4, 9]] @ WEIGHTS / np.sqrt(np.sum(WEIGHTS**2))
    if bent:  # in proportion to a number that is lognormal, not to its score
        moved = (np.exp(0.4 * moved) - np.exp(0.08)) / np.sqrt(np.exp(0.16) * (np.exp(0.16) - 1))
    of_draw = np.sqrt(asked) * moved + np.sqrt(other) * chance.standard_normal(draws)
    values = of_draw[:, None] + np.sqrt(luck) * chance.standard_normal((draws, lives))
    index = pd.MultiIndex.from_product([range(draws), range(lives)], names=["draw", "life"])
    names = [f"effect_{i}" for i in range(COLUMNS)]
    numbers = pd.DataFrame(np.exp(plain * np.linspace(0.05, 0.5, COLUMNS)), columns=names)
    return pd.Series(100 * values.ravel() - 40, index), numbers


@pytest.mark.parametrize("draws", [40, 200])
@pytest.mark.parametrize(
    ("asked", "other", "luck"), [(0.0, 0.5, 0.5), (0.3, 0.3, 0.4), (0.6, 0.1, 0.3), (0.9, 0.05, 0.05), (0.2, 0.0, 0.8)]
)
def test_known_shares_are_found_within_their_errors(draws: int, asked: float, other: float, luck: float) -> None:
    chance = np.random.default_rng(draws)
    found = [shares(*made(chance, draws, asked, other, luck)) for _ in range(40)]
    errors = np.array([each.error for each in found])
    off = np.array([each.asked for each in found]) - asked
    assert abs(off.mean()) < (0.1 if draws == 40 else 0.05)
    assert np.mean(np.abs(off) <= 1.96 * errors) >= 0.85
    assert errors.mean() < (0.3 if draws == 40 else 0.12)
    assert abs(np.mean([each.chance for each in found]) - luck) < 0.05
    assert all(each.asked + each.other + each.chance == pytest.approx(1) for each in found)


def test_what_is_not_in_proportion_is_seen_but_for_a_tenth_and_never_made_more() -> None:
    chance = np.random.default_rng(2)
    found = [shares(*made(chance, 200, 0.8, 0.1, 0.1, bent=True)).asked for _ in range(40)]
    assert 0.7 < np.mean(found) < 0.82


def test_more_lives_of_a_draw_do_not_change_the_share_of_chance() -> None:
    chance = np.random.default_rng(3)
    for lives in (2, 6):
        found = [shares(*made(chance, 100, 0.4, 0.2, 0.4, lives)) for _ in range(30)]
        assert np.mean([each.chance for each in found]) == pytest.approx(0.4, abs=0.04)
        assert np.mean([each.asked for each in found]) == pytest.approx(0.4, abs=0.06)


def test_what_two_numbers_do_only_together_is_counted_with_the_other_beliefs() -> None:
    chance = np.random.default_rng(4)
    plain = chance.standard_normal((2_000, 2))
    values = pd.Series(plain.prod(axis=1), pd.MultiIndex.from_product([range(2_000), [0]], names=["draw", "life"]))
    found = shares(values, pd.DataFrame(plain, columns=["one", "other"]))
    assert found.asked < 0.02 and np.isnan(found.chance)


def test_one_life_a_draw_tells_no_chance_and_still_the_share_asked() -> None:
    values, numbers = made(np.random.default_rng(5), 200, 0.7, 0.1, 0.2, lives=1)
    found = shares(values, numbers)
    assert abs(found.asked - 0.7) < 2 * found.error
    assert np.isnan(found.chance)


def test_nothing_is_told_of_few_draws_or_of_no_difference() -> None:
    values, numbers = made(np.random.default_rng(6), FEWEST - 1, 0.5, 0.2, 0.3)
    assert np.isnan(shares(values, numbers).asked)
    values, numbers = made(np.random.default_rng(6), FEWEST, 0.5, 0.2, 0.3)
    assert not np.isnan(shares(values, numbers).asked)
    assert np.isnan(shares(values * 0, numbers).asked)


def test_numbers_that_do_not_vary_are_left_out() -> None:
    values, numbers = made(np.random.default_rng(7), 100, 0.5, 0.2, 0.3)
    with_one_more = numbers.assign(held=1.0)
    assert scores(with_one_more).shape == (100, COLUMNS)
    assert shares(values, with_one_more) == shares(values, numbers)
    assert explained(values.to_numpy()[:100], scores(numbers[[]])) == (0.0, 0.0)


def test_a_life_that_failed_is_left_out() -> None:
    values, numbers = made(np.random.default_rng(8), 100, 0.5, 0.2, 0.3)
    fewer = values.drop((3, 1)).drop(index=[(4, 0), (4, 1)])
    assert shares(fewer, numbers).asked == pytest.approx(shares(values, numbers).asked, abs=0.05)


def test_the_scale_of_the_difference_does_not_matter() -> None:
    values, numbers = made(np.random.default_rng(9), 60, 0.5, 0.2, 0.3)
    assert shares(values, numbers) == pytest.approx(shares(values * 1e-3 + 7, numbers), abs=1e-6)
