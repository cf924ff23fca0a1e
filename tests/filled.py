"""What the tests of forms share: the names, the dresses, and a small filled form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cspgraph.forms import dresses, record, rows
from cspgraph.forms.blank import Guide
from cspgraph.forms.choices import Choices
from cspgraph.forms.form import form
from cspgraph.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Quad

    from cspgraph.forms.record import Record

DRESSES = ("filled.xlsx", "filled.yaml", "filled")


@cache
def names() -> Choices:
    """Return the names that forms allow, read once."""
    library = Library()
    entries = library.register.entries()
    return Choices(library.terms, library.law, library.records, entries)


def dressed(quads: Iterable[Quad], place: Path) -> None:
    """Write `quads` as a form to `place`."""
    filled = rows.rows(quads, form(), names(), str(place))
    dresses.write(filled, form(), Guide(), place)


def undressed(place: Path) -> Record:
    """Return what the form at `place` says."""
    return record.read(dresses.grid(place, form()), form(), names())


def filled_in(place: Path, text: str) -> Record:
    """Write an outline to `place` and return what it says."""
    place.write_text(text, encoding="utf-8")
    return undressed(place)
