"""What went wrong, as problem details (RFC 9457), with the status that fits.

The words are those of the library: they name what was given and what fits.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import Response

from cspgraph.errors import (
    BusyError,
    CspgraphError,
    FileError,
    MissingPackageError,
    NameNotClearError,
    ParameterError,
    StoppedError,
    TooLongError,
    UnknownQueryError,
    UnsafeQueryError,
)
from cspgraph.render.escape import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cspgraph.receipt import Json

__all__ = ["PROBLEM", "TITLES", "NoSuchAddressError", "problem", "problem_of"]

PROBLEM = "application/problem+json"

#: What each status is called.
TITLES = {
    400: "The request does not fit",
    404: "Nothing has that address",
    405: "Only reading is possible here",
    406: "It cannot be given in that format",
    408: "It took too long",
    413: "It is too large",
    414: "The address is too long",
    415: "It is of another kind than is read here",
    421: "This server does not have that name",
    500: "The server made a mistake",
    503: "The server has too much to do",
}
#: The first that fits counts: kinds of error, status, and a word for programs.
_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (BusyError, 503, "busy"),
    (TooLongError, 413, "query-too-long"),
    (UnknownQueryError, 404, "unknown-question"),
    (UnsafeQueryError, 400, "query-refused"),
    (StoppedError, 408, "query-stopped"),
    (NameNotClearError, 400, "name-not-clear"),
    (ParameterError, 400, "parameter"),
    (FileError, 400, "file"),
    (MissingPackageError, 500, "missing-package"),
    (CspgraphError, 400, "question"),
)


class NoSuchAddressError(CspgraphError):
    """An address, or what an address names, that is not there."""


def problem(
    status: int,
    detail: str,
    code: str,
    headers: Mapping[str, str] | None = None,
    **more: Json,
) -> Response:
    """Return a reply with that `status` which says in `detail` what fits instead.

    `code` is a word for programs; `more` are further members.
    """
    whole = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": plain(detail),
        "code": code,
        **more,
    }
    body = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    return Response(body, status, dict(headers or {}), PROBLEM)


def problem_of(error: CspgraphError) -> Response:
    """Return the problem that `error` is.

    >>> problem_of(UnknownQueryError("who-must", ["who-must-adopt"])).status_code
    404
    """
    status, code = 404, "not-found"
    if not isinstance(error, NoSuchAddressError):
        status, code = next((s, c) for kind, s, c in _STATUS if isinstance(error, kind))
    headers, more, said = {}, dict[str, "Json"](), str(error)
    if isinstance(error, StoppedError):  # the rest is about the command line
        said = f"{said.partition('; ')[0]}; ask for less"
    if isinstance(error, BusyError):
        headers = {"Retry-After": str(error.seconds)}
    if isinstance(error, NameNotClearError):
        more = {"parameter": error.parameter, "candidates": error.candidates}
    if isinstance(error, UnknownQueryError):
        more = {"known": error.known}
    return problem(status, said, code, headers, **more)
