"""A picture of an area: its bodies, the roles they hold, and the law behind each.

The same rows as SVG, as Mermaid and as a table, so that nobody depends on seeing them.
What is in doubt is dashed and says so in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.graphics import boxes
from cspgraph.graphics.drawn import Drawn
from cspgraph.graphics.mermaid import quoted
from cspgraph.receipts import supposed, warning
from cspgraph.terminal import receipt
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.inquiry.answers import Answer

__all__ = ["Holding", "Picture"]

_HEADS = ("Body", "holds the role", "given by the law")
_TITLES = ("role", "body", "kind", "law", "checked", "where to read it")
_IN_DOUBT = {PREFIXES["verification"] + code for code in "BRS"}
_DASHES = (
    "Dashed lines and boxes: law that was not read itself (bounded, recalled, or from a "
    "secondary source), or a body that the register does not name; the words say which."
)


class Holding(NamedTuple):
    """That a body, or a kind whose body is not named, holds a role by a provision."""

    role: str
    body: str
    kind: str
    law: str
    checked: str
    address: str
    doubtful: bool

    @property
    def who(self) -> str:
        """The body, or the kind of body where the register names none."""
        return self.body or f"{self.kind} (body not in the register)"

    @property
    def by(self) -> str:
        """The provision, and how well it was checked where that leaves a doubt."""
        return f"{self.law} ({self.checked})" if self.doubtful else self.law

    def __str__(self) -> str:
        return f"{self.who} holds the role {self.role} by {self.law} ({self.checked})."


@dataclass(frozen=True, slots=True)
class Picture(Drawn):
    """Who holds which role in an area on a day; made by `KnowledgeGraph.draw`.

    `answer` is that of the question `role-holders`, `area` the area's name. Printed,
    it is Mermaid and table in Markdown; in a notebook, picture and table.
    """

    answer: Answer
    area: str

    @property
    def title(self) -> str:
        """What the picture shows, in one line."""
        day = f"on {self.answer.on:%-d %B %Y}" if self.answer.on else "as served"
        scenario = self.answer.receipt.get("scenario")
        assumed = f", in the scenario {scenario}, which is not law" if scenario else ""
        assumed += supposed(self.answer.receipt)
        return f"{self.area} {day}{assumed}: bodies, their roles and the law"

    @property
    def holdings(self) -> list[Holding]:
        """The rows of the picture: roles by the age of their law, then by provision."""
        names = [column.name for column in self.answer.columns]
        found = []
        for terms, words in zip(self.answer.terms, self.answer.words(), strict=True):
            said = dict(zip(names, words, strict=True))
            checked = dict(zip(names, terms, strict=True))["verification"]
            doubtful = checked is not None and checked.value in _IN_DOUBT
            cells = [said[n] for n in ("role", "body", "kind", "law", "verification")]
            found.append(Holding._make([*cells, said["law_url"], doubtful]))
        found = list(dict.fromkeys(found))  # the same in several areas is drawn once
        found.sort(key=lambda row: (_age(row.law), row.by, row.who))
        rank: dict[str, tuple[object, ...]] = {}
        for row in found:
            rank.setdefault(row.role, _age(row.law))
        size = {role: sum(row.role == role for row in found) for role in rank}
        return sorted(
            found, key=lambda row: (rank[row.role], -size[row.role], row.role)
        )

    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with every row in its description."""
        lines = self._mermaid_head("TB")
        dashed = []
        for number, (role, rows) in enumerate(self._roles(), 1):
            lines += [f'  subgraph r{number}["{quoted(role)}"]', "    direction LR"]
            laws: dict[str, str] = {}
            for place, row in enumerate(rows, 1):
                body, law = f"r{number}b{place}", laws.get(row.by, "")
                right = law or f"r{number}l{len(laws) + 1}"
                laws[row.by] = right
                box = right if law else f'{right}["{quoted(row.by)}"]'
                line = "-.-" if row.doubtful else "---"
                lines.append(f'    {body}["{quoted(row.who)}"] {line} {box}')
                dashed += [body] * (not row.body) + [right] * (row.doubtful and not law)
            lines.append("  end")
            if number > 1:  # an invisible link keeps the roles in their order
                lines.append(f"  r{number - 1} ~~~ r{number}")
        if dashed:
            lines.append("  classDef dashed stroke-dasharray: 6 4")
            lines.append(f"  class {','.join(dashed)} dashed")
        return "\n".join(lines) + "\n"

    def _roles(self) -> list[tuple[str, list[Holding]]]:
        found = groupby(self.holdings, key=lambda row: row.role)
        return [(role, list(rows)) for role, rows in found]

    def _table(self) -> tuple[Sequence[str], list[list[str]]]:
        return _TITLES, [
            [row.role, row.who, row.kind, row.law, row.checked, row.address]
            for row in self.holdings
        ]

    def _said(self) -> list[str]:
        """Return all that the picture shows, as sentences."""
        return [*self._above(), *map(str, self.holdings), *self._notes()]

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return warning(self.answer.receipt)

    def _notes(self) -> list[str]:
        rows = self.holdings
        dashed = any(row.doubtful or not row.body for row in rows)
        nobody = [] if rows else [f"No role is held in {self.area} on that day."]
        return [*nobody, *[_DASHES] * dashed, *receipt(self.answer).splitlines()]

    def _svg(self, description: str) -> str:
        (area,) = self.answer.parameters["area"]
        bands = [
            boxes.Band(
                role,
                [boxes.Row(r.who, r.by, not r.body, r.doubtful) for r in rows],
            )
            for role, rows in self._roles()
        ]
        name = re.sub("[^A-Za-z0-9]+", "-", f"area-{area.value[-9:]}-{self.answer.on}")
        return boxes.svg(name, self.title, description, _HEADS, bands, self._notes())


def _age(law: str) -> tuple[int, tuple[str | int, ...]]:
    """Return a key that puts older law first, and section 5(1)(b) before section 17.

    >>> sorted(["PCSCA 2022 s.8", "CDA 1998 s.17", "CDA 1998 s.5(1)(b)"], key=_age)
    ['CDA 1998 s.5(1)(b)', 'CDA 1998 s.17', 'PCSCA 2022 s.8']
    """
    year = re.search(r"\b(\d{4})\b", law)
    parts = re.split(r"([0-9]+)", law)
    key = tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
    return (int(year[1]) if year else 9999, key)
