"""SHACL Core on a pyoxigraph store.

It finds what pySHACL finds, without turning the data into an rdflib graph first; tests
compare the two result by result, and hold every case of the core test suite of the W3C.
Shapes with a key that is not of the core, such as SPARQL, are for pySHACL, and
`Shapes.unknown` names such keys.
"""

from __future__ import annotations

import operator
import re
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cspgraph.rdf.terms import PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad, Store

    Term = NamedNode | BlankNode | Literal
    Values = set[Term]
    Path = Callable[[Store, Term], Values]
    Wrong = Callable[["_Look", Term, Values], Iterable["Term | _Beside | None"]]
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
) -> Callable[[Values, Values], list[Term]]:
    """Return what gives each value that is not `right` beside another, once for each.

    What cannot be compared is not right.
    """

    def fits(one: Term, other: Term) -> bool:
        (text, left), (other_text, beside) = _comparable(one), _comparable(other)
        try:
            return text == other_text and bool(right(left, beside))
        except TypeError:
            return False

    return lambda values, others: [
        value for value in values for other in others if not fits(value, other)
    ]


def _comparable(term: Term) -> tuple[bool, object]:
    """Return whether `term` counts as text, and what is compared."""
    read = _read(term) if isinstance(term, Literal) else None
    text = read is None or isinstance(getattr(read, "value", None), str)
    return text, term.value if text else read


def _of_kind(value: Term, kind: Term) -> bool:
    words = kind.value.removeprefix(PREFIXES["sh"]).split("Or")
    return type(value) in [_KINDS[word] for word in words]


def _twice(values: Values, asked: Term) -> list[None]:
    """Return nothing for each language that more than one of `values` has."""
    if not isinstance(asked, Literal) or asked.value != "true":
        return []
    tags = Counter(
        v.language.lower() for v in values if isinstance(v, Literal) and v.language
    )
    return [None for count in tags.values() if count > 1]


def _within(right: Callable[[Any, Any], Any]) -> Callable[[Term, Term], bool]:
    """Return what says whether a value is `right` beside a limit of the same sort."""

    def fits(value: Term, limit: Term) -> bool:
        (sort, one), (other_sort, other) = _sorted(value), _sorted(limit)
        try:
            return bool(sort) and sort == other_sort and bool(right(one, other))
        except TypeError:  # such as a time with a zone beside one without
            return False

    return fits


def _sorted(term: Term) -> tuple[str, Any]:
    """Return of which sort the value of a literal is, and the value; else no sort."""
    if not isinstance(term, Literal) or term.language:
        return "", None
    native = _read(term)
    value = getattr(native, "value", None)
    if getattr(native, "ill_typed", None) or value is None:
        return "", None
    if isinstance(value, bool):
        return "boolean", value
    number = isinstance(value, int | float | Decimal)
    return ("number" if number else type(value).__name__), value


def _length(right: Callable[[int, int], bool]) -> Callable[[Term, Term], bool]:
    return lambda value, limit: (
        not isinstance(value, BlankNode) and right(len(value.value), _number(limit))
    )


def _number(limit: Term) -> int:
    try:
        return int(limit.value)
    except ValueError as error:
        raise _IllFormedError(f"{limit.value!r} is not a whole number") from error


def _speaks(value: Term, ranges: Iterable[Term]) -> bool:
    """Return whether `value` is in one of the languages, or in a part of one."""
    tag = (
        value.language.lower() if isinstance(value, Literal) and value.language else ""
    )
    wanted = [one.value.lower() for one in ranges]
    return bool(tag) and any(
        one == "*" or tag == one or tag.startswith(f"{one}-") for one in wanted
    )


def _flags(words: Iterable[Term]) -> re.RegexFlag:
    known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    found = re.RegexFlag(0)
    for letter in "".join(word.value for word in words):
        found |= known.get(letter, re.RegexFlag(0))
    return found


def _expression(pattern: Term, flags: Iterable[Term]) -> re.Pattern[str]:
    words = list(flags)
    text = (
        re.escape(pattern.value)
        if any("q" in w.value for w in words)
        else pattern.value
    )
    try:
        return re.compile(text, _flags(words))
    except re.error as error:
        problem = f"{pattern.value!r} is no regular expression: {error}"
        raise _IllFormedError(problem) from error


