"""From a request to a reply: parameters read once, answers kept, the same tag for the same bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.responses import Response

from cspgraph.errors import CspgraphError, ParameterError, did_you_mean, either
from cspgraph.serve.problems import problem, problem_of
from cspgraph.serve.results import preferred

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from cspgraph.desk import Desk, Kept

__all__ = ["STYLED", "Served", "Words", "answered", "format_of", "words_of"]

#: The short names of media types, for those who choose with `format=`.
SHORT = {
    "application/json": "json",
    "text/csv": "csv",
    "text/markdown": "md",
    "text/html": "html",
    "text/plain": "text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
#: What a page may do that has its style in itself.
STYLED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
_TEXT = ("text/", "application/json", "application/xml")


@dataclass(frozen=True, slots=True)
class Served:
    """What is sent: bytes, their media type, how many rows they hold, and headers."""

    body: bytes
    kind: str
    rows: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The entity tag: the same for the same bytes."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class Words:
    """The parameters of a request, each with its values in order."""

    given: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str | None:
        """Return the only value of `name`; None where it is not given.

        >>> Words({"on": ["2024-07-23"]}).one("on")
        '2024-07-23'
        """
        values = self.given.get(name, ())
        if len(values) > 1:
            raise ParameterError(
                f"{name}: it is given {len(values)} times; give it once"
            )
        if values and not values[0].strip():
            raise ParameterError(f"{name}: no value follows; give one or leave it out")
        return values[0] if values else None

    def needed(self, name: str, what: str) -> str:
        """Return the only value of `name`; refuse a request without it."""
        value = self.one(name)
        if value is None:
            raise ParameterError(f"{name}: missing; give {what}")
        return value

    def rest(self, *taken: str) -> dict[str, list[str]]:
        """Return the parameters that are not `taken`, each with all its values."""
        return {k: list(v) for k, v in self.given.items() if k not in taken}

    def refuse_others(self, *known: str) -> None:
        """Raise `ParameterError` for a parameter that is not `known`."""
        for name in self.given:
            if name not in known:
                hint = did_you_mean(name, known) or f"it takes {', '.join(known)}"
                raise ParameterError(f"{name}: there is no such parameter; {hint}")


def words_of(request: Request) -> Words:
    """Return the parameters in the address of `request`."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    return Words(given)


def format_of(request: Request, words: Words, offered: Sequence[str]) -> str:
    """Return the media type that is asked for, with `format=` or in `Accept`.

    Raises `ParameterError` for a format that is not `offered`, and `NotOfferedError`
    where nothing that is offered is accepted.
    """
    short = {SHORT[kind]: kind for kind in offered}
    asked = words.one("format")
    if asked is not None:
        if asked not in short:
            problem = f"{asked!r} is not known; write {either([*short])}"
            raise ParameterError(f"format: {problem}")
        return short[asked]
    found = preferred(request.headers.get("accept", ""), offered)
    if found is None:
        raise NotOfferedError(offered)
    return found


class NotOfferedError(CspgraphError):
    """The reader accepts none of the media types in which something is given."""

    def __init__(self, offered: Sequence[str]) -> None:
        self.offered = list(offered)
        super().__init__(f"Accept: it is given as {either(self.offered)}")


def answered(
    request: Request,
    desk: Desk,
    kept: Kept[Served],
    kind: str,
    make: Callable[[], Served],
) -> Response:
    """Return the reply to `request` in the media type `kind`, made once and kept.

    The day is part of what it is kept under, because an address without one means
    today. A reader who has it already is told that it has not changed.
    """
    words = tuple(sorted(request.query_params.multi_items()))
    key = request.url.path, words, kind, desk.today()
    reply = kept.get(key)
    if reply is None:
        with kept.alone(key):
            reply = kept.get(key) or make()
            kept.put(key, reply, len(reply.body))
    return sent(request, reply, own=bool(desk.own_records))


def sent(request: Request, reply: Served, *, own: bool) -> Response:
    """Return `reply` with what caches need to know of it."""
    dated = "on" in request.query_params
    known = "private, no-cache" if own else "public, no-cache"
    headers = {
        "ETag": reply.tag,
        "Cache-Control": "public, max-age=300" if dated and not own else known,
        "Vary": "Accept",
        **reply.headers,
    }
    if request.method == "POST":
        headers["Cache-Control"] = "no-store"
    elif _has_it(request, reply.tag):
        return Response(None, 304, headers)
    if reply.kind == "text/html":  # such a page brings its style along
        headers["Content-Security-Policy"] = STYLED
    request.scope["cspgraph.rows"] = reply.rows
    text = reply.kind.startswith(_TEXT) or reply.kind.endswith(("+json", "+xml"))
    media = f"{reply.kind}; charset=utf-8" if text else reply.kind
    return Response(reply.body, 200, {**headers, "Content-Type": media})


def _has_it(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    known = [one.strip().removeprefix("W/") for one in given.split(",")]
    return tag in known or "*" in known


def refused(error: CspgraphError) -> Response:
    """Return the problem that `error` is, for a program."""
    if isinstance(error, NotOfferedError):
        return problem(406, str(error), "not-acceptable", offered=error.offered)
    return problem_of(error)
