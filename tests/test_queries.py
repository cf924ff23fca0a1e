"""Every question: well formed, one answer from three engines, in one order, for good."""

from __future__ import annotations

import random
import re
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery

import cspgraph
from cspgraph.derive.rules import rules
from cspgraph.errors import ParameterError, QueryFileError, UnknownQueryError
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import ask
from cspgraph.questions.query_file import KINDS, find, queries, read
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.files import Source
from cspgraph.rdf.results import from_json
from cspgraph.remote.endpoint import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.query_file import Query

    Term = NamedNode | Literal
    Rows = list[tuple[Term | None, ...]]

QUERIES = list(queries().values())
each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
#: What is asked in `make check` where rdflib takes minutes for the example.
SHORT = {"law-and-amendments": {"instrument": "law:ukpga/2015/6"}}
each_in_rdflib = pytest.mark.parametrize(
    ("query", "instead"),
    [
        *(
            pytest.param(
                *(query, {}),
                id=query.name,
                marks=[pytest.mark.exhaustive] if query.name in SHORT else [],
            )
            for query in QUERIES
        ),
        *(
            pytest.param(query, SHORT[query.name], id=f"{query.name}-in-short")
            for query in QUERIES
            if query.name in SHORT
        ),
    ],
)
each_text = pytest.mark.parametrize(
    "text",
    [pytest.param(query.body, id=query.name) for query in QUERIES]
    + [pytest.param(rule.text, id=name) for name, rule in rules().items()],
)

#: Days and areas on which the engines are compared besides the examples: a county
#: and a district before 2019, the neighbour, and Dorset after the adoption.
ELSEWHERE = [
    ("2013-03-01", "E07000052"),
    ("2013-03-01", "E10000009"),
    ("2024-07-23", "E06000058"),
    ("2024-10-11", "E06000059"),
]


def example(query: Query) -> tuple[str, dict[str, str]]:
    """Return the day and the parameters of the example of `query`."""
    values = dict(query.example)
    return values.pop("on"), values


def graph_of(query: Query, day: str) -> str:
    """Return which graph the question is asked of: that of the day, or all dates."""
    return "all dates" if query.all_dates else day


@cache
def shipped() -> KnowledgeGraph:
    """Return the graph with its register, which says what lies in an area."""
    return cspgraph.load()


def answered(
    query: Query, engine: Oxigraph | Reference | Remote, answer: Answer
) -> Rows:
    """Return what `engine` answers when `query` is bound as `answer` was.

    The districts stand in place of a wider area that is asked by its districts.
    """
    bound = answer.parameters
    if answer.on:
        books = shipped()._dataset
        bound = rounds(query, bound, books.register, books.labels, answer.on).bound
    head, rows = from_json(engine.select(query.bind(bound)))
    order = [head.index(column.name) for column in query.columns]
    return [tuple(row[place] for place in order) for row in rows]


# Well formed


@each_query
def test_is_a_select_in_both_engines(query: Query) -> None:
    assert isinstance(Store().query(query.body), QuerySolutions)
    assert prepareQuery(query.body).algebra.name == "SelectQuery"


@each_query
def test_front_matter_is_yaml(query: Query) -> None:
    text = {s.name: s.text for s in files.shipped("queries", ".rq")}[query.file]
    front = [line[3:] for line in text.splitlines() if line.startswith("#+")]
    # Without guesses at types: YAML 1.1 takes the key "on" for the boolean.
    whole = yaml.load("\n".join(front), Loader=yaml.BaseLoader)  # noqa: S506
    assert whole["question"] == query.question
    assert (whole["parameters"] or {}) == {
        p.name: f"{p.kind}{', optional' if p.optional else ''} - {p.title}"
        for p in query.parameters
    }
    assert whole["columns"] == {c.name: f"{c.kind} - {c.title}" for c in query.columns}
    assert whole["example"] == query.example
    assert whole.get("graph", "") == query.graph


@each_query
def test_speaks_to_people(query: Query) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)
    assert re.fullmatch(r"[A-Z][^?]+\?", query.question)
    told = [(p.title, p.kind) for p in query.parameters]
    told += [(c.title, c.kind) for c in query.columns]
    for title, kind in told:
        assert title[0].isupper()
        assert not title.endswith(".")
        assert kind in KINDS


