"""The pages of the site for any day: each made when it is asked for, and kept.

A page of another day stands below `/on/DAY/`, so that its links stay on that day. What
a page says is made by `site`; here is only which page an address means.
"""

from __future__ import annotations

from importlib.resources import files as package_files
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from cspgraph.days import days
from cspgraph.errors import CspgraphError, NameNotClearError
from cspgraph.questions.query_file import find, queries
from cspgraph.rdf.terms import PREFIXES
from cspgraph.render import html
from cspgraph.render.escape import html_text
from cspgraph.serve.problems import TITLES, NoSuchAddressError, problem_of
from cspgraph.serve.replies import STYLED, Served, answered, words_of
from cspgraph.serve.results import preferred
from cspgraph.site import about, area, body, changes, home, law, question, report
from cspgraph.site.addresses import INDEX, address
from cspgraph.site.context import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from starlette.requests import Request

    from cspgraph.desk import Desk, Kept
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.serve.replies import Words
    from cspgraph.site.page import Page

__all__ = ["Pages"]

_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_MAIN = '<main id="main" class="wrap" tabindex="-1">'
_KINDS = {
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "ttl": "text/turtle",
}
_NOWHERE = "no page has this address; begin at /, or at /api/openapi.json for programs"
_FIRST = """SELECT ?duty ?words WHERE {
  ?duty a csp:Duty ; csp:statement ?words .
}
ORDER BY ?duty
LIMIT 20
"""
_ASK = """
<p>Free SPARQL on the graph of an area and a day, read only, with a limit on time and
rows. The prefixes of the project are known. <a href="/question/">The questions</a> that
people ask are texts to begin with. No record is never \u201cnot done\u201d.</p>
<form method="get" action="/sparql">
<p><label for="query">SELECT, ASK, CONSTRUCT or DESCRIBE</label><br>
<textarea id="query" name="query" rows="14" cols="70" spellcheck="false" required>{}</textarea></p>
<p><label for="area">Area, name or code</label><br>
<input id="area" name="area" value="{}" required></p>
<p><label for="on">Day</label><br><input type="date" id="on" name="on" value="{}"></p>
<p><button type="submit">Ask</button></p>
</form>
<p><a href="/">All areas</a></p>
"""
_MOST_SITES = 4
#: More areas than these are not asked about for one page.
_FEW = 40


