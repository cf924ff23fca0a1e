"""A report as SARIF 2.1.0, which code hosts show beside the line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from cspgraph.rdf.terms import compact
from cspgraph.render.escape import json_text, visible
from cspgraph.version import __version__

if TYPE_CHECKING:
    from typing import Any

    from cspgraph.report.findings import CheckResult, Finding

__all__ = ["written"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_LINKS = str.maketrans({"[": "\\[", "]": "\\]", "\\": "\\\\", "{": "{{", "}": "}}"})


def written(report: CheckResult) -> str:
    """Return the report as one SARIF log with one run.

    Its results are shown beside the line, so what has no place in a file is left out,
    and how much that is stands in a notification.
    """
    placed = [
        finding
        for finding in report.findings
        if finding.file and (not report.files or finding.file in report.files)
    ]
    left = len(report.findings) - len(placed)
    rules = {finding.shape: finding for finding in placed}
    places = {shape: number for number, shape in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "cspgraph",
                "version": __version__,
                "rules": [_rule(rules[shape]) for shape in sorted(rules)],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.broken,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": _words(told)}}
                    for told in filter(None, [report.warning])
                ]
                + [
                    {
                        "level": "error" if item.broken else "note",
                        "message": {"text": _words(f"not checked: {item.text}")},
                    }
                    for item in report.unseen
                ]
                + [
                    {
                        "level": "note",
                        "message": {
                            "text": f"{left} more found that no file here tells of; other"
                            " formats of this report list them"
                        },
                    }
                ]
                * (left > 0),
            }
        ],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "summary": report.line,
            "on": report.on.isoformat(),
            **report.receipt,
        },
        "results": [_result(f, places[f.shape], report) for f in placed],
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(whole)


def _rule(finding: Finding) -> dict[str, Any]:
    rule = {
        "id": compact(finding.shape),
        "shortDescription": {"text": _words(finding.message)},
    }
    if finding.reason:
        rule["fullDescription"] = {"text": _words(finding.reason)}
    return rule


def _result(finding: Finding, rule: int, report: CheckResult) -> dict[str, Any]:
    said = [finding.law, finding.label, finding.duty, finding.message]
    thing: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": finding.focus, "kind": "member"}]
    }
    thing["physicalLocation"] = {
        "artifactLocation": {"uri": quote(visible(finding.file))}
    }
    if finding.line:
        thing["physicalLocation"]["region"] = {"startLine": finding.line}
    result: dict[str, Any] = {
        "ruleId": compact(finding.shape),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _words(": ".join(filter(None, said)))},
        "locations": [thing],
        "partialFingerprints": {"finding/v1": " ".join(finding.key)},
        "properties": {
            name: getattr(finding, name)
            for name in ("law", "link", "reason", "area", "value", "example", "place")
        },
    }
    if report.since:
        result["baselineState"] = "new"
    return result


def _words(text: str) -> str:
    """Return `text` without links of SARIF and without places to fill in."""
    return visible(text).translate(_LINKS)
