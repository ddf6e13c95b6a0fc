"""How much work a world is: luck drawn, state read and written, law read. `python -m tests.benchmarks.counted 300`.

A small cohort is lived in plain Python, each compiled function exchanged for its source and each record for one that
counts. The journal must come out as the compiled engine wrote it, or the counts are of something else. A compiler may
read a field once where the source reads it twice, so the reads are the most that the machine code makes.
"""

import json
import sys
from collections import Counter
from datetime import date
from typing import Any

import numpy as np

from scenarios import current_law
from sim import compiled, here, luck, people
from sim.compiled import CompiledWorld
from sim.days import day_of
from sim.law import Numbers
from sim.people import RECORD, national

LAST = day_of(date(2034, 12, 31))
WORD = 2**64


class Record:
    """A record whose fields are counted as they are read and written."""

    def __init__(self, values: dict[str, Any], tally: Counter[str], what: str) -> None:
        vars(self).update(_values=values, _tally=tally, _what=what)

    def __getattr__(self, name: str) -> Any:
        self._tally[f"{self._what} reads"] += 1
        return self._values[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._tally[f"{self._what} writes"] += 1
        self._values[name] = value


class Shelf:
    """An array whose places are counted as they are looked up."""

    def __init__(self, places: Any, tally: Counter[str], what: str) -> None:
        self.places, self.tally, self.what = places, tally, what

    def __getitem__(self, place: Any) -> Any:
        self.tally[f"{self.what} reads"] += 1
        return self.places[place]

    def __len__(self) -> int:
        return len(self.places)


def word(value: Any) -> Any:
    """Return a whole number as 64 bits, as compiled code takes it; numpy alone refuses those below 0."""
    return np.uint64(int(value) % WORD)


def in_plain_python(tally: Counter[str]) -> None:
    """Exchange every compiled function of the model for its source, in this process for good; count the hash."""
    ours = [module for name, module in sys.modules.items() if name.startswith("sim.")]
    plain = luck.mix.py_func  # type: ignore[attr-defined]

    def mix(z: Any) -> Any:
        tally["hashes"] += 1
        return plain(z)

    vars(compiled)["Here"] = Here
    exchanged = {id(np.uint64): word, id(luck.mix): mix}
    for module in ours:
        for name, value in list(vars(module).items()):
            if id(value) in exchanged or hasattr(value, "py_func"):
                setattr(module, name, exchanged.get(id(value)) or value.py_func)


class Here(here.Here):
    """The world as the story sees it, which answers, moves and records by the engine's own source."""

    def __new__(cls, *given: Any) -> "Here":
        """Take what the engine takes, with the journal's lines as records whose fields have names."""
        named = dict(zip(cls._fields, given, strict=True))
        return super().__new__(cls, **named | {"lines": named["lines"].view(np.recarray)})

    def asks(self, rule: Any, person: Any, *more: Any) -> Any:
        """Return what a rule says of a person today: the call that `here.asks` writes."""
        return rule(self.numbers, self.people, person.number, self.day, *more)

    def moves(self, *given: Any) -> None:
        """Put a person in a state from today."""
        here.moves(self, *given)(self, *given)

    def records(self, *given: Any, **named: Any) -> None:
        """Write a line of the journal."""
        here.records(self, *given, **named)(self, *given, **named)


class Cohort:
    """People as records that count, and as the array that they were, where whole columns are asked for."""

    def __init__(self, people: Any, tally: Counter[str]) -> None:
        zero = np.zeros(1, RECORD)[0]
        self.whole = people
        self.records = [Record(fields_of(zero), tally, "person") for _ in people]

    def __getitem__(self, which: Any) -> Any:
        return self.records[which] if isinstance(which, int | np.integer) else self.whole[which]

    def __len__(self) -> int:
        return len(self.records)


def fields_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name, none shared with another's."""
    return {name: record[name].copy() for name in record.dtype.names}


def counting(numbers: Numbers, tally: Counter[str]) -> Any:
    """Return the law's numbers such that what is read of them is counted."""
    parts = {name: Shelf(array, tally, "law") for name, array in numbers._asdict().items()}
    records: Any = [Record(fields_of(record), tally, "law") for record in numbers.book]
    return numbers._replace(**parts | {"book": records})


def counts(count: int) -> dict[str, Any]:
    """Return what the lives of so many people took, and of that what went to say who they are."""
    law, tally = current_law(), Counter[str]()
    first, world = (CompiledWorld([law], last=LAST, people=count, scale=count / national(law)) for _ in range(2))
    counted: Any = Cohort(world.people, tally)
    world.people, world.numbers = counted, counting(world.numbers, tally)
    table = first.live()
    in_plain_python(tally)
    with np.errstate(over="ignore"):
        people.draw(world.numbers, people.sentenced_by_day(law), counted, 1, 0)
        at_first = dict(tally)
        lived = world.live()
    if any(np.any(one != other) for one, other in zip(table, lived, strict=True)):
        raise AssertionError("the journal in plain Python is not the compiled engine's: nothing was counted")
    living = {name: value - at_first.get(name, 0) for name, value in tally.items()}
    return {"people": count, "events": len(table.day), "drawing": at_first, "living": living}


if __name__ == "__main__":
    json.dump(counts(int(sys.argv[1])), sys.stdout)
