"""What changed in an area between two days, and why.

Where the area, or one that lies in it, ended in between, what came in its place is
looked at as well. Roles and duties are read from all dates, so that what began and ended in between is
there as well. Documents and standings are those of the two days held side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import ParameterError
from cspgraph.explain.causes import GAINED, KNOWN, LOST, AreaRecord, Causes
from cspgraph.explain.provision import ProvisionWalk, stood
from cspgraph.questions.answer import Answer
from cspgraph.questions.areas import COLUMN
from cspgraph.questions.doubts import doubt
from cspgraph.questions.query_file import Column
from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, RDF_TYPE
from cspgraph.register.spread import MOST_AREAS, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Store

    from cspgraph.dataset import Dataset
    from cspgraph.questions.ask import Term

__all__ = ["COLUMNS", "brief", "what_changed"]

COLUMNS = (
    Column("day", "date", "First day on which it is so"),
    Column(
        "change",
        "text",
        "Whether it was gained, lost or changed; known where it may have begun before",
    ),
    Column("kind", "text", "An area, a role, a duty, a document, or how a duty stands"),
    Column("what", "iri", "The area, role holding, duty or document"),
    Column("body", "body", "Who holds the role or has the duty; empty where several"),
    Column("before", "iri", "How the duty stood; empty where it did not exist"),
    Column("after", "iri", "How the duty stands; empty where it no longer exists"),
    Column("cause", "text", "Why it changed, as far as the data says"),
    Column("law", "text", "The provision"),
    Column(
        "law_url",
        "iri",
        "The provision as it stood on the day, or on the last day before its end",
    ),
    Column("verification", "iri", "How well the law was checked"),
)
_DATE = NamedNode(PREFIXES["xsd"] + "date")
_SAYS = "<rows change|changes> (<change each>; <kind each>)"
#: Where the kind stands in a row that begins with its area, and the kind of an area.
_KIND, _AREA = 3, Literal("area")


@dataclass(frozen=True, slots=True)
class _Change:
    """One row, before it is written in terms."""

    day: date
    change: str
    kind: str
    what: NamedNode
    words: str
    cause: str
    body: NamedNode | None = None
    before: NamedNode | None = None
    after: NamedNode | None = None
    rule: NamedNode | None = None


def what_changed(dataset: Dataset, area: str, since: date, until: date) -> Answer:
    """Return the roles, duties, documents and standings that changed in `area`.

    A change counts when its first day is after `since` and not after `until`. Raises
    `ParameterError` for days in the wrong order, and `NameNotClearError` for an area
    that is not known.
    """
    if since >= until:
        raise ParameterError(
            f"to: {until} is not after {since}; write the earlier day first"
        )
    place = dataset.labels.known("area", area, "area", until)
    days = (since, until)  # an area that ended in between was there on the first
    sides = [spread(dataset.register, place.value, day).areas for day in days]
    areas = list(dict.fromkeys([*sides[0], *sides[1]])) or [place.value]
    areas += _after(dataset, areas, since, until)
    if len(areas) > MOST_AREAS:
        named = dataset.labels.named(place.value)
        problem = f"{named} stands for {len(areas)} areas, too many to compare at once"
        raise ParameterError(f"area: {problem}; name a county or a district")
    looked = _Looked(dataset, areas, since, until)
    found = [_of_area(looked, NamedNode(one)) for one in areas]
    if len(found) == 1:
        return found[0]
    rows = tuple(
        (NamedNode(one), *row)
        for one, answer in zip(areas, found, strict=True)
        for row in answer.terms
    )
    rows = tuple(sorted(rows, key=lambda row: row[_KIND] != _AREA))
    labels = {one: dataset.labels.label(one) for one in areas}
    for answer in found:
        labels |= answer.labels
    columns = (COLUMN, *COLUMNS)
    return replace(
        found[0],
        question=_question(dataset.labels.label(place.value), since, until),
        columns=columns,
        terms=rows,
        parameters={**found[0].parameters, "area": [place]},
        labels=labels,
        receipt={**found[0].receipt, **doubt([c.name for c in columns], rows)},
        says=f"{_turned(rows, labels)}{_SAYS}",
    )


def _turned(rows: Sequence[Sequence[Term | None]], labels: Mapping[str, str]) -> str:
    """Return in words which areas ended and which began, where any did."""
    said = ""
    for change, verb in ((LOST, "Ended"), (GAINED, "Began")):
        named = [
            labels[row[0].value]  # type: ignore[union-attr]
            for row in rows
            if row[_KIND] == _AREA and row[_KIND - 1] == Literal(change)
        ]
        said += f"{verb}: {', '.join(named)}. " if named else ""
    return said


def _after(
    dataset: Dataset, areas: Iterable[str], since: date, until: date
) -> list[str]:
    """Return what came in the place of `areas` that ended after `since` up to `until`."""
    entries = {entry.iri: entry for entry in dataset.register.entries()}
    reached = dict.fromkeys(areas)
    waiting = list(reached)
    while waiting:
        entry = entries.get(waiting.pop())
        if entry is None or not str(since) < (entry.until or OPEN_END) <= str(until):
            continue
        new = [one for one in entry.successors if one not in reached]
        reached |= dict.fromkeys(new)
        waiting += new
    return [one for one in reached if one not in areas]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at: areas on two days and between them, each derived once for all."""

    dataset: Dataset
    areas: Sequence[str]
    since: date
    until: date
    causes: Causes = field(init=False)
    sides: tuple[Store, Store] = field(init=False)

    def __post_init__(self) -> None:
        dataset, near = self.dataset, frozenset(self.areas)
        history = dataset.histories(self.areas).store
        object.__setattr__(self, "causes", Causes(history, dataset.labels))
        sides = (dataset.day(day, near).store for day in (self.since, self.until))
        object.__setattr__(self, "sides", tuple(sides))


