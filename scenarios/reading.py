"""Reading YAML that a stranger wrote: plain names, text, lists and mappings, each with its file and line.

Nothing here turns text into numbers, dates or yes/no: `2026-13-01` and `yes` stay the text that was
written, so that `fields.py` can say what was expected in its place. Anchors, aliases and tags are refused:
a Bill has no need of them, and they are how a small file becomes a large or a dangerous one.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Union

import yaml

LARGEST = 1_000_000  # bytes; the longest file of the project is under a tenth of it
DEEPEST = 12  # levels of nesting; a Bill needs four
HOME = Path(__file__).resolve().parent.parent

# What PyYAML says, and what it means to someone who does not know PyYAML. The first that fits is used.
PLAINLY = (
    ("'\\t'", "has a tab where YAML allows only spaces"),
    ("unexpected end of stream", "opens a quotation mark that is never closed"),
    ("mapping values are not allowed", "has a colon where YAML does not allow one (put text with a colon in quotes)"),
    ("expected <block end>", "is indented in a way that does not line up"),
    ("could not find expected ':'", "has a line with no colon after the name"),
    ("expected ',' or", "opens a bracket that is never closed, or lacks a comma"),
)


class BadInput(Exception):
    """Something a user wrote cannot be used; `str()` is one sentence that says where, and what was expected."""


class _Parser(yaml.SafeLoader):
    """PyYAML's safe parser, of which only the events are used: no values are ever constructed."""


@dataclass(frozen=True)
class Node:
    """One place in a file: text, a tuple of nodes or a mapping of names to nodes, with where it stands.

    `key` is the node of the name under which it stands in a mapping; `plain` is False for quoted text.
    """

    value: Union[str, "tuple[Node, ...]", "dict[str, Node]"]
    file: str
    line: int
    field: str = ""
    plain: bool = True
    key: Union["Node", None] = None

    @property
    def where(self) -> str:
        """File and line, as in 'scenarios/statute_book.yaml:41'."""
        return f"{self.file}:{self.line}"

    def bad(self, predicate: str) -> BadInput:
        """Return the error that says this field `predicate`, as in 'must be a number'."""
        stop = "" if predicate.endswith("?") else "."
        return BadInput(f"{self.file}, line {self.line}: {self.field or 'the file'} {predicate}{stop}")


def read(path: Path) -> Node:
    """Return the mapping that a YAML file holds. BadInput if the file cannot be read or is not such a file."""
    return read_text(written(path), label(path))


def written(path: Path, form: str = "YAML") -> str:
    """Return the text of a file that a stranger wrote, YAML or CSV. BadInput if it cannot be read or is not UTF-8."""
    file = label(path)
    return _text(_bytes(path, file, form), file, form)


def read_text(text: str, file: str) -> Node:
    """Return the mapping that `text` holds; `file` is the name to use in messages. BadInput if it holds none."""
    events = _events(text, file)
    next(events)  # the start of the stream
    if not isinstance(next(events), yaml.DocumentStartEvent):
        raise BadInput(f"{file}: the file is empty.")
    top = _node(next(events), events, Node("", file, 1), 0)
    _refuse_more(events, top)
    if top.value == "":
        raise BadInput(f"{file}: the file is empty.")
    if not isinstance(top.value, dict):
        raise top.bad("must be a mapping of names to values, such as 'name: A shorter licence'")
    return top


def label(path: Path) -> str:
    """Return how a file is named in messages: from the repository's root if it is inside, else as it was given."""
    try:
        inside = path.resolve().relative_to(HOME)
    except (ValueError, OSError, RuntimeError):  # elsewhere; or a name that the system will not resolve
        return shown(str(path), 200, quoted=False)
    return shown(str(inside), 200, quoted=False)


def shown(text: str, longest: int = 60, quoted: bool = True) -> str:
    """Return text fit for one line of a message: cut at `longest` characters, with nothing unprintable in it."""
    cut = text if len(text) <= longest else text[:longest] + "..."
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return f"'{safe}'" if quoted else safe


