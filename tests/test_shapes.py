"""Every shape bites, speaks and looks; what was not checked is never called in order.

No test names the shapes that it holds: a new file in `ontology/shapes/` gets them
all. A shape that asks for more than a value has a counter-example of its own in
`tests/broken/`, with one subject for each key that it breaks.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, Namespace, URIRef

import few
from cspgraph.derive import rules
from cspgraph.errors import ShapeFileError
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.engines import Oxigraph, to_rdflib
from cspgraph.rdf.files import Source
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.locate import Locations
from cspgraph.rdf.terms import BASE, PREFIXES, compact
from cspgraph.validate.shapes import run_shapes, shapes, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.report.report import Report

DAY = "2024-07-23"
BROKEN = Path(__file__).parent / "broken"
EX = Namespace("https://example.org/")
TERM = Namespace(PREFIXES["csp"])
SOURCE = URIRef(PREFIXES["dct"] + "source")
FAMILIES = ("files", "snapshot")
SHAPES = shapes("files") + shapes("snapshot")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)

PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)

#: Keys that ask for nothing by themselves. Whatever else a shape has is a constraint.
SILENT = {RDF.type, SOURCE, SH.path, SH.name, SH.message, SH.order, SH.severity}
SILENT |= {SKOS.example}

#: Words that only those know who write shapes, and words that judge.
TRADE = {
    *("blank", "graph", "iri", "node", "nodes", "rdf", "shacl", "shape", "shapes"),
    *("sparql", "triple", "triples", "turtle", "uri"),
}
JUDGEMENT = {"fail", "failed", "failure", "fault", "illegal", "overdue", "violation"}

VERBS = {
    *("define", "give", "leave", "look", "name", "point"),
    *("put", "quote", "record", "say", "use", "write"),
}


def _named(shape: Node) -> str:
    return re.split("[/#]", str(shape))[-1]


def _iris(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted({node for node in nodes if isinstance(node, URIRef)})


def _keys(shape: Node) -> set[Node]:
    """Return what `shape` asks for; a plain value that is needed does not count."""
    keys = set(SHAPES.predicates(shape)) - SILENT
    plain = isinstance(SHAPES.value(shape, SH.path), URIRef)
    return keys - {SH.minCount} if plain else keys


PROPERTIES = _iris(SHAPES.objects(None, SH.property))
ASKING = [shape for shape in PROPERTIES if _keys(shape)]
SPEAKING = _iris(SHAPES.subjects(SH.message))
NEEDED = [
    pytest.param(shape, node, key, target, id=f"{_named(shape)}-{_named(target)}")
    for shape in _iris(SHAPES.subjects(SH.minCount))
    if isinstance(SHAPES.value(shape, SH.path), URIRef)
    for node in SHAPES.subjects(SH.property, shape)
    for key in TARGETS
    for target in _iris(SHAPES.objects(node, key))
]


def _only(node: Node, *properties: Node) -> Graph:
    """Return the shape `node` with these of its property shapes, as a graph."""
    graph = Graph()
    for key in (RDF.type, *TARGETS):
        graph += ((node, key, value) for value in SHAPES.objects(node, key))
    for shape in properties:
        graph.add((node, SH.property, shape))
        graph += SHAPES.cbd(shape)
    return graph


def _found(data: Graph, shapes_graph: Graph) -> set[tuple[Node | None, ...]]:
    """Return the focus, shape and component of each result."""
    results, _ = run_shapes(data, shapes_graph)
    what = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent)
    return {
        tuple(results.value(result, key) for key in what)
        for result in results.subjects(RDF.type, SH.ValidationResult)
    }


def _component(key: Node) -> URIRef:
    name = str(key).removeprefix(str(SH))
    return SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]


@pytest.fixture(scope="module")
def files(kg: KnowledgeGraph) -> Graph:
    """Return what the shipped files say, with what the check puts beside it."""
    read = kg._dataset.read()
    rules.compare(read)
    return to_rdflib(read.quads())


@pytest.fixture(scope="module")
def day(kg: KnowledgeGraph) -> Graph:
    """Return the snapshot of the day of the report."""
    return to_rdflib(kg.at(DAY).quads())


@pytest.fixture(scope="module")
def report(kg: KnowledgeGraph) -> Report:
    """Return the report on Dorset on the day of the Dorset report."""
    return kg.validate(on=DAY, area="Dorset")


@pytest.fixture(scope="module")
def everywhere(kg: KnowledgeGraph) -> Report:
    """Return the report on all areas on the same day."""
    return kg.validate(on=DAY)


# Every shape bites


def _about(thing: Node, data: Graph, key: URIRef, target: Node) -> Graph:
    """Return `thing`, the classes of what it points at, and what makes it a target."""
    about = Graph()
    about += data.triples((thing, None, None))
    for value in set(about.objects()):
        about += data.triples((value, RDF.type, None))
    about += data.triples((None, RDFS.subClassOf, None))
    if key == SH.targetObjectsOf:
        about.add((EX.something, target, thing))
    return about


def _targets(data: Graph, key: URIRef, target: Node) -> list[URIRef]:
    """Return what `data` has for the target `key` with this value, in order."""
    if key == SH.targetClass:
        return _iris(data.subjects(RDF.type, target))
    if key == SH.targetSubjectsOf:
        return _iris(data.subjects(target))
    return _iris(data.objects(None, target))


@pytest.mark.parametrize(("shape", "node", "key", "target"), NEEDED)
def test_shape_bites(
    shape: URIRef, node: Node, key: URIRef, target: Node, request: pytest.FixtureRequest
) -> None:
    """Without what it asks for the shape speaks, and no shape of another property does.

    Where the shipped data never have it, a day is given first and then taken away.
    A shape that compares another property with this one may speak too.
    """
    snapshot = (shape, None, None) in shapes("snapshot")
    data = request.getfixturevalue("day" if snapshot else "files")
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    things = _targets(data, key, target)
    thing = next((t for t in things if (t, path, None) in data), things[0])
    about = _about(thing, data, key, target)
    if (thing, path, None) not in about:
        assert SHAPES.value(shape, SH.datatype) == XSD.date
        about.add((thing, path, Literal(date(2024, 3, 19))))
    asked = _only(node, *SHAPES.objects(node, SH.property))
    before = {found for found in _found(about, asked) if found[0] == thing}
    about.remove((thing, path, None))
    after = {found for found in _found(about, asked) if found[0] == thing}
    same = {
        s for s in SHAPES.subjects(SH.path, path) if (s, SH.minCount, None) in SHAPES
    }
    said = {
        (thing, s, SH.MinCountConstraintComponent)
        for s in same.intersection(SHAPES.objects(node, SH.property))
    }
    assert (thing, shape, SH.MinCountConstraintComponent) in said
    comparing = {s for key in PAIRS for s in SHAPES.subjects(key, path)}
    assert {found for found in after - before if found[1] not in comparing} == said


@pytest.mark.parametrize("shape", ASKING, ids=_named)
def test_counter_example_is_found(shape: Node) -> None:
    """Each key of the shape is broken by one subject, and by that key alone."""
    place = BROKEN / f"{_named(shape)}.ttl"
    assert place.is_file(), f"write {place.name}: one subject for each key it breaks"
    data = Graph().parse(place)
    nodes = list(SHAPES.subjects(SH.property, shape))
    found = {item for node in nodes for item in _found(data, _only(node, shape))}
    for key in _keys(shape):
        subject = EX[str(key).removeprefix(str(SH))]
        said = {component for focus, _, component in found if focus == subject}
        assert said == {_component(key)}


def test_only_a_probation_region_has_no_code() -> None:
    data = Graph().parse(
        format="turtle",
        data="""@prefix csp: <https://w3id.org/cspgraph/ns#> .
        @prefix kind: <https://w3id.org/cspgraph/kind/> .
        @prefix ex: <https://example.org/> .
        ex:coded a csp:Area ; csp:gssCode "E06000059" .
        ex:region a csp:Area ; csp:areaKind kind:ProbationRegion .
        ex:neither a csp:Area ; csp:areaKind kind:UnitaryDistrict .""",
    )
    shape = URIRef(PREFIXES["shape"] + "area-coded")
    found = _found(data, SHAPES)
    assert {focus for focus, by, _ in found if by == shape} == {EX.neither}


def test_words_of_the_law_name_the_page_on_which_they_were_seen() -> None:
    data = Graph().parse(
        format="turtle",
        data="""@prefix csp: <https://w3id.org/cspgraph/ns#> .
        @prefix ex: <https://example.org/> .
        ex:seen a csp:Provision ; csp:quotation "publish it"@en ; csp:quotedFrom ex:page .
        ex:without a csp:Provision .
        ex:unseen a csp:Provision ; csp:quotation "publish it"@en .""",
    )
    shape = URIRef(PREFIXES["shape"] + "provision-quoted")
    found = _found(data, SHAPES)
    assert {focus for focus, by, _ in found if by == shape} == {EX.unseen}


def test_each_counter_example_serves_one_shape() -> None:
    """No file lies in the folder for a shape that is gone or asks for less."""
    assert {place.stem for place in BROKEN.iterdir()} == {_named(s) for s in ASKING}


# Every shape speaks


def test_every_property_shape_has_a_name_of_its_own() -> None:
    """A finding, a page and a test can point at every property shape; all are in use."""
    used = set(SHAPES.objects(None, SH.property))
    assert used == set(SHAPES.subjects(RDF.type, SH.PropertyShape))
    assert all(str(shape).startswith(PREFIXES["shape"]) for shape in used)


@pytest.mark.parametrize("shape", PROPERTIES, ids=_named)
def test_shape_speaks_english(shape: Node, files: Graph) -> None:
    """Each shape has a title, tells what to do next in one sentence, and says why."""
    (name,) = SHAPES.objects(shape, SH.name)
    (message,) = SHAPES.objects(shape, SH.message)
    for words in (name, message):
        assert isinstance(words, Literal)
        assert words.language == "en"
    assert not str(name).endswith(".")
    assert re.fullmatch(r"[A-Z].*[A-Za-z0-9)]\.", str(message))
    clauses = str(message).lower().split("; ")
    assert any(clause.split(" ")[0] in VERBS for clause in clauses), message
    (why,) = SHAPES.objects(shape, SOURCE)
    if isinstance(why, URIRef):
        assert (why, RDF.type, TERM.Provision) in files
    else:
        assert isinstance(why, Literal)
        assert why.language is None
        assert why.endswith(".")


@pytest.mark.parametrize("shape", SPEAKING, ids=_named)
def test_shape_says_how_much_it_weighs(shape: Node) -> None:
    """The weight is written out, so that nobody must know what silence would mean."""
    (weight,) = SHAPES.objects(shape, SH.severity)
    assert weight in {SH.Violation, SH.Warning, SH.Info}


@pytest.mark.parametrize("shape", SPEAKING, ids=_named)
def test_shape_gives_an_example(shape: Node) -> None:
    """One right value, as an officer would write it, and not the message again."""
    (example,) = SHAPES.objects(shape, SKOS.example)
    assert isinstance(example, Literal)
    assert example.language == "en"
    assert str(example).strip()
    assert str(example) != str(SHAPES.value(shape, SH.message))


@pytest.mark.parametrize("shape", SPEAKING, ids=_named)
def test_shape_speaks_to_an_officer(shape: Node) -> None:
    """No word of the trade, and no judgement on a body."""
    said = (SH.name, SH.message, SOURCE, SKOS.example)
    words = {
        word.lower()
        for key in said
        for text in SHAPES.objects(shape, key)
        if isinstance(text, Literal)
        for word in re.findall("[A-Za-z]+", str(text))
    }
    assert not words & TRADE
    assert not words & JUDGEMENT


def test_standings_speak_of_records() -> None:
    """A standing says what is on record, never that something was left undone."""
    standing = [
        str(SHAPES.value(shape, SH.message))
        for shape in SHAPES.subjects(SH.path, TERM.standing)
        if (shape, SH["in"], None) in SHAPES
    ]
    assert len(standing) == 3
    for message in standing:
        assert "record" in message
        assert not {"must", "fail", "fault", "late"}.intersection(message.split())


def test_standings_have_their_weight() -> None:
    """Searched and silent weighs most; not looked for is for information."""
    weights = {
        SHAPES.value(shape, SH.severity, default=SH.Violation): values
        for shape, values in SHAPES.subject_objects(SH["in"])
        if (shape, SH.path, TERM.standing) in SHAPES
    }
    every = {
        PREFIXES["standing"] + name
        for name in (
            *("OnRecord", "PartlyOnRecord", "NotOnRecord"),
            *("NotDueYet", "NotLookedFor", "NotTestable"),
        )
    }
    left_out = {
        weight: every - {str(item) for item in SHAPES.items(values)}
        for weight, values in weights.items()
    }
    assert left_out == {
        SH.Violation: {PREFIXES["standing"] + "NotOnRecord"},
        SH.Warning: {PREFIXES["standing"] + "PartlyOnRecord"},
        SH.Info: {PREFIXES["standing"] + "NotLookedFor"},
    }


def test_concepts_in_shapes_are_defined(files: Graph) -> None:
    """A shape that lists a concept lists one that the vocabulary has."""
    own = (PREFIXES["shape"], PREFIXES["csp"])
    named = {
        value
        for value in SHAPES.objects()
        if isinstance(value, URIRef)
        and value.startswith(BASE)
        and not str(value).startswith(own)
    }
    assert named
    assert named <= set(files.subjects())


# The law over time

#: A provision in force in England from 2001 to 2010 and in Wales from 2003 on, and one
#: in force in both from 2001 to 2010.
LAW = """
law:split a csp:Provision ; csp:validFrom "2001-01-01"^^xsd:date ;
    csp:inForce period:england , period:wales .
