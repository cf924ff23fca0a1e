"""Check what a library holds: which areas are looked at, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.completeness import shapes
from cspgraph.findings import Unseen
from cspgraph.geography.spreads import spread
from cspgraph.geography.tables import area_iri
from cspgraph.law import duties
from cspgraph.places import in_form

if TYPE_CHECKING:
    from datetime import date

    from cspgraph.completeness.reports import Report
    from cspgraph.library import Library

__all__ = ["check"]


def check(
    library: Library,
    on: date,
    area: str,
    *,
    country: bool = False,
    shipped: bool = False,
) -> Report:
    """Return the report on the files of `library` and on the duties of the day `on`.

    `area` is the address of the area that is asked about. Of a wide one the duties of
    all its districts are looked at; of a district its own, and not those of its county.
    If it is empty, those of the areas that the library keeps to are, or else of those
    on record, or with `country` of all. What was left out is said. All files are looked
    at; what is found in the records of other areas is left out where areas are kept to.
    Where the user put records on top, those alone are reported on, with the areas that
    they are about, and with `shipped` everything.
    """
    alone = bool(library.added.sources) and not shipped
    asked_for = spread(library.register, area, on) if area else None
    about = (asked_for.areas if asked_for.wide else (area,)) if asked_for else ()
    scope = frozenset(about) or library.limit or frozenset()
    if alone and not country:
        scope = scope or library.shelf.looked_at
    asked = library.limit if country else scope
    nearby = None if asked is None else library.nearby(asked, whole=not scope)
    read = library.read(nearby, written=True)
    duties.compare(read)
    day, places = library.day(on, asked), library.places()
    report = shapes.validate(read, day, places, library.names, on, area, about)
    if scope:
        shelf, around = library.shelf, library.register.around(scope)
        far = {s.name for s in shelf.shipped} - {s.name for s in shelf.near(around)}
        near = tuple(f for f in report.findings if f.file not in far)
        report = replace(report, findings=near)
    if alone:
        mine = {
            in_form(source.name, cell)[0]
            for source in library.added.sources
            for cell in ("", *source.cells.values())
        }
        own = tuple(f for f in report.findings if f.duty or f.file in mine)
        report = replace(report, findings=own, files=frozenset(mine))
    more = library.added.findings(library.names)
    report = replace(report, findings=tuple(sorted([*report.findings, *more])))
    unseen = _unseen(library)
    if nearby and not scope:
        whole = library.local_areas(on)
        seen = whole & set(map(area_iri, nearby.asked))
        unseen += shapes.outside(len(whole - seen), len(whole))
    reach = library.reach([on], asked or ())
    return replace(report, receipt=reach).with_unseen(unseen)


def _unseen(library: Library) -> list[Unseen]:
    """Return which files no check can look into: not read, or with nothing in them."""
    kinds = "it is not of a kind that is read there"
    return [
        Unseen(f"{name} was not read: {kinds}", broken=False)
        for name in (*sources.strangers(), *library.left_out)
    ] + [
        Unseen(f"{source.name} says nothing: write an entry into it", broken=True)
        for source in (*library.records, *library.added.sources, *library.law)
        if not any(sources.quads(source))
    ]
