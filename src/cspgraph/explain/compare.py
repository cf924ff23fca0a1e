"""What two builds or releases say differently: duties, roles, bodies, and the law.

A build holds duties and roles in areas; a release, a wheel or a checkout, holds the law
and the register alone. Only what both hold is compared, and what was not is said.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import Column
from cspgraph.rdf import built, files
from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Term = NamedNode | Literal
    Row = tuple[Term | None, ...]

__all__ = ["COLUMNS", "compare"]

COLUMNS = (
    Column("change", "text", "Whether it was gained, lost or changed"),
    Column("kind", "text", "A duty, a role, a body, or a duty or role in the law"),
    Column("what", "iri", "The duty, role holding, body or template"),
    Column("area", "iri", "The area; empty for a body and for the law"),
    Column("since", "text", "First day on which it holds, in the newer of the two"),
    Column("until", "text", "First day on which it no longer holds; empty while open"),
    Column("differs", "text", "What differs: each fact before, and now"),
    Column("law", "text", "The provision"),
)
_KINDS = {
    "duty": CSP.Duty,
    "role": CSP.RoleHolding,
    "body": CSP.Body,
    "duty in the law": CSP.DutyTemplate,
    "role in the law": CSP.RoleTemplate,
}
_IN_AREAS = ("duty", "role")
#: What is said of a thing in an area; of a body; all that is said of a template.
_FACTS = {
    "duty": (CSP.validFrom, CSP.validUntil, CSP.beginsBy, CSP.provision, CSP.template),
    "role": (CSP.validFrom, CSP.validUntil, CSP.beginsBy, CSP.provision, CSP.body),
    "body": (CSP.validFrom, CSP.validUntil, CSP.beginsBy, CSP.bodyKind),
}
_NOT_LAW = (CSP.modelNote, CSP.verificationNote, CSP.quotation, CSP.quotedFrom)
_LABELS = [
    NamedNode(PREFIXES["rdfs"] + "label"),
    NamedNode(PREFIXES["skos"] + "prefLabel"),
]


class _Side(NamedTuple):
    """One of the two: its name, what it says, and the areas it was derived for."""

    name: str
    store: Store
    release: bool

    @property
    def areas(self) -> set[Term]:
        found = self.store.quads_for_pattern(None, CSP.windowFrom, None, None)
        return {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}

    def to(self, thing: Term, term: NamedNode) -> list[Term]:
        found = self.store.quads_for_pattern(thing, term, None, None)  # type: ignore[arg-type]
        said = {q.object for q in found if isinstance(q.object, NamedNode | Literal)}
        return sorted(said, key=str)

    def of(self, kind: NamedNode) -> set[Term]:
        found = self.store.quads_for_pattern(None, RDF_TYPE, kind, None)
        return {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}

    @property
    def day(self) -> str:
        days = [d.value for s in self.of(CSP.Snapshot) for d in self.to(s, CSP.asOf)]
        return days[0] if days else "all dates"

    def facts(self, thing: Term, kind: str) -> Mapping[NamedNode, tuple[str, ...]]:
        """Return what is said of `thing`, in short words, by term."""
        terms = _FACTS.get(kind)
        if terms is None:
            said = self.store.quads_for_pattern(thing, None, None, None)  # type: ignore[arg-type]
            left_out = {*_NOT_LAW, *_LABELS, RDF_TYPE}
            terms = tuple({quad.predicate for quad in said} - left_out)
        return {t: tuple(map(_short, self.to(thing, t))) for t in terms}

    def label(self, thing: Term) -> str:
        """Return the name of `thing`; of a duty or role that of its template or role."""
        for term in _LABELS:
            for name in self.to(thing, term):
                if getattr(name, "language", None) in (None, "en"):
                    return name.value
        for term in (CSP.template, CSP.role):
            for other in self.to(thing, term):
                held = [self.label(b) for b in self.to(thing, CSP.body)]
                return ", ".join([self.label(other), *held])
        return compact(thing.value)


def compare(old: str | Path, new: str | Path) -> Answer:
    """Return the duties, roles, bodies and law gained, lost or changed from `old` to `new`.

    Each is a file that `build` wrote, or a release: a wheel or a checkout. Areas that
    one of two builds alone was derived for are left out and told in the receipt under
    `not_compared`. Raises `FileError` for what cannot be read.
    """
    before, after = _side(old), _side(new)
    left_out = list(_left_out(before, after))
    common = before.areas & after.areas
    all_areas = before.areas == after.areas
    rows: list[Row] = []
    labels: dict[str, str] = {}
    for kind, term in _KINDS.items():
        if kind in _IN_AREAS and (before.release or after.release):
            continue
        then, now = before.of(term), after.of(term)
        for thing in [*sorted(now - then, key=str), *sorted(then, key=str)]:
            side = after if thing in now else before
            area = next(iter(side.to(thing, CSP.area)), None)
            if kind in _IN_AREAS and area not in common:
                continue
            if kind == "body" and not all_areas and not _serves(side, thing, common):
                continue
            change = _changed(thing in then, thing in now)
            differs = _differs(before, after, thing, kind) if not change else ""
            if not change and not differs:
                continue
            rows.append(_row(side, change or "changed", kind, thing, area, differs))
            labels[thing.value] = side.label(thing)
            if area is not None:
                labels[area.value] = side.label(area)
    told = {"not_compared": left_out} if left_out else {}
    return Answer(
        "compare",
        f"What changed from {before.name} to {after.name}?",
        COLUMNS,
        tuple(rows),
        None,
        {},
        labels,
        {"old": before.name, "new": after.name, **told},
    )


def _side(path: str | Path) -> _Side:
    place = Path(path)
    if not (place.is_dir() or place.suffix == ".whl"):
        return _Side(place.name, built.graph(path), release=False)
    store, tables = Store(), []
    for source in built.release(path):
        if source.suffix == ".csv":
            tables.append(source)
        else:
            files.load_into(source, store, PREFIXES["graph"] + "law")
    store.bulk_extend(Register(tables).quads())
    return _Side(place.name or str(place), store, release=True)


def _left_out(before: _Side, after: _Side) -> Iterator[str]:
    """Yield what could not be compared, and what makes differences that are none."""
    if before.release or after.release:
        yield "duties and roles in areas: a release holds law and register; build both"
        if not (before.release and after.release):
            yield "bodies that are near no area of the build: a release holds them all"
        return
    if before.day != after.day:
        days = f"{before.name} is of {before.day} and {after.name} of {after.day}"
        yield f"one day: {days}, so that changes between these days are among this"
    for side, other in ((before, after), (after, before)):
        alone = sorted(side.label(area) for area in side.areas - other.areas)
        if alone:
            count = f"{len(alone)} area{'s' * (len(alone) > 1)}"
            yield f"{count} that {side.name} alone was built for: {_few(alone)}"
    if not before.areas & after.areas:
        yield "duties and roles: the two have no area in common; build both for the same"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")


def _serves(side: _Side, body: Term, areas: set[Term]) -> bool:
    found = side.store.quads_for_pattern(None, CSP.body, body, None)
    return any(area in areas for q in found for area in side.to(q.subject, CSP.area))  # type: ignore[arg-type]


def _changed(then: bool, now: bool) -> str:
    return "" if then and now else "gained" if now else "lost"


def _differs(before: _Side, after: _Side, thing: Term, kind: str) -> str:
    then, now = before.facts(thing, kind), after.facts(thing, kind)
    terms = sorted({*then, *now}, key=str)
    return "; ".join(
        f"{compact(t.value)}: {_said(then.get(t, ()))}, now {_said(now.get(t, ()))}"
        for t in terms
        if then.get(t, ()) != now.get(t, ())
    )


def _said(words: tuple[str, ...]) -> str:
    return " and ".join(words) or "nothing"


@cache
def _short(term: Term) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else term.value


def _row(
    side: _Side, change: str, kind: str, thing: Term, area: Term | None, differs: str
) -> Row:
    since, until = (
        next(iter(side.to(thing, term)), None)
        for term in (CSP.validFrom, CSP.validUntil)
    )
    rule = next(iter(side.to(thing, CSP.template)), thing)
    provision = next(iter(side.to(rule, CSP.provision)), None)
    law = next(iter(side.to(provision, CSP.citation)), None) if provision else None
    return (
        Literal(change),
        Literal(kind),
        thing,
        area,
        Literal(since.value) if since else None,
        Literal(until.value) if until and until.value != OPEN_END else None,
        Literal(differs) if differs else None,
        Literal(law.value) if law else None,
    )