period:england a csp:ForcePeriod ; csp:country gss:E92000001 ;
    csp:validFrom "2001-01-01"^^xsd:date ; csp:validUntil "2010-01-01"^^xsd:date .
period:wales a csp:ForcePeriod ; csp:country gss:W92000004 ;
    csp:validFrom "2003-01-01"^^xsd:date .
law:whole a csp:Provision ;
    csp:validFrom "2001-01-01"^^xsd:date ; csp:validUntil "2010-01-01"^^xsd:date .
rt:english a csp:RoleTemplate ; csp:role role:ResponsibleAuthority ;
    csp:extent gss:E92000001 ; csp:provision law:whole ;
    csp:validFrom "2001-01-01"^^xsd:date ; csp:validUntil "2010-01-01"^^xsd:date .
rt:welsh a csp:RoleTemplate ; csp:role role:CoOperatingBody ;
    csp:extent gss:W92000004 ; csp:provision law:split ;
    csp:validFrom "2003-01-01"^^xsd:date .
"""
BOTH = {"england": "gss:E92000001", "wales": "gss:W92000004"}


def _about_law(text: str) -> set[tuple[str, str, str]]:
    """Return what the shapes that compare law find: subject, shape and value."""
    heads = "".join(
        f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items()
    )
    engine = Oxigraph(rdf_files.quads(Source("law.ttl", (heads + text).encode())))
    rules.compare(engine)
    asked, data = Graph(), to_rdflib(engine.quads())
    for shape in SHAPES.subjects(SH.equals):
        for node in SHAPES.subjects(SH.property, shape):
            asked += _only(node, shape)
    results, _ = run_shapes(data, asked)
    keys = (SH.focusNode, SH.sourceShape, SH.value)
    return {
        (compact(found[0]), compact(found[1]).removeprefix("shape:"), compact(found[2]))
        for result in results.subjects(RDF.type, SH.ValidationResult)
        if (found := [str(results.value(result, key)) for key in keys])
    }


@pytest.mark.parametrize("kind", ["RoleTemplate", "DutyTemplate"])
@pytest.mark.parametrize(
    ("provision", "begins", "until", "outside"),
    [
        ("whole", "2001-01-01", "2010-01-01", ""),
        ("whole", "2000-12-31", "2010-01-01", "england wales"),
        ("whole", "2001-01-01", "2010-01-02", "england wales"),
        ("whole", "2001-01-01", "", "england wales"),
        ("split", "2003-01-01", "2010-01-01", ""),
        ("split", "2002-12-31", "2010-01-01", "wales"),
        ("split", "2000-12-31", "2010-01-01", "england wales"),
        ("split", "2003-01-01", "2010-01-02", "england"),
        ("split", "2003-01-01", "", "england"),
    ],
)
def test_template_outside_its_provision_is_found(
    kind: str, provision: str, begins: str, until: str, outside: str
) -> None:
    """Country by country, as tests of the data do."""
    end = f' ; csp:validUntil "{until}"^^xsd:date' if until else ""
    template = (
        f"rt:it a csp:{kind} ; csp:provision law:{provision} ;"
        f" csp:extent gss:E92000001 , gss:W92000004 ;"
        f' csp:validFrom "{begins}"^^xsd:date{end} .'
    )
    shape = re.sub("(?<=[a-z])(?=[A-Z])", "-", kind).lower() + "-law-in"
    found = {item for item in _about_law(LAW + template) if item[1] == shape}
    assert found == {("rt:it", shape, BOTH[country]) for country in outside.split()}


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        ("ResponsibleAuthority", "wales"),
        ("CoOperatingBody", "england"),
        ("StrategyGroup", "england wales"),
    ],
)
def test_role_that_nobody_gives_is_found(role: str, missing: str) -> None:
    """Country by country: given in one is not given in the other."""
    duty = (
        f"dt:it a csp:DutyTemplate ; csp:bearerRole role:{role} ;"
        " csp:extent gss:E92000001 , gss:W92000004 ; csp:provision law:split ;"
        ' csp:validFrom "2003-01-01"^^xsd:date ; csp:validUntil "2010-01-01"^^xsd:date .'
    )
    shape = "duty-template-given-in"
    expected = {("dt:it", shape, BOTH[country]) for country in missing.split()}
    assert _about_law(LAW + duty) == expected


@pytest.mark.parametrize(
    ("until", "begins", "meet"),
    [
        ("2010-01-01", ["2010-01-01"], True),
        ("2010-01-01", ["2010-01-01", "2010-01-01"], True),
        ("2010-01-01", ["2010-01-02"], False),
        ("2010-01-01", ["2009-12-31"], False),
        ("2010-01-01", ["2010-01-01", "2010-01-02"], False),
        ("", ["2010-01-01"], False),
        ("2010-01-01", [], False),
    ],
)
def test_gap_and_overlap_are_found(until: str, begins: list[str], meet: bool) -> None:
    """One text ends on the day on which the next begins."""
    end = f'csp:validUntil "{until}"^^xsd:date ;' if until else ""
    text = f"law:it {end} csp:followedBy law:next ."
    text += "".join(
        f' law:it csp:followedBy law:n{n} . law:n{n} csp:validFrom "{day}"^^xsd:date .'
        for n, day in enumerate(begins)
    )
    assert bool(_about_law(text)) is not meet


# What was not checked


def _shapes(body: str) -> Graph:
    """Return a shapes graph with one node shape that has `body`."""
    heads = "".join(
        f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items()
    )
    return Graph().parse(
        data=f"{heads}shape:it a sh:NodeShape ; {body} .", format="turtle"
    )


def _decision() -> Graph:
    data = Graph()
    data.add((EX.decision, RDF.type, TERM.Decision))
    data.add((EX.board, RDF.type, TERM.Partnership))
    data.add((TERM.Partnership, RDFS.subClassOf, TERM.Body))
    return data


ON = "sh:path csp:on ; sh:minCount 1"
DECISIONS = "sh:targetClass csp:Decision"
NO_KEY = "is not a key that SHACL Core knows"
NO_TERM = "is not a term of the ontology"
NO_USE = "looked at nothing: it has no target, and no shape uses it"


@pytest.mark.parametrize(
    ("target", "asked", "said"),
    [
        (DECISIONS, "sh:path csp:on ; sh:minCout 1", f"sh:minCout {NO_KEY}"),
        (DECISIONS, "sh:path csp:on ; sh:minCout 1", "a shape without a name asks for nothing"),
        (DECISIONS, f"{ON} ; shape:maxCount 1", f"shape:maxCount {NO_KEY}"),
        (DECISIONS, f"{ON} ; sh:severity sh:Waring", f"sh:Waring {NO_KEY}"),
        (DECISIONS, f"{ON} ; sh:nodeKind sh:Iri", f"sh:Iri {NO_KEY}"),
        (DECISIONS, f"{ON} ; sh:deactivated true", "a shape without a name is switched off"),
        (f"{DECISIONS} ; sh:rule shape:rule", ON, f"sh:rule {NO_KEY}"),
        (f"{DECISIONS} ; sh:sparql shape:query", ON, f"sh:sparql {NO_KEY}"),
        (f"{DECISIONS} ; sh:deactivated true", ON, "shape:it is switched off"),
        ("sh:targetClas csp:Decision", ON, f"sh:targetClas {NO_KEY}"),
        ("sh:targetClas csp:Decision", ON, f"shape:it {NO_USE}"),
        ("sh:targetClass csp:Claim", ON, "shape:it looked at nothing: there is no csp:Claim"),
        (f"{DECISIONS} , csp:Claim", ON, "shape:it looked at nothing: there is no csp:Claim"),
        ("sh:targetClass csp:Decisoin", ON, f"csp:Decisoin {NO_TERM}"),
        ("sh:targetSubjectsOf csp:to", ON, "shape:it looked at nothing: nothing has csp:to"),
        ("sh:targetObjectsOf csp:to", ON, "shape:it looked at nothing: nothing has csp:to"),
        ("sh:targetSubjectsOf csp:too", ON, f"csp:too {NO_TERM}"),
        ("sh:targetNode gss:X1", ON, "shape:it looked at nothing: nothing is known of gss:X1"),
        (DECISIONS, "sh:path csp:onn ; sh:maxCount 1", f"csp:onn {NO_TERM}"),
        (DECISIONS, "sh:path rdfs:labl ; sh:maxCount 1", f"rdfs:labl {NO_TERM}"),
        (DECISIONS, "sh:path gss:on ; sh:maxCount 1", f"gss:on {NO_TERM}"),
        (DECISIONS, "sh:path ( csp:about [ sh:inversePath csp:abuot ] ) ; sh:maxCount 1", f"csp:abuot {NO_TERM}"),
        (DECISIONS, "sh:path csp:validFrom ; sh:lessThan csp:validUntl", f"csp:validUntl {NO_TERM}"),
        (DECISIONS, f"{ON} ] . shape:lost a sh:NodeShape ; sh:property [ {ON}", f"shape:lost {NO_USE}"),
    ],
)  # fmt: skip
def test_what_was_not_checked_is_said(target: str, asked: str, said: str) -> None:
    """Misspelt keys, paths and classes, and idle shapes, are reported."""
    shapes_graph = _shapes(f"{target} ; sh:property [ {asked} ]")
    assert said in run_shapes(_decision(), shapes_graph)[1]


@pytest.mark.parametrize("target", ["csp:Decision", "csp:Partnership", "csp:Body"])
def test_what_was_checked_is_not_reported(target: str) -> None:
    """Members of a narrower class count: a partnership is a body."""
    asked = _shapes(f"sh:targetClass {target} ; sh:property [ {ON} ]")
    assert run_shapes(_decision(), asked)[1] == []
    assert len(_found(_decision(), asked)) == 1


def test_empty_data_is_not_in_order() -> None:
    """On an empty graph each shape says that it looked at nothing."""
    for family in FAMILIES:
        results, unchecked = run_shapes(Graph(), shapes(family))
        assert not list(results.subjects(RDF.type, SH.ValidationResult))
        idle = {line.partition(" looked at nothing")[0] for line in unchecked}
        nodes = set(shapes(family).subjects(RDF.type, SH.NodeShape))
        assert idle == {f"shape:{_named(node)}" for node in nodes}


def test_no_shapes_is_not_in_order() -> None:
    assert run_shapes(_decision(), Graph())[1] == ["there are no shapes"]


def test_unusable_shapes_are_an_error() -> None:
    bad = _shapes(
        'sh:targetClass csp:Decision ; sh:property [ sh:path csp:on ; sh:minCount "x" ]'
    )
    with pytest.raises(ShapeFileError, match="minCount"):
        run_shapes(_decision(), bad)


# The shipped data


def test_everything_shipped_is_checked(report: Report) -> None:
    assert report.unseen == ()


def test_checking_changes_nothing(day: Graph) -> None:
    """Neither the data nor the shapes have another triple after a check."""
    asked = shapes("snapshot")
    before = set(day), set(asked)
    run_shapes(day, asked)
    assert (set(day), set(asked)) == before


def test_shipped_files_are_well_made(report: Report) -> None:
    """No shape calls a shipped file wrong; what it may call for is more detail."""
    notes = [finding for finding in report.findings if not finding.duty]
    assert notes
    assert {finding.severity for finding in notes} <= {"warning", "info"}


def test_findings_are_in_a_stable_order(report: Report, everywhere: Report) -> None:
    """The weightiest come first, and two checks of the same day give the same order."""
    shown = [finding for finding in everywhere.findings if finding in report.findings]
    assert shown == list(report.findings)
    weights = [finding.severity for finding in report.findings]
    ranks = [("violation", "warning", "info").index(weight) for weight in weights]
    assert ranks == sorted(ranks)


def test_finding_names_its_file(report: Report) -> None:
    """An undated decision of the report is to be looked for in the report's file."""
    (finding,) = [
        finding
        for finding in report.findings
        if finding.shape.endswith("/decision-on") and finding.focus.endswith(".vehicle")
    ]
    assert finding.file == "data/record/dorset/2024-07-23.trig"
    assert finding.path == "csp:on"
    assert finding.severity == "warning"


