"""The whole register held against published files and what follows from them.

The published files are those in `tests/publications/`, from which the register is
built; the bodies of each district, written independently of it, are in
`tests/reference/`. A difference that stays has its reason in `DIFFERENCES`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import NameNotClearError
from cspgraph.questions.ask import ask, terms
from cspgraph.questions.query_file import find
from cspgraph.rdf.results import from_json
from cspgraph.register.tables import items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.engines import Oxigraph

    Held = Mapping[str, Mapping[str, set[str]]]

TESTS = Path(__file__).parent
TODAY, REORGANISED, BOARDS_BEGAN = "2026-11-23", "2023-04-01", "2022-07-01"
DAYS = [TODAY, REORGANISED, BOARDS_BEGAN]
#: From this day on the care boards are those of the second table.
BOARDS_MERGED = "2026-04-01"
#: Areas whose code changed in April 2025, by their code in editions before that.
RECODED = {"E08000016": "E08000038", "E08000019": "E08000039"}
NOT_NAMED = "not in the register"

COUNCIL, COUNTY = "council", "county council"
POLICE, FIRE, PROBATION = "chief officer of police", "fire", "provider of probation"
CARE, WELSH_HEALTH = "integrated care boards", "local health board"
CAPACITIES = {
    **dict.fromkeys(
        (
            *("UnitaryCouncil", "DistrictCouncil", "MetropolitanDistrictCouncil"),
            *("LondonBoroughCouncil", "CommonCouncil", "CouncilOfScilly"),
            "WelshPrincipalCouncil",
        ),
        COUNCIL,
    ),
    "CountyCouncil": COUNTY,
    "ChiefOfficerOfPolice": POLICE,
    "FireAndRescueAuthority": FIRE,
    "ProbationProvider": PROBATION,
    "IntegratedCareBoard": CARE,
    "LocalHealthBoard": WELSH_HEALTH,
}

#: Areas served by the fire service of their own council or county council.
_COUNCIL_FIRE = [
    *("E06000052", "E06000053", "E06000057"),  # Cornwall, Scilly, Northumberland
    *(f"E070000{n}" for n in range(78, 84)),  # Gloucestershire
    *("E07000095", "E07000096", "E07000098", "E07000099", "E07000102", "E07000103"),
    *(f"E07000{n}" for n in range(240, 244)),  # Hertfordshire, with the line above
    *(f"E07000{n}" for n in range(136, 143)),  # Lincolnshire
    *(f"E07000{n}" for n in range(143, 150)),  # Norfolk
    *(f"E07000{n}" for n in range(177, 182)),  # Oxfordshire
    *("E07000200", "E07000202", "E07000203", "E07000244", "E07000245"),  # Suffolk
    *(f"E07000{n}" for n in range(207, 218)),  # Surrey
    *(f"E07000{n}" for n in range(218, 223)),  # Warwickshire
    *(f"E07000{n}" for n in range(223, 230)),  # West Sussex
]
_CUMBRIA = [f"E070000{n}" for n in range(26, 32)]
_NORTH_YORKSHIRE = [f"E07000{n}" for n in range(163, 170)]
_YORK = "E06000014"

#: Why register and table differ, and on which day in which areas and capacities.
DIFFERENCES: Mapping[str, Mapping[str, set[tuple[str, str]]]] = {
    "The table names the council that runs the fire service; by section 5(5) of the "
    "1998 Act such a council is no second member.": {
        day: {(area, FIRE) for area in _COUNCIL_FIRE} for day in DAYS
    },
    "The table is of April 2025; before 1 April 2023 Cumbria County Council ran the "
    "fire service, and section 5(5) makes it no second member.": {
        BOARDS_BEGAN: {(area, FIRE) for area in _CUMBRIA},
    },
    "The table is of April 2025; until the mayor took over in 2024 the commissioner "
    "was the fire and rescue authority.": {
        REORGANISED: {(_YORK, FIRE), ("E06000065", FIRE)},
        BOARDS_BEGAN: {(area, FIRE) for area in (_YORK, *_NORTH_YORKSHIRE)},
    },
    "The table has the boards of the district that replaced this one, which lies in "
    "several; in which of them this one lay was not read, so the register names none.": {
        BOARDS_BEGAN: {(area, CARE) for area in (*_CUMBRIA, *_NORTH_YORKSHIRE)},
    },
}


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside the tests."""
    with (TESTS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pairs(name: str, first: str, second: str) -> set[tuple[str, str]]:
    """Return two columns of a reference table of districts, with the codes of today."""
    return {
        (RECODED.get(row[first], row[first]), row[second])
        for row in rows(f"publications/ons/{name}.csv")
        if row[first].startswith(("E", "W"))
    }


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """Return the graph of the country, for its tables: nothing is derived of it."""
    return cspgraph.load()


@dataclass(frozen=True)
class Country:
    """The graph of the country on one day, with the roles in it."""

    day: date
    engine: Oxigraph
    held: Held


@pytest.fixture(scope="module", params=DAYS)
def country(request: pytest.FixtureRequest, national: KnowledgeGraph) -> Country:
    """Return the country on each day in turn, asked once for all who hold the role."""
    day = date.fromisoformat(request.param)
    engine = national._dataset.day(day, None, "roles")
    _, found = from_json(
        engine.select(
            """
            SELECT ?area ?kind ?body
            WHERE {
              ?area csp:areaKind kind:LocalGovernmentArea .
              ?holding csp:area ?area ; csp:role role:ResponsibleAuthority ;
                a csp:RoleHolding ; csp:capacity ?kind .
              OPTIONAL { ?holding csp:body ?body }
            }
            """
        )
    )
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for area, kind, body in found:
        assert area
        assert kind
        capacity = CAPACITIES[kind.value.rpartition("/")[2]]
        name = body.value.rpartition("/")[2] if body else NOT_NAMED
        held[area.value[-9:]][capacity].add(name)
    return Country(day, engine, held)


@pytest.fixture(scope="module")
def areas(kg: KnowledgeGraph) -> Mapping[str, Mapping[str, str]]:
    """Return every area of the register by its code."""
    return {row.cells["code"]: row.cells for row in kg._dataset.register.rows("areas")}


@pytest.fixture(scope="module")
def after(
    kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]]
) -> Mapping[str, list[str]]:
    """Return for each area those that have taken its place by the last day."""
    found = kg._dataset.register.rows("areas")
    return {
        row.cells["code"]: [
            later
            for later in items(row, "successor")
            if areas[later]["valid_from"] <= max(DAYS)
        ]
        for row in found
    }


