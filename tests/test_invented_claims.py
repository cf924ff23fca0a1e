"""Claims made up by rule and at random, held against the law by the rules and by hand.

Two things hold for any claim. What restates a provision is never told that nothing says
so. And what is called supported has a provision that is in force on the day of the
document, in the country of its publisher, about what the claim names, for whom it names:
that is looked up in the law files with rdflib, without any rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

import few
from cspgraph.derive import rules as derive_rules
from cspgraph.derive.rules import FIRST_SNAPSHOT_RULE, rules
from cspgraph.rdf import files
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import PREFIXES
from law import written_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

CSP = Namespace(PREFIXES["csp"])
ENGLAND, WALES = (URIRef(PREFIXES["gss"] + code) for code in ("E92000001", "W92000004"))
#: Councils with their country: one with an executive, and two of which it is not known.
PUBLISHERS = {
    "dorset-council": ENGLAND,
    "ashford-borough-council": ENGLAND,
    "merthyr-tydfil-county-borough-council": WALES,
}
NOTHING = {"NoProvisionFound", "AssertedWithoutSource"}
BINDING = {"Must", "MustHaveRegard", "MustCooperate"}


@dataclass(frozen=True)
class Claim:
    """What a made-up document says, and where and when."""

    publisher: str
    on: str
    facts: tuple[tuple[str, Node], ...] = field(default=())

    def get(self, name: str) -> set[Node]:
        """Return what the claim says under `name`."""
        return {value for key, value in self.facts if key == name}

    def turtle(self, name: str) -> str:
        """Return the claim with its document, as Turtle."""
        facts = "".join(f" csp:{key} {value.n3()} ;" for key, value in self.facts)
        return (
            f'document:{name} a csp:SourceDocument ; csp:on "{self.on}"^^xsd:date ;'
            f" csp:publisher body:{self.publisher} .\n"
            f"passage:{name}.1 a csp:Passage ; csp:inDocument document:{name} ;"
            ' csp:paragraph "1" .\n'
            f'claim:{name} a csp:Claim ; csp:quote "Made up."@en ;{facts}'
            f" csp:source passage:{name}.1 .\n"
        )


@cache
def law() -> Graph:
    """Return the law and the vocabulary as their files say."""
    graph = Graph()
    for source in [
        *files.shipped("data/law", ".ttl"),
        *files.shipped("ontology", ".ttl"),
    ]:
        graph.parse(data=source.text, format="turtle")
    return written_out(graph)


def name(thing: Node | None) -> str:
    return str(thing).rpartition("/")[2]


def judged(claims: Iterable[Claim]) -> list[set[tuple[str, str]]]:
    """Return for each claim its verdicts, each with the IRI of its template."""
    made = list(claims)
    head = "".join(
        f"@prefix {short}: <{PREFIXES[short]}> .\n"
        for short in ("body", "claim", "csp", "document", "passage", "xsd")
    )
    text = head + "<https://w3id.org/cspgraph/graph/invented> {\n"
    text += "".join(one.turtle(f"invented-{n}") for n, one in enumerate(made)) + "}\n"
    engine = few.read(few.dataset([Source("invented.trig", text.encode())]))
    for rule, written in rules().items():
        if rule < FIRST_SNAPSHOT_RULE:
            engine.add(engine.construct(written.text), derive_rules.DERIVED)
    found: list[set[tuple[str, str]]] = [set() for _ in made]
    graph = Graph()
    graph.parse(
        data="\n".join(
            f"{quad.triple} ."
            for quad in engine.quads()
            if str(quad.subject).startswith(
                "<" + PREFIXES["verdict"].replace("verdict/", "id/verdict/invented-")
            )
        ),
        format="nt",
    )
    for verdict, claim in graph.subject_objects(CSP.claim):
        number = int(str(claim).rpartition("-")[2])
        template = graph.value(verdict, CSP.template)
        for word in graph.objects(verdict, CSP.verdict):
            found[number].add((name(word), str(template)))
    return found


def instrument(provision: Node | None) -> Node:
    """Return the instrument of a provision, however deep it stands in it."""
    while provision and (provision, RDF.type, CSP.Instrument) not in law():
        provision = law().value(provision, CSP.partOf)
    assert provision
    return provision


def restated() -> list[tuple[Node, Claim]]:
    """Return for each duty template a claim that says what it says, in force by 2020."""
    graph, found = law(), []
    for template in sorted(graph.subjects(RDF.type, CSP.DutyTemplate), key=str):
        said = {
            "assertsAction": CSP.action,
            "assertsProduct": CSP.product,
            "assertsRole": CSP.bearerRole,
            "assertsOrgan": CSP.organ,
            "assertsCycle": CSP.cycle,
            "assertsPlanLength": CSP.planLength,
        }
        facts = [
            (key, value)
            for key, to in said.items()
            for value in graph.objects(template, to)
        ]
        facts.append(
            ("assertsInstrument", instrument(graph.value(template, CSP.provision)))
        )
        on = max(str(graph.value(template, CSP.validFrom)), "2020-01-01")
        governance = name(graph.value(template, CSP.governance))
        for publisher, country in PUBLISHERS.items():
            if (template, CSP.extent, country) not in graph:
                continue
            if publisher == "dorset-council" and governance == "CommitteeSystem":
                continue
            found.append((template, Claim(publisher, on, tuple(facts))))
    return found


@cache
def restatements() -> list[tuple[Node, Claim, set[tuple[str, str]]]]:
    made = restated()
    outcome = judged(claim for _, claim in made)
    return [
        (template, claim, found)
        for (template, claim), found in zip(made, outcome, strict=True)
    ]


def test_no_provision_is_denied_to_a_claim_that_restates_it() -> None:
    """Whatever its force, period, organ or form of governance, it can be matched."""
    found = restatements()
    assert len(found) > 150
    lost = {
        (name(template), claim.publisher)
        for template, claim, verdicts in found
        if not verdicts or {word for word, _ in verdicts} & NOTHING
        if name(law().value(template, CSP.basis))
        not in {"ExecutiveDefault", "Delegable", "LocalRule"}  # that is for two areas
    }
    assert not lost


def test_a_binding_provision_supports_the_claim_that_restates_it() -> None:
    missed, tried = set(), 0
    for template, claim, verdicts in restatements():
        graph = law()
        until = graph.value(template, CSP.validUntil)
        if name(graph.value(template, CSP.modality)) not in BINDING:
            continue
        if until is not None and str(until) <= claim.on:
            continue
        tried += 1
        if ("Supported", str(template)) not in verdicts or unlike(claim, template):  # type: ignore[arg-type]
            missed.add((name(template), claim.publisher))
    assert tried > 100
    assert not missed


# At random


def pool(prefix: str) -> list[Node]:
    """Return the values that templates of the law have for a property."""
    return sorted(set(law().objects(None, CSP[prefix])), key=str)


def some(
    key: str, values: list[Node], *, most: int = 1
) -> st.SearchStrategy[list[tuple[str, Node]]]:
    picked = st.lists(st.sampled_from(values), max_size=most, unique=True)
    return picked.map(lambda chosen: [(key, value) for value in chosen])


def subjects() -> st.SearchStrategy[list[tuple[str, Node]]]:
    """Return what a claim is about: most often a pair of action and document of the law."""
    pairs = sorted(
        {
            (law().value(t, CSP.action), law().value(t, CSP.product))
            for t in law().subjects(RDF.type, CSP.DutyTemplate)
        }
    )
    return st.sampled_from(pairs).map(
        lambda pair: [
            (k, v)
            for k, v in zip(("assertsAction", "assertsProduct"), pair, strict=True)
            if v
        ]
    ) | st.just([])


@st.composite
def invented(draw: st.DrawFn) -> Claim:
    day = st.sampled_from(
        ["2019-04-01", "2020-02-29", "2021-10-01", "2023-01-31", "2024-07-23"]
    )
    parts = [
        draw(subjects()),
        draw(some("assertsRole", pool("bearerRole"))),
        draw(some("assertsHolderKind", pool("bodyKind"), most=3)),
        draw(some("assertsOrgan", pool("organ"))),
        draw(
            some(
                "assertsInstrument",
                sorted(law().subjects(RDF.type, CSP.Instrument), key=str),
                most=2,
            )
        ),
        draw(some("assertsFrom", pool("validFrom"))),
        draw(some("assertsDue", pool("firstDue"))),
        draw(some("assertsRequirement", [URIRef(PREFIXES["kind"] + "NotRequired")])),
    ]
    facts = tuple(fact for part in parts for fact in part)
    return Claim(draw(st.sampled_from(sorted(PUBLISHERS))), draw(day), facts)


@st.composite
def twisted(draw: st.DrawFn) -> Claim:
    """Return a claim that restates a provision, with one thing in it perhaps put otherwise."""
    claim = draw(st.sampled_from(restated()))[1]
    other = draw(invented())
    key = draw(
        st.sampled_from(["", *(fact[0] for fact in (*claim.facts, *other.facts))])
    )
    facts = [fact for fact in claim.facts if fact[0] != key]
    facts += [fact for fact in other.facts if fact[0] == key]
    return Claim(claim.publisher, claim.on, tuple(facts))


def unlike(claim: Claim, template: URIRef) -> list[str]:
    """Return in what `template` is not what the claim says, read from the law files alone."""
    graph = law()

    def has(to: str) -> set[Node]:
        return set(graph.objects(template, CSP[to]))

    country = PUBLISHERS[claim.publisher]
    begins, ends = (
        graph.value(template, CSP[end]) for end in ("validFrom", "validUntil")
    )
    wrong = []
    if not (
        begins is not None
        and str(begins) <= claim.on
        and (ends is None or claim.on < str(ends))
    ):
        wrong.append("not in force")
    if country not in has("extent"):
        wrong.append("not in this country")
    if URIRef(PREFIXES["kind"] + "NotRequired") in claim.get("assertsRequirement"):
        wrong.append("denied")
    if (template, RDF.type, CSP.RoleTemplate) in graph:
        kinds = {
            wide
            for kind in has("bodyKind")
            for wide in (kind, *graph.objects(kind, SKOS.broader))
        }
        if not kinds & claim.get("assertsHolderKind"):
            wrong.append("another kind of body")
        if not has("role") & claim.get("assertsRole"):
            wrong.append("another role")
        return wrong
    if not (
        has("action") <= claim.get("assertsAction")
        and has("product") <= claim.get("assertsProduct")
    ):
        wrong.append("another subject")
    if claim.get("assertsRole") - has("bearerRole"):
        wrong.append("other bearers")
    if (
        claim.get("assertsOrgan")
        and has("organ")
        and has("organ") != claim.get("assertsOrgan")
    ):
        wrong.append("another organ")
    provisions = has("provision") | (
        has("supportingProvision") if claim.get("assertsDue") else set()
    )
    named = claim.get("assertsInstrument")
    if named and not named & {instrument(provision) for provision in provisions}:
        wrong.append("another instrument")
    if claim.get("assertsDue") - has("firstDue"):
        wrong.append("another first day to keep")
    for first in claim.get("assertsFrom"):
        alike = {
            other
            for other in graph.subjects(CSP.validFrom, first)
            if all(
                set(graph.objects(other, CSP[to])) == has(to)
                for to in ("action", "product", "bearerRole")
            )
            and (other, CSP.extent, country) in graph
        }
        if not alike:
            wrong.append("another day")
    return wrong


#: Shrinking would derive everything again for each step; the message names the claims.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_what_is_supported_has_a_provision_in_force(data: st.DataObject) -> None:
    claims = [data.draw(invented() | twisted()) for _ in range(60)]
    outcome = judged(claims)
    wrong = [
        (claim, name(URIRef(template)), reasons)
        for claim, verdicts in zip(claims, outcome, strict=True)
        for word, template in verdicts
        if word == "Supported" and (reasons := unlike(claim, URIRef(template)))
    ]
    assert not wrong
    assert all(
        verdicts for claim, verdicts in zip(claims, outcome, strict=True) if claim.facts
    )


# What was told wrongly once


def _said(publisher: str, on: str, **facts: str | list[str]) -> Claim:
    """Return a claim with `facts` written short, such as act:Adopt, a day or words."""
    found: list[tuple[str, Node]] = []
    for key, values in facts.items():
        for value in [values] if isinstance(values, str) else values:
            short, colon, rest = value.partition(":")
            if colon and short in PREFIXES:
                term: Node = URIRef(PREFIXES[short] + rest)
            elif value.startswith("http"):
                term = URIRef(value)
            elif key in {"assertsFrom", "assertsDue"}:
                term = Literal(value, datatype=XSD.date)
            else:
                term = Literal(value, lang="en")
            found.append((key, term))
    return Claim(publisher, on, tuple(found))


ASHFORD, DORSET, MERTHYR = "ashford-borough-council", "dorset-council", "merthyr-tydfil-county-borough-council"  # fmt: skip
SIX = [
    *(
        "kind:ChiefOfficerOfPolice",
        "kind:ProbationProvider",
        "kind:FireAndRescueAuthority",
    ),
    *("kind:IntegratedCareBoard", "kind:DistrictCouncil", "kind:CountyCouncil"),
]
AUTHORITY = {"assertsRole": "role:ResponsibleAuthority"}
VIOLENCE = {
    "assertsAction": "act:Prepare",
    "assertsProduct": "kind:SeriousViolenceStrategy2022",
}
ACT_2022 = "http://www.legislation.gov.uk/id/ukpga/2022/32"
SI_2021 = "http://www.legislation.gov.uk/id/uksi/2021/990"
PLAN = {
    "assertsAction": "act:Adopt",
    "assertsProduct": "kind:PartnershipPlan",
    "assertsOrgan": "kind:FullCouncil",
}
DAY = "2024-07-23"

ONE_COUNCIL = {
    **AUTHORITY,
    "assertsHolder": "body:dorset-council",
    "assertsList": "kind:PartList",
}
COMMITTEE = {
    "assertsAction": "act:Appoint",
    "assertsProduct": "kind:ScrutinyCommittee",
    "assertsInstrument": "http://www.legislation.gov.uk/id/ukpga/2006/48",
}
ANY_VIOLENCE = {
    "assertsAction": "act:Formulate",
    "assertsProduct": "kind:SeriousViolenceStrategy",
}
NARROWER = ("Imprecise", "cda98-formulate-implement-serious-violence")

#: Claims with the verdicts other than supported, from the law: what is wrong in each.
TOLD = {
    "all six of two tiers": (
        _said(ASHFORD, DAY, **AUTHORITY, assertsHolderKind=SIX),
        set(),
    ),
    "the county left out": (
        _said(ASHFORD, DAY, **AUTHORITY, assertsHolderKind=SIX[:-1]),
        {("Imprecise", "ra-county-council")},
    ),
    "two of six in part": (
        _said(
            ASHFORD,
            DAY,
            **AUTHORITY,
            assertsHolderKind=SIX[:2],
            assertsList="kind:PartList",
        ),
        set(),
    ),
    "one kind in Wales": (
        _said(
            MERTHYR,
            DAY,
            **AUTHORITY,
            assertsHolderKind=[
                "kind:WelshPrincipalCouncil",
                "kind:ChiefOfficerOfPolice",
                "kind:ProbationProvider",
            ],
        ),
        {
            ("Imprecise", "ra-fire-and-rescue-authority.wales"),
            ("Imprecise", "ra-local-health-board"),
        },
    ),
    "from 2019": (
        _said(DORSET, DAY, **VIOLENCE, assertsFrom="2019-01-01"),
        {("Imprecise", "pcsc22-prepare-implement-strategy")},
    ),
    "full council adopts the plan": (
        _said(DORSET, DAY, **PLAN),
        {("Imprecise", "fr00-adopt-cdrs")},
    ),
    "and in Wales": (
        _said(MERTHYR, DAY, **PLAN),
        {("Imprecise", "frw07-adopt.crime-disorder")},
    ),
    "before 5 January 2022": (
        _said(
            DORSET,
            DAY,
            assertsAction="act:Prepare",
            assertsProduct="kind:SafeAccommodationStrategy",
            assertsInstrument=SI_2021,
            assertsSection="regulation 3",
            assertsDue="2022-01-04",
        ),
        set(),
    ),
    "wrong year and section": (
        _said(
            DORSET,
            DAY,
            **VIOLENCE,
            assertsInstrument=ACT_2022,
            assertsLaw="Police, Crime, Sentencing and Courts Act 2024",
            assertsSection="sections 19 and 20",
        ),
        {("Imprecise", "None"), ("Imprecise", "pcsc22-prepare-implement-strategy")},
    ),
    # Made by SI 2018/648 from 1 April 2019: no holder before that day.
    "a body from its first day": (
        _said(DORSET, DAY, **ONE_COUNCIL, assertsFrom="2019-04-01"),
        set(),
    ),
    "a body from the day of the Act": (
        _said(DORSET, DAY, **ONE_COUNCIL, assertsFrom="1998-09-30"),
        {("Imprecise", "ra-council")},
    ),
    "a body from the next day": (
        _said(DORSET, DAY, **ONE_COUNCIL, assertsFrom="2019-04-02"),
        {("Imprecise", "ra-council")},
    ),
    "something wide from its day": (
        _said(DORSET, DAY, **ANY_VIOLENCE, assertsFrom="2023-01-31"),
        {NARROWER},
    ),
    "something wide from another day": (
        _said(DORSET, DAY, **ANY_VIOLENCE, assertsFrom="2019-01-01"),
        {NARROWER},
    ),
    "one section of two": (
        _said(DORSET, DAY, **COMMITTEE, assertsSection="sections 19 and 20"),
        {("Imprecise", "None")},
    ),
    "two printed apart": (
        _said(DORSET, DAY, **COMMITTEE, assertsSection=["s.19(1)", "s. 9"]),
        {("Imprecise", "None")},
    ),
    "a run of sections": (
        _said(DORSET, DAY, **COMMITTEE, assertsSection="ss. 18-20"),
        set(),
    ),
    "with its subsections, paragraph and year": (
        _said(
            DORSET,
            DAY,
            **COMMITTEE,
            assertsSection="section 19 (1), (2) and (3) of the 2006 Act, and paragraph 4",
        ),
        set(),
    ),
    "a body that is no council adopts": (
        _said(
            DORSET,
            DAY,
            assertsAction="act:Adopt",
            assertsProduct="kind:CrimeAndDisorderStrategy",
            assertsHolder="body:chief-constable-dorset",
        ),
        {("Imprecise", "fr00-adopt-cdrs")},
    ),
    "the police bound by their own duty": (
        _said(DORSET, DAY, **VIOLENCE, assertsHolder="body:chief-constable-dorset"),
        set(),
    ),
    "a kind that is no authority": (
        _said(
            DORSET, DAY, **VIOLENCE, assertsHolderKind="kind:PoliceAndCrimeCommissioner"
        ),
        {("Imprecise", "pcsc22-prepare-implement-strategy")},
    ),
    "Act 2024": (
        _said(DORSET, DAY, **VIOLENCE, assertsLaw="Act 2024"),
        {("NoProvisionFound", "None")},
    ),
}


@cache
def told() -> dict[str, set[tuple[str, str]]]:
    outcome = judged(claim for claim, _ in TOLD.values())
    return {
        key: {(word, name(URIRef(template))) for word, template in verdicts}
        for key, verdicts in zip(TOLD, outcome, strict=True)
    }


@pytest.mark.parametrize("key", TOLD)
def test_what_was_told_wrongly_once(key: str) -> None:
    verdicts = told()[key]
    assert verdicts
    assert {one for one in verdicts if one[0] != "Supported"} == TOLD[key][1]
