"""The application: each address with what answers it."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from cspgraph.desk import Desk, Kept
from cspgraph.errors import CspgraphError
from cspgraph.serve.answers import Answers
from cspgraph.serve.checking import Checker
from cspgraph.serve.guards import Guard
from cspgraph.serve.metrics import Log, Metrics
from cspgraph.serve.openapi import described
from cspgraph.serve.problems import problem
from cspgraph.serve.ready import SelfTest
from cspgraph.serve.replies import Served, refused, sent
from cspgraph.serve.sparql import Sparql
from cspgraph.serve.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp

__all__ = ["application"]

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def application(
    desk: Desk,
    *,
    names: Sequence[str] = (),
    log: Log | None = None,
    test: bool = True,
    checker: Checker | None = None,
) -> ASGIApp:
    """Return the application that answers for `desk`.

    `names` are those by which readers reach it. Unless `test` is false, it asks itself
    the examples of the questions when it starts.
    """
    kept = Kept[Served](desk.limits.answers, desk.limits.answer_bytes)
    answers, sparql = Answers(desk, kept), Sparql(desk, kept)
    uploads = Uploads(checker or Checker())
    metrics, trial = Metrics(), SelfTest(desk)

    def alive(_: Request) -> Response:
        return Response("alive\n", media_type="text/plain")

    def ready(_: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        status = 200 if trial.ready else 503
        if not trial.ready:
            headers["Retry-After"] = "5"
        return Response(trial.report(), status, headers, "application/json")

    def counted(_: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(metrics.text(), headers=headers, media_type=_METRICS)

    def openapi(request: Request) -> Response:
        text = json.dumps(described(), ensure_ascii=False, indent=1)
        return sent(request, Served(text.encode(), "application/json"), own=False)

    async def ask_by_post(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(sparql.post, request, body)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        if test:
            trial.begin()
        yield

    table: list[tuple[str, Callable[[Request], Response]]] = [
        ("/healthz", alive),
        ("/readyz", ready),
        ("/metrics", counted),
        ("/check", uploads.form),
        ("/sparql", sparql.get),
        ("/api/openapi.json", openapi),
        ("/api/v1/questions", answers.questions),
        ("/api/v1/answers/{question}", answers.question),
        ("/api/v1/why", answers.why),
        ("/api/v1/why-not", answers.why_not),
        ("/api/v1/changes", answers.changes),
        ("/api/v1/due", answers.due),
        ("/api/v1/claims/{document}", answers.claims),
        ("/api/v1/brief", answers.brief),
        ("/api/v1/find", answers.find),
        ("/api/v1/receipt", answers.receipt),
    ]
    table += _pages(desk, kept)
    routes = [Route(path, _read(path, answer)) for path, answer in table]
    for path, send in (("/sparql", ask_by_post), ("/check", uploads.check)):
        routes.insert(0, Route(path, _written(path, send), methods=["POST"]))
    app = Starlette(
        routes=routes,
        lifespan=life,
        exception_handlers={HTTPException: _not_there, Exception: _fault},  # type: ignore[dict-item]
    )
    app.router.redirect_slashes = False
    shared = not desk.own_records
    return Guard(app, metrics, log or Log(), names, shared=shared)


def _pages(
    desk: Desk, kept: Kept[Served]
) -> list[tuple[str, Callable[[Request], Response]]]:
    """Return the addresses of the pages for people, which need the extra `site`."""
    if find_spec("jinja2") is None:
        return []
    from cspgraph.serve.pages import Pages

    pages = Pages(desk, kept)
    return [
        ("/ask/", pages.ask),
        ("/ask/index.html", pages.ask),
        ("/on/{day}/{path:path}", pages.on),
        ("/{path:path}", pages.today),
    ]


def _read(path: str, answer: Callable[[Request], Response]) -> Callable[..., Response]:
    """Return `answer` with what cannot be answered told as a problem."""

    def endpoint(request: Request) -> Response:
        request.scope["cspgraph.route"] = path
        try:
            return answer(request)
        except CspgraphError as error:
            return refused(error)

    return endpoint


def _written(path: str, answer: Callable[..., object]) -> Callable[..., object]:
    """Return `answer`, which reads a body, likewise."""

    async def endpoint(request: Request) -> Response:
        request.scope["cspgraph.route"] = path
        try:
            found: Response = await answer(request)  # type: ignore[misc]
        except CspgraphError as error:
            return refused(error)
        return found

    return endpoint


async def _fault(_: Request, error: Exception) -> Response:
    """Leave a fault of ours to the guard in front, which shows nothing of it."""
    raise error


async def _not_there(request: Request, error: HTTPException) -> Response:
    """Say that an address is none, or that it is not asked so."""
    headers = dict(error.headers or {})
    if error.status_code == 405:
        words = f"{request.method} is not answered at this address"
        return problem(
            405, f"{words}; write {headers.get('Allow', 'GET')}", "method", headers
        )
    words = "no page has this address; /api/openapi.json lists those for programs"
    return problem(404, words, "not-found")
