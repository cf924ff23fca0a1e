"""Why: from a document, a duty or a body up to the Act and down to the paragraph.

A chain has two legs. One says why this task: the record that answers a duty, the
duty, its provision, the Act. The other says why this body: the role it holds,
and the provision that gives the role.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.vocab import CSP, OPEN_END, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Store

    from cspgraph.names import Names

__all__ = ["Chain", "Step", "tree", "why"]

_HISTORY = (
    (CSP.insertedBy, "inserted by"),
    (CSP.substitutedBy, "put in its present words by"),
    (CSP.commencedBy, "brought into force by"),
)
_ANSWERED = (
    (CSP.evidencedBy, "counts for the duty:"),
    (CSP.partlyEvidencedBy, "counts in part for the duty:"),
)
_MODAL = {"May": "may", "MayRequire": "may", "MustNot": "must not"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: how it follows from the one before, and what it is."""

    relation: str
    text: str
    iri: str

    def __str__(self) -> str:
        return f"{self.relation} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps from a thing up to an Act, or down to the passage that says so."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return tree([self])


def tree(chains: Iterable[Chain]) -> str:
    """Return `chains` as indented lines; steps that they share stand once.

    >>> plan, act = Step("", "Plan", "p"), Step("imposed by", "the Act", "a")
    >>> print(tree([Chain((plan, act)), Chain((plan, Step("read in", "1.4", "b")))]))
    Plan
      imposed by the Act
      read in 1.4
    """
    lines: list[str] = []
    before: tuple[Step, ...] = ()
    for chain in chains:
        shared = 0
        while chain.steps[: shared + 1] == before[: shared + 1] and shared < len(
            before
        ):
            shared += 1
        for depth, step in enumerate(chain.steps[shared:], shared):
            lines.append("  " * depth + str(step))
        before = chain.steps
    return "\n".join(lines)


def why(store: Store, thing: NamedNode, names: Names) -> list[Chain]:
    """Return the chains from `thing` in the `store` of one day, in a stable order.

    For a version or strategy: what is on record about it, and the duties that
    this counts for. For a duty: its law, then its bearers. For a body: the roles
    it holds. For anything else: the passages that say so.
    """
    return _Walk(store, names).chains(thing)


