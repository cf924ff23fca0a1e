"""A page on screens of several widths, in a real browser, and what axe finds on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

#: Screens of 320 and 360 pixels, one of 1280 at twice the size, and a wide one.
WIDTHS = {"narrow": (320, 1), "phone": (360, 1), "zoomed": (640, 2), "wide": (1280, 1)}


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


def broken(page: Page) -> list[str]:
    """Return the words of the page that are cut over two lines, but for addresses and codes.

    A word ends at a space or a hyphen. What has a mark inside it, such as a colon, a
    slash or a full stop, is a code, and longer than 40 letters none is a word.
    """
    found: list[str] = page.evaluate(_BROKEN)
    return found


_BROKEN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (parent.closest('a, code, style, script, svg') || !parent.checkVisibility()) continue;
    for (const token of node.data.matchAll(/\\S+/g)) {
      if (/[:\\/_#]\\S|\\w[.(]\\w/.test(token[0])) continue;
      for (const word of token[0].matchAll(/[^\\u2010-]{2,40}/g)) {
        const range = document.createRange(), at = token.index + word.index;
        range.setStart(node, at);
        range.setEnd(node, at + word[0].length);
        const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
        if (lines.size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""
