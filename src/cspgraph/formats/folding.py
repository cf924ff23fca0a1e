"""Findings grouped by duty and folded: what is said of several bodies is said once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cspgraph.findings import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cspgraph.findings import Finding, Witness

__all__ = ["CAUTION", "Fold", "Group", "gathered", "groups", "other", "who"]

NOTES = "Entries in the files"
#: What stands above every report that is read as a paper or a page.
CAUTION = (
    "No record is never the same as not done: a search may have looked elsewhere."
    " This is not legal advice."
)


@dataclass(frozen=True, slots=True)
class Fold:
    """Findings that say the same of several bodies, or of several entries."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def rest(self) -> tuple[Finding, ...]:
        """The others."""
        return self.findings[1:]

    @property
    def weight(self) -> str:
        """How much it weighs, in words."""
        return WORDS[self.first.severity]

    @property
    def where(self) -> str:
        """The file and place, or the law where nothing is written down yet."""
        return self.first.where or f"nothing is recorded yet; see {self.first.law}"

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield what to do, what was found, why, an example and where: what there is."""
        first = self.first
        yield "to do", first.message
        if first.value and not first.duty:
            yield "found", first.value
        if first.reason:
            yield "why", first.reason
        if first.law and not _law(first):
            yield "bears on", first.law
        if first.example:
            yield "for example", first.example
        yield "where", self.where

    @property
    def more(self) -> str:
        """How the line begins that names the others; empty where there are none."""
        one, many = ("body", "bodies") if self.first.duty else ("entry", "entries")
        count = len(self.rest)
        return (
            f"The same for {count} more {one if count == 1 else many}" if count else ""
        )


@dataclass(frozen=True, slots=True)
class Group:
    """What was found about one duty, or about the entries of which one law asks something; `law` is empty for all others."""

    title: str
    law: str
    link: str
    folds: tuple[Fold, ...]


def groups(findings: Iterable[Finding]) -> list[Group]:
    """Return `findings`, which are in order, by duty and folded, in the same order.

    >>> groups([])
    []
    """
    found: dict[tuple[str, str], dict[tuple[str, ...], list[Finding]]] = {}
    for finding in findings:
        folds = found.setdefault((_law(finding), finding.duty), {})
        folds.setdefault(_alike(finding), []).append(finding)
    return [
        Group(
            duty or NOTES,
            law,
            next(f.link for some in folds.values() for f in some) if law else "",
            tuple(Fold(tuple(some)) for some in folds.values()),
        )
        for (law, duty), folds in found.items()
    ]


def _law(finding: Finding) -> str:
    """Return the law that `finding` rests on; empty where its entry only bears on a law.

    A finding about an entry rests on a law where it gives no reason of its own.
    """
    return finding.law if finding.duty or not finding.reason else ""


def _alike(finding: Finding) -> tuple[str, ...]:
    """Return what two findings share that are told as one."""
    where = finding.where if finding.duty else finding.law
    said = (finding.message, finding.reason, finding.example, finding.shape)
    return (finding.severity, *said, where)


def gathered(witnesses: Iterable[Witness]) -> list[Witness]:
    """Return `witnesses` with those that differ in the bodies alone put together.

    >>> gathered([])
    []
    """
    found: dict[tuple[str, ...], list[Witness]] = {}
    for w in witnesses:
        alike = (w.law, w.statement, w.evidence, w.on, w.source, w.where)
        found.setdefault(alike, []).append(w)
    return [
        replace(some[0], bodies=tuple(", ".join(w.bodies) for w in some))
        for some in found.values()
    ]


def who(finding: Finding, area: str) -> str:
    """Return whom or what it is about, with the area where that is not the report's."""
    apart = finding.area and finding.area != area
    return f"{finding.label} ({finding.area})" if apart else finding.label


def other(finding: Finding, area: str) -> str:
    """Return the same for a line of its own: with the place of an entry in a file."""
    named = who(finding, area)
    return named if finding.duty else f"{named} ({finding.where})"
