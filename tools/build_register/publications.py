"""Read the files of publishers as they publish them, and refuse what is damaged.

`data/editions.csv` says which publications belong together, of which day each is and
how many rows it has; a new edition needs one row there. Other columns of a file, and
files of other columns, are left alone.
"""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cspgraph.errors import FileError
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.read import MAX_BYTES, regular
from tools.build_register.damage import check_cells, check_lookup, check_once
from tools.build_register.editions import CHANGES, NAMED, columns, is_lookup, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cspgraph.rdf.files import CsvRow, Source

__all__ = ["Edition", "Lookup", "Publications", "read"]

#: Columns whose cells may stand once in a file; empty ones do not count.
_ONCE: Mapping[str, Sequence[str]] = {
    "local-authority-names": ("local-authority-code", "gss-code"),
    "local-authority-register": ("reference",),
    "local-authority-codes": ("LADCD",),
    "organisation-identifiers": ("org_id",),
    "welsh-names": ("CSP19CD",),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One published file: its name in `data/editions.csv`, its day and its rows."""

    name: str
    on: str
    citation: str
    rows: Sequence[CsvRow] = field(repr=False)


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

    Raises `FileError` for a folder that cannot be read, a publication that is not
    there or there twice, and an edition that `data/editions.csv` does not have; with
    line and column for another encoding, a file that is cut short, a column that is
    missing, and a code that is repeated, unknown or of another kind.

    >>> read("no-such-folder")
    Traceback (most recent call last):
    cspgraph.errors.FileError: no-such-folder: no such file or directory; give the folder with the publishers' files
    """
    known = _known()
    found: dict[str, Edition] = {}
    files: dict[str, str] = {}
    unused: list[str] = []
    for source in _files(Path(folder), str(folder)):
        name = recognise(rdf_files.head(source), known)
        if not name:
            unused.append(source.name)
            continue
        if name not in known:
            problem = f"edition {name!r} is not known; add its row to data/editions.csv"
            raise FileError(source.name, problem)
        if name in files:
            problem = f"{files[name]} is {name!r} too; keep one of the two files"
            raise FileError(source.name, problem)
        files[name] = source.name
        found[name] = _edition(source, known[name])
    missing = ", ".join(name for name in known if name not in found)
    if missing:
        problem = f"no file here has the columns of {missing}; add it to the folder"
        raise FileError(str(folder), problem)
    lookups = [
        Lookup(edition, *_parts(name))
        for name, edition in found.items()
        if is_lookup(name)
    ]
    lookups.sort(key=lambda lookup: (lookup.edition.on, lookup.edition.name))
    named = {n: edition for n, edition in found.items() if not is_lookup(n)}
    _check_links(lookups, named)
    return Publications(lookups, named.pop(CHANGES), named, unused)


def _known() -> dict[str, CsvRow]:
    """Return the rows of `data/editions.csv` by the name of the publication."""
    (table,) = rdf_files.shipped("data/editions.csv", ".csv")
    head = ["edition", "on", "rows", "citation", "publisher", "title"]
    rows = list(rdf_files.rows(table, head))
    check_once(rows, ["edition"], "edition")
    for row in rows:
        name = row.cells["edition"]
        if not is_lookup(name) and name not in (*NAMED, CHANGES):
            problem = (
                f"{name!r} is no publication that is used; write LAD25_CSP25_PFA25"
            )
            raise row.refuse("edition", problem)
        check_cells(row, {"on": r"\d{4}-\d\d-\d\d", "rows": r"\d+", "citation": ".+"})
    return {row.cells["edition"]: row for row in rows}


def _parts(name: str) -> tuple[str, Sequence[str]]:
    finest, *wider = name.split("_")
    return finest, wider


def _files(place: Path, folder: str) -> Iterator[Source]:
    try:
        os.listdir(place)  # noqa: PTH208 - says why a folder cannot be read
        paths = [p for p in sorted(place.rglob("*")) if p.suffix.lower() == ".csv"]
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        problem = f"{said.lower()}; give the folder with the publishers' files"
        raise FileError(folder, problem) from error
    if not paths:
        problem = "no file in this folder ends in .csv; put the publishers' files there"
        raise FileError(folder, problem)
    for path in paths:
        name = str(path.relative_to(place))
        try:
            data = regular(path, MAX_BYTES, "take it out of the folder")
        except FileError as error:
            raise FileError(name, error.problem) from error
        yield _whole(rdf_files.Source(name, data))


def _whole(source: Source) -> Source:
    """Return `source` if it is text in UTF-8 to the end of its last line."""
    if source.data.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in source.data[:2]:
        problem = "the file is UTF-16 and not UTF-8; save it as UTF-8"
        raise FileError(source.name, problem, 1)
    try:
        text = source.text
    except FileError as error:
        column = None
        if isinstance(error.__cause__, UnicodeDecodeError):
            before = error.__cause__.object[: error.__cause__.start]
            column = _column(before.decode("utf-8") + "?")
        raise FileError(source.name, error.problem, error.line, column) from error
    if not text.endswith("\n"):
        problem = "the last line has no end, the file is cut short; fetch it again"
        line = text.count("\n") + 1
        raise FileError(source.name, problem, line, _column(text))
    return source


def _column(text: str) -> str | None:
    """Return in which column `text`, the beginning of a table, ends."""
    try:
        head, *others = csv.reader(io.StringIO(text, newline=""))
    except (csv.Error, ValueError):
        return None
    cells = others[-1] if others else []
    return head[len(cells) - 1] if 0 < len(cells) <= len(head) else None


def _edition(source: Source, known: CsvRow) -> Edition:
    """Read one file, hold each cell against its column, and count the rows."""
    said = known.cells
    wanted = columns(said["edition"], rdf_files.head(source))
    rows = list(rdf_files.rows(source, list(wanted), more=True))
    for row in rows:
        check_cells(row, wanted)
    once = _ONCE.get(said["edition"], ())
    for column in once:
        check_once(rows, [column], column)
    if is_lookup(said["edition"]):
        check_lookup(rows, *_parts(said["edition"]))
    if str(len(rows)) != said["rows"]:
        problem = (
            f"{len(rows)} rows where edition {said['edition']!r} has {said['rows']};"
            " fetch the file again, or correct data/editions.csv"
        )
        raise FileError(source.name, problem, rows[-1].line if rows else 1)
    return Edition(said["edition"], said["on"], said["citation"], rows)


def _check_links(lookups: Sequence[Lookup], named: Mapping[str, Edition]) -> None:
    """Refuse codes that no row of another file, or of the same file, explains."""
    codes = {row.cells["LADCD"] for row in named["local-authority-codes"].rows}
    councils = named["local-authority-names"].rows
    letters = {row.cells["local-authority-code"] for row in councils}
    given = [(row, f"{k.finest}CD") for k in lookups for row in k.edition.rows]
    given += [
        (row, column)
        for row in named[CHANGES].rows
        for column in row.cells
        if re.fullmatch(r"ltla\d\d_code", column)
    ]
    given += [(r, "LADCD_ACTIVE") for r in named["local-authority-codes"].rows]
    for row, column in given:
        if row.cells[column] not in codes:
            problem = f"{row.cells[column]!r} is in no list of local authority codes"
            raise row.refuse(column, f"{problem}; correct it or fetch a newer list")
    for row in councils:
        for column in ("replaced-by", "county-la"):
            for code in filter(None, row.cells[column].split(",")):
                if code not in letters:
                    problem = f"{code!r} is no council of this file; correct it"
                    raise row.refuse(column, problem)
