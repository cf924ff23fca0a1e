"""Entries of a record, written as TriG in the form of the records kept by hand."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["HEADINGS", "Entry", "day", "name", "short", "text", "words"]

#: The order of entries in a file, and the heading of each group.
HEADINGS = (
    "Pages",
    "Passages: labels of ours, because what was read has no numbers",
    "Plans and strategies",
    "Versions",
    "Priorities",
    "What they answer",
    "Decisions",
    "Assessments",
    "What was looked for",
)
_LONGEST = 60


@dataclass
class Entry:
    """One thing of a record: its short address, class, place in the file, and facts."""

    iri: str
    kind: str
    rank: int
    facts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, term: str, value: str) -> None:
        """Say `value`, written as Turtle writes it, under `term`, once."""
        values = self.facts.setdefault(term, [])
        if value not in values:
            values.append(value)


def text(graph: str, head: Iterable[str], entries: Iterable[Entry]) -> str:
    """Return a file: lines of `head` as comments, the prefixes used, the entries."""
    body, last = [], -1
    for entry in entries:
        if entry.rank != last:
            body += ["", f"    # {HEADINGS[entry.rank]}"]
            last = entry.rank
        body += ["", f"    {entry.iri}", f"        a {entry.kind} ;"]
        said = [f"{term} {' , '.join(values)}" for term, values in entry.facts.items()]
        body += [f"        {line} ;" for line in said[:-1]] + [f"        {said[-1]} ."]
    inside = "\n".join(body)
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', '""', inside)
    used = sorted({*re.findall(r"(?<![\w-])([a-z]+):", bare), "xsd"} & set(PREFIXES))
    width = max(map(len, used)) + 1
    lines = [f"# {line}" for line in head]
    lines += ["", *(f"@prefix {f'{p}:':<{width}} <{PREFIXES[p]}> ." for p in used)]
    address = PREFIXES["graph"] + graph.partition(":")[2]
    return "\n".join(
        [*lines, "", f"<{address}> {{", inside.removeprefix("\n"), "}", ""]
    )


def words(said: str) -> str:
    """Return text in English as Turtle writes it."""
    return f"{json.dumps(said, ensure_ascii=False)}@en"


def day(given: date) -> str:
    """Return a day as Turtle writes it."""
    return f'"{given.isoformat()}"^^xsd:date'


def name(kind: str) -> str:
    """Return a concept as part of an address.

    >>> name("ApproveByExecutive")
    'approve-by-executive'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()


def short(said: str) -> str:
    """Return words as part of an address: small letters, cut at a word.

    >>> short("Safer Bromley Strategy 2020 to 2023 (page, undated)")
    'safer-bromley-strategy-2020-to-2023-page-undated'
    """
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    whole = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(whole) <= _LONGEST:
        return whole
    return whole[: _LONGEST + 1].rpartition("-")[0]
