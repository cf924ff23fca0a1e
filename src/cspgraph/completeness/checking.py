"""Check what a library holds: which areas are looked at, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cspgraph.completeness import shapes
from cspgraph.geography.spreads import spread
from cspgraph.geography.tables import area_iri
from cspgraph.law import duties

if TYPE_CHECKING:
    from datetime import date

    from cspgraph.completeness.reports import Report
    from cspgraph.library import Library

__all__ = ["check"]


def check(library: Library, on: date, area: str, *, country: bool = False) -> Report:
    """Return the report on the files of `library` and on the duties of the day `on`.

    `area` is the address of the area that is asked about; the duties of all areas that
    it stands for are looked at. If it is empty, those of the areas that the library keeps to are, or else of those on record, or
    with `country` of all. What was left out is said. All files are looked at; what is
    found in the records of other areas is left out where areas are kept to.
    """
    about = spread(library.register, area, on).areas if area else ()
    scope = frozenset(about) or library.limit or frozenset()
    asked = library.limit if country else scope
    nearby = None if asked is None else library.nearby(asked, whole=True)
    read = library.read(nearby)
    duties.compare(read)
    day, places = library.day(on, asked), library.places()
    report = shapes.validate(read, day, places, library.names, on, area, about)
    if scope:
        shelf, around = library.shelf, library.register.around(scope)
        far = {s.name for s in shelf.shipped} - {s.name for s in shelf.near(around)}
        near = tuple(f for f in report.findings if f.file not in far)
        report = replace(report, findings=near)
    more = library.added.findings(library.names)
    report = replace(report, findings=tuple(sorted([*report.findings, *more])))
    unseen = library.unseen()
    if nearby and not scope:
        whole = library.local_areas(on)
        seen = whole & set(map(area_iri, nearby.asked))
        unseen += shapes.outside(len(whole - seen), len(whole))
    return report.with_unseen(unseen)
