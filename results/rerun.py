"""Rerun: live a run again from its manifest alone, compare every result byte for byte, and say why one differs."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, NamedTuple, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from calibration.source import ABOUT, BOOK, FIT, PRIOR, TABLE, Posterior
from results.brief import brief_name, write_brief
from results.compare import kept, write_again
from results.differences import Cause, causes, content_differs, told_apart
from results.levers_page import write_levers
from results.plan import Plan, planned
from results.provenance import digest
from results.report import write_report
from results.runs import run
from results.store import read_manifest
from scenarios import Bill, Scenario, bill_from_text, current_law, find, shipped_names
from scenarios.reading import BadInput, shown

SAME, DIFFERS, MISSING, ELSEWHERE = "same", "differs", "missing", "not compared"
OURS = ("", BOOK, PRIOR, FIT)  # beliefs that need no folder of the user's
CHANGES_NOTHING = ("machine", "seconds")  # of a manifest


class Kept(BaseModel):
    """A Bill as the manifest keeps it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str
    text: str = Field(min_length=1)
    file: str = ""


class Inputs(BaseModel):
    """What `inputs` of a manifest must hold."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    asked: dict[str, Any]
    scenarios: list[str] = Field(min_length=1)
    bills: dict[str, list[Kept]]
    commencements: dict[str, date | None]
    files: dict[str, str]
    results: dict[str, str]


class Verdict(NamedTuple):
    """What became of one result file: its name, same or not, and why."""

    name: str
    state: str
    why: str = ""


class Outcome(NamedTuple):
    """A run lived again: where, remarks on its Bills, and a verdict on every file."""

    folder: Path
    remarks: list[str]
    verdicts: list[Verdict]

    @property
    def agrees(self) -> bool:
        """Whether every result that was compared is the same, byte for byte."""
        return not any(each.state in (DIFFERS, MISSING) for each in self.verdicts)

    @property
    def words(self) -> list[str]:
        """What to tell the user: a line for each file, remarks on the Bills, and the sum of it."""
        lines = [f"{each.state:<12}  {each.name}{': ' if each.why else ''}{each.why}" for each in self.verdicts]
        same = sum(each.state == SAME for each in self.verdicts)
        other = sum(each.state in (DIFFERS, MISSING) for each in self.verdicts)
        found = f"{other} differ or are missing; what was lived again is in {self.folder}."
        return [*lines, *self.remarks, f"{same} files agree, byte for byte. {found if other else ''}".strip()]


def read_inputs(path: Path) -> tuple[dict[str, Any], Inputs]:
    """Return a manifest, and what lives its run again; BadInput if the file is not one or lacks a part."""
    if not path.is_file():
        raise BadInput(f"{path.name}: there is no such file; the run.json of a run folder was expected.")
    try:
        everything = read_manifest(path)
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"{path.name} is not one JSON object; the run.json of a run folder was expected.") from error
    if "inputs" not in everything:
        raise BadInput(f"{path.name} has no 'inputs': it is of a version that did not keep what a rerun needs.")
    try:
        return everything, Inputs.model_validate(everything["inputs"])
    except ValidationError as error:
        raise _lacking(path, "inputs", error) from error


def _lacking(path: Path, place: str, error: ValidationError) -> BadInput:
    first = error.errors()[0]
    where = ".".join(str(part) for part in (place, *first["loc"]))
    return BadInput(f"{path.name}: {where} cannot be used ({first['msg'].lower()}).")


def plan_again(path: Path, out: Path) -> Plan:
    """Return the plan that a manifest tells of, with its results to go to `out`; BadInput if it cannot be made.

    The Bills are those of the manifest, word for word, whatever has become of their files.
    """
    everything, held = read_inputs(path)
    kinds, more = get_type_hints(planned), {}
    if strange := sorted(set(held.asked) - set(kinds)):
        raise BadInput(f"{path.name}: inputs.asked.{strange[0]} is not known to this version, which cannot run it.")
    for name, value in held.asked.items():
        try:
            more[name] = TypeAdapter(kinds[name]).validate_python(value)
        except ValidationError as error:
            raise _lacking(path, f"inputs.asked.{name}", error) from error
    if missing := [key for key in held.scenarios if not held.bills.get(key)]:
        raise BadInput(f"{path.name}: inputs.bills lacks {missing[0]}, which inputs.scenarios names.")
    _refuse_other_fit(path, str(more.get("beliefs", "")), everything.get("fit"))
    chosen: Any = [Scenario(tuple(map(_enacted, held.bills[key]))) for key in held.scenarios]
    try:
        return planned(chosen, law=current_law(commencements=held.commencements), out=out, **more)
    except TypeError as error:  # something without a default that the manifest does not have
        raise BadInput(f"{path.name}: inputs.asked lacks what this version needs ({error}).") from error


def _refuse_other_fit(path: Path, named: str, recorded: Any) -> None:
    """BadInput unless the folder that a run took a fit from holds that fit; one that ships is data of its version."""
    if named in OURS:
        return
    try:
        mark = Posterior(Path(named)).mark
    except BadInput as error:
        raise BadInput(
            f"{path.name}: the run took its beliefs from the fit in {shown(named)}, and no whole fit is there now; "
            "rerun where that folder is."
        ) from error
    if isinstance(recorded, Mapping) and recorded.get("hash", mark) != mark:
        raise BadInput(
            f"{path.name}: the fit in {shown(named)} is not the one that the run took: its {TABLE} or {ABOUT} has "
            "changed since."
        )


def _enacted(kept: Kept) -> Bill:
    named_by_file = Path(kept.file).stem == kept.key
    return bill_from_text(kept.text, kept.file if named_by_file else f"{kept.key}.yaml")


def remarks(held: Inputs) -> list[str]:
    """Return a sentence for each Bill whose file now says something else, or is not there any more."""
    found = {bill.key: bill for some in held.bills.values() for bill in some}
    return [said for bill in found.values() if (said := _remark(bill))]


def _remark(bill: Kept) -> str:
    used = "the text in the manifest was used."
    ours = bill.key in shipped_names() and bill.file == f"scenarios/bills/{bill.key}.yaml"
    try:
        now = find(bill.key if ours else bill.file).bills[0].words
    except BadInput:
        return f"The Bill {bill.key} was not found from here as {bill.file}, or can no longer be enacted; {used}"
    return "" if now == bill.text else f"The Bill {bill.key} has been edited since the run; {used}"


def rerun(path: Path, out: Path | None, workers: int, follow: Sequence[Callable[..., None]]) -> Outcome:
    """Live the run of a manifest again and compare each of its results; BadInput if it cannot be lived.

    `follow` are what `results.runs.run` tells of progress. With no `out`, a folder is made beside the run's and
    removed again if all agrees.
    """
    everything, held = read_inputs(path)
    if out and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput("--out must be a folder that is empty or not there yet, so that every life is lived anew.")
    kept(path.parent, plan_again(path, Path()).scenarios)  # refused before a folder is made
    where = out or Path(mkdtemp(prefix="rerun-", dir=path.resolve().parent.parent))
    plan = plan_again(path, where)
    run(plan, workers, *follow)
    if not (plan.folder / "run.json").is_file():
        raise BadInput(f"{path.name}: no life of this run could be finished again, so there is nothing to compare.")
    _write_pages(path.parent, plan)
    outcome = Outcome(plan.folder, remarks(held), compared(path.parent, everything, plan.folder))
    if outcome.agrees and out is None:
        rmtree(where)
    return outcome


def _write_pages(was: Path, plan: Plan) -> None:
    """Write the report, the briefs, the table of levers and the comparisons that the first folder has."""
    if (was / "report.html").exists():
        write_report(plan.folder)
    for scenario in plan.scenarios:
        if (was / brief_name(scenario.key)).exists():
            write_brief(plan.folder, scenario.key)
    if (was / "levers.csv").exists():
        write_levers(plan.folder)
    for asked in kept(was, plan.scenarios):
        write_again(asked, plan.folder, plan.scenarios)


def compared(was: Path, everything: Mapping[str, Any], now: Path) -> list[Verdict]:
    """Return a verdict on every file of a run's folder, and on every result that its manifest names."""
    again = read_manifest(now / "run.json")
    found, recorded = causes(everything, again), everything["inputs"]["results"]
    names = sorted({*_names(was), *recorded} - {"run.json"})
    verdicts = [_verdict(name, was, now, recorded.get(name), found) for name in names]
    return [_manifests(everything, again, found), *verdicts]


