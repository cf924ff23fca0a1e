"""Talk to a server that is not ours: a limit on time and size, no redirects, no leaks.

A server may be slow on purpose, never stop, or point somewhere else. One request is
one answer within its time, whole, from the address that was given, or one sentence.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import TYPE_CHECKING
from urllib import request as web
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from cspgraph.errors import EndpointError
from cspgraph.secrets import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message
    from http.client import HTTPResponse

__all__ = ["MAX_ANSWER_BYTES", "HttpClient", "Reply"]

#: More than this is never read of one answer.
MAX_ANSWER_BYTES = 50 * 1024 * 1024
_TOLD_BYTES = 16 * 1024  # of the words that come with an error
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """What a server answered: status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Requests to one server, each within `seconds`.

    Raises `EndpointError` for an address that is not HTTP or HTTPS, or that contains a
    password, which anybody could read in a list of processes.

    >>> HttpClient("file:///etc/hostname", 5)
    Traceback (most recent call last):
    cspgraph.errors.EndpointError: file:///etc/hostname: an endpoint's address begins with http:// or https://
    """

    def __init__(self, url: str, seconds: float) -> None:
        self.url, self.seconds = url, seconds
        try:
            parts = urlsplit(url)
            host, named = parts.hostname or "", bool(parts.username)
            _ = parts.port
        except ValueError as error:
            raise EndpointError(url, "the address cannot be read; check it") from error
        if parts.scheme not in ("http", "https") or not host:
            problem = "an endpoint's address begins with http:// or https://"
            raise EndpointError(url, problem)
        if named:
            problem = (
                "an address holds no password, which anybody could read; leave it out"
            )
            raise EndpointError(f"{parts.scheme}://{host}", problem)

    def send(self, request: web.Request) -> Reply:
        """Return the reply to `request`, whole and with a status that means success.

        Raises `EndpointError` for anything else, within the time there is.
        """
        return self.good(self.reply(request))

    def good(self, reply: Reply) -> Reply:
        """Return `reply`; raise `EndpointError` unless its status means success."""
        if 300 <= reply.status < 400:
            place = reply.headers.get("location", "an address it does not say")
            problem = f"it sends us on to {_line(place)}, and no redirect is followed; give that address if you trust it"
            raise EndpointError(self.url, problem, reply.status)
        if reply.status in (401, 403):
            problem = f"it does not let us in ({reply.status}); ask who runs it"
            raise EndpointError(self.url, problem, reply.status)
        if not 200 <= reply.status < 300:
            said = _line(reply.body.decode(errors="replace"))
            problem = f"answered with an error, {reply.status}"
            problem = f"{problem}: {said}" if said else problem
            raise EndpointError(self.url, problem, reply.status)
        return reply

    def reply(self, request: web.Request) -> Reply:
        """Return what comes back, whatever its status; read an error only in part."""
        with self._limited() as (opener, over):
            try:
                with opener.open(request, timeout=self.seconds) as reply:
                    return self._read(reply, over)
            except HTTPError as error:
                with error, suppress(HTTPException, OSError, ValueError):
                    said = error.read(_TOLD_BYTES)
                    return Reply(error.code, _headers(error.headers), said)
                return Reply(error.code, _headers(error.headers), b"")
            except (URLError, OSError, HTTPException, ValueError) as error:
                raise EndpointError(self.url, self._why(error, over)) from error

    def _read(self, reply: HTTPResponse, over: list[bool]) -> Reply:
        pieces, size = [], 0
        while piece := reply.read1(_PIECE):
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                most = MAX_ANSWER_BYTES // 2**20
                problem = f"the answer is larger than {most} MiB; ask for less"
                raise EndpointError(self.url, problem)
            pieces.append(piece)
        claimed = reply.headers.get("content-length") or ""
        if over:
            raise EndpointError(self.url, self._why(None, over))
        if claimed.isdecimal() and size < int(claimed):
            raise EndpointError(self.url, "the answer is not complete; ask again")
        return Reply(reply.status, _headers(reply.headers), b"".join(pieces))

    def _why(self, error: Exception | None, over: list[bool]) -> str:
        reason = getattr(error, "reason", error)
        if over or isinstance(reason, TimeoutError):
            return f"no answer: timed out after {self.seconds:g} s; ask for less, or give it longer"
        return f"no answer: {_line(str(reason)) or 'it hung up'}"

    @contextmanager
    def _limited(self) -> Iterator[tuple[web.OpenerDirector, list[bool]]]:
        """Give an opener whose connection is cut when the time is over.

        A time-out of a socket alone counts from each byte that comes.
        """
        sockets: list[socket.socket] = []
        over: list[bool] = []
        end = time.monotonic() + self.seconds

        def cut() -> None:
            over.append(True)
            for held in sockets:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)

        def kept(kind: type[HTTPConnection]) -> type[HTTPConnection]:
            class Kept(kind):  # type: ignore[misc, valid-type]
                def connect(self) -> None:
                    self.timeout = max(0.01, end - time.monotonic())
                    super().connect()
                    sockets.append(self.sock)

            return Kept

        class Plain(web.HTTPHandler):
            def http_open(self, req: web.Request) -> HTTPResponse:
                return self.do_open(kept(HTTPConnection), req)

        class Secure(web.HTTPSHandler):
            def https_open(self, req: web.Request) -> HTTPResponse:
                return self.do_open(kept(HTTPSConnection), req)

        timer = Timer(self.seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield _opener(Plain(), Secure()), over
        finally:
            timer.cancel()


def _opener(*handlers: web.BaseHandler) -> web.OpenerDirector:
    """Return an opener for http and https alone.

    Without redirects, which become errors: a question goes where it was addressed.
    """
    opener = web.OpenerDirector()
    for handler in (
        web.ProxyHandler(),
        *handlers,
        web.HTTPDefaultErrorHandler(),
        web.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _headers(said: Message) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in said.items()}


def _line(text: str) -> str:
    """Return the beginning of `text` on one line, without marks that act."""
    words = re.sub(r"<[^>]*>|[\x00-\x20\x7f-\x9f]+", " ", cut(text))
    return " ".join(words.split())[:200]
