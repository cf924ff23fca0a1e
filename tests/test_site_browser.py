"""A site in a real browser: accessible, narrow, by keyboard, without scripts, as readers use it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import public
from cspgraph.rdf.engines import Oxigraph
from cspgraph.site import ask
from cspgraph.site.context import Site
from public import ASHFORD, DAY, DORSET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from cspgraph.graph import KnowledgeGraph

#: A page of each kind.
PAGES = {
    "home": "",
    "area": f"area/{DORSET}/",
    "two-tier area": f"area/{ASHFORD}/",
    "duties": "duty/",
    "duty": "duty/si07-revise-partnership-plan.england/",
    "law": "law/",
    "instrument": "law/ukpga/1998/37/",
    "provision": "law/ukpga/1998/37/section/6/1/c/",
    "body": "body/dorset-council/",
    "question": "question/who-must-adopt/",
    "report": "report/dorset-2024-07-23/",
    "changes": "changes/",
    "sure": "sure/",
    "words": "words/",
    "ask": "ask/",
    "accessibility": "about/accessibility/",
    "wrong fact": "about/wrong-fact/",
}
WIDTHS = (320, 360, 1280)
#: Words over two lines, outside of codes and addresses, which may be broken anywhere.
BROKEN = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const about = node.parentElement;
    if (!about || about.closest("code, pre, .url, script, noscript, select, textarea, .skip")) continue;
    if (!about.checkVisibility()) continue;
    for (const match of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const tops = new Set([...range.getClientRects()].map((r) => Math.round(r.top)));
      if (tops.size > 1) found.push(match[0]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def folder(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("site") / "public"
    public.made(kg, made, engine=True)
    return made


@contextmanager
def opened(
    browser: Browser, address: str, width: int = 1280, **more: Any
) -> Iterator[Page]:
    """Open a page on a screen of a width; nothing may be asked of another site."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        bypass_csp=more.pop("axe", False),
        **more,
    )
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    start = address.partition("/public/")[0] if "/public/" in address else address[:22]
    assert [one for one in asked if not one.startswith((start, "blob:"))] == []
    context.close()


def at(folder: Path, page: str) -> str:
    return (folder / page / "index.html").as_uri()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, folder: Path, name: str) -> None:
    """At two widths, light and dark, before and after all parts are opened."""
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            more = {"axe": True, "color_scheme": scheme}
            with opened(browser, at(folder, PAGES[name]), width, **more) as page:
                for step in ("before", "after"):
                    found = Axe().run(page)
                    assert found.response["passes"]
                    where = f"{name}, {width}, {scheme}, {step} use"
                    said = f"{where}: {found.generate_report()}"
                    assert found.violations_count == 0, said
                    _open_all(page)


def _open_all(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true })"
    )


@pytest.mark.parametrize("name", PAGES)
def test_no_word_is_broken_and_no_page_is_too_wide(
    browser: Browser, folder: Path, name: str
) -> None:
    for width in WIDTHS:
        with opened(browser, at(folder, PAGES[name]), width) as page:
            _open_all(page)
            assert page.evaluate(BROKEN) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_broken_word_would_be_found(browser: Browser, folder: Path) -> None:
    with opened(browser, at(folder, ""), 320, axe=True) as page:
        page.evaluate(
            "document.querySelector('h1').style.cssText = 'width:3rem;overflow-wrap:anywhere'"
        )
        assert page.evaluate(BROKEN)


@pytest.mark.parametrize("name", ["area", "two-tier area", "provision", "report"])
def test_reads_the_same_without_scripts(
    browser: Browser, folder: Path, name: str
) -> None:
    with opened(browser, at(folder, PAGES[name])) as page:
        with_scripts = page.inner_text("main")
    with opened(browser, at(folder, PAGES[name]), java_script_enabled=False) as page:
        assert page.inner_text("main") == with_scripts
        assert len(with_scripts) > 500


def test_every_area_is_reached_without_scripts(browser: Browser, folder: Path) -> None:
    with opened(browser, at(folder, ""), java_script_enabled=False) as page:
        assert not page.is_visible("#q")
        page.get_by_role("link", name="Ashford", exact=True).first.click()
        assert page.inner_text("h1") == "Ashford"


