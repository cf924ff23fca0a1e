"""An answer in a sentence, made of its rows: what the table says, before the table.

A question says in its file how it is told: `says`, a text in which `<body>` lists what
stands in a column, `<body council|councils>` counts it, and `<standing each>` counts
each of its values. The question of who decides on adopting a document has its own
grammar, in `adoption`. A sentence never says more than the rows, and it keeps their
doubt.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cspgraph.questions.query_file import ROWS, SLOT

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

__all__ = ["listed", "sentence"]

_ADOPTION = "who-must-adopt"
_MOST = 8


def sentence(name: str, says: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the `rows` of the question `name`, in words, as a sentence or a few.

    `says` is how the question is told; without it the rows are counted.

    >>> rows = [{"body": "A Council"}, {"body": "B Council"}]
    >>> sentence("councils", "<body council|councils> (<body>)", rows)
    '2 councils (A Council, B Council).'
    """
    if name == _ADOPTION:
        from cspgraph.questions import adoption

        return adoption.told(rows)
    count = len(rows)
    if not says:
        return f"{count} row{'' if count == 1 else 's'}."

    def filled(slot: re.Match[str]) -> str:
        column, each, one, more = slot.groups()
        cells = [row[column] for row in rows if row.get(column)]
        if one:
            number = count if column == ROWS else len(set(cells))
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
