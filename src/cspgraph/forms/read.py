"""From the rows of a form to the facts of a record, with every problem at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from cspgraph.forms import other_facts
from cspgraph.forms.cells import days, parts, slug, words
from cspgraph.forms.grid import UNKNOWN, Cell, Problem
from cspgraph.forms.references import NONE, NotFoundError, RecordRefs, language, value
from cspgraph.forms.schema import OTHER, START
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.forms.grid import FormRow, Grid
    from cspgraph.forms.lookup import Lookup
    from cspgraph.forms.schema import Form, FormColumn, Sheet

__all__ = ["Record", "read"]

_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_OF_BODIES = (CSP.publisher, CSP.organOf)
_ORDERS = {
    "day first": "day",
    "day/month/year": "day",
    "month first": "month",
    "month/day/year": "month",
}


@dataclass(slots=True)
class Record:
    """What a form says: facts, problems, the rows left out for them, and what is blank."""

    quads: list[Quad] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: Where each thing, and each of its facts, "THING TERM", stands in the form.
    places: dict[str, str] = field(default_factory=dict)


def read(grid: Grid, form: Form, choices: Lookup) -> Record:
    """Return what the rows of `grid` say.

    A row with a problem says nothing, nor does a row that points to it; both are named.
    """
    return _Reader(grid, form, choices).read()


class _Reader:
    def __init__(self, grid: Grid, form: Form, choices: Lookup) -> None:
        self._grid, self._form = grid, form
        self._made = Record(problems=list(grid.problems), remarks=list(grid.remarks))
        self._choices = choices
        self._order = self._date_order()
        self._entries = RecordRefs(self._name(), choices, self._day())
        self._graph = (
            NamedNode(self._entries.graph) if self._entries.graph else DefaultGraph()
        )
        self._rows: dict[int, NamedNode] = {}
        self._placed: dict[str, int] = {}
        self._said: dict[int, list[Quad]] = defaultdict(list)
        self._bad: dict[int, str] = {}

    def read(self) -> Record:
        sheets = [self._sheet(line) for line in self._grid.lines]
        for number, sheet in enumerate(sheets):
            if sheet:
                self._place(number, sheet)
        self._entries.settle(self._near(sheets))
        for number, sheet in enumerate(sheets):
            line = self._grid.lines[number]
            if sheet and number in self._rows:
                self._fill(number, sheet, line)
            elif line.sheet == OTHER:
                self._add(number, line)
        self._leave_out()
        return self._made

    def _near(self, sheets: list[Sheet | None]) -> set[str]:
        """Return the bodies of the record's areas, its publishers and those it describes."""
        areas = set(self._choices.find(["area"], self._grid.word("Area"), self._day()))
        bodies: set[str] = set()
        for line, sheet in zip(self._grid.lines, sheets, strict=True):
            for column in sheet.columns if sheet else ():
                if column.lists == ("area",) or column.term in _OF_BODIES:
                    found = self._named(column, line)
                    (areas if column.lists == ("area",) else bodies).update(found)
        return bodies | self._choices.serving(areas)

    def _named(self, column: FormColumn, line: FormRow) -> Iterator[str]:
        """Yield what the cells of a column name; what is not clear is told later."""
        for cell in line.cells.get(column.heading, []):
            for item in parts(str(cell.value), many=column.many, listed=True):
                with suppress(NotFoundError):
                    yield self._entries.find(column, item).value

    def _sheet(self, line: FormRow) -> Sheet | None:
        return self._form.sheet(line.sheet) if line.sheet != OTHER else None

    def _name(self) -> str:
        cell = self._grid.start.get("Name")
        given = self._grid.word("Name")
        if given == NONE or re.fullmatch(r"<[a-z][a-z0-9+.-]*:[^\s<>]+>", given):
            return given
        if slug(given):
            return slug(given)
        missing = cell or Cell(START, "")
        self._made.problems.append(
            missing.wrong(
                "the record has no name; write one beside Name, such as ashford-2026"
            )
        )
        return NONE

    def _day(self) -> str:
        cell = self._grid.start.get("Day")
        if not cell or not self._grid.word("Day"):
            return ""
        try:
            return days(cell.value, self._order).isoformat()
        except ValueError as error:
            self._made.problems.append(cell.wrong(str(error)))
            return ""

    def _date_order(self) -> str:
        cell = self._grid.start.get("Dates in numbers")
        said = self._grid.word("Dates in numbers").casefold()
        if cell and said and said not in _ORDERS:
            self._made.problems.append(
                cell.wrong(
                    "is not known here; write day first or month first, or leave it blank"
                )
            )
        return _ORDERS.get(said, "")

    def _place(self, number: int, sheet: Sheet) -> None:
        """Give the row its entry, by its ref or else by its name."""
        line = self._grid.lines[number]
        named = [
            cell
            for head in ("Name", "Title")
            for cell in line.cells.get(head, line.cells.get(f"{UNKNOWN}{head}", []))
        ]
        refs = line.cells.get("Ref", line.cells.get(f"{UNKNOWN}Ref", []))
        given = [cell for cell in refs if str(cell.value).strip()]
        if line.sheet in self._grid.doubtful or f"{UNKNOWN}Ref" in line.cells:
            self._bad[number] = f"{line.place}: its sheet or a heading has a problem"
        cell = next(iter(given or named), None)
        if cell is None:
            self._wrong(
                number, None, "the row has neither ref nor name; write one of them"
            )
            self._rows[number] = NamedNode(self._provisional(number))
            return
        try:
            iri = self._entries.address(sheet, words(cell.value))
        except ValueError as error:
            self._wrong(number, cell, str(error))
            iri = self._provisional(number)
        first = self._placed.setdefault(iri, number)
        if first != number:
            where = self._grid.lines[first].place
            problem = f"names the entry of {where} again; give one another ref"
            self._wrong(number, cell, problem)
            iri = self._provisional(number)
            self._placed[iri] = number
        self._rows[number] = NamedNode(iri)
        self._said[number].append(
            Quad(self._rows[number], RDF_TYPE, sheet.kind, self._graph)
        )
        names = [str(cell.value) for cell in (*given, *named)]
        self._entries.add(sheet.name, iri, [*names, self._entries.ref(sheet, iri)])

    @staticmethod
    def _provisional(number: int) -> str:
        """Return an address for a row that has none yet, so that its cells are read."""
        return f"{PREFIXES['graph']}row/{number}"

    def _fill(self, number: int, sheet: Sheet, line: FormRow) -> None:
        for heading, cells in line.cells.items():
            plain, tag = language(heading.removeprefix(UNKNOWN))
            column = sheet.column(plain)
            if column.holds != "ref":
                before = len(self._said[number])
                for cell in cells:
                    self._read_cell(number, column, cell, tag)
                if heading.startswith(UNKNOWN):  # looked at, and counted for nothing
                    del self._said[number][before:]
        there = {quad.predicate for quad in self._said[number]}
        self._made.blank += [
            f"{line.place}, {column.heading}"
            for column in sheet.columns
            if column.needed
            and column.holds != "ref"
            and column.term not in there
            and not any(line.cells.get(column.heading, []))
        ]

    def _read_cell(self, number: int, column: FormColumn, cell: Cell, tag: str) -> None:
        items: list[object] = [cell.value]
        if isinstance(cell.value, str):
            listed = column.holds != "words"
            items = list(parts(cell.value, many=column.many, listed=listed))
        row = self._rows[number].value
        self._made.places.setdefault(row, self._grid.lines[number].place)
        self._made.places.setdefault(f"{row} {column.term.value}", cell.place)
        for item in items:
            try:
                self._said[number] += self._facts(number, column, item, tag)
            except ValueError as error:
                self._wrong(number, cell, str(error), str(item))

    def _facts(
        self, number: int, column: FormColumn, item: object, tag: str
    ) -> Iterator[Quad]:
        found: NamedNode | Literal
        try:
            found = value(column, item, tag, self._entries, self._order)
        except NotFoundError:
            if column.lists != ("Passages",) or " / " not in str(item):
                raise
            found, said = self._passage(str(item))
            yield from said
        yield Quad(self._rows[number], column.term, found, self._graph)

    def _passage(self, text: str) -> tuple[NamedNode, list[Quad]]:
        """Return the passage that a document and a paragraph, as in minutes / 2.1, make."""
        passages, documents = (
            self._form.sheet("Passages"),
            self._form.sheet("Documents"),
        )
        pointing = passages.column("Document")
        word, _, paragraph = (part.strip() for part in text.partition(" / "))
        document = self._entries.find(pointing, word)
        ref = self._entries.ref(documents, document.value).rpartition(":")[2]
        row = NamedNode(self._entries.address(passages, f"{ref}.{paragraph}"))
        if row.value in self._placed:
            return row, []
        named = f"paragraph {paragraph}" if paragraph[:1].isdigit() else paragraph
        said: dict[NamedNode, NamedNode | Literal] = {
            RDF_TYPE: passages.kind,
            _LABEL: Literal(f"{self._title(document)}, {named}", language="en"),
            pointing.term: document,
            CSP.paragraph: Literal(paragraph),
        }
        return row, [Quad(row, term, what, self._graph) for term, what in said.items()]

    def _title(self, document: NamedNode) -> str:
        if document.value in self._placed:
            line = self._grid.lines[self._placed[document.value]]
            for cell in line.cells.get("Title", []):
                return words(cell.value)
        return self._choices.word(["Documents"], document.value)

    def _add(self, number: int, line: FormRow) -> None:
        try:
            self._said[number].append(other_facts.quad(line, self._graph))
        except ValueError as error:
            cell = next((c for cells in line.cells.values() for c in cells), None)
            self._wrong(number, cell, str(error))

    def _wrong(
        self, number: int, cell: Cell | None, said: str, item: str | None = None
    ) -> None:
        line = self._grid.lines[number]
        place = cell.place if cell else line.place
        shown = "" if cell is None else str(cell.value) if item is None else item
        self._made.problems.append(Problem(place, shown, said))
        self._bad.setdefault(number, f"{line.place}: it has a problem")

    def _leave_out(self) -> None:
        """Leave out what has a problem, and then what points to what is left out."""
        pointing: dict[object, list[int]] = defaultdict(list)
        for number, said in self._said.items():
            for term in {term for q in said for term in (q.subject, q.object)}:
                pointing[term].append(number)
        waiting = [number for number in self._bad if number in self._rows]
        while waiting:
            gone = waiting.pop()
            where = self._grid.lines[gone].place
            for number in pointing.pop(self._rows[gone], []):
                if number not in self._bad:
                    place = self._grid.lines[number].place
                    self._bad[number] = f"{place}: it points to {where}, left out too"
                    waiting += [number] if number in self._rows else []
        self._made.left_out = list(self._bad.values())
        for number, said in self._said.items():
            if number not in self._bad:
                self._made.quads += said
                self._made.counts[self._grid.lines[number].sheet] += 1
        self._made.quads = list(dict.fromkeys(self._made.quads))
