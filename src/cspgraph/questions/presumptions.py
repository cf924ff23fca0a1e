"""Say of which councils an answer presumes how they are governed, and what would change it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import Literal

    Term = NamedNode | Literal

__all__ = ["FORMS", "PRESUMED", "presumed"]

#: The key of a receipt under which it is said.
PRESUMED = "presumed"
#: The marks of what rests on a form of governance that is presumed.
FORMS = {
    PREFIXES["governance"] + form
    for form in ("PresumedExecutive", "PresumedCommittees")
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


def presumed(
    rows: Iterable[Sequence[Term | None]],
    ask: Callable[[str], tuple[Sequence[str], Sequence[Sequence[Term | None]]]],
    label: Callable[[str], str],
) -> str:
    """Return of which councils in `rows` the form of governance is presumed, and why.

    `ask` runs a query on the graph of the day, `label` gives the name of a thing. Empty
    where no row rests on a form that is presumed.
    """
    bodies: set[str] = set()
    for row in rows:
        things = {term.value for term in row if isinstance(term, NamedNode)}
        if things & FORMS:
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
