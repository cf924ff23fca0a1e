"""The graph people work with: load it, cut it to a day, ask it questions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph import answers, sources
from cspgraph.answers import Answer
from cspgraph.engines import Oxigraph, Remote, to_rdflib
from cspgraph.errors import ParameterError
from cspgraph.library import Library
from cspgraph.names import Names
from cspgraph.queries import Column, find
from cspgraph.version import __version__
from cspgraph.vocab import PREFIXES, expand, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import networkx as nx
    from pyoxigraph import Quad
    from rdflib import Graph

    from cspgraph.chains import Chain
    from cspgraph.engines import Engine
    from cspgraph.queries import Parameter, Query
    from cspgraph.reports import Report

    Term = NamedNode | Literal
    Given = str | int | date | Sequence[str]

__all__ = ["Endpoint", "KnowledgeGraph", "connect", "load"]


class KnowledgeGraph:
    """Law, register, record and what follows from them, for all dates or one day.

    Made by `load`. Nothing is read from the network, and nothing that is asked
    changes the graph.
    """

    def __init__(self, library: Library, on: date | None = None) -> None:
        self._library = library
        self.on = on

    def __repr__(self) -> str:
        day = f"on {self.on:%-d %B %Y}" if self.on else "all dates"
        return f"<cspgraph {__version__}, {day}, engine {Oxigraph.name}>"

    def at(self, day: str | date) -> KnowledgeGraph:
        """Return the same graph as it stands on `day`, a date or text like 2024-07-23.

        >>> load().at("2024-07-23").on
        datetime.date(2024, 7, 23)
        """
        return KnowledgeGraph(self._library, _date("on", day))

    def answer(
        self, name: str, *, on: str | date | None = None, **given: Given
    ) -> Answer:
        """Return the answer to the shipped question `name` on the day `on`.

        Things may be named by code, short IRI, label or alias. Without a day the
        graph's own day counts, and without that, today. Raises
        `UnknownQueryError`, and `ParameterError` for what is missing or unclear.

        >>> dorset = load(on="2024-07-23").answer("responsible-authorities", area="Dorset")
        >>> "Dorset Council" in {row["body"] for row in dorset.to_frame().to_dict("records")}
        True
        """
        query = find(name)
        day = self._day(on)
        bound = self._bind(query, given, day)
        text = query.bind(bound)
        areas = [p for p in query.parameters if p.kind == "area" and not p.optional]
        scope = bound[areas[0].name] if len(areas) == 1 else []
        engine = self._library.day(day, scope[0].value if len(scope) == 1 else "")
        names = self._library.names
        return _answer(
            engine, query, text, bound, day, names, self._library.receipt(day)
        )

    def select(self, sparql: str) -> Answer:
        """Return the answer to free SPARQL, a SELECT or ASK, on the graph's day.

        For your own questions in your own process; it has no time limit. What
        strangers write belongs in `cspgraph.worker`. Without a day the graph for
        all dates is asked.

        >>> counted = load().select("SELECT (1 AS ?one) WHERE {}")
        >>> next(iter(counted))
        {'one': 1}
        """
        engine = self._engine()
        columns, rows = answers.from_json(engine.select(sparql))
        kinds = tuple(Column(name, "text", name) for name in columns)
        names = Names(engine)
        labels = _labels(rows, names)
        receipt = self._library.receipt(self.on)
        return Answer(
            "select", "Free SPARQL.", kinds, tuple(rows), self.on, {}, labels, receipt
        )

    def why(self, thing: str, *, on: str | date | None = None) -> list[Chain]:
        """Return the chains from `thing` up to the law and down to the record.

        `thing` is the short or full IRI of a version, strategy, duty or body, or
        its name. Raises `NameNotClearError` when it is not known on that day.
        """
        from cspgraph import chains

        day = self._day(on)
        engine = self._library.day(day)
        names = self._library.names
        return chains.why(engine.store, self._thing(thing, engine, day), names)

    def validate(
        self, *, on: str | date | None = None, area: str | None = None
    ) -> Report:
        """Return what the shapes find: in the whole record, and in duties on a day.

        `area` keeps the findings about one area. Nothing of the graph is changed.
        """
        from cspgraph import shapes

        day = self._day(on)
        names = self._library.names
        place = names.find("area", area, "area", day).value if area else ""
        files = (*self._library.law, *self._library.records)
        read, snapshot = self._library.read(), self._library.day(day, place)
        return shapes.validate(read, snapshot, files, names, day, place)

    def network(self) -> nx.MultiDiGraph:
        """Return the graph for networkx: things as nodes, links as typed edges."""
        from cspgraph import chains

        return chains.network(self._engine().quads(), Names(self._engine()))

    def to_rdflib(self) -> Graph:
        """Return the graph, for its day or all dates, as one rdflib `Graph`."""
        return to_rdflib(self._engine().quads())

    def quads(self) -> Iterator[Quad]:
        """Yield the graph, for its day or all dates, as pyoxigraph quads."""
        yield from self._engine().quads()

    def _thing(self, word: str, engine: Oxigraph, day: date) -> NamedNode:
        """Return what `word` means: a derived thing by its IRI, or any thing by name."""
        iri = expand(word)
        if iri and any(
            engine.store.quads_for_pattern(NamedNode(iri), None, None, None)
        ):
            return NamedNode(iri)
        return self._library.names.find("thing", word, "thing", day)

    def _engine(self) -> Oxigraph:
        return self._library.day(self.on) if self.on else self._library.timeline

    def _day(self, on: str | date | None) -> date:
        if on is not None:
            return _date("on", on)
        return self.on or datetime.now(UTC).date()

    def _bind(
        self, query: Query, given: Mapping[str, Given], day: date
    ) -> dict[str, list[Term]]:
        names = self._library.names
        wanted = {
            name: value for name, value in given.items() if value not in (None, "")
        }
        kinds = {parameter.name: parameter for parameter in query.parameters}
        return {
            name: [_term(kinds[name], item, names, day) for item in _many(value)]
            if name in kinds
            else []
            for name, value in wanted.items()
        }


class Endpoint:
    """A remote SPARQL endpoint that serves a built graph and the same questions."""

    def __init__(self, url: str, timeout: int = 30) -> None:
        self._engine = Remote(url, timeout)
        self._library = Library()

    def __repr__(self) -> str:
        return f"<cspgraph {__version__}, endpoint {self._engine.url}>"

    def answer(self, name: str, **given: Given) -> Answer:
        """Return the endpoint's answer to the shipped question `name`.

        The day is that of the graph which the endpoint serves. Raises
        `EndpointError` when it does not answer.
        """
        query = find(name)
        names, today = self._library.names, datetime.now(UTC).date()
        kinds = {parameter.name: parameter for parameter in query.parameters}
        bound = {
            name: [_term(kinds[name], item, names, today) for item in _many(value)]
            for name, value in given.items()
            if name in kinds
        }
        receipt = {"version": __version__, "engine": self._engine.url}
        return _answer(
            self._engine, query, query.bind(bound), bound, None, names, receipt
        )

    def select(self, sparql: str) -> Answer:
        """Return the endpoint's answer to free SPARQL, a SELECT or ASK."""
        columns, rows = answers.from_json(self._engine.select(with_prefixes(sparql)))
        kinds = tuple(Column(name, "text", name) for name in columns)
        receipt = {"version": __version__, "engine": self._engine.url}
        return Answer(
            "select", "Free SPARQL.", kinds, tuple(rows), None, {}, {}, receipt
        )


