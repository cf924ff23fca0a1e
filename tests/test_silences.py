"""An empty answer says why: the reason that law and register give, never none.

The table `silences.csv` was written from the law and the register. What it cannot show
is planted: a graph is changed so that one cause holds, and the reason must be that cause.
"""

from __future__ import annotations

import csv
import json
import random
import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench import sweep
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

import cspgraph
import few
from cspgraph import receipt
from cspgraph.cli import console
from cspgraph.errors import QueryFileError
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import ask, terms
from cspgraph.questions.query_file import ABOUT, find, queries
from cspgraph.questions.why_empty import NOT_KNOWN, filled, read, silences
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.files import Source
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from runs import run
from traps import traps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Change = Callable[[Iterable[Quad]], Iterable[Quad]]

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.why_empty import Silence

TABLE = Path(__file__).with_name("silences.csv")
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
DAY = date(2024, 7, 23)
DORSET = NamedNode(PREFIXES["gss"] + "E06000059")
DATE = NamedNode(PREFIXES["xsd"] + "date")
SEED = 20261130


@pytest.fixture(scope="module")
def whole() -> KnowledgeGraph:
    return cspgraph.load()


def given_in(case: dict[str, str]) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in filter(None, case["given"].split(";")))
    return {name: value for name, _, value in pairs}


# What law and register say


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case['question']}-{case['given']}",
            marks=[pytest.mark.country]
            * (
                (case["question"] in few.NATIONAL and "area=" not in case["given"])
                # It looks for the role in all other areas.
                or case["question"] == "same-kind-elsewhere"
            ),
        )
        for case in CASES
    ],
)
def test_the_reason_is_that_of_law_and_register(
    case: dict[str, str], whole: KnowledgeGraph
) -> None:
    answer = whole.answer(case["question"], on=case["on"], **given_in(case))
    assert len(answer) == 0
    assert answer.empty is not None
    assert answer.empty["reason"] == case["reason"], answer.empty
    assert case["instead"] in (answer.empty["ask_instead"] or "")
    assert bool(case["instead"]) == bool(answer.empty["ask_instead"])


def test_the_table_has_many_reasons() -> None:
    assert len({case["reason"] for case in CASES}) >= 14


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c["instead"].startswith("--")],
    ids=lambda c: f"{c['question']}-{c['given']}",
)
def test_what_is_asked_instead_has_rows(
    case: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    whole: KnowledgeGraph,
) -> None:
    answer = whole.answer(case["question"], on=case["on"], **given_in(case))
    assert answer.empty is not None
    program, *words = str(answer.empty["ask_instead"]).split()
    assert program == "cspgraph"
    code, printed, _ = run(capsys, *words, "--format", "json")
    assert code == 0
    assert json.loads(printed)["rows"]


# What is planted


def planted(kg: KnowledgeGraph, name: str, change: Change, **given: str) -> Answer:
    """Ask a question about Dorset of its graph, changed."""
    query, dataset = find(name), kg._dataset
    bound = terms(query, given, dataset.labels, DAY)
    reached = rounds(query, bound, dataset.register, dataset.labels, DAY)
    areas = kg._scope(query, bound, reached)
    made = kg._day_of(query, bound, DAY, areas, silent=True)
    engine = Oxigraph(change(made.quads()))
    other = Oxigraph(change(dataset.read_near([DORSET.value]).quads()))
    return ask(engine, query, bound, dataset.labels, DAY, {}, reached, lambda: other)


def reason(answer: Answer) -> str | None:
    assert answer.empty is not None, answer.words()
    assert "{" not in str(answer.empty["text"])
    return answer.empty["reason"]


def without(*terms: NamedNode) -> Change:
    """Leave out what is said with these terms, and what is one of them."""
    return lambda quads: (
        q for q in quads if q.predicate not in terms and q.object not in terms
    )


def test_planted_the_graph_was_made_without_the_area(whole: KnowledgeGraph) -> None:
    query, dataset = find("role-holders"), whole._dataset
    bound = terms(query, {"area": "Ashford"}, dataset.labels, DAY)
    dorset = dataset.day(DAY, frozenset([DORSET.value]), "roles")
    answer = ask(dorset, query, bound, dataset.labels, DAY, {})
    assert reason(answer) == "area-not-held"


def test_planted_the_register_names_no_holder(whole: KnowledgeGraph) -> None:
    """No body of the area is named for any role, and no duty has a bearer by name."""

    def nameless(quads: Iterable[Quad]) -> Iterator[Quad]:
        held = {CSP.bearer, CSP.body}
        return (q for q in quads if q.predicate not in held)

    answer = planted(
        whole,
        "who-must-do-what",
        nameless,
        area="Dorset",
        product="strategic assessment",
    )
    assert reason(answer) == "no-holder-named"
    assert "Dorset" in str(answer.empty and answer.empty["text"])


