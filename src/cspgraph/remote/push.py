"""Put a built graph into a SPARQL server: beside the old one first, then in its place.

Everything goes by SPARQL 1.1 Update. The statements of each graph are sent in batches
to a staging graph, and one last request moves every staging graph to where it belongs.
Before that request the old graphs are untouched, whatever happens.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING
from urllib import request as web
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from cspgraph.errors import (
    EndpointError,
    ParameterError,
    ResultsError,
    UnclearPushError,
)
from cspgraph.progress import Slow
from cspgraph.rdf.results import from_json, held, refuse_nested
from cspgraph.rdf.terms import BASE, CSP, PREFIXES
from cspgraph.remote.http import HttpClient
from cspgraph.secrets import PASSWORD, TOKEN, USER

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from typing import Self

    from pyoxigraph import Triple

    from cspgraph.rdf.results import Term
    from cspgraph.remote.http import Reply

__all__ = ["NAMES", "STAGING", "Password", "Pushed", "Updates", "push"]

#: The words of the environment in which they stand.
NAMES = (USER, PASSWORD)


@dataclass(frozen=True)
class Password:
    """Who asks, and the word that lets them in.

    >>> Password("reader", "secret")
    Password(user='reader')
    """

    user: str
    word: str = field(repr=False)

    @classmethod
    def given(cls) -> Self | None:
        """Return what stands in the environment; None unless both words are there."""
        user, word = (os.environ.get(name, "") for name in NAMES)
        return cls(user, word) if user and word else None

    def answer(self, request: web.Request, challenge: str) -> str:
        """Return the header that answers `challenge`, as the server wrote it.

        Basic and digest are known. Returns an empty text for any other scheme.

        >>> call = web.Request("http://localhost/update", method="POST")
        >>> Password("reader", "secret").answer(call, 'Basic realm="graphs"')
        'Basic cmVhZGVyOnNlY3JldA=='
        >>> Password("reader", "secret").answer(call, "Bearer")
        ''
        """
        scheme, _, said = challenge.partition(" ")
        if scheme.lower() == "basic":
            both = f"{self.user}:{self.word}".encode()
            return f"Basic {b64encode(both).decode('ascii')}"
        if scheme.lower() != "digest":
            return ""
        known = web.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, request.full_url, self.user, self.word)
        handler = web.HTTPDigestAuthHandler(known)
        try:
            asked = web.parse_keqv_list([*filter(None, web.parse_http_list(said))])
            made = handler.get_authorization(request, asked)
        except (URLError, ValueError, KeyError):
            return ""
        return f"Digest {made}" if made else ""


#: Graphs whose addresses begin so are on their way, and no answer should rest on them.
STAGING = f"{BASE}staging/"
_OURS = PREFIXES["graph"]
_UNNAMED = f"{_OURS}record"  # where a record without a graph of its own goes
_DURATION = NamedNode(f"{PREFIXES['xsd']}duration")
# Virtuoso makes a program of each request, and refuses one of more than 10,000 lines.
_BATCH = 1_000
_BATCH_LETTERS = 200_000
_LOCK = f"{BASE}lock"
_HELD_BY, _SINCE = (f"<http://purl.org/dc/terms/{end}>" for end in ("creator", "date"))
_RENEWED = 60.0  # seconds after which a push that goes on says so again
_STALE = 10 * 60.0  # seconds after which one that said nothing is over
_NOTHING = "INSERT DATA { }"


@dataclass(frozen=True)
class Pushed:
    """What was put into a server: how many statements, in how many graphs."""

    statements: int
    graphs: int


class Updates:
    """The address at which a server takes updates, each within `seconds`.

    The user name and password are those of the environment, sent only to a server that
    asks for them. Raises `EndpointError` for an address that is none.
    """

    def __init__(self, url: str, seconds: float = 120, query: str = "") -> None:
        self.url, self._query = url, query or url
        self._line = HttpClient(url, seconds)
        self._asked = HttpClient(self._query, seconds)
        self._token = os.environ.get(TOKEN, "")
        self._password = Password.given()
        self._pass: str | None = None

    def send(self, text: str) -> None:
        """Do the update `text`; raise `EndpointError` unless the server says it is done."""
        reply = self._reply(text, self._let_in())
        if reply.status == 401:
            words = TOKEN if (self._pass or "").startswith("Bearer") else ""
            said = words or f"name and password in {' and '.join(NAMES)}"
            problem = f"it does not take the {'token in ' if words else ''}{said}"
            raise EndpointError(self.url, f"{problem}; check them", 401)
        _no_page(self.url, self._line.good(reply))

    def rows(self, query: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of `query`, a SELECT, asked where the server is asked.

        Raises `EndpointError` where it does not answer with SPARQL results.
        """
        request = Request(  # noqa: S310 - HttpClient looked at it
            self._query,
            f"query={quote(query, safe='')}".encode(),
            {
                "content-type": "application/x-www-form-urlencoded",
                "accept": "application/sparql-results+json",
            },
            method="POST",
        )
        reply = self._asked.reply(request)
        if reply.status == 401 and (way := self._way(reply, request)):
            request.add_header("authorization", way)
            reply = self._asked.reply(request)
        _no_page(self._query, self._asked.good(reply))
        try:
            refuse_nested(reply.body)
            return from_json(reply.body)[1]
        except ResultsError as error:
            problem = "asked what it holds, it answered with no SPARQL results; check both addresses"
            raise EndpointError(self._query, problem) from error

    def _let_in(self) -> str:
        """Return what lets a request in, empty where the server asks for nothing.

        It is asked with nothing in hand: Virtuoso hangs up on a large body that comes
        without a password. An answer by digest is good for one request.
        """
        if self._pass is not None:
            return self._pass
        asked = self._reply(_NOTHING, "")
        if asked.status != 401:
            self._pass = ""
            return ""
        found = self._way(asked, self._request(_NOTHING, ""))
        if not found:
            raise EndpointError(self.url, self._no_way(asked), 401)
        if not found.startswith("Digest"):
            self._pass = found
        return found

    def _way(self, asked: Reply, request: web.Request) -> str:
        """Return the header that answers the server that `asked`; "" if there is none."""
        challenge = asked.headers.get("www-authenticate", "")
        if self._token and challenge.partition(" ")[0].lower() in ("bearer", ""):
            return f"Bearer {self._token}"
        return self._password.answer(request, challenge) if self._password else ""

    def _no_way(self, asked: Reply) -> str:
        """Return in words why nothing that is known lets a request in."""
        scheme = asked.headers.get("www-authenticate", "").partition(" ")[0][:20]
        if scheme.lower() == "bearer" and not self._token:
            return f"it asks for a token; set {TOKEN}"
        if self._password is None:
            return f"it asks for a user name and password; set {' and '.join(NAMES)}"
        return f"it asks for a password by {scheme or 'nothing'!r}, and only Basic and Digest are known here, and Bearer with {TOKEN}"

    def _reply(self, text: str, let_in: str) -> Reply:
        return self._line.reply(self._request(text, let_in))

    def _request(self, text: str, let_in: str) -> Request:
        headers = {
            "content-type": "application/sparql-update; charset=utf-8",
            "accept": "application/sparql-results+json, text/plain;q=0.8, */*;q=0.1",
        }
        if let_in:
            headers["authorization"] = let_in
        return Request(self.url, text.encode(), headers, method="POST")  # noqa: S310 - Line looked at it


