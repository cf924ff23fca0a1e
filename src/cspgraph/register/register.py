"""The bodies, organs and areas of `data/register/`, whole or near a few areas.

Folders hold tables of the same names: `built/` is made from the files of publishers,
`kept/` is written by hand. A question about one area reads the rows near it and no
others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cspgraph.errors import FileError
from cspgraph.rdf import files
from cspgraph.rdf.labels import RegisterEntry
from cspgraph.rdf.terms import OPEN_END, PREFIXES, area_iri, expand
from cspgraph.register import organs
from cspgraph.register.tables import TABLES, items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pyoxigraph import Quad

    from cspgraph.rdf.files import CsvRow, Source

__all__ = ["Nearby", "Register"]


_BY_LAW = "organs-by-law"


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a question about a few areas needs: codes of areas, slugs of bodies.

    Some areas are `served` by bodies that records name, and nothing else is near there.
    """

    asked: frozenset[str]
    areas: frozenset[str]
    bodies: frozenset[str]
    served: frozenset[str] = frozenset()


def _is_near(code: str, near: Nearby) -> bool:
    return code in near.areas or code in near.served


def _of_thing(row: CsvRow, near: Nearby) -> bool:
    kind, _, end = row.cells["thing"].partition(":")
    return end in (near.areas if kind in ("gss", "area") else near.bodies)


#: Which rows of a table are near; of a table that is not named here none are needed.
_NEAR: Mapping[str, Callable[[CsvRow, Nearby], bool]] = {
    "areas": lambda row, near: _is_near(row.cells["code"], near),
    "containments": lambda row, near: _is_near(row.cells["area"], near),
    "bodies": lambda row, near: row.cells["slug"] in near.bodies,
    "partnerships": lambda row, near: row.cells["slug"] in near.bodies,
    "statistical-areas": lambda row, near: _is_near(row.cells["code"], near),
    "aliases": _of_thing,
    "services": lambda row, near: (
        _is_near(row.cells["area"], near) and row.cells["body"] in near.bodies
    ),
    "governance": lambda row, near: row.cells["body"] in near.bodies,
    "organs": lambda row, near: row.cells["body"] in near.bodies,
    "scheduled-changes": lambda row, near: _is_near(row.cells["area"], near),
}


