"""What a question about a document reaches: the subjects of the law that it contains.

People ask for a community safety plan; the law on who adopts speaks of the strategies
that such a plan contains. The file `ontology/reach/contained-subjects.rq` says which.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.questions.why_empty import filled
from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cspgraph.questions.query_file import Query
    from cspgraph.questions.why_empty import Select
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.results import Term

__all__ = ["contained_subjects", "widened"]

#: A question that looks for this reaches such subjects by itself.
_BY_ITSELF = "csp:bearsOn"


def widened(
    query: Query,
    bound: Mapping[str, Sequence[Term]],
    days: Sequence[date],
    names: Labels,
    select: Select,
) -> tuple[dict[str, Sequence[Term]], str]:
    """Return `bound` with the subjects that its documents contain, and that in words.

    They are those of any of the `days`. Both are as before, and the words empty, where
    no document is asked about or it contains none.
    """
    given = dict(bound)
    said = []
    kinds = [p.name for p in query.parameters if p.kind == "product"]
    asked = [name for name in kinds if given.get(name)]
    for name in asked:
        when = [
            Literal(day.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
            for day in days
        ]
        places = [
            t
            for p in query.parameters
            if p.kind == "area"
            for t in given.get(p.name, ())
        ]
        blanks = {"product": given[name], "area": places, "day": when}
        _, rows = select(filled(contained_subjects(), blanks))
        reached: dict[Term, dict[Term, list[str]]] = {}
        for product, subject, law in rows:
            if product and subject and subject not in given[name]:
                laws = reached.setdefault(product, {}).setdefault(subject, [])
                laws += [law.value] if law else []
        for product, subjects in reached.items():
            also = [_named(subject, laws, names) for subject, laws in subjects.items()]
            said.append(f"{names.label(product.value)}: also {', '.join(also)}")
        if _BY_ITSELF not in query.body:
            more = [subject for subjects in reached.values() for subject in subjects]
            given[name] = list(dict.fromkeys([*given[name], *more]))
    return given, "; ".join(said)


def _named(subject: Term, laws: Sequence[str], names: Labels) -> str:
    cited = ", ".join(dict.fromkeys(laws))
    return (
        f"{names.label(subject.value)} ({cited})"
        if cited
        else names.label(subject.value)
    )


@cache
def contained_subjects() -> str:
    """Return the query that says which subjects of the law a document contains."""
    (source,) = files.shipped("ontology/reach", "/contained-subjects.rq")
    return source.text
