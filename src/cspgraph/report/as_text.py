"""A report as plain text, for a terminal and for reading aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.render.escape import visible
from cspgraph.report.findings import gathered, groups, other, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.report.findings import CheckResult, Evidence, Fold, Group

__all__ = ["line", "written"]

_SPOKEN = 12


def line(report: CheckResult) -> str:
    """Return the one sentence with the counts."""
    return visible(report.line)


def written(report: CheckResult) -> str:
    """Return the whole report: counts, gaps, findings by duty, and the evidence."""
    return "\n".join(
        " " * (len(said) - len(said.lstrip(" "))) + visible(said.lstrip(" "))
        for said in _lines(report)
    )


def _lines(report: CheckResult) -> Iterator[str]:
    yield from filter(None, [report.warning])
    yield report.line
    yield from filter(None, [report.reach])
    for item in report.not_checked:
        yield f"not checked: {item}"
    for group in groups(report.findings):
        yield from _group(group, report.area)
    for witness in gathered(report.witnesses):
        yield from _evidence(witness)
    for finding in report.resolved:
        yield f"no longer found: {who(finding, report.area)}: {finding.duty or finding.message}"


def _group(group: Group, area: str) -> Iterator[str]:
    yield ""
    yield ": ".join(filter(None, (group.law, group.title)))
    if group.link:
        yield group.link
    for fold in group.folds:
        yield from (f"  {said}" for said in _fold(fold, area))


def _fold(fold: Fold, area: str) -> Iterator[str]:
    yield f"{fold.weight}: {who(fold.first, area)}"
    yield from (f"  {title}: {text}" for title, text in fold.told())
    if fold.more:
        yield f"  {fold.more}: {'; '.join(_names(fold, area))}"


def _names(fold: Fold, area: str) -> Iterator[str]:
    """Yield whom else it is about, as many as can be read aloud."""
    yield from (other(finding, area) for finding in fold.rest[:_SPOKEN])
    if left := len(fold.rest[_SPOKEN:]):
        yield f"and {left} more, all of them in --format csv"


def _evidence(witness: Evidence) -> Iterator[str]:
    yield ""
    yield f"on record: {witness.law}: {witness.statement}"
    yield f"  who: {'; '.join(witness.bodies)}"
    yield f"  shown by: {witness.shown}"
    if witness.places:
        yield f"  where: {witness.places}"
