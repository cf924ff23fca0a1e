"""What must hold for a body to have a duty in an area on a day, asked in a fixed order.

The file `ontology/why-not.rq` asks each condition; here the first that fails is put in words.
First the area and the body must be in being. Then comes the leg of the task: the
country, the kind of area and the days of the duty. Then the leg of the body: that it
serves the area, that the law gives the role to its kind, in that country and kind of
area, on that day, and that the body serves all of it. Last comes how a council is governed, where the law asks about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cspgraph.derive.rules import day_literal
from cspgraph.explain.provision import ProvisionWalk
from cspgraph.questions.why_empty import filled
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pyoxigraph import Literal, NamedNode, Store

    from cspgraph.rdf.labels import Labels

__all__ = ["ORDER", "Condition", "Conditions", "in_words", "select"]


def in_words(day: date) -> str:
    """Return a day in words.

    >>> from datetime import date
    >>> in_words(date(2023, 1, 31))
    '31 January 2023'
    """
    return f"{day:%-d %B %Y}"


#: The conditions in the order in which they are asked.
ORDER = (
    "area in being",
    "body in being",
    "law held here",
    "country of the duty",
    "kind of area of the duty",
    "days of the duty",
    "body serves the area",
    "role given to the kind of body",
    "country of the role",
    "kind of area of the role",
    "days of the role",
    "body serves the whole area",
    "governance of the body",
    "derived by the rules",
)
_DUTY, _ROLE = ORDER[3:6], ORDER[6:12]
_SERVES, _GIVEN, *_REACH, _WHOLE = _ROLE
_GOVERNANCE = ORDER[12]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that fails: which of `ORDER`, of what, what would meet it, and why in words.

    `of` is the address of the thing that would have to be otherwise, and `needs` the
    addresses or the day of which it lacks one. `laws` are the addresses of the
    provisions on which the condition rests.
    """

    name: str
    of: str
    needs: tuple[str, ...]
    why: str
    laws: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """How many conditions were met before this one failed."""
        return ORDER.index(self.name)


