"""Organs that the law gives to councils, and where a form looks for them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from cspgraph.rdf import files
from cspgraph.rdf.spellings import COUNCILS
from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, compact
from cspgraph.register.register import Register
from filled import filled_in, names

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.rdf.files import CsvRow

FORM = """
record: {{name: made-up, area: "{area}", day: 2024-07-23}}
documents:
- {{ref: minutes, title: Minutes, kind of document: minutes, day of the document: 2024-07-23, publisher: "{publisher}"}}
decisions:
- {{ref: adopt, name: The plan is adopted, kind of decision: adopt, about: minutes, decided by: "{by}", day: 2024-07-23, done or proposed: done, source: minutes / 1}}
"""


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(files.shipped("data/register", ".csv"))


def days(row: CsvRow) -> tuple[str, str]:
    return row.cells["valid_from"], row.cells["valid_until"] or OPEN_END


@pytest.fixture(scope="module")
def organs(register: Register) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found = defaultdict(list)
    for row in register.rows("organs"):
        if " member " not in row.cells["name"]:
            found[row.cells["body"], row.cells["kind"]].append(days(row))
    return found


def councils(register: Register) -> list[CsvRow]:
    rows = register.rows("bodies")
    return [row for row in rows if row.cells["kind"] in COUNCILS]


def on(held: list[tuple[str, str]], day: str) -> int:
    return sum(first <= day < until for first, until in held)


def test_every_council_has_one_full_council_on_all_its_days(register, organs) -> None:  # type: ignore[no-untyped-def]
    for row in councils(register):
        first, until = days(row)
        held = sorted(organs[row.cells["slug"], "FullCouncil"])
        assert held == [(first, until)], row.cells["slug"]


def test_every_principal_council_has_a_crime_and_disorder_committee(  # type: ignore[no-untyped-def]
    register, organs
) -> None:
    """Since 30 April 2009 in England and 1 October 2009 in Wales (PJA 2006 s.19)."""
    for row in councils(register):
        if row.cells["kind"] in ("CommonCouncil", "CouncilOfScilly"):
            continue
        begun = (
            "2009-10-01"
            if row.cells["kind"] == "WelshPrincipalCouncil"
            else "2009-04-30"
        )
        first, until = days(row)
        held = organs[row.cells["slug"], "CrimeAndDisorderCommittee"]
        assert not on(held, "2009-04-29")
        for day in (begun, "2015-06-01", "2024-07-23", "2030-01-01"):
            assert on(held, day) == (max(first, begun) <= day < until), row.cells[
                "slug"
            ]


def test_executive_and_committees_follow_the_form_of_governance(  # type: ignore[no-untyped-def]
    register, organs
) -> None:
    """One where it is known, both where it is not; then each says what it assumes."""
    principal = {row.cells["slug"]: row for row in councils(register)}
    for row in register.rows("governance"):
        body, (first, until) = row.cells["body"], days(row)
        council = principal[body]
        if council.cells["kind"] in ("CommonCouncil", "CouncilOfScilly"):
            continue
        first = max(first, council.cells["valid_from"])
        if first >= min(until, days(council)[1]):
            continue
        form = row.cells["governance"]
        assert on(organs[body, "Executive"], first) >= (form != "CommitteeSystem"), body
        held = [
            days(organ)
            for organ in register.rows("organs")
            if organ.cells["slug"].startswith(f"{body}-committee")
        ]
        assert on(held, first) == (form != "ExecutiveArrangements"), body


def test_what_is_taken_for_granted_is_said(register: Register) -> None:
    rows = {row.cells["slug"]: row.cells for row in register.rows("organs")}
    for end in ("executive", "committee"):
        cells = rows[f"ashford-borough-council-{end}"]
        assert cells["confidence"] == "Low"
        assert (
            "Nothing was read that says how this council was governed"
            in cells["assumption"]
        )
    assert "sheffield-city-council-executive" in rows
    assert rows["sheffield-city-council-executive"]["valid_until"] == "2025-03-31"
    assert "dorset-council-executive" not in rows


def test_one_area_holds_its_own_organs_alone(register: Register) -> None:
    near = register.nearby([PREFIXES["gss"] + "E07000105"], (), ())
    of = {
        compact(quad.object.value)  # type: ignore[union-attr]
        for quad in register.quads(near)
        if quad.predicate == CSP.organOf
    }
    assert of == {"body:ashford-borough-council", "body:kent-county-council"}


def decided(
    place: Path, area: str, by: str, publisher: str = ""
) -> tuple[list[str], list[str]]:
    """Return who decided, and what is wrong, in a form for `area`."""
    text = FORM.format(area=area, by=by, publisher=publisher)
    record = filled_in(place / "form.yaml", text)
    found = [
        compact(quad.object.value)  # type: ignore[union-attr]
        for quad in record.quads
        if quad.predicate == CSP.by
    ]
    return found, [str(problem) for problem in record.problems]


@pytest.mark.parametrize(
    ("area", "publisher", "word", "organ"),
    [
        (
            "Ashford",
            "Ashford BC",
            "Full Council",
            "ashford-borough-council-full-council",
        ),
        (
            "Ashford",
            "Ashford Borough Council",
            "Cabinet",
            "ashford-borough-council-executive",
        ),
        ("Dorset", "Dorset Council", "Full Council", "dorset-council-full-council"),
        ("Dorset", "Dorset Council", "cabinet", "dorset-council-cabinet"),
        (
            "Southwark",
            "Southwark Council",
            "full council",
            "london-borough-of-southwark-full-council",
        ),
        ("Gwynedd", "Cyngor Gwynedd", "Full Council", "gwynedd-council-full-council"),
        (
            "Ashford",
            "Ashford BC",
            "Full Council of Dorset Council",
            "dorset-council-full-council",
        ),
    ],
)
def test_an_organ_is_that_of_the_record(
    tmp_path: Path, area: str, publisher: str, word: str, organ: str
) -> None:
    """The last is named in full; that it decides elsewhere is for the check to find."""
    assert decided(tmp_path, area, word, publisher) == ([f"organ:{organ}"], [])


@pytest.mark.parametrize("word", ["Full Council", "Committee", "Council", "Cabinet"])
def test_what_several_bodies_of_the_record_have_is_listed(
    tmp_path: Path, word: str
) -> None:
    """Kent County Council publishes in a record of Ashford: either may be meant."""
    found, wrong = decided(tmp_path, "Ashford", word, "Kent County Council")
    assert not found
    assert "ashford-borough-council" in wrong[0]
    assert "kent-county-council" in wrong[0]
    assert "dorset" not in " ".join(wrong)


@pytest.mark.parametrize(
    "word", ["leader", "annual report", "Place Scrutiny Committee"]
)
def test_what_no_body_of_the_record_has_is_refused(tmp_path: Path, word: str) -> None:
    found, wrong = decided(tmp_path, "Ashford", word, "Ashford BC")
    assert not found
    assert wrong


def test_forms_offer_the_organs() -> None:
    register = Register(files.shipped("data/register", ".csv"))
    near = register.surroundings(PREFIXES["gss"] + "E07000105")
    offered = names().words(["organ"], near, "2026-11-30")
    for organ in ("Full Council", "Crime and Disorder Committee", "Executive"):
        assert f"{organ} of Ashford Borough Council" in offered
