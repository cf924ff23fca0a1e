"""Check what a library holds: which areas are looked at, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cspgraph import duties, shapes
from cspgraph.tables import area_iri

if TYPE_CHECKING:
    from datetime import date

    from cspgraph.library import Library
    from cspgraph.reports import Report

__all__ = ["check"]


def check(library: Library, on: date, area: str, *, country: bool = False) -> Report:
    """Return the report on the files of `library` and on the duties of the day `on`.

    `area` is the address of the one area whose duties are looked at. If it is empty,
    those of the areas that the library keeps to are, or else of those on record, or
    with `country` of all. What was left out is said.
    """
    scope = frozenset({area}) if area else library.limit or frozenset()
    asked = library.limit if country else scope
    nearby = None if asked is None else library.nearby(asked)
    read = library.read(nearby)
    duties.compare(read)
    day, places = library.day(on, asked), library.places()
    report = shapes.validate(read, day, places, library.names, on, area)
    more = library.added.findings(library.names)
    report = replace(report, findings=tuple(sorted([*report.findings, *more])))
    unseen = library.unseen()
    if nearby and not scope:
        whole = library.local_areas(on)
        seen = whole & set(map(area_iri, nearby.asked))
        unseen += shapes.outside(len(whole - seen), len(whole))
    return report.with_unseen(unseen)
