"""A record survives every format: no fact, language or letter is lost on the way."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from cspgraph.dataset import Dataset
from cspgraph.errors import FileError
from cspgraph.forms.schema import form
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf import serialize
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from filled import FORMATS, names, read_form, write_form

RECORDS = {source.name.rpartition("/")[2]: source for source in Dataset().records}
GRAPH = NamedNode(PREFIXES["graph"] + "made-up")
XSD = PREFIXES["xsd"]
LABEL = NamedNode(PREFIXES["rdfs"] + "label")


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("name", RECORDS)
def test_the_import_of_an_export_is_the_same(
    name: str, file: str, tmp_path: Path
) -> None:
    quads = set(rdf_files.quads(RECORDS[name]))
    write_form(quads, tmp_path / file)
    made = read_form(tmp_path / file)
    assert made.problems == []
    assert made.blank == []
    assert set(made.quads) == quads


@pytest.mark.parametrize("file", FORMATS)
def test_every_shipped_fact_finds_its_cell(file: str, tmp_path: Path) -> None:
    """The sheet for all other facts is for records of others."""
    for number, source in enumerate(RECORDS.values()):
        write_form(rdf_files.quads(source), tmp_path / f"{number}{file}")
    assert not list(tmp_path.rglob("other-facts.csv"))
    assert not any("other facts:" in p.read_text() for p in tmp_path.glob("*.yaml"))


@pytest.mark.parametrize("file", FORMATS)
def test_the_same_record_gives_the_same_bytes(file: str, tmp_path: Path) -> None:
    quads = list(rdf_files.quads(RECORDS["2024-10-10.trig"]))
    for place, facts in (("one", quads), ("other", quads[::-1])):
        (tmp_path / place).mkdir()
        write_form(serialize.ordered(facts), tmp_path / place / file)
    files = [
        {
            p.relative_to(tmp_path / place): p.read_bytes()
            for p in (tmp_path / place).rglob("*")
            if p.is_file()
        }
        for place in ("one", "other")
    ]
    assert files[0]
    assert files[0] == files[1]


WORDS = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=24
    ),
    st.sampled_from(
        [
            *(
                "Cabinet; Full Council",
                "=1+1",
                " space ",
                "no",
                "2.10",
                "1e5",
                "'",
                "a\nb",
                "a\r\nb",
            ),
            *(
                "tab\there",
                "\ufeffbom",
                "caf\u00e9",
                "cafe\u0301",
                "\u202ereversed",
                "x\\u0041",
            ),
            *(
                "\U0001f600",
                "null",
                "~",
                "- a",
                "a: b",
                "# a",
                "_x0041_",
                "03/04/2024",
                "\u00a0",
            ),
        ]
    ),
)
TAGS = st.sampled_from(["en", "cy", "en-gb", "zh-hant", "x-old"])
DAYS = st.dates().map(
    lambda day: Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
)
LITERALS = st.one_of(
    WORDS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), WORDS, TAGS),
    DAYS,
    st.sampled_from(
        [
            Literal("2024-07-23Z", datatype=NamedNode(XSD + "date")),
            Literal("+7", datatype=NamedNode(XSD + "integer")),
            Literal("1", datatype=NamedNode(XSD + "boolean")),
            Literal("1.50", datatype=NamedNode(XSD + "decimal")),
            Literal("P3Y", datatype=NamedNode(XSD + "duration")),
            Literal("P03Y", datatype=NamedNode(XSD + "duration")),
            Literal("P1Y6M", datatype=NamedNode(XSD + "duration")),
            Literal("", language="en"),
            Literal(""),
        ]
    ),
)
ENDS = st.sampled_from(
    [
        "a",
        "plan-2024",
        "Plan 1".replace(" ", "_"),
        "a.b",
        "2.1",
        "caf\u00e9",
        "made-up.2.1",
        "x~y",
    ]
)
NAMED = st.one_of(
    st.builds(
        lambda prefix, end: NamedNode(PREFIXES[prefix] + end),
        st.sampled_from(
            [
                "version",
                "strategy",
                "document",
                "passage",
                "decision",
                "body",
                "organ",
                "kind",
            ]
        ),
        ENDS,
    ),
    st.sampled_from(
        [
            NamedNode(PREFIXES["kind"] + "Adopt"),
            NamedNode(PREFIXES["kind"] + "PartnershipPlan"),
            NamedNode(PREFIXES["organ"] + "dorset-council-cabinet"),
            NamedNode(PREFIXES["body"] + "dorset-council"),
            NamedNode(PREFIXES["gss"] + "E06000059"),
            NamedNode("https://example.org/a;b"),
            NamedNode("https://example.org/?q=1&x=%20"),
            NamedNode("urn:x"),
        ]
    ),
)
TERMS = st.sampled_from(
    [
        RDF_TYPE,
        LABEL,
        CSP.bearer,
        *(column.term for sheet in form().sheets for column in sheet.columns),
    ]
)
KINDS = [sheet.kind for sheet in form().sheets]


@st.composite
def records(draw: st.DrawFn) -> set[Quad]:
    """Make up a record: entries of all kinds with right and wrong facts about them."""
    graph = draw(st.sampled_from([GRAPH, None, NamedNode("urn:graph")]))
    facts: set[tuple[NamedNode, NamedNode, NamedNode | Literal]] = set()
    for subject in draw(st.lists(NAMED, min_size=1, max_size=5, unique=True)):
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=2)):
            facts.add((subject, RDF_TYPE, kind))
        said = st.tuples(TERMS, st.one_of(NAMED, LITERALS))
        for term, value in draw(st.lists(said, min_size=1, max_size=6)):
            facts.add((subject, term, value))
    return {Quad(*fact, graph) if graph else Quad(*fact) for fact in facts}


together = settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize(
    ("file", "tried"),
    [
        # Forms take long to write, an xlsx longest.
        *((file, 50 if file.endswith(".xlsx") else 100) for file in FORMATS),
        *(pytest.param(d, 500, marks=pytest.mark.exhaustive) for d in FORMATS),
    ],
)
def test_any_record_survives_the_format(file: str, tried: int) -> None:
    seen: Counter[str] = Counter()

    @settings(together, max_examples=tried)
    @given(records())
    def survives(quads: set[Quad]) -> None:
        with TemporaryDirectory() as folder:
            place = Path(folder, file)
            write_form(quads, place)
            made = read_form(place)
        assert [str(problem) for problem in made.problems] == []
        assert set(made.quads) == quads
        seen.update(
            "cell" if made.counts.keys() - {"Other facts"} else "other" for _ in "1"
        )

    survives()
    assert seen["cell"] > tried / 5


@together
@given(records())
def test_any_record_survives_canonical_text(quads: set[Quad]) -> None:
    text = serialize.trig(quads)
    again = set(parse(text.encode(), RdfFormat.TRIG))
    assert again == quads
    assert serialize.trig(again) == text
    lines = serialize.nquads(quads)
    assert set(parse(lines.encode(), RdfFormat.N_QUADS)) == quads
    assert lines == serialize.nquads(again)


@together
@given(records())
def test_any_record_survives_json_ld(quads: set[Quad]) -> None:
    text = serialize.written(quads)
    assert set(parse(text.encode(), RdfFormat.JSON_LD)) == quads


def test_json_ld_says_the_same_to_another_reader() -> None:
    text = serialize.written(rdf_files.quads(RECORDS["2024-10-10.trig"]))
    assert json.loads(text)["@context"] == serialize.context()
    one, other = rdflib.Dataset(), rdflib.Dataset()
    with warnings.catch_warnings(action="ignore"):  # of rdflib, about itself
        one.parse(data=text, format="json-ld")
        other.parse(data=RECORDS["2024-10-10.trig"].text, format="trig")
    assert set(one.quads()) == set(other.quads())


@pytest.mark.parametrize("form_of", [serialize.trig, serialize.nquads])
def test_one_fact_changed_is_one_line_changed(form_of: object) -> None:
    assert callable(form_of)
    quads = list(rdf_files.quads(RECORDS["2024-07-23.trig"]))
    before = Counter(form_of(quads).splitlines())
    for place in range(0, len(quads), 97):
        fact = quads[place]
        if fact.predicate == RDF_TYPE:
            continue
        other = Quad(
            fact.subject,
            fact.predicate,
            Literal("other", language="cy"),
            fact.graph_name,
        )
        after = Counter(
            form_of([*quads[:place], other, *quads[place + 1 :]]).splitlines()
        )
        assert (before - after).total() == 1
        assert (after - before).total() == 1


def test_unnamed_things_get_the_same_names_every_time() -> None:
    def fact(name: str, text: str) -> list[Quad]:
        thing = BlankNode(name)
        return [
            Quad(NamedNode("urn:a"), CSP.about, thing),
            Quad(thing, LABEL, Literal(text)),
        ]

    one = [*fact("x", "one"), *fact("y", "two")]
    other = [*fact("b", "two"), *fact("a", "one")]
    assert serialize.nquads(one) == serialize.nquads(other)
    assert serialize.trig(one) == serialize.trig(other)


def test_a_net_of_unnamed_things_is_refused() -> None:
    things = [BlankNode(f"n{number}") for number in range(9)]
    net = [Quad(a, CSP.about, b) for a in things for b in things if a != b]
    with pytest.raises(FileError, match="give those things names"):
        serialize.nquads(net)


def test_two_records_do_not_go_into_one_form(tmp_path: Path) -> None:
    quads = [quad for source in RECORDS.values() for quad in rdf_files.quads(source)]
    with pytest.raises(FileError, match=r"it holds \d+ records"):
        write_form(quads, tmp_path / "two.xlsx")
    assert not list(tmp_path.iterdir())


def test_names_are_those_that_people_know(tmp_path: Path) -> None:
    write_form(rdf_files.quads(RECORDS["2024-10-10.trig"]), tmp_path / "filled.yaml")
    text = (tmp_path / "filled.yaml").read_text(encoding="utf-8")
    assert "decided by: Cabinet of Dorset Council" in text
    assert "kind of decision: adopt" in text
    assert 'last day of silence: "2024-10-22"' in text
    assert names().find(["organ"], "Cabinet of Dorset Council")
