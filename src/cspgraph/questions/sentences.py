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
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["listed", "sentence"]

_ADOPTION = "who-must-adopt"
_MOST = 8


def sentence(name: str, says: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the `rows` of the question `name`, in words, as a sentence or a few.

    `says` is how the question is told; without it the rows are counted.

    >>> rows = [{"body": "A Council"}, {"body": "B Council"}]
    >>> sentence("councils", "<body council|councils> (<body>)", rows)
    '2 councils (A Council, B Council).'
    >>> sentence("councils", "<body council|councils> (<body>)", [*rows, {"body": ""}])
    '2 named councils (A Council, B Council). 1 of 3 rows names no body.'
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
        if one and column == ROWS:
            return f"{count} {one if count == 1 else more}"
        if one:
            number, named = len(set(cells)), "named " if len(cells) < count else ""
            return f"{number} {named}{one if number == 1 else more}"
        if each:
            return listed([f"{cell} {n}" for cell, n in Counter(cells).most_common()])
        return listed(list(dict.fromkeys(cells))) or "none named"

    return " ".join([f"{SLOT.sub(filled, says)}.", *_not_named(says, rows)])


def _not_named(says: str, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield how many rows leave a counted column empty: what they tell of is there too."""
    for column in dict.fromkeys(slot[1] for slot in SLOT.finditer(says) if slot[3]):
        empty = sum(not row[column] for row in rows) if column != ROWS else 0
        if empty:
            verb = "names" if empty == 1 else "name"
            yield f"{empty} of {len(rows)} rows {verb} no {column.replace('_', ' ')}."


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence, the first few of many.

    >>> listed(["a", "b", "c"])
    'a, b, c'
    """
    shown = list(words[:_MOST])
    rest = len(words) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
