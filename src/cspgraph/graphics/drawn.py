"""What every picture shares: it never comes without its rows in words.

Printed, a picture is Mermaid and table in Markdown; in a notebook, picture and table.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from cspgraph import pages
from cspgraph.graphics.mermaid import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Drawn"]


class Drawn(ABC):
    """A picture with a title, the rows that say the same, and notes below both."""

    __slots__ = ()

    def __str__(self) -> str:
        above = "".join(f"{pages.escaped(said)}\n\n" for said in self._above())
        return f"{above}```mermaid\n{self.to_mermaid()}```\n\n{self._markdown()}"

    def _repr_html_(self) -> str:
        return self._figure()

    if TYPE_CHECKING:

        @property
        def title(self) -> str:
            """What the picture shows, in one line."""

        @property
        def warning(self) -> str:
            """What must be said first, for a day beyond what is known; else empty."""

    @abstractmethod
    def to_mermaid(self) -> str:
        """Return the picture as Mermaid text, with all it shows in its description."""

    def to_svg(self) -> str:
        """Return the picture as SVG; its description says all that it shows."""
        return self._svg("\n".join(self._said()))

    def to_markdown(self) -> str:
        """Return the rows of the picture as a Markdown table below its title."""
        return "\n\n".join([*map(pages.escaped, self._above()), self._markdown()])

    def _markdown(self) -> str:
        titles, rows = self._table()
        table = pages.markdown(titles, rows).rstrip() if rows else ""
        notes = map(pages.escaped, self._notes())
        return "\n\n".join(filter(None, [pages.escaped(self.title), table, *notes]))

    def to_html(self) -> str:
        """Return a page of its own with the picture and the table."""
        return pages.page(self.title, [self._figure()])

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
        table = pages.table(self.title, titles, rows, most=len(rows)) if titles else ""
        return (
            f"{''.join(map(pages.paragraph, self._above()))}"
            '<div class="wide" role="region" tabindex="0" aria-label="Picture">\n'
            f"{picture}</div>\n{table}\n{''.join(map(pages.paragraph, self._notes()))}\n"
        )
