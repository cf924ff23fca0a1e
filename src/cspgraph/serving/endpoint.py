"""A SPARQL server that holds a built graph, asked the same questions."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from cspgraph.engines import Remote
from cspgraph.errors import EndpointError, ResultsError
from cspgraph.inquiry.answers import from_json
from cspgraph.inquiry.asking import ask, ask_freely, terms
from cspgraph.inquiry.queries import find
from cspgraph.inquiry.reach import reach
from cspgraph.inquiry.values import value_of
from cspgraph.library import Library
from cspgraph.version import __version__
from cspgraph.vocab import CSP, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from cspgraph.inquiry.answers import Answer
    from cspgraph.inquiry.asking import Given
    from cspgraph.serving.pushing import Pushed

__all__ = ["Endpoint", "connect"]

_SERVED = f"SELECT ?day WHERE {{ ?snapshot {CSP.asOf} ?day }}"


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
        with _whole(self._engine.url):
            _, rows = from_json(self._engine.select(_SERVED))
        days = list(dict.fromkeys(value_of(row[0]) if row else None for row in rows))
        if len(days) > 1:
            said = " and ".join(sorted(map(str, days)))
            problem = f"it serves {said} at once; a push is under way or broke off, push again"
            raise EndpointError(self._engine.url, problem)
        if not days:
            return None
        if not isinstance(days[0], date):
            problem = f"its day, {days[0]!r}, is not a date"
            raise EndpointError(self._engine.url, problem)
        return days[0]

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
        day = self.on or datetime.now(UTC).date()
        bound = terms(query, given, names, day)
        reached = reach(query, bound, self._library.register, names, day)
        receipt = {**self._receipt, "on": str(self.on or "all dates")}
        with _whole(self._engine.url):
            return ask(self._engine, query, bound, names, self.on, receipt, reached)

    def select(self, sparql: str) -> Answer:
        """Return the endpoint's answer to free SPARQL, a SELECT or ASK."""
        text, names = with_prefixes(sparql), self._library.names
        with _whole(self._engine.url):
            return ask_freely(self._engine, text, names, None, self._receipt)

    def push(
        self, quads: Iterable[Quad], update: str = "", seconds: int = 120
    ) -> Pushed:
        """Put `quads`, such as `kg.quads()`, there in the place of what it served.

        `update` is the address for updates where it is another, and each request may
        take `seconds`. The user name and password stand in the environment, as
        CSPGRAPH_USER and CSPGRAPH_PASSWORD. Raises as `pushing.push` does.
        """
        from cspgraph.serving.pushing import Updates, push

        pushed = push(quads, Updates(update or self._engine.url, seconds))
        self.__dict__.pop("on", None)
        return pushed


@contextmanager
def _whole(url: str) -> Iterator[None]:
    """Say whose results they were, where they were cut short or are none."""
    try:
        yield
    except ResultsError as error:
        problem = "its answer is not complete, or no SPARQL results; ask again"
        raise EndpointError(url, problem) from error


def connect(url: str, timeout: int = 30) -> Endpoint:
    """Return the endpoint at `url`; each question may take `timeout` seconds.

    >>> connect("http://localhost:7878/query")
    <cspgraph 0.1.0, endpoint http://localhost:7878/query>
    """
    return Endpoint(url, timeout)
