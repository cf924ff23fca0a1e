"""The headings of a filled form and the rows under them, in any file format."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cspgraph.forms.cells import fold
from cspgraph.forms.grid import MAX_CELLS, UNKNOWN, Cell, FormRow, Grid
from cspgraph.forms.other_facts import HEADINGS
from cspgraph.forms.references import language
from cspgraph.forms.schema import OTHER, START

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cspgraph.forms.schema import Form

__all__ = ["FIELDS", "IGNORED", "STAMP", "HeadingReader"]

#: What stands on the first sheet of a record, and the sheets that only tell something.
FIELDS = ("Name", "Area", "Day", "Dates in numbers")
IGNORED = ("Duties", "Lists", "Columns")
STAMP = "Form"


class HeadingReader:
    """Puts rows into a grid, and says which sheets and headings are not known."""

    def __init__(self, form: Form, grid: Grid) -> None:
        self._form, self._grid = form, grid
        self._count = 0
        self._read: dict[tuple[str, object], str] = {}
        self._near: dict[tuple[str, object], str] = {}

    def sheet(self, name: str, place: str) -> str:
        """Return the sheet that `name` means; empty where it is to be passed over."""
        known = [START, OTHER, *IGNORED, *self._form.names]
        wanted = fold(name).casefold()
        found = next((one for one in known if one.casefold() == wanted), "")
        if not found:
            near = get_close_matches(wanted, [one.casefold() for one in known], n=1)
            hint = f"did you mean {near[0].capitalize()!r}? " if near else ""
            said = f"is not a sheet of this form; {hint}rename it or take it out"
            self._grid.problems.append(Cell(place, name).wrong(said))
            # Its rows are read, so that all is told at once, and count for nothing.
            found = next(
                (one for one in self._form.names if near == [one.casefold()]), ""
            )
            self._grid.doubtful.update([found] if found else [])
        return "" if found in IGNORED else found

    def headings(self, sheet: str, cells: Iterable[Cell]) -> list[str]:
        """Return the heading that each cell means; empty where there is none.

        One that is not known begins with the sign for that; what it may mean follows,
        so that the cells below it are looked at as well.
        """
        found: list[str] = []
        for cell in cells:
            key = (sheet, cell.value)
            if self._read.get(key, UNKNOWN) == UNKNOWN:
                self._read[key] = self._heading(sheet, cell)
            heading = self._read[key]
            if heading not in ("", UNKNOWN) and heading in found:
                said = "appears twice; keep one of the two columns"
                self._grid.problems.append(cell.wrong(said))
                heading = UNKNOWN
            elif heading == UNKNOWN:
                heading += self._near.get(key, "")
            found.append(heading)
        return [
            UNKNOWN if head.startswith(UNKNOWN) and head[1:] in found else head
            for head in found
        ]

    def _heading(self, sheet: str, cell: Cell) -> str:
        text = fold(str(cell.value))
        if not text:
            return ""
        plain, tag = language(text)
        known = {head.casefold(): head for head in self._known(sheet)}
        if plain.casefold() in known and tag == "en":
            return known[plain.casefold()]
        if plain.casefold() in known and self._in_languages(sheet, plain):
            return f"{known[plain.casefold()]} [{tag}]"
        near = get_close_matches(text.casefold(), known, n=1)
        hint = f"did you mean {known[near[0]]!r}? " if near else ""
        if near and sheet in self._form.names:
            self._near[sheet, cell.value] = known[near[0]]
        said = f"is not a heading of {sheet}; {hint}the headings are {', '.join(known.values())}"
        self._grid.problems.append(cell.wrong(said))
        return UNKNOWN

    def _known(self, sheet: str) -> Sequence[str]:
        if sheet == OTHER:
            return HEADINGS
        if sheet == START:
            return (*FIELDS, STAMP)
        return [column.heading for column in self._form.sheet(sheet).columns]

    def _in_languages(self, sheet: str, heading: str) -> bool:
        if sheet not in self._form.names:
            return False
        return self._form.sheet(sheet).column(heading).holds == "words"

    def line(self, sheet: str, place: str, cells: Mapping[str, Sequence[Cell]]) -> None:
        """Put one row into the grid, unless it is blank; refuse too many cells."""
        filled = {
            head: [cell for cell in found if _filled(cell)]
            for head, found in cells.items()
            if head not in ("", UNKNOWN)
        }
        filled = {head: found for head, found in filled.items() if found}
        self._count += len(filled)
        if filled and self._count <= MAX_CELLS:
            self._grid.lines.append(FormRow(sheet, place, filled))

    @property
    def full(self) -> bool:
        """Whether there are more cells than are read."""
        return self._count > MAX_CELLS

    def field(self, label: Cell, cell: Cell) -> None:
        """Put a field of the first sheet into the grid, or look at the stamp of the form.

        What stands under another label is not looked at: it may be a text for people.
        """
        known = {head.casefold(): head for head in (*FIELDS, STAMP)}
        heading = known.get(fold(str(label.value)).casefold(), "")
        if heading == STAMP:
            if str(cell.value).strip() not in ("", self._form.stamp):
                self._grid.remarks.append(
                    f"{cell.place}: the form was made with another version ({cell.value});"
                    " it was read by its headings"
                )
        elif heading and _filled(cell):
            self._grid.start[heading] = cell


def _filled(cell: Cell) -> bool:
    return cell.value is not None and (
        not isinstance(cell.value, str) or bool(fold(cell.value))
    )
