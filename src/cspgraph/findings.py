"""What a check found: how duties stand, findings, evidence, and what was not checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["STANDINGS", "WORDS", "Duty", "Finding", "Outcome", "Unseen", "Witness"]

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
class Duty:
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
class Witness:
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
class Outcome:
    """What one check found on one day, as plain values.

    `findings` come weightiest first, `witnesses` are the evidence of duties on
    record, `unseen` is what was not checked. Held against a report of before, which
    `since` names, `findings` are those that are new and `resolved` those gone.
    """

    on: date
    area: str
    duties: tuple[Duty, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    witnesses: tuple[Witness, ...] = field(repr=False)
    unseen: tuple[Unseen, ...] = field(repr=False)
    since: str = ""
    resolved: tuple[Finding, ...] = field(default=(), repr=False)
    #: The user's own files, where these alone were reported on.
    files: frozenset[str] = field(default=frozenset(), repr=False)

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
    def line(self) -> str:
        """The outcome in one sentence, with the six counts."""
        counts = ", ".join(f"{name} {count}" for name, count in self.standings.items())
        place = f"{self.area} on " if self.area else ""
        notes = sum(1 for finding in self.findings if not finding.duty)
        number = len(self.duties)
        change = f" since {self.since}: new {len(self.findings)}, no longer found {len(self.resolved)};"
        return (
            f"{place}{self.on:%-d %B %Y}, {number} dut{'y' if number == 1 else 'ies'}:"
            f" {counts};{change if self.since else ''}"
            f" notes on the data {notes}; not checked {len(self.unseen)}."
        )
