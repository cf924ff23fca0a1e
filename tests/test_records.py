"""What is on record of fourteen areas, against a table that was written by hand.

`tests/records.csv` has a row for each fact that an answer should give: area, question,
the version or document, what is said of it, by whom, its status, the day (`first..last`
where it is bounded, empty where it is not known) and the place in the reference on
council records that says so. It was written from that reference, not from the answers.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

import cspgraph
import few
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from cspgraph.records.index import RecordIndex

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

TABLE = Path(__file__).parent / "records.csv"
SHIPPED = files.shipped("data/record", ".trig")
#: The last day on which a page without a day can have been written: all were read by then.
READ = "2026-11-23"

DORSET, BCP, ROTHERHAM, BRENT = "E06000059", "E06000058", "E08000018", "E09000005"
TONBRIDGE, KENT, MEDWAY = "E07000115", "E10000016", "E06000035"
BARKING, BRIGHTON, SHEFFIELD = "E09000002", "E06000043", "E08000039"
SWANSEA = "W06000011"

NOT_ADOPTED = "no adoption on record"
#: Agreements on a known day that stand in tables of facts, and when the period was over.
FROM_FACTS = [
    (
        "buckinghamshire-safer-buckinghamshire-plan-community-safety-plan-2020-2023",
        *("2020-07-21", "2023-04-01"),
    ),
    ("dartford-community-safety-plan-2015-16", "2015-03-19", "2016-04-01"),
    (
        "york-community-safety-plan-2017-2020-also-strategy-2017-20",
        *("2017-06-27", "2020-04-01"),
    ),
]

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def country() -> KnowledgeGraph:
    """Return the shipped graph, of which each question reads what is near."""
    return cspgraph.load()


def table(question: str) -> dict[str, set[Row]]:
    """Return the rows of the table for `question` by area, without the reference."""
    found: dict[str, set[Row]] = {row["area"]: set() for row in _rows()}
    for row in _rows():
        if row["question"] == question:
            cells = (row[n] for n in ("thing", "what", "by", "status", "day"))
            found[row["area"]].add(tuple(cells))
    return found


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


AREAS = sorted({row["area"] for row in _rows()})
each_area = pytest.mark.parametrize("area", AREAS)


def end(thing: object) -> str:
    return str(thing or "").rpartition("/")[2]


def day(on: object, first: object, last: object) -> str:
    """Return a day as the table writes it."""
    bounds = f"{first or ''}..{last or ''}"
    return str(on) if on else bounds if bounds != ".." else ""


def asked(
    kg: KnowledgeGraph, question: str, area: str, on: str = READ
) -> list[dict[str, object]]:
    """Return the rows of an answer, with each cell as a term and, after `_`, in words.

    Those of one area alone: a county is asked with its districts, and they with it.
    """
    answer = kg.answer(question, area=area, on=on)
    heads = [column.name for column in answer.columns]
    return [
        {**row, **{f"_{n}": w for n, w in zip(heads, words, strict=True)}}
        for row, words in zip(answer, answer.words(), strict=True)
        if heads[0] != "area" or end(row["area"]) == area
    ]


def trail(kg: KnowledgeGraph, area: str, version: str, on: str = READ) -> list[Row]:
    """Return kind, who, status and day of each decision about `version`."""
    return [
        (
            str(row["_decision"]),
            end(row["by"]),
            str(row["_status"]),
            day(row["on"], row["not_before"], row["not_after"]),
        )
        for row in asked(kg, "decision-trail", area, on)
        if end(row["version"]) == version
    ]


def standings(kg: KnowledgeGraph, area: str, on: str, *laws: str) -> dict[str, str]:
    """Return how the duties in `area` from provisions that begin so stand, by address."""
    return {
        end(row["duty"]): str(row["_standing"])
        for row in asked(kg, "standing", area, on)
        if str(row["law"]).startswith(laws)
    }


# The table, row by row


@each_area
def test_the_trail_of_decisions_is_that_of_the_table(
    area: str, country: KnowledgeGraph
) -> None:
    found = {
        (
            end(row["version"]),
            str(row["_decision"]),
            end(row["by"]),
            str(row["_status"]),
            day(row["on"], row["not_before"], row["not_after"]),
        )
        for row in asked(country, "decision-trail", area)
    }
    expected = table("decision-trail")[area]
    assert found - expected == set()
    assert expected - found == set()


@each_area
def test_versions_their_periods_and_how_far_they_came(
    area: str, country: KnowledgeGraph
) -> None:
    found = {
        (
            end(row["version"] or row["strategy"]),
            str(row["status"]),
            "",
            "",
            day(None, row["starts"], row["ends"]),
        )
        for row in asked(country, "strategies", area)
    }
    expected = table("strategies")[area]
    assert found - expected == set()
    assert expected - found == set()


@each_area
def test_what_was_agreed_and_when_it_was_adopted(
    area: str, country: KnowledgeGraph
) -> None:
    found = {
        (
            end(row["version"]),
            str(row["adopted_on"] or ""),
            "",
            "",
            str(row["agreed_on"]),
        )
        for row in asked(country, "agreed-not-adopted", area)
    }
    assert found == table("agreed-not-adopted")[area]


@each_area
def test_priorities_are_in_the_words_of_their_version(
    area: str, country: KnowledgeGraph
) -> None:
    found = {
        (end(row["version"]), str(row["_priority"]), "", str(row["cross_cutting"]), "")
        for row in asked(country, "priorities", area)
    }
    expected = table("priorities")[area]
    told = {row[0] for row in expected}
    assert {row for row in found if row[0] in told} == expected
    assert area == DORSET or {row[0] for row in found} == told


def test_documents_have_their_days_and_publishers(country: KnowledgeGraph) -> None:
    answer = country.answer("documents", on=READ)
    found = {
        (
            end(row["document"]),
            words[1],
            end(row["publisher"]),
            "",
            f"{row['not_before']}..{row['on']}"
            if row["not_before"]
            else str(row["on"]),
        )
        for row, words in zip(answer, answer.words(), strict=True)
    }
    expected = set().union(*table("documents").values())
    assert expected - found == set()


#: Versions that stopped waiting before the day of the question: the titles give their
#: years, and the strategy of 2024-2027 follows that of 2023 to 26.
ENDED = {
    "dorset-csplan-2020.2020-21": "period over on 2023-04-01",
    "rotherham-plan-2022.1": "period over on 2025-04-01",
    "pan-dorset-rrs-2023.1": "superseded on 2024-04-01",
    "kent-csa.2024-25": "period over on 2025-04-01",
}


def test_waiting_is_counted_from_what_was_agreed(country: KnowledgeGraph) -> None:
    """Each agreement with a day, to its adoption, its end or the day of the question."""
    answer = country.answer("waiting-times", on=READ)
    found = {
        (end(row["version"]), str(row["from_event"]), str(row["to_event"]))
        for row in answer
        if "adopt" in str(row["to_event"])
    }
    assert found == {
        (
            version,
            f"agree {agreed}",
            f"adopt {adopted}"
            if adopted
            else f"{ENDED[version]}, no adoption on record"
            if version in ENDED
            else f"no adoption on record on {READ}",
        )
        for rows in table("agreed-not-adopted").values()
        for version, adopted, _, _, agreed in rows
    } | {
        (f"{version}.1", f"agree {agreed}", f"period over on {over}, {NOT_ADOPTED}")
        for version, agreed, over in FROM_FACTS
    }


# The ten useful cases of the reference


def test_agreed_twice_adopted_once(country: KnowledgeGraph) -> None:
    """The Dorset partnership agreed a reoffending strategy in 2023 and another in 2024."""
    first = trail(country, DORSET, "pan-dorset-rrs-2023.1")
    second = trail(country, DORSET, "pan-dorset-rrs-2024.1")
    assert ("agree", "dorset-csp", "done", "2023-03-15") in first
    assert ("agree", "dorset-csp", "done", "2024-03-19") in second
    assert "adopt" not in {row[0] for row in first}
    assert [row[0] for row in second].count("adopt") == 1


def test_adopted_in_its_second_year(country: KnowledgeGraph) -> None:
    """The plan for 2023-2026 came before council as its refresh for 2024-25."""
    for version, kinds in {
        "2023-24": {"consult"},
        "2024-25": {"agree", "adopt"},
    }.items():
        found = {
            row[0] for row in trail(country, DORSET, f"dorset-csplan-2023.{version}")
        }
        assert found - {"recommend"} == kinds
    starts = {
        end(row["version"]): str(row["starts"])
        for row in asked(country, "strategies", DORSET)
    }
    assert starts["dorset-csplan-2023.2023-24"] == "2023-04-01"
    assert starts["dorset-csplan-2023.2024-25"] == "2024-04-01" < "2024-10-10"


def test_the_period_began_before_any_adoption(country: KnowledgeGraph) -> None:
    """Rotherham: from 1 April 2025; Council not before 5 November 2025, outcome not read."""
    steps = trail(country, ROTHERHAM, "rotherham-strategy-2025.1")
    council = "rotherham-metropolitan-borough-council-full-council"
    assert ("consider", council, "planned", "2025-11-05..") in steps
    assert "adopt" not in {row[0] for row in steps}
    (starts,) = (
        str(row["starts"])
        for row in asked(country, "strategies", ROTHERHAM)
        if end(row["version"]) == "rotherham-strategy-2025.1"
    )
    assert starts == "2025-04-01" < "2025-11-05"
    adopt = standings(country, ROTHERHAM, "2025-10-01", "SI 2000/2853 Sch.3")
    assert adopt["fr00-adopt-cdrs.E08000018.rotherham-metropolitan-borough-council.2023-01-01"] == "partly on record"  # fmt: skip


def test_what_was_planned_is_not_taken_as_done(country: KnowledgeGraph) -> None:
    """Cabinet in Barking and Dagenham, Council in Sheffield: never confirmed."""
    cabinet = "london-borough-of-barking-and-dagenham-cabinet"
    steps = trail(country, BARKING, "barking-and-dagenham-plan-2023.1")
    assert {row[2] for row in steps if row[1] == cabinet} == {"planned"}
    assert ("2023-04-18") in {row[3] for row in steps if row[1] == cabinet}
    status = {
        end(row["version"]): row["status"]
        for row in asked(country, "strategies", SHEFFIELD)
    }
    assert status == {"sheffield-strategy-2025.1": "recommended, no adoption on record"}
    for on in ("2025-07-02", READ):
        found = standings(country, SHEFFIELD, on, "SI 2012/1020", "SI 2000/2853")
        assert found
        assert "on record" not in found.values()


@pytest.mark.parametrize(
    ("area", "version", "on"),
    [
        (BRENT, "brent-strategy-2024.1", "2024-06-01"),
        (DORSET, "dorset-das-2021.draft", "2022-06-01"),
    ],
)
def test_approval_by_the_executive_is_no_adoption(
    area: str, version: str, on: str, country: KnowledgeGraph
) -> None:
    steps = trail(country, area, version, on)
    assert "approve by the executive" in {row[0] for row in steps}
    assert "adopt" not in {row[0] for row in steps}
    status = {
        end(row["version"]): row["status"]
        for row in asked(country, "strategies", area, on)
    }
    assert status[version] == "approved by the executive, no adoption on record"
    reserved = standings(country, area, on, "SI 2000/2853 Sch.3")
    assert reserved
    assert "on record" not in reserved.values()


def test_a_refresh_may_change_no_priority(country: KnowledgeGraph) -> None:
    """Brighton 2024 keeps its four; Medway 2018/19 and Kent 2024/25 say so in words."""
    found: dict[str, set[str]] = {}
    for row in asked(country, "priorities", BRIGHTON):
        found.setdefault(end(row["version"]), set()).add(str(row["_priority"]))
    first, refresh = (f"brighton-and-hove-strategy-2023.{n}" for n in ("1", "2024"))
    assert found[first] == found[refresh]
    assert len(found[refresh]) == 4
    said = {
        end(quad.subject.value): quad.object.value
        for source in SHIPPED
        for quad in files.quads(source)
        if quad.predicate == CSP.statement
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
    }
    for version in ("kent-csa.2024-25", "medway-plan-2016.2018-19", refresh):
        assert "unchanged" in said[version]


def test_one_document_over_two_areas(country: KnowledgeGraph) -> None:
    """Both partnerships share the pan-Dorset strategy; only one is known to have agreed."""
    for area in (DORSET, BCP):
        versions = {end(row["version"]) for row in asked(country, "strategies", area)}
        assert {"pan-dorset-rrs-2023.1", "pan-dorset-rrs-2024.1"} <= versions
    here, there = (
        standings(country, area, "2024-10-11", "CDA 1998 s.6(1)(c)")
        for area in (DORSET, BCP)
    )
    assert set(here.values()) == {"on record"}
    assert set(there.values()) == {"not looked for"}


def test_a_county_agreement_over_district_plans(country: KnowledgeGraph) -> None:
    """The agreement is that of the county group; the plan of a district is its own."""
    district = {end(row["strategy"]) for row in asked(country, "strategies", TONBRIDGE)}
    county = {end(row["strategy"]) for row in asked(country, "strategies", KENT)}
    assert county == {"kent-csa"}
    assert "tonbridge-and-malling-plan-2025" in district
    assert "kent-csa" not in district
    assert {row[1] for row in trail(country, KENT, "kent-csa.2024-25")} == {
        "kent-county-strategy-group"
    }


def test_the_system_changed_while_a_strategy_ran(country: KnowledgeGraph) -> None:
    """Policy committees until March 2024; by July a cabinet, of which the press alone tells.

    Between them nothing is known, and both ways to adoption are told.
    """
    strategy = "crime and disorder strategy"
    found = {}
    for on in ("2024-03-25", "2024-05-01", "2024-07-18"):
        answer = country.answer("who-must-adopt", area=BRIGHTON, on=on)
        heads = [column.name for column in answer.columns]
        rows = [dict(zip(heads, words, strict=True)) for words in answer.words()]
        found[on] = {
            (row["law"], bool(row.get("assumes")))
            for row in rows
            if row["product"] == strategy
        }
    assert {assumed for _, assumed in found["2024-03-25"]} == {False}
    assert {assumed for _, assumed in found["2024-05-01"]} == {True}
    assert len(found["2024-05-01"]) > 1
    assert found["2024-07-18"] == {("SI 2000/2853 Sch.3", True)}
    assert not found["2024-03-25"] & found["2024-07-18"]
    running = {
        end(row["version"])
        for row in asked(country, "strategies", BRIGHTON, "2024-07-18")
        if str(row["starts"]) <= "2024-07-18" < str(row["ends"])
    }
    assert "brighton-and-hove-strategy-2023.1" in running


@pytest.mark.parametrize(
    ("area", "on", "standing"),
    [
        (TONBRIDGE, "2025-06-01", "not on record"),
        (TONBRIDGE, "2026-06-01", "not looked for"),
        (SWANSEA, "2023-06-01", "not on record"),
        (SWANSEA, "2025-06-01", "not looked for"),
    ],
)
def test_not_seen_is_never_more_than_not_on_record(
    area: str, on: str, standing: str, country: KnowledgeGraph
) -> None:
    """The plan was looked for on some days and not on others; no adoption is due on any."""
    plan = standings(
        country, area, on, "CDA 1998 s.6(1)(a)", "SI 2007/1830 reg.10(1)",
        "SI 2007/3076 reg.8(1)",
    )  # fmt: skip
    assert plan
    assert set(plan.values()) == {standing}
    adopt = {
        duty: how
        for duty, how in standings(country, area, on, "SI ", "LGA ", "CS").items()
        if "-adopt-" in duty
    }
    assert adopt
    assert set(adopt.values()) <= {"not due yet", "not on record", "not looked for"}


# How the records are written and read


def test_each_folder_says_what_was_looked_for() -> None:
    folders = {Path(source.name).parent.name for source in SHIPPED}
    searched = {
        Path(source.name).parent.name
        for source in SHIPPED
        for quad in files.quads(source)
        if quad.predicate == RDF_TYPE and quad.object == CSP.Search
    }
    assert searched == folders
    # Thirteen kept by hand, of which Kent holds the county and a district, and others.
    made = [source for source in SHIPPED if source.name.endswith(few.MADE)]
    assert len(folders) == 13 + len(made)


def test_each_document_says_how_it_was_seen() -> None:
    """All but the report of 2024, whose text was read and which has no page."""
    documents, seen = set(), set()
    for source in SHIPPED:
        for quad in files.quads(source):
            if quad.predicate == RDF_TYPE and quad.object == CSP.SourceDocument:
                documents.add(end(quad.subject))
            if quad.predicate == CSP.verification:
                seen.add(end(quad.subject))
    assert {name.rstrip(">") for name in documents - seen} == {"dorset-2024-07-23"}


def test_all_areas_bodies_and_organs_that_records_name_are_found() -> None:
    records = RecordIndex(SHIPPED)
    starts = tuple(PREFIXES[name] for name in ("gss", "area", "body", "organ"))
    parsed = {
        part.value
        for source in SHIPPED
        for quad in files.quads(source)
        for part in (quad.subject, quad.object)
        if isinstance(part, NamedNode) and part.value.startswith(starts)
    }
    assert records.named() == parsed


def test_a_question_reads_the_records_near_its_area() -> None:
    records = RecordIndex(SHIPPED)
    read = {Path(source.name).parent.name for source in records.near({MEDWAY})}
    assert read == {"medway"}
    assert records.near({"E07000004"}) == []


def test_what_has_run_out_is_no_step_any_more(country: KnowledgeGraph) -> None:
    """Croydon: recommended in 2021 for 2022 to 2024."""
    croydon = "E09000008"
    during, after = (
        standings(country, croydon, on, "SI 2000/2853 Sch.3")
        for on in ("2024-06-01", "2025-06-01")
    )
    duty = next(name for name in during if name.startswith("fr00-adopt-cdrs"))
    assert during[duty] == "partly on record"
    assert after[duty] != "partly on record"


def test_a_bounded_decision_counts_from_its_last_day(country: KnowledgeGraph) -> None:
    """Agreed by Full Council between 9 March and the end of 2023; no day is made up."""
    version = "brighton-and-hove-strategy-2023.1"
    council = "brighton-and-hove-city-council-full-council"
    step = ("adopt", council, "done", "2023-03-09..2023-12-31")
    assert step not in trail(country, BRIGHTON, version, "2023-12-30")
    assert step in trail(country, BRIGHTON, version, "2023-12-31")


def test_the_table_cites_the_reference() -> None:
    for row in _rows():
        assert re.match(r"(P |1\.\d|2\.\d)", row["ref"]), row


def test_no_text_fell_into_letters() -> None:
    """A text of one letter is a slip of whoever wrote the file."""
    for source in files.shipped("data/record", ".trig"):
        texts = [q.object for q in files.quads(source) if isinstance(q.object, Literal)]
        assert not [t for t in texts if t.language and len(t.value) < 3], source.name
