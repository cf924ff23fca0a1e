"""Run an application on this machine, with a limit on how long a reader may take.

A connection that does not send the head of its request in time is closed, and so is
one that does not take its answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from cspgraph.errors import ParameterError
from cspgraph.serve.guards import MOST_ADDRESS, MOST_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

__all__ = ["LOOPBACK", "PatientProtocol", "run", "server"]

#: What a machine calls itself.
LOOPBACK = ("127.0.0.1", "::1", "localhost")
HEAD_SECONDS, READ_SECONDS = 10, 60
MOST_CONNECTIONS = 256
_STOP_SECONDS = 10
_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 34\r\nConnection: close\r\n\r\nThe request was not sent in time.\n"
)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with patience for a while: for the head of a request, and for readers."""

    _head: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; the head is whole once the other side is past it."""
        self._begun = True
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._begun = False
            self._head = _stop(self._head)
        elif self._head is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and what was waited for."""
        self._head, self._reading = _stop(self._head), _stop(self._reading)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for a reader that does not read, for a while."""
        self.flow.pause_writing()
        self._reading = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on."""
        self._reading = _stop(self._reading)
        self.flow.resume_writing()

    def _wait(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._late)

    def _late(self) -> None:
        """Close a connection whose request did not come."""
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            if self._begun:
                self.transport.write(_LATE)
            self.transport.close()


def _stop(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Stop `timer`, and return that there is none."""
    if timer is not None:
        timer.cancel()
    return None


class _Lines(logging.Formatter):
    """A line of JSON for each message of the server itself."""

    def format(self, record: logging.LogRecord) -> str:
        day = datetime.now(UTC).isoformat("T", "seconds")
        said = {"time": day, "level": record.levelname, "said": record.getMessage()}
        return json.dumps(said)


def server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """Return a server of `app` that is not yet running."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_STOP_SECONDS,
        h11_max_incomplete_event_size=MOST_ADDRESS + MOST_PARAMETERS + 16 * 1024,
    )
    return uvicorn.Server(config)


def run(
    app: ASGIApp, host: str, port: int, tell: Callable[[str], object] = print
) -> None:
    """Serve `app` at this address until the process is told to end.

    Raises `ParameterError` for an address that cannot be used.
    """
    try:
        asyncio.run(_free(host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or str(error)
        problem = f"{host}:{port} cannot be used ({said.lower()}); choose another"
        raise ParameterError(f"port: {problem}") from error
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logger = logging.getLogger("uvicorn")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.WARNING)
    shown = f"[{host}]" if ":" in host else host
    tell(f"http://{shown}:{port}/ is served; Ctrl+C ends it")
    server(app, host, port).run()


async def _free(host: str, port: int) -> None:
    """Take the address and give it back; raise `OSError` where that cannot be."""

    def nobody() -> Any:
        return asyncio.Protocol()

    taken = await asyncio.get_running_loop().create_server(nobody, host, port)
    taken.close()
    await taken.wait_closed()
