"""Cautions: what a reader must know of one run in particular, before any of its figures."""

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from results.fit import INTERVAL
from results.folder import Manifest, Run
from results.provenance import added_figures
from results.words import said
from sim.law import Law

FEW_LIVES = 80  # fewer than these leave less than two lives beyond each end of a 95% interval
NEAR = 0.1  # of the people sentenced: a run with more or fewer than that cannot be set beside published counts


def other_number(manifest: Manifest, law: Law) -> str:
    """Return a sentence if a run does not simulate as many people as were sentenced, else ''."""
    sentenced = float(law.on(0)["people_sentenced"])  # type: ignore[arg-type]
    if abs(manifest.people - sentenced) <= NEAR * sentenced:
        return ""
    return (
        f"This run simulates {manifest.people:,} people and not the some {sentenced:,.0f} who were sentenced, so its "
        "counts are not those of the country and cannot be set beside published ones."
    )


def believed(everything: Mapping[str, Any]) -> str:
    """Return what the numbers that nobody has published rest on in this run, as a sentence."""
    if fit := everything.get("fit"):
        until = said(date.fromisoformat(fit["until"]))
        return (
            f"Its beliefs were fitted to counts published for days to {until}; those of which counts say nothing are "
            "judgements."
        )
    if everything.get("beliefs") == "prior":
        return "Its beliefs are drawn from judgement alone, and published counts have not narrowed them."
    return "Its beliefs are first estimates, one value each, that have not been fitted together."


def cautions_of(manifest: Manifest, everything: Mapping[str, Any], lives: int, law: Law) -> list[str]:
    """Return what a reader must know: another number of people, few lives (of all draws), lives that failed."""
    found = [other] if (other := other_number(manifest, law)) else []
    if lives < FEW_LIVES:
        found.append(
            f"With {lives:,} {'life' if lives == 1 else 'lives'} the ends of the {INTERVAL} intervals are rough."
        )
    if added := added_figures((everything.get("inputs") or {}).get("files") or {}):
        names = ", ".join(PurePath(name).name for name in added)
        found.append(f"Among the published figures are some that do not ship with the model: {names}.")
    if (fit := everything.get("fit")) and not fit["same_model"]:
        found.append("The beliefs were fitted with another version of the model or its law: fit them again.")
    if everything.get("failed"):
        found.append(f"{len(everything['failed'])} of the lives asked for failed and are missing.")
    return found


def cautions(run: Run, law: Law) -> list[str]:
    """Return the cautions of a run as read."""
    return cautions_of(run.manifest, run.everything, run.manifest.lives * run.draws, law)
