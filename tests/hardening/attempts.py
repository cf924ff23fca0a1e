"""What is tried against each promise, many times over, from a seed.

Each function tries a number of cases from one seed and returns what broke the promise,
in words; nothing where it held. The quick tests try a few, `make harden` many.
"""

from __future__ import annotations

import errno
import io
import json
import os
import random
import re
import shutil
import socket
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from cspgraph.errors import CspgraphError, FileError, UnsafeQueryError
from cspgraph.forms import xlsx, yaml_file
from cspgraph.forms.schema import form
from cspgraph.rdf import files, journal, save
from cspgraph.rdf.files import Source
from cspgraph.rdf.gate import admit
from cspgraph.rdf.results import from_json, refuse_nested
from cspgraph.render import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ATTEMPTS"]

HERE = Path(__file__).resolve().parents[2]
SIGNS = [
    *("{", "}", "(", ")", "[", "]", "<", ">", "<<", ">>", "<<(", ")>>", "{|", "|}", '"', "'"),
    *('"""', "\\", "\n", "\r", "\t", "\0", "\x1b", "\u202e", "\ufeff", "\ue000", "#", ";"),
    *(".", ",", "a", "@en", "^^", "_:b", "<urn:x>", "?x", "$x", "*", "+", "-", "=", "1e999"),
    *("\\u0053", "\\U00110000", "%00", "&#0;", "SERVICE", "LOAD", "INSERT DATA {", "\u00a0"),
    *("<http://127.0.0.1:9/>", "FROM", "GRAPH", "UNION", "DROP ALL", "CLEAR", "0" * 40),
]  # fmt: skip


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same for the same seed


def _mutated(text: str, dice: random.Random) -> str:
    """Return `text` with a few pieces cut, doubled, moved or put in."""
    for _ in range(dice.randint(1, 6)):
        first, last = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        last = min(last, first + 40)
        piece = text[first:last]
        match dice.randrange(5):
            case 0:
                text = text[:first] + text[last:]
            case 1:
                text = text[:last] + piece + text[last:]
            case 2:
                text = (
                    text[:first]
                    + dice.choice(SIGNS) * dice.choice([1, 1, 2, 70])
                    + text[first:]
                )
            case 3:
                text = text[:first] + piece[::-1] + text[last:]
            case _:
                text = text[:first] + dice.choice(SIGNS) + text[last:]
    return text


# Queries


@cache
def _queries() -> list[str]:
    return [*(s.text for s in files.shipped("queries", ".rq")), *_own() * 6]


@cache
def _own() -> list[str]:
    call = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
    return [
        "SELECT * { ?s ?p ?o }", "ASK { ?s ?p ?o FILTER(?o < 3) }", "DESCRIBE ?s { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", f"SELECT * {{ {call} }}",
        f"ASK {{ {call.replace('E <', 'E SILENT <')} }}", f"SELECT * {{ {{ {call} }} UNION {{ ?s ?p ?o }} }}",
        f"SELECT ?s {{ {{ SELECT ?s {{ {call} }} LIMIT 2 }} }}", f"SELECT * {{ OPTIONAL {{ {call} }} }}",
        f"PREFIX s: <http://127.0.0.1:9/> SELECT * {{ {call.replace('<http://127.0.0.1:9/>', 's:')} }}",
        "INSERT DATA { <urn:a> <urn:b> 'c' }", "LOAD <http://127.0.0.1:9/>",
    ]  # fmt: skip


def queries(seed: int, count: int) -> Iterator[str]:
    """Try the gate: what it admits calls nobody; it says no in words."""
    dice = _dice(seed)
    for _ in range(count):
        text = _mutated(dice.choice(_queries()), dice)
        try:
            admitted = admit(text)
        except UnsafeQueryError:
            continue
        except CspgraphError as error:
            yield f"{type(error).__name__} for {text[:200]!r}"
            continue
        if _CALLS.search(admitted) and _acts(admitted, Store()):
            yield f"admitted: {text[:200]!r}"


#: Letters that a call or a change must hold, wherever they stand.
_CALLS = re.compile("service|load|insert|delete|drop|clear", re.IGNORECASE)


