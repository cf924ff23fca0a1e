"""Records of the user: each source apart, none above law or register, none believed alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import DefaultGraph, NamedNode

import cspgraph
from cspgraph.cli import main
from cspgraph.dataset import Dataset
from cspgraph.errors import NameNotClearError
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE
from cspgraph.records.conflicts import differences, single
from cspgraph.records.contributions import RECORD_CLASSES, RECORD_TERMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cspgraph.report.report import Report

    Write = Callable[[str, str], Path]
    Together = tuple[KnowledgeGraph, dict[str, Path], Report]

DAY = "2024-11-01"
HEAD = "".join(
    f"@prefix {name}: <{address}> .\n"
    for name, address in PREFIXES.items()
    if name
    in {
        *("act", "assessment", "body", "csp", "decision", "document", "dt", "gss"),
        *("governance", "kind", "organ", "passage", "rdfs", "role", "standing"),
        *("strategy", "version", "xsd", "skos", "search", "verification", "basis"),
    }
)
ADOPTED = "version:dorset-csplan-2023.2024-25"


def minute(name: str, day: str, about: str = ADOPTED, more: str = "") -> str:
    """Return a record of one minute in which Dorset's full council adopted a version."""
    return f"""{HEAD}
document:{name} a csp:SourceDocument ; rdfs:label "Minute"@en ; csp:kind kind:Minutes ;
    csp:on "{day}"^^xsd:date .
passage:{name}.1 a csp:Passage ; rdfs:label "Minute 1"@en ;
    csp:inDocument document:{name} ; csp:paragraph "1" .
decision:{name} a csp:Decision ; rdfs:label "Adoption in {name}"@en ; csp:kind kind:Adopt ;
    csp:about {about} ; csp:by organ:dorset-council-full-council ;
    csp:on "{day}"^^xsd:date ; csp:status kind:Done ; csp:source passage:{name}.1 .
{more}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file below a folder, and gives its place."""

    def put(name: str, text: str) -> Path:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    return put


def own(*places: Path, on: str = DAY) -> KnowledgeGraph:
    return cspgraph.load(*places, on=on, areas=["Dorset"])


def graphs(kg: KnowledgeGraph, subject: str) -> set[str]:
    """Return the names of the graphs in which `subject` is told of."""
    return {
        "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)[1:-1]
        for quad in kg.quads()
        if quad.subject == NamedNode(subject)
        and quad.graph_name != NamedNode(PREFIXES["graph"] + "derived")
    }


# Apart


def test_a_file_that_names_no_graph_has_one_of_its_own(write: Write) -> None:
    for name in ("first.ttl", "second.trig"):
        write(f"records/{name}", minute(name[:5], "2024-10-20"))
    kg = own(write("records/third.ttl", minute("third", "2024-10-20")).parent)
    found = [graphs(kg, PREFIXES["decision"] + n) for n in ("first", "secon", "third")]
    start = f"{PREFIXES['graph']}own/"
    assert found == [{f"{start}first"}, {f"{start}second"}, {f"{start}third"}]


def test_two_files_of_one_name_do_not_share_a_graph(write: Write) -> None:
    first = write("ashford/2024.ttl", minute("one", "2024-10-20")).parent
    second = write("dorset/2024.ttl", minute("two", "2024-10-20")).parent
    kg = own(first, second)
    start = f"{PREFIXES['graph']}own/2024"
    assert graphs(kg, PREFIXES["decision"] + "one") == {start}
    assert graphs(kg, PREFIXES["decision"] + "two") == {f"{start}-2"}


def in_graph(name: str, text: str) -> str:
    head, _, rest = text.partition("\ndocument:")
    return f"{head}\n<{name}> {{\ndocument:{rest}}}\n"


@pytest.mark.parametrize("graph", ["dorset-2024-07-23", "law", "derived", "register"])
def test_a_graph_that_is_taken_is_not_shared(graph: str, write: Write) -> None:
    name = PREFIXES["graph"] + graph
    kg = own(write("mine.trig", in_graph(name, minute("mine", "2024-10-20"))))
    found = graphs(kg, PREFIXES["decision"] + "mine")
    assert found == {f"{PREFIXES['graph']}own/mine-{graph}"}