def ended(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Let the law end before the day; nothing follows from it any more."""
    kept = list(quads)
    kinds = {CSP.DutyTemplate, CSP.RoleTemplate}
    law = {q.subject for q in kept if q.predicate == RDF_TYPE and q.object in kinds}
    gone = {CSP.Duty, CSP.RoleHolding}
    derived = {q.subject for q in kept if q.predicate == RDF_TYPE and q.object in gone}
    end = Literal("2023-05-02", datatype=DATE)
    for quad in kept:
        if quad.subject in law and quad.predicate == CSP.validUntil:
            yield Quad(quad.subject, quad.predicate, end, quad.graph_name)
        elif quad.subject not in derived:
            yield quad


@pytest.mark.parametrize("name", ["responsible-authorities", "uncovered-subjects"])
def test_planted_the_law_has_ended(name: str, whole: KnowledgeGraph) -> None:
    answer = planted(whole, name, ended, area="Dorset")
    assert reason(answer) == "after-law"
    assert "2 May 2023" in str(answer.empty and answer.empty["text"])


def test_planted_the_council_is_governed_otherwise(whole: KnowledgeGraph) -> None:
    """Only rules for councils with a committee system are left, and Dorset has none."""
    committee = NamedNode(PREFIXES["governance"] + "CommitteeSystem")

    def others(quads: Iterable[Quad]) -> Iterator[Quad]:
        kept = list(quads)
        kind = CSP.DutyTemplate
        law = {q.subject for q in kept if q.predicate == RDF_TYPE and q.object == kind}
        right = {q.subject for q in kept if q.object == committee}
        duties = {q.subject for q in kept if q.object == CSP.Duty}
        wrong = (law - right) | duties
        return (q for q in kept if q.subject not in wrong)

    answer = planted(whole, "who-must-do-what", others, area="Dorset", action="adopt")
    assert reason(answer) == "other-governance"


def test_planted_the_register_begins_later(whole: KnowledgeGraph) -> None:
    def later(quads: Iterable[Quad]) -> Iterator[Quad]:
        kept = list(quads)
        serving = {q.subject for q in kept if q.object == CSP.Service}
        first = Literal("2025-02-03", datatype=DATE)
        for q in kept:
            if q.subject in serving and q.predicate == CSP.validFrom:
                yield Quad(q.subject, q.predicate, first, q.graph_name)
            elif q.object != CSP.RoleHolding:
                yield q

    def bare(quads: Iterable[Quad]) -> Iterable[Quad]:
        return without(CSP.capacity, CSP.RoleHolding)(later(quads))

    answer = planted(whole, "bodies-of-area", bare, area="Dorset")
    assert reason(answer) == "before-register"
    assert "3 February 2025" in str(answer.empty and answer.empty["text"])


def test_planted_a_body_serves_nothing(whole: KnowledgeGraph) -> None:
    bare = without(CSP.Service, CSP.RoleHolding)
    answer = planted(whole, "areas-of-body", bare, body="Dorset Council")
    assert reason(answer) == "serves-none"


def test_planted_nothing_at_all(whole: KnowledgeGraph) -> None:
    """An empty graph has no reason, and says that it has none."""
    answer = planted(whole, "terms", lambda _: ())
    assert reason(answer) == NOT_KNOWN
    assert planted(whole, "have-regard", without(CSP.DutyTemplate)).empty is not None


def test_planted_nobody_looked_any_more(whole: KnowledgeGraph) -> None:
    """Without its searches, what was looked for in Dorset is what nobody looked for."""
    asked = {"area": "Dorset", "product": "gambling policy statement"}
    bare = without(CSP.Strategy)
    assert (
        reason(planted(whole, "decision-trail", bare, **asked))
        == "looked-and-saw-nothing"
    )
    bare = without(CSP.Strategy, CSP.Search)
    assert reason(planted(whole, "decision-trail", bare, **asked)) == "nobody-looked"


def test_planted_what_is_on_record_does_not_fit(whole: KnowledgeGraph) -> None:
    bare = without(CSP.daysWaiting, CSP.lookedFor)
    answer = planted(whole, "agreed-not-adopted", bare, area="Dorset")
    assert reason(answer) == "record-holds-none"


# The forms


def test_all_forms_say_it(
    whole: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = whole.answer("specified-authorities", area="Ashford", on="2015-01-01")
    assert answer.empty is not None
    text, instead = str(answer.empty["text"]), str(answer.empty["ask_instead"])
    for shown in (
        " ".join(console.show(answer).split()),
        answer.to_markdown(),
        answer._repr_html_(),
        repr(answer),
        str(answer),
    ):
        assert text in shown
        assert instead in shown
    found = json.loads(answer.to_json())
    assert found["empty"] == dict(answer.empty)
    assert answer.to_frame().attrs["empty"] == dict(answer.empty)
    assert answer.to_csv().count("\n") == 1
    console.give(answer, "csv")
    assert text in capsys.readouterr().err
    assert "doubt" not in answer.receipt


def test_rows_have_no_reason(whole: KnowledgeGraph) -> None:
    answer = whole.answer("responsible-authorities", area="Dorset", on="2024-07-23")
    assert answer.empty is None
    assert json.loads(answer.to_json())["empty"] is None


# The files


@pytest.mark.parametrize("silence", silences(), ids=lambda silence: silence.file)
def test_a_file_keeps_to_the_rules(silence: Silence) -> None:
    """Its slots are filled by what it finds or needs, and no engine plans it badly."""
    known = {"area", "day", "there", "count", "dropped", "others", *silence.needs}
    if silence.body.strip():
        text = filled(silence.body, {})
        assert not traps(silence.body)
        assert (
            "ORDER BY" in text or "COUNT(" in text or "MIN(" in text or "MINUS" in text
        )
        head, _ = from_json(Oxigraph().select(text))
        known |= set(head)
    assert set(re.findall(r"\{(\w+)\}", silence.text + silence.ask)) <= known
    assert set(silence.of) <= set(ABOUT)


def test_every_question_has_a_subject() -> None:
    assert {query.about for query in queries().values()} == set(ABOUT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#+ reasn: x\n", "line 1: 'reasn: x' is not one of the keys"),
        ("#+ reason: x\n#+ text: y\n", "the key 'of' is missing"),
        ("#+ reason: x\n#+ of: dutys\n#+ text: y\n", "'dutys' is not one of"),
        ("#+ reason: x\n#+ of: duties\n#+ text: y\n", "a SELECT or the key 'without'"),
    ],
)
def test_a_file_that_is_wrong(text: str, said: str) -> None:
    with pytest.raises(QueryFileError, match=re.escape(said)):
        read(Source("ontology/silence/99-x.rq", text.encode()))


# Documents and the subjects that they contain


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("who-must-do-what", {"action": "adopt", "product": "community safety plan"}),
        ("amendment-allowed", {"product": "csp-plan"}),
        ("evidence-for", {"product": "partnership plan"}),
        ("decision-trail", {"product": "community safety plan"}),
        ("decision-path", {"product": "community safety plan"}),
        ("bodies-and-duties", {"product": "community safety plan"}),
        ("document-duties", {"product": "community safety plan"}),
        ("document-contents", {"product": "community safety plan"}),
    ],
)
def test_a_plan_reaches_the_strategies_in_it(
    name: str, given: dict[str, str], whole: KnowledgeGraph
) -> None:
    """Section 6(1)(a) to (d) of the 1998 Act asks for the four strategies."""
    answer = whole.answer(name, area="Dorset", on="2024-10-11", **given)
    assert len(answer)
    said = str(answer.receipt["widened"])
    for end in "abcd":
        assert f"(CDA 1998 s.6(1)({end}))" in said
    assert "substance misuse plan" not in said, "that is Welsh"
    assert f"Widened: {said}." in receipt.receipt_in_words(answer.receipt)
    assert [t.value for t in answer.parameters["product"]] == [
        PREFIXES["kind"] + "PartnershipPlan"
    ]


def test_every_question_that_takes_a_product_says_that_it_reaches(
    whole: KnowledgeGraph,
) -> None:
    """Whatever else it needs; `adoption-basis` is asked of no area."""
    for query in queries().values():
        if any(p.kind == "product" for p in query.parameters):
            needed = {"area": "Dorset"} if "area" in query.example else {}
            answer = whole.answer(query.name, product="csp-plan", on=DAY, **needed)
            assert "crime and disorder strategy" in str(answer.receipt["widened"])


def value(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value


def own_rows(answer: Answer, code: str) -> set[tuple[object, ...]]:
    """Return the rows about one district, without those of its county."""
    if answer.columns[0].name != "area":
        return set(answer.terms)
    area = NamedNode(PREFIXES["gss"] + code)
    return {tuple(row[1:]) for row in answer.terms if row[0] == area}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_document_reaches_what_each_of_its_subjects_does(
    data: st.DataObject, whole: KnowledgeGraph
) -> None:
    """Rows about a plan are those about itself and its subjects, each asked alone."""
    code = data.draw(st.sampled_from(["E06000059", "E07000105", "W06000024"]))
    product = data.draw(
        st.sampled_from(
            ["PartnershipPlan", "SubstanceMisusePlan", "SeriousViolenceStrategy"]
        )
    )
    asked = {"area": code, "on": "2024-07-23"}
    wide = whole.answer("who-must-do-what", product=f"kind:{product}", **asked)
    every = whole.answer("who-must-do-what", **asked)
    place = [column.name for column in find("who-must-do-what").columns].index(
        "product"
    )
    here, ever = own_rows(wide, code), own_rows(every, code)
    label = whole._dataset.labels.label
    said = str(wide.receipt.get("widened", ""))
    plan = NamedNode(PREFIXES["kind"] + product)
    reached = {plan} | {
        row[place]
        for row in ever
        if re.search(
            rf"(also|,) {re.escape(label(value(row[place])))}( \(|,|;|$)", said
        )
    }
    assert {row for row in ever if row[place] in reached} >= here
    assert here >= {row for row in ever if row[place] == plan}


def test_before_the_law_a_plan_holds_what_it_will(whole: KnowledgeGraph) -> None:
    """Adoption of strategies began on 16 November 2000, by SI 2000/2853."""
    for area in ("Ashford", "Leeds", "Hackney"):
        answer = whole.answer(
            "who-must-do-what",
            area=area,
            action="adopt",
            product="csp-plan",
            on="1999-06-01",
        )
        assert reason(answer) == "before-law"
        assert "16 November 2000" in str(answer.empty and answer.empty["text"])
        assert "widened" not in answer.receipt


def test_nobody_is_sent_back_to_the_same_question(whole: KnowledgeGraph) -> None:
    for area in ("Medway", "Brent", "Swansea"):
        for name in ("agreed-not-adopted", "priorities-without-lead", "decision-trail"):
            answer = whole.answer(name, area=area, on=DAY)
            if answer.empty and answer.empty["ask_instead"]:
                assert f" {name} " not in str(answer.empty["ask_instead"])


#: Areas that were there, under these codes, on all days that are drawn.
LASTING = ["E07000105", "W06000024", "E09000030", "E10000016"]
EARLY = st.dates(date(1998, 10, 1), date(2013, 1, 1)).map(str)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.sampled_from(sweep.QUESTIONS), code=st.sampled_from(LASTING), day=EARLY)
@example(asked=("plan-dates", {}), code="E07000105", day="1999-06-01")
@example(asked=("scrutiny", {}), code="W06000024", day="2005-01-15")
@example(asked=("specified-authorities", {}), code="E09000030", day="2012-11-22")
def test_another_day_is_named_only_where_it_has_rows(
    asked: tuple[str, dict[str, str]], code: str, day: str, whole: KnowledgeGraph
) -> None:
    name, given_too = asked
    answer = whole.answer(name, area=code, on=day, **given_too)
    instead = str((answer.empty or {}).get("ask_instead") or "")
    other = re.fullmatch(rf"cspgraph answer {name} .* --on (\S+)", instead)
    if other and other[1] != day:
        assert len(whole.answer(name, area=code, on=other[1], **given_too))


def test_of_several_days_that_is_named_which_has_rows(whole: KnowledgeGraph) -> None:
    """Two days are found; the question has rows on the second, or on neither."""
    for rows_on, named in ((date(2007, 8, 1), "2007-08-01"), (None, None)):
        query, dataset = find("plan-dates"), whole._dataset
        bound = terms(query, {"area": "Ashford"}, dataset.labels, date(1999, 6, 1))
        day = dataset.day(date(1999, 6, 1), frozenset([bound["area"][0].value]))
        answer = ask(
            *(day, query, bound, dataset.labels, date(1999, 6, 1), {}),
            then=lambda other, rows_on=rows_on: other == rows_on,  # type: ignore[misc]
        )
        assert answer.empty is not None
        assert "begins on 16 November 2000" in str(answer.empty["text"])
        said = answer.empty["ask_instead"]
        assert (said.rpartition(" ")[2] if said else None) == named


# The sweep


def test_a_sample_of_the_sweep(whole: KnowledgeGraph) -> None:
    """The whole of it is `python -m bench sweep`."""
    chosen, tally = random.Random(SEED), sweep.Tally()  # noqa: S311  the same every time
    every = sweep.areas(whole)
    for _ in range(24):
        day = chosen.choice(sweep.DAYS)
        sweep.look(partial(whole.answer, on=day), chosen.choice(every), day, tally)
    assert tally.counts["questions"] == 24 * 12
    assert tally.counts["empty answers"] > 24
    assert not tally.counts["tracebacks"], tally.amiss
    assert not tally.counts["empty answers without a reason"], tally.amiss
    assert tally.unknown_share < 0.01, tally.amiss
    assert not tally.counts["days beyond the horizon without warning"], tally.amiss
