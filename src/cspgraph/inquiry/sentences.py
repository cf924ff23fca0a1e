"""An answer in a sentence, made of its rows: what the table says, before the table.

A question says in its file how it is told: `says`, a text in which `<body>` lists what
stands in a column, `<body council|councils>` counts it, and `<standing each>` counts
each of its values. The question of who decides on adopting a document has its own
grammar, in `adoption`. A sentence never says more than the rows, and it keeps their
doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cspgraph.inquiry import adoption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.inquiry.answers import Answer

__all__ = ["ROWS", "SLOT", "listed", "sentence"]

#: What a slot names to count rows, in place of a column.
ROWS = "rows"
#: A slot of a sentence: a column, and after it `each`, or a noun for one and for more.
SLOT = re.compile(r"<(\w+)(?: (each)| ([^<>|]+)\|([^<>|]+))?>")
_MOST = 8


def sentence(answer: Answer, says: str) -> str:
    """Return `answer` in a sentence or a few; `says` is how its question is told.

    Without rows it is why there are none.
    """
    told = answer.silence or [_told(answer, says)]
    if answer.terms and not answer.complete:
        told.append("There is more: the answer was cut.")
    doubt = str(answer.receipt.get("doubt", ""))
    if doubt and ", none on " not in doubt:
        told.append(f"{doubt[:1].upper()}{doubt[1:]}.")
    return " ".join([_of(answer), *told])


def _of(answer: Answer) -> str:
    """Return what was asked about, and the day, with a full stop."""
    given = [t.value for terms in answer.parameters.values() for t in terms]
    named = [answer.labels.get(value, value) for value in given]
    day = f"{answer.on:%-d %B %Y}" if answer.on else "All dates"
    return f"{listed([*named, day])}."


def _told(answer: Answer, says: str) -> str:
    names = [column.name for column in answer.columns]
    words = answer.words()
    if answer.name == adoption.QUESTION:
        return adoption.told([dict(zip(names, row, strict=True)) for row in words])
    count = len(words)
    if not says:
        return f"{count} row{'' if count == 1 else 's'}."
    columns = dict(zip(names, zip(*words, strict=True), strict=True))

    def filled(slot: re.Match[str]) -> str:
        name, each, one, more = slot.groups()
        cells = [cell for cell in columns.get(name, ()) if cell]
        if one:
            number = count if name == ROWS else len(set(cells))
            return f"{number} {one if number == 1 else more}"
        if each:
            return listed([f"{n} {cell}" for cell, n in Counter(cells).most_common()])
        return listed(list(dict.fromkeys(cells))) or "none named"

    return SLOT.sub(filled, says) + "."


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence, the first few of many.

    >>> listed(["a", "b", "c"])
    'a, b, c'
    """
    shown = list(words[:_MOST])
    rest = len(words) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