def test_two_files_that_name_one_graph_stay_apart(write: Write) -> None:
    name = "https://example.org/minutes"
    one = write("a/x.trig", in_graph(name, minute("one", "2024-10-20")))
    two = write("b/x.trig", in_graph(name, minute("two", "2024-10-20")))
    kg = own(one.parent, two.parent)
    assert graphs(kg, PREFIXES["decision"] + "one") == {name}
    assert graphs(kg, PREFIXES["decision"] + "two") == {
        f"{PREFIXES['graph']}own/x-minutes"
    }


def test_things_without_a_name_are_not_mixed_up(write: Write) -> None:
    text = f'{HEAD}_:a <https://example.org/says> "{{}}" .\n'
    kg = own(write("a.ttl", text.format("one")), write("b.ttl", text.format("two")))
    rows = kg.select(
        "SELECT (COUNT(?x) AS ?n) WHERE { ?x <https://example.org/says> ?one, ?two"
        " FILTER (?one != ?two) }"
    )
    assert next(iter(rows))["n"] == 0


# Below the law and the register

#: What somebody might write to change who must adopt, and the line on which it stands.
HOSTILE = {
    "ends a rule": 'dt:fr00-adopt-cdrs csp:validUntil "2020-01-01"^^xsd:date .',
    "begins a rule later": 'dt:fr00-adopt-cdrs csp:validFrom "2030-01-01"^^xsd:date .',
    "names another organ": "dt:fr00-adopt-cdrs csp:organ kind:Executive .",
    "names another basis": "dt:fr00-adopt-cdrs csp:basis basis:ExecutiveDefault .",
    "writes a rule": """<https://example.org/rule> a csp:DutyTemplate , csp:AdoptionRule ;
        csp:bearerRole role:CouncilForTheArea ; csp:action act:Adopt ;
        csp:product kind:CrimeAndDisorderStrategy ; csp:manner kind:Each ;
        csp:modality <https://w3id.org/cspgraph/modality/Must> ; csp:organ kind:Executive ;
        csp:basis basis:StatuteReserved ; csp:areaKind kind:LocalGovernmentArea ;
        csp:extent gss:E92000001 ; csp:statement "adopt"@en ; csp:confidence kind:High ;
        csp:verification verification:V ; csp:validFrom "2000-01-01"^^xsd:date ;
        csp:provision <http://www.legislation.gov.uk/id/ukpga/1998/37/section/6> .""",
    "governs the council": """<https://example.org/period> a csp:GovernancePeriod ;
        csp:body body:dorset-council ; csp:governance governance:CommitteeSystem ;
        csp:validFrom "2000-01-01"^^xsd:date .""",
    "gives the area a council": """body:evil a csp:Body ; rdfs:label "Evil"@en ;
        csp:kind kind:UnitaryCouncil .
        <https://example.org/service> a csp:Service ; csp:body body:evil ;
        csp:capacity kind:UnitaryCouncil ;
        csp:area gss:E06000059 ; csp:validFrom "2000-01-01"^^xsd:date .""",
    "gives a role": """<https://example.org/holding> a csp:RoleHolding ;
        csp:role role:CouncilForTheArea ; csp:body body:bcp-council ;
        csp:area gss:E06000059 ; csp:template dt:fr00-adopt-cdrs ;
        csp:provision <http://www.legislation.gov.uk/id/ukpga/1998/37/section/6> ;
        csp:validFrom "2000-01-01"^^xsd:date ; csp:validUntil "9999-12-31"^^xsd:date .""",
    "writes a duty": """<https://example.org/duty> a csp:Duty ; csp:area gss:E06000059 ;
        csp:action act:Adopt ; csp:bearer body:bcp-council ;
        csp:product kind:PartnershipPlan ; csp:template dt:fr00-adopt-cdrs ;
        csp:provision <http://www.legislation.gov.uk/id/ukpga/1998/37/section/6> .""",
    "changes the kind of the area": "gss:E06000059 csp:kind kind:TwoTierDistrict .",
    "ends the area": 'gss:E06000059 csp:validUntil "2020-01-01"^^xsd:date .',
    "ends the council": 'body:dorset-council csp:validUntil "2020-01-01"^^xsd:date .',
    "changes the kind of the council": "body:dorset-council csp:kind kind:CountyCouncil .",
    "renames the council": 'body:dorset-council rdfs:label "Somebody"@en .',
    "gives the organ to another": (
        "organ:dorset-council-cabinet csp:organKind kind:FullCouncil ."
    ),
    "names a law": (
        "<http://www.legislation.gov.uk/id/ukpga/1998/37/section/6/9/z> a csp:Provision ."
    ),
    "stands a duty": """<https://w3id.org/cspgraph/id/duty/fr00-adopt-cdrs.E06000059.dorset-council.2019-04-01>
        csp:standing standing:OnRecord .""",
    "defines a term": 'csp:about rdfs:label "something else"@en .',
    "makes the day": '<https://w3id.org/cspgraph/id/snapshot> csp:asOf "2020-01-01"^^xsd:date .',
    "looks elsewhere": 'gss:E06000059 csp:windowUntil "2020-01-01"^^xsd:date .',
}
QUESTIONS = (
    "who-must-adopt",
    "who-must-do-what",
    "standing",
    "responsible-authorities",
)


