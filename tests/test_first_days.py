"""A first day is told only where it is known: elsewhere "by", and a day on which it held.

The days come from the tables and the law as they are written: a day on which rows of the
register begin only with `by` in `first_day`, and no law, is the first day of nothing.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cspgraph
from cspgraph.rdf import files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DAY = "2026-01-01"
AREAS = [
    *("Ashfield", "Sheffield", "Barnsley", "Dorset", "Leeds", "Cardiff", "Hackney"),
    *("City of London", "Isle of Wight", "Cornwall", "North Northamptonshire"),
    *("Elmbridge", "Medway", "Northumberland"),
]
QUESTIONS = {
    "who-must-do-what": {},
    "document-duties": {"product": "csp-plan"},
    "bodies-and-duties": {},
    "document-contents": {"product": "csp-plan"},
    "responsible-authorities": {},
    "specified-authorities": {},
    "bodies-of-area": {},
}


@cache
def graph(area: str) -> KnowledgeGraph:
    return cspgraph.load(on=DAY, areas=[area])


@cache
def unsure() -> frozenset[str]:
    """Return the days on which nothing that is known to begin then begins."""
    by: set[str] = set()
    known: set[str] = set()
    areas: set[tuple[str, str]] = set()
    for source in files.shipped("data/register", "/areas.csv"):
        for row in csv.DictReader(source.text.splitlines()):
            if row.get("first_day") == "by":
                areas.add((row["code"], row["valid_from"]))
    for folder in ("data/register/built", "data/register/kept"):
        for source in files.shipped(folder, ".csv"):
            if source.name.endswith("statistical-areas.csv"):
                continue  # nobody serves or is bound in these
            for row in csv.DictReader(source.text.splitlines()):
                if day := row.get("valid_from"):
                    marked = row.get("first_day") == "by"
                    with_its_area = (row.get("area"), day) in areas
                    (by if marked or with_its_area else known).add(day)
    for source in files.shipped("data/law", ".ttl"):
        if source.name.endswith("evidence.ttl"):
            continue  # days of pages: a text as at a day begins nothing
        for block in source.text.split("\n\n"):
            if "csp:beginsBy" not in block:
                known |= set(re.findall(r'"([0-9-]{10})"\^\^xsd:date', block))
    return frozenset(by - known)


def test_the_editions_of_the_tables_are_first_days_of_nothing() -> None:
    assert {"2017-01-31", "2019-12-31"} <= unsure()
    assert not {"1998-09-30", "2019-04-01", "2022-07-01"} & unsure()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(AREAS), st.sampled_from(sorted(QUESTIONS)))
def test_no_answer_tells_a_first_day_that_is_not_known(area: str, name: str) -> None:
    answer = graph(area).answer(name, area=area, on=DAY, **QUESTIONS[name])
    assert len(answer)
    for row in answer:
        assert str(row["since"]) not in unsure(), row
        assert not (row["since"] and row["since_by"]), row
        if not name.startswith("document"):
            assert row["since"] or row["since_by"], row


def days(answer: Answer, body: str, column: str = "bearer") -> set[tuple[str, str]]:
    """Return the days of the rows of one body: the first, or that by which it held."""
    names = [one.name for one in answer.columns]
    rows = (dict(zip(names, row, strict=True)) for row in answer.words())
    return {(r["since"], r["since_by"]) for r in rows if body in r[column]}


POLICE = FIRE = ("2007-08-01", "")
#: The law that asks for the strategy in England, and its bearers, by area.
FORMULATES = {
    ("Ashfield", "Chief Constable"): POLICE,
    ("Ashfield", "Fire"): FIRE,
    ("Sheffield", "Chief Constable"): POLICE,
    ("Sheffield", "Fire"): FIRE,
    ("Sheffield", "Sheffield City Council"): ("2007-08-01", ""),
    ("Ashfield", "Ashfield District Council"): ("2007-08-01", ""),
    ("Ashfield", "Integrated Care Board"): ("2022-07-01", ""),
    ("Sheffield", "Integrated Care Board"): ("2022-07-01", ""),
}


@pytest.mark.parametrize(("area", "body"), FORMULATES)
@pytest.mark.parametrize("name", ["who-must-do-what", "document-duties"])
def test_a_body_is_bound_since_it_held_the_role(
    name: str, area: str, body: str
) -> None:
    """The groups of SI 2007/1830 begin on 1 August 2007; care boards on 1 July 2022."""
    product = "crime-and-disorder-strategy"
    answer = graph(area).answer(name, area=area, product=product, on=DAY)
    law = [one.name for one in answer.columns].index("law")
    words = answer.words()
    kept = [
        row
        for row, said in zip(answer, words, strict=True)
        if said[law] == "CDA 1998 s.6(1)(a)" and body in " ".join(said)
    ]
    since, latest = FORMULATES[area, body]
    assert kept
    assert {(str(row["since"] or ""), str(row["since_by"] or "")) for row in kept} == {
        (since, latest)
    }


@pytest.mark.parametrize(("area", "body"), FORMULATES)
def test_links_of_bodies_begin_on_the_same_day(area: str, body: str) -> None:
    product = "crime-and-disorder-strategy"
    answer = graph(area).answer("bodies-and-duties", area=area, product=product, on=DAY)
    words = [
        dict(zip([c.name for c in answer.columns], row, strict=True))
        for row in answer.words()
    ]
    found = {
        (row["since"], row["since_by"])
        for row in words
        if body in row["from"] and row["law"] == "CDA 1998 s.6(1)(a)"
    }
    assert found == {FORMULATES[area, body]}


@cache
def recoded() -> dict[str, tuple[str, str]]:
    """Return each code that took the place of one other for the same name, with its day."""
    tables = files.shipped("data/register", "/areas.csv")
    rows = [row for t in tables for row in csv.DictReader(t.text.splitlines())]
    after = {row["code"]: (row.get("successor") or "").split(";") for row in rows}
    before: dict[str, list[str]] = {}
    for old, codes in after.items():
        for code in codes:
            before.setdefault(code, []).append(old)
    known = {row["code"]: row for row in rows}
    return {
        new: (olds[0], known[new]["valid_from"])
        for new, olds in before.items()
        if new and len(olds) == 1 and after[olds[0]] == [new]
        if known[new]["name"] == known[olds[0]]["name"]
        if known[new]["valid_from"] == known[olds[0]]["valid_until"]
    }


def test_the_areas_with_a_new_code_are_those_of_2025() -> None:
    """The codes for Barnsley and Sheffield changed on 1 April 2025."""
    assert recoded() == {
        "E08000038": ("E08000016", "2025-04-01"),
        "E08000039": ("E08000019", "2025-04-01"),
    }


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("code", ["E08000038", "E08000039"])
def test_a_new_code_begins_no_role(code: str, name: str) -> None:
    old, day = recoded()[code]
    kg = cspgraph.load(on=DAY, areas=[code])
    answer = kg.answer(name, area=code, on=DAY, **QUESTIONS[name])
    assert len(answer)
    assert day not in {str(row[c]) for row in answer for c in ("since", "since_by")}
    if name == "responsible-authorities":
        columns = [column.name for column in answer.columns]
        words = (dict(zip(columns, row, strict=True)) for row in answer.words())
        earlier = kg.answer(name, area=old, on="2025-03-31")
        former = (dict(zip(columns, row, strict=True)) for row in earlier.words())
        told = ("body", "law", "since", "since_by")
        assert {tuple(row[c] for c in told) for row in words} == {
            tuple(row[c] for c in told) for row in former
        }


def test_a_new_code_begins_no_duty() -> None:
    """Sheffield got the code E08000039 on 1 April 2025, and nothing else changed."""
    answer = graph("Sheffield").answer("who-must-do-what", area="Sheffield", on=DAY)
    assert "2025-04-01" not in {str(row["since"]) for row in answer}
    assert ("1998-09-30", "") in days(answer, "Sheffield City Council")


def test_a_body_that_ends_is_bound_until_then() -> None:
    kg = graph("Dorset")
    answer = kg.answer("who-must-do-what", area="Dorset", on="2022-06-30")
    bearer = [one.name for one in answer.columns].index("bearer")
    ends = {
        str(row["until"])
        for row, said in zip(answer, answer.words(), strict=True)
        if "Clinical Commissioning Group" in said[bearer]
    }
    assert ends == {"2022-07-01"}


def test_a_form_of_governance_seen_on_a_day_may_be_older() -> None:
    """The committees of Sheffield are first seen on 31 March 2025."""
    answer = graph("Sheffield").answer(
        "who-must-do-what", area="Sheffield", action="adopt", on=DAY
    )
    rests = [row for row in answer if str(row["law"]).startswith("SI 2012/1020")]
    assert rests
    assert {(row["since"], str(row["since_by"])) for row in rests} == {
        (None, "2025-03-31")
    }


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("duties-under", {"instrument": "law:ukpga/2015/6"}),
        ("law-behind", {"instrument": "law:ukpga/2015/6"}),
        ("law-and-amendments", {"instrument": "law:ukpga/2015/6"}),
        ("have-regard", {}),
    ],
)
def test_a_bound_of_the_law_is_no_first_day(name: str, given: dict[str, str]) -> None:
    """Panels and guidance under the Act of 2015 were there by 1 July 2015."""
    answer = graph("Dorset").answer(name, on=DAY, **given)
    bounded = [row for row in answer if row["since_by"]]
    assert {str(row["since_by"]) for row in bounded} == {"2015-07-01"}
    assert all(row["since"] is None for row in bounded)


def steps(under: Iterable[dict[str, object]]) -> Iterable[dict[str, object]]:
    for step in under:
        yield step
        yield from steps(step["steps"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("area", "body"),
    [
        ("Ashfield", "chief-constable-nottinghamshire"),
        ("Sheffield", "chief-constable-south-yorkshire"),
        ("Sheffield", "sheffield-city-council"),
        ("Barnsley", "chief-constable-south-yorkshire"),
        ("Barnsley", "barnsley-metropolitan-borough-council"),
    ],
)
def test_why_tells_no_first_day_that_is_not_known(area: str, body: str) -> None:
    why = graph(area).why(body, area=area, on=DAY)
    told = list(steps(json.loads(why.to_json())["steps"]))
    assert not {str(step["since"]) for step in told} & unsure()
    roles = [step for step in told if str(step["relation"]) == "as"]
    assert roles
    for step in roles:
        assert "2025-04-01" not in str(step["text"])
    if body.startswith("chief"):
        assert {step["since_by"] for step in roles} >= {"2000-04-01"}
        assert "by 2000-04-01" in str(why)
        assert "since 2000-04-01" not in f"{why}{why.to_markdown()}"


def test_changes_tell_what_is_known_from_a_day_from_what_began() -> None:
    kg = graph("Ashfield")
    found = kg.what_changed("E07000170", "2017-01-30", "2019-12-31")
    by_change: dict[str, set[str]] = {}
    for row in found:
        by_change.setdefault(str(row["change"]), set()).add(str(row["day"]))
    assert by_change["known"] == {"2017-01-31"}
    licensing = [row for row in found if str(row["day"]) == "2017-01-31"]
    assert {(row["change"], str(row["law"])) for row in licensing} == {
        ("known", "LA 2003 s.5")  # its text was read as at that day; no body is new
    }
    assert not by_change.get("gained", set()) & unsure()
    assert {row["cause"] for row in licensing} == {
        "the first day is not known; what is held here has it from this day"
    }


@pytest.mark.parametrize("code", ["E08000039", "E08000019", "E08000038", "E08000016"])
def test_a_new_code_is_no_change_of_roles(code: str) -> None:
    found = cspgraph.load(areas=[code], on=DAY).what_changed(
        code, "2025-03-31", "2025-04-01"
    )
    assert not [row for row in found if row["kind"] in ("role", "duty")]
    assert {"E08000019", "E08000016"} & set(
        re.findall(r"E\d+", str(found.receipt["area"]))
    )


def test_a_line_of_a_brief_tells_no_first_day_that_is_not_known() -> None:
    for area in ("Ashfield", "Sheffield"):
        brief = graph(area).brief(area, "csp-plan", on=DAY)
        lines = [line for part in brief.parts for line in part.lines]
        assert not {str(line.since) for line in lines} & unsure()
        assert date(2000, 4, 1) in {line.since_by for line in lines}
        assert not any(line.since and line.since_by for line in lines)


def test_a_network_has_the_day_by_which_a_link_held() -> None:
    net = graph("Ashfield").network("duties", area="Ashfield", on=DAY)
    told = [told for _, _, told in net.edges(data=True)]
    assert {one["since_by"] for one in told} >= {"2017-01-31"}
    assert not {one["since"] for one in told} & unsure()
    whole = graph("Ashfield").network(area="Ashfield", on=DAY)
    told = [
        told
        for start, _, told in whole.edges(data=True)
        if whole.nodes[start]["kind"] != "Statistical area"
    ]
    assert not {one["since"] for one in told} & unsure()
