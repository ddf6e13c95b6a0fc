"""Costs: unit costs come from published rows with a range; amounts are worked out by hand beside the module's."""

from pathlib import Path

import pandas as pd
import pytest

from results.costs import Discount, cost_lines, discount_asked, named
from results.unit_costs import (
    TIERS,
    Amount,
    Book,
    Published,
    Row,
    SetAside,
    UnitCost,
    amount,
    published_amounts,
    read_book,
    rows_of,
    unit_costs,
)
from scenarios.reading import BadInput
from tests.comparing import pairs_in, write_small

COSTS = {(cost.key, cost.basis): cost for cost in unit_costs()}
BY = pd.Timestamp("2028-12-31")
DECISIONS = 4370 + 11355 + 393  # of the Parole Board in 2023-24, on the papers and at hearings
HELD, SPENT = 6973, 29_483_000  # oral hearings concluded, and pounds spent, in that year


def test_amounts_are_those_of_the_published_rows() -> None:
    prison, share = COSTS["prison", "average"], 2751481717 / 4181725178
    assert [prison.low, prison.value, prison.high] == pytest.approx([51724 * share, 51724, 44723 / share])
    marginal = COSTS["prison", "marginal"]
    assert [marginal.low, marginal.value, marginal.high] == [6500, 13000, 28000]
    probation = COSTS["probation", "average"]
    ends = [1340e6 / 241540 / 2, 1340e6 / 241540, 1340e6 / (5283 * 35.2)]
    assert [probation.low, probation.value, probation.high] == pytest.approx(ends)
    premises = COSTS["approved_premises", "average"]
    assert [premises.low, premises.value] == pytest.approx([26600, 26600 / 0.9097])
    fees = COSTS["hearings", "marginal"]
    assert [fees.low, fees.value, fees.high] == [320, 730, 2190]


def test_hearings_and_papers_together_cost_what_was_spent() -> None:
    hearings, papers = COSTS["hearings", "average"], COSTS["papers", "average"]
    both = [(hearings.value, papers.value), (hearings.low, papers.high), (hearings.high, papers.low)]
    for a_hearing, a_paper in both:
        assert HELD * a_hearing + (DECISIONS - HELD) * a_paper == pytest.approx(SPENT)


@pytest.mark.parametrize("cost", COSTS.values(), ids=[" ".join(key) for key in COSTS])
def test_every_unit_cost_has_a_range_a_price_year_reasons_and_sources(cost: UnitCost) -> None:
    assert cost.low < cost.high and cost.low <= cost.value <= cost.high
    assert cost.prices[:4].isdigit()
    assert all(len(reason) > 20 for reason in cost.reasons)
    assert cost.sources and all(one.tier in TIERS and one.url.startswith("http") for one in cost.sources)


def test_a_number_of_our_own_is_called_an_assumption() -> None:
    ours = [each for cost in read_book().costs for each in (cost.value, cost.low, cost.high)
            if each.times != 1 or each.halfway]  # fmt: skip
    assert len(ours) >= 8
    assert not [each.why for each in ours if not each.why.startswith("Assumption: ")]
    assert read_book().discount_rates["green-book"].why.startswith("Assumption: ")


def aside(one: SetAside, row: Row) -> bool:
    return (one.series, one.breakdown) == (row.series, row.breakdown) and one.period in ("", row.period)


def test_every_published_amount_of_money_is_used_or_set_aside() -> None:
    book = read_book()
    used = {row for cost in book.costs for row in rows_of(cost)}
    money = [row for row, one in published_amounts().items() if one.unit.startswith("GBP")]
    left = [row for row in money if row not in used and not any(aside(one, row) for one in book.set_aside)]
    assert not left
    assert not [one for one in book.set_aside if not any(aside(one, row) and row not in used for row in money)]


def published(value: float, unit: str = "GBP") -> dict[Row, Published]:
    row = Row(series="a", period="2020", breakdown="b")
    return {row: Published(row, value, unit, "A title", "https://example.org", "official", "said")}


def test_what_cannot_be_worked_out_is_refused() -> None:
    row = Row(series="a", period="2020", breakdown="b")
    assert amount(Amount(rows=[row], times=3, divided_by=[[row, row]], why="Worked out by hand."), published(8)) == 1.5
    with pytest.raises(ValueError, match="no published row a, 2021, b"):
        amount(Amount(rows=[row.model_copy(update={"period": "2021"})], why="It is not there."), published(8))
    with pytest.raises(ValueError, match="unit 'GBP/week' of a is not known"):
        amount(Amount(rows=[row], why="An unknown unit."), published(8, "GBP/week"))


def test_a_value_outside_its_range_is_refused() -> None:
    book = read_book().model_dump()
    book["costs"] = book["costs"][:1]
    book["costs"][0]["low"]["times"] = 2
    with pytest.raises(ValueError, match="prison, average: not"):
        unit_costs(Book.model_validate(book))


