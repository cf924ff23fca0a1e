"""A report as JSON, and a report of before read back from it.

The format is told by `docs/reference/report.schema.json`; its version is in each
report, and grows when a key changes its meaning or goes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING

from cspgraph.errors import FileError
from cspgraph.render.escape import json_text
from cspgraph.report.findings import CheckResult, DutyStatus, Evidence, Finding, Unseen
from cspgraph.version import __version__

if TYPE_CHECKING:
    from typing import Any

__all__ = ["SCHEMA", "read", "written"]

SCHEMA = "https://w3id.org/cspgraph/schema/report-1.json"
#: The version of the keys; reports of before have it as `version` alone.
VERSION = 1


def written(report: CheckResult) -> str:
    """Return the report as one JSON object; what cannot be seen is escaped in it."""
    whole = {
        "$schema": SCHEMA,
        "schema": VERSION,
        "version": VERSION,
        "generator": f"cspgraph {__version__}",
        "on": report.on.isoformat(),
        "area": report.area,
        "summary": report.line,
        "standings": dict(report.standings),
        "not_checked": [asdict(item) for item in report.unseen],
        "findings": [asdict(finding) for finding in report.findings],
        "duties": [asdict(duty) for duty in report.duties],
        "witnesses": [asdict(witness) for witness in report.witnesses],
        "since": report.since,
        "resolved": [asdict(finding) for finding in report.resolved],
        "receipt": dict(report.receipt),
    }
    return json_text(whole)


def read(data: bytes, name: str) -> CheckResult:
    """Return the report that `data` holds, which came from the file called `name`.

    Raises `FileError` when it is no report in JSON, or one of another version.

    >>> read(b"{}", "old.json")
    Traceback (most recent call last):
    cspgraph.errors.FileError: old.json: this is not a whole report of version 1; make one with 'cspgraph check --format json'
    """
    try:
        whole = _whole(data)
        return CheckResult(
            on=date.fromisoformat(whole["on"]),
            area=whole["area"],
            duties=_all(DutyStatus, whole["duties"]),
            findings=_all(Finding, whole["findings"]),
            witnesses=_all(Evidence, whole["witnesses"]),
            unseen=_all(Unseen, whole["not_checked"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = "this is not a whole report of version 1; make one with 'cspgraph check --format json'"
        raise FileError(name, problem) from error


def _whole(data: bytes) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(data)
    if (whole["version"], whole["since"]) != (VERSION, ""):
        raise ValueError("another version, or only what is new")
    return whole


def _all(kind: type[Any], items: list[dict[str, Any]]) -> tuple[Any, ...]:
    names = [field.name for field in fields(kind)]
    return tuple(kind(**{n: _value(item[n]) for n in names}) for item in items)


def _value(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_value, value))
    if not isinstance(value, str | bool):
        raise TypeError(value)
    return value
