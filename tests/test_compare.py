"""Comparisons: paired differences worked out by hand, their words, the page and its file, and the command."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results.compare import checked, compared, write_comparison
from results.compare_asks import FALLBACK, Asked, answered, asks_of
from results.compare_charts import beside_chart
from results.compare_effects import days_told, effects, glance
from results.compare_page import bought
from results.compare_pairs import MEASURES, Pairs, Signs, interval, read_levels, signs, spread
from results.compare_tables import spread_grid
from results.compare_words import (
    answer,
    cost_sentence,
    how_sure,
    millions,
    money,
    room_for_another_sign,
    same_sign,
    share,
)
from results.costs import Discount, Range
from results.folder import read_told
from results.numbers import people_in
from results.slices import Slices
from results.store import write_table
from results.style import CONFIG
from results.unit_costs import read_book
from scenarios import current_law, find
from scenarios.bill import Ask
from scenarios.reading import BadInput
from tests.comparing import FOUR, NASTY, pairs_in, write_small
from tests.test_cli import Ipp, ipp, refused  # noqa: F401
from tests.test_report import Reader

DAY = pd.Timestamp("2030-12-31")
BILL, OTHER = SimpleNamespace(key="bill"), SimpleNamespace(key="other")
BIGGEST = 8_000_000  # bytes of a page


def valued(key: str, measure: str, group: str, day: pd.Timestamp, draw: int, life: int) -> float:
    """From 2028 on the Bill has life + 1 fewer people recalled and one fewer recall a month; 'other' has 20 more."""
    here = day.year >= 2028
    fewer = {"bill": (life + 1) * here, "other": -20 * here}.get(key, 0)
    stocks = {"recalled": 50 - fewer, "custody_total": 80 - fewer * (2 if day.year == 2029 else 1), "on_licence": 60}
    deaths = 2 * (group != "") + (key == "other" and group == "custody")
    flows = {"recalls": 5 - (key == "bill" and here), "deaths": deaths}
    return float((stocks | flows).get(measure, 0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("small"), valued, ("current_law", "bill", "other"))


@pytest.fixture(scope="module")
def pairs(folder: Path) -> Pairs:
    return pairs_in(folder)


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return write_comparison(folder, [BILL, OTHER]).page.read_text("utf-8")


# Pairs


def test_differences_are_life_by_life(pairs: Pairs) -> None:
    assert pairs.difference("recalled").loc[DAY].to_dict() == {(0, 0): -1, (0, 1): -2, (1, 2): -3, (1, 3): -4}
    assert pairs.draws == 2
    assert pairs.begins == pd.Timestamp("2028-01-31")


def test_person_years_are_the_mean_of_a_months_ends(pairs: Pairs) -> None:
    """2028 at 1 fewer from its January's end, 2029 at 2 fewer, 2030 at 1: half of each step falls in its month."""
    months = 11.5 * 1 + 0.5 * (1 + 2) + 11 * 2 + 0.5 * (2 + 1) + 11 * 1
    found = pairs.monthly("custody_years").sum()
    assert found[0, 0] == pytest.approx(-months / 12)
    assert found[1, 3] == pytest.approx(-4 * months / 12)


def test_a_life_without_its_pair_is_left_out_and_none_at_all_is_refused(folder: Path, pairs: Pairs) -> None:
    def only(members: list[tuple[int, int]]) -> dict[tuple[str, str], pd.DataFrame]:
        return {name: each[members] for name, each in pairs.ours.items()}

    fewer = Pairs(pairs.told, pairs.against, only([(0, 1), (1, 3)]), pairs.theirs, DAY)
    assert fewer.on("recalled", DAY).to_list() == [-2, -4]
    rest = {name: each.iloc[:, 1:] for name, each in pairs.theirs.items()}
    with pytest.raises(BadInput, match="no life of 'bill' has its pair under 'current_law'"):
        Pairs(pairs.told, pairs.against, only([(0, 0)]), rest, DAY)


def of(values: Sequence[float], draws: Sequence[int]) -> pd.Series:
    index = pd.MultiIndex.from_arrays([np.asarray(draws), np.arange(len(draws))], names=["draw", "life"])
    return pd.Series(np.asarray(values, float), index)


