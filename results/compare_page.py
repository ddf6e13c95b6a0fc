"""The page of a comparison: answers first, then each Bill by year, its costs, and what all of it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from plotly.offline import get_plotlyjs

from results.brief_words import bills_of, the_bill
from results.cautions import believed, cautions_of
from results.compare_effects import glance
from results.compare_tables import (
    Comparison,
    costs_grid,
    effects_grid,
    glance_grid,
    levels_grid,
    published_in,
    spread_grid,
    unit_costs_grid,
)
from results.compare_words import answer, bought_sentence, cost_sentence, room_for_another_sign
from results.costs import Discount, cost_name
from results.deflator import Deflator
from results.effects_assumed import rests_on
from results.fit import INTERVAL
from results.folder import Manifest, Told
from results.numbers import People
from results.page import HERE, picture, safe_json, script_hash, template
from results.provenance import shown
from results.style import CONFIG, Chart
from results.tables import Grid, grid_of, manifest_grid, safe_link
from results.unit_costs import Book, UnitCost, read_book, unit_costs
from results.words import count, listed, said
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
    money: tuple[Discount, Deflator | None],
    people: People,
) -> str:
    """Return the whole page, with the charts of all Bills and then one for each. What is not ours is escaped."""
    scripts, book = [get_plotlyjs(), (HERE / "report.js").read_text("utf-8")], read_book()
    first = found[0].pairs
    sections = [_section(one, chart, everything) for one, chart in zip(found, places, strict=True)]
    return template("compare.html").render(
        manifest=manifest, against=first.against, draws=first.draws, lives=len(first.lives), sections=sections,
        glance=glance_grid(found), levels=levels_grid(found), beside=beside, by=said(glance(found[0].days)),
        cautions=_cautions(manifest, everything, found), believed=believed(everything),
        unknown=[_spread(one) for one in found if first.draws > 1],
        people=people.words, money=about_money(found, *money),
        unit_costs=_costed(book, money[1]), not_costed=book.not_costed,
        manifest_grid=manifest_grid(shown(everything)), css=(HERE / "report.css").read_text("utf-8"), scripts=scripts,
        hashes=[script_hash(each) for each in scripts], config=safe_json(CONFIG), picture=picture, grid_of=grid_of,
        safe_link=safe_link, cost_name=cost_name, said=said, count=count, interval=INTERVAL,
    )  # fmt: skip


def answers(one: Comparison, everything: Mapping[str, Any]) -> list[str]:
    """Return what a Bill asks, answered; what it saves or spends; and what it buys that is in no amount."""
    key, measures = one.pairs.told.key, [each.ask.measure for each in one.asked]
    kept = bills_of(everything).get(key)
    found = [answer(one.pairs, each) for each in one.asked]
    found += rests_on(the_bill(everything, key), current_law(), measures) if kept else []
    things = bought(everything, key)
    return [*found, cost_sentence(one.totals(glance(one.days))), *([bought_sentence(things)] if things else [])]


def bought(everything: Mapping[str, Any], key: str) -> list[str]:
    """Return what a Bill itself buys or saves on, by the dials that it turns; none if the manifest lacks its text."""
    if not bills_of(everything).get(key):
        return []
    turned = {change.rule for bill in the_bill(everything, key).bills for change in bill.changes}
    return list(dict.fromkeys(what for rule, what in read_book().bought.items() if rule in turned))


def _section(one: Comparison, chart: Chart, everything: Mapping[str, Any]) -> Section:
    costs = [costs_grid(one, basis) for basis in ("marginal", "average", "crime")]
    grids = [effects_grid(one), *(grid for grid in costs if grid.rows)]
    return Section(one.pairs.told, answers(one, everything), chart, grids)


def _spread(one: Comparison) -> Grid:
    grid = spread_grid(one)
    return grid._replace(caption=f"{one.pairs.told.name}. {grid.caption}")


def _costed(book: Book, deflator: Deflator | None) -> tuple[Grid, list[UnitCost]]:
    costs = unit_costs(book, deflator=deflator)
    return unit_costs_grid(costs), costs


def about_money(found: Sequence[Comparison], rate: Discount, deflator: Deflator | None) -> list[str]:
    """Return what the amounts are, what each basis answers, and what is done about prices and time."""
    book = read_book()
    discount = f"Amounts are {rate.words}: {rate.name}. {rate.why}"
    sentences = [
        "Amounts are differences in what is spent: below nought, less is spent under the Bill.",
        *book.bases.values(),
        book.range,
        *_about_prices(book, deflator),
        discount.strip() if rate.rate else "Amounts are not discounted; --discount does so.",
    ]
    if rate.rate and deflator is None:
        sentences.append("A discount is meant for amounts in the prices of one year, which these are not.")
    crime = any(line.basis == "crime" for one in found for line in one.costs)
    apart = "Costs of crime fall on victims and society and stand apart; they are in no sum."
    return sentences + ([apart] if crime else [])


def _about_prices(book: Book, deflator: Deflator | None) -> list[str]:
    """Return by which deflator all is in the prices of one year; or that none was given, and which prices are whose."""
    right = f"The deflator to use is the {book.deflator.name}, published by {book.deflator.publisher}."
    if deflator:
        return [
            f"All unit costs are {deflator.words}, brought there by the index in {deflator.file}, as it was given "
            f"(its source: {deflator.source}). {right} {book.deflator.why}",
        ]
    years: dict[str, list[str]] = {}
    for cost in unit_costs(book):
        years.setdefault(published_in(cost), []).append(f"{_lower(cost_name(cost))} ({cost.basis})")
    named = [f"{year}: {listed(some)}" for year, some in sorted(years.items())]
    give = "Give it to --deflator, with --prices YEAR, and all is in the prices of that year."
    return [book.deflator.none, f"Prices of {'. Prices of '.join(named)}.", f"{right} {book.deflator.why} {give}"]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


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
