"""The pages of bodies: what a body is, where it serves, and which roles it holds there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from cspgraph.rdf.terms import CSP, PREFIXES
from cspgraph.render.table import sheet
from cspgraph.site import addresses
from cspgraph.site.context import Thing
from cspgraph.site.page import Page, json_bytes
from cspgraph.site.things import checked, days, in_order, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.site.context import Site

__all__ = ["Holding", "index", "page", "pages"]


class Holding(NamedTuple):
    """A role that a body holds in an area, and by which law."""

    role: str
    law: str
    code: str
    area: str


def _iri(folder: str) -> str:
    return PREFIXES["body"] + folder.split("/")[1]


def pages(site: Site, held: dict[str, list[Holding]]) -> Iterator[Page]:
    """Yield the list of the bodies and the page of each; `held` has roles by address."""
    yield index(site)
    for folder in sorted(site.bodies):
        yield page(site, _iri(folder), held.get(_iri(folder), ()))


def index(site: Site) -> Page:
    """Return the list of the bodies that serve an area of the site, by kind."""
    groups: defaultdict[str, list[Thing]] = defaultdict(list)
    listed = []
    for folder in sorted(site.bodies):
        iri = _iri(folder)
        name = site.names.label(iri)
        kind = ", ".join(t.words for t in _kinds(site, iri)) or "of no kind"
        groups[kind].append(Thing(name, folder))
        listed.append({"body": iri, "name": name, "kind": kind})
    for things in groups.values():
        things.sort(key=lambda t: in_order(t.words))
    title = "Bodies, by kind"
    html = site.render(
        "list.html",
        "body/",
        title,
        lede=f"{len(listed)} bodies serve the areas of this site on {site.day:%-d %B %Y}. A body that is not here is not in the register, or serves elsewhere.",
        groups=sorted(groups.items()),
        data=[("index.json", "JSON")],
    )
    return Page("body/", title, html, {"index.json": json_bytes(listed)})


def _kinds(site: Site, iri: str) -> list[Thing]:
    kinds = site.facts.to(NamedNode(iri), CSP.bodyKind)
    return [Thing(site.names.label(kind.value)) for kind in kinds]


def page(site: Site, iri: str, held: Iterable[Holding] = ()) -> Page:
    """Return the page of the body `iri`; `held` are its roles in areas of the site."""
    folder, links, node = addresses.address(iri), site.facts, NamedNode(iri)
    name = site.names.label(iri)
    served = []
    for service in links.back(node, CSP.body):
        for area in links.to(service, CSP.area):
            if links.holds(service, site.day):
                shown = site.thing(area.value)
                served.append(
                    Thing(f"{shown.words} ({days(site, service.value)})", shown.folder)
                )
    roles: defaultdict[tuple[str, str], dict[str, Thing]] = defaultdict(dict)
    every = list(held)
    for one in every:
        roles[one.role, one.law][one.code] = Thing(one.area, f"area/{one.code}/")
    count = len({one.code for one in every})
    lede = (
        f"{name} holds {len({role for role, _ in roles})} roles in {count} area{'s' if count != 1 else ''} of this site."
        if every
        else f"{name} serves here; which roles it holds stands on the pages of its areas."
    )
    when = days(site, iri)
    html = site.render(
        "body.html",
        folder,
        name,
        lede=lede,
        rows=[
            ("kind", _kinds(site, iri)),
            *([("in being", [Thing(when)])] if when else []),
            *([("serves", sorted(served, key=lambda t: t.words))] if served else []),
            *rows(
                site,
                iri,
                [
                    ("succeededBy", "followed by"),
                    ("registerSource", "source of the register"),
                    ("assumption", "what the register assumes"),
                ],
            ),
            *_before(site, node),
        ],
        checks=checked(site, iri),
        roles=[
            (role, law, site.of_law(law), sorted(areas.values(), key=lambda t: t.words))
            for (role, law), areas in sorted(roles.items())
        ],
    )
    return Page(folder, name, html, _data(site, iri, every))


def _before(site: Site, node: NamedNode) -> list[tuple[str, list[Thing]]]:
    former = [site.thing(one.value) for one in site.facts.back(node, CSP.succeededBy)]
    return [("follows", former)] if former else []


def _data(site: Site, iri: str, held: Sequence[Holding]) -> dict[str, bytes]:
    listed = [one._asdict() for one in held]
    whole = {
        "body": iri,
        "name": site.names.label(iri),
        "on": site.day,
        "holds": listed,
        "receipt": site.digests,
    }
    table = sheet(Holding._fields, [list(one) for one in held])
    return {"index.json": json_bytes(whole), "index.csv": table.encode()}
