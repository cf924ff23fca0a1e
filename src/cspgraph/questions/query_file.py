"""Questions as files: read a `.rq` file, check its front matter, bind its blanks.

A question is plain SPARQL that runs as it stands in any tool. Lines that start
with `#+` come first and say what it asks, what it takes and what it gives. A
parameter is one line in the body, `VALUES ?area { UNDEF }`; binding writes terms
in place of `UNDEF`, or drops the line when an optional one is not given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cspgraph.errors import (
    ParameterError,
    QueryFileError,
    UnknownQueryError,
    did_you_mean,
)
from cspgraph.rdf import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cspgraph.rdf.files import Source

    Term = NamedNode | Literal
    Line = tuple[int, str]

__all__ = [
    "ABOUT",
    "GRAPHS",
    "KINDS",
    "ROWS",
    "SLOT",
    "Column",
    "Parameter",
    "Query",
    "find",
    "queries",
    "read",
]

#: What a parameter or column can hold. Those after `integer` are IRIs found by name.
KINDS = (
    *("iri", "text", "date", "integer"),
    *("area", "body", "role", "kind", "action", "product", "theme", "document"),
    *("duty", "instrument", "governance", "subject"),
)

_KEYS = (
    *("question", "says", "graph", "about", "unreliable"),
    *("parameters", "columns", "example"),
)
#: Which graph a question can be asked of, and what is in it; the first if it says none.
GRAPHS = {
    "": "the day, with the duties that follow and how they stand",
    "all dates": "law and register, not cut to a day",
    "claims": "the day, with its duties and what the law says to the claims of documents",
    "law": "law of the day, in no area",
    "record": "law and record of the day",
    "register": "law, record and register of the day",
    "roles": "law, record and register of the day, and who holds which role",
}
#: What a question is about, as it says, or else its graph: there an empty answer has its reason.
ABOUT = ("duties", "roles", "register", "record", "law", "changes")
_BY_GRAPH = {"": "duties", "claims": "duties", "all dates": "changes"}
#: What a slot names to count rows, in place of a column.
ROWS = "rows"
#: A slot of `says`: a column, and after it `each`, or a noun for one and for more.
SLOT = re.compile(r"<(\w+)(?: (each)| ([^<>|]+)\|([^<>|]+))?>")
_ENTRY = re.compile(r"(\w+): (\w+)(, optional)? - (.+)")
_PAIR = re.compile(r"(\w+): (.+)")
_PLACE = re.compile(r"error at (\d+):\d+: ")
_BLANK = "VALUES ?{} {{ UNDEF }}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question takes: name, kind, whether it must be given, and what it is."""

    name: str
    kind: str
    optional: bool
    title: str


