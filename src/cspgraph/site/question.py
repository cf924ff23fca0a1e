"""The pages of questions: what each asks, takes and gives, its text, and an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cspgraph.questions.query_file import queries
from cspgraph.questions.saved import saved
from cspgraph.questions.usage import command
from cspgraph.rdf import packaged
from cspgraph.receipt import warning
from cspgraph.site.context import Thing
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.query_file import Query
    from cspgraph.site.context import Site

__all__ = ["index", "page", "pages"]

#: Rows of an example that are shown; the data beside it has all.
MOST = 12


def pages(site: Site, *, country: bool) -> Iterator[Page]:
    """Yield the list of the questions and the page of each, with its example answered.

    Without `country`, an example about England and Wales as a whole is left out and the
    page says so.
    """
    asked = queries()
    yield index(site)
    for query in asked.values():
        near = {"area", "body", "document", "partnership"} & query.example.keys()
        quick = near or query.graph in ("law", "record", "register", "all dates")
        answer = _example(site, query) if country or quick else None
        yield page(site, query, answer)


def _example(site: Site, query: Query) -> Answer:
    given = dict(query.example)
    day = given.pop("on", None)
    return site.kg.answer(query.name, on=day, **given)


def index(site: Site) -> Page:
    """Return the list of the questions, by what they are about."""
    groups: dict[str, list[Thing]] = {}
    for query in queries().values():
        about = query.about or "duties"
        groups.setdefault(about, []).append(
            Thing(query.question, f"question/{query.name}/")
        )
    title = "Questions that people ask"
    html = site.render(
        "list.html",
        "question/",
        title,
        lede=f"{len(queries())} questions, each a SPARQL text that runs as it stands, with an example and its answer.",
        groups=sorted(groups.items()),
        data=[("index.json", "JSON")],
    )
    listed = [{"name": q.name, "question": q.question} for q in queries().values()]
    return Page("question/", title, html, {"index.json": json_bytes(listed)})


def page(site: Site, query: Query, answer: Answer | None) -> Page:
    """Return the page of one question, with the answer to its example if there is one."""
    folder = f"question/{query.name}/"
    text = packaged.find("queries").joinpath(f"{query.name}.rq").read_text("utf-8")
    data = {f"{query.name}.rq": text.encode()}
    if answer is not None:
        data |= {f"example{end}": saved(answer, end) for end in (".json", ".csv")}
    html = site.render(
        "question.html",
        folder,
        query.question,
        query=query,
        text=text,
        command=command(query),
        answer=answer,
        warning=warning(answer.receipt) if answer else "",
        sentence=answer.sentence() if answer else "",
        rows=answer.words()[:MOST] if answer else [],
        most=MOST,
    )
    return Page(folder, query.question, html, data)
