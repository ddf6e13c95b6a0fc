"""Architecture: what may import what, where numbers may stand, how long things may be. Read from the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from results.plan import ALSO

ROOT = Path(__file__).parent.parent
PACKAGES = ("sim", "scenarios", "calibration", "results")

# A module may import its own layer and those above it here. A package's name stands for all its modules.
LAYERS = (
    ("sim.compiling", "sim.days"),
    ("sim.luck", "sim.law", "sim.journal", "sim.purpose"),
    ("sim.people", "sim.services", "sim.workforce", "sim.layout"),
    (
        *("sim.termination", "sim.supervision", "sim.harms", "sim.rules", "sim.release_dates"),
        *("sim.coming", "sim.decisions"),
    ),
    ("sim.asking", "sim.setting", "sim.here"),
    ("sim.custody", "sim.recall", "sim.community", "sim.determinate", "sim.offending", "sim.sentence"),
    ("sim.world", "sim.compiled"),
    ("sim.history",),
    ("sim.licence", "sim.telling", "sim.ensemble", "scenarios"),
    ("calibration", "results"),
    ("sim.commands",),
    ("sim.__main__",),
)
LIBRARIES_OF_THE_MODEL = {"simpy", "numpy", "numba"}
# The last layer that needs no other library and holds no bare number.
THE_MODEL = LAYERS.index(("sim.history",))
ALGORITHMS = {"sim.compiling", "sim.days", "sim.luck"}  # made of numbers: a calendar and a hash

# Nothing, one, two (for a half or a square) and the months of a year; any other number belongs in the book.
PLAIN_NUMBERS = {0, 1, 2, 12}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(path: Path) -> str:
    """The dotted name of a module's file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def layer_of(module: str) -> int | None:
    """The place in the table of a module, or of the nearest package around it; None if it has none."""
    while module:
        for place, names in enumerate(LAYERS):
            if module in names:
                return place
        module = module.rpartition(".")[0]
    return None


def at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below one, but for what stands under `if TYPE_CHECKING:`, which no program ever runs."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")):
            yield child
            yield from at_run_time(child)


def imports_of(module: str) -> Iterator[str]:
    """Every module that a module imports when it runs, anywhere in it, by dotted name."""
    for node in at_run_time(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}:{node.lineno} imports by a relative name"
            source = node.module or ""
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield whole if whole in MODULES else source


def ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def in_model(module: str) -> bool:
    layer = layer_of(module)
    return layer is not None and layer <= THE_MODEL


def refuse(faults: list[str]) -> None:
    """Fail with every fault on a line of its own."""
    if faults:
        pytest.fail("\n" + "\n".join(faults), pytrace=False)


def test_every_module_has_a_layer() -> None:
    assert MODULES
    lost = [module for module in MODULES if layer_of(module) is None and module != "sim"]
    refuse([f"{module} is in no layer of the table" for module in lost])


def test_imports_point_down_only() -> None:
    faults = []
    for module in MODULES:
        for other in filter(ours, imports_of(module)):
            mine, its = layer_of(module), layer_of(other)
            if mine is not None and its is not None and its > mine:
                faults.append(f"{module} imports {other}, which stands above it")
    refuse(faults)


def test_no_module_imports_itself_by_a_detour() -> None:
    below = {module: {other for other in imports_of(module) if other in MODULES} for module in MODULES}
    while leaves := {module for module, others in below.items() if not others}:
        below = {module: others - leaves for module, others in below.items() if module not in leaves}
    refuse([f"{module} is in a ring of imports, or above one: {sorted(others)}" for module, others in below.items()])


def test_the_model_needs_only_simpy_numpy_numba_and_the_standard_library() -> None:
    allowed = LIBRARIES_OF_THE_MODEL | sys.stdlib_module_names | set(PACKAGES)
    refuse(
        [
            f"{module} imports {other}"
            for module in filter(in_model, MODULES)
            for other in imports_of(module)
            if other.partition(".")[0] not in allowed
        ]
    )


def test_nothing_imports_the_tests() -> None:
    refuse([f"{m} imports {o}" for m in MODULES for o in imports_of(m) if o.partition(".")[0] == "tests"])


