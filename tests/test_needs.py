"""A query is answered from what it needs, with the rows of the full graph.

Which rules a query needs follows from the rules themselves. Every shipped question and
some hundred queries made up from the data are asked twice: of the graph that holds what
`needed` says, and of one for which every rule ran.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    parse,
)

import kept
from cspgraph.dataset import Dataset
from cspgraph.derive import needs, rules
from cspgraph.derive.patterns import POINTS_AT, UnclearError, read
from cspgraph.questions.ask import terms
from cspgraph.questions.doubts import READ_BEFORE
from cspgraph.questions.query_file import find, queries
from cspgraph.questions.subjects import contained_subjects
from cspgraph.questions.why_empty import silences
from cspgraph.rdf.engines import Oxigraph, put
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri

DAY = date(2024, 7, 23)
#: A unitary council, a district in a county, and an area in Wales.
AREAS = frozenset(map(area_iri, ("E06000059", "E07000105", "W06000015")))
#: A district in a county: what a query that is made up walks through.
ASHFORD = frozenset(map(area_iri, ("E07000105",)))
DERIVED = NamedNode(rules.DERIVED)
SEED = 17
QUERIES = 300


class Graphs:
    """The graphs of the areas, each derived as far as it was asked for."""

    def __init__(self, areas: frozenset[str]) -> None:
        self.dataset = Dataset()
        self.areas = areas
        self._made: dict[frozenset[str], Oxigraph] = {}

    def engine(self, wanted: frozenset[str]) -> Oxigraph:
        """Return the graph for which the rules `wanted` ran, and no other."""
        if wanted not in self._made:
            if len(self._made) > 40:
                del self._made[list(self._made)[1]]  # the full graph stands first
            made = kept.exactly(self.dataset, DAY, self.areas, wanted, False)
            self._made[wanted] = made
        return self._made[wanted]

    def rows(self, text: str, wanted: frozenset[str]) -> Counter[tuple[str, ...]]:
        """Return how often each row comes from the graph for which `wanted` ran."""
        found = put(self.engine(wanted).store, text)
        if isinstance(found, QueryBoolean):
            return Counter([(str(bool(found)),)])
        if isinstance(found, QuerySolutions):
            return Counter(tuple(map(str, row)) for row in found)
        return Counter((str(triple),) for triple in set(found))


@pytest.fixture(scope="module")
def graphs() -> Graphs:
    """Return the graphs of three areas."""
    made = Graphs(AREAS)
    made.engine(rules.everything())
    return made


def test_every_rule_and_question_is_read() -> None:
    """Else everything would be derived for it, and nobody would see why."""
    for name, source in rules.rules().items():
        told = read(source.text)
        assert told.head, name
        assert told.atoms, name
    for name, query in queries().items():
        assert read(query.body).atoms, name
    for one in silences():
        assert one.without or read(one.body).atoms, one.file


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE gss:E06000059",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?d a csp:Decision . ?d ?p ?o . ?o ?q ?e }",
        "SELECT * { GRAPH ?g {} }",
        "SELECT * { ?s !csp:area ?o }",
        "SELECT * { ?s (csp:area|!(csp:by|csp:to)) ?o }",
        "SELECT * { ?s csp:area* ?o }",
        "SELECT * { ?s csp:area?/csp:by? ?o }",
        "SELECT * { ?area csp:windowFrom ?day }",
        "SELECT * { ?s csp:by (1 2) }",
        "BASE <http://example.org/> SELECT * { ?s <by> ?o }",
        "SELECT * { ?s unknown:by ?o }",
        "SELECT * { ?s csp:by",
    ],
)
def test_what_is_not_sure_needs_everything(text: str) -> None:
    """A variable for a property, DESCRIBE, or whatever the small reader does not read."""
    assert needs.needed(text) == rules.everything()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?v csp:priority ?p . ?p csp:theme ?theme ; csp:source ?passage }",
        "SELECT * { ?d a csp:Decision ; csp:on ?on OPTIONAL { ?d csp:by ?by } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH graph:record { ?s a csp:Strategy } }",
        "SELECT * { ?s a csp:Strategy MINUS { ?c csp:covering ?s } }",
        "ASK { ?p csp:inDocument/csp:on ?on FILTER NOT EXISTS { ?p csp:quote ?q } }",
        "SELECT * { ?template a csp:DutyTemplate ; csp:provision/csp:citation ?law }",
    ],
)
def test_a_query_on_records_and_law_needs_no_rule(text: str) -> None:
    """Nothing follows that it looks for."""
    assert needs.needed(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "there", "left_out"),
    [
        ("?d a csp:Duty", "31-single-duties", "33-duty-words"),
        ("?d a csp:Duty", "32-duties-by-governance", "35-verdict-supported"),
        ("?d csp:product ?p ; a csp:Duty", "33-duty-words", "40-bearers"),
        ("?d csp:standing ?s", "60-standing", "35-verdict-supported"),
        ("?d csp:dueBy ?day", "31-single-duties", "60-standing"),
        ("?h a csp:RoleHolding", "46-unnamed-holders", "31-single-duties"),
        ("?h csp:role ?r ; csp:area ?a", "22-county-holdings", "31-single-duties"),
        ("?s csp:area ?a", "31-single-duties", "35-verdict-supported"),
        ("?v csp:claim ?c", "39-verdicts", "60-standing"),
        ("?v csp:waitedUntil ?day", "13-superseded-versions", "45-version-days"),
        ("?s csp:lawRead ?day", "47-horizon", "48-read-before"),
    ],
)
def test_what_rules_make_needs_them(text: str, there: str, left_out: str) -> None:
    """The rules that make it and those before them, and no other."""
    wanted = needs.needed(f"SELECT * {{ {text} }}")
    assert there in wanted
    assert left_out not in wanted


def test_what_stands_behind_an_option_narrows_nothing_before_it() -> None:
    """A variable that is bound later may have been bound to something else before."""
    text = "SELECT * {{ ?a a csp:Area {} ?h a csp:Decision }}"
    wanted = needs.needed(text.format("OPTIONAL { ?h csp:area ?a }"))
    assert "31-single-duties" in wanted
    assert needs.needed(text.format("")) <= {"11-area-kinds", "11-pilot-areas"}


def test_every_question_has_the_rows_of_the_full_graph(graphs: Graphs) -> None:
    """With its example, without it, and for what is asked where an answer is empty."""
    beside = {
        "what was read before a change": READ_BEFORE,
        "what a document contains": contained_subjects(),
        **{one.file: one.body for one in silences() if not one.without},
    }
    everything, less = rules.everything(), 0
    for name, text in {**_asked(graphs.dataset), **beside}.items():
        plain = beside[name] if name in beside else find(name).body
        wanted = needs.needed(plain)
        found, full = graphs.rows(text, wanted), graphs.rows(text, everything)
        assert found == full, name
        less += wanted != everything
    assert less > 80


def _asked(dataset: Dataset) -> dict[str, str]:
    """Return each question about a day as it is asked in its example, in these areas."""
    found = {}
    for name, query in queries().items():
        given = {k: v for k, v in query.example.items() if k != "on"}
        if not query.all_dates:
            on = date.fromisoformat(query.example["on"])
            bound = terms(query, given, dataset.labels, on)
            if "area" in bound:
                bound["area"] = [NamedNode(area) for area in sorted(AREAS)]
            found[name] = query.bind(bound)
    return found


def test_made_up_queries_have_the_rows_of_the_full_graph() -> None:
    """With paths, options, what is not there, graphs, variables for properties, and sums."""
    graphs = Graphs(ASHFORD)
    maker = Maker(graphs.engine(rules.everything()), random.Random(SEED))  # noqa: S311
    everything = rules.everything()
    seen: Counter[str] = Counter()
    for _ in range(QUERIES):
        text = maker.query()
        wanted = needs.needed(text)
        full = graphs.rows(text, everything)
        assert graphs.rows(text, wanted) == full, text
        seen["less"] += wanted != everything
        seen["none"] += not wanted
        seen["rows"] += bool(full)
        for word in ("OPTIONAL", "MINUS", "NOT EXISTS", "GRAPH", "FROM", "UNION"):
            seen[word] += word in text
        for word in ("COUNT", "VALUES", "?any", "ASK", "CONSTRUCT", "/", "^", "|"):
            seen[word] += word in text
    assert seen["less"] > QUERIES / 2, seen
    assert seen["rows"] > QUERIES / 2, seen
    assert min(seen.values()) > 5, seen


class Maker:
    """Makes up queries that walk through the data, so that most have rows."""

    def __init__(self, engine: Oxigraph, chance: random.Random) -> None:
        self._chance = chance
        self._quads: list[Quad] = sorted(engine.quads(), key=str)
        self._derived = [q for q in self._quads if q.graph_name == DERIVED]
        self._store = engine.store
        self._names: dict[object, str] = {}

    def query(self) -> str:
        """Return a query."""
        pick = self._chance
        walk = self._walk(pick.choice((2, 3, 3, 4)))
        self._names = {}
        anchor = walk[0].object if pick.random() < 0.7 else walk[0].subject
        if len(walk) > 2 or not isinstance(anchor, Literal):
            self._names[anchor] = str(anchor)
        patterns = [self._pattern(quad) for quad in walk]
        body = [patterns[0]]
        for quad, pattern in zip(walk[1:], patterns[1:], strict=True):
            body.append(self._dressed(quad, pattern))
        if pick.random() < 0.3:
            body.insert(pick.randrange(len(body) + 1), self._typed(walk[-1]))
        if pick.random() < 0.1:
            body = [f"{{ SELECT DISTINCT * {{ {' '.join(body[:1])} }} }}", *body[1:]]
        return self._form(" ".join(body))

    def _form(self, body: str) -> str:
        match self._chance.randrange(10):
            case 0:
                return f"SELECT (COUNT(*) AS ?n) {{ {body} }}"
            case 1:
                return f"ASK {{ {body} }}"
            case 2:
                return f"CONSTRUCT {{ ?x0 csp:note ?x1 }} WHERE {{ {body} }}"
            case 3:
                one = self._chance.choice(("derived", "record", "register"))
                return f"SELECT * FROM graph:{one} WHERE {{ {body} }}"  # noqa: S608
            case 4:
                return f"SELECT ?x0 (COUNT(*) AS ?n) {{ {body} }} GROUP BY ?x0"
        return f"SELECT * {{ {body} }}"

    def _walk(self, length: int) -> list[Quad]:
        """Return quads, each of which shares a thing with one before it."""
        pick = self._chance
        found = [pick.choice(self._derived if pick.random() < 0.4 else self._quads)]
        for _ in range(length - 1):
            at = pick.choice(found)
            thing = at.object if pick.random() < 0.4 else at.subject
            near = []
            if not isinstance(thing, Literal):
                near = [*self._store.quads_for_pattern(thing, None, None, None)]
            if pick.random() < 0.3:
                into = [*self._store.quads_for_pattern(None, None, thing, None)]
                near += into if len(into) < 40 else []
            near = sorted({q for q in near if q not in found}, key=str)
            if near:
                found.append(pick.choice(near))
        return found

    def _node(self, term: object) -> str:
        if term not in self._names:
            named = isinstance(term, NamedNode) and self._chance.random() < 0.1
            fresh = f"?x{len(self._names)}"
            self._names[term] = str(term) if named else fresh
        return self._names[term]

    def _link(self, quad: Quad) -> str:
        pick, term = self._chance, str(quad.predicate)
        match pick.randrange(14):
            case 0:
                return "?any"
            case 1:
                return f"({term}|{pick.choice(self._quads).predicate})"
            case 2:
                return f"^(^{term})"
            case 3:
                return f"({term})+"
        return "a" if quad.predicate == RDF_TYPE else term

    def _pattern(self, quad: Quad) -> str:
        start = self._node(quad.subject)
        if quad.predicate == RDF_TYPE and self._chance.random() < 0.8:
            return f"{start} a {quad.object} ."
        return f"{start} {self._link(quad)} {self._node(quad.object)} ."

    def _dressed(self, quad: Quad, pattern: str) -> str:
        """Return a pattern as it is, or as something that need not or must not be there."""
        pick = self._chance
        match pick.randrange(12):
            case 0 | 1:
                return f"OPTIONAL {{ {pattern} }}"
            case 2:
                return f"MINUS {{ {pattern} }}"
            case 3:
                return f"FILTER NOT EXISTS {{ {pattern} }}"
            case 4:
                graph = pick.choice(("?g", str(quad.graph_name), "graph:derived"))
                return f"GRAPH {graph} {{ {pattern} }}"
            case 5:
                other, start = pick.choice(self._derived), self._node(quad.subject)
                far = f"{start} {other.predicate} ?far ."
                return f"{{ {pattern} }} UNION {{ {far} }}"
            case 6:
                others = {quad.predicate, pick.choice(self._derived).predicate}
                listed = " ".join(sorted(map(str, others)))
                start, end = self._node(quad.subject), self._node(quad.object)
                return f"VALUES ?of {{ {listed} }} {start} ?of {end} ."
            case 7:
                start = self._node(quad.subject)
                return f"OPTIONAL {{ {pattern} OPTIONAL {{ {start} csp:area ?in }} }}"
            case 8:
                first = quad.predicate
                after = pick.choice(self._derived).predicate
                start = self._node(quad.subject)
                return f"OPTIONAL {{ {start} {first}/{after}? ?far }}"
        return pattern

    def _typed(self, quad: Quad) -> str:
        found = self._store.quads_for_pattern(quad.subject, RDF_TYPE, None, None)
        classes = sorted(str(one.object) for one in found)
        if not classes:
            return ""
        return f"{self._node(quad.subject)} a {self._chance.choice(classes)} ."


# -- what `needed` supposes of the graph


def test_a_thing_that_rules_speak_of_has_one_class(graphs: Graphs) -> None:
    """So that a pattern about a thing of another class does not meet what a rule makes."""
    spoken = {
        one
        for rule in needs._all().values()
        for made in rule.head
        for one in made.subject.classes or ()
    }
    assert CSP.Duty.value in spoken
    for engine in (graphs.engine(rules.everything()), _country(graphs)):
        for thing, of in _classes(engine).items():
            assert len(of) == 1 or not of & spoken, thing


def _classes(engine: Oxigraph) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for quad in engine.links(RDF_TYPE):
        assert isinstance(quad.object, NamedNode)
        found.setdefault(quad.subject, set()).add(quad.object.value)
    return found


def _country(graphs: Graphs) -> Oxigraph:
    return graphs.dataset.read()


def test_properties_point_where_it_is_supposed(graphs: Graphs) -> None:
    """A document is no claim and no duty, whichever passage stands in it."""
    for engine in (graphs.engine(rules.everything()), _country(graphs)):
        of = _classes(engine)
        for term, classes in POINTS_AT.items():
            for quad in engine.links(NamedNode(term)):
                assert of.get(quad.object, classes) & classes, quad
        for term, classes in needs._TELLS.items():
            for quad in engine.links(NamedNode(term)):
                assert of.get(quad.subject, classes) & classes, quad
        for quad in engine.quads():
            if quad.predicate.value.startswith(needs._ASSERTS) and quad.subject in of:
                ontology = quad.graph_name == NamedNode(PREFIXES["graph"] + "ontology")
                assert ontology or of[quad.subject] == {CSP.Claim.value}, quad
        for quad in engine.quads():
            if of.get(quad.subject, set()) & needs._DERIVED:
                assert quad.graph_name == DERIVED, quad


def test_what_rules_make_holds_from_a_day_or_is_a_verdict() -> None:
    """The cut looks at when a thing begins: a rule alone could bring what another ends."""
    begins = CSP.validFrom.value
    for name, rule in needs._all().items():
        if name >= rules.FIRST_SNAPSHOT_RULE:
            continue
        made = [one for one in rule.head if one.property == RDF_TYPE.value]
        for one in made:
            assert begins in one.subject.has, name
        for one in rule.head:
            if one.property == begins:
                assert RDF_TYPE.value in {made.property for made in rule.head}, name


def _turtle(text: str) -> list[Quad]:
    prefixes = "".join(f"@prefix {n}: <{start}> .\n" for n, start in PREFIXES.items())
    return list(parse((prefixes + text).encode(), RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("<urn:x> a csp:Decision ; csp:on '2024-01-01'^^xsd:date", False),
        ("<urn:x> a csp:Claim ; csp:assertsRole role:ResponsibleAuthority", False),
        ("<urn:x> a csp:Decision , <http://example.org/Vote>", True),
        ("<urn:x> a csp:Claim ; csp:area gss:E06000059", True),
        ("<urn:x> a csp:Duty", True),
        ("<urn:x> a csp:Decision ; csp:assertsRole <urn:y>", True),
        ("<urn:x> csp:evidencedBy <urn:y>", True),
        ("<urn:x> csp:inDocument <urn:y> . <urn:y> a csp:Decision", True),
        ("<urn:x> csp:versionOf <https://w3id.org/cspgraph/id/duty/y>", True),
    ],
)
def test_files_of_the_user_that_make_it_unsure(text: str, strange: bool) -> None:
    """Then every rule runs, as before."""
    assert needs.strange(_turtle(f"{text} .")) is strange


def test_no_reader_takes_a_list_for_less() -> None:
    """What is not read is told, not passed over."""
    with pytest.raises(UnclearError):
        read("SELECT * { SERVICE <http://example.org> { ?s ?p ?o } }")