def _names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [path.relative_to(folder).as_posix() for path in files]


def _verdict(name: str, was: Path, now: Path, recorded: str | None, found: list[Cause]) -> Verdict:
    before, after = was / name, now / name
    if not after.is_file():
        if recorded:
            return Verdict(name, MISSING, f"it was not made again. {told_apart(name, found)}")
        return Verdict(name, ELSEWHERE, "no run, report, brief, comparison or table of levers writes it")
    if not before.is_file():
        same = digest(after) == recorded
        return Verdict(name, SAME if same else DIFFERS, "" if same else told_apart(name, found))
    if before.read_bytes() == after.read_bytes():
        return Verdict(name, SAME)
    if recorded and digest(before) != recorded:
        return Verdict(name, DIFFERS, "the first file was changed after the run: it is not what the manifest recorded.")
    return Verdict(name, DIFFERS, f"{content_differs(before, after)} {told_apart(name, found)}")


def _manifests(was: Mapping[str, Any], now: Mapping[str, Any], found: list[Cause]) -> Verdict:
    """Return a verdict on the manifest, in which the machine and the seconds may differ: they change no result."""
    names = [name for name in {**was, **now} if name not in CHANGES_NOTHING and was.get(name) != now.get(name)]
    if not names:
        return Verdict("run.json", SAME, "but for the machine and the seconds, which change no result")
    return Verdict("run.json", DIFFERS, f"in {', '.join(sorted(names))}. {told_apart('run.json', found)}")
