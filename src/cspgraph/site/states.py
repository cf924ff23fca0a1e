"""The states of an area: the days between which nothing that its page says changes.

Every day on which something about the area begins, ends, becomes known or falls due is
tried; neighbours whose pages would say the same are one state.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.questions.ask import day_of
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri
from cspgraph.site.area import AreaAnswers, answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.site.context import Place

__all__ = ["State", "days", "fingerprint", "states"]

_DATE = NamedNode(PREFIXES["xsd"] + "date")
_NEXT = timedelta(days=1)
#: What stands in the law for all areas: its days come with the duties that rest on it.
_LAW = frozenset(
    {
        *(CSP.Instrument, CSP.Provision, CSP.DutyTemplate, CSP.RoleTemplate),
        *(CSP.ForcePeriod, CSP.EvidenceEntry, CSP.ProspectiveTemplate, CSP.Gap),
        *(CSP.Reading, CSP.ScheduledChange, CSP.DeadlineRule),
    }
)
#: Days in an answer that decide when it next says something else.
_DUE = ("due", "next_due")


@dataclass(frozen=True, slots=True)
class State:
    """The days from `since` until `until`, that one not included, and their answers.

    `until` is None for the newest.
    """

    since: date
    until: date | None
    found: AreaAnswers


def days(kg: KnowledgeGraph, code: str, since: date, until: date) -> list[date]:
    """Return the days after `since`, up to `until`, on which something may change."""
    store = kg.history(code).store
    law = {
        quad.subject
        for kind in _LAW
        for quad in store.quads_for_pattern(None, RDF_TYPE, kind, None)
    }
    found = {
        date.fromisoformat(quad.object.value)
        for quad in store
        if isinstance(quad.object, Literal)
        and quad.object.datatype == _DATE
        and quad.subject not in law
    }
    return sorted(
        {day for one in found for day in (one, _after(one)) if since < day <= until}
    )


def _after(day: date) -> date:
    return day + _NEXT if day < date.max else day


def fingerprint(found: AreaAnswers) -> str:
    """Return a text that is the same for answers that say the same, whatever their day."""
    said = {
        name: [
            [
                getattr(term, "value", None)
                if not _of_day(getattr(term, "value", ""), found.on)
                else ""
                for term in row
            ]
            for row in answer.terms
        ]
        for name, answer in found.given.items()
    }
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _of_day(value: str, day: date) -> bool:
    """Return whether a value is the address of law as it stood on the day of the answer."""
    return value.startswith("http://www.legislation.gov.uk/") and value.endswith(
        f"/{day}"
    )


def states(kg: KnowledgeGraph, place: Place, since: date) -> Iterator[State]:
    """Yield the states of an area from `since` to the day of `kg`, the oldest first."""
    last = day_of("on", kg.on)
    first = kg.facts.store.quads_for_pattern(
        NamedNode(area_iri(place.code)), CSP.validFrom, None, None
    )
    began = [date.fromisoformat(q.object.value) for q in first]  # type: ignore[union-attr]
    start = max([since, *began])
    waiting = [start, *days(kg, place.code, start, last)]
    now: State | None = None
    seen: set[date] = set()
    while waiting:
        day = waiting.pop(0)
        if day in seen:
            continue
        seen.add(day)
        found = answers(kg.at(day), place)
        due = _due(found, day, last)
        waiting = sorted({*waiting, *due} - seen)
        if now and fingerprint(now.found) == fingerprint(found):
            continue
        if now:
            yield State(now.since, day, now.found)
        now = State(day, None, found)
    if now:
        yield now


def _due(found: AreaAnswers, day: date, last: date) -> set[date]:
    """Return the due days in the answers, and the days after them, that are to come."""
    named = {
        value
        for name in ("plan-dates", "standing")
        for row in found.things(name)
        for value in (row[key] for key in _DUE)
        if isinstance(value, date)
    }
    return {one for due in named for one in (due, _after(due)) if day < one <= last}