@pytest.fixture(scope="module")
def local(kg: KnowledgeGraph) -> set[str]:
    """Return the kinds of area that have responsible authorities."""
    _, found = from_json(
        kg._dataset.law_alone.select(
            "SELECT ?kind { ?kind skos:broader kind:LocalGovernmentArea }"
        )
    )
    return {row[0].value.rpartition("/")[2] for row in found if row[0]}


def in_effect(row: Mapping[str, str], day: str) -> bool:
    return row["valid_from"] <= day < (row["valid_until"] or "9999")


def today_of(code: str, after: Mapping[str, list[str]]) -> set[str]:
    """Return the areas to which `code` leads in the end: itself, where it stays."""
    if not after[code]:
        return {code}
    return set().union(*(today_of(later, after) for later in after[code]))


def kinds(
    areas: Mapping[str, Mapping[str, str]], day: str, *only: str
) -> dict[str, int]:
    """Count the areas in effect by kind."""
    found = Counter(row["kind"] for row in areas.values() if in_effect(row, day))
    return {kind: found[kind] for kind in only or found}


def wider(
    kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]], day: str, *kinds: str
) -> set[tuple[str, str]]:
    """Return which areas lie in which wider areas of these kinds on a day."""
    return {
        (row.cells["area"], row.cells["wider_area"])
        for row in kg._dataset.register.rows("containments")
        if in_effect(row.cells, day) and areas[row.cells["wider_area"]]["kind"] in kinds
    }


