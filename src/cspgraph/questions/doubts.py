"""What the rows of an answer rest on that is in doubt.

Facts were bounded, recalled or read in a secondary source; a form of governance is
presumed; a provision was read before another law changed it. The rule
`ontology/rules/48-read-before.rq` finds such provisions on the day of the graph.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.results import Term
    from cspgraph.receipt import Json

    Row = Sequence[Term | None]
    Select = Callable[[str], tuple[Sequence[str], Sequence[Row]]]

__all__ = [
    "PRESUMED",
    "READ_BEFORE",
    "doubt",
    "named_in",
    "outdated",
    "presumed",
    "read_before",
]

#: The key of a receipt under which a presumed form of governance is told.
PRESUMED = "presumed"
#: The marks of what rests on a form of governance that is presumed.
_FORMS = {
    PREFIXES["governance"] + form
    for form in ("PresumedExecutive", "PresumedCommittees")
}
_CODE, _BASIS = PREFIXES["verification"], PREFIXES["basis"]
_DOUBTS = {
    "{} that is bounded, not read": {_CODE + "B"},
    "{} that is recalled, not read": {_CODE + "R"},
    "{} read in a secondary source": {_CODE + "S"},
    "a reading that can be argued": {_BASIS + "StatuteArguable"},
    "a presumed form of governance": _FORMS,
}
#: Columns that say in words what is in doubt, and how it is counted.
_SAID = {
    "assumption": "a working assumption",
    "reading": "a reading of the law that can be argued",
}
_BODY = PREFIXES["body"]
_SHOWN = 3
_WHY = """
PREFIX csp: <https://w3id.org/cspgraph/ns#>
SELECT DISTINCT ?body ?why
WHERE {{
  VALUES ?body {{ {} }}
  ?governed csp:body ?body ;
    a csp:GovernancePeriod ;
    csp:assumption ?why .
}}
ORDER BY ?why ?body
"""
#: Asked with every answer: which provisions were read before a change of the law.
READ_BEFORE = f"""
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


def doubt(head: Sequence[str], rows: Sequence[Row]) -> dict[str, str]:
    """Return how many rows rest on facts in doubt, where the answer shows how they were checked.

    They are facts of the register in an answer that names no law. An answer without
    rows says nothing of doubt.
    """
    if "verification" not in head or not rows:
        return {}
    fact = "law" if "law" in head else "an entry of the register"
    ends = [{term.value for term in row if isinstance(term, NamedNode)} for row in rows]
    counts = {
        what.format(fact): sum(1 for things in ends if things & terms)
        for what, terms in _DOUBTS.items()
    }
    for column, what in _SAID.items():
        if column in head:
            place = head.index(column)
            counts[what] = sum(1 for row in rows if row[place])
    said = [f"{count} on {what}" for what, count in counts.items() if count]
    return {
        "doubt": f"of {len(rows)} rows, {', '.join(said) or f'none on {fact} in doubt'}"
    }


def presumed(
    rows: Iterable[Row],
    ask: Select,
    label: Callable[[str], str],
) -> str:
    """Return of which councils in `rows` the form of governance is presumed, and why.

    `ask` runs a query on the graph of the day, `label` gives the name of a thing. Empty
    where no row rests on a form that is presumed.
    """
    bodies: set[str] = set()
    for row in rows:
        things = {term.value for term in row if isinstance(term, NamedNode)}
        if things & _FORMS:
            bodies |= {thing for thing in things if thing.startswith(_BODY)}
    if not bodies:
        return ""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for body, why in ask(_WHY.format(" ".join(f"<{b}>" for b in sorted(bodies))))[1]:
        if body is not None and why is not None:
            named[why.value].append(label(body.value))
    return " ".join(f"{_listed(sorted(o))}: {why}" for why, o in named.items()).rstrip(
        "."
    )


def _listed(names: Sequence[str]) -> str:
    """Return the first of `names`, and how many more there are.

    >>> _listed(["Ashford", "Kent"]), _listed(["A", "B", "C", "D", "E"])
    ('Ashford, Kent', 'A, B, C and 2 more')
    """
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def outdated(
    rows: Iterable[Row],
    names: Labels,
    select: Select,
) -> dict[str, Json]:
    """Return what a receipt says of provisions in `rows` that were read before a change.

    A row names a provision by its citation or address. Empty where there is none.
    """
    return named_in(rows, read_before(names, select))


def read_before(names: Labels, select: Select) -> list[dict[str, Json]]:
    """Return each provision that was read before a change, with what a receipt says of it.

    `address` is the provision, `said` the entry of the receipt.
    """
    _, found = select(READ_BEFORE)
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