@cache
def _canary() -> tuple[list[int], str]:
    """Return who has called so far, and where to call: a server that hangs up."""
    place, heard = socket.create_server(("127.0.0.1", 0)), list[int]()

    def listen() -> None:
        while True:
            caller, _ = place.accept()
            heard.append(1)
            caller.close()

    Thread(target=listen, daemon=True).start()
    return heard, f"127.0.0.1:{place.getsockname()[1]}/"


def _acts(query: str, store: Store) -> bool:
    """Return whether the engine, run on `query`, calls somebody."""
    heard, there = _canary()
    before = len(heard)
    with suppress(SyntaxError, ValueError, RuntimeError, OSError):
        found = store.query(query.replace("127.0.0.1:9/", there))
        if isinstance(found, QuerySolutions):
            for _row in zip(range(50), found, strict=False):
                pass
    return len(heard) > before


def run_queries(seed: int, count: int) -> Iterator[str]:
    """Run what the gate admits: the store is as it was, and nobody is called."""
    dice, thing = _dice(seed), NamedNode("urn:a")
    store = Store()
    store.extend(Quad(thing, thing, Literal(n)) for n in range(3))
    for _ in range(count):
        text = _mutated(dice.choice(_own()), dice)
        try:
            admitted = admit(text)
        except CspgraphError:
            continue
        if _acts(admitted, store):
            yield f"it called out: {text[:200]!r}"
        if len(store) != 3:
            yield f"the store changed: {text[:200]!r}"
            return


# Files


@cache
def _records() -> list[str]:
    return [s.text for s in files.shipped("data/record", ".trig")[:40]]


def rdf_files(seed: int, count: int) -> Iterator[str]:
    """Read damaged files: each is read, or refused in one sentence with its name."""
    dice = _dice(seed)
    for _ in range(count):
        whole = dice.choice(_records())
        start = dice.randrange(max(1, len(whole) - 1500))
        text = _mutated(whole[:700] + whole[start : start + 1500], dice)
        source = Source("a.trig", text.encode("utf-8", "surrogatepass"))
        try:
            files.check(source)
            for _quad in files.quads(source):
                pass
        except FileError as error:
            if "\n" in str(error) or not str(error).startswith("a.trig"):
                yield f"no sentence: {error!r}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
            yield f"{type(error).__name__}: {error} for {text[:200]!r}"


