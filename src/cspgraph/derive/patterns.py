"""What a query looks for: its patterns, and what each must be for the query to see it.

A small reader of SPARQL. It keeps the triple patterns of a query and what is sure of the
subject of each: its classes, and the properties that it has as well. Whatever it does not
read, such as a list in brackets, raises `UnclearError`, so that nobody counts on less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["POINTS_AT", "Atom", "Known", "Read", "UnclearError", "read"]

_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<skip>\s+|\#[^\n]*)"
    r"|(?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<blank>_:[\w.-]*\w)"
    r"|(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%-]|\.(?=[\w:%-]))*)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,|/^?*+!=<>&-])",
    re.DOTALL,
)
_TYPE = RDF_TYPE.value
_LAW = ("Provision", "Instrument")
#: Properties that point at things of some classes, or of none that the graph says.
POINTS_AT = {
    PREFIXES["csp"] + term: frozenset(PREFIXES["csp"] + name for name in classes)
    for term, classes in {
        "inDocument": ("SourceDocument",),
        "source": ("Passage",),
        "versionOf": ("Strategy",),
        "template": ("DutyTemplate", "RoleTemplate"),
        "holding": ("RoleHolding",),
        "provision": _LAW,
        "instrument": _LAW,
        "insertedBy": _LAW,
        "amendedBy": _LAW,
        "substitutedBy": _LAW,
        "repealedBy": _LAW,
        "mayBeAmendedBy": _LAW,
    }.items()
}
_LABELS = count(1)


class UnclearError(ValueError):
    """What is not read: then a query must be taken to need everything."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is sure of a thing: its classes, None for any, and properties that it has."""

    classes: frozenset[str] | None = None
    has: frozenset[str] = frozenset()

    def both(self, other: Known) -> Known:
        """Return what is sure where this and the `other` hold."""
        mine, theirs = self.classes, other.classes
        one = mine if theirs is None else theirs if mine is None else mine & theirs
        return Known(one, self.has | other.has)

    def either(self, other: Known) -> Known:
        """Return what is sure where this or the `other` holds."""
        both = self.classes is not None and other.classes is not None
        classes = (self.classes or frozenset()) | (other.classes or frozenset())
        return Known(classes if both else None, self.has & other.has)


@dataclass(frozen=True, slots=True)
class Atom:
    """One pattern: the property, None for any; its class, for `a`; the subject.

    `of` is the class that stands after `a`, None where it is a variable.
    """

    property: str | None
    of: str | None
    subject: Known


@dataclass(frozen=True, slots=True)
class Read:
    """A query as read: its patterns, and for CONSTRUCT what it builds.

    `form` is SELECT, ASK, CONSTRUCT or DESCRIBE.
    """

    form: str
    atoms: tuple[Atom, ...]
    head: tuple[Atom, ...] = ()


Facts = dict[str, Known]
#: Groups that are joined with what stands beside them, wherever they stand.
_JOINED = ("group", "union", "select")


@dataclass(slots=True)
class _Triple:
    subject: str
    property: str | None  # None where it is a variable
    object: str
    variable: str = ""
    sure: bool = True  # it must be there, for the group to have a row


@dataclass(slots=True)
class _Loose:
    """A property somewhere in a path, of whatever subject."""

    property: str


@dataclass(slots=True)
class _Bound:
    """What every row of the group has a value for, and what is sure of it."""

    term: str
    known: Known = Known()


@dataclass(slots=True)
class _Group:
    kind: str  # group, optional, minus, exists, union, graph, select
    parts: list[object] = field(default_factory=list)
    shown: frozenset[str] | None = None  # what a sub-select gives; None for everything
    closed: bool = False  # nothing from outside narrows it
    either: list[_Group] = field(default_factory=list)
    nodes: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, frozenset[str] | None] = field(default_factory=dict)
    fixed: dict[str, set[str]] = field(default_factory=dict)


