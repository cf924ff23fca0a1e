"""Check what a library holds: which areas are looked at, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph import sources
from cspgraph.completeness import shapes
from cspgraph.findings import Unseen
from cspgraph.geography.spreads import spread
from cspgraph.geography.tables import area_iri
from cspgraph.inquiry.answers import from_json
from cspgraph.inquiry.outdated import outdated
from cspgraph.law import duties
from cspgraph.places import in_form
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from cspgraph.completeness.reports import Report
    from cspgraph.engines import Oxigraph
    from cspgraph.inquiry.values import Term
    from cspgraph.library import Library

__all__ = ["check"]

#: What the law asks for in the area of a county that has districts, on a day.
_IN_COUNTIES = f"""
PREFIX csp: <{PREFIXES["csp"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT (STR(?name) AS ?what) ?law
WHERE {{
  ?template csp:areaKind <{PREFIXES["kind"]}CountyArea> ;
    a csp:DutyTemplate ;
    csp:product/skos:prefLabel ?name ;
    csp:provision/csp:citation ?law ;
    csp:validFrom ?from ;
    csp:validUntil ?until .
  FILTER (?from <= ?day && ?day < ?until)
}}
ORDER BY ?what ?law
"""


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
    all its districts are looked at; of a district its own, those of its county only where
    the user's records are about that, and otherwise the report names what was left out.
    If it is empty, those of the areas that the library keeps to are, or else of those
    on record, or with `country` of all. What was left out is said. All files are looked
    at; what is found in the records of other areas is left out where areas are kept to.
    Where the user put records on top, those alone are reported on, with the areas that
    they are about, and with `shipped` everything.
    """
    alone = bool(library.added.sources) and not shipped
    asked_for = spread(library.register, area, on) if area else None
    about = asked_for.areas if asked_for else ()
    if asked_for and not asked_for.wide:
        told = library.shelf.looked_at
        about = (area, *(county for county in asked_for.above if county in told))
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
    unseen += _counties(library, day, asked or (), on)
    receipt = library.reach([on], asked or ())

    def select(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(day.rows(text))

    laws = [[Literal(duty.law)] for duty in report.duties]
    receipt |= outdated(laws, library.names, select)
    return replace(report, receipt=receipt).with_unseen(unseen)


def _counties(
    library: Library, day: Oxigraph, areas: Collection[str], on: date
) -> list[Unseen]:
    """Return what was not looked at in counties that contain `areas` but are not among them."""
    inner: dict[str, list[str]] = {}
    for area in sorted(areas):
        one = spread(library.register, area, on)
        for county in () if one.wide else one.above:
            if county not in areas:
                inner.setdefault(county, []).append(area)
    found = []
    for county, districts in inner.items():
        when = Literal(on.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
        _, rows = from_json(day.rows(_IN_COUNTIES.replace("?day", str(when))))
        laws: dict[str, list[str]] = {}
        for what, law in rows:
            if what and law:
                laws.setdefault(what.value, []).append(law.value)
        if laws:
            names = library.names
            asked = "; ".join(f"{o} ({', '.join(cited)})" for o, cited in laws.items())
            text = (
                f"duties for the whole of {names.named(county)}, which holds"
                f" {', '.join(map(names.label, districts))}, were not looked at, even"
                f" where a body of a district shares them: {asked};"
                f" check them with --area {county.rpartition('/')[2]}"
            )
            found.append(Unseen(text, broken=False))
    return found


def _unseen(library: Library) -> list[Unseen]:
    """Return the files that no check can look into: those not read, and empty ones."""
    kinds = "it is not of a kind that is read there"
    return [
        Unseen(f"{name} was not read: {kinds}", broken=False)
        for name in (*sources.strangers(), *library.left_out)
    ] + [
        Unseen(f"{source.name} says nothing: write an entry into it", broken=True)
        for source in (*library.records, *library.added.sources, *library.law)
        if not any(sources.quads(source))
    ]
