"""Why not: the first condition that fails is the law's, and changing it brings the duty nearer.

What fails, and since when, is read in the law. For every duty that the rules do not
derive, what the condition lacks is put into a scratch copy of the data, until the rules,
which know nothing of conditions, derive it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, Store

import cspgraph
import madeup
import scratch
from cspgraph.cli import main
from cspgraph.dataset import Dataset
from cspgraph.errors import NameNotClearError
from cspgraph.explain.conditions import ORDER, Condition, Conditions
from cspgraph.explain.provision import StoreLinks
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.labels import Labels

Pair = tuple[NamedNode, NamedNode]

DAY = "2024-07-23"
FORMULATE = "cda98-formulate-implement-crime-disorder"
LAW = PREFIXES["law"]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset()


def failing(
    kg: KnowledgeGraph, body: str, asked: str, area: str = "Dorset", on: str = DAY
) -> tuple[str, str]:
    """Return the name and the words of the first condition that fails."""
    found = kg.why_not(body, asked, area, on=on).condition
    assert found is not None
    return found.name, found.why


# What the law says


def test_section_5_does_not_name_the_commissioner(kg: KnowledgeGraph) -> None:
    found = kg.why_not("pcc-dorset", FORMULATE, "Dorset", on=DAY)
    condition = found.condition
    assert condition is not None
    assert condition.name == "role given to the kind of body"
    assert condition.why == (
        "CDA 1998 s.5(1)(a), CDA 1998 s.5(1)(aa), CDA 1998 s.5(1)(b), CDA 1998 s.5(1)(d), "
        "CDA 1998 s.5(1)(e) name who holds the role of responsible authority, "
        "and no police and crime commissioner"
    )
    assert set(condition.laws) == {
        f"{LAW}ukpga/1998/37/section/5/1/{end}" for end in ("a", "aa", "b", "d", "e")
    }


def test_the_duty_began_on_a_day(kg: KnowledgeGraph) -> None:
    """Section 6(1)(d) and the duty of 2022 came into force on 31 January 2023."""
    name, why = failing(
        kg, "Dorset Council", "pcsc22-prepare-implement-strategy", on="2023-01-30"
    )
    assert name == "days of the duty"
    assert why == "PCSCA 2022 s.8(3)(c): the duty began on 31 January 2023"
    found = kg.why_not(
        "Dorset Council", "pcsc22-prepare-implement-strategy", "Dorset", on="2023-01-31"
    )
    assert found.there


def test_the_duty_ended_on_a_day(kg: KnowledgeGraph) -> None:
    """Three-year plans were asked for until 1 June 2011."""
    name, why = failing(
        kg,
        "Bournemouth Borough Council",
        f"{FORMULATE}.original-england",
        "E06000028",
        on="2007-08-01",
    )
    assert name == "days of the duty"
    assert why.endswith("ended on 1 August 2007 (that day not included)")


def test_the_area_did_not_exist(kg: KnowledgeGraph) -> None:
    name, why = failing(kg, "Dorset Council", FORMULATE, on="2019-03-31")
    assert name == "area in being"
    assert why == "Dorset did not exist on 31 March 2019: it began on 1 April 2019"


def test_the_body_did_not_exist(kg: KnowledgeGraph) -> None:
    """The care board was established on 1 July 2022."""
    name, why = failing(kg, "nhs-dorset-icb", FORMULATE, on="2022-06-30")
    assert name == "body in being"
    assert why.endswith("it began on 1 July 2022")


def test_the_body_does_not_serve_the_area(kg: KnowledgeGraph) -> None:
    name, why = failing(kg, "Essex County Council", FORMULATE)
    assert name == "body serves the area"
    assert why.startswith("Essex County Council did not serve Dorset")


def test_the_duty_is_for_the_other_country(kg: KnowledgeGraph) -> None:
    name, why = failing(kg, "Dorset Council", f"{FORMULATE}.wales")
    assert name == "country of the duty"
    assert why.endswith("the duty is for Wales, and Dorset lies in England")


def test_the_duty_is_for_another_kind_of_area(kg: KnowledgeGraph) -> None:
    name, why = failing(kg, "pcc-dorset", "prsra11-issue-plan")
    assert name == "kind of area of the duty"
    assert why.endswith("and Dorset is none; it lies in Dorset police area")


def test_the_council_is_governed_otherwise(kg: KnowledgeGraph) -> None:
    """SI 2012/1020 binds councils with a committee system."""
    name, why = failing(kg, "Dorset Council", "cs12-adopt-cdrs")
    assert name == "governance of the body"
    assert "is for committee system" in why
    assert why.endswith("Dorset Council had executive arrangements")


def test_the_role_had_ended(kg: KnowledgeGraph) -> None:
    """Clinical commissioning groups were named until 1 July 2022."""
    name, why = failing(kg, "nhs-dorset-ccg", FORMULATE, on="2022-07-01")
    assert name == "body in being"
    assert why.endswith("it ended on 1 July 2022 (that day not included)")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (FORMULATE, "it is on record: The partnership agrees the plan refresh"),
        ("pcsc22-consult-relevant", 'which is not the same as "not done"'),
        ("cdos09-respond-28-days.england", "nobody has looked for a record of it"),
        ("cda98-s17-due-regard", "no document could show it"),
    ],
)
def test_a_duty_that_is_there_says_how_it_stands(
    asked: str, words: str, kg: KnowledgeGraph
) -> None:
    found = kg.why_not("Dorset Council", asked, "Dorset", on=DAY)
    assert found.there
    assert found.condition is None
    assert words in next(row.why for row in found if row.there)


def test_a_product_shows_the_duties_there_first_then_what_came_furthest(
    kg: KnowledgeGraph,
) -> None:
    found = kg.why_not(
        "Dorset Council", "crime and disorder strategy", "Dorset", on=DAY
    )
    flags = [row.there for row in found]
    assert flags == sorted(flags, reverse=True)
    assert {row.law for row in found if row.there} >= {
        "CDA 1998 s.6(1)(a)",
        "SI 2000/2853 Sch.3",
    }
    assert {row.condition.name for row in found if row.condition} == {
        "governance of the body"
    }


def test_law_that_is_not_in_force_is_said_to_be_so(kg: KnowledgeGraph) -> None:
    """The Victims and Prisoners Act 2024 has no commencement for its duty yet."""
    name, why = failing(kg, "pcc-dorset", "victim support strategy", "E23000039")
    assert name == "law held here"
    assert "VPA 2024" in why
    assert why.endswith("and is not in force")
    name, _ = failing(
        kg, "pcc-dorset", "victim support strategy", "E23000039", "2012-11-21"
    )
    assert name == "body in being", "asked before"


@pytest.mark.parametrize(
    ("body", "asked", "area"),
    [
        ("no such body", FORMULATE, "Dorset"),
        ("Dorset Council", "no such thing", "Dorset"),
        ("Dorset Council", FORMULATE, "Atlantis"),
    ],
)
def test_a_name_that_is_not_known(
    body: str, asked: str, area: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(NameNotClearError):
        kg.why_not(body, asked, area, on=DAY)


# Every duty that is not derived, and the change that brings it

exhaustive = pytest.mark.exhaustive
PLACES = [
    ("E06000059", "2024-07-23"),  # a unitary district
    ("E07000105", "2013-03-01"),  # a district with a county council
    ("E09000030", "2022-06-30"),  # a London borough
    ("W06000024", "2019-01-01"),  # in Wales
    ("E10000009", "2018-01-01"),  # a county
    ("E23000039", "2024-07-23"),  # a police area
]


def disjoint(changes: set[Condition], other: Condition) -> bool:
    """Say whether no change but its own can bring what `other` lacks."""
    return all(
        one.of != other.of or one == other or set(one.needs).isdisjoint(other.needs)
        for one in changes
    )


def brought(
    quads: list[Quad], area: NamedNode, day: date, pairs: Iterable[Pair], names: Labels
) -> list[list[str]]:
    """Change what fails, in a copy for all that lack the same, until each duty is there.

    Return the names of the conditions on the way of each pair of duty and body. What
    fails next must stand later in the order. Changes share a copy where none can bring
    what another lacks: those of different duty templates, and a role given to
    different kinds of body.
    """
    areas = {q.subject for q in quads if q.object == CSP.Area}
    waiting = [(quads, {pair: list[str]() for pair in pairs})]
    done: list[list[str]] = []
    while waiting:
        data, ways = waiting.pop()
        engine = scratch.derived(data, areas, day)  # type: ignore[arg-type]
        links = StoreLinks(engine.store)
        has = {d: scratch.bound(links, d, area, day) for d in {d for d, _ in ways}}
        groups: dict[tuple[str, ...], tuple[set[Condition], dict[Pair, list[str]]]] = {}
        for (duty, body), way in ways.items():
            if body in has[duty]:
                done += [way] if way else []
                continue
            found = Conditions(engine.store, names, body, area, day).failing(duty)
            said = (duty, body, way, found)
            assert found.name != ORDER[-1], said
            assert not way or found.rank > ORDER.index(way[-1]), said
            key: tuple[str, ...] = (
                found.name,
                "" if found.name.endswith("of the duty") else found.of,
            )
            while not disjoint(groups.get(key, (set(), {}))[0], found):
                key = (*key, "again")
            changes, group = groups.setdefault(key, (set(), {}))
            changes.add(found)
            group[duty, body] = [*way, found.name]
        for changes, group in groups.values():
            made = data
            for condition in changes:
                made = scratch.changed(made, condition)
            waiting.append((made, group))
    return done


@pytest.mark.parametrize(
    ("code", "on"),
    # One in England and one in Wales on every day; with the others all duties are tried.
    [
        place
        if place in (PLACES[0], PLACES[3])
        else pytest.param(*place, marks=exhaustive)
        for place in PLACES
    ],
)
def test_every_duty_not_derived_is_brought_by_what_it_lacks(
    code: str, on: str, dataset: Dataset
) -> None:
    """A sixth of the duties in each place, for a few of its bodies: the six cover all duties."""
    area, day = NamedNode(area_iri(code)), date.fromisoformat(on)
    stranger = NamedNode(PREFIXES["body"] + "essex-county-council")
    near = dataset.register.nearby([area.value], (), [stranger.value])
    quads = scratch.needed(dataset.read(near).store)
    links = StoreLinks(scratch.derived(quads, [area], day).store)
    bodies = {b for s in links.back(area, CSP.area) for b in links.to(s, CSP.body)}
    number = PLACES.index((code, on))
    duties = links.back(CSP.DutyTemplate, RDF_TYPE)[number :: len(PLACES)]
    some = [*sorted(bodies, key=str)[number::8], stranger]
    pairs = [(duty, body) for duty in duties for body in some]
    ways = brought(quads, area, day, pairs, dataset.labels)
    assert len(ways) > len(pairs) / 2
    assert {way[0] for way in ways} & {
        "country of the duty",
        "kind of area of the duty",
    }


@pytest.mark.parametrize(
    ("code", "on"),
    [*PLACES, ("E10000016", "2026-11-30"), ("E06000035", "2005-01-15")],
)
def test_whoever_holds_a_role_is_not_said_to_be_a_stranger(
    code: str, on: str, dataset: Dataset
) -> None:
    """For all bodies that `role-holders` names, all their roles and all duties."""
    area, day = NamedNode(area_iri(code)), date.fromisoformat(on)
    answer = cspgraph.load().answer("role-holders", area=code, on=on)
    roles: dict[str, set[NamedNode]] = {}
    for row in answer:
        there = row.get("area", area.value)  # a wide area has rows of its districts too
        if row["body"] and str(there) == area.value:
            held = roles.setdefault(str(row["body"]), set())
            held.add(NamedNode(str(row["role"])))
    assert roles
    store = dataset.history(area.value, *roles).store
    for body, held in roles.items():
        asked = Conditions(store, dataset.labels, NamedNode(body), area, day)
        for duty in asked.back(CSP.DutyTemplate, RDF_TYPE):
            bearers = set(asked.to(duty, CSP.bearerRole))
            found = asked.failing(duty)
            said = (body, duty, found)
            assert found.name not in ("body serves the area", *ORDER[:2]), said
            assert "did not serve" not in found.why, said
            if bearers & held:
                denied = ("of the role", "role given", "serves the whole")
                assert not any(part in found.name for part in denied), said


def test_a_district_in_a_county_serves_it_in_part(kg: KnowledgeGraph) -> None:
    """Section 40 gives youth justice plans to the county council, which Ashford's is not."""
    name, why = failing(
        kg, "Ashford Borough Council", "youth justice plan", "Kent", on="2026-11-30"
    )
    assert name == "role given to the kind of body"
    assert why.startswith("CDA 1998 s.40 names who holds the role of council that")
    assert why.endswith("and no district council")


