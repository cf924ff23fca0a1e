"""What the gate lets through can neither call out nor change anything.

Each spelling below is first shown to be a real call or a real change: the engine runs
it. A spelling that an engine no longer takes fails here and can go.
"""

from __future__ import annotations

import random
import socket
import time
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from cspgraph.errors import UnsafeQueryError
from cspgraph.questions.query_file import queries
from cspgraph.rdf.gate import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_GROUPS,
    MAX_OPERATORS,
    admit,
    asked,
)
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator


class Canary:
    """Listens on loopback and counts who calls; a caller waits until it is counted."""

    def __init__(self) -> None:
        self.heard = 0
        self.place = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.place.getsockname()[1]}/"
        Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Count each caller and hang up."""
        with suppress(OSError):
            while True:
                caller, _ = self.place.accept()
                self.heard += 1
                caller.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    found = Canary()
    yield found
    found.place.close()


def small_store() -> Store:
    """Return a store with a little in it, so that joins with it have rows."""
    thing, link = NamedNode("urn:a"), NamedNode("urn:p")
    objects = Literal(1), Literal(-1), NamedNode("urn:b"), NamedNode("urn:b.c")
    store = Store()
    store.extend(Quad(thing, link, end) for end in objects)
    return store


def run(query: str) -> None:
    """Let the engine run `query` to its end, whatever it says."""
    with suppress(SyntaxError, ValueError, OSError, RuntimeError):
        found = small_store().query(query)
        if isinstance(found, QuerySolutions):
            list(found)


def refused(query: str) -> bool:
    """Say whether the gate refuses `query`."""
    try:
        admit(query)
    except UnsafeQueryError:
        return True
    return False


# Calls

CALLS = {
    "after a second dot": "PREFIX a: <urn:> SELECT * { ?s ?p a:b.c.SERVICE <URL> { ?x ?y ?z } }",
    "joined with a prefix": "PREFIX co: <URL> SELECT * { SERVICEco:x { ?x ?y ?z } }",
    "silent, joined with a prefix": "PREFIX co: <URL> SELECT * { servicesilentco:x{ ?x ?y ?z } }",
    "a name with a letter of another script": "PREFIX co: <URL> SELECT * { serviceco:x\u203fy{ ?x ?y ?z } }",
    "two colons after a blank node": "PREFIX : <urn:p> SELECT * { _:x:-1SERVICE <URL> { ?x ?y ?z } }",
    "plain": "SELECT * { SERVICE <URL> { ?x ?y ?z } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?x ?y ?z } }",
    "joined": "SELECT * { SERVICESILENT<URL>{ ?x ?y ?z } }",
    "case": "SELECT * { sErViCe <URL> { ?x ?y ?z } }",
    "after a dot": "PREFIX a: <urn:b> SELECT * { ?s ?p a:.SERVICE <URL> { ?x ?y ?z } }",
    "comment between": "SELECT * { SERVICE#}>'\n<URL> { ?x ?y ?z } }",
    "comment before": "SELECT * { #?\nSERVICE <URL> { ?x ?y ?z } }",
    "prefixed name": "PREFIX : <URL> SELECT * { SERVICE:x { ?x ?y ?z } }",
    "after a number": "SELECT * { ?s ?p 1SERVICE <URL> { ?x ?y ?z } }",
    "after a variable and a number": "SELECT * { ?s ?p-1SERVICE <URL> { ?x ?y ?z } }",
    "after a dollar and a number": "SELECT * { ?s $p-1SERVICE <URL> { ?x ?y ?z } }",
    "after an empty name and a number": (
        "PREFIX a: <urn:p> SELECT * { ?s a:-1SERVICE <URL> { ?x ?y ?z } }"
    ),
    "after a word": "SELECT * WHERE{OPTIONAL{}SERVICE <URL> { ?x ?y ?z } }",
    "inside EXISTS": "ASK { FILTER EXISTS { SERVICE <URL> { ?x ?y ?z } } }",
    "inside a sub-select": "SELECT * { { SELECT * { SERVICE <URL> { ?x ?y ?z } } } }",
    "comparisons that look like an IRI": (
        "SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<?b)SERVICE#>\n<URL> {} }"
    ),
    "comparison that looks like an IRI before a string": (
        "SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<?b#>'''\n)SERVICE <URL> {} #'''\n}"
    ),
    "two strings that look like one": (
        'SELECT * { VALUES ?x { """abc" } SERVICE <URL> {} #\\q"""\n}'
    ),
    "IRI with a space that is none": (
        "SELECT * { ?s ?p ?o MINUS { ?o <http://a/\u00a0#b> 1 } SERVICE <URL> {} \n}"
    ),
    "comparison with a prefix that looks like a scheme": (
        "PREFIX urn: <http://www.w3.org/2001/XMLSchema#> SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<urn:integer(5))SERVICE#>\n<URL> {} }"
    ),
    "the same, declared in other letters": (
        "PREFIX Tag: <http://www.w3.org/2001/XMLSchema#> SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<Tag:integer(5))SERVICE#>\n<URL> {} }"
    ),
    "in a graph that is built": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "in a short form": "DESCRIBE ?x { SERVICE <URL> { ?x ?y ?z } }",
    "after the name of a graph": "PREFIX s: <urn:> SELECT * { OPTIONAL { GRAPH s:x {} } SERVICE <URL> { ?x ?y ?z } }",
    "comment that a carriage return ends": "SELECT * { #'\rSERVICE <URL> {} #'\n}",
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_call
def test_call_is_real(call: str, canary: Canary) -> None:
    before = canary.heard
    run(call.replace("URL", canary.url))
    assert canary.heard > before


