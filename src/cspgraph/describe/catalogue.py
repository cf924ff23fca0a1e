"""What a graph is: its title, day, sources and licences, as DCAT, VoID and PROV.

Each named graph is a dataset of its own with one licence. What of it comes from others
says so in its rights, in the words of the NOTICE. The graph of what follows says from
which graphs, with which digests, and by which rules it was derived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.describe.labels import LABEL
from cspgraph.rdf import files
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from pyoxigraph import Store

    Said = Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]

__all__ = ["GRAPH", "NOT_STATED", "catalogue"]

#: The graph that holds the description.
GRAPH = NamedNode(PREFIXES["graph"] + "description")
#: The licence of a file of which nobody said under which licence it stands.
NOT_STATED = NamedNode(f"{BASE}licence/not-stated")

_DCAT, _VOID = "http://www.w3.org/ns/dcat#", "http://rdfs.org/ns/void#"
_PROV, _SD = (
    "http://www.w3.org/ns/prov#",
    "http://www.w3.org/ns/sparql-service-description#",
)
_FOAF, _SPDX = "http://xmlns.com/foaf/0.1/", "http://spdx.org/rdf/terms#"
_APACHE = NamedNode("https://www.apache.org/licenses/LICENSE-2.0")
_OPEN = NamedNode(
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)
_BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_LICENCES = {
    _APACHE: "Apache License, Version 2.0",
    _OPEN: "Open Government Licence v3.0",
    _BY: "Creative Commons Attribution 4.0 International",
    NOT_STATED: "Licence not stated: ask whoever made the file",
}
_CITED = {"OGL v3": _OPEN, "CC BY 4.0": _BY}
#: Title, licence and rights of each graph that is always called so.
_GRAPHS = {
    "ontology": ("Terms and kinds of cspgraph", _APACHE, ""),
    "law": (
        "Statute law as data",
        _OPEN,
        (
            "Contains public sector information licensed under the Open Government Licence"
            " v3.0. © Crown copyright and database right."
        ),
    ),
    "register": (
        "Areas and bodies of England and Wales",
        _OPEN,
        (
            "Contains public sector information licensed under the Open Government Licence"
            " v3.0, OS data © Crown copyright and database right 2025, and names and codes"
            " of mySociety under CC BY 4.0, changed."
        ),
    ),
    "derived": (
        "What follows from law, register and records",
        _OPEN,
        "Derived from the other graphs, whose rights go with it.",
    ),
    "queries": ("Questions that can be asked", _APACHE, ""),
    "scenario": ("Law that is supposed to be in force, and is not", _APACHE, ""),
    "aligned": (
        "The same in terms of other vocabularies",
        _OPEN,
        "As the graphs that it restates.",
    ),
    "description": ("What this graph says of itself", _APACHE, ""),
}
_RECORD = "Short quotations, each with its source, for the purpose of evidence."
_PUBLISHER = NamedNode(f"{BASE}agent/contributors")
_PROGRAM = NamedNode(f"{BASE}agent/cspgraph-{__version__}")
_DATE = NamedNode(PREFIXES["xsd"] + "date")


def _dct(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dct"] + name)


def catalogue(
    store: Store,
    on: date | None,
    own: Collection[str],
    digests: Mapping[str, str],
    rules: Iterable[files.Source],
    more: Iterable[str] = (),
) -> Iterator[Quad]:
    """Yield the description of the graph in `store`, which is that of the day `on`.

    `own` are the named graphs of the user's files, `digests` those of law, register,
    records and rules, `rules` the files of the rules that derived it, and `more` the
    names of graphs that are written beside those in `store`.
    """
    for triple in _catalogue(store, on, own, digests, rules, more):
        yield Quad(*triple, GRAPH)


def _catalogue(
    store: Store,
    on: date | None,
    own: Collection[str],
    digests: Mapping[str, str],
    rules: Iterable[files.Source],
    more: Iterable[str],
) -> Said:
    day = on.isoformat() if on else "all-dates"
    whole = NamedNode(f"{BASE}dataset/{day}")
    names = {g for g in store.named_graphs() if isinstance(g, NamedNode)}
    names |= {NamedNode(PREFIXES["graph"] + name) for name in more} | {GRAPH}
    for space in (_DCAT, _VOID):
        yield whole, RDF_TYPE, NamedNode(f"{space}Dataset")
    yield from _titled(whole, f"cspgraph, {f'{on:%-d %B %Y}' if on else 'all dates'}")
    told = "Which body must adopt what, by when, under which law, and why: duties of the Community Safety Partnerships of England and Wales."
    yield whole, _dct("description"), Literal(told, language="en")
    yield whole, _dct("publisher"), _PUBLISHER
    yield whole, _dct("license"), _OPEN
    yield whole, _dct("rights"), _english("Each named graph has its own licence.")
    yield whole, NamedNode(f"{_DCAT}version"), Literal(__version__)
    yield whole, NamedNode(f"{_VOID}triples"), Literal(len(store))
    yield whole, NamedNode(f"{_VOID}vocabulary"), NamedNode(PREFIXES["csp"])
    if on:
        time = NamedNode(f"{BASE}dataset/{day}/time")
        yield whole, _dct("temporal"), time
        yield time, RDF_TYPE, _dct("PeriodOfTime")
        yield from _titled(time, f"{on:%-d %B %Y}", title=False)
        for end in ("startDate", "endDate"):
            yield time, NamedNode(_DCAT + end), Literal(day, datatype=_DATE)
    for place in _areas(store):
        yield whole, _dct("spatial"), place
    for name in sorted(names, key=str):
        yield whole, NamedNode(f"{_VOID}subset"), name
        yield from _named(store, name, own, digests)
    yield from _agents()
    yield from _derivation(whole, names, digests, rules)


def _areas(store: Store) -> list[NamedNode]:
    found = store.quads_for_pattern(None, CSP.windowFrom, None, None)
    areas = {q.subject for q in found if isinstance(q.subject, NamedNode)}
    return sorted(areas, key=str)


def _named(
    store: Store, name: NamedNode, own: Collection[str], digests: Mapping[str, str]
) -> Said:
    """Yield what a named graph is, whose it is, and where what it says comes from."""
    short = name.value.removeprefix(PREFIXES["graph"])
    title, licence, rights = _GRAPHS.get(short, (f"Record {short}", _APACHE, _RECORD))
    if name.value in own:
        title, licence = f"A file of your own: {short}", NOT_STATED
        rights = "Nothing here says under which licence it may be passed on."
    for kind in (f"{_DCAT}Dataset", f"{_VOID}Dataset", f"{_SD}NamedGraph"):
        yield name, RDF_TYPE, NamedNode(kind)
    yield name, NamedNode(f"{_SD}name"), name
    yield from _titled(name, title)
    yield name, _dct("description"), _english(f"{title}.")
    yield name, _dct("license"), licence
    if rights:
        yield name, _dct("rights"), _english(rights)
    if name.value not in own:
        yield name, _dct("publisher"), _PUBLISHER
    held = sum(1 for _ in store.quads_for_pattern(None, None, None, name))
    if held:
        yield name, NamedNode(f"{_VOID}triples"), Literal(held)
    if short in digests:
        sum_ = NamedNode(f"{BASE}digest/{digests[short]}")
        yield name, NamedNode(f"{_SPDX}checksum"), sum_
        yield from _digest(sum_, digests[short])
    yield from _sources(store, name, short)


def _sources(store: Store, name: NamedNode, short: str) -> Said:
    """Yield the publications that a graph was made of, each with publisher and day."""
    if short == "law":
        site = NamedNode("https://www.legislation.gov.uk/")
        yield name, _dct("source"), site
        yield site, RDF_TYPE, NamedNode(f"{_DCAT}Dataset")
        yield from _titled(site, "legislation.gov.uk")
        yield site, _dct("description"), _english("Acts and statutory instruments.")
        yield site, _dct("license"), _OPEN
        yield from _published(site, "The National Archives")
    if short == "register":
        cited = {
            quad.object.value
            for quad in store.quads_for_pattern(None, CSP.registerSource, None, None)
            if isinstance(quad.object, Literal)
        }
        (table,) = files.shipped("data/editions.csv", ".csv")
        for row in files.rows(table, files.head(table)):
            if any(row.cells["citation"] in one for one in cited):
                yield from _edition(name, row.cells)
    for quad in store.quads_for_pattern(None, RDF_TYPE, CSP.SourceDocument, name):
        if isinstance(quad.subject, NamedNode):
            yield name, _dct("source"), quad.subject


def _edition(register: NamedNode, cells: Mapping[str, str]) -> Said:
    this = NamedNode(f"{BASE}edition/{cells['edition']}")
    yield register, _dct("source"), this
    yield this, RDF_TYPE, NamedNode(f"{_DCAT}Dataset")
    yield from _titled(this, f"{cells['title']} ({cells['edition']})")
    yield this, _dct("description"), _english(cells["citation"])
    yield this, _dct("issued"), Literal(cells["on"], datatype=_DATE)
    for words, licence in _CITED.items():
        if cells["citation"].endswith(words):
            yield this, _dct("license"), licence
    yield from _published(this, cells["publisher"])


def _published(thing: NamedNode, publisher: str) -> Said:
    slug = "-".join(
        "".join(c if c.isalnum() else " " for c in publisher).lower().split()
    )
    agent = NamedNode(f"{BASE}agent/{slug}")
    yield thing, _dct("publisher"), agent
    yield from _agent(agent, publisher)


def _agent(agent: NamedNode, name: str) -> Said:
    yield agent, RDF_TYPE, NamedNode(f"{_FOAF}Agent")
    yield agent, NamedNode(f"{_FOAF}name"), Literal(name)
    yield from _titled(agent, name, title=False)


def _agents() -> Said:
    yield from _agent(_PUBLISHER, "cspgraph contributors")
    yield from _agent(_PROGRAM, f"cspgraph {__version__}")
    yield _PROGRAM, RDF_TYPE, NamedNode(f"{_PROV}SoftwareAgent")
    for licence, words in _LICENCES.items():
        yield licence, RDF_TYPE, _dct("LicenseDocument")
        yield from _titled(licence, words, title=False)


def _derivation(
    whole: NamedNode,
    names: Iterable[NamedNode],
    digests: Mapping[str, str],
    rules: Iterable[files.Source],
) -> Said:
    """Yield what derived the graph of what follows: from which graphs, by which rules."""
    did = NamedNode(f"{whole.value}/derivation")
    derived = NamedNode(PREFIXES["graph"] + "derived")
    yield did, RDF_TYPE, NamedNode(f"{_PROV}Activity")
    yield from _titled(did, "The rules run in their order", title=False)
    yield did, NamedNode(f"{_PROV}wasAssociatedWith"), _PROGRAM
    yield derived, NamedNode(f"{_PROV}wasGeneratedBy"), did
    made = {derived, GRAPH, NamedNode(PREFIXES["graph"] + "aligned")}
    for name in sorted(set(names) - made, key=str):
        yield did, NamedNode(f"{_PROV}used"), name
        yield derived, NamedNode(f"{_PROV}wasDerivedFrom"), name
    for part in ("records", "rules"):
        sum_ = NamedNode(f"{BASE}digest/{digests[part]}")
        yield did, NamedNode(f"{_PROV}used"), sum_
        yield from _digest(sum_, digests[part], f"the {part}")
    for source in rules:
        short = source.name.rpartition("/")[2].removesuffix(".rq")
        rule = NamedNode(f"{BASE}rule/{short}")
        yield did, NamedNode(f"{_PROV}used"), rule
        for kind in ("Plan", "Entity"):
            yield rule, RDF_TYPE, NamedNode(_PROV + kind)
        yield from _titled(rule, f"Rule {short}", title=False)
        first = source.text.partition("\n")[0].removeprefix("#").strip()
        yield rule, _dct("description"), _english(first)
        sum_ = NamedNode(f"{BASE}digest/{source.digest.hex()}")
        yield rule, NamedNode(f"{_SPDX}checksum"), sum_
        yield from _digest(sum_, source.digest.hex())


def _digest(sum_: NamedNode, value: str, of: str = "") -> Said:
    yield sum_, RDF_TYPE, NamedNode(f"{_SPDX}Checksum")
    yield sum_, RDF_TYPE, NamedNode(f"{_PROV}Entity")
    said = f"SHA-256 of {of}" if of else f"SHA-256 {value[:12]}…"
    yield from _titled(sum_, said, title=False)
    algorithm = NamedNode(f"{_SPDX}checksumAlgorithm_sha256")
    yield sum_, NamedNode(f"{_SPDX}algorithm"), algorithm
    yield sum_, NamedNode(f"{_SPDX}checksumValue"), Literal(value)


def _titled(thing: NamedNode, words: str, *, title: bool = True) -> Said:
    yield thing, LABEL, _english(words)
    if title:
        yield thing, _dct("title"), _english(words)


def _english(words: str) -> Literal:
    return Literal(words, language="en")
