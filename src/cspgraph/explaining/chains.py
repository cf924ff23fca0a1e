"""Why: from a document, a duty or a body up to the Act and down to the paragraph.

A chain has two legs. One says why this task: the record that answers a duty, the
duty, its provision, the Act. The other says why this body: the role it holds, the
area it serves, and the provision that gives the role.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cspgraph.explaining.laws import Laws
from cspgraph.explaining.links import weakest
from cspgraph.explaining.steps import Chain, Step
from cspgraph.vocab import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import NamedNode, Store

    from cspgraph.names import Names

    Path = tuple[Step, ...]

__all__ = ["why"]

_ANSWERED = (
    (CSP.evidencedBy, "counts for the duty:"),
    (CSP.partlyEvidencedBy, "counts in part for the duty:"),
)
_SHOWN = (
    (CSP.evidencedBy, "on record:"),
    (CSP.partlyEvidencedBy, "partly on record:"),
)


def why(
    store: Store, thing: NamedNode, names: Names, area: NamedNode | None = None
) -> list[Chain]:
    """Return the chains from `thing` in the `store` of one day, in a stable order.

    For a version or strategy: what is on record about it, and the duties that
    this counts for. For a duty: its law, then its bearers. For a body: the roles
    it holds; for a holding, the law that gives it. For a source document: what it
    tells of, and what it says of the law. For a provision: its history and its Act.
    For anything else: the passages that say so. With `area`, only what concerns it.
    """
    return _Walk(store, names, area).chains(thing)


class _Walk(Laws):
    """Follows the links of one store."""

    def __init__(self, store: Store, names: Names, area: NamedNode | None) -> None:
        super().__init__(store, names)
        self.area = area

    def chains(self, thing: NamedNode) -> list[Chain]:
        kinds = self.to(thing, RDF_TYPE)
        start = self.dated("", self.names.label(thing.value), thing)
        if CSP.Duty in kinds:
            start = self.duty_in_words("", thing)
        elif CSP.Provision in kinds:
            start = self.provision_in_words("", thing, thing)
        for kind, walk in (
            (CSP.Strategy, self.of_strategy),
            (CSP.StrategyVersion, self.of_version),
            (CSP.Duty, self.of_duty),
            (CSP.Body, self.of_body),
            (CSP.RoleHolding, self.of_held),
            (CSP.SourceDocument, self.of_document),
            (CSP.Provision, self.of_provision),
            (CSP.Claim, self.of_claim),
        ):
            if kind in kinds:
                return [Chain((start, *path)) for path in walk(thing)]
        return [Chain((start, *path)) for path in self.of_entry(thing)]

    def of_strategy(self, strategy: NamedNode) -> Iterator[Path]:
        yield from self.of_source(strategy)
        for version in self.back(strategy, CSP.versionOf):
            label = self.names.label(version.value)
            step = self.dated("in the version", label, version)
            yield from ((step, *path) for path in self.of_version(version))

    def of_version(self, version: NamedNode) -> Iterator[Path]:
        """Yield what is on record about a version, its sources and its duties."""
        acts = [
            act
            for act in self.back(version, CSP.about)
            if CSP.Decision in self.to(act, RDF_TYPE)
        ]
        if ended := self.text(version, CSP.supersededOn):
            day = date.fromisoformat(ended)
            for later in self.to(version, CSP.supersededBy):
                label = self.names.label(later.value)
                yield (Step("superseded by", label, later.value, day),)
        bound: dict[Path, None] = {}
        for act in sorted(acts, key=lambda act: (self.text(act, CSP.on), act.value)):
            step = self.act_in_words("on record:", act)
            yield from ((step, *path) for path in self.of_source(act))
            yield from ((step, *path) for path in self.of_answered(act, bound))
        yield from self.of_answered(version, bound)
        yield from sorted(bound, key=lambda path: [str(step) for step in path])

    def of_answered(
        self, evidence: NamedNode, bound: dict[Path, None]
    ) -> Iterator[Path]:
        """Yield the duties that `evidence` counts for; put their bearers in `bound`.

        The duties that one template puts on several bodies, each alone, are one step.
        """
        for link, relation in _ANSWERED:
            by_template: dict[NamedNode, list[NamedNode]] = defaultdict(list)
            for duty in self.back(evidence, link):
                if self.concerned(duty):
                    by_template[self.to(duty, CSP.template)[0]].append(duty)
                    bound.update(dict.fromkeys(self.of_bearers(duty)))
            for duties in by_template.values():
                each = f" (each of {len(duties)} bodies)" if len(duties) > 1 else ""
                step = self.duty_in_words(relation, duties[0], each)
                yield from ((step, *path) for path in self.of_law(duties[0]))

    def of_entry(self, thing: NamedNode) -> Iterator[Path]:
        """Yield the passages of a decision or assessment, then the duties it counts for."""
        yield from self.of_source(thing)
        bound: dict[Path, None] = {}
        yield from self.of_answered(thing, bound)
        yield from bound

    def of_duty(self, duty: NamedNode) -> Iterator[Path]:
        yield from self.of_law(duty)
        yield from self.of_bearers(duty)
        passed, coming = (self.text(duty, day) for day in (CSP.passedDue, CSP.dueBy))
        if passed:
            said = f"{passed}, and no record is dated for it; next due by {coming}"
            yield (Step("fell due by", said, duty.value, date.fromisoformat(passed)),)
        for link, relation in _SHOWN:
            for evidence in self.to(duty, link):
                step = self.act_in_words(relation, evidence)
                paths = list(self.of_source(evidence)) or [()]
                yield from ((step, *path) for path in paths)

    def of_bearers(self, duty: NamedNode) -> Iterator[Path]:
        for holding in self.to(duty, CSP.holding):
            for body in self.to(holding, CSP.body):
                step = self.dated("binds", self.names.label(body.value), body)
                yield from ((step, *path) for path in self.of_held(holding))

    def of_body(self, body: NamedNode) -> Iterator[Path]:
        for holding in self.back(body, CSP.body):
            kinds = self.to(holding, RDF_TYPE)
            if CSP.RoleHolding in kinds and self.concerned(holding):
                yield from self.of_held(holding)

    def of_held(self, holding: NamedNode) -> Iterator[Path]:
        """Yield the law that gives a role, and the rows by which the body serves the area."""
        step = self.held_in_words("as", holding)
        yield from ((step, *path) for path in self.of_law(holding, "by"))
        for ground in self.to(holding, CSP.restsOn):
            yield from ((step, *path) for path in self.of_ground(ground))

    def of_ground(self, ground: NamedNode) -> Iterator[Path]:
        """Yield a row of the register on which a holding rests: a service, a containment."""
        kinds = self.to(ground, RDF_TYPE)
        if CSP.RoleHolding in kinds:  # the smaller role, in a district of the county
            yield (self.held_in_words("holding the role", ground),)
        area, wide = (self.to(ground, link) for link in (CSP.area, CSP.widerArea))
        said = self.text(ground, CSP.registerSource)
        if CSP.Containment in kinds:
            ends = " in ".join(self.names.label(end.value) for end in (*area, *wide))
            yield (self.registered("where lies", ends, ground, said),)
        elif CSP.Service in kinds:
            ends = ", ".join(self.names.label(end.value) for end in area)
            step = self.registered("serving", ends, ground, said)
            under = [p for g in self.to(ground, CSP.restsOn) for p in self.of_ground(g)]
            yield from ((step, *path) for path in under or [()])

    def of_document(self, document: NamedNode) -> Iterator[Path]:
        """Yield what a document tells of, then what it says of the law."""
        told = {
            thing.value: thing
            for passage in self.back(document, CSP.inDocument)
            for thing in self.back(passage, CSP.source)
        }
        claims = [t for t in told.values() if CSP.Claim in self.to(t, RDF_TYPE)]
        bound: dict[Path, None] = {}
        for thing in (told[key] for key in sorted(told)):
            if thing not in claims:
                step = self.act_in_words("tells of", thing)
                paths = [*self.of_source(thing), *self.of_answered(thing, bound)]
                yield from ((step, *path) for path in paths)
        yield from bound
        for claim in sorted(claims, key=str):
            step = self.dated("says", self.names.label(claim.value), claim)
            yield from ((step, *path) for path in self.of_claim(claim))

    def of_claim(self, claim: NamedNode) -> Iterator[Path]:
        """Yield where a claim stands, its verdicts and the law they rest on."""
        yield from self.of_source(claim)
        for verdict in self.back(claim, CSP.claim):
            kind = ", ".join(
                self.names.label(k.value) for k in self.to(verdict, CSP.verdict)
            )
            step = Step(f"{kind}:", self.text(verdict, CSP.statement), verdict.value)
            paths = list(self.of_law(verdict, "held against")) or [()]
            yield from ((step, *path) for path in paths)

    def of_source(self, thing: NamedNode) -> Iterator[Path]:
        for passage in self.to(thing, CSP.source):
            document = self.to(passage, CSP.inDocument)[0]
            kind = self.names.label(self.to(document, CSP.kind)[0].value)
            day = self.text(document, CSP.on)
            place = f"{kind} of {day}, {self.text(passage, CSP.paragraph)}"
            quote = self.text(passage, CSP.quote)
            words = f"{place}: \u201c{quote}\u201d" if quote else place
            since = date.fromisoformat(day) if day else None
            yield (Step("read in", words, passage.value, since),)

    def concerned(self, thing: NamedNode) -> bool:
        """Say whether a duty or holding is about the area that was asked for."""
        return self.area is None or self.area in self.to(thing, CSP.area)

    def act_in_words(self, relation: str, act: NamedNode) -> Step:
        label, day = self.names.label(act.value), self.text(act, CSP.on)
        words = f"{label} ({day})" if day else label
        since = date.fromisoformat(day) if day else None
        return Step(relation, words, act.value, since)

    def duty_in_words(self, relation: str, duty: NamedNode, each: str = "") -> Step:
        words = f"{self.bound(duty)}{each}"
        template = self.to(duty, CSP.template)
        return self.dated(relation, words, duty, self.code(*template))

    def held_in_words(self, relation: str, holding: NamedNode) -> Step:
        role, area = (self.to(holding, link)[0] for link in (CSP.role, CSP.area))
        words = (
            f"{self.names.label(role.value)} in {self.names.label(area.value)}"
            f", {self.held_on(holding)}"
        )
        rests = [*self.to(holding, CSP.template), *self.grounds(holding)]
        return self.dated(relation, words, holding, self.code(*rests))

    def grounds(self, thing: NamedNode) -> Iterator[NamedNode]:
        """Yield the rows of the register on which `thing` rests, however deep."""
        for ground in self.to(thing, CSP.restsOn):
            yield ground
            yield from self.grounds(ground)

    def registered(self, relation: str, ends: str, row: NamedNode, said: str) -> Step:
        step = self.dated(relation, ends, row)
        checked = f"; register {step.verification}" if step.verification else ""
        source = f" ({said})" if said else ""
        words = f"{ends}, {self.held_on(row)}{source}{checked}"
        return replace(step, text=words)

    def code(self, *things: NamedNode) -> str:
        """Return in words the weakest code of `things`."""
        found = weakest(c for t in things for c in self.to(t, CSP.verification))
        return self.names.label(found.value) if found else ""
