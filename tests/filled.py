"""What the tests of forms share: the names, the formats, and a small filled form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cspgraph.dataset import Dataset
from cspgraph.forms import formats, read, write
from cspgraph.forms.lookup import Lookup
from cspgraph.forms.schema import form
from cspgraph.forms.template import TemplateGuide

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Quad

    from cspgraph.forms.read import Record

FORMATS = ("filled.xlsx", "filled.yaml", "filled")


@cache
def names() -> Lookup:
    """Return the names that forms allow, read once."""
    dataset = Dataset()
    entries = dataset.register.entries()
    return Lookup(dataset.terms, dataset.law, dataset.records, entries)


def write_form(quads: Iterable[Quad], place: Path) -> None:
    """Write `quads` as a form to `place`."""
    filled = write.rows(quads, form(), names(), str(place))
    formats.write(filled, form(), TemplateGuide(), place)


def read_form(place: Path) -> Record:
    """Return what the form at `place` says."""
    return read.read(formats.grid(place, form()), form(), names())


def filled_in(place: Path, text: str) -> Record:
    """Write an outline to `place` and return what it says."""
    place.write_text(text, encoding="utf-8")
    return read_form(place)
