"""A paper as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph import pages
from cspgraph.inert import visible
from cspgraph.papers.blocks import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.papers.blocks import Link, Paper

__all__ = ["written"]

_BRACKETS = str.maketrans({"[": r"\[", "]": r"\]", "*": r"\*", "_": r"\_", "`": r"\`"})


def written(paper: Paper) -> str:
    """Return `paper` as Markdown, a table for a table and a link for a link.

    >>> from cspgraph.papers.blocks import Paper
    >>> print(written(Paper("Brief", "2024-07-23", ("To decide.",), ())), end="")
    # Brief
    <BLANKLINE>
    To decide.
    """
    return "\n\n".join(_blocks(paper)) + "\n"


def _blocks(paper: Paper) -> Iterator[str]:
    yield f"# {_plain(paper.title)}"
    yield from map(_plain, paper.opening)
    for section in paper.sections:
        yield f"## {_plain(section.title)}"
        for part in section.parts:
            yield _table(part) if isinstance(part, Table) else _plain(part)


def _table(table: Table) -> str:
    head = [list(table.titles), ["---"] * len(table.titles)]
    rows = [*head, *([_cell(cell) for cell in row] for row in table.rows)]
    lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([f"**{_plain(table.caption)}**", "", *lines])


def _cell(cell: Link) -> str:
    text = _plain(cell.text)
    safe = cell.url.startswith(("http://", "https://")) and not set(cell.url) & set(
        " <>()\n"
    )
    return f"[{text}]({cell.url})" if safe else text


def _plain(text: str) -> str:
    """Return `text` on one line, with nothing in it that Markdown would read."""
    return pages.escaped(visible(text)).translate(_BRACKETS)
