"""Every rule derives something, once, the same in rdflib, and for one area as for all."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import QueryTriples, Store
from rdflib.plugins.sparql import prepareQuery

import few
from cspgraph.derive import rules as derive_rules
from cspgraph.derive import snapshot
from cspgraph.derive.rules import FIRST_SNAPSHOT_RULE, rules
from cspgraph.questions.query_file import queries
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad, Triple

    from cspgraph.graph import KnowledgeGraph

#: Made-up claims for the rules that give verdicts; see test_verdicts.py.
CLAIMS = Path(__file__).parent / "verdicts"
COUNTER_WORLDS = Path(__file__).parent / "rules"

#: A day with a county, one with the report, and one on which its plans have run out.
DAYS = ("2013-03-01", "2024-07-23", "2025-06-01")

each_rule = pytest.mark.parametrize("name", rules())


def triples(quads: Iterable[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}


@cache
def derived(world: str = "", *, claims: bool = False) -> dict[str, int]:
    """Return how many triples each rule derives, on all of `DAYS` together.

    `world` is a file that is read on top of the shipped ones; with `claims`, those made
    up for the tests are.
    """
    own = files.user_files(COUNTER_WORLDS / world) if world else []
    own += files.user_files(CLAIMS) if claims else []
    counts = dict.fromkeys(rules(), 0)
    for day in DAYS:
        engine = few.read(few.dataset(own))
        for name, rule in rules().items():
            if name.startswith(FIRST_SNAPSHOT_RULE):
                snapshot.cut(engine, date.fromisoformat(day))
            found = engine.construct(rule.text)
            counts[name] += len(found)
            engine.add(found, derive_rules.DERIVED)
    return counts


@each_rule
def test_says_what_it_does(name: str) -> None:
    first = rules()[name].text.splitlines()[0]
    assert re.fullmatch(r"# [A-Z].*[.]", first)


@each_rule
def test_is_a_construct_in_both_engines(name: str) -> None:
    text = rules()[name].text
    assert isinstance(Store().query(text), QueryTriples)
    assert prepareQuery(text).algebra.name == "ConstructQuery"


@each_rule
def test_derives_something(name: str) -> None:
    if "-verdict-" in name or "-claim-" in name:
        assert max(derived()[name], derived(claims=True)[name]) > 0
        return
    world = f"{name}.trig" if (COUNTER_WORLDS / f"{name}.trig").is_file() else ""
    assert derived(world)[name] > (derived()[name] if world else 0)


@pytest.mark.parametrize("world", sorted(p.stem for p in COUNTER_WORLDS.glob("*.trig")))
def test_counter_world_is_needed(world: str) -> None:
    """It stands for a rule that is silent on shipped data; else the file may go."""
    assert derived()[world] == 0


def test_rules_run_in_the_order_of_their_numbers() -> None:
    assert list(rules()) == sorted(rules())
    assert all(re.match(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*$", name) for name in rules())


def test_running_twice_adds_nothing() -> None:
    engine = few.read()
    derive_rules.derive(engine)
    once = triples(engine.quads())
    derive_rules.derive(engine)
    assert triples(engine.quads()) == once
    snapshot.cut(engine, date(2024, 7, 23))
    derive_rules.derive_day(engine)
    once = triples(engine.quads())
    derive_rules.derive_day(engine)
    assert triples(engine.quads()) == once


def test_nothing_derived_ends_before_it_begins(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?thing WHERE { ?thing csp:validFrom ?from ; csp:validUntil ?until"
        " FILTER (?from >= ?until) } ORDER BY ?thing"
    )
    assert len(found) == 0


#: In rdflib the rules take minutes: `make check` runs them for one area.
in_rdflib = pytest.mark.parametrize(
    "areas",
    [
        pytest.param(few.ONE, id="one"),
        pytest.param(few.FEWER, id="six", marks=pytest.mark.exhaustive),
    ],
)


@in_rdflib
def test_rdflib_derives_the_same_timeline(areas: list[str]) -> None:
    files = list(few.read(few.dataset(areas=areas)).quads())
    engine, reference = Oxigraph(files), Reference(files)
    for name, rule in rules().items():
        if name < FIRST_SNAPSHOT_RULE:
            found = engine.construct(rule.text)
            assert set(reference.construct(rule.text)) == set(found), name
            engine.add(found, derive_rules.DERIVED)
            reference.add(found, derive_rules.DERIVED)


@in_rdflib
@pytest.mark.parametrize("day", ["2013-03-01", "2024-07-23"])
def test_rdflib_derives_the_same_day(day: str, areas: list[str]) -> None:
    engine = few.read(few.dataset(areas=areas))
    derive_rules.derive(engine)
    snapshot.cut(engine, date.fromisoformat(day))
    reference = Reference(engine.quads())
    for name, rule in rules().items():
        if name >= FIRST_SNAPSHOT_RULE:
            found = engine.construct(rule.text)
            assert set(reference.construct(rule.text)) == set(found), name
            engine.add(found, derive_rules.DERIVED)
            reference.add(found, derive_rules.DERIVED)


# One area alone

ONE_AREA = [
    query.name
    for query in queries().values()
    if [p.optional for p in query.parameters if p.kind == "area"] == [False]
]


@pytest.mark.parametrize(
    ("day", "area"),
    [
        ("2007-08-01", "E07000052"),
        ("2013-03-01", "E07000049"),
        ("2013-03-01", "E06000028"),
        ("2013-03-01", "E10000009"),
        ("2018-12-17", "E10000009"),
        ("2024-07-23", "E06000058"),
        ("2024-07-23", "E06000059"),
        ("2024-10-11", "E06000059"),
    ],
)
def test_one_area_alone_is_answered_as_within_the_whole(
    day: str, area: str, kg: KnowledgeGraph
) -> None:
    """Duties are derived for the area asked about; the whole gives the same answer."""
    whole = kg.at(day)._engine()
    rows = 0
    for name in ONE_AREA:
        query = queries()[name]
        needed = {p.name for p in query.parameters if not p.optional} - {"area"}
        given = {name: query.example[name] for name in sorted(needed)}
        answer = kg.answer(name, on=day, area=area, **given)
        text = query.bind(answer.parameters)
        asked = frozenset({answer.parameters["area"][0].value})
        narrow = kg._dataset.day(date.fromisoformat(day), asked)
        assert narrow is not whole
        assert narrow.select(text) == whole.select(text), name
        rows += len(answer)
    assert rows > 0