def test_the_spread_is_split_between_draws_and_lives_by_hand() -> None:
    # Means 2 and 6, so 16 between and 2 within as mean squares; (16 - 2) / 2 = 7.
    assert spread(of([1, 3, 5, 7], [0, 0, 1, 1])) == pytest.approx((np.sqrt(7), np.sqrt(2)))
    # Sizes 1 and 3: within (0 + 2) / 2 = 1; between 0.75 × (6 - 2)² = 12; n0 = 4 - 10 / 4 = 1.5; (12 - 1) / 1.5.
    assert spread(of([2, 5, 6, 7], [0, 1, 1, 1])) == pytest.approx((np.sqrt(11 / 1.5), 1))
    assert spread(of([1, 9, 9, 1], [0, 0, 1, 1])).draws == 0
    assert np.isnan(spread(of([1, 2], [0, 1]))).all()
    alone = spread(of([1, 3], [0, 0]))
    assert np.isnan(alone.draws) and alone.lives == pytest.approx(np.sqrt(2))


def test_the_spread_is_found_again_in_many_draws() -> None:
    luck = np.random.default_rng(3)
    draws = np.repeat(np.arange(2_000), 4)
    values = (5 * luck.standard_normal(2_000))[draws] + 2 * luck.standard_normal(len(draws))
    assert spread(of(list(values), list(draws))) == pytest.approx((5, 2), rel=0.05)


def test_signs_and_intervals() -> None:
    values = of([-1, 0, 2, 3, np.nan], [0] * 5)
    assert signs(values) == Signs(1, 1, 2)
    assert interval(of([0, 10, 20], [0] * 3)) == (10, 0.5, 19.5)


def test_only_the_rows_asked_for_are_read(tmp_path: Path) -> None:
    rows = pd.DataFrame({
        "scenario": ["a"] * 6 + ["b"] * 6, "draw": 0, "life": [0, 0, 0, 1, 1, 1] * 2, "date": pd.Timestamp(DAY),
        "measure": ["recalls", "recalls", "recalled"] * 4, "group": ["", "new charge", ""] * 4, "value": range(12),
    })  # fmt: skip
    rows = rows.astype({"scenario": "category", "measure": "category", "group": "category"})
    rows.to_parquet(tmp_path / "monthly.parquet", row_group_size=5)
    read = Slices(tmp_path)
    assert read("b", "recalls")[""].to_numpy().tolist() == [[6, 9]] and read("b", "recalls") is read("b", "recalls")
    assert read("c", "recalls") == {} and read("b", "reviews") == {}
    levels = read_levels(tmp_path, "b", ["recalls"])
    assert {name: each.to_numpy().tolist() for name, each in levels.items()} == {
        ("recalls", ""): [[6, 9]], ("recalls", "new charge"): [[7, 10]],
    }  # fmt: skip
    with pytest.raises(BadInput, match="no finished life of the scenario 'c'"):
        read_levels(tmp_path, "c", ["recalls"])
    with pytest.raises(BadInput, match="no measure 'reviews'"):
        read_levels(tmp_path, "b", ["recalls", "reviews"])


def test_what_is_kept_in_memory_has_a_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, names = Slices(folder), ("recalled", "on_licence", "recalls")
    size = read("bill", "recalled")[""].to_numpy().nbytes
    monkeypatch.setattr("results.slices.KEPT", 2 * size)
    first = [read("bill", name) for name in names]  # the first of them has to go
    assert read("bill", "recalls") is first[2] and read("bill", "on_licence") is first[1]
    again = read("bill", "recalled")
    assert again is not first[0] and again[""].equals(first[0][""])
    assert read("bill", "recalls") is not first[2]  # which was asked for before the other


def test_rows_in_any_order_make_the_same_table(folder: Path, tmp_path: Path) -> None:
    rows = pd.read_parquet(folder / "monthly.parquet")
    rows.sample(frac=1, random_state=1).to_parquet(tmp_path / "monthly.parquet", row_group_size=1000)
    for measure in ("recalled", "deaths"):
        ordered, mixed = Slices(folder)("bill", measure), Slices(tmp_path)("bill", measure)
        assert set(ordered) == set(mixed)
        for group, table in ordered.items():
            pd.testing.assert_frame_equal(table, mixed[group])
    rows[rows["life"] != 1].to_parquet(tmp_path / "monthly.parquet")
    assert [*Slices(tmp_path)("bill", "recalled")[""].columns] == [(0, 0), (1, 2), (1, 3)]


