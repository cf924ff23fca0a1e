"""Read the files of publishers as they publish them, and refuse what is damaged.

A file is known by the columns in its header, never by its name: `LAD25CD` beside
`PFA25CD` makes a lookup of 2025. `data/editions.csv` says of which day each edition
is; a new edition needs one row there. Other columns of a file are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cspgraph.sources import Row, Source

__all__ = ["Edition", "Lookup", "Publications", "read"]

#: The smallest areas that lookups start from, and how codes of each geography begin.
FINEST = ("LAD", "LTLA", "UA")
GEOGRAPHIES: Mapping[str, str] = {
    "LAD": r"E0[6-9]|W06|S12|N09",
    "LTLA": r"E0[6-9]|W06|S12|N09",
    "UA": r"W06",
    "UTLA": r"E0[6-9]|E10|W06",
    "CTY": r"E1[0-3]",
    "CSP": r"E22|W14",
    "PFA": r"E23|W15|S32|N24",
    "FRA": r"E31|W25|S39|N31",
    "LHB": r"W11",
    "RGN": r"E12",
    "CAUTH": r"E47",
}
_CODE = re.compile(r"([A-Z]+)(\d\d)CD")
#: What the other files are called in `data/editions.csv`, with the columns used.
NAMED: Mapping[str, Sequence[str]] = {
    "local-authority-names": (
        *("local-authority-code", "official-name", "nice-name", "gss-code"),
        *("start-date", "end-date", "replaced-by", "nation", "local-authority-type"),
        *("county-la", "combined-authority", "alt-names", "former-gss-codes"),
    ),
    "local-authority-register": (
        *("reference", "statistical-geography", "wikidata"),
        "opendatacommunities-uri",
    ),
    "local-authority-codes": ("LADCD", "LADNM", "LADCD_ACTIVE"),
    "organisation-identifiers": ("org_id", "gss_code", "active"),
    "welsh-names": ("CSP19NMW", "CSP19CD", "CSP19NM"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One published file: its name in `data/editions.csv`, its day and its rows."""

    name: str
    on: str
    citation: str
    rows: Sequence[Row] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lookup:
    """One edition that says in which wider areas the smallest areas lie."""

    edition: Edition
    finest: str
    wider: Sequence[str]

    def pairs(self, geography: str) -> Iterator[tuple[str, str, str]]:
        """Yield code of the smallest area, code and name of the wider one, once each."""
        column = next(name for name in self.wider if name.startswith(geography))
        heads = self.finest + "CD", column + "CD", column + "NM"
        seen = dict.fromkeys(
            tuple(row.cells[head] for head in heads) for row in self.edition.rows
        )
        yield from seen  # type: ignore[misc]

    def names(self) -> dict[str, str]:
        """Return the names of the smallest areas by code."""
        heads = self.finest + "CD", self.finest + "NM"
        return {row.cells[heads[0]]: row.cells[heads[1]] for row in self.edition.rows}


@dataclass(frozen=True, slots=True)
class Publications:
    """What was found in a folder: lookups by day, other files by name."""

    lookups: Sequence[Lookup]
    changes: Edition
    named: Mapping[str, Edition]
    unused: Sequence[str]

    def of(self, geography: str) -> list[Lookup]:
        """Return the lookups into `geography`, oldest first."""
        return [
            lookup
            for lookup in self.lookups
            if any(name.startswith(geography) for name in lookup.wider)
        ]


