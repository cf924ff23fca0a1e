"""Tables and documents as Markdown, with nothing in them that it would read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.render.document import DocumentTable
from cspgraph.render.escape import followed, markdown_line, markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.render.document import Document, Hyperlink

__all__ = ["escaped", "markdown", "written"]


def written(paper: Document) -> str:
    """Return `paper` as Markdown, a table for a table and a link for a link.

    >>> from cspgraph.render.document import Document
    >>> print(written(Document("Brief", "2024-07-23", ("To decide.",), ())), end="")
    # Brief
    <BLANKLINE>
    To decide.
    """
    return "\n\n".join(_blocks(paper)) + "\n"


def _blocks(paper: Document) -> Iterator[str]:
    yield f"# {escaped(paper.title)}"
    yield from map(escaped, paper.opening)
    for section in paper.sections:
        yield f"## {escaped(section.title)}"
        for part in section.parts:
            yield _table(part) if isinstance(part, DocumentTable) else escaped(part)


def _table(table: DocumentTable) -> str:
    head = [list(table.titles), ["---"] * len(table.titles)]
    rows = [*head, *([_cell(cell) for cell in row] for row in table.rows)]
    lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([f"**{escaped(table.caption)}**", "", *lines])


def _cell(cell: Hyperlink) -> str:
    text = markdown_text(cell.text)
    return f"[{text}]({cell.url})" if followed(cell.url) else text


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a Markdown table; what would end a cell or begin a tag is escaped.

    >>> print(markdown(["body"], [["<b>|"]]), end="")
    | body |
    | --- |
    | &lt;b>\| |
    """
    first, *rest = ([*map(markdown_text, line)] for line in (titles, *rows))
    lines = [first, ["---"] * len(titles), *rest]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def escaped(text: str) -> str:
    """Return `text` as one line of Markdown that begins no tag and ends no cell.

    >>> escaped("<script>")
    '&lt;script>'
    """
    return markdown_line(text)
