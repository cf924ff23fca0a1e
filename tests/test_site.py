"""The pages of a site: sentences first, no link that leads nowhere, silence by its name."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import cspgraph
import public
from cspgraph.errors import CspgraphError, FileError, ParameterError
from cspgraph.rdf.engines import Oxigraph
from cspgraph.site import area, ask, build, home, law, states
from cspgraph.site.build import MANIFEST
from cspgraph.site.context import Site
from public import ASHFORD, DAY, DORSET, Held
from runs import run
from test_data import CAUTION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

#: One area of each kind.
KINDS = [DORSET, ASHFORD, "E08000019", "E09000030", "W06000024"]
NEVER = re.compile(rf"must adopt|was not done|{CAUTION.pattern}", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(kg: KnowledgeGraph) -> Site:
    return Site(kg.at(DAY), areas=KINDS)


@pytest.fixture(scope="module")
def folder(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("site") / "public"
    public.made(kg, made)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Held]:
    return {
        str(path.relative_to(folder)): Held(path.read_text("utf-8"))
        for path in folder.rglob("*.html")
    }


def test_every_kind_of_page_is_there(pages: dict[str, Held]) -> None:
    kinds = {path.split("/")[0] for path in pages}
    assert kinds == {
        *("index.html", "404.html", "area", "duty", "body", "law", "question"),
        *("report", "changes", "sure", "words", "ask", "about"),
    }
    assert {f"area/{DORSET}/index.html", f"area/{ASHFORD}/index.html"} <= pages.keys()
    assert "law/ukpga/1998/37/section/6/1/c/index.html" in pages
    assert "law/uksi/2007/1830/regulation/3/text-of-2007/index.html" in pages
    assert "report/dorset-2024-07-23/index.html" in pages
    about = {path.split("/")[1] for path in pages if path.startswith("about/")}
    assert about == {"accessibility", "privacy", "wrong-fact"}


def test_no_link_leads_nowhere(folder: Path, pages: dict[str, Held]) -> None:
    count = 0
    for path, held in pages.items():
        for link in [*held.links, *held.fetched]:
            if link.startswith(("http://", "https://")) or path == "404.html":
                continue
            there, _, place = link.partition("#")
            there = there.partition("?")[0]
            assert not there.startswith("/"), f"{path}: {link} is not relative"
            to = posixpath.normpath(posixpath.join(posixpath.dirname(path), there))
            to = path if not there else to
            assert (folder / to).is_file(), f"{path}: {link}"
            if place:
                assert place in pages[to].ids, f"{path}: {link}"
            count += 1
    assert count > 10_000


def test_nothing_is_fetched_from_another_site(
    folder: Path, pages: dict[str, Held]
) -> None:
    for path, held in pages.items():
        assert not [one for one in held.fetched if "//" in one], path
        assert "<style" not in held.text, path
        assert path == "404.html" or "default-src 'none'" in held.text, path
    for file in folder.rglob("*.css"):
        assert "url(" not in file.read_text("utf-8")
    for file in folder.rglob("*.js"):
        if file.name != "find-data.js":
            assert "//" not in re.sub(
                r"^\s*//.*$", "", file.read_text("utf-8"), flags=re.M
            )


def test_no_identifier_stands_twice_on_a_page(pages: dict[str, Held]) -> None:
    for path, held in pages.items():
        assert len(held.ids) == len(set(held.ids)), path


def test_every_page_has_its_data_beside_it(
    folder: Path, pages: dict[str, Held]
) -> None:
    bare = {"404.html", "index.html", "ask/index.html"}
    for path in pages:
        beside = folder / path.replace("index.html", "index.json")
        if path in bare or path.startswith(("about/", "question/")):
            continue
        assert json.loads(beside.read_text("utf-8")), path
    areas = json.loads((folder / "areas.json").read_text("utf-8"))
    assert [one["code"] for one in areas["areas"]] == [ASHFORD, DORSET]
    assert (folder / "question/standing/standing.rq").is_file()
    for code in (DORSET, ASHFORD):
        assert (folder / f"area/{code}/duties.csv").read_text("utf-8").count("\n") > 100
        assert (folder / f"area/{code}/index.ttl").stat().st_size > 10_000


def test_pages_keep_to_their_budgets(folder: Path, pages: dict[str, Held]) -> None:
    def weight(*names: str) -> int:
        return sum(len(gzip.compress((folder / name).read_bytes())) for name in names)

    shell = ("assets/site.css", "assets/find.js", "assets/icon.svg")
    assert weight("index.html", "assets/find-data.js", *shell) < 30_000
    assert weight("assets/find.js", "assets/days.js") < 5_000
    for code in (DORSET, ASHFORD):
        assert weight(f"area/{code}/index.html", *shell) < 40_000
        assert pages[f"area/{code}/index.html"].elements < 2_000


def test_the_search_of_the_country_keeps_to_its_budget() -> None:
    country = Site(cspgraph.load(on=DAY))
    assert len(country.areas) > 300
    assert len(gzip.compress(home.found(country).encode())) < 30_000
    weymouth = next(p for p in country.areas.values() if p.code == DORSET)
    assert "Weymouth and Portland" in weymouth.other


@pytest.mark.parametrize("code", KINDS)
def test_a_page_says_what_its_rows_say_and_no_more(site: Site, code: str) -> None:
    """Each body, organ, document and provision of the answer stands on the page."""
    kg = site.kg.together([code])
    found = area.answers(kg, site.areas[code], turtle=False)
    page = area.page(site, found).html
    text = re.sub(r"<[^>]+>", "", page).replace("&amp;", "&").replace("&#39;", "'")
    rows = found.rows("who-must-adopt")
    assert rows
    for row in rows:
        for name in ("body", "organ", "product", "law"):
            assert row[name] in text
    for row in found.rows("standing"):
        assert row["statement"][1:] in text
    assert NEVER.findall(text) == []
    arguable = {row["basis"] for row in rows} & {"statute-arguable"}
    assert ("arguably</a>" in page) == bool(arguable)


@pytest.mark.parametrize("code", KINDS)
def test_answers_asked_together_are_those_asked_alone(site: Site, code: str) -> None:
    few = site.kg.together(KINDS)
    for name in area.QUESTIONS:
        alone, together = (kg.answer(name, area=code) for kg in (site.kg, few))
        assert together.terms == alone.terms, name
        assert together.receipt == alone.receipt, name


def test_nothing_on_record_is_said_first(kg: KnowledgeGraph) -> None:
    early = Site(kg.at("2005-06-01"), areas=[ASHFORD])
    found = area.answers(early.kg, early.areas[ASHFORD], turtle=False)
    ways = {str(row["standing"]).rpartition("/")[2] for row in found.things("standing")}
    assert not ways & {"OnRecord", "PartlyOnRecord", "NotOnRecord"}
    page = area.page(early, found).html
    said = page.index("Nobody has looked at papers of Ashford.")
    assert said < page.index('class="lede"')
    assert "bind all the same" in page


def test_the_four_names_of_silence_are_told(pages: dict[str, Held]) -> None:
    text = pages[f"area/{ASHFORD}/index.html"].text
    for words in (
        "looked for, no record",
        "nobody looked",
        "not due yet",
        "no record could show it",
    ):
        assert words in text


def test_a_day_beyond_what_was_read_is_warned_of(kg: KnowledgeGraph) -> None:
    late = Site(kg.at("2027-06-01"), areas=[DORSET])
    found = area.answers(late.kg, late.areas[DORSET], turtle=False)
    page = area.page(late, found).html
    assert "This looks beyond " in page
    assert "It holds only if " in page


def test_words_of_strangers_stay_words(site: Site) -> None:
    wild = "<script>document.title='run'</script>"
    place = replace(site.areas[DORSET], name=wild, welsh=wild, region=wild)
    found = area.answers(site.kg, site.areas[DORSET], turtle=False)
    page = area.page(site, replace(found, place=place)).html
    assert "<script>document" not in page
    assert "&lt;script&gt;" in page


def test_a_provision_says_what_made_it_and_what_rests_on_it(site: Site) -> None:
    iri = "http://www.legislation.gov.uk/id/ukpga/1998/37/section/6/1/c"
    page = law.provision(site, iri)
    assert "a strategy for the reduction of re-offending in the area" in page.html
    assert "PCA 2009 s.108(4)" in page.html  # what inserted it
    assert "since 1 April 2010" in page.html
    ended = law.provision(site, iri.replace("6/1/c", "5/1/c")).html
    assert "no longer in force" in ended
    assert "22 November 2012" in ended


def test_states_hold_on_every_day_inside_them(site: Site) -> None:
    """Three days inside each state give the answers of its page, and neighbours differ."""
    place, first = site.areas[DORSET], date(2024, 6, 20)
    found = list(states.states(site.kg, place, first))
    assert len(found) > 1
    assert found[0].since == first
    assert found[-1].until is None
    for one, after in pairwise(found):
        assert one.until == after.since
        assert states.fingerprint(one.found) != states.fingerprint(after.found)
    for one in found:
        end = one.until or site.day + timedelta(days=1)
        length = (end - one.since).days
        for step in {length // 3, length // 2, length - 1} - {0}:
            day = one.since + timedelta(days=step)
            then = area.answers(site.kg.at(day), place, turtle=False)
            assert states.fingerprint(then) == states.fingerprint(one.found), day


def test_a_second_build_takes_over_what_did_not_change(
    kg: KnowledgeGraph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are the same, byte for byte, whether they were made again or not."""
    before = _files(folder)
    built = public.made(kg, folder)
    assert built.reused >= 12
    assert _files(folder) == before
    monkeypatch.setattr(build, "_code", lambda: "another version")
    assert public.made(kg, folder).reused == 0
    after = _files(folder)
    assert {n: d for n, d in after.items() if n != MANIFEST} == {
        n: d for n, d in before.items() if n != MANIFEST
    }


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_build_that_fails_leaves_the_old_folder(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "public"
    place.mkdir()
    (place / MANIFEST).write_text("{}")
    (place / "index.html").write_text("the old one")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build._Build, "_areas", fail)
    with pytest.raises(FileError, match="No space left"):
        public.made(kg, place)
    assert (place / "index.html").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_a_folder_of_somebody_else_is_not_replaced(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(ParameterError, match="holds files that no build"):
        public.made(kg, tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "dear"
    with pytest.raises(ParameterError, match="is a file"):
        public.made(kg, tmp_path / "letters.txt")


def test_an_engine_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="unpack the npm package oxigraph"):
        ask.PageEngine(tmp_path)
    for name in ("node.js", "node_bg.wasm", "web.js", "web_bg.wasm"):
        (tmp_path / name).write_text("throw new Error('broken')")
    (tmp_path / "package.json").write_text("[]")
    with pytest.raises(FileError, match="no description of a package"):
        ask.PageEngine(tmp_path)


def test_an_answer_that_differs_is_named(site: Site) -> None:
    """An engine that loses a row, or gives an error, does not get its question offered."""
    quads = ask.graph_of(site, DORSET)
    texts = {name: text for name, (_, text) in ask.offered(site).items()}
    assert len(texts) > 20
    assert not any("about the country" in text for text in texts.values())
    few = {name: texts[name] for name in ("standing", "who-must-adopt", "priorities")}

    class Poor(ask.PageEngine):
        def __init__(self) -> None:
            """Be no package."""

        def rows(self, graph: bytes, texts: Mapping[str, str]) -> dict[str, Any]:
            """Answer as the library does, but for one row and one question."""
            assert graph
            ours = Oxigraph(quads)
            told = {n: json.loads(ours.rows(t)) for n, t in texts.items() if n != "sum"}
            told["standing"]["results"]["bindings"].pop()
            told["priorities"] = {"error": "no"}
            five = {"type": "literal", "value": "5"}
            return {**told, "sum": {"results": {"bindings": [{"sum": five}]}}}

    wrong, total = ask.differing(Poor(), {DORSET: quads}, few)
    assert sorted(wrong) == ["priorities", "standing"]
    assert total == "5"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--area", "Dorsett"], "did you mean 'Dorset'"),
        (["--base", "safety"], "must begin and end with /"),
        (["--contact", "me"], "write https:// or mailto:"),
        (["--since", "2024-08-01", "--on", "2024-07-23"], "write an earlier day"),
        (["--since", "03/04/2024"], "since:"),
        (["--engine", "nowhere", "--days", "today"], "is no folder"),
        (["--days", "week"], "states"),
    ],
)
def test_bad_input_gets_one_sentence(
    words: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, printed, told = run(capsys, "site", "-o", str(tmp_path / "public"), *words)
    assert (code, printed) == (2, "")
    assert said in told
    assert told.count("\n") == 1
    assert not (tmp_path / "public").exists()


def test_a_site_needs_a_day() -> None:
    with pytest.raises(CspgraphError, match="a site is of a day"):
        Site(cspgraph.load())
