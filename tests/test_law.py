"""The law layer over time: worked examples, kinds of body, what took over, law to come."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

import cspgraph
import few
from cspgraph.derive.counting import after, before, year_end
from cspgraph.rdf.terms import CSP, OPEN_END

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.engines import Oxigraph

_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")


@cache
def timeline() -> Oxigraph:
    """Return what follows on all dates, in a few areas."""
    return few.dataset().timeline


def rows(query: str, engine: Oxigraph | None = None) -> list[list[str]]:
    """Return the answer to `query` on the law for all dates, or of `engine`, as texts."""
    from cspgraph.rdf.results import from_json

    _, found = from_json((engine or timeline()).select(query))
    return [[term.value if term else "" for term in row] for row in found]


RULES = rows(
    """
    SELECT ?rule ?words ?within ?counting ?ends ?kind
    WHERE {
      ?rule a csp:DeadlineRule ; csp:statement ?words .
      OPTIONAL { ?rule csp:within ?within }
      OPTIONAL { ?rule csp:counting ?counting }
      OPTIONAL { ?rule csp:endsOn ?ends }
      OPTIONAL { ?rule csp:kind ?kind }
    }
    ORDER BY ?rule
    """,
    few.dataset()._texts(),
)
COUNTED = [rule for rule in RULES if rule[2] or rule[4]]


@pytest.mark.parametrize("rule", COUNTED, ids=lambda rule: rule[0].rpartition("/")[2])
def test_worked_example_of_a_deadline(rule: list[str]) -> None:
    _, words, within, counting, ends, kind = rule
    days = [datetime.strptime(d, "%d %B %Y").date() for d in _DAY.findall(words)]  # noqa: DTZ007
    event, last = days[-2:]
    if within:
        count = before if kind.endswith("BeforeEvent") else after
        counted = count(
            event, within, counting_the_day=counting.endswith("BeginningWithTheDay")
        )
    elif kind.endswith("BeforeYear"):
        counted = year_end(ends, event - timedelta(days=1))
    else:
        counted = year_end(ends, event)
    assert counted == last


#: Kinds of responsible authority by kind of area: first day, day after the last.
SINCE, OPEN = "1998-09-30", "9999"
POLICE = ("police authority", "2003-04-01", "2012-11-22")
FIRE = ("fire and rescue authority", "2003-04-01", OPEN)
PROBATION = ("provider of probation services", "2010-04-01", OPEN)
CHIEF = ("chief officer of police", SINCE, OPEN)
HEALTH = [
    ("primary care trust", "2004-04-30", "2013-04-01"),
    ("clinical commissioning group", "2013-04-01", "2022-07-01"),
    ("integrated care board", "2022-07-01", OPEN),
]
KINDS = {
    "Ashford": [
        *(("district council", SINCE, OPEN), ("county council", SINCE, OPEN)),
        *(CHIEF, POLICE, FIRE, PROBATION, *HEALTH),
    ],
    "Tower Hamlets": [
        ("London borough council", SINCE, OPEN),
        *(
            CHIEF,
            ("police authority", "2003-04-01", "2012-01-16"),
            FIRE,
            PROBATION,
            *HEALTH,
        ),
    ],
    "Merthyr Tydfil": [
        ("Welsh principal council", SINCE, OPEN),
        *(CHIEF, POLICE, FIRE, PROBATION),
        ("health authority", "2003-04-01", "2007-04-01"),
        ("local health board", "2007-04-01", OPEN),
    ],
}
CHANGES = sorted(
    {
        day
        for kinds in KINDS.values()
        for _, *days in kinds
        for day in days
        if day != OPEN
    }
)
DAYS = sorted(
    {
        (date.fromisoformat(day) + timedelta(days=step)).isoformat()
        for day in CHANGES
        for step in (-1, 0, 1)
        if not (day == SINCE and step < 0)
    }
)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("area", KINDS)
def test_kinds_of_responsible_authority(
    kg: KnowledgeGraph, area: str, day: str
) -> None:
    words = kg.answer("responsible-authorities", area=area, on=day).words()
    expected = sorted(
        kind for kind, begins, until in KINDS[area] if begins <= day < until
    )
    assert sorted(row[1] for row in words) == expected
    unnamed = [row[-1] == "body not in the register" for row in words]
    assert unnamed == [not row[0] for row in words]


#: What ended without anything that took over on that day, and why.
NOTHING_FOLLOWS = {
    "no longer responsible authorities; commissioners are none": {
        *("section/5/1/c", "ra-police-authority", "ra-police-authority.london"),
    },
    "members only from 1 April 2003: a gap of six months that no page read explains": {
        "co-police-authority.england"
    },
    "the local health body in England enters section 5(1) only on 30 April 2004": {
        "co-health-authority.england"
    },
    "the list goes on without this entry": {
        *("section/5/2/a", "cda98-s5-2-a.england", "cda98-s5-2-a.wales"),
    },
    "force periods carry the links, because England and Wales differ": {
        *("section/5/2/b#1998", "section/6#1998"),
    },
    "swept away when section 6 was replaced": {
        *("section/6A", "cda98-s6A.england", "cda98-s6A.wales"),
    },
    "the words were left out; the rest of the paragraph goes on": {
        *("regulation/11/1/a#three-year-words", "regulation/9/1/a#three-year-words"),
        *("regulation/9/1/aa#three-year-words", "si07-three-year-horizon.england"),
        "si07-three-year-horizon.wales.crime-disorder",
        "si07-three-year-horizon.wales.reoffending",
    },
    "the later text has no yearly look at skills": {
        *("regulation/3/7#2007", "si07-skills-review.england"),
        "si07-skills-review.wales",
    },
    "the pilot was for deaths until 31 December 2023; nothing was found that follows": {
        *("pcsc22-owhr", "pcsc22-owhr-notify", "owhr-council"),
        *("owhr-chief-officer-of-police", "owhr-integrated-care-board"),
        "owhr-local-health-board",
    },
    "the trusts ended; who exchanges information since was not read": {
        "s17a-primary-care-trust",
    },
    "they held until commissioners came on 22 November 2012": {
        *("schedule/2/paragraph/6", "schedule/2/paragraph/6/a"),
        "schedule/2/paragraph/6/b",
    },
}


@cache
def ended() -> list[list[str]]:
    """Return what has ended, what followed, and the note on it."""
    return rows(
        f"""
        SELECT ?thing ?next ?note
        WHERE {{
          VALUES ?class {{ csp:Provision csp:ForcePeriod csp:RoleTemplate csp:DutyTemplate }}
          ?thing a ?class ; csp:validUntil ?until .
          OPTIONAL {{ ?thing csp:followedBy ?next }}
          OPTIONAL {{ ?thing csp:modelNote ?note }}
          FILTER (?until < "{OPEN_END}"^^xsd:date)
        }}
        ORDER BY ?thing ?next
        """
    )


def test_what_ended_says_what_took_over() -> None:
    """A gap or overlap cannot hide behind a link that was never made."""
    known = set().union(*NOTHING_FOLLOWS.values())
    without = {thing for thing, next_one, _ in ended() if not next_one}
    assert len(without) < len(ended())
    open_ended = {thing for thing in without if not thing.endswith(tuple(known))}
    assert not open_ended
    assert not {end for end in known if not any(t.endswith(end) for t in without)}


def test_the_gap_of_the_source_is_noted() -> None:
    """Police authorities in England were in neither list from October 2002 on."""
    (note,) = (
        note
        for thing, _, note in ended()
        if thing.endswith("co-police-authority.england")
    )
    assert "a gap of six months that no page read explains" in note


def test_channel_panels_begin_on_the_day_that_was_read(kg: KnowledgeGraph) -> None:
    """Two months from 12 February 2015, by the notes on sections 36 to 38."""
    begins = rows(
        """
        SELECT ?template ?from
        WHERE {
          VALUES ?class { csp:RoleTemplate csp:DutyTemplate }
          ?template a ?class ; csp:provision/csp:citation "CTSA 2015 s.36" ;
            csp:validFrom ?from .
        }
        ORDER BY ?template
        """
    )
    assert [day for _, day in begins] == ["2015-04-12"] * 3
    doubts = kg.answer("unverified-law", on="2024-07-23")
    assert "CTSA 2015 s.36" not in {row["law"] for row in doubts}


def test_prospective_law_binds_nobody() -> None:
    bound = rows(
        "SELECT ?d { ?d a csp:ProspectiveTemplate . { ?d a csp:DutyTemplate } UNION { ?x csp:template ?d } }"
    )
    assert bound == []


#: Instruments that an unread Act of 2026 changes or may change, and the mark on each part.
MARKED = {
    "ASBCPA 2014": "Crime and Policing Act 2026",
    "SI 2012/1020": "English Devolution and Community Empowerment Act 2026",
}


@pytest.mark.parametrize("citation", MARKED)
def test_law_that_an_unread_act_may_have_changed_is_marked(citation: str) -> None:
    """Every provision of it, and the instrument itself; no other law is marked."""
    marks = rows(
        f"""
        SELECT ?part ?act
        WHERE {{
          ?whole csp:citation "{citation}" .
          ?part csp:instrument? ?whole ; a ?class .
          VALUES ?class {{ csp:Provision csp:Instrument }}
          OPTIONAL {{ ?part csp:mayBeAmendedBy/rdfs:label ?act }}
        }}
        """
    )
    assert len(marks) > 5
    assert {act for _, act in marks} == {MARKED[citation]}


def test_no_other_law_is_marked() -> None:
    """Nothing was found that changes sections 5 to 7, the regulations or the Act of 2022."""
    marked = rows(
        """
        SELECT DISTINCT ?citation
        WHERE {
          ?part csp:mayBeAmendedBy ?act ; csp:instrument? ?whole .
          ?whole a csp:Instrument ; csp:citation ?citation .
        }
        """
    )
    assert {citation for (citation,) in marked} == set(MARKED)


def test_a_scenario_says_so() -> None:
    plain, assumed = (
        cspgraph.load(on="2027-05-01", scenario=name).answer(
            "who-must-do-what", area="Dorset police area"
        )
        for name in ("", "victim-support-in-force")
    )
    new = {row["law"] for row in assumed} - {row["law"] for row in plain}
    assert new == {"VPA 2024 s.13", "VPA 2024 s.14", "VPA 2024 s.15"}
    assert assumed.receipt["scenario"] == "victim-support-in-force"
    assert "which is not law" in assumed.caption
    assert "scenario" not in plain.receipt


def test_provision_is_one_each() -> None:
    for term in (CSP.provision, CSP.verification):
        counts = rows(
            f"SELECT ?t (COUNT(?p) AS ?n) {{ ?t a csp:DutyTemplate ; {term} ?p }} GROUP BY ?t HAVING (?n > 1)"
        )
        assert counts == []