@each_call
def test_call_is_refused(call: str) -> None:
    with pytest.raises(UnsafeQueryError):
        admit(call.replace("URL", "http://127.0.0.1:9/"))


ODD = [
    *(
        "?SERVICE ",
        "?p",
        "?p-1",
        "$p-1",
        "a:-1",
        "a:SERVICE",
        "a:x",
        "a:.",
        "a:p?",
        "a:b.c.",
        "_:b.",
        "_:b:-1",
        "service:x",
        "serviceco:x",
    ),
    *("1", "-1", "1e0", "5.", "<urn:x>", "<urn:x#y>", "<?p#>", "<#b>", "<http://a/#'>"),
    *(
        "GRAPH ",
        "GRAPH s:x",
        "GRAPH",
        "^^",
        "^^s:x",
        "(s:x",
        " BY s:x",
        "<urn:x)",
        "<tag:x#y>",
    ),
    *(
        "?s<urn:x#>",
        "(?s<urn:x)",
        "<mailto:it's>",
        "PREFIX urn: <urn:>",
        "DESCRIBE s:x",
    ),
    *("#", "#>", "#\n", "\n", "\r", " ", "\u00a0", '"', "'", '"""', "'''", '""', "'x'"),
    *("\\q", "\\u0022", "\\", "@en", "^^a:x", "~", "<", ">", "<<", ">>", "|", "&&"),
    *("(", ")", "{", "}", ".", ";", ",", "?s ?p ?o", "?s ?p", "?s a:p", "UNION"),
    *("VALUES ?s {1}", "VALUES ?s {", "FILTER(?s<?p", "FILTER(1<2)", "OPTIONAL {}"),
]
CALLING = [
    *("SERVICE <URL> {}", "SERVICE<URL>{?x ?y ?z}", "serviceSILENT<URL>{}"),
    *(
        "SERVICE#c\n<URL> {}",
        "SERVICE s:{}",
        "SERVICE ?u {}",
        "SERVICE",
        "SERVICEs:x {}",
        "servicesilents:x{}",
    ),
]
HEADS = [
    "PREFIX urn: <urn:> SELECT * {",
    "PREFIX tag: <URL> ASK {",
    "CONSTRUCT { ?s ?p ?o } WHERE {",
    "DESCRIBE ?s {",
    "SELECT * {",
    "ASK{",
    "SELECT(1 AS ?n){",
    "SELECT * { VALUES ?u {<URL>} ",
]
TAILS = ["}", "\n}", "#\n}", "#'''\n}", '#"""\n}', "'\n}", "\n}}"]
odd = st.lists(st.sampled_from(ODD), max_size=4)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    head=st.sampled_from(HEADS),
    before=odd,
    call=st.sampled_from(CALLING),
    after=odd,
    tail=st.sampled_from(TAILS),
    gap=st.sampled_from(["", " ", "\n"]),
)
def test_what_is_admitted_never_calls(
    head: str,
    before: list[str],
    call: str,
    after: list[str],
    tail: str,
    gap: str,
    canary: Canary,
) -> None:
    body = gap.join([*before, call, *after, tail])
    query = f"PREFIX a: <urn:> PREFIX s: <URL> {head}{body}".replace("URL", canary.url)
    if not refused(query):
        heard = canary.heard
        run(query)
        assert canary.heard == heard


