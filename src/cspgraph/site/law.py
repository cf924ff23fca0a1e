"""The pages of law: instruments, provisions down to the paragraph, and duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.explain.provision import stood
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from cspgraph.site import addresses
from cspgraph.site.area import STANDINGS
from cspgraph.site.context import Thing
from cspgraph.site.page import Page, json_bytes
from cspgraph.site.things import Row, checked, days, in_order, rows, things

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cspgraph.site.context import Place, Site

__all__ = ["duties", "duty", "index", "instrument", "pages", "provision"]

_HISTORY = (
    ("madeUnder", "made under"),
    ("insertedBy", "inserted by"),
    ("inPlaceOf", "in place of"),
    ("substitutedBy", "replaced by"),
    ("amendedBy", "amended by"),
    ("commencedBy", "brought into force by"),
    ("repealedBy", "ended by"),
)
_DUTY = (
    ("bearerRole", "who is bound"),
    ("manner", "how they are bound"),
    ("organ", "organ that decides"),
    ("basis", "on what ground"),
    ("governance", "form of governance"),
    ("action", "what is to be done"),
    ("product", "about which document or outcome"),
    ("bearsOn", "bears on"),
    ("deadline", "by when"),
    ("cycle", "how often"),
    ("condition", "condition"),
    ("counterpartRole", "together with, or towards"),
    ("areaKind", "in which kinds of area"),
    ("extent", "in which countries"),
    ("subject", "subject"),
    ("shownBy", "what kind of record shows it"),
    ("supportingProvision", "law beside it"),
)
_KINDS = {
    "ukpga": "Acts of Parliament",
    "uksi": "Statutory instruments",
    "wsi": "Welsh statutory instruments",
    "anaw": "Acts of the National Assembly for Wales",
    "asc": "Acts of Senedd Cymru",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the pages of all law held: the list, instruments, provisions."""
    yield index(site)
    for thing in site.facts.back(CSP.Instrument, RDF_TYPE):
        if addresses.address(thing.value):
            yield instrument(site, thing.value)
    for thing in site.facts.back(CSP.Provision, RDF_TYPE):
        yield provision(site, thing.value)


def _cited(site: Site, iri: str) -> str:
    return site.facts.text(NamedNode(iri), CSP.citation) or site.names.label(iri)


def index(site: Site) -> Page:
    """Return the list of the instruments."""
    groups: dict[str, list[Thing]] = {}
    listed = []
    for thing in site.facts.back(CSP.Instrument, RDF_TYPE):
        folder = site.folder(thing.value)
        count = len(_provisions(site, thing))
        cited, label = _cited(site, thing.value), site.names.label(thing.value)
        words = label if label == cited else f"{label} ({cited})"
        kind = folder.split("/")[1] if folder else ""
        name = _KINDS.get(kind, "Other")
        groups.setdefault(name, []).append(
            Thing(f"{words}: {count} provisions" if count else words, folder)
        )
        listed.append({"law": thing.value, "label": label, "provisions": count})
    for found in groups.values():
        found.sort(key=lambda t: in_order(t.words))
    order = sorted(groups, key=lambda n: [*_KINDS.values(), "Other"].index(n))
    title = "Law that is held"
    html = site.render(
        "list.html",
        "law/",
        title,
        lede=f"{len(listed)} instruments, with a page for each provision that is held. A provision that is not held is not “no law”: it was not taken in.",
        groups=[(name, groups[name]) for name in order],
        data=[("index.json", "JSON")],
    )
    return Page("law/", title, html, {"index.json": json_bytes(listed)})


def _provisions(site: Site, law: NamedNode) -> list[NamedNode]:
    return [
        one
        for one in site.facts.back(law, CSP.instrument)
        if CSP.Provision in site.facts.to(one, RDF_TYPE)
    ]


def instrument(site: Site, iri: str) -> Page:
    """Return the page of an Act or instrument, with its provisions as a tree."""
    folder = addresses.address(iri)
    node, label, cited = NamedNode(iri), site.names.label(iri), _cited(site, iri)
    held = _provisions(site, node)
    count = len(held)
    lede = (
        f"{count} of its provisions {'is' if count == 1 else 'are'} held here. What is not held was not taken in."
        if count
        else "No provision of it is held here; it is named as law that changes or brings in other law."
    )
    head = [("cited as", [Thing(cited)]), ("read it", [_outside(iri, site)])]
    shown = rows(site, iri, [("extent", "extent"), ("force", "kind"), *_HISTORY])
    title = label
    html = site.render(
        "law.html",
        folder,
        title,
        steps=[("Law", "law/")],
        caption="Law",
        lede=lede,
        quotation="",
        rows=[*head, *_in_force(site, iri), *shown],
        checks=checked(site, iri),
        sections=[
            ("Provisions", _tree(site, held)),
            ("What it inserted, changed or brought into force", _did(site, node)),
        ],
    )
    return Page(folder, title, html, _data(site, iri))


