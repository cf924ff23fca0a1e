"""What every request meets first: its name, its address, its size and its turn.

A request that is not as it should be is refused in words before anything is asked. What
goes out has the headers that keep a browser from doing more than show it.
"""

from __future__ import annotations

import asyncio
import re
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders

from cspgraph.serve.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from cspgraph.serve.metrics import Log, Metrics

__all__ = ["HEADERS", "MOST_ADDRESS", "Guard"]

#: What every reply says to browsers, unless it says otherwise itself.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Accept-Ranges": "none",
}
#: Where pages of other sites may read, and programs are told what went wrong.
OPEN = ("/api/", "/sparql")
MOST_ADDRESS, MOST_PARAMETERS = 2_048, 3 * 66 * 1024
SECONDS_TO_SEND = 10
MOST_AT_ONCE = 32
#: How many bytes each address takes by POST.
BODIES = {"/sparql": 3 * 66 * 1024, "/check": 5 * 1024**2 + 64 * 1024, "/mcp": 2**18}
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_TRICKS = re.compile(
    r"[\x00-\x20\x7f\\]|//|/\.{1,2}(?:/|$)|%(?:00|2f|5c)", re.IGNORECASE
)
_METHODS = ("GET", "HEAD", "POST")


class Guard:
    """An application in front of another, which it is kept to its limits by.

    `names` are those by which readers reach it, besides addresses of machines and
    `localhost`: a page of another site that pretends to be one of them is refused.
    `shared` is whether pages of other sites may read what programs are given.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        log: Log,
        names: Sequence[str] = (),
        *,
        shared: bool = True,
        bodies: Mapping[str, int] = BODIES,
    ) -> None:
        self._app, self._metrics, self._log = app, metrics, log
        self._names = {name.lower().rstrip(".") for name in names} | {"localhost"}
        self._shared, self._bodies = shared, bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        begun, said = time.perf_counter(), dict[str, Any]()

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                said["status"] = message["status"]
                self._mark(scope, MutableHeaders(raw=message["headers"]))
            await send(message)

        self._metrics.in_flight += 1
        try:
            await self._answer(scope, receive, out)
        except Exception as error:  # noqa: BLE001 - a fault of ours is told, never shown
            await self._fault(error, said, scope, receive, out)
        finally:
            self._metrics.in_flight -= 1
            taken = time.perf_counter() - begun
            route = scope.get("cspgraph.route") or "(none)"
            status = said.get("status", 499)
            self._metrics.count(route, status, taken)
            self._log.say(
                (scope.get("client") or [""])[0],
                route=route,
                status=status,
                ms=round(taken * 1000, 1),
                rows=scope.get("cspgraph.rows"),
            )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is None and self._metrics.in_flight > MOST_AT_ONCE:
            refusal = _busy()
        if refusal is None and scope["method"] == "POST":
            most = self._bodies.get(scope["path"], 0)
            try:
                async with asyncio.timeout(SECONDS_TO_SEND):
                    body = await _body(receive, most)
            except TimeoutError:
                words = f"the request was not sent within {SECONDS_TO_SEND} s; send it again"
                refusal = problem(408, words, "slow", {"Connection": "close"})
            else:
                if body is None:
                    refusal = _too_large(most)
                else:
                    receive = _replayed(body, receive)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what is said to a request that is not as it should be."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return problem(400, "Host: send it once, as a name and a port", "host")
        if not self._known(hosts[0]):
            words = "the server was not started for that name; whoever runs it can add --name"
            return problem(421, f"Host: {words}", "host")
        if scope["method"] not in _METHODS:
            allowed = {"Allow": ", ".join(_METHODS)}
            words = f"{scope['method'][:20]} is not answered; write GET"
            return problem(405, words, "method", allowed)
        return _address(scope) or self._length(scope, headers)

    def _length(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse a body where none is read, and one that says it is too large."""
        length = headers.get("content-length", "0")
        sent = length != "0" or "transfer-encoding" in headers
        if scope["method"] != "POST":
            if sent:
                close = {"Connection": "close"}
                return problem(400, "a question by GET has no body", "body", close)
            return None
        most = self._bodies.get(scope["path"], 0)
        if length.isdecimal() and int(length[:12]) > most:
            return _too_large(most)
        if headers.get("content-encoding", "identity").lower() != "identity":
            words = "Content-Encoding: packed bodies are not read; send it as it is"
            return problem(415, words, "content-encoding", {"Connection": "close"})
        return None

    def _known(self, host: str) -> bool:
        name = host.lower()
        name = name[1 : name.index("]")] if name[0] == "[" else name.partition(":")[0]
        if name.rstrip(".") in self._names:
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    def _mark(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if (
            self._shared
            and scope["path"].startswith(OPEN)
            and scope["method"] != "POST"
        ):
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = (
                "Cspgraph-Cut, Cspgraph-Day, ETag, Link"
            )
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"

    async def _fault(
        self,
        error: Exception,
        said: Mapping[str, Any],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Say that the fault is ours, under a number by which the log knows it."""
        number = uuid4().hex[:12]
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = f"{at.tb_frame.f_globals.get('__name__')}:{at.tb_lineno}" if at else ""
        kind = type(error).__name__
        self._log.say(fault=number, kind=kind, place=place)
        if "status" not in said:
            words = f"a fault of the server, number {number} in its log; ask again, or tell whoever runs it"
            await problem(500, words, "fault", number=number)(scope, receive, send)


def _address(scope: Scope) -> Response | None:
    """Refuse an address that is too long, or that plays tricks."""
    path = scope.get("raw_path") or scope["path"].encode()
    if len(path) > MOST_ADDRESS:
        words = f"the path has {len(path)} letters, at most {MOST_ADDRESS} are read"
        return problem(414, words, "address")
    if len(scope["query_string"]) > MOST_PARAMETERS:
        words = "the parameters are longer than is read; send the query by POST"
        return problem(413, words, "address")
    if _TRICKS.search(path.decode("latin-1")) or _TRICKS.search(scope["path"]):
        words = "no page has such an address; begin at /"
        return problem(404, words, "address")
    return None


def _busy() -> Response:
    words = f"{MOST_AT_ONCE} requests are being answered; ask again in 2 seconds"
    return problem(503, words, "busy", {"Retry-After": "2"})


def _too_large(most: int) -> Response:
    close = {"Connection": "close"}
    if not most:
        allowed = {"Allow": "GET, HEAD", **close}
        return problem(
            405, "nothing is sent to this address; write GET", "method", allowed
        )
    words = f"the body is larger than {most // 1024} KiB; send less"
    return problem(413, words, "body", close)


async def _body(receive: Receive, most: int) -> bytes | None:
    """Return the whole body; None where it is larger than `most`."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body`, which was read already, and then goes on."""
    left = [body]

    async def again() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again
