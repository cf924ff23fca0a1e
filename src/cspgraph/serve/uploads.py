"""The form in which a record is sent to be checked, and the report that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cspgraph.errors import ParameterError
from cspgraph.render import html
from cspgraph.serve.checking import MOST_BYTES, Checker, WrongKindError
from cspgraph.serve.problems import problem
from cspgraph.serve.replies import STYLED
from cspgraph.serve.results import preferred

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

__all__ = ["FIELDS", "Uploads"]

FIELDS = ("file", "area", "on")
#: In which formats the report is given; the first to those who do not choose.
_KINDS = {"application/json": "json", "text/html": "html", "text/plain": "text"}
_FORM = """
<p>Send a record as a workbook (.xlsx) or a YAML file, as
<code>cspgraph template</code> makes it empty. The report says what is to be looked at
first, cell by cell. The file is checked here and not kept.</p>
<form method="post" action="/check" enctype="multipart/form-data">
<p><label for="file">Your record, at most 5 MiB</label><br>
<input type="file" id="file" name="file" accept=".xlsx,.yaml,.yml" required></p>
<p><label for="on">Day, such as 2026-11-30; today if left out</label><br>
<input type="date" id="on" name="on"></p>
<p><button type="submit">Check my record</button></p>
</form>
<p>No record is never “not done”.</p>
"""


class Uploads:
    """The address `/check`: a form to read, and what it sends."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def form(self, request: Request) -> Response:
        """Return the page with the form."""
        del request
        headers = {"Content-Security-Policy": STYLED, "Cache-Control": "no-cache"}
        page = html.page("Check my record", [_FORM])
        return Response(page, headers=headers, media_type="text/html")

    async def check(self, request: Request) -> Response:
        """Return the report on the record that was sent in the field `file`."""
        kind = request.headers.get("content-type", "").lower()
        if not kind.startswith("multipart/form-data"):
            words = (
                "send a form (multipart/form-data) with the record in its field file"
            )
            return problem(415, f"Content-Type: {words}", "content-type")
        try:
            async with request.form(
                max_files=1, max_fields=4, max_part_size=4096
            ) as form:
                return await self._report(request, form)
        except HTTPException as error:
            words = f"the form cannot be read ({error.detail})"
            return problem(400, f"{words}; send one file in its field file", "form")

    async def _report(self, request: Request, form: FormData) -> Response:
        """Check what stands in the fields of the form; empty ones were left out."""
        for name in form:
            if name not in FIELDS:
                takes = ", ".join(FIELDS)
                raise ParameterError(
                    f"{name}: there is no such field; it takes {takes}"
                )
        record = form.get("file")
        if record is None or isinstance(record, str) or not record.filename:
            raise ParameterError(
                "file: missing; choose a workbook (.xlsx) or YAML file"
            )
        if (record.size or 0) > MOST_BYTES:
            most = MOST_BYTES // 1024**2
            return problem(413, f"file: it is over {most} MiB; send less", "body")
        kind = preferred(request.headers.get("accept", ""), [*_KINDS])
        kind = kind or "application/json"
        area, on = (str(form.get(name) or "") or None for name in ("area", "on"))
        data, form_of = await record.read(), _KINDS[kind]
        check, named = self._checker.check, record.filename
        try:
            text = await run_in_threadpool(check, named, data, form_of, area, on)
        except WrongKindError as error:
            return problem(415, str(error), "file-kind")
        headers = {"Cache-Control": "no-store"}
        if kind == "text/html":
            headers["Content-Security-Policy"] = STYLED
        return Response(text, headers=headers, media_type=kind)
