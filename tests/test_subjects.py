"""What a duty is about, so that an officer can keep to one subject and leave out the rest.

Which law is about what is written here from the titles of the Acts, not from the data.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import few
from cspgraph.rdf.results import from_json

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

#: Laws as the answers cite them, by what they are about; the longest that fits counts.
ABOUT = {
    "community safety": {
        *("CDA 1998", "SI 2007/1830", "SI 2007/3076", "SI 2007/3078", "PJA 2006"),
        *("SI 2009/942", "SI 2000/2853", "SI 2012/1020", "SI 2007/399", "LGA 2000"),
        *("PRSRA 2011 s.10(1)", "PRSRA 2011 s.10(2)", "LGA 1972"),
    },
    "serious violence": {"PCSCA 2022"},
    "anti-social behaviour": {"ASBCPA 2014"},
    "domestic abuse": {"DAA 2021", "SI 2021/990", "DVCVA 2004", "VAWDASVA 2015"},
    "offenders": {
        *("CDA 1998 s.38", "CDA 1998 s.39", "CDA 1998 s.40", "CJA 2003"),
    },
    "safeguarding": {"Care Act 2014", "CA 2004"},
    "licensing": {"LA 2003"},
    "equality": {"EA 2010"},
    "policing": {"PRSRA 2011"},
    "preventing terrorism": {"CTSA 2015"},
}
#: Rules on who adopts stand in a few instruments, whatever the document is about.
ADOPTION = {"SI 2000/2853", "SI 2012/1020", "SI 2007/399", "LGA 2000", "LGA 1972"}


def subject(law: str) -> str:
    """Return what `law` is about, by the longest name that fits.

    >>> subject("CDA 1998 s.40(1)"), subject("CDA 1998 s.6(1)(a)")
    ('offenders', 'community safety')
    """
    fits = [
        (len(name), about)
        for about, names in ABOUT.items()
        for name in names
        if law.startswith(name)
    ]
    return max(fits)[1]


@pytest.fixture(scope="module")
def held() -> list[tuple[str, str]]:
    """Return the law and the subject of every duty template."""
    query = """
    SELECT ?law ?subject
    WHERE {
      ?duty a csp:DutyTemplate ; csp:provision/csp:citation ?law ;
        csp:subject/skos:prefLabel ?subject .
    }
    ORDER BY ?law ?subject ?duty
    """
    _, found = from_json(few.dataset().timeline.select(query))
    return [(row[0].value, row[1].value) for row in found if row[0] and row[1]]


def test_every_duty_is_about_what_its_act_is_about(held: list[tuple[str, str]]) -> None:
    plain = [(law, about) for law, about in held if not law.startswith(tuple(ADOPTION))]
    assert len(plain) > 150
    assert not {(law, about) for law, about in plain if about != subject(law)}


def test_rules_on_adoption_go_with_the_document(held: list[tuple[str, str]]) -> None:
    adoption = {about for law, about in held if law.startswith(tuple(ADOPTION))}
    assert adoption == {
        *("community safety", "offenders", "serious violence", "domestic abuse")
    }


@pytest.mark.parametrize("question", ["who-must-do-what", "standing"])
@pytest.mark.parametrize("area", ["Dorset", "W06000024"])
def test_the_subjects_together_are_all_duties(
    kg: KnowledgeGraph, area: str, question: str
) -> None:
    """None is lost, none stands under two, and without a subject all are shown."""
    day = "2024-07-23"
    parts = {
        about: list(
            map(tuple, kg.answer(question, area=area, on=day, subject=about).words())
        )
        for about in ABOUT
    }
    everything = list(map(tuple, kg.answer(question, area=area, on=day).words()))
    assert sorted(row for part in parts.values() for row in part) == sorted(everything)
    assert parts["community safety"]
    assert parts["licensing"]


def test_links_of_one_subject_keep_to_it(kg: KnowledgeGraph) -> None:
    told = defaultdict(set)
    for about in ("licensing", "domestic abuse"):
        answer = kg.answer(
            "bodies-and-duties", area="Dorset", on="2024-07-23", subject=about
        )
        laws = {str(row["law"]) for row in answer}
        told[about] = {subject(w) for w in laws if not w.startswith(tuple(ADOPTION))}
    assert told == {about: {about} for about in told}
