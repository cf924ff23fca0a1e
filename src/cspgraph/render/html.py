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

__all__ = [
    "PARTS",
    "STYLE",
    "escaped",
    "fragment",
    "linked",
    "named_table",
    "page",
    "paragraph",
    "table",
    "written",
]

MAX_ROWS = 120
#: The column of citations, behind which their addresses stand.
_CITED = "law"

#: The look of tables and closed parts, in a page of ours and in a notebook: a word is cut
#: nowhere but in addresses and codes, and a table is a list of cards on a narrow screen.
PARTS = """
.cspgraph{max-width:75rem;text-align:left;overflow-wrap:break-word}
.cspgraph a,.cspgraph code{overflow-wrap:anywhere}
.cspgraph p,.cspgraph ul{max-width:46rem}
.cspgraph div.wide{overflow-x:auto;max-width:100%}
.cspgraph table{border-collapse:collapse;margin:1rem 0}
.cspgraph caption{text-align:left;font-weight:bold;padding-bottom:.5rem;caption-side:top}
.cspgraph th,.cspgraph td{border-bottom:1px solid #767d82;padding:.4rem .7rem .4rem 0;text-align:left;vertical-align:top;white-space:normal}
.cspgraph tbody th{font-weight:normal}
.cspgraph details{border-top:1px solid #767d82;padding:.25em 0}
.cspgraph summary{cursor:pointer;padding:.2em 0;min-height:24px}
@media screen and (max-width:47.99em){
.cspgraph table,.cspgraph caption,.cspgraph tbody,.cspgraph tr,.cspgraph tbody th,.cspgraph td{display:block;width:100%;max-width:100%}
.cspgraph thead{display:none}
.cspgraph tr{border-bottom:2px solid #505a5f;padding:.5rem 0}
.cspgraph tbody th,.cspgraph td{border:0;padding:.15rem 0}.cspgraph td:empty{display:none}
.cspgraph td[data-title]::before,.cspgraph tbody th[data-title]::before{content:attr(data-title)": ";font-weight:bold}}
@media print{.cspgraph tr{break-inside:avoid}.cspgraph thead{display:table-header-group}.cspgraph div.wide{overflow:visible}}
"""
#: The look of a page of ours, for every screen and for A4.
STYLE = """
@page{size:A4;margin:15mm}
*{box-sizing:border-box}
body{font:1rem/1.45 arial,sans-serif;color:#0b0c0c;background:#fff;margin:0}
main{margin:0 auto;padding:1rem}
h1{font-size:1.75rem;line-height:1.15}h2{font-size:1.4rem;margin:2rem 0 1rem}h3{font-size:1.1875rem;margin:1.5rem 0 .5rem}
a{color:#1a65a6;text-decoration:underline}
a:focus,summary:focus{outline:3px solid #0b0c0c;background:#fd0;color:#0b0c0c}
svg{max-width:none}
@media print{body{font-size:10pt}main{padding:0}a{color:#0b0c0c}h2,h3{break-after:avoid}svg{max-width:100%;height:auto}}
"""


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
    <div class="wide" role="region" tabindex="0" aria-label="Who?"><table role="table"><caption>Who?</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">body</th></tr></thead>
    <tbody role="rowgroup">
    <tr role="row"><td role="cell" data-title="body">&lt;b&gt;Dorset&lt;/b&gt;</td></tr>
    </tbody></table></div>
    """
    if len(rows) > most:
        caption = f"{caption} {most:,} of {len(rows):,} rows are shown."
    marks = tips or [[""] * len(row) for row in rows[:most]]
    behind = _address(titles, rows[:most])
    shown = [title for place, title in enumerate(titles) if place != behind]
    body = "\n".join(
        f'<tr role="row">{_cells(titles, row, tip, behind)}</tr>'
        for row, tip in zip(rows[:most], marks[:most], strict=True)
    )
    title = f"<caption>{escape(caption)}</caption>\n"
    if body:
        whole = f'<table role="table">{title}{_head(shown)}\n<tbody role="rowgroup">\n{body}\n</tbody></table>'
    else:  # a table that says its role must have rows
        whole = f"<table>{title}{_head(shown, said=False)}\n<tbody></tbody></table>"
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"{whole}</div>"
    )


def _head(titles: Sequence[str], *, said: bool = True) -> str:
    """Return the head of a table; roles are `said`, as a browser forgets them in cards."""
    group, row, column = (
        f' role="{role}"' if said else ""
        for role in ("rowgroup", "row", "columnheader")
    )
    cells = "".join(f'<th scope="col"{column}>{escape(title)}</th>' for title in titles)
    return f"<thead{group}><tr{row}>{cells}</tr></thead>"


def _address(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the column that stands behind the citations, -1 for none.

    >>> _address(["law", "law url"], [["s.5", "https://example.org/5"], ["", ""]])
    1
    """
    if _CITED in titles:
        for place in range(len(titles)):
            cells = list(filter(None, (row[place] for row in rows)))
            if cells and all(linked(cell).startswith("<a ") for cell in cells):
                return place
    return -1


