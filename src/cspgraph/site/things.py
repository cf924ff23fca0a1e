"""What the files say of a thing, as rows of words: each with what it leads to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.explain.provision import since_until
from cspgraph.rdf.terms import CSP, OPEN_END
from cspgraph.receipt import day_in_words
from cspgraph.site.context import Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cspgraph.site.context import Site

__all__ = ["checked", "days", "in_order", "rows", "things", "told"]

Row = tuple[str, list[Thing]]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COUNT = re.compile(r"(\d+)")


def rows(site: Site, iri: str, links: Sequence[tuple[str, str]]) -> list[Row]:
    """Return a row for each of these `links` that `iri` has: the term, and its words."""
    found = [(words, told(site, iri, term)) for term, words in links]
    return [(words, things) for words, things in found if things]


def told(site: Site, iri: str, term: str) -> list[Thing]:
    """Return what `iri` has under a term of the ontology, in order."""
    store, link = site.facts.store, getattr(CSP, term)
    values = {
        quad.object
        for quad in store.quads_for_pattern(NamedNode(iri), link, None, None)
    }
    things = [
        Thing(_text(value)) if isinstance(value, Literal) else _named(site, value)
        for value in values
        if isinstance(value, Literal | NamedNode) and value.value != OPEN_END
    ]
    return sorted(things, key=lambda t: in_order(t.words))


def _text(value: Literal) -> str:
    return day_in_words(value.value) if _DATE.fullmatch(value.value) else value.value


def _named(site: Site, value: NamedNode) -> Thing:
    """Return a thing by its name, law by how it is cited and called."""
    cited = site.facts.text(value, CSP.citation)
    name = site.names.label(value.value)
    words = f"{cited}: {name}" if cited and cited != name else name
    return site.thing(value.value, words)


def days(site: Site, iri: str) -> str:
    """Return since when and until when a thing holds, in words; empty if not known."""
    links, node = site.facts, NamedNode(iri)
    (since, latest), until = links.since(node), links.days(node)[1]
    if not (since or latest or until):
        return ""
    said = since_until(since, until, latest)
    return _DATE.sub(lambda day: day_in_words(day[0]), said)


def checked(site: Site, iri: str) -> list[Row]:
    """Return how well a fact was checked: the code in words, notes, and the pages read."""
    links, node = site.facts, NamedNode(iri)
    found = rows(
        site,
        iri,
        [
            ("verification", "how it was checked"),
            ("verificationNote", "note on the check"),
            ("confidence", "how sure the reading is"),
            ("textReadTo", "text read as at"),
            ("readBefore", "read before a change by"),
            ("mayBeAmendedBy", "may be amended by"),
        ],
    )
    pages = []
    for entry in links.to(node, CSP.verifiedBy):
        read = links.text(entry, CSP.readOn)
        page = links.to(entry, CSP.page)
        words = site.names.label(entry.value)
        pages.append(
            Thing(
                f"{words}, read on {day_in_words(read)}" if read else words,
                url=page[0].value if page else links.text(entry, CSP.page),
            )
        )
    if pages:
        found.append(("pages that were read", pages))
    return [*found, *rows(site, iri, [("modelNote", "note")])]


def in_order(words: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key that puts section 17 after section 6.

    >>> sorted(["s.17", "s.6"], key=in_order)
    ['s.6', 's.17']
    """
    return tuple(
        (part.isdigit(), int(part) if part.isdigit() else 0, part)
        for part in _COUNT.split(words)
    )


def things(site: Site, nodes: Iterable[NamedNode]) -> list[Thing]:
    """Return things by their names, law as it is cited, in order."""
    return sorted((_named(site, n) for n in nodes), key=lambda t: in_order(t.words))
