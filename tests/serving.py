"""What the tests of the server share: one desk, an application, and a client of it."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from cspgraph.desk import Desk, Limits
from cspgraph.serve.app import application
from cspgraph.serve.metrics import Log

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.types import ASGIApp

DAY = "2024-07-23"


@cache
def desk() -> Desk:
    """Return a desk that answers about Dorset where no area is named."""
    return Desk(areas=["E06000059"], sparql="on", limits=Limits(seconds=5))


def client(app: ASGIApp, host: str = "localhost") -> TestClient:
    """Return a client that calls the server by the name `host`."""
    return TestClient(app, base_url=f"http://{host}", raise_server_exceptions=False)


def logged(**given: Any) -> tuple[TestClient, Callable[[], list[dict[str, Any]]]]:
    """Return a client of a new application, and a function that gives its log."""
    out = io.StringIO()
    app = application(desk(), log=Log(out, **given), test=False)
    return client(app), lambda: [json.loads(x) for x in out.getvalue().splitlines()]


def refused(reply: httpx2.Response, status: int, *words: str) -> dict[str, Any]:
    """Return the problem that `reply` is; hold its status and its words."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"].startswith("application/problem+json")
    told: dict[str, Any] = reply.json()
    assert told["status"] == status
    assert told.keys() >= {"type", "title", "detail", "code"}
    for word in words:
        assert word in told["detail"], told["detail"]
    assert "Traceback" not in reply.text
    assert "/src/" not in reply.text
    return told