def read(folder: str | Path) -> Publications:
    """Read every CSV file below `folder` that is known by its columns.

    Raises `FileError` with file, row and column for a missing column, an unknown or
    repeated code, another encoding and a file that is cut short, and for an edition
    whose day is not known.
    """
    place = Path(folder)
    days = {row.cells["edition"]: row for row in _editions()}
    lookups: list[Lookup] = []
    named: dict[str, Edition] = {}
    unused: list[str] = []
    for path in sorted(place.rglob("*.csv")):
        source = _open(path, str(path.relative_to(place)))
        head = sources.head(source)
        names = [m[0][:-2] for name in head if (m := _CODE.fullmatch(name))]
        other = _named(head)
        if _is_lookup(names):
            edition = _edition("_".join(names), source, days, _columns(names))
            lookups.append(Lookup(edition, names[0], names[1:]))
        elif any(re.fullmatch(r"ltla\d\d_code", name) for name in head):
            edition = _edition("local-authority-changes", source, days, head)
            named[edition.name] = edition
        elif other:
            named[other] = _edition(other, source, days, NAMED[other])
        else:
            unused.append(source.name)
    missing = [n for n in (*NAMED, "local-authority-changes") if n not in named]
    if missing or not lookups:
        wanted = ", ".join(missing) or "lookup"
        problem = f"no file with the columns of {wanted}; add it to the folder"
        raise FileError(str(folder), problem)
    lookups.sort(key=lambda lookup: (lookup.edition.on, lookup.edition.name))
    found = Publications(lookups, named.pop("local-authority-changes"), named, unused)
    _check(found)
    return found


def _editions() -> list[Row]:
    table = next(iter(sources.shipped("data/editions.csv", ".csv")))
    return list(
        sources.rows(table, ["edition", "on", "citation", "publisher", "title"])
    )


def _open(path: Path, name: str) -> Source:
    source = sources.Source(name, path.read_bytes())
    if not source.text.endswith("\n"):
        line = source.text.count("\n") + 1
        raise FileError(name, "the last line has no end; the file is cut short", line)
    return source


def _is_lookup(names: Sequence[str]) -> bool:
    kinds = [name[:-2] for name in names]
    return (
        len(kinds) > 1
        and kinds[0] in FINEST
        and not set(kinds[1:]) & set(FINEST)
        and set(kinds) <= set(GEOGRAPHIES)
    )


def _columns(names: Sequence[str]) -> list[str]:
    return [name + end for name in names for end in ("CD", "NM")]


def _named(head: Sequence[str]) -> str:
    """Return which of the other files has this header, by its first two columns."""
    return next((n for n, cells in NAMED.items() if set(cells[:2]) <= set(head)), "")


def _edition(
    name: str, source: Source, days: Mapping[str, Row], columns: Sequence[str]
) -> Edition:
    if name not in days:
        problem = (
            f"the day of edition {name!r} is not known; add it to data/editions.csv"
        )
        raise FileError(source.name, problem)
    said = days[name].cells
    rows = list(sources.rows(source, columns, more=True))
    return Edition(name, said["on"], said["citation"], rows)


def _check(found: Publications) -> None:
    """Refuse codes that are unknown, repeated or of another geography."""
    known = {row.cells["LADCD"] for row in found.named["local-authority-codes"].rows}
    for lookup in found.lookups:
        places: dict[tuple[str, str], Row] = {}
        lines: dict[tuple[str, ...], Row] = {}
        for row in lookup.edition.rows:
            _check_codes(row, [lookup.finest, *lookup.wider], known)
            codes = [row.cells[name + "CD"] for name in (lookup.finest, *lookup.wider)]
            first = lines.setdefault(tuple(codes), row)
            if first is not row:
                problem = f"{codes[0]!r} stands in line {first.line} already"
                raise row.refuse(lookup.finest + "CD", problem + "; keep one row")
            for name in lookup.wider:
                if not name.startswith("CSP"):  # an area may lie in several of these
                    first = places.setdefault((codes[0], name), row)
                    if first.cells[name + "CD"] != row.cells[name + "CD"]:
                        problem = f"{codes[0]!r} has another one in line {first.line}"
                        raise row.refuse(name + "CD", problem + "; keep one")


def _check_codes(row: Row, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        kind, code = name[:-2], row.cells[name + "CD"]
        if not re.fullmatch(rf"(?:{GEOGRAPHIES[kind]})\d{{6}}", code):
            problem = f"{code!r} is not a code of this kind; the file may be damaged"
            raise row.refuse(name + "CD", problem)
        if kind in FINEST and code not in known:
            problem = f"{code!r} is in no list of local authority codes; correct it"
            raise row.refuse(name + "CD", problem)
