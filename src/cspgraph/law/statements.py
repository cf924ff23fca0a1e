"""Statements of law that a document makes, each with its verdicts, the gravest first."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.inquiry.answers import Answer

__all__ = ["VERDICTS", "Finding", "Statement", "statements"]

#: The six verdicts, the one furthest from the law first.
VERDICTS = (
    "not found in the law held here",
    "asserted without a source",
    "no longer law",
    "imprecise",
    "supported elsewhere",
    "supported",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How a statement compares with one part of the law."""

    verdict: str
    reason: str
    why: str
    law: str
    law_url: str
    ended: str
    verification: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says of the law, and its findings, gravest first."""

    place: str
    claim: str
    statement: str
    words: str
    names: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """The verdict that is furthest from the law."""
        return self.findings[0].verdict

    def rows(self) -> list[list[str]]:
        """Return verdict, why, law and address: findings alike in these but why in one row."""
        rows: dict[tuple[str, ...], list[str]] = {}
        for one in self.findings:
            rows.setdefault((one.verdict, one.law, one.law_url), []).append(one.why)
        return [[verdict, " ".join(why), *law] for (verdict, *law), why in rows.items()]


def statements(told: Answer) -> tuple[Statement, ...]:
    """Return what `told`, the answer to the question claims, holds, in the order of places."""
    rows: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    names = [column.name for column in told.columns]
    for words, row in zip(told.words(), told, strict=True):
        rows[str(row["claim"])].append(dict(zip(names, words, strict=True)))
    found = [_statement(claim, worded) for claim, worded in rows.items()]
    return tuple(sorted(found, key=lambda s: (_order(s.place), s.claim)))


def _statement(claim: str, rows: Sequence[dict[str, str]]) -> Statement:
    findings = {
        Finding(
            *(row[name] for name in ("verdict", "reason", "explanation", "law")),
            *(row[name] for name in ("law_url", "ended", "verification")),
        )
        for row in rows
    }
    first = rows[0]
    named = "; ".join(sorted({row["names"] for row in rows} - {""}))
    return Statement(
        *(first["passage"], claim, first["claim"], first["quote"], named),
        tuple(
            sorted(findings, key=lambda f: (VERDICTS.index(f.verdict), f.law, f.why))
        ),
    )


def _order(place: str) -> tuple[Any, ...]:
    """Return a key that puts headed blocks first and 10.1 after 2.5.

    >>> sorted(["10.1", "2.5", "Brief Summary 1"], key=_order)
    ['Brief Summary 1', '2.5', '10.1']
    """
    parts = re.findall(r"\d+|\D+", place)
    return tuple(
        (part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts
    )
