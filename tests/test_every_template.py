"""Every role and every duty holds on its first and last day, and not outside them.

A made-up world has one area of every kind in both countries and one body of every
kind that serves them all, so that nothing but the law decides what holds when. What
the rules make of a template is held against the template itself, and against a golden
file: a day or a country that moves in the data is seen as well.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, Store

from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.explain import why
from cspgraph.explain.provision import StoreLinks
from cspgraph.rdf.terms import CSP, OPEN_END, RDF_TYPE, compact
from cspgraph.records.index import RecordIndex
from madeup import COUNTRIES, name, objects, world

if TYPE_CHECKING:
    from collections.abc import Callable

Window = tuple[str, str]


@pytest.fixture(scope="module")
def derived() -> list[Quad]:
    dataset = Dataset()
    dataset.tables[:] = []
    dataset.record_index = RecordIndex([])
    engine = dataset.read()
    made = world(list(engine.quads()))
    engine.store.extend(made)
    rules.window(
        engine,
        {
            q.subject
            for q in made
            if q.object == CSP.Area and isinstance(q.subject, NamedNode)
        },
    )
    rules.derive(engine)
    return list(engine.quads())


def windows(quads: list[Quad], kind: NamedNode) -> dict[tuple[str, str], set[Window]]:
    """Return for each template and country the days of what was derived from it."""
    template, area = objects(quads, CSP.template), objects(quads, CSP.area)
    begins, ends = objects(quads, CSP.validFrom), objects(quads, CSP.validUntil)
    country = objects(quads, CSP.country)
    found: dict[tuple[str, str], set[Window]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == RDF_TYPE and quad.object == kind:
            thing = name(quad.subject)
            (where,) = area[thing]
            (land,) = country[where]
            (origin,) = template[thing]
            found[origin, land].add((min(begins[thing]), min(ends[thing])))
    return found


def templates(quads: list[Quad], kind: NamedNode) -> list[tuple[str, str, Window]]:
    """Return each template with each country of its extent and its days."""
    begins, ends = objects(quads, CSP.validFrom), objects(quads, CSP.validUntil)
    extent = objects(quads, CSP.extent)
    return [
        (template, land, (min(begins[template]), min(ends[template])))
        for template in sorted(
            name(q.subject)
            for q in quads
            if q.predicate == RDF_TYPE and q.object == kind
        )
        for land in sorted(extent[template])
    ]


def in_force(found: set[Window], day: str) -> bool:
    return any(begins <= day < until for begins, until in found)


def edges(window: Window) -> list[tuple[str, bool]]:
    """Return the day before, the first, the last and the day after, and what is expected."""
    first, until = (date.fromisoformat(day) for day in window)
    step = timedelta(days=1)
    days = [(first - step, False), (first, True)]
    if window[1] != OPEN_END:
        days += [(until - step, True), (until, False)]
    return [(day.isoformat(), expected) for day, expected in days]


def test_every_role_holds_on_its_days_alone(derived: list[Quad]) -> None:
    held = windows(derived, CSP.RoleHolding)
    wrong = [
        (template.rpartition("/")[2], land[-9:], day)
        for template, land, window in templates(derived, CSP.RoleTemplate)
        for day, expected in edges(window)
        if in_force(held[template, land], day) != expected
    ]
    assert not wrong


def test_every_duty_holds_on_its_days_alone(derived: list[Quad]) -> None:
    """On the first day only where somebody holds the role by then, in that country."""
    bound = windows(derived, CSP.Duty)
    role = objects(derived, CSP.role)
    given: dict[tuple[str, str], set[Window]] = defaultdict(set)
    for template, land, window in templates(derived, CSP.RoleTemplate):
        given[min(role[template]), land].add(window)
    bearer = objects(derived, CSP.bearerRole)
    wrong = [
        (template.rpartition("/")[2], land[-9:], day)
        for template, land, window in templates(derived, CSP.DutyTemplate)
        for day, expected in edges(window)
        if in_force(bound[template, land], day)
        != (expected and in_force(given[min(bearer[template]), land], day))
    ]
    assert not wrong


def test_days_are_those_that_were_reviewed(
    derived: list[Quad], golden: Callable[[str, str], None]
) -> None:
    """One line for each template, country and stretch of days in the made-up world."""
    letters = {name(node): letter for letter, node in COUNTRIES.items()}
    lines = sorted(
        f"{compact(template)},{letters[land]},{begins},{until}\n"
        for kind in (CSP.RoleHolding, CSP.Duty)
        for (template, land), found in windows(derived, kind).items()
        for begins, until in found
    )
    golden("template-days.csv", f"template,country,since,until\n{''.join(lines)}")


def test_every_role_that_binds_is_given(derived: list[Quad]) -> None:
    """No duty template binds a role that no role template gives in one of its countries."""
    role, bearer = objects(derived, CSP.role), objects(derived, CSP.bearerRole)
    given = {
        (min(role[template]), land)
        for template, land, _ in templates(derived, CSP.RoleTemplate)
    }
    missing = {
        (template.rpartition("/")[2], land[-9:])
        for template, land, _ in templates(derived, CSP.DutyTemplate)
        if (min(bearer[template]), land) not in given
    }
    assert not missing


def test_why_ends_for_every_duty_in_a_provision_in_force(derived: list[Quad]) -> None:
    """On the first day of one duty of each template, in each country: the leg of the task."""
    store = Store()
    store.bulk_extend(derived)
    links, names = StoreLinks(store), Dataset().labels
    seen: set[tuple[str, str]] = set()
    for duty in links.back(CSP.Duty, RDF_TYPE):
        (template,), (area,) = (links.to(duty, t) for t in (CSP.template, CSP.area))
        key = (template.value, min(c.value for c in links.to(area, CSP.country)))
        if key in seen:
            continue
        seen.add(key)
        day = links.days(duty)[0]
        assert day is not None
        found = why.chains(store, duty, names)
        laws = [c.steps for c in found if c.steps[1].relation == "imposed by"]
        assert {steps[1].iri for steps in laws} == {
            provision.value for provision in links.to(duty, CSP.provision)
        }
        for step in {steps[1] for steps in laws}:
            first = step.since or step.since_by  # some are known by a day alone
            assert first is not None, step
            assert first <= day, (duty, step)
            assert step.until is None or day < step.until, (duty, step)
            assert step.verification
        assert any(steps[-1].relation == "part of" for steps in laws)
        held = [s for c in found for s in c.steps if s.relation == "by"]
        assert held, "why this body"
    bound = {name(t) for t in links.back(CSP.DutyTemplate, RDF_TYPE)}
    assert {template for template, _ in seen} == bound
