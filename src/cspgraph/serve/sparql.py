"""The SPARQL 1.1 Protocol: a query by GET or POST, rows or statements in reply.

What is asked passes the gate and runs in its own process. There is no address that
writes. Without `area` and `on`, it is about the areas of the server, today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode

from cspgraph.desk import Kept
from cspgraph.errors import ParameterError
from cspgraph.rdf.gate import asked
from cspgraph.serve import description
from cspgraph.serve.problems import problem
from cspgraph.serve.replies import NotOfferedError, Served, Words, answered, words_of
from cspgraph.serve.results import GRAPHS, ROWS, preferred, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from cspgraph.desk import Desk

__all__ = ["FORM", "QUERY", "Sparql"]

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_GRAPHS = ("default-graph-uri", "named-graph-uri", "using-graph-uri")
_TAKEN = ("query", "area", "on", "rows")
#: What common clients send beside `Accept`, which alone decides.
_IDLE = ("format", "output", "results")
_READ_ONLY = "this server is read only; ask a question with query="


class _Asked(NamedTuple):
    query: str
    areas: Sequence[str]
    on: str | None
    rows: int | None


class Sparql:
    """The endpoint `/sparql`, which asks one desk and keeps what was answered by GET."""

    def __init__(self, desk: Desk, kept: Kept[Served]) -> None:
        self._desk, self._kept = desk, kept

    def get(self, request: Request) -> Response:
        """Answer the query in the address; without one, describe the service."""
        words = words_of(request)
        if "query" not in words.given:
            words.refuse_others("area", "on")
            return self._described(request)
        wanted = self._asked(words)
        return self._answered(request, wanted)

    def post(self, request: Request, body: bytes) -> Response:
        """Answer the query in the body, alone or in a form."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        beside = words_of(request).given
        if kind == QUERY:
            given = {**beside, "query": [*beside.get("query", ()), _text(body)]}
        elif kind == FORM:
            given = {name: [*values] for name, values in beside.items()}
            for name, values in _form(body).items():
                given[name] = [*given.get(name, ()), *values]
        elif kind == _UPDATE:
            raise ParameterError(f"update: {_READ_ONLY}")
        else:
            said = kind or "nothing"
            return problem(
                415,
                f"Content-Type: {said!r} is not read here; send {QUERY} or {FORM}",
                "content-type",
                {"Accept-Post": f"{QUERY}, {FORM}"},
            )
        return self._answered(request, self._asked(Words(given)))

    def _asked(self, words: Words) -> _Asked:
        """Return what is asked; refuse what the protocol has and this server has not."""
        if "update" in words.given:
            raise ParameterError(f"update: {_READ_ONLY}")
        for name in _GRAPHS:
            if name in words.given:
                problem = "the graph is that of the areas and the day; leave it out, and name area= and on="
                raise ParameterError(f"{name}: {problem}")
        words = Words(words.rest(*_IDLE))
        words.refuse_others(*_TAKEN)
        query = words.needed("query", "a SELECT, ASK, CONSTRUCT or DESCRIBE")
        rows = words.one("rows")
        most = self._desk.limits.rows
        if rows is not None and not (rows.isdecimal() and 0 < int(rows[:9]) <= most):
            raise ParameterError(f"rows: {rows!r} does not fit; write 1 to {most}")
        areas = words.given.get("area", ())
        if "" in areas:
            raise ParameterError("area: no value follows; give one or leave it out")
        return _Asked(query, areas, words.one("on"), int(rows) if rows else None)

    def _answered(self, request: Request, wanted: _Asked) -> Response:
        accept = request.headers.get("accept", "")
        form = asked(wanted.query).form
        builds = form in ("CONSTRUCT", "DESCRIBE")
        offered = [*GRAPHS, "text/html"] if builds else [*ROWS]
        kind = preferred(accept, offered)
        if kind is None:
            raise NotOfferedError(offered)

        def make() -> Served:
            found = self._desk.free(
                wanted.query, on=wanted.on, areas=wanted.areas, rows=wanted.rows
            )
            cut = "" if found.complete else str(found.receipt["cut"])
            about = {"on": str(found.on), "area": list(wanted.areas)}
            query = urlencode({**about, **({"cut": cut} if cut else {})}, doseq=True)
            link = f"/api/v1/receipt?{query}"
            said = {
                "Cspgraph-Day": str(found.on),
                "Link": f'<{link}>; rel="describedby"',
            }
            if cut:
                said["Cspgraph-Cut"] = cut
            body = written(found, kind, link, truth=form == "ASK")
            count = len(found)
            return Served(body, kind, count, said)

        if request.method == "POST":
            reply = make()
            return answered(request, self._desk, _NONE, kind, lambda: reply)
        return answered(request, self._desk, self._kept, kind, make)

    def _described(self, request: Request) -> Response:
        kind = preferred(request.headers.get("accept", ""), [*GRAPHS])
        if kind is None:
            raise NotOfferedError([*GRAPHS])
        here = str(request.url.replace(query="", fragment=""))
        reply = Served(description.written(here, kind), kind)
        return answered(request, self._desk, _NONE, kind, lambda: reply)


#: For what is not asked for by its address alone.
_NONE = Kept[Served](0, 0)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError("query: it is not UTF-8; send it as UTF-8") from error


def _form(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=100,
        )
    except ValueError as error:  # UnicodeDecodeError is one
        problem = "the form cannot be read; send it as percent-encoded UTF-8"
        raise ParameterError(f"query: {problem}") from error
