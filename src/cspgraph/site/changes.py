"""The pages of what changed: in the law, day by day, and in one area."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from cspgraph.explain.changes import brief
from cspgraph.questions.saved import saved
from cspgraph.rdf.terms import CSP
from cspgraph.receipt import day_in_words, warning
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from cspgraph.questions.answer import Answer
    from cspgraph.site.context import Place, Site

__all__ = ["FIRST", "country", "of_area"]

#: The day on which the partnerships of the 1998 Act began.
FIRST = date(1998, 9, 30)


def country(site: Site) -> Page:
    """Return what began and ended by law, newest first, and the law that is to come."""
    answer = site.kg.answer("law-changes", **{"from": FIRST, "to": site.day})
    coming = site.kg.answer("prospective-law")
    days: defaultdict[str, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
    names = [column.name for column in answer.columns]
    for words, full in zip(answer.words(), answer, strict=True):
        row = dict(zip(names, words, strict=True))
        key = (row["change"], row["what"], row["law"])
        one = days[row["day"]].setdefault(
            key,
            {
                **row,
                "said": _said(site, str(full["what"]), row["change"]),
                "where": [],
                "thing": site.thing(str(full["what"]), row["what"]),
                "of": site.of_law(row["law"]),
            },
        )
        one["where"].append(row["country"])
    told = [
        (day_in_words(day), day, list(rows.values()))
        for day, rows in sorted(days.items(), reverse=True)
    ]
    future = [
        dict(zip([c.name for c in coming.columns], row, strict=True))
        for row in coming.words()
    ]
    title = "What changed in the law"
    html = site.render(
        "changes.html",
        "changes/",
        title,
        days=told,
        coming=future,
        sentence=coming.sentence(),
        lede=f"{len(answer)} beginnings and ends of roles and duties since {day_in_words(FIRST.isoformat())}, on {len(told)} days.",
        warning=warning(answer.receipt),
    )
    data = {
        "index.json": json_bytes(
            {
                "changes": [dict(row) for row in answer],
                "coming": [dict(row) for row in coming],
                "labels": answer.labels,
                "receipt": site.digests,
            }
        ),
        "index.csv": saved(answer, ".csv"),
    }
    return Page("changes/", title, html, data)


def _said(site: Site, thing: str, change: str) -> str:
    """Return the change in a word; a day by which something began is not its first."""
    by = site.facts.text(NamedNode(thing), CSP.beginsBy)
    return (
        "in force by then, its first day not known"
        if by and change == "began"
        else change
    )


def of_area(site: Site, place: Place, changed: Answer, since: date) -> Page:
    """Return what changed in an area since a day, from `KnowledgeGraph.what_changed`."""
    folder = f"{place.folder}changes/"
    titles, rows = brief(changed)
    title = f"{place.name}: what changed since {day_in_words(since.isoformat())}"
    html = site.render(
        "area-changes.html",
        folder,
        title,
        place=place,
        sentence=f"{len(rows)} changes in {place.name} after {day_in_words(since.isoformat())} and up to {day_in_words(site.day.isoformat())}.",
        titles=titles,
        rows=rows,
        warning=warning(changed.receipt),
        silence=" ".join(changed.silence),
    )
    data = {
        end: saved(changed, f".{end.rpartition('.')[2]}")
        for end in ("index.json", "index.csv")
    }
    return Page(folder, title, html, data)
