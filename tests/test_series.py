"""Series: what a definition must say, which figures a fit may use, how far they scatter, and that they add up."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calibration.definition_files import read_definition
from calibration.definitions import FAMILIES, Series
from calibration.faults import of_definition
from calibration.lines import files, lines
from calibration.series import Observation, described, fitting, observed, published, spread
from calibration.totals import WHOLES, disagreements
from results.measures import MEASURES
from scenarios.reading import BadInput

NONE = Path(__file__).parent / "none"  # a folder that is not there: only the figures that ship
SHIPPED = published(added=NONE)
HEAD = "series: made_up\ntitle: Made up\n"
COUNT = HEAD + "measures: stock\nlikelihood: poisson\n"


def faults(tmp_path: Path, text: str) -> list[str]:
    """Return what is said of a definition."""
    path = tmp_path / "made_up.yaml"
    path.write_text(text)
    series, problems = read_definition(path)
    problems = problems + list(of_definition(path, series)) if series else problems
    assert all(each.startswith(f"{path}") for each in problems)
    return [each.removeprefix(str(path)) for each in problems]


def test_a_right_definition_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, COUNT + "hold_out_from: 2020-01-01\nrows:\n- {measure: recalled, group: female}\n") == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (COUNT + "rows:\n- {measure: recaled}\n", 6, "did you mean 'recalled'?"),
        (COUNT + "rows:\n- {measure: recalled, group: femal}\n", 6, "did you mean 'female'?"),
        (COUNT + "rows:\n- {measure: recalls}\n", 6, "is observed as a stock, and recalls is a flow"),
        (COUNT + "rows:\n- {measure: recalled, grup: female}\n", 6, "did you mean 'group'?"),
        (COUNT + "rows:\n- {group: female}\n", 6, "must have the field 'measure'"),
        (COUNT.replace("poisson", "poison") + "rows:\n- {measure: recalled}\n", 4, "did you mean 'poisson'?"),
        (COUNT.replace("poisson", "multinomial") + "rows:\n- {measure: recalled}\n", 6, "or binomial, not multinomial"),
        (COUNT.replace("poisson", "binomial") + "rows:\n- {measure: recalled}\n", 6, "must have `of`"),
        (COUNT.replace("poisson", "binomial") + "rows:\n- {measure: recalled, of: 9}\n", 6, "must have `dates`"),
        (COUNT + "rows:\n- {measure: recalled, of: 9}\n", 6, "and only then; it is poisson"),
        (COUNT + "rows:\n- {measure: recalled, dispersion: 1}\n", 6, "must have `dispersion` if its likelihood is neg"),
        (COUNT, 1, "must have `rows` that name a measure"),
        (HEAD + "measures: stock\nrows:\n- {measure: recalled}\n", 1, "must have `measures` and `likelihood`"),
        (COUNT + "excluded:\n- {reason: Not modelled at all.}\n", 1, "and neither if it has none"),
        (COUNT + "excluded:\n- {reason: No.}\n", 6, "at least 10 characters"),
        (COUNT + "hold_out_from: soon\nrows:\n- {measure: recalled}\n", 5, "hold_out_from"),
        (COUNT + "rows:\n- {measure: recalled, matching: '(a'}\n", 6, "is no pattern"),
        (COUNT + "totals:\n- {total: total}\nrows:\n- {measure: recalled}\n", 6, "must have the field 'parts'"),
    ],
)
def test_what_is_wrong_with_a_definition_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(f", line {line}: ") and said in fault, fault


def test_a_date_in_no_calendar_and_a_broken_file_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, COUNT + "hold_out_from: 2020-02-31\nrows:\n- {measure: recalled}\n")
    assert "never closed" in faults(tmp_path, HEAD + "note: 'open\n")[0]
    assert faults(tmp_path, "") == [": the file is empty."]


def test_a_shipped_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "made_up.yaml").write_text(COUNT.replace("poisson", "poison") + "rows:\n- {measure: recalled}\n")
    with pytest.raises(BadInput, match=r"made_up\.yaml, line 4: likelihood must be .*; did you mean 'poisson'\?"):
        described(tmp_path, NONE)


def test_every_observed_series_says_its_family_and_is_of_its_measures_kind() -> None:
    for one in SHIPPED:
        assert one.likelihood in FAMILIES[one.kind]
        assert one.kind in (MEASURES[one.measure].kind, "distribution"), one


def figure(last: date, series: str = "made_up", hold_out_from: date | None = None) -> Observation:
    return replace(SHIPPED[0], series=series, first=date(2015, 1, 1), last=last, hold_out_from=hold_out_from)


def test_a_fit_uses_what_ended_by_its_day_and_is_not_held_out() -> None:
    held = date(2020, 6, 30)
    some = [
        figure(date(2019, 12, 31)),
        figure(date(2020, 6, 29), hold_out_from=held),
        figure(date(2020, 6, 30), hold_out_from=held),  # the day itself is held out
        figure(date(2020, 12, 31), series="other"),
        figure(date(2021, 1, 1)),  # a window that ends a day late
    ]
    assert fitting(some, date(2020, 12, 31)) == [0, 1, 3]
    assert fitting(some, date(2021, 1, 1)) == [0, 1, 3, 4]
    assert fitting(some, date(2020, 12, 30)) == [0, 1]
    assert fitting(some, date(2030, 1, 1), without=["made_up"]) == [3]
    assert fitting([], date(2020, 1, 1)) == []


def test_a_fit_to_all_that_ships_uses_all_that_ships() -> None:
    assert fitting(SHIPPED, date(2024, 9, 30)) == list(range(len(SHIPPED)))
    until = fitting(SHIPPED, date(2015, 12, 31))
    assert 0 < len(until) < len(SHIPPED) and max(SHIPPED[place].last for place in until) <= date(2015, 12, 31)


def test_hold_out_from_a_file_comes_to_its_figures(tmp_path: Path) -> None:
    text = COUNT.replace("made_up", "ipp_custody_unreleased")
    (tmp_path / "one.yaml").write_text(text + "hold_out_from: 2020-01-01\nrows:\n- {measure: never_released}\n")
    some = published(tmp_path, added=NONE)
    used = [some[place].last for place in fitting(some, date(2030, 1, 1))]
    assert used and max(used) < date(2020, 1, 1) <= max(one.last for one in some)


def test_chance_and_rounding_scatter_a_figure() -> None:
    one = replace(SHIPPED[0], value=400.0, rounding=0.0)
    assert spread(one) == pytest.approx(np.sqrt(400.5))
    assert spread(replace(one, likelihood="negative binomial", dispersion=0.01)) == pytest.approx(np.sqrt(2000.5))
    assert spread(replace(one, likelihood="binomial", of=1000.0)) == pytest.approx(np.sqrt(240))
    share = replace(one, kind="share", value=20.0, likelihood="binomial", of=1600.0)
    assert spread(share) == pytest.approx(1.0)  # √(0.2 × 0.8 / 1600), in per cent
    assert spread(replace(share, rounding=3.0)) == pytest.approx(2.0)
    assert spread(replace(one, likelihood="normal", rounding=3.0)) == pytest.approx(np.sqrt(3))
    assert spread(replace(one, likelihood="multinomial", value=0.0)) > 0


def test_self_harm_scatters_as_its_own_years_do() -> None:
    some = [one for one in SHIPPED if one.measure == "self_harm_incidents"]
    counts = np.array([one.value for one in some])
    left = np.mean(np.diff(counts, 2) ** 2) / 6  # the variance of a year if years stray from a line by chance alone
    assert {one.dispersion for one in some} == {round((left - counts.mean()) / counts.mean() ** 2, 4)}


def test_what_ships_adds_up() -> None:
    assert list(disagreements(described(added=NONE), lines(added=NONE), SHIPPED)) == []


@pytest.mark.parametrize(
    ("series", "breakdown", "sex"),
    [
        ("ipp_custody_by_tariff", "tariff 1-18 months", "all"),
        ("ipp_custody_unreleased_by_offence", "robbery", "all"),
        ("ipp_tariff_expired_unreleased_xtab", "time over tariff 8-9y | original tariff 2-4y", "all"),
        ("ipp_self_harm_incidents", "total", "female"),
        ("ipp_custody_recalled", "total", "all"),
    ],
)
def test_a_figure_changed_by_ten_no_longer_adds_up(series: str, breakdown: str, sex: str) -> None:
    some = lines(added=NONE)
    meant = [n for n, line in enumerate(some) if (line.series, line.breakdown, line.sex) == (series, breakdown, sex)]
    at = next(n for n in meant if series != "ipp_custody_recalled" or some[n].first == date(2022, 12, 31))
    some[at] = replace(some[at], value=some[at].value + 10)
    known = described(added=NONE)
    found = list(disagreements(known, some, observed(known, some)))
    assert found and all((some[at].file, some[at].number) in each.lines for each in found)


def test_wholes_and_their_parts_are_measures() -> None:
    assert {*WHOLES, *(part for parts in WHOLES.values() for part in parts)} <= set(MEASURES)


def test_results_depend_on_every_file_of_figures_and_definitions(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("x")
    (tmp_path / "mine.yaml").write_text("x")
    (tmp_path / ".half.csv").write_text("x")
    assert set(files(tmp_path)) - set(files(NONE)) == {tmp_path / "mine.csv", tmp_path / "mine.yaml"}


def test_a_definition_without_any_line_observes_nothing() -> None:
    lone = Series.model_validate(
        {"series": "made_up", "title": "t", "measures": "stock", "likelihood": "poisson", "rows": [{"measure": "open"}]}
    )
    assert observed([lone], lines(added=NONE)) == []
