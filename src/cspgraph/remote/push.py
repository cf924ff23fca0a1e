"""Put a built graph into a SPARQL server: beside the old one first, then in its place.

Everything goes by SPARQL 1.1 Update. The statements of each graph are sent in batches
to a staging graph, and one last request moves every staging graph to where it belongs.
Before that request the old graphs are untouched, whatever happens.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib import request as web
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request

from pyoxigraph import DefaultGraph, Literal, NamedNode

from cspgraph.errors import EndpointError, ParameterError, UnclearPushError
from cspgraph.progress import Slow
from cspgraph.rdf.terms import BASE, PREFIXES
from cspgraph.remote.http import HttpClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Self

    from pyoxigraph import Quad, Triple

    from cspgraph.remote.http import Reply

__all__ = ["NAMES", "STAGING", "Password", "Pushed", "Updates", "push"]

#: The words of the environment in which they stand.
NAMES = ("CSPGRAPH_USER", "CSPGRAPH_PASSWORD")


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
_LEFT = f"they lie in graphs under {STAGING}, which the next push drops"
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

    def __init__(self, url: str, seconds: float = 120) -> None:
        self.url = url
        self._line = HttpClient(url, seconds)
        self._password = Password.given()
        self._pass: str | None = None

    def send(self, text: str) -> None:
        """Do the update `text`; raise `EndpointError` unless the server says it is done."""
        reply = self._reply(text, self._let_in())
        if reply.status == 401:
            problem = f"it does not take the name and password in {' and '.join(NAMES)}"
            raise EndpointError(self.url, f"{problem}; check them", 401)
        self._line.good(reply)

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
        if self._password is None:
            problem = f"it asks for a user name and password; set {' and '.join(NAMES)}"
            raise EndpointError(self.url, problem)
        challenge = asked.headers.get("www-authenticate", "")
        found = self._password.answer(self._request(_NOTHING, ""), challenge)
        if not found:
            scheme = challenge.partition(" ")[0][:20] or "nothing"
            problem = f"it asks for a password by {scheme!r}, and only Basic and Digest are known here"
            raise EndpointError(self.url, problem)
        if found.startswith("Basic"):
            self._pass = found
        return found

    def _reply(self, text: str, let_in: str) -> Reply:
        return self._line.reply(self._request(text, let_in))

    def _request(self, text: str, let_in: str) -> Request:
        headers = {"content-type": "application/sparql-update; charset=utf-8"}
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
    """
    try:
        server.send(_without(STAGING))  # what a push that broke off has left
    except EndpointError as error:
        raise _stopped(error, "nothing was sent") from error
    graphs = _by_graph(quads)
    total, sent = sum(map(len, graphs.values())), 0
    try:
        for name, triples in graphs.items():
            for count, text in _batches(name, triples):
                server.send(text)
                sent += count
                tell(Slow(f"{sent:,} of {total:,} statements sent."))
    except EndpointError as error:
        left = _undo(server, graphs)
        done = f"{sent:,} of {total:,} statements were sent, and {left}"
        raise _stopped(error, done) from error
    except BaseException:
        _undo(server, graphs)
        raise
    _put_in_place(server, graphs)
    return Pushed(total, len(graphs))


def _put_in_place(server: Updates, graphs: Iterable[str]) -> None:
    """Move all staging graphs to their places, in one request, and drop what is old."""
    moves = [f"MOVE GRAPH {_staging(name)} TO GRAPH <{name}>" for name in graphs]
    try:
        server.send(";\n".join([*moves, _without(_OURS, graphs)]))
    except EndpointError as error:
        # Who answered is done with it; who did not may be moving them still.
        left = _undo(server, graphs) if error.status else _LEFT
        if error.status and error.status < 500:  # refused, and so not begun
            done = f"the new graphs were not put in place, and {left}"
            raise _stopped(error, done) from error
        problem = f"{error.problem}; it was putting the new graphs in place: some may be new and others old, push again; as for the statements sent, {left}"
        raise UnclearPushError(server.url, problem, error.status) from error


def _undo(server: Updates, graphs: Iterable[str]) -> str:
    """Drop the staging graphs; return in words whether they are gone."""
    drops = (f"DROP SILENT GRAPH {_staging(name)}" for name in graphs)
    try:
        server.send(";\n".join(drops))
    except EndpointError:
        return _LEFT
    return "they are dropped"


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