@dataclass(frozen=True, slots=True)
class Column:
    """What a question gives: name, kind and what it is."""

    name: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Query:
    """One question: its name, words, parameters, columns, example and SPARQL.

    `graph` is empty for the graph of a day, with all that follows from it. It is
    less where less is enough: `law` for law alone, `record` for law and the areas on record, `register`
    for law and register, `roles` for these and who holds which role. `all dates`
    is law and register without a day. `about` is one of `ABOUT`. `unreliable` names the
    server that loses rows of it, if one does. `says` is how an answer is told in a
    sentence.
    """

    name: str
    file: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: Mapping[str, str]
    body: str
    graph: str = ""
    about: str = ""
    unreliable: str = ""
    says: str = ""

    @property
    def all_dates(self) -> bool:
        """Whether the question is asked of the graph for all dates."""
        return self.graph == "all dates"

    @property
    def of_body(self) -> bool:
        """Whether it can be asked of a body alone: in every area that the body serves."""
        return {"area", "body"} <= {parameter.name for parameter in self.parameters}

    @property
    def distinct(self) -> bool:
        """Whether the question asks for no row twice."""
        return re.search(r"^SELECT DISTINCT\b", self.body, re.MULTILINE) is not None

    def bind(self, values: Mapping[str, Sequence[Term]]) -> str:
        """Return the SPARQL with `values`, each a list of terms, in the blanks.

        Only terms are written, as pyoxigraph prints them, so that no value can
        end the line it stands in. Raises `ParameterError` for a parameter that
        is not known or that is missing, and for a value that is no such term.

        >>> from pyoxigraph import NamedNode
        >>> dorset = NamedNode("http://statistics.data.gov.uk/id/statistical-geography/E06000059")
        >>> "UNDEF" in find("who-must-do-what").bind({"area": [dorset]})
        False
        """
        known = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in known:
                takes = ", ".join(known) or "none"
                hint = did_you_mean(name, known) or f"it takes {takes}"
                problem = f"{name}: {self.name!r} has no such parameter; {hint}"
                raise ParameterError(problem)
        lines: dict[str, str] = {}
        for parameter in self.parameters:
            terms = values.get(parameter.name, ())
            for term in terms:
                if not isinstance(term, (NamedNode, Literal)):
                    problem = f"{parameter.name}: {term!r} is no term to write"
                    raise ParameterError(f"{problem}; give a NamedNode or Literal")
            if not terms and not parameter.optional:
                problem = f"{self.name!r} needs it: {parameter.title}"
                raise ParameterError(f"{parameter.name}: missing; {problem}")
            blank = _BLANK.format(parameter.name)
            written = " ".join(str(term) for term in terms)
            lines[blank] = blank.replace("UNDEF", written) if terms else ""
        # all at once, because a value may look like the blank of another
        blanks = "|".join(map(re.escape, lines)) or "(?!)"
        return re.sub(blanks, lambda found: lines[found[0]], self.body)


@cache
def queries() -> Mapping[str, Query]:
    """Return the catalogue: every shipped question under its name, in order.

    >>> queries()["who-must-adopt"].question
    'Which body must adopt which document in an area, by which organ, and on what basis?'
    """
    read_all = map(read, files.shipped("queries", ".rq"))
    return {query.name: query for query in sorted(read_all, key=lambda q: q.name)}


@cache
def find(name: str) -> Query:
    """Return the shipped question called `name`, reading no other file.

    Raises `UnknownQueryError`, which names the nearest.
    """
    for source in files.shipped("queries", f"/{name}.rq"):
        return read(source)
    raise UnknownQueryError(name, queries())


def read(source: Source) -> Query:
    """Return the question that `source` holds.

    Raises `QueryFileError` with the line for front matter that does not keep to
    the format, for a parameter without its blank in the body, and for a body that
    is not a SELECT of the columns that are promised.
    """
    lines = source.text.splitlines()
    front = [line for line in lines if line.startswith("#+")]
    if lines[: len(front)] != front:
        number = 1 + max(index for index, line in enumerate(lines) if line in front)
        problem = "lines that start with '#+' come first, with none between them"
        raise QueryFileError(source.name, problem, number)
    entries = dict(_entries(source.name, front))
    question = entries["question"][0][1] if entries["question"] else ""
    if not question.endswith("?"):
        raise QueryFileError(source.name, "the question does not end with '?'", 1)
    body = "\n".join(lines[len(front) :]).strip() + "\n"
    graph = _one_of(source.name, entries["graph"], GRAPHS, "graph to ask")
    said = _one_of(source.name, entries["about"], ABOUT, "subject of a question")
    query = Query(
        name=source.name.rpartition("/")[2].removesuffix(".rq"),
        file=source.name,
        question=question,
        parameters=tuple(
            Parameter(name, kind, bool(optional), title)
            for name, kind, optional, title in _declared(
                source.name, entries["parameters"]
            )
        ),
        columns=tuple(
            Column(name, kind, title)
            for name, kind, _, title in _declared(source.name, entries["columns"])
        ),
        example=dict(_pairs(source.name, entries["example"])),
        body=body,
        graph=graph,
        about=said or _BY_GRAPH.get(graph, graph),
        unreliable=entries["unreliable"][0][1] if entries["unreliable"] else "",
        says=entries["says"][0][1] if entries["says"] else "",
    )
    _check(query, entries, source.text.count("\n", 0, source.text.find(body[:-1])))
    return query


