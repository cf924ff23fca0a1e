"""Find in the files of publishers which districts there were, and what replaced them.

A code that comes or goes between two years is given the day on which the council of
that code began or ended. Codes that changed with a boundary are paired by the list of
codes past and present.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from cspgraph.register import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cspgraph.rdf.files import CsvRow
    from tools.build_register.publications import Edition, Lookup, Publications

    Cells = dict[str, str]

__all__ = [
    "FIRST_DAY",
    "Change",
    "District",
    "changes",
    "councils",
    "country",
    "days",
    "districts",
    "in_counties",
]

#: The first day of the register: section 5 of the Act came into force.
FIRST_DAY = "1998-09-30"

#: Kinds of area by the type that mySociety gives the council.
_KINDS: Mapping[str, str] = {
    "UA": "UnitaryDistrict",
    "NMD": "TwoTierDistrict",
    "MD": "MetropolitanDistrict",
    "LBO": "LondonBorough",
    "CC": "CityOfLondon",
    "WPA": "WelshPrincipalArea",
}
#: Areas that the Act names, by code.
_NAMED: Mapping[str, str] = {"E06000046": "IsleOfWight", "E06000053": "IslesOfScilly"}


@dataclass(frozen=True, slots=True)
class District:
    """One local government area under one code."""

    code: str
    name: str
    kind: str
    start: str
    until: str
    verification: str
    source: str
    note: str

    @property
    def confidence(self) -> str:
        """How sure the days are."""
        return "Medium" if self.verification == "R" else "High"


@dataclass(frozen=True, slots=True)
class Change:
    """One code giving way to another, as a whole, on a day."""

    old: str
    new: str
    on: str


def country(code: str) -> str:
    """Return the code of the country in which an area lies, by its own code.

    >>> country("W06000024")
    'W92000004'
    """
    return "W92000004" if code.startswith("W") else "E92000001"


def districts(found: Publications) -> list[District]:
    """Return every district of England and Wales since the first year of the chain."""
    names, seen = _history(found)
    by_code = councils(found)
    _check_councils(found, by_code)
    last = max(max(years) for years in seen.values())
    chain = found.changes.citation
    result = []
    for code, years in seen.items():
        council = by_code[code]
        kind = _NAMED.get(code) or _KINDS.get(council.cells["local-authority-type"], "")
        if not kind:
            problem = f"{code} has a council of another type; correct it"
            raise council.refuse("local-authority-type", problem)
        recoded = council.cells["gss-code"] != code
        first, end = days(council)
        seen_in = found.named["local-authority-names"].citation
        note, verification = "", "S"
        if min(years) == 0:
            if council.cells["former-gss-codes"]:
                start, verification = found.lookups[0].edition.on, "B"
                note = f"had the code {council.cells['former-gss-codes']} before; the day of the change was not read"
            elif first > FIRST_DAY:
                start = first
            else:
                start, verification = FIRST_DAY, "S" if first else "R"
                note = "in being before the first day of this register"
        elif recoded or not first:
            first_seen = _later_at(found, min(years))
            if first_seen is None:
                problem = f"no day on which {code} began; give one"
                raise council.refuse("start-date", problem)
            start, verification = first_seen.on, "O"
            seen_in = first_seen.citation
            note = "a new code for a new boundary; the council stayed"
        else:
            start = first
        until = end
        gone = _later_at(found, max(years) + 1)
        if gone and not until:
            until, verification, seen_in = gone.on, "O", gone.citation
            note = note or "in being before the first day of this register"
        if max(years) < last and not until:
            raise council.refuse("end-date", f"no day on which {code} ended; give one")
        source = f"{chain}; {seen_in}"
        result.append(
            District(code, names[code], kind, start, until, verification, source, note)
        )
    return sorted(result, key=lambda item: item.code)


def changes(found: Publications, known: Sequence[District]) -> list[Change]:
    """Return which code gave way to which, and on which day."""
    until = {item.code: item.until for item in known}
    start = {item.code: item.start for item in known}
    pairs = {
        (old, new)
        for old, new in _recoded(found)
        if until.get(old, "-") == start.get(new)
    }
    for step in found.changes.rows:
        codes = list(_codes(step))
        for (_, old), (_, new) in pairwise(codes):
            if old != new and old in until:
                pairs.add((old, new))
    return [Change(old, new, until[old]) for old, new in sorted(pairs)]


def in_counties(found: Publications, known: Sequence[District]) -> Iterator[Cells]:
    """Yield in which county each two-tier district lies, as rows of containments.

    What a lookup of a district says goes first; then what a lookup says of the one
    district that replaced it, for a council gave way inside its county; then the
    county that mySociety names. mySociety has Forest Heath in Surrey (SRY), but West
    Suffolk, which replaced it, lies in Suffolk.
    """
    said: dict[str, tuple[str, str]] = {}
    editions = [(e, "CTY") for e in found.of("CTY")]
    editions += [(e, "UTLA") for e in found.of("UTLA")]
    for lookup, geography in editions:
        for code, wider, _ in lookup.pairs(geography):
            if wider.startswith("E10"):
                said[code] = wider, lookup.edition.citation
    after = {c.old: c.new for c in changes(found, known) if c.new in said}
    names, by_code = found.named["local-authority-names"], councils(found)
    codes = {r.cells["local-authority-code"]: r.cells["gss-code"] for r in names.rows}
    for item in known:
        if item.kind != "TwoTierDistrict":
            continue
        council, note = by_code[item.code], ""
        if item.code in said:
            wider, source = said[item.code]
        elif item.code in after:
            wider, source = said[after[item.code]]
            note = f"the county of {after[item.code]}, which replaced it"
        else:
            source = names.citation
            wider = codes.get(council.cells["county-la"], "")
            if not wider.startswith("E10"):
                problem = f"no county for the district {item.code}; correct it"
                raise council.refuse("county-la", problem)
        yield tables.row(
            "containments",
            area=item.code,
            wider_area=wider,
            valid_from=item.start,
            valid_until=item.until,
            confidence="High",
            verification="O" if item.code in said else "S",
            source=source,
            assumption=(
                "That it lay in this county before the edition given is taken for granted."
                if item.start == FIRST_DAY
                else ""
            ),
            note=note,
        )


def days(council: CsvRow) -> tuple[str, str]:
    """Return first day and first day no longer of a council; empty where not known.

    Some first days are a year that a spreadsheet took for a day number and moved by
    a century: 2005-06-19 stands for 1997. Of these only the years before the
    register are used, because later ones contradict each other.
    """
    start, end = council.cells["start-date"], council.cells["end-date"]
    if re.fullmatch(r"2005-0[567]-\d\d", start):
        count = date.fromisoformat(f"1905{start[4:]}") - date(1899, 12, 30)
        start = f"{count.days}-04-01" if count.days <= int(FIRST_DAY[:4]) else ""
    if end.endswith("-03-31"):
        end = str(date.fromisoformat(end) + timedelta(days=1))
    return start, end


def _check_councils(found: Publications, known: Mapping[str, CsvRow]) -> None:
    """Refuse a code of a district that has no council among those `known`."""
    given = [(r, f"ltla{year}_code") for r in found.changes.rows for year in _years(r)]
    given += [(r, f"{k.finest}CD") for k in _later(found) for r in k.edition.rows]
    for place, column in given:
        code = place.cells[column]
        if code[0] in "EW" and code not in known:
            problem = f"{code!r} has no council in the names of local authorities"
            raise place.refuse(column, f"{problem}; correct it or fetch newer names")


def _history(found: Publications) -> tuple[dict[str, str], dict[str, set[int]]]:
    """Return the latest name of each code, and the places in the chain where it stands."""
    names: dict[str, str] = {}
    seen: dict[str, set[int]] = {}
    count = 0
    for row in found.changes.rows:
        for place, code in _codes(row):
            if code[0] in "EW":
                names[code] = row.cells[f"ltla{_years(row)[place]}_name"]
                seen.setdefault(code, set()).add(place)
                count = max(count, place)
    for place, lookup in enumerate(_later(found), count + 1):
        for code, name in lookup.names().items():
            names[code] = name
            seen.setdefault(code, set()).add(place)
    return names, seen


def _later(found: Publications) -> list[Lookup]:
    """Return the lookups that go on where the chain ends: each is a place more."""
    return [k for k in found.of("PFA") if k.edition.on > found.changes.on]


def _later_at(found: Publications, place: int) -> Edition | None:
    """Return the edition that stands at `place` after the chain, if one does."""
    later = _later(found)
    number = place - len(_years(found.changes.rows[0]))
    return later[number].edition if 0 <= number < len(later) else None


def _years(row: CsvRow) -> list[str]:
    return sorted(name[4:6] for name in row.cells if name.endswith("_code"))


def _codes(row: CsvRow) -> Iterator[tuple[int, str]]:
    for place, year in enumerate(_years(row)):
        yield place, row.cells[f"ltla{year}_code"]


def _recoded(found: Publications) -> Iterator[tuple[str, str]]:
    """Yield each old code with the code that the same place has now."""
    for row in found.named["local-authority-codes"].rows:
        old, new = row.cells["LADCD"], row.cells["LADCD_ACTIVE"]
        if old != new:
            yield old, new


def councils(found: Publications) -> Mapping[str, CsvRow]:
    """Return the row of the council of each code, also under codes that changed.

    A code changes with a boundary while council and name stay. Another name is
    another council, which has to have a row of its own.
    """
    names = found.named["local-authority-names"]
    known = {row.cells["gss-code"]: row for row in names.rows}
    codes = found.named["local-authority-codes"].rows
    called = {row.cells["LADCD"]: row.cells["LADNM"] for row in codes}
    for old, new in _recoded(found):
        if new not in known and old in known and called[old] == called[new]:
            known[new] = known[old]
    return known
