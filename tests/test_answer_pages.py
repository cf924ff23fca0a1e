"""What a notebook shows of an answer, in a real browser: accessible, and no scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import screens
from cspgraph.render import html
from screens import WIDTHS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"


@pytest.fixture(scope="module")
def places(
    kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return a page with a long table, one with a picture, and one with neither."""
    folder = tmp_path_factory.mktemp("answers")
    standing = kg.answer("standing", on=DAY, area="Dorset")
    nobody = kg.at(DAY).select("SELECT ?nobody { ?nobody a csp:Nobody }")
    made = {
        "table": html.page("An answer", [standing._repr_html_()]),
        "picture": kg.answer("who-must-adopt", on=DAY, area="Dorset")
        .picture()
        .to_html(),
        "large": standing.picture().to_html(),
        "empty": nobody.picture().to_html(),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["table", "picture", "large", "empty"])
def test_axe_finds_nothing_and_the_page_stays_in_its_width(
    name: str, width: str, places: dict[str, Path], browser: Browser
) -> None:
    with screens.opened(browser, places[name], width) as page:
        screens.held(page)
        assert page.locator("table > caption").count() == 1
        assert page.locator("th:not([scope])").count() == 0
        assert page.locator("script").count() == 0