def _entries(file: str, front: Sequence[str]) -> Iterator[tuple[str, list[Line]]]:
    """Yield each of the keys with its lines and their numbers."""
    found: dict[str, list[Line]] = {key: [] for key in _KEYS}
    key = ""
    for number, line in enumerate(front, 1):
        text = line[2:]
        if text.startswith("   ") and key:
            found[key].append((number, text.strip()))
            continue
        key, colon, rest = text.strip().partition(":")
        if not colon or key not in _KEYS:
            problem = f"{text.strip()!r} is not one of the keys {', '.join(_KEYS)}"
            raise QueryFileError(file, problem, number)
        if rest.strip():
            found[key].append((number, rest.strip()))
    yield from found.items()


def _one_of(file: str, lines: Sequence[Line], known: Iterable[str], what: str) -> str:
    for number, text in lines:
        if text not in known:
            words = " or ".join(map(repr, filter(None, known)))
            problem = f"{text!r} is no {what}; write {words}, or leave it out"
            raise QueryFileError(file, problem, number)
        return text
    return ""


def _declared(file: str, lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    names: set[str] = set()
    for number, text in lines:
        match = _ENTRY.fullmatch(text)
        if match is None or match[2] not in KINDS:
            kinds = ", ".join(KINDS)
            problem = f"{text!r} is not 'name: KIND - what it is'; kinds: {kinds}"
            raise QueryFileError(file, problem, number)
        if match[1] in names:
            raise QueryFileError(file, f"{match[1]!r} is declared twice", number)
        names.add(match[1])
        yield match[1], match[2], match[3] or "", match[4]


def _pairs(file: str, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for number, text in lines:
        match = _PAIR.fullmatch(text)
        if match is None:
            raise QueryFileError(file, f"{text!r} is not 'name: value'", number)
        yield match[1], match[2]


def _check(query: Query, entries: Mapping[str, Sequence[Line]], above: int) -> None:
    """Refuse a body, with `above` lines before it, that is not what is declared."""
    lines = {key: [number for number, _ in found] for key, found in entries.items()}
    names = [parameter.name for parameter in query.parameters]
    for name, line in zip(names, lines["parameters"], strict=True):
        if _BLANK.format(name) + "\n" not in query.body:
            problem = f"parameter {name!r} has no line '{_BLANK.format(name)}'"
            raise QueryFileError(query.file, problem, line)
    for name, line in zip(query.example, lines["example"], strict=False):
        if name not in {*names, "on"}:
            problem = f"the example names an unknown parameter {name!r}"
            raise QueryFileError(query.file, problem, line)
    for slot in SLOT.finditer(query.says):
        if slot[1] not in {ROWS, *(column.name for column in query.columns)}:
            problem = f"the sentence names an unknown column {slot[1]!r}"
            raise QueryFileError(query.file, problem, lines["says"][0])
    if "ORDER BY" not in query.body:
        raise QueryFileError(query.file, "there is no ORDER BY; engines would differ")
    try:
        found = Store().query(query.body)
    except SyntaxError as error:
        place = _PLACE.match(str(error))
        problem = f"not a SPARQL SELECT: {_PLACE.sub('', str(error))}"
        number = above + int(place[1]) if place else None
        raise QueryFileError(query.file, problem, number) from error
    if not isinstance(found, QuerySolutions):
        raise QueryFileError(query.file, "the body is not a SELECT; ask for rows")
    selected = {variable.value for variable in found.variables}
    for column, line in zip(query.columns, lines["columns"], strict=True):
        if column.name not in selected:
            problem = f"column {column.name!r} is not among those of the SELECT"
            raise QueryFileError(query.file, problem, line)
