"""The pages about the site itself: words, how sure it is, accessibility, privacy, mistakes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cspgraph.questions.saved import saved
from cspgraph.rdf.terms import BASE
from cspgraph.site import addresses
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cspgraph.site.context import Place, Site

__all__ = ["not_found", "pages", "sure", "words"]

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def pages(site: Site, contact: str = "") -> Iterator[Page]:
    """Yield the pages that every site has; `contact` is where a mistake is told."""
    yield words(site)
    for name, title in (
        ("accessibility", "Accessibility statement"),
        ("privacy", "Privacy"),
        ("wrong-fact", "Report a wrong fact"),
    ):
        folder = f"about/{name}/"
        html = site.render(f"{name}.html", folder, title, contact=contact)
        yield Page(folder, title, html)


def not_found(site: Site) -> Page:
    """Return the page that a host gives for an address that is not there."""
    html = site.render("404.html", "", "Page not found", base=site.base)
    return Page("", "Page not found", html, name="404.html")


def words(site: Site) -> Page:
    """Return the terms with their meanings, by list; each has a place to be linked to."""
    answer = site.kg.answer("terms")
    groups: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    names = [column.name for column in answer.columns]
    for row, full in zip(answer.words(), answer, strict=True):
        one = dict(zip(names, row, strict=True))
        iri = str(full["term"])
        place = addresses.word(iri)
        if one["definition"]:
            fallback = (
                f"term-{iri.removeprefix(BASE).replace('/', '-').replace('#', '-')}"
            )
            one["place"] = place or fallback
            groups[one["list"] or "terms of the model"].setdefault(iri, one)
    ordered = [
        (name, sorted(found.values(), key=lambda o: o["term"].lower()))
        for name, found in sorted(groups.items())
    ]
    title = "Words"
    html = site.render(
        "words.html",
        "words/",
        title,
        lede=f"{sum(len(found) for _, found in ordered)} words of these pages and what they mean.",
        groups=_apart(ordered),
    )
    data = {
        "index.json": json_bytes(
            {"terms": [dict(row) for row in answer], "labels": answer.labels}
        ),
        "index.csv": saved(answer, ".csv"),
    }
    return Page("words/", title, html, data)


def _apart(
    groups: list[tuple[str, list[dict[str, str]]]],
) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the groups with each place given once: a term may stand in two lists."""
    seen: set[str] = set()
    for _, found in groups:
        for one in found:
            if one["place"] in seen:
                one["place"] = ""
            seen.add(one["place"])
    return groups


def sure(site: Site, stand: Mapping[str, Mapping[str, Place]] | None = None) -> Page:
    """Return how the law was checked, what is not in, and in which areas anybody looked.

    `stand` has the areas of the site by what is on record in them.
    """
    title = "How sure this is"
    html = site.render(
        "sure.html",
        "sure/",
        title,
        stand=[(words, [*places.values()]) for words, places in (stand or {}).items()],
        parts=list(_parts(site.kg.coverage())),
    )
    whole = {
        "on": site.day,
        "reach": {
            key: site.receipt.get(key)
            for key in ("law_read", "register_made", "records_seen")
        },
        "areas": {
            words: [place.code for place in places.values()]
            for words, places in (stand or {}).items()
        },
        "receipt": site.digests,
    }
    return Page("sure/", title, html, {"index.json": json_bytes(whole)})


def _parts(markdown: str) -> Iterator[tuple[str, object]]:
    r"""Yield the parts of the page on coverage: headings, paragraphs, tables, lists.

    >>> list(_parts("# A\n\nWords.\n\n| a |\n| --- |\n| 1 |\n"))[1:]
    [('p', 'Words.'), ('table', (['a'], [['1']]))]
    """
    for block in re.split(r"\n\s*\n", markdown.strip()):
        lines = block.splitlines()
        if block.startswith("#"):
            marks, _, text = block.partition(" ")
            yield f"h{len(marks)}", text
        elif block.startswith("|"):
            cells = [_cells(line) for line in lines]
            yield "table", (cells[0], cells[2:])
        elif block.startswith(("* ", "- ")):
            yield "list", [_plain(line[2:]) for line in lines]
        else:
            yield "p", _plain(" ".join(lines))


def _cells(line: str) -> list[str]:
    return [
        _plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))
    ]


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", text).replace("**", "").replace("`", "").replace("\\", "")
