"""No shipped query or rule falls into a trap of the planner, and each trap is seen.

Each trap stands here as people write it and in the form to write instead. The two
give the same rows, so that mending a query never changes its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from cspgraph.derive.rules import rules
from cspgraph.overview import summary
from cspgraph.questions.query_file import queries
from cspgraph.rdf import files
from cspgraph.rdf.terms import with_prefixes
from traps import TRAPS, traps

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store


class Form(NamedTuple):
    """A question as people write it, and as it is to be written."""

    bad: str
    good: str


FORMS = {
    "late": Form(
        """SELECT ?p ?u ?i { VALUES ?i { <http://www.legislation.gov.uk/id/ukpga/1998/37> } ?p csp:insertedBy ?by
           OPTIONAL { ?p csp:lawUrl ?u } ?p csp:instrument ?i }""",
        """SELECT ?p ?u ?i { VALUES ?i { <http://www.legislation.gov.uk/id/ukpga/1998/37> } ?p csp:instrument ?i .
           ?p csp:insertedBy ?by OPTIONAL { ?p csp:lawUrl ?u } }""",
    ),
    "several": Form(
        """SELECT ?s { ?s a csp:Strategy
           FILTER NOT EXISTS { ?v csp:versionOf ?s . ?act csp:about ?v } }""",
        """SELECT ?s { ?s a csp:Strategy MINUS { ?v csp:versionOf ?s . ?act csp:about ?v } }""",
    ),
    "filtered": Form(
        """SELECT ?v { ?v a csp:StrategyVersion FILTER NOT EXISTS {
           ?act csp:about ?v . ?act csp:kind ?kind FILTER (?kind = act:Adopt) } }""",
        """SELECT ?v { ?v a csp:StrategyVersion
           MINUS { VALUES ?kind { act:Adopt } ?act csp:kind ?kind . ?act csp:about ?v } }""",
    ),
    "constant": Form(
        """SELECT ?p { ?p a csp:Provision
           FILTER NOT EXISTS { ?p csp:verification verification:V } }""",
        """SELECT ?p { ?p a csp:Provision MINUS { ?p csp:verification verification:V } }""",
    ),
    "latest": Form(
        """SELECT ?v ?day { ?act csp:about ?v ; csp:on ?day FILTER NOT EXISTS {
           ?other csp:about ?v ; csp:on ?later FILTER (?later > ?day) } }""",
        """SELECT ?v ?day { { SELECT ?v (MAX(?on) AS ?day) { ?act csp:about ?v ; csp:on ?on }
           GROUP BY ?v } ?some csp:about ?v ; csp:on ?day }""",
    ),
    "optional": Form(
        """SELECT ?b { ?b a csp:Body FILTER NOT EXISTS { ?h csp:body ?b
           OPTIONAL { ?h csp:via ?via } } }""",
        """SELECT ?b { ?b a csp:Body MINUS { SELECT ?b { ?h csp:body ?b } } }""",
    ),
    "closure": Form(
        """SELECT ?x { ?x csp:theme/skos:broader* theme:ViolenceAgainstWomenAndGirls }""",
        """SELECT ?x { ?t skos:broader* theme:ViolenceAgainstWomenAndGirls . ?x csp:theme ?t }""",
    ),
    "list": Form(
        """SELECT ?x { ?x a ?class FILTER (?class IN (csp:Strategy, csp:Priority)) }""",
        """SELECT ?x { VALUES ?class { csp:Strategy csp:Priority } ?x a ?class }""",
    ),
    "keyless": Form(
        """SELECT ?x { VALUES ?v { version:dorset-csplan-2023.2024-25 }
           { ?act a csp:Decision . ?act csp:about ?v . ?act csp:on ?x }
           UNION { ?v csp:priority/csp:theme ?x } }""",
        """SELECT ?x { VALUES ?v { version:dorset-csplan-2023.2024-25 }
           { ?act csp:about ?v . ?act a csp:Decision . ?act csp:on ?x }
           UNION { ?v csp:priority/csp:theme ?x } }""",
    ),
    "wide": Form(
        """SELECT ?r ?law { ?r a csp:AdoptionRule
           OPTIONAL { ?r csp:provision ?p . ?p csp:citation ?law } }""",
        """SELECT ?r ?law { ?r a csp:AdoptionRule
           OPTIONAL { ?r a csp:AdoptionRule ; csp:provision ?p . ?p csp:citation ?law } }""",
    ),
    "day": Form(
        """SELECT ?h ?note { VALUES ?a { gss:E06000059 } ?h csp:area ?a ; csp:validFrom ?day ;
           csp:restsOn+ ?entry . ?entry csp:validFrom ?day ; csp:modelNote ?note }""",
        """SELECT ?h ?note { VALUES ?a { gss:E06000059 } ?h csp:area ?a ; csp:validFrom ?day ;
           csp:restsOn+ ?entry . ?entry csp:validFrom ?noted ; csp:modelNote ?note
           FILTER (?noted = ?day) }""",
    ),
    "from": Form(
        """SELECT ?s FROM graph:law FROM graph:register FROM graph:ontology
           FROM graph:derived FROM graph:dorset-2024-07-23 FROM graph:dorset-2024-10-10
           { ?s a csp:Instrument }""",
        """SELECT ?s { ?s a csp:Instrument }""",
    ),
    "chain": Form(
        "SELECT (10 - 2 + 3 AS ?a) (20 / 2 * 5 AS ?b) {}",
        "SELECT ((10 - 2) + 3 AS ?a) ((20 / 2) * 5 AS ?b) {}",
    ),
}
#: Chains that depend on the side from which they are worked out, wherever they stand.
CHAINS = [
    "SELECT * { ?a csp:x ?b BIND (?b - 1 - 2 AS ?c) }",
    "SELECT * { ?a csp:x ?b BIND (?b + 1 - 2 + 3 AS ?c) }",
    "SELECT * { ?a csp:x ?b FILTER (?b / 2 / 5 > 1) }",
    "SELECT * { ?a csp:x ?b FILTER (2 * ?b / 7 > 1) }",
    "SELECT * { { ?a csp:x ?b } UNION { ?a csp:y ?b FILTER (1 < ABS(?b - 1 + 2)) } }",
    "SELECT ?a { ?a csp:x ?b } ORDER BY (?b - 1 + 2)",
    "SELECT (SUM(?b) - 1 + 2 AS ?c) { ?a csp:x ?b }",
    "CONSTRUCT { ?a csp:y ?c } WHERE { ?a csp:x ?b BIND (?b - (1 - 2 - 3) AS ?c) }",
]
#: A way to say the same thing that is none of these.
HONEST = [
    "SELECT * { ?a csp:x ?b FILTER NOT EXISTS { ?a csp:y ?c } }",
    "SELECT * { ?a csp:x ?b OPTIONAL { ?b csp:y ?c } FILTER (BOUND(?c)) BIND (1 AS ?d) }",
    "SELECT * { ?a csp:x ?b . ?a csp:y/csp:z ?c OPTIONAL { ?b csp:y* ?d } }",
    "SELECT * { ?a csp:y*/csp:z csp:Area }",
    "SELECT * { { ?a csp:x ?b } UNION { ?c csp:y ?d } }",
    "SELECT * { ?a csp:x ?b { ?b csp:y ?c } UNION { BIND (1 AS ?c) } }",
    'SELECT * { ?a csp:x "OPTIONAL { } ?x IN (1)" } # FILTER (?a IN (1, 2))',
    "SELECT * { { SELECT ?a { ?a csp:x ?b OPTIONAL { ?b csp:y ?c } } } ?a csp:z ?d }",
    "SELECT * { ?a csp:x ?b OPTIONAL { ?b csp:y/csp:z ?c } }",
    "SELECT * { ?a csp:x ?b OPTIONAL { VALUES ?c { 1 } ?b csp:y ?d . ?d csp:z ?c } }",
    "SELECT * { ?a csp:on ?b ; csp:validFrom ?b . ?c csp:validFrom ?d }",
    "SELECT * { ?a csp:x ?b BIND (1 + ?b * 2 - ?b / 3 AS ?c) }",
    "SELECT * { ?a csp:x ?b BIND ((?b - 1) - (2 - 3) AS ?c) BIND (-?b + 1 AS ?d) }",
    'SELECT * { ?a csp:x "10 - 2 + 3" } # 10 - 2 + 3',
    "SELECT * FROM graph:law FROM NAMED graph:register { ?a csp:x ?b }",
]


def test_each_trap_has_its_example() -> None:
    assert FORMS.keys() == TRAPS.keys()


@pytest.mark.parametrize("name", FORMS)
def test_trap_is_seen_and_the_good_form_is_not_one(name: str) -> None:
    assert name in traps(with_prefixes(FORMS[name].bad))
    assert traps(with_prefixes(FORMS[name].good)) == set()


@pytest.mark.parametrize("name", FORMS)
def test_both_forms_have_the_same_rows(
    name: str, store: Callable[[str], Store]
) -> None:
    day = store("2024-10-11")
    bad, good = (
        sorted(
            {tuple(map(str, row)) for row in day.query(with_prefixes(form), use_default_graph_as_union=True)}  # type: ignore[union-attr]
        )
        for form in FORMS[name]
    )  # fmt: skip
    assert bad == good
    assert bad


@pytest.mark.parametrize("query", HONEST)
def test_an_honest_query_is_no_trap(query: str) -> None:
    assert traps(with_prefixes(query)) == set()


@pytest.mark.parametrize("query", CHAINS)
def test_a_chain_is_seen_wherever_it_stands(query: str) -> None:
    assert traps(with_prefixes(query)) == {"chain"}


TEXTS = {
    **{
        name: with_prefixes(getattr(summary, name))
        for name in ("_AREAS", "_BODIES", "_HOLDINGS")
    },
    **{name: query.body for name, query in queries().items()},
    **{name: rule.text for name, rule in rules().items()},
    **{s.name: s.text for s in files.shipped("ontology/why-not", ".rq")},
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_shipped_text_falls_into_one(name: str) -> None:
    assert {trap: TRAPS[trap] for trap in traps(TEXTS[name])} == {}
