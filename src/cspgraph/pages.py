"""Tables and reports as plain HTML that works without scripts, and as Markdown.

Every text is escaped; a link is made only for an http or https address.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["escaped", "linked", "markdown", "page", "paragraph", "table"]

MAX_ROWS = 120
_MARKDOWN = str.maketrans({"\\": r"\\", "|": r"\|", "<": "&lt;", "\n": " "})

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


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a Markdown table; what would end a cell or begin a tag is escaped.

    >>> print(markdown(["body"], [["<b>|"]]), end="")
    | body |
    | --- |
    | &lt;b>\| |
    """
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(map(escaped, line))} |\n" for line in lines)


def escaped(text: str) -> str:
    """Return `text` as one line of Markdown that begins no tag and ends no cell.

    >>> escaped("<script>")
    '&lt;script>'
    """
    return text.translate(_MARKDOWN)


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
    if text.startswith(("http://", "https://")) and not set(text) & set(' "<>'):
        return f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>'
    return shown
