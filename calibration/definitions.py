"""Definitions: what each published series counts in the words of the model, as a file of `series/*.yaml` says it.

A selector says which lines it takes and as which measure, group and window they are observed, and by which family the
figures scatter about what is expected. Every line must be taken, or excluded with a reason.
"""

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from calibration.lines import Line

Kind = Literal["stock", "flow", "share", "mean", "distribution"]
Grade = Literal["good", "fair", "poor"]
Family = Literal["poisson", "negative binomial", "binomial", "normal", "multinomial"]
# By which families figures of a kind may scatter. A stock varies by no more than a Poisson count, as people are
# limited, and by less, a binomial one, where the source says of how many it is a part.
FAMILIES: dict[Kind, tuple[Family, ...]] = {
    "stock": ("poisson", "binomial"),
    "flow": ("poisson", "negative binomial"),
    "share": ("binomial",),
    "mean": ("normal",),
    "distribution": ("multinomial",),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as problem:
        raise ValueError(f"is no pattern ({problem})") from None
    return text


class Selector(_Strict):
    """Which lines of its series it speaks of; a field left out lets every line pass."""

    breakdown: list[str] = Field(default_factory=list)
    matching: str = ""  # a pattern that the whole breakdown must match; its named groups may fill `group`
    sex: str = ""
    dates: list[date] = Field(default_factory=list)  # first or only dates

    _matching = field_validator("matching")(_pattern)

    def takes(self, line: Line) -> bool:
        """Return whether it speaks of a line."""
        if self.breakdown and line.breakdown not in self.breakdown:
            return False
        if self.matching and not re.fullmatch(self.matching, line.breakdown):
            return False
        return (not self.sex or line.sex == self.sex) and (not self.dates or line.first in self.dates)


class Excluded(Selector):
    """Lines left out, and why."""

    reason: str = Field(min_length=10)


class Observed(Selector):
    """How lines are observed: the measure and group, and what of the series' own words does not hold for them."""

    measure: str
    group: str = ""
    kind: Kind | None = None
    likelihood: Family | None = None
    of: float | None = Field(default=None, gt=0)  # binomial: how many people the figure is a part or a share of
    dispersion: float | None = Field(default=None, gt=0)  # negative binomial: variance = mean + dispersion × mean²
    first: date | None = None
    last: date | None = None
    times: float = 1.0  # what turns the published value into our unit, multiplying
    divide: float = 1.0  # or dividing
    rounded_to: float = 0.0
    grade: Grade | None = None
    note: str = ""
    sum: bool = False  # add the lines' values up into one figure; other selectors may take them too

    def group_of(self, line: Line) -> str:
        """Return the group of a line, filled from its breakdown where there is a pattern."""
        found = re.fullmatch(self.matching, line.breakdown) if self.matching else None
        return self.group.format(**found.groupdict()) if found else self.group


class Total(_Strict):
    """A breakdown that others add up to, on the same days and for the same sex; both are patterns.

    Named groups, where there are any, must match the same words in the total and in its parts.
    """

    total: str
    parts: str
    off_by: float = Field(default=0.0, ge=0)  # how far apart the source prints them, which `note` must explain

    _total, _parts = field_validator("total")(_pattern), field_validator("parts")(_pattern)


class Series(_Strict):
    """One published series, as its file describes it."""

    series: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    measures: Kind | None = None  # none where every line is excluded
    likelihood: Family | None = None
    hold_out_from: date | None = None  # a fit leaves out figures whose last day is this or later
    grade: Grade = "good"
    note: str = ""
    totals: list[Total] = Field(default_factory=list)
    rows: list[Observed] = Field(default_factory=list)
    excluded: list[Excluded] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_enough(self) -> "Series":
        if not self.rows and not self.excluded:
            raise ValueError("must have `rows` that name a measure, or lines `excluded` with a reason")
        if bool(self.rows) != bool(self.measures) or bool(self.rows) != bool(self.likelihood):
            raise ValueError("must have `measures` and `likelihood` if it has `rows`, and neither if it has none")
        for number, row in enumerate(self.rows):
            if fault := self._of_family(row):
                raise PydanticCustomError("family", "{fault}", {"fault": fault, "row": number})
        return self

    def _of_family(self, row: Observed) -> str:
        """Return what is wrong with the family of a row, '' if nothing is."""
        kind, family = self.kind_of(row), self.family_of(row)
        if family not in FAMILIES[kind]:
            return f"is a {kind}, whose likelihood is {' or '.join(FAMILIES[kind])}, not {family}"
        for name, value, needed in (("of", row.of, "binomial"), ("dispersion", row.dispersion, "negative binomial")):
            if (value is not None) != (family == needed):
                return f"must have `{name}` if its likelihood is {needed}, and only then; it is {family}"
        undated = row.of is not None and not row.dates
        return "must have `dates`, as its `of` is how many there were then" if undated else ""

    def kind_of(self, row: Observed) -> Kind:
        """Return the kind of figures that a row observes; ValueError if neither says."""
        if (kind := row.kind or self.measures) is None:
            raise ValueError(f"{self.series} has no `measures`")
        return kind

    def family_of(self, row: Observed) -> Family:
        """Return the family that a row's figures scatter by; ValueError if neither says."""
        if (family := row.likelihood or self.likelihood) is None:
            raise ValueError(f"{self.series} has no `likelihood`")
        return family

    def taker(self, line: Line) -> Excluded | Observed | None:
        """Return what takes a line, exclusions first; a row that adds lines up only if no other takes it."""
        for excluded in self.excluded:
            if excluded.takes(line):
                return excluded
        in_turn = sorted(self.rows, key=lambda row: row.sum)
        return next((row for row in in_turn if row.takes(line)), None)