@pytest.fixture(scope="module")
def before() -> dict[str, list[list[str]]]:
    kg = cspgraph.load(on=DAY, areas=["Dorset"])
    return {name: kg.answer(name, area="Dorset").words() for name in QUESTIONS}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    """Return a graph with every hostile file on top, where they are, and what is found."""
    folder = tmp_path_factory.mktemp("hostile")
    places = {name: folder / f"{name.replace(' ', '-')}.ttl" for name in HOSTILE}
    for name, place in places.items():
        place.write_text(f"{HEAD}{HOSTILE[name]}\n", encoding="utf-8")
    kg = own(folder)
    return kg, places, kg.validate(area="Dorset")


def test_no_record_changes_law_or_register(
    together: Together, before: dict[str, list[list[str]]]
) -> None:
    kg, _, _ = together
    for name in QUESTIONS:
        assert kg.answer(name, area="Dorset").words() == before[name]
    assert "left out" in kg.answer("standing", area="Dorset").receipt


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_record_says_of_the_law_is_found(name: str, together: Together) -> None:
    _, places, report = together
    _found(report, places[name])


@pytest.mark.exhaustive
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_record_alone_changes_law_or_register(
    text: str, write: Write, before: dict[str, list[list[str]]]
) -> None:
    place = write("hostile.ttl", f"{HEAD}{text}\n")
    kg = own(place)
    for name in QUESTIONS:
        assert kg.answer(name, area="Dorset").words() == before[name]
    _found(kg.validate(area="Dorset"), place)
    assert "left out" in kg.answer("standing", area="Dorset").receipt


def _found(report: Report, place: Path) -> None:
    """Hold that the report tells what was left out of the file, and on which line."""
    found = [f for f in report.findings if f.file == str(place)]
    told = [f for f in found if f.shape.endswith("/record-above-law")]
    assert told
    first = f"line {HEAD.count(chr(10)) + 1}"
    assert all(f.place for f in told)
    assert first in {f.place for f in told} or "evil" in place.read_text("utf-8")


def rows(kg: KnowledgeGraph, name: str) -> list[list[str]]:
    """Return the answer about Dorset; nothing where there is no such area any more."""
    try:
        return kg.answer(name, area="Dorset").words()
    except NameNotClearError:
        return []


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_the_hostile_files_would_change_something_if_they_were_law(
    step: int, before: dict[str, list[list[str]]]
) -> None:
    """Read as files of the house, not as records, most of them change an answer."""
    changing, chosen = 0, list(HOSTILE.values())[::step]
    for text in chosen:
        dataset = Dataset([files.Source("x.ttl", f"{HEAD}{text}\n".encode())])
        kg = KnowledgeGraph(dataset).at(DAY)
        changing += any(rows(kg, name) != before[name] for name in QUESTIONS)
    assert changing >= len(chosen) // 2