# Who the responsible authorities are


def test_responsible_authorities_are_those_of_the_reference(
    country: Country, kg: KnowledgeGraph, after: Mapping[str, list[str]]
) -> None:
    names, day = kg._dataset.labels, country.day

    @cache
    def body(name: str) -> str:
        """Return the body that the register knows by this name, or else the name."""
        try:
            found = names.find("body", name, "body", day)
        except NameNotClearError:
            return name
        return found.value.rpartition("/")[2]

    said = expected(str(day), country.held, after)
    differ = {
        (area, capacity)
        for area, held in country.held.items()
        for capacity in {*held, *said[area]}
        if held.get(capacity, set()) != set(map(body, said[area].get(capacity, set())))
    }
    listed = [of.get(str(day), set()) for of in DIFFERENCES.values()]
    assert differ == set().union(*listed)
    assert len(differ) == sum(map(len, listed)), "a difference has one reason"


def expected(day: str, held: Held, after: Mapping[str, list[str]]) -> Held:
    """Return the names that the tables give for each area: those of its successor.

    Councils of districts that are no more come from the tables that still list them.
    """
    table = {
        row["LAD25CD"]: row for row in rows("reference/bodies-of-districts-2025.csv")
    }
    edition = "26" if day >= BOARDS_MERGED else "24"
    boards = defaultdict(set)
    for row in rows(f"reference/care-boards-20{edition}.csv"):
        boards[row["LAD25CD"]].add(row[f"ICB{edition}NM"])
    councils = {
        row["gss-code"]: row["official-name"]
        for row in rows(
            "publications/other/mysociety_uk_local_authorities_future_v1.7.3.csv"
        )
    }
    counties = {
        row["LAD20CD"]: f"{row['CTY20NM']} County Council"
        for row in rows("publications/ons/LAD20_CTY20_EN.csv")
        if row["CTY20CD"].startswith("E10")
    }
    assert set().union(*(today_of(code, after) for code in held)) == table.keys()
    said = {}
    for code in held:
        (later,) = today_of(code, after)
        row, gone = table[later], code not in table
        names = {
            COUNCIL: {councils[code] if gone else row["council"]},
            COUNTY: {counties.get(code, "") if gone else row["county_council"]},
            POLICE: {row["force"]},
            FIRE: {row["fire_authority"]},
            PROBATION: {"Probation Service" if row["probation_region"] else ""},
            CARE: boards[later],
            WELSH_HEALTH: {row["LHB22NM"]},
        }
        said[code] = {capacity: found - {""} for capacity, found in names.items()}
    return said


def test_every_area_has_one_of_each_and_health(country: Country) -> None:
    """One council, chief officer and provider; care boards in England, one board in Wales."""
    for area, held in country.held.items():
        for capacity in (COUNCIL, POLICE, PROBATION):
            assert len(held[capacity]) == 1, (area, capacity)
        if area.startswith("W"):
            assert (len(held[WELSH_HEALTH]), len(held[CARE])) == (1, 0), area
        else:
            assert len(held[WELSH_HEALTH]) == 0, area
            assert len(held[CARE]) >= 1, area


def test_an_area_asked_alone_has_the_answer_of_the_country(
    country: Country, kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]]
) -> None:
    """One area of each kind, all with several care boards, some with none named."""
    day, boards = str(country.day), {c: h[CARE] for c, h in country.held.items()}
    unnamed = [code for code, named in boards.items() if NOT_NAMED in named]
    several = [code for code, named in boards.items() if len(named) > 1]
    kinds = {areas[code]["kind"]: code for code in sorted(boards)}.values()
    assert (len(several), len(unnamed), len(kinds)) == {
        TODAY: (6, 0, 8),
        REORGANISED: (13, 0, 8),
        BOARDS_BEGAN: (10, 13, 8),
    }[day]
    sample = {
        TODAY: {*kinds, *several},
        REORGANISED: set(several),
        BOARDS_BEGAN: {several[0], *unnamed[:2]},
    }[day]
    query, names = find("responsible-authorities"), kg._dataset.labels
    alone = cspgraph.load()
    for code in sample:
        given = terms(query, {"area": code}, names, country.day)
        whole = ask(country.engine, query, given, names, country.day, {})
        answer = alone.answer(query.name, area=code, on=country.day)
        assert len(answer) == sum(map(len, country.held[code].values())), code
        assert answer.terms == whole.terms, code