def test_an_area_is_found_by_keyboard_alone(browser: Browser, folder: Path) -> None:
    with opened(browser, at(folder, "")) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == (
            "Skip to the content"
        )
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("wéym")
        assert page.inner_text("#n") == "1 found."
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/index.html")
        assert page.inner_text("h1") == "Dorset"


# The five readers: each starts from the home page and finds who decides, by when, what
# is not on record, and how sure that is.


def _sought(page: Page, words: str, name: str) -> None:
    page.fill("#q", words)
    page.locator("#hits").get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def _answers(kg: KnowledgeGraph, code: str) -> dict[str, list[dict[str, str]]]:
    found = {}
    for name in ("who-must-adopt", "plan-dates", "standing"):
        answer = kg.at(DAY).answer(name, area=code)
        names = [column.name for column in answer.columns]
        found[name] = [dict(zip(names, row, strict=True)) for row in answer.words()]
    return found


def test_an_officer_who_writes_a_report(
    browser: Browser, folder: Path, kg: KnowledgeGraph
) -> None:
    told = _answers(kg, ASHFORD)
    with opened(browser, at(folder, "")) as page:
        _sought(page, "ashf", "Ashford")
        for row in told["who-must-adopt"]:
            cards = page.locator("article.card", has_text=row["body"])
            assert cards.filter(has_text=row["product"]).count()
        assert "is to be revised by 31 March 2025" in page.inner_text("main")
        looked = {
            row["statement"]
            for row in told["standing"]
            if row["standing"] == "not looked for"
        }
        shown = page.locator("details:has(#NotLookedFor) li").count()
        assert looked
        assert shown >= len(looked)
        page.get_by_role("link", name="How sure this is").click()
        doubt = kg.at(DAY).answer("who-must-adopt", area=ASHFORD).receipt["doubt"]
        assert str(doubt) in page.inner_text("main")
        assert "that can be argued" in str(doubt)
        page.locator("article.card a").first.click()
        assert "SI 2000/2853" in page.inner_text("h1")


def test_an_office_that_looks_after_several_areas(
    browser: Browser, folder: Path, kg: KnowledgeGraph
) -> None:
    held = kg.at(DAY).answer("bodies-of-area", area=DORSET)
    (name,) = {
        row[0] for row in held.words() if row[0].startswith("Police and Crime Comm")
    }
    with opened(browser, at(folder, "")) as page:
        _sought(page, "police and crime commissioner for dor", name)
        assert page.inner_text("h1") == name
        page.locator("details a", has_text="Dorset").first.click()
        assert page.inner_text("h1") == "Dorset"
        assert "Only the full council of Dorset Council" in page.inner_text("main")
        assert "31 March 2025" in page.inner_text("main")
        assert page.locator("ul.key", has_text="nobody looked").count()
        assert page.locator("h2#sure").count()


def test_an_analyst_who_compares_areas(
    browser: Browser, folder: Path, kg: KnowledgeGraph
) -> None:
    with opened(browser, at(folder, "")) as page:
        page.get_by_role("link", name="Duties", exact=True).click()
        revised = page.locator("main a", has_text="Revise, as the strategy group")
        revised.filter(has_text="SI 2007/1830 reg.10(2)").first.click()
        text = page.inner_text("main")
        assert "31 March" in text or "1 April" in text
        ways: dict[str, int] = {}
        for code in (DORSET, ASHFORD):
            for row in kg.at(DAY).answer("standing", area=code):
                if "si07-revise-partnership-plan" in str(row["duty"]):
                    way = str(row["standing"]).rpartition("/")[2]
                    ways[way] = ways.get(way, 0) + 1
        counts = page.locator("summary", has_text=": ").all_inner_texts()
        assert len(ways) == len([one for one in counts if " area" in one])
        assert "how it was checked" in text
        beside = folder / "duty/si07-revise-partnership-plan.england/index.json"
        assert json.loads(beside.read_text("utf-8"))["receipt"]["law"]


