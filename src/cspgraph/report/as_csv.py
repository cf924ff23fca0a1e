"""A report as CSV, one row for each finding, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cspgraph.render.escape import sheet_cell
from cspgraph.report.findings import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.report.findings import CheckResult

__all__ = ["TITLES", "rows", "written"]

TITLES = (
    *("weight", "law", "link", "duty", "who or what", "area", "to do", "why"),
    *("found", "for example", "file", "place"),
)


def written(report: CheckResult) -> str:
    """Return the report as CSV; a cell that begins like a formula gets a ' before it.

    What was not checked comes first, then findings, then the evidence.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TITLES)
    writer.writerows([sheet_cell(text) for text in row] for row in rows(report))
    return out.getvalue()


def rows(report: CheckResult) -> Iterator[list[str]]:
    """Yield a row of texts for everything in the report, under `TITLES`."""
    empty = [""] * len(TITLES)
    for weight, told in (("beyond", report.warning), ("known", report.reach)):
        if told:
            yield [weight, *empty[1:6], told, *empty[7:]]
    for item in report.not_checked:
        yield ["not checked", *empty[1:6], item, *empty[7:]]
    for found, weight in [(f, WORDS[f.severity]) for f in report.findings] + [
        (f, "no longer found") for f in report.resolved
    ]:
        yield [
            *(weight, found.law, found.link, found.duty, found.label, found.area),
            *(found.message, found.reason, "" if found.duty else found.value),
            *(found.example, found.file, found.place),
        ]
    for w in report.witnesses:
        file, _, place = w.where.partition(", ")
        who = ", ".join(w.bodies)
        yield [
            *("on record", w.law, w.link, w.statement, who, "", "", w.source),
            *(w.shown, "", file, place),
        ]