def test_discounting_by_hand() -> None:
    months = pd.DatetimeIndex(["2023-12-31", "2024-12-31", "2025-01-31", "2026-12-31"])
    assert Discount(0.1, "", "", 2024).factors(months).to_list() == pytest.approx([1, 1, 1 / 1.1, 1 / 1.21])
    assert Discount().factors(months).to_list() == [1, 1, 1, 1]


def test_a_discount_is_a_named_rate_or_per_cent() -> None:
    assert discount_asked("", 2024) == Discount()
    book = discount_asked("green-book", 2024)
    assert (book.rate, book.year) == (0.035, 2024) and "Green Book" in book.name
    assert discount_asked("1.5", 2024).words == "discounted at 1.5% a year to 2024"
    for bad in ("green-bok", "-1", "nan", "inf", "101"):
        with pytest.raises(BadInput, match=f"--discount must be green-book or per cent .*'{bad}'"):
            discount_asked(bad, 2024)
    with pytest.raises(BadInput, match="did you mean 'green-book'"):
        discount_asked("green-bok", 2024)


def unit(key: str, basis: str, per: str, low: float, value: float, high: float) -> UnitCost:
    return UnitCost(key, key.title(), basis, per, "2020", value, low, high, ("", "", ""), ())  # type: ignore[arg-type]


def ten_fewer(key: str, measure: str, group: str, day: pd.Timestamp, draw: int, life: int) -> float:
    """The Bill has ten fewer in prison and life + 1 more hearings a month, all through 2027 and 2028."""
    here = key == "bill" and day.year in (2027, 2028)
    return {"custody_total": 100 - 10 * here, "hearings": (life + 1) * here}.get(measure, 0.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("small"), ten_fewer)


# Two years at 10 fewer, but for half of January 2027: the mean of a month's two ends.
YEARS_2027, YEARS_2028 = -10 * 11.5 / 12, -10.0


def test_costs_by_hand(small: Path) -> None:
    costs = [unit("prison", "average", "custody_years", 500, 1000, 2000),
             unit("hearings", "average", "hearings", 1, 2, 4), unit("hearings", "marginal", "hearings", 0, 1, 1),
             unit("crime", "crime", "serious_further_offences", 1, 2, 3)]  # fmt: skip
    lines = {(named(line), line.basis): line.amount for line in cost_lines(pairs_in(small), costs, BY, Discount())}
    assert list(lines) == [
        ("Prison: person-years in prison", "average"), ("Hearings: oral hearings", "average"),
        ("Hearings: oral hearings", "marginal"), ("All that is costed, without crime", "marginal"),
        ("All that is costed, without crime", "average"),
    ]  # fmt: skip
    prison = lines["Prison: person-years in prison", "average"]
    assert prison.value.to_list() == pytest.approx([1000 * (YEARS_2027 + YEARS_2028)] * 4)
    assert prison.widest == pytest.approx((2000 * (YEARS_2027 + YEARS_2028), 500 * (YEARS_2027 + YEARS_2028)))
    hearings = lines["Hearings: oral hearings", "average"]
    assert hearings.value.to_list() == pytest.approx([48, 96, 144, 192])  # 24 months × (life + 1) × £2
    assert hearings.median == 120
    total = lines["All that is costed, without crime", "average"]
    assert total.value.to_list() == pytest.approx((prison.value + hearings.value).to_list())
    # At its lowest the sum saves most in prison and spends least on hearings.
    assert total.lowest.to_list() == pytest.approx([2000 * (YEARS_2027 + YEARS_2028) + 24 * n for n in (1, 2, 3, 4)])
    assert total.highest.to_list() == pytest.approx([500 * (YEARS_2027 + YEARS_2028) + 96 * n for n in (1, 2, 3, 4)])


def test_later_costs_are_discounted_more(small: Path) -> None:
    costs = [unit("prison", basis, "custody_years", 1, 1, 1) for basis in ("average", "marginal")]
    (line, *_) = cost_lines(pairs_in(small), costs, BY, Discount(0.5, "", "", 2026))
    assert line.amount.median == pytest.approx(YEARS_2027 / 1.5 + YEARS_2028 / 1.5**2)


def test_crime_is_costed_where_it_is_measured_and_stays_out_of_sums(tmp_path: Path) -> None:
    def more_crime(key: str, measure: str, group: str, day: pd.Timestamp, draw: int, life: int) -> float:
        return float(key == "bill" and measure == "serious_further_offences" and day.year == 2027)

    folder = write_small(tmp_path, more_crime, also=("serious_further_offences",))
    lines = cost_lines(pairs_in(folder), unit_costs(), BY, Discount())
    (crime,) = [line for line in lines if line.basis == "crime"]
    assert crime.amount.median == 12 * 39360
    assert crime.amount.widest == pytest.approx((12 * 14050, 12 * 3_200_000))
    assert all(line.amount.median == 0 for line in lines if line.cost is None)
