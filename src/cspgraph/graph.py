"""The graph people work with: load it, cut it to a day, ask it questions."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph import duties, sources
from cspgraph.asking import ask, ask_freely, day_of, terms
from cspgraph.engines import Oxigraph, to_rdflib
from cspgraph.errors import ParameterError
from cspgraph.library import Library
from cspgraph.names import Names
from cspgraph.queries import find
from cspgraph.version import __version__
from cspgraph.vocab import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import networkx as nx
    from pyoxigraph import Quad
    from rdflib import Graph

    from cspgraph.answers import Answer
    from cspgraph.asking import Given, Term
    from cspgraph.chains import Chain
    from cspgraph.comparisons import Comparison
    from cspgraph.deadlines import Deadline
    from cspgraph.pictures import Picture
    from cspgraph.queries import Query
    from cspgraph.reports import Report
    from cspgraph.summaries import Summary


__all__ = ["KnowledgeGraph", "load"]


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
        count = len(self._library.limit or ())
        areas = f", {count} area{'s' * (count > 1)}" if count else ""
        return f"<cspgraph {__version__}, {day}{areas}, engine {Oxigraph.name}>"

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
            engine, receipt = self._library.all_dates, self._library.receipt(None)
            return ask(engine, query, bound, names, None, receipt)
        depth = query.graph if query.graph in duties.DEPTHS else "duties"
        engine = self._library.day(day, self._scope(query, bound), depth)
        return ask(engine, query, bound, names, day, self._library.receipt(day))

    def select(self, sparql: str) -> Answer:
        """Return the answer to free SPARQL, a SELECT or ASK, on the graph's day.

        For your own questions in your own process; it has no time limit. What
        strangers write belongs in `cspgraph.worker`. Without a day the graph for
        all dates is asked.

        >>> counted = load(areas=["Dorset"]).select("SELECT (1 AS ?one) WHERE {}")
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
        names = self._library.names
        found = self._thing(thing, day)
        engine = self._library.day(day, self._near(found.value))
        return chains.why(engine.store, found, names)

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
        store = self._library.law_and_record.store
        return deadlines.due(store, template, day, names)

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

        >>> [table.caption for table in load(areas=["Dorset"]).summary(on="2024-07-23").tables][:3]
        ['Areas', 'Bodies', 'Roles']
        """
        from cspgraph.summaries import summarise

        day, library = self._day(on), self._library
        engine = library.day(day, depth="roles")
        given = library.names, day, library.receipt(day)
        return summarise(lambda sparql: ask_freely(engine, sparql, *given))

    def claims(self, document: str, *, on: str | date | None = None) -> Comparison:
        """Return what `document` says of the law, held against the law of its day.

        Each statement has a verdict and the reason. Then come the duties of the
        publisher's area that the document does not mention, on its day or on the day
        `on`. Raises `NameNotClearError` for a document that is not known.

        >>> load().claims("dorset-2024-07-23").counts["no longer law"]
        2
        """
        from cspgraph import comparisons

        return comparisons.compare(self.answer, document, on)

    def coverage(self) -> str:
        """Return, as Markdown, what the law layer holds and what it does not.

        >>> "## Not in, or open" in load().coverage()
        True
        """
        from cspgraph import coverage

        return coverage.page(self._library.law_and_record)

    def validate(
        self,
        *,
        on: str | date | None = None,
        area: str | None = None,
        country: bool = False,
    ) -> Report:
        """Return what a check finds: in the whole record, and in duties on a day.

        `area` keeps the findings about one area. Nothing of the graph is changed.
        Without an area, and where the graph is that of the country, the areas on
        record are looked at, and the report says how many were not; with `country`,
        all of them are. Raises `ParameterError` for an area and the country at once.
        """
        from cspgraph import checking

        if area and country:
            raise ParameterError("area: the country holds every area; leave one out")
        day, names = self._day(on), self._library.names
        place = names.find("area", area, "area", day).value if area else ""
        return checking.check(self._library, day, place, country=country)

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

    def _thing(self, word: str, day: date) -> NamedNode:
        """Return what `word` means: a derived thing by its IRI, or any thing by name."""
        with suppress(ValueError):  # text after a colon need not be an address
            thing = NamedNode(expand(word) or "")
            engine = self._library.day(day, self._near(thing.value))
            if any(engine.store.quads_for_pattern(thing, None, None, None)):
                return thing
        return self._library.names.find("thing", word, "thing", day)

    def _scope(
        self, query: Query, bound: Mapping[str, Sequence[Term]]
    ) -> frozenset[str] | None:
        """Return the areas that a question needs; nothing where it needs all."""
        if query.graph == "record":
            return frozenset()
        areas = [p.name for p in query.parameters if p.kind == "area"]
        bodies = [p.name for p in query.parameters if p.kind == "body"]
        if areas and bound.keys() >= set(areas):
            return frozenset(term.value for name in areas for term in bound[name])
        if bodies and bound.keys() >= set(bodies) and self._library.limit is None:
            given = [term.value for name in bodies for term in bound[name]]
            return frozenset().union(*map(self._library.scope_of, given))
        return None

    def _near(self, thing: str) -> frozenset[str] | None:
        """Return the areas that `thing` names or serves, or those kept to."""
        return self._library.scope_of(thing) if self._library.limit is None else None

    def _engine(self) -> Oxigraph:
        return self._library.day(self.on) if self.on else self._library.timeline

    def _day(self, on: str | date | None) -> date:
        if on is not None:
            return day_of("on", on)
        return self.on or datetime.now(UTC).date()


def load(
    *files: str | Path,
    on: str | date | None = None,
    areas: Sequence[str] = (),
    scenario: str = "",
    tell: Callable[[str], object] = str,
) -> KnowledgeGraph:
    """Return the shipped graph with your own `files` on top, cut to the day `on`.

    `files` are paths of Turtle or TriG files, or of folders that hold them. `areas`,
    codes or names, keep the graph to these areas and those on record, which makes it
    quick and small; without, it is that of the country. A `scenario` switches on law
    that is not in force; every answer then says so. `tell`, such as `print`, is told
    of work that takes long before it begins. Raises `FileError` for a file
    that cannot be read or parsed, and `ParameterError` for a day that is not a date
    or an area that is not known.

    >>> load(on="2024-07-23", areas=["Dorset"])
    <cspgraph 0.1.0, on 23 July 2024, 1 area, engine pyoxigraph>
    """
    own = [source for path in files for source in sources.own(path)]
    day = day_of("on", on) if on is not None else None
    library = Library(own, scenario, tell)
    library.left_out = [name for path in files for name in sources.left_out(path)]
    if areas:
        library.limit = frozenset(library.area(word, day) for word in areas)
    return KnowledgeGraph(library, day)
