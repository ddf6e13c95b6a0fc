"""Source: where a run's beliefs come from, by the name a user gives: the fit that ships, another, priors, the book."""

import hashlib
import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.draws import Draws, Numbers, Prior, beliefs, names
from scenarios.reading import BadInput, shown
from sim.days import day_of
from sim.law import Law
from sim.setting import Past

SHIPPED = Path(__file__).parent / "posterior"
TABLE, ABOUT = "draws.parquet", "fit.json"
PAST = "past"  # the column of the life whose luck a draw has until the last day of the data
BOOK, PRIOR, FIT = "book", "prior", "fit"
DIGITS = 16  # of a hash, in hexadecimal
SEED = 2024  # of the priors of beliefs that a fit did not know


class Posterior(Draws):
    """Draws of every belief from a fit; a draw beyond the last begins again with the first, under other luck."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Take the folder of a fit; BadInput where there is none, or it is not whole."""
        self.folder = folder
        self.source = FIT if folder == SHIPPED else str(folder)
        if not (folder / TABLE).exists() or not (folder / ABOUT).exists():
            raise BadInput(f"{folder} has no fitted draws ({TABLE} and {ABOUT}): `ipp fit` writes them.")

    @cached_property
    def table(self) -> pd.DataFrame:
        """The draws, a row each."""
        return pd.read_parquet(self.folder / TABLE)

    @cached_property
    def about(self) -> dict[str, Any]:
        """What the draws were learned from."""
        told: dict[str, Any] = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
        return told

    @cached_property
    def mark(self) -> str:
        """16 hex digits of a hash of both files, by which a run knows the fit that it took, wherever that lies."""
        files = (hashlib.sha256((self.folder / name).read_bytes()).digest() for name in (TABLE, ABOUT))
        return hashlib.sha256(b"".join(files)).hexdigest()[:DIGITS]

    def numbers(self, law: Law, draw: int) -> Numbers:
        """Return the number of each belief in one draw; one that the fit did not know yet comes from its prior."""
        row = self.table.iloc[draw % len(self.table)].to_dict()
        every = [name for rule in beliefs(law) for name in names(rule)]
        before = {} if set(every) <= set(row) else Prior(SEED).numbers(law, draw)
        return {name: float(row.get(name, before.get(name, 0.0))) for name in every}

    def past(self, draw: int) -> Past | None:
        """Return the luck that a draw has had to the last day of the data; None where a fit chose none."""
        if PAST not in self.table:
            return None
        life = int(self.table[PAST].iloc[draw % len(self.table)])
        return Past(int(self.about["seed"]), life, day_of(date.fromisoformat(self.about["until"])) + 1)


def source(named: str, draws: int, seed: int) -> Draws:
    """Return where beliefs come from: 'fit', 'prior', 'book' or the folder of a fit; '' for the usual.

    The usual is the fit that ships, and for a single draw the book's own values, which are in the middle of nothing but
    stand for no luck of the draw. BadInput for anything else, or for several draws of the book's one set of values.
    """
    named = named or (FIT if draws > 1 else BOOK)
    if named == BOOK:
        if draws > 1:
            raise BadInput(f"--beliefs book is one set of values, so --draws must be 1, not {draws}.")
        return Draws()
    if named == PRIOR:
        return Prior(seed)
    if named == FIT:
        return Posterior()
    if not Path(named).is_dir():
        raise BadInput(f"--beliefs must be fit, prior, book or the folder of a fit, not {shown(named)}.")
    return Posterior(Path(named))