#: What may be all that a duty lacks.
BY_ITSELF = {
    "country of the duty",
    "days of the duty",
    "role given to the kind of body",
    "governance of the body",
}
World = tuple[list[Quad], list[Quad], list[NamedNode]]


@pytest.fixture(scope="module")
def world(dataset: Dataset) -> World:
    """Return the law with a made-up world, the world alone, and every fourth of its areas."""
    law = dataset.read(dataset.register.nearby((), (), ())).store
    made = madeup.world(list(law))
    law.extend(made)
    areas = [q.subject for q in made if q.object == CSP.Area][::4]
    return list(law), made, [a for a in areas if isinstance(a, NamedNode)]


#: In how many parts the areas of the world are tried.
PARTS = 7


@pytest.fixture(scope="module")
def tried(world: World, dataset: Dataset) -> Callable[[int], set[str]]:
    """Return a function that tries a part, once, and gives what was all that a duty lacked."""
    law, made, areas = world
    whole = Store()
    whole.bulk_extend(law)
    quads, links = scratch.needed(whole), StoreLinks(whole)
    duties = links.back(CSP.DutyTemplate, RDF_TYPE)
    bodies = [b for b in links.back(CSP.Body, RDF_TYPE) if "/world-" in b.value]

    @cache
    def alone(part: int) -> set[str]:
        lacked: set[str] = set()
        for number, area in list(enumerate(areas))[part::PARTS]:
            some = duties[number :: len(areas)]
            day = links.days(some[0])[0]
            assert day is not None
            serving = links.back(area, CSP.area)
            elsewhere = {
                q.subject
                for q in made
                if q.object in (CSP.Service, CSP.Area)
                and q.subject not in (area, *serving)
            }
            here = [q for q in quads if q.subject not in elsewhere]
            pairs = [(duty, body) for duty in some for body in bodies[number::40]]
            # A council of each kind and form, for what hangs on the form of governance.
            governed = [duty for duty in some if links.to(duty, CSP.governance)]
            councils = [body for body in bodies if "Council" in body.value]
            pairs += [(duty, body) for duty in governed for body in councils]
            found = brought(here, area, day, pairs, dataset.labels)
            assert found
            lacked |= {way[0] for way in found if len(way) == 1}
        return lacked

    return alone


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(n, marks=exhaustive) for n in range(1, PARTS))]
)
def test_the_same_in_a_made_up_world(
    part: int, tried: Callable[[int], set[str]]
) -> None:
    """Every duty, for bodies of kinds in turn, in areas of every fourth kind in turn."""
    tried(part)


