"""What changed between two editions of a table, counted for those who review it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows a table has, and how many were added, removed and changed."""

    rows: int
    added: int
    removed: int
    changed: int


def compare(old: str, new: str, key: Sequence[str]) -> Difference:
    r"""Return how the table `new` differs from `old`, rows going by the columns of `key`.

    Nothing is refused: a table that is empty or damaged has no row in common.

    >>> compare("code,name\na,A\nb,B\n", "code,name\nb,C\nc,C\n", ["code"])
    Difference(rows=2, added=1, removed=1, changed=1)
    """
    before, after = _rows(old, key), _rows(new, key)
    both = before.keys() & after.keys()
    return Difference(
        rows=len(after),
        added=len(after) - len(both),
        removed=len(before) - len(both),
        changed=sum(before[row] != after[row] for row in both),
    )


def _rows(table: str, key: Sequence[str]) -> dict[tuple[str | None, ...], object]:
    try:
        rows = list(csv.DictReader(io.StringIO(table, newline="")))
    except csv.Error:
        rows = []
    return {tuple(row.get(name) for name in key): row for row in rows}