def _outside(iri: str, site: Site) -> Thing:
    return Thing(f"on legislation.gov.uk, as at {site.day}", url=stood(iri, site.day))


def _in_force(site: Site, iri: str) -> list[Row]:
    """Return on which days a provision is in force, country by country where they differ."""
    links, node = site.facts, NamedNode(iri)
    periods = [
        Thing(
            f"in {', '.join(site.names.label(c.value) for c in links.to(period, CSP.country))} {days(site, period.value)}"
        )
        for period in links.to(node, CSP.inForce)
    ]
    own = days(site, iri)
    told = periods or ([Thing(own)] if own else [])
    return [("in force", told)] if told else []


def _did(site: Site, node: NamedNode) -> list[Thing]:
    back = {
        thing
        for term, _ in _HISTORY[1:]
        for thing in site.facts.back(node, getattr(CSP, term))
        if addresses.address(thing.value)
    }
    return things(site, back)


def _tree(site: Site, held: list[NamedNode]) -> list[Thing]:
    return things(site, held)


def provision(site: Site, iri: str) -> Page:
    """Return the page of a provision: what it says, its days, and what rests on it."""
    folder, links, node = addresses.address(iri), site.facts, NamedNode(iri)
    cited, label = _cited(site, iri), site.names.label(iri)
    around = [*links.to(node, CSP.instrument)[:1], *reversed(_above(site, node))]
    steps = [(_cited(site, one.value), site.folder(one.value)) for one in around]
    quotation = links.text(node, CSP.quotation)
    start, until = links.days(node)
    day, when = site.day, days(site, iri)
    if until and until <= day:
        now = f"It is no longer in force: {when}."
    elif start and start > day:
        now = f"It is not in force on {day:%-d %B %Y}: {when}."
    elif when:
        now = f"It is in force {when}."
    else:
        now = "On which days it is in force is not held here for the whole of it."
    text = iri.partition("#")[2]
    earlier = f" This is the text that began in {text}." if text else ""
    others = [
        other
        for other in sorted(site.by_iri(iri.partition("#")[0]), key=str)
        if other.value != iri
    ]
    title = f"{cited}: {label}" if label != cited else cited
    duty_templates = {
        one
        for term in (CSP.provision, CSP.supportingProvision)
        for one in links.back(node, term)
        if CSP.DutyTemplate in links.to(one, RDF_TYPE)
    }
    roles = [
        one
        for one in links.back(node, CSP.provision)
        if CSP.RoleTemplate in links.to(one, RDF_TYPE)
    ]
    html = site.render(
        "law.html",
        folder,
        title,
        steps=[("Law", "law/"), *(step for step in steps if step[1])],
        caption="Law",
        lede=f"{now}{earlier}",
        quotation=quotation,
        rows=[
            ("cited as", [Thing(cited)]),
            ("read it", [_outside(iri, site)]),
            *_in_force(site, iri),
            *rows(site, iri, [("extent", "extent"), ("partOf", "part of"), *_HISTORY]),
        ],
        checks=checked(site, iri),
        sections=[
            ("Parts of it that are held", things(site, links.back(node, CSP.partOf))),
            ("Other texts under the same number", things(site, others)),
            ("Duties that rest on it", _duties(site, duty_templates)),
            (
                "Roles that it gives",
                [_role(site, one) for one in roles],
            ),
            (
                "What it inserted, changed or brought into force",
                _did(site, node),
            ),
        ],
    )
    return Page(folder, title, html, _data(site, iri))


def _role(site: Site, one: NamedNode) -> Thing:
    said = site.names.label(one.value)
    when = days(site, one.value)
    return Thing(f"{said} ({when})" if when else said)


def _duties(site: Site, nodes: set[NamedNode]) -> list[Thing]:
    return sorted(
        (Thing(_with_law(site, one), site.folder(one.value)) for one in nodes),
        key=lambda t: in_order(t.words),
    )


