"""The Ask page: SPARQL in the browser, with an engine that was tried with every question.

The engine is the unpacked npm package `oxigraph`. Where none is given, the page says how
to add one. The graph of an area is in two files: what areas share on the day, and the
rest.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
from collections import Counter
from importlib.resources import as_file
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, RdfFormat, Store, serialize

from cspgraph.errors import FileError, ParameterError
from cspgraph.questions.ask import terms
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.read import regular
from cspgraph.rdf.terms import PREFIXES, area_iri
from cspgraph.site.page import Page, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cspgraph.questions.query_file import Query
    from cspgraph.site.context import Site

__all__ = [
    "PageEngine",
    "absent",
    "differing",
    "graph_of",
    "offered",
    "packed",
    "page",
    "shared",
    "written",
]

#: What a parameter may hold for a question to be offered: nothing that another area has.
_ANYWHERE = frozenset({"product", "role", "action", "kind", "theme", "subject"})
_AREA = "{{AREA}}"
_SUM = "SELECT (10 - 2 + 3 AS ?sum) {}"
_TRIED = "sum"
#: The files of the package that the page needs, and what they are called in the site.
_FILES = {"web.js": "oxigraph.js", "web_bg.wasm": "oxigraph.wasm.gz"}


class PageEngine:
    """The npm package `oxigraph` in a folder: its version, its digest, its answers.

    Raises `FileError` for a folder that does not hold it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        needed = ("package.json", "node.js", "node_bg.wasm", *_FILES)
        for name in needed:
            if not (folder / name).is_file():
                problem = "is not there; unpack the npm package oxigraph in this folder"
                raise FileError(str(folder / name), problem)
        try:
            about = json.loads(regular(folder / "package.json"))
            self.name = f"{about['name']} {about['version']}"
        except (ValueError, KeyError, TypeError) as error:
            problem = "is no description of a package; unpack oxigraph again"
            raise FileError(str(folder / "package.json"), problem) from error
        whole = hashlib.sha256()
        for name in needed:
            whole.update(regular(folder / name))
        self.digest = whole.hexdigest()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files of the site that are the engine and its page, with their paths."""
        for name, path in _FILES.items():
            data = regular(self.folder / name)
            yield f"assets/ask/{path}", packed(data) if path.endswith(".gz") else data
        for one in package_files("cspgraph.site").joinpath("assets/ask").iterdir():
            yield f"assets/ask/{one.name}", one.read_bytes()

    def rows(self, graph: bytes, texts: Mapping[str, str]) -> dict[str, Any]:
        """Return what the engine answers to `texts` on a graph in N-Quads, by name.

        Raises `ParameterError` where there is no node to run it.
        """
        node = shutil.which("node")
        if not node:
            raise ParameterError(
                "engine: node is needed to try it; install node, or leave out --engine"
            )
        asked = json.dumps({"graph": graph.decode(), "texts": texts})
        with as_file(package_files("cspgraph.site").joinpath("trial.mjs")) as script:
            done = subprocess.run(  # noqa: S603 - our own script, with the engine to be tried
                [node, str(script), str(self.folder.resolve() / "node.js")],
                input=asked,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[0]
            problem = f"the engine does not start: {last}"
            raise FileError(str(self.folder), problem)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def packed(data: bytes) -> bytes:
    """Return `data` packed, the same bytes each time.

    >>> gzip.decompress(packed(b"a"))
    b'a'
    """
    return gzip.compress(data, 9, mtime=0)


def graph_of(site: Site, code: str) -> frozenset[Quad]:
    """Return the graph of an area on the day, with all that follows."""
    return frozenset(site.kg.together([code]).quads())


def shared(site: Site, most: int = 4) -> frozenset[Quad]:
    """Return what a few areas of the site, far apart, have in common on the day."""
    codes = list(site.areas)
    few = codes[:: max(1, len(codes) // most)][:most]
    common = graph_of(site, few[0])
    for code in few[1:]:
        common &= graph_of(site, code)
    return common


def written(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, in order."""
    lines = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"\n".join(sorted(lines.splitlines())) + b"\n"