_ROWS = json.dumps(
    {
        "head": {"vars": ["a", "b"]},
        "results": {"bindings": [
            {"a": {"type": "uri", "value": "urn:x"}, "b": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
            {"a": {"type": "bnode", "value": "b0"}, "b": {"type": "literal", "xml:lang": "en", "value": "x \u00e9"}},
            {"b": {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1"}},
        ]},
    }
)  # fmt: skip
_JSON = ["null", "true", "1", "[]", "{}", '"x"', '"\\ud800"', "[[", '"type"', '"triple"', '"boolean":true,', "NaN", "1e999", '"b":']  # fmt: skip


def results(seed: int, count: int) -> Iterator[str]:
    """Read results of a server: they are what the standard says, or an error that says they are not."""
    dice = _dice(seed)
    for _ in range(count):
        text = _ROWS
        for _ in range(dice.randint(1, 4)):
            first = dice.randrange(len(text) + 1)
            last = min(len(text), first + dice.choice([0, 0, 1, 4, 20]))
            text = text[:first] + dice.choice([*_JSON, "", ""]) + text[last:]
        data = text.encode("utf-8", "surrogatepass")
        try:
            refuse_nested(data)
            names, rows = from_json(data)
        except CspgraphError:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
            yield f"{type(error).__name__} for {text[:300]!r}"
            continue
        for row in rows:
            if len(row) != len(names) or not all(
                t is None or isinstance(t, NamedNode | Literal) for t in row
            ):
                yield f"rows that are none: {text[:300]!r}"
            for term in row:
                if term is not None:
                    term.value.encode()


# Forms and workbooks


@cache
def _form() -> str:
    import filled

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "a.yaml")
        record = files.shipped("data/record/brent/", ".trig")[0]
        filled.write_form(files.quads(record), place)
        return place.read_text(encoding="utf-8")


def _taken(read: Callable[[Source, Any], Any], source: Source) -> str:
    """Return what was wrong with the reading of a form; "" for a record or a sentence."""
    import filled
    from cspgraph.forms import read as forms_read

    try:
        grid = read(source, form())
        forms_read.read(grid, form(), filled.names())
    except FileError as error:
        return "" if "\n" not in str(error) else f"no sentence: {error!r}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
        return f"{type(error).__name__}: {error}"
    return ""


def forms(seed: int, count: int) -> Iterator[str]:
    """Read damaged forms: each is a record with findings at its cells, or one sentence."""
    dice, whole = _dice(seed), _form()
    for _ in range(count):
        text = _mutated(whole, dice)
        source = Source("a.yaml", text.encode("utf-8", "surrogatepass"))
        if said := _taken(yaml_file.grid, source):
            yield f"{said} for seed {seed}: {text[:100]!r}"


_XML = ["<c/>", "<c r='A1'>", "<row>", "</row>", "r='ZZZ999999999'", "t='s'", "<v>99999</v>", "<v>x</v>", "s='999'", "<f>1</f>", "<is/>", "&#0;", "", "", "t='d'", "t='e'", "<v>1e308</v>"]  # fmt: skip


@cache
def _workbook() -> dict[str, bytes]:
    from zipfile import ZipFile

    import spoiled

    with ZipFile(io.BytesIO(spoiled.good())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def workbooks(seed: int, count: int) -> Iterator[str]:
    """Read workbooks with holes: each is a record with findings, or one sentence."""
    from zipfile import ZipFile

    dice, parts = _dice(seed), _workbook()
    for _ in range(count):
        out = io.BytesIO()
        hit = dice.choice(sorted(parts))
        with ZipFile(out, "w") as packed:
            for name, data in parts.items():
                if name == hit and dice.random() < 0.1:
                    continue
                text = data
                if name == hit:
                    for _ in range(dice.randint(1, 5)):
                        tags = [
                            m.span()
                            for m in re.finditer(rb"<[^>]*>| \w+=\"[^\"]*\"", text)
                        ] or [(0, 0)]
                        first, last = dice.choice(tags)
                        put = dice.choice(_XML).encode()
                        text = (
                            text[:first]
                            + put
                            + text[last if dice.random() < 0.7 else first :]
                        )
                packed.writestr(name, text)
        data = out.getvalue()
        if dice.random() < 0.2:
            place = dice.randrange(len(data))
            data = data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]
        if said := _taken(xlsx.grid, Source("a.xlsx", data)):
            yield f"{said} in {hit}, seed {seed}"


# Writing


def _points(place: Path, at: int, fault: Callable[[], None]) -> int:
    """Write three files to `place` with a fault at the `at`-th call; return the calls."""
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                fault()
            return real(*given, **more)

        return call

    kept = {(o, n): getattr(o, n) for o, n in _STEPS}
    try:
        for (owner, name), real in kept.items():
            setattr(owner, name, counted(real))
        save.save_together({place / name: f"new {name}" for name in "abc"})
    finally:
        for (owner, name), real in kept.items():
            setattr(owner, name, real)
    return calls


_STEPS = [(os, "fsync"), (os, "open"), (Path, "replace"), (Path, "unlink"), (Path, "chmod"), (journal, "NamedTemporaryFile"), (Path, "read_bytes")]  # fmt: skip


def _held(place: Path) -> dict[str, str]:
    """Return what lies there; a lock that nobody holds stops nobody."""
    kept = (p for p in place.iterdir() if p.name != ".cspgraph-lock")
    return {p.name: p.read_text(encoding="utf-8") for p in kept}


OLD = {"a": "old a", "b": "old b"}
NEW = {name: f"new {name}" for name in "abc"}


def _begun(folder: str) -> Path:
    place = Path(tempfile.mkdtemp(dir=folder))
    for name, text in OLD.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def kills(seed: int, count: int) -> Iterator[str]:
    """Kill a writer of several files at any point: the next run leaves all or none."""
    dice = _dice(seed)
    with tempfile.TemporaryDirectory() as folder:
        most = _points(_begun(folder), 0, lambda: None)
        for number in range(count):
            place, at = _begun(folder), 1 + (number + dice.randrange(most)) % most
            child = os.fork()
            if not child:
                _points(place, at, lambda: os._exit(9))
                os._exit(0)
            os.waitpid(child, 0)
            seen = {n: t for n, t in _held(place).items() if not n.startswith(".")}
            broken = (place / journal.JOURNAL).exists()
            if seen not in (OLD, NEW) and not broken:
                yield f"a mixture without a mark after {at} of {most}: {seen}"
            other = {"a": "again a", "d": "again d"}
            save.save_together({place / n: t for n, t in other.items()})
            wanted = [{**state, **other} for state in (OLD, NEW)]
            if _held(place) not in wanted:
                yield f"after {at} of {most}: {_held(place)}"
            shutil.rmtree(place)


def faults(seed: int, count: int) -> Iterator[str]:
    """Fail at the n-th call to the disk, for every n: all is as it was, and the place named."""
    with tempfile.TemporaryDirectory() as folder:
        most = _points(_begun(folder), 0, lambda: None)
        for number in range(count):
            place, at = _begun(folder), 1 + (seed + number) % most
            code = (errno.ENOSPC, errno.EIO)[number // most % 2]

            def fail(code: int = code) -> None:
                raise OSError(code, os.strerror(code))

            try:
                _points(place, at, fail)
            except FileError as error:
                if str(place) not in str(error):
                    yield f"no place at {at}: {error}"
                if _held(place) != OLD:
                    yield f"after {at} of {most}: {_held(place)}"
            else:
                if _held(place) not in (OLD, NEW):
                    yield f"no error, and after {at} of {most}: {_held(place)}"
            shutil.rmtree(place)


# Terms and texts


def literals(seed: int, count: int) -> Iterator[str]:
    """Write literals in four formats: each comes back the same."""
    dice = _dice(seed)
    link = NamedNode("urn:p")
    for _ in range(0, count, 50):
        quads = set()
        for _ in range(50):
            text = "".join(
                dice.choices([*SIGNS, *"abc \u00e9\U0001f600"], k=dice.randint(0, 6))
            )
            datatype = dice.choice(
                ["string", "date", "integer", "decimal", "boolean", "dateTime"]
            )
            typed = Literal(
                text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}")
            )
            value = dice.choice(
                [typed, Literal(text, language=dice.choice(["en", "cy", "zh-hant-tw"]))]
            )
            quads.add(Quad(link, link, value))
        for kind in (
            RdfFormat.N_QUADS,
            RdfFormat.TRIG,
            RdfFormat.TURTLE,
            RdfFormat.N_TRIPLES,
        ):
            data = serialize([q.triple for q in quads], format=kind) or b""
            told = escape.escapes(data.decode(), pairs=False)
            lost = quads - {
                Quad(q.subject, q.predicate, q.object)
                for q in parse(told.encode(), kind)
            }
            yield from (f"{kind}: {quad}" for quad in lost)


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](http://a.example/x.png)",
    "[x](javascript:alert(1))", "http://a.example", "www.a.example", "me@a.example", "=1+1",
    "+1+1", "-1+1", "@SUM(A1)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\t=1", "\x1b[31mred",
    "a\u202eb", "a\u2066b", "\x07", "\x9b31m", "\u200b", "\ufeff=1", "\x00", "\ud800", "`a`", "**a**",
    "_a_", "~~a~~", "| a |", "</td>", "<!--", "]]>", "&lt;b&gt;", "&#60;b&#62;", "\" onload=\"x", "$x$",
]  # fmt: skip


class _Live(HTMLParser):
    """Collects the tags that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags = set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.add(tag)


def escaped(seed: int, count: int) -> Iterator[str]:
    """Write hostile text: it acts in no HTML, XML, Markdown, CSV, sheet, JSON or terminal."""
    dice = _dice(seed)
    acting = re.compile(r"(?<!\\)(?:\\\\)*[`*\[\]~$|<]|://|www\.|@")
    formula = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
    for _ in range(count):
        text = "".join(dice.choices([*HOSTILE, "a", " ", "\n"], k=dice.randint(1, 4)))
        live = _Live()
        live.feed(escape.html_text(text))
        live.close()
        if live.tags:
            yield f"a tag: {text!r}"
        if acting.search(escape.markdown_text(text)):
            yield f"Markdown acts: {text!r}"
        for cell in (escape.csv_cell(text), escape.sheet_cell(text)):
            if formula.match(cell):
                yield f"a formula: {text!r}"
        for told in (
            escape.plain(text),
            escape.visible(text),
            escape.html_text(text),
            escape.xml_text(text),
            escape.markdown_text(text),
            escape.csv_cell(text),
            escape.json_text({"a": text}),
        ):
            raw = {c for c in told if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {
                "\n",
                "\t",
            }
            if raw:
                yield f"unseen letters {raw} of {text!r}"


def arguments(seed: int, count: int) -> Iterator[str]:
    """Write anything on the command line: it ends with a code and no traceback."""
    from cspgraph.cli import main

    dice = _dice(seed)
    words = ["answer", "why", "check", "draw", "due", "brief", "claims", "sparql", "questions", "template", "import", "new", "coverage", "register"]  # fmt: skip
    odd = ["", "x" * 300, "\0", "\ud800", "9" * 5000, "x" * 200_000, "\x1b[31m", "\u202e", "--", "-o", "--on", "--area", "--seconds", "20240723", "@/dev/zero", "/dev/null", ".", "=1", "--format", "--no-such", "\uff11"]  # fmt: skip
    for _ in range(count):
        given = [dice.choice(words), *dice.choices(odd, k=dice.randint(1, 4))]
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        code: object = None
        try:
            with redirect_stdout(out), redirect_stderr(err):
                main(given)
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
            yield f"{type(error).__name__} for {[w[:20] for w in given]}"
            continue
        said = err.getvalue()
        if (
            code not in (0, 1, 2, 4)
            or "Traceback" in said
            or "an error of cspgraph" in said
        ):
            yield f"{code} for {[w[:20] for w in given]}: {said[:200]!r}"
        if len(said) > 6_000 or re.search("[\x00-\x08\x0b-\x1f\u202e]", said):
            yield f"said too much or raw for {[w[:20] for w in given]}"


def threads(seed: int, count: int) -> Iterator[str]:
    """Ask one graph from eight threads: each gets the answer that one thread gets."""
    import cspgraph

    dice = _dice(seed)
    asked = [
        (name, area, day)
        for name in ("responsible-authorities", "who-must-adopt", "strategies")
        for area in ("Dorset", "Brent")
        for day in ("2024-07-23", "2020-01-01")
    ]
    alone = cspgraph.load()
    wanted = {a: alone.answer(a[0], area=a[1], on=a[2]).words() for a in asked}
    graph = cspgraph.load()

    def wrong(one: tuple[str, str, str]) -> str:
        found = graph.answer(one[0], area=one[1], on=one[2]).words()
        return "" if found == wanted[one] else f"another answer to {one}"

    with ThreadPoolExecutor(8) as pool:
        yield from filter(None, pool.map(wrong, dice.choices(asked, k=count)))


#: By name: what is tried, how often in `make harden`, and how many at a time.
ATTEMPTS: dict[str, tuple[Callable[[int, int], Iterator[str]], int, int]] = {
    "queries": (queries, 1_600_000, 5_000),
    "run-queries": (run_queries, 200_000, 2_000),
    "rdf-files": (rdf_files, 300_000, 1_000),
    "results": (results, 70_000, 5_000),
    "forms": (forms, 25_000, 100),
    "workbooks": (workbooks, 5_000, 50),
    "kills": (kills, 5_000, 250),
    "faults": (faults, 2_000, 250),
    "literals": (literals, 200_000, 5_000),
    "escaped": (escaped, 200_000, 5_000),
    "arguments": (arguments, 2_000, 50),
    "threads": (threads, 2_000, 500),
}
