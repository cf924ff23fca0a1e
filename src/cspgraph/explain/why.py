"""Why: from a document, a duty or a body up to the Act and down to the paragraph.

A chain has two legs. One says why this task: the record that answers a duty, the
duty, its provision, the Act. The other says why this body: the role it holds, the
area it serves, and the provision that gives the role.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explain.chain import Chain, Step
from cspgraph.explain.explanation import Explanation
from cspgraph.explain.provision import ProvisionWalk, StoreLinks, weakest
from cspgraph.questions.areas import bound_areas
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri, expand
from cspgraph.register.spread import MOST_AREAS
from cspgraph.report.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store

    from cspgraph.dataset import Dataset
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.ask import Term
    from cspgraph.rdf.engines import Oxigraph
    from cspgraph.rdf.labels import Labels

    Path = tuple[Step, ...]

__all__ = ["chains", "why", "why_row"]

_ANSWERED = (
    (CSP.evidencedBy, "counts for the duty:"),
    (CSP.partlyEvidencedBy, "counts in part for the duty:"),
)
_SHOWN = (
    (CSP.evidencedBy, "on record:"),
    (CSP.partlyEvidencedBy, "partly on record:"),
)


def chains(
    store: Store, thing: NamedNode, names: Labels, area: NamedNode | None = None
) -> list[Chain]:
    """Return the chains from `thing` in the `store` of one day, in a stable order.

    For a version or strategy: what is on record about it, and the duties that
    this counts for. For a duty: its law, then its bearers. For a body: the roles
    it holds; for a holding, the law that gives it. For a source document: what it
    tells of, and what it says of the law. For a provision: its history and its Act.
    For anything else: the passages that say so. With `area`, only what concerns it.
    """
    return _Walk(store, names, area).chains(thing)


class _Walk(ProvisionWalk):
    """Follows the links of one store."""

    def __init__(self, store: Store, names: Labels, area: NamedNode | None) -> None:
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


_DERIVED = (PREFIXES["duty"], PREFIXES["holding"])
#: What no chain starts at, and what to ask about instead.
_UNGROUNDED = {
    "area": "a duty, a document, or a body, with this area or a district of it as its area",
    "instrument": "one of its provisions, or a duty under it",
    **dict.fromkeys(
        ("role", "action", "theme", "kind", "governance", "subject"),
        "a duty, a document, or a body with its area",
    ),
}
#: Things that a row may name and that have a law or a record of their own.
_GROUNDED = tuple(
    PREFIXES[name]
    for name in (
        *("duty", "holding", "version", "strategy", "decision", "assessment"),
        *("claim", "document"),
    )
)


def why(
    dataset: Dataset, thing: str | Finding, day: date, area: str | None
) -> Explanation:
    """Return the chains from `thing`, a name, address or finding, on `day`.

    Raises `NameNotClearError` for what is not known on that day, and
    `ParameterError` for what concerns too many areas at once, and for what nothing
    stands behind, such as an area.
    """
    places: list[NamedNode | None] = [None]
    if area:
        place = dataset.labels.find("area", area, "area", day).value
        bound = bound_areas(dataset.register, dataset.labels, place, day)
        places = [NamedNode(one) for one in bound]
    if isinstance(thing, Finding):
        focus = NamedNode(thing.focus)
        found = [c for one in places for c in _of_finding(dataset, thing, day, one)]
    else:
        focus = _meant(dataset, thing, day, places[0])
        found = []
        for one in places:
            engine = _engine(dataset, focus, day, one)
            found += chains(engine.store, focus, dataset.labels, one)
        found = list(dict.fromkeys(found))
        if not found:
            raise _nothing_behind(dataset.labels, thing, focus.value, day)
    return Explanation(focus.value, day, tuple(found), dataset.receipt(day))


def _nothing_behind(names: Labels, word: str, thing: str, day: date) -> ParameterError:
    """Return the error for a thing without law or record behind it, with what to ask instead."""
    kind = names.kind_of(thing)
    if kind not in _UNGROUNDED:
        ask = "name another thing, another day or another area"
        return ParameterError(f"thing: nothing stands behind {word!r} on {day}; {ask}")
    what = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return ParameterError(
        f"thing: {word!r} is {what}, {names.named(thing)}, and why is not asked of {what};"
        f" name {_UNGROUNDED[kind]}"
    )


def why_row(dataset: Dataset, answer: Answer, number: int, day: date) -> Explanation:
    """Return the chains behind the row of `answer` with this `number`, counted from 0.

    They start at the duties, roles, documents and decisions that the row names; where
    it names none, at the duties and roles of its body in its area that rest on the
    provision it cites; where it names no body either, at that provision. Raises
    `ParameterError` for a row that is not there, or that names none of these.
    """
    if not 0 <= number < len(answer):
        count = f"{len(answer)} row{'' if len(answer) == 1 else 's'}"
        raise ParameterError(f"row: {number} is none of the {count}; count from 0")
    row = [term for term in answer.terms[number] if term is not None]
    things = [term for term in row if isinstance(term, NamedNode)]
    asked = [t for t in answer.parameters.get("area", []) if isinstance(t, NamedNode)]
    places = [t for t in things if t.value.startswith(PREFIXES["gss"])] or asked
    place = places[0] if len(places) == 1 else None
    starts = [t for t in things if t.value.startswith(_GROUNDED)]
    if not starts:
        body = next((t for t in things if t.value.startswith(PREFIXES["body"])), None)
        engine = _engine(dataset, place or body or NamedNode("urn:law"), day, place)
        starts = _cited(StoreLinks(engine.store), row, body, place)
    found = [
        chain
        for start in starts
        for chain in chains(
            _engine(dataset, start, day, place).store, start, dataset.labels, place
        )
    ]
    if not found:
        known = "a duty, a document, a decision, or a body or provision with its law"
        raise ParameterError(
            f"row: row {number} has no law behind it; take one that names {known}"
        )
    return Explanation(starts[0].value, day, tuple(found), dataset.receipt(day))


def _cited(
    links: StoreLinks,
    row: Iterable[Term],
    body: NamedNode | None,
    place: NamedNode | None,
) -> list[NamedNode]:
    """Return the duties and roles of `body` that rest on the law in `row`, or that law."""
    said = {term.value for term in row}
    laws = [
        provision
        for address in row
        if isinstance(address, NamedNode)
        for provision in links.back(address, CSP.lawUrl)
    ]
    laws = [law for law in laws if links.text(law, CSP.citation) in said] or laws
    if body is None:
        return laws
    held = [
        thing
        for link in (CSP.bearer, CSP.body)
        for thing in links.back(body, link)
        if set(laws).intersection(links.to(thing, CSP.provision))
        and (place is None or place in links.to(thing, CSP.area))
    ]
    stated = [
        thing
        for thing in held
        if links.text(thing, CSP.statement) in said
        or any(role.value in said for role in links.to(thing, CSP.role))
    ]
    return stated or held or laws


def _meant(
    dataset: Dataset, word: str, day: date, place: NamedNode | None
) -> NamedNode:
    """Return what `word` means: any thing by name, or a derived thing by its address."""
    derived = (expand(word) or "").startswith(_DERIVED)  # it has no name to look for
    found = _there(dataset, word, day, place) if derived else None
    if found:
        return found
    try:
        return dataset.labels.find("thing", word, "thing", day)
    except NameNotClearError:
        found = _there(dataset, word, day, place)
        if found:
            return found
        raise


def _there(
    dataset: Dataset, word: str, day: date, place: NamedNode | None
) -> NamedNode | None:
    """Return the thing with the address `word`, if anything is said of it that day."""
    with suppress(ValueError):  # text after a colon need not be an address
        thing = NamedNode(expand(word) or "")
        store = _engine(dataset, thing, day, place).store
        return thing if _told(store, thing) else None
    return None


def _told(store: Store, thing: NamedNode) -> bool:
    return any(store.quads_for_pattern(thing, None, None, None))


def _engine(
    dataset: Dataset, thing: NamedNode, day: date, place: NamedNode | None
) -> Oxigraph:
    """Return the day of `place`, or else of the areas that `thing` names or serves.

    Where there are none, it is that of the law.
    """
    if place is not None:
        return dataset.day(day, frozenset([place.value]))
    if dataset.limit is not None:
        return dataset.day(day)
    areas = dataset.scope_of(thing.value)
    if not areas:
        return dataset.law_on(day)
    wide = {area_iri(code) for code in dataset.nearby(areas).asked}
    count = len(wide & dataset.local_areas(day))
    if count > MOST_AREAS:
        named = dataset.labels.label(thing.value)
        raise ParameterError(
            f"thing: {named} concerns {count} areas, too many to read at once;"
            " name one with --area, or area= in Python"
        )
    return dataset.day(day, areas)


def _of_finding(
    dataset: Dataset, finding: Finding, day: date, place: NamedNode | None
) -> list[Chain]:
    """Return what was found, why it is asked for, and what stands behind its thing."""
    focus, names = NamedNode(finding.focus), dataset.labels
    links = StoreLinks(_engine(dataset, focus, day, place).store)
    store = links.store
    if not finding.duty and not _told(store, focus):
        # A check looks at later entries too.
        store = dataset.beside(finding.focus).store
    if not _told(store, focus):
        problem = f"what was found is not there on {day}; ask on the day of the check"
        raise ParameterError(f"thing: {problem}")
    start = Step("", finding.message, finding.focus)
    paths: list[tuple[Step, ...]] = [
        (Step(relation, text, finding.focus),)
        for relation, text in (
            ("because:", finding.reason),
            ("written in", finding.where),
        )
        if text
    ]
    for chain in chains(store, focus, names, place):
        about = Step("about", chain.steps[0].text, finding.focus)
        paths.append((about, *chain.steps[1:]))
    for law in links.back(NamedNode(finding.link or "urn:none"), CSP.lawUrl):
        if not finding.duty and links.text(law, CSP.citation) == finding.law:
            asked = Step("bears on", finding.law, law.value, link=finding.link)
            behind = chains(links.store, law, names)
            paths += [(asked, *chain.steps[1:]) for chain in behind]
    return [Chain((start, *path)) for path in paths]