@exhaustive
def test_each_condition_is_all_that_some_duty_lacks(
    tried: Callable[[int], set[str]],
) -> None:
    assert set().union(*map(tried, range(PARTS))) >= BY_ITSELF


def test_a_wrong_change_brings_nothing(dataset: Dataset) -> None:
    """The scratch copy is no machine that says yes: without the change no duty comes."""
    area, day = NamedNode(area_iri("E06000059")), date(2024, 7, 23)
    duty = NamedNode(PREFIXES["dt"] + FORMULATE + ".england")
    pcc = NamedNode(PREFIXES["body"] + "pcc-dorset")
    whole = dataset.read(dataset.nearby([area.value])).store
    quads = scratch.needed(whole)
    wrong = Condition(
        "governance of the body",
        pcc.value,
        (PREFIXES["governance"] + "CommitteeSystem",),
        "",
    )
    engine = scratch.derived(scratch.changed(quads, wrong), [area], day)
    has = scratch.bound(StoreLinks(engine.store), duty, area, day)
    assert pcc not in has
    assert NamedNode(PREFIXES["body"] + "dorset-council") in has


def test_an_order_that_is_documented() -> None:
    page = Path(__file__).parents[1] / "docs" / "guides" / "why.md"
    found = re.findall(
        r"^\| \d+ \| ([^|]+) \|", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert tuple(name.strip() for name in found) == ORDER


# The forms


def test_json_has_what_a_machine_needs(kg: KnowledgeGraph) -> None:
    found = kg.why_not("pcc-dorset", FORMULATE, "Dorset", on=DAY)
    whole = json.loads(found.to_json())
    (row,) = whole["rows"]
    assert whole["there"] is False
    assert row["condition"]["of"] == PREFIXES["role"] + "ResponsibleAuthority"
    assert row["condition"]["needs"] == [
        PREFIXES["kind"] + "PoliceAndCrimeCommissioner"
    ]
    assert (
        f"http://www.legislation.gov.uk/ukpga/1998/37/section/5/1/a/{DAY}"
        in row["laws"]
    )
    assert whole["order"] == list(ORDER)
    assert whole["receipt"]["on"] == DAY


def test_text_says_a_shared_reason_once(kg: KnowledgeGraph) -> None:
    text = str(
        kg.why_not(
            "Essex County Council", "crime and disorder strategy", "Dorset", on=DAY
        )
    )
    assert text.count("did not serve Dorset") == 1
    assert text.count("\n- ") > 3


@pytest.mark.parametrize("form", ["text", "json"])
def test_command(
    form: str, kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "why-not",
                "pcc-dorset",
                FORMULATE,
                "--area",
                "Dorset",
                "--on",
                DAY,
                "--format",
                form,
            ]
        )
    assert not ended.value.code
    found = kg.why_not("pcc-dorset", FORMULATE, "Dorset", on=DAY)
    assert capsys.readouterr().out == (
        f"{found}\n" if form == "text" else found.to_json()
    )


