"""Counts of what was asked, by route and status, as text for a monitor; no readers in it."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, TextIO

from cspgraph.version import __version__

if TYPE_CHECKING:
    from cspgraph.receipt import Json

__all__ = ["Log", "Metrics"]


class Metrics:
    """Counts requests and how long they took.

    >>> counts = Metrics()
    >>> counts.count("/healthz", 200, 0.001)
    >>> 'cspgraph_requests_total{route="/healthz",status="200"} 1' in counts.text()
    True
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._started = time.monotonic()
        #: How many requests are being answered at the moment.
        self.in_flight = 0

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count a request to `route` that ended with `status` after so many seconds."""
        with self._lock:
            self._requests[route, status] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def text(self) -> str:
        """Return the counts in the text format of Prometheus."""
        with self._lock:
            requests, seconds = sorted(self._requests.items()), dict(self._seconds)
        lines = [
            "# TYPE cspgraph_info gauge",
            f'cspgraph_info{{version="{__version__}"}} 1',
            "# TYPE cspgraph_up_seconds gauge",
            f"cspgraph_up_seconds {time.monotonic() - self._started:.0f}",
            "# TYPE cspgraph_requests_in_flight gauge",
            f"cspgraph_requests_in_flight {self.in_flight}",
            "# TYPE cspgraph_requests_total counter",
        ]
        lines += [
            f'cspgraph_requests_total{{route="{route}",status="{status}"}} {count}'
            for (route, status), count in requests
        ]
        lines.append("# TYPE cspgraph_request_seconds_total counter")
        lines += [
            f'cspgraph_request_seconds_total{{route="{route}"}} {taken:.6f}'
            for route, taken in sorted(seconds.items())
        ]
        return "\n".join(lines) + "\n"


class Log:
    """Writes a line of JSON for each request: no query, no address of the asked page.

    With `addresses`, the address of the reader is written as well.
    """

    def __init__(self, out: TextIO | None = None, *, addresses: bool = False) -> None:
        self._out, self._addresses = out, addresses

    def say(self, reader: str = "", **what: Json) -> None:
        """Write one line."""
        line: dict[str, Json] = {"time": datetime.now(UTC).isoformat("T", "seconds")}
        line |= what
        if self._addresses and reader:
            line["reader"] = reader
        out = self._out or sys.stderr
        out.write(json.dumps(line) + "\n")
        out.flush()
