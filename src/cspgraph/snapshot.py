"""The graph on a day or for all dates, and the part of it that a question needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Self

from cspgraph.engines import Oxigraph
from cspgraph.errors import ParameterError
from cspgraph.geography.spreads import MOST_AREAS
from cspgraph.inquiry.asking import (
    areas_of,
    ask,
    ask_freely,
    construct,
    dates,
    day_of,
    terms,
)
from cspgraph.inquiry.queries import find
from cspgraph.inquiry.rounds import rounds
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cspgraph.inquiry.answers import Answer
    from cspgraph.inquiry.asking import Given, Term
    from cspgraph.inquiry.queries import Query
    from cspgraph.inquiry.rounds import Rounds
    from cspgraph.inquiry.triples import Triples
    from cspgraph.library import Library
    from cspgraph.receipts import Receipt

__all__ = ["Snapshot"]


class Snapshot:
    """Law, register, record and what follows from them, cut to a day or for all dates.

    `cspgraph.graph.KnowledgeGraph` is what people hold. Here is how a question finds
    its day, its areas and its things, so that one area never pays for the country.
    """

    def __init__(self, library: Library, on: date | None = None) -> None:
        self._library = library
        self.on = on

    def __repr__(self) -> str:
        day = f"on {self.on:%-d %B %Y}" if self.on else "all dates"
        count = len(self._library.limit or ())
        areas = f", {count} area{'s' * (count > 1)}" if count else ""
        return f"<cspgraph {__version__}, {day}{areas}, engine {Oxigraph.name}>"

    def at(self, day: str | date) -> Self:
        """Return the same graph as it stands on `day`, a date or text like 2024-07-23.

        >>> from cspgraph import load
        >>> load().at("2024-07-23").on
        datetime.date(2024, 7, 23)
        """
        return type(self)(self._library, day_of("on", day))

    def answer(
        self, name: str, *, on: str | date | None = None, **given: Given
    ) -> Answer:
        """Return the answer to the shipped question `name` on the day `on`.

        Things may be named by code, short IRI, label or alias. Without a day the
        graph's own day counts, and without that, today. A question about changes
        is asked of the graph for all dates; the day then serves the names alone,
        and the answer says so. Raises
        `UnknownQueryError`, and `ParameterError` for what is missing or unclear.

        >>> from cspgraph import load
        >>> dorset = load(on="2024-07-23").answer("responsible-authorities", area="Dorset")
        >>> "Dorset Council" in {row["body"] for row in dorset.to_frame().to_dict("records")}
        True
        """
        query, day = find(name), self._day(on)
        names = self._library.names
        bound = terms(query, given, names, day)
        if query.all_dates:
            engine, later = self._library.all_dates, dates(bound)
            later += [day] if on is not None or not later else []
            receipt = self._library.receipt(None, later=later, areas=areas_of(bound))
            return ask(engine, query, bound, names, None, receipt)
        reached = rounds(query, bound, self._library.register, names, day)
        areas, depth = self._scope(query, bound, reached)
        receipt = self._library.receipt(day, later=dates(bound), areas=areas or ())
        engine = self._library.day(day, areas, depth)

        def ever() -> Oxigraph:
            return self._library.read_near(areas or ())

        def then(other: date) -> bool:
            return self._has_rows(query, bound, other)

        return ask(engine, query, bound, names, day, receipt, reached, ever, then)

    def _has_rows(
        self, query: Query, given: Mapping[str, Sequence[Term]], day: date
    ) -> bool:
        """Return whether the question has rows on another `day`; no for too many areas."""
        names = self._library.names
        written = {
            name: [term.value for term in terms] for name, terms in given.items()
        }
        try:
            bound = terms(query, written, names, day)
            reached = rounds(query, bound, self._library.register, names, day)
        except ParameterError:  # such as an area that is not there on that day
            return False
        areas, depth = self._scope(query, bound, reached)
        near = self._library.limit if areas is None else areas
        if near is None or len(near) > MOST_AREAS:
            return False
        engine = self._library.day(day, areas, depth)
        return bool(len(ask(engine, query, bound, names, day, {}, reached)))

    def select(self, sparql: str) -> Answer:
        """Return the answer to free SPARQL, a SELECT or ASK, on the graph's day.

        For your own questions in your own process; it has no time limit. What
        strangers write belongs in `cspgraph.sandbox.worker`. Without a day the graph for
        all dates is asked.

        >>> from cspgraph import load
        >>> counted = load(areas=["Dorset"]).select("SELECT (1 AS ?one) WHERE {}")
        >>> next(iter(counted))
        {'one': 1}
        """
        receipt = self._library.receipt(self.on)
        return ask_freely(self._engine(), sparql, self._library.names, self.on, receipt)

    def construct(self, sparql: str) -> Triples:
        """Return the statements of a CONSTRUCT or DESCRIBE, on the graph's day.

        It is `select` for questions that build a graph: the same gate, no time limit, and
        without a day the graph for all dates. Raises `QueryError` for a SELECT or ASK,
        and for bad SPARQL.

        >>> from cspgraph import load
        >>> made = load(areas=["Dorset"]).construct("DESCRIBE gss:E06000059")
        >>> made.to("turtle").startswith("@prefix gss: ")
        True
        """
        receipt = self._library.receipt(self.on)
        names = self._library.names
        return construct(self._engine(), sparql, names, self.on, receipt)

    @property
    def receipt(self) -> Receipt:
        """What the graph says of itself: version, day, digests, and how far it reaches."""
        return self._library.receipt(self.on)

    def _scope(
        self, query: Query, bound: Mapping[str, Sequence[Term]], reached: Rounds
    ) -> tuple[frozenset[str] | None, str]:
        """Return the areas that a question needs, None for all, and how far to derive."""
        depth = query.graph or "duties"
        if query.graph == "record":
            documents = [t.value for t in bound.get("document", ())]
            about = frozenset().union(*map(self._library.scope_of, documents))
            if about:
                return about, "claims"
            if query.about == "law":
                return frozenset(), "law"
            return reached.areas or frozenset(), "register"
        bodies = [p.name for p in query.parameters if p.kind == "body"]
        if reached.areas is not None:
            return reached.areas, depth
        if bodies and bound.keys() >= set(bodies) and self._library.limit is None:
            given = [term.value for name in bodies for term in bound[name]]
            return frozenset().union(*map(self._library.scope_of, given)), depth
        return None, depth

    def _engine(self) -> Oxigraph:
        return self._library.day(self.on) if self.on else self._library.timeline

    def _day(self, on: str | date | None) -> date:
        if on is not None:
            return day_of("on", on)
        return self.on or datetime.now(UTC).date()
