"""What must hold for a body to have a duty in an area on a day, asked in a fixed order.

First the area and the body must be in being. Then comes the leg of the task: the
country, the kind of area and the days of the duty. Then the leg of the body: that it
serves the area, that the law gives the role to its kind, in that country and kind of
area, on that day, and that the body serves all of it. Last comes how a council is governed, where the law asks about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cspgraph.explain.provision import ProvisionWalk
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pyoxigraph import NamedNode, Store

    from cspgraph.rdf.labels import Labels

__all__ = ["ORDER", "Circumstances", "Condition", "Conditions", "in_words"]


class Circumstances(ProvisionWalk):
    """Follows the links of a store of all dates, for one body, area and day."""

    def __init__(
        self, store: Store, names: Labels, body: NamedNode, area: NamedNode, day: date
    ) -> None:
        super().__init__(store, names)
        self.body, self.area, self.day = body, area, day
        self.kinds = {*self.to(area, CSP.areaKind)}
        self.countries = {*self.to(area, CSP.country)}

    def reached(self, rule: NamedNode) -> bool:
        """Say whether a template is for the country, the kind of area and the day."""
        return (
            not self.countries.isdisjoint(self.to(rule, CSP.extent))
            and not self.kinds.isdisjoint(self.to(rule, CSP.areaKind))
            and self.holds(rule, self.day)
        )

    def ways(self, role: NamedNode) -> list[NamedNode]:
        """Return the role templates that give `role`."""
        found = self.back(role, CSP.role)
        return [rule for rule in found if CSP.RoleTemplate in self.to(rule, RDF_TYPE)]

    def inside(self) -> list[NamedNode]:
        """Return the areas that lie in the area on the day."""
        lying = self.back(self.area, CSP.widerArea)
        found = {
            a
            for one in lying
            if self.holds(one, self.day)
            for a in self.to(one, CSP.area)
        }
        return sorted(found, key=str)

    def around(self) -> list[NamedNode]:
        """Return the areas in which the area lies on the day."""
        lying = [
            one
            for one in self.back(self.area, CSP.area)
            if CSP.Containment in self.to(one, RDF_TYPE) and self.holds(one, self.day)
        ]
        return [wide for one in lying for wide in self.to(one, CSP.widerArea)]

    def capacities(self, areas: Iterable[NamedNode]) -> set[NamedNode]:
        """Return the capacities in which the body serves one of `areas` on the day."""
        wanted = set(areas)
        return {
            kind
            for service in self.back(self.body, CSP.body)
            if CSP.Service in self.to(service, RDF_TYPE)
            and self.holds(service, self.day)
            and not wanted.isdisjoint(self.to(service, CSP.area))
            for kind in self.to(service, CSP.capacity)
        }

    def held_as(self, areas: Iterable[NamedNode]) -> set[NamedNode]:
        """Return the capacities in which the body holds a role in one of `areas` on the day."""
        wanted = set(areas)
        return {
            kind
            for holding in self.back(self.body, CSP.body)
            if CSP.RoleHolding in self.to(holding, RDF_TYPE)
            and self.holds(holding, self.day)
            and not wanted.isdisjoint(self.to(holding, CSP.area))
            for kind in self.to(holding, CSP.capacity)
        }

    def held(self, role: NamedNode, areas: Iterable[NamedNode]) -> bool:
        """Say whether the body holds `role` in one of `areas` on the day."""
        wanted = set(areas)
        return any(
            role in self.to(holding, CSP.role)
            and self.holds(holding, self.day)
            and not wanted.isdisjoint(self.to(holding, CSP.area))
            for holding in self.back(self.body, CSP.body)
            if CSP.RoleHolding in self.to(holding, RDF_TYPE)
        )

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
_NOT_KNOWN = PREFIXES["governance"] + "NotKnown"


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


class Conditions(Circumstances):
    """The conditions for one body, area and day, in a store of all dates."""

    def failing(self, template: NamedNode) -> Condition:
        """Return the first condition for the duty of `template` that fails.

        To be asked of a duty that is not there: where nothing fails, the rules and
        this list are at odds, and the last condition says so.
        """
        odd = "every condition asked here holds, and yet the rules derive no such duty; please report it"
        return (
            self.unborn()
            or self.reaching(template, "the duty", "of the duty")
            or self.of_role(template)
            or self.governed(template)
            or Condition(ORDER[-1], template.value, (), odd)
        )

    def unborn(self) -> Condition | None:
        """Return that the area, or else the body, did not exist on the day."""
        area = self.in_being("area in being", self.area)
        return area or self.in_being("body in being", self.body)

    def in_being(self, name: str, thing: NamedNode) -> Condition | None:
        """Return that the area or body did not exist on the day."""
        if self.holds(thing, self.day):
            return None
        day = in_words(self.day)
        if self.older(thing):
            said = f"whether {self.label(thing)} existed on {day} is not known: it {self.when(thing)}"
        else:
            said = f"{self.label(thing)} did not exist on {day}: it {self.when(thing)}"
        return Condition(name, thing.value, (str(self.day),), said)

    def reaching(self, rule: NamedNode, what: str, of: str) -> Condition | None:
        """Return that a template is for other countries, other areas or other days."""
        if self.reached(rule):
            return None
        cited = self.cited([rule])
        laws = tuple(p.value for p in self.to(rule, CSP.provision))
        extent, reach = self.to(rule, CSP.extent), self.to(rule, CSP.areaKind)
        where = self.label(self.area)
        if not self.countries.intersection(extent):
            lies = self.listed(self.countries)
            said = f"{cited}: {what} is for {self.listed(extent)}, and {where} lies in {lies}"
            needs = _addresses(self.countries)
            return Condition(f"country {of}", rule.value, needs, said, laws)
        if not self.kinds.intersection(reach):
            wide = [
                a
                for a in self.around()
                if not set(reach).isdisjoint(self.to(a, CSP.areaKind))
            ]
            lies = f"; it lies in {self.listed(wide)}" if wide else ""
            said = f"{cited}: {what} is for an area of the kind {self.listed(reach)}, and {where} is none{lies}"
            needs = _addresses(self.kinds)
            return Condition(f"kind of area {of}", rule.value, needs, said, laws)
        said = f"{cited}: {what} {self.when(rule)}"
        return Condition(f"days {of}", rule.value, (str(self.day),), said, laws)

    def of_role(self, template: NamedNode) -> Condition | None:
        """Return why the body does not hold the role, by the route that meets the most conditions."""
        failed = []
        for role in self.to(template, CSP.bearerRole):
            ways = self.ways(role)
            for rule in ways:
                found = self.on_the_way(role, rule)
                if found is None:
                    return None
                failed.append(found)
            if not ways:
                failed.append(self.unnamed(role, [self.area]))
        return max(failed, key=lambda condition: condition.rank)

    def on_the_way(self, role: NamedNode, rule: NamedNode) -> Condition | None:
        """Return what fails on the way to `role` by one role template."""
        smaller, areas = self.to(rule, CSP.fromRole), [self.area]
        if smaller:  # who holds the smaller role in a district holds it in the county
            areas = self.inside() or areas
            role = smaller[0] if self.inside() else role
        own, named = self.capacities(areas), {*self.to(rule, CSP.bodyKind)}
        # Whoever holds a role here is never said not to serve here.
        kinds = own | self.held_as([self.area, *areas])
        if not kinds:
            return self.not_serving(areas)
        if smaller:
            held = self.held(role, areas)
            named = {k for way in self.ways(role) for k in self.to(way, CSP.bodyKind)}
            serves = held or bool(own)
            if not held and (serves or kinds.isdisjoint(named)):
                return self.unnamed(role, areas)
        else:
            serves = not own.isdisjoint(named)
            if kinds.isdisjoint(named):
                return self.unnamed(role, areas)
        what = f"the role of {self.listed(self.to(rule, CSP.role))}"
        late = self.reaching(rule, what, "of the role")
        return late or (None if serves else self.serving_a_part(areas))

    def serving_a_part(self, areas: Iterable[NamedNode]) -> Condition:
        """Return that the body has a role here, and does not serve the whole of `areas`."""
        wanted = list(areas)
        where = self.listed(wanted[:3]) + (" or others" if len(wanted) > 3 else "")
        said = (
            f"{self.label(self.body)} holds a role in {self.label(self.area)} on"
            f" {in_words(self.day)}, and the register does not have it serve the whole of {where}"
        )
        needs = _addresses(wanted)
        name = "body serves the whole area"
        return Condition(name, self.body.value, needs, said)

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
        return Condition("body serves the area", self.body.value, needs, said + more)

    def unnamed(self, role: NamedNode, areas: Sequence[NamedNode]) -> Condition:
        """Return that no provision gives `role` to bodies of this kind."""
        kinds = self.capacities(areas) | self.held_as([self.area, *areas])
        kinds = kinds or {*self.to(self.body, CSP.bodyKind)}
        ways = [rule for rule in self.ways(role) if self.reached(rule)]
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
        name = "role given to the kind of body"
        return Condition(name, role.value, _addresses(kinds), said, tuple(laws))

    def governed(self, template: NamedNode) -> Condition | None:
        """Return that the law asks about another form of governance than the body has."""
        wanted = self.to(template, CSP.governance)
        periods = [
            form
            for period in self.back(self.body, CSP.body)
            if CSP.GovernancePeriod in self.to(period, RDF_TYPE)
            and self.holds(period, self.day)
            for form in self.to(period, CSP.governance)
        ]
        if not wanted or any(f in wanted or f.value == _NOT_KNOWN for f in periods):
            return None
        name = self.label(self.body)
        has = (
            f"{name} had {self.listed(periods)}"
            if periods
            else f"the register has no form of governance for {name}"
        )
        said = f"{self.cited([template])} is for {self.listed(wanted)}, and on {in_words(self.day)} {has}"
        laws = tuple(p.value for p in self.to(template, CSP.provision))
        needs = _addresses(wanted)
        return Condition("governance of the body", self.body.value, needs, said, laws)


def _addresses(things: Iterable[NamedNode]) -> tuple[str, ...]:
    return tuple(sorted(thing.value for thing in things))
