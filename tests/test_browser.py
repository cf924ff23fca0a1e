"""The page of a report in a real browser: accessible, narrow, and without scripts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

import screens
from screens import WIDTHS
from test_hostile_reports import HOSTILE, hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.report.report import Report


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
    with ExitStack() as stack:
        yield lambda name, *width, **scripts: stack.enter_context(
            screens.opened(browser, pages[name], *width, **scripts)
        )


NAMES = ("real", "later", "empty", "wild", "long", "brief", "short brief")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, width: str, opened: Callable[..., Page]) -> None:
    screens.held(opened(name, width))


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
    """No part of the page is wider than the screen, nor than its own place."""
    page = opened(name, width)
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
