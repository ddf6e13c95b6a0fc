"""The page of a comparison: answers first, then each Bill by year, its costs, and what all of it rests on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from plotly.offline import get_plotlyjs

from results.cautions import believed, cautions_of
from results.compare_effects import glance
from results.compare_tables import (
    Comparison,
    costs_grid,
    effects_grid,
    glance_grid,
    levels_grid,
    spread_grid,
    unit_costs_grid,
)
from results.compare_words import answer, cost_sentence, room_for_another_sign
from results.costs import Discount, cost_name
from results.fit import INTERVAL
from results.folder import Manifest, Told
from results.page import HERE, picture, safe_json, script_hash, template
from results.provenance import shown
from results.style import CONFIG, Chart
from results.tables import Grid, grid_of, manifest_grid, safe_link
from results.unit_costs import Book, UnitCost, read_book, unit_costs
from results.words import count, said
from scenarios import current_law

DEATHS = (
    "Deaths are counted while the sentence is served. Those of people whose sentence has ended are counted apart "
    "(deaths_after_end), so fewer deaths on licence may only mean that fewer are on licence; deaths in prison are the "
    "figure to read."
)
UNMODELLED = "Serious further offences are not modelled yet: they are in no table here, and their cost is not counted."


class Section(NamedTuple):
    """One Bill on the page: who it is, its answers, its chart and its tables."""

    told: Told
    answers: list[str]
    chart: Chart
    grids: list[Grid]


def page(
    manifest: Manifest,
    everything: dict[str, Any],
    found: Sequence[Comparison],
    beside: Sequence[Chart],
    places: Sequence[Chart],
    rate: Discount,
) -> str:
    """Return the whole page, with the charts of all Bills and then one for each. What is not ours is escaped."""
    scripts, book = [get_plotlyjs(), (HERE / "report.js").read_text("utf-8")], read_book()
    first = found[0].pairs
    sections = [_section(one, chart) for one, chart in zip(found, places, strict=True)]
    return template("compare.html").render(
        manifest=manifest, against=first.against, draws=first.draws, lives=len(first.lives), sections=sections,
        glance=glance_grid(found), levels=levels_grid(found), beside=beside, by=said(glance(found[0].days)),
        cautions=_cautions(manifest, everything, found), believed=believed(everything), unknown=[_spread(one) for one in found if first.draws > 1],
        money=_about_money(book, rate, found), unit_costs=_costed(book), not_costed=book.not_costed,
        manifest_grid=manifest_grid(shown(everything)), css=(HERE / "report.css").read_text("utf-8"), scripts=scripts,
        hashes=[script_hash(each) for each in scripts], config=safe_json(CONFIG), picture=picture, grid_of=grid_of,
        safe_link=safe_link, cost_name=cost_name, said=said, count=count, interval=INTERVAL,
    )  # fmt: skip


def _section(one: Comparison, chart: Chart) -> Section:
    totals = one.totals(glance(one.days))
    answers = [*(answer(one.pairs, each) for each in one.asked), cost_sentence(totals)]
    costs = [costs_grid(one, basis) for basis in ("marginal", "average", "crime")]
    return Section(one.pairs.told, answers, chart, [effects_grid(one), *(grid for grid in costs if grid.rows)])


def _spread(one: Comparison) -> Grid:
    grid = spread_grid(one)
    return grid._replace(caption=f"{one.pairs.told.name}. {grid.caption}")


def _costed(book: Book) -> tuple[Grid, list[UnitCost]]:
    costs = unit_costs(book)
    return unit_costs_grid(costs), costs


def _about_money(book: Book, rate: Discount, found: Sequence[Comparison]) -> list[str]:
    """Return what the amounts are, what each basis answers, and what is done about prices and time."""
    discount = f"Amounts are {rate.words}: {rate.name}. {rate.why}"
    sentences = [
        "Amounts are differences in what is spent: below nought, less is spent under the Bill.",
        *book.bases.values(),
        book.range,
        book.deflator,
        discount.strip() if rate.rate else "Amounts are not discounted; --discount does so.",
    ]
    crime = any(line.basis == "crime" for one in found for line in one.costs)
    apart = "Costs of crime fall on victims and society and stand apart; they are in no sum."
    return sentences + ([apart] if crime else [])


def _cautions(manifest: Manifest, everything: dict[str, Any], found: Sequence[Comparison]) -> list[str]:
    """Return what a reader must know of this comparison in particular."""
    first = found[0].pairs
    cautions = [room_for_another_sign(first), DEATHS]
    if not first.has_quantity("serious_further_offences"):
        cautions.append(UNMODELLED)
    cautions += cautions_of(manifest, everything, len(first.lives), current_law())
    late = [one.pairs.told.name for one in found if one.pairs.begins < first.months[0]]
    if late:
        cautions.append(f"Nothing before {said(first.months[0])} is added up, although an effect begins before it.")
    return cautions