@each_query
def test_example_is_frozen(query: Query) -> None:
    """It names a day and every parameter that must be given, so growth changes nothing."""
    required = {
        parameter.name for parameter in query.parameters if not parameter.optional
    }
    assert {"on", *required} <= query.example.keys()


@each_query
def test_columns_are_those_selected(query: Query) -> None:
    found = Store().query(query.body)
    assert isinstance(found, QuerySolutions)
    assert [v.value for v in found.variables] == [c.name for c in query.columns]


#: What users may rely on: parameters (in brackets when optional) and columns.
PROMISED = {
    "who-must-do-what": (
        "area [action] [product] [body] [subject]",
        "bearer action product statement law law_url since until",
    ),
    "who-must-adopt": (
        "area",
        "body organ product basis law law_url claim verification",
    ),
    "responsible-authorities": ("area", "body kind law since until"),
    "specified-authorities": ("area", "body kind law since until"),
    "strategies": ("area", "strategy version kind starts ends status source"),
    "decision-trail": ("area [product]", "version on decision by status source"),
    "agreed-not-adopted": ("area", "version agreed_on adopted_on days_waiting"),
    "standing": ("area [subject]", "duty statement standing evidence source"),
    "priorities": ("area", "version priority cross_cutting theme source"),
    "claims": ("document", "passage claim law verdict"),
    "unmentioned-duties": ("area document", "statement law"),
    "joint-strategies": ("", "strategy areas combination_agreement"),
    "areas": ("[kind] [country]", "area code kind country since until verification"),
    "bodies-of-area": (
        "area [role]",
        "body role kind law since until confidence source note",
    ),
    "areas-of-body": ("body [role]", "area role law since until"),
    "same-kind-elsewhere": (
        "area role [elsewhere] [kind]",
        "elsewhere body kind law since",
    ),
    "areas-with-several": ("kind [role] [area]", "area count role body"),
    "partnerships": ("[area]", "partnership area since until confidence assumption"),
    "two-tier": ("", "county district county_council group law"),
    "duty-bearers-compared": (
        "area role other_role",
        "kind body in_role in_other_role law verification",
    ),
    "plan-dates": ("area", "document due basis last_recorded status law verification"),
    "uncovered-subjects": ("area", "subject law mentioned_in source verification"),
    "uncited-claims": ("document", "passage claim"),
    "amendment-allowed": (
        "area product",
        "organ answer exception recorded law verification",
    ),
    "areas-by-theme": ("theme", "area version priority source"),
    "priorities-without-lead": ("area", "version priority"),
    "theme-to-subject": ("area", "priority subject how_sure law verification"),
    "evidence-for": ("area product", "duty evidence kind on source law verification"),
    "waiting-times": ("", "area version from_event to_event days"),
    "scrutiny": ("area", "committee duty due last_recorded law verification"),
    "sources": ("area", "document on publisher facts"),
    "unsourced": ("", "thing kind"),
    "terms": ("[list]", "term definition used"),
    "document-duties": (
        "area product",
        "action statement bearer basis law law_url since due verification",
    ),
    "document-contents": ("area product", "content law law_url verification"),
    "membership-changes": (
        "from to [country] [role]",
        "on change kind role country areas law by",
    ),
}


@pytest.mark.parametrize("name", PROMISED)
def test_keeps_its_promise(name: str) -> None:
    parameters, columns = PROMISED[name]
    query = find(name)
    taken = [f"[{p.name}]" if p.optional else p.name for p in query.parameters]
    assert taken == parameters.split()
    given_columns = [column.name for column in query.columns]
    kept = [column for column in given_columns if column in columns.split()]
    assert kept == columns.split()


# One answer from three engines