def push(
    quads: Iterable[Quad], server: Updates, tell: Callable[[str], object] = str
) -> Pushed:
    """Put `quads` into `server` in the place of what was pushed before.

    Afterwards the server's graphs under https://w3id.org/cspgraph/graph/ are those of
    `quads` and no others; a graph elsewhere is replaced only if `quads` names it. The
    same push again changes nothing. `tell` is told how far it is. Raises
    `ParameterError` for a blank node, which could not be sent in batches;
    `EndpointError` where the server refuses or fails, and then the old graphs stand as
    they were; `UnclearPushError` where the last step did not end well.

    Nothing that the server says is believed: before the last step it is asked what it
    holds of each graph, and after it as well, with the day. While one push is under way
    another is refused.
    """
    graphs = _by_graph(quads)
    try:
        lock = _Lock(server)
        server.send(_without(STAGING))  # what a push that broke off has left
    except EndpointError as error:
        raise _stopped(error, "nothing was sent") from error
    total, sent = sum(map(len, graphs.values())), 0
    try:
        for name, triples in graphs.items():
            for count, text in _batches(name, triples):
                lock.renew()
                server.send(text)
                sent += count
                tell(Slow(f"{sent:,} of {total:,} statements sent."))
        _counted(server, {f"{STAGING}{quote(n, safe='')}": graphs[n] for n in graphs})
        lock.check()
    except EndpointError as error:
        left = _undo(server, graphs)
        lock.free()
        done = f"{sent:,} of {total:,} statements were sent, and {left}"
        raise _stopped(error, done) from error
    except BaseException:
        _undo(server, graphs)
        lock.free()
        raise
    try:
        _put_in_place(server, graphs)
    finally:
        lock.free()
    return Pushed(total, len(graphs))


