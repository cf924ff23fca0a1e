"""A provision as steps: when it was in force, what put it there, and the Act it is part of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.explain.chain import Step
from cspgraph.rdf.terms import BASE, CSP, OPEN_END, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store

    from cspgraph.rdf.labels import Labels

__all__ = ["CODES", "ProvisionWalk", "StoreLinks", "since_until", "stood", "weakest"]

#: How well a fact was checked, the best first.
CODES = "VOSBR"


class StoreLinks:
    """What a store says, followed link by link; everything in a stable order.

    >>> from pyoxigraph import Quad, Store
    >>> store, plan, act = Store(), NamedNode("urn:plan"), NamedNode("urn:act")
    >>> store.add(Quad(plan, CSP.provision, act))
    >>> links = StoreLinks(store)
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


_HISTORY = (
    (CSP.insertedBy, "inserted by"),
    (CSP.substitutedBy, "put in its present words by"),
    (CSP.amendedBy, "amended by"),
    (CSP.commencedBy, "brought into force by"),
    (CSP.repealedBy, "repealed by"),
)
_MODAL = {"May": "may", "MayRequire": "may", "MustNot": "must not"}
_SNAPSHOT = NamedNode(BASE + "id/snapshot")
_RULES = ((CSP.Duty, "the duty"), (CSP.RoleHolding, "the role"))