# Effects


def test_effects_by_hand(pairs: Pairs) -> None:
    found = {(each.measure, each.group): each for each in effects(pairs, DAY)}
    peak, mean = found["prison_places", "peak"], found["prison_places", "mean"]
    assert peak.values.to_list() == [-2, -4, -6, -8] and peak.note == "at the end of January 2029"
    assert mean.values.to_list() == pytest.approx([-4 / 3, -8 / 3, -4, -16 / 3]) and mean.note == "from January 2028"
    assert found["recalls", "so far"].values.to_list() == [-36] * 4
    assert found["deaths", "custody"].values.to_list() == [0] * 4
    assert "serious_further_offences" not in {measure for measure, _ in found}


def test_before_an_effect_there_is_none(pairs: Pairs) -> None:
    early = effects(pairs, pd.Timestamp("2027-12-31"))
    assert all(not each.values.any() for each in early)
    assert [each.note for each in early if each.measure == "prison_places"] == ["not yet in force"] * 2


def test_deaths_by_place_are_added_up(folder: Path) -> None:
    found = {each.group: each.values for each in effects(pairs_in(folder, "other"), DAY) if each.measure == "deaths"}
    assert list(found) == ["custody", "hospital", "licence or at large", ""]
    assert found["custody"].to_list() == [51] * 4 and not found["licence or at large"].any()


def test_the_years_told_of(pairs: Pairs) -> None:
    assert [day.year for day in days_told(pairs)] == [2027, 2030]
    assert glance(days_told(pairs)) == DAY
    assert glance([pd.Timestamp("2029-06-30")]) == pd.Timestamp("2029-06-30")


# Asks


def test_a_bill_that_does_not_ask_is_asked_about_the_recalled(pairs: Pairs) -> None:
    assert asks_of(BILL) == asks_of(SimpleNamespace(key="bill", asks=())) == [FALLBACK]
    found = answered(pairs, FALLBACK)
    assert (found.when, found.values.to_list()) == ("on 31 December 2030", [-1, -2, -3, -4])


def test_a_bill_is_asked_what_it_asks(pairs: Pairs) -> None:
    first, last = pd.Timestamp("2027-12-15").date(), pd.Timestamp("2028-03-15").date()
    said = Ask("recalls", "", last, first)
    (ask,) = asks_of(SimpleNamespace(key="bill", asks=(said,)))
    found = answered(pairs, ask)
    assert found.values.to_list() == [-2] * 4  # January and February: whole months in the window
    assert found.when == "from 1 January 2028 to 29 February 2028"
    later = answered(pairs, replace(FALLBACK, last=date(2034, 12, 31)))
    assert later.when == "on 31 December 2030"


def test_what_cannot_be_asked_is_refused(pairs: Pairs) -> None:
    said = Ask("recaled", "", DAY.date())
    with pytest.raises(BadInput, match=r"asks\.measure is not a measure: 'recaled'; did you mean 'recalled'"):
        asks_of(SimpleNamespace(key="bill", asks=(said,)))
    with pytest.raises(BadInput, match="deaths 'prison', which the run does not have; its groups are '', 'at large'"):
        answered(pairs, replace(FALLBACK, measure="deaths", group="prison"))
    with pytest.raises(BadInput, match="no whole month"):
        answered(pairs, replace(FALLBACK, last=date(2020, 1, 1)))


# Words


def test_the_answer_in_one_sentence(pairs: Pairs) -> None:
    assert answer(pairs, answered(pairs, FALLBACK)) == (
        "On 31 December 2030 there would be 2 fewer people in prison after a recall (95% interval 1 to 4 fewer) than "
        "under the current law; there are fewer in all 4 pairs of lives (a probability of over 67%)."
    )


