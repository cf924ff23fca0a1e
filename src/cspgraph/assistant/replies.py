"""A reply to an assistant: the day first, then what was found, its doubt and its receipt.

What an assistant is told is quoted without its surroundings. So each reply says its day
before anything else, each row has its provision or says that none was found, and the end
says what no reader may leave out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.receipt import day_in_words, receipt_in_words, supposed, warning
from cspgraph.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from cspgraph.questions.answer import Answer
    from cspgraph.receipt import Receipt

__all__ = ["MOST_LETTERS", "NOT_DONE", "bounded", "reply", "rows_of"]

NOT_DONE = 'No record is never "not done". This is not legal advice.'
#: As much as an assistant is told at once, before the end of the reply.
MOST_LETTERS = 24_000
_LAW, _NONE = "law", "no provision was found"


def reply(
    day: date | None, said: Iterable[str], receipt: Receipt, doubt: str = ""
) -> str:
    """Return what was `said` between the day it holds for, and its doubt and receipt.

    >>> from datetime import date
    >>> told = reply(date(2024, 7, 23), ["Nothing."], {"version": "1", "engine": "x"})
    >>> told.splitlines()[0], told.splitlines()[-1]
    ('On 23 July 2024.', 'Receipt: cspgraph 1, x')
    """
    stays = supposed(receipt)
    first = f"On {day_in_words(day.isoformat())}{stays}." if day else "For all dates."
    parts = [first, *filter(None, [warning(receipt)]), *said]
    *notes, last = receipt_in_words(receipt).splitlines()
    doubts = doubt or str(receipt.get("doubt", ""))
    known = [note for note in notes if not note.startswith("Doubt: ")]
    parts.append(f"Doubt: {doubts or 'what there is of it stands beside each line'}.")
    return "\n\n".join([*parts, "\n".join([NOT_DONE, *known, f"Receipt: {last}"])])


def rows_of(answer: Answer, most: int) -> Iterator[str]:
    """Yield the rows as lines, each with its provision, and a word where they are cut."""
    names = [column.name for column in answer.columns]
    lines = [_line(names, row) for row in answer.words()]
    kept = lines[:most]
    size, room = 0, MOST_LETTERS
    for count, line in enumerate(kept):
        size += len(line)
        if size > room:
            kept = kept[:count]
            break
    if kept:
        yield "\n".join(kept)
    if len(kept) < len(lines):
        yield f"Cut: {len(kept)} of {len(lines)} rows are shown; ask for more with rows, or for less with a parameter."
    if not answer.complete:
        yield f"Cut: the answer stopped {answer.receipt.get('cut', 'early')}."


def _line(names: Sequence[str], row: Sequence[str]) -> str:
    """Return a row in one line: its columns with their names, empty ones left out."""
    cells = [
        f"{name.replace('_', ' ')}: {visible(cell)}"
        for name, cell in zip(names, row, strict=True)
        if cell
    ]
    if _LAW in names and not row[names.index(_LAW)]:
        cells.append(f"law: {_NONE}")
    return f"- {'; '.join(cells)}"


def bounded(text: str, where: str) -> str:
    """Return `text`, cut at the end of a line where it is too long, with a word on it.

    >>> bounded("short", "brief")
    'short'
    """
    if len(text) <= MOST_LETTERS:
        return text
    kept = text[:MOST_LETTERS].rpartition("\n")[0]
    return f"{kept}\n\nCut: {len(kept):,} of {len(text):,} letters are shown; {where} gives all."
