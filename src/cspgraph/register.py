"""Turn the tables of `data/register/` into bodies, organs and areas with dates.

Each table is one kind of fact; each row is one thing, and says how well it was
checked. The README beside the tables names publisher, licence and edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph import sources
from cspgraph.errors import FileError
from cspgraph.vocab import CSP, PREFIXES, RDF_TYPE, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cspgraph.sources import Row, Source

    Cell = Callable[[Row, str], Iterator[NamedNode | Literal]]

__all__ = ["TABLES", "Table", "quads"]

GRAPH = NamedNode(PREFIXES["graph"] + "register")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_ALIAS = NamedNode(PREFIXES["skos"] + "altLabel")


def _thing(prefix: str) -> Cell:
    def read(row: Row, column: str) -> Iterator[NamedNode | Literal]:
        yield _iri(row, column, prefix + row.cells[column])

    return read


def _things(prefix: str) -> Cell:
    def read(row: Row, column: str) -> Iterator[NamedNode | Literal]:
        for name in row.cells[column].split(";"):
            if not name.strip():
                raise row.refuse(column, "an empty item in the list; remove its ';'")
            yield _iri(row, column, prefix + name.strip())

    return read


def _english(row: Row, column: str) -> Iterator[NamedNode | Literal]:
    yield Literal(row.cells[column], language="en")


def _text(row: Row, column: str) -> Iterator[NamedNode | Literal]:
    yield Literal(row.cells[column])


def _day(row: Row, column: str) -> Iterator[NamedNode | Literal]:
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
}


@dataclass(frozen=True, slots=True)
class Table:
    """What one table holds: the class of its rows, their IRI and their columns."""

    classes: tuple[NamedNode, ...]
    prefix: str
    key: tuple[str, ...]
    cells: Mapping[str, tuple[NamedNode, Cell]]

    @property
    def columns(self) -> list[str]:
        """The columns of the table, those that every table has at the end."""
        held = ["source"] if not self.classes else list(_HOLDS)
        return list(dict.fromkeys([*self.key, *self.cells, *held]))


TABLES: Mapping[str, Table] = {
    "areas": Table(
        (CSP.Area,),
        _AREA,
        ("code",),
        {
            "code": (CSP.gssCode, _text),
            "name": (_LABEL, _english),
            "kind": (CSP.areaKind, _KIND),
            "country": (CSP.country, _thing(_AREA)),
        },
    ),
    "containments": Table(
        (CSP.Containment,),
        PREFIXES["containment"],
        ("area", "wider_area", "valid_from"),
        {
            "area": (CSP.area, _thing(_AREA)),
            "wider_area": (CSP.widerArea, _thing(_AREA)),
        },
    ),
    "bodies": Table(
        (CSP.Body,),
        _BODY,
        ("slug",),
        {
            "name": (_LABEL, _english),
            "kind": (CSP.bodyKind, _KIND),
            "successor": (CSP.succeededBy, _things(_BODY)),
        },
    ),
    "partnerships": Table(
        (CSP.Body, CSP.Partnership),
        _BODY,
        ("slug",),
        {"name": (_LABEL, _english), "kind": (CSP.bodyKind, _KIND)},
    ),
    "aliases": Table((), "", ("thing", "alias"), {"alias": (_ALIAS, _english)}),
    "services": Table(
        (CSP.Service,),
        PREFIXES["service"],
        ("body", "area", "valid_from"),
        {"body": (CSP.body, _thing(_BODY)), "area": (CSP.area, _thing(_AREA))},
    ),
    "governance": Table(
        (CSP.GovernancePeriod,),
        PREFIXES["governed"],
        ("body", "valid_from"),
        {
            "body": (CSP.body, _thing(_BODY)),
            "governance": (CSP.governance, _thing(PREFIXES["governance"])),
        },
    ),
    "organs": Table(
        (CSP.Organ,),
        PREFIXES["organ"],
        ("slug",),
        {
            "name": (_LABEL, _english),
            "body": (CSP.organOf, _thing(_BODY)),
            "kind": (CSP.organKind, _KIND),
        },
    ),
}

_OPTIONAL = {"valid_until", "evidence", "assumption", "note", "successor"}


def quads(tables: Iterable[Source]) -> Iterator[Quad]:
    """Yield what `tables` say as quads of the register's graph.

    Raises `FileError` with line and column for a table that is not known, a key
    that occurs twice, an empty cell that is needed, a value of another kind, and a
    last day that is not after the first.
    """
    for source in tables:
        name = source.name.rpartition("/")[2].removesuffix(".csv")
        if name not in TABLES:
            problem = f"no table is called {name!r}; the tables are {', '.join(TABLES)}"
            raise FileError(source.name, problem)
        yield from _table(source, TABLES[name])


def _table(source: Source, table: Table) -> Iterator[Quad]:
    lines: dict[str, int] = {}
    cells = {
        column: reader
        for column, reader in (dict(table.cells) | dict(_HOLDS)).items()
        if column in table.columns
    }
    for row in sources.rows(source, table.columns):
        for name in table.key:
            if not row.cells[name]:
                raise row.refuse(name, "the cell is empty; fill it")
        key = ".".join(row.cells[name] for name in table.key)
        if key in lines:
            problem = f"{key!r} stands in line {lines[key]} already; keep one row"
            raise row.refuse(table.key[0], problem)
        lines[key] = row.line
        subject = _subject(row, table, key)
        for kind in table.classes:
            yield Quad(subject, RDF_TYPE, kind, GRAPH)
        for column, (term, read) in cells.items():
            if not row.cells[column] and column not in _OPTIONAL:
                raise row.refuse(column, "the cell is empty; fill it")
            # The source of an alias is not the source of the thing that has it.
            if row.cells[column] and (table.classes or column in table.cells):
                for value in read(row, column):
                    yield Quad(subject, term, value, GRAPH)


def _subject(row: Row, table: Table, key: str) -> NamedNode:
    if table.prefix:
        return _iri(row, table.key[0], table.prefix + key)
    return _iri(row, "thing", expand(row.cells["thing"]) or row.cells["thing"])


def _iri(row: Row, column: str, text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        cell = row.cells[column]
        problem = f"{cell!r} cannot be part of an address; use letters, digits, hyphens"
        raise row.refuse(column, problem) from error