FUZZED = 50_000
STRANGE = [
    *(call.partition("{")[2].rpartition("}")[0] for call in CALLS.values()),
    *("SERV\\u0049CE <URL> {}", "SER#\nVICE <URL> {}", "SERVICE\u00a0<URL> {}", "\ue000"),
    *("<URL>", "SERVICE <URL#'> {}", "SERVICE <URL#>\n{}", "{ SERVICE <URL> {} }", "a:SERVICE"),
    *("FILTER EXISTS { SERVICE <URL> {} }", "FROM <URL>", "FROM <https://w3id.org/cspgraph/graph/law>"),
    *("MINUS { SERVICE <URL> {} }", "GRAPH ?g { SERVICE <URL> {} }", "{ SELECT * { SERVICE <URL> {} } }"),
]  # fmt: skip


def test_thousands_of_strange_queries_make_no_call(canary: Canary) -> None:
    """What the gate refuses is run as well, to see that the queries do bite."""
    dice = random.Random(20261123)  # noqa: S311 - the same each time
    escapes, calls, admitted = [], 0, 0
    for number in range(FUZZED):
        parts = dice.choices([*ODD, *STRANGE, *CALLING], k=dice.randint(0, 4))
        parts += dice.choices([*STRANGE, *CALLING]) * (number % 3 > 0)
        dice.shuffle(parts)
        text = dice.choice(["", " ", "\n"]).join([*parts, dice.choice(TAILS)])
        head = f"PREFIX a: <urn:> PREFIX s: <URL> {dice.choice(HEADS)}"
        query = (head + text).replace("URL", canary.url)
        passed, heard = not refused(query), canary.heard
        run(query)
        called = canary.heard > heard
        admitted, calls = admitted + passed, calls + called
        if passed and called:
            escapes.append(query)
    assert escapes == []
    assert calls > 500
    assert admitted > 500


WORDS = ["service", "load", "from", "Services", "x1", "plan-2024", "\u00e9t\u00e9"]
STRINGS = ["'SERVICE <http://a/> {}'", '"LOAD"', '"""a "quoted" FROM\n# text"""', "'it\\'s'", "'\\u0041'", "''"]  # fmt: skip


