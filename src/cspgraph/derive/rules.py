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
    from collections.abc import Collection, Iterable, Mapping

    from cspgraph.rdf.files import Source

__all__ = [
    "DERIVED",
    "FIRST_LASTING_RULE",
    "FIRST_SNAPSHOT_RULE",
    "compare",
    "day_literal",
    "derive",
    "derive_day",
    "everything",
    "farthest",
    "judges",
    "looks_at_areas",
    "rules",
    "up_to",
    "window",
]

FIRST_LASTING_RULE, FIRST_SNAPSHOT_RULE = "10", "40"
#: How far to derive where all of a layer is wanted, and the first rule that is too far.
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

    def infer(self, text: str, graph: str) -> None:
        """Put what the CONSTRUCT query `text`, a rule, gives into the graph `graph`."""
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
    _run(engine, "", FIRST_LASTING_RULE)


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


@cache
def everything() -> frozenset[str]:
    """Return the name of every rule from which something follows."""
    return frozenset(name for name in rules() if name >= FIRST_LASTING_RULE)


@cache
def up_to(depth: str) -> frozenset[str]:
    """Return the rules as far as a layer: `register`, `roles`, `duties` or `claims`.

    >>> "31-single-duties" in up_to("duties"), "31-single-duties" in up_to("roles")
    (True, False)
    """
    found = {n for n in everything() if n < DEPTHS[depth] or n >= FIRST_SNAPSHOT_RULE}
    # Who holds no role is not known before roles are derived.
    left_out = filter(_looks_at_areas, found if depth == "register" else ())
    return frozenset(found.difference(left_out))


def looks_at_areas(wanted: Iterable[str]) -> bool:
    """Tell whether one of the rules `wanted` derives for some areas and days alone."""
    return any(map(_looks_at_areas, wanted))


@cache
def _looks_at_areas(name: str) -> bool:
    return "csp:windowFrom" in rules()[name].text


def farthest(wanted: Iterable[str]) -> str:
    """Return the layer that the rules `wanted` reach, empty where none takes long.

    >>> farthest(["10-open-ends"]), farthest(["15-services", "20-role-holdings"])
    ('', 'roles')
    """
    lasting = [name for name in wanted if name < FIRST_SNAPSHOT_RULE]
    last = max(lasting, default="")
    for depth, end in DEPTHS.items():
        if last < end:
            return depth if depth != "register" else ""
    return ""


def judges(wanted: Iterable[str]) -> bool:
    """Tell whether one of the rules `wanted` looks at what claims say on their day."""
    return any(DEPTHS["duties"] <= name < FIRST_SNAPSHOT_RULE for name in wanted)


def derive(engine: Deriving, wanted: Collection[str] | None = None) -> None:
    """Add to `engine` what follows on the days looked at: holdings, duties, verdicts.

    Only the rules `wanted` run, or all.
    """
    _run(engine, FIRST_LASTING_RULE, FIRST_SNAPSHOT_RULE, wanted)


def derive_day(engine: Deriving, wanted: Collection[str] | None = None) -> None:
    """Add to `engine`, cut to a day, the bearers, evidence and standing of duties.

    Only the rules `wanted` run, or all.
    """
    _run(engine, FIRST_SNAPSHOT_RULE, "", wanted)


def _run(
    engine: Deriving, first: str, end: str, wanted: Collection[str] | None = None
) -> None:
    """Run the rules from the `first` on, before the `end`; of these those `wanted`."""
    for name, rule in rules().items():
        due = first <= name and (not end or name < end)
        if due and (wanted is None or name in wanted):
            engine.infer(rule.text, DERIVED)


def day_literal(day: date) -> Literal:
    """Return `day` as it stands in the graph."""
    return Literal(day.isoformat(), datatype=_DATE)