@each_in_rdflib
def test_engines_agree_on_the_example(
    query: Query,
    instead: dict[str, str],
    kg: KnowledgeGraph,
    reference: Callable[[str], Reference],
    endpoint: Callable[[str], str],
) -> None:
    day, values = example(query)
    values |= instead
    answer = kg.answer(query.name, on=day, **values)
    assert len(answer) > 0
    rows = list(answer.terms)
    place = graph_of(query, day)
    assert answered(query, reference(place), answer) == rows
    assert answered(query, Remote(endpoint(place)), answer) == rows
    over_http = cspgraph.connect(endpoint(place)).answer(query.name, **values)
    assert list(over_http.terms) == rows
    assert over_http.labels == answer.labels
    assert (over_http.on, over_http.receipt["on"]) == (answer.on, answer.receipt["on"])


@pytest.mark.parametrize(
    ("day", "area"),
    # Where most is on record, rdflib takes longest; that area is tried with its example.
    [*ELSEWHERE[:-1], pytest.param(*ELSEWHERE[-1], marks=pytest.mark.exhaustive)],
)
def test_engines_agree_elsewhere(
    day: str, area: str, kg: KnowledgeGraph, reference: Callable[[str], Reference]
) -> None:
    rows_seen, dataset, on = 0, kg._dataset, date.fromisoformat(day)
    for query in QUERIES:
        if [p.name for p in query.parameters if not p.optional] == ["area"]:
            answer = kg.answer(query.name, on=day, area=area)
            given = answer.parameters
            reached = rounds(query, given, dataset.register, dataset.labels, on)
            other = ask(reference(day), query, given, dataset.labels, on, {}, reached)
            assert other.terms == answer.terms, query.name
            rows_seen += len(answer)
    assert rows_seen > 0


@each_query
def test_golden_answer(
    query: Query, kg: KnowledgeGraph, golden: Callable[[str, str], None]
) -> None:
    day, values = example(query)
    golden(f"{query.name}.csv", kg.answer(query.name, on=day, **values).to_csv())


# In one order


@each_query
def test_order_has_no_ties(query: Query, kg: KnowledgeGraph) -> None:
    """Two rows that ORDER BY cannot tell apart could come in either order."""
    keys = re.findall(r"\?(\w+)", query.body.rpartition("ORDER BY")[2])
    day, values = example(query)
    area_only = [p.name for p in query.parameters if not p.optional] == ["area"]
    asked: Sequence[tuple[str, dict[str, str]]] = [
        (day, values),
        *((other, {"area": area}) for other, area in ELSEWHERE if area_only),
    ]
    for other, given_values in asked:
        answer = kg.answer(query.name, on=other, **given_values)
        names = [column.name for column in answer.columns]
        by_area = names[: len(names) - len(query.columns)]  # areas come one by one
        places = [names.index(key) for key in [*by_area, *keys]]
        found = [tuple(row[place] for place in places) for row in answer.terms]
        assert len(set(found)) == len(found)


@pytest.fixture(scope="module")
def shuffled(kg: KnowledgeGraph) -> Callable[[str, int], Oxigraph]:
    """Return a function from a day, or all dates, and a seed to an engine given it in disorder."""

    @lru_cache(4)
    def made(day: str, seed: int) -> Oxigraph:
        graph = kg if day == "all dates" else kg.at(day)
        quads = sorted(graph.quads(), key=str)
        random.Random(seed).shuffle(quads)  # noqa: S311 - an order, not a secret
        return Oxigraph(quads)

    return made


@each_query
@pytest.mark.parametrize("seed", [1, 2])
def test_order_does_not_come_from_the_store(
    seed: int,
    query: Query,
    kg: KnowledgeGraph,
    shuffled: Callable[[str, int], Oxigraph],
) -> None:
    day, values = example(query)
    answer = kg.answer(query.name, on=day, **values)
    engine = shuffled(graph_of(query, day), seed)
    assert answered(query, engine, answer) == list(answer.terms)


@pytest.fixture(scope="module")
def backwards(kg: KnowledgeGraph) -> Callable[[str], Reference]:
    """Return a function from a day, or all dates, to rdflib that was given it backwards."""

    @lru_cache(3)
    def made(day: str) -> Reference:
        graph = kg if day == "all dates" else kg.at(day)
        return Reference(sorted(graph.quads(), key=str, reverse=True))

    return made


