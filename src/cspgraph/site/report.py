"""The pages of reports that are held against the law, statement by statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import ParameterError
from cspgraph.rdf.terms import CSP, PREFIXES
from cspgraph.receipt import warning
from cspgraph.site.context import Thing
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.claims import Comparison
    from cspgraph.site.context import Site

__all__ = ["index", "page", "pages"]


def pages(site: Site) -> Iterator[Page]:
    """Yield the list of the reports and the page of each."""
    made = []
    for folder in sorted(site.reports):
        found = page(site, PREFIXES["document"] + folder.split("/")[1])
        if found:
            made.append(found)
    yield index(site, made)
    yield from made


def index(site: Site, made: Sequence[Page]) -> Page:
    """Return the list of the reports."""
    title = "Reports held against the law"
    html = site.render(
        "list.html",
        "report/",
        title,
        lede="What reports say of the law, and what the law of their day said. A verdict is about the words, not about a body.",
        groups=[("Reports", [Thing(one.title, one.folder) for one in made])],
        data=[("index.json", "JSON")],
    )
    listed = [{"report": one.folder, "title": one.title} for one in made]
    return Page("report/", title, html, {"index.json": json_bytes(listed)})


def page(site: Site, iri: str) -> Page | None:
    """Return the page of a report; none where its day is not known."""
    try:
        found = site.kg.claims(iri, on=None)
    except ParameterError:
        return None
    folder = f"report/{iri.rpartition('/')[2]}/"
    title = site.names.label(iri)
    html = site.render(
        "report.html",
        folder,
        title,
        found=found,
        warning=warning(found.known),
        statements=_statements(site, found),
        groups=[
            (v, [s for s in found.statements if s.verdict == v]) for v in found.counts
        ],
        unmentioned=[
            (Thing(one.law, site.of_law(one.law, one.law_url)), one)
            for one in found.unmentioned
        ],
        source=[
            Thing(page.value, url=page.value)
            for page in site.facts.to(NamedNode(iri), CSP.page)
        ],
    )
    data = {
        "index.json": found.to_json().encode(),
        "index.csv": found.to_csv().encode(),
    }
    return Page(folder, title, html, data)


def _statements(
    site: Site, found: Comparison
) -> dict[str, list[tuple[Thing, str, str]]]:
    """Return the findings of each statement: its law, the verdict and why."""
    return {
        one.claim: [
            (Thing(law, site.of_law(law, url)), verdict, why)
            for verdict, why, law, url in one.rows()
        ]
        for one in found.statements
    }
