"""Tables, pages and documents as plain HTML that works without scripts.

Every text is escaped; a link is made only for an http or https address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.render.document import DocumentTable
from cspgraph.render.escape import html_text as escape
from cspgraph.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.render.document import Document, Hyperlink

__all__ = ["escaped", "linked", "page", "paragraph", "table", "written"]

MAX_ROWS = 120

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border-bottom:1px solid #505a5f;padding:.3rem .6rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}div.wide{overflow-x:auto}"
)


def table(
    caption: str,
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    most: int = MAX_ROWS,
    tips: Sequence[Sequence[str]] = (),
) -> str:
    """Return an HTML table with a caption and column headers, of at most so many rows.

    `tips`, row by row, are what cells say of themselves to whoever points at them.

    >>> print(table("Who?", ["body"], [["<b>Dorset</b>"]]))
    <div class="wide" role="region" tabindex="0" aria-label="Who?"><table><caption>Who?</caption>
    <thead><tr><th scope="col">body</th></tr></thead>
    <tbody>
    <tr><td>&lt;b&gt;Dorset&lt;/b&gt;</td></tr>
    </tbody></table></div>
    """
    if len(rows) > most:
        caption = f"{caption} {most:,} of {len(rows):,} rows are shown."
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    marks = tips or [[""] * len(row) for row in rows[:most]]
    body = "\n".join(
        f"<tr>{''.join(map(_cell, row, tip))}</tr>"
        for row, tip in zip(rows[:most], marks[:most], strict=True)
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(text: str, tip: str) -> str:
    title = f' title="{escape(tip)}"' if tip else ""
    return f"<td{title}>{linked(text)}</td>"


def escaped(text: str) -> str:
    """Return `text` as HTML, also within an attribute; what cannot be seen is shown.

    >>> escaped('"a" & b')
    '&quot;a&quot; &amp; b'
    """
    return escape(visible(text))


def paragraph(text: str) -> str:
    """Return `text` as a paragraph of HTML.

    >>> paragraph("read & bounded")
    '<p>read &amp; bounded</p>'
    """
    return f"<p>{escape(text)}</p>"


def page(title: str, parts: Iterable[str], style: str = _STYLE) -> str:
    """Return a page of its own that holds `parts`, which are HTML already."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{escape(title)}</h1>\n{''.join(parts)}\n</main>\n</body>\n</html>\n"
    )


def linked(text: str) -> str:
    """Return `text` as HTML, a link where it is an address of the web and no more.

    >>> linked("javascript:alert(1)")
    'javascript:alert(1)'
    """
    shown = escape(text)
    web = text.startswith(("http://", "https://")) and not set(text) & set(' "<>')
    if web and text == visible(text):
        return f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>'
    return shown


_PRINTED = """
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


def written(paper: Document) -> str:
    """Return `paper` as a page of its own, everything escaped.

    >>> from cspgraph.render.document import Document
    >>> "<h1>Brief &amp; more</h1>" in written(Document("Brief & more", "", (), ()))
    True
    """
    return page(visible(paper.title), _parts(paper), _PRINTED)


def _parts(paper: Document) -> Iterator[str]:
    yield from map(_paragraph, paper.opening)
    for section in paper.sections:
        yield f"\n<h2>{escape(visible(section.title))}</h2>\n"
        for part in section.parts:
            yield _table(part) if isinstance(part, DocumentTable) else _paragraph(part)


def _paragraph(text: str) -> str:
    return paragraph(visible(text))


def _table(table: DocumentTable) -> str:
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


def _row(titles: tuple[str, ...], row: tuple[Hyperlink, ...]) -> str:
    first, *rest = zip(map(escape, titles), map(_linked, row), strict=True)
    cells = "".join(
        f'<td role="cell" data-title="{title}">{text}</td>' for title, text in rest
    )
    title, text = first
    name = f'<th scope="row" role="rowheader" data-title="{title}">{text}</th>'
    return f'<tr role="row">{name}{cells}</tr>\n'


def _linked(cell: Hyperlink) -> str:
    text = escape(visible(cell.text))
    if not linked(cell.url).startswith("<a "):
        return text
    address = escape(cell.url)
    return f'<a href="{address}" rel="noopener noreferrer">{text}</a>'
