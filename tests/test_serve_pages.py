"""The server shows the pages of the site for any day, and leads nowhere that is not there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest

import serving
from cspgraph.desk import Desk
from cspgraph.serve.app import application
from cspgraph.site import area
from cspgraph.site.context import Site
from serving import refused

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DORSET = "/area/E06000059/"
KINDS = [
    *("/", DORSET, "/duty/", "/duty/si07-revise-partnership-plan.england/", "/law/"),
    *("/law/ukpga/1998/37/", "/law/ukpga/1998/37/section/6/1/c/", "/body/"),
    *("/body/dorset-council/", "/question/", "/question/who-must-adopt/"),
    *("/report/dorset-2024-07-23/", "/changes/", "/words/", "/about/privacy/"),
    *("/about/accessibility/", "/about/wrong-fact/", "/ask/", "/check"),
]


@pytest.fixture(scope="module")
def web() -> TestClient:
    return serving.logged()[0]


class _Links(HTMLParser):
    """Gathers where a page leads, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found += [v for k, v in attrs if k in ("href", "src") and v]


def test_a_page_is_that_of_the_site(web: TestClient) -> None:
    """Word for word, but for the field of another day."""
    desk = serving.desk()
    graph = desk._graph.at("2024-07-23")
    near = graph.together(["E06000059"])
    site = Site(graph)
    made = area.page(site, area.answers(near, site.areas["E06000059"]), has_turtle=True)
    got = web.get(f"/on/2024-07-23{DORSET}", headers=HTML)
    assert got.status_code == 200
    start, end = made.html.index("<h1"), made.html.index("</main>")
    assert made.html[start:end].strip() in got.text
    twin = web.get(f"/on/2024-07-23{DORSET}index.json")
    assert twin.content == made.data["index.json"]


@pytest.mark.parametrize("path", KINDS)
def test_every_link_of_a_page_leads_somewhere(web: TestClient, path: str) -> None:
    got = web.get(path, headers=HTML)
    assert got.status_code == 200, got.text
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
    links = _Links()
    links.feed(got.text)
    inside = dict.fromkeys(
        urljoin(path, link).partition("#")[0]
        for link in links.found
        if not urlsplit(link).scheme
    )
    loaded = [one for one in inside if one.endswith((".css", ".js", ".svg", ".json"))]
    for one in [*loaded, *[o for o in inside if o not in loaded][:6]]:
        assert web.get(one).status_code == 200, one


def test_another_day_keeps_its_day_in_every_link(web: TestClient) -> None:
    led = web.get(DORSET, params={"on": "2022-07-01"}, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (
        303,
        f"/on/2022-07-01{DORSET}",
    )
    page = web.get(f"/on/2022-07-01{DORSET}")
    assert "1 July 2022" in page.text
    links = _Links()
    links.feed(page.text)
    here = f"/on/2022-07-01{DORSET}"
    led_to = [urljoin(here, x) for x in links.found if not urlsplit(x).scheme]
    assert len(led_to) > 20
    assert all(one.startswith("/on/2022-07-01/") for one in led_to)
    ask = next(one for one in led_to if "/ask/" in one)
    form = web.get(ask)
    assert (form.status_code, 'value="2022-07-01"' in form.text) == (200, True)
    dated = web.get(f"{DORSET}2022-07-01/", follow_redirects=False)
    assert dated.headers["location"] == here


def test_a_name_leads_to_the_code(web: TestClient) -> None:
    for name in ("dorset", "Dorset"):
        got = web.get(f"/area/{name}/", follow_redirects=False)
        assert (got.status_code, got.headers["location"]) == (303, DORSET)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/area/nowhere/", 404, "is not known"),
        ("/area/dorsett/", 404, "did you mean"),
        ("/area/E99999999/", 404, "is not known"),
        ("/area/E06000059/index.exe", 404, "no page"),
        ("/area/E06000059/none.json", 404, "no page"),
        ("/duty/none/", 404, "no page"),
        ("/law/ukpga/1066/1/", 404, "no page"),
        ("/body/none/", 404, "no page"),
        ("/question/none/", 404, "no page"),
        ("/report/none/", 404, "no page"),
        ("/about/none/", 404, "no page"),
        ("/assets/none.css", 404, "no page"),
        ("/none", 404, "no page"),
        ("/on/2024-02-30/", 400, "on: &#x27;2024-02-30"),
        ("/on/1066-10-14/", 400, "30 September 1998"),
        ("/on/2199-01-01/area/E06000059/", 400, "2 years ahead"),
        ("/?on=never", 400, "on: "),
        ("/?colour=red", 400, "colour: "),
        ("/ask/?q=none", 404, "no question is called"),
    ],
)
def test_what_is_not_there_is_a_page_that_says_what_fits(
    web: TestClient, path: str, status: int, words: str
) -> None:
    got = web.get(path, headers=HTML)
    assert got.status_code == status
    assert got.headers["content-type"].startswith("text/html")
    assert words in got.text
    assert '<a href="/">' in got.text
    refused(web.get(path), status)


def test_own_records_are_told_of_on_every_page(tmp_path: Path) -> None:
    own = tmp_path / "our <records>.ttl"
    own.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    desk = Desk([own], ["E06000059"], sparql="off")
    web = serving.client(application(desk, test=False))
    for path in ("/", "/law/ukpga/1998/37/"):
        got = web.get(path)
        said = "This server holds records of its own</strong>: our &lt;records&gt;.ttl."
        assert said in got.text
        assert str(tmp_path) not in got.text
        assert got.headers["cache-control"] == "private, no-cache"


def test_the_form_of_sparql_gives_a_page(web: TestClient) -> None:
    page = web.get("/ask/", params={"q": "who-must-adopt", "area": "Dorset"})
    assert "VALUES ?area { UNDEF }" in page.text
    assert 'value="Dorset"' in page.text
    assert not re.search("<script", page.text)
    given = {"query": "SELECT ?x { BIND ('<b>' AS ?x) }", "area": "Dorset"}
    got = web.get("/sparql", params=given, headers=HTML)
    assert got.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;" in got.text
    assert "<b>" not in got.text