def read(text: str) -> Read:
    """Return the patterns of the query `text`; raise `UnclearError` for what is not read.

    >>> one = read("SELECT * { ?d a csp:Duty ; csp:area ?a }")
    >>> [atom.property.rpartition("#")[2] for atom in one.atoms]
    ['type', 'area']
    """
    return _Reader(text).query()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._prefixes: dict[str, str] = dict(PREFIXES)
        self._loose_tests: list[_Group] = []

    # -- tokens

    def _peek(self, step: int = 0) -> tuple[str, str]:
        place = self._at + step
        return self._tokens[place] if place < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, *marks: str) -> bool:
        kind, said = self._peek()
        return kind == "mark" and said in marks

    def _word(self, *words: str) -> bool:
        kind, said = self._peek()
        return kind == "word" and said.upper() in words

    def _take(self, mark: str) -> None:
        if self._next() != ("mark", mark):
            raise UnclearError(mark)

    # -- the query

    def query(self) -> Read:
        """Read it to its end."""
        while self._word("PREFIX", "BASE"):
            if self._next()[1].upper() == "BASE":
                raise UnclearError("BASE")
            kind, name = self._next()
            iri = self._next()
            if kind != "name" or not name.endswith(":") or iri[0] != "iri":
                raise UnclearError("PREFIX")
            self._prefixes[name[:-1]] = iri[1][1:-1]
        form = self._next()[1].upper()
        head: list[object] = []
        if form == "DESCRIBE":
            raise UnclearError(form)
        if form not in ("SELECT", "ASK", "CONSTRUCT"):
            raise UnclearError(form)
        template: _Group | None = None
        if form == "SELECT":
            self._projection()
        if form == "CONSTRUCT" and self._is("{"):
            template = _Group("group")
            self._take("{")
            self._triples(template)
            self._take("}")
            head = template.parts
        while self._word("FROM"):
            self._next()
            if self._word("NAMED"):
                self._next()
            self._next()
        if self._word("WHERE"):
            self._next()
        where = self._group("group")
        self._after()
        if self._peek()[0] != "end":
            raise UnclearError(self._peek()[1])
        facts = _facts(where)
        atoms = tuple(_atoms(where, {}))
        for test in self._loose_tests:
            atoms += tuple(_atoms(test, {}))
        return Read(form, atoms, tuple(_heads(head, facts, where)))

    def _projection(self) -> tuple[frozenset[str] | None, bool]:
        """Read what is selected: the names, None for all, and whether it is counted."""
        if self._word("DISTINCT", "REDUCED"):
            self._next()
        if self._is("*"):
            self._next()
            return None, False
        names: set[str] = set()
        summed = False
        while True:
            kind, said = self._peek()
            if kind == "variable":
                names.add(said[1:])
                self._next()
            elif self._is("("):
                summed = True  # it may be a sum; then rows stand for several
                self._expression(self._loose_tests)
            else:
                return frozenset(names), summed

    def _after(self) -> bool:
        """Read what follows the group: order, groups, limits, values."""
        narrowed = False
        while True:
            if self._word("GROUP", "HAVING", "LIMIT", "OFFSET"):
                narrowed = True
                self._next()
                if self._word("BY"):
                    self._next()
            elif self._word("ORDER"):
                self._next()
                self._next()
            elif self._word("VALUES"):
                self._next()
                self._values(_Group("group"))  # joined at the end: it narrows nothing
                continue
            elif self._is("(") or self._word("ASC", "DESC"):
                if not self._is("("):
                    self._next()
                self._expression(self._loose_tests)
                continue
            elif self._peek()[0] in ("variable", "number"):
                self._next()
                continue
            elif self._peek()[0] in ("word", "name", "iri") and self._peek(1) == (
                "mark",
                "(",
            ):
                self._next()
                self._expression(self._loose_tests)
                continue
            else:
                return narrowed

    # -- groups

    def _group(self, kind: str) -> _Group:
        self._take("{")
        if self._word("SELECT"):
            self._next()
            shown, summed = self._projection()
            if self._word("WHERE"):
                self._next()
            group = self._group("select")
            narrowed = self._after()
            self._take("}")
            group.shown, group.closed = shown, summed or narrowed
            return _Group(kind, [group])
        group = _Group(kind)
        while not self._is("}"):
            self._part(group)
        self._take("}")
        return group

    def _part(self, group: _Group) -> None:
        kind, said = self._peek()
        if self._is("{"):
            first = self._group("group")
            if not self._word("UNION"):
                group.parts.append(first)
                return
            union = _Group("union", either=[first])
            while self._word("UNION"):
                self._next()
                union.either.append(self._group("group"))
            group.parts.append(union)
        elif self._is("."):
            self._next()
        elif kind == "word" and said.upper() in ("OPTIONAL", "MINUS"):
            self._next()
            group.parts.append(self._group(said.lower()))
        elif self._word("GRAPH"):
            self._next()
            kind, said = self._next()
            if kind not in ("variable", "iri", "name"):
                raise UnclearError(said)
            inner = self._group("group")
            if not inner.parts:
                raise UnclearError("GRAPH {}")
            group.parts.append(inner)
        elif self._word("FILTER"):
            self._next()
            tests: list[_Group] = []
            if self._word("EXISTS", "NOT"):
                if self._next()[1].upper() == "NOT" and not self._word("EXISTS"):
                    raise UnclearError("NOT")
                if self._word("EXISTS"):
                    self._next()
                tests.append(self._group("exists"))
            else:
                if not self._is("("):
                    self._next()
                self._expression(tests)
            group.parts += tests
        elif self._word("BIND"):
            self._next()
            place = self._at
            tests = []
            self._expression(tests)
            for test in tests:
                test.kind = "minus"  # what is sure is what stands before it
            group.parts += tests
            inside = self._tokens[place + 1 : self._at - 1]
            name = inside[-1][1][1:]
            one = len(inside) == 3 and inside[0][0] in ("iri", "name")
            told = self._iri(*inside[0]) if one else ""
            group.fixed.setdefault(name, set()).add(told)
        elif self._word("VALUES"):
            self._next()
            self._values(group)
        elif kind in ("word",) and said not in ("true", "false"):
            raise UnclearError(said)  # SERVICE, LET and what else there may be
        else:
            before = self._at
            self._triples(group)
            if self._at == before:
                raise UnclearError(said)

    def _values(self, group: _Group) -> None:
        names: list[str] = []
        several = self._is("(")
        if several:
            self._next()
        while self._peek()[0] == "variable":
            names.append(self._next()[1][1:])
            if not several:
                break
        if several:
            self._take(")")
        self._take("{")
        found: dict[str, set[str] | None] = {name: set() for name in names}
        while not self._is("}"):
            if several:
                self._take("(")
            for name in names:
                kind, said = self._next()
                if kind in ("iri", "name"):
                    seen = found[name]
                    if seen is not None:
                        seen.add(self._iri(kind, said))
                elif kind in ("text", "number", "word", "mark"):
                    found[name] = None
                    if said in "+-":
                        self._next()
                    self._kind_of_literal()
                else:
                    raise UnclearError(said)
            if several:
                self._take(")")
        self._take("}")
        for name, seen in found.items():
            group.values[name] = frozenset(seen) if seen is not None else None

    def _expression(self, tests: list[_Group]) -> None:
        """Read over an expression in brackets, and keep what must or must not be there."""
        self._take("(")
        open_ = 1
        while open_:
            kind, said = self._next()
            if kind == "end":
                raise UnclearError("(")
            if kind == "mark" and said in "()":
                open_ += 1 if said == "(" else -1
            elif kind == "word" and said.upper() == "EXISTS":
                tests.append(self._group("exists"))
            elif kind == "mark" and said in "{}":
                raise UnclearError(said)

    # -- triples

    def _triples(self, group: _Group) -> None:
        while True:
            kind, _ = self._peek()
            if self._is("["):
                subject = self._bracketed(group)
                if self._is(".", "}"):
                    if self._is("."):
                        self._next()
                    continue
            elif kind in ("variable", "iri", "name", "blank", "text", "number"):
                subject = self._term()
            else:
                return
            self._properties(group, subject)
            if not self._is("."):
                return
            self._next()

    def _bracketed(self, group: _Group) -> str:
        self._take("[")
        made = f"?[{next(_LABELS)}"
        if not self._is("]"):
            self._properties(group, made)
        self._take("]")
        return made

    def _properties(self, group: _Group, subject: str) -> None:
        while True:
            kind, said = self._peek()
            if kind == "variable":
                self._next()
                self._objects(group, subject, None, said[1:])
            else:
                self._objects(group, subject, self._path())
            if not self._is(";"):
                return
            while self._is(";"):
                self._next()
            if self._is(".", "]", "}"):
                return

    def _objects(
        self, group: _Group, subject: str, path: _Path | None, variable: str = ""
    ) -> None:
        while True:
            end = self._bracketed(group) if self._is("[") else self._term()
            if path is None:
                group.parts.append(_Triple(subject, None, end, variable))
            else:
                group.parts += _lowered(path, subject, end, sure=True)
                if path.empty:
                    group.nodes.append((subject, end))
                elif path.kind:
                    group.parts += [_Bound(subject), _Bound(end, path.points_at())]
            if not self._is(","):
                return
            self._next()

    def _term(self) -> str:
        kind, said = self._next()
        if kind == "variable":
            return f"?{said[1:]}"
        if kind == "blank":
            return f"?{said}"
        if kind in ("iri", "name"):
            return f"<{self._iri(kind, said)}"
        if kind == "mark" and said in "+-" and self._peek()[0] == "number":
            kind, said = self._next()
        if kind in ("text", "number") or said in ("true", "false"):
            self._kind_of_literal()
            return '"'
        raise UnclearError(said)

    def _kind_of_literal(self) -> None:
        while self._peek()[0] == "language" or self._is("^^"):
            if self._next()[1] == "^^":
                self._next()

    def _iri(self, kind: str, said: str) -> str:
        if kind == "iri":
            if ":" not in said:
                raise UnclearError(said)
            return said[1:-1]
        prefix, _, local = said.partition(":")
        if prefix not in self._prefixes:
            raise UnclearError(said)
        return self._prefixes[prefix] + local

    def _path(self) -> _Path:
        ways = [self._steps()]
        while self._is("|"):
            self._next()
            ways.append(self._steps())
        return ways[0] if len(ways) == 1 else _Path("|", tuple(ways))

    def _steps(self) -> _Path:
        steps = [self._step()]
        while self._is("/"):
            self._next()
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else _Path("/", tuple(steps))

    def _step(self) -> _Path:
        if self._is("^"):
            self._next()
            return _Path("^", (self._step(),))
        kind, said = self._peek()
        if self._is("("):
            self._next()
            one = self._path()
            self._take(")")
        elif kind in ("iri", "name"):
            self._next()
            one = _Path("", (), self._iri(kind, said))
        elif (kind, said) == ("word", "a"):
            self._next()
            one = _Path("", (), _TYPE)
        else:
            raise UnclearError(said)  # a negated set among them
        if self._is("?", "*", "+"):
            return _Path(self._next()[1], (one,))
        return one


