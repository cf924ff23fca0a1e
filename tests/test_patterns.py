"""A question as a picture: every pattern of its text is in it, and nothing else."""

from __future__ import annotations

import re

import pytest

from cspgraph.questions.query_file import Query, queries, read
from cspgraph.questions.query_picture import pictured
from cspgraph.rdf.files import Source

QUERIES = list(queries().values())
FRONT = """\
#+ question: What is there?
#+ parameters:
#+   area: area, optional - The area
#+ columns:
#+   s: iri - The thing
#+   n: integer - How many
#+ example:
#+   on: 2024-07-23

PREFIX x: <urn:x#>
PREFIX csp: <https://w3id.org/cspgraph/ns#>
SELECT ?s (COUNT(?o) AS ?n)
WHERE {
  VALUES ?area { UNDEF }
"""


def made(body: str) -> Query:
    text = f"{FRONT}{body}\n}}\nGROUP BY ?s\nORDER BY ?s\n"
    return read(Source("queries/made-up.rq", text.encode()))


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (
            "?s csp:area ?area",
            [("?s (a column)", "csp:area", "?area (may be given)", "")],
        ),
        ("?s a csp:Duty", [("?s (a column)", "is a", "csp:Duty", "")]),
        ('?s x:a "it"@en', [("?s (a column)", "urn:x#a", '"it"', "")]),
        ("?s ?how 7", [("?s (a column)", "?how", '"7"', "")]),
        (
            "?s x:a ?o OPTIONAL { ?o x:b ?t OPTIONAL { ?t x:c ?u } }",
            [
                ("?s (a column)", "urn:x#a", "?o", ""),
                ("?o", "urn:x#b", "?t", "if there is one"),
                ("?t", "urn:x#c", "?u", "if there is one"),
            ],
        ),
        (
            "?s x:a ?o MINUS { ?s x:b ?o }",
            [
                ("?s (a column)", "urn:x#a", "?o", ""),
                ("?s (a column)", "urn:x#b", "?o", "must not be"),
            ],
        ),
        (
            "?s x:a ?o FILTER NOT EXISTS { ?s x:b ?o } FILTER EXISTS { ?o x:c ?s }",
            [
                ("?s (a column)", "urn:x#a", "?o", ""),
                ("?s (a column)", "urn:x#b", "?o", "must not be"),
                ("?o", "urn:x#c", "?s (a column)", "must be"),
            ],
        ),
        (
            "{ ?s x:a ?o } UNION { ?s x:b ?o } UNION { ?s x:a ?o . ?o x:c 1 }",
            [
                ("?s (a column)", "urn:x#a", "?o", "case 1a; or case 1c"),
                ("?s (a column)", "urn:x#b", "?o", "case 1b"),
                ("?o", "urn:x#c", '"1"', "case 1c"),
            ],
        ),
        (
            "{ ?s x:a ?o } UNION { ?s x:b ?o } { ?o x:c 1 } UNION { ?o x:c 2 }",
            [
                ("?s (a column)", "urn:x#a", "?o", "case 1a"),
                ("?s (a column)", "urn:x#b", "?o", "case 1b"),
                ("?o", "urn:x#c", '"1"', "case 2a"),
                ("?o", "urn:x#c", '"2"', "case 2b"),
            ],
        ),
        (
            "?s x:a [ x:b ?o ]",
            [
                ("?s (a column)", "urn:x#a", "something, 1", ""),
                ("something, 1", "urn:x#b", "?o", ""),
            ],
        ),
        (
            "?s x:a/x:b* ?o",
            [("?s (a column)", "urn:x#a/urn:x#b*", "?o", "")],
        ),
        (
            "?s (^x:a|x:b)+ ?o",
            [("?s (a column)", "(^urn:x#a|urn:x#b)+", "?o", "")],
        ),
        (
            "?s (x:a/x:b)? ?o",
            [("?s (a column)", "(urn:x#a/urn:x#b)?", "?o", "")],
        ),
        (
            "{ SELECT ?s (MAX(?d) AS ?o) { ?s x:a ?d } GROUP BY ?s }",
            [("?s (a column)", "urn:x#a", "?d", "")],
        ),
    ],
)
def test_patterns_become_arrows(body: str, rows: list[tuple[str, ...]]) -> None:
    found = pictured(made(body))
    assert sorted(map(tuple, found.rows())) == sorted(rows)


def test_what_need_not_be_there_is_dashed() -> None:
    arrows = pictured(
        made(
            "?s x:a ?o OPTIONAL { ?s x:b ?o } MINUS { ?s x:c ?o } OPTIONAL { ?s x:a ?o }"
        )
    ).arrows
    assert {arrow.link: arrow.dashed for arrow in arrows} == {
        "urn:x#a": False,
        "urn:x#b": True,
        "urn:x#c": True,
    }


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("?s x:a ?o FILTER (?o > 3 && ?s != ?o)", "There are conditions on ?s, ?o."),
        ("?s x:a ?o VALUES ?o { 1 2 }", '?o is one of "1", "2".'),
        ("?s x:a ?o BIND (?o + 1 AS ?p)", "?p is worked out from ?o."),
        ('?s x:a ?o BIND ("x" AS ?p)', "?p is worked out from fixed values."),
        ("?s x:a ?o BIND (IF(?o, ?none, 1) AS ?p)", "?p is worked out from ?o."),
        ("?s x:a ?o", "?n is worked out from ?o."),
        (
            "{ SELECT ?s (MAX(?d) AS ?o) { ?s x:a ?d } GROUP BY ?s HAVING (MAX(?d) > 1) }",
            "There are conditions on ?d.",
        ),
    ],
)
def test_what_no_arrow_shows_is_said(body: str, note: str) -> None:
    assert note in pictured(made(body)).notes


def stripped(text: str) -> str:
    """Return SPARQL without texts, addresses, prefixes, and all that stands in an IF.

    A variable that stands nowhere but in an IF is one that never has a value.
    """
    text = re.sub(r'"[^"]*"|PREFIX[^\n]*|<[^<>\s]*>|#[^\n]*', " ", text)
    before = ""
    while before != text:
        before = text
        text = re.sub(r"\bIF\s*\([^()]*\)", " ", text)
        text = re.sub(r"(?<!\bIF)(?<!\bIF )\(([^()]*)\)", r" \1 ", text)
    return text


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_nothing_of_the_text_is_missing(query: Query) -> None:
    """Read with regular expressions, not with a parser: all names and variables."""
    picture = pictured(query)
    said = "\n".join([*("\t".join(row) for row in picture.rows()), *picture.notes])
    text = stripped(query.body)
    links = set(re.findall(r"(?<=[\s/^|(])((?:csp|skos|rdfs|dct|owl):[a-z]\w*)", text))
    assert {link for link in links if link not in said} == set()
    variables = set(re.findall(r"\?\w+", text))
    shown = set(re.findall(r"\?\w+", said))
    assert variables - shown == set()
    assert shown <= set(re.findall(r"\?\w+", query.body))
    ends = {end for arrow in picture.arrows for end in (arrow.start, arrow.end)}
    assert 1 < len(ends) <= 60
