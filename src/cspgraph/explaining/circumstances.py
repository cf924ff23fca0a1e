"""What the data says of one body, one area and one day: what is served, held and in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.explaining.laws import Laws
from cspgraph.vocab import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pyoxigraph import NamedNode, Store

    from cspgraph.names import Names

__all__ = ["Circumstances", "in_words"]


class Circumstances(Laws):
    """Follows the links of a store of all dates, for one body, area and day."""

    def __init__(
        self, store: Store, names: Names, body: NamedNode, area: NamedNode, day: date
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