def test_a_citizen_who_knows_a_place(browser: Browser, folder: Path) -> None:
    with opened(browser, at(folder, ""), 360) as page:
        page.fill("#q", "Weymouth")
        assert "also Weymouth and Portland" in page.inner_text("#hits")
        page.locator("#hits a").first.click()
        text = page.inner_text("main")
        assert text.index("Only the full council") < text.index("Who is bound")
        page.locator("ul.key a", has_text="nobody looked").click()
        assert page.is_visible("#NotLookedFor")
        assert page.inner_text("#NotLookedFor") == "Nobody has looked for a record."
        page.get_by_role("link", name="arguably").first.click()
        assert "a reading that can be argued" in page.inner_text("main")
        page.get_by_role("link", name="Report a wrong fact").click()
        assert "What to send" in page.inner_text("main")


def test_somebody_who_writes_sparql(browser: Browser, folder: Path) -> None:
    with opened(browser, at(folder, "")) as page:
        page.get_by_role("link", name="Questions", exact=True).click()
        page.get_by_role(
            "link", name="How does each duty in an area stand", exact=False
        ).click()
        page.locator("summary", has_text="SPARQL").click()
        assert "SELECT ?duty ?bearer" in page.inner_text("main")
        for words in ("next_due", "verification", "standing"):
            assert words.replace("_", " ") in page.inner_text("main")
        beside = folder / "question/standing/example.csv"
        assert beside.read_text("utf-8").startswith("duty,bearer,statement,standing")


def test_states_are_reached_by_date(
    browser: Browser, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    from datetime import date

    from cspgraph.site.build import SitePlan, build

    made = tmp_path / "public"
    plan = SitePlan((DORSET,), since=date(2024, 7, 1), processors=1)
    build(kg.at(DAY), made, plan)
    with opened(browser, at(made, f"area/{DORSET}/")) as page:
        page.locator("#states summary").click()
        listed = page.locator("#statelist a").count()
        assert listed > 1
        page.fill("#day", "2024-07-02")
        page.click("#go")
        page.wait_for_url("**/2024-07-*/index.html")
        assert "This page holds from" in page.inner_text("main")
        page.get_by_role("link", name="The newest state of Dorset", exact=False).click()
        assert "nothing later was found" in page.inner_text("main")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """Give the site from a server on loopback, as a static host does."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_ask_page_answers_as_the_library(
    browser: Browser, served: str, folder: Path, kg: KnowledgeGraph
) -> None:
    """Every question that is offered gives its rows, and the page warns of the fault."""
    assert os.environ.get(public.ENGINE), f"{public.ENGINE} names the unpacked engine"
    given = json.loads((folder / "ask/questions.json").read_text("utf-8"))
    site = Site(kg.at(DAY), areas=[DORSET, ASHFORD])
    ours = Oxigraph(ask.graph_of(site, DORSET))
    with opened(browser, f"{served}ask/index.html?area={DORSET}") as page:
        page.wait_for_selector("#pick option >> nth=5", state="attached")
        for one in given["questions"]:
            page.select_option("#pick", one["name"])
            text = page.input_value("#text")
            rows = json.loads(ours.rows(text))["results"]["bindings"]
            page.evaluate("document.getElementById('out').replaceChildren()")
            page.click("#go")
            page.wait_for_selector("#out table", timeout=60_000)
            shown = page.locator("#out tbody tr").count()
            assert shown == min(len(rows), 1000), one["name"]
            for row in rows[:3]:
                for cell in row.values():
                    if cell["type"] == "literal" and len(cell["value"]) < 60:
                        told = page.text_content("#out") or ""
                        assert cell["value"] in told, one["name"]
        assert page.is_visible("#warn") == (given["engine"] == "oxigraph 0.5.11")
        page.fill("#text", "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
        page.click("#go")
        assert "SERVICE is refused" in page.inner_text("#state")
        page.fill("#text", "SELECT (((10 - 2) + 3) AS ?sum) {}")
        page.click("#go")
        page.wait_for_selector("#out td:text-is('11')")
