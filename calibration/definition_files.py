"""Definition files: series files read, and what is wrong with one said in sentences with file, line and field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from calibration.definitions import Excluded, Family, Grade, Kind, Observed, Series, Total
from calibration.lines import SERIES, added_files
from scenarios.reading import BadInput, Node, label, nearest, read_text, shown, written

NAMES = [name for each in (Kind, Grade, Family) for name in get_args(each)]
PARTS: dict[str, Mapping[str, Any]] = {
    "rows": Observed.model_fields, "excluded": Excluded.model_fields, "totals": Total.model_fields
}  # fmt: skip


def described(folder: Path = SERIES, added: Path | None = None) -> list[Series]:
    """Return every series file, those added among them, in order of name; BadInput names file, line and field."""
    found = []
    for path in [*folder.glob("*.yaml"), *added_files(added, "yaml")]:
        try:
            found.append(Series.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (ValidationError, yaml.YAMLError, UnicodeDecodeError):
            raise BadInput(read_definition(path)[1][0]) from None
    return sorted(found, key=lambda one: one.series)


def read_definition(path: Path) -> tuple[Series | None, list[str]]:
    """Return a definition that a modeller wrote, or None and every sentence on what is wrong with it."""
    try:
        text = written(path)
        top = read_text(text, label(path))
    except BadInput as problem:
        return None, [str(problem)]
    try:
        return Series.model_validate(yaml.safe_load(text)), []
    except ValidationError as problem:
        return None, [_sentence(top, each) for each in problem.errors()]
    except (yaml.YAMLError, ValueError):  # a date that is in no calendar is refused by the library itself
        return None, [f"{label(path)}: the file holds a value that YAML cannot read, such as a date in no calendar."]


def _sentence(top: Node, error: ErrorDetails) -> str:
    """Return what one error of pydantic means to someone who does not know pydantic."""
    node, name, kind = _place(top, error), str(error["loc"][-1]) if error["loc"] else "", error["type"]
    if kind == "missing":
        return str(node.bad(f"must have the field '{name}'"))
    if kind == "extra_forbidden":
        known = PARTS.get(str(error["loc"][0])) if len(error["loc"]) > 1 else None
        names = list(known or Series.model_fields)
        near = nearest(name, names, f"; expected {', '.join(names)}")
        return str((node.key or node).bad(f"is not a known field{near}"))
    if kind == "literal_error":
        expected, given = error["msg"].partition("be ")[2], str(error["input"])
        near = nearest(given, [each for each in NAMES if f"'{each}'" in expected])
        return str(node.bad(f"must be {expected}, not {shown(given)}{near}"))
    said = error["msg"].removeprefix("Value error, ")
    plain = said.startswith(("must", "is "))
    return str(node.bad(said if plain else f"is not right: {said[:1].lower()}{said[1:]}"))


def _place(top: Node, error: ErrorDetails) -> Node:
    """Return the node that an error is about, or the nearest around it."""
    node, row = top, (error.get("ctx") or {}).get("row")
    for step in error["loc"] if row is None else ("rows", row):
        if isinstance(node.value, dict):
            inner = node.value.get(str(step))
        else:
            inner = node.value[step] if isinstance(node.value, tuple) and isinstance(step, int) else None
        if inner is None:
            break
        node = inner
    return node
