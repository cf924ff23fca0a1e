"""A SPARQL server that holds a built graph, asked the same questions."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import (
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from cspgraph import horizon
from cspgraph.dataset import Dataset
from cspgraph.errors import (
    AreaNotHeldError,
    EndpointError,
    FileError,
    ParameterError,
    QueryError,
    ResultsError,
)
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import areas_of, ask, ask_freely, construct, dates, terms
from cspgraph.questions.query_file import find
from cspgraph.rdf.engines import NOT_A_GRAPH, NOT_ROWS
from cspgraph.rdf.files import Source, check
from cspgraph.rdf.gate import admit, asked
from cspgraph.rdf.results import from_json, refuse_nested, value_of
from cspgraph.rdf.terms import CSP, with_prefixes
from cspgraph.register.spread import LOCAL, spread
from cspgraph.secrets import cut_address
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cspgraph.horizon import Change, Horizon
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.areas import Rounds
    from cspgraph.questions.ask import Given
    from cspgraph.questions.triples import Triples
    from cspgraph.receipt import Json
    from cspgraph.remote.http import Reply
    from cspgraph.remote.push import Pushed

__all__ = ["Endpoint", "Remote", "connect", "whole_results"]

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
        self._dataset = Dataset()
        self._receipt = {"version": __version__, "engine": cut_address(url)}

    def __repr__(self) -> str:
        return f"<cspgraph {__version__}, endpoint {self._engine.name}>"

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
        with whole_results(self._engine.url):
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
        with whole_results(self._engine.url):
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
        with whole_results(self._engine.url):
            _, rows = from_json(self._engine.rows(_AREAS))
        return [term.value for (term,) in rows if isinstance(term, NamedNode)]

    def _areas_held(self, asked: Iterable[str]) -> dict[str, Json]:
        """Return in words which areas the served graph holds.

        Raises `AreaNotHeldError` when a district that one of `asked` stands for is none
        of them. A graph in which nobody holds a role, as before the Act, refuses none.
        """
        names, held = self._dataset.labels, self._held
        register, day = self._dataset.register, self.on
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
        query, names = find(name), self._dataset.labels
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
            else rounds(query, bound, self._dataset.register, names, day)
        )
        areas = (reached and reached.areas) or areas_of(bound)
        later = [*([self.on] if self.on else []), *dates(bound)]
        receipt = {
            **self._receipt,
            "on": str(self.on or "all dates"),
            **self._reach(later, areas),
        }
        asked = areas_of(bound) or areas_of(reached.bound if reached else bound)
        places = [p.name for p in query.parameters if p.kind == "area"]
        asked += [t.value for p in places if p != "area" for t in bound.get(p, ())]
        if self.on:
            receipt |= self._areas_held(asked)
            if reached and reached.of_one:
                receipt["areas_held"] = self._with_counties(receipt, reached)
        with whole_results(self._engine.url):
            answer = ask(self._engine, query, bound, names, self.on, receipt, reached)
            return answer if asked or answer.terms else self._of_few(answer)

    def _with_counties(self, receipt: Mapping[str, Json], reached: Rounds) -> str:
        """Return which areas are held, and of which counties beside no duty is."""
        without = []
        for county in reached.each[1:]:
            duty = f"?duty csp:area {county} ; a csp:Duty"
            text = with_prefixes(f"SELECT ?duty WHERE {{ {duty} }} LIMIT 1")
            with whole_results(self._engine.url):
                if self._held and not from_json(self._engine.rows(text))[1]:
                    without.append(self._dataset.labels.named(county.value))
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
        return self._dataset.register.in_being(LOCAL, day) <= set(self._held)

    def select(self, sparql: str) -> Answer:
        """Return the endpoint's answer to free SPARQL, a SELECT or ASK.

        It passes the gate before it is sent, and FROM may name the graphs of this project
        that the server holds. Raises `UnsafeQueryError` for what the gate refuses,
        `ParameterError` for a graph that is not there, and `EndpointError` as `answer`.
        """
        admit(sparql)  # before anything is sent
        with whole_results(self._engine.url):
            receipt = self._free_receipt()
            return ask_freely(self._engine, sparql, self._dataset.labels, None, receipt)

    def construct(self, sparql: str) -> Triples:
        """Return the statements that the endpoint gives for a CONSTRUCT or DESCRIBE.

        What a DESCRIBE gives of a thing is for each server to choose. Raises as `select`.
        """
        admit(sparql)
        with whole_results(self._engine.url):
            names, receipt = self._dataset.labels, self._free_receipt()
            return construct(self._engine, sparql, names, None, receipt)

    def _free_receipt(self) -> dict[str, Json]:
        reach = self._reach([self._day] if self._day else [], ())
        return {**self._receipt, **reach}

    @cached_property
    def _known(self) -> Horizon:
        """How far what the server holds reaches, by its own account."""
        with whole_results(self._engine.url):
            return horizon.look(self._engine)

    @cached_property
    def _coming(self) -> list[Change]:
        with whole_results(self._engine.url):
            law = horizon.law_to_come(self._engine)
            return [*law, *horizon.scheduled(self._engine)]

    def _reach(self, days: Iterable[date], areas: Iterable[str]) -> dict[str, Json]:
        """Return how far the served graph reaches and, if one of `days` is later, what then."""
        view = horizon.HorizonView(
            self._known, lambda: self._coming, self._dataset.labels.around
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
        from cspgraph.remote.push import Updates, push

        asked = self._engine.url
        pushed = push(quads, Updates(update or asked, seconds, asked))
        for name in ("on", "_day", "_known", "_coming", "_held"):
            self.__dict__.pop(name, None)
        return pushed


@contextmanager
def whole_results(url: str) -> Iterator[None]:
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


_Found = TypeVar("_Found")

_BAD_REQUEST = 400
#: What is asked for where statements are wanted; a parser of anything else could end us.
_READ = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


class Remote:
    """A SPARQL 1.1 endpoint, asked by POST and never written to."""

    def __init__(self, url: str, timeout: int = 30) -> None:
        from cspgraph.remote.http import HttpClient

        self._line = HttpClient(url, timeout)
        self.name, self.url = cut_address(url), url
        #: What the server calls itself, once it has answered.
        self.made_by = ""

    def select(self, text: str) -> bytes:
        """Return the results of the SELECT or ASK query `text` as JSON.

        The project's prefixes are known. What the gate refuses, and FROM a graph that is
        not there, is refused before it is sent. Raises as `rows` does.
        """
        text = admit(text)
        if asked(text).builds:
            raise QueryError(NOT_ROWS)
        return self._freely(text, self.rows)

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON.

        Raises `EndpointError` when the endpoint does not answer whole and in time,
        sends us elsewhere, answers with something else, or answers more than the cap.
        """
        from SPARQLWrapper import JSON

        reply = self._send(text, JSON, "application/sparql-results+json")
        kind = _kind(reply)
        if "json" not in kind:
            problem = f"answered with {kind}, not SPARQL results in JSON"
            raise EndpointError(self.url, problem)
        body = self._text(reply)
        with whole_results(self.url):
            refuse_nested(body)
        return body

    def _text(self, reply: Reply) -> bytes:
        """Return the body of `reply` as UTF-8, read in the charset that it declares."""
        found = _CHARSET.search(reply.headers.get("content-type") or "")
        name = found[1].lower() if found else "utf-8"
        if name in ("utf-8", "utf8", "us-ascii", "ascii"):
            return reply.body
        try:
            return reply.body.decode(name).encode()
        except (LookupError, ValueError) as error:
            problem = (
                f"its answer is not in {name[:40]!r}, the charset that it declares"
            )
            raise EndpointError(self.url, problem) from error

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT or DESCRIBE query `text` gives, each once.

        Raises as `select` does; and `EndpointError` where the answer is no RDF, or where
        the server does not say how long it is, so that nobody could tell a part of it
        from the whole.
        """
        text = admit(text)
        if not asked(text).builds:
            raise QueryError(NOT_A_GRAPH)
        return self._freely(text, self._triples)

    def _triples(self, text: str) -> list[Triple]:
        from SPARQLWrapper import TURTLE

        reply = self._send(text, TURTLE, "text/turtle, application/n-triples;q=0.9")
        kind = _kind(reply)
        form = RdfFormat.from_media_type(kind)
        if form not in _READ:
            raise EndpointError(self.url, f"answered with {kind}, not RDF")
        if not reply.headers.keys() & {"content-length", "transfer-encoding"}:
            problem = "it does not say how long its answer is, so that a part cannot be told from the whole; ask a SELECT"
            raise EndpointError(self.url, problem)
        try:
            body = self._text(reply)
            check(Source(self.url, body))  # no parser looks at what is nested too deep
            return list(dict.fromkeys(quad.triple for quad in parse(body, form)))
        except (SyntaxError, ValueError, FileError) as error:
            said = getattr(error, "problem", str(error))
            problem = f"its answer is not complete, or no RDF: {said}"
            raise EndpointError(self.url, problem) from error

    def _freely(self, text: str, send: Callable[[str], _Found]) -> _Found:
        """Return what `send` makes of `text`, which is past the gate."""
        known = asked(text)
        for graph in dict.fromkeys(known.graphs + known.named):
            with whole_results(self.url):
                data = self.rows(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
                rows = from_json(data)[1]
            if not rows or value_of(rows[0][0]) is not True:
                problem = f"FROM: {graph} is no graph of {self.url}, or an empty one"
                raise ParameterError(f"{problem}; leave it out, or name another")
        try:
            return send(with_prefixes(text))
        except EndpointError as error:
            if error.status == _BAD_REQUEST and known.unknown():
                raise QueryError(known.unknown()) from error
            raise

    def _send(self, text: str, form: str, kinds: str) -> Reply:
        """Return the reply to `text`; an update is refused, whatever sent it here."""
        from SPARQLWrapper import POST, SPARQLWrapper

        call = SPARQLWrapper(self.url, returnFormat=form)
        call.setMethod(POST)
        call.setQuery(text)
        if call.isSparqlUpdateRequest():
            raise QueryError("only questions are sent to an endpoint, never updates")
        request = call._createRequest()
        # It guesses the kinds from the text, and its own way out follows redirects and
        # waits as long as bytes drip in.
        request.add_header("Accept", kinds)
        reply = self._line.send(request)
        self.made_by = reply.headers.get("server", "")
        if cut := reply.headers.get("cspgraph-cut"):
            raise EndpointError(self.url, f"its answer was cut {cut}; ask for less")
        return reply


def _kind(reply: Reply) -> str:
    """Return the kind of a reply as its server names it, without parameters."""
    said = reply.headers.get("content-type") or ""
    return said.partition(";")[0].strip() or "nothing known"
