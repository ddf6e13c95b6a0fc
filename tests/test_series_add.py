"""Adding figures: right ones come to be observed; wrong ones are refused with a sentence for each fault, unwritten."""

import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from calibration import lines as lines_module
from calibration.adding import Refused, add
from calibration.series import fitting, left_out, lines, published, unclaimed
from results.cautions import cautions_of
from results.folder import Manifest
from results.plan import code_hash
from results.provenance import added_figures, shown, sources
from scenarios import current_law
from scenarios.reading import BadInput
from sim.__main__ import main

HEAD = "series,date_or_period_start,period_end,sex,breakdown,value,unit,source_url\n"
SOURCE = "https://example.org/a"
NEVER = f"ipp_custody_unreleased,2023-06-30,,all,total,1312,persons,{SOURCE}\n"
LEFT = f"ipp_self_harm_incidents,2021-01-01,2021-12-31,female,total,300,incidents,{SOURCE}\n"
DEFINED = """\
series: made_up
title: People at large
measures: stock
likelihood: poisson
rows:
  - measure: at_large
"""
NEW = f"made_up,2023-06-30,,all,total,40,persons,{SOURCE}\n"


class Desk:
    """A modeller's folder, and one for what they add in place of the package's own."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing."""
        self.folder, self.added = folder, folder / "added"

    def file(self, text: str, name: str = "mine.csv") -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def faults(self, text: str, *definitions: Path) -> list[str]:
        """Return what is said of a file that must be refused, without its name; nothing may have been written."""
        before = sorted(self.added.rglob("*"))
        path = self.file(text, "bad.csv")
        with pytest.raises(Refused) as refused:
            add(path, definitions, self.added)
        assert sorted(self.added.rglob("*")) == before
        for each in refused.value.problems:
            assert each.endswith((".", "?")) and "\n" not in each
        return [each.removeprefix(str(path)) for each in refused.value.problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty desk."""
    return Desk(tmp_path)


def test_a_figure_added_is_observed_after_all_that_ships(desk: Desk) -> None:
    shipped = published(added=desk.added)
    done = add(desk.file(HEAD + NEVER), added=desk.added)
    assert done.path == desk.added / "mine.csv" and not done.left_out
    every = published(added=desk.added)
    assert every[: len(shipped)] == shipped
    (new,) = every[len(shipped) :]
    assert (new.measure, new.first, new.value) == ("never_released", date(2023, 6, 30), 1312)
    assert (new.csv_file, new.csv_line, new.source_url) == (str(done.path), 2, SOURCE)
    assert unclaimed(added=desk.added) == []


def test_a_day_a_line_and_a_series_a_column(desk: Desk) -> None:
    wide = "date,source_url,ipp_custody_unreleased,ipp_custody_recalled,ipp_custody_total\n"
    add(desk.file(f"{wide}2023-03-31,{SOURCE},1355,1540,2895\n\n2024-12-31,{SOURCE},1045,,\n"), added=desk.added)
    mine = [line for line in lines(added=desk.added) if line.file.startswith(str(desk.added))]
    assert [(line.series, line.value, line.unit, line.number) for line in mine] == [
        ("ipp_custody_unreleased", 1355, "persons", 2),
        ("ipp_custody_recalled", 1540, "persons", 3),
        ("ipp_custody_total", 2895, "persons", 4),
        ("ipp_custody_unreleased", 1045, "persons", 5),
    ]


def test_a_line_that_its_series_leaves_out_is_told(desk: Desk) -> None:
    done = add(desk.file(HEAD + LEFT), added=desk.added)
    assert [(line.number, "sex" in reason) for line, reason in done.left_out] == [(2, True)]
    assert done.path.name in {Path(line.file).name for line, _ in left_out(added=desk.added)}


def test_a_new_series_comes_with_its_definition(desk: Desk) -> None:
    definition = desk.file(DEFINED, "any.yaml")
    add(desk.file(HEAD + NEW), [definition], desk.added)
    assert sorted(path.name for path in desk.added.iterdir()) == ["made_up.yaml", "mine.csv"]
    assert published(added=desk.added)[-1].measure == "at_large"
    (desk.added / "mine.csv").unlink()
    assert published(added=desk.added)  # a definition without figures changes nothing
    add(desk.file(HEAD + NEW), [definition], desk.added)  # the same again is no other definition


FAULTS = [
    ("ipp_custody_unreleased,30/06/2023,,all,total,1312,persons,u", "a date such as 2024-12-31, not '30/06/2023'"),
    ("ipp_custody_unreleased,2023-06-31,,all,total,1312,persons,u", "not '2023-06-31'"),
    ("ipp_custody_unreleased,,,all,total,1312,persons,u", "date_or_period_start is empty"),
    ("ipp_custody_unreleased,1995-06-30,,all,total,1312,persons,u", "from 2005-04-04, when the sentence began"),
    ("ipp_recalls,2021-12-31,2021-01-01,all,total,9,recalls,u", "ends on 2021-01-01, before it starts on 2021-12-31"),
    ("ipp_recalls,2021-01-01,,all,total,9,recalls,u", "is of a window; period_end is empty"),
    ("ipp_custody_unreleased,2023-06-01,2023-06-30,all,total,9,persons,u", "of one day, and the figure has a window"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,~,persons,u", "must be a number such as 1095 or 96.5, not '~'"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,nan,persons,u", "must be a number"),
    ('ipp_custody_unreleased,2023-06-30,,all,total,"1,312",persons,u', "without commas, as 1312"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,-5,persons,u", "must not be negative"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,,persons,u", "value is empty"),
    ("ipp_custody_unrelesed,2023-06-30,,all,total,9,persons,u", "did you mean 'ipp_custody_unreleased'?); a new"),
    ("zzzz,2023-06-30,,all,total,9,persons,u", "'zzzz' is not a known series; a new one needs its definition"),
    (",2023-06-30,,all,total,9,persons,u", "series is empty"),
    ("ipp_custody_unreleased,2023-06-30,,femal,total,9,persons,u", "did you mean 'female'?"),
    ("ipp_custody_unreleased,2023-06-30,,all,totl,9,persons,u", "did you mean 'total'?"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,9,person,u", "unit must be persons, as the series has it"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,9,persons,", "source_url is empty"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,9,persons", "the line has 7 cells and the header 8"),
    ("ipp_custody_unreleased,2023-06-30,,female,total,9,persons,u", "of sex female, and the row"),
    ("ipp_custody_total,2023-03-31,,male,total,9,persons,u", "no row of the definition of ipp_custody_total takes"),
    ("ipp_tariff_expired_unreleased_share,2023-06-30,,all,total,97,percent,u", "no row of the definition"),
    ("ipp_custody_unreleased,2022-12-31,,all,total,1394,persons,u", "line 71, has it already"),
    ("ipp_custody_unreleased,2022-12-31,,all,total,1400,persons,u", "line 71, says 1394; only one can stand"),
    ("ipp_recalls_persons,2023-01-01,2023-12-31,all,total,9,persons recald,u", "did you mean 'persons recalled'?"),
    ("ipp_custody_unreleased_by_offence,2016-06-30,,all,robbery,900,persons,u", "'sexual offences', "),
    ("ipp_tariff_expired,2019-03-31,,all,held beyond tariff,9,persons,u", "the same is counted by"),
    ("ipp_tariff_expired,2019-03-31,,all,post-tariff,9,persons,u", "line 353 (ipp_tariff_expired_unreleased)"),
    ("ipp_custody_unreleased,2023-06-30,,all,total,1300,persons,u", "never_released 1300 ("),
    ("ipp_recalls,2016-04-01,2017-03-31,all,no charge of further offence,482,recalls,u", "482, and the total is 481"),
    ("ipp_self_harm_incidents,2012-01-01,2012-12-31,all,total,2277,incidents,u", "line 291, says 2276"),
    ("ipp_mean_months_recalled,2024-07-01,2024-09-30,all,re-released,26,months,u", "mean 're-released in quarter'?"),
    ('ipp_custody_unreleased,2023-06-30,,all,total,9,persons,"u', "is not valid CSV"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), FAULTS)
def test_each_fault_is_said_with_its_line(desk: Desk, line: str, said: str) -> None:
    (fault,) = desk.faults(HEAD + line + "\n")
    assert fault.startswith(", line 2: ") and said in fault, fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        (HEAD, "no line of figures"),
        (HEAD.replace("value", "valu") + NEVER, "did you mean 'value'?"),
        (HEAD.replace(",value", ""), "the header lacks value"),
        (HEAD.replace("unit", "sex") + NEVER, "the column 'sex' is there twice"),
        ("date,source_url,ipp_custody_recaled\n2023-03-31,u,1540\n", "did you mean 'ipp_custody_recalled'?"),
    ],
)
def test_what_is_wrong_with_a_file_as_a_whole(desk: Desk, text: str, said: str) -> None:
    assert any(said in fault for fault in desk.faults(text))


def test_a_file_that_is_no_text_or_is_not_there(desk: Desk) -> None:
    path = desk.folder / "odd.csv"
    for content, said in ((b"caf\xe9", "CSV saved as UTF-8"), (b"a\0b", "NUL bytes")):
        path.write_bytes(content)
        with pytest.raises(Refused, match=said):
            add(path, added=desk.added)
    with pytest.raises(Refused, match="there is no such file"):
        add(desk.folder / "none.csv", added=desk.added)


def test_never_released_and_recalled_must_add_up_to_the_total(desk: Desk) -> None:
    (fault,) = desk.faults(HEAD + NEVER.replace("1312", "1322"))
    assert "custody_total on 2023-06-30 is 2909 (calibration/published/ipp_counts.csv, line 53)" in fault
    assert "recalled 1597 (calibration/published/ipp_counts.csv, line 24) add up to 2919." in fault


def test_sexes_and_breakdowns_must_add_up_within_a_file(desk: Desk) -> None:
    year = "ipp_self_harm_incidents,2021-01-01,2021-12-31"
    sexes = [f"{year},{sex},total,{n},incidents,u\n" for sex, n in (("all", 2000), ("female", 300), ("male", 1600))]
    (fault,) = desk.faults(HEAD + "".join(sexes))
    assert fault.startswith(", line 2: ") and "is 2000, and its parts add up to 1900" in fault
    day = "ipp_custody_by_tariff,2007-03-31"
    bands = ("1-18", "19-36", "37-48", "49-60", "61-120", "121+")
    cells = [f"{day},,all,tariff {band} months,10,persons,u\n" for band in bands]
    (fault,) = desk.faults(HEAD + "".join(cells) + f"{day},,all,total,62,persons,u\n")
    assert "is 62, and its parts add up to 60" in fault
    one_off = f"{day},,all,total,61,persons,u\n"  # as the source is
    assert len(add(desk.file(HEAD + "".join(cells) + one_off), added=desk.added).lines) == 7


def test_two_lines_of_a_file_that_say_the_same_or_not(desk: Desk) -> None:
    (fault,) = desk.faults(HEAD + NEVER + NEVER)
    assert fault.startswith(", line 3: ") and "bad.csv, line 2, has it already" in fault
    (fault,) = desk.faults(HEAD + NEVER + NEVER.replace("1312", "1311"))
    assert "line 2, says 1312; only one can stand" in fault


def test_every_fault_of_a_file_is_said_at_once_in_its_order(desk: Desk) -> None:
    said = desk.faults(HEAD + NEVER + "".join(line + "\n" for line, _ in FAULTS[:7]))
    assert [int(fault.partition(":")[0].removeprefix(", line ")) for fault in said] == list(range(3, 10))


def test_what_is_wrong_with_a_new_definition(desk: Desk) -> None:
    unknown = desk.file(DEFINED.replace("at_large", "at_lage"), "one.yaml")
    assert "did you mean 'at_large'?" in " ".join(desk.faults(HEAD + NEW, unknown))
    known = desk.file(DEFINED.replace("made_up", "ipp_recalls"), "two.yaml")
    assert any("has a definition already" in fault for fault in desk.faults(HEAD + NEVER, known))
    unused = desk.file(DEFINED, "three.yaml")
    assert any("there is no figure of made_up" in fault for fault in desk.faults(HEAD + NEVER, unused))
    idle = desk.file(DEFINED + "  - {measure: hospital, breakdown: [elsewhere]}\n", "four.yaml")
    assert "four.yaml: made_up: no line for {'breakdown': ['elsewhere']" in desk.faults(HEAD + NEW, idle)[0]
    pattern = "  - {measure: deaths, kind: flow, likelihood: poisson, matching: 'in (?P<place>.*)', group: '{place}'}\n"
    strange = desk.file(DEFINED.replace("  - measure: at_large\n", pattern), "five.yaml")
    window = "made_up,2023-01-01,2023-12-31,all,in custdy,4,deaths,u\n"
    assert "deaths is not counted for 'custdy'; did you mean 'custody'?" in desk.faults(HEAD + window, strange)[0]


def test_a_share_is_not_over_a_hundred(desk: Desk) -> None:
    text = DEFINED.replace("stock", "share").replace("poisson", "binomial")
    row = "tariff_expired_unreleased_share\n    of: 1300\n    dates: [2023-06-30]"
    definition = desk.file(text.replace("at_large", row), "share.yaml")
    (fault,) = desk.faults(HEAD + NEW.replace("40,persons", "101,percent"), definition)
    assert "is a share in per cent, and 101 is over 100" in fault


def test_the_same_file_twice_and_another_of_its_name(desk: Desk) -> None:
    path = desk.file(HEAD + NEVER)
    add(path, added=desk.added)
    with pytest.raises(Refused, match="all of it has been added before"):
        add(path, added=desk.added)
    path.write_text(HEAD + NEVER.replace("2023-06-30", "2024-12-31"))
    with pytest.raises(Refused, match="give the file another name"):
        add(path, added=desk.added)
    (fault,) = desk.faults(HEAD + NEVER)
    assert "mine.csv, line 2, has it already" in fault  # what was added counts as there


def test_a_folder_that_cannot_be_written_is_said(desk: Desk) -> None:
    desk.added.write_text("a file where the folder would be")
    with pytest.raises(BadInput, match="cannot be written"):
        add(desk.file(HEAD + NEVER), added=desk.added)


def test_a_line_put_there_by_other_means_is_refused(desk: Desk) -> None:
    desk.added.mkdir()
    (desk.added / "own.csv").write_text(HEAD + NEVER.replace("1312", "many"))
    with pytest.raises(BadInput, match=r"own\.csv, line 2: this is not a line that `ipp series add` wrote"):
        lines(added=desk.added)


def test_results_say_which_figures_were_added(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_hash()
    monkeypatch.setattr(lines_module, "ADDED", desk.added)
    assert code_hash() == before
    add(desk.file(HEAD + NEVER))
    assert code_hash() != before
    mine = "calibration/published/added/mine.csv"
    files = {"calibration/published/ipp_counts.csv": "12", mine: "34", "sim/law.py": "5"}
    assert added_figures(files) == [mine]
    told = shown({"inputs": {"files": files}})["published figures"]
    assert told == "calibration/published/added/mine.csv 34; calibration/published/ipp_counts.csv 12"
    assert "calibration/published/ipp_counts.csv" in sources()
    law = current_law()
    manifest = Manifest.model_construct(people=7000)
    (caution,) = cautions_of(manifest, {"inputs": {"files": files}}, 100, law)
    assert "do not ship with the model: mine.csv" in caution


def test_the_examples_of_the_page_can_be_added(desk: Desk) -> None:
    page = (Path(__file__).parent.parent / "docs" / "series.md").read_text("utf-8")
    long, wide = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (definition,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    new = HEAD + NEW.replace("made_up", "ipp_at_large").replace("2023-06-30", "2025-01-01")
    for name, text in (("long.csv", long), ("wide.csv", wide)):
        add(desk.file(text, name), added=desk.added)
    add(desk.file(new, "new.csv"), [desk.file(definition, "new.yaml")], desk.added)
    some = [one for one in published(added=desk.added) if one.csv_file.startswith(str(desk.added))]
    assert len(some) == 2 + 4 + 1
    assert [one.measure for one in some if one.hold_out_from] == ["at_large"]
    assert len(fitting(some, date(2025, 12, 31))) == 6


Ipp = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ipp(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ipp:
    """The program as a function of its arguments, which adds to the desk's own folder."""
    monkeypatch.setattr(lines_module, "ADDED", desk.added)

    def called(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ipp", "series", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capsys.readouterr())

    return called


def test_the_list_tells_every_series(ipp: Ipp) -> None:
    code, out, err = ipp()
    assert (code, err) == (0, "")
    assert "ipp_custody_recalled: In prison after a recall\n    stock, 14 figures, 2015-09-30 to 2024-09-30, " in out
    assert "left out: 1 line. Conflicting. 162 cannot stand" in out
    assert out.strip().endswith("62 series, 335 figures observed, 116 lines left out; from "
                                "calibration/published/ipp_counts.csv (467 lines).")  # fmt: skip


def test_one_series_is_told_figure_by_figure(ipp: Ipp) -> None:
    code, out, _ = ipp("show", "ipp_tariff_expired_unreleased_share")
    assert code == 0 and "likelihood binomial" in out
    assert "2017-06-30: 85 per cent, rounded within 0.5; tariff_expired_unreleased_share; binomial" in out
    assert "calibration/published/ipp_counts.csv, line 360; http" in out
    left = ipp("show", "ipp_custody_total")[1]
    assert "left out: A bound in a speech" in left and "2014-10-20: 5000 persons (more than); total" in left
    code, out, err = ipp("show", "ipp_recals")
    assert (code, out, err) == (2, "", "There is no series 'ipp_recals'; did you mean 'ipp_recalls'?\n")


def test_adding_says_what_was_added_and_how_to_take_it_out(ipp: Ipp, desk: Desk) -> None:
    code, out, _ = ipp("add", desk.file(HEAD + NEVER + LEFT))
    assert code == 0 and out.startswith("2 figures of ipp_custody_unreleased, ipp_self_harm_incidents added as ")
    assert "line 3: left out of what is observed" in out and "delete the file" in out
    assert "336 figures observed, 117 lines left out" in ipp()[1]
    assert "1312 persons; never_released" in ipp("show", "ipp_custody_unreleased")[1]


def test_refusal_is_a_line_for_each_problem_and_code_2(ipp: Ipp, desk: Desk) -> None:
    code, out, err = ipp("add", desk.file(HEAD + "".join(line + "\n" for line, _ in FAULTS[:3])))
    said = [line for line in err.splitlines() if not line.startswith("compiling")]
    assert (code, out, len(said)) == (2, "", 3)
    assert not desk.added.exists() and all("mine.csv, line " in line for line in said)


def test_a_definition_is_given_by_an_option(ipp: Ipp, desk: Desk) -> None:
    code, _, _ = ipp("add", desk.file(HEAD + NEW), "--definition", desk.file(DEFINED, "d.yaml"))
    assert code == 0 and "40 persons; at_large" in ipp("show", "made_up")[1]
    (desk.added / "made_up.yaml").unlink()
    assert "Without a definition, so not used: " in ipp()[1]