def test_finding_cites_the_law_of_its_shape(report: Report) -> None:
    """Where a provision is the reason for a shape, the finding cites it."""
    found = [f for f in report.findings if f.shape.endswith("version-equality")]
    assert {(f.law, f.reason) for f in found} == {("EA 2010 s.149", "")}


SHIPPED = few.dataset()
TEXTS = [*SHIPPED.terms, *SHIPPED.law, *SHIPPED.records]


def _small(text: str, own: str = "", day: str = "", area: str = "") -> Report:
    """Return the report on Turtle that is all there is.

    `own` is what mine.ttl says, `day` the snapshot.
    """
    heads = "".join(
        f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items()
    )
    read, stands, mine = (
        Source(f"{name}.ttl", (heads + body).encode())
        for name, body in {"read": text, "day": day, "mine": own}.items()
    )
    files, snapshot = Oxigraph(rdf_files.quads(read)), Oxigraph(rdf_files.quads(stands))
    names = Labels(files)
    places = Locations([*TEXTS, mine], SHIPPED.register.lines())
    return validate(files, snapshot, places, names, date(2024, 7, 23), area)


def test_files_of_tables_vocabulary_and_own_data() -> None:
    """A finding about a body, a term or your own data names the table or file."""
    mine = "assessment:mine a csp:Assessment ."
    council = "body:dorset-council a csp:Body ."
    report = _small(f"{mine} {council} csp:about a owl:ObjectProperty .", own=mine)
    assert {compact(finding.focus): finding.file for finding in report.findings} == {
        "body:dorset-council": "data/register/kept/dorset/bodies.csv",
        "assessment:mine": "mine.ttl",
        "csp:about": "ontology/core.ttl",
    }


