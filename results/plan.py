"""Plans: what is to be run, in pieces that each live one life of one draw under one scenario, and where they go."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from calibration.draws import Draws
from calibration.series import files
from calibration.source import source
from results.answers import resolved
from results.progress import on_the_screen
from scenarios import Scenario, find
from scenarios.bill import Ask
from scenarios.reading import HOME, BadInput, nearest, shown
from sim.compiling import sources_hash
from sim.ensemble import telling_of_compiling
from sim.law import Law
from sim.layout import laid_out

BASELINE = "current_law"
ENGINES = ("compiled", "simpy")
# What a piece depends on beside the model itself: how a Bill is enacted, beliefs are drawn and lives are counted.
ALSO = ("scenarios/bill.py", *(f"calibration/{name}.py" for name in (
    "draws", "drift", "series", "definitions", "definition_files", "lines",
)), *(f"results/{name}.py" for name in (
    "outcomes", "stocks", "flows", "measures", "fit", "pieces", "self_harm",
    "counting/tally", "counting/stays", "counting/happenings", "counting/presence", "counting/middle",
)))  # fmt: skip
BUDGET = 2_000  # worlds that a search for precision may live, unless another number is given
LARGEST_SCALE = 1_000
PER_CENT = 100
GROWTH = 3, 2  # each batch brings what has been lived to three halves of it


def digest(*parts: bytes) -> str:
    """Return the SHA-256 of the SHA-256 of each part, in hex: no two lists of parts run together."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def code_hash() -> str:
    """Return a hash of the code and data that a piece depends on: the model, the counting, what was published."""
    depends = [*(HOME / name for name in ALSO), *files()]
    return digest(sources_hash().encode(), *(path.read_bytes() for path in depends))[:16]


def law_hash(scenario: Scenario, law: Law) -> str:
    """Return a hash of every number that a scenario's laws hold on every day, and of whom they cover."""
    groups, laws = scenario.laws(law)
    numbers = laid_out(laws)
    covered = repr((groups, numbers.book.dtype.names)).encode()
    return digest(covered, numbers.regime_of.tobytes(), numbers.book.tobytes())[:16]


@dataclass(frozen=True)
class Plan:
    """What is to be run: scenarios (the current law first), draws, lives of each, seed, and the days reported on.

    With a `precision` (a share of the difference asked about) the plan may grow, up to `budget` worlds: in
    lives if all have the book's beliefs, in draws otherwise, as more lives of the same draws say no more of
    what is not known. `members` is how many it has grown to.
    """

    scenarios: tuple[Scenario, ...]
    law: Law
    lives: int
    seed: int
    first: date
    last: date
    out: Path
    people: int | None = None
    engine: str = "compiled"
    scale: float = 1.0
    draws: int = 1
    beliefs: Draws = field(default_factory=Draws)
    asks: dict[str, tuple[Ask, ...]] = field(default_factory=dict, hash=False)  # by scenario, the current law apart
    precision: float | None = None
    budget: int = BUDGET
    members: int | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the list of pieces out of what is sent to a worker with each of them."""
        return {name: value for name, value in self.__dict__.items() if name != "pieces"}

    @property
    def in_draws(self) -> bool:
        """Whether it grows in draws and not in lives."""
        return self.draws > 1

    @property
    def each(self) -> tuple[int, int]:
        """How many draws there are, grown as it is, and how many lives of each."""
        if self.in_draws:
            return self.members or self.draws, self.lives
        return 1, self.members or self.lives

    @cached_property
    def pieces(self) -> list["Piece"]:
        """One piece for each draw, life and scenario, in that order."""
        draws, lives = self.each
        members = [(draw, life) for draw in range(draws) for life in range(lives)]
        return [Piece(self, scenario, life, draw) for draw, life in members for scenario in self.scenarios]

    def grown(self) -> "Plan | None":
        """Return the plan with the next batch of lives or draws; None if the budget holds no more."""
        draws, lives = self.each
        now, worlds_each = (draws, lives * len(self.scenarios)) if self.in_draws else (lives, len(self.scenarios))
        times, over = GROWTH
        more = min(-(-now * times // over), self.budget // worlds_each)
        return replace(self, members=more) if more > now else None

    @cached_property
    def hashes(self) -> dict[str, str]:
        """What the run's name is made of: the code with its data, each scenario's law, and where beliefs come from."""
        laws = {f"law:{scenario.key}": law_hash(scenario, self.law) for scenario in self.scenarios}
        return {"code_and_data": code_hash(), "beliefs": self.beliefs.hash(self.law, 0), **laws}

    @cached_property
    def drawn(self) -> dict[int, str]:
        """A hash of the beliefs of each draw."""
        return {draw: self.beliefs.hash(self.law, draw) for draw in range(self.each[0])}

    @cached_property
    def name(self) -> str:
        """Twelve hex digits that name the run: the same inputs give the same name."""
        asked = (
            [scenario.key for scenario in self.scenarios],  # their order is that of rows and pages
            self.lives, self.draws, self.seed, self.first, self.last, self.people, self.scale, self.beliefs.source,
            self.precision, self.budget if self.precision else None, _said(self.asks),
        )  # fmt: skip
        return digest(repr((asked, sorted(self.hashes.items()))).encode())[:12]

    @property
    def folder(self) -> Path:
        """Where the run's results go."""
        return self.out / self.name


