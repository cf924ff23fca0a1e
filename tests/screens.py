"""A page on screens of several widths, in a real browser, and what axe finds on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

#: A screen of 320 pixels, one of 1280 at twice the size, and a wide one.
WIDTHS = {"narrow": (320, 1), "zoomed": (640, 2), "wide": (1280, 1)}


@contextmanager
def opened(
    browser: Browser, place: Path, width: str = "wide", *, scripts: bool = True
) -> Iterator[Page]:
    """Open the page at `place` on a screen of `width`, with scripts or without."""
    pixels, scale = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": pixels, "height": 800},
        device_scale_factor=scale,
        java_script_enabled=scripts,
        bypass_csp=scripts,  # axe is put into the page by a script
        offline=True,
    )
    page = context.new_page()
    page.goto(place.as_uri())
    yield page
    context.close()


def held(page: Page) -> None:
    """Hold that axe finds nothing, and that the page is no wider than its screen."""
    found = Axe().run(page)
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()
    assert page.viewport_size
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]
