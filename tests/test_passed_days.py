"""A due day that has passed, a version that was replaced, a role held before its table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

import cspgraph
from cspgraph.cli import console
from cspgraph.derive.counting import Pending
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

RULES = Path(__file__).parent / "rules"
DORSET, SHEFFIELD, FORMER = "E06000059", "E08000039", "E08000019"
REVISE = "SI 2007/1830 reg.10(2)"


def revision(question: str, on: str) -> tuple[str, str, str]:
    """Return when the yearly revision fell due, when it does next, and how it stands."""
    kg = cspgraph.load(on=on, areas=["Dorset"])
    rows = [r for r in kg.answer(question, area=DORSET) if r["law"] == REVISE]
    (due, coming) = {(str(r["due"]), str(r["next_due"] or "")) for r in rows}.pop()
    word = next((str(r.get("status") or r.get("standing") or "") for r in rows), "")
    return due, coming, word.rpartition("/")[2]


#: The refresh agreed on 19 March 2024 is the last on record: it is for the year 2024-25.
REVISIONS = [
    ("2024-07-23", "2025-03-31", "", "current", "OnRecord"),
    ("2025-03-31", "2025-03-31", "", "current", "OnRecord"),
    (
        "2025-04-15",
        "2025-03-31",
        "2026-03-31",
        "no-revision-recorded",
        "PartlyOnRecord",
    ),
    (
        "2026-03-31",
        "2025-03-31",
        "2026-03-31",
        "no-revision-recorded",
        "PartlyOnRecord",
    ),
]


@pytest.mark.parametrize(("on", "due", "coming", "status", "standing"), REVISIONS)
def test_a_day_that_passed_is_shown_with_the_next(
    on: str, due: str, coming: str, status: str, standing: str
) -> None:
    assert revision("plan-dates", on) == (due, coming, status)
    assert revision("standing", on) == (due, coming, standing)
    assert revision("who-must-do-what", on)[:2] == (due, coming)


def test_a_duty_is_not_due_before_it_began() -> None:
    """Dorset began on 1 April 2019: the due day of 31 March 2019 was not its own."""
    assert revision("standing", "2019-04-15")[:2] == ("2020-03-31", "")
    assert revision("standing", "2020-04-01")[1] in ("", "2021-03-31")


def test_a_day_that_passed_is_told_wherever_it_counts() -> None:
    kg = cspgraph.load(on="2025-04-15", areas=["Dorset"])
    brief = kg.brief("Dorset", "csp-plan")
    said = " ".join(sentence.text for sentence in brief.reason)
    passed = "was 31 March 2025, and no record is dated for it"
    assert f"{passed}; the next is 31 March 2026" in said
    report = kg.validate()
    found = [f for f in report.findings if f.shape.endswith("/duty-due-passed")]
    assert ("2025-03-31", REVISE) in {(f.value, f.law) for f in found}
    duty = next(
        str(r["duty"]) for r in kg.answer("standing", area=DORSET) if r["law"] == REVISE
    )
    assert "2025-03-31, and no record is dated for it; next due by 2026-03-31" in str(
        kg.why(duty, area="Dorset")
    )


#: Version, days waited and how that stands on 11 October 2024, by the minutes on record.
WAITED = {
    "Community Safety Plan 2020-2023, as agreed in 2020": (1118, "PeriodOver"),
    "Pan Dorset Reducing Reoffending Strategy 2023 to 26": (383, "Superseded"),
    "Serious Violence Strategy 2024-25": (294, "AdoptionRecorded"),
    "Community Safety Plan 2023-2026 (2024-25 refresh)": (205, "AdoptionRecorded"),
    "Pan-Dorset Reducing Reoffending Strategy 2024-2027": (205, "AdoptionRecorded"),
}


@pytest.mark.parametrize("on", ["2024-10-11", "2025-03-01", "2026-11-30"])
def test_a_version_that_ended_stops_waiting(on: str) -> None:
    answer = cspgraph.load(on=on, areas=["Dorset"]).answer(
        "agreed-not-adopted", area=DORSET
    )
    found = {
        words[0]: (int(str(row["days_waiting"])), str(row["state"]).rpartition("/")[2])
        for row, words in zip(answer, answer.words(), strict=True)
    }
    assert found == WAITED


def made(
    *, agreed: date, until: date | None, later: date | None, adopted: date | None
) -> dict[NamedNode, dict[object, list[object]]]:
    """Return the links of one version, and of a later one where it has one."""

    def day(value: date) -> Literal:
        return Literal(value.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))

    def thing(name: str) -> NamedNode:
        return NamedNode(f"https://example.org/{name}")

    def kind(name: str) -> NamedNode:
        return NamedNode(PREFIXES["kind"] + name)

    terms = (
        *(RDF_TYPE, CSP.versionOf, CSP.about, CSP.kind, CSP.status, CSP.on),
        *(CSP.periodFrom, CSP.periodUntil, CSP.supersededBy, CSP.sourcesDifferOn),
        *(CSP.template, CSP.deadline, CSP.endsOn, CSP.validFrom),
    )
    of: dict[NamedNode, dict[object, list[object]]] = {term: {} for term in terms}

    def decide(version: str, how: str, on: date) -> None:
        decision = thing(f"{version}-{how}")
        of[CSP.about][decision] = [thing(version)]
        of[CSP.kind][decision], of[CSP.status][decision] = [kind(how)], [kind("Done")]
        of[CSP.on][decision] = [day(on)]

    for name in ("one", "two"):
        of[RDF_TYPE][thing(name)] = [CSP.StrategyVersion]
        of[CSP.versionOf][thing(name)] = [thing(f"plan-{name}")]
    decide("one", "Agree", agreed)
    if until:
        of[CSP.periodUntil][thing("one")] = [day(until)]
    if adopted:
        decide("one", "Adopt", adopted)
    if later:
        of[CSP.supersededBy][thing("one")] = [thing("two")]
        of[CSP.periodFrom][thing("two")] = [day(later)]
        decide("two", "Agree", later)
    return of


DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@given(
    agreed=DAYS,
    until=st.none() | DAYS,
    later=st.none() | DAYS,
    adopted=st.none() | DAYS,
    asked=DAYS,
)
def test_no_wait_is_longer_than_what_ended_it(
    agreed: date,
    until: date | None,
    later: date | None,
    adopted: date | None,
    asked: date,
) -> None:
    """It ends at its adoption, the version after it, the end of its period, or today."""
    of = made(agreed=agreed, until=until, later=later, adopted=adopted)
    told = {
        t.predicate: t.object.value  # type: ignore[union-attr]
        for t in Pending(of, {}, asked).waiting(set())  # type: ignore[arg-type]
        if t.subject.value.endswith("/one")  # type: ignore[union-attr]
    }
    state = told[CSP.adoptionState].rpartition("/")[2]
    days = int(told[CSP.daysWaiting])
    ends = [end for end in (until, later) if end and end <= asked]
    if adopted:
        assert (state, days) == ("AdoptionRecorded", (adopted - agreed).days)
        return
    end = min(ends, default=asked)
    assert days == (max(end, agreed) - agreed).days
    assert (state == "StillWaiting") == (not ends)
    if state == "Superseded":
        assert later == end
    if state == "PeriodOver":
        assert until == end


@pytest.mark.parametrize("name", ["55-evidence-adoption"])
def test_an_adoption_on_record_is_never_not_due_yet(name: str) -> None:
    """No period, and so nothing that runs: it is on record in part all the same."""
    kg = cspgraph.load(RULES / f"{name}.trig", on="2024-07-23", areas=["Dorset"])
    found = {
        str(row["standing"]).rpartition("/")[2]
        for row in kg.answer("standing", area=DORSET)
        if "crime and disorder reduction strategy adopted" in str(row["statement"])
    }
    assert found == {"PartlyOnRecord"}


#: First day, or day by which it held the role, of the holders in Sheffield under s.5(1).
HELD = {
    "CDA 1998 s.5(1)(a)": ("1998-09-30", None),
    "CDA 1998 s.5(1)(aa)": ("2021-06-26", None),
    "CDA 1998 s.5(1)(b)": (None, "2000-04-01"),
    "CDA 1998 s.5(1)(d)": ("2004-10-01", None),  # by its present name
    "CDA 1998 s.5(1)(e)": ("2022-07-01", None),
}


@pytest.mark.parametrize(
    ("area", "on"), [(SHEFFIELD, "2026-01-01"), (FORMER, "2025-01-01")]
)
def test_a_new_code_begins_no_role_and_no_edition_does(area: str, on: str) -> None:
    answer = cspgraph.load(on=on, areas=[area]).answer(
        "responsible-authorities", area=area
    )
    found = {
        row["law"]: tuple(
            str(row[c]) if row[c] else None for c in ("since", "since_by")
        )
        for row in answer
    }
    assert found == HELD
    text = console.show(answer)
    assert "by 2000-04-01" in text
    assert "since by" not in text


def test_a_new_area_begins_its_roles() -> None:
    """Dorset began on 1 April 2019, so nobody held a role there before."""
    answer = cspgraph.load(on="2024-07-23", areas=["Dorset"]).answer(
        "responsible-authorities", area=DORSET
    )
    assert all(row["since"] and not row["since_by"] for row in answer)
    assert min(str(row["since"]) for row in answer) == "2019-04-01"


def test_no_first_day_is_that_of_an_edition(kg: KnowledgeGraph) -> None:
    """The last days of a month on which lists are published began no holding."""
    editions = ("2017-01-31", "2019-04-30", "2019-12-31", "2023-12-31", "2024-12-31")
    days = " ".join(f'"{day}"' for day in editions)
    found = kg.select(
        "SELECT ?holding ?from WHERE { ?holding a csp:RoleHolding ; csp:validFrom ?from"
        f" VALUES ?day {{ {days} }}"
        " FILTER (STR(?from) = ?day) MINUS { ?holding csp:beginsBy ?by } }"
        " ORDER BY ?holding"
    )
    assert list(found) == []


STATED = """
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix passage: <https://w3id.org/cspgraph/id/passage/> .
@prefix version: <https://w3id.org/cspgraph/id/version/> .
@prefix strategy: <https://w3id.org/cspgraph/id/strategy/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

version:made-up-next
    a csp:StrategyVersion ;
    csp:versionOf strategy:dorset-csplan-2023 ;
    csp:periodFrom "2024-06-01"^^xsd:date ;
    csp:periodUntil "2026-04-01"^^xsd:date ;
    csp:source passage:dorset-2024-07-23.2.1 .

version:dorset-svs-2024.1 csp:supersededBy version:made-up-next .
"""


@pytest.mark.parametrize(
    ("on", "state"), [("2024-05-31", "StillWaiting"), ("2024-08-01", "Superseded")]
)
def test_a_record_says_what_titles_do_not_show(
    on: str, state: str, tmp_path: Path
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(STATED, encoding="utf-8")
    answer = cspgraph.load(own, on=on, areas=["Dorset"]).answer(
        "agreed-not-adopted", area=DORSET
    )
    found = {
        words[0]: str(row["state"]).rpartition("/")[2]
        for row, words in zip(answer, answer.words(), strict=True)
    }
    assert found["Serious Violence Strategy 2024-25"] == state
