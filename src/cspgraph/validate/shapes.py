"""Check the graph, its files as a whole and its duties on one day.

Shapes below `ontology/shapes/snapshot/` ask how duties stand on a day, all others
whether the files are well made. The check itself stands behind one function, `_run`;
what it leaves unsaid is said by `unchecked`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode
from rdflib import DCTERMS, RDF, SH, SKOS, BNode, Graph, Literal, URIRef

from cspgraph.derive import rules
from cspgraph.errors import FileError, ShapeFileError
from cspgraph.questions.outdated import outdated
from cspgraph.rdf import files
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.locate import in_form
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES, area_iri
from cspgraph.register.spread import spread
from cspgraph.report.findings import Finding, Unseen
from cspgraph.report.report import Report
from cspgraph.validate import rdflib_view, unchecked
from cspgraph.validate.rdflib_view import Reading, outward, quads
from cspgraph.validate.shacl import Shapes
from cspgraph.validate.standings import Standings, label, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from rdflib.term import Node

    from cspgraph.dataset import Dataset
    from cspgraph.rdf.engines import Oxigraph
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.locate import Locations
    from cspgraph.rdf.results import Term
    from cspgraph.report.findings import Severity
    from cspgraph.validate.shacl import Found

__all__ = ["check", "outside", "run_shapes", "shapes", "validate"]

SNAPSHOT = "snapshot"

_SEVERITIES: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}


@cache
def shapes(family: str) -> Graph:
    """Return the shipped shapes of `family`: `snapshot`, or `files` for all others.

    Raises `ShapeFileError` with the line for a file that cannot be parsed.
    """
    files = [
        source
        for source in rdf_files.shipped("ontology/shapes", ".ttl")
        if (f"/{SNAPSHOT}/" in source.name) == (family == SNAPSHOT)
    ]
    try:
        return to_rdflib(quad for source in files for quad in rdf_files.quads(source))
    except FileError as error:
        raise ShapeFileError(error.file, error.problem, error.line) from error


def validate(
    read: Oxigraph,
    day: Oxigraph,
    places: Locations,
    names: Labels,
    on: date,
    area: str = "",
    areas: Collection[str] = (),
) -> Report:
    """Return the report on the files as `read` and on the duties of one `day`.

    `places` say where each subject is described. `area` is the IRI of the area that is
    asked about, and `areas` are those whose duties are reported for it: itself if none
    is given, and all where both are empty. Notes on the files are always reported.
    """
    whole, snapshot = rdflib_view.read(read.store), rdflib_view.read(day.store)
    stands = Standings(snapshot, names, places, areas or ([area] if area else ()))
    place = names.label(area) if area else ""
    notes, missed = _look("files", whole, names)
    about, unseen = _look(SNAPSHOT, snapshot, names)
    unseen += missed + unchecked.in_data(whole, shapes("files"))
    if not stands.duties:
        unseen.append(f"there is no duty of {place or 'any area'} on {on}")
    found = [stands.with_law(note, whole) for note in notes]
    found += [stands.with_duty(f) for f in about if f.focus in stands.duties]
    bound = {duty.area for duty in stands.duties.values()}
    idle = [Unseen(item, broken=True) for item in unseen]
    return Report(
        on=on,
        area=place or f"{len(bound)} area{'s' * (len(bound) != 1)}",
        duties=tuple(sorted(stands.duties.values())),
        findings=tuple(sorted(found)),
        witnesses=tuple(sorted(stands.witnesses())),
        unseen=tuple(sorted({*idle, *stands.unseen(f"{on:%-d %B %Y}")})),
    )


def outside(left: int, whole: int) -> list[Unseen]:
    """Return the line that says how many areas of the country were `left` out.

    >>> outside(316, 318)[0].text
    '316 of the 318 areas of England and Wales were not looked at; name one with --area'
    """
    text = f"{left} of the {whole} areas of England and Wales were not looked at"
    return [Unseen(f"{text}; name one with --area", broken=False)] if left else []


def run_shapes(data: Graph, shapes_graph: Graph) -> tuple[Graph, list[str]]:
    """Return the SHACL results for `data`, and what was not checked and why.

    Raises `ShapeFileError` for shapes that cannot be used. Neither graph is changed.
    """
    return _run(data, shapes_graph), unchecked.in_shapes(data, shapes_graph)


def _run(data: Graph, shapes_graph: Graph) -> Graph:
    """Validate. The seam: another validator goes in here and nowhere else.

    Data that is read where it lies is for our own; pySHACL looks at all other data, and
    wherever a shape has a key that ours does not know.
    """
    store = data.store
    if isinstance(store, Reading):
        asked = Shapes(quads(shapes_graph))
        if not asked.unknown:
            return _results(asked.check(store.held), shapes_graph)
        data = to_rdflib(quads(data))
    return _by_pyshacl(data, shapes_graph)


def _results(found: Iterable[Found], shapes_graph: Graph) -> Graph:
    """Return what was `found` as SHACL words it."""
    results = Graph()
    for item in found:
        node, shape = BNode(), outward(item.shape)
        key = item.component[0].upper() + item.component[1:]
        severity = shapes_graph.value(shape, SH.severity) or SH.Violation
        results.add((node, RDF.type, SH.ValidationResult))
        results.add((node, SH.focusNode, outward(item.focus)))
        results.add((node, SH.sourceShape, shape))
        results.add((node, SH.resultSeverity, severity))
        results.add(
            (node, SH.sourceConstraintComponent, SH[f"{key}ConstraintComponent"])
        )
        if item.value is not None:
            results.add((node, SH.value, outward(item.value)))
    return results


def _by_pyshacl(data: Graph, shapes_graph: Graph) -> Graph:
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    # A copy, because pySHACL adds triples to the shapes; without words for people,
    # because it holds every key against a long list; and of Core alone.
    keys, skip, copy = unchecked.CORE - unchecked.FOR_PEOPLE, SH.PropertyShape, Graph()
    copy += (t for t in shapes_graph if t[1] in keys and t[2] != skip)
    try:
        _, results, text = pyshacl_validate(
            data, shacl_graph=copy, inplace=False, do_owl_imports=False, js=False
        )
    except ReportableRuntimeError as error:
        raise ShapeFileError("ontology/shapes", str(error)) from error
    if not isinstance(results, Graph):
        raise ShapeFileError("ontology/shapes", str(text)) from results
    return results


def _look(family: str, data: Graph, names: Labels) -> tuple[list[Finding], list[str]]:
    """Return what the shapes of `family` find in `data`, and what was not checked."""
    asked = shapes(family)
    results, missed = run_shapes(data, asked)
    findings = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus, value = (results.value(result, k) for k in (SH.focusNode, SH.value))
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        why, path = asked.value(shape, DCTERMS.source), asked.value(shape, SH.path)
        name, language = label(focus, data, names)
        found = Finding(
            severity=_SEVERITIES.get(severity, "violation"),
            law=str(why) if isinstance(why, URIRef) else "",
            link="",
            reason=text(why) if isinstance(why, Literal) else "",
            duty="",
            bodies=(),
            area="",
            focus=str(focus),
            label=name,
            language=language,
            shape=str(shape),
            component=str(results.value(result, SH.sourceConstraintComponent)),
            message=text(asked.value(shape, SH.message)),
            path=unchecked.route(path, asked),
            value=text(value),
            value_language=getattr(value, "language", None) or "",
            example=" or ".join(sorted(map(text, asked.objects(shape, SKOS.example)))),
            file="",
            place="",
        )
        findings.append(found)
    return findings, missed


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
    library: Dataset,
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
    rules.compare(read)
    day, places = library.day(on, asked), library.places()
    report = validate(read, day, places, library.names, on, area, about)
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
        unseen += outside(len(whole - seen), len(whole))
    unseen += _counties(library, day, asked or (), on)
    receipt = library.reach([on], asked or ())

    def select(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(day.rows(text))

    laws = [[Literal(duty.law)] for duty in report.duties]
    receipt |= outdated(laws, library.names, select)
    return replace(report, receipt=receipt).with_unseen(unseen)


def _counties(
    library: Dataset, day: Oxigraph, areas: Collection[str], on: date
) -> list[Unseen]:
    """Return what was not looked at in counties that hold `areas` and are none of them."""
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


def _unseen(library: Dataset) -> list[Unseen]:
    """Return which files no check can look into: not read, or with nothing in them."""
    kinds = "it is not of a kind that is read there"
    return [
        Unseen(f"{name} was not read: {kinds}", broken=False)
        for name in (*files.unread_files(), *library.left_out)
    ] + [
        Unseen(f"{source.name} says nothing: write an entry into it", broken=True)
        for source in (*library.records, *library.added.sources, *library.law)
        if not any(files.quads(source))
    ]