def _with_shapes(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Let these texts be all the shapes that are shipped."""
    heads = "".join(
        f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items()
    )
    files = [
        Source(f"ontology/shapes/{folder}/it.ttl", (heads + text).encode())
        for text in texts
        for folder in ("record", "snapshot")
    ]
    monkeypatch.setattr(rdf_files, "shipped", lambda *_: files)
    shapes.cache_clear()


WELL = (
    "shape:it a sh:NodeShape ; sh:targetClass csp:Decision ; sh:property shape:on ."
    " shape:on a sh:PropertyShape ; sh:path csp:on ; sh:minCount 1 ."
)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "there are no shapes"),
        ([""], "there are no shapes"),
        (
            [WELL.replace("csp:Decision", "csp:Claim")],
            "shape:it looked at nothing: there is no csp:Claim",
        ),
        ([WELL.replace("minCount", "minCout")], f"sh:minCout {NO_KEY}"),
        ([WELL.replace("minCount", "minCout")], "shape:on asks for nothing"),
        ([WELL.replace("csp:on", "csp:onn")], f"csp:onn {NO_TERM}"),
    ],
)
def test_a_report_says_what_was_not_checked(
    texts: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder of shapes, an empty file, and what is misspelt, up to the report."""
    _with_shapes(monkeypatch, *texts)
    assert said in _small("decision:mine a csp:Decision .").not_checked


def test_a_report_on_what_was_checked_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same shapes, well spelt and with something to look at."""
    _with_shapes(monkeypatch, WELL)
    text = "decision:mine a csp:Decision ."
    report = _small(text, day=text)
    assert report.not_checked == ("there is no duty of any area on 2024-07-23",)
    assert [finding.shape for finding in report.findings] == [PREFIXES["shape"] + "on"]


def test_an_empty_record_is_not_in_order() -> None:
    """Nothing is found where nothing was looked at, and each shape says so."""
    report = _small("")
    assert report.findings == ()
    idle = {line.partition(" looked at nothing")[0] for line in report.not_checked}
    nodes = {
        f"shape:{_named(node)}" for node in SHAPES.subjects(RDF.type, SH.NodeShape)
    }
    assert nodes <= idle


def test_finding_names_the_line_of_the_entry() -> None:
    """The line of the file in which it is told, below the prefixes."""
    mine = "# mine\n\nassessment:mine a csp:Assessment ."
    report = _small(mine, own=mine)
    assert {finding.line for finding in report.findings} == {len(PREFIXES) + 3}


def test_finding_gives_the_example_of_its_shape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Words for people: an example is shown, and is no key that is asked for."""
    shape, shipped = URIRef(PREFIXES["shape"] + "decision-on"), shapes("files")
    shown = Graph() + shipped
    shown.remove((shape, SKOS.example, None))
    shown.add((shape, SKOS.example, Literal("2024-03-19")))
    asked = {"files": shown, "snapshot": shapes("snapshot")}
    monkeypatch.setattr("cspgraph.validate.shapes.shapes", asked.get)
    report = _small("decision:mine a csp:Decision .")
    given = {f.example for f in report.findings if f.shape == str(shape)}
    assert given == {"2024-03-19"}
    assert not [item for item in report.not_checked if "example" in item]


@pytest.mark.parametrize(
    ("names", "label", "language"),
    [
        ('"Cytunir"@cy', "Cytunir", "cy"),
        ('"Cytunir"@cy , "Agreed"@en', "Agreed", "en"),
        ('"Cytunir"@cy , "Agreed"', "Agreed", ""),
    ],
)
def test_name_in_english_or_with_its_language(
    names: str, label: str, language: str
) -> None:
    report = _small(f"decision:mine a csp:Decision ; rdfs:label {names} .")
    assert {(f.label, f.language) for f in report.findings} == {(label, language)}


def test_nobody_searched_is_said(everywhere: Report, report: Report) -> None:
    """Of the areas with duties, those without a search; it is no fault of the check."""
    said = [item for item in everywhere.unseen if item.text.startswith("nobody has")]
    assert len(said) == 1
    assert not said[0].broken
    names = sorted({duty.area for duty in everywhere.duties} - {"Dorset"})
    shown = f"{', '.join(names[:3])} and {len(names) - 3} more"
    assert shown in said[0].text
    assert report.unseen == ()


def test_no_duty_is_not_in_order() -> None:
    assert "there is no duty of any area on 2024-07-23" in _small("").not_checked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("decision:mine a csp:Decisoin .", "csp:Decisoin in the data is not a term of the ontology; did you mean 'csp:Decision'?"),
        ("decision:mine a csp:Decision ; csp:onn 1 .", "csp:onn in the data is not a term of the ontology; did you mean 'csp:on'?"),
        ("decision:mine csp:on 1 .", "decision:mine in the data has no class"),
        ("duty:mine a csp:Duty .", "csp:Duty in the data is a class without a shape"),
    ],
)  # fmt: skip
def test_data_that_no_shape_sees_is_said(text: str, said: str) -> None:
    """Misspelt words in your own data, and things without a class, are reported."""
    assert said in _small(text).not_checked