class Conditions(ProvisionWalk):
    """What holds for one body, area and day, asked of a store of all dates."""

    def __init__(
        self, store: Store, names: Labels, body: NamedNode, area: NamedNode, day: date
    ) -> None:
        super().__init__(store, names)
        self.body, self.area, self.day = body, area, day
        rows = store.query(select(body, area, day), use_default_graph_as_union=True)
        self._met: dict[tuple[str, NamedNode], list[NamedNode]] = {}
        for condition, of, met in rows:  # type: ignore[union-attr]
            self._met.setdefault((condition.value, of), []).append(met)

    def met(self, name: str, *things: NamedNode) -> set[NamedNode]:
        """Return what meets a condition of one of `things`; nothing where it fails."""
        return {met for of in things for met in self._met.get((name, of), ())}

    def failing(self, template: NamedNode) -> Condition:
        """Return the first condition for the duty of `template` that fails.

        To be asked of a duty that is not there: where nothing fails, the rules and
        the file are at odds, and the last condition says so.
        """
        odd = "every condition asked here holds, and yet the rules derive no such duty; please report it"
        return (
            self.unborn()
            or self.of_duty(template)
            or self.of_roles(self.to(template, CSP.bearerRole))
            or self.of_council(template)
            or Condition(ORDER[-1], template.value, (), odd)
        )

    def lacking(self, names: Iterable[str], *things: NamedNode) -> str:
        """Return the first of the conditions that nothing of `things` meets, or an empty text."""
        return next((name for name in names if not self.met(name, *things)), "")

    def unborn(self) -> Condition | None:
        """Return that the area, or else the body, did not exist on the day."""
        for name, thing in zip(ORDER, (self.area, self.body), strict=False):
            if not self.met(name, thing):
                return self.in_being(name, thing)
        return None

    def in_being(self, name: str, thing: NamedNode) -> Condition:
        """Return that the area or body did not exist on the day."""
        day = in_words(self.day)
        if self.older(thing):
            said = f"whether {self.label(thing)} existed on {day} is not known: it {self.when(thing)}"
        else:
            said = f"{self.label(thing)} did not exist on {day}: it {self.when(thing)}"
        return Condition(name, thing.value, (str(self.day),), said)

    def of_duty(self, template: NamedNode) -> Condition | None:
        """Return that the duty is for other countries, other areas or other days."""
        name = self.lacking(_DUTY, template)
        return self.reaching(name, template, "the duty") if name else None

    def reaching(self, name: str, rule: NamedNode, what: str) -> Condition:
        """Return that a template is for other countries, other areas or other days."""
        cited = self.cited([rule])
        laws = tuple(p.value for p in self.to(rule, CSP.provision))
        extent, reach = self.to(rule, CSP.extent), self.to(rule, CSP.areaKind)
        where = self.label(self.area)
        if name.startswith("country"):
            countries = self.to(self.area, CSP.country)
            lies = self.listed(countries)
            said = f"{cited}: {what} is for {self.listed(extent)}, and {where} lies in {lies}"
            return Condition(name, rule.value, _addresses(countries), said, laws)
        if name.startswith("kind"):
            wide = self.met("area around", *reach)
            lies = f"; it lies in {self.listed(wide)}" if wide else ""
            said = f"{cited}: {what} is for an area of the kind {self.listed(reach)}, and {where} is none{lies}"
            needs = _addresses(self.to(self.area, CSP.areaKind))
            return Condition(name, rule.value, needs, said, laws)
        said = f"{cited}: {what} {self.when(rule)}"
        return Condition(name, rule.value, (str(self.day),), said, laws)

    def of_roles(self, roles: Iterable[NamedNode]) -> Condition | None:
        """Return why the body holds none of `roles`, by the route that meets the most conditions."""
        failed: list[tuple[str, NamedNode, NamedNode | None]] = []
        for role in roles:
            ways = self.ways(role)
            for way in ways:
                name = self.lacking(_ROLE, way, self.area)
                if not name:
                    return None
                failed.append((name, role, way))
            if not ways:
                failed.append((_GIVEN, role, None))
        return self.on_the_way(*max(failed, key=lambda one: ORDER.index(one[0])))

    def on_the_way(
        self, name: str, role: NamedNode, way: NamedNode | None
    ) -> Condition:
        """Return in words what fails on the way to `role` by one role template, if there is one."""
        smaller = self.to(way, CSP.fromRole) if way else []
        areas, inside = [self.area], self.met("area inside", self.area)
        if smaller and inside:  # a role in a district gives one in the county
            role, areas = smaller[0], sorted(inside, key=str)
        if name == _SERVES:
            return self.not_serving(areas)
        if name == _WHOLE:
            return self.serving_a_part(areas)
        if way is None or name == _GIVEN:
            things = [self.area, *([way] if way else [])]
            return self.unnamed(role, self.met(_SERVES, *things))
        what = f"the role of {self.listed(self.to(way, CSP.role))}"
        return self.reaching(name, way, what)

    def serving_a_part(self, areas: Iterable[NamedNode]) -> Condition:
        """Return that the body has a role here, and does not serve the whole of `areas`."""
        wanted = list(areas)
        where = self.listed(wanted[:3]) + (" or others" if len(wanted) > 3 else "")
        said = (
            f"{self.label(self.body)} holds a role in {self.label(self.area)} on"
            f" {in_words(self.day)}, and the register does not have it serve the whole of {where}"
        )
        needs = _addresses(wanted)
        return Condition(_WHOLE, self.body.value, needs, said)

    def not_serving(self, areas: Iterable[NamedNode]) -> Condition:
        """Return that the body serves none of `areas` on the day."""
        wanted = list(areas)
        where = self.listed(wanted[:3]) + (" or others" if len(wanted) > 3 else "")
        said = f"{self.label(self.body)} did not serve {where} on {in_words(self.day)}"
        known = [
            service
            for service in self.back(self.body, CSP.body)
            if CSP.Service in self.to(service, RDF_TYPE)
            and not set(wanted).isdisjoint(self.to(service, CSP.area))
        ]
        days = "; ".join(sorted({self.held_on(service) for service in known}))
        more = (
            f": the register has it {days}" if days else " as far as the register knows"
        )
        needs = _addresses(wanted)
        return Condition(_SERVES, self.body.value, needs, said + more)

    def unnamed(self, role: NamedNode, kinds: set[NamedNode]) -> Condition:
        """Return that no provision gives `role` to bodies of `kinds`, or of its own kind."""
        kinds = kinds or {*self.to(self.body, CSP.bodyKind)}
        ways = [rule for rule in self.ways(role) if not self.lacking(_REACH, rule)]
        what, who = self.label(role), self.listed(kinds)
        if ways:
            some = (
                "names"
                if len({p for w in ways for p in self.to(w, CSP.provision)}) == 1
                else "name"
            )
            said = (
                f"{self.cited(ways)} {some} who holds the role of {what}, and no {who}"
            )
        else:
            said = f"no provision held here gave the role of {what} on {in_words(self.day)}"
        laws = sorted({p.value for way in ways for p in self.to(way, CSP.provision)})
        return Condition(_GIVEN, role.value, _addresses(kinds), said, tuple(laws))

    def of_council(self, template: NamedNode) -> Condition | None:
        """Return that the law asks about another form of governance than the body has."""
        if self.met(_GOVERNANCE, template):
            return None
        wanted = self.to(template, CSP.governance)
        forms = self.met("form of governance", self.body)
        name = self.label(self.body)
        has = (
            f"{name} had {self.listed(forms)}"
            if forms
            else f"the register has no form of governance for {name}"
        )
        said = f"{self.cited([template])} is for {self.listed(wanted)}, and on {in_words(self.day)} {has}"
        laws = tuple(p.value for p in self.to(template, CSP.provision))
        needs = _addresses(wanted)
        return Condition(_GOVERNANCE, self.body.value, needs, said, laws)

    def ways(self, role: NamedNode) -> list[NamedNode]:
        """Return the role templates that give `role`."""
        found = self.back(role, CSP.role)
        return [rule for rule in found if CSP.RoleTemplate in self.to(rule, RDF_TYPE)]

    def when(self, thing: NamedNode) -> str:
        """Return in words how the days of `thing` relate to the day."""
        first, until = self.days(thing)
        if first is None:
            return "has no day in the data"
        if self.older(thing):
            return f"is known by {in_words(first)}, and nothing was read of it before"
        if self.day < first:
            return f"began on {in_words(first)}"
        return (
            f"ended on {in_words(until)} (that day not included)" if until else "holds"
        )

    def older(self, thing: NamedNode) -> bool:
        """Return whether `thing` may be older than its first day, a bound after the day."""
        first, _ = self.days(thing)
        bound = self.text(thing, CSP.beginsBy)
        return first is not None and self.day < first and bool(bound)

    def cited(self, rules: Iterable[NamedNode]) -> str:
        """Return the citations of the provisions of `rules`."""
        provisions = {p for rule in rules for p in self.to(rule, CSP.provision)}
        return ", ".join(sorted({self.text(p, CSP.citation) for p in provisions}))

    def label(self, thing: NamedNode) -> str:
        """Return the name of `thing`."""
        return self.names.label(thing.value)

    def listed(self, things: Iterable[NamedNode]) -> str:
        """Return the names of `things`, the last after "or"."""
        *most, last = sorted({self.label(thing) for thing in things}) or [""]
        return f"{', '.join(most)} or {last}" if most else last


def _addresses(things: Iterable[NamedNode]) -> tuple[str, ...]:
    return tuple(sorted(thing.value for thing in things))


def select(body: NamedNode, area: NamedNode, day: date) -> str:
    """Return the SELECT of `ontology/why-not.rq` with a body, an area and a day in its blanks.

    >>> from datetime import date
    >>> from pyoxigraph import NamedNode
    >>> text = select(NamedNode("urn:body"), NamedNode("urn:area"), date(2024, 7, 23))
    >>> "VALUES ?body { <urn:body> }" in text, "UNDEF" in text
    (True, False)
    """
    asked: dict[str, list[NamedNode | Literal]] = {
        "body": [body],
        "area": [area],
        "day": [day_literal(day)],
    }
    return filled(_text(), asked)


@cache
def _text() -> str:
    (source,) = files.shipped("ontology/why-not", ".rq")
    return source.text
