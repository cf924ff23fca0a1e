"""The catalogue at two real servers: the same rows, in the same order, as here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Quad, RdfFormat, serialize

import cspgraph
import servers
from cspgraph.errors import EndpointError
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.results import from_json
from cspgraph.remote.endpoint import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.query_file import Query
    from cspgraph.remote.endpoint import Endpoint

    Endpoints = Callable[[str, str], Endpoint]

ALL_DATES = "all dates"
DAYS = ["2018-07-23", "2024-07-23", "2024-10-11", ALL_DATES, "2013-03-01"]
QUERIES = list(queries().values())
AREA_QUESTIONS = [
    query
    for query in QUERIES
    if [p.name for p in query.parameters if not p.optional] == ["area"]
]
each_server = pytest.mark.parametrize("server", servers.STARTED)
each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)

#: Days and areas besides the examples: one of each kind, before and after 2019, and
#: after the adoption. What a server reads differently shows in one and not in another.
ELSEWHERE = [
    ("2013-03-01", "E07000052"),
    ("2013-03-01", "E10000009"),
    ("2018-07-23", "E06000029"),
    ("2018-07-23", "E07000052"),
    ("2024-07-23", "E06000058"),
    ("2024-07-23", "E09000030"),
    ("2024-07-23", "W06000024"),
    ("2024-10-11", "E06000059"),
]
#: What has no area alone, asked in other ways than its example asks.
OTHERWISE: list[tuple[str, str, dict[str, str]]] = [
    ("membership-changes", ALL_DATES, {"from": "2019-04-01", "to": "2019-04-01"}),
    ("membership-changes", ALL_DATES, {"from": "2010-01-01", "to": "2024-12-31"}),
    (
        "membership-changes",
        ALL_DATES,
        {"from": "2010-01-01", "to": "2024-12-31", "role": "SpecifiedAuthority"},
    ),
    (
        "membership-changes",
        ALL_DATES,
        {"from": "2010-01-01", "to": "2024-12-31", "country": "E92000001"},
    ),
    ("areas-by-theme", "2024-10-11", {"theme": "ViolenceAgainstWomenAndGirls"}),
    # Days by which a role was held, and by which a provision was in force.
    *(
        (name, "2024-07-23", {"area": area, "product": "CrimeAndDisorderStrategy"})
        for name in ("who-must-do-what", "document-duties", "bodies-and-duties")
        for area in ("E08000019", "W06000024")
    ),
    *(
        (name, "2024-07-23", {"instrument": "law:ukpga/2015/6"})
        for name in ("duties-under", "law-behind", "law-and-amendments")
    ),
    ("areas", "2018-07-23", {}),
    ("partnerships", "2024-07-23", {}),
    ("terms", "2024-07-23", {}),
    ("waiting-times", "2024-07-23", {}),
    (
        "duty-bearers-compared",
        "2024-07-23",
        {
            "area": "W06000024",
            "role": "ResponsibleAuthority",
            "other_role": "SpecifiedAuthority",
        },
    ),
    (
        "amendment-allowed",
        "2024-07-23",
        {"area": "E06000059", "product": "CrimeAndDisorderStrategy"},
    ),
]


@pytest.fixture(scope="session")
def started(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], servers.Server]]:
    """Return a function from the name of a server to the server, started once."""
    with servers.starting(tmp_path_factory.mktemp) as started:
        yield started


@pytest.fixture(scope="session")
def asked(
    started: Callable[[str], servers.Server], kg: KnowledgeGraph
) -> Callable[[str, str], Endpoint]:
    """Return a function from a server and a day to the endpoint that serves the day."""

    @cache
    def filled(name: str) -> dict[str, Endpoint]:
        return {day: _fill(started(name), day, kg) for day in DAYS}

    return lambda name, day: filled(name)[day]


def _fill(server: servers.Server, day: str, kg: KnowledgeGraph) -> Endpoint:
    quads = (kg if day == ALL_DATES else kg.at(day)).quads()
    triples = serialize({q.triple for q in quads}, format=RdfFormat.N_TRIPLES)
    graph = f"urn:day:{day.replace(' ', '-')}"
    server.put(graph, triples or b"")
    return cspgraph.connect(server.of(graph), timeout=60)


def held(asked: Endpoints, server: str, answer: Answer) -> None:
    """Hold what `server` answers, asked as `answer` was, against the answer here."""
    day = answer.receipt["on"]
    given = {name: [t.value for t in ts] for name, ts in answer.parameters.items()}
    if (server, answer.name) == ("virtuoso", "membership-changes"):
        with pytest.raises(EndpointError, match="Virtuoso loses rows of"):
            asked(server, day).answer(answer.name, **given)
        return
    there = asked(server, day).answer(answer.name, **given)
    assert list(there.terms) == list(answer.terms), answer.name
    assert (there.on, there.labels) == (answer.on, answer.labels)


@each_server
@each_query
def test_servers_agree_on_the_example(
    query: Query, server: str, kg: KnowledgeGraph, asked: Endpoints
) -> None:
    given = dict(query.example)
    answer = kg.answer(query.name, on=given.pop("on"), **given)
    assert len(answer) > 0
    held(asked, server, answer)


@each_server
@pytest.mark.parametrize(("day", "area"), ELSEWHERE)
def test_servers_agree_elsewhere(
    day: str, area: str, server: str, kg: KnowledgeGraph, asked: Endpoints
) -> None:
    rows = 0
    for query in AREA_QUESTIONS:
        answer = kg.answer(query.name, on=day, area=area)
        held(asked, server, answer)
        rows += len(answer)
    assert rows > 20


@pytest.mark.parametrize(
    ("server", "name", "day", "given"),
    [
        pytest.param(server, *asked, id=f"{server}-{number}-{asked[0]}")
        for server in servers.STARTED
        for number, asked in enumerate(OTHERWISE)
    ],
)
def test_servers_agree_asked_otherwise(
    name: str,
    day: str,
    given: dict[str, str],
    server: str,
    kg: KnowledgeGraph,
    asked: Endpoints,
) -> None:
    answer = kg.answer(name, on="2024-07-23" if day == ALL_DATES else day, **given)
    assert len(answer) > 0
    held(asked, server, answer)


@each_server
def test_a_row_that_is_missing_would_be_seen(
    server: str, started: Callable[[str], servers.Server], kg: KnowledgeGraph
) -> None:
    """The same graph without one statement gives another answer, and no error."""
    day = kg.at("2024-07-23")
    whole, *others = day.answer("joint-strategies").terms
    left = {q.triple for q in day.quads() if whole[0] not in (q.subject, q.object)}
    triples = serialize(left, format=RdfFormat.N_TRIPLES) or b""
    started(server).put("urn:day:spoilt", triples)
    spoilt = cspgraph.connect(started(server).of("urn:day:spoilt"))
    assert list(spoilt.answer("joint-strategies").terms) == others


@each_server
def test_servers_write_terms_alike(
    server: str, started: Callable[[str], servers.Server]
) -> None:
    """Booleans, numbers, dates and languages come back as they were put in."""
    kind = "http://www.w3.org/2001/XMLSchema#"
    said = [
        f'"true"^^<{kind}boolean>',
        f'"false"^^<{kind}boolean>',
        f'"205"^^<{kind}integer>',
        f'"2024-07-23"^^<{kind}date>',
        '"caffè"@it',
        '"a \\"b\\" \\\\ c\\nd"',
        "<http://example.org/a?b=c&d#e>",
    ]
    lines = "".join(f"<urn:a> <urn:p{n}> {term} .\n" for n, term in enumerate(said))
    started(server).put("urn:terms", lines.encode())
    engine = Remote(started(server).of("urn:terms"))
    _, rows = from_json(engine.select("SELECT ?o { <urn:a> ?p ?o } ORDER BY ?p"))
    assert [str(term) for (term,) in rows] == said


@each_server
def test_servers_work_out_brackets_alike(
    server: str, started: Callable[[str], servers.Server]
) -> None:
    engine = Remote(started(server).query)
    text = "SELECT ((10 - 2) + 3 AS ?a) ((20 / 2) * 5 AS ?b) WHERE {}"
    _, [row] = from_json(engine.select(text))
    assert [float(term.value) for term in row if term] == [11, 50]


@each_server
def test_servers_build_the_same(
    server: str, started: Callable[[str], servers.Server], kg: KnowledgeGraph
) -> None:
    """What DESCRIBE gives is for a server to choose; it says at least what is there."""
    here = kg.at("2024-07-23")
    held = here.construct("DESCRIBE body:dorset-council")
    started(server).put("urn:built", held.to("nt").encode())
    there = cspgraph.connect(started(server).of("urn:built"))
    turned = "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o FILTER(ISIRI(?o)) }"
    engine = there._engine
    wanted = set(Oxigraph(Quad(*triple) for triple in held).construct(turned))
    assert set(engine.construct(turned)) == wanted != set()
    assert set(engine.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == set(held)
    assert set(engine.construct("DESCRIBE body:dorset-council")) >= set(held)