def _cells(
    titles: Sequence[str], row: Sequence[str], tips: Sequence[str], behind: int
) -> str:
    """Return the cells of a row; the address `behind` leads on from the citation."""
    found = []
    for place, (title, text, tip) in enumerate(zip(titles, row, tips, strict=True)):
        if place == behind:
            continue
        said = f' title="{escape(tip)}"' if tip else ""
        inner = linked(text)
        if title == _CITED and behind >= 0 and row[behind]:
            inner = _behind(text or row[behind], row[behind])
        named = f' data-title="{escape(title)}"'
        found.append(f'<td role="cell"{named}{said}>{inner}</td>')
    return "".join(found)


def _behind(text: str, url: str) -> str:
    """Return `text` as HTML that leads to `url`, where that is an address."""
    if not linked(url).startswith("<a "):
        return escape(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(text)}</a>'


def fragment(parts: Iterable[str]) -> str:
    """Return `parts`, which are HTML already, as a part of a notebook, with their look.

    >>> fragment([paragraph("So")]).endswith("<p>So</p></div>")
    True
    """
    return f'<div class="cspgraph"><style>{PARTS}</style>{"".join(parts)}</div>'


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


def page(title: str, parts: Iterable[str], style: str = "") -> str:
    """Return a page of its own that holds `parts`, which are HTML already."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}{PARTS}{style}</style>\n</head>\n<body>\n"
        f'<main class="cspgraph">\n<h1>{escape(title)}</h1>\n{"".join(parts)}\n</main>\n</body>\n</html>\n'
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


def written(paper: Document) -> str:
    """Return `paper` as a page of its own, everything escaped.

    >>> from cspgraph.render.document import Document
    >>> "<h1>Brief &amp; more</h1>" in written(Document("Brief & more", "", (), ()))
    True
    """
    return page(visible(paper.title), _parts(paper))


def _parts(paper: Document) -> Iterator[str]:
    yield from map(_paragraph, paper.opening)
    for section in paper.sections:
        yield f"\n<h2>{escape(visible(section.title))}</h2>\n"
        for part in section.parts:
            yield _table(part) if isinstance(part, DocumentTable) else _paragraph(part)


def _paragraph(text: str) -> str:
    return paragraph(visible(text))


def _table(table: DocumentTable) -> str:
    rows = [[_linked(cell) for cell in row] for row in table.rows]
    return f"\n{named_table(escape(visible(table.caption)), table.titles, rows)}\n"


def named_table(
    caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    """Return a table whose first column names its rows; on a narrow screen it is a list.

    Caption and cells are HTML already.

    >>> 'scope="row"' in named_table("Who", ["body", "law"], [["Dorset", "s.5"]])
    True
    """
    shown = "".join(_row(titles, row) for row in rows)
    return (
        f'<table role="table">\n<caption>{caption}</caption>\n{_head(titles)}\n'
        f'<tbody role="rowgroup">\n{shown}</tbody>\n</table>'
    )


def _row(titles: Sequence[str], row: Sequence[str]) -> str:
    first, *rest = zip(map(escape, titles), row, strict=True)
    cells = "".join(
        f'<td role="cell" data-title="{title}">{text}</td>' for title, text in rest
    )
    title, text = first
    name = f'<th scope="row" role="rowheader" data-title="{title}">{text}</th>'
    return f'<tr role="row">{name}{cells}</tr>\n'


def _linked(cell: Hyperlink) -> str:
    return _behind(visible(cell.text), cell.url)
