"""A paper as a page of HTML that works without scripts and prints on A4."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cspgraph import pages
from cspgraph.inert import visible
from cspgraph.papers.blocks import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.papers.blocks import Link, Paper

__all__ = ["written"]

_STYLE = """
@page{size:A4;margin:15mm}
*{box-sizing:border-box}
body{font:1rem/1.4 arial,sans-serif;color:#0b0c0c;background:#fff;margin:0}
main{max-width:75rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.1}h2{font-size:1.4rem;margin:2rem 0 1rem}
p{max-width:45rem}
a{color:#1a65a6;text-decoration:underline}
a:focus{outline:3px solid #0b0c0c;background:#fd0}
table{width:100%;border-collapse:collapse;margin:1rem 0}
caption{text-align:left;font-weight:bold;padding-bottom:.5rem}
th,td{border-bottom:1px solid #b1b4b6;padding:.4rem .6rem .4rem 0;text-align:left;vertical-align:top}
tbody th{font-weight:normal}
@media screen and (max-width:50em){
table,caption,tbody,tr,tbody th,td{display:block;width:100%}
thead{display:none}
tr{border-bottom:2px solid #0b0c0c;padding:.5rem 0}
tbody th,td{border:0;padding:.15rem 0}td:empty{display:none}
td::before,tbody th::before{content:attr(data-title)": ";font-weight:bold}}
@media print{body{font-size:9pt}main{padding:0}a{color:#0b0c0c}
tr{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}
"""


def written(paper: Paper) -> str:
    """Return `paper` as a page of its own, everything escaped.

    >>> from cspgraph.papers.blocks import Paper
    >>> "<h1>Brief &amp; more</h1>" in written(Paper("Brief & more", "", (), ()))
    True
    """
    return pages.page(visible(paper.title), _parts(paper), _STYLE)


def _parts(paper: Paper) -> Iterator[str]:
    yield from map(_paragraph, paper.opening)
    for section in paper.sections:
        yield f"\n<h2>{escape(visible(section.title))}</h2>\n"
        for part in section.parts:
            yield _table(part) if isinstance(part, Table) else _paragraph(part)


def _paragraph(text: str) -> str:
    return pages.paragraph(visible(text))


def _table(table: Table) -> str:
    """Return a table whose first column names its rows; on a narrow screen it is a list.

    The roles are said aloud, because a browser forgets them once the look is another.
    """
    head = "".join(
        f'<th scope="col" role="columnheader">{escape(title)}</th>'
        for title in table.titles
    )
    rows = "".join(_row(table.titles, row) for row in table.rows)
    return (
        f'\n<table role="table">\n<caption>{escape(visible(table.caption))}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}</tbody>\n</table>\n'
    )


def _row(titles: tuple[str, ...], row: tuple[Link, ...]) -> str:
    first, *rest = zip(map(escape, titles), map(_linked, row), strict=True)
    cells = "".join(
        f'<td role="cell" data-title="{title}">{text}</td>' for title, text in rest
    )
    title, text = first
    name = f'<th scope="row" role="rowheader" data-title="{title}">{text}</th>'
    return f'<tr role="row">{name}{cells}</tr>\n'


def _linked(cell: Link) -> str:
    text = escape(visible(cell.text))
    if not pages.linked(cell.url).startswith("<a "):
        return text
    address = escape(cell.url)
    return f'<a href="{address}" rel="noopener noreferrer">{text}</a>'