# What the register holds


def test_districts_by_kind(
    areas: Mapping[str, Mapping[str, str]], local: set[str]
) -> None:
    now = kinds(areas, TODAY, *local)
    assert now == {
        "TwoTierDistrict": 164,
        "UnitaryDistrict": 61,
        "MetropolitanDistrict": 36,
        "LondonBorough": 32,
        "CityOfLondon": 1,
        "IsleOfWight": 1,
        "IslesOfScilly": 1,
        "WelshPrincipalArea": 22,
    }
    assert sum(now.values()) == 318
    assert sum(kinds(areas, BOARDS_BEGAN, *local).values()) == 331


def test_wider_areas_by_kind(areas: Mapping[str, Mapping[str, str]]) -> None:
    """As many as the publishers list; the fire areas with those of councils among them."""
    wide = {
        "CountyArea": 21,
        "PoliceArea": 43,
        "FireArea": 47,
        "ProbationRegion": 12,
    }
    assert kinds(areas, TODAY, *wide) == wide
    assert kinds(areas, BOARDS_BEGAN, *wide) == wide | {"CountyArea": 24}


@pytest.mark.parametrize(
    ("day", "boards"),
    [
        ("2022-06-30", 0),
        ("2022-07-01", 42),
        ("2026-03-31", 42),
        ("2026-04-01", 36),
        (TODAY, 36),
    ],
)
def test_health_boards_on_a_day(
    day: str, boards: int, kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]]
) -> None:
    bodies = Counter(
        row.cells["kind"]
        for row in kg._dataset.register.rows("bodies")
        if in_effect(row.cells, day)
    )
    assert bodies["IntegratedCareBoard"] == boards
    assert bodies["LocalHealthBoard"] == 7
    assert kinds(areas, day, "HealthArea") == {"HealthArea": boards + 7}


def test_each_area_of_each_day_lies_in_one_police_area_and_probation_region(
    kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]], local: set[str]
) -> None:
    """From the first edition that was read, and from the first day of the regions."""
    starts = {row["valid_from"] for row in areas.values()}
    days = sorted(day for day in {*starts, *DAYS} if day >= "2017-01-31")
    assert len(days) > 8
    for day in days:
        districts = {
            code
            for code, row in areas.items()
            if row["kind"] in local and in_effect(row, day)
        }
        police = wider(kg, areas, day, "PoliceArea")
        assert Counter(a for a, _ in police) == dict.fromkeys(districts, 1), day
        if day >= "2021-06-26":
            region = wider(kg, areas, day, "ProbationRegion")
            forces = dict.fromkeys({wide for _, wide in police}, 1)
            assert Counter(a for a, _ in region) == forces, day


def test_christchurch_is_in_bournemouth_christchurch_and_poole(
    areas: Mapping[str, Mapping[str, str]], after: Mapping[str, list[str]]
) -> None:
    """The statistical area stayed that of Dorset."""
    assert after["E07000048"] == ["E06000058"]
    assert areas["E07000048"]["statistical_area"] == "E22000367"


# The register against the published files


def test_every_district_of_2016_leads_to_those_of_today(
    areas: Mapping[str, Mapping[str, str]],
    after: Mapping[str, list[str]],
    local: set[str],
) -> None:
    chain = pairs("LTLA_change_chain_2016_2024_UK", "ltla16_code", "ltla24_code")
    chain = {(old, RECODED.get(new, new)) for old, new in chain}
    old = {first for first, _ in chain}
    assert len(old) == 348
    assert all(later in today_of(first, after) for first, later in chain)
    now = {
        code
        for code, row in areas.items()
        if row["kind"] in local and in_effect(row, TODAY)
    }
    assert set().union(*(today_of(first, after) for first in old)) == now
    assert {code[0]: count for code, count in Counter(c[0] for c in now).items()} == {
        "E": 296,
        "W": 22,
    }