def honest(dice: random.Random) -> str:
    """Return a question as analysts write them, made up from all that SPARQL has."""

    def variable() -> str:
        return f"{dice.choice('?$')}{dice.choice(WORDS[:5])}"

    def verb() -> str:
        step = dice.choice(
            ["a:p", "rdf:type", "<http://a.example/p#x>", "a:service-of"]
        )
        return dice.choice(
            [variable(), "a", step, f"{step}/a:q*", f"^{step}|a:r+", f"!({step}|^a:s)", f"({step})?"]
        )  # fmt: skip

    def thing() -> str:
        number = dice.choice(["1", "-2", "3.5", "1e6", "true"])
        tagged = f"{dice.choice(STRINGS)}{dice.choice(['', '@en', '@cy-GB', '^^a:t'])}"
        return dice.choice([variable(), number, tagged, "[]", "[ a:p 1 ]", "( 1 2 )", f"a:{dice.choice(WORDS)}"])  # fmt: skip

    def group(depth: int) -> str:
        parts = []
        for _ in range(dice.randint(1, 4)):
            inner = group(depth + 1) if depth < 3 else "{ ?x a:p ?y }"
            parts.append(
                dice.choice(
                    [
                        f"{variable()} {verb()} {thing()} .",
                        f"{variable()} {verb()} {thing()} , {thing()} ; a:q {thing()} .",
                        f"OPTIONAL {inner}",
                        f"{inner} UNION {inner}",
                        f"MINUS {inner}",
                        f"FILTER NOT EXISTS {inner}",
                        f"GRAPH ?g {inner}",
                        f"GRAPH <https://w3id.org/cspgraph/graph/law> {inner}",
                        f"FILTER ({variable()} < 5 && STRLEN(STR({variable()})) >= 2 || !BOUND({variable()}))",
                        f"FILTER (REGEX({variable()}, 'from|load', 'i'))",
                        f"VALUES ({variable()}) {{ (UNDEF) ('SERVICE') (<http://a.example/>) }}",
                        "# SERVICE <http://a.example/> { }\n",
                        "{ SELECT (COUNT(*) AS ?n) ?x { ?x a:p ?y } GROUP BY ?x HAVING (?n > 1) }",
                    ]
                )
            )
        return f"{{ {' '.join(parts)} }}"

    head = "PREFIX a: <http://a.example/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    form = dice.choice(
        ["SELECT *", "SELECT DISTINCT ?x", "SELECT (COUNT(*) AS ?many)", "ASK"]
    )
    graph = dice.choice(
        ["", "", "FROM <https://w3id.org/cspgraph/graph/law>", "FROM NAMED <https://w3id.org/cspgraph/graph/record>"]
    )  # fmt: skip
    end = "" if form == "ASK" else dice.choice(["", "ORDER BY DESC(?x)", "LIMIT 5"])
    return f"{head}{form} {graph} WHERE {group(0)} {end}"


def test_hundreds_of_honest_questions_pass() -> None:
    """Each of them is one that the engine takes."""
    dice = random.Random(20261123)  # noqa: S311 - the same each time
    taken = 0
    for _ in range(1_200):
        query = honest(dice)
        try:
            Store().query(query)
        except SyntaxError:
            continue  # such as a name that is bound twice
        taken += 1
        assert admit(query) == query
    assert taken > 600


# Changes

UPDATES = {
    "insert": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "joined": "INSERTDATA{<urn:a><urn:b><urn:c>}",
    "comment between": "INSERT#\nDATA { <urn:a> <urn:b> <urn:c> }",
    "case": "insert data { <urn:a> <urn:b> <urn:c> }",
    "prefix first": "PREFIX a: <urn:> INSERT DATA { a:a a:b a:c }",
    "base first": "BASE <http://example.org/> INSERT DATA { <a> <b> <c> }",
    "where": "INSERT { ?s <urn:b> ?o } WHERE { ?s ?p ?o }",
    "with": "WITH <urn:g> INSERT { <urn:a> <urn:b> 1 } WHERE {}",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "delete and insert": "DELETE { ?s ?p ?o } INSERT { ?o ?p 1 } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "clear joined": "CLEARALL",
    "drop": "DROP DEFAULT",
    "create": "CREATE GRAPH <urn:g>",
    "copy": "COPY DEFAULT TO <urn:g>",
    "move": "MOVE SILENT DEFAULT TO <urn:g>",
    "add": "ADDDEFAULT TO<urn:g>",
    "two": "DROP SILENT GRAPH <urn:none> ; CLEAR DEFAULT",
}
each_update = pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)


