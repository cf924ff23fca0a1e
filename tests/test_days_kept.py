"""Days that were asked for are kept as long as there is room, the last used the longest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import cspgraph
from cspgraph import library

if TYPE_CHECKING:
    import pytest

DAYS = [date(year, 7, 1) for year in range(2012, 2018)]


def test_days_not_used_for_longest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kg = cspgraph.load(areas=["Dorset"])
    books = kg._library
    first, second = books.day(DAYS[0]), books.day(DAYS[1])
    monkeypatch.setattr(library, "_KEPT", 7 * len(second.store) // 2)
    third = books.day(DAYS[2])
    assert books.day(DAYS[0]) is first
    for day in DAYS[3:]:
        books.day(day)
        assert books.day(DAYS[0]) is first
    assert books.day(DAYS[1]) is not second
    assert books.day(DAYS[2]) is not third