def _question(label: str, since: date, until: date) -> str:
    return (
        f"What changed in {label} after {since:%-d %B %Y} and up to {until:%-d %B %Y}?"
    )


def _of_area(looked: _Looked, place: NamedNode) -> Answer:
    """Return what changed in one area, without those that lie in it."""
    dataset, causes = looked.dataset, looked.causes
    since, until, names = looked.since, looked.until, looked.dataset.labels
    before, after = (AreaRecord(store, names, place) for store in looked.sides)
    found = [
        *_begun(causes, place, since, until),
        *_still(looked, place, _held(causes, place, since, until)),
        *_still(looked, place, _bound(causes, before, after, place, since, until)),
        *_recorded(before, after, since, until),
        *_standing(before, after, since, until),
    ]
    order = ("area", "role", "duty", "document", "standing")
    found.sort(
        key=lambda c: (c.day, order.index(c.kind), c.change, c.words, c.what.value)
    )
    rows = tuple(_terms(causes, one) for one in found)
    label = names.label(place.value)
    head = [column.name for column in COLUMNS]
    words = {one.what.value: one.words for one in found}
    things = {t.value for row in rows for t in row if isinstance(t, NamedNode)}
    told = names.history(place.value) or _ended(causes, place, until)
    return Answer(
        "what-changed",
        _question(label, since, until),
        COLUMNS,
        rows,
        None,
        {"area": [place], "from": [_day(since)], "to": [_day(until)]},
        {thing: names.label(thing) for thing in things | {place.value}} | words,
        {
            **dataset.receipt(None, later=[since, until], areas=[place.value]),
            **doubt(head, rows),
            **({"area": told} if told else {}),
        },
        says=_SAYS,
    )


def brief(changed: Answer) -> tuple[list[str], list[list[str]]]:
    """Return titles and rows for people: day, what changed, for whom, why and by which law."""
    rows = []
    several = len(changed.columns) - len(COLUMNS)  # the area stands first
    for words in changed.words():
        day, change, kind, what, body, before, after, cause, law, *_ = words[several:]
        stood = f"{before}, now {after}: " if change == "changed" else ""
        told = [day, f"{kind} {change}", what, body, f"{stood}{cause}", law]
        rows.append([*words[:several], *told])
    area = [COLUMN.name] * several
    return [*area, "day", "change", "what", "body", "cause", "law"], rows


def _begun(
    causes: Causes, place: NamedNode, since: date, until: date
) -> Iterator[_Change]:
    """Yield that the area itself began or ended, with what it came from or gave way to."""
    named = causes.names.named
    for day, change in causes.changes(place, since, until):
        others = causes.to(place, CSP.succeededBy)
        said = "in its place: "
        if change != LOST:
            others, said = causes.back(place, CSP.succeededBy), "before that: "
        listed = ", ".join(named(one.value) for one in others)
        cause = f"{said}{listed}" if listed else "the register names no other area"
        label = causes.names.label(place.value)
        yield _Change(day, change, "area", place, label, cause)


def _held(
    causes: Causes, place: NamedNode, since: date, until: date
) -> Iterator[_Change]:
    """Yield the roles that began or ended."""
    for holding in causes.back(place, CSP.area):
        if CSP.RoleHolding not in causes.to(holding, RDF_TYPE):
            continue
        for day, change in causes.changes(holding, since, until):
            (role,), (body,) = (causes.to(holding, t) for t in (CSP.role, CSP.body))
            yield _Change(
                day,
                change,
                "role",
                holding,
                causes.names.label(role.value),
                _cause(causes, holding, day, change),
                body,
                rule=holding,
            )


