"""A built graph says of itself what it is, and another engine can derive it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Namespace, URIRef

import cspgraph
import servers
from cspgraph.cli import main
from cspgraph.derive import rules
from cspgraph.describe.catalogue import NOT_STATED
from cspgraph.questions import catalogue
from cspgraph.questions.query_file import queries
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES
from cspgraph.validate.shapes import run_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = "2024-07-23"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
#: What DCAT-AP asks of a dataset and of an agent, in shapes of our own.
AP = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<urn:ap:dataset> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property <urn:ap:title> , <urn:ap:about> , <urn:ap:issued> , <urn:ap:by> , <urn:ap:terms> , <urn:ap:time> .
<urn:ap:title> sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true .
<urn:ap:about> sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal .
<urn:ap:issued> sh:path dct:issued ; sh:maxCount 1 ; sh:datatype xsd:date .
<urn:ap:by> sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent .
<urn:ap:terms> sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:LicenseDocument .
<urn:ap:time> sh:path dct:temporal ; sh:class dct:PeriodOfTime .
<urn:ap:agent> a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property <urn:ap:name> .
<urn:ap:name> sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal .
<urn:ap:period> a sh:NodeShape ; sh:targetClass dct:PeriodOfTime ; sh:property <urn:ap:start> .
<urn:ap:start> sh:path dcat:startDate ; sh:maxCount 1 ; sh:datatype xsd:date .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `dorset.ttl` and `dorset.trig`, as the command writes them."""
    place = tmp_path_factory.mktemp("built")
    own = place / "mine.ttl"
    own.write_text(
        f"@prefix csp: <{PREFIXES['csp']}> . @prefix body: <{PREFIXES['body']}> .\n"
        "<urn:x:minutes> a csp:SourceDocument ; csp:publisher body:dorset-council .",
        encoding="utf-8",
    )
    for name in ("dorset.ttl", "dorset.trig"):
        words = ["build", str(own), "--area", "Dorset", "--on", DAY]
        more = ["--with-queries", "--aligned", "-o", str(place / name)]
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        assert not ended.value.code
    return place


@pytest.fixture(scope="module")
def turtle(folder: Path) -> Graph:
    return Graph().parse(folder / "dorset.ttl")


@pytest.fixture(scope="module")
def trig(folder: Path) -> Store:
    held = Store()
    held.load(path=str(folder / "dorset.trig"))
    return held


def test_every_subject_has_a_label_and_a_class(turtle: Graph) -> None:
    things = set(turtle.subjects())
    assert len(things) > 3000
    assert things == set(turtle.subjects(RDF.type))
    assert things == {*turtle.subjects(RDFS.label), *turtle.subjects(SKOS.prefLabel)}


@pytest.mark.parametrize(
    ("thing", "label"),
    [
        (
            "duty:cda98-formulate-implement-reoffending.E06000059",
            "Reducing re-offending strategy, in Dorset",
        ),
        (
            "containment:E06000058.E12000009.2019-04-01",
            "Bournemouth, Christchurch and Poole lies in South West region",
        ),
        (
            "governed:dorset-council.2019-04-01",
            "Dorset Council: executive arrangements, from 2019-04-01",
        ),
        ("period:2002-30-section-98.england", "In force in England, from 2002-10-01"),
    ],
)
def test_what_follows_is_called_after_what_it_joins(
    turtle: Graph, thing: str, label: str
) -> None:
    prefix, _, name = thing.partition(":")
    found = turtle.value(URIRef(PREFIXES[prefix] + name), RDFS.label)
    assert str(found) == label


def test_turtle_has_prefixes_and_the_same_bytes(folder: Path) -> None:
    text = (folder / "dorset.ttl").read_text(encoding="utf-8")
    head = text.splitlines()[: len(PREFIXES)]
    assert head == sorted(f"@prefix {p}: <{space}> ." for p, space in PREFIXES.items())
    assert "csp:Duty" in text