def test_what_was_left_out_is_told_when_it_is_loaded(write: Write) -> None:
    told: list[str] = []
    place = write("hostile.ttl", f"{HEAD}{HOSTILE['ends a rule']}\n")
    cspgraph.load(place, on=DAY, areas=["Dorset"], tell=told.append)
    line = HEAD.count("\n") + 1
    (said,) = told
    assert said.startswith(f"{place}, line {line}: what it says of dt:fr00-adopt-cdrs")
    assert said.endswith("(csp:validUntil) was left out; a record cannot change it")


def test_a_body_and_an_organ_of_ones_own_are_kept(write: Write) -> None:
    """Nobody serves an area by a record, but whoever decided can be named in it."""
    more = """
body:dorset-youth-panel a csp:Body ; rdfs:label "Dorset Youth Panel"@en ;
    csp:kind kind:WorkingGroup .
organ:dorset-council-place-committee a csp:Organ ; rdfs:label "Place Committee"@en ;
    csp:organOf body:dorset-council ; csp:organKind kind:Committee .
decision:own-step a csp:Decision ; rdfs:label "The committee recommends"@en ;
    csp:kind kind:Recommend ; csp:about version:dorset-csplan-2023.2024-25 ;
    csp:by organ:dorset-council-place-committee ; csp:on "2024-10-20"^^xsd:date ;
    csp:status kind:Done ; csp:source passage:mine.1 .
"""
    kg = own(write("mine.ttl", minute("mine", "2024-10-20", more=more)))
    assert kg._dataset.added.refused == []
    trail = kg.answer("decision-trail", area="Dorset").words()
    assert any("Place Committee" in row for row in trail)


def test_every_shipped_record_could_be_ones_own() -> None:
    """What the shipped records say is what a record may say."""
    said, kinds = set(), set()
    for source in files.shipped("data/record", ".trig"):
        for quad in files.quads(source):
            said.add(quad.predicate)
            if quad.predicate == RDF_TYPE:
                kinds.add(quad.object)
    ours = {term for term in said if term.value.startswith(PREFIXES["csp"])}
    assert ours <= RECORD_TERMS
    assert kinds <= RECORD_CLASSES


def test_what_a_form_asks_is_for_a_record_to_say() -> None:
    (form,) = files.shipped("ontology/forms", "/record.csv")
    asked = set(re.findall(r"csp:([a-z]\w+)", form.text))
    assert len(asked) > 20
    assert {f"{PREFIXES['csp']}{name}" for name in asked} <= {
        term.value for term in RECORD_TERMS
    }


# Not agreed on


def test_two_days_for_one_decision_are_told_with_both_sources(write: Write) -> None:
    one = write("a/minute.ttl", minute("same", "2024-10-20"))
    two = write("b/minute.ttl", minute("same", "2024-10-21"))
    kg = own(one.parent, two.parent)
    days = [c for c in kg.contradictions() if c.label.startswith("Adoption")]
    (found,) = days
    line = minute("same", "x").split("decision:same")[0].count("\n") + 1
    assert found.about == "day"
    assert [(s.value, s.file, s.place) for s in found.sides] == [
        ("2024-10-20", str(one), f"line {line}"),
        ("2024-10-21", str(two), f"line {line}"),
    ]
    assert {c.about for c in kg.contradictions()} == {"day", "day of the document"}
    assert (
        "sources do not agree"
        in kg.answer("standing", area="Dorset").receipt["sources"]
    )


def test_one_source_twice_is_no_contradiction(write: Write) -> None:
    one = write("a/minute.ttl", minute("same", "2024-10-20"))
    two = write("b/minute.ttl", minute("same", "2024-10-20"))
    assert own(one.parent, two.parent).contradictions() == []


#: What a second source says of something that the shipped records tell of, and about what.
DIFFERENT = {
    "period of a version": (
        f'{ADOPTED} csp:periodUntil "2026-04-01"^^xsd:date .',
        "end of the period",
    ),
    "day of a document": (
        'document:dorset-2024-07-23 csp:on "2024-07-24"^^xsd:date .',
        "day of the document",
    ),
    "publisher": (
        "document:dorset-2024-07-23 csp:publisher body:bcp-council .",
        "publisher",
    ),
}