def test_statistical_areas_are_those_published(
    kg: KnowledgeGraph, local: set[str]
) -> None:
    published = pairs("LAD25_CSP25_PFA25_EW", "LAD25CD", "CSP25CD")
    held = {
        (row.cells["code"], statistical)
        for row in kg._dataset.register.rows("areas")
        if row.cells["kind"] in local and in_effect(row.cells, TODAY)
        for statistical in items(row, "statistical_area")
    }
    assert len(published) == 332
    assert held == published
    codes = {r.cells["code"] for r in kg._dataset.register.rows("statistical-areas")}
    assert codes == {statistical for _, statistical in published}
    assert Counter(code[0] for code in codes) == {"E": 293, "W": 21}


@pytest.mark.parametrize(
    ("kind", "table", "first", "second", "start"),
    [
        ("PoliceArea", "LAD25_CSP25_PFA25_EW", "LAD25CD", "PFA25CD", ("E", "W")),
        ("FireArea", "LAD24_FRA24_EW", "LAD24CD", "FRA24CD", ("E", "W")),
        ("CountyArea", "LTLA23_UTLA23_EW", "LTLA23CD", "UTLA23CD", ("E10",)),
        ("HealthArea", "UA22_LHB22_WA", "UA22CD", "LHB22CD", ("W11",)),
    ],
)
def test_districts_lie_where_the_published_files_have_them(
    kind: str,
    table: str,
    first: str,
    second: str,
    start: tuple[str, ...],
    kg: KnowledgeGraph,
    areas: Mapping[str, Mapping[str, str]],
) -> None:
    published = {p for p in pairs(table, first, second) if p[1].startswith(start)}
    held = {p for p in wider(kg, areas, TODAY, kind) if p[1].startswith(start)}
    assert len(published) > 20
    assert held == published


def test_probation_regions_are_those_of_the_reference(
    kg: KnowledgeGraph, areas: Mapping[str, Mapping[str, str]]
) -> None:
    said = {
        (row["PFA25CD"], row["probation_region"])
        for row in rows("reference/bodies-of-districts-2025.csv")
    }
    held = {
        (area, areas[region]["name"].removesuffix(" probation region"))
        for area, region in wider(kg, areas, TODAY, "ProbationRegion")
    }
    assert held == said


# The command


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return how the question about responsible authorities ended: code, data, talk."""
    with pytest.raises(SystemExit) as ended:
        main(["answer", "responsible-authorities", *words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_cumberland_has_two_care_boards(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "--area", "Cumberland", "--format", "csv")
    bodies = [row["body"] for row in csv.DictReader(out.splitlines())]
    assert code == 0
    assert [body for body in bodies if body.endswith("Integrated Care Board")] == [
        "NHS Lancashire and South Cumbria Integrated Care Board",
        "NHS North East and North Cumbria Integrated Care Board",
    ]


def test_barnsley_says_which_code_it_had(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(capsys, "--area", "Barnsley")
    assert code == 0
    assert "South Yorkshire" in out
    assert (
        "Area: E08000038 (Barnsley), since 2025-04-01, "
        "before that E08000016 (Barnsley).\n"
    ) in err


def test_dorset_before_it_began_names_what_was_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = asked(capsys, "--area", "Dorset", "--on", "2019-03-31")
    assert (code, out) == (2, "")
    assert "E06000059 (Dorset) holds from 2019-04-01; in its place were " in err
    for name in (
        *("East Dorset", "North Dorset", "Purbeck", "West Dorset"),
        *("Weymouth and Portland", "Dorset (county with districts)"),
    ):
        assert f"({name})" in err