def test_every_named_graph_has_one_licence_and_a_count(
    trig: Store, turtle: Graph
) -> None:
    graphs = {URIRef(graph.value) for graph in trig.named_graphs()}
    assert graphs <= set(turtle.subjects(RDF.type, SD.NamedGraph))
    licences = {graph: list(turtle.objects(graph, DCTERMS.license)) for graph in graphs}
    assert {len(found) for found in licences.values()} == {1}
    counted = 0
    for graph in graphs:
        said = turtle.value(graph, VOID.triples)
        held = list(trig.quads_for_pattern(None, None, None, NamedNode(str(graph))))
        assert said is None or int(str(said)) == len(held), graph
        counted += said is not None
    assert counted > 20


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("ontology", "https://www.apache.org/licenses/LICENSE-2.0"),
        *(
            (
                n,
                "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            )
            for n in ("law", "register")
        ),
    ],
)
def test_the_licence_is_that_of_the_notice(
    turtle: Graph, name: str, licence: str
) -> None:
    graph = URIRef(PREFIXES["graph"] + name)
    assert turtle.value(graph, DCTERMS.license) == URIRef(licence)


def test_a_file_of_your_own_has_no_licence_that_nobody_gave(turtle: Graph) -> None:
    mine = list(turtle.subjects(DCTERMS.license, URIRef(NOT_STATED.value)))
    assert len(mine) == 1
    assert turtle.value(mine[0], DCTERMS.publisher) is None


def test_each_publisher_that_the_register_cites_is_named(turtle: Graph) -> None:
    register = URIRef(PREFIXES["graph"] + "register")
    sources = list(turtle.objects(register, DCTERMS.source))
    names = {
        str(turtle.value(turtle.value(s, DCTERMS.publisher), RDFS.label))
        for s in sources
    }
    assert names == {"Office for National Statistics"}  # which Dorset's rows cite
    assert all(turtle.value(s, DCTERMS.issued) for s in sources)


def test_what_follows_is_traced_to_rules_and_digests(turtle: Graph) -> None:
    (did,) = turtle.subjects(RDF.type, PROV.Activity)
    used = set(turtle.objects(did, PROV.used))
    plans = used & set(turtle.subjects(RDF.type, PROV.Plan))
    assert len(plans) == len(rules.rules())
    digests = {
        str(turtle.value(turtle.value(plan, SPDX.checksum), SPDX.checksumValue))
        for plan in plans
    }
    assert digests == {source.digest.hex() for source in rules.rules().values()}
    law = turtle.value(URIRef(PREFIXES["graph"] + "law"), SPDX.checksum)
    kept = files.digest(files.shipped("data/law", ".ttl"))
    assert str(turtle.value(law, SPDX.checksumValue)) == kept


def test_it_is_as_dcat_ap_asks(turtle: Graph) -> None:
    shapes = Graph().parse(data=AP, format="turtle")
    found, missed = run_shapes(turtle, shapes, part=True)
    assert not list(
        found.subjects(RDF.type, URIRef(PREFIXES["sh"] + "ValidationResult"))
    )
    assert [item for item in missed if "looked at nothing" in item] == []
    without = Graph() + turtle
    (whole,) = (s for s in without.subjects(DCAT.version, None))
    without.remove((whole, DCTERMS.license, None))
    spoilt, _ = run_shapes(without, shapes, part=True)
    assert (
        len(
            list(spoilt.subjects(RDF.type, URIRef(PREFIXES["sh"] + "ValidationResult")))
        )
        == 1
    )


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Instrument", "http://data.europa.eu/eli/ontology#LegalResource"),
        ("Provision", "http://data.europa.eu/eli/ontology#LegalResourceSubdivision"),
    ],
)
def test_aligned_says_the_same_in_terms_of_others(
    turtle: Graph, own: str, other: str
) -> None:
    ours = set(turtle.subjects(RDF.type, URIRef(PREFIXES["csp"] + own)))
    assert ours
    assert ours <= set(turtle.subjects(RDF.type, URIRef(other)))


def test_aligned_follows_no_close_match(trig: Store) -> None:
    graph = NamedNode(PREFIXES["graph"] + "aligned")
    said = list(trig.quads_for_pattern(None, None, None, graph))
    words = {quad.predicate for quad in said} | {quad.object for quad in said}
    assert NamedNode("http://data.europa.eu/2qy/rrmv#Requirement") not in words
    assert len(said) > 500