class _Walk:
    """Follows the links of one store."""

    def __init__(self, store: Store, names: Names) -> None:
        self.store, self.names = store, names

    def chains(self, thing: NamedNode) -> list[Chain]:
        start = Step("", self.names.label(thing.value), thing.value)
        kinds = self.to(thing, RDF_TYPE)
        if CSP.Strategy in kinds:
            paths = self.of_strategy(thing)
        elif CSP.StrategyVersion in kinds:
            paths = self.of_version(thing)
        elif CSP.Duty in kinds:
            start = Step("", self.duty_in_words(thing), thing.value)
            paths = self.of_duty(thing)
        elif CSP.Body in kinds:
            paths = self.of_body(thing)
        else:
            paths = self.of_source(thing)
        return [Chain((start, *path)) for path in paths]

    def of_strategy(self, strategy: NamedNode) -> Iterator[tuple[Step, ...]]:
        yield from self.of_source(strategy)
        for version in sorted(self.back(strategy, CSP.versionOf), key=str):
            step = Step(
                "in the version", self.names.label(version.value), version.value
            )
            yield from ((step, *path) for path in self.of_version(version))

    def of_version(self, version: NamedNode) -> Iterator[tuple[Step, ...]]:
        """Yield what is on record about a version, its sources and its duties."""
        acts = [
            act
            for act in self.back(version, CSP.about)
            if CSP.Decision in self.to(act, RDF_TYPE)
        ]
        bound: dict[tuple[Step, ...], None] = {}
        for act in sorted(acts, key=lambda act: (self.text(act, CSP.on), act.value)):
            step = self.act_in_words(act)
            yield from ((step, *path) for path in self.of_source(act))
            yield from ((step, *path) for path in self.of_answered(act, bound))
        yield from self.of_answered(version, bound)
        yield from sorted(bound, key=lambda path: [str(step) for step in path])

    def of_answered(
        self, evidence: NamedNode, bound: dict[tuple[Step, ...], None]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield the duties that `evidence` counts for; put their bearers in `bound`.

        The duties that one template puts on several bodies, each alone, are one step.
        """
        for link, relation in _ANSWERED:
            by_template: dict[NamedNode, list[NamedNode]] = defaultdict(list)
            for duty in sorted(self.back(evidence, link), key=str):
                by_template[self.to(duty, CSP.template)[0]].append(duty)
                bound.update(dict.fromkeys(self.of_bearers(duty)))
            for duties in by_template.values():
                each = f" (each of {len(duties)} bodies)" if len(duties) > 1 else ""
                words = self.duty_in_words(duties[0]) + each
                step = Step(relation, words, duties[0].value)
                yield from ((step, *path) for path in self.of_law(duties[0]))

    def of_duty(self, duty: NamedNode) -> Iterator[tuple[Step, ...]]:
        yield from self.of_law(duty)
        yield from self.of_bearers(duty)
        for link, relation in (
            (CSP.evidencedBy, "on record:"),
            (CSP.partlyEvidencedBy, "partly on record:"),
        ):
            for evidence in sorted(self.to(duty, link), key=str):
                words = self.act_in_words(evidence)
                step = Step(relation, words.text, words.iri)
                yield from ((step, *path) for path in self.of_source(evidence))

    def of_bearers(self, duty: NamedNode) -> Iterator[tuple[Step, ...]]:
        for holding in sorted(self.to(duty, CSP.holding), key=str):
            for body in self.to(holding, CSP.body):
                step = Step("binds", self.names.label(body.value), body.value)
                yield from ((step, *path) for path in self.of_holding(holding))

    def of_body(self, body: NamedNode) -> Iterator[tuple[Step, ...]]:
        holdings = [
            h
            for h in self.back(body, CSP.body)
            if CSP.RoleHolding in self.to(h, RDF_TYPE)
        ]
        for holding in sorted(holdings, key=str):
            yield from self.of_holding(holding)

    def of_holding(self, holding: NamedNode) -> Iterator[tuple[Step, ...]]:
        role, area = (self.to(holding, link)[0] for link in (CSP.role, CSP.area))
        text = f"{self.names.label(role.value)} in {self.names.label(area.value)}"
        step = Step("as", f"{text}, {self.days(holding)}", holding.value)
        yield from ((step, *path) for path in self.of_law(holding, "by"))

    def of_law(
        self, thing: NamedNode, relation: str = "imposed by"
    ) -> Iterator[tuple[Step, ...]]:
        """Yield from a duty or holding to its provision, its history and its Act."""
        template = self.to(thing, CSP.template)[0]
        code = self.to(template, CSP.verification)[0]
        for provision in self.to(thing, CSP.provision):
            title = f"{self.text(provision, CSP.citation)} ({self.names.label(provision.value)})"
            checked = (
                f"in force {self.days(template)}; law {self.names.label(code.value)}"
            )
            imposed = Step(relation, f"{title}, {checked}", provision.value)
            for link, how in _HISTORY:
                for other in sorted(self.to(provision, link), key=str):
                    named = self.text(other, CSP.citation) or self.names.label(
                        other.value
                    )
                    yield (imposed, Step(how, named, other.value))
            for act in self.to(provision, CSP.instrument):
                place = self.to(provision, CSP.lawUrl) or [provision]
                title = f"{self.names.label(act.value)}, {place[0].value}"
                yield (imposed, Step("part of", title, act.value))

    def of_source(self, thing: NamedNode) -> Iterator[tuple[Step, ...]]:
        for passage in sorted(self.to(thing, CSP.source), key=str):
            document = self.to(passage, CSP.inDocument)[0]
            kind = self.names.label(self.to(document, CSP.kind)[0].value)
            place = f"{kind} of {self.text(document, CSP.on)}, {self.text(passage, CSP.paragraph)}"
            quote = self.text(passage, CSP.quote)
            words = f"{place}: \u201c{quote}\u201d" if quote else place
            yield (Step("read in", words, passage.value),)

    def act_in_words(self, act: NamedNode) -> Step:
        label = self.names.label(act.value)
        day = self.text(act, CSP.on)
        return Step("on record:", f"{label} ({day})" if day else label, act.value)

    def duty_in_words(self, duty: NamedNode) -> str:
        modality = self.to(duty, CSP.modality)[0].value.rpartition("/")[2]
        return f"{_MODAL.get(modality, 'must')} {self.text(duty, CSP.statement)}"

    def days(self, thing: NamedNode) -> str:
        until = self.text(thing, CSP.validUntil)
        end = f" until {until} (that day not included)" if until != OPEN_END else ""
        return f"since {self.text(thing, CSP.validFrom)}{end}"

    def to(self, thing: NamedNode, link: NamedNode) -> list[NamedNode]:
        found = self.store.quads_for_pattern(thing, link, None, None)
        return [quad.object for quad in found if isinstance(quad.object, NamedNode)]

    def back(self, thing: NamedNode, link: NamedNode) -> Sequence[NamedNode]:
        found = self.store.quads_for_pattern(None, link, thing, None)
        return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]

    def text(self, thing: NamedNode, link: NamedNode) -> str:
        found = self.store.quads_for_pattern(thing, link, None, None)
        return next(
            (q.object.value for q in found if isinstance(q.object, Literal)), ""
        )
