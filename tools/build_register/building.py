"""Make the tables of `data/register/built/` from the files of publishers.

What is written by hand in `data/register/kept/` goes before: an area, a body or a
containment that stands there is left out here.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING

from cspgraph.rdf.terms import OPEN_END
from cspgraph.register.tables import TABLES, row
from tools.build_register.assumptions import partnerships
from tools.build_register.councils import Councils
from tools.build_register.districts import (
    FIRST_DAY,
    changes,
    country,
    districts,
    in_counties,
)
from tools.build_register.regions import in_regions, regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cspgraph.register.register import Register
    from tools.build_register.districts import District
    from tools.build_register.publications import Lookup, Publications

    Cells = dict[str, str]

__all__ = ["build"]

#: The tables whose first days may be those of the register or of an edition.
_DATED = ("areas", "bodies", "containments", "partnerships", "services")
#: Notes on areas whose first day was not read.
_NOT_THE_FIRST = ("it may be older", "the day of the change was not read")

#: What is said of an area that is younger than a wider area, and older than the first
#: edition that has both.
_FROM_ITS_FIRST_DAY = "That it lay there from its first day on, before the edition given, is taken for granted."

#: What is said of a district in a wider area that was formed before the first edition.
_FROM_ITS_FORMATION = "That it lay there before the edition given, from the day on which the area was formed, is taken for granted."

#: Wider areas that lookups give: kind of area, and how the area is called.
WIDER: Mapping[str, tuple[str, str]] = {
    "PFA": ("PoliceArea", "{} police area"),
    "FRA": ("FireArea", "{} fire area"),
    "LHB": ("HealthArea", "{} area"),
    "CAUTH": ("CombinedAuthorityArea", "{} combined authority area"),
}

#: Since when areas of a sort are taken to have had the outline of the first edition that
#: was read, and what the rows say of it.
BEFORE: Mapping[str, tuple[str, str]] = {
    "PFA": (
        "2000-04-01",
        (
            "That it lay in this police area before the edition given is taken for granted, from"
            " 1 April 2000 on, when the outline of the Metropolitan Police changed (recalled)."
        ),
    ),
    "FRA": (
        FIRST_DAY,
        (
            "That it lay in this fire area before the edition given is taken for granted, from"
            " the first day of this register on, which is after the last new councils of the"
            " 1990s (recalled)."
        ),
    ),
}
#: Wider areas that were formed later, and the day: no district lay in them before.
FORMED: Mapping[str, str] = {"E31000011": "2007-04-01", "E31000047": "2016-04-01"}


def build(found: Publications, kept: Register) -> dict[str, str]:
    """Return the text of each table by name, given what is `found` and what is `kept`.

    Raises `FileError` for a district without a council, a county or a day that it needs.
    """
    known = districts(found)
    councils = Councils(found, known, kept)
    made: dict[str, list[Cells]] = {
        "areas": [
            *_districts(found, known),
            *_wider(found),
            *regions(found),
            *councils.counties(),
        ],
        "containments": [
            *_containments(found, known),
            *in_counties(found, known),
            *in_regions(found, known),
        ],
        "statistical-areas": list(_statistical(found)),
        "bodies": [*councils.bodies()],
        "services": [*councils.services()],
        "governance": [*councils.governance()],
        "aliases": [*councils.aliases()],
        "identifiers": [*councils.identifiers()],
    }
    groups, serving = partnerships(known, councils, kept)
    made["partnerships"] = groups
    made["services"] += serving
    _mark(made, {lookup.edition.on for kind in WIDER for lookup in found.of(kind)})
    return {
        name: written(name, _without(name, made[name], kept)) for name in sorted(made)
    }


def _mark(made: Mapping[str, Iterable[Cells]], editions: set[str]) -> None:
    """Say of the rows of which the first day is not known that they held by that day.

    The first day of the register begins nothing. Nor does the day of an edition, but
    for what begins with its area, where that is known to begin on that day.
    """
    began = {
        cells["code"]: cells["valid_from"]
        for cells in made["areas"]
        if not cells["note"].endswith(_NOT_THE_FIRST)
    }
    for table in _DATED:
        for cells in made[table]:
            day = cells["valid_from"]
            code = cells.get("area") or cells.get("code") or ""
            if day == FIRST_DAY or (day in editions and began.get(code) != day):
                cells["first_day"] = "by"


def written(table: str, rows: Iterable[Cells]) -> str:
    """Return `rows` as the text of `table`, sorted by key, with ends of lines of one kind."""
    text = io.StringIO(newline="")
    rows = list(rows)
    columns = TABLES[table].columns_in(
        [name for cells in rows for name in cells if cells[name]]
    )
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    key = TABLES[table].key
    writer.writerows(sorted(rows, key=lambda cells: [cells[name] for name in key]))
    return text.getvalue()


def _without(table: str, rows: Iterable[Cells], kept: Register) -> Iterator[Cells]:
    """Yield the rows that are not kept by hand, on whichever days."""
    key = [name for name in TABLES[table].key if name != "valid_from"]
    there = {tuple(r.cells[name] for name in key) for r in kept.rows(table)}
    for cells in rows:
        if tuple(cells[name] for name in key) not in there:
            yield cells


def _districts(found: Publications, known: Sequence[District]) -> Iterator[Cells]:
    after = defaultdict(list)
    for change in changes(found, list(known)):
        after[change.old].append(change.new)
    mapped: dict[str, list[str]] = {}
    for lookup in found.of("CSP"):
        pairs = defaultdict(list)
        for code, wider, _ in lookup.pairs("CSP"):
            pairs[code].append(wider)
        mapped.update(pairs)
    for item in known:
        yield row(
            "areas",
            code=item.code,
            name=item.name,
            kind=item.kind,
            country=country(item.code),
            successor=";".join(after[item.code]),
            statistical_area=";".join(sorted(mapped.get(item.code, []))),
            valid_from=item.start,
            valid_until=item.until,
            confidence=item.confidence,
            verification=item.verification,
            source=item.source,
            note=item.note,
        )


def _wider(found: Publications) -> Iterator[Cells]:
    """Yield the wider areas, each from the first edition that names it."""
    for geography, (kind, pattern) in WIDER.items():
        first: dict[str, Lookup] = {}
        last: dict[str, str] = {}
        for lookup in found.of(geography):
            for _, code, name in lookup.pairs(geography):
                first.setdefault(code, lookup)
                last[code] = name
        for code, lookup in first.items():
            yield row(
                "areas",
                code=code,
                name=pattern.format(last[code]),
                kind=kind,
                country=country(code),
                valid_from=lookup.edition.on,
                confidence="High",
                verification="O",
                source=lookup.edition.citation,
                note="listed from the first edition that was read; it may be older",
            )


def _containments(found: Publications, known: Sequence[District]) -> Iterator[Cells]:
    before: dict[str, list[str]] = defaultdict(list)
    for change in changes(found, list(known)):
        before[change.new].append(change.old)
    for geography in WIDER:
        editions = found.of(geography)
        lies: dict[str, list[tuple[Lookup, str]]] = defaultdict(list)
        for lookup in editions:
            for code, wider, _ in lookup.pairs(geography):
                lies[code].append((lookup, wider))
        for item in known:
            runs = _runs(item, lies, before[item.code], editions)
            yield from _before(item, runs, *BEFORE.get(geography, (OPEN_END, "")))


def _runs(
    item: District,
    lies: Mapping[str, list[tuple[Lookup, str]]],
    before: Sequence[str],
    editions: Sequence[Lookup],
) -> Iterator[Cells]:
    """Yield where one district lies, from edition to edition."""
    said = lies.get(item.code, [])
    if not said:
        inherited = [lies[code][-1] for code in before if lies.get(code)]
        if len({wider for _, wider in inherited}) == 1 and len(before) == 1:
            lookup, wider = inherited[0]
            note = f"taken from its former code {before[0]}"
            yield _lying(item, wider, item.start, item.until, lookup, "B", note)
        return
    for place, (lookup, wider) in enumerate(said):
        if place and said[place - 1][1] == wider:
            continue
        run = [step for step in said[place:] if step[1] == wider]
        earlier = [e.edition.on for e in editions if e.edition.on < lookup.edition.on]
        start, code, note = lookup.edition.on, "O", ""
        taken = ""
        if item.start > (earlier[-1] if earlier else FIRST_DAY) and item.start <= start:
            if not earlier and item.start < start:
                taken = _FROM_ITS_FIRST_DAY
            start = item.start
        elif not place:
            note = "as of the first edition that was read; it may be older"
        until = item.until
        if place + len(run) < len(said):
            until = said[place + len(run)][0].edition.on
            code, note = "B", "changed at some time before the day given as the end"
        cells = _lying(item, wider, start, until, lookup, code, note)
        if taken:
            cells |= {"assumption": taken, "verification": "R"}
        yield cells


def _before(
    item: District, runs: Iterable[Cells], since: str, taken: str
) -> Iterator[Cells]:
    """Yield `runs`, the first with where the district is taken to have lain before it.

    Nothing was read for that, so such a row is marked as recalled.
    """
    for cells in runs:
        formed = FORMED.get(cells["wider_area"], "")
        cells["valid_from"] = max(cells["valid_from"], formed)
        start = max(item.start, since, formed)
        words = _FROM_ITS_FORMATION if formed else taken
        if start < cells["valid_from"] and cells["note"].endswith(_NOT_THE_FIRST):
            cells |= {"valid_from": start, "assumption": words, "note": ""}
            cells |= {"first_day": "by", "verification": "R"}
        yield cells


def _lying(
    item: District,
    wider: str,
    start: str,
    until: str,
    lookup: Lookup,
    code: str,
    note: str,
) -> Cells:
    return row(
        "containments",
        area=item.code,
        wider_area=wider,
        valid_from=start,
        valid_until=until,
        confidence="High" if code == "O" else "Medium",
        verification=code,
        source=lookup.edition.citation,
        note=note,
    )


def _statistical(found: Publications) -> Iterator[Cells]:
    editions = found.of("CSP")
    said: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, lookup in enumerate(editions):
        for code, name in dict.fromkeys((c, n) for _, c, n in lookup.pairs("CSP")):
            said[code].append((place, name))
    for code, places in said.items():
        first, (last, name) = places[0][0], places[-1]
        after = [lookup.edition.on for lookup in editions[last + 1 :]]
        yield row(
            "statistical-areas",
            code=code,
            name=name,
            valid_from=editions[first].edition.on,
            valid_until=after[0] if after else "",
            confidence="High",
            verification="O",
            source=editions[last].edition.citation,
        )
