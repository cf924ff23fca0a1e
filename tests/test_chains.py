"""Why: every chain ends in a provision in force that day and its Act, or in a paragraph.

What is in force is read here from the files of the law by rdflib, not by the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import RDF, Namespace, URIRef

from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explain.chain import Chain, Step, tree
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP as TERMS
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE
from law import law

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Store

    from cspgraph.graph import KnowledgeGraph

CSP = Namespace(PREFIXES["csp"])
LAW = PREFIXES["law"]
ENGLAND = URIRef(PREFIXES["gss"] + "E92000001")
DAY, DORSET = "2024-07-23", PREFIXES["gss"] + "E06000059"
ACT = f"{LAW}ukpga/1998/37"
REOFFENDING = f"{ACT}/section/6/1/c"
PLAN, STRATEGY = "version:pan-dorset-rrs-2024.1", "strategy:pan-dorset-rrs-2024"
DUTY = "duty:cda98-formulate-implement-reoffending.E06000059"


def holds(thing: URIRef, day: str) -> bool:
    """Say whether the dates of `thing` take in `day`."""
    first, until = (
        law().value(thing, CSP[name]) for name in ("validFrom", "validUntil")
    )
    return str(first or "9") <= day and (until is None or day < str(until))


def in_force(provision: URIRef, day: str) -> bool:
    """Say whether `provision` is in force in England on `day`, as its file says."""
    periods = [
        period
        for period in law().objects(provision, CSP.inForce)
        if (period, CSP.country, ENGLAND) in law()
    ]
    if periods:
        return any(holds(period, day) for period in periods)  # type: ignore[arg-type]
    return holds(provision, day)


def whole(provision: URIRef) -> URIRef:
    """Return the instrument that `provision` is part of, however deep it stands."""
    above = law().value(provision, CSP.partOf)
    return whole(above) if isinstance(above, URIRef) else provision


def legs(chain: Chain) -> list[str]:
    """Return how the steps of `chain` follow from one another."""
    return [step.relation for step in chain.steps]


def texts(chains: Iterable[Chain], relation: str) -> list[str]:
    """Return the words of the steps that follow by `relation`, in order."""
    return [
        step.text
        for chain in chains
        for step in chain.steps
        if step.relation == relation
    ]


def grounded(chains: Iterable[Chain], day: str) -> set[str]:
    """Return the provisions of `chains` that lead to their Act; all must be in force."""
    found: dict[str, set[str]] = {}
    for chain in chains:
        for step, after in zip(chain.steps, (*chain.steps[1:], None), strict=True):
            if step.relation in ("imposed by", "by"):
                ends = found.setdefault(step.iri, set())
                if after is not None and after.relation == "part of":
                    ends.add(after.iri)
    for provision, ends in found.items():
        assert in_force(URIRef(provision), day), f"{provision} on {day}"
        assert ends == {str(whole(URIRef(provision)))}
    return set(found)


# From each kind of thing to the law


@pytest.mark.parametrize(
    "thing", [PLAN, STRATEGY, DUTY, "version:dorset-csplan-2023.2024-25"]
)
def test_document_and_duty_lead_to_the_law(thing: str, kg: KnowledgeGraph) -> None:
    provisions = grounded(kg.why(thing, on=DAY), DAY)
    assert any(provision.startswith(f"{ACT}/section/6/1/") for provision in provisions)
    assert f"{ACT}/section/5/1/a" in provisions, "why this body"


@pytest.mark.parametrize("thing", [PLAN, STRATEGY, DUTY])
def test_limb_that_the_2009_act_put_in(thing: str, kg: KnowledgeGraph) -> None:
    """Section 6(1)(c), from 1 April 2010: Policing and Crime Act 2009, section 108(4)."""
    chains = kg.why(thing, on=DAY)
    limb = next(
        text
        for text in texts(chains, "imposed by")
        if text.startswith("CDA 1998 s.6(1)(c)")
    )
    assert "in force since 2010-04-01" in limb
    history = [
        after.text
        for chain in chains
        for step, after in zip(chain.steps, chain.steps[1:], strict=False)
        if step.iri == REOFFENDING and after.relation == "inserted by"
    ]
    assert history == ["PCA 2009 s.108(4)"]
    (act,) = {
        chain.steps[-1]
        for chain in chains
        if chain.steps[-2].iri == REOFFENDING and chain.steps[-1].relation == "part of"
    }
    assert act.iri == ACT
    assert act.text == (
        "Crime and Disorder Act 1998, "
        f"http://www.legislation.gov.uk/ukpga/1998/37/section/6/1/c/{DAY}"
    )


@pytest.mark.parametrize(
    "thing", [PLAN, STRATEGY, f"{DUTY}", f"decision:{PLAN[8:]}.agree"]
)
def test_paragraph_of_the_report(thing: str, kg: KnowledgeGraph) -> None:
    """Paragraph 3.3: agreed at the partnership on 19 March 2024."""
    read = texts(kg.why(thing, on=DAY), "read in")
    assert any("of 2024-07-23, 3.3: \u201c" in text for text in read)
    report = {s.name: s.text for s in files.shipped("data/record/dorset", ".trig")}
    for text in read:
        _, mark, quote = text.rstrip("\u201d").partition(": \u201c")
        assert not mark or any(quote in file for file in report.values())


def test_decision_leads_to_its_paragraphs_and_to_what_it_counts_for(
    kg: KnowledgeGraph,
) -> None:
    chains = kg.why("decision:dorset-csplan-2023.2024-25.agree", on=DAY)
    assert legs(chains[0]) == ["", "read in"]
    assert "2.1" in chains[0].steps[-1].text
    provisions = grounded(chains, DAY)
    assert {f"{ACT}/section/6/1/a", f"{ACT}/section/5/1/a"} <= provisions


def test_strategy_without_a_version_leads_to_its_paragraph(kg: KnowledgeGraph) -> None:
    """Paragraph 2.4: more detailed delivery plans complement the plan."""
    chains = kg.why("strategy:dorset-csp-delivery-plans", on=DAY)
    assert any(", 2.4: " in text for text in texts(chains, "read in"))


def test_strategy_shows_each_version(kg: KnowledgeGraph) -> None:
    chains = kg.why("strategy:dorset-csplan-2023", on=DAY)
    versions = {step.iri for chain in chains for step in chain.steps[1:2]}
    assert f"{PREFIXES['version']}dorset-csplan-2023.2024-25" in versions


def test_body_leads_to_the_law_of_each_role(kg: KnowledgeGraph) -> None:
    """Section 5(1)(a) makes the council a responsible authority: section (d)."""
    chains = kg.why("Dorset Council", on=DAY)
    assert {f"{ACT}/section/5/1/a", f"{ACT}/section/17"} <= grounded(chains, DAY)
    assert {chain.steps[0].text for chain in chains} == {"Dorset Council"}
    assert any(
        text.startswith("responsible authority in Dorset, since 2019-04-01")
        for text in texts(chains, "as")
    )


def test_probation_came_with_the_2009_act(kg: KnowledgeGraph) -> None:
    """Section 5(1)(aa): Policing and Crime Act 2009, section 108(2)."""
    chains = [
        chain
        for chain in kg.why("Probation Service", on=DAY)
        if f"{ACT}/section/5/1/aa" in {step.iri for step in chain.steps}
    ]
    assert "PCA 2009 s.108(2)" in texts(chains, "inserted by")


def test_duty_names_all_who_are_bound(
    kg: KnowledgeGraph, store: Callable[[str], Store]
) -> None:
    """The responsible authorities of section 5(1) in Dorset on the day."""
    day: Store = store(DAY)
    duty = NamedNode(PREFIXES["duty"] + DUTY[5:])
    bound = day.quads_for_pattern(duty, TERMS.bearer, None, None)
    bodies = {quad.object.value for quad in bound}  # type: ignore[union-attr]
    chains = kg.why(DUTY, on=DAY)
    named = {s.iri for chain in chains for s in chain.steps if s.relation == "binds"}
    assert bodies == named
    assert len(named) == 5


# Every duty, on many days

DAYS = ["1999-01-01", "2008-01-01", "2010-04-01", "2013-03-01", "2019-04-01", DAY]


@pytest.mark.parametrize("day", DAYS)
def test_every_duty_leads_to_a_provision_in_force(
    day: str, kg: KnowledgeGraph, store: Callable[[str], Store]
) -> None:
    found: Store = store(day)
    duties = [
        quad.subject.value
        for quad in found.quads_for_pattern(None, RDF_TYPE, TERMS.Duty, None)
        if isinstance(quad.subject, NamedNode)
    ]
    assert duties
    for duty in duties:
        chains = kg.why(duty, on=day)
        imposed = [
            chain.steps[1].iri
            for chain in chains
            if chain.steps[1].relation == "imposed by"
        ]
        stated = found.quads_for_pattern(NamedNode(duty), TERMS.provision, None, None)
        assert set(imposed) == {quad.object.value for quad in stated}  # type: ignore[union-attr]
        assert set(imposed) <= grounded(chains, day)


def test_every_duty_of_dorset_is_among_them(kg: KnowledgeGraph) -> None:
    rows = list(kg.answer("standing", area="Dorset", on=DAY))
    assert rows
    for row in rows:
        chains = kg.why(str(row["duty"]), on=DAY)
        assert chains[0].steps[0].text.endswith(str(row["statement"]))
        assert any(
            text.startswith(f"{row['law']} (") for text in texts(chains, "imposed by")
        )


# How a chain is asked for and shown


def test_any_name_and_the_same_order(kg: KnowledgeGraph) -> None:
    one = kg.why("body:dorset-council", on=DAY)
    assert kg.why("dorset-council", on=DAY) == one
    assert kg.why(f"{PREFIXES['body']}dorset-council", on=DAY) == one
    assert kg.at(DAY).why("Dorset Council") == one


@pytest.mark.parametrize(
    ("thing", "day"),
    [
        ("no such thing", DAY),
        ("duty:no-such-duty", DAY),
        ("body:Dorset Council", DAY),
        ("Dorset Council", "2019-03-31"),
        (DUTY, "2019-03-31"),
    ],
)
def test_what_is_not_there_is_an_error(
    thing: str, day: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(NameNotClearError, match=r"^thing: "):
        kg.why(thing, on=day)


@pytest.mark.parametrize(
    ("thing", "what"),
    [
        ("Kent police area", "is an area, E23000032 (Kent police area)"),
        ("E47000001", "is an area, E47000001 ("),
        ("Dorset", "is an area, E06000059 (Dorset)"),
        ("responsible authority", "is a role, "),
        ("law:ukpga/1998/37", "is an instrument, "),
        ("full council", "is a kind, "),
    ],
)
def test_what_has_no_reasons_says_what_it_is_and_what_to_ask(
    thing: str, what: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(ParameterError, match=r"^thing: ") as caught:
        kg.why(thing, on=DAY)
    assert what in str(caught.value)
    assert "; name " in str(caught.value)
    assert "a duty" in str(caught.value).partition("; name ")[2]


STEPS = st.builds(
    Step, st.sampled_from(["by", "as"]), st.sampled_from("abc"), st.just("urn:x")
)
CHAINS = st.lists(
    st.lists(STEPS, min_size=1, max_size=4).map(lambda steps: Chain(tuple(steps)))
)


def paths(text: str) -> list[tuple[str, ...]]:
    """Return for each line of a tree the lines above it that it belongs to, and it."""
    found: list[tuple[str, ...]] = []
    for line in text.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above = found[-1] if found else ()
        found.append((*above[:depth], line.strip()))
    return found


@given(chains=CHAINS)
def test_tree_shows_every_chain_and_nothing_else(chains: list[Chain]) -> None:
    shown = paths(tree(chains))
    wanted = [tuple(map(str, chain.steps)) for chain in chains]
    assert set(wanted) <= set(shown)
    assert all(any(path == way[: len(path)] for way in wanted) for path in shown)


@given(chains=CHAINS)
def test_tree_shows_shared_steps_once(chains: list[Chain]) -> None:
    """In order, no path is shown twice."""
    ordered = sorted(chains, key=lambda chain: list(map(str, chain.steps)))
    shown = paths(tree(ordered))
    assert len(shown) == len(set(shown))


def test_tree_of_a_version_is_short(kg: KnowledgeGraph) -> None:
    chains = kg.why(PLAN, on=DAY)
    lines = tree(chains).splitlines()
    assert lines[0] == "Pan-Dorset Reducing Reoffending Strategy 2024-2027"
    assert not any(line.startswith(lines[0]) for line in lines[1:])
    assert len(lines) < sum(len(chain.steps) for chain in chains)
    assert str(chains[0]) == tree(chains[:1])


def test_the_files_of_the_law_are_read_here(kg: KnowledgeGraph) -> None:
    """The oracle has something to say: both answers occur on the days that are used."""
    assert in_force(URIRef(REOFFENDING), "2010-04-01")
    assert not in_force(URIRef(REOFFENDING), "2010-03-31")
    assert whole(URIRef(REOFFENDING)) == URIRef(ACT)
    assert (URIRef(ACT), RDF.type, CSP.Instrument) in law()
    assert kg.on is None