def is_named_constant(node: ast.AST, lines: list[str]) -> bool:
    """Whether a statement gives an UPPER_CASE name its value, with a comment beside it or above in its paragraph."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if not names or not all(name.isupper() for name in names):
        return False
    assert isinstance(node, ast.stmt)
    start = node.lineno - 1
    while start and lines[start - 1].strip():
        start -= 1
    return any("#" in line for line in lines[start : node.end_lineno])


def is_enumeration(node: ast.AST) -> bool:
    """Whether a class is an enumeration, whose members are numbered."""
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith(("Enum", "Flag")) for base in node.bases)


def bare_numbers(source: str) -> Iterator[tuple[int, float]]:
    """Every number in a source, with its line, that is neither plain, nor a named constant, nor of an enumeration."""
    tree, lines = ast.parse(source), source.splitlines()
    for statement in tree.body:
        if is_named_constant(statement, lines) or is_enumeration(statement):
            continue
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, int | float)):
                continue
            if node.value not in PLAIN_NUMBERS:  # False and True are 0 and 1 here
                yield node.lineno, node.value


def test_bare_numbers_are_found() -> None:
    source = "\n".join(
        [
            "RATE = 7  # a comment",
            "OTHER: float = 0.5",
            "",
            "NAKED = 3",
            "class Kind(IntEnum):",
            "    THIRD = 3",
            "def f(x=4):",
            "    return x * -1 + 2 * 1.0 + 0.25 + True",
        ]
    )
    assert list(bare_numbers(source)) == [(4, 3), (7, 4), (8, 0.25)]


def test_the_model_holds_no_bare_numbers() -> None:
    refuse(
        [
            f"{MODULES[module].relative_to(ROOT)}:{line} has the bare number {number}"
            for module in sorted(set(filter(in_model, MODULES)) - ALGORITHMS)
            for line, number in bare_numbers(MODULES[module].read_text("utf-8"))
        ]
    )


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES.values()}
    longest = sorted(lengths.items(), key=lambda each: -each[1])
    refuse([f"{path.relative_to(ROOT)} has {n} lines, over {LONGEST_FILE}" for path, n in longest if n > LONGEST_FILE])


def functions_of(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_are_short() -> None:
    found = [(1 + (f.end_lineno or 0) - f.lineno, module, f.name) for module in MODULES for f in functions_of(module)]
    long = [each for each in sorted(found, reverse=True) if each[0] > LONGEST_FUNCTION]
    refuse([f"{module}.{name} has {lines} lines, over {LONGEST_FUNCTION}" for lines, module, name in long])


def compiles(module: str) -> bool:
    """Whether a module has a function that is compiled."""
    return any(ast.unparse(mark) == "compiled" for f in functions_of(module) for mark in f.decorator_list)


def test_what_is_compiled_asks_only_the_model_and_its_own_folder() -> None:
    # where it is kept is named by the sources of those alone: sim.compiling.cache_of
    compiled = [module for module in MODULES if compiles(module)]
    assert {"sim.rules", "results.counting.stays"} <= set(compiled)
    refuse(
        [
            f"{module} is compiled and imports {other}"
            for module in compiled
            for other in filter(ours, imports_of(module))
            if not other.startswith(("sim.", module.rpartition(".")[0] + "."))
        ]
    )


def test_a_piece_is_named_by_all_that_counts_it() -> None:
    asked, found = {"results.outcomes", "results.fit"}, set()
    while asked:
        found |= asked
        asked = {other for each in asked for other in imports_of(each) if other.startswith("results.")} - found
    assert {"results.counting.tally", "results.stocks"} <= found
    named = set(ALSO)
    refuse([f"results.plan.ALSO lacks {each}" for each in found if f"{each.replace('.', '/')}.py" not in named])


def public(body: list[ast.stmt]) -> Iterator[Defined]:
    """Public functions and classes of a module or class, and those of its classes; not those inside functions."""
    for node in body:
        if isinstance(node, Defined) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_modules_and_all_that_is_public_say_what_they_are() -> None:
    faults = [f"{module} has no docstring" for module in MODULES if not ast.get_docstring(tree_of(module))]
    for module in MODULES:
        for node in public(tree_of(module).body):
            if not ast.get_docstring(node):
                faults.append(f"{module}.{node.name} (line {node.lineno}) has no docstring")
    refuse(faults)


def files_of_the_repository() -> list[Path]:
    """Every file that is tracked, or neither tracked nor ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this copy is not a git repository")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def machine_paths() -> re.Pattern[bytes]:
    """What a path of somebody's machine looks like; a web address that goes on like one is none."""
    usual = rb"(?<![\w.:/%}-])(?:/(?:home|Users|work|root|opt|mnt|private)/[\w.]|[A-Z]:\\\\?Users)"
    here = {str(ROOT), str(Path.home())} - {"/"}
    return re.compile(b"|".join([usual, *(rb"(?<![\w.:/-])" + re.escape(path.encode()) + rb"\b" for path in here)]))


def test_a_machine_path_is_told_from_a_web_address() -> None:
    pattern = machine_paths()
    assert pattern.search(b"read " + b"/home" + b"/someone/notes.txt")
    assert pattern.search(b'"' + b"/wor" + b'k/folder"')
    assert pattern.search(str(ROOT / "sim").encode())
    assert not pattern.search(b"https://www.gov.uk/home/office and https://example.org/root/work/2024")


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    pattern, faults = machine_paths(), []
    for path in files_of_the_repository():
        if found := pattern.search(path.read_bytes()):
            faults.append(f"{path.relative_to(ROOT)} holds {found.group().decode()}")
    refuse(faults)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-crosscheck.lock"])
def test_a_lock_file_pins_by_hash_and_names_no_source(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pins
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+ \\", line) for line in pins), "a line is not a pinned package"
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)
    assert not [line for line in lines if "://" in line or line.startswith("--") or " @ " in line]


def test_the_cross_check_stands_on_the_same_packages_and_more() -> None:
    pins = {name: set(re.findall(r"^[\w.-]+==[\w.]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))
            for name in ("requirements.lock", "requirements-crosscheck.lock")}  # fmt: skip
    assert pins["requirements.lock"] < pins["requirements-crosscheck.lock"]
    more = {pin.partition("==")[0] for pin in pins["requirements-crosscheck.lock"] - pins["requirements.lock"]}
    assert "pyabc" in more
