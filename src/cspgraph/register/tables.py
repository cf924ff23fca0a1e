"""What each table of `data/register/` holds: its key, its columns, what a cell says.

Each table is one kind of fact; each row is one thing, and says how well it was
checked. The README beside the tables names publisher, licence and edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.rdf.terms import CSP, GSS_CODE, PREFIXES, RDF_TYPE, area_iri, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cspgraph.rdf.files import CsvRow

    Cell = Callable[[CsvRow, str], Iterator[NamedNode | Literal]]

__all__ = ["TABLES", "TableSchema", "items", "row"]

GRAPH = NamedNode(PREFIXES["graph"] + "register")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_ALIAS = NamedNode(PREFIXES["skos"] + "altLabel")
_NOTATION = NamedNode(PREFIXES["skos"] + "notation")


def _thing(prefix: str) -> Cell:
    def read(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
        yield _iri(row, column, prefix + row.cells[column])

    return read


def _things(prefix: str) -> Cell:
    def read(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
        for name in items(row, column):
            yield _iri(row, column, prefix + name)

    return read


def items(row: CsvRow, column: str) -> list[str]:
    """Return the items of a cell that lists several, separated by semicolons."""
    found = [item.strip() for item in row.cells[column].split(";")]
    if found == [""]:
        return []
    if not all(found):
        raise row.refuse(column, "an empty item in the list; remove its ';'")
    return found


def _area(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    yield _iri(row, column, area_iri(row.cells[column]))


def _areas(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    for code in items(row, column):
        yield _iri(row, column, area_iri(code))


def _gss(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    if GSS_CODE.fullmatch(row.cells[column]):
        yield from _text(row, column)


def _in_language(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    yield Literal(row.cells[column], language=row.cells["language"])


def _coded(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    scheme = NamedNode(PREFIXES["csp"] + row.cells["scheme"])
    yield Literal(row.cells[column], datatype=scheme)


def _english(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    yield Literal(row.cells[column], language="en")


def _text(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    yield Literal(row.cells[column])


def _day(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    cell = row.cells[column]
    try:
        written = date.fromisoformat(cell).isoformat()
    except ValueError:
        written = ""
    if written != cell:
        raise row.refuse(column, f"{cell!r} is not a date; write 2019-04-01")
    if column == "valid_until" and cell <= row.cells["valid_from"]:
        raise row.refuse(column, f"{cell!r} is not after the first day of the row")
    yield Literal(cell, datatype=NamedNode(PREFIXES["xsd"] + "date"))


def _first_day(row: CsvRow, column: str) -> Iterator[NamedNode | Literal]:
    """Yield the first day of a row that says that it may have held before."""
    if row.cells[column] != "by":
        problem = f"{row.cells[column]!r} is not known here; write 'by', or nothing where the row began on its first day"
        raise row.refuse(column, problem)
    yield from _day(row, "valid_from")


_BODY, _AREA = PREFIXES["body"], PREFIXES["gss"]
_KIND = _things(PREFIXES["kind"])

#: Columns that every table has: when the row holds, and how well it was checked.
_HOLDS: Mapping[str, tuple[NamedNode, Cell]] = {
    "valid_from": (CSP.validFrom, _day),
    "valid_until": (CSP.validUntil, _day),
    "confidence": (CSP.confidence, _KIND),
    "verification": (CSP.verification, _thing(PREFIXES["verification"])),
    "evidence": (CSP.verifiedBy, _things(PREFIXES["evidence"])),
    "source": (CSP.registerSource, _text),
    "assumption": (CSP.assumption, _english),
    "note": (CSP.modelNote, _english),
    "first_day": (CSP.beginsBy, _first_day),
}
#: Columns that a table may leave out.
_LEFT_OUT = {"first_day"}


_OPTIONAL = {
    *("valid_until", "evidence", "assumption", "note", "successor", "capacity"),
    *("statistical_area", "first_day", "changes_on"),
}


@dataclass(frozen=True, slots=True)
class TableSchema:
    """What one table holds: the class of its rows, their address and their columns."""

    classes: tuple[NamedNode, ...]
    address: Callable[[str], str]
    key: tuple[str, ...]
    cells: Mapping[str, tuple[NamedNode, Cell]]
    more: tuple[str, ...] = ()
    dated: bool = True

    @property
    def columns(self) -> list[str]:
        """The columns of the table, those that every table has at the end."""
        return list(dict.fromkeys([*self.key, *self.cells, *self.more, *self._held]))

    def columns_in(self, head: Sequence[str]) -> list[str]:
        """Return the columns asked of a table whose first line is `head`."""
        return [c for c in self.columns if c in head or c not in _LEFT_OUT]

    @property
    def _held(self) -> Mapping[str, tuple[NamedNode, Cell]]:
        if not self.classes:
            return {"source": _HOLDS["source"]}
        return {k: v for k, v in _HOLDS.items() if self.dated or k[:6] != "valid_"}

    def key_of(self, row: CsvRow) -> str:
        """Return the key of `row`; raise `FileError` for an empty cell of it."""
        for name in self.key:
            if not row.cells[name]:
                raise row.refuse(name, "the cell is empty; fill it")
        return ".".join(row.cells[name] for name in self.key)

    def quads(self, row: CsvRow) -> Iterator[Quad]:
        """Yield what `row` says; raise `FileError` for a cell that cannot be read."""
        key = self.key_of(row) if self.classes else row.cells[self.key[0]]
        subject = _iri(row, self.key[0], self.address(key))
        for kind in self.classes:
            yield Quad(subject, RDF_TYPE, kind, GRAPH)
        read = self._held if self.classes else {}
        for column, (term, cell) in (*self.cells.items(), *read.items()):
            if row.cells.get(column):
                for value in cell(row, column):
                    yield Quad(subject, term, value, GRAPH)
            elif column not in _OPTIONAL:
                raise row.refuse(column, "the cell is empty; fill it")


def _iri(row: CsvRow, column: str, text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        cell = row.cells[column]
        problem = f"{cell!r} cannot be part of an address; use letters, digits, hyphens"
        raise row.refuse(column, problem) from error


def _in(prefix: str) -> Callable[[str], str]:
    return PREFIXES[prefix].__add__


def _any(word: str) -> str:
    return expand(word) or word


TABLES: Mapping[str, TableSchema] = {
    "areas": TableSchema(
        (CSP.Area,),
        area_iri,
        ("code",),
        {
            "code": (CSP.gssCode, _gss),
            "name": (_LABEL, _english),
            "kind": (CSP.areaKind, _KIND),
            "country": (CSP.country, _area),
            "successor": (CSP.succeededBy, _areas),
            "statistical_area": (CSP.statisticalArea, _areas),
        },
    ),
    "containments": TableSchema(
        (CSP.Containment,),
        _in("containment"),
        ("area", "wider_area", "valid_from"),
        {
            "area": (CSP.area, _area),
            "wider_area": (CSP.widerArea, _area),
        },
    ),
    "bodies": TableSchema(
        (CSP.Body,),
        _in("body"),
        ("slug",),
        {
            "name": (_LABEL, _english),
            "kind": (CSP.bodyKind, _KIND),
            "successor": (CSP.succeededBy, _things(_BODY)),
        },
    ),
    "partnerships": TableSchema(
        (CSP.Body, CSP.Partnership),
        _in("body"),
        ("slug",),
        {"name": (_LABEL, _english), "kind": (CSP.bodyKind, _KIND)},
    ),
    "aliases": TableSchema(
        (), _any, ("thing", "alias"), {"alias": (_ALIAS, _in_language)}, ("language",)
    ),
    "services": TableSchema(
        (CSP.Service,),
        _in("service"),
        ("body", "area", "valid_from"),
        {
            "body": (CSP.body, _thing(_BODY)),
            "area": (CSP.area, _area),
            "capacity": (CSP.capacity, _KIND),
        },
    ),
    "statistical-areas": TableSchema(
        (CSP.StatisticalArea,),
        area_iri,
        ("code",),
        {"code": (CSP.gssCode, _text), "name": (_LABEL, _english)},
    ),
    "identifiers": TableSchema(
        (), _any, ("thing", "scheme", "code"), {"code": (_NOTATION, _coded)}
    ),
    "governance": TableSchema(
        (CSP.GovernancePeriod,),
        _in("governed"),
        ("body", "valid_from"),
        {
            "body": (CSP.body, _thing(_BODY)),
            "governance": (CSP.governance, _thing(PREFIXES["governance"])),
        },
    ),
    "organs": TableSchema(
        (CSP.Organ,),
        _in("organ"),
        ("slug",),
        {
            "name": (_LABEL, _english),
            "body": (CSP.organOf, _thing(_BODY)),
            "kind": (CSP.organKind, _KIND),
        },
    ),
    "scheduled-changes": TableSchema(
        (CSP.ScheduledChange,),
        _in("scheduled-change"),
        ("slug",),
        {
            "area": (CSP.area, _area),
            "changes_on": (CSP.changesOn, _day),
            "becomes": (CSP.becomes, _text),
            "name": (_LABEL, _english),
            "share": (CSP.share, _text),
            "status": (CSP.changeStatus, _text),
            "decided_by": (CSP.decidedBy, _text),
            "read_on": (CSP.readOn, _day),
        },
        dated=False,
    ),
}


def row(table: str, **cells: str) -> dict[str, str]:
    """Return the cells of a new row of `table`, those not given empty.

    >>> row("aliases", thing="gss:E06000059", alias="Dorset Council area")["language"]
    ''
    """
    return dict.fromkeys(TABLES[table].columns, "") | cells