def changed(update: str) -> bool:
    """Say whether the engine takes `update` for an update that changes its store."""
    store = small_store()
    before = set(store), list(store.named_graphs())
    with suppress(SyntaxError, ValueError, OSError):
        store.update(update)
    return (set(store), list(store.named_graphs())) != before


@each_update
def test_update_is_real(update: str) -> None:
    assert changed(update)


@each_update
def test_update_is_refused(update: str) -> None:
    with pytest.raises(UnsafeQueryError):
        admit(update)


@settings(max_examples=300, deadline=None)
@given(
    update=st.sampled_from(sorted(UPDATES.values())),
    before=st.lists(
        st.sampled_from(
            ["PREFIX a: <urn:> ", "BASE <http://a/> ", "#\n", "SELECT * {} ; ", " "]
        ),
        max_size=2,
    ),
    after=st.sampled_from(["", ";", "; SELECT * {}", "#SELECT", "\nASK {}"]),
)
def test_what_is_admitted_never_changes(
    update: str, before: list[str], after: str
) -> None:
    text = "".join([*before, update, after])
    assert refused(text) or not changed(text)


# Other refusals, each with the reason that it gives

REASONS = {
    "PREFIX co: <urn:x> ASK { serviceco:x { ?s ?p ?o } }": "SERVICE",
    "ASK { ?s ?p '\\u0027 } SERVICE <urn:x> {} #' }": "SERVICE|does not end",
    "SELECT * {} ; INSERT DATA { <urn:a> <urn:b> 1 }": "one question",
    "SELECT * FROM <urn:g> { ?s ?p ?o }": "FROM",
    "SELECT * FROM <https://w3id.org/cspgraph/graph/law> FROM <http://a/> {}": "FROM",
    "SELECT * FROM <https://w3id.org/cspgraph/other> { ?s ?p ?o }": "FROM",
    "PREFIX graph: <http://a/> SELECT * FROM graph:law { ?s ?p ?o }": "FROM",
    "PREFIX graph: <http://a/> PREFIX graph: <https://w3id.org/cspgraph/graph/> ASK FROM graph:law {}": "FROM",
    "BASE <http://a/> PREFIX graph: <b/> SELECT * FROM graph:law { ?s ?p ?o }": "FROM",
    "PREFIX g: <https://w3id.org/cspgraph/gr> SELECT * FROM graph:law FROM g:ave { ?s ?p ?o }": "FROM",
    "SELECT * FROM csp:law { ?s ?p ?o }": "FROM",
    "SELECT * FROM other:law { ?s ?p ?o }": "FROM",
    "SELECT * FROM graph:law FROM <http://a/> { ?s ?p ?o }": "FROM",
    "SELECT * FROM graph:%6Caw { ?s ?p ?o }": "FROM",
    "SELECT * FROM graph:l\\u0061w { ?s ?p ?o }": "backslash",
    "PREFIX graph: <http:\\u002F/a/> SELECT * FROM graph:law { ?s ?p ?o }": "backslash",
    "ASK { ?s ?p '\\u0027 } FROM <http://a/> #' }": "FROM|does not end",
    "SELECT * { ?s <http://a/\\u0041> ?o }": "backslash",
    "\\u0053ELECT * { ?s ?p ?o }": "backslash",
    "SELECT * FROM \ue000 { ?s ?p ?o }": "character without meaning",
    "ASK { ?s ?p <https://w3id.org/cspgraph/graph/law> } FROM": "FROM",
    "SELECT * FROMNAMED<urn:g> { ?s ?p ?o }": "FROM",
    "ASKfrom <file:///etc/hostname> {}": "FROM",
    "LOAD <file:///etc/hostname>": "LOAD",
    "loadSILENT<http://127.0.0.1/>INTO GRAPH <urn:g>": "LOAD",
    "SELECT * { ?s <urn:p\\u0020> ?o }": "backslash",
    "SELECT * { \\u0053ERVICE <urn:x> {} }": "backslash",
    "SELECT * { ?s a:x\\-y ?o }": "backslash",
    "SELECT * { ?s ?p 'a }": "string does not end",
    "SELECT * { ?s ?p 'a\\qb' }": "string does not end",
    "SELECT * { ?s ?p '\\uD800' }": "string does not end",
    "SELECT * { ?s <a#b> ?o }": "two comparisons",
    "PREFIX urn: <http://a/> SELECT * { ?s <urn:a#b> ?o }": "two comparisons",
    "SELECT * { ?s ?p '\udc80' }": "UTF-8",
    "": "begin with SELECT",
    "what must Dorset do?": "begin with SELECT",
    f"ASK {'{' * MAX_DEPTH}{{}}{'}' * MAX_DEPTH}": "brackets",
    f"ASK {{ FILTER({'(' * MAX_DEPTH}1{')' * MAX_DEPTH}) }}": "brackets",
    f"ASK {{ {'OPTIONAL {} ' * (MAX_GROUPS + 1)}}}": "groups",
    f"ASK {{ FILTER({'1+' * (MAX_OPERATORS + 1)}1) }}": "operators",
    f"ASK {{ ?s {'a:b/' * 65}a:b ?o }}": "path",
    f"ASK {{ ?s {'(a:b|^a:b) / ' * 40}a:b ?o }}": "path",
    f"ASK {{ ?s ?p '{'a' * MAX_BYTES}' }}": "KiB",
}