class _Lock:
    """A graph on the server that says who pushes and since when; one push at a time."""

    def __init__(self, server: Updates) -> None:
        """Take the lock; raise `EndpointError` where another push has it."""
        self._server, self._name = server, f"push-{token_hex(8)}"
        self._said = monotonic()
        put = f"GRAPH <{_LOCK}> {{ <{_LOCK}> {_HELD_BY} "
        held = f"GRAPH <{_LOCK}> {{ ?lock {_HELD_BY} ?who }}"
        server.send(
            f'INSERT {{ {put} "{self._name}" ; {_SINCE} ?now }} }}'
            f" WHERE {{ BIND(STR(NOW()) AS ?now) FILTER NOT EXISTS {{ {held} }} }}"
        )
        who, age = self._holder()
        if who != self._name and who and age > _STALE:
            self._take(who)
            who, age = self._holder()
        if not who:
            problem = "it took an update and holds nothing of it; is this the address for updates?"
            raise EndpointError(server.url, problem)
        if who != self._name:
            minutes = f"{age / 60:.0f} minute{'s' * (round(age / 60) != 1)}"
            problem = f"another push is under way, which last said so {minutes} ago; wait for it to end (one that is silent for {_STALE / 60:.0f} minutes counts as over)"
            raise EndpointError(server.url, problem)

    def _holder(self) -> tuple[str, float]:
        """Return who has the lock, the first of several, and for how many seconds."""
        rows = self._server.rows(
            f"SELECT ?who ?since (STR(NOW()) AS ?now) WHERE {{ GRAPH <{_LOCK}>"
            f" {{ ?lock {_HELD_BY} ?who ; {_SINCE} ?since }} }} ORDER BY ?since ?who"
        )
        for row in rows:
            if len(row) == 3 and all(isinstance(term, Literal) for term in row):
                who, since, now = (term.value for term in row if term)
                return who, _seconds(since, now)
        return "", 0.0

    def _take(self, other: str) -> None:
        """Take the lock of a push that is over."""
        old = f'GRAPH <{_LOCK}> {{ ?lock {_HELD_BY} "{other}" ; {_SINCE} ?since }}'
        new = f'GRAPH <{_LOCK}> {{ ?lock {_HELD_BY} "{self._name}" ; {_SINCE} ?now }}'
        where = f"{old} BIND(STR(NOW()) AS ?now)"
        self._server.send(f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ {where} }}")

    def renew(self) -> None:
        """Say again, from time to time, that the push goes on."""
        if monotonic() - self._said > _RENEWED:
            self._said = monotonic()
            self._take(self._name)

    def check(self) -> None:
        """Raise `EndpointError` where the lock has gone to another push."""
        if self._holder()[0] != self._name:
            problem = "another push took over, because this one took too long"
            raise EndpointError(self._server.url, problem)

    def free(self) -> None:
        """Give the lock back; where that fails it is over after a while."""
        mine = (
            f'GRAPH <{_LOCK}> {{ ?lock {_HELD_BY} "{self._name}" ; {_SINCE} ?since }}'
        )
        with suppress(EndpointError):
            self._server.send(f"DELETE {{ {mine} }} WHERE {{ {mine} }}")