def load(*files: str | Path, on: str | date | None = None) -> KnowledgeGraph:
    """Return the shipped graph with your own `files` on top, cut to the day `on`.

    `files` are paths of Turtle or TriG files, or of folders that hold them.
    Raises `FileError` for a file that cannot be read or parsed, and
    `ParameterError` for a day that is not a date.

    >>> load(on="2024-07-23")
    <cspgraph 0.1.0, on 23 July 2024, engine pyoxigraph>
    """
    own = [source for path in files for source in sources.own(path)]
    return KnowledgeGraph(Library(own), _date("on", on) if on is not None else None)


def connect(url: str, timeout: int = 30) -> Endpoint:
    """Return the endpoint at `url`; each question may take `timeout` seconds.

    >>> connect("http://localhost:7878/query")
    <cspgraph 0.1.0, endpoint http://localhost:7878/query>
    """
    return Endpoint(url, timeout)


def _answer(
    engine: Engine,
    query: Query,
    text: str,
    bound: Mapping[str, Sequence[Term]],
    day: date | None,
    names: Names,
    receipt: Mapping[str, str],
) -> Answer:
    head, rows = answers.from_json(engine.select(text))
    order = [head.index(column.name) for column in query.columns]
    terms = tuple(tuple(row[index] for index in order) for row in rows)
    return Answer(
        query.name,
        query.question,
        query.columns,
        terms,
        day,
        bound,
        _labels(terms, names),
        receipt,
    )


def _labels(rows: Sequence[Sequence[Term | None]], names: Names) -> dict[str, str]:
    things = {term.value for row in rows for term in row if isinstance(term, NamedNode)}
    return {thing: names.label(thing) for thing in things}


def _term(parameter: Parameter, value: object, names: Names, day: date) -> Term:
    """Return `value` as a term of the parameter's kind."""
    match parameter.kind:
        case "text":
            return Literal(str(value))
        case "date":
            given = _date(parameter.name, value)
            return Literal(
                given.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date")
            )
        case "integer":
            try:
                return Literal(int(str(value)))
            except ValueError as error:
                problem = f"{parameter.name}: {value!r} is not a whole number"
                raise ParameterError(problem) from error
        case "iri":
            return names.find("thing", str(value), parameter.name, day)
    return names.find(parameter.kind, str(value), parameter.name, day)


def _many(given: Given) -> Sequence[object]:
    return [given] if isinstance(given, (str, int, date)) else given


def _date(name: str, day: object) -> date:
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise ParameterError(
            f"{name}: {day!r} is not a date; write 2024-07-23"
        ) from error