def test_a_mean_is_told_in_its_unit() -> None:
    when, values = pd.Timestamp("2030-12-31"), of([-0.5, -0.25, -0.75], [0] * 3)
    asked = Asked(replace(FALLBACK, measure="mean_years_over_tariff"), None, when, values)
    against = SimpleNamespace(spoken="‘My law’")
    assert answer(SimpleNamespace(against=against, draws=3), asked) == (  # type: ignore[arg-type]
        "On 31 December 2030, compared with ‘My law’: mean years over tariff −0.50 years "
        "(95% interval −0.74 to −0.26); lower in all 3 lives."
    )


def test_how_sure_a_sign_is_never_says_certain() -> None:
    assert how_sure(of([-1] * 19 + [1], [0] * 20)) == "fewer in 19 of 20 lives (95%)"
    assert how_sure(of([1] * 20, [0] * 20)) == "more in all 20 lives"
    assert how_sure(of([1], [0])) == "more in the one life lived"
    assert how_sure(of([-1, 0, 1, 0], [0] * 4)) == "fewer in 1, more in 1 and the same in 2 of 4 lives"
    assert how_sure(of([np.nan], [0])) == "the run shows no value in any life"
    assert [share(199, 200), share(1, 200), share(0, 9), share(1, 2)] == ["over 99%", "under 1%", "0%", "50%"]
    assert [same_sign(of(values, [0] * 3)) for values in ([-1, -1, 0], [0, 0, 1])] == ["2 of 3", "2 of 3"]


def test_what_a_sign_that_all_share_leaves_open(pairs: Pairs) -> None:
    # 0.95 = 1 - (1 - p)^n: with 2 draws p = 1 - 0.05^(1/2) = 78%.
    assert "with 2 draws, a chance of up to 78% of another sign" in room_for_another_sign(pairs)


def test_money_in_words() -> None:
    values = [-1_234_567, 200_000_000, 2_344_000_000, 45_649, 999.6, 0, np.nan, -0.2]
    assert [money(each) for each in values] == [
        "−£1.23 million", "+£200 million", "+£2.34 billion", "+£45,600", "+£1,000", "£0", "–", "£0",
    ]  # fmt: skip
    amounts = of([-4e6, -3.2e6, -2e6], [0] * 3)
    assert millions(Range(amounts, amounts * 2, amounts * 0)) == "−3.2 (−7.92 to 0)"


def test_costs_in_one_sentence(folder: Path) -> None:
    (one,) = compared(folder, [BILL], "current_law", Discount(0.035, "", "", 2024))
    said = cost_sentence(one.totals(DAY))
    assert said.startswith("By 31 December 2030, £") and said.endswith("discounted at 3.5% a year to 2024.")
    assert "less is spent (range £" in said and "at marginal cost and £" in said
    assert "less in all 4 lives" in said


# The page and the file


def test_the_page_stands_alone(page: str) -> None:
    reader = Reader(page)
    assert len(page.encode()) < BIGGEST
    assert not [one for tag in ("script", "img", "iframe") for one in reader.all(tag) if "src" in one]
    policy = next(str(one["content"]) for one in reader.all("meta") if one.get("http-equiv"))
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy
    found = re.search(r'id="chart-config">(.*?)</script>', page)
    assert found and json.loads(found[1]) == CONFIG
    ids = [str(one["id"]) for _, one in reader.elements if "id" in one]
    targets = [str(one["href"])[1:] for one in reader.all("a") if str(one.get("href", "")).startswith("#")]
    assert len(ids) == len(set(ids)) and set(targets) <= set(ids)


def test_the_page_says_what_it_must(page: str) -> None:
    reader = Reader(page)
    text = " ".join(reader.text.split())
    assert NASTY not in page and " ".join(NASTY.split()) in text
    assert text.index("fewer in all 4 pairs of lives") < text.index("What this is, and what it cannot tell you")
    assert text.count("not modelled yet") == 1
    assert "No deflator was given" in text and "Amounts are not discounted" in text
    assert "Between draws the numbers that nobody has published differ" in text
    assert "Recalls themselves (police and administration): no unit cost" in text
    assert all(f"By {year}" in text for year in ("31 December 2027", "31 December 2030"))


