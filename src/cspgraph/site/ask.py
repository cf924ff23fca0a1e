"""The Ask page: SPARQL in the browser, or how to add it to a site that has no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cspgraph.site.context import Site

__all__ = ["files", "page"]


def page(
    site: Site, engine: Path | None, tell: Callable[[str], object] = str
) -> tuple[Page, tuple[str, ...]]:
    """Return the Ask page, and the names of the questions that it leaves out."""
    title = "Ask in SPARQL"
    html = site.render("no-ask.html", "ask/", title)
    return Page("ask/", title, html), ()


def files(site: Site, engine: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the engine and the graphs that it asks."""
    yield from ()
