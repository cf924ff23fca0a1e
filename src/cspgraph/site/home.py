"""The front page, with the search, and the list of areas as data."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.questions.query_file import queries
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri
from cspgraph.render.table import sheet
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.site.context import Place, Site

__all__ = ["found", "page"]

_COLUMNS = ("code", "name", "kind", "region", "page")


def page(site: Site, example: tuple[str, str, str] | None = None) -> Page:
    """Return the front page; `example` is a name, a folder and a sentence to show."""
    regions: defaultdict[str, list[Place]] = defaultdict(list)
    for place in site.areas.values():
        regions[place.region].append(place)
    shown = None
    if example:
        shown = dict(zip(("name", "folder", "sentence"), example, strict=True))
    all_areas = len(site.kg.answer("areas"))
    title = "Who must do what on community safety, in your area"
    html = site.render(
        "home.html",
        "",
        title,
        areas=site.areas,
        partial=all_areas if len(site.areas) < all_areas else 0,
        regions=sorted(regions.items()),
        questions=len(queries()),
        provisions=len(site.facts.back(CSP.Provision, RDF_TYPE)),
        example=shown,
    )
    rows = [[p.code, p.name, p.kind, p.region, p.folder] for p in site.areas.values()]
    listed = [
        {
            "area": area_iri(p.code),
            **dict(zip(_COLUMNS, row, strict=True)),
            "other": list(p.other),
        }
        for p, row in zip(site.areas.values(), rows, strict=True)
    ]
    data = {
        "areas.json": json_bytes(
            {"on": site.day, "areas": listed, "receipt": site.digests}
        ),
        "areas.csv": sheet(_COLUMNS, rows).encode(),
        "assets/find-data.js": found(site).encode(),
    }
    return Page("", title, html, data)


def found(site: Site) -> str:
    """Return what the search looks through: names, where they lead, and other names."""
    listed = [[*entry] for entry in _entries(site)]
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.cspgraphFind={text};\n"


def _entries(site: Site) -> Iterator[tuple[str, ...]]:
    for place in site.areas.values():
        other = "|".join(filter(None, [place.welsh, *place.other]))
        yield place.name, place.folder, f"{place.kind}, {place.region}", other
    for folder in sorted(site.bodies):
        name = site.names.label(PREFIXES["body"] + folder.split("/")[1])
        yield name, folder, "body"
    for thing in site.facts.back(CSP.Instrument, RDF_TYPE):
        folder = site.folder(thing.value)
        cited = site.facts.text(thing, CSP.citation)
        if folder:
            yield site.names.label(thing.value), folder, "law", cited
    for thing in site.facts.back(CSP.DutyTemplate, RDF_TYPE):
        law = ", ".join(
            site.facts.text(NamedNode(p.value), CSP.citation)
            for p in site.facts.to(thing, CSP.provision)
        )
        yield site.names.label(thing.value), site.folder(thing.value), f"duty, {law}"
