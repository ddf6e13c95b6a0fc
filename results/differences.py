"""Differences between a run and the same run lived again: what it was made of that differs, and by how much."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.store import WRITERS, read_table

MOST_NAMED = 4  # files in one sentence
CODE = (".py", ".html", ".css", ".js")
LAW = "scenarios/statute_book.yaml"
# Of results/, what a table or a journal passes through; the rest only words and draws.
COUNTING = (
    "runs", "plan", "pieces", "gather", "answers", "precision", "outcomes", "measures", "stocks", "flows", "fit",
    "store", "provenance", "counting/tally", "counting/stays", "counting/happenings", "counting/presence",
    "counting/middle", "self_harm", "together",
)  # fmt: skip
TELLING = ("sim/__main__.py", "sim/commands/")
PAGES = ("report.html", "charts/", "brief-", "compare", "levers", "data_dictionary.csv")
NOTHING_RECORDED = (
    "Nothing that the manifest records differs: neither code, data, law, libraries nor machine. That is a fault of the "
    "model, and worth reporting."
)


class Cause(NamedTuple):
    """Something that was not the same the second time: of what kind, in words, and whether only pages show it."""

    kind: str
    said: str
    only_pages: bool = False


def causes(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Cause]:
    """Return all that differs between two manifests and could change a result, the likeliest first."""
    files = _files(_inputs(was, "files"), _inputs(now, "files"))
    return [*_edited(was, now), *files, *_laws(was, now), *_libraries(was, now), *_rest(was, now)]


def _inputs(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return (manifest.get("inputs") or {}).get(name) or {}


def _edited(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    # A run is named by a hash of what it asks: other name and same hashes mean that something else is asked.
    if was.get("run") != now.get("run") and was.get("hashes") == now.get("hashes"):
        yield Cause("other manifest", "what it asks is not what made the run that it names, so it was edited")


def _files(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Cause]:
    changed = [name for name in sorted({**was, **now}) if was.get(name) != now.get(name)]
    for kind, some in (
        ("other code", [name for name in changed if name.endswith(CODE) and not _only_pages(name)]),
        ("other data", [name for name in changed if not name.endswith(CODE) and name != LAW]),
        ("other law", [name for name in changed if name == LAW]),
    ):
        if some:
            yield Cause(kind, f"{_named(some)} changed")
    pages = [name for name in changed if name.endswith(CODE) and _only_pages(name)]
    if pages:
        yield Cause("other code", f"{_named(pages)} changed", only_pages=True)


def _only_pages(name: str) -> bool:
    module = PurePath(name).with_suffix("").as_posix().removeprefix("results/")
    return name.startswith(TELLING) or (name.startswith("results/") and module not in COUNTING)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _laws(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    before, after = ({k: v for k, v in (m.get("hashes") or {}).items() if k.startswith("law:")} for m in (was, now))
    changed = [key.removeprefix("law:") for key in sorted({**before, **after}) if before.get(key) != after.get(key)]
    if changed:
        yield Cause("other law", f"the numbers of {_named(changed)} are not those of the run")
    if was.get("beliefs") != now.get("beliefs"):
        yield Cause("other data", f"beliefs come from {was.get('beliefs')}, now from {now.get('beliefs')}")
    one, other = ((m.get("fit") or {}).get("hash") for m in (was, now))
    if one and other and one != other:
        yield Cause("other data", "the fit that beliefs come from is not that of the run")


def _libraries(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    before, after = ({**(m.get("versions") or {}), **_inputs(m, "libraries")} for m in (was, now))
    changed = [
        f"{name} {before.get(name, 'none')}, now {after.get(name, 'none')}"
        for name in sorted({**before, **after})
        if before.get(name) != after.get(name)
    ]
    if changed:
        yield Cause("other library versions", "; ".join(changed))


def _rest(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    if was.get("machine") != now.get("machine"):
        yield Cause("other machine", f"{_spoken(was.get('machine'))}, now {_spoken(now.get('machine'))}")
    if was.get("failed") != now.get("failed"):
        yield Cause("other lives", "not the same lives failed")
    for name in ("commit", "version"):
        if was.get(name) != now.get(name):
            yield Cause("other code", f"{name} {was.get(name)}, now {now.get(name)}", only_pages=True)


def _spoken(machine: Any) -> str:
    return " ".join(str(each) for each in machine.values()) if isinstance(machine, Mapping) else "unknown"


def told_apart(name: str, found: list[Cause]) -> str:
    """Return why a result file may differ, in sentences; a table cannot differ for what only pages show."""
    page = name.startswith(PAGES) or name == "run.json"
    bearing = [cause for cause in found if page or not cause.only_pages]
    if not bearing:
        return NOTHING_RECORDED
    return " ".join(f"{cause.kind.capitalize()}: {cause.said}." for cause in bearing)


def content_differs(was: Path, now: Path) -> str:
    """Return by how much two files differ: rows of a table, or the place of the first byte."""
    if was.suffix in WRITERS:
        try:
            return _rows_differ(read_table(was), read_table(now))
        except (OSError, ValueError, KeyError):
            return "one of the two cannot be read as a table."
    one, other = was.read_bytes(), now.read_bytes()
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"from byte {place:,} of {len(one):,}."


def _rows_differ(was: pd.DataFrame, now: pd.DataFrame) -> str:
    if list(was.columns) != list(now.columns):
        return "the columns are not the same."
    if len(was) != len(now):
        return f"{len(was):,} rows, now {len(now):,}."
    other = np.column_stack([_cells_differ(was[name], now[name]) for name in was.columns])
    rows = other.any(axis=1)
    if not rows.any():
        return "the same numbers, kept in other bytes."
    first = int(rows.argmax())
    place = int(other[first].argmax())
    return (
        f"{int(rows.sum()):,} of {len(was):,} rows; the first is row {first + 1}, {was.columns[place]}: "
        f"{was.iat[first, place]!s}, now {now.iat[first, place]!s}."
    )


def _cells_differ(was: pd.Series, now: pd.Series) -> NDArray[np.bool_]:
    """Return where two columns are not the same; two cells that are missing are."""
    pair = [was, now]
    if all(isinstance(each.dtype, pd.CategoricalDtype) for each in pair):
        kinds = was.cat.categories.union(now.cat.categories)
        pair = [each.cat.set_categories(kinds).cat.codes for each in pair]
    one, other = pair
    return np.asarray((one != other) & ~(one.isna() & other.isna()), bool)
