"""Likeness: a mark of what the model does, by which a fit knows the model that it was learned from.

A hash of the code would change with every comment. The mark is of a small population's journal under the book's own values:
it changes when a rule, a number or the luck does, so far as that small population meets it.
"""

import hashlib
from datetime import date

from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.law import Law

PEOPLE, SEED, LAST = 1_000, 2024, date(2030, 12, 31)
DIGITS = 16


def likeness(law: Law) -> str:
    """Return 16 hex digits of a hash of the journal of a small population under a law."""
    table = CompiledWorld([law], seed=SEED, life=0, last=day_of(LAST), people=PEOPLE).live()
    whole = hashlib.sha256()
    for column in table:
        whole.update(column.tobytes())
    return whole.hexdigest()[:DIGITS]