def test_seen_data_is_not_reported() -> None:
    report = _small("decision:mine a csp:Decision ; csp:on 1 .")
    assert not [line for line in report.not_checked if "in the data" in line]


def test_standings_add_up(report: Report, kg: KnowledgeGraph) -> None:
    """Each duty of the area stands in one of six ways."""
    asked = "SELECT ?duty WHERE { ?duty a csp:Duty ; csp:area gss:E06000059 }"
    assert sum(report.standings.values()) == len(kg.at(DAY).select(asked))
    assert list(report.standings) == [
        *("on record", "partly on record", "not on record"),
        *("not due yet", "not looked for", "not testable"),
    ]


def test_standings_and_findings_agree(report: Report) -> None:
    """As many findings of each weight as duties that stand so."""
    counts = {"violation": 0, "warning": 0, "info": 0}
    for finding in report.findings:
        if finding.path == "csp:standing":
            counts[finding.severity] += 1
    assert counts == {
        "violation": report.standings["not on record"],
        "warning": report.standings["partly on record"],
        "info": report.standings["not looked for"],
    }


def test_agreement_of_march_is_a_witness(report: Report) -> None:
    """Paragraph 3.3: the partnership agreed the reoffending strategy on 19 March 2024."""
    (witness,) = [w for w in report.witnesses if w.law == "CDA 1998 s.6(1)(c)"]
    assert witness.on == "2024-03-19"
    assert witness.source.endswith(", 3.3")


