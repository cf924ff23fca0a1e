"""From the words people type to the one thing meant on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cspgraph import sources
from cspgraph.engines import Oxigraph
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.graph import KnowledgeGraph
from cspgraph.library import Library
from cspgraph.names import Names
from cspgraph.sources import Source, quads
from cspgraph.vocab import compact

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2024-07-23"


@pytest.fixture(scope="module")
def names(kg: KnowledgeGraph) -> Names:
    return kg._library.names


def found(names: Names, kind: str, word: str, day: str = TODAY) -> str:
    return compact(names.find(kind, word, kind, date.fromisoformat(day)).value)


@pytest.mark.parametrize(
    ("kind", "word", "thing"),
    [
        ("area", "gss:E06000059", "gss:E06000059"),
        (
            "area",
            "http://statistics.data.gov.uk/id/statistical-geography/E06000059",
            "gss:E06000059",
        ),
        ("area", "E06000059", "gss:E06000059"),
        ("area", "e06000059", "gss:E06000059"),
        ("area", "Dorset", "gss:E06000059"),
        ("area", "dorset", "gss:E06000059"),
        ("area", "Dorset Council area", "gss:E06000059"),
        ("area", "Bournemouth, Christchurch and Poole", "gss:E06000058"),
        ("area", "Bournemouth Christchurch and Poole", "gss:E06000058"),
        ("area", "BCP", "gss:E06000058"),
        ("body", "dorset-council", "body:dorset-council"),
        ("body", "body:dorset-council", "body:dorset-council"),
        ("body", "Dorset Council", "body:dorset-council"),
        ("body", "Dorset Police", "body:chief-constable-dorset"),
        ("body", "NHS Dorset", "body:nhs-dorset-icb"),
        ("body", "Dorset CSP", "body:dorset-csp"),
        (
            "body",
            "Dorset & Wiltshire Fire & Rescue Authority",
            "body:dorset-and-wiltshire-fire-and-rescue-authority",
        ),
        ("role", "responsible-authority", "role:ResponsibleAuthority"),
        ("role", "ResponsibleAuthority", "role:ResponsibleAuthority"),
        ("role", "responsible authority", "role:ResponsibleAuthority"),
        ("role", "role:SpecifiedAuthority", "role:SpecifiedAuthority"),
        ("action", "adopt", "act:Adopt"),
        ("action", "act:Adopt", "act:Adopt"),
        ("product", "partnership plan", "kind:PartnershipPlan"),
        ("product", "PartnershipPlan", "kind:PartnershipPlan"),
        ("theme", "rural crime", "theme:RuralCrime"),
        ("document", "dorset-2024-07-23", "document:dorset-2024-07-23"),
        ("thing", "strategy:dorset-csplan-2023", "strategy:dorset-csplan-2023"),
    ],
)
def test_one_thing_is_meant(names: Names, kind: str, word: str, thing: str) -> None:
    assert found(names, kind, word) == thing


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2019-04-01", "gss:E06000059"),
        (TODAY, "gss:E06000059"),
    ],
)
def test_dorset_is_the_area_of_2019(names: Names, day: str, code: str) -> None:
    assert found(names, "area", "Dorset", day) == code


def test_dorset_before_2019_is_explained(names: Names) -> None:
    """No area is taken for it: the districts and the county that were there are named."""
    with pytest.raises(NameNotClearError) as caught:
        found(names, "area", "Dorset", "2019-03-31")
    said = str(caught.value)
    assert "E06000059 (Dorset) holds from 2019-04-01; in its place were" in said
    for place in (
        *("E07000049 (East Dorset)", "E07000050 (North Dorset)"),
        *("E07000051 (Purbeck)", "E07000052 (West Dorset)"),
        *("E07000053 (Weymouth and Portland)", "E10000009 (Dorset (county"),
    ):
        assert place in said
    assert "Christchurch" not in said


def test_a_public_name_follows_the_body(names: Names) -> None:
    """NHS Dorset is the name of the board, which began in July 2022."""
    with pytest.raises(NameNotClearError, match="holds from 2022-07-01"):
        found(names, "body", "NHS Dorset", "2022-06-30")


@pytest.mark.parametrize(
    ("kind", "word", "hint"),
    [
        ("area", "Dorsett", "did you mean 'Dorset'"),
        ("area", "dorest", "did you mean 'Dorset'"),
        ("area", "E0600059", "did you mean 'E06000059'"),
        ("body", "Dorset Counsel", "did you mean 'Dorset Council'"),
        ("action", "adopts", "did you mean 'Adopt'"),
        ("area", "Xyzzy", "give the name or code of an area"),
        ("body", "Xyzzyxyzzy", "give the name or code of a body"),
        ("area", "", "give the name or code of an area"),
    ],
)
def test_an_unknown_name_gets_a_hint(
    names: Names, kind: str, word: str, hint: str
) -> None:
    with pytest.raises(NameNotClearError, match=hint) as caught:
        found(names, kind, word)
    assert caught.value.candidates == []
    assert caught.value.name == word
    assert isinstance(caught.value, ParameterError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("area", "nhs-dorset-icb"),
        ("body", "E06000059"),
        ("product", "full council"),
        ("product", "adopt"),
        ("action", "partnership plan"),
        ("document", "Dorset"),
    ],
)
def test_a_thing_of_another_kind_is_not_meant(
    names: Names, kind: str, word: str
) -> None:
    with pytest.raises(NameNotClearError):
        found(names, kind, word)


@pytest.mark.parametrize(
    ("word", "day", "days"),
    [
        (
            "West Dorset",
            "2019-04-01",
            "from 1997-04-01 until 2019-04-01, that day not included",
        ),
        ("E06000059", "2019-03-31", "holds from 2019-04-01; in its place were E07"),
    ],
)
def test_not_in_being_on_the_day(names: Names, word: str, day: str, days: str) -> None:
    with pytest.raises(NameNotClearError, match=days):
        found(names, "area", word, day)


AMBIGUOUS = b"""
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix gss: <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix kind: <https://w3id.org/cspgraph/kind/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
gss:E07000999 a csp:Area ; rdfs:label "Dorset"@en ; csp:areaKind kind:CountyArea .
gss:E06000059 a csp:Area ; rdfs:label "Dorset"@en ; csp:areaKind kind:CountyArea .
"""


def test_an_ambiguous_name_lists_the_candidates() -> None:
    engine = Oxigraph(quads(Source("two.ttl", AMBIGUOUS)))
    with pytest.raises(NameNotClearError) as caught:
        found(Names(engine), "area", "Dorset")
    assert caught.value.candidates == ["E06000059 (Dorset)", "E07000999 (Dorset)"]
    assert "may be E06000059 (Dorset) or E07000999 (Dorset); give a code" in str(
        caught.value
    )


def test_a_code_settles_it(tmp_path: Path) -> None:
    own = tmp_path / "two.ttl"
    own.write_bytes(
        AMBIGUOUS.replace(b"E06000059", b"E07000998").replace(
            b"csp:areaKind", b"csp:country gss:E92000001 ; csp:areaKind"
        )
    )
    kg = KnowledgeGraph(Library(sources.own(own))).at(TODAY)
    with pytest.raises(NameNotClearError, match=r"may be .*E06000059.* or "):
        kg.answer("responsible-authorities", area="Dorset")
    assert len(kg.answer("responsible-authorities", area="E06000059")) == 5


@pytest.mark.parametrize(
    ("iri", "label"),
    [
        ("https://w3id.org/cspgraph/id/body/dorset-council", "Dorset Council"),
        (
            "https://w3id.org/cspgraph/id/body/chief-constable-dorset",
            "Chief Constable of Dorset Police",
        ),
        ("https://w3id.org/cspgraph/id/body/nobody", "body:nobody"),
        ("http://example.org/x", "http://example.org/x"),
    ],
)
def test_labels_are_proper_names_first(names: Names, iri: str, label: str) -> None:
    assert names.label(iri) == label
