"""Where two sources do not agree on one thing, such as the day of a decision.

What a thing can have only one of is what the shapes of a record say; who decided is
compared as a whole. Nothing is merged and neither source is believed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.rdf import files
from cspgraph.rdf.locate import Lines
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Quad

    from cspgraph.rdf.files import Source
    from cspgraph.rdf.labels import Labels

    Told = Iterable[tuple[Source, Iterable[Quad]]]

__all__ = [
    "Conflict",
    "ConflictKey",
    "ConflictSide",
    "differences",
    "in_words",
    "single",
]

#: In words of somebody, or about the entry and not about what happened.
_WORDS = {CSP.confidence, CSP.heading, CSP.modelNote, CSP.quote, CSP.statement}
#: What can be several and is one answer all the same.
_WHOLE = {CSP.by: "who decided", CSP.publisher: "publisher"}
_SHACL = PREFIXES["sh"]


@dataclass(frozen=True, slots=True)
class ConflictKey:
    """A thing, what is said of it in words, and what each source says of it."""

    thing: NamedNode
    term: NamedNode
    name: str
    said: tuple[tuple[Source, tuple[str, ...]], ...]


@dataclass(frozen=True, order=True, slots=True)
class ConflictSide:
    """What one source says, and where."""

    value: str
    file: str
    place: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.file, self.place)))
        return f"{self.value} ({where})"


@dataclass(frozen=True, order=True, slots=True)
class Conflict:
    """Two or more sources that do not agree on one thing.

    `thing` is its address and `label` its name, `about` what they do not agree on, in
    words, and `sides` what each of them says and where.
    """

    label: str
    about: str
    thing: str
    sides: tuple[ConflictSide, ...]

    def __str__(self) -> str:
        return f"{self.label}, {self.about}: {' or '.join(map(str, self.sides))}"


@cache
def single() -> Mapping[tuple[NamedNode, NamedNode], str]:
    """Return what a thing of a class has one of, with its name for people.

    >>> single()[CSP.Decision, CSP.on]
    'day'
    """
    told: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for source in files.shipped("ontology/shapes/record", ".ttl"):
        for quad in files.quads(source):
            if quad.predicate.value.startswith(_SHACL):
                key = quad.predicate.value.removeprefix(_SHACL)
                told[str(quad.subject)][key].append(quad.object)
    return {
        (kind, path): name.value
        for shape in list(told.values())
        for kind in shape["targetClass"]
        for part in shape["property"]
        for path in told[str(part)]["path"]
        for name in told[str(part)]["name"]
        if _one(told[str(part)], path)
        and isinstance(kind, NamedNode)
        and isinstance(path, NamedNode)
        and isinstance(name, Literal)
    }


def _one(shape: Mapping[str, list[object]], path: object) -> bool:
    """Return whether the `shape` allows one value of `path`, and that one is a fact."""
    most = [m.value for m in shape.get("maxCount", ()) if isinstance(m, Literal)]
    ours = isinstance(path, NamedNode) and path.value.startswith(PREFIXES["csp"])
    return most == ["1"] and ours and path not in _WORDS


def differences(told: Told) -> list[ConflictKey]:
    """Return where sources differ; `told` is each of them with what it says."""
    one = {term for _, term in single()} | _WHOLE.keys()
    kinds: defaultdict[NamedNode, set[object]] = defaultdict(set)
    said: defaultdict[tuple[NamedNode, NamedNode], defaultdict[int, set[str]]] = (
        defaultdict(lambda: defaultdict(set))
    )
    files: list[Source] = []
    for number, (source, quads) in enumerate(told):
        files.append(source)
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            if quad.predicate == RDF_TYPE:
                kinds[quad.subject].add(quad.object)
            if quad.predicate in one:
                value = getattr(quad.object, "value", str(quad.object))
                said[quad.subject, quad.predicate][number].add(value)
    return [
        ConflictKey(
            thing,
            term,
            name,
            tuple((files[n], tuple(sorted(values))) for n, values in by.items()),
        )
        for (thing, term), by in said.items()
        if len({frozenset(values) for values in by.values()}) > 1
        for name in [_name(term, kinds[thing])]
        if name
    ]


def _name(term: NamedNode, kinds: set[object]) -> str:
    """Return the name of what a thing of these `kinds` has one of; "" for what is many."""
    names = (
        name for (kind, own), name in single().items() if own == term and kind in kinds
    )
    return _WHOLE.get(term) or next(names, "")


def in_words(found: Sequence[ConflictKey], names: Labels) -> list[Conflict]:
    """Return the differences `found` in words, sorted by the name of the thing."""
    lines = {id(source): Lines(source) for one in found for source, _ in one.said}
    return sorted(
        Conflict(
            names.label(one.thing.value),
            one.name,
            one.thing.value,
            tuple(
                ConflictSide(
                    " and ".join(_worded(value, names) for value in values),
                    *lines[id(source)].place(one.thing.value, one.term.value),
                )
                for source, values in one.said
            ),
        )
        for one in found
    )


def _worded(value: str, names: Labels) -> str:
    return names.label(value) if "://" in value else value
