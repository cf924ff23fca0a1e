"""Which duties fall due between two days, for areas or a body: on what day, and for whom.

The duties of all dates are looked at, so that one that begins in between is there as
well. A duty that runs from an event of unknown day has no due day, and is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.derive.deadlines import days_due
from cspgraph.errors import ParameterError
from cspgraph.explain.provision import ProvisionWalk, stood
from cspgraph.questions.answer import Answer
from cspgraph.questions.doubts import doubt
from cspgraph.questions.query_file import Column
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from cspgraph.register.spread import MOST_AREAS, served, spread
from cspgraph.render.ics import CalendarDay, calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.dataset import Dataset
    from cspgraph.questions.ask import Term

__all__ = ["COLUMNS", "due_between", "to_calendar"]

COLUMNS = (
    Column("due", "date", "The last day to do it in time"),
    Column("area", "area", "The area"),
    Column("bearer", "text", "Who is bound on that day"),
    Column("statement", "text", "The duty in words"),
    Column("law", "text", "The provision"),
    Column("law_url", "iri", "The provision as it stood on the first day asked for"),
    Column("assumes", "iri", "What is assumed because the register is not sure"),
    Column("verification", "iri", "How well the law was checked"),
    Column("duty", "iri", "The duty"),
)
_DATE = NamedNode(PREFIXES["xsd"] + "date")
_YEARS = 20


@dataclass(frozen=True, slots=True)
class _Due:
    """One duty on one due day, in words to be put in order."""

    day: date
    area: str
    statement: str
    duty: NamedNode
    bodies: tuple[NamedNode, ...]


def due_between(
    dataset: Dataset, first: date, last: date, area: str = "", body: str = ""
) -> Answer:
    """Return what falls due from `first` to `last` in `area`, or for `body` where it serves.

    Raises `ParameterError` for days in the wrong order or too far apart, for neither an
    area nor a body, and where too many areas would be looked at.
    """
    if last < first:
        raise ParameterError(
            f"to: {last} is before {first}; write the earlier day first"
        )
    if last.year - first.year > _YEARS:
        problem = f"{last} is more than {_YEARS} years after {first}"
        raise ParameterError(f"to: {problem}; choose an earlier day")
    names = dataset.labels
    who = names.known("body", body, "body", first) if body else None
    place = names.known("area", area, "area", first) if area else None
    areas = _areas(dataset, place, who, first, last)
    walk = ProvisionWalk(dataset.histories(areas, "duties").store, names)
    found, undated = _Looking(walk, first, last, who).at([NamedNode(a) for a in areas])
    rows = tuple(_terms(walk, one, first) for one in found)
    label = " and ".join(names.label(t.value) for t in (place, who) if t)
    bound: dict[str, list[Term]] = {
        name: [t] for name, t in (("area", place), ("body", who)) if t is not None
    }
    bound |= {"from": [_day(first)], "to": [_day(last)]}
    things = {t.value for row in rows for t in row if isinstance(t, NamedNode)}
    things |= {t.value for terms in bound.values() for t in terms}
    head = [column.name for column in COLUMNS]
    return Answer(
        "due-between",
        f"Which duties fall due for {label} from {first:%-d %B %Y} to {last:%-d %B %Y}?",
        COLUMNS,
        rows,
        None,
        bound,
        {t: names.label(t) for t in things}
        | {one.duty.value: one.statement for one in found},
        {
            **dataset.receipt(None, later=[first, last], areas=areas),
            **doubt(head, rows),
        },
        says=_says(len(rows), undated),
        empty=None if rows else _silence(label, first, last, undated),
    )


def to_calendar(answer: Answer, made: date) -> str:
    """Return the due days of `answer` as the text of a calendar, made on a day."""
    days = []
    places = [column.name for column in answer.columns]
    for row, words in zip(answer, answer.words(), strict=True):
        row |= dict(zip(places[:-1], words, strict=False))
        notes = [
            f"{row['bearer']} in {row['area']}: {row['statement']}.",
            f"{row['law']} ({row['verification']}) {row['law_url']}",
            *([f"Assumes {row['assumes']}."] if row["assumes"] else []),
            "Nothing here says whether it was done. This is not legal advice.",
        ]
        days.append(
            CalendarDay(
                date.fromisoformat(str(row["due"])),
                str(row["duty"]).rpartition("/")[2],
                f"{row['area']}: {row['statement']} ({row['law']})",
                "\n".join(notes),
            )
        )
    return calendar(days, made)


def _says(count: int, undated: int) -> str:
    more = ""
    if undated:
        bind, run = ("binds", "runs") if undated == 1 else ("bind", "run")
        more = (
            f". {undated} more with a time limit {bind} and {run} from an event whose day"
            " is not known here, so no day can be given"
        )
    return f"<rows due day|due days> (<due each>){more}" if count else ""


def _silence(
    label: str, first: date, last: date, undated: int
) -> dict[str, str | None]:
    said = (
        f"No day that can be worked out here falls between {first:%-d %B %Y} and"
        f" {last:%-d %B %Y} for {label}. That is not the same as nothing to do."
    )
    if undated:
        said += f" {undated} duties with a time limit run from events whose days are not known here."
    return {"reason": "no-due-day", "text": said, "ask_instead": None}


def _areas(
    dataset: Dataset,
    place: NamedNode | None,
    who: NamedNode | None,
    first: date,
    last: date,
) -> list[str]:
    """Return the areas to look at, on either day; refuse none and too many."""
    register, names = dataset.register, dataset.labels
    if place is None and who is None:
        raise ParameterError("area: missing; name an area, a body, or both")
    found = []
    for day in (first, last):
        asked = [place.value] if place else served(register, who.value, day)  # type: ignore[union-attr]
        found += [a for one in asked for a in spread(register, one, day).areas]
    areas = list(dict.fromkeys(found))
    if not areas:
        thing = (place or who).value  # type: ignore[union-attr]
        problem = f"the register names no area of {names.named(thing)} on {first}"
        raise ParameterError(f"area: {problem}; name a district, or another day")
    if len(areas) > MOST_AREAS:
        problem = f"{len(areas)} areas are too many to look at at once"
        raise ParameterError(f"area: {problem}; name a county or a district")
    return areas


class _Looking:
    """Looks through the duties of areas for those that fall due from day to day."""

    def __init__(
        self, walk: ProvisionWalk, first: date, last: date, who: NamedNode | None
    ) -> None:
        self.walk, self.first, self.last, self.who = walk, first, last, who
        self._days: dict[NamedNode, list[date]] = {}

    def at(self, areas: Sequence[NamedNode]) -> tuple[list[_Due], int]:
        """Return what falls due in `areas`, and how many duties have no day."""
        found: list[_Due] = []
        undated = 0
        for area in areas:
            label = self.walk.names.label(area.value)
            for duty in self.walk.back(area, CSP.area):
                if CSP.Duty not in self.walk.to(duty, RDF_TYPE):
                    continue
                (template,) = self.walk.to(duty, CSP.template)
                found += self.of(duty, template, label)
                undated += self.runs_from_event(duty, template)
        key = lambda one: (one.day, one.area, one.statement, one.duty.value)  # noqa: E731
        return sorted(found, key=key), undated

    def of(self, duty: NamedNode, template: NamedNode, area: str) -> Iterator[_Due]:
        """Yield the days on which `duty` falls due while it binds somebody."""
        if template not in self._days:
            self._days[template] = days_due(
                self.walk.store, template, self.first, self.last
            )
        for day in self._days[template]:
            bodies = self.bound(duty, day)
            if bodies:
                yield _Due(day, area, self.walk.bound(duty), duty, bodies)

    def bound(self, duty: NamedNode, day: date) -> tuple[NamedNode, ...]:
        """Return who is bound by `duty` on `day`; nobody where it is not for the body."""
        if not self.walk.holds(duty, day):
            return ()
        bodies = {
            body
            for holding in self.walk.to(duty, CSP.holding)
            if self.walk.holds(holding, day)
            for body in self.walk.to(holding, CSP.body)
        }
        if self.who is not None and self.who not in bodies:
            return ()
        return tuple(sorted(bodies, key=lambda b: self.walk.names.label(b.value)))

    def runs_from_event(self, duty: NamedNode, template: NamedNode) -> bool:
        """Say whether `duty` binds on the first day, has a time limit, and no day."""
        rules = self.walk.to(template, CSP.deadline)
        dated = (CSP.endsOn, CSP.eventFallsOn, CSP.eventDay)
        return (
            bool(rules)
            and not any(self.walk.text(rule, term) for rule in rules for term in dated)
            and bool(self.bound(duty, self.first))
        )


def _terms(walk: ProvisionWalk, one: _Due, first: date) -> tuple[Term | None, ...]:
    """Return a due day as a row of terms."""
    (provision, *_) = walk.to(one.duty, CSP.provision)
    (template,) = walk.to(one.duty, CSP.template)
    (area,) = walk.to(one.duty, CSP.area)
    return (
        _day(one.day),
        area,
        Literal("; ".join(walk.names.label(body.value) for body in one.bodies)),
        Literal(one.statement),
        Literal(walk.text(provision, CSP.citation)),
        NamedNode(stood(provision.value, first)),
        next(iter(walk.to(one.duty, CSP.assumes)), None),
        next(iter(walk.to(template, CSP.verification)), None),
        one.duty,
    )


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=_DATE)
