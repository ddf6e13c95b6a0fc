"""Worth: what the checks of a fit found, in a file small enough to ship beside its draws, for every report to tell.

`ipp validate --to FOLDER` writes `validation.json`; docs/validation.md holds the whole of what it found.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calibration import backcast, predictive
from calibration.check import METHODS
from calibration.fitted import learned_from
from calibration.source import ABOUT, FIT, SHIPPED
from results.provenance import digest, digest_of
from results.store import write_bytes
from results.validation import Findings
from scenarios.reading import BadInput, label

FILE = "validation.json"
OURS = METHODS[0]  # the method that the draws are of
NOT_OF_A_FIT = "This run’s beliefs are not draws of a fit: what follows judges the fit that ships, and not this run."


class Strict(BaseModel):
    """Whatever stands in the file must be known here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Aimed(Strict):
    """Figures of a kind: how many, how many come within the aim (per cent of the median), how many 90% holds."""

    figures: int = Field(ge=1)
    aim: float = Field(gt=0)
    within: int = Field(ge=0)
    covered: int = Field(ge=0)


class Held(Strict):
    """How often intervals of a level (a share) held the truth; a measure, or '' for beliefs."""

    measure: str
    level: float = Field(gt=0, lt=1)
    covered: float = Field(ge=0, le=1)


class YearsOn(Strict):
    """Back-casts so many years on: figures, median absolute errors in per cent, and the share that 90% holds."""

    years_on: int = Field(ge=1)
    figures: int = Field(ge=1)
    model: float = Field(ge=0)
    no_change: float = Field(ge=0)
    change_goes_on: float = Field(ge=0)
    covered: float = Field(ge=0, le=1)


class Worth(Strict):
    """All of `validation.json`; `fit` is a hash of what the draws were learned from (`fit.json` beside them)."""

    fit: str
    until: date
    worlds: int
    since: date
    stocks: Aimed
    flows: Aimed
    held: list[Held]
    back: list[YearsOn] = Field(min_length=1)
    back_figures: int
    back_covered: float


def worth(found: Findings) -> Worth:
    """Return what the checks of a fit found, in few figures."""
    task, aims = found.fitted.task, predictive.aims(found.fit)
    beliefs = found.coverage[found.coverage["method"] == OURS].assign(measure="")
    told = {"fit": digest_of(learned_from(found.fitted, found.pasts)), "until": task.until, "since": predictive.SINCE}
    told |= {"worlds": sum(len(wave.places) for wave in found.fitted.waves)}
    told |= {"stocks": _aimed(aims[aims["kind"] == "stock"]), "flows": _aimed(aims[aims["kind"] == "flow"])}
    told |= {"held": _rounded(pd.concat([beliefs, found.ahead]), Held)}
    told |= {"back": _rounded(backcast.scored(found.back), YearsOn), "back_figures": len(found.back)}
    return Worth.model_validate(told | {"back_covered": round(float(found.back["covered"].mean()), 4)})


def _aimed(aims: pd.DataFrame) -> dict[str, Any]:
    counts = {name: int(aims[name].sum()) for name in ("within", "covered")}
    return {"figures": len(aims), "aim": float(aims["aim"].max())} | counts


def _rounded(table: pd.DataFrame, kind: type[Strict]) -> list[dict[str, Any]]:
    """Return a table's rows with the columns that a kind has; the last digits are a machine's own and are cut off."""
    return list(table[list(kind.model_fields)].round(4).to_dict("records"))  # type: ignore[arg-type]


def write_worth(found: Findings, folder: Path) -> Path:
    """Write `validation.json` in the folder of a fit, and return its path."""
    path = folder / FILE
    write_bytes(path, (worth(found).model_dump_json(indent=1) + "\n").encode())
    return path


def read_worth(folder: Path) -> Worth | None:
    """Return what `validation.json` of a fit's folder holds, or None; BadInput if it cannot be read."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return Worth.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadInput(f"{label(path)}: {where}: {first['msg'].lower()}; `ipp validate` writes it.") from error


def judged(everything: Mapping[str, Any], shipped: Path = SHIPPED) -> tuple[Worth | None, str]:
    """Return what the fit of a run is worth (or else the fit that ships), and why that is not said of this run, or ''.

    `everything` is the run's manifest. A run of the fit that ships is known by the hash of `fit.json` that the
    manifest keeps; one of a user's fit by the file in the folder that it names.
    """
    named = str(everything.get("beliefs"))
    folder = shipped if named == FIT or not everything.get("fit") else Path(named)
    found = read_worth(folder)
    if not everything.get("fit"):
        return found, NOT_OF_A_FIT
    if found is None:
        return None, "No checks of the fit that this run used stand beside its draws; `ipp validate --to` writes them."
    if found.fit != _fit_of(everything, named, folder):
        return found, "This run used another fit than the one that these checks are of; `ipp validate` makes them anew."
    return found, ""


def _fit_of(everything: Mapping[str, Any], named: str, folder: Path) -> str:
    """Return the hash of `fit.json` as the run had it, or as it is where the manifest does not keep it."""
    kept = ((everything.get("inputs") or {}).get("files") or {}).get(f"calibration/{SHIPPED.name}/{ABOUT}")
    if named == FIT and kept:
        return str(kept)
    return digest(folder / ABOUT) if (folder / ABOUT).is_file() else ""