class ProvisionWalk(StoreLinks):
    """Follows the links of one store from what the law says to where it says so."""

    def __init__(self, store: Store, names: Labels) -> None:
        super().__init__(store)
        self.names = names
        asked = self.text(_SNAPSHOT, CSP.asOf)
        #: The day of the store; None where it holds all dates.
        self.on = date.fromisoformat(asked) if asked else None

    def of_law(
        self, thing: NamedNode, relation: str = "imposed by"
    ) -> Iterator[tuple[Step, ...]]:
        """Yield from a duty, holding or verdict to its provision, its history and its Act."""
        for provision in self.to(thing, CSP.provision):
            step = self.provision_in_words(relation, provision, thing)
            yield from ((step, *path) for path in self.of_provision(provision))

    def of_provision(self, provision: NamedNode) -> Iterator[tuple[Step, ...]]:
        """Yield what inserted, amended, commenced or repealed a provision, and its Act."""
        for link, how in _HISTORY:
            for other in self.to(provision, link):
                begins = self.days(other)[0]
                if link == CSP.amendedBy and begins and self.on and self.on < begins:
                    continue  # an amendment that was still to come
                named = self.text(other, CSP.citation)
                words = named or self.names.label(other.value)
                yield (self.dated(how, words, other),)
        for act in self.to(provision, CSP.instrument):
            place = self.place(provision)
            words = f"{self.names.label(act.value)}, {place}"
            yield (self.dated("part of", words, act, link=place),)

    def provision_in_words(
        self, relation: str, provision: NamedNode, thing: NamedNode
    ) -> Step:
        """Return the step to the provision of `thing`, with its days and those of the rule.

        The days are those on which the provision is in force, in the country of the
        area where these differ, or else those of the rule that states it.
        """
        title = f"{self.text(provision, CSP.citation)} ({self.names.label(provision.value)})"
        template = next(iter(self.to(thing, CSP.template)), None)
        rule = self.days(template) if template else (None, None)
        stretch = self.stretch(provision, thing)
        own = self.days(stretch)
        kinds = self.to(thing, RDF_TYPE)
        what = next((words for kind, words in _RULES if kind in kinds), "the rule")
        said = [f"in force {self.held_on(stretch)}"] if own[0] else []
        if template and rule[0] and rule != own:
            said.append(f"{what} {self.held_on(template)}")
        tested = [provision, *([template] if template else [])]
        code = weakest(c for t in tested for c in self.to(t, CSP.verification))
        checked = self.names.label(code.value) if code else "not said how checked"
        words = f"{title}, {', '.join(said) or 'no day known'}; law {checked}{self.text_read(provision)}"
        dated = stretch if own[0] or not template else template
        (since, latest), until = self.since(dated), self.days(dated)[1]
        link, address = self.place(provision), provision.value
        return Step(relation, words, address, since, until, checked, link, latest)

    def text_read(self, provision: NamedNode) -> str:
        """Return as at which day the text of `provision` was read, and what changed it since."""
        day = self.text(provision, CSP.textReadTo)
        changes = [
            f"{self.text(by, CSP.citation) or self.names.label(by.value)}"
            f" {'changed' if by in self.changed(provision) else 'may have changed'} it since"
            for by in sorted(self.to(provision, CSP.readBefore), key=str)
        ]
        at = day or ("a day that is not known" if changes else "")
        return "; ".join([f", text as at {at}" if at else "", *changes])

    def changed(self, provision: NamedNode) -> set[NamedNode]:
        """Return the law that is known to have changed or ended `provision`."""
        links = (CSP.amendedBy, CSP.substitutedBy, CSP.repealedBy)
        return {by for link in links for by in self.to(provision, link)}

    def in_force(
        self, provision: NamedNode, thing: NamedNode
    ) -> tuple[date | None, date | None]:
        """Return the days on which `provision` is in force in the country of `thing`."""
        return self.days(self.stretch(provision, thing))

    def stretch(self, provision: NamedNode, thing: NamedNode) -> NamedNode:
        """Return what has those days: a period in force, or the provision itself."""
        countries = {
            c for a in self.to(thing, CSP.area) for c in self.to(a, CSP.country)
        }
        rule = [d for t in self.to(thing, CSP.template) for d in [self.days(t)[0]] if d]
        periods = [
            period
            for period in self.to(provision, CSP.inForce)
            if not countries or countries.intersection(self.to(period, CSP.country))
        ]
        around = [p for p in periods if rule and self.holds(p, rule[0])]
        return (around or periods or [provision])[0]

    def held_on(self, thing: NamedNode) -> str:
        """Return in words since when `thing` has held, and until when."""
        since, latest = self.since(thing)
        return since_until(since, self.days(thing)[1], latest)

    def bound(self, thing: NamedNode) -> str:
        """Return in words what a duty, or its template, asks: that one must, may or must not."""
        kinds = self.to(thing, CSP.modality)
        modality = kinds[0].value.rpartition("/")[2] if kinds else ""
        return f"{_MODAL.get(modality, 'must')} {self.text(thing, CSP.statement)}"

    def place(self, provision: NamedNode) -> str:
        """Return where `provision` can be read as it stood on the day."""
        return (self.to(provision, CSP.lawUrl) or [provision])[0].value

    def dated(
        self,
        relation: str,
        text: str,
        thing: NamedNode,
        verification: str = "",
        link: str = "",
    ) -> Step:
        """Return the step to `thing`, with its own days and how well it was checked."""
        code = weakest(self.to(thing, CSP.verification))
        checked = verification or (self.names.label(code.value) if code else "")
        (since, latest), until = self.since(thing), self.days(thing)[1]
        return Step(relation, text, thing.value, since, until, checked, link, latest)


def stood(provision: str, day: date) -> str:
    """Return where a provision can be read as it stood on `day`.

    >>> from datetime import date
    >>> stood("http://www.legislation.gov.uk/id/uksi/2007/1830/regulation/3#2007", date(2010, 1, 1))
    'http://www.legislation.gov.uk/uksi/2007/1830/regulation/3/2010-01-01'
    """
    start = PREFIXES["law"]
    if not provision.startswith(start):
        return provision
    text = provision.removeprefix(start).partition("#")[0]
    return f"{start.removesuffix('id/')}{text}/{day}"


def since_until(
    since: date | None, until: date | None, latest: date | None = None
) -> str:
    """Return days in words; `latest` is a day by which it held, its first not known.

    >>> from datetime import date
    >>> since_until(date(2003, 4, 1), date(2012, 11, 22))
    'since 2003-04-01 until 2012-11-22 (that day not included)'
    >>> since_until(None, None, date(2017, 1, 31))
    'by 2017-01-31'
    """
    end = f" until {until} (that day not included)" if until else ""
    if latest:
        return f"by {latest}{end}"
    return f"since {since}{end}" if since else f"on days not known{end}"