@each_in_rdflib
def test_order_does_not_come_from_rdflib(
    query: Query,
    instead: dict[str, str],
    kg: KnowledgeGraph,
    backwards: Callable[[str], Reference],
) -> None:
    """In rdflib rows come in the order of insertion, so that ties would show."""
    day, values = example(query)
    values |= instead
    day = min(day, "2024-07-23")
    answer = kg.answer(query.name, on=day, **values)
    found = answered(query, backwards(graph_of(query, day)), answer)
    assert found == list(answer.terms)


# Written for planners, see tests/test_traps.py, and for engines as they are


@each_text
def test_no_escaped_slash(text: str) -> None:
    """Not every engine reads it; the full IRI is read by all."""
    assert "\\/" not in re.sub(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|#[^\n]*', "", text)


# Bad front matter

GOOD = """\
#+ question: Which things are there?
#+ parameters:
#+   thing: iri, optional - The thing
#+ columns:
#+   thing: iri - The thing
#+ example:
#+   on: 2024-07-23

SELECT ?thing
WHERE {
  VALUES ?thing { UNDEF }
  ?thing a ?kind .
}
ORDER BY ?thing
"""


def test_good_front_matter_is_read() -> None:
    query = read(Source("queries/things.rq", GOOD.encode()))
    assert (query.name, [p.kind for p in query.parameters]) == ("things", ["iri"])
    assert not query.all_dates
    of_all = GOOD.replace("#+ parameters", "#+ graph: all dates\n#+ parameters")
    assert read(Source("queries/things.rq", of_all.encode())).all_dates


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("there?", "there.", 1, "does not end with '?'"),
        ("#+ question: Which things are there?\n", "", 1, "does not end with '?'"),
        ("#+ example:", "#+ sample:", 6, "not one of the keys"),
        ("#+ example:", "#+ graph: one day\n#+ example:", 6, "is no graph to ask"),
        ("#+ example:", "#+ graph:\n#+   a: b\n#+ example:", 7, "is no graph to ask"),
        ("#+ columns:", "#+ columns", 4, "not one of the keys"),
        ("#+   thing: iri, optional", "#+   thing iri", 3, "is not 'name: KIND"),
        ("#+   thing: iri - The", "#+   thing: place - The", 5, "kinds: iri, text"),
        ("#+   on: 2024-07-23", "#+   on 2024-07-23", 7, "is not 'name: value'"),
        ("#+   on:", "#+   place:", 7, "unknown parameter 'place'"),
        ("  VALUES ?thing { UNDEF }\n", "", 3, "has no line 'VALUES ?thing"),
        ("ORDER BY ?thing\n", "", None, "no ORDER BY"),
        ("\nSELECT", "\n#+ more: late\nSELECT", 9, "come first"),
        ("a ?kind .", "a %kind .", 12, "not a SPARQL SELECT"),
        ("SELECT ?thing\n", "SELECT ?kind\n", 5, "'thing'"),
        ("SELECT ?thing\nWHERE", "CONSTRUCT { ?thing a ?kind }\nWHERE", None, "SELECT"),
        (
            "#+   thing: iri - The thing\n",
            "#+   thing: iri - The thing\n" * 2,
            6,
            "twice",
        ),
    ],
)
def test_bad_front_matter(old: str, new: str, line: int | None, problem: str) -> None:
    assert GOOD.count(old) == 1 or old.startswith("#+   thing")
    spoilt = Source("queries/things.rq", GOOD.replace(old, new, 1).encode())
    with pytest.raises(QueryFileError) as caught:
        read(spoilt)
    assert caught.value.file == "queries/things.rq"
    assert problem in str(caught.value)
    assert caught.value.line == line


