"""Boxes and arrows between them: as Mermaid, as SVG, and as a table of the arrows.

The table has every arrow of the picture, so that nobody depends on seeing it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.graphics import sketch
from cspgraph.graphics.drawn import Drawn
from cspgraph.graphics.mermaid import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Arrow", "Figure"]


class Arrow(NamedTuple):
    """From where an arrow leads to where, what it says, and when; dashed is in doubt."""

    start: str
    link: str
    end: str
    when: str = ""
    dashed: bool = False

    @property
    def said(self) -> str:
        """What stands at the arrow."""
        return f"{self.link} ({self.when})" if self.when else self.link


@dataclass(frozen=True, slots=True, repr=False)
class Figure(Drawn):
    """Arrows between boxes, below a title and above notes.

    `names` are the texts of boxes that are called otherwise in the arrows, `kinds` what
    kind of thing each is; `heads` are those of the table: from, what, to, when. Printed,
    it is Mermaid and table in Markdown; in a notebook, picture and table.

    >>> print(Figure("Who?", [Arrow("council", "adopts", "plan")]).to_markdown())
    Who?
    <BLANKLINE>
    | from | what | to | when |
    | --- | --- | --- | --- |
    | council | adopts | plan |  |
    """

    title: str
    arrows: Sequence[Arrow]
    names: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    heads: tuple[str, str, str, str] = ("from", "what", "to", "when")

    def __repr__(self) -> str:
        return self.to_markdown()

    def rows(self) -> list[list[str]]:
        """Return a row for each arrow: from, what, to, when."""
        return [
            [self._name(a.start), a.link, self._name(a.end), a.when]
            for a in self.arrows
        ]

    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with every arrow in its description."""
        lines = self._mermaid_head("LR")
        ids = {end: f"n{number}" for number, end in enumerate(self._ends(), 1)}
        lines += [f'  {ids[end]}["{quoted(self._name(end))}"]' for end in ids]
        for arrow in self.arrows:
            line = "-.->" if arrow.dashed else "-->"
            said = f'|"{quoted(arrow.said)}"|'
            lines.append(f"  {ids[arrow.start]} {line}{said} {ids[arrow.end]}")
        return "\n".join(lines) + "\n"

    def _ends(self) -> list[str]:
        return list(dict.fromkeys(e for a in self.arrows for e in (a.start, a.end)))

    def _name(self, end: str) -> str:
        return self.names.get(end, end)

    def _said(self) -> list[str]:
        """Return all that the picture shows, as sentences."""
        sentences = [
            f"{self._name(a.start)} - {a.said} - {self._name(a.end)}."
            for a in self.arrows
        ]
        return [*sentences, *self.notes]

    def _svg(self, description: str) -> str:
        ends = self._ends()
        nodes = [sketch.Node(self._name(e), self.kinds.get(e, "")) for e in ends]
        lines: dict[tuple[int, int], sketch.Line] = {}
        for arrow in self.arrows:  # those between the same two boxes are one line
            pair = ends.index(arrow.start), ends.index(arrow.end)
            before = lines.get(pair)
            label = f"{before.label}; {arrow.said}" if before else arrow.said
            dashed = arrow.dashed or (before is not None and before.dashed)
            lines[pair] = sketch.Line(*pair, label, dashed)
        name = re.sub("[^A-Za-z0-9]+", "-", f"f-{self.title}")
        return sketch.draw(
            name, self.title, description, nodes, [*lines.values()], self.notes
        )

    def _table(self) -> tuple[Sequence[str], list[list[str]]]:
        return self.heads, self.rows()

    def _notes(self) -> Sequence[str]:
        return self.notes
