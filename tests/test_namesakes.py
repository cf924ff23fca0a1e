"""Names as people type them, for every council of the register: found alone, or listed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspgraph.errors import NameNotClearError
from cspgraph.rdf import spellings

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.files import CsvRow
    from cspgraph.rdf.labels import Labels

NOW = "2026-11-30"
#: How people write the name of a council round its place.
TYPED = (
    *("{} Council", "{} Borough Council", "London Borough of {}", "{} City Council"),
    *("{} BC", "{} CC", "{} DC", "{} MBC", "{} LBC", "Cyngor {}", "{} County Council"),
    *("{} District Council", "Royal Borough of {}", "City of {} Council"),
)
_AROUND = (
    *("Metropolitan Borough Council", "Metropolitan District Council"),
    *("County Borough Council", "Borough Council", "District Council"),
    *("County Council", "City Council", "Council"),
)
_BEFORE = (
    *("London Borough of ", "Royal Borough of ", "City and County of ", "City of "),
    *(
        "Council of the ",
        "Borough Council of ",
        "Borough of ",
        "Common Council of the City of ",
    ),
)


@pytest.fixture(scope="module")
def names(kg: KnowledgeGraph) -> Labels:
    return kg._dataset.labels


@pytest.fixture(scope="module")
def councils(kg: KnowledgeGraph) -> list[CsvRow]:
    rows = kg._dataset.register.rows("bodies")
    found = [row for row in rows if row.cells["kind"] in spellings.COUNCILS]
    assert len(found) > 380
    return found


def place(name: str) -> str:
    """Return the place in the name of a council, by a reading of its own."""
    for after in _AROUND:
        if name.endswith(f" {after}"):
            name = name.removesuffix(f" {after}")
            break
    for before in _BEFORE:
        name = name.removeprefix(before)
    return name.strip()


def answers(names: Labels, kind: str, word: str, day: str) -> list[str]:
    """Return the end of what alone is found, or those of all that the refusal names."""
    try:
        found = names.find(kind, word, kind, date.fromisoformat(day))
    except NameNotClearError as error:
        listed = [one.partition(" ")[0] for one in error.candidates]
        return ["may be", *(listed or re.findall(r"([\w-]+) \(", str(error)))]
    return [found.value.rpartition("/")[2]]


@pytest.mark.parametrize("typed", TYPED)
def test_every_council_is_found_alone_or_listed(
    names: Labels, councils: list[CsvRow], typed: str
) -> None:
    """A form of a name never leads to the council of another place alone."""
    alone = 0
    for row in councils:
        slug, day = row.cells["slug"], max(row.cells["valid_from"], "1998-09-30")
        word = typed.format(place(row.cells["name"]))
        found = answers(names, "body", word, day)
        assert slug in found, (word, day, found)
        alone += found == [slug]
    assert alone, typed


def test_the_proper_name_of_a_council_is_that_council(
    names: Labels, councils: list[CsvRow]
) -> None:
    for row in councils:
        day = max(row.cells["valid_from"], "1998-09-30")
        assert answers(names, "body", row.cells["name"], day) == [row.cells["slug"]]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_accents_ampersands_and_case_change_nothing(
    names: Labels, councils: list[CsvRow], data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(councils))
    name, day = row.cells["name"], max(row.cells["valid_from"], "1998-09-30")
    change = data.draw(
        st.sampled_from(
            [
                str.upper,
                str.lower,
                lambda text: text.replace(" and ", " & "),
                lambda text: text.replace(" & ", " and "),
                lambda text: text.replace("-", " "),
                lambda text: text.replace(" ", "  "),
                lambda text: text.replace("o", "ô"),
                lambda text: text.replace("'", "\u2019"),
            ]
        )
    )
    assert answers(names, "body", change(name), day) == [row.cells["slug"]]


@pytest.mark.parametrize(
    ("kind", "word", "end"),
    [
        ("body", "Southwark Council", "london-borough-of-southwark"),
        ("body", "Hackney Council", "london-borough-of-hackney"),
        ("body", "LB Hackney", "london-borough-of-hackney"),
        ("body", "Brighton & Hove City Council", "brighton-and-hove-city-council"),
        ("body", "Ashford BC", "ashford-borough-council"),
        ("body", "Kent CC", "kent-county-council"),
        ("body", "Cyngor Gwynedd", "gwynedd-council"),
        ("body", "Cyngor Sir Ynys Mon", "isle-of-anglesey-county-council"),
        ("body", "Cyngor Sir Fynwy", "monmouthshire-county-council"),
        ("body", "PCC for Dorset", "pcc-dorset"),
        ("body", "Essex PCC", "pcc-essex"),
        ("body", "Safer Southwark Partnership", "southwark-csp"),
        ("body", "Safer Dorset Partnership", "dorset-csp"),
        ("area", "Ynys Mon", "W06000001"),
        ("area", "Southwark Council", "E09000028"),
        ("area", "Kent County Council", "E10000016"),
    ],
)
def test_what_people_type(names: Labels, kind: str, word: str, end: str) -> None:
    assert answers(names, kind, word, NOW) == [end]


ANNUAL = {"AnnualReport", "DomesticAbuseSupportReport", "SafeguardingAdultsReport"}


@pytest.mark.parametrize(
    ("kind", "word", "listed"),
    [
        ("area", "Newcastle", {"E07000195", "E08000021"}),
        (
            "body",
            "Newcastle Council",
            {"newcastle-city-council", "newcastle-under-lyme-borough-council"},
        ),
        ("body", "Adur BC", {"adur-district-council"}),
        ("product", "annual report", ANNUAL),
        ("product", "Annual-report", ANNUAL),
        ("product", "needs assessment", {"SeriousViolenceAssessment"}),
    ],
)
def test_what_may_mean_several_is_listed(
    names: Labels, kind: str, word: str, listed: set[str]
) -> None:
    found = answers(names, kind, word, NOW)
    assert found[0] == "may be"
    assert set(found[1:]) == listed


@pytest.mark.parametrize(
    ("word", "never"),
    [
        ("Newcastle", "Lancaster"),
        ("Walees", "Swale"),
        ("East Devonn", "West Devon"),
        ("Northampten", "Southampton"),
    ],
)
def test_a_hint_does_not_lead_elsewhere(names: Labels, word: str, never: str) -> None:
    with pytest.raises(NameNotClearError) as caught:
        names.find("area", word, "area", date.fromisoformat(NOW))
    assert never not in str(caught.value)


def test_wales_is_the_country(names: Labels) -> None:
    found = names.find("area", "Wales", "area", date.fromisoformat(NOW))
    assert (
        found.value
        == "http://statistics.data.gov.uk/id/statistical-geography/W92000004"
    )


def test_a_hint_says_which_area_it_is_of(names: Labels) -> None:
    day = date.fromisoformat(NOW)
    with pytest.raises(NameNotClearError, match=r"That is E07000121 \(Lancaster\)"):
        names.find("area", "Lancastr", "area", day)
    with pytest.raises(NameNotClearError, match=r"It serves E07000105 \(Ashford\)"):
        names.find("body", "Ashfort Borough Council", "body", day)


def test_the_code_of_a_kind_is_no_name(names: Labels) -> None:
    assert answers(names, "product", "AnnualReport", NOW) == ["AnnualReport"]


def test_no_list_of_many_runs_on(names: Labels) -> None:
    with pytest.raises(NameNotClearError, match=r"or one of \d+ more; give a code"):
        names.find("body", "Council", "body", date.fromisoformat(NOW))


def test_no_other_name_of_a_concept_is_part_of_that_of_another(names: Labels) -> None:
    """Such a word would mean one of several, and nobody would be told."""
    things = names._things("product")
    for thing, called in things.items():
        for word in called[1:]:
            others = [
                other
                for other, known in things.items()
                if other != thing and spellings.within(word, known)
            ]
            assert not others, (thing, word, others)