@pytest.mark.parametrize(("text", "about"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_record_is_held_against_those_shipped(
    text: str, about: str, write: Write
) -> None:
    place = write("mine.ttl", f"{HEAD}{text}\n")
    (found,) = own(place).contradictions()
    assert found.about == about
    files = [side.file for side in found.sides]
    assert files[0].startswith("data/record/dorset/")
    assert files[1] == str(place)
    assert found.sides[1].place == f"line {HEAD.count(chr(10)) + 1}"


def test_who_decided_is_compared_as_a_whole(write: Write) -> None:
    first = minute("same", "2024-10-20")
    second = first.replace("dorset-council-full-council", "dorset-council-cabinet")
    kg = own(write("a.ttl", first), write("b.ttl", second))
    (found,) = kg.contradictions()
    assert found.about == "who decided"
    assert "Full Council" in found.sides[0].value
    assert "Cabinet" in found.sides[1].value


def standing(kg: KnowledgeGraph, statement: str) -> set[str]:
    answer = kg.answer("standing", area="Dorset")
    return {words[3] for words in answer.words() if statement in words[2]}


CDRS = "have the crime and disorder reduction strategy adopted"


@pytest.mark.parametrize(
    "second",
    [
        minute("same", "2024-10-21"),
        f'{HEAD}{ADOPTED} csp:periodUntil "2026-04-01"^^xsd:date .\n',
        f'{HEAD}document:same csp:on "2024-10-22"^^xsd:date .\n',
    ],
    ids=["decision", "version", "document"],
)
def test_a_duty_that_rests_on_it_stands_as_sources_differ(
    second: str, write: Write
) -> None:
    one = write("a.ttl", minute("same", "2024-10-20"))
    assert standing(own(one), CDRS) == {"on record"}
    assert standing(own(one, write("b.ttl", second)), CDRS) == {"sources differ"}


def test_no_days_of_waiting_are_counted_from_what_sources_differ_on(
    write: Write,
) -> None:
    one = write("a.ttl", minute("same", "2024-10-20"))
    two = write("b.ttl", minute("same", "2024-10-21"))
    label = "Community Safety Plan 2023-2026 (2024-25 refresh)"
    waited = own(one).answer("agreed-not-adopted", area="Dorset").words()
    assert label in [row[0] for row in waited]
    unsure = own(one, two).answer("agreed-not-adopted", area="Dorset").words()
    assert [row[3] for row in unsure if row[0] == label] in ([], ["", ""], [""])


def test_the_shipped_records_agree() -> None:
    dataset = cspgraph.load()._dataset
    told = [(source, list(files.quads(source))) for source in dataset.records]
    assert len(told) > 1
    assert differences(told) == []


def test_what_there_is_one_of_comes_from_the_shapes() -> None:
    names = {
        f"{kind.value.rpartition('#')[2]} {term.value.rpartition('#')[2]}"
        for kind, term in single()
    }
    assert {"Decision on", "Decision status", "StrategyVersion periodUntil"} <= names
    assert not names & {"Decision source", "Decision about", "Passage quote"}


def test_two_passages_for_one_decision_are_no_contradiction(write: Write) -> None:
    more = """
passage:other.2 a csp:Passage ; rdfs:label "Minute 2"@en ;
    csp:inDocument document:same ; csp:paragraph "2" .
decision:same csp:source passage:other.2 .
"""
    one = write("a.ttl", minute("same", "2024-10-20"))
    assert own(one, write("b.ttl", f"{HEAD}{more}")).contradictions() == []


# The check


def test_the_check_shows_both(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    one = write("a.ttl", minute("same", "2024-10-20"))
    two = write("b.ttl", minute("same", "2024-10-21"))
    bad = write("c.ttl", f"{HEAD}{HOSTILE['ends the area']}\n")
    with pytest.raises(SystemExit) as ended:
        main(["check", *map(str, (one, two, bad)), "--area", "Dorset", "--on", DAY])
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "Find out which source is right and correct the other" in said
    for place in (one, two):
        assert f"{place}, line" in said
    assert "a record says what documents say happened and cannot change the law" in said
    assert "sources differ" in said