@dataclass(frozen=True, slots=True)
class _Path:
    kind: str
    parts: tuple[_Path, ...]
    link: str = ""

    @property
    def empty(self) -> bool:
        """Whether it may be of no length, and so meets every thing there is."""
        match self.kind:
            case "?" | "*":
                return True
            case "/":
                return all(part.empty for part in self.parts)
            case "":
                return False
        return any(part.empty for part in self.parts)

    def points_at(self) -> Known:
        """Return what is sure of its end: of one of several properties, or of the last."""
        match self.kind:
            case "":
                return Known(POINTS_AT.get(self.link))
            case "/":
                return self.parts[-1].points_at()
            case "|":
                first, *others = (part.points_at() for part in self.parts)
                for other in others:
                    first = first.either(other)
                return first
        return Known()

    def links(self) -> Iterator[str]:
        """Yield every property in it."""
        if not self.kind:
            yield self.link
        for part in self.parts:
            yield from part.links()


def _lowered(path: _Path, start: str, end: str, *, sure: bool) -> Iterator[object]:
    """Yield the patterns that a path stands for."""
    match path.kind:
        case "":
            yield _Triple(start, path.link, end, sure=sure)
        case "^":
            yield from _lowered(path.parts[0], end, start, sure=sure)
        case "/":
            here = start
            for place, part in enumerate(path.parts, 1):
                there = end if place == len(path.parts) else f"?/{next(_LABELS)}"
                yield from _lowered(part, here, there, sure=sure)
                here = there
        case "|":
            for part in path.parts:
                yield from _lowered(part, start, end, sure=False)
        case _:
            yield from map(_Loose, path.links())


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise UnclearError(text[place : place + 10])
        if found.lastgroup != "skip":
            # A question mark after a path is no variable: a variable needs its name.
            yield str(found.lastgroup), found[0]
        place = found.end()


