"""A SPARQL server that holds a built graph, asked the same questions."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph import horizon
from cspgraph.engines import Remote
from cspgraph.errors import AreaNotHeldError, EndpointError, ResultsError
from cspgraph.gate import admit
from cspgraph.geography.spreads import LOCAL, spread
from cspgraph.inquiry.answers import from_json
from cspgraph.inquiry.asking import (
    areas_of,
    ask,
    ask_freely,
    construct,
    dates,
    terms,
)
from cspgraph.inquiry.queries import find
from cspgraph.inquiry.rounds import rounds
from cspgraph.inquiry.values import value_of
from cspgraph.library import Library
from cspgraph.version import __version__
from cspgraph.vocab import CSP, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad

    from cspgraph.horizon import Change, Horizon
    from cspgraph.inquiry.answers import Answer
    from cspgraph.inquiry.asking import Given
    from cspgraph.inquiry.rounds import Rounds
    from cspgraph.inquiry.triples import Triples
    from cspgraph.receipts import Json
    from cspgraph.serving.pushing import Pushed

__all__ = ["Endpoint", "connect"]

_SERVED = f"SELECT ?day WHERE {{ ?snapshot {CSP.asOf} ?day }}"
_AREAS = f"""
SELECT DISTINCT ?area
WHERE {{ ?holding a {CSP.RoleHolding} ; {CSP.area} ?area }}
ORDER BY ?area
"""
#: Law and register, each in a graph of its own, are seen together only in a union.
_WHOLE = f"SELECT ?a WHERE {{ ?a a {CSP.Provision} . ?b a {CSP.Body} }} LIMIT 1"
_APART = f"SELECT ?a WHERE {{ GRAPH ?g {{ ?a a {CSP.Provision} }} }} LIMIT 1"
_FEW = 12


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
        """The day for which the served graph was built; None when it is for all dates.

        Raises `EndpointError` where its default graph does not hold law and register.
        """
        if self._day is None:
            self._hold_together()
        return self._day

    @cached_property
    def _day(self) -> date | None:
        """The one day that is served, if any."""
        with _whole(self._engine.url):
            _, rows = from_json(self._engine.rows(_SERVED))
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

    def _hold_together(self) -> None:
        """Raise `EndpointError` where law and register are not seen together."""
        with _whole(self._engine.url):
            if from_json(self._engine.rows(_WHOLE))[1]:
                return
            apart = bool(from_json(self._engine.rows(_APART))[1])
        if apart:
            problem = (
                "its default graph is not the union of its graphs, so that a question"
                " finds nothing; set it so (Oxigraph: --union-default-graph; for others"
                " see docs/guides/servers.md)"
            )
        else:
            problem = "it holds no graph of cspgraph; fill it with cspgraph push"
        raise EndpointError(self._engine.url, problem)

    @cached_property
    def _held(self) -> list[str]:
        """The areas for which the served graph says who holds a role, by address."""
        with _whole(self._engine.url):
            _, rows = from_json(self._engine.rows(_AREAS))
        return [term.value for (term,) in rows if isinstance(term, NamedNode)]

    def _areas_held(self, asked: Iterable[str]) -> dict[str, Json]:
        """Return in words which areas the served graph holds.

        Raises `AreaNotHeldError` when a district that one of `asked` stands for is none
        of them. A graph in which nobody holds a role, as before the Act, refuses none.
        """
        names, held = self._library.names, self._held
        register, day = self._library.register, self.on
        few = ", ".join(map(names.label, held)) if len(held) <= _FEW else ""
        said = few or (f"{len(held)} areas" if held else "none")
        for area in asked:
            inner = set(spread(register, area, day).inner)
            if held and not inner <= set(held):
                part = f"all districts of {names.label(area)}"
                what = part if inner & set(held) else names.label(area)
                problem = (
                    f"it does not hold {what}; areas it holds: {said};"
                    " fill it again with that area, or ask the shipped graph"
                )
                raise AreaNotHeldError(self._engine.url, problem)
        return {"areas_held": said}

    def answer(self, name: str, **given: Given) -> Answer:
        """Return the endpoint's answer to the shipped question `name`.

        The day is that of the graph which the endpoint serves. Raises
        `EndpointError` when it does not answer, when it serves one day and the question
        is asked of all dates, or the other way round, and when law and register are
        not in its default graph, or when it is of a make that loses rows of the
        question; `AreaNotHeldError` when its graph was built without the area. The
        receipt names the areas that it holds (`areas_held`).
        """
        query, names = find(name), self._library.names
        if query.all_dates != (self.on is None):
            served = f"the graph of {self.on}" if self.on else "a graph for all dates"
            wanted = "all dates" if query.all_dates else "one day"
            problem = f"it serves {served}, and {name!r} is asked of {wanted}"
            raise EndpointError(self._engine.url, f"{problem}; ask the shipped graph")
        if query.unreliable and query.unreliable in self._engine.made_by:
            problem = f"{query.unreliable} loses rows of {name!r}"
            raise EndpointError(self._engine.url, f"{problem}; ask the shipped graph")
        day = self.on or datetime.now(UTC).date()
        bound = terms(query, given, names, day)
        reached = (
            None
            if query.all_dates
            else rounds(query, bound, self._library.register, names, day)
        )
        areas = (reached and reached.areas) or areas_of(bound)
        later = [*([self.on] if self.on else []), *dates(bound)]
        receipt = {
            **self._receipt,
            "on": str(self.on or "all dates"),
            **self._reach(later, areas),
        }
        asked = areas_of(bound) or areas_of(reached.bound if reached else bound)
        if self.on:
            receipt |= self._areas_held(asked)
            if reached and reached.of_one:
                receipt["areas_held"] = self._with_counties(receipt, reached)
        with _whole(self._engine.url):
            answer = ask(self._engine, query, bound, names, self.on, receipt, reached)
            return answer if asked or answer.terms else self._of_few(answer)

    def _with_counties(self, receipt: Mapping[str, Json], reached: Rounds) -> str:
        """Return which areas are held, and of which counties beside no duty is."""
        without = []
        for county in reached.each[1:]:
            duty = f"?duty csp:area {county} ; a csp:Duty"
            text = with_prefixes(f"SELECT ?duty WHERE {{ {duty} }} LIMIT 1")
            with _whole(self._engine.url):
                if self._held and not from_json(self._engine.rows(text))[1]:
                    without.append(self._library.names.named(county.value))
        said = f", and no duty of {' or '.join(without)}" if without else ""
        return f"{receipt['areas_held']}{said}"

    def _of_few(self, answer: Answer) -> Answer:
        """Return an empty answer about no area; if the server holds few, that is why."""
        if not (self.on and self._held) or self._held_all:
            return answer
        said = answer.receipt["areas_held"]
        text = f"The server holds few areas ({said}), and nothing there fits."
        empty = {"reason": "server-holds-few", "text": text, "ask_instead": None}
        return replace(answer, empty=empty)

    @property
    def _held_all(self) -> bool:
        day = self.on or datetime.now(UTC).date()
        return self._library.register.in_being(LOCAL, day) <= set(self._held)

    def select(self, sparql: str) -> Answer:
        """Return the endpoint's answer to free SPARQL, a SELECT or ASK.

        It passes the gate before it is sent, and FROM may name the graphs of this project
        that the server holds. Raises `UnsafeQueryError` for what the gate refuses,
        `ParameterError` for a graph that is not there, and `EndpointError` as `answer`.
        """
        admit(sparql)  # before anything is sent
        with _whole(self._engine.url):
            receipt = self._free_receipt()
            return ask_freely(self._engine, sparql, self._library.names, None, receipt)

    def construct(self, sparql: str) -> Triples:
        """Return the statements that the endpoint gives for a CONSTRUCT or DESCRIBE.

        What a DESCRIBE gives of a thing is for each server to choose. Raises as `select`.
        """
        admit(sparql)
        with _whole(self._engine.url):
            names, receipt = self._library.names, self._free_receipt()
            return construct(self._engine, sparql, names, None, receipt)

    def _free_receipt(self) -> dict[str, Json]:
        reach = self._reach([self._day] if self._day else [], ())
        return {**self._receipt, **reach}

    @cached_property
    def _known(self) -> Horizon:
        """How far what the server holds reaches, by its own account."""
        with _whole(self._engine.url):
            return horizon.look(self._engine)

    @cached_property
    def _coming(self) -> list[Change]:
        with _whole(self._engine.url):
            law = horizon.law_to_come(self._engine)
            return [*law, *horizon.scheduled(self._engine)]

    def _reach(self, days: Iterable[date], areas: Iterable[str]) -> dict[str, Json]:
        """Return how far the served graph reaches and, if one of `days` is later, what then."""
        view = horizon.View(
            self._known, lambda: self._coming, self._library.names.around
        )
        return view.reach(days, areas)

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
        for name in ("on", "_day", "_known", "_coming", "_held"):
            self.__dict__.pop(name, None)
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