def test_no_answer_changes_by_what_the_graph_says_of_itself() -> None:
    """Every question, asked of the graph with and without its description."""
    kg = cspgraph.load(on=DAY, areas=["Dorset"])
    bare = Oxigraph(kg.quads())
    full = Oxigraph([*kg.described(aligned=True, queries=True), *catalogue.quads()])
    rows = 0
    for query in queries().values():
        given = {k: v for k, v in query.example.items() if k != "on"}
        if given.get("area", "Dorset") != "Dorset" or query.all_dates:
            given = {"area": "Dorset"} if "area" in given else given
        try:
            asked = kg.answer(query.name, **given).parameters
        except cspgraph.errors.CspgraphError:
            continue
        text = query.bind(asked)
        (_, told), (_, held) = (from_json(one.rows(text)) for one in (bare, full))
        assert list(told) == list(held), query.name
        rows += len(held)
    assert rows > 300


@pytest.fixture(scope="module")
def derived(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Quad], str, set[Quad]]:
    """Return what the command writes with --as-update, and the graph it leads to."""
    place = tmp_path_factory.mktemp("update")
    words = ["build", "--area", "Dorset", "--on", DAY, "-o", str(place / "dorset.nq")]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--as-update", str(place / "dorset.ru")])
    assert not ended.value.code
    store = Store()
    store.load(path=str(place / "dorset.nq"))
    script = (place / "dorset.ru").read_text(encoding="utf-8")
    wanted = set(cspgraph.load(on=DAY, areas=["Dorset"]).quads())
    return list(store), script, wanted


def test_another_store_derives_the_same_graph(
    derived: tuple[list[Quad], str, set[Quad]],
) -> None:
    said, script, wanted = derived
    store = Store()
    store.bulk_extend(said)
    assert set(store) != wanted
    store.update(script)
    assert set(store) == wanted


def test_the_script_runs_every_rule_of_a_graph_once_and_in_order(
    derived: tuple[list[Quad], str, set[Quad]],
) -> None:
    lines = derived[1].splitlines()
    named = [line[2:] for line in lines if line[2:] in rules.rules() and line[0] == "#"]
    assert named == [name for name in rules.rules() if name >= rules.FIRST_LASTING_RULE]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-update", "dorset.txt"), "the ending '.txt' is not one of .ru"),
        (("--as-update", "dorset.ru", "--aligned"), "leave one out"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    words: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["build", "--area", "Dorset", "-o", "dorset.nq", *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def send(url: str, body: bytes, kind: str) -> bytes:
    """Return what the server at `url` answers to `body`, as N-Triples where it is a graph."""
    headers = {"content-type": kind, "accept": "application/n-triples"}
    asked = Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with build_opener().open(asked, timeout=120) as reply:
            found: bytes = reply.read()
    except HTTPError as error:
        with error:
            pytest.fail(error.read().decode()[:500])
    return found


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """Give the server of Oxigraph, and stop it afterwards."""
    with servers.oxigraph(tmp_path_factory.mktemp("server"), union=False) as server:
        yield server


def test_oxigraph_as_a_server_derives_the_same_graph(
    derived: tuple[list[Quad], str, set[Quad]],
    started: servers.Server,
) -> None:
    """The same script, over HTTP, in another make of server."""
    said, script, wanted = derived
    graphs = {quad.graph_name.value for quad in said}  # type: ignore[union-attr]
    for graph in graphs:
        own = {quad.triple for quad in said if quad.graph_name.value == graph}  # type: ignore[union-attr]
        started.put(graph, serialize(own, format=RdfFormat.N_TRIPLES) or b"")
    send(started.update, script.encode(), "application/sparql-update")
    ask = b"CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <%s> { ?s ?p ?o } }"
    held = set()
    for graph in {quad.graph_name.value for quad in wanted}:  # type: ignore[union-attr]
        reply = send(started.query, ask % graph.encode(), "application/sparql-query")
        found = parse(reply, RdfFormat.N_TRIPLES)
        held |= {
            Quad(q.subject, q.predicate, q.object, NamedNode(graph)) for q in found
        }
    assert held == wanted
