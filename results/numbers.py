"""Numbers of people: how many a run simulates; draws differ where how many were sentenced is a belief."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from results.folder import Manifest, Run
from results.words import count

DRAWS, SENTENCED = "draws.parquet", "people_sentenced"


class People(NamedTuple):
    """How many people a run simulates: the median over draws, the fewest and the most."""

    median: int
    fewest: int
    most: int

    @property
    def same(self) -> bool:
        """Whether every draw has as many."""
        return self.fewest == self.most

    @property
    def words(self) -> str:
        """The number of people, such as '7,000 people' or '7,196 people (7,119 to 7,259 over draws)'."""
        over = "" if self.same else f" ({count(self.fewest)} to {count(self.most)} over draws)"
        return f"{count(self.median)} people{over}"


def people_in(folder: Path, manifest: Manifest, everything: Mapping[str, Any]) -> People:
    """Return how many people the draws of a run have.

    The manifest's number, unless draws differ: then each has the number sentenced that it drew × the run's scale,
    rounded as `sim.people.national` does.
    """
    asked = ((everything.get("inputs") or {}).get("asked") or {}).get("people")
    path = folder / DRAWS
    if asked is not None or not path.is_file() or SENTENCED not in pq.read_schema(path).names:
        return People(manifest.people, manifest.people, manifest.people)
    drawn = pd.read_parquet(path, columns=[SENTENCED])[SENTENCED] * float(everything.get("people_scale") or 1.0)
    each = drawn.round().astype(int)
    return People(round(float(each.median())), int(each.min()), int(each.max()))


def people_of(run: Run) -> People:
    """Return how many people the draws of a run as read have."""
    return people_in(run.folder, run.manifest, run.everything)
