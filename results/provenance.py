"""Provenance: all that a run depended on, kept in its manifest, so that it can be lived again and told apart."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from scenarios import Bill
from scenarios.reading import HOME
from scenarios.registry import read_registry
from sim.days import date_of
from sim.law import Law

if TYPE_CHECKING:
    from results.plan import Plan

PACKAGES = ("sim", "scenarios", "calibration", "results")
ENDINGS = (".py", ".html", ".css", ".js", ".json", ".yaml", ".csv", ".parquet")
LIBRARIES = ("jinja2", "llvmlite", "pydantic", "pyyaml", "python-docx", "scipy")  # beside those of the manifest itself
# Kept as Bills and commencements, or following from what is; and where results go changes none.
NOT_ASKED = ("scenarios", "law", "out", "beliefs", "asks", "members")
DIGITS = 16  # of a hash, in hexadecimal
TABLES = (".parquet", ".csv")
COUNTS, ADDED = "calibration/published/ipp_counts.csv", "calibration/published/added/"
# By a report, a comparison or an export, and so after the manifest.
WRITTEN_LATER = re.compile(r"(charts|exports)/|data_dictionary\.csv$|levers\.csv$|compare(-against-[^/]*)?\.csv$")


def inputs(plan: "Plan") -> dict[str, Any]:
    """Return what lives a run again: what was asked, the Bills in full, the commencements, and hashes of all else.

    `files` holds a hash of every file of code and data; `results` one of every table and journal of the run's folder.
    """
    return {
        "asked": asked(plan),
        "scenarios": [each.key for each in plan.scenarios],  # in order, which a mapping does not keep
        "bills": {each.key: [_told(bill) for bill in each.bills] for each in plan.scenarios},
        "commencements": {name: day and day.isoformat() for name, day in commenced(plan.law).items()},
        "files": sources(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "results": digests(plan.folder),
    }


def asked(plan: "Plan") -> dict[str, Any]:
    """Return every other field of a plan as JSON has it: lives, seed, days, and whatever a plan comes to hold.

    TypeError for a field that JSON cannot hold: a manifest that left it out could not live the run again.
    """
    told = {field.name: getattr(plan, field.name) for field in fields(plan) if field.name not in NOT_ASKED}
    return {name: _plain(name, value) for name, value in told.items()} | {"beliefs": plan.beliefs.source}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"Plan.{name} is a {type(value).__name__}, which a manifest cannot keep")


def _told(bill: Bill) -> dict[str, str]:
    return {"key": bill.key, "file": _as_told(bill.where.rpartition(":")[0]), "text": bill.words}


def _as_told(path: str) -> str:
    # As the user named it, but a path of somebody's machine is nobody else's business.
    return PurePath(path).name if PurePath(path).is_absolute() else path


def commenced(law: Law) -> dict[str, date | None]:
    """Return the day of each named commencement in a law, None for never: values are known by where they stand."""
    days: dict[str, date | None] = {}
    for draft in read_registry().drafts:
        there = {dated.where: dated.day for dated in law.rule(draft.rule.name).values}
        for name, dated in draft.named:
            days[name] = date_of(there[dated.where]) if dated.where in there else None
    return days


def sources(home: Path = HOME) -> dict[str, str]:
    """Return a hash of every file of code and data of the four packages, by its path from the repository's root."""
    found = [path for package in PACKAGES for path in (home / package).rglob("*") if path.suffix in ENDINGS]
    return {path.relative_to(home).as_posix(): digest(path) for path in sorted(found) if path.is_file()}


def digest(path: Path) -> str:
    """Return the first 16 hexadecimal digits of a file's SHA-256."""
    return digest_of(path.read_bytes())


def digest_of(content: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def digests(folder: Path) -> dict[str, str]:
    """Return a hash of every table and journal that a run has written in its folder, by its path from there."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in TABLES and not path.name.startswith("."))
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: digest(path) for name, path in names.items() if not WRITTEN_LATER.match(name)}


def shown(everything: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest as a page shows it: hashes of files in one, no text of Bills, nothing that changes nothing."""
    kept = {name: value for name, value in everything.items() if name not in ("inputs", "machine", "seconds")}
    if "beliefs" in kept:
        kept["beliefs"] = _as_told(str(kept["beliefs"]))
    held = everything.get("inputs")
    if not isinstance(held, Mapping):
        return kept
    files, results = held.get("files") or {}, held.get("results") or {}
    told = {name: held[name] for name in ("asked", "commencements", "libraries") if name in held}
    if "beliefs" in told.get("asked", {}):
        told["asked"] = told["asked"] | {"beliefs": _as_told(str(told["asked"]["beliefs"]))}
    if figures := _published(files):
        told["published figures"] = figures
    return kept | told | {"code and data": _in_one(files), "tables and journals": _in_one(results)}


def _published(files: Mapping[str, str]) -> str:
    figures = {name: files[name] for name in sorted(files) if name == COUNTS or name in added_figures(files)}
    return "; ".join(f"{name} {hash_of}" for name, hash_of in figures.items())


def added_figures(files: Mapping[str, str]) -> list[str]:
    """Return the files of published figures, among the hashes of a manifest, that do not ship with the model."""
    return sorted(name for name in files if name.startswith(ADDED) and name.endswith(".csv"))


def _in_one(hashes: Mapping[str, str]) -> str:
    whole = hashlib.sha256(repr(sorted(hashes.items())).encode()).hexdigest()[:DIGITS]
    return f"{len(hashes)} files, {whole} in all; each is in run.json"


def bills(everything: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return every Bill of a manifest once, with its key, file and text; none if it was written without them."""
    held = (everything.get("inputs") or {}).get("bills") or {}
    return list({bill["key"]: bill for some in held.values() for bill in some}.values())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