def nearest(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """Return the words '; did you mean ...?' for the nearest of `names`, or `otherwise` if none is near."""
    near = get_close_matches(name[:200], list(names), 1)
    return f"; did you mean '{near[0]}'?" if near else otherwise


def _bytes(path: Path, file: str, form: str) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{file}: this is a folder; a {form} file was expected.")
        if not path.exists():
            raise BadInput(f"{file}: there is no such file.")
        if not path.is_file():  # a pipe or a device could keep us waiting for ever
            raise BadInput(f"{file}: this is not an ordinary file.")
        size = path.stat().st_size
        if size > LARGEST:
            raise BadInput(f"{file}: the file is {size / 1e6:.1f} MB; at most {LARGEST / 1e6:g} MB was expected.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise BadInput(f"{file}: the file cannot be read ({reason}).") from None


def _text(data: bytes, file: str, form: str) -> str:
    if b"\0" in data:
        raise BadInput(f"{file}: the file is not text (it has NUL bytes); {form} saved as UTF-8 was expected.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"{file}, line {line}: the file is not UTF-8 text; {form} saved as UTF-8 was expected."
        raise BadInput(said) from None


def _events(text: str, file: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_Parser)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"U+{ord(error.character):04X}" if isinstance(error.character, str) else f"U+{error.character:04X}"
        raise BadInput(f"{file}, line {line}: the file has a character that YAML does not allow ({found}).") from None
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, file) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):  # "\Uffffffff" is a bare ValueError
        raise BadInput(f"{file}: the file is not valid YAML.") from None


def _syntax(error: yaml.MarkedYAMLError, file: str) -> BadInput:
    problem = f"{error.context or ''} {error.problem or ''}".strip()
    fits = [plain for needle, plain in PLAINLY if needle in problem]
    mark = error.context_mark if fits and "never closed" in fits[0] and error.context_mark else error.problem_mark
    line = f", line {mark.line + 1}" if mark else ""
    said = fits[0] if fits else f"is not valid YAML ({shown(problem, 120, quoted=False)})"
    return BadInput(f"{file}{line}: the file {said}.")


def _node(event: Any, events: Iterator[Any], at: Node, depth: int) -> Node:
    """Return the node that begins with `event`; `at` says its file, field and key."""
    # A list or a mapping stands where its name does, although in YAML it may begin on the line below.
    named = at.key is not None and not isinstance(event, yaml.ScalarEvent)
    here = Node("", at.file, at.line if named else event.start_mark.line + 1, at.field, key=at.key)
    _refuse_tricks(event, here)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, here)
    if depth >= DEEPEST:
        raise here.bad(f"is nested more than {DEEPEST} levels deep")
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, here, depth)
    return _mapping(events, here, depth)


def _scalar(event: yaml.ScalarEvent, here: Node) -> Node:
    for c in event.value:
        if not (c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs"):
            raise here.bad(f"has a character that cannot be printed (U+{ord(c):04X})")
    return Node(event.value, here.file, here.line, here.field, event.style is None, here.key)


def _sequence(events: Iterator[Any], here: Node, depth: int) -> Node:
    found: list[Node] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        at = Node("", here.file, here.line, f"{here.field} item {len(found) + 1}".strip())
        found.append(_node(event, events, at, depth + 1))
    return Node(tuple(found), here.file, here.line, here.field, key=here.key)


def _mapping(events: Iterator[Any], here: Node, depth: int) -> Node:
    found: dict[str, Node] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, here, depth + 1)
        if not isinstance(key.value, str):
            raise key.bad("must have plain names before its colons, not a list or a mapping")
        if key.value in found:
            earlier = found[key.value].key or key
            raise key.bad(f"says {shown(key.value)} twice (first on line {earlier.line})")
        field = f"{here.field}.{shown(key.value, quoted=False)}".lstrip(".")
        named = Node(key.value, key.file, key.line, field, key.plain)
        found[key.value] = _node(next(events), events, Node("", here.file, key.line, field, key=named), depth + 1)
    return Node(found, here.file, here.line, here.field, key=here.key)


def _refuse_tricks(event: Any, here: Node) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise here.bad(f"uses a YAML anchor or alias, {shown(event.anchor)}, which is not accepted; write it out")
    if event.tag is not None:
        raise here.bad(f"uses a YAML tag, {shown(event.tag)}, which is not accepted; write a plain value")


def _refuse_more(events: Iterator[Any], top: Node) -> None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadInput(f"{top.file}, line {line}: the file holds a second YAML document; one was expected.")