class Pages:
    """The pages at `/`, of one desk; pages of few days are held ready."""

    def __init__(self, desk: Desk, kept: Kept[Served]) -> None:
        self._desk, self._kept = desk, kept
        self._sites: dict[date, Site] = {}

    def today(self, request: Request) -> Response:
        """Return the page at this address today, or lead to that of the day `on`."""
        path = request.path_params["path"]
        return self._told(request, lambda: self._today(request, path))

    def on(self, request: Request) -> Response:
        """Return the page at this address on a day."""
        day, path = request.path_params["day"], request.path_params["path"]

        def found() -> Response:
            words_of(request).refuse_others()
            return self._page(request, self._desk.day(day), path)

        return self._told(request, found)

    def _today(self, request: Request, path: str) -> Response:
        words = words_of(request)
        words.refuse_others("on")
        on = words.one("on")
        parts = path.strip("/").split("/")
        if on is not None:
            day = self._desk.day(on).isoformat()
            return RedirectResponse(f"/on/{day}/{quote(path)}", 303)
        if parts[0] == "area" and len(parts) == 3 and _is_day(parts[2]):
            return RedirectResponse(f"/on/{parts[2]}/area/{quote(parts[1])}/", 303)
        return self._page(request, self._desk.today(), path)

    def _page(self, request: Request, day: date, path: str) -> Response:
        folder, _, name = path.rpartition("/")
        folder, name = f"{folder}/" if folder else "", name or INDEX
        first = path.partition("/")[0]
        known = first in _MANY or f"{first}/" in {*_SINGLE, "ask/", "assets/"}
        if first and not known and (folder or "." not in name):
            raise NoSuchAddressError(_NOWHERE)
        if folder == "ask/" and name == INDEX:
            return RedirectResponse(f"/ask/?on={day.isoformat()}", 303)
        if "." not in name:
            return RedirectResponse(f"{quote(request.url.path)}/", 303)
        kind = _KINDS.get(name.rpartition(".")[2])
        if kind is None:
            raise NoSuchAddressError(_NOWHERE)
        if folder == "assets/" and name != "find-data.js":
            reply = Served(_asset(name), kind)
            return answered(request, self._desk, self._kept, kind, lambda: reply)
        named = self._by_name(folder, day)
        if named:
            start = "/" if day == self._desk.today() else f"/on/{day.isoformat()}/"
            return RedirectResponse(f"{start}{named}", 303)
        wanted = "" if folder == "assets/" else folder

        def work(graph: KnowledgeGraph) -> Served:
            site = self._site(graph, day)
            page = _page_of(site, graph, wanted)
            if name == INDEX and folder == page.folder:
                policy = {"Content-Security-Policy": _POLICY}
                text = self._with_day(page, day).encode()
                return Served(text, kind, headers=policy)
            data = page.data.get(f"{folder.removeprefix(page.folder)}{name}")
            if data is None:
                raise NoSuchAddressError(_NOWHERE)
            return Served(data, kind)

        make = lambda: self._desk.near(work)  # noqa: E731 - asked for once, below
        return answered(request, self._desk, self._kept, kind, make)

    def ask(self, request: Request) -> Response:
        """Return the page on which free SPARQL is written; it works without scripts."""
        words = words_of(request)
        words.refuse_others("area", "on", "q")
        return self._told(request, lambda: self._ask(request, words))

    def _ask(self, request: Request, words: Words) -> Response:
        name, day = words.one("q"), self._desk.day(words.one("on"))
        query = find(name).body if name else _FIRST
        place = words.one("area") or ", ".join(self._desk.areas[:1])
        form = _ASK.format(html_text(query), html_text(place), day.isoformat())
        page = html.page("Ask in SPARQL", [form]).encode()
        policy = {"Content-Security-Policy": STYLED}
        reply = Served(page, "text/html", headers=policy)
        return answered(request, self._desk, self._kept, "text/html", lambda: reply)

    def _site(self, graph: KnowledgeGraph, day: date) -> Site:
        """Return the pages of `day`, which share with others what holds on all days."""
        if day not in self._sites:
            other = next(iter(self._sites.values()), None)
            self._sites[day] = other.at(day) if other else Site(graph.at(day))
            if len(self._sites) > _MOST_SITES:
                del self._sites[next(iter(self._sites))]
        return self._sites[day]

    def _by_name(self, folder: str, day: date) -> str:
        """Return the folder of the area that `folder` calls by its name; else nothing."""
        kind, _, name = folder.strip("/").partition("/")
        if kind != "area" or not name or "/" in name:
            return ""
        word = name.replace("-", " ")

        def work(graph: KnowledgeGraph) -> str:
            try:
                code = graph.area(name, on=day)[1]
            except NameNotClearError:
                code = graph.area(word, on=day)[1]
            return "" if code == name else f"area/{code}/"

        return self._desk.near(work)

    def _with_day(self, page: Page, day: date) -> str:
        """Return the page with a form for another day, and a word on own records."""
        own = self._desk.own_records
        said = (
            f"<p><strong>This server holds records of its own</strong>: {html_text(', '.join(own))}.</p>"
            if own
            else ""
        )
        asked = (
            f'<form method="get" action="/{html_text(quote(page.folder))}">'
            '<p><label for="on">This page on another day</label> '
            f'<input type="date" id="on" name="on" value="{day.isoformat()}"> '
            "<button>Show</button></p></form>"
        )
        text = page.html.replace("form-action 'none'", "form-action 'self'", 1)
        if 'id="on"' in text:  # the page has a field for the day itself
            asked = ""
        return text.replace(_MAIN, f"{_MAIN}\n{said}", 1).replace(
            "</main>", f"{asked}\n</main>", 1
        )

    def _told(self, request: Request, answer: Callable[[], Response]) -> Response:
        """Return the answer; what cannot be answered is a page for people."""
        try:
            return answer()
        except CspgraphError as error:
            named = isinstance(error, NameNotClearError)
            told = problem_of(NoSuchAddressError(str(error)) if named else error)
            accept = request.headers.get("accept", "")
            kind = preferred(accept, ["application/problem+json", "text/html"])
            if kind != "text/html":
                return told
            title = TITLES[told.status_code]
            words = [html.paragraph(f"{error}."), '<p><a href="/">All areas</a></p>']
            headers = {
                "Content-Security-Policy": STYLED,
                **{k: v for k, v in told.headers.items() if k == "retry-after"},
            }
            page = html.page(title, words)
            return Response(page, told.status_code, headers, "text/html")