def absent(site: Site) -> Page:
    """Return the page of a site without an engine: how to add one."""
    title = "Ask in SPARQL"
    return Page("ask/", title, site.render("no-ask.html", "ask/", title))


def offered(site: Site) -> dict[str, tuple[Query, str]]:
    """Return the questions that the graph of one area can answer, each with its text.

    In the text stands a mark for the address of the area.
    """
    found = {}
    names = Labels(site.kg.facts)
    mark = next(iter(site.areas))
    for query in queries().values():
        needed = [p for p in query.parameters if not p.optional]
        others = [p for p in needed if p.name != "area"]
        if query.all_dates or not all(p.kind in _ANYWHERE for p in others):
            continue
        if len(others) == len(needed) and query.graph != "law":
            continue  # about the country, of which the graph of an area has a part
        if any(p.name not in query.example for p in others):
            continue
        of_law = len(others) == len(needed)
        # What law says of everything is long: the example keeps to one thing.
        narrowed = query.parameters if of_law else others
        given: dict[str, str] = {
            p.name: query.example[p.name] for p in narrowed if p.name in query.example
        }
        if not of_law:
            given["area"] = mark
        bound = terms(query, given, names, site.day)
        text = query.bind(bound).replace(f"gss:{mark}", _AREA)
        found[query.name] = (query, text.replace(f"<{area_iri(mark)}>", _AREA))
    return found


def differing(
    engine: PageEngine, codes: Mapping[str, frozenset[Quad]], texts: Mapping[str, str]
) -> tuple[list[str], str]:
    """Return the questions that the engine answers otherwise, and what its sum is."""
    wrong: dict[str, None] = {}
    total = ""
    for code, quads in codes.items():
        asked = {
            name: text.replace(_AREA, f"<{area_iri(code)}>")
            for name, text in texts.items()
        }
        told = engine.rows(written(quads), {**asked, _TRIED: _SUM})
        ours = Oxigraph()
        ours.store = Store()
        ours.store.bulk_extend(quads)
        for name, text in asked.items():
            if _counted(told[name]) != _counted(json.loads(ours.rows(text))):
                wrong[name] = None
        total = _first(told[_TRIED])
    return list(wrong), total


def _first(answer: Any) -> str:
    rows = answer.get("results", {}).get("bindings", [])
    return str(rows[0]["sum"]["value"]) if rows else ""


def _counted(answer: Any) -> Counter[str] | None:
    """Return the rows of an answer, each with how often it comes; None for an error."""
    if "results" not in answer:
        return None
    return Counter(
        json.dumps(
            {
                name: (cell["type"], cell["value"], cell.get("xml:lang", ""))
                for name, cell in row.items()
            },
            sort_keys=True,
        )
        for row in answer["results"]["bindings"]
    )


def page(
    site: Site, engine: PageEngine, whole: Sequence[str] = (), most: int = 3
) -> tuple[Page, tuple[str, ...]]:
    """Return the Ask page, and the names of the questions that it leaves out.

    The engine is asked all of them about `most` areas of the site. The areas in `whole`
    have their graph in one file.
    """
    texts = offered(site)
    codes = list(site.areas)
    few = codes[:: max(1, len(codes) // most)][:most]
    graphs = {code: graph_of(site, code) for code in few}
    wrong, total = differing(
        engine, graphs, {n: text for n, (_, text) in texts.items()}
    )
    title = "Ask in SPARQL"
    html = site.render(
        "ask.html",
        "ask/",
        title,
        engine=engine.name,
        digest=engine.digest,
        left_out=wrong,
        tried=len(texts),
        sums=total == "11",
    )
    given = {
        "engine": engine.name,
        "digest": engine.digest,
        "on": site.day,
        "gss": PREFIXES["gss"],
        "prefixes": PREFIXES,
        "left_out": wrong,
        "areas": [
            {
                "code": p.code,
                "name": p.name,
                **({"whole": True} if p.code in whole else {}),
            }
            for p in site.areas.values()
        ],
        "questions": [
            {"name": name, "question": query.question, "text": text}
            for name, (query, text) in texts.items()
            if name not in wrong
        ],
    }
    return Page("ask/", title, html, {"questions.json": json_bytes(given)}), tuple(
        wrong
    )