def test_command_refuses_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("nobody", FORMULATE, "--area", "Dorset"),
        ("Dorset Council", FORMULATE),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["why-not", *words])
        assert ended.value.code == 2
        done = capsys.readouterr()
        assert (done.out, done.err.count("\n")) == ("", 1)


def test_scenario_law_is_asked_too() -> None:
    """In the scenario what is not in force binds from 1 April 2027, and the answer says so."""
    assumed = cspgraph.load(scenario="victim-support-in-force")
    asked = ("pcc-dorset", "victim support strategy", "E23000039")
    found = assumed.why_not(*asked, on="2027-04-01")
    assert found.there
    assert "in the scenario victim-support-in-force, which is not law" in str(found)
    before = assumed.why_not(*asked, on="2027-03-31").condition
    assert before is not None
    assert before.why.endswith("the duty began on 1 April 2027")


@pytest.mark.parametrize(
    ("body", "area", "year", "thing", "day"),
    [
        *(
            (
                f"chief-constable-{of.lower()}",
                code,
                2016,
                f"{of} police area",
                "31 January 2017",
            )
            for of, code in (("Kent", "E23000032"), ("Gwent", "W15000002"))
        ),
        (
            "nhs-newcastle-gateshead-ccg",
            "E08000021",
            2014,
            "NHS Newcastle Gateshead Clinical Commissioning Group",
            "31 July 2015",
        ),
    ],
)
def test_what_may_be_older_is_not_said_to_begin(
    kg: KnowledgeGraph, body: str, area: str, year: int, thing: str, day: str
) -> None:
    """The day is that of the first edition that was read, and not a beginning."""
    found = kg.why_not(body, "partnership plan", area, on=f"{year}-10-01")
    assert found.condition is not None
    assert found.condition.why == (
        f"whether {thing} existed on 1 October {year} is not known:"
        f" it is known by {day}, and nothing was read of it before"
    )
