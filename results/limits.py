"""Limits: what the model is for, what it does not know, and the beliefs that an answer rests on most.

`python -m results.limits` prints docs/limits.md. The report and the briefs read the same file.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from sim.law import Law, Rule

FILE = Path(__file__).with_suffix(".yaml")
OPENING = """\
# Limits and ethics

Written from `results/limits.yaml` by `python -m results.limits`; do not edit it by hand. The same text stands in every
report, and in a brief as far as it bears on what was asked.

This is an aggregate model of a population. It is not for decisions about individuals.
"""


class Use(BaseModel):
    """What the model is for, or not for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    text: str


class Limit(BaseModel):
    """Something the model does not know: which measures it bears on (none: all), and which way it may mislead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    title: str
    text: str
    towards: str
    brief: bool = False
    measures: tuple[str, ...] = ()

    def bears_on(self, measure: str) -> bool:
        """Whether it matters for an answer about a measure."""
        return not self.measures or measure in self.measures


class Limits(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    use: tuple[Use, ...]
    limits: tuple[Limit, ...]
    rests_on: dict[str, tuple[str, ...]]
    acts_through: dict[str, tuple[str, ...]]


@cache
def limits() -> Limits:
    """Return what the file of limits holds."""
    return Limits.model_validate(yaml.safe_load(FILE.read_text("utf-8")))


def in_brief(measure: str) -> list[Limit]:
    """Return the limits that a brief about a measure must state."""
    return [limit for limit in limits().limits if limit.brief and limit.bears_on(measure)]


def leant_on(law: Law, measure: str) -> list[Rule]:
    """Return the numbers that an answer about a measure rests on most, the ones chosen in the file."""
    return [law.rule(name) for name in limits().rests_on.get(measure, ())]


def limits_markdown() -> str:
    """Return the whole of docs/limits.md."""
    held = limits()
    parts = [OPENING, "## Use and ethics\n", _bullets([f"**{each.what}.** {each.text}" for each in held.use])]
    parts.append("## What the model does not know\n")
    parts += [f"### {each.title}\n\n{each.text}\n\n*Which way:* {each.towards}\n" for each in held.limits]
    return "\n".join(parts)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) + "\n"


if __name__ == "__main__":
    print(limits_markdown(), end="")