@pytest.mark.parametrize(
    ("query", "reason"), REASONS.items(), ids=[ascii(query)[:40] for query in REASONS]
)
def test_refusal_gives_the_reason(query: str, reason: str) -> None:
    with pytest.raises(UnsafeQueryError, match=reason):
        admit(query)


# Honest questions

HONEST = [
    "PREFIX service: <http://a/> SELECT * { ?s service:x ?o ; service:y service:z }",
    "PREFIX serviceco: <http://a/> SELECT * { ?s a serviceco:From . OPTIONAL { ?s ?p 1 } }",
    "PREFIX a: <http://a/> SELECT * { ?s a:b.service ?o ; a:c.from 1 }",
    "PREFIX from: <http://a/> PREFIX load: <http://b/> ASK { from:x load:y ?from }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE <urn:a>",
    "PREFIX service: <http://a/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX servicesilent: <http://a/> SELECT * { GRAPH\nservicesilent:x{ ?s ?p ?o } }",
    "PREFIX service: <http://a/> DESCRIBE service:x { ?s ?p ?o }",
    "PREFIX from: <http://a/> DESCRIBE from:x",
    "PREFIX from: <http://a/> SELECT (from:f(?x) AS ?y) { ?x ?p ?o }",
    "PREFIX load: <http://a/> SELECT (COUNT(*) AS ?n) { ?x ?p ?o } GROUP BY load:f(?x)",
    "PREFIX service: <http://a/> SELECT * { ?s ?p 'x'^^service:t { ?a ?b ?c } }",
    "SELECT * { ?s ?p <urn:x#> . FILTER(?s != <urn:a#b>) }",
    "SELECT * { GRAPH <urn:x#service:y> { ?s <tag:it's> <mailto:a@b?c='#'> } }",
    "PREFIX urn: <http://a/> SELECT * { ?s ?p <urn:x> , urn:y }",
    "SELECT ?service WHERE { ?service ?p ?o }",
    "SELECT $load { $load ?from ?move . ?add ?drop ?create }",
    "SELECT ?copy WHERE { VALUES ?add { 1 } ?clear ?p ?insert }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:publicServices ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service-from ?o ; ex:load 1 }",
    "SELECT * { ?s ?p 'SERVICE <http://example.org/> { }' }",
    'SELECT * { ?s ?p "SERVICE", """LOAD \' "" INSERT DATA {}""" }',
    "SELECT * { ?s ?p 'it\\'s a \\\\ SERVICE', '\\u0041 from' }",
    "SELECT * { ?s ?p '' , \"\" , '''''' , \"\"\"a\"\"\" }",
    "SELECT * { ?s ?p ?o } # SERVICE <http://example.org/> { }",
    "SELECT * { ?s <https://w3id.org/cspgraph/id/service/x#SERVICE> ?o }",
    "SELECT * { ?s ?p <http://example.org/it's> ; ?q 'x' }",
    "SELECT * { ?s ?p ?o FILTER (?o < 5 && ?o > 1 || ?s = <urn:a>) }",
    "PREFIX a: <urn:x:> SELECT * { ?s a:p/a:q*|^a:r ?o . ?o a:n-1 ?n }",
    "BASE <http://example.org/> PREFIX : <ns/> ask { ?s :p ?o }",
    "select*{?s?p?o}",
    "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 1 } FILTER NOT EXISTS { ?s a ?o } }",
    f"ASK {{ {'OPTIONAL {} ' * 60}}}",
    f"ASK {'{' * (MAX_DEPTH - 2)}{{}}{'}' * (MAX_DEPTH - 2)}",
    f"ASK {{ FILTER({'1+' * 300}1 > 0) }}",
]


ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"', "'": "\\'", "\\": "\\\\"}  # fmt: skip
LETTERS = ["a", "u", "U", "0", "1", "F", "n", " ", "#", "<", "{", "}", "\u00a3", "\U0001f600", "\U0010ffff", "\ue000", *ESCAPES]  # fmt: skip
WRITTEN = st.tuples(
    st.sampled_from(LETTERS), st.sampled_from(["plain", "short", "long"])
)


