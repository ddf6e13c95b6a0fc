"""A small run folder to read: two scenarios, a few people, two lives, and a scenario whose name is nasty."""

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.series import published
from results.fit import observe, summarise
from results.outcomes import monthly
from results.store import write_manifest, write_table
from scenarios import current_law, find
from sim.days import day_of
from sim.world import World

PEOPLE, LIVES, LAST = 60, 2, pd.Timestamp("2034-12-31")
NASTY = "<script>alert('x')</script> & \"quoted\""


def write_run(folder: Path) -> Path:
    """Write a run folder of two scenarios, 60 people and two lives, one scenario with a nasty name."""
    law, observations, last = current_law(), published(), day_of(LAST.date())
    parts, shown, told = [], [], []
    for key in ("current_law", "one_year"):
        scenario = find(key)
        groups, laws = scenario.laws(law)
        name = scenario.name if key == "current_law" else NASTY
        begins = scenario.commencement and scenario.commencement.isoformat()
        told.append({"key": key, "name": name, "question": NASTY, "source": scenario.source, "commencement": begins})
        for life in range(LIVES):
            world = World(laws, groups, life=life, last=last, people=PEOPLE)
            table = world.live().as_table()
            parts.append(monthly(table, world.people, last).assign(scenario=key, draw=0, life=life))
            if key == "current_law":
                shown.append(observe(observations, table, world.people))
    frame = pd.concat(parts, ignore_index=True)
    write_table(folder / "monthly.parquet", frame[["scenario", "draw", "life", "date", "measure", "group", "value"]])
    write_table(folder / "fit.parquet", summarise(observations, np.array(shown)))
    write_manifest(folder / "run.json", {
        "run": "0123456789ab", "scenarios": told, "lives": LIVES, "seed": 1, "from": "2005-04-04", "to": "2034-12-31",
        "projection_start": "2024-10-01", "version": "0", "commit": "none", "hashes": {"law": "00"}, "seconds": 1.0,
        "versions": {"python": "3.11"}, "machine": {"system": "Linux"}, "people": PEOPLE,
    })  # fmt: skip
    return folder
