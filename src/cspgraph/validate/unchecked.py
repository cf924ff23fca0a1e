"""Say what a check did not check, so that silence is never taken for order.

A SHACL validator calls data in order when a key is misspelt, when there is no such
class, when a shape is switched off or when there is nothing to look at. Here each
of these is put into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, Graph, URIRef

from cspgraph.errors import did_you_mean
from cspgraph.rdf.terms import CSP, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from rdflib.term import Node

__all__ = [
    "CORE",
    "FOR_PEOPLE",
    "SPARQL",
    "TARGETS",
    "in_data",
    "in_shapes",
    "route",
    "steps",
]

_ABSENT = {SH.targetClass: "there is no", SH.targetNode: "nothing is known of"}
_CLOSED = (RDF, RDFS, OWL, SKOS, XSD, DCTERMS)
_OURS = (PREFIXES["sh"], PREFIXES["csp"])
_TERMS = frozenset(
    [PREFIXES["csp"] + name for name in CSP]
    + [str(term) for space in _CLOSED for term in dir(space)]
)


def _keys(names: str) -> frozenset[URIRef]:
    return frozenset(SH[name] for name in names.split())


#: The keys of SHACL Core: what a shape looks at, what makes use of another shape,
#: what takes a property or a path, what is for people, and what asks for something.
TARGETS = _keys("targetClass targetNode targetSubjectsOf targetObjectsOf")
_USES = _keys("property node not qualifiedValueShape") | {RDF.first}
_PAIRS = _keys("equals disjoint lessThan lessThanOrEquals")
_PATHS = _keys("path targetSubjectsOf targetObjectsOf") | _PAIRS
FOR_PEOPLE = _keys("name description order group message")
FOR_PEOPLE |= {DCTERMS.source, SKOS.example}
_ASKS = _PAIRS | _keys("""minCount maxCount datatype nodeKind class node in hasValue
    pattern minLength maxLength minInclusive maxInclusive minExclusive maxExclusive
    languageIn uniqueLang not and or xone qualifiedValueShape closed property""")
_OTHER = _keys("""NodeShape PropertyShape PropertyGroup Violation Warning Info IRI BlankNode
    Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral inversePath alternativePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath flags qualifiedMinCount qualifiedMaxCount
    qualifiedValueShapesDisjoint ignoredProperties severity deactivated
    defaultValue""") | {RDF.type, RDF.rest, RDFS.label, RDFS.comment}
#: The keys of constraints in SPARQL, which are not of the core.
SPARQL = _keys("sparql select prefixes declare prefix namespace SPARQLConstraint")
SPARQL |= _keys("PrefixDeclaration")
#: Every key that SHACL Core knows, and those that only people read.
CORE = TARGETS | _USES | _PATHS | FOR_PEOPLE | _ASKS | _OTHER


def in_shapes(
    data: Graph, shapes_graph: Graph, *, part: bool = False, own: bool = False
) -> list[str]:
    """Return why `shapes_graph` does not check all of `data` that it means to check.

    Where `data` is only a part, such as what lies near an area, a shape may well find
    nothing to look at, as long as the ontology knows what it looks for. Shapes of the
    user's `own` may say of themselves what they like in terms of others.
    """
    known = _TERMS if part else frozenset()
    strange = _not_known(shapes_graph, own=own)
    return sorted({*_idle(data, shapes_graph, known), *strange})


def in_data(data: Graph, shapes_graph: Graph) -> list[str]:
    """Return what in `data` no shape of `shapes_graph` can look at, and why.

    Things without a class, our classes without a shape, and words that look like
    terms of the ontology and are none. Classes of other vocabularies are let be.
    """
    classes = {kind for kind in data.objects(None, RDF.type) if _own(kind)}
    words = classes.union(word for word in data.predicates() if _own(word))
    unknown = {word for word in words if str(word) not in _TERMS}
    idle = classes - unknown - set(shapes_graph.objects(None, SH.targetClass))
    bare = set(data.subjects()) - set(data.subjects(RDF.type))
    return sorted(
        [
            f"{_short(word)} in the data is not a term of the ontology{_nearest(word)}"
            for word in unknown
        ]
        + [f"{_short(kind)} in the data is a class without a shape" for kind in idle]
        + [f"{_short(thing)} in the data has no class" for thing in bare]
    )


def steps(path: Node | None, shapes_graph: Graph) -> set[URIRef]:
    """Return the properties that `path` is made of."""
    if isinstance(path, URIRef):
        return {path} - {RDF.nil}
    return {s for part in shapes_graph.objects(path) for s in steps(part, shapes_graph)}


def route(path: Node | None, shapes_graph: Graph) -> str:
    """Return `path` in the signs of SPARQL; one property as its short address."""
    if path is None or isinstance(path, URIRef):
        return "" if path is None else _short(path)
    if (path, RDF.first, None) in shapes_graph:
        return "/".join(route(part, shapes_graph) for part in shapes_graph.items(path))
    inverse = shapes_graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{route(inverse, shapes_graph)}"
    return " | ".join(sorted(map(_short, steps(path, shapes_graph))))


def _idle(data: Graph, shapes_graph: Graph, known: Container[str]) -> Iterator[str]:
    """Yield the shapes that looked at nothing, ask for nothing or are switched off.

    What is `known` may be missing.
    """
    if not shapes_graph:
        yield "there are no shapes"
    used = {thing for key in _USES for thing in shapes_graph.objects(None, key)}
    marks = [(RDF.type, SH.NodeShape), (RDF.type, SH.PropertyShape), (SH.path, None)]
    found = {s for mark in marks for s in shapes_graph.subjects(*mark)}
    classes = set(shapes_graph.subjects(RDF.type, RDFS.Class))
    for shape in found.union(*(shapes_graph.subjects(key) for key in TARGETS)):
        name = _short(shape) if isinstance(shape, URIRef) else "a shape without a name"
        if str(shapes_graph.value(shape, SH.deactivated)) in ("true", "1"):
            yield f"{name} is switched off"
        if not (_ASKS | {SH.sparql}).intersection(shapes_graph.predicates(shape)):
            yield f"{name} asks for nothing"
        targets = [(k, t) for k in TARGETS for t in shapes_graph.objects(shape, k)]
        if shape in classes:
            targets.append((SH.targetClass, shape))
        if not targets and shape not in used:
            yield f"{name} looked at nothing: it has no target, and no shape uses it"
        for key, target in targets:
            if str(target) not in known and not _present(data, key, target):
                fact = _ABSENT.get(key, "nothing has")
                yield f"{name} looked at nothing: {fact} {_short(target)}"


def _present(data: Graph, key: URIRef, target: Node) -> bool:
    """Return whether `data` has what the target `key` with this value asks for."""
    if key == SH.targetClass:
        classes = data.transitive_subjects(RDFS.subClassOf, target)
        return any((None, RDF.type, item) in data for item in classes)
    pattern = (target, None, None) if key == SH.targetNode else (None, target, None)
    return pattern in data


def _not_known(shapes_graph: Graph, *, own: bool = False) -> Iterator[str]:
    """Yield keys that SHACL Core does not know, and terms that nobody defines."""
    named = {thing for thing in shapes_graph.objects() if isinstance(thing, URIRef)}
    keys = {thing for thing in named if thing.startswith(PREFIXES["sh"])}
    used = {p for p in shapes_graph.predicates() if not own or str(p).startswith(_OURS)}
    for key in keys.union(used) - CORE - (SPARQL if own else set()):
        yield f"{_short(key)} is not a key that SHACL Core knows"
    paths = {path for key in _PATHS for path in shapes_graph.objects(None, key)}
    parts = {part for path in paths for part in steps(path, shapes_graph)}
    spaces = (PREFIXES["csp"], *(str(space) for space in _CLOSED))
    for term in parts.union(thing for thing in named if str(thing).startswith(spaces)):
        if str(term) not in _TERMS:
            yield f"{_short(term)} is not a term of the ontology"


def _nearest(word: Node) -> str:
    """Return which term of ours may be meant, or nothing."""
    known = [PREFIXES["csp"] + name for name in CSP]
    meant = did_you_mean(str(word), known)
    return f"; {meant.replace(PREFIXES['csp'], 'csp:')}" if meant else ""


def _own(word: Node) -> bool:
    return str(word).startswith(PREFIXES["csp"])


def _short(thing: Node) -> str:
    return compact(str(thing))
