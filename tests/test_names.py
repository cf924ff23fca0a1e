"""From the words people type to the one thing meant on a day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspgraph.dataset import Dataset
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files, spellings
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.files import Source, quads
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.terms import PREFIXES, compact
from cspgraph.register.spread import LOCAL

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2024-07-23"


@pytest.fixture(scope="module")
def names(kg: KnowledgeGraph) -> Labels:
    return kg._dataset.labels


def found(names: Labels, kind: str, word: str, day: str = TODAY) -> str:
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
def test_one_thing_is_meant(names: Labels, kind: str, word: str, thing: str) -> None:
    assert found(names, kind, word) == thing


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2019-04-01", "gss:E06000059"),
        (TODAY, "gss:E06000059"),
    ],
)
def test_dorset_is_the_area_of_2019(names: Labels, day: str, code: str) -> None:
    assert found(names, "area", "Dorset", day) == code


def test_dorset_before_2019_is_explained(names: Labels) -> None:
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


def test_a_public_name_follows_the_body(names: Labels) -> None:
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
    names: Labels, kind: str, word: str, hint: str
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
    names: Labels, kind: str, word: str
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
def test_not_in_being_on_the_day(names: Labels, word: str, day: str, days: str) -> None:
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
        found(Labels(engine), "area", "Dorset")
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
    kg = KnowledgeGraph(Dataset(files.user_files(own))).at(TODAY)
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
def test_labels_are_proper_names_first(names: Labels, iri: str, label: str) -> None:
    assert names.label(iri) == label


def tables(name: str) -> list[dict[str, str]]:
    """Return the rows of all tables of the register that are called `name`."""
    shipped = files.shipped("data/register", f"/{name}.csv")
    return [row for t in shipped for row in csv.DictReader(t.text.splitlines())]


UNSURE = [
    (kind, row[key], row["name"], row["valid_from"])
    for kind, table, key in (("area", "areas", "code"), ("body", "bodies", "slug"))
    for row in tables(table)
    if row.get("first_day") == "by"
]


@settings(max_examples=60, deadline=None)
@given(one=st.sampled_from(UNSURE), before=st.integers(1, 4000))
def test_what_may_be_older_is_not_said_to_begin(
    names: Labels, one: tuple[str, str, str, str], before: int
) -> None:
    """Where the table says `by`, the message says so, and never that it was not there."""
    kind, code, _, first = one
    day = date.fromisoformat(first) - timedelta(days=before)
    with pytest.raises(NameNotClearError) as caught:
        names.find(kind, code, kind, day)
    said = str(caught.value)
    assert f"is known here by {first}, as {code} (" in said
    assert "nothing was read of it before" in said
    assert f"choose a day from {first} on" in said
    for wrong in ("is not there", "holds from", "choose another day"):
        assert wrong not in said


@pytest.mark.parametrize(
    ("kind", "word", "day", "districts"),
    [
        (
            "area",
            "Gwent police area",
            "2016-10-01",
            "Blaenau Gwent Caerphilly Monmouthshire Newport Torfaen",
        ),
        (
            "body",
            "Aneurin Bevan University Health Board",
            "2016-10-01",
            "Blaenau Gwent Caerphilly Monmouthshire Newport Torfaen",
        ),
        ("area", "Kent police area", "2015-10-01", "Ashford Medway Swale"),
        ("area", "Cleveland fire area", "2016-10-01", "Hartlepool Middlesbrough"),
    ],
)
def test_districts_that_were_known_are_what_to_ask(
    names: Labels, kind: str, word: str, day: str, districts: str
) -> None:
    with pytest.raises(NameNotClearError, match=f"for {day} ask one of") as caught:
        found(names, kind, word, day)
    for district in districts.replace("Blaenau Gwent", "Gwent").split():
        assert f"{district})" in str(caught.value)


def test_districts_that_came_later_are_not_named(names: Labels) -> None:
    """East and West Suffolk are of April 2019, and the fire area is known by that year's end."""
    with pytest.raises(NameNotClearError, match="ask one of the districts") as caught:
        found(names, "area", "Suffolk fire area", "2018-10-01")
    assert "(Ipswich)" in str(caught.value)
    assert "East Suffolk" not in str(caught.value)
    assert "West Suffolk" not in str(caught.value)


COUNCILS = {f"{PREFIXES['kind']}{kind}" for kind in spellings.COUNCILS}
ON = date(2026, 6, 1)


def in_being(row: dict[str, str]) -> bool:
    return row["valid_from"] <= str(ON) < (row["valid_until"] or "9999-12-31")


def test_a_council_as_an_area_is_the_area_that_it_governs(names: Labels) -> None:
    """Some councils are fire authorities too, and one has youth justice of its neighbour."""
    local = {
        row["code"]: row["kind"]
        for row in tables("areas")
        if row["kind"] in (*LOCAL, "CountyArea")
    }
    governed: dict[str, list[str]] = {}
    for row in tables("services"):
        if row["area"] in local and in_being(row) and not row.get("capacity"):
            governed.setdefault(row["body"], []).append(row["area"])
    councils = [
        row
        for row in tables("bodies")
        if PREFIXES["kind"] + row["kind"] in COUNCILS and in_being(row)
    ]
    assert len(councils) > 330
    for row in councils:
        (code,) = governed[row["slug"]]
        assert found(names, "area", row["name"], str(ON)) == f"gss:{code}"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Cornwall Council", "E06000052"),
        ("Council of the Isles of Scilly", "E06000053"),
        ("Northumberland County Council", "E06000057"),
        ("Isle of Wight Council", "E06000046"),
        ("Common Council of the City of London", "E09000001"),
        ("cornwall-council", "E06000052"),
        ("Gloucestershire County Council", "E10000013"),
        ("Norfolk County Council", "E10000020"),
    ],
)
def test_fire_areas_are_not_meant_by_a_council(
    names: Labels, word: str, code: str
) -> None:
    assert found(names, "area", word, str(ON)) == f"gss:{code}"


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("Ynys Mon", "isle-of-anglesey-county-council"),
        ("Rhondda Cynon Taff", "rhondda-cynon-taf-county-borough-council"),
        ("E06000046", "isle-of-wight-council"),
        ("E06000052", "cornwall-council"),
        ("E10000016", "kent-county-council"),
        ("Kent police area", "chief-constable-kent"),
        ("E31000008", "cornwall-council"),
    ],
)
def test_an_area_as_a_body_names_who_serves_it(
    names: Labels, word: str, body: str
) -> None:
    with pytest.raises(NameNotClearError, match="it is the name of an area") as caught:
        found(names, "body", word, str(ON))
    assert f"that serves it: {body} (" in str(caught.value)


@pytest.mark.parametrize(
    ("word", "area"),
    [
        ("NHS Kent and Medway Integrated Care Board", "E54000032"),
        ("body:pcc-kent", "E23000032"),
    ],
)
def test_a_body_as_an_area_names_what_it_serves(
    names: Labels, word: str, area: str
) -> None:
    with pytest.raises(NameNotClearError, match="it is the name of a body") as caught:
        found(names, "area", word, str(ON))
    assert f"an area that it serves: {area} (" in str(caught.value)