def test_what_a_bill_buys_is_said_beside_its_amounts(tmp_path: Path) -> None:
    kept = [{"key": each.key, "file": "bill.yaml", "text": each.words} for each in find("officers_up").bills]
    small = write_small(tmp_path, valued, inputs={"bills": {"bill": kept}})
    written = write_comparison(small, [BILL])
    words = "Not in these amounts: what the Bill itself spends or saves on probation officers."
    assert words in written.text and words in written.page.read_text("utf-8")
    assert bought({"inputs": {"bills": {"bill": []}}}, "bill") == [] == bought({}, "bill")
    law = current_law()
    assert all(law.rule(name) for name in read_book().bought)


def test_the_number_of_people_is_that_of_the_draws(tmp_path: Path) -> None:
    small = write_small(tmp_path, valued, people_scale=0.1)
    assert people_in(small, *read_told(small)).words == "7,000 people"
    drawn = pd.DataFrame({"draw": [0, 1, 2], "people_sentenced": [7100.4, 7200.0, 7299.6]})
    write_table(small / "draws.parquet", drawn)
    assert people_in(small, *read_told(small)).words == "720 people (710 to 730 over draws)"
    page = write_comparison(small, [BILL]).page.read_text("utf-8")
    assert "A simulation of 720 people (710 to 730 over draws), lived" in page
    manifest, everything = read_told(small)
    asked = everything | {"inputs": {"asked": {"people": 7000}}}
    assert people_in(small, manifest, asked).words == "7,000 people"


def test_a_long_name_is_written_whole_in_the_picture(tmp_path: Path) -> None:
    (one, *_) = compared(write_small(tmp_path, valued), [BILL], "current_law", Discount())
    name = "A Bill with a name so long that no line of a picture in a document has room for the whole of it"
    named = one._replace(pairs=replace(one.pairs, told=one.pairs.told.model_copy(update={"name": name})))
    figure = beside_chart([named, named], "run", "compare").figure
    text = figure.layout.annotations[0].text
    assert text.replace("<br>", " ") == name and "<br>" in text
    assert figure.layout.height > beside_chart([one, one], "run", "compare").figure.layout.height


def test_every_chart_has_its_data(folder: Path, page: str) -> None:
    links = [str(one["href"]) for one in Reader(page).all("a") if str(one.get("href", "")).startswith("charts/")]
    assert links == [f"charts/compare-{name}.csv" for name in ("person-years", "places-bill", "places-other")]
    data = pd.read_csv(folder / links[1])
    assert data.loc[data["first"] == "2029-06-30", ["low", "value", "high"]].to_numpy().tolist() == [[-7.85, -5, -2.15]]


def test_the_file_is_tidy_and_the_same_each_time(folder: Path, page: str) -> None:
    table = pd.read_csv(folder / "compare.csv", keep_default_na=False)
    key = ["bill", "kind", "measure", "group", "basis", "by"]
    assert not table.duplicated(key).any()
    (row,) = table[(table["bill"] == "bill") & (table["kind"] == "asked")].to_dict("records")
    assert (float(row["median"]), float(row["low"]), float(row["high"])) == (-2.5, -3.925, -1.075)
    assert (int(row["lives"]), float(row["probability_of_sign"]), float(row["share_above"])) == (4, 1, 0)
    costs = table[table["kind"] == "cost"]
    assert set(costs["basis"]) == {"marginal", "average"} and (costs["lowest"] != "").all()
    first = (folder / "compare.csv").read_bytes()
    assert write_comparison(folder, [BILL, OTHER]).page.read_text("utf-8") == page
    assert (folder / "compare.csv").read_bytes() == first


def test_against_another_bill_the_files_are_named_by_it(folder: Path, page: str) -> None:
    written = write_comparison(folder, [BILL], "other")
    assert written.page.name == "compare-against-other.html" and written.table.name == "compare-against-other.csv"
    assert "22 fewer people in prison after a recall" in written.text and "than under ‘other by name’" in written.text
    text = written.page.read_text("utf-8")
    assert "beside-" not in text and "compare-against-other-person-years" not in text
    assert (folder / "compare.html").read_text("utf-8") == page


