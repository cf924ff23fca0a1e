"""Records of the user: each source apart, and none above the law or the register.

A record says what documents say happened. What it says of the law, of the register, or
of what follows from them, is left out and told: nobody's file can change who must adopt.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cspgraph.rdf import files
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from cspgraph.rdf.files import Source
    from cspgraph.rdf.labels import Labels
    from cspgraph.records.conflicts import Conflict, ConflictKey

__all__ = [
    "RECORD_CLASSES",
    "RECORD_TERMS",
    "Contribution",
    "Contributions",
    "Refused",
    "contributions",
    "held",
]

#: What a record may speak of, in the words of the ontology.
RECORD_CLASSES = frozenset(
    getattr(CSP, name)
    for name in [
        "Assessment",
        "Body",
        "Claim",
        "Coverage",
        "Decision",
        "FundingStatement",
        "Organ",
        "Passage",
        "Priority",
        "Search",
        "SourceDocument",
        "Strategy",
        "StrategyVersion",
    ]
)
#: What it may say of it.
RECORD_TERMS = frozenset(
    getattr(CSP, name)
    for name in [
        "about",
        "area",
        "assertsAction",
        "assertsCycle",
        "assertsDeadline",
        "assertsDue",
        "assertsFrom",
        "assertsHolder",
        "assertsHolderKind",
        "assertsInstrument",
        "assertsLaw",
        "assertsList",
        "assertsName",
        "assertsOrgan",
        "assertsPlanLength",
        "assertsProduct",
        "assertsRequirement",
        "assertsReturn",
        "assertsRole",
        "assertsSection",
        "by",
        "certainty",
        "complementedBy",
        "condition",
        "conditionMetBy",
        "confidence",
        "coveredBy",
        "covering",
        "crossCutting",
        "currentRisk",
        "developedBy",
        "follows",
        "heading",
        "inDocument",
        "informedBy",
        "integralTo",
        "kind",
        "ledBy",
        "lookedFor",
        "modelNote",
        "notAfter",
        "notBefore",
        "on",
        "organKind",
        "organOf",
        "page",
        "paragraph",
        "periodFrom",
        "periodUntil",
        "printedPeriod",
        "priority",
        "product",
        "publisher",
        "registerSource",
        "quote",
        "registerSource",
        "residualRisk",
        "searchedIn",
        "source",
        "statement",
        "status",
        "supersededBy",
        "succeededBy",
        "theme",
        "to",
        "validFrom",
        "validUntil",
        "verification",
        "verificationNote",
        "verifiedBy",
        "versionOf",
        "vision",
    ]
)
#: Every word of the ontology; one that is misspelt is for the check to find.
_TERMS = {NamedNode(PREFIXES["csp"] + name) for name in CSP}
#: Where the names of such things may begin, among those of this project.
_OWN_NAMES = tuple(
    PREFIXES[name]
    for name in [
        "assessment",
        "body",
        "claim",
        "coverage",
        "decision",
        "document",
        "funding",
        "organ",
        "passage",
        "priority",
        "search",
        "strategy",
        "version",
    ]
)
_NEVER = (BASE, "http://www.legislation.gov.uk/", PREFIXES["gss"])
_RESERVED = ("ontology", "law", "record", "register", "derived", "scenario", "queries")


@dataclass(frozen=True, order=True, slots=True)
class Refused:
    """What a file says of one thing and may not: the place, the thing, the words."""

    file: str
    place: str
    thing: str
    terms: tuple[str, ...]

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.file, self.place)))
        return (
            f"{where}: what it says of {compact(self.thing)} ({', '.join(self.terms)})"
        )


@dataclass(frozen=True, slots=True)
class Contribution:
    """One source of the user: what is kept of it, in graphs of its own, and what is not."""

    source: Source
    kept: tuple[Quad, ...]
    refused: tuple[Refused, ...]


def contributions(
    own: Iterable[Source], described: Collection[str], graphs: Iterable[str]
) -> tuple[Contribution, ...]:
    """Return what each of the `own` sources contributes, in their order.

    `described` are the things that ontology, law and register describe, `graphs` the
    names of graphs that are taken. Raises `FileError` for a text that is not parsed.
    """
    taken = {*graphs, *(PREFIXES["graph"] + name for name in _RESERVED)}
    return tuple(
        _contribution(source, described, taken, f"own{number}.")
        for number, source in enumerate(own, 1)
    )


def _contribution(
    source: Source, described: Collection[str], taken: set[str], mark: str
) -> Contribution:
    from cspgraph.rdf.locate import Lines
    from cspgraph.records.literals import plain

    kept: list[Quad] = []
    left: dict[str, set[str]] = {}
    graphs: dict[object, NamedNode] = {}
    last: defaultdict[str, int] = defaultdict(int)
    for quad in files.quads(source):
        if not _is_record(quad, described):
            subject = getattr(quad.subject, "value", str(quad.subject))
            left.setdefault(subject, set()).add(_word(quad))
            continue
        if quad.graph_name not in graphs:
            graphs[quad.graph_name] = _place(source, quad.graph_name, taken, last)
        said = quad.object
        value = plain(said) if isinstance(said, Literal) else said
        kept.append(Quad(quad.subject, quad.predicate, value, graphs[quad.graph_name]))
    taken |= {graph.value for graph in graphs.values()}
    lines = Lines(source)
    refused = (
        Refused(*lines.place(thing), thing, tuple(sorted(terms)))
        for thing, terms in left.items()
    )
    return Contribution(source, tuple(_apart(kept, mark)), tuple(sorted(refused)))


def _is_record(quad: Quad, described: Collection[str]) -> bool:
    """Return whether a record may say this: of a thing of its own, in its own words."""
    subject, term = quad.subject, quad.predicate
    if isinstance(subject, NamedNode):
        name = subject.value
        if name in described:
            return False
        if name.startswith(_NEVER) and not name.startswith(_OWN_NAMES):
            return False
    elif not isinstance(subject, BlankNode):
        return False
    if term == RDF_TYPE:
        return quad.object not in _TERMS or quad.object in RECORD_CLASSES
    return term not in _TERMS or term in RECORD_TERMS


def _word(quad: Quad) -> str:
    """Return what was said, in a word: a term, or the class that was given."""
    said = quad.object if quad.predicate == RDF_TYPE else quad.predicate
    return compact(said.value) if isinstance(said, NamedNode) else str(said)


def _place(
    source: Source, given: object, taken: set[str], last: defaultdict[str, int]
) -> NamedNode:
    """Return the graph for what `source` puts into the graph `given`.

    It is that graph, unless another file has it already or the file names none: then
    one with a number, after the `last` that was given to a name like it.
    """
    named = given.value if isinstance(given, NamedNode) else ""
    if named and named not in taken:
        return NamedNode(named)
    words = [PurePath(source.name).stem, named.rpartition("/")[2]]
    slug = re.sub(r"[^a-z0-9]+", "-", "-".join(filter(None, words)).lower()).strip("-")
    start = f"{PREFIXES['graph']}own/{slug or 'record'}"
    number = last[start] + 1
    while (name := start if number == 1 else f"{start}-{number}") in taken:
        number += 1
    last[start] = number
    taken.add(name)
    return NamedNode(name)


def _apart(quads: Iterable[Quad], mark: str) -> Iterator[Quad]:
    """Yield `quads` with things without a name that no other source shares."""

    def mine(term: object) -> object:
        return BlankNode(f"{mark}{term.value}") if isinstance(term, BlankNode) else term

    for quad in quads:
        yield Quad(
            mine(quad.subject),  # type: ignore[arg-type]
            quad.predicate,
            mine(quad.object),  # type: ignore[arg-type]
            quad.graph_name,
        )


_GRAPH = NamedNode(PREFIXES["graph"] + "derived")
_DATE = NamedNode(PREFIXES["xsd"] + "date")
#: Where a record gives a day: anything else there is a finding and counts for nothing.
_DAYS = {
    *(CSP.on, CSP.notBefore, CSP.notAfter, CSP.validFrom, CSP.validUntil),
    *(CSP.periodFrom, CSP.periodUntil, CSP.assertsFrom, CSP.assertsDue),
}


class Contributions:
    """The records of the user, held against what is `described` and on record already.

    `described` are the things of the ontology, the law and the register.
    """

    def __init__(
        self,
        own: Sequence[Source] = (),
        described: Collection[str] = (),
        records: Sequence[Source] = (),
    ) -> None:
        self.sources = list(own)
        self._shipped = records if own else ()
        graphs = {
            quad.graph_name.value
            for source in self._shipped
            for quad in files.quads(source)
            if isinstance(quad.graph_name, NamedNode)
        }
        self.contributed = contributions(own, described, graphs)

    @property
    def refused(self) -> list[Refused]:
        """What was left out, because it is not for a record to say."""
        return [refused for one in self.contributed for refused in one.refused]

    @cached_property
    def differences(self) -> list[ConflictKey]:
        """Where one of the sources does not agree with another, or with one shipped."""
        if not self.contributed:
            return []
        from cspgraph.records.conflicts import differences

        told = [(source, list(files.quads(source))) for source in self._shipped]
        told += [(one.source, list(one.kept)) for one in self.contributed]
        return differences(told)

    def quads(self, *, written: bool = False) -> Iterator[Quad]:
        """Yield what is kept, and on which things sources differ.

        Values that nothing can count with, such as a day that does not exist, are left
        out, or kept as `written` for a check to find.
        """
        for one in self.contributed:
            for quad in one.kept:
                if written or _counts(quad):
                    yield quad
        for found in self.differences:
            yield Quad(found.thing, CSP.sourcesDifferOn, found.term, _GRAPH)

    def by_source(self) -> Iterator[Sequence[Quad]]:
        """Yield what is kept of each source."""
        yield from (one.kept for one in self.contributed)

    @property
    def unnamed(self) -> Mapping[str, str]:
        """Return the file in which each thing without a name stands."""
        return {
            quad.subject.value: one.source.name
            for one in self.contributed
            for quad in one.kept
            if isinstance(quad.subject, BlankNode)
        }

    def contradictions(self, names: Labels) -> list[Conflict]:
        """Return where sources do not agree, in words."""
        from cspgraph.records.conflicts import in_words

        return in_words(self.differences, names)

    def notes(self) -> Mapping[str, str]:
        """Return what an answer must say of the records behind it; mostly nothing."""
        files = dict.fromkeys(refused.file for refused in self.refused)
        left = f"what {', '.join(files)} says of the law or the register"
        forms = [source.name for source in self.sources if source.faults]
        rows = f"rows of {', '.join(forms)} with a cell that cannot be read"
        differ = f"sources do not agree on {len(self.differences)} thing(s) on record"
        return {
            **({"left out": left} if files else {}),
            **({"rows left out": rows} if forms else {}),
            **({"sources": differ} if self.differences else {}),
        }


def _counts(quad: Quad) -> bool:
    """Return whether the value of a fact is of a kind that can be counted with."""
    from cspgraph.records.literals import readable

    value = quad.object
    if quad.predicate in _DAYS and (
        not isinstance(value, Literal) or value.datatype != _DATE
    ):
        return False
    return not isinstance(value, Literal) or readable(value)


def held(
    own: Sequence[Source],
    texts: Iterable[Source],
    rows: Callable[[], Mapping[str, object]],
    records: Sequence[Source],
    tell: Callable[[str], object],
) -> Contributions:
    """Return the `own` records of the user, held against what is shipped.

    That are the `texts` of ontology and law, the things in `rows` of the register, and
    the `records`. What is left out is told.
    """
    if not own:
        return Contributions()
    described = {quad.subject for source in texts for quad in files.quads(source)}
    named = {thing.value for thing in described if isinstance(thing, NamedNode)}
    added = Contributions(own, named | rows().keys(), records)
    for refused in added.refused:
        tell(f"{refused} was left out; a record cannot change it")
    return added