def _bound(
    causes: Causes,
    before: AreaRecord,
    after: AreaRecord,
    place: NamedNode,
    since: date,
    until: date,
) -> Iterator[_Change]:
    """Yield the duties that began or ended."""
    for duty in causes.back(place, CSP.area):
        if CSP.Duty not in causes.to(duty, RDF_TYPE):
            continue
        holdings = causes.to(duty, CSP.holding)
        bodies = {b for holding in holdings for b in causes.to(holding, CSP.body)}
        for day, change in causes.changes(duty, since, until):
            yield _Change(
                day,
                change,
                "duty",
                duty,
                causes.bound(duty),
                _cause(causes, duty, day, change),
                next(iter(bodies)) if len(bodies) == 1 else None,
                before.standing(duty) if change == LOST else None,
                None if change == LOST else after.standing(duty),
                rule=duty,
            )


def _cause(causes: Causes, thing: NamedNode, day: date, change: str) -> str:
    """Return why `thing` was gained or lost, or that it is only known from that day."""
    if change == KNOWN:
        return "the first day is not known; what is held here has it from this day"
    return causes.of(thing, day, begins=change == GAINED)


def _still(
    looked: _Looked, place: NamedNode, found: Iterable[_Change]
) -> Iterator[_Change]:
    """Yield the changes `found`, without those due only to a new code of `place`."""
    causes = looked.causes
    later = causes.to(place, CSP.succeededBy)
    if len(later) != 1:
        yield from found
        return
    there = causes
    if later[0].value not in looked.areas:
        history = looked.dataset.history(later[0].value).store
        there = Causes(history, causes.names)
    goes_on = there.goes_on(later[0])
    ended = causes.days(place)[1]
    for one in found:
        if (
            one.day != ended
            or one.change != LOST
            or causes.named(one.what) not in goes_on
        ):
            yield one


def _ended(causes: Causes, place: NamedNode, until: date) -> str:
    """Return that an area ended by `until`, and what is in its place; else nothing."""
    ended, later = causes.days(place)[1], causes.to(place, CSP.succeededBy)
    if not ended or ended > until or not later:
        return ""
    named = causes.names.named
    others = ", ".join(named(one.value) for one in later)
    return f"{named(place.value)} ended on {ended}, in its place: {others}"


def _recorded(
    before: AreaRecord, after: AreaRecord, since: date, until: date
) -> Iterator[_Change]:
    """Yield the documents, plans and decisions that became known, were lost, or ran out."""
    known, now = before.entries(since), after.entries(until)
    for change, entries, side in (
        ("gained", now - known, after),
        ("lost", known - now, before),
    ):
        for entry in entries:
            day, cause = side.told(entry)
            label = side.names.label(entry.value)
            day = min(day or until, until)  # what was decided about it told of it first
            yield _Change(day, change, "document", entry, label, cause)
    for version in now:
        end = after.text(version, CSP.periodUntil)
        if CSP.StrategyVersion in after.to(version, RDF_TYPE) and str(
            since
        ) < end <= str(until):
            label = after.names.label(version.value)
            cause = "its own period ended; no law ends it with that"
            yield _Change(
                date.fromisoformat(end), "lost", "document", version, label, cause
            )


def _standing(
    before: AreaRecord, after: AreaRecord, since: date, until: date
) -> Iterator[_Change]:
    """Yield the duties of both days whose standing differs on the second."""
    for duty in before.duties() & after.duties():
        stood_then, stands_now = before.standing(duty), after.standing(duty)
        if stood_then != stands_now:
            day, cause = after.turned(before, duty, since, until)
            bodies = after.to(duty, CSP.bearer)
            yield _Change(
                day,
                "changed",
                "standing",
                duty,
                after.bound(duty),
                cause,
                bodies[0] if len(bodies) == 1 else None,
                stood_then,
                stands_now,
                duty,
            )


def _terms(laws: ProvisionWalk, one: _Change) -> tuple[Term | None, ...]:
    """Return a change as a row of terms."""
    rule = one.rule
    provision = next(iter(laws.to(rule, CSP.provision)), None) if rule else None
    template = next(iter(laws.to(rule, CSP.template)), None) if rule else None
    last = (
        date.fromordinal(one.day.toordinal() - 1) if one.change == "lost" else one.day
    )
    return (
        _day(one.day),
        Literal(one.change),
        Literal(one.kind),
        one.what,
        one.body,
        one.before,
        one.after,
        Literal(one.cause),
        Literal(laws.text(provision, CSP.citation)) if provision else None,
        NamedNode(stood(provision.value, last)) if provision else None,
        next(iter(laws.to(template, CSP.verification)), None) if template else None,
    )


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=_DATE)
