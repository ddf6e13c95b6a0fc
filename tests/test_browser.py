"""Pages in a browser: nothing is asked of a network, charts draw, tables open, keys work, and axe finds no fault.

The browser is the Chromium of the system and is never downloaded. Where it or the packages that drive it are not there,
these tests are skipped with a sentence that says what to install; with IPP_BROWSER=required they fail instead.
"""

import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from results.chromium import chromium
from tests.lived_run import Small

pytestmark = pytest.mark.browser
FLAGS = (
    "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--no-default-browser-check",
)  # fmt: skip
WIDE, NARROW, HIGH = 1200, 360, 900  # pixels
SERIOUS = ("serious", "critical")
PATIENCE = 20_000  # milliseconds for charts to be drawn on a busy machine


def lacking(what: str) -> None:
    """Skip, or fail where a browser is required."""
    words = f"{what}: install Debian's chromium (apt-get install chromium) and the package's [dev] extra"
    if os.environ.get("IPP_BROWSER") == "required":
        pytest.fail(f"IPP_BROWSER=required, and {words}", pytrace=False)
    pytest.skip(words)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a headless Chromium."""
    program = chromium()
    if program is None:
        lacking("there is no Chromium here")
    try:
        start = import_module("playwright.sync_api").sync_playwright
        import_module("axe_playwright_python.sync_playwright")
    except ImportError as missing:
        lacking(f"the package {missing.name} is not here")
    alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with start() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *alone])
        yield found
        found.close()


class Opened(NamedTuple):
    """A page, and what it said and asked for since it was opened."""

    page: Any
    said: list[str]
    asked: list[str]


def opened(browser: Any, path: Path, width: int) -> Opened:
    """Open a file at a width, once all its charts are drawn."""
    page, said, asked = browser.new_page(viewport={"width": width, "height": HIGH}), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    undrawn = "[...document.querySelectorAll('.picture')].filter(each => !each.querySelector('svg.main-svg')).length"
    page.wait_for_function(f"{undrawn} === 0", timeout=PATIENCE)
    return Opened(page, said, asked)


@pytest.fixture(scope="module", params=[WIDE, NARROW])
def report(request: pytest.FixtureRequest, browser: Any, small: Small) -> Iterator[Opened]:
    """Return the report at both widths."""
    found = opened(browser, small.folder / "report.html", request.param)
    yield found
    found.page.close()


@pytest.fixture(scope="module")
def brief(browser: Any, small: Small) -> Iterator[Opened]:
    """Return the brief on a telephone."""
    found = opened(browser, small.folder / "brief-mine.html", NARROW)
    yield found
    found.page.close()


def faults(page: Any) -> list[str]:
    """Return what axe finds that is serious or critical, each with the first element that has it."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in SERIOUS]


def test_keys_reach_the_content_and_the_contents(report: Opened) -> None:
    page = report.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(each => each.hash.slice(1))")
    assert len(targets) >= 12 and page.evaluate("ids => ids.every(id => document.getElementById(id))", targets)
    unnamed = page.evaluate("[...document.querySelectorAll('[tabindex=\"0\"]')].filter(e => !e.ariaLabel).length")
    assert unnamed == 0


def test_a_report_says_nothing_asks_for_nothing_and_draws_every_chart(report: Opened, small: Small) -> None:
    assert report.said == []
    assert report.asked == [(small.folder / "report.html").as_uri()]
    marks = "each.querySelectorAll('.scatterlayer path, .barlayer path, .sankey path').length"
    every = "[...document.querySelectorAll('.picture')]"
    drawn = report.page.evaluate(f"{every}.map(each => [{marks}, each.clientHeight])")
    assert len(drawn) >= 15 and all(paths and height > 150 for paths, height in drawn), drawn


def test_a_report_never_scrolls_sideways_and_offers_no_upload(report: Opened) -> None:
    width = report.page.viewport_size["width"]
    assert report.page.evaluate("document.documentElement.scrollWidth") <= width
    names = report.page.locator("button").all_inner_texts()
    assert names and all(name.startswith("Picture (SVG)") for name in names)
    assert report.page.locator("input[type=file], form, .modebar-btn, a[href*='plotly.com']").count() == 0


def test_tables_open_and_close_and_the_search_filters(report: Opened) -> None:
    page = report.page
    summary = page.locator("figure details summary").first
    table = page.locator("figure details table").first
    assert not table.is_visible()
    summary.click()
    assert table.is_visible() and table.locator("tbody tr").count() > 1
    summary.focus()
    page.keyboard.press("Enter")
    assert not table.is_visible()
    rows = page.locator("#fit-table tr[data-search]")
    page.fill("#fit-search", "recalled 2023")
    kept = page.locator("#fit-table tr[data-search]:not([hidden])").count()
    assert 0 < kept < rows.count()
    assert page.inner_text("#fit-shown") == f"{kept} of {rows.count()} figures shown"
    page.fill("#fit-search", "")


def test_axe_finds_nothing_serious(browser: Any, small: Small) -> None:
    page = opened(browser, small.folder / "report.html", NARROW).page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    # A long table's rows are all alike: some of each are enough, and axe takes minutes over thousands.
    for rows in ("tbody tr:nth-child(n+5)", "#fit-table tbody:nth-of-type(n+5)"):
        page.evaluate("rows => document.querySelectorAll(rows).forEach(each => each.remove())", rows)
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": HIGH})
        assert faults(page) == []
    page.close()


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF of Chromium's has, by the objects of that kind."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_on_paper_the_report_has_no_controls_and_keeps_within_the_margins(report: Opened) -> None:
    page = report.page
    page.emulate_media(media="print")
    try:
        for hidden in ("nav", ".skip", ".tools", ".search", "figure details"):
            assert not page.locator(hidden).first.is_visible(), hidden
        assert page.locator("#headlines").is_visible()
        assert 8 < pages_of(page.pdf(format="A4", prefer_css_page_size=True)) < 110
    finally:
        page.emulate_media(media="screen")


def test_a_brief_is_two_pages_at_most_and_nothing_serious_is_wrong_with_it(brief: Opened, small: Small) -> None:
    page = brief.page
    assert brief.said == [] and brief.asked == [(small.folder / "brief-mine.html").as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert page.locator("svg path").count() > 3
    assert faults(page) == []
    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) == 2


def test_the_longest_bill_still_makes_two_pages(browser: Any, small: Small, tmp_path: Path) -> None:
    from results.brief import LONGEST_QUESTION, LONGEST_SOURCE

    page = (small.folder / "brief-mine.html").read_text("utf-8")
    name = re.search(r"<h1>(.*?)</h1>", page)
    question = re.search(r'id="question">The question</h2>\s*<p>(.*?)</p>', page)
    source = re.search(r"Source of the proposal: (.*?)</p>", page)
    change = re.search(r"<ul>\s*(<li>.*?</li>)", page, re.DOTALL)
    assert name and question and source and change
    long = page.replace(name[1], "A wide name " * 10).replace(question[1], "a question " * (LONGEST_QUESTION // 11))
    long = long.replace(f"proposal: {source[1]}", "proposal: " + "its source " * (LONGEST_SOURCE // 11))
    long = long.replace(change[1], change[1] * 3)
    (tmp_path / "long.html").write_text(long, "utf-8")
    found = opened(browser, tmp_path / "long.html", WIDE)
    assert pages_of(found.page.pdf(format="A4", prefer_css_page_size=True)) == 2
    found.page.close()


def test_a_browser_that_is_required_and_not_there_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPP_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        lacking("there is no Chromium here")
    monkeypatch.setenv("IPP_BROWSER", "")
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        lacking("there is no Chromium here")