def test_no_duty_is_both_on_record_and_not(report: Report) -> None:
    met = {witness.duty for witness in report.witnesses}
    silent = {f.focus for f in report.findings if f.path == "csp:standing"}
    assert len(met) == report.standings["on record"]
    assert not met & silent


def test_area_keeps_to_its_own_duties() -> None:
    """Given an area, only its duties are reported; notes on the files remain."""
    day = "".join(
        f"duty:{name} a csp:Duty ; csp:area gss:{name} ; csp:standing standing:NotOnRecord ;"
        f" csp:evidencedBy decision:{name} ."
        for name in ("near", "far")
    )
    text = "decision:near a csp:Decision ; rdfs:label 'near' ."
    report = _small(text, own=text, day=day, area=PREFIXES["gss"] + "near")
    duties = {compact(f.focus) for f in report.findings if f.duty}
    assert duties == {"duty:near"}
    assert {compact(witness.duty) for witness in report.witnesses} == {"duty:near"}
    assert sum(report.standings.values()) == 1
    assert {compact(f.focus) for f in report.findings if not f.duty} == {
        "decision:near"
    }
    everywhere = _small(text, own=text, day=day)
    assert sum(everywhere.standings.values()) == 2


def test_silence_counts_only_where_somebody_looked(everywhere: Report) -> None:
    """Nobody searched for records of Bournemouth, Christchurch and Poole."""
    there = [f for f in everywhere.findings if "E06000058" in f.focus and f.duty]
    assert there
    assert not [finding for finding in there if finding.severity == "violation"]
