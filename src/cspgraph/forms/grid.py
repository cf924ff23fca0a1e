"""The rows of a filled form, whatever file they came in, each cell with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Value = str | int | float | bool | date

__all__ = ["MAX_CELLS", "UNKNOWN", "Cell", "FormRow", "Grid", "Problem"]

MAX_CELLS = 100_000
#: Before a heading that is not known, reported once, and what it may mean.
UNKNOWN = "?"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place."""

    place: str
    value: Value

    def wrong(self, said: str) -> Problem:
        """Return the problem that names this cell and its value."""
        return Problem(self.place, str(self.value), said)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One filled row of a sheet: its cells by heading."""

    sheet: str
    place: str
    cells: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read: where it stands, the value, and what to do."""

    place: str
    value: str
    said: str

    def __str__(self) -> str:
        shown = visible(self.value)
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}..."
        return f"{self.place}: {f'{shown!r} ' if shown else ''}{self.said}"


@dataclass(slots=True)
class Grid:
    """All rows of a form, what stands on its first sheet, and what could not be read."""

    start: dict[str, Cell] = field(default_factory=dict)
    lines: list[FormRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    #: Sheets whose name is not quite known: their rows are read and count for nothing.
    doubtful: set[str] = field(default_factory=set)

    def word(self, name: str) -> str:
        """Return what stands beside `name` on the first sheet; empty where nothing.

        >>> Grid({"Area": Cell("Record!B2", " Ashford ")}).word("Area")
        'Ashford'
        """
        cell = self.start.get(name)
        return str(cell.value).strip() if cell else ""
