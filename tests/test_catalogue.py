"""The questions as RDF: each read back is the text of its file, and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store
from rdflib import Graph as Rdflib

from cspgraph.questions import catalogue
from cspgraph.questions.query_file import queries
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.save import write
from cspgraph.rdf.terms import CSP, PREFIXES, with_prefixes

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

GRAPH = NamedNode(PREFIXES["graph"] + "queries")
TEXTS = """
SELECT ?query ?text
WHERE { ?query a sh:SPARQLSelectExecutable ; rdfs:comment ?question ; sh:select ?text }
ORDER BY ?query"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the questions alone."""
    place = tmp_path_factory.mktemp("catalogue") / "queries.trig"
    write(catalogue.quads(), place)
    return place


@pytest.fixture(scope="module")
def store(written: Path) -> Store:
    made = Store()
    made.load(path=str(written), format=RdfFormat.TRIG)
    return made


@pytest.fixture(scope="module")
def texts(store: Store) -> dict[str, str]:
    """Return the texts that `sh:select` holds, by the name of the question."""
    found = store.query(with_prefixes(TEXTS), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {
        row["query"].value.removeprefix(PREFIXES["query"]): row["text"].value
        for row in found
    }


def test_each_question_read_back_is_its_file(texts: dict[str, str]) -> None:
    files = {
        source.name.rpartition("/")[2].removesuffix(".rq"): source.text
        for source in rdf_files.shipped("queries", ".rq")
    }
    assert texts == files


@pytest.mark.parametrize("name", queries())
def test_it_runs_as_it_stands(name: str, texts: dict[str, str]) -> None:
    """In both engines, on nothing: every name is declared and no blank is in the way."""
    found = Store().query(texts[name])
    assert isinstance(found, QuerySolutions)
    columns = [column.name for column in queries()[name].columns]
    assert [variable.value for variable in found.variables] == columns
    reference = Rdflib().query(texts[name])
    assert [str(variable) for variable in reference.vars or ()] == columns


def test_rdflib_reads_the_same_texts(tmp_path: Path, texts: dict[str, str]) -> None:
    place = tmp_path / "queries.nt"
    write(catalogue.quads(), place)
    held = Rdflib().parse(data=place.read_text(encoding="utf-8"), format="nt")
    rows = held.query(with_prefixes(TEXTS))
    assert {str(row[1]) for row in rows} == set(texts.values())  # type: ignore[index]


def test_parameters_and_columns_are_told(store: Store) -> None:
    for query in queries().values():
        this = NamedNode(PREFIXES["query"] + query.name)

        def named(
            link: NamedNode, this: NamedNode = this
        ) -> dict[int, tuple[str, str]]:
            things = [
                q.object for q in store.quads_for_pattern(this, link, None, GRAPH)
            ]
            return {
                int(value(thing, CSP.position)): (
                    value(thing, NamedNode(PREFIXES["dct"] + "identifier")),
                    value(thing, CSP.holds),
                )
                for thing in things
                if isinstance(thing, NamedNode)
            }

        def value(thing: NamedNode, link: NamedNode) -> str:
            (quad,) = store.quads_for_pattern(thing, link, None, GRAPH)
            assert isinstance(quad.object, Literal)
            return quad.object.value

        taken = named(CSP.takes) | named(CSP.mayTake)
        places = range(1, len(query.parameters) + 1)
        assert taken == {
            place: (p.name, p.kind)
            for place, p in zip(places, query.parameters, strict=True)
        }
        assert set(named(CSP.mayTake).values()) == {
            (p.name, p.kind) for p in query.parameters if p.optional
        }
        given = named(CSP.gives)
        assert [given[place] for place in sorted(given)] == [
            (c.name, c.kind) for c in query.columns
        ]


def test_they_stand_in_a_graph_of_their_own(kg: KnowledgeGraph) -> None:
    """Nothing else of the graph speaks of them; that no answer changes is tried elsewhere."""
    own = list(catalogue.quads())
    assert {quad.graph_name for quad in own} == {GRAPH}
    subjects = {str(quad.subject) for quad in own}
    others = {str(quad.subject) for quad in kg.at("2024-07-23").quads()}
    assert not subjects & others
