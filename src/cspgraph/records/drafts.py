"""Drafts are kept out: a record that nobody has confirmed counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cspgraph.rdf.files import Source

__all__ = ["DRAFT", "confirmed", "is_draft"]

#: What the document of a draft has as its status.
DRAFT = NamedNode(PREFIXES["kind"] + "Draft")


def is_draft(source: Source) -> bool:
    """Return whether a record is a draft: its document says so.

    >>> is_draft(files.Source("mine.ttl", b""))
    False
    """
    if b"Draft" not in source.data:
        return False
    return any(
        q.predicate == CSP.status and q.object == DRAFT for q in files.quads(source)
    )


def confirmed(sources: Iterable[Source], tell: Callable[[str], object]) -> list[Source]:
    """Return the records that are no drafts; each draft is told and left out."""
    kept = []
    for source in sources:
        if is_draft(source):
            tell(
                f"{source.name}: a draft that nobody has confirmed; it is left out"
                " (--drafts counts it, 'cspgraph confirm' makes a record of it)"
            )
        else:
            kept.append(source)
    return kept
