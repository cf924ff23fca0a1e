"""Which provisions that an answer names were read before another law changed them.

The rule `ontology/rules/48-read-before.rq` finds them on the day of the graph. An
answer that rests on one says as at which day its text was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.results import Term
    from cspgraph.receipt import Json

    Row = Sequence[Term | None]

__all__ = ["named_in", "outdated", "read_before"]

_READ_BEFORE = f"""
PREFIX csp: <{PREFIXES["csp"]}>
SELECT DISTINCT ?provision ?law ?read ?change ?sure ?cited
WHERE {{
  ?provision csp:readBefore ?change ;
    csp:citation ?law .
  OPTIONAL {{ ?provision csp:textReadTo ?read }}
  OPTIONAL {{
    ?provision csp:amendedBy|csp:substitutedBy|csp:repealedBy ?change .
    BIND (?change AS ?sure)
  }}
  OPTIONAL {{
    ?change a csp:Provision ;
      csp:citation ?cited .
  }}
}}
ORDER BY ?law ?change
"""


def outdated(
    rows: Iterable[Row],
    names: Labels,
    select: Callable[[str], tuple[Sequence[str], Sequence[Row]]],
) -> dict[str, Json]:
    """Return what a receipt says of provisions in `rows` that were read before a change.

    A row names a provision by its citation or address. Empty where there is none.
    """
    return named_in(rows, read_before(names, select))


def read_before(
    names: Labels, select: Callable[[str], tuple[Sequence[str], Sequence[Row]]]
) -> list[dict[str, Json]]:
    """Return each provision that was read before a change, with what a receipt says of it.

    `address` is the provision, `said` the entry of the receipt.
    """
    _, found = select(_READ_BEFORE)
    return [
        {
            "address": provision.value,
            "said": {
                "law": law.value,
                "text_as_at": day.value if day else None,
                "changed_by": cited.value if cited else names.label(change.value),
                "sure": sure is not None,
            },
        }
        for provision, law, day, change, sure, cited in found
        if provision and law and change
    ]


def named_in(rows: Iterable[Row], read: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    """Return what a receipt says of those of `read`, of `read_before`, that `rows` name."""
    if not read:
        return {}
    named = {
        piece
        for row in rows
        for term in row
        if term is not None
        for piece in _pieces(term)
    }
    told = [one["said"] for one in read if named & {one["address"], one["said"]["law"]}]
    return {"text_read": told} if told else {}


def _pieces(term: Term) -> list[str]:
    """Return what a cell names; a text may name several provisions."""
    return term.value.split("; ") if isinstance(term, Literal) else [term.value]
