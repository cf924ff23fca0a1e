"""What a check found: findings, witnesses, and what was not checked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Literal

from cspgraph import pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

__all__ = ["Finding", "Report", "Witness"]

Severity = Literal["violation", "warning", "info"]
_RANK = {"violation": 0, "warning": 1, "info": 2}
_WORDS = {"violation": "look first", "warning": "look next", "info": "for information"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a shape found; findings sort the weightiest first.

    `law` cites the provision that asks for it; `reason` says why it is asked for,
    where the shape does not rest on a law. `file` is where to look.
    """

    severity: Severity
    law: str
    reason: str
    focus: str
    label: str
    shape: str
    message: str
    path: str
    value: str
    file: str

    def __lt__(self, other: Finding) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[int, str, str, str, str, str, str]:
        what = (self.law, self.label, self.shape, self.focus)
        return (_RANK[self.severity], *what, self.value, self.file)

    def with_duty(self, law: str, label: str) -> Finding:
        """Return the finding with the law and the words of the duty it is about."""
        return replace(self, law=law, label=label)

    def __str__(self) -> str:
        weight, _, label, message, file = self.cells()
        place = f" ({file})" if file else ""
        return ": ".join(filter(None, [weight, self.law, label, message])) + place

    def cells(self) -> list[str]:
        """Return the finding as the cells of one table row."""
        why = self.law or self.reason
        found = f" Found: {self.value}" if self.file and self.value else ""
        weight, message = _WORDS[self.severity], self.message + found
        return [weight, why, self.label, message, self.file]


@dataclass(frozen=True, order=True, slots=True)
class Witness:
    """What shows that a duty was done, and where that is written."""

    law: str
    statement: str
    evidence: str
    on: str
    source: str
    duty: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one check.

    `findings` come weightiest first, `witnesses` are the evidence of duties that
    are on record, `not_checked` says what was not looked at and why, `standings`
    counts the duties by how they stand.
    """

    on: date
    area: str
    findings: tuple[Finding, ...] = field(repr=False)
    witnesses: tuple[Witness, ...] = field(repr=False)
    not_checked: tuple[str, ...] = field(repr=False)
    standings: Mapping[str, int]

    @property
    def conforms(self) -> bool:
        """True when everything was checked and nothing weighty was found."""
        return not self.not_checked and not any(
            finding.severity == "violation" for finding in self.findings
        )

    @property
    def line(self) -> str:
        """The report in one line of counts."""
        counts = ", ".join(f"{name} {count}" for name, count in self.standings.items())
        files = sum(1 for finding in self.findings if finding.file)
        place = f"{self.area}, " if self.area else ""
        return (
            f"{place}{self.on:%-d %B %Y}: {counts}; "
            f"notes on the data {files}; not checked {len(self.not_checked)}."
        )

    def __str__(self) -> str:
        parts = [self.line]
        parts += [f"not checked: {item}" for item in self.not_checked]
        parts += [str(finding) for finding in self.findings]
        parts += [
            f"on record: {w.law}: {w.evidence} ({w.source})" for w in self.witnesses
        ]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        return "\n".join(self._tables())

    def to_html(self) -> str:
        """Return the report as an HTML page of its own, without scripts."""
        return pages.page(f"Check of {self.on:%-d %B %Y}", self._tables())

    def to_json(self) -> str:
        """Return the report as one JSON object."""
        whole = {
            "on": self.on.isoformat(),
            "area": self.area,
            "standings": dict(self.standings),
            "findings": [asdict(finding) for finding in self.findings],
            "witnesses": [asdict(witness) for witness in self.witnesses],
            "not_checked": list(self.not_checked),
        }
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Return titles and rows of the findings, for a terminal or a CSV file."""
        titles = ["weight", "law or reason", "what", "message", "file"]
        return titles, [finding.cells() for finding in self.findings]

    def _tables(self) -> Sequence[str]:
        titles, rows = self.table()
        shown = [
            [w.law, w.statement, w.evidence, w.on, w.source] for w in self.witnesses
        ]
        return [
            f"<p>{escape(self.line)}</p>\n",
            pages.table(
                "What was not checked", ["what"], [[item] for item in self.not_checked]
            ),
            pages.table("What to look at", titles, rows),
            pages.table(
                "What shows that duties were done",
                ["law", "duty", "evidence", "on", "source"],
                shown,
            ),
        ]
