"""SHACL Core on a pyoxigraph store, as far as the shipped shapes use it.

It finds what pySHACL finds, without turning the data into an rdflib graph first; tests
compare the two result by result. Shapes with a key that is not known here are for
pySHACL alone, and `Shapes.unknown` names such keys.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cspgraph.vocab import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, Store

    Term = NamedNode | BlankNode | Literal
    Values = set[Term]
    Path = Callable[[Store, Term], Values]

__all__ = ["Found", "Shapes"]


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)


def _rdf(name: str) -> NamedNode:
    return NamedNode(PREFIXES["rdf"] + name)


_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_FIRST, _REST, _NIL = _rdf("first"), _rdf("rest"), _rdf("nil")
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_PATHS = ("inversePath", "alternativePath")
_STRUCTURE = {_sh(name) for name in ("path", "property", "deactivated", *_TARGETS)}
_FOR_PEOPLE = {_sh(n) for n in ("name", "description", "order", "group", "message")}
_KINDS = {"IRI": NamedNode, "BlankNode": BlankNode, "Literal": Literal}


class Found(NamedTuple):
    """One result: what was looked at, by which shape, which key failed, on which value."""

    focus: Term
    shape: Term
    component: str
    value: Term | None


class Shapes:
    """Shapes, read once, that can look at any store.

    >>> from pyoxigraph import RdfFormat, Store, parse
    >>> text = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:x:> .
    ... ex:plan sh:targetClass ex:Plan ; sh:property ex:plan-day .
    ... ex:plan-day sh:path ex:day ; sh:minCount 1 .'''
    >>> shapes = Shapes(parse(text, RdfFormat.TURTLE))
    >>> data = Store()
    >>> data.load("<urn:x:a> a <urn:x:Plan> .", RdfFormat.TURTLE)
    >>> [found.component for found in shapes.check(data)]
    ['minCount']
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._of: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, Triple) and not isinstance(value, Triple):
                self._of[subject][quad.predicate].append(value)
        self._path = cache(self._read_path)
        self._members = cache(lambda head: list(self._list(head)))

    @property
    def unknown(self) -> set[str]:
        """The keys of SHACL that are used here and not known; pySHACL must look then."""
        used = {key for keys in self._of.values() for key in keys} - _KNOWN
        return {key.value for key in used if key.value.startswith(PREFIXES["sh"])}

    def check(self, store: Store) -> set[Found]:
        """Return every result for the data in `store`, all its graphs as one."""
        look = _Look(store)
        return {
            found
            for shape, keys in list(self._of.items())
            for name in _TARGETS
            for target in keys.get(_sh(name), ())
            for focus in look.targets(name, target)
            for found in self._results(shape, focus, look)
        }

    def _results(self, shape: Term, focus: Term, look: _Look) -> Iterator[Found]:
        keys = self._of[shape]
        if any(off.value in ("true", "1") for off in keys.get(_sh("deactivated"), ())):
            return
        paths = keys.get(_sh("path"), ())
        values = self._path(paths[0])(look.store, focus) if paths else {focus}
        for key, limits in keys.items():
            for limit in limits:
                for value in self._wrong(key, limit, focus, values, look):
                    name = key.value.removeprefix(PREFIXES["sh"])
                    yield Found(focus, shape, name, value)
        for part in keys.get(_sh("property"), ()):
            for value in values:
                yield from self._results(part, value, look)

    def _wrong(
        self, key: NamedNode, limit: Term, focus: Term, values: Values, look: _Look
    ) -> Iterable[Term | None]:
        """Return the values that fail what `key` asks; None for all of them together."""
        if key in _WHOLE:
            return () if _WHOLE[key](values, limit) else (None,)
        if key in _EACH:
            return (v for v in values if not _EACH[key](v, limit))
        if key in _PAIRS:
            return _PAIRS[key](values, _objects(look.store, focus, limit))
        if key == _sh("class"):
            return (v for v in values if not look.is_a(v, limit))
        if key == _sh("in"):
            return values.difference(self._members(limit))
        if key == _sh("or"):
            shapes = self._members(limit)
            return (
                v for v in values if not any(self._conforms(s, v, look) for s in shapes)
            )
        return ()

    def _conforms(self, shape: Term, focus: Term, look: _Look) -> bool:
        return next(self._results(shape, focus, look), None) is None

    def _list(self, head: Term) -> Iterator[Term]:
        while head != _NIL:
            yield self._of[head][_FIRST][0]
            head = self._of[head][_REST][0]

    def _read_path(self, path: Term) -> Path:
        """Return what gives the values that `path` leads to from a node."""
        if isinstance(path, NamedNode):
            return lambda store, node: _objects(store, node, path)
        keys = self._of[path]
        if _sh("inversePath") in keys:
            (back,) = keys[_sh("inversePath")]
            return lambda store, node: _subjects(store, back, node)
        if _sh("alternativePath") in keys:
            either = [
                self._path(p) for p in self._members(keys[_sh("alternativePath")][0])
            ]
            return lambda store, node: _union(path(store, node) for path in either)
        return _in_sequence([self._path(part) for part in self._members(path)])


def _in_sequence(steps: list[Path]) -> Path:
    def walk(store: Store, node: Term) -> Values:
        reached = {node}
        for step in steps:
            reached = _union(step(store, place) for place in reached)
        return reached

    return walk


def _objects(store: Store, node: Term, term: Term) -> Values:
    if isinstance(node, Literal) or not isinstance(term, NamedNode):
        return set()
    found = store.quads_for_pattern(node, term, None, None)
    return {q.object for q in found if not isinstance(q.object, Triple)}


def _subjects(store: Store, term: Term, node: Term | None) -> Values:
    if not isinstance(term, NamedNode):
        return set()
    found = store.quads_for_pattern(None, term, node, None)
    return {q.subject for q in found if not isinstance(q.subject, Triple)}


def _union(sets: Iterable[Values]) -> Values:
    return {value for values in sets for value in values}


class _Look:
    """A store that is looked at, and what was learned of its classes on the way."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_a = cache(self._is_a)
        self._below = cache(self._read_below)

    def targets(self, name: str, target: Term) -> Values:
        """Return the focus nodes of a target."""
        store = self.store
        if name == "targetNode":
            return {target}
        if name == "targetClass":
            kinds = self._below(target)
            return _union(_subjects(store, RDF_TYPE, kind) for kind in kinds)
        subjects = _subjects(store, target, None)
        if name == "targetSubjectsOf":
            return subjects
        return _union(_objects(store, subject, target) for subject in subjects)

    def _is_a(self, node: Term, kind: Term) -> bool:
        return not self._below(kind).isdisjoint(_objects(self.store, node, RDF_TYPE))

    def _read_below(self, kind: Term) -> frozenset[Term]:
        """Return `kind` with all classes below it."""
        found: Values = set()
        waiting = {kind}
        while waiting:
            found |= waiting
            below = (_subjects(self.store, _SUBCLASS, one) for one in waiting)
            waiting = _union(below) - found
        return frozenset(found)


@cache
def _native(value: str, datatype: str, language: str | None) -> object:
    """Return the literal as rdflib reads it, which knows the datatypes of XML Schema."""
    from rdflib import Literal as Native

    return (
        Native(value, lang=language) if language else Native(value, datatype=datatype)
    )


def _read(term: Literal) -> object:
    return _native(term.value, term.datatype.value, term.language)


def _well_typed(value: Term, datatype: Term) -> bool:
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    return not getattr(_read(value), "ill_typed", None)


def _less(one: Term, other: Term) -> bool:
    """Return whether `one` comes before `other`; what cannot be compared does not."""
    (text, left), (other_text, right) = _comparable(one), _comparable(other)
    try:
        return text == other_text and bool(left < right)  # type: ignore[operator]
    except TypeError:
        return False


def _comparable(term: Term) -> tuple[bool, object]:
    """Return whether `term` counts as text, and what is compared."""
    read = _read(term) if isinstance(term, Literal) else None
    text = read is None or isinstance(getattr(read, "value", None), str)
    return text, term.value if text else read


def _of_kind(value: Term, kind: Term) -> bool:
    words = kind.value.removeprefix(PREFIXES["sh"]).split("Or")
    return type(value) in [_KINDS[word] for word in words]


def _like(value: Term, pattern: Term) -> bool:
    return not isinstance(value, BlankNode) and bool(
        re.search(pattern.value, value.value)
    )


def _each_language_once(values: Values, asked: Term) -> bool:
    tags = [v.language for v in values if isinstance(v, Literal) and v.language]
    return asked.value not in ("true", "1") or len(tags) == len(set(tags))


#: What a key asks of all values together: whether they are right.
_WHOLE: dict[NamedNode, Callable[[Values, Term], bool]] = {
    _sh("minCount"): lambda values, limit: len(values) >= int(limit.value),
    _sh("maxCount"): lambda values, limit: len(values) <= int(limit.value),
    _sh("hasValue"): lambda values, wanted: wanted in values,
    _sh("uniqueLang"): _each_language_once,
}
#: What a key asks of each value: whether it is right.
_EACH: dict[NamedNode, Callable[[Term, Term], bool]] = {
    _sh("datatype"): _well_typed,
    _sh("nodeKind"): _of_kind,
    _sh("pattern"): _like,
}
#: What a key asks of the values beside others of the same node: those that are wrong.
_PAIRS: dict[NamedNode, Callable[[Values, Values], Iterable[Term]]] = {
    _sh("equals"): lambda values, others: values ^ others,
    _sh("lessThan"): lambda values, others: {
        value for value in values for other in others if not _less(value, other)
    },
}
_KNOWN = {
    *(*_STRUCTURE, *_FOR_PEOPLE, *_WHOLE, *_EACH, *_PAIRS),
    *map(_sh, ("class", "in", "or", "severity", *_PATHS)),
}