def _statement(site: Site, one: NamedNode) -> str:
    said = site.facts.text(one, CSP.statement) or site.names.label(one.value)
    return said[:1].upper() + said[1:]


def _with_law(site: Site, one: NamedNode) -> str:
    """Return a duty in words, with its law and its countries where it has not all."""
    law = ", ".join(_cited(site, p.value) for p in site.facts.to(one, CSP.provision))
    where = [site.names.label(c.value) for c in site.facts.to(one, CSP.extent)]
    place = f", {where[0]}" if len(where) == 1 else ""
    end = site.facts.days(one)[1]
    over = ", ended" if end and end <= site.day else ""
    return f"{_statement(site, one)} ({law}{place}{over})"


def _above(site: Site, node: NamedNode) -> list[NamedNode]:
    """Return the provisions that `node` is part of, the nearest first."""
    found: list[NamedNode] = []
    while above := site.facts.to(node, CSP.partOf)[:1]:
        node = above[0]
        if node in found or CSP.Provision not in site.facts.to(node, RDF_TYPE):
            break
        found.append(node)
    return found


def duties(site: Site) -> Page:
    """Return the list of the duties, by subject."""
    groups: dict[str, list[Thing]] = {}
    listed = []
    for one in site.facts.back(CSP.DutyTemplate, RDF_TYPE):
        subject = (site.facts.to(one, CSP.subject) or [one])[0]
        words = _with_law(site, one)
        name = site.names.label(subject.value)
        groups.setdefault(name, []).append(Thing(words, site.folder(one.value)))
        listed.append({"duty": one.value, "statement": words})
    for found in groups.values():
        found.sort(key=lambda t: t.words)
    title = "Duties, by subject"
    html = site.render(
        "list.html",
        "duty/",
        title,
        lede=f"{len(listed)} rules that ask something of the bodies of an area, now or in the past.",
        groups=sorted(groups.items()),
        data=[("index.json", "JSON")],
    )
    return Page("duty/", title, html, {"index.json": json_bytes(listed)})


def duty(
    site: Site, iri: str, stand: Mapping[str, Mapping[str, Place]] | None = None
) -> Page:
    """Return the page of a duty: who is bound to do what, by which law, by when.

    `stand` has, for each way in which it stands, the areas of the site where it does.
    """
    folder, links, node = addresses.address(iri), site.facts, NamedNode(iri)
    statement = _statement(site, node)
    laws = things(site, links.to(node, CSP.provision))
    modal = " or ".join(site.names.label(m.value) for m in links.to(node, CSP.modality))
    who = ", ".join(site.names.label(r.value) for r in links.to(node, CSP.bearerRole))
    asked = f"{statement}."
    if who and modal:
        asked = f"{who} {modal} {statement[:1].lower()}{statement[1:]}."
    when = days(site, iri)
    counts = [
        (words, mark, [*stand[key].values()])
        for key, words, mark, _ in STANDINGS
        if stand and stand.get(key)
    ]
    title = site.names.label(iri)
    html = site.render(
        "duty.html",
        folder,
        title,
        steps=[("Duties", "duty/")],
        lede=asked[:1].upper() + asked[1:],
        rows=[
            ("law", laws),
            *([("in force", [Thing(when)])] if when else []),
            *rows(site, iri, _DUTY),
        ],
        checks=checked(site, iri),
        counts=counts,
    )
    return Page(folder, title, html, _data(site, iri))


def _data(site: Site, iri: str) -> dict[str, bytes]:
    """Return what the files say of a thing, as Turtle and as JSON."""
    from pyoxigraph import Literal, RdfFormat, Triple, serialize

    quads = site.facts.store.quads_for_pattern(NamedNode(iri), None, None, None)
    said = sorted({Triple(q.subject, q.predicate, q.object) for q in quads}, key=str)
    known = {
        name: start
        for name, start in PREFIXES.items()
        if name in ("csp", "gss", "kind", "law", "rdfs", "skos", "xsd")
    }
    turtle = serialize(said, format=RdfFormat.TURTLE, prefixes=known) or b""
    told: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for one in said:
        value = one.object
        told.setdefault(one.predicate.value, []).append(
            getattr(value, "value", str(value))
        )
        if not isinstance(value, Literal):
            names[str(getattr(value, "value", value))] = site.names.label(
                str(getattr(value, "value", value))
            )
    whole = {"thing": iri, "says": told, "labels": names, "receipt": dict(site.digests)}
    return {"index.ttl": turtle, "index.json": json_bytes(whole)}
