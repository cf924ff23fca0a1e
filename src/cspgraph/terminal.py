"""Answers as tables for people at a terminal, in words and within its width.

Plain text with a line under the head: it reads well aloud, and it starts fast.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from cspgraph import waiting
from cspgraph.receipts import reach, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.inquiry.answers import Answer
    from cspgraph.inquiry.triples import Triples
    from cspgraph.receipts import Receipt

__all__ = [
    "give",
    "give_triples",
    "hint",
    "in_words",
    "note",
    "plain",
    "put",
    "receipt",
    "rests_on",
    "say",
    "show",
    "table",
    "warn",
]

_PIPE_WIDTH = 120
_LONGEST_WORD = 24
_GAP = "  "
#: A first day, and the column beside it where only a day by then is known.
_FIRST, _LATEST = "since", "since by"
_CONTROLS = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 10
}


def say(text: str) -> None:
    """Print `text` for people, as far as their terminal has the letters."""
    coding = sys.stdout.encoding or "utf-8"
    letters = plain(text).encode(coding, "backslashreplace").decode(coding)
    put(f"{letters}\n", coding)


def put(text: str, coding: str = "utf-8") -> None:
    """Write data, the same bytes everywhere; end quietly when nobody reads on."""
    waiting.end()
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(coding))
        sys.stdout.flush()
    except BrokenPipeError as error:
        import typer

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error


def hint(text: str) -> None:
    """Print messages about the user's files and about slow work on standard error.

    The latter is for a person who waits: nothing of it goes to a pipe.
    """
    if sys.stderr.isatty() or not isinstance(text, waiting.Slow):
        note(f"cspgraph: {text}")


def note(text: str) -> None:
    """Say at the end, on standard error, what was done; nothing with --quiet."""
    waiting.end()
    if not waiting.quiet():
        import typer

        typer.echo(plain(text), err=True)


def warn(given: Receipt) -> None:
    """Print the warning for a day beyond what is known on standard error.

    It is said with --quiet too.
    """
    said = warning(given)
    if said:
        import typer

        waiting.end()
        typer.echo(plain(f"cspgraph: {said}"), err=True)


def give(answer: Answer, form: str, *, iris: bool | None = None) -> None:
    """Print `answer` in a form: csv, json, md, or a table with its receipt apart.

    With `iris`, full IRIs stand in place of names, unbroken; where it is None, the form
    has its way.
    """
    warn(answer.receipt)
    shown = answer.in_full() if iris else answer
    if form == "table":
        say(f"{answer.caption}\n{shown}" if iris else show(answer))
        note(receipt(answer))
        return
    if form == "csv":
        for line in answer.silence:  # a table of data has no place for it
            note(line)
    if form == "csv":
        put(answer.to_csv(iris=iris))
    else:
        put(answer.to_json() if form == "json" else shown.to_markdown())


def give_triples(found: Triples, form: str) -> None:
    """Print statements as RDF; what must be said of them goes to standard error."""
    warn(found.receipt)
    put(found.to(form))
    if found.silence:
        note(found.silence)


def in_words(error: Exception) -> str:
    """Return what went wrong in one line; after wrong use, with the next step."""
    if not hasattr(error, "format_message"):
        return plain(" ".join(str(error).split()))
    said = plain(" ".join(error.format_message().split()))
    path = getattr(getattr(error, "ctx", None), "command_path", "cspgraph")
    return f"{said[:1].lower()}{said[1:].rstrip('.')}; see '{path} --help'"


def plain(text: str) -> str:
    r"""Return `text` with control characters shown, so that none reaches a terminal.

    >>> plain("\x1b[31mred")
    '\\x1b[31mred'
    """
    return text.translate(_CONTROLS)


def show(answer: Answer) -> str:
    """Return `answer` as text: caption, table, addresses of the law.

    Columns that are empty in every row are left out, and web addresses stand
    once each below the table, so that the rest can be read. Where a first day is not
    known, "by" and a day stand in its place.
    """
    words = answer.words()
    shown, addresses = [], []
    columns = dict(zip(answer.titles, zip(*words, strict=True), strict=False))
    if latest := columns.pop(_LATEST, ()):
        pairs = zip(columns[_FIRST], latest, strict=True)
        columns[_FIRST] = tuple(f"by {by}" if by else day for day, by in pairs)
    for title in filter(_LATEST.__ne__, answer.titles):
        cells = list(columns.get(title, ()))
        if any(cell.startswith(("http://", "https://")) for cell in cells):
            addresses += cells
        elif any(cells) or not words:
            shown.append((title, cells))
    rows = list(zip(*(cells for _, cells in shown), strict=True))
    head = table(answer.caption, [title for title, _ in shown], rows)
    return "\n".join([head, *answer.silence, *dict.fromkeys(filter(None, addresses))])


#: What a receipt says in words, in this order.
_NOTES = (
    *("area", "areas_held", "widened", "doubt", "presumed"),
    *("left out", "rows left out", "sources"),
)


def receipt(answer: Answer) -> str:
    """Return what the answer rests on, and what is needed to produce it again."""
    return rests_on(answer.receipt)


def rests_on(given: Receipt) -> str:
    """Return a receipt in words: what changes the answer, then version and digests.

    >>> rests_on({"version": "1.0.0", "engine": "pyoxigraph", "law": "0123456789abcdef"})
    'cspgraph 1.0.0, pyoxigraph, law 0123456789ab'
    """
    digests = "".join(
        f", {name} {str(given[name])[:12]}"
        for name in ("law", "register", "records", "rules")
        if name in given
    )
    notes = "".join(
        f"{name.capitalize().replace('_', ' ')}: {given[name]}.\n"
        for name in _NOTES
        if name in given
    )
    known = reach(given)
    notes += f"{known}\n" if known else ""
    return f"{notes}cspgraph {given['version']}, {given['engine']}{digests}"


def table(caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as text, its caption above it, long cells broken at words.

    >>> print(table("Who?", ["body", "law"], [["Dorset Council", "s.5(1)(a)"]]))
    Who?
    body            law
    --------------  ---------
    Dorset Council  s.5(1)(a)
    """
    if not rows:
        return caption
    widths = _widths([titles, *rows])
    head = [*_lines(titles, widths), _GAP.join("-" * width for width in widths)]
    body = (line for row in rows for line in _lines(row, widths))
    return "\n".join([caption, *head, *body])


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [
        textwrap.wrap(cell, width) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for parts in zip_longest(*wrapped, fillvalue=""):
        line = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
        yield _GAP.join(line).rstrip()


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column; the widest give way first, to whole words."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [
        min(
            _LONGEST_WORD,
            max(len(word) for cell in column for word in cell.split() or [""]),
        )
        for column in columns
    ]
    screen = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE_WIDTH
    spare = sum(widths) + len(_GAP) * (len(widths) - 1) - screen
    while spare > 0:
        room = [width - small for width, small in zip(widths, least, strict=True)]
        if max(room) <= 0:
            break
        widest = max(
            range(len(widths)), key=lambda place: (room[place] > 0, widths[place])
        )
        widths[widest] -= 1
        spare -= 1
    return widths
