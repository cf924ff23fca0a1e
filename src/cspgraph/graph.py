"""The graph people work with: load it, cut it to a day, ask it questions."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph import duties, sources
from cspgraph.answers import from_json, value_of
from cspgraph.asking import ask, ask_freely, day_of, terms
from cspgraph.engines import Oxigraph, Remote, to_rdflib
from cspgraph.errors import EndpointError
from cspgraph.library import Library
from cspgraph.names import Names
from cspgraph.queries import find
from cspgraph.version import __version__
from cspgraph.vocab import CSP, expand, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import networkx as nx
    from pyoxigraph import Quad
    from rdflib import Graph

    from cspgraph.answers import Answer
    from cspgraph.asking import Given
    from cspgraph.chains import Chain
    from cspgraph.deadlines import Deadline
    from cspgraph.pictures import Picture
    from cspgraph.reports import Report
    from cspgraph.summaries import Summary


__all__ = ["Endpoint", "KnowledgeGraph", "connect", "load"]

_SERVED = f"SELECT ?day WHERE {{ ?snapshot {CSP.asOf} ?day }}"


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
        return KnowledgeGraph(self._library, day_of("on", day))

    def answer(
        self, name: str, *, on: str | date | None = None, **given: Given
    ) -> Answer:
        """Return the answer to the shipped question `name` on the day `on`.

        Things may be named by code, short IRI, label or alias. Without a day the
        graph's own day counts, and without that, today. A question about changes
        is asked of the graph for all dates; the day then serves the names alone,
        and the answer says so. Raises
        `UnknownQueryError`, and `ParameterError` for what is missing or unclear.

        >>> dorset = load(on="2024-07-23").answer("responsible-authorities", area="Dorset")
        >>> "Dorset Council" in {row["body"] for row in dorset.to_frame().to_dict("records")}
        True
        """
        query, day = find(name), self._day(on)
        names = self._library.names
        bound = terms(query, given, names, day)
        if query.all_dates:
            engine, receipt = self._library.timeline, self._library.receipt(None)
            return ask(engine, query, bound, names, None, receipt)
        needed = [p for p in query.parameters if not p.optional]
        alone = len(needed) == 1 and needed[0].kind == "area"
        scope = bound.get(needed[0].name, []) if alone else []
        engine = self._library.day(day, scope[0].value if len(scope) == 1 else "")
        return ask(engine, query, bound, names, day, self._library.receipt(day))

    def select(self, sparql: str) -> Answer:
        """Return the answer to free SPARQL, a SELECT or ASK, on the graph's day.

        For your own questions in your own process; it has no time limit. What
        strangers write belongs in `cspgraph.worker`. Without a day the graph for
        all dates is asked.

        >>> counted = load().select("SELECT (1 AS ?one) WHERE {}")
        >>> next(iter(counted))
        {'one': 1}
        """
        receipt = self._library.receipt(self.on)
        return ask_freely(self._engine(), sparql, self._library.names, self.on, receipt)

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

    def due(self, duty: str, start: str | date) -> Deadline:
        """Return the day by which `duty` falls due, looked at from `start`.

        `duty` names a duty template, such as `cdos09-respond-28-days`; `start` is
        the day of the event that the rule counts from, or the day from which the
        next due day is wanted. The template must be in force on that day.

        >>> load().due("si07-revise-partnership-plan.england", "2024-07-23").day
        datetime.date(2025, 3, 31)
        """
        from cspgraph import deadlines

        day = day_of("start", start)
        names = self._library.names
        template = names.find("duty", duty, "duty", day)
        return deadlines.due(self._library.timeline.store, template, day, names)

    def draw(self, area: str, *, on: str | date | None = None) -> Picture:
        """Return a picture of who holds which role in `area`, and by which law.

        It is SVG, Mermaid or a table, as it is asked. Raises `NameNotClearError` for
        an area that is not known on that day.

        >>> print(load().draw("Dorset", on="2024-07-23").title)
        Dorset on 23 July 2024: bodies, their roles and the law
        """
        from cspgraph.pictures import Picture

        answer = self.answer("role-holders", area=area, on=on)
        (place,) = answer.parameters["area"]
        return Picture(answer, self._library.names.label(place.value))

    def summary(self, *, on: str | date | None = None) -> Summary:
        """Return what the register holds for England and Wales, and what is unusual.

        >>> [table.caption for table in load().summary(on="2024-07-23").tables][:3]
        ['Areas', 'Bodies', 'Roles']
        """
        from cspgraph.summaries import summarise

        return summarise(self.at(self._day(on)).select)

    def coverage(self) -> str:
        """Return, as Markdown, what the law layer holds and what it does not.

        >>> "## Not in, or open" in load().coverage()
        True
        """
        from cspgraph import coverage

        return coverage.page(self._library.timeline)

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
        duties.compare(read)
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
        with suppress(ValueError):  # text after a colon need not be an address
            thing = NamedNode(iri or "")
            if any(engine.store.quads_for_pattern(thing, None, None, None)):
                return thing
        return self._library.names.find("thing", word, "thing", day)

    def _engine(self) -> Oxigraph:
        return self._library.day(self.on) if self.on else self._library.timeline

    def _day(self, on: str | date | None) -> date:
        if on is not None:
            return day_of("on", on)
        return self.on or datetime.now(UTC).date()


class Endpoint:
    """A remote SPARQL endpoint that serves a built graph and the same questions."""

    def __init__(self, url: str, timeout: int = 30) -> None:
        self._engine = Remote(url, timeout)
        self._library = Library()
        self._receipt = {"version": __version__, "engine": url}

    def __repr__(self) -> str:
        return f"<cspgraph {__version__}, endpoint {self._engine.url}>"

    @cached_property
    def on(self) -> date | None:
        """The day for which the served graph was built; None when it is for all dates."""
        _, rows = from_json(self._engine.select(_SERVED))
        if not rows:
            return None
        day = value_of(rows[0][0]) if rows[0] else None
        if not isinstance(day, date):
            raise EndpointError(self._engine.url, f"its day, {day!r}, is not a date")
        return day

    def answer(self, name: str, **given: Given) -> Answer:
        """Return the endpoint's answer to the shipped question `name`.

        The day is that of the graph which the endpoint serves. Raises
        `EndpointError` when it does not answer, and when it serves one day and the
        question is asked of all dates, or the other way round.
        """
        query, names = find(name), self._library.names
        if query.all_dates != (self.on is None):
            served = f"the graph of {self.on}" if self.on else "a graph for all dates"
            wanted = "all dates" if query.all_dates else "one day"
            problem = f"it serves {served}, and {name!r} is asked of {wanted}"
            raise EndpointError(self._engine.url, f"{problem}; ask the shipped graph")
        bound = terms(query, given, names, self.on or datetime.now(UTC).date())
        receipt = {**self._receipt, "on": str(self.on or "all dates")}
        return ask(self._engine, query, bound, names, self.on, receipt)

    def select(self, sparql: str) -> Answer:
        """Return the endpoint's answer to free SPARQL, a SELECT or ASK."""
        text, names = with_prefixes(sparql), self._library.names
        return ask_freely(self._engine, text, names, None, self._receipt)


def load(
    *files: str | Path, on: str | date | None = None, scenario: str = ""
) -> KnowledgeGraph:
    """Return the shipped graph with your own `files` on top, cut to the day `on`.

    `files` are paths of Turtle or TriG files, or of folders that hold them. A
    `scenario` switches on law that is not in force; every answer then says so.
    Raises `FileError` for a file that cannot be read or parsed, and
    `ParameterError` for a day that is not a date.

    >>> load(on="2024-07-23")
    <cspgraph 0.1.0, on 23 July 2024, engine pyoxigraph>
    """
    own = [source for path in files for source in sources.own(path)]
    return KnowledgeGraph(
        Library(own, scenario), day_of("on", on) if on is not None else None
    )


def connect(url: str, timeout: int = 30) -> Endpoint:
    """Return the endpoint at `url`; each question may take `timeout` seconds.

    >>> connect("http://localhost:7878/query")
    <cspgraph 0.1.0, endpoint http://localhost:7878/query>
    """
    return Endpoint(url, timeout)
