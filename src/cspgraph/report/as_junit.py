"""A report as JUnit XML, which most build servers read: a test for each duty and entry."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from cspgraph.receipt import HORIZON
from cspgraph.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.report.findings import CheckResult, Finding

__all__ = ["written"]


def written(report: CheckResult) -> str:
    """Return the report as JUnit XML.

    What is to be looked at first is a failure, what comes next or is for information
    is skipped with its reason, what was not checked is an error or skipped.
    """
    cases = [*_gaps(report), *_duties(report), *_notes(report)]
    counts = {
        "tests": len(cases),
        "failures": sum("<failure" in case for case in cases),
        "errors": sum("<error" in case for case in cases),
        "skipped": sum("<skipped" in case for case in cases),
    }
    totals = " ".join(f'{name}="{count}"' for name, count in counts.items())
    suite = (
        f'name={_attribute(report.area or "cspgraph")} {totals} time="0"'
        f' timestamp="{report.on.isoformat()}T00:00:00" hostname="localhost"'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        f"<testsuite {suite}>\n{_properties(report)}{''.join(cases)}</testsuite>\n</testsuites>\n"
    )


def _properties(report: CheckResult) -> str:
    """Return how far what is known reaches, the warnings first."""
    told = {"warning": report.warning}
    told |= {key: str(report.receipt.get(key) or "") for key in HORIZON}
    rows = "".join(
        f'<property name="{name}" value={_attribute(text)}/>\n'
        for name, text in told.items()
        if text
    )
    return f"<properties>\n{rows}</properties>\n" if rows else ""


def _gaps(report: CheckResult) -> Iterator[str]:
    for item in report.unseen:
        kind = "error" if item.broken else "skipped"
        yield _case("not checked", item.text, kind, item.text, "")


def _duties(report: CheckResult) -> Iterator[str]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.duty:
            found.setdefault(finding.focus, []).append(finding)
    shown = {w.duty: f"{w.evidence}, {w.source}, {w.where}" for w in report.witnesses}
    for duty in report.duties:
        name = ": ".join(filter(None, (", ".join(duty.bodies), duty.statement)))
        several = found.pop(duty.address, [])
        if not several and not report.since:
            said = f"{duty.standing} {shown.get(duty.address, '')}"
            yield _case(duty.law, f"{name} ({duty.area})", "", "", said)
        for finding in several:
            yield _finding(finding, f"{name} ({duty.area})")
    for some in found.values():  # of a report without its duties
        yield from (_finding(finding, finding.label) for finding in some)


def _notes(report: CheckResult) -> Iterator[str]:
    for finding in report.findings:
        if not finding.duty:
            yield _finding(finding, finding.label)


def _finding(finding: Finding, name: str) -> str:
    kind = "failure" if finding.severity == "violation" else "skipped"
    told = [finding.law, finding.link, finding.reason, finding.where, finding.example]
    said = " | ".join(filter(None, told))
    return _case(finding.law or "data", name, kind, finding.message, said)


def _case(group: str, name: str, kind: str, message: str, said: str) -> str:
    head = f'classname={_attribute(group)} name={_attribute(name)} time="0"'
    if not kind:
        inner = f"<system-out>{_text(said)}</system-out>"
    elif kind == "skipped":
        inner = f"<skipped message={_attribute(f'{message} {said}'.strip())}/>"
    else:
        inner = f'<{kind} message={_attribute(message)} type="finding">{_text(said)}</{kind}>'
    return f"<testcase {head}>{inner}</testcase>\n"


def _text(text: str) -> str:
    return escape(visible(text))


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
