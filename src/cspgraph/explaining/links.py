"""The links of one store, read one at a time: to where, from where, which text, which days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.vocab import CSP, OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Store

__all__ = ["CODES", "Links", "weakest"]

#: How well a fact was checked, the best first.
CODES = "VOSBR"


class Links:
    """What a store says, followed link by link; everything in a stable order.

    >>> from pyoxigraph import Quad, Store
    >>> store, plan, act = Store(), NamedNode("urn:plan"), NamedNode("urn:act")
    >>> store.add(Quad(plan, CSP.provision, act))
    >>> links = Links(store)
    >>> links.to(plan, CSP.provision) == [act], links.back(act, CSP.provision) == [plan]
    (True, True)
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def to(self, thing: NamedNode, link: NamedNode) -> list[NamedNode]:
        """Return the things to which `thing` has `link`."""
        found = self.store.quads_for_pattern(thing, link, None, None)
        return _ordered(quad.object for quad in found)

    def back(self, thing: NamedNode, link: NamedNode) -> list[NamedNode]:
        """Return the things that have `link` to `thing`."""
        found = self.store.quads_for_pattern(None, link, thing, None)
        return _ordered(quad.subject for quad in found)

    def text(self, thing: NamedNode, link: NamedNode) -> str:
        """Return the text or day that `thing` has under `link`; empty where it has none."""
        found = self.store.quads_for_pattern(thing, link, None, None)
        texts = (q.object.value for q in found if isinstance(q.object, Literal))
        return min(texts, default="")

    def days(self, thing: NamedNode) -> tuple[date | None, date | None]:
        """Return the first day of `thing` and the first on which it is over.

        None stands for a day that is not there, and for an open end.
        """
        first = self.text(thing, CSP.validFrom)
        until = self.text(thing, CSP.validUntil)
        return (
            date.fromisoformat(first) if first else None,
            date.fromisoformat(until) if until and until != OPEN_END else None,
        )

    def since(self, thing: NamedNode) -> tuple[date | None, date | None]:
        """Return the first day of `thing`, and None; or None, and a day by which it held.

        A new code of its area begins nothing: what held under the old one goes on. Where
        the first day is not known, the second is a day on which it held at the latest.
        """
        latest, before = (
            self.text(thing, term) for term in (CSP.beginsBy, CSP.heldSince)
        )
        if latest:
            return None, date.fromisoformat(latest)
        return date.fromisoformat(before) if before else self.days(thing)[0], None

    def holds(self, thing: NamedNode, day: date) -> bool:
        """Say whether `thing` has a first day and is in effect on `day`."""
        first, until = self.days(thing)
        return first is not None and first <= day and (until is None or day < until)


def weakest(codes: Iterable[NamedNode]) -> NamedNode | None:
    """Return the code that says least: a fact is as well checked as its weakest part.

    >>> weakest([NamedNode("urn:V"), NamedNode("urn:B"), NamedNode("urn:O")])
    <NamedNode value=urn:B>
    """
    return max(codes, key=lambda code: CODES.find(code.value[-1]), default=None)


def _ordered(nodes: Iterable[object]) -> list[NamedNode]:
    things = {node.value: node for node in nodes if isinstance(node, NamedNode)}
    return [things[key] for key in sorted(things)]
