"""What a check found: how duties stand, findings, evidence, and what was not checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cspgraph.receipt import reach, supposed, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from cspgraph.receipt import Receipt


__all__ = [
    "CAUTION",
    "STANDINGS",
    "WORDS",
    "CheckResult",
    "DutyStatus",
    "Evidence",
    "Finding",
    "Fold",
    "Group",
    "Unseen",
    "gathered",
    "groups",
    "other",
    "who",
]

Severity = Literal["violation", "warning", "info"]
_RANK = {"violation": 0, "warning": 1, "info": 2}
#: How much a finding weighs, in words.
WORDS = {"violation": "look first", "warning": "look next", "info": "for information"}
#: The six ways in which a duty stands, in their order; where sources do not agree
#: there is a seventh, which is counted only then.
STANDINGS = (
    *("on record", "partly on record", "not on record"),
    *("not due yet", "not looked for", "not testable"),
)


@dataclass(frozen=True, order=True, slots=True)
class DutyStatus:
    """One duty on the day of the check: its law, what is to be done, by whom, how it stands.

    `address` is its own, `link` is where its law can be read as it stood on the day.
    """

    law: str
    statement: str
    bodies: tuple[str, ...]
    area: str
    standing: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is to be looked at; findings sort the weightiest first.

    `law` and `link` cite the provision that asks for it or that the entry bears on,
    as it stood on the day; `reason` says why it is asked for. About a duty, `duty`
    says what is to be done and `bodies` by whom; about an entry in a file both are
    empty. `file` and `place` say where it is written: `line 12`, or a sheet and cell.
    `shape`, `component`, `path` and `value` are those of the SHACL result.
    """

    severity: Severity
    law: str
    link: str
    reason: str
    duty: str
    bodies: tuple[str, ...]
    area: str
    focus: str
    label: str
    language: str
    shape: str
    component: str
    message: str
    path: str
    value: str
    value_language: str
    example: str
    file: str
    place: str

    def __lt__(self, other: Finding) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[object, ...]:
        line = self.line or 0
        what = (self.law, self.duty, self.area, self.label, self.file, line)
        return (_RANK[self.severity], *what, self.shape, self.focus, self.value)

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings of different days the same one."""
        return self.focus, self.shape, self.value

    @property
    def line(self) -> int | None:
        """The line of the file, where the place is a line."""
        word, _, number = self.place.partition(" ")
        number = number.partition(",")[0]  # of a table the column follows
        return int(number) if word == "line" and number.isdecimal() else None

    @property
    def where(self) -> str:
        """The file and the place in it; empty where nothing is written down yet."""
        return ", ".join(filter(None, (self.file, self.place)))


@dataclass(frozen=True, order=True, slots=True)
class Evidence:
    """What shows that a duty was done, and where that is written.

    `duty` is the address of the duty, `where` the file and line of the evidence.
    """

    law: str
    statement: str
    bodies: tuple[str, ...]
    evidence: str
    on: str
    source: str
    where: str
    link: str
    duty: str

    @property
    def shown(self) -> str:
        """The evidence, with its day where that is known."""
        return ", ".join(filter(None, (self.evidence, self.on)))

    @property
    def places(self) -> str:
        """The documents that say so, and where that is written."""
        return "; ".join(filter(None, (self.source, self.where)))


@dataclass(frozen=True, order=True, slots=True)
class Unseen:
    """One thing that was not checked, and why.

    It is `broken` where the check itself could not do its work, such as a misspelt
    key; a check that is broken is never in order. Otherwise something lay outside
    it, such as an area that nobody searched.
    """

    text: str
    broken: bool


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found on one day, as plain values.

    `findings` come weightiest first, `witnesses` are the evidence of duties on
    record, `unseen` is what was not checked. Held against a report of before, which
    `since` names, `findings` are those that are new and `resolved` those gone. The
    `receipt` says how far what is known reaches.
    """

    on: date
    area: str
    duties: tuple[DutyStatus, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    witnesses: tuple[Evidence, ...] = field(repr=False)
    unseen: tuple[Unseen, ...] = field(repr=False)
    since: str = ""
    resolved: tuple[Finding, ...] = field(default=(), repr=False)
    #: The user's own files, where these alone were reported on.
    files: frozenset[str] = field(default=frozenset(), repr=False)
    receipt: Receipt = field(default_factory=dict, repr=False)

    @property
    def standings(self) -> Mapping[str, int]:
        """How many duties stand in each of the six ways."""
        counts = dict.fromkeys(STANDINGS, 0)
        for duty in self.duties:
            counts[duty.standing] = counts.get(duty.standing, 0) + 1
        return counts

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What was not checked, in words."""
        return tuple(item.text for item in self.unseen)

    @property
    def broken(self) -> bool:
        """True when the check could not do all of its work."""
        return any(item.broken for item in self.unseen)

    @property
    def conforms(self) -> bool:
        """True when the check did its work and nothing weighty was found."""
        weighty = any(finding.severity == "violation" for finding in self.findings)
        return not self.broken and not weighty

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return warning(self.receipt)

    @property
    def reach(self) -> str:
        """As of which days law, register and records are known, in words."""
        return reach(self.receipt)

    @property
    def line(self) -> str:
        """The outcome in one sentence, with the six counts."""
        counts = ", ".join(f"{name} {count}" for name, count in self.standings.items())
        place = f"{self.area} on " if self.area else ""
        notes = sum(1 for finding in self.findings if not finding.duty)
        number = len(self.duties)
        change = f" since {self.since}: new {len(self.findings)}, no longer found {len(self.resolved)};"
        return (
            f"{place}{self.on:%-d %B %Y}{supposed(self.receipt)}, {number} dut{'y' if number == 1 else 'ies'}:"
            f" {counts};{change if self.since else ''}"
            f" notes on the data {notes}; not checked {len(self.unseen)}."
        )


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


def gathered(witnesses: Iterable[Evidence]) -> list[Evidence]:
    """Return `witnesses` with those that differ in the bodies alone put together.

    >>> gathered([])
    []
    """
    found: dict[tuple[str, ...], list[Evidence]] = {}
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
