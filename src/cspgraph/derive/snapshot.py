"""Cut a graph to a day: what is not in effect or not yet known goes, the day goes in.

What a day keeps: things in effect on it (`csp:validFrom <= day < csp:validUntil`)
and record entries known by it, with the bodies they name even if those have ended.
Law, passages and documents stay, because answers cite them; duties are derived
from law before the cut. An entry without a day of its
own counts from the last day on which it can have been, where that is known, or
else from the first day of what it is about, or of its document.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from cspgraph.derive.counting import Pending
from cspgraph.derive.rules import DERIVED, day_literal
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from datetime import date

    from pyoxigraph import BlankNode

    from cspgraph.rdf.engines import Oxigraph

    Node = NamedNode | BlankNode | Literal | Triple

__all__ = ["cut"]

_DERIVED = NamedNode(DERIVED)
SNAPSHOT = NamedNode(BASE + "id/snapshot")
_DATE = NamedNode(PREFIXES["xsd"] + "date")
_DAYS = {
    *(CSP.validFrom, CSP.validUntil, CSP.on, CSP.notAfter),
    *(CSP.periodFrom, CSP.periodUntil),
}
_ALWAYS_KEPT = {
    *(CSP.Provision, CSP.Instrument, CSP.ForcePeriod),
    *(CSP.RoleTemplate, CSP.DutyTemplate, CSP.AdoptionRule),
}
_RECORDED = {
    *(CSP.Decision, CSP.Assessment, CSP.FundingStatement, CSP.Claim, CSP.Coverage),
    *(CSP.Strategy, CSP.StrategyVersion, CSP.Priority),
}


def cut(engine: Oxigraph, day: date) -> None:
    """Take out of `engine` what does not count on `day`, and put in the day itself.

    Due dates and days of waiting are added here, because SPARQL engines do not
    agree on how to count with dates.
    """
    facts, store = _Facts(engine), engine.store
    over = facts.not_in_effect(day.isoformat())
    unknown = facts.not_known_yet(day.isoformat())
    for thing in over | unknown:
        own = store.quads_for_pattern(thing, None, None, None)  # type: ignore[arg-type]
        for quad in [*own, *store.quads_for_pattern(None, None, thing, None)]:
            if thing in unknown or quad.subject not in facts.recorded:
                store.remove(quad)
    pending = Pending(facts.of, facts.known_from(), day)
    found = [*pending.due(over), *pending.waiting(unknown)]
    found.append(Triple(SNAPSHOT, RDF_TYPE, CSP.Snapshot))
    found.append(Triple(SNAPSHOT, CSP.asOf, day_literal(day)))
    engine.add(found, DERIVED)


class _Facts:
    """What a cut must know: classes, days and links, by subject."""

    def __init__(self, engine: Oxigraph) -> None:
        wanted = {
            *(RDF_TYPE, CSP.validFrom, CSP.validUntil, CSP.on, CSP.source, CSP.about),
            *(CSP.inDocument, CSP.versionOf, CSP.priority, CSP.crossCutting),
            *(CSP.covering, CSP.kind, CSP.status, CSP.template, CSP.deadline),
            *(CSP.endsOn, CSP.notAfter, CSP.sourcesDifferOn, CSP.supersededBy),
            *(CSP.periodFrom, CSP.periodUntil, CSP.firstDue, CSP.eventFallsOn),
            *(CSP.within, CSP.counting),
        }
        self.of: dict[NamedNode, dict[Node, list[Node]]] = {
            term: defaultdict(list) for term in wanted
        }
        for quad in engine.links(*wanted):
            if quad.predicate == CSP.on and quad.graph_name == _DERIVED:
                continue  # a claim is judged on the day of its document, not known by it
            # Strangers write other things where a day belongs; a check says so.
            if quad.predicate not in _DAYS or _is_day(quad.object):
                self.of[quad.predicate][quad.subject].append(quad.object)
        kinds = self.of[RDF_TYPE].items()
        self.recorded = {thing for thing, of in kinds if _RECORDED.intersection(of)}

    def not_in_effect(self, day: str) -> set[Node]:
        """Return the things whose time has not begun, or is over, on `day`."""
        until = self.of[CSP.validUntil]
        kinds = self.of[RDF_TYPE]
        return {
            thing
            for thing, start in self.of[CSP.validFrom].items()
            if (
                any(first.value > day for first in start)  # type: ignore[union-attr]
                or any(end.value <= day for end in until[thing])  # type: ignore[union-attr]
            )
            and not _ALWAYS_KEPT.intersection(kinds[thing])
        }

    def not_known_yet(self, day: str) -> set[Node]:
        """Return the record entries of which nothing is known on `day`."""
        known = self.known_from()
        return {thing for thing in self.recorded if known.get(thing, "") > day}

    def known_from(self) -> dict[Node, str]:
        """Return for each record entry the first day on which it counts."""
        on, source, place = (self.of[t] for t in (CSP.on, CSP.source, CSP.inDocument))
        last = self.of[CSP.notAfter]
        known: dict[Node, str] = {}
        for thing, passages in source.items():
            documents = [d for p in passages for d in place[p]]
            own = on.get(thing) or last.get(thing)
            told = [d for document in documents for d in on[document]]
            if own:  # of two days the later is sure
                known[thing] = max(item.value for item in own)  # type: ignore[union-attr]
            elif told:
                known[thing] = min(item.value for item in told)  # type: ignore[union-attr]
        self._pull(known, CSP.about, only=CSP.Decision)
        self._pull(known, CSP.versionOf)
        for term in (CSP.priority, CSP.crossCutting):
            self._pull(known, term)
        for thing, things in self.of[CSP.covering].items():
            first = [known[one] for one in (thing, *things) if one in known]
            if first:
                known[thing] = min(first)
        return known

    def _pull(
        self, known: dict[Node, str], link: NamedNode, only: NamedNode | None = None
    ) -> None:
        """Let what a thing points at be known no later than the thing itself."""
        for thing, targets in self.of[link].items():
            if only is None or only in self.of[RDF_TYPE][thing]:
                for target in targets:
                    if target in known:
                        known[target] = min(known[target], known.get(thing, "9"))


def _is_day(node: Node) -> bool:
    return (
        isinstance(node, Literal) and node.datatype == _DATE and len(node.value) == 10
    )