def _seconds(since: str, now: str) -> float:
    """Return the seconds between two times of a server; many where it says no times."""
    try:
        return (
            datetime.fromisoformat(now) - datetime.fromisoformat(since)
        ).total_seconds()
    except (ValueError, TypeError):
        return _STALE + 1


def _counted(server: Updates, wanted: Mapping[str, Collection[Triple]]) -> None:
    """Raise `EndpointError` unless the server holds what is `wanted` of each graph.

    Some servers write numbers in one way only, so that two statements become one.
    """
    for name, triples in wanted.items():
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        rows = server.rows(query)
        term = rows[0][0] if rows and rows[0] else None
        said = held(term, "integer") if isinstance(term, Literal) else None
        if said == len(triples):
            continue
        alike = Store()
        alike.extend(Quad(*triple) for triple in triples)
        if not isinstance(said, int) or not len(alike) <= said <= len(triples):
            shown = f"{said:,}" if isinstance(said, int) else "no number"
            problem = f"it says that all was stored, and holds {shown} of the {len(triples):,} statements of <{name}>"
            raise EndpointError(server.url, problem)


def _in_place(server: Updates, graphs: Mapping[str, Collection[Triple]]) -> None:
    """Raise `EndpointError` unless the server serves `graphs` now, and their day."""
    _counted(server, graphs)
    asked = f"SELECT DISTINCT ?day WHERE {{ GRAPH ?g {{ ?snapshot {CSP.asOf} ?day }} }}"
    wanted = {
        t.object for some in graphs.values() for t in some if t.predicate == CSP.asOf
    }
    days = {value.value for value in wanted if isinstance(value, Literal)}
    there = {row[0].value for row in server.rows(asked) if row and row[0]}
    if days and not days <= there:
        said = " and ".join(sorted(there)) or "no day"
        problem = f"it serves {said}, not {' and '.join(sorted(days))}"
        raise EndpointError(server.url, problem)


