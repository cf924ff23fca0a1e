"""Answers as tables for people at a terminal, in words and within its width."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.box import ASCII2, HORIZONTALS
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.answers import Answer

__all__ = ["show", "show_table"]

_PIPE_WIDTH = 160


def show(answer: Answer) -> None:
    """Print `answer`: caption, table, addresses of the law, and the receipt.

    Columns that are empty in every row are left out, and web addresses stand
    once each below the table, so that the rest can be read.
    """
    words = answer.words()
    shown, addresses = [], []
    for place, title in enumerate(answer.titles):
        cells = [row[place] for row in words]
        if any(cell.startswith(("http://", "https://")) for cell in cells):
            addresses += cells
        elif any(cells) or not words:
            shown.append((title, cells))
    rows = [list(row) for row in zip(*(cells for _, cells in shown), strict=True)]
    show_table(answer.caption, [title for title, _ in shown], rows)
    console = _console()
    for address in dict.fromkeys(filter(None, addresses)):
        console.print(Text(address), soft_wrap=True)
    receipt = answer.receipt
    digests = "".join(
        f", {name} {receipt[name][:12]}"
        for name in ("law", "register", "records", "rules")
        if name in receipt
    )
    line = f"cspgraph {receipt['version']}, {receipt['engine']}{digests}"
    console.print(Text(line), soft_wrap=True, style="dim")


def show_table(
    caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print a table with its caption above it."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    table = Table(
        box=HORIZONTALS if unicode else ASCII2, pad_edge=False, header_style="bold"
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = _console()
    console.print(Text(caption), style="bold")
    if rows:
        console.print(table)


def _console() -> Console:
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, highlight=False, emoji=False)
