"""SHACL Core on a pyoxigraph store, as far as the shipped shapes use it.

It finds what pySHACL finds, without turning the data into an rdflib graph first; tests
compare the two result by result. Shapes with a key that is not known here are for
pySHACL alone, and `Shapes.unknown` names such keys.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cspgraph.rdf.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, Store

    Term = NamedNode | BlankNode | Literal
    Values = set[Term]
    Path = Callable[[Store, Term], Values]
    Wrong = Callable[["_Look", Term, Values], Iterable[Term | None]]
    Ask = tuple[str, Wrong]

__all__ = ["BESIDE", "EACH", "WHOLE", "Found", "Shapes", "sh"]

_KINDS = {"IRI": NamedNode, "BlankNode": BlankNode, "Literal": Literal}


def sh(name: str) -> NamedNode:
    """Return the term of SHACL called `name`.

    >>> sh("minCount").value
    'http://www.w3.org/ns/shacl#minCount'
    """
    return NamedNode(PREFIXES["sh"] + name)


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


def _ordered(
    right: Callable[[Any, Any], Any],
) -> Callable[[Values, Values], Values]:
    """Return what gives the values that are not `right` beside each of the others.

    What cannot be compared is not right.
    """

    def fits(one: Term, other: Term) -> bool:
        (text, left), (other_text, beside) = _comparable(one), _comparable(other)
        try:
            return text == other_text and bool(right(left, beside))
        except TypeError:
            return False

    return lambda values, others: {
        value for value in values for other in others if not fits(value, other)
    }


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
WHOLE: dict[NamedNode, Callable[[Values, Term], bool]] = {
    sh("minCount"): lambda values, limit: len(values) >= int(limit.value),
    sh("maxCount"): lambda values, limit: len(values) <= int(limit.value),
    sh("hasValue"): lambda values, wanted: wanted in values,
    sh("uniqueLang"): _each_language_once,
}
#: What a key asks of each value: whether it is right.
EACH: dict[NamedNode, Callable[[Term, Term], bool]] = {
    sh("datatype"): _well_typed,
    sh("nodeKind"): _of_kind,
    sh("pattern"): _like,
}
#: What a key asks of the values beside others of the same node: those that are wrong.
BESIDE: dict[NamedNode, Callable[[Values, Values], Iterable[Term]]] = {
    sh("equals"): lambda values, others: values ^ others,
    sh("disjoint"): lambda values, others: values & others,
    sh("lessThan"): _ordered(operator.lt),
    sh("lessThanOrEquals"): _ordered(operator.le),
}


def _rdf(name: str) -> NamedNode:
    return NamedNode(PREFIXES["rdf"] + name)


_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_FIRST, _REST, _NIL = _rdf("first"), _rdf("rest"), _rdf("nil")
_TARGETS = [
    sh(f"target{name}") for name in ("Class", "Node", "SubjectsOf", "ObjectsOf")
]
_PATH, _INVERSE, _EITHER = sh("path"), sh("inversePath"), sh("alternativePath")
_PROPERTY, _OFF = sh("property"), sh("deactivated")
_CLASS, _IN, _OR = sh("class"), sh("in"), sh("or")
_FOR_PEOPLE = map(sh, ("name", "description", "order", "group", "message", "severity"))
_KNOWN = {
    *(*_TARGETS, _PATH, _INVERSE, _EITHER, _PROPERTY, _OFF, _CLASS, _IN, _OR),
    *(*WHOLE, *EACH, *BESIDE, *_FOR_PEOPLE),
}


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
        self._shape = cache(self._read_shape)
        self._path = cache(self._read_path)

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
            for kind in _TARGETS
            for target in keys.get(kind, ())
            for focus in look.targets(kind, target)
            for found in self._results(shape, focus, look)
        }

    def _results(self, shape: Term, focus: Term, look: _Look) -> Iterator[Found]:
        path, asks, parts = self._shape(shape)
        values = path(look.store, focus) if path else {focus}
        for name, wrong in asks:
            for value in wrong(look, focus, values):
                yield Found(focus, shape, name, value)
        for part in parts:
            for value in values:
                yield from self._results(part, value, look)

    def _read_shape(self, shape: Term) -> tuple[Path | None, list[Ask], list[Term]]:
        """Return the path of `shape`, what it asks of the values, and its parts."""
        keys = self._of[shape]
        if any(off.value in ("true", "1") for off in keys.get(_OFF, ())):
            return None, [], []
        asks = [
            (key.value.removeprefix(PREFIXES["sh"]), wrong)
            for key, limits in keys.items()
            for limit in limits
            if (wrong := self._wrong(key, limit))
        ]
        path = next(map(self._path, keys.get(_PATH, ())), None)
        return path, asks, keys.get(_PROPERTY, [])

    def _wrong(self, key: NamedNode, limit: Term) -> Wrong | None:
        """Return what gives the values that fail `key`; None for all of them together."""
        if whole := WHOLE.get(key):
            return lambda _, __, values: () if whole(values, limit) else (None,)
        if each := EACH.get(key):
            return lambda _, __, values: [v for v in values if not each(v, limit)]
        if beside := BESIDE.get(key):
            return lambda look, focus, values: beside(
                values, _objects(look.store, focus, limit)
            )
        if key == _CLASS:
            return lambda look, _, values: [
                v for v in values if not look.is_a(v, limit)
            ]
        if key == _IN:
            known = set(self._list(limit))
            return lambda _, __, values: values - known
        if key == _OR:
            shapes = list(self._list(limit))
            return lambda look, _, values: [
                v for v in values if not any(self._conforms(s, v, look) for s in shapes)
            ]
        return None

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
        if _INVERSE in keys:
            (back,) = keys[_INVERSE]
            return lambda store, node: _subjects(store, back, node)
        if _EITHER in keys:
            either = [self._path(part) for part in self._list(keys[_EITHER][0])]
            return lambda store, node: _union(path(store, node) for path in either)
        return _in_sequence([self._path(part) for part in self._list(path)])


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

    def targets(self, kind: NamedNode, target: Term) -> Values:
        """Return the nodes that a target of this kind means."""
        store = self.store
        if kind == _TARGETS[1]:
            return {target}
        if kind == _TARGETS[0]:
            below = self._below(target)
            return _union(_subjects(store, RDF_TYPE, one) for one in below)
        subjects = _subjects(store, target, None)
        if kind == _TARGETS[2]:
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