class Register:
    """The rows of all tables; each table is read once, when it is asked for."""

    def __init__(self, tables: Iterable[Source]) -> None:
        self._sources: dict[str, list[Source]] = defaultdict(list)
        self._rows: dict[str, list[CsvRow]] = {}
        for source in tables:
            name = source.name.rpartition("/")[2].removesuffix(".csv")
            if name not in (*TABLES, _BY_LAW):
                known = ", ".join((*TABLES, _BY_LAW))
                problem = f"no table is called {name!r}; the tables are {known}"
                raise FileError(source.name, problem)
            self._sources[name].append(source)

    def rows(self, name: str) -> list[CsvRow]:
        """Return the rows of the table `name`, from all folders.

        Raises `FileError` for a table that cannot be read and for a key that occurs
        twice.
        """
        if name not in self._rows:
            rows = list(self._read(name))
            if name == "organs":
                rows += self._by_law(rows)
            self._rows[name] = rows  # whole: another thread may be reading
        return self._rows[name]

    @cached_property
    def _law(self) -> list[CsvRow]:
        """The organs that the law gives to councils, by kind of council."""
        tables = self._sources[_BY_LAW]
        return [row for t in tables for row in files.rows(t, organs.COLUMNS)]

    def _by_law(self, kept: list[CsvRow]) -> list[CsvRow]:
        """Return the rows of organs that councils have by law and that are not `kept`."""
        bodies, governance = self.rows("bodies"), self.rows("governance")
        return [*organs.by_law(self._law, bodies, governance, kept)]

    def _read(self, name: str) -> Iterator[CsvRow]:
        table = TABLES[name]
        places: dict[str, CsvRow] = {}
        for source in self._sources[name]:
            columns = table.columns_in(files.head(source))
            for row in files.rows(source, columns):
                key = table.key_of(row)
                first = places.setdefault(key, row)
                if first is not row:
                    where = f"in line {first.line}"
                    if first.file != row.file:
                        where = f"in {first.file}, line {first.line}"
                    problem = f"{key!r} stands {where} already; keep one row"
                    raise row.refuse(table.key[0], problem)
                yield row

    def quads(self, nearby: Nearby | None = None) -> Iterator[Quad]:
        """Yield what the tables say, or what they say of things `nearby`.

        Raises `FileError` with line and column for an empty cell that is needed, a
        value of another kind, and a last day that is not after the first.
        """
        for name, table in TABLES.items():
            near = _NEAR.get(name)
            if nearby is None:
                for row in self.rows(name):
                    yield from table.quads(row)
            elif near:
                for row in self.rows(name):
                    if near(row, nearby):
                        yield from table.quads(row)

    def check(self) -> None:
        """Read every row, and see that each area and body it names has its own row.

        Raises `FileError` as `quads` does, and with line and column for a row that
        names an area, a body or an organ of which no table tells.

        >>> tables = files.shipped("data/register/kept/countries", ".csv")
        >>> Register(tables).check()
        """
        known = self.lines()
        for name, table in TABLES.items():
            for row in self.rows(name):
                for quad in table.quads(row):
                    for term in (quad.subject, quad.object):
                        iri = getattr(term, "value", "")
                        if iri.startswith(_OWN) and iri not in known:
                            raise _loose(row, iri.rpartition("/")[2])

    def entries(self) -> Iterator[RegisterEntry]:
        """Yield every area, body and organ with its names, proper name first."""
        aliases = defaultdict(list)
        for row in self.rows("aliases"):
            thing = expand(row.cells["thing"])
            aliases[thing or row.cells["thing"]].append(row.cells["alias"])
        wider = defaultdict(list)
        for row in self.rows("containments"):
            inner, outer = row.cells["area"], row.cells["wider_area"]
            wider[area_iri(inner)].append(area_iri(outer))
        served: dict[str, list[str]] = defaultdict(list)
        own: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("services"):
            area = area_iri(row.cells["area"])
            if not row.cells.get("capacity"):
                own[row.cells["body"]].append(area)
            if area not in served[row.cells["body"]]:
                served[row.cells["body"]].append(area)
        named: dict[str, list[str]] = {}
        for table in ("areas", "bodies", "partnerships", "organs"):
            made, classes = (
                TABLES[table],
                {kind.value for kind in TABLES[table].classes},
            )
            for row in self.rows(table):
                cells, key = row.cells, made.key_of(row)
                iri = made.address(key)
                names = [cells["name"], *aliases[iri]]
                if table == "areas":
                    names.append(cells["code"])
                of, words = "", []
                if table == "organs":
                    of, known = (
                        PREFIXES["body"] + cells["body"],
                        named.get(cells["body"], []),
                    )
                    words = [*organs.shared(self._law, row, known)]
                else:
                    named[key] = names
                yield RegisterEntry(
                    iri,
                    {PREFIXES["kind"] + cells["kind"], *classes},
                    names,
                    cells["valid_from"],
                    cells["valid_until"],
                    [made.address(s) for s in _successors(row)],
                    wider.get(iri, []),
                    served.get(cells.get("slug", ""), ()),
                    of,
                    words,
                    own.get(cells.get("slug", ""), ()),
                    cells.get("first_day") == "by",
                )

    def lines(self) -> dict[str, tuple[str, int]]:
        """Return for each thing in a row of its own the table and line that describe it."""
        return {
            TABLES[name].address(TABLES[name].key_of(row)): (row.file, row.line)
            for name in TABLES
            if TABLES[name].classes
            for row in self.rows(name)
        }

    def areas_of(self, body: str) -> set[str]:
        """Return the codes of the areas that the body with this slug serves."""
        return self._linked("services", "body", {body}, "area")

    def served_by(self, body: str) -> set[str]:
        """Return the addresses of the areas that the body at this address serves.

        Those that lie in a wider area that it serves are among them.

        >>> tables = files.shipped("data/register", ".csv")
        >>> served = Register(tables).served_by(PREFIXES["body"] + "dorset-council")
        >>> [address.rpartition("/")[2] for address in served]
        ['E06000059']
        """
        codes = self.areas_of(body.rpartition("/")[2])
        inside = self._linked("containments", "wider_area", codes, "area")
        return {area_iri(code) for code in codes | inside}

    def in_being(self, kinds: Iterable[str], on: date) -> frozenset[str]:
        """Return the addresses of the areas of these `kinds` that there are on a day."""
        wanted = frozenset(kinds)
        rows = (row.cells for row in self.rows("areas"))
        return frozenset(
            area_iri(cells["code"])
            for cells in rows
            if cells["kind"] in wanted
            and cells["valid_from"] <= str(on) < (cells["valid_until"] or OPEN_END)
        )

    def nearby(
        self, areas: Iterable[str], beside: Iterable[str], named: Iterable[str]
    ) -> Nearby:
        """Return what a question about `areas`, and those `beside`, needs.

        All are addresses. One of the `areas` stands for those that lie in it too.
        What records have `named` is near as well, but not asked about.
        """
        codes = {iri.rpartition("/")[2] for iri in areas}
        known = {row.cells["code"] for row in self.rows("areas")}
        things = {iri.rpartition("/")[2] for iri in named}
        asked = self._inside(codes)
        asked |= (codes | {iri.rpartition("/")[2] for iri in beside}) & known
        told = asked | (things & known)
        wide = self._wider(told | self._former_codes(told))
        bodies = things | self._linked("organs", "slug", things, "body")
        served = self._wider(self._linked("services", "body", bodies, "area"))
        bodies |= self._linked("services", "area", wide, "body")
        wide |= self._linked("areas", "kind", {"Country"}, "code")
        return Nearby(
            frozenset(asked),
            self._described(wide),
            frozenset(self._with_successors("bodies", bodies)),
            self._described(served),
        )

    def _described(self, codes: set[str]) -> frozenset[str]:
        """Return `codes` of areas with all that their rows name."""
        areas = self._with_successors("areas", codes)
        near = (row for row in self.rows("areas") if row.cells["code"] in areas)
        return frozenset(areas.union(*(items(r, "statistical_area") for r in near)))

    def surroundings(self, area: str) -> set[str]:
        """Return the addresses of `area`, of wider areas, and of bodies and organs there.

        >>> tables = files.shipped("data/register", ".csv")
        >>> dorset = PREFIXES["gss"] + "E06000059"
        >>> PREFIXES["organ"] + "dorset-council-cabinet" in Register(tables).surroundings(dorset)
        True
        """
        near = self.nearby([area], (), ())
        organs = (r for r in self.rows("organs") if r.cells["body"] in near.bodies)
        return (
            {area_iri(code) for code in near.areas}
            | {PREFIXES["body"] + slug for slug in near.bodies}
            | {PREFIXES["organ"] + row.cells["slug"] for row in organs}
        )

    def around(self, areas: Iterable[str]) -> set[str]:
        """Return the codes of `areas`, of those that lie in them and of wider ones."""
        codes = {iri.rpartition("/")[2] for iri in areas}
        return self._wider(codes | self._inside(codes))

    def _inside(self, codes: set[str]) -> set[str]:
        """Return the codes of what lies in areas, now or at another time, at any depth."""
        inside = self._linked("areas", "country", codes, "code")
        deeper = codes
        while deeper:
            deeper = self._linked("containments", "wider_area", deeper, "area") - inside
            inside |= deeper
        return inside

    def _wider(self, codes: set[str]) -> set[str]:
        wide = set(codes)
        for _ in range(2):
            wide |= self._linked("containments", "area", wide, "wider_area")
        return wide

    def _with_successors(self, table: str, found: set[str]) -> set[str]:
        """Return `found` with all that came after: later rows may name earlier ones."""
        after = {TABLES[table].key_of(r): _successors(r) for r in self.rows(table)}
        reached: set[str] = set()
        waiting = set(found)
        while waiting:
            reached |= waiting
            waiting = {s for one in waiting for s in after.get(one, [])} - reached
        return reached

    def _former_codes(self, codes: set[str]) -> set[str]:
        """Return the codes that areas had before, where one gave way to one other.

        What is held under the new code may have been held under the old one.
        """
        before: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.rows("areas"):
            after = _successors(row)
            for one in after:
                before[one].add(row.cells["code"] if len(after) == 1 else "")
        found: set[str] = set()
        waiting = set(codes)
        while waiting:
            alone = (before[one] for one in waiting if len(before[one]) == 1)
            waiting = set[str]().union(*alone) - found - {""}
            found |= waiting
        return found

    def _linked(self, table: str, column: str, given: set[str], other: str) -> set[str]:
        """Return the cells in `other` of rows whose cell in `column` is one of `given`."""
        return {
            row.cells[other] for row in self.rows(table) if row.cells[column] in given
        }


#: How addresses begin of things that have rows of their own.
_OWN = tuple(PREFIXES[prefix] for prefix in ("gss", "area", "body", "organ"))


def _loose(row: CsvRow, code: str) -> FileError:
    """Return the error that says in which column of `row` stands an unknown `code`."""
    cells = row.cells.items()
    column = next(name for name, cell in cells if code in re.split("[:;]", cell))
    return row.refuse(column, f"{code!r} has no row of its own in the register; add it")


def _successors(row: CsvRow) -> list[str]:
    return items(row, "successor") if "successor" in row.cells else []