def _of_triple(one: _Triple, group: _Group) -> Iterator[tuple[str, Known]]:
    if one.sure and one.subject[0] == "?" and one.property is not None:
        classes = None
        if one.property == _TYPE and one.object[0] == "<":
            classes = frozenset([one.object[1:]])
        elif one.property == _TYPE and one.object[0] == "?":
            classes = group.values.get(one.object[1:])
        yield one.subject, Known(classes, frozenset([one.property]))
    if one.sure and one.subject[0] == "?" and one.property is None:
        yield one.subject, Known()
    if one.sure and one.object[0] == "?":
        yield one.object, Known(POINTS_AT.get(one.property or ""))
    if one.sure and one.variable:
        yield f"?{one.variable}", Known()


def _join(into: Facts, more: Mapping[str, Known]) -> None:
    for name, known in more.items():
        into[name] = into[name].both(known) if name in into else known


def _facts(group: _Group, until: int | None = None) -> Facts:
    """Return what is sure of each variable that every row of `group` binds.

    With `until`, only what stands before the part of that number.
    """
    if group.kind == "union":
        branches = [_facts(one) for one in group.either]
        first = branches[0]
        for other in branches[1:]:
            first = {
                name: known.either(other[name])
                for name, known in first.items()
                if name in other
            }
        return first
    facts: Facts = {}
    for part in group.parts[:until]:
        if isinstance(part, _Triple):
            for name, known in _of_triple(part, group):
                _join(facts, {name: known})
        elif isinstance(part, _Bound):
            _join(facts, {part.term: part.known})
        elif isinstance(part, _Group) and part.kind in _JOINED:
            _join(facts, _facts(part))
    if group.shown is not None:
        facts = {name: one for name, one in facts.items() if name[1:] in group.shown}
    return facts


