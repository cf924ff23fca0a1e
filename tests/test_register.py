"""The register: a bad table names file, line and column; a new council is rows only."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

import few
from cspgraph.dataset import Dataset
from cspgraph.errors import FileError
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files
from cspgraph.rdf.files import Source
from cspgraph.register.register import Register
from cspgraph.register.tables import TABLES

SHIPPED = {s.name: s.text for s in files.shipped("data/register", ".csv")}
BODIES = "data/register/kept/dorset/bodies.csv"
HEAD = SHIPPED[BODIES].splitlines()[0]

GOOD = {
    "slug": "one-council",
    "name": "One Council",
    "kind": "UnitaryCouncil",
    "successor": "",
    "valid_from": "2019-04-01",
    "valid_until": "",
    "confidence": "High",
    "verification": "V",
    "evidence": "E86;E87",
    "source": "made up",
    "assumption": "",
    "note": "",
    "first_day": "",
}


def table(*rows: dict[str, str], head: str = HEAD) -> Source:
    """Return a table of bodies with these rows."""
    lines = [head, *(",".join(row[name] for name in HEAD.split(",")) for row in rows)]
    return Source(BODIES, ("\n".join(lines) + "\n").encode())


def test_the_good_row_is_good() -> None:
    found = {
        quad.predicate.value.rpartition("#")[2]
        for quad in Register([table(GOOD)]).quads()
    }
    assert {"type", "label", "bodyKind", "validFrom", "verifiedBy"} <= found
    assert "validUntil" not in found


@pytest.mark.parametrize("word", ["By", "2019-04-01", "yes", "about"])
def test_a_first_day_is_known_or_not(word: str) -> None:
    """The column may be left out; its one word gives the day as one by which it held."""

    def days(*tables: Source) -> dict[str, str]:
        return {
            quad.predicate.value.rpartition("#")[2]: quad.object.value  # type: ignore[union-attr]
            for quad in Register(tables).quads()
        }

    said = days(table(GOOD | {"first_day": "by"}))
    assert said["beginsBy"] == said["validFrom"] == "2019-04-01"
    plain = HEAD.removesuffix(",first_day")
    row = ",".join(GOOD[name] for name in plain.split(","))
    without = Source(BODIES, f"{plain}\n{row}\n".encode())
    assert "beginsBy" not in days(table(GOOD)) | days(without)
    with pytest.raises(FileError, match="write 'by'") as caught:
        days(table(GOOD | {"first_day": word}))
    assert caught.value.column == "first_day"


def test_every_table_is_known_and_shipped() -> None:
    tables = {f"{name}.csv" for name in (*TABLES, "organs-by-law")}
    assert {name.rpartition("/")[2] for name in SHIPPED} == tables


@pytest.mark.parametrize(
    ("change", "column", "problem"),
    [
        (
            {"valid_from": "01/04/2019"},
            "valid_from",
            "'01/04/2019' is not a date; write 2019-04-01",
        ),
        ({"valid_from": "2019-02-30"}, "valid_from", "'2019-02-30' is not a date"),
        ({"valid_from": "20190401"}, "valid_from", "'20190401' is not a date"),
        ({"valid_from": "2019-W14-1"}, "valid_from", "'2019-W14-1' is not a date"),
        ({"valid_from": ""}, "valid_from", "the cell is empty; fill it"),
        ({"valid_until": "open"}, "valid_until", "'open' is not a date"),
        ({"valid_until": "2019-04-01"}, "valid_until", "is not after"),
        ({"name": ""}, "name", "the cell is empty; fill it"),
        ({"kind": ""}, "kind", "the cell is empty; fill it"),
        ({"slug": ""}, "slug", "the cell is empty; fill it"),
        ({"verification": ""}, "verification", "the cell is empty; fill it"),
        ({"name": " One Council"}, "name", "has space round it; remove it"),
        ({"name": "One Council\u00a0"}, "name", "has space round it; remove it"),
        ({"kind": "Unitary Council"}, "kind", "cannot be part of an address"),
        ({"slug": "one council"}, "slug", "cannot be part of an address"),
        ({"slug": "one>council"}, "slug", "cannot be part of an address"),
        ({"evidence": "E86;"}, "evidence", "an empty item in the list"),
    ],
)
def test_a_bad_cell_is_named(change: dict[str, str], column: str, problem: str) -> None:
    other = GOOD | {"slug": "another-council"}
    with pytest.raises(FileError) as caught:
        list(Register([table(other, GOOD | change)]).quads())
    error = caught.value
    assert (error.file, error.line, error.column) == (BODIES, 3, column)
    assert problem in error.problem
    assert str(error).startswith(f"{BODIES}, line 3, column {column}: ")


def test_a_key_stands_once() -> None:
    with pytest.raises(
        FileError, match="stands in line 2 already; keep one row"
    ) as caught:
        list(Register([table(GOOD, GOOD)]).quads())
    assert (caught.value.line, caught.value.column) == (3, "slug")


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (HEAD.replace("kind", "sort"), "column 'kind' is missing"),
        (HEAD + ",telephone", "column 'telephone' is not known here"),
        (HEAD.replace("name,", ""), "column 'name' is missing"),
        (HEAD + ",name", "column 'name' appears twice"),
        ("", "column"),
    ],
)
def test_a_bad_header_is_named(head: str, problem: str) -> None:
    with pytest.raises(FileError) as caught:
        list(Register([table(head=head)]).quads())
    assert problem in caught.value.problem
    assert (caught.value.file, caught.value.line) == (BODIES, 1)


@pytest.mark.parametrize("cells", ["only-one", "a,b,c", HEAD + ",more"])
def test_a_row_of_another_length_is_named(cells: str) -> None:
    with pytest.raises(FileError, match="cells where the header has 13") as caught:
        list(Register([Source(BODIES, f"{HEAD}\n{cells}\n".encode())]).quads())
    assert (caught.value.file, caught.value.line) == (BODIES, 2)


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(
        FileError, match="no table is called 'people'; the tables are areas"
    ):
        list(Register([Source("data/register/people.csv", b"name\n")]).quads())


def test_columns_may_stand_in_any_order() -> None:
    names = list(reversed(HEAD.split(",")))
    text = ",".join(names) + "\n" + ",".join(GOOD[name] for name in names) + "\n"
    turned = Register([Source(BODIES, text.encode())])
    assert set(turned.quads()) == set(Register([table(GOOD)]).quads())


# A new council

NEW = {
    "areas": "E06999999,Newtown,UnitaryDistrict,E92000001,,,2020-04-01,,High,V,E86,made up,,,",
    "bodies": "newtown-council,Newtown Council,UnitaryCouncil,,2020-04-01,,High,V,E86,made up,,,",
    "services": "newtown-council,E06999999,2020-04-01,,,High,V,E86,made up,,,",
    "governance": "newtown-council,2020-04-01,CommitteeSystem,,High,V,E86,made up,,",
    "containments": "E06999999,E23000039,2020-04-01,,High,O,E86,made up,,,",
}


@pytest.fixture(scope="module")
def grown() -> KnowledgeGraph:
    """Return the graph with one more council: rows in five tables, and nothing else."""
    dataset = Dataset()
    dataset.limit = few.dataset().limit
    places = "data/register/built/"
    dataset.tables[:] = [
        Source(
            s.name,
            (s.text + NEW.get(s.name.removeprefix(places)[:-4], "") + "\n")
            .rstrip("\n")
            .encode()
            + b"\n",
        )
        for s in dataset.tables
    ]
    return KnowledgeGraph(dataset)


def test_a_new_council_has_duties(grown: KnowledgeGraph) -> None:
    members = grown.answer("responsible-authorities", area="Newtown", on="2024-07-23")
    bodies = {row[0] for row in members.words()}
    assert {"Newtown Council", "Chief Constable of Dorset Police"} <= bodies
    duties = grown.answer(
        "who-must-do-what", area="E06999999", on="2024-07-23", body="Newtown Council"
    )
    assert {"CDA 1998 s.6(1)(a)", "PCSCA 2022 s.8(3)(c)"} <= {
        row["law"] for row in duties
    }


def test_a_new_council_adopts_as_it_is_governed(grown: KnowledgeGraph) -> None:
    answer = grown.answer("who-must-adopt", area="Newtown", on="2024-07-23")
    laws = {
        row["law"] for row in answer if str(row["basis"]).endswith("StatuteReserved")
    }
    assert laws == {"SI 2012/1020 Sch."}
    assert {row["assumes"] for row in answer} == {None}


def test_a_new_council_changes_nothing_elsewhere(
    grown: KnowledgeGraph, kg: KnowledgeGraph
) -> None:
    for name in (
        "responsible-authorities",
        "who-must-do-what",
        "who-must-adopt",
        "standing",
    ):
        for area in ("E06000059", "E06000058"):
            before = kg.answer(name, area=area, on="2024-07-23")
            after = grown.answer(name, area=area, on="2024-07-23")
            assert after.terms == before.terms


def test_areas_of_the_future_bind_nobody_today() -> None:
    dataset = Dataset()
    dataset.limit = few.dataset().limit
    dataset.tables[:] = [
        Source(s.name, s.text.replace("2019-04-01,,High", "2035-04-01,,High").encode())
        if s.name.endswith("areas.csv")
        else s
        for s in dataset.tables
    ]
    future = KnowledgeGraph(dataset, date(2024, 7, 23))
    sparql = (
        "SELECT ?duty WHERE {{ ?duty csp:area gss:{} ; a csp:Duty }} ORDER BY ?duty"
    )
    assert len(future.select(sparql.format("E06000059"))) == 0
    assert len(future.at("2035-04-01").select(sparql.format("E06000059"))) > 0


# What rows name


def test_every_area_and_body_that_is_named_has_a_row() -> None:
    Register(files.shipped("data/register", ".csv")).check()


@pytest.mark.parametrize(
    ("table", "column", "cell", "code"),
    [
        ("built/services", "body", "no-council", "no-council"),
        ("built/services", "area", "E06009999", "E06009999"),
        ("built/containments", "wider_area", "no-area", "no-area"),
        ("built/areas", "country", "E92009999", "E92009999"),
        ("built/areas", "statistical_area", "E22000027;E22009999", "E22009999"),
        ("built/areas", "successor", "E06009999", "E06009999"),
        ("built/bodies", "successor", "no-council", "no-council"),
        ("built/governance", "body", "no-council", "no-council"),
        ("built/aliases", "thing", "gss:E06009999", "E06009999"),
        ("built/identifiers", "thing", "body:no-council", "no-council"),
        ("kept/dorset/organs", "body", "no-council", "no-council"),
    ],
)
def test_a_row_that_names_what_is_not_there(
    table: str, column: str, cell: str, code: str
) -> None:
    name = f"data/register/{table}.csv"
    head, first, *others = csv.reader(SHIPPED[name].splitlines())
    first[head.index(column)] = cell
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, first, *others])
    changed = SHIPPED | {name: text.getvalue()}
    register = Register(Source(n, t.encode()) for n, t in changed.items())
    with pytest.raises(FileError) as caught:
        register.check()
    said = f"{code!r} has no row of its own in the register; add it"
    assert str(caught.value) == f"{name}, line 2, column {column}: {said}"
