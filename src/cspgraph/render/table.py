"""Rows under titles: as text that fits a width, and as CSV that is safe to open."""

from __future__ import annotations

import csv
import io
import shutil
import sys
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from cspgraph.render.escape import csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


__all__ = ["cards", "fits", "screen", "sheet", "table"]

_PIPE_WIDTH = 120
_GAP = "  "


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


def cards(caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a card for each row: the first cell, then the others with their titles.

    >>> print(cards("Who?", ["body", "law"], [["Dorset Council", "s.5(1)(a)"]]))
    Who?
    <BLANKLINE>
    Dorset Council
      law: s.5(1)(a)
    """
    lines = [caption]
    for first, *rest in rows:
        lines += ["", *_wrapped(first or "(empty)", "")]
        for title, cell in zip(titles[1:], rest, strict=True):
            if cell:
                lines += _wrapped(f"{title}: {cell}", "  ")
    return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        screen(),
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a table of `rows` cuts no word."""
    longest = [
        max(len(word) for cell in column for word in cell.split() or [""])
        for column in zip(*rows, strict=True)
    ]
    return sum(longest) + len(_GAP) * (len(longest) - 1) <= screen()


def screen() -> int:
    """Return how many letters fit in a line: of the terminal, or 120 in a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE_WIDTH


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
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
        max(len(word) for cell in column for word in cell.split() or [""])
        for column in columns
    ]
    spare = sum(widths) + len(_GAP) * (len(widths) - 1) - screen()
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


def sheet(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return `rows` under `head` as CSV; a cell that begins like a formula gets a '.

    >>> print(sheet(["body"], [["=1+1"]]), end="")
    body
    '=1+1
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(csv_cell, row) for row in rows)
    return out.getvalue()