# Binding

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.text(LETTERS, max_size=30) | st.sampled_from(
    [
        '"',
        "\\",
        '\\" } UNION { ?s ?p ?o } #',
        "a\nb",
        "a\rb",
        "'''",
        '"""',
        "\\u0041",
        "?x",
        "} #",
    ]
)
IRIS = st.sampled_from(
    [
        "urn:x",
        "http://example.org/a?b=c&d#e",
        "urn:ä",
        "urn:%7D%20UNION",
        "urn:x'y",
        "urn:a,b;c(d)",
    ]
).map(NamedNode)
TERMS = (
    IRIS
    | TEXTS.map(Literal)
    | st.builds(
        lambda text, tag: Literal(text, language=tag),
        TEXTS,
        st.sampled_from(["en", "cy", "en-gb"]),
    )
    | st.builds(lambda text, kind: Literal(text, datatype=kind), TEXTS, IRIS)
)
ECHO = read(
    Source(
        "echo.rq",
        b"#+ question: What comes back?\n#+ parameters:\n#+   x: text - Anything\n"
        b"#+ columns:\n#+   x: text - The same\n\n"
        b"SELECT ?x\nWHERE {\n  VALUES ?x { UNDEF }\n}\nORDER BY ?x\n",
    )
)


@settings(max_examples=500, deadline=None)
@given(term=TERMS)
def test_a_bound_term_comes_back(term: Term) -> None:
    _, rows = from_json(Oxigraph().rows(ECHO.bind({"x": [term]})))
    assert rows == [(term,)]


@settings(max_examples=20, deadline=None)
@given(terms=st.lists(TERMS, min_size=10, max_size=40, unique=True))
def test_bound_terms_come_back_over_http(
    terms: list[Term], endpoint: Callable[[str], str]
) -> None:
    engine = Remote(endpoint("2024-07-23"))
    _, rows = from_json(engine.rows(ECHO.bind({"x": terms})))
    assert {row[0] for row in rows} == set(terms)
    assert len(rows) == len(terms)


@settings(max_examples=200, deadline=None)
@given(term=TERMS)
def test_a_bound_term_comes_back_from_rdflib(term: Term) -> None:
    r"""Not tried: texts with \u or a tab, which rdflib changes before it parses."""
    assume(not re.search(r"\\[uU]|\t", term.value))
    _, rows = from_json(Reference([]).rows(ECHO.bind({"x": [term]})))
    assert rows == [(term,)]


@pytest.mark.parametrize(
    "address",
    ["urn:x> } UNION { ?s ?p ?o } #", "urn:x y", "urn:<x>", 'urn:"x"', "urn:{x}"],
)
def test_an_address_cannot_break_out(address: str) -> None:
    with pytest.raises(ValueError, match=r"[Ii]nvalid|IRI"):
        NamedNode(address)


def test_every_blank_is_filled_or_dropped(kg: KnowledgeGraph) -> None:
    for query in QUERIES:
        day, values = example(query)
        text = query.bind(kg.answer(query.name, on=day, **values).parameters)
        assert "UNDEF" not in text


def test_a_list_gives_both() -> None:
    one, two = NamedNode("urn:1"), NamedNode("urn:2")
    assert "VALUES ?x { <urn:1> <urn:2> }" in ECHO.bind({"x": [one, two]})


# What is asked wrongly


def test_unknown_question() -> None:
    with pytest.raises(UnknownQueryError, match="did you mean 'who-must-adopt'"):
        find("who-must-adobt")


def test_unknown_parameter(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="no such parameter; did you mean 'area'"):
        kg.answer("standing", on="2024-07-23", area="Dorset", aera="Dorset")


def test_missing_parameter(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="area: missing; 'standing' needs it"):
        kg.answer("standing", on="2024-07-23")


@pytest.mark.parametrize("day", ["last week", "2024-7-23", "2024-02-30", ""])
def test_wrong_day(kg: KnowledgeGraph, day: str) -> None:
    said = "is not a date; write 23 July 2024 or 2024-07-23"
    with pytest.raises(ParameterError, match=said):
        kg.answer("joint-strategies", on=day)


def test_a_day_that_may_be_two_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="may be 3 April or 4 March 2024"):
        kg.answer("joint-strategies", on="03/04/2024")


@pytest.mark.parametrize("day", ["23 July 2024", "23/07/2024", "Tuesday 23rd Jul 2024"])
def test_a_day_as_people_write_it(kg: KnowledgeGraph, day: str) -> None:
    assert kg.answer("joint-strategies", on=day).on == date(2024, 7, 23)
