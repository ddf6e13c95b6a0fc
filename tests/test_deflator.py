"""Deflator: indices worked out by hand, every unit cost in the prices of one year, and what is refused."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from results.compare import checked, kept, write_again, write_comparison
from results.compare_page import about_money
from results.costs import Discount
from results.deflator import Deflator, Year, deflator, deflator_asked, year_of
from results.store import read_table
from results.unit_costs import unit_costs
from scenarios.reading import BadInput
from tests.comparing import write_small
from tests.test_cli import Ipp, ipp, refused  # noqa: F401
from tests.test_compare import valued

BILL = SimpleNamespace(key="bill")
BOTH: list[Any] = [SimpleNamespace(key="current_law"), BILL]
FIRST, LAST = 2007, 2024


def growing(rate: float = 0.02) -> str:
    """An index of financial years that grows by a rate a year, made up for these tests."""
    rows = [f"{Year(each, True)},{100 * (1 + rate) ** (each - FIRST)},made up" for each in range(FIRST, LAST + 1)]
    return "\n".join(["year,index,source", *rows]) + "\n"


GROWING = growing()


def made(text: str = GROWING, prices: str = "2024-25") -> Deflator:
    return deflator(text, "index.csv", prices)


def test_an_index_by_hand() -> None:
    found = made("# Ours, made up\nyear,index\n2022-23,80\n2023-24,100\n2024-25,110\n")
    assert (found.source, found.words) == ("Ours, made up", "in prices of 2024-25")
    assert found.factor("2022-23", "") == 110 / 80
    assert found.factor("2023", "") == pytest.approx(110 / (0.25 * 80 + 0.75 * 100))  # January to March are of 2022-23
    calendar = made("year,index,source\n2023,100,ours\n2024,120,ours\n2025,130,theirs\n", "2024")
    assert calendar.source == "ours; theirs"
    assert calendar.factor("2023-24", "") == pytest.approx(120 / (0.75 * 100 + 0.25 * 120))
    assert calendar.factor("2024", "") == 1


def test_years_are_read_as_they_are_written() -> None:
    for text in ("2024", "2024-25", "1999-00"):
        assert str(year_of(text)) == text
    for text in ("2024-26", "24-25", "2024/25", "2024-2025", "", "year"):
        with pytest.raises(ValueError):
            year_of(text)


HEAD = "year,index,source\n"


@pytest.mark.parametrize(("text", "prices", "words"), [
    (HEAD + "2023,1,a\n2023,2,a\n", "2023", "index.csv, line 3: 2023 is there twice"),
    (HEAD + "2021,1,a\n2023,2,a\n", "2023", "no line for 2022: every year from 2021 to 2023"),
    (HEAD + "2022,1,a\n2022-23,2,a\n", "2022", r"calendar and financial years \(2022 and 2022-23\)"),
    (HEAD + "2023,about 90,a\n", "2023", "line 2: index must be a number above 0, not 'about 90'"),
    (HEAD + "2023,0,a\n", "2023", "line 2: index must be a number above 0"),
    (HEAD + "2023,inf,a\n", "2023", "line 2: index must be a number above 0"),
    (HEAD + "2023,,a\n", "2023", "line 2: index must be a number above 0, not ''"),
    (HEAD + "2023/24,1,a\n", "2023", "line 2: year must be such as 2023-24 or 2023, not '2023/24'"),
    (HEAD + "2023,1,a\n", "2025", "has no index for 2025 \\(the year of --prices\\): its years are 2023 to 2023"),
    (HEAD + "2023,1,a\n", "soon", "--prices must be a year such as 2024-25 or 2024, not 'soon'"),
    ("year,index\n2023,1\n", "2023", "does not say where its figures come from"),
    ("yaer,index\n2023,1\n", "2023", "no column 'year'; is it 'yaer'?"),
    ("year,value,source\n2023,1,a\n", "2023", r"line 1: there is no column 'index'\."),
    (HEAD, "2023", "has no line of figures"),
    ("# nothing\n\n", "2023", "the file is empty"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str, prices: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        made(text, prices)


def test_the_two_options_belong_together(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text(GROWING)
    assert deflator_asked(None, "") is None
    for file, prices in ((path, ""), (None, "2024-25")):
        with pytest.raises(BadInput, match="belong together"):
            deflator_asked(file, prices)
    with pytest.raises(BadInput, match="no such file"):
        deflator_asked(tmp_path / "none.csv", "2024-25")


def test_every_unit_cost_stands_in_the_prices_of_one_year() -> None:
    plain = {(cost.key, cost.basis): cost for cost in unit_costs()}
    for cost in unit_costs(deflator=made()):
        was = plain[cost.key, cost.basis]
        assert cost.prices == "2024-25" and cost.years == ("2024-25",) and cost.own == was.own
        for name, year, factor in zip(("value", "low", "high"), cost.own, cost.factors, strict=True):
            begins = year_of(year)  # a calendar year is between two steps of the index
            steps = LAST - begins.begins
            least, most = 1.02**steps, 1.02 ** (steps + (not begins.financial))
            assert least <= factor * (1 + 1e-9) and factor <= most * (1 + 1e-9)
            if not (name == "value" and cost.key in ("hearings", "papers") and cost.basis == "average"):
                assert getattr(cost, name) == pytest.approx(getattr(was, name) * factor)


def test_ends_in_other_prices_than_the_value_are_brought_from_their_own_year() -> None:
    costs = {(cost.key, cost.basis): cost for cost in unit_costs(deflator=made())}
    probation = costs["probation", "marginal"]
    assert probation.own == ("2008", "2008", "2024-25") and probation.factors[2] == 1
    assert probation.high == pytest.approx(1340e6 / 241540)
    assert costs["prison", "marginal"].own == ("2014", "2014", "2012-13")
    assert costs["prison", "marginal"].high == pytest.approx(28000 * 1.02**12)


def test_a_deflator_that_lacks_a_year_or_upsets_a_range_is_refused_before_anything_is_lived() -> None:
    short = "\n".join(line for line in GROWING.splitlines() if not line.startswith(("2007", "2008", "2009")))
    with pytest.raises(BadInput, match=r"no index for 2008 \(probation, marginal\): its years are 2010-11 to 2024-25"):
        checked(["one_year"], "current_law", "", made(short))
    with pytest.raises(BadInput, match=r"range of a unit cost is upside down .*probation, marginal"):
        checked(["one_year"], "current_law", "", made(growing(0.5)))


def test_a_comparison_says_its_prices_and_is_written_again_the_same(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "one", valued)
    written = write_comparison(folder, [BILL], deflator=made())
    page = written.page.read_text("utf-8")
    for words in ("in prices of 2024-25", "the index in index.csv", "made up", "GDP deflator at market prices",
                  "HM Treasury", "2014 (× 1.2", "costs deflated"):  # fmt: skip
        assert words in page, words
    assert "mixed prices" not in page and "No deflator was given" not in page and "in prices of 2024-25" in written.text
    assert ",GBP,2024-25," in written.table.read_text() and ",GBP,mixed," not in written.table.read_text()
    (asked,) = kept(folder, BOTH)
    again = write_small(tmp_path / "two", valued)
    write_again(asked, again, BOTH)
    for name in ("compare.html", "compare.csv", "compare.json"):
        assert (folder / name).read_bytes() == (again / name).read_bytes()


def test_amounts_follow_the_factors(tmp_path: Path) -> None:
    folder = write_small(tmp_path, valued)
    found = []
    for each in (None, made()):
        table = read_table(write_comparison(folder, [BILL], deflator=each).table)
        found.append(table[(table["measure"] == "prison") & (table["basis"] == "average")].iloc[-1])
    was, now = found
    assert (was["prices"], now["prices"]) == ("2022-23", "2024-25") and was["median"] < 0
    for name in ("median", "lowest", "highest"):
        assert now[name] / was[name] == pytest.approx(1.02**2)


def test_a_kept_deflator_that_was_edited_is_refused(tmp_path: Path) -> None:
    folder = write_small(tmp_path, valued)
    write_comparison(folder, [BILL], deflator=made())
    held = json.loads((folder / "compare.json").read_text())
    held["deflator"]["text"] = held["deflator"]["text"].replace("100.0", "101.0")
    (folder / "compare.json").write_text(json.dumps(held))
    with pytest.raises(BadInput, match="was edited after the comparison"):
        kept(folder, BOTH)


def test_without_one_every_cost_is_named_with_its_prices() -> None:
    told = " ".join(about_money([], Discount(0.035, "a rate", "", 2024), None))
    for cost in unit_costs():
        assert f"({cost.basis})" in told and f"{cost.prices}" in told
    assert "No deflator was given" in told and "GDP deflator at market prices" in told and "--deflator" in told
    assert "2014; high 2012-13: prison: person-years in prison (marginal)" in told
    assert "which these are not" in told
    assert "which these are not" not in " ".join(about_money([], Discount(0.035, "a rate", "", 2024), made()))


def test_the_command_refuses_a_bad_deflator(ipp: Ipp, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "index.csv"
    path.write_text(GROWING.replace("100.0,", "a lot,"))
    where = ("--out", str(tmp_path / "runs"))
    said = ipp("compare", "one_year", "--deflator", str(path), "--prices", "2024-25", *where)
    refused(said)
    assert "line 2: index must be a number above 0, not 'a lot'" in said.err
    refused(ipp("compare", "one_year", "--prices", "2024-25", *where))
    assert not (tmp_path / "runs").exists()
