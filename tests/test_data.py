"""Every data file is tidy, every word is defined and used, every link leads somewhere."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Store

import few
from cspgraph.derive import as_in
from cspgraph.derive.rules import rules
from cspgraph.questions.query_file import queries
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE, compact
from cspgraph.register import tables
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyoxigraph import Quad

    from cspgraph.rdf.files import Source

ROOT = Path(__file__).resolve().parents[1]
#: Digests of the quotations that were found word for word in the text of the report.
VERBATIM = ROOT / "tests" / "reference" / "quotations.csv"
#: Digests of the names that the head of the report prints, word by word.
NAMED = ROOT / "tests" / "reference" / "words-left-out.csv"

#: Those that a test looks at one by one; what all files say is looked at together.
RECORDS = few.records()
WRITTEN = [
    *rdf_files.shipped("ontology", ".ttl"),
    *rdf_files.shipped("data/law", ".ttl"),
    *RECORDS,
]
TABLES = rdf_files.shipped("data/register", ".csv")

each_file = pytest.mark.parametrize("source", [*WRITTEN, *TABLES], ids=lambda s: s.name)
each_rdf = pytest.mark.parametrize("source", WRITTEN, ids=lambda s: s.name)
each_record = pytest.mark.parametrize("source", RECORDS, ids=lambda s: s.name)
each_table = pytest.mark.parametrize(
    "source",
    [table for table in TABLES if Path(table.name).stem in tables.TABLES],
    ids=lambda s: s.name,
)

XSD, SKOS, RDFS = PREFIXES["xsd"], PREFIXES["skos"], PREFIXES["rdfs"]


@cache
def said(*names: str) -> tuple[Quad, ...]:
    """Return what the written files say whose names begin with one of `names`.

    What the law has as in another provision is written out.
    """
    every = [*WRITTEN, *rdf_files.shipped("data/record", ".trig")]
    files = {
        s.name: s for s in every if s.name.startswith(names or ("ontology", "data"))
    }
    store = Store()
    for source in files.values():
        rdf_files.load_into(source, store, PREFIXES["graph"] + "law")
    as_in.write_out(store, PREFIXES["graph"] + "law")
    return tuple(store)


@cache
def everything() -> tuple[Quad, ...]:
    """Return what all files and tables say."""
    return (*said(), *Register(TABLES).quads())


def iris(*parts: object) -> Iterator[str]:
    yield from (part.value for part in parts if isinstance(part, NamedNode))


# Tidy


@each_file
def test_text_is_plain(source: Source) -> None:
    rdf_files.check(source)
    text = source.text
    assert not source.data.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not [line for line in text.splitlines() if line != line.rstrip()]


@each_rdf
def test_says_what_it_is_and_where_it_was_read(source: Source) -> None:
    first, second, third = source.text.split("\n", 3)[:3]
    assert re.fullmatch(r"# [A-Z].*\.", first)
    if source.name.startswith("data/"):
        assert re.fullmatch(r"# [A-Z].*\b(read|as of) .*\.", second)
        assert re.search(r"\b20\d\d-\d\d-\d\d\b", second)
        assert third == ""


@each_rdf
def test_prefixes_are_sorted_and_used(source: Source) -> None:
    found = re.findall(
        r"^@prefix +([\w-]+):\s+<([^>]+)> \.$", source.text, re.MULTILINE
    )
    names = [name for name, _ in found]
    assert names == sorted(names)
    body = re.sub(r"^@.*$|^#.*$", "", source.text, flags=re.MULTILINE)
    body = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', body)
    for name, start in found:
        assert re.search(rf"(?<![\w-]){name}:", body), f"{name}: is not used"
        assert PREFIXES.get(name, start) == start
    if "@base" in source.text:
        assert re.search(r"<(?!https?:)", body), "the base is not used"


@each_rdf
def test_one_subject_in_a_block_with_its_class_first(source: Source) -> None:
    indent = " " * 4 if source.name.endswith(".trig") else ""
    subjects = re.findall(
        rf"^{indent}([^\s#@}}<][^\s]*|<[^\s>]+>)$(?=\n{indent}    )",
        source.text,
        re.MULTILINE,
    )
    classed = re.findall(
        rf"^{indent}([^\s#@}}<][^\s]*|<[^\s>]+>)$(?=\n{indent}    a )",
        source.text,
        re.MULTILINE,
    )
    assert subjects
    assert subjects == classed or source.name.endswith("alignments.ttl")
    assert [name for name, count in Counter(subjects).items() if count > 1] == []


@pytest.mark.parametrize(
    "source",
    [s for s in WRITTEN if "/shapes/" not in s.name],
    ids=lambda s: s.name,
)
def test_no_blank_nodes(source: Source) -> None:
    for quad in rdf_files.quads(source):
        assert not isinstance(quad.subject, BlankNode)
        assert not isinstance(quad.object, BlankNode)


@each_record
def test_one_document_is_one_graph(source: Source) -> None:
    graphs = {quad.graph_name for quad in rdf_files.quads(source)}
    assert len(graphs) == 1
    (graph,) = iris(*graphs)
    place = Path(source.name)
    assert graph == f"{PREFIXES['graph']}{place.parent.name}-{place.stem}"


@each_table
def test_rows_are_sorted_by_key(source: Source) -> None:
    table = tables.TABLES[Path(source.name).stem]
    rows = list(rdf_files.rows(source, rdf_files.head(source)))
    keys = [tuple(row.cells[name] for name in table.key) for row in rows]
    assert keys == sorted(set(keys))


@each_rdf
def test_the_store_changes_nothing(source: Source) -> None:
    """A store rewrites some literals; ours are written so that it has nothing to do."""
    quads = Dataset(rdf_files.quads(source))
    store = Store()
    store.extend(quads)
    assert set(store) == set(quads)


def test_dates_are_dates() -> None:
    dated = {
        *(CSP.on, CSP.validFrom, CSP.validUntil, CSP.periodFrom, CSP.periodUntil),
        CSP.assertsFrom,
    }
    seen = 0
    for quad in everything():
        value = quad.object
        if quad.predicate in dated and "/ns#" not in str(quad.subject):
            assert isinstance(value, Literal), quad
            assert value.datatype.value == XSD + "date", quad
            assert date.fromisoformat(value.value).isoformat() == value.value
            seen += 1
        elif isinstance(value, Literal):
            assert value.datatype.value != XSD + "dateTime", quad
    assert seen > 100


def test_nothing_ends_before_it_begins() -> None:
    for first, last in (
        (CSP.validFrom, CSP.validUntil),
        (CSP.periodFrom, CSP.periodUntil),
    ):
        begins, ends = (
            {
                quad.subject: quad.object.value
                for quad in everything()
                if quad.predicate == term and isinstance(quad.object, Literal)
            }
            for term in (first, last)
        )
        assert begins.keys() & ends.keys()
        assert [thing for thing, end in ends.items() if begins[thing] >= end] == []


# Words: every term used is defined, every term defined is used

SCHEMES = (
    *("csp", "act", "basis", "governance", "kind", "modality", "role"),
    *("standing", "theme", "verdict", "verification"),
)
STARTS = tuple(PREFIXES[name] for name in SCHEMES)


@cache
def vocabulary() -> frozenset[str]:
    """Return the terms and concepts that the ontology describes."""
    own = said("ontology/core.ttl", "ontology/kinds.ttl", "ontology/themes.ttl")
    return frozenset(
        iri for quad in own for iri in iris(quad.subject) if iri.startswith(STARTS)
    )


def in_text(text: str) -> set[str]:
    """Return the terms that a text names in short or in full."""
    found = set(
        re.findall(rf"{re.escape(BASE)}(?:ns#|(?!id/|graph/)[a-z]+/)[A-Za-z]\w*", text)
    )
    for name, word in re.findall(r"(?<![\w-])([a-z]+):([A-Za-z]\w*)", text):
        if name in SCHEMES:
            found.add(PREFIXES[name] + word)
    return found


@cache
def used() -> frozenset[str]:
    """Return the terms used in data, rules, questions, shapes and Python."""
    terms: set[str] = set()
    for quad in everything():
        terms.update(iris(quad.predicate, quad.object))
        if isinstance(quad.object, Literal):
            terms.update(iris(quad.object.datatype))
    shapes = [s.text for s in WRITTEN if s.name.startswith("ontology/shapes")]
    for text in (
        *(r.text for r in rules().values()),
        *(q.body for q in queries().values()),
        *shapes,
    ):
        terms |= in_text(text)
    for path in (ROOT / "src" / "cspgraph").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        terms |= in_text(text)
        terms |= {PREFIXES["csp"] + word for word in re.findall(r"\bCSP\.(\w+)", text)}
        for name, word in re.findall(r'PREFIXES\["(\w+)"\] \+ f?"(\w+)"', text):
            terms.add(PREFIXES[name] + word)
        if path.stem != "vocab":
            words = set(
                re.findall(r"[A-Za-z]\w+", " ".join(re.findall(r'"[^"\n]*"', text)))
            )
            terms |= {start + word for start in STARTS for word in words}
    return frozenset(iri for iri in terms if iri.startswith(STARTS))


def test_every_term_used_is_defined() -> None:
    data = {
        iri
        for quad in everything()
        for iri in iris(quad.subject, quad.predicate, quad.object)
        if iri.startswith(STARTS)
    }
    texts = [*(r.text for r in rules().values()), *(q.body for q in queries().values())]
    named = set().union(*map(in_text, texts))
    # The `example` of a question may name a scheme by a slug of ours; bodies may not.
    assert sorted((data | named) - vocabulary()) == []


#: Terms that wait for law or records still to come, and for what they wait.
WAITING = {
    "scrutiny: Police and Justice Act 2006 and the regulations of 2009": {
        *("act:Respond", "act:Scrutinise", "kind:CrimeAndDisorderFunctions"),
        *("kind:ScrutinyCommittee", "kind:ScrutinyMeeting", "kind:ScrutinyReport"),
        *("kind:AfterEvent", "kind:AfterTheDay", "role:LocalAuthority"),
    },
    "commissioners: sections 5 to 12 of the Act of 2011": {
        *("kind:AnnualReport", "kind:WithinFinancialYearOfEvent", "kind:NoFixedDay"),
        *("role:MayorsOfficeForPolicingAndCrime", "role:PoliceAndCrimeCommissioner"),
    },
    "the Welsh regulations of 2007 on substance misuse": {
        *("kind:SubstanceMisuseAssessment", "kind:SubstanceMisusePlan"),
        *("kind:SubstanceMisusePlanSummary", "role:SubstanceMisuseStrategyGroup"),
        "csp:firstDue",
    },
    "records of other councils": {
        *("kind:Consider", "kind:Delegate", "kind:Practice", "theme:Reoffending"),
    },
    "guidance and expectations as grounds": {"kind:Expectation", "kind:Guidance"},
}


def test_every_term_defined_is_used() -> None:
    """Narrower concepts keep the broader ones they stand under in use."""
    waiting = set().union(*WAITING.values())
    assert {compact(term) for term in vocabulary() - used()} <= waiting
    assert waiting <= {compact(term) for term in vocabulary()}


def test_every_term_is_told() -> None:
    labels = {NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel")}
    definition = NamedNode(SKOS + "definition")
    own = said("ontology/core.ttl", "ontology/kinds.ttl", "ontology/themes.ttl")
    for wanted in (labels, {definition}):
        told = {
            iri
            for quad in own
            if quad.predicate in wanted
            for iri in iris(quad.subject)
        }
        assert sorted(vocabulary() - told) == []
    for quad in own:
        if quad.predicate == definition:
            assert isinstance(quad.object, Literal)
            assert quad.object.language == "en"
            assert re.fullmatch(r"[A-Z(].*[.]", quad.object.value, re.DOTALL), quad


def test_labels_of_concepts_differ() -> None:
    """Two concepts of one name below one broader concept could not be told apart."""
    label, broader = NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "broader")
    own = said("ontology/kinds.ttl", "ontology/themes.ttl")
    above = {quad.subject: quad.object for quad in own if quad.predicate == broader}
    names = Counter(
        (str(above.get(quad.subject)), quad.object.value.casefold())
        for quad in own
        if quad.predicate == label and isinstance(quad.object, Literal)
    )
    assert [name for name, count in names.items() if count > 1] == []


# Links: whatever is pointed at is described

LAW = "http://www.legislation.gov.uk/id/"
PAGES = {CSP.page, NamedNode("http://purl.org/dc/terms/license")}


def test_links_lead_somewhere() -> None:
    described = {quad.subject for quad in everything() if quad.predicate == RDF_TYPE}
    starts = (BASE + "id/", PREFIXES["gss"], LAW)
    lost = {
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in everything()
        if isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(starts)
        and quad.predicate not in PAGES
        and quad.object not in described
    }
    assert sorted(lost) == []


def test_names_are_given_to_described_things_only() -> None:
    described = {quad.subject for quad in everything() if quad.predicate == RDF_TYPE}
    named = {quad.subject for quad in Register(TABLES).quads()}
    assert sorted(map(str, named - described)) == []


def test_things_are_described_in_one_place() -> None:
    """A slug stands for one thing: one block in one file, or one row of one table."""
    places: dict[object, set[str]] = {}
    for source in WRITTEN:
        for quad in rdf_files.quads(source):
            if quad.predicate == RDF_TYPE:
                places.setdefault(quad.subject, set()).add(source.name)
    for source in TABLES:
        for quad in Register([source]).quads():
            if quad.predicate == RDF_TYPE:
                places.setdefault(quad.subject, set()).add(source.name)
    assert {
        str(thing): found for thing, found in places.items() if len(found) > 1
    } == {}


def test_a_template_never_outlives_its_provision() -> None:
    """Country by country: a provision may begin in England and later in Wales."""
    link: dict[NamedNode, dict[object, list[str]]] = {}
    for quad in said("data/law"):
        if isinstance(quad.object, NamedNode | Literal):
            by = link.setdefault(quad.predicate, {})
            by.setdefault(quad.subject, []).append(quad.object.value)

    def one(term: NamedNode, thing: object, otherwise: str) -> str:
        return link.get(term, {}).get(thing, [otherwise])[0]

    def window(provision: NamedNode, country: str) -> tuple[str, str]:
        for period in link[CSP.inForce].get(provision, []):
            if one(CSP.country, NamedNode(period), "") == country:
                provision = NamedNode(period)
        return one(CSP.validFrom, provision, "0"), one(CSP.validUntil, provision, "9")

    checked, outside = 0, []
    for kind in (CSP.RoleTemplate, CSP.DutyTemplate):
        for template in [t for t, of in link[RDF_TYPE].items() if kind.value in of]:
            first, last = (
                one(CSP.validFrom, template, "9"),
                one(CSP.validUntil, template, "9"),
            )
            provision = NamedNode(one(CSP.provision, template, "urn:none"))
            for country in link[CSP.extent][template]:
                start, end = window(provision, country)
                checked += 1
                if not (start <= first and last <= end):
                    outside.append(
                        (str(template), country, (start, first), (last, end))
                    )
    assert checked > 100
    assert outside == []


# Words that a tool like this must not use, and people whom it must not name

CAUTION = re.compile(r"\b(breach|unlawful|(non-)?compliant)", re.IGNORECASE)
PERSON = re.compile(
    r"\bCllr\b|\bCouncillor [A-Z]|\b(Mr|Mrs|Ms|Miss) [A-Z]|[\w.+-]+@[\w-]+\.\w|"
    r"(\+44 ?|\b0)\d{2,4} ?\d{3} ?\d{3,4}\b"
)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return the text files of the repository with their paths."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        inner = path.relative_to(ROOT)
        left_out = {"__pycache__", "dist", "site", "node_modules"}.intersection(
            inner.parts
        )
        hidden = any(
            part.startswith(".") and part != ".ci" for part in inner.parts[:-1]
        )
        if path.is_file() and not left_out and not hidden and path != Path(__file__):
            try:
                found.append((str(inner), path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return tuple(found)


def test_nobody_is_accused() -> None:
    """The tool reports what is on record; it never says that a duty was not kept."""
    assert len(texts()) > 50
    assert [
        (name, m[0]) for name, text in texts() for m in CAUTION.finditer(text)
    ] == []


def test_the_words_would_be_seen() -> None:
    for word in ("a breach of", "Unlawfully", "non-compliant", "not compliant"):
        assert CAUTION.search(word)
    for word in (
        "Cllr X",
        "someone@example.org",
        "01305 221000",
        "+44 1305 221000",
        "Ms Y",
    ):
        assert PERSON.search(word)


@each_record
def test_nobody_is_named(source: Source) -> None:
    """Offices and roles only: no person, no telephone number, no address for mail."""
    assert [found[0] for found in PERSON.finditer(source.text)] == []


# What is quoted was printed


def printed(text: str) -> str:
    """Return `text` with plain spaces and straight quotation marks."""
    return re.sub(r"\s+", " ", re.sub("[\u2018\u2019]", "'", text))


QUOTED = [
    quad.object.value
    for source in RECORDS
    if source.name == "data/record/dorset/2024-07-23.trig"
    for quad in rdf_files.quads(source)
    if quad.predicate in {CSP.quote, CSP.heading, CSP.condition}
    and isinstance(quad.object, Literal)
]


def test_something_is_quoted() -> None:
    assert len(QUOTED) > 100


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def test_quotes_are_verbatim() -> None:
    """Each was compared with the report; a quotation that is new or changed was not."""
    seen = set(VERBATIM.read_text(encoding="utf-8").split()[1:])
    assert [quote for quote in set(QUOTED) if digest(printed(quote)) not in seen] == []


def test_people_of_the_report_are_not_named() -> None:
    left_out = set(NAMED.read_text(encoding="utf-8").split()[1:])
    assert len(left_out) == 3
    assert not [
        (name, word)
        for name, text in texts()
        for word in re.findall(r"\w+", text)
        if digest(word) in left_out
    ]


# Nothing is lost silently

CENSUS = Path(__file__).parent / "answers" / "census.csv"
CHANGES = Path(__file__).parents[1] / "CHANGELOG.md"


def counted() -> dict[str, int]:
    """Return how many there are of what the census counts."""
    kinds = Counter(quad.object for quad in said() if quad.predicate == RDF_TYPE)
    shape = NamedNode(PREFIXES["sh"] + "PropertyShape")
    tests = (
        path.read_text(encoding="utf-8")
        for path in Path(__file__).parent.rglob("test_*.py")
    )
    return {
        "duty templates": kinds[CSP.DutyTemplate],
        "property shapes": kinds[shape],
        "provisions": kinds[CSP.Provision],
        "questions": len(queries()),
        "records": len(rdf_files.shipped("data/record", ".trig")),
        "role templates": kinds[CSP.RoleTemplate],
        "rules": len(rules()),
        "terms": len(list(CSP)),
        "test functions": sum(
            len(re.findall(r"^ *def test_", text, re.MULTILINE)) for text in tests
        ),
    }


def most() -> dict[str, int]:
    """Return how many there have been at most, of each, since the last release."""
    rows = csv.DictReader(CENSUS.read_text(encoding="utf-8").splitlines())
    return {row["what"]: int(row["most"]) for row in rows}


def test_census(golden: Callable[[str, str], None]) -> None:
    """It counts what there is; `pytest --write-answers -k census` counts again."""
    before, found = most(), counted()
    lines = [
        f"{what},{count},{max(count, before.get(what, 0))}\n"
        for what, count in found.items()
    ]
    golden("census.csv", f"what,now,most\n{''.join(lines)}")


def test_the_changelog_tells_where_the_census_falls() -> None:
    """A line under "Unreleased" has `fewer` and what there are fewer of."""
    told = CHANGES.read_text(encoding="utf-8").partition("\n## Unreleased\n")[2]
    told = told.partition("\n## ")[0].lower()
    assert told
    before, found = most(), counted()
    fewer = [what for what, count in found.items() if count < before.get(what, 0)]
    assert [what for what in fewer if f"fewer {what}" not in told] == []
    assert before.keys() == found.keys()
