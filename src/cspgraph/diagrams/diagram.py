"""What every diagram shares, and boxes with arrows as Mermaid, as SVG and as a table.

The table has every arrow of the picture, so that nobody depends on seeing it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cspgraph.diagrams import svg
from cspgraph.render import html, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Arrow", "Diagram", "Figure", "plain", "quoted"]

_SAFE = set(" .,()/:'-\u2013\u2019")


def plain(text: str) -> str:
    """Return `text` in letters, digits and stops only, which Mermaid reads as they are.

    >>> plain("Dorset & <Wiltshire>")
    'Dorset &  Wiltshire '
    """
    return "".join(c if c.isalnum() or c in _SAFE | {"&"} else " " for c in text)


def quoted(text: str) -> str:
    """Return `text` for a label; what Mermaid might read as its own stands as a number.

    >>> quoted('Dorset & "Wiltshire"')
    'Dorset #38; #34;Wiltshire#34;'
    """
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in text)


class Diagram(ABC):
    """A picture with a title, the rows that say the same, and notes below both."""

    __slots__ = ()

    def __str__(self) -> str:
        above = "".join(f"{markdown.escaped(said)}\n\n" for said in self._above())
        return f"{above}```mermaid\n{self.to_mermaid()}```\n\n{self._markdown()}"

    def _repr_html_(self) -> str:
        return html.fragment([self._figure()])

    if TYPE_CHECKING:

        @property
        def title(self) -> str:
            """What the picture shows, in one line."""

    @property
    def warning(self) -> str:
        """What must be said first, for a day beyond what is known; else empty."""
        return ""

    @abstractmethod
    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with all it shows in its description."""

    def to_svg(self) -> str:
        """Return the picture as SVG; its description says all that it shows."""
        return self._svg("\n".join(self._said()))

    def to_markdown(self) -> str:
        """Return the rows of the picture as a Markdown table below its title."""
        return "\n\n".join([*map(markdown.escaped, self._above()), self._markdown()])

    def _markdown(self) -> str:
        titles, rows = self._table()
        table = markdown.markdown(titles, rows).rstrip() if rows else ""
        notes = map(markdown.escaped, self._notes())
        return "\n\n".join(filter(None, [markdown.escaped(self.title), table, *notes]))

    def to_html(self) -> str:
        """Return a page of its own with the picture and the table."""
        return html.page(self.title, [self._figure()])

    @property
    def forms(self) -> Mapping[str, Callable[[], str]]:
        """What to call for each ending of a file."""
        return {
            ".svg": self.to_svg,
            ".mmd": self.to_mermaid,
            ".md": lambda: f"{self}\n",
            ".html": self.to_html,
        }

    @abstractmethod
    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return the titles and the rows that say what the picture shows."""

    @abstractmethod
    def _said(self) -> list[str]:
        """Return all that the picture shows, as sentences, the notes last."""

    @abstractmethod
    def _notes(self) -> Sequence[str]:
        """Return what stands below the picture."""

    def _above(self) -> list[str]:
        """Return what stands above all else: the warning, if there is one."""
        return [self.warning] if self.warning else []

    def _below(self) -> list[str]:
        """Return what stands below a picture that has nothing above it."""
        return [*self._above(), *self._notes()]

    @abstractmethod
    def _svg(self, description: str) -> str:
        """Return the picture as SVG with a description for who cannot see it."""

    def _mermaid_head(self, direction: str) -> list[str]:
        """Return the first lines of Mermaid, with title and description."""
        said = [f"    {plain(line)}" for line in self._said()]
        title = f"  accTitle: {plain(self.title)}"
        return [f"flowchart {direction}", title, "  accDescr {", *said, "  }"]

    def _figure(self) -> str:
        picture = self._svg("The table that follows says the same in words.")
        titles, rows = self._table()
        table = html.table(self.title, titles, rows, most=len(rows)) if titles else ""
        return (
            f"{''.join(map(html.paragraph, self._above()))}"
            '<div class="wide" role="region" tabindex="0" aria-label="Picture">\n'
            f"{picture}</div>\n{table}\n{''.join(map(html.paragraph, self._notes()))}\n"
        )


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
class Figure(Diagram):
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
        nodes = [svg.Node(self._name(e), self.kinds.get(e, "")) for e in ends]
        lines: dict[tuple[int, int], svg.DrawnEdge] = {}
        for arrow in self.arrows:  # those between the same two boxes are one line
            pair = ends.index(arrow.start), ends.index(arrow.end)
            before = lines.get(pair)
            label = f"{before.label}; {arrow.said}" if before else arrow.said
            dashed = arrow.dashed or (before is not None and before.dashed)
            lines[pair] = svg.DrawnEdge(*pair, label, dashed)
        name = re.sub("[^A-Za-z0-9]+", "-", f"f-{self.title}")
        return svg.graph(
            name, self.title, description, nodes, [*lines.values()], self.notes
        )

    def _table(self) -> tuple[Sequence[str], list[list[str]]]:
        return self.heads, self.rows()

    def _notes(self) -> Sequence[str]:
        return self.notes