#: What a key asks of all values together: whether they are right.
WHOLE: dict[NamedNode, Callable[[Values, Term], bool]] = {
    sh("minCount"): lambda values, limit: len(values) >= _number(limit),
    sh("maxCount"): lambda values, limit: len(values) <= _number(limit),
    sh("hasValue"): lambda values, wanted: wanted in values,
}
#: What a key asks of each value: whether it is right.
EACH: dict[NamedNode, Callable[[Term, Term], bool]] = {
    sh("datatype"): _well_typed,
    sh("nodeKind"): _of_kind,
    sh("minLength"): _length(operator.ge),
    sh("maxLength"): _length(operator.le),
    sh("minInclusive"): _within(operator.ge),
    sh("minExclusive"): _within(operator.gt),
    sh("maxInclusive"): _within(operator.le),
    sh("maxExclusive"): _within(operator.lt),
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
_REPEATED = {sh("zeroOrMorePath"): (True, True), sh("oneOrMorePath"): (False, True)}
_REPEATED |= {sh("zeroOrOnePath"): (True, False)}
_CLASS, _IN, _LANGUAGES = sh("class"), sh("in"), sh("languageIn")
_PATTERN, _FLAGS, _UNIQUE = sh("pattern"), sh("flags"), sh("uniqueLang")
_DATATYPE = sh("datatype")
#: Datatypes that the store does not keep apart from xsd:integer or xsd:dateTime.
_LOST = frozenset(
    [
        "byte",
        "short",
        "int",
        "long",
        "unsignedByte",
        "unsignedShort",
        "unsignedInt",
        "unsignedLong",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "dateTimeStamp",
    ]
)
_NODE, _NOT = sh("node"), sh("not")
_LOGIC: dict[NamedNode, Callable[[list[bool]], bool]] = {
    sh("and"): all,
    sh("or"): any,
    sh("xone"): lambda met: met.count(True) == 1,
}
_CLOSED, _IGNORED = sh("closed"), sh("ignoredProperties")
_QUALIFIED, _APART = sh("qualifiedValueShape"), sh("qualifiedValueShapesDisjoint")
_COUNTED: dict[NamedNode, Callable[[int, int], bool]] = {
    sh("qualifiedMinCount"): operator.ge,
    sh("qualifiedMaxCount"): operator.le,
}
_FOR_PEOPLE = ("name", "description", "order", "group", "message", "severity")
_KNOWN = {
    *(*_TARGETS, _PATH, _INVERSE, _EITHER, _PROPERTY, _OFF, _CLASS, _IN, *_REPEATED),
    *(_LANGUAGES, _PATTERN, _FLAGS, _UNIQUE, _NODE, _NOT, *_LOGIC, _CLOSED, _IGNORED),
    *(_QUALIFIED, _APART, *_COUNTED, *WHOLE, *EACH, *BESIDE),
    *map(sh, (*_FOR_PEOPLE, "defaultValue")),
}
_SHAPES = {sh("NodeShape"), sh("PropertyShape")}
_A_CLASS = NamedNode(PREFIXES["rdfs"] + "Class")


class _IllFormedError(Exception):
    """A shape that cannot be read, with what is wrong with it."""


class Found(NamedTuple):
    """One result: what was looked at, by which shape, which key failed, on which value.

    For a key that looks at other properties than its own, such as `closed`, the `path`.
    """

    focus: Term
    shape: Term
    component: str
    value: Term | None
    path: Term | None = None


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
        #: What could not be checked by the last look, and why, by shape.
        self.missed: dict[Term, str] = {}

    @property
    def unknown(self) -> set[str]:
        """The keys of SHACL that are used here and not known; pySHACL must look then."""
        used = {key for keys in self._of.values() for key in keys} - _KNOWN
        return {key.value for key in used if key.value.startswith(PREFIXES["sh"])}

    def check(self, store: Store) -> set[Found]:
        """Return every result for the data in `store`, all its graphs as one."""
        return set(self.results(store))

    def results(self, store: Store) -> Iterator[Found]:
        """Yield the results as SHACL counts them: some are due more than once.

        A shape that cannot be read is left out, and `missed` says so.
        """
        look = _Look(store)
        self.missed = {}
        for shape, keys in list(self._of.items()):
            focused: dict[Term, None] = {}
            for kind in _TARGETS:
                for target in keys.get(kind, ()):
                    focused |= dict.fromkeys(look.targets(kind, target))
            if self.implicit(shape):
                focused |= dict.fromkeys(look.targets(_TARGETS[0], shape))
            try:
                found = [
                    f for focus in focused for f in self._results(shape, focus, look)
                ]
            except _IllFormedError as error:
                self.missed[shape] = str(error)
            except RecursionError:
                self.missed[shape] = "its shapes lead into one another too deeply"
            else:
                yield from found
        for shape in look.returned:
            self.missed[shape] = (
                "it leads back to itself, which SHACL leaves open; where it met the same"
                " thing again, that counted as in order"
            )

    def implicit(self, shape: Term) -> bool:
        """Return whether `shape` is a class too, whose instances it looks at."""
        kinds = self._kinds(shape)
        return bool(kinds & _SHAPES) and _A_CLASS in kinds

    def _kinds(self, thing: Term) -> set[Term]:
        found: set[Term] = set()
        waiting = set(self._of[thing].get(RDF_TYPE, ())) if thing in self._of else set()
        while waiting:
            found |= waiting
            above = (self._of[k].get(_SUBCLASS, ()) for k in waiting if k in self._of)
            waiting = {kind for kinds in above for kind in kinds} - found
        return found

    def _results(self, shape: Term, focus: Term, look: _Look) -> Iterator[Found]:
        path, asks, parts = self._shape(shape)
        if (shape, focus) in look.active:
            look.returned.add(shape)
            return
        look.active.add((shape, focus))
        try:
            values = path(look.store, focus) if path else {focus}
            for name, wrong in asks:
                for value in wrong(look, focus, values):
                    if isinstance(value, _Beside):
                        yield Found(focus, shape, name, value.value, value.path)
                    else:
                        yield Found(focus, shape, name, value)
            for part in parts:
                for value in values:
                    yield from self._results(part, value, look)
        finally:
            look.active.discard((shape, focus))

    def _read_shape(self, shape: Term) -> tuple[Path | None, list[Ask], list[Term]]:
        """Return the path of `shape`, what it asks of the values, and its parts."""
        keys = self._of[shape]
        if any(off.value in ("true", "1") for off in keys.get(_OFF, ())):
            return None, [], []
        path = next(map(self._path, keys.get(_PATH, ())), None)
        asks = [
            (key.value.removeprefix(PREFIXES["sh"]), wrong)
            for key, limits in keys.items()
            for limit in limits
            if (wrong := self._wrong(key, limit, keys))
        ]
        if path:
            asks += self._counted(shape, keys)
        return path, asks, keys.get(_PROPERTY, [])

    def _wrong(
        self, key: NamedNode, limit: Term, keys: dict[NamedNode, list[Term]]
    ) -> Wrong | None:
        """Return what gives the values that fail `key`; None for all of them together."""
        if whole := WHOLE.get(key):
            return lambda _, __, values: () if whole(values, limit) else (None,)
        if key == _UNIQUE:
            return lambda _, __, values: _twice(values, limit)
        if beside := BESIDE.get(key):
            return lambda look, focus, values: beside(
                values, _objects(look.store, focus, limit)
            )
        if key == _CLOSED:
            return self._closed(keys) if limit.value in ("true", "1") else None
        right = self._each(key, limit, keys)
        if right is None:
            return None
        return lambda look, _, values: [v for v in values if not right(look, v)]

    def _each(
        self, key: NamedNode, limit: Term, keys: dict[NamedNode, list[Term]]
    ) -> Callable[[_Look, Term], bool] | None:
        """Return what says whether a value meets `key`; None where that is not asked."""
        if key == _DATATYPE and limit.value.removeprefix(PREFIXES["xsd"]) in _LOST:
            problem = f"the graph keeps values of {compact(limit.value)} as those of a wider datatype; ask for that"
            raise _IllFormedError(problem)
        if each := EACH.get(key):
            return lambda _, value: each(value, limit)
        if key == _PATTERN:
            wanted = _expression(limit, keys.get(_FLAGS, ()))
            return lambda _, value: (
                not isinstance(value, BlankNode) and bool(wanted.search(value.value))
            )
        if key == _LANGUAGES:
            ranges = list(self._list(limit))
            return lambda _, value: _speaks(value, ranges)
        if key == _CLASS:
            return lambda look, value: look.is_a(value, limit)
        if key == _IN:
            known = set(self._list(limit))
            return lambda _, value: value in known
        if key == _NODE:
            return lambda look, value: self._conforms(limit, value, look)
        if key == _NOT:
            return lambda look, value: not self._conforms(limit, value, look)
        if logic := _LOGIC.get(key):
            shapes = list(self._list(limit))
            return lambda look, value: logic(
                [self._conforms(shape, value, look) for shape in shapes]
            )
        return None

    def _closed(self, keys: dict[NamedNode, list[Term]]) -> Wrong:
        """Return what gives the values of properties that the shape does not name."""
        parts = (self._of[part].get(_PATH, ()) for part in keys.get(_PROPERTY, ()))
        known = {path for paths in parts for path in paths}
        for ignored in keys.get(_IGNORED, ()):
            known |= set(self._list(ignored))

        def wrong(look: _Look, _: Term, values: Values) -> Iterator[_Beside]:
            for value in values:
                if isinstance(value, Literal):
                    continue
                for quad in look.store.quads_for_pattern(value, None, None, None):
                    if quad.predicate not in known and not isinstance(
                        quad.object, Triple
                    ):
                        yield _Beside(quad.object, quad.predicate)

        return lambda look, focus, values: dict.fromkeys(wrong(look, focus, values))

    def _counted(self, shape: Term, keys: dict[NamedNode, list[Term]]) -> Iterator[Ask]:
        """Yield what asks for so many values that conform to a shape."""
        others: list[Term] = []
        if any(apart.value in ("true", "1") for apart in keys.get(_APART, ())):
            others = [
                other
                for parent in list(self._of.values())
                if shape in parent.get(_PROPERTY, ())
                for part in parent[_PROPERTY]
                for other in self._of[part].get(_QUALIFIED, ())
                if other not in keys.get(_QUALIFIED, ())
            ]
        for wanted in keys.get(_QUALIFIED, ()):
            for key in _COUNTED:
                for limit in keys.get(key, ()):
                    name = key.value.removeprefix(PREFIXES["sh"])
                    yield name, self._so_many(wanted, others, key, limit)

    def _so_many(
        self, wanted: Term, others: list[Term], key: NamedNode, limit: Term
    ) -> Wrong:
        """Return what gives nothing, once, where too few or many values are `wanted`."""

        def counts(look: _Look, value: Term) -> bool:
            return self._conforms(wanted, value, look) and not any(
                self._conforms(other, value, look) for other in others
            )

        def wrong(look: _Look, _: Term, values: Values) -> Iterator[None]:
            count = sum(counts(look, value) for value in values)
            if not _COUNTED[key](count, _number(limit)):
                yield None

        return wrong

    def _conforms(self, shape: Term, focus: Term, look: _Look) -> bool:
        return next(self._results(shape, focus, look), None) is None

    def _list(self, head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while head != _NIL:
            keys = self._of.get(head, {})
            if head in seen or not (keys.get(_FIRST) and keys.get(_REST)):
                raise _IllFormedError("a list in it has no end")
            seen.add(head)
            yield keys[_FIRST][0]
            head = keys[_REST][0]

    def _read_path(self, path: Term) -> Path:
        """Return what gives the values that `path` leads to from a node."""
        if isinstance(path, NamedNode):
            return lambda store, node: _objects(store, node, path)
        keys = self._of.get(path, {})
        try:
            if _FIRST in keys:
                steps = [self._path(part) for part in self._list(path)]
                if len(steps) > 1:
                    return _in_sequence(steps)
            elif _EITHER in keys:
                either = [self._path(part) for part in self._list(keys[_EITHER][0])]
                return lambda store, node: _union(path(store, node) for path in either)
            elif _INVERSE in keys:
                (back,) = keys[_INVERSE]
                if isinstance(back, NamedNode):
                    return lambda store, node: _subjects(store, back, node)
            for key, (none, many) in _REPEATED.items():
                if key in keys:
                    return _repeated(self._path(keys[key][0]), none=none, many=many)
        except (RecursionError, ValueError) as error:
            raise _IllFormedError("its path leads back to itself") from error
        raise _IllFormedError("its path is not one that SHACL knows")


class _Beside(NamedTuple):
    """A value of another property than that of the shape."""

    value: Term
    path: NamedNode


def _repeated(step: Path, *, none: bool, many: bool) -> Path:
    """Return a path that goes on by `step`: not at all, once, or as often as it can."""

    def walk(store: Store, node: Term) -> Values:
        reached: Values = {node} if none else set()
        waiting = step(store, node)
        if not many:
            return reached | waiting
        while waiting - reached:
            new = waiting - reached
            reached |= new
            waiting = _union(step(store, place) for place in new)
        return reached

    return walk


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
        #: The shapes and nodes that are being looked at, and shapes that led back to one.
        self.active: set[tuple[Term, Term]] = set()
        self.returned: set[Term] = set()
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
