"""The formats in which a report is written, one to a module.

A new format is a new module here with a function `written`, and a line below. What
several of them fold together is in `folding`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cspgraph.errors import ParameterError, did_you_mean

if TYPE_CHECKING:
    from cspgraph.report.findings import CheckResult

__all__ = ["ENDINGS", "FORMATS", "written"]

#: The module and function of each format, by its name.
FORMATS = {
    "text": "as_text.written",
    "line": "as_text.line",
    "md": "as_markdown.written",
    "csv": "as_csv.written",
    "json": "as_json.written",
    "sarif": "as_sarif.written",
    "junit": "as_junit.written",
    "ttl": "as_shacl.written",
    "html": "as_html.written",
}
#: The format that the ending of a file stands for.
ENDINGS = {
    ".txt": "text",
    ".md": "md",
    ".csv": "csv",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".ttl": "ttl",
    ".html": "html",
}


def written(report: CheckResult, form: str) -> str:
    """Return `report` in the format called `form`.

    Raises `ParameterError` for an unknown format.
    """
    if form not in FORMATS:
        hint = did_you_mean(form, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise ParameterError(f"format: {form!r} is not known; {hint}")
    module, _, function = FORMATS[form].partition(".")
    text: str = getattr(import_module(f"cspgraph.report.{module}"), function)(report)
    return text if text.endswith("\n") else f"{text}\n"
