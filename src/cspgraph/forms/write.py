"""From the facts of a record to the rows of a form; nothing is lost.

A value goes into a cell only if it can be read back from there as it was. All others go
to the sheet Other facts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from cspgraph.errors import FileError
from cspgraph.forms import other_facts
from cspgraph.forms.cells import duration
from cspgraph.forms.references import NONE, RecordRefs, language, value
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cspgraph.forms.lookup import Lookup
    from cspgraph.forms.schema import Form, FormColumn, Sheet

__all__ = ["Filled", "rows"]

_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_SEPARATORS = re.compile("[;\n]")


@dataclass(slots=True)
class Filled:
    """A form with its rows: for each sheet the cells of each row by heading."""

    start: dict[str, str]
    sheets: dict[str, list[dict[str, list[str]]]] = field(default_factory=dict)
    other: list[list[str]] = field(default_factory=list)

    def headings(self, sheet: Sheet) -> list[str]:
        """Return the headings of a sheet, with those in other languages beside theirs."""
        used = {head for row in self.sheets.get(sheet.name, []) for head in row}
        return [
            head
            for column in sheet.columns
            for head in (
                column.heading,
                *sorted(h for h in used if language(h)[0] == column.heading != h),
            )
        ]


def rows(quads: Iterable[Quad], form: Form, choices: Lookup, name: str) -> Filled:
    """Return the facts of one record as rows.

    Raises `FileError` for facts of several records, or about other facts.
    """
    facts = list(dict.fromkeys(quads))
    graphs = sorted({_graph(quad) for quad in facts})
    if len(graphs) > 1:
        problem = f"it holds {len(graphs)} records; export each to a form of its own, or all to .trig"
        raise FileError(name, problem)
    return _Writer(facts, form, choices, name, graphs[0] if graphs else NONE).written()


def _graph(quad: Quad) -> str:
    if isinstance(quad.graph_name, DefaultGraph):
        return NONE
    full = quad.graph_name.value
    short = full.removeprefix(PREFIXES["graph"])
    simple = full != short and re.fullmatch(r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*", short)
    return short if simple else f"<{full}>"


class _Writer:
    def __init__(
        self, quads: list[Quad], form: Form, choices: Lookup, name: str, record: str
    ) -> None:
        self._form, self._choices, self._name = form, choices, name
        self._entries = RecordRefs(record, choices)
        self._facts: dict[object, list[Quad]] = defaultdict(list)
        for quad in quads:
            self._facts[quad.subject].append(quad)
        self._filled = Filled({"Name": record})
        self._sheets: dict[NamedNode, Sheet] = {}

    def written(self) -> Filled:
        for sheet in self._form.sheets:
            for subject, said in self._facts.items():
                if (
                    isinstance(subject, NamedNode)
                    and subject not in self._sheets
                    and any(
                        q.predicate == RDF_TYPE and q.object == sheet.kind for q in said
                    )
                    and self._addressable(sheet, subject)
                ):
                    self._sheets[subject] = sheet
        self._name_entries()
        for subject, said in self._facts.items():
            left = said
            if subject in self._sheets:
                left = self._row(self._sheets[subject], subject, said)  # type: ignore[index,arg-type]
            for quad in left:
                self._rest(quad)
        self._filled.other.sort()
        return self._filled

    def _addressable(self, sheet: Sheet, subject: NamedNode) -> bool:
        with suppress(ValueError):
            ref = self._entries.ref(sheet, subject.value)
            return (
                other_facts.plain(ref)
                and self._entries.address(sheet, ref) == subject.value
            )
        return False

    def _name_entries(self) -> None:
        for subject, sheet in self._sheets.items():
            ref = self._entries.ref(sheet, subject.value)
            labels = [
                quad.object.value
                for quad in self._facts[subject]
                if quad.predicate == _LABEL and isinstance(quad.object, Literal)
            ]
            self._entries.add(sheet.name, subject.value, [ref, *labels])

    def _row(
        self, sheet: Sheet, subject: NamedNode, said: Sequence[Quad]
    ) -> list[Quad]:
        """Put a row in place; return the facts for which it has no cell."""
        row: dict[str, list[str]] = {"Ref": [self._entries.ref(sheet, subject.value)]}
        left = []
        for quad in said:
            if quad.predicate == RDF_TYPE and quad.object == sheet.kind:
                continue
            column = next((c for c in sheet.columns if c.term == quad.predicate), None)
            found = column and self._cell(column, quad.object, row)
            if not found:
                left.append(quad)
                continue
            head, text = found
            row.setdefault(head, []).append(text)
        self._filled.sheets.setdefault(sheet.name, []).append(
            {
                head: sorted(cells) if head != "Ref" else cells
                for head, cells in row.items()
            }
        )
        return left

    def _cell(
        self, column: FormColumn, term: object, row: dict[str, list[str]]
    ) -> tuple[str, str] | None:
        """Return heading and text of the cell that holds `term`, if one can."""
        if not isinstance(term, NamedNode | Literal) or column.holds == "ref":
            return None
        head, text = column.heading, self._text(column, term)
        tag = "en"
        if isinstance(term, Literal) and term.language and term.language != "en":
            tag = term.language
            head = f"{head} [{tag}]"
        if text is None or not other_facts.plain(text) or language(head)[1] != tag:
            return None
        if not column.many and row.get(head):
            return None
        if column.many and column.holds != "words" and _SEPARATORS.search(text):
            return None
        with suppress(ValueError):
            if value(column, text, tag, self._entries) == term:
                return head, text
        return None

    def _text(self, column: FormColumn, term: NamedNode | Literal) -> str | None:
        if isinstance(term, NamedNode):
            if column.holds == "link":
                return term.value
            return self._pointer(column, term.value) if column.holds == "name" else None
        if column.holds == "length":
            return duration(term.value)
        if column.holds == "last day":
            with suppress(ValueError, OverflowError):
                return str(date.fromisoformat(term.value) - timedelta(days=1))
            return None
        return term.value

    def _pointer(self, column: FormColumn, iri: str) -> str:
        sheet = self._sheets.get(NamedNode(iri))
        if sheet and sheet.name in column.lists:
            return self._entries.ref(sheet, iri)
        return self._choices.word(column.lists, iri)

    def _rest(self, quad: Quad) -> None:
        try:
            self._filled.other.append(other_facts.cells(quad))
        except ValueError as error:
            raise FileError(
                self._name, f"{error}; export it to .trig instead"
            ) from error
