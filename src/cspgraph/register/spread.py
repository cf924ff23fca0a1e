"""What an area that is asked for stands for: itself, and the areas that lie in it.

Law gives duties in districts and, a few, in counties and police areas. A region, a
country or the area of a combined authority has none of its own and stands for those of
its districts; a two-tier district has those of its county too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import OPEN_END, area_iri

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cspgraph.rdf.files import CsvRow
    from cspgraph.register.register import Register

__all__ = ["BOUND", "LOCAL", "MOST_AREAS", "WIDE", "Spread", "served", "spread"]

#: Kinds of area that hold districts.
WIDE = frozenset(
    (
        *("CountyArea", "PoliceArea", "FireArea", "HealthArea", "Region"),
        *("ProbationRegion", "CombinedAuthorityArea", "Country"),
    )
)
#: Kinds of district: areas for which responsible authorities are named.
LOCAL = frozenset(
    (
        *("UnitaryDistrict", "TwoTierDistrict", "MetropolitanDistrict"),
        *("LondonBorough", "CityOfLondon", "IsleOfWight", "IslesOfScilly"),
        "WelshPrincipalArea",
    )
)
#: Kinds of wide area that have duties of their own.
BOUND = ("CountyArea", "PoliceArea")
#: What reads area by area takes no more areas than this at once.
MOST_AREAS = 40


@dataclass(frozen=True, slots=True)
class Spread:
    """The addresses of the areas that `asked` stands for, those with districts first.

    `districts` of them are districts; of these `recalled` lie there by a row of the
    register that was not checked, and `assumed` by one that takes something for granted.
    `known_from` is the first day from which the register knows any, where it knows none.
    """

    asked: str
    kind: str
    areas: tuple[str, ...]
    districts: int = 0
    recalled: int = 0
    assumed: int = 0
    known_from: str = ""

    @property
    def wide(self) -> bool:
        """Whether the area asked for is one that holds districts."""
        return self.kind in WIDE

    @property
    def inner(self) -> tuple[str, ...]:
        """The districts among the areas."""
        return (
            self.areas[len(self.areas) - self.districts :]
            if self.wide
            else (self.asked,)
        )

    @property
    def above(self) -> tuple[str, ...]:
        """The areas that are no districts, or of one district its counties."""
        return (
            self.areas[: len(self.areas) - self.districts]
            if self.wide
            else self.areas[1:]
        )


def spread(register: Register, area: str, day: date | None) -> Spread:
    """Return what the area with the address `area` stands for on `day`, or ever.

    >>> from cspgraph.rdf import files
    >>> from datetime import date
    >>> from cspgraph.register.register import Register
    >>> register = Register(files.shipped("data/register", ".csv"))
    >>> kent = spread(register, area_iri("E10000016"), date(2024, 7, 23))
    >>> len(kent.areas), kent.districts
    (13, 12)
    """
    rows = {row.cells["code"]: row for row in register.rows("areas")}
    code = area.rpartition("/")[2]
    if code not in rows:
        return Spread(area, "", (area,))
    kind = rows[code].cells["kind"]
    if kind not in WIDE:
        county = (
            _counties_of(register, code, day, rows) if kind == "TwoTierDistrict" else ()
        )
        return Spread(area, kind, (area, *map(area_iri, county)), 1)
    lying, known_from = _inside(register, code, day, rows)
    held = set(lying)
    above = [code] if kind in BOUND else []
    above += _whole(register, held, day, rows, kind) if held else []
    marks = [row for row in lying.values() if row is not None]
    return Spread(
        area,
        kind,
        tuple(map(area_iri, [*dict.fromkeys(above), *sorted(held)])),
        len(held),
        sum(row.cells["verification"] == "R" for row in marks),
        sum(bool(row.cells["assumption"]) for row in marks),
        known_from,
    )


def served(register: Register, body: str, day: date) -> list[str]:
    """Return the addresses of the areas that the body with this address serves on `day`.

    >>> from cspgraph.rdf import files
    >>> from datetime import date
    >>> from cspgraph.register.register import Register
    >>> register = Register(files.shipped("data/register", ".csv"))
    >>> [one[-9:] for one in served(register, "kent-county-council", date(2024, 7, 23))]
    ['E10000016']
    """
    slug = body.rpartition("/")[2]
    there = (row for row in register.rows("services") if row.cells["body"] == slug)
    return sorted({area_iri(r.cells["area"]) for r in there if _holds(r, day)})


def _holds(row: CsvRow, day: date | None) -> bool:
    if day is None:
        return True
    until = row.cells["valid_until"] or OPEN_END
    return row.cells["valid_from"] <= day.isoformat() < until


def _inside(
    register: Register, code: str, day: date | None, rows: dict[str, CsvRow]
) -> tuple[dict[str, CsvRow | None], str]:
    """Return the districts in an area, each with the row that says so if one does.

    Where there is none, also the first day from which the register knows one.
    """
    if rows[code].cells["kind"] == "Country":
        mine = (
            place
            for place, row in rows.items()
            if row.cells["country"] == code and row.cells["kind"] in LOCAL
        )
        return {place: None for place in mine if _holds(rows[place], day)}, ""
    below: defaultdict[str, list[CsvRow]] = defaultdict(list)
    for row in register.rows("containments"):
        below[row.cells["wider_area"]].append(row)
    found: dict[str, CsvRow | None] = {}
    days: list[str] = []
    for row in [*below[code], *_deeper(below, code, day)]:
        inner = row.cells["area"]
        if inner not in rows or rows[inner].cells["kind"] not in LOCAL:
            continue
        days.append(row.cells["valid_from"])
        if _holds(row, day) and _holds(rows[inner], day):
            found[inner] = row
    later = [one for one in days if day and one > day.isoformat()]
    return found, "" if found or not later else min(later)


def _deeper(
    below: defaultdict[str, list[CsvRow]], code: str, day: date | None
) -> Iterable[CsvRow]:
    """Yield what lies in the areas that lie in `code`, such as its police areas."""
    for row in list(below[code]):
        if row.cells["area"] in below and _holds(row, day):
            yield from below[row.cells["area"]]


def _counties_of(
    register: Register, code: str, day: date | None, rows: dict[str, CsvRow]
) -> list[str]:
    found = (
        row.cells["wider_area"]
        for row in register.rows("containments")
        if row.cells["area"] == code and _holds(row, day)
    )
    return sorted({w for w in found if rows[w].cells["kind"] == "CountyArea"})


def _whole(
    register: Register,
    held: set[str],
    day: date | None,
    rows: dict[str, CsvRow],
    kind: str,
) -> list[str]:
    """Return the counties and police areas that lie wholly in the districts `held`."""
    kinds = ("CountyArea",) if kind == "CountyArea" else BOUND
    lying: defaultdict[str, set[str]] = defaultdict(set)
    for row in register.rows("containments"):
        wide = rows[row.cells["wider_area"]]
        if wide.cells["kind"] in kinds and _holds(row, day) and _holds(wide, day):
            lying[row.cells["wider_area"]].add(row.cells["area"])
    return sorted(wide for wide, inner in lying.items() if inner <= held)
