"""Days that were asked for are kept while there is room, and no longer than the graph is held."""

from __future__ import annotations

import gc
import weakref
from datetime import date
from typing import TYPE_CHECKING

import cspgraph

if TYPE_CHECKING:
    import pytest

DAYS = [date(year, 7, 1) for year in range(2012, 2018)]


def test_days_not_used_for_longest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kg = cspgraph.load(areas=["Dorset"])
    books = kg._dataset
    first, second = books.day(DAYS[0]), books.day(DAYS[1])
    monkeypatch.setattr(books, "most_kept", 7 * len(second.store) // 2)
    third = books.day(DAYS[2])
    assert books.day(DAYS[0]) is first
    for day in DAYS[3:]:
        books.day(day)
        assert books.day(DAYS[0]) is first
    assert books.day(DAYS[1]) is not second
    assert books.day(DAYS[2]) is not third


def test_a_graph_that_nobody_holds_leaves_the_memory_at_once() -> None:
    """Its stores are large, and Python looks for circles of objects rarely."""
    kg = cspgraph.load(areas=["Dorset"])
    kg.answer("responsible-authorities", area="Dorset", on="2024-07-23")
    kg.answer("who-must-do-what", area="Dorset", product="csp-plan", on="2024-07-23")
    kg.why_not("Dorset Council", "csp-plan", area="Dorset", on="2024-07-23")
    kg.validate(on="2024-07-23", area="Dorset")
    gone = weakref.ref(kg._dataset)
    gc.disable()
    try:
        del kg
        assert gone() is None
    finally:
        gc.enable()