def _atoms(group: _Group, outer: Mapping[str, Known]) -> Iterator[Atom]:
    """Yield the patterns in `group`, of which the `outer` facts hold from outside."""
    if group.kind == "union":
        for one in group.either:
            yield from _atoms(one, outer)
        return
    shown = group.shown
    group = replace(group, shown=None)
    facts = _facts(group)
    if group.closed:
        outer = {}
    elif shown is not None:
        outer = {name: one for name, one in outer.items() if name[1:] in shown}
    _join(facts, {name: one for name, one in outer.items() if name in facts})
    named = facts.keys() | outer.keys()
    for ends in group.nodes:
        if all(end[0] == "?" and end not in named for end in ends):
            raise UnclearError("a path of no length that begins anywhere")
    for place, part in enumerate(group.parts):
        match part:
            case _Loose():
                yield Atom(part.property, None, Known())
            case _Triple():
                yield from _atom(part, group, facts)
            case _Group():
                inherited: Mapping[str, Known] = facts
                if part.kind in _JOINED:
                    inherited = {**outer, **facts}
                elif part.kind != "exists":
                    bound = _facts(group, place)
                    inherited = {n: k for n, k in facts.items() if n in bound}
                yield from _atoms(part, inherited)


def _atom(one: _Triple, group: _Group, facts: Mapping[str, Known]) -> Iterator[Atom]:
    subject = facts.get(one.subject, Known()) if one.subject[0] == "?" else Known()
    named = group.values.get(one.variable) if one.variable else None
    links = [one.property] if one.property else [*named] if named else [None]
    classes: list[str | None] = [None]
    if one.object[0] == "<":
        classes = [one.object[1:]]
    elif one.object[0] == "?" and group.values.get(one.object[1:]):
        classes = [*(group.values[one.object[1:]] or ())]
    for link in links:
        for of in classes if link in (_TYPE, None) else [None]:
            yield Atom(link, of, subject)


def _heads(head: list[object], facts: Facts, where: _Group) -> Iterator[Atom]:
    """Yield what a CONSTRUCT builds, with what is sure of each subject."""
    own = _facts(_Group("group", head))
    fixed: dict[str, set[str]] = {}
    _fixed(where, fixed)
    for one in head:
        if not isinstance(one, _Triple):
            raise UnclearError("a path in what is built")
        made = own.get(one.subject, Known())
        known = facts.get(one.subject, Known())
        classes = made.classes if made.classes is not None else known.classes
        subject = Known(classes, made.has | known.has)
        links: list[str | None] = [one.property]
        if one.variable:
            told = fixed.get(one.variable, {""})
            links = [None] if "" in told else [*told]
        for link in links:
            of = one.object[1:] if one.object[0] == "<" else None
            yield Atom(link, of if link in (_TYPE, None) else None, subject)


def _fixed(group: _Group, into: dict[str, set[str]]) -> None:
    """Note which addresses each variable is given, and an empty text for any other value."""
    for name, told in group.fixed.items():
        into.setdefault(name, set()).update(told)
    for name, values in group.values.items():
        into.setdefault(name, set()).update(values or {""})
    for part in [*group.parts, *group.either]:
        if isinstance(part, _Group):
            _fixed(part, into)
        elif isinstance(part, _Triple):
            for term in (part.subject, part.object, f"?{part.variable}"):
                if term[0] == "?" and term[1:]:
                    into.setdefault(term[1:], set()).add("")