@settings(max_examples=300, deadline=None)
@given(
    letters=st.lists(WRITTEN, max_size=12),
    mark=st.sampled_from(['"', "'", '"""', "'''"]),
)
@example(
    letters=[("\u00a3", "short"), *((digit, "plain") for digit in "1000")], mark='"'
)
@example(letters=[("\\", "plain"), *((one, "plain") for one in "u0041")], mark='"')
@example(letters=[("\\", "short"), *((one, "plain") for one in "U00000041")], mark="'")
@example(letters=[('"', "short"), ("\\", "long"), ("\n", "short")], mark='"')
def test_a_string_may_be_written_with_any_escape(
    letters: list[tuple[str, str]], mark: str
) -> None:
    """Engines that undo escapes before they cut a query read the same letters as others."""

    def written(letter: str, way: str) -> str:
        if way == "long" or (way == "short" and ord(letter) > 0xFFFF):
            return f"\\U{ord(letter):08X}"
        if way == "short":
            return f"\\u{ord(letter):04x}"
        # rdflib knows no escape for the other quotation mark
        other = letter in "\"'" and letter != mark[0]
        return letter if other else ESCAPES.get(letter, letter)

    inside = "".join(written(*one) for one in letters)
    query = admit(f"SELECT ({mark}{inside}{mark} AS ?x) {{}}")
    meant = "".join(letter for letter, _ in letters)
    found = Store().query(query)
    assert isinstance(found, QuerySolutions)
    assert [row["x"].value for row in found] == [meant]
    (other,) = rdflib.Graph().query(query).bindings
    assert [str(value) for value in other.values()] == [meant]
    assert admit(query) == query


GAPS = st.sampled_from([" ", "\n", "  ", " # FROM graph:x {\n"])


@settings(max_examples=200, deadline=None)
@given(
    given_as=st.lists(
        st.sampled_from(["", "https://w3id.org/cspgraph/graph/", "http://a/"]),
        max_size=2,
    ),
    prefix=st.sampled_from(["graph", "g", "from", "csp"]),
    clause=st.sampled_from(["FROM", "from named", "FROM NAMED"]),
    local=st.sampled_from(["law", "x-1", "2024", "from"]),
    gap=GAPS,
)
def test_a_graph_by_its_short_name_is_read_as_the_engine_would(
    given_as: list[str], prefix: str, clause: str, local: str, gap: str
) -> None:
    """It passes when each address of the prefix makes it a graph of the store, and only then."""
    starts = [start for start in given_as if start]
    head = "".join(f"PREFIX {prefix}:{gap}<{start}>{gap}" for start in starts)
    query = (
        f"{head}SELECT *{gap}{clause.replace(' ', gap)}{gap}{prefix}:{local}{gap}{{}}"
    )
    meant = set(starts or [PREFIXES.get(prefix, "")])
    if meant != {PREFIXES["graph"]}:
        assert refused(query)
        return
    known = asked(query)
    assert known.graphs + known.named == (PREFIXES["graph"] + local,)
    assert asked(admit(query)) == known
    Store().query(admit(query), prefixes=PREFIXES)