def _is_day(word: str) -> bool:
    try:
        return days(word).isoformat() == word
    except ValueError:
        return False


def _asset(name: str) -> bytes:
    """Return the bytes of the asset called `name`, which must be one of those there are."""
    for one in package_files("cspgraph.site").joinpath("assets").iterdir():
        if one.name == name and one.is_file():
            return one.read_bytes()
    raise NoSuchAddressError(_NOWHERE)


#: Pages of which there is one.
_SINGLE: Mapping[str, Callable[[Site], Page]] = {
    "": home.page,
    "duty/": law.duties,
    "law/": law.index,
    "body/": body.index,
    "question/": question.index,
    "sure/": about.sure,
    "words/": about.words,
    "changes/": changes.country,
}


def _page_of(site: Site, graph: KnowledgeGraph, folder: str) -> Page:
    """Return the page in `folder`; raise `NoSuchAddressError` where there is none."""
    if folder == "report/":
        return _reports(site)
    if folder in _SINGLE:
        return _SINGLE[folder](site)
    kind, _, rest = folder.partition("/")
    rest = rest.removesuffix("/")
    make = _MANY.get(kind)
    page = make(site, graph, rest) if make and rest else None
    if page is None:
        raise NoSuchAddressError(_NOWHERE)
    return page


def _area(site: Site, graph: KnowledgeGraph, code: str) -> Page | None:
    place = site.areas.get(code)
    if place is None:
        return None
    near = graph.at(site.day).together([code])
    return area.page(site, area.answers(near, place), has_turtle=True)


def _duty(site: Site, _: KnowledgeGraph, name: str) -> Page | None:
    iri = PREFIXES["dt"] + name
    return law.duty(site, iri) if address(iri) in site.laws else None


def _body(site: Site, graph: KnowledgeGraph, name: str) -> Page | None:
    iri = PREFIXES["body"] + name
    if address(iri) not in site.bodies:
        return None
    many = graph.breadth("areas-of-body", body=iri, on=site.day)
    if many is None or many > _FEW:
        return body.page(site, iri)
    answer = graph.answer("areas-of-body", body=iri, on=site.day)
    names = [column.name for column in answer.columns]
    held = []
    for full, words in zip(answer, answer.words(), strict=True):
        row = dict(zip(names, words, strict=True))
        code = str(full["area"]).rpartition("/")[2]
        held.append(body.Holding(row["role"], row["law"], code, row["area"]))
    return body.page(site, iri, held)


def _law(site: Site, _: KnowledgeGraph, path: str) -> Page | None:
    plain, __, text = path.partition("/text-of-")
    iri = f"{PREFIXES['law']}{plain}{f'#{text}' if text else ''}"
    if f"law/{path}/" not in site.laws:
        return None
    whole = path.count("/") == 2
    return law.instrument(site, iri) if whole else law.provision(site, iri)


def _question(site: Site, graph: KnowledgeGraph, name: str) -> Page | None:
    query = queries().get(name)
    if query is None:
        return None
    given = {k: v for k, v in query.example.items() if k != "on"}
    on = query.example.get("on")
    many = graph.breadth(name, on=on, **given)
    quick = many is not None and many <= _FEW
    answer = graph.answer(name, on=on, **given) if quick else None
    return question.page(site, query, answer)


def _report(site: Site, _: KnowledgeGraph, name: str) -> Page | None:
    iri = PREFIXES["document"] + name
    return report.page(site, iri) if address(iri) in site.reports else None


def _about(site: Site, _: KnowledgeGraph, name: str) -> Page | None:
    return next((p for p in about.pages(site) if p.folder == f"about/{name}/"), None)


def _reports(site: Site) -> Page:
    iris = [PREFIXES["document"] + folder.split("/")[1] for folder in site.reports]
    made = [report.page(site, iri) for iri in sorted(iris)]
    return report.index(site, [page for page in made if page])


#: Pages of which there are many, by the first word of their folder.
_MANY: Mapping[str, Callable[[Site, KnowledgeGraph, str], Page | None]] = {
    "area": _area,
    "duty": _duty,
    "body": _body,
    "law": _law,
    "question": _question,
    "report": _report,
    "about": _about,
}
