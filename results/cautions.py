"""Cautions: what a reader must know of one run in particular, before any of its figures."""

from results.folder import Run
from sim.law import Law

FEW_LIVES = 40  # fewer than these leave two lives or so beyond each end of a 90% interval
MOST_OF_THEM = 0.9  # of the people sentenced: a run of fewer cannot be set beside published counts


def part_of_them(run: Run, law: Law) -> str:
    """Return a sentence if the run does not simulate the whole population, else ''."""
    sentenced = float(law.on(0)["people_sentenced"])  # type: ignore[arg-type]
    if run.manifest.people >= MOST_OF_THEM * sentenced:
        return ""
    return (
        f"This run simulates {run.manifest.people:,} people and not all of the some {sentenced:,.0f} sentenced, "
        "so its counts cannot be set beside published ones."
    )


def cautions(run: Run, law: Law) -> list[str]:
    """Return what a reader must know of this run: a part of the population, few lives, lives that failed."""
    found = [part] if (part := part_of_them(run, law)) else []
    if run.manifest.lives < FEW_LIVES:
        found.append(f"With {run.manifest.lives} lives the ends of the 90% intervals are rough.")
    if run.everything.get("failed"):
        found.append(f"{len(run.everything['failed'])} of the lives asked for failed and are missing.")
    return found