def test_with_one_draw_nothing_is_said_to_be_unknown(tmp_path: Path) -> None:
    folder = write_small(tmp_path, valued, members=[(0, 0), (0, 1)], also=("serious_further_offences",))
    (one,) = compared(folder, [BILL], "current_law", Discount())
    assert not spread_grid(one).rows
    text = " ".join(Reader(write_comparison(folder, [BILL]).page.read_text("utf-8")).text.split())
    assert "show chance only" in text and "not modelled yet" not in text
    assert "crime cost: median and range" in text and "they are in no sum" in text


def test_the_two_parts_of_the_spread_are_told(folder: Path) -> None:
    (one,) = compared(folder, [BILL], "current_law", Discount())
    rows = {row[0]: row[1:] for row in spread_grid(one).rows}
    # Differences -1, -2 and -3, -4: within 0.5, between (4 - 0.5) / 2 = 1.75 as variances.
    assert rows["In prison after a recall"] == ("1", "1", "78%")
    assert rows["Recalls, so far"] == ("0", "0", "no spread")


def test_what_is_not_a_run_with_these_scenarios_is_refused_and_nothing_written(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a run folder"):
        write_comparison(tmp_path, [BILL])
    small = write_small(tmp_path / "small", valued)
    with pytest.raises(BadInput, match="has not lived the scenario 'bil'; did you mean 'bill'"):
        write_comparison(small, [SimpleNamespace(key="bil")])
    with pytest.raises(BadInput, match="--discount must be"):
        write_comparison(small, [BILL], discount="much")
    (small / "monthly.parquet").write_bytes(b"not parquet")
    with pytest.raises(BadInput, match=r"monthly\.parquet cannot be read"):
        write_comparison(small, [BILL])
    (small / "monthly.parquet").unlink()
    with pytest.raises(BadInput, match=r"it has no monthly\.parquet"):
        write_comparison(small, [BILL])
    assert sorted(path.name for path in small.iterdir()) == ["run.json"]


def test_all_measures_compared_are_ones_that_are_counted() -> None:
    from results.outcomes import MEASURES as COUNTED

    assert set(MEASURES) - {"serious_further_offences", "reoffences"} <= set(COUNTED)
    assert len(FOUR) == 4


# The command


def test_a_bill_against_itself_and_unknown_names_are_refused() -> None:
    assert [bill.key for bill in checked(["one_year", "one_year"], "current_law").bills] == ["one_year"]
    with pytest.raises(BadInput, match="--against one_year is one of the Bills to compare"):
        checked(["one_year"], "one_year")


BAD: dict[str, tuple[tuple[Any, ...], str]] = {
    "unknown Bill": (("one_yeer",), "did you mean 'one_year'"),
    "unknown other": (("one_year", "--against", "law"), "there is no scenario 'law'"),
    "itself": (("one_year", "--against", "one_year"), "--against one_year"),
    "discount": (("one_year", "--discount", "green-boot"), "did you mean 'green-book'"),
    "too short": (("one_year", "--to", "2006-01-01"), "--to must be from"),
}


@pytest.mark.parametrize(("arguments", "phrase"), BAD.values(), ids=BAD.keys())
def test_bad_arguments_are_refused_before_anything_is_lived(
    ipp: Ipp,  # noqa: F811
    tmp_path: Path,
    arguments: tuple[Any, ...],
    phrase: str,
) -> None:
    said = ipp("compare", *arguments, "--out", tmp_path / "runs")
    refused(said)
    assert phrase in said.err and not list(tmp_path.iterdir())


def test_bills_are_lived_and_compared(ipp: Ipp, tmp_path: Path) -> None:  # noqa: F811
    tiny = ("--people", 60, "--lives", 1, "--draws", 1, "--workers", 1, "--to", "2027-12-31", "--out", tmp_path)
    said = ipp("compare", "one_year", "--against", "law_before_november_2024", "--discount", "green-book", *tiny)
    assert said.code == 0, said.err
    assert "Qualifying period of one year" in said.out and "under ‘The law before November 2024’" in said.out
    assert "discounted at 3.5% a year to 2024" in said.out
    page, table = (Path(line.split(": ")[1]) for line in said.out.splitlines()[-2:])
    assert page.is_file() and table.is_file() and page.name == "compare-against-law_before_november_2024.html"
    manifest = json.loads((page.parent / "run.json").read_text())
    assert [told["key"] for told in manifest["scenarios"]] == ["current_law", "law_before_november_2024", "one_year"]