@dataclass(frozen=True)
class Piece:
    """One life of one draw of the beliefs under one scenario."""

    plan: Plan
    scenario: Scenario
    life: int
    draw: int = 0

    def __str__(self) -> str:
        """Its name in progress lines and in the list of failures."""
        draw = f"draw {self.draw}, " if self.plan.in_draws else ""
        return f"{self.scenario.key}, {draw}life {self.life}"

    @property
    def luck(self) -> int:
        """The number of the life that its luck is keyed by: every draw has lives of its own."""
        return self.draw * self.plan.lives + self.life

    @cached_property
    def path(self) -> Path:
        """Where its measures are kept: by all that it depends on, so that other runs find it too."""
        plan = self.plan
        asked = repr((plan.seed, plan.last, plan.people, plan.scale, self.scenario.key))
        law, code = plan.hashes[f"law:{self.scenario.key}"], plan.hashes["code_and_data"]
        name = digest(asked.encode(), code.encode(), law.encode(), plan.drawn[self.draw].encode())
        return plan.out / "pieces" / name[:16] / f"life-{self.luck:04d}.parquet"

    def beside(self, what: str) -> Path:
        """Return the path of another file of the same life."""
        return self.path.with_name(f"life-{self.luck:04d}-{what}.parquet")

    @property
    def done(self) -> bool:
        """Whether it is on disk; the measures are written last."""
        return self.path.exists()


def _said(asks: dict[str, tuple[Ask, ...]]) -> str:
    return repr(sorted((key, [(a.measure, a.group, a.first, a.last) for a in some]) for key, some in asks.items()))


def as_scale(scale: float, people: int) -> float:
    """Return --people-scale; BadInput unless it is a number in bounds, and --people is not given too."""
    if people and scale != 1:
        raise BadInput("--people-scale and --people cannot both be given: each says how many people there are.")
    if not 0 < scale <= LARGEST_SCALE:
        raise BadInput(f"--people-scale must be above 0 and at most {LARGEST_SCALE}, not {scale:g}.")
    return scale


def as_precision(text: str, budget: int) -> float | None:
    """Return --precision as a share, or None; BadInput unless it is a percentage such as 2%."""
    if not text:
        if budget:
            raise BadInput("--budget is that of --precision, so give both or neither.")
        return None
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / PER_CENT if text.strip().endswith("%") else 0.0
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise BadInput(f"--precision must be a percentage above 0% and at most 100%, such as 2%, not {shown(text)}.")
    return share


def planned(
    names: Sequence[str],
    *,
    law: Law,
    lives: int,
    seed: int,
    first: date,
    last: date,
    out: Path,
    people: int | None = None,
    engine: str = "compiled",
    scale: float = 1.0,
    draws: int = 1,
    beliefs: str = "",
    precision: float | None = None,
    budget: int = BUDGET,
) -> Plan:
    """Return the plan of a run; BadInput for an unknown scenario or engine, days out of order, or a vain precision.

    The current law is always lived first, since every other result is a difference from it. `beliefs` is as in
    `calibration.source.source`: one draw is the book's own values, and several are of the fit that ships.
    """
    if first > last:
        raise BadInput(f"--from must be a day before --to, and {first} is after {last}.")
    if out.exists() and not out.is_dir():
        raise BadInput(f"--out must be a folder, and {out} is a file.")
    if engine not in ENGINES:
        raise BadInput(f"--engine must be one of {', '.join(ENGINES)}, not '{engine}'{nearest(engine, ENGINES, '.')}")
    chosen = tuple({scenario.key: scenario for scenario in map(find, [BASELINE, *names])}.values())
    _refuse_vain(chosen, precision, budget, lives * draws)
    of = source(beliefs, draws, seed)
    with telling_of_compiling(on_the_screen):  # the measures' rows are told by counting a journal of no one
        asks = resolved([scenario for scenario in chosen if scenario.key != BASELINE], last)
    return Plan(chosen, law, lives, seed, first, last, out, people, engine, scale, draws, of, asks, precision, budget)


def _refuse_vain(scenarios: Sequence[Scenario], precision: float | None, budget: int, members: int) -> None:
    if precision is None:
        return
    if len(scenarios) == 1:
        raise BadInput("--precision is that of a difference from the current law, so name another scenario too.")
    if budget < members * len(scenarios):
        least = f"{members} lives of {len(scenarios)} scenarios are {members * len(scenarios)} worlds"
        raise BadInput(f"--budget must hold the first batch: {least}, and it is {budget}.")
