"""Outcomes: small journals with answers worked out by hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from results import outcomes, store
from results.outcomes import (
    MEASURES,
    Values,
    flow_between,
    flows,
    monthly,
    monthly_rows,
    monthly_values,
    people_recalled,
    stock_on,
    stocks,
)
from scenarios import current_law, find
from sim.compiled import CompiledWorld
from sim.days import HORIZON, day_of
from sim.journal import Event, State, Table
from tests import counted_slowly as slowly

FIELDS = [("sentenced", "i4"), ("tariff_expiry", "i4"), ("tariff_days", "i4"), ("sex", "i4"), ("offence", "i4")]
LAST = day_of(date(2019, 12, 31))
Line = tuple[int, int, Event, State, int]


def people_of(*rows: tuple[int, int, int, int]) -> NDArray[np.void]:
    """Return people from (day of sentence, tariff in days, sex, offence)."""
    return np.array([(day, day + tariff, tariff, sex, offence) for day, tariff, sex, offence in rows], FIELDS)


def journal_of(lines: list[Line]) -> Table:
    """Return a journal from (day, person, event, state after, detail), put in order of day."""
    day, person, event, state, detail = np.array(sorted(lines, key=lambda line: line[0])).T
    return Table(
        day.astype(np.int16), person.astype(np.int32), event.astype(np.int8), state.astype(np.int8),
        np.full(len(day), -1, np.int16), detail.astype(np.int16),
    )  # fmt: skip


PEOPLE = people_of((30, 365, 0, 0), (100, 1500, 1, 2), (200, 500, 0, 1), (4000, 4000, 0, 4))
LINES: list[Line] = [
    (30, 0, Event.SENTENCED, State.PRE_TARIFF, 365),
    (395, 0, Event.TARIFF_EXPIRED, State.CLOSED, 0),
    (450, 0, Event.SENT_TO_HEARING, State.CLOSED, 50),
    (500, 0, Event.HEARING_REFUSED, State.CLOSED, 20),
    (800, 0, Event.OPEN_RECOMMENDED, State.CLOSED, 10),
    (830, 0, Event.OPEN_ACCEPTED, State.OPEN, 0),
    (1200, 0, Event.RELEASE_DIRECTED_AT_HEARING, State.OPEN, 6),
    (1210, 0, Event.FIRST_RELEASED, State.LICENCE_AP, 0),
    (1300, 0, Event.MOVED_ON, State.LICENCE, 0),
    (1400, 0, Event.SUPERVISION_SUSPENDED, State.LICENCE, 0),
    (1500, 0, Event.RECALLED_NO_CHARGE, State.AT_LARGE, 0),
    (1510, 0, Event.RETURNED_TO_CUSTODY, State.RECALLED, 10),
    (1790, 0, Event.RELEASE_DIRECTED_ON_PAPERS, State.RECALLED, 0),
    (1800, 0, Event.RERELEASED_BY_BOARD, State.LICENCE, 300),
    (2600, 0, Event.SUPERVISION_SUSPENDED, State.LICENCE, 0),
    (5000, 0, Event.TERMINATED_AUTOMATICALLY, State.TERMINATED, 0),
    (100, 1, Event.SENTENCED, State.PRE_TARIFF, 1500),
    (1600, 1, Event.TARIFF_EXPIRED, State.CLOSED, 0),
    (2000, 1, Event.TO_HOSPITAL, State.HOSPITAL, 0),
    (2100, 1, Event.BACK_FROM_HOSPITAL, State.CLOSED, 100),
    (3000, 1, Event.DIED, State.DEAD, State.CLOSED),
    (200, 2, Event.SENTENCED, State.PRE_TARIFF, 500),
    (700, 2, Event.TARIFF_EXPIRED, State.CLOSED, 0),
    (890, 2, Event.RELEASE_DIRECTED_AT_HEARING, State.CLOSED, 12),
    (900, 2, Event.FIRST_RELEASED, State.LICENCE, 0),
    (1000, 2, Event.RECALLED_CHARGED, State.RECALLED, 0),
    (1005, 2, Event.RECALL_RESCINDED, State.LICENCE, 5),
    (1100, 2, Event.RECALLED_NO_CHARGE, State.RECALLED, 0),
    (1400, 2, Event.REMOVED, State.REMOVED, 0),
    (4000, 3, Event.SENTENCED, State.PRE_TARIFF, 4000),
]
TABLE = journal_of(LINES)
SUPERVISED = ("supervision_suspended", "")


@pytest.mark.parametrize(
    ("day", "measure", "group", "value"),
    [
        (29, "serving", "", 0),
        (30, "never_released", "", 1),
        (250, "never_released", "", 3),
        (250, "never_released", "female", 1),
        (250, "pre_tariff_unreleased", "", 3),
        (395, "pre_tariff_unreleased", "", 2),
        (395, "unreleased_by_years_over_tariff", "0-1", 1),
        (850, "open_never_released", "violence", 1),
        (850, "tariff_expired_unreleased", "", 2),
        (850, "unreleased_by_years_over_tariff", "1-2", 1),
        (850, "unreleased_over_tariff_by_tariff", "1-2y | <2y", 1),
        (850, "tariff_expired_unreleased_share", "", 100 * 2 / 3),
        (850, "never_released_by_tariff", "4-6y", None),
        (850, "never_released_by_tariff", ">4-6y", 1),
        (850, "never_released_by_tariff_months", "49-60", 1),
        (850, "mean_years_over_tariff", "", (455 + 150) / 2 / 365.25),
        (850, "unreleased_over_5_times_tariff", "", 0),
        (850, "short_tariff_pre_2008_unreleased", "sexual", 1),
        (950, "on_licence", "", 1),
        (1002, "recalled", "", 1),
        (1210, "in_approved_premises", "", 1),
        (1210, "ever_released", "", 2),
        (1450, *SUPERVISED, 1),
        (1450, "removed", "", 1),
        (1505, "at_large", "", 1),
        (1505, *SUPERVISED, 0),
        (1850, *SUPERVISED, 0),  # a new licence spell
        (2050, "hospital", "", 1),
        (2050, "custody_total", "", 0),
        (2650, "supervision_suspended_by_years", "3-4", 1),
        (2650, "on_licence_by_years_since_first_release", "3-4", 1),
        (2650, "tariff_expired_unreleased_share", "female", 100),
        (2650, "median_years_over_tariff", "", (2650 - 1600) / 365.25),
        (3500, "dead", "", 1),
        (4500, "serving", "", 2),
        (5500, "terminated", "", 1),
        (5500, "mean_tariff_months", "serving", 4000 / (365.25 / 12)),
        (5500, "share_tariff_2y_or_less", "sentenced to date", 50),
    ],
)
def test_stock_on_a_day(day: int, measure: str, group: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(KeyError):
            stock_on(TABLE, PEOPLE, measure, day, group)
    else:
        assert stock_on(TABLE, PEOPLE, measure, day, group) == pytest.approx(value)


@pytest.mark.parametrize(
    ("first", "last", "measure", "group", "value"),
    [
        (0, LAST, "sentenced", "", 4),
        (30, 100, "sentenced", "", 2),
        (31, 99, "sentenced", "", 0),
        (0, LAST, "first_releases", "", 2),
        (0, LAST, "recalls", "", 3),
        (0, LAST, "recalls", "no new charge", 2),
        (0, LAST, "people_recalled", "", 2),
        (1000, 1100, "people_recalled", "", 1),
        (0, LAST, "rereleases", "", 1),
        (0, LAST, "rereleases", "board", 1),
        (0, LAST, "recalls_rescinded", "", 1),
        (0, LAST, "months_recalled_sum", "", 300 / (365.25 / 12)),
        (0, LAST, "mean_months_recalled", "", 300 / (365.25 / 12)),
        (0, LAST, "hearings", "", 4),
        (0, LAST, "hearings", "never released", 4),
        (0, LAST, "papers_decided", "", 1),
        (0, LAST, "parole_outcomes", "release", 3),
        (0, LAST, "parole_outcomes", "stay", 1),
        (0, LAST, "first_hearing_outcomes", "release directed", 1),
        (0, LAST, "first_hearing_outcomes", "not directed", 1),
        (0, LAST, "mean_days_review_late", "", 48 / 5),
        (0, LAST, "mean_days_to_listing", "", 50),
        (0, LAST, "deaths", "custody", 1),
        (0, LAST, "deaths", "hospital", 0),
        (0, LAST, "deaths_never_released_by_years_over_tariff", "3-4", 1),
        (0, LAST, "deaths_never_released_by_years_over_tariff", "within tariff", 0),
        (0, LAST, "terminations", "automatic", 1),
        (0, LAST, "suspensions", "", 2),
        (0, LAST, "removals", "", 1),
    ],
)
def test_flow_between_days(first: int, last: int, measure: str, group: str, value: float) -> None:
    assert flow_between(TABLE, PEOPLE, measure, group, first, last) == pytest.approx(value)


def test_nothing_happened_is_no_mean() -> None:
    assert np.isnan(flow_between(TABLE, PEOPLE, "mean_months_recalled", "", 0, 100))
    assert np.isnan(stock_on(TABLE, PEOPLE, "tariff_expired_unreleased_share", 10))


def test_a_grant_in_custody_is_one_grant() -> None:
    early = [
        (10, 0, Event.SENTENCED, State.PRE_TARIFF, 1),
        (900, 0, Event.TERMINATION_GRANTED_IN_CUSTODY, State.RECALLED, 0),
        (950, 0, Event.TERMINATED_BY_BOARD, State.TERMINATED, 0),
        (960, 1, Event.TERMINATED_BY_BOARD, State.TERMINATED, 0),
    ]
    assert flow_between(journal_of(early), PEOPLE, "termination_grants", "", 0, 1000) == 2
    assert flow_between(journal_of(early), PEOPLE, "terminations", "board", 0, 1000) == 2


def wide(table: Table = TABLE) -> pd.DataFrame:
    """Return the monthly table with a column for each (measure, group)."""
    return monthly(table, PEOPLE, LAST).pivot(index="date", columns=["measure", "group"], values="value")


def test_months_run_from_april_2005_to_the_end() -> None:
    months = wide().index
    assert (months[0], months[-1], len(months)) == (pd.Timestamp("2005-04-30"), pd.Timestamp("2019-12-31"), 177)
    assert wide()["sentenced", ""].sum() == 4
    starts, ends = outcomes.month_ends(day_of(date(2024, 10, 15)), day_of(date(2025, 1, 30)))
    assert (list(starts), list(ends)) == (
        [day_of(date(2024, 10, 1)), day_of(date(2024, 11, 1)), day_of(date(2024, 12, 1))],
        [day_of(date(2024, 10, 31)), day_of(date(2024, 11, 30)), day_of(date(2024, 12, 31))],
    )


def test_every_month_agrees_with_stock_on_and_flow_between() -> None:
    table, ends = wide(), outcomes.month_ends(0, LAST)
    for start, end in list(zip(*ends, strict=True))[::17]:
        at = table.loc[pd.Timestamp(date(2005, 4, 4)) + pd.Timedelta(days=int(end))]
        for measure in ("never_released", "on_licence", "serving"):
            assert at[measure, ""] == stock_on(TABLE, PEOPLE, measure, int(end))
        for measure in ("recalls", "first_releases", "deaths"):
            assert at[measure, ""] == flow_between(TABLE, PEOPLE, measure, "", int(start), int(end))


def test_everyone_sentenced_is_somewhere() -> None:
    table = wide()
    states = ("never_released", "recalled", "hospital", "on_licence", "at_large", "terminated", "removed", "dead")
    each = np.array([table[state, ""] for state in states])
    assert np.array_equal(each.sum(0), table["sentenced", ""].cumsum())
    assert np.array_equal(each[:5].sum(0), table["serving", ""])
    over = table.xs("unreleased_by_years_over_tariff", axis=1, level="measure").to_numpy().sum(1)
    assert np.array_equal(over, table["tariff_expired_unreleased", ""])
    quarters = np.array([when.month % 3 == 0 for when in table.index])
    cross = table.xs("unreleased_over_tariff_by_tariff", axis=1, level="measure").to_numpy()
    assert np.array_equal(cross[quarters].sum(1), over[quarters])
    assert np.isnan(cross[~quarters]).all()


def test_stocks_change_by_what_came_in_less_what_went_out() -> None:
    table = wide()
    inside = table["sentenced", ""] + table["hospital_returns", ""] - table["hospital_transfers", ""]
    inside -= table["first_releases", ""] + table["deaths", "custody never released"]
    assert (table["never_released", ""].diff().iloc[1:] == inside.iloc[1:]).all()
    licence = table["first_releases", ""] + table["rereleases", ""] + table["recalls_rescinded", ""]
    licence -= table["recalls", ""] + table["terminations", ""]
    assert (table["on_licence", ""].diff().iloc[1:] == licence.iloc[1:]).all()


def world(scenario: str, people: int | None, life: int) -> tuple[Table, NDArray[np.void]]:
    """Return the journal and people of a world lived to 2034."""
    groups, laws = find(scenario).laws(current_law())
    lived = CompiledWorld(laws, groups, life=life, people=people, last=day_of(date(2034, 12, 31)))
    return lived.live(), lived.people


def assert_same(found: Values, expected: Values) -> None:
    """Fail with the first key, in the order counted, whose values differ: in whole numbers at all, else by 1e-9."""
    assert sorted(found) == sorted(expected)
    for key, values in expected.items():
        exact = MEASURES[key[0]].kind in ("stock", "flow") and key[0] != "months_recalled_sum"
        np.testing.assert_allclose(found[key], values, rtol=0, atol=0 if exact else 1e-9, err_msg=str(key))


WORLDS = [
    ("current_law", 1, 3), ("current_law", 80, 0), ("one_year", 150, 1), ("law_before_november_2024", 200, 2),
    ("current_law", None, 0),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "people", "life"), WORLDS)
def test_compiled_counts_are_those_of_numpy(scenario: str, people: int | None, life: int) -> None:
    table, persons = world(scenario, people, life)
    starts, ends = outcomes.month_ends(0, day_of(date(2034, 12, 31)))
    assert_same(stocks(table, persons, ends), slowly.stocks(table, persons, ends))
    assert_same(flows(table, persons, starts, ends), slowly.flows(table, persons, starts, ends))
    assert sum(flows(table, persons, [0], [HORIZON])["sentenced", ""]) == len(persons)


def test_compiled_counts_are_those_of_numpy_on_any_days_and_in_any_windows() -> None:
    table, persons = world("one_year", 300, 4)
    chance = np.random.default_rng(5)
    days = np.sort(np.concatenate([[-400, -1, 0, 0, HORIZON, HORIZON + 500], chance.integers(0, HORIZON, 60)]))
    windows = np.sort(chance.integers(-100, HORIZON, (2, 80)), axis=0)
    windows[:, 0], windows[:, 1] = (-200, HORIZON + 500), (4000, 4000)
    for lines, who in ((table, persons), (TABLE, PEOPLE)):
        assert_same(stocks(lines, who, days), slowly.stocks(lines, who, days))
        assert_same(flows(lines, who, *windows), slowly.flows(lines, who, *windows))
        people = [slowly.people_recalled(lines, *window) for window in windows.T.tolist()]
        assert people_recalled(lines, *windows).tolist() == people


def test_the_middle_of_an_even_number_is_half_way() -> None:
    people = people_of(*((0, tariff, 0, 0) for tariff in (100, 200, 300, 1000)))
    table = journal_of([(0, n, Event.SENTENCED, State.PRE_TARIFF, 0) for n in range(4)])
    years = [stock_on(table, people, "median_years_over_tariff", day) * 365.25 for day in (50, 100, 250, 999, 1000)]
    assert years == pytest.approx([np.nan, 0, (150 + 50) / 2, 799, (800 + 700) / 2], nan_ok=True)


def test_values_stand_in_the_rows_that_are_named_without_a_life() -> None:
    rows = monthly_rows(LAST, day_of(date(2012, 5, 20)))
    values = monthly_values(TABLE, PEOPLE, LAST, day_of(date(2012, 5, 20)))
    assert (rows["date"].min(), len(rows)) == (pd.Timestamp("2012-05-31"), len(values))
    pd.testing.assert_frame_equal(rows.assign(value=values), monthly(TABLE, PEOPLE, LAST, day_of(date(2012, 5, 20))))
    found = rows.assign(value=values).set_index(["measure", "group", "date"])["value"]
    whole = monthly(TABLE, PEOPLE, LAST).set_index(["measure", "group", "date"])["value"]
    pd.testing.assert_series_equal(found, whole.loc[found.index])
    assert not rows.duplicated().any()
    rows.loc[:, "measure"] = "spoilt"
    assert set(monthly_rows(LAST)["measure"]) == set(MEASURES)


def test_threads_count_what_one_alone_counts() -> None:
    worlds = [world("current_law", 60, life) for life in range(8)]
    alone = [monthly_values(each[0], each[1], LAST).tobytes() for each in worlds]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: monthly_values(each[0], each[1], LAST).tobytes(), worlds)) == alone


def test_counting_changes_nothing_that_it_is_given() -> None:
    table, persons = world("current_law", 40, 1)
    before = [np.asarray(each).tobytes() for each in (*table, persons)]
    monthly_values(table, persons, LAST)
    assert [np.asarray(each).tobytes() for each in (*table, persons)] == before


def test_order_within_the_file_does_not_matter_across_days() -> None:
    shuffled = np.random.default_rng(1).permutation(len(TABLE.day))
    mixed = Table._make(column[shuffled] for column in TABLE)
    pd.testing.assert_frame_equal(wide(mixed), wide())


def test_tariffs_of_whole_months_stay_on_their_side_of_an_edge() -> None:
    days = [729, 730, 731, 1461, 1462, 1465, 2192, 3653, 3660]
    bands = outcomes.tariff_band(people_of(*((0, tariff, 0, 0) for tariff in days)))
    assert [outcomes.TARIFF[band] for band in bands] == [
        "2-4y", "2-4y", "2-4y", "2-4y", "2-4y", ">4-6y", ">4-6y", ">6-10y", ">10y",
    ]  # fmt: skip


def test_the_dictionary_says_what_every_measure_is() -> None:
    assert set(monthly(TABLE, PEOPLE, LAST)["measure"]) == set(MEASURES)
    dictionary = store.data_dictionary()
    assert list(dictionary["measure"]) == list(MEASURES)
    assert set(dictionary["kind"]) <= {"stock", "flow", "share", "mean"}
    assert set(dictionary["over"]) == {"day", "window"}
    assert dictionary["meaning"].str.endswith(".").all()


def test_an_empty_life_is_all_noughts() -> None:
    empty = Table._make(column[:0] for column in TABLE)
    table = monthly(empty, PEOPLE, LAST)
    assert table.loc[table["measure"].isin(["never_released", "recalls", "serving"]), "value"].eq(0).all()


@pytest.mark.parametrize("name", ["months.parquet", "months.csv"])
def test_tables_come_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    table, path = monthly(TABLE, PEOPLE, LAST), tmp_path / "deep" / name
    store.write_table(path, table)
    first = path.read_bytes()
    store.write_table(path, table)
    assert path.read_bytes() == first
    pd.testing.assert_frame_equal(store.read_table(path), table, atol=1e-6)
    assert [file.name for file in path.parent.iterdir()] == [name]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    store.write_manifest(path, {"seed": 1})
    with pytest.raises(TypeError):
        store.write_manifest(path, {"seed": object()})
    assert store.read_manifest(path) == {"seed": 1}
    assert path.read_text() == '{\n  "seed": 1\n}\n'
    with pytest.raises(ValueError, match=r"\.parquet or \.csv"):
        store.write_table(tmp_path / "table.xlsx", pd.DataFrame())


def test_journals_come_back_in_the_same_widths(tmp_path: Path) -> None:
    store.write_journal(tmp_path / "journal.parquet", TABLE)
    back = store.read_journal(tmp_path / "journal.parquet")
    for name in Table._fields:
        assert getattr(back, name).dtype == getattr(TABLE, name).dtype
        assert np.array_equal(getattr(back, name), getattr(TABLE, name))


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (0.25, "0.25"), (-4 / 3, "-1.333333"), (-1e-9, "0"), (8711, "8711"), (100, "100")]
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert store.said_number(value) == text
