"""The page of a picture in a real browser: accessible, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import screens
from screens import WIDTHS
from test_hostile_reports import MARKUP
from test_views import made_up

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-10-11"
SHOWN = ("area", "duties", "law", "priorities", "decisions", "wild")


@pytest.fixture(scope="module")
def places(
    kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the page of each view, and one full of hostility."""
    folder = tmp_path_factory.mktemp("views")
    made = {
        name: kg.draw("" if name == "law" else "Dorset", view=name, on=DAY).to_html()
        for name in SHOWN[:-1]
    }
    made["wild"] = made_up("<script>document.title='run'</script>").to_html()
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_nothing_and_the_page_stays_in_its_width(
    name: str, width: str, places: dict[str, Path], browser: Browser
) -> None:
    """A wide picture or table moves inside its own region, the text never."""
    with screens.opened(browser, places[name], width) as page:
        screens.held(page)
        assert page.locator("svg[role=img] > title").count() == 1
        assert page.locator("table > caption").count() == 1


def test_nothing_is_fetched_and_nothing_runs(
    places: dict[str, Path], browser: Browser
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for place in places.values():
        page.goto(place.as_uri())
        assert page.title() != "run"
    for text in MARKUP:
        page.set_content(made_up(text).to_html())
        assert page.locator("script, img, iframe, form, base, details").count() == 0
    assert set(asked) == {place.as_uri() for place in places.values()}
    assert said == []
    page.close()
