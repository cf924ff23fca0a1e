"""The files that a graph is made of, and the engines built from them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph import duties, register, sources
from cspgraph.engines import Oxigraph
from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.names import Names
from cspgraph.version import __version__
from cspgraph.vocab import CSP, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cspgraph.sources import Source

__all__ = ["Library"]


class Library:
    """The files that a graph is made of, and the engines built from them."""

    def __init__(self, own: Sequence[Source] = (), scenario: str = "") -> None:
        self.terms = sources.shipped(
            "ontology", "/core.ttl", "/kinds.ttl", "/themes.ttl"
        )
        self.law = sources.shipped("data/law", ".ttl")
        self.tables = sources.shipped("data/register", ".csv")
        self.records = [*sources.shipped("data/record", ".trig"), *own]
        self.scenario = scenario
        self.assumed = _scenario(scenario) if scenario else []
        self._days: dict[tuple[date, str], Oxigraph] = {}
        self._unused: list[Oxigraph] = []

    def read(self) -> Oxigraph:
        """Return a new engine that holds what the files say, before any rule."""
        engine = Oxigraph(register.quads(self.tables))
        shelves = {
            "ontology": self.terms,
            "law": self.law,
            "record": self.records,
            "scenario": self.assumed,
        }
        for graph, files in shelves.items():
            for source in files:
                sources.pour(source, engine.store, PREFIXES["graph"] + graph)
        return engine

    @cached_property
    def names(self) -> Names:
        """The names of all things in the files, with the days on which they hold."""
        engine = self.read()
        self._unused.append(engine)
        return Names(engine)

    @cached_property
    def timeline(self) -> Oxigraph:
        """Everything, with what follows for all dates."""
        engine = self.read()
        duties.derive(engine)
        return engine

    def day(self, on: date, area: str = "") -> Oxigraph:
        """Return everything that counts on the day `on`, and how duties stand.

        Given the IRI of an `area`, duties are derived for that area alone.
        """
        key = (on, area)
        if key not in self._days:
            engine = self._unused.pop() if self._unused else self.read()
            areas = _scope(engine, area) if area else []
            duties.derive(engine, areas)
            duties.cut(engine, on)
            duties.stand(engine, areas)
            self._days[key] = engine
        return self._days[key]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of law, register, records and rules."""
        return {
            "law": sources.digest(self.law),
            "register": sources.digest(self.tables),
            "records": sources.digest(self.records),
            "rules": sources.digest(duties.rules().values()),
        }

    def receipt(self, on: date | None) -> dict[str, str]:
        """Return what an answer must say of itself to be given again."""
        day = on.isoformat() if on else "all dates"
        start = {"version": __version__, "on": day, "engine": Oxigraph.name}
        if self.scenario:
            start["scenario"] = self.scenario
        return {**start, **self.digests}


def _scenario(name: str) -> list[Source]:
    """Return the file of the scenario called `name`; refuse one that is not shipped."""
    known = {
        source.name.rpartition("/")[2].removesuffix(".ttl"): source
        for source in sources.shipped("data/scenario", ".ttl")
    }
    if name not in known:
        hint = did_you_mean(name, known) or f"the scenarios are {', '.join(known)}"
        raise ParameterError(f"scenario: {name!r} is not known; {hint}")
    return [known[name]]


def _scope(engine: Oxigraph, area: str) -> list[NamedNode]:
    """Return `area` and the areas that lie in it: a county needs its districts."""
    inside = engine.store.quads_for_pattern(None, CSP.widerArea, NamedNode(area), None)
    lying = {
        link.object
        for containment in inside
        for link in engine.store.quads_for_pattern(
            containment.subject, CSP.area, None, None
        )
    }
    return [NamedNode(area), *sorted(lying, key=str)]  # type: ignore[list-item]
