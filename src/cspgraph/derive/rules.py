"""Derive who holds which role and owes which duty, as far as a question asks.

The rules are SPARQL CONSTRUCT files in `ontology/rules/`, run in the order of
their names. Those numbered below 10 put side by side what the shapes of the law
compare; those from 10 to 39 hold for all dates; the rest see one day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cspgraph.rdf.files import Source

__all__ = [
    "DERIVED",
    "FIRST_LASTING_RULE",
    "FIRST_SNAPSHOT_RULE",
    "compare",
    "day_literal",
    "derive",
    "derive_day",
    "rules",
    "window",
]

FIRST_LASTING_RULE, FIRST_SNAPSHOT_RULE = "10", "40"
#: How far to derive, and the first rule that is too far.
DEPTHS = {
    "register": "15",
    "roles": "30",
    "duties": "34",
    "claims": FIRST_SNAPSHOT_RULE,
}
DERIVED = PREFIXES["graph"] + "derived"

_DATE = NamedNode(PREFIXES["xsd"] + "date")


class Deriving(Protocol):
    """An engine that can be added to."""

    def derive(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT query `text`, a rule, gives."""
        ...

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Put `triples` into the graph with the IRI `graph`."""
        ...


@cache
def rules() -> Mapping[str, Source]:
    """Return every shipped rule under its number and name, in order.

    >>> "30-joint-duties" in rules()
    True
    """
    return {
        source.name.rpartition("/")[2].removesuffix(".rq"): source
        for source in files.shipped("ontology/rules", ".rq")
    }


def compare(engine: Deriving) -> None:
    """Add to `engine`, as read, what shapes of the law compare: a check needs it."""
    _run(engine, [name for name in rules() if name < FIRST_LASTING_RULE])


def window(
    engine: Deriving, areas: Iterable[NamedNode], day: date | None = None
) -> None:
    """Tell `engine` to derive what concerns `areas`: on one `day`, or on all.

    A question about one area never pays for the country, and one about a day never
    for the years. An area that is told twice is looked at for both.
    """
    first, after = (day, day + timedelta(days=1)) if day else (date.min, date.max)
    ends = ((CSP.windowFrom, first), (CSP.windowUntil, after))
    engine.add(
        (Triple(a, term, day_literal(end)) for a in areas for term, end in ends),
        DERIVED,
    )


def derive(engine: Deriving, depth: str = "claims") -> None:
    """Add to `engine` what follows on the days looked at: holdings, duties, verdicts.

    The `depth` is how far to go: to the `register`, to `roles`, to `duties`, or to
    verdicts on `claims`.
    """
    rest = [name for name in rules() if FIRST_LASTING_RULE <= name < DEPTHS[depth]]
    _run(engine, rest)


def derive_day(engine: Deriving) -> None:
    """Add to `engine`, cut to a day, the bearers, evidence and standing of duties."""
    _run(engine, [name for name in rules() if name >= FIRST_SNAPSHOT_RULE])


def _run(engine: Deriving, names: Iterable[str]) -> None:
    for name in names:
        engine.add(engine.derive(rules()[name].text), DERIVED)


def day_literal(day: date) -> Literal:
    """Return `day` as it stands in the graph."""
    return Literal(day.isoformat(), datatype=_DATE)
