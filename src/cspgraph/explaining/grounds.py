"""Why: what is asked about is found, and its chains are walked on the day.

A body may serve the whole country. Without an area, what concerns more areas than
can be read at once is refused before anything is worked out.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explaining import chains
from cspgraph.explaining.explanations import Explanation
from cspgraph.explaining.links import Links
from cspgraph.explaining.steps import Chain, Step
from cspgraph.findings import Finding
from cspgraph.geography.spreads import MOST_AREAS
from cspgraph.geography.tables import area_iri
from cspgraph.inquiry.rounds import refuse_unbound
from cspgraph.vocab import CSP, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pyoxigraph import Store

    from cspgraph.engines import Oxigraph
    from cspgraph.inquiry.answers import Answer
    from cspgraph.inquiry.asking import Term
    from cspgraph.library import Library
    from cspgraph.names import Names

__all__ = ["why", "why_row"]

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
    library: Library, thing: str | Finding, day: date, area: str | None
) -> Explanation:
    """Return the chains from `thing`, a name, address or finding, on `day`.

    Raises `NameNotClearError` for what is not known on that day, and
    `ParameterError` for what concerns too many areas at once, and for what nothing
    stands behind, such as an area.
    """
    place = library.names.find("area", area, "area", day) if area else None
    if place is not None:
        refuse_unbound(library.register, library.names, place.value, day)
    if isinstance(thing, Finding):
        focus = NamedNode(thing.focus)
        found = _of_finding(library, thing, day, place)
    else:
        focus = _meant(library, thing, day, place)
        engine = _engine(library, focus, day, place)
        found = chains.why(engine.store, focus, library.names, place)
        if not found:
            raise _nothing_behind(library.names, thing, focus.value, day)
    return Explanation(focus.value, day, tuple(found), library.receipt(day))


def _nothing_behind(names: Names, word: str, thing: str, day: date) -> ParameterError:
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


def why_row(library: Library, answer: Answer, number: int, day: date) -> Explanation:
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
        engine = _engine(library, place or body or NamedNode("urn:law"), day, place)
        starts = _cited(Links(engine.store), row, body, place)
    found = [
        chain
        for start in starts
        for chain in chains.why(
            _engine(library, start, day, place).store, start, library.names, place
        )
    ]
    if not found:
        known = "a duty, a document, a decision, or a body or provision with its law"
        raise ParameterError(
            f"row: row {number} has no law behind it; take one that names {known}"
        )
    return Explanation(starts[0].value, day, tuple(found), library.receipt(day))


def _cited(
    links: Links, row: Iterable[Term], body: NamedNode | None, place: NamedNode | None
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
    library: Library, word: str, day: date, place: NamedNode | None
) -> NamedNode:
    """Return what `word` means: any thing by name, or a derived thing by its address."""
    derived = (expand(word) or "").startswith(_DERIVED)  # it has no name to look for
    found = _there(library, word, day, place) if derived else None
    if found:
        return found
    try:
        return library.names.find("thing", word, "thing", day)
    except NameNotClearError:
        found = _there(library, word, day, place)
        if found:
            return found
        raise


def _there(
    library: Library, word: str, day: date, place: NamedNode | None
) -> NamedNode | None:
    """Return the thing with the address `word`, if anything is said of it that day."""
    with suppress(ValueError):  # text after a colon need not be an address
        thing = NamedNode(expand(word) or "")
        store = _engine(library, thing, day, place).store
        return thing if _told(store, thing) else None
    return None


def _told(store: Store, thing: NamedNode) -> bool:
    return any(store.quads_for_pattern(thing, None, None, None))


def _engine(
    library: Library, thing: NamedNode, day: date, place: NamedNode | None
) -> Oxigraph:
    """Return the day of `place`, or else of the areas that `thing` names or serves.

    Where there are none, it is that of the law.
    """
    if place is not None:
        return library.day(day, frozenset([place.value]))
    if library.limit is not None:
        return library.day(day)
    areas = library.scope_of(thing.value)
    if not areas:
        return library.law_on(day)
    wide = {area_iri(code) for code in library.nearby(areas).asked}
    count = len(wide & library.local_areas(day))
    if count > MOST_AREAS:
        named = library.names.label(thing.value)
        raise ParameterError(
            f"thing: {named} concerns {count} areas, too many to read at once;"
            " name one with --area, or area= in Python"
        )
    return library.day(day, areas)


def _of_finding(
    library: Library, finding: Finding, day: date, place: NamedNode | None
) -> list[Chain]:
    """Return what was found, why it is asked for, and what stands behind its thing."""
    focus, names = NamedNode(finding.focus), library.names
    links = Links(_engine(library, focus, day, place).store)
    store = links.store
    if not finding.duty and not _told(store, focus):
        # A check looks at later entries too.
        store = library.beside(finding.focus).store
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
    for chain in chains.why(store, focus, names, place):
        about = Step("about", chain.steps[0].text, finding.focus)
        paths.append((about, *chain.steps[1:]))
    for law in links.back(NamedNode(finding.link or "urn:none"), CSP.lawUrl):
        if not finding.duty and links.text(law, CSP.citation) == finding.law:
            asked = Step("bears on", finding.law, law.value, link=finding.link)
            behind = chains.why(links.store, law, names)
            paths += [(asked, *chain.steps[1:]) for chain in behind]
    return [Chain((start, *path)) for path in paths]