def takes(query: str) -> None:
    """Fail unless the engine takes `query`; it may not know a function that it names."""
    store, unknown = small_store(), "is not supported"
    try:
        store.query(query)
    except RuntimeError as error:
        if unknown not in str(error):
            raise


@pytest.mark.parametrize("query", HONEST, ids=[query[:40] for query in HONEST])
def test_honest_question_passes_and_runs(query: str) -> None:
    assert admit(query) == query
    takes(query)


LOOKS = ["service", "SERVICE", "serviceSilent", "services", "my.service", "load", "from", "x-from", "union", "graph", "urn", "insert"]  # fmt: skip
PLACES = [
    "SELECT * { GRAPH NAME { ?s ?p ?o } }",
    "ASK { ?s NAME ?o . NAME NAME NAME . { ?a ?b ?c } }",
    "DESCRIBE NAME",
    "DESCRIBE NAME { ?s ?p NAME }",
    "CONSTRUCT { NAME ?p NAME } WHERE { ?s ?p NAME ; NAME 'a'^^NAME }",
    "SELECT (NAME(?o) AS ?x) { ?s (NAME|^NAME)/NAME* ?o FILTER(?o IN (NAME, 1)) }",
    "SELECT (COUNT(?o) AS ?x) { VALUES ?s { NAME } ?s ?p ?o } GROUP BY NAME(?s) HAVING (NAME(?s) = 1) ORDER BY NAME(?s)",
    "SELECT * { ?s ?p <SCHEME:NAME#> ; <SCHEME:it's> ?o FILTER(?o<5 && ?o = <SCHEME:#NAME>) }",
]


@settings(max_examples=400, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    prefix=st.sampled_from(LOOKS),
    local=st.sampled_from([*LOOKS, "x", "plan-2024"]),
    scheme=st.sampled_from(
        ["tag", "mailto", "info", "did", "doi", "http://a/b", "x://b/c"]
    ),
    comment=st.sampled_from(["", " # SERVICE <http://a/> {}", "\n#'\n"]),
    gap=st.sampled_from([" ", "\n", "  "]),
)
def test_names_may_look_like_keywords(
    place: str, prefix: str, local: str, scheme: str, comment: str, gap: str
) -> None:
    """Wherever a name can stand, and whatever is in an IRI, a string or a comment."""
    body = place.replace("NAME", f"{prefix}:{local}").replace("SCHEME", scheme)
    query = f"PREFIX {prefix}: <http://a/> {body.replace(' ', gap)}{comment}"
    takes(query)
    assert admit(query) == query


@pytest.mark.parametrize("name", queries())
def test_shipped_question_passes(name: str) -> None:
    body = queries()[name].body
    assert admit(body) == body


@pytest.mark.parametrize("piece", ["a", "?a", "a/", "<a", '"a" ', "ADD ", "'''", "<?'"])
def test_work_grows_with_the_length_and_no_faster(piece: str) -> None:
    """A gate that can be made to wait would itself be a way to stop the process."""

    def work(size: int) -> float:
        text = "ASK " + piece * (size // len(piece))
        times = []
        for _ in range(3):
            start = time.process_time()
            refused(text)
            times.append(time.process_time() - start)
        return min(times)

    assert work(60_000) < 60 * max(work(6_000), 0.0005)
