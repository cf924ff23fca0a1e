"""Every kind of page in a real browser: no word is cut, nothing is wider than the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import screens
from screens import WIDTHS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
KINDS = ("claims", "why", "draw", "brief", "check", "answer", "notebook")


@pytest.fixture(scope="module")
def places(
    kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return a page of each kind, made from the record of Dorset."""
    folder = tmp_path_factory.mktemp("all")
    report = kg.validate(on=DAY, area="Dorset")
    answer = kg.answer("who-must-adopt", area="Dorset", on=DAY)
    made = {
        "claims": kg.claims("dorset-2024-07-23").to_html(),
        "why": kg.why("dorset-council", on=DAY).forms["html"](),
        "draw": kg.draw("Dorset", on=DAY).to_html(),
        "brief": kg.brief("Dorset", "csp-plan", on=DAY).to_html(),
        "check": report.to("html"),
        "answer": _page(answer._repr_html_()),
        "notebook": _page(report._repr_html_()),
    }
    assert tuple(made) == KINDS
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


def _page(fragment: str) -> str:
    """Return what a notebook shows, in a page that gives it no look of its own."""
    return (
        '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>Cell</title>'
        '<meta name="viewport" content="width=device-width"><style>td{text-align:right}'
        f"</style><body><main><h1>Cell</h1>{fragment}</main></body></html>"
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", KINDS)
def test_no_word_is_cut_and_nothing_is_wider(
    name: str, width: str, places: dict[str, Path], browser: Browser
) -> None:
    with screens.opened(browser, places[name], width) as page:
        screens.held(page)
        assert screens.broken(page) == []


def test_a_word_that_is_cut_would_be_seen(
    places: dict[str, Path], browser: Browser
) -> None:
    with screens.opened(browser, places["claims"], "narrow") as page:
        page.add_style_tag(content="td{width:3em!important;overflow-wrap:anywhere}")
        assert "responsible" in screens.broken(page)


@pytest.mark.parametrize("name", KINDS)
def test_it_reads_without_scripts(
    name: str, places: dict[str, Path], browser: Browser
) -> None:
    with screens.opened(browser, places[name], scripts=False) as page:
        assert len(page.inner_text("main")) > 200
        assert page.locator("script").count() == 0


def test_a_check_in_a_notebook_is_short(
    places: dict[str, Path], browser: Browser
) -> None:
    """Under a thousand pixels, and what is closed can be opened."""
    with screens.opened(browser, places["notebook"]) as page:
        height = page.evaluate(
            "document.querySelector('.cspgraph').getBoundingClientRect().height"
        )
        assert height < 1000
        assert page.locator("details").count() > 3
        assert page.locator("details[open]").count() == 1
        left = page.evaluate(
            "[...document.querySelectorAll('td')].map(e => getComputedStyle(e).textAlign)"
        )
        assert set(left) <= {"left"}