def _no_page(url: str, reply: Reply) -> None:
    """Raise `EndpointError` where a web page came back: that is no SPARQL server."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        problem = "it answers with a web page, perhaps to log in, not as a SPARQL server; check the address"
        raise EndpointError(url, problem, 400)


def _put_in_place(server: Updates, graphs: Mapping[str, Collection[Triple]]) -> None:
    """Move all staging graphs to their places, in one request, and drop what is old."""
    moves = [f"MOVE GRAPH {_staging(name)} TO GRAPH <{name}>" for name in graphs]
    try:
        server.send(";\n".join([*moves, _without(_OURS, graphs)]))
    except EndpointError as error:
        # Who answered is done with it; who did not may be moving them still.
        left = _undo(server, graphs) if error.status else _left(graphs)
        if error.status and error.status < 500:  # refused, and so not begun
            done = f"the new graphs were not put in place, and {left}"
            raise _stopped(error, done) from error
        problem = f"{error.problem}; it was putting the new graphs in place: some may be new and others old, push again; as for the statements sent, {left}"
        raise UnclearPushError(server.url, problem, error.status) from error
    try:
        _in_place(server, graphs)
    except EndpointError as error:
        problem = f"{error.problem}; the last step was said to be done, and is not, or not wholly: push again"
        raise UnclearPushError(server.url, problem, error.status) from error


def _undo(server: Updates, graphs: Iterable[str]) -> str:
    """Drop the staging graphs; return in words whether they are gone."""
    drops = (f"DROP SILENT GRAPH {_staging(name)}" for name in graphs)
    try:
        server.send(";\n".join(drops))
    except EndpointError:
        return _left(graphs)
    return "they are dropped"


def _left(graphs: Iterable[str]) -> str:
    """Return in words where statements lie that were sent and not put in place."""
    names = ", ".join(f"<{STAGING}{quote(name, safe='')}>" for name in graphs)
    return f"they lie in graphs under {STAGING}, which the next push drops: {names}"


def _stopped(error: EndpointError, done: str) -> EndpointError:
    problem = f"{error.problem}; {done}; the graphs that were there stand as they were"
    return EndpointError(error.url, problem, error.status)


def _by_graph(quads: Iterable[Quad]) -> dict[str, set[Triple]]:
    """Return the triples of each graph by its address."""
    found = defaultdict[str, set["Triple"]](set)
    for quad in quads:
        name = quad.graph_name
        ends = (quad.subject, quad.object)
        whole = all(isinstance(end, NamedNode | Literal) for end in ends)
        if not whole or not isinstance(name, NamedNode | DefaultGraph):
            problem = f"{quad.predicate} has a blank node in {name}; give it an address"
            raise ParameterError(f"push: {problem}")
        found[_UNNAMED if isinstance(name, DefaultGraph) else name.value].add(
            quad.triple
        )
    return dict(sorted(found.items()))


def _batches(graph: str, triples: Iterable[Triple]) -> Iterator[tuple[int, str]]:
    """Yield updates that put `triples` into the staging graph, and how many each puts."""
    place = f"GRAPH {_staging(graph)}"
    plain, spans = list[str](), defaultdict[str, list[str]](list)
    for triple in triples:
        if isinstance(triple.object, Literal) and triple.object.datatype == _DURATION:
            spans[triple.object.value].append(f"{triple.subject} {triple.predicate} ?o")
        else:
            plain.append(str(triple))
    for some in _cut(sorted(plain)):
        yield len(some), f"INSERT DATA {{ {place} {{\n{_lines(some)}}} }}"
    for value, lines in sorted(spans.items()):  # Virtuoso refuses them in INSERT DATA
        where = f"BIND(STRDT({Literal(value)}, {_DURATION}) AS ?o)"
        for some in _cut(sorted(lines)):
            yield (
                len(some),
                f"INSERT {{ {place} {{\n{_lines(some)}}} }} WHERE {{ {where} }}",
            )


def _lines(triples: Iterable[str]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


def _cut(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield `lines` in pieces that no server finds too long."""
    first = letters = 0
    for place, line in enumerate(lines):
        letters += len(line)
        if place > first and (letters > _BATCH_LETTERS or place - first == _BATCH):
            yield lines[first:place]
            first, letters = place, len(line)
    if first < len(lines):
        yield lines[first:]


def _without(start: str, but: Iterable[str] = ()) -> str:
    """Return the update that empties the graphs whose address begins so, `but` some."""
    kept = ", ".join(f"<{name}>" for name in but)
    chosen = f'STRSTARTS(STR(?g), "{start}")'
    chosen = f"{chosen} && ?g NOT IN ({kept})" if kept else chosen
    return f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({chosen}) }}"


def _staging(graph: str) -> str:
    """Return the address of the graph that stands in for `graph`, as SPARQL has it.

    >>> _staging("https://w3id.org/cspgraph/graph/law")
    '<https://w3id.org/cspgraph/staging/https%3A%2F%2Fw3id.org%2Fcspgraph%2Fgraph%2Flaw>'
    """
    return f"<{STAGING}{quote(graph, safe='')}>"
