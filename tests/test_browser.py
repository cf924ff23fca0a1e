"""The page of a report in a real browser: accessible, narrow, and without scripts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from test_hostile_reports import HOSTILE, hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from cspgraph.completeness.reports import Report
    from cspgraph.graph import KnowledgeGraph

PLACES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
#: A screen of 320 pixels, one of 1280 at twice the size, and a wide one.
WIDTHS = {"narrow": (320, 1), "zoomed": (640, 2), "wide": (1280, 1)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser without a window; `.ci/run` installs one where it is missing."""
    place = next(filter(None, map(shutil.which, PLACES)), None)
    if place is None:
        pytest.skip(f"install one of {', '.join(PLACES)}")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=place, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(
    kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the pages: a real report, one with gaps and changes, one full of hostility."""
    real = kg.validate(on="2024-07-23", area="Dorset")
    later = kg.validate(on="2024-10-11", area="Dorset").since_then(real)
    empty = replace(real, findings=(), witnesses=(), duties=())
    wild = hostile("<script>document.title='run'</script>")
    folder = tmp_path_factory.mktemp("pages")
    found: dict[str, Report] = {"real": real, "later": later, "empty": empty}
    found |= {"wild": wild, "long": hostile("a" * 300)}
    for name, report in found.items():
        report.write(folder / f"{name}.html")
    briefs = {
        "brief": kg.brief("Dorset", "csp-plan", on="2024-10-11"),
        "short brief": kg.brief("Ashford", "youth justice plan", on="2024-07-23"),
    }
    for name, brief in briefs.items():
        (folder / f"{name}.html").write_text(brief.to_html(), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in (*found, *briefs)}


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page at a width, with scripts or without."""
    made = []

    def show(name: str, width: str = "wide", *, scripts: bool = True) -> Page:
        pixels, scale = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": pixels, "height": 800},
            device_scale_factor=scale,
            java_script_enabled=scripts,
            bypass_csp=scripts,  # axe is put into the page by a script
            offline=True,
        )
        made.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield show
    for context in made:
        context.close()


NAMES = ("real", "later", "empty", "wild", "long", "brief", "short brief")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, width: str, opened: Callable[..., Page]) -> None:
    found = Axe().run(opened(name, width))
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


def test_axe_would_find_something(opened: Callable[..., Page]) -> None:
    """A page whose language is taken away is found: the test can fail."""
    page = opened("empty")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    found = [item["id"] for item in Axe().run(page).response["violations"]]
    assert found == ["html-has-lang"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(
    name: str, width: str, opened: Callable[..., Page]
) -> None:
    """Neither the page nor any part of it is wider than the screen."""
    page = opened(name, width)
    pixels = WIDTHS[width][0]
    assert page.evaluate("document.documentElement.scrollWidth") <= pixels
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter("
        "e => e.getBoundingClientRect().right > innerWidth + 1"
        " || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline'"
        ").map(e => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


def test_reads_the_same_without_scripts(opened: Callable[..., Page]) -> None:
    with_scripts = opened("real").inner_text("main")
    without = opened("real", scripts=False).inner_text("main")
    assert without == with_scripts
    assert "look first" in without.casefold()


def test_nothing_is_fetched_and_nothing_runs(
    browser: Browser, pages: dict[str, Path]
) -> None:
    """Under its own policy the page asks for no other file, and no text becomes code."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for place in pages.values():
        page.goto(place.as_uri())
        assert page.title().startswith(("Check of the record: ", "Brief: "))
    for text in HOSTILE[::5]:
        page.set_content(hostile(text).to("html"))
        assert page.locator("script, img, iframe, svg, form, base").count() == 0
    assert set(asked) == {place.as_uri() for place in pages.values()}
    assert said == []
    page.close()


def test_prints_on_a4(opened: Callable[..., Page]) -> None:
    """Every page of the print is A4, 595 by 842 points, and none is cut at the side."""
    page = opened("real")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 658, "height": 1000})  # A4 within its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 658
    data = page.pdf(prefer_css_page_size=True)
    assert data.startswith(b"%PDF")
    sizes = {
        tuple(round(float(part)) for part in box.split())
        for box in _boxes(data.decode("latin-1"))
    }
    assert sizes == {(0, 0, 595, 842)}


def _boxes(text: str) -> Iterator[str]:
    for part in text.split("/MediaBox [")[1:]:
        yield part.partition("]")[0]


def test_languages_are_marked(opened: Callable[..., Page]) -> None:
    page = opened("long")
    assert page.get_attribute("html", "lang") == "en-GB"
    assert page.locator("[lang=cy]").count() > 0
