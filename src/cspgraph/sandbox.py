"""Run free SPARQL in a process of its own: no network, bounded time and memory.

pyoxigraph cannot be interrupted and a hostile query can end its process, so the
query runs where that harms nobody. The process says that it began, tries the query
on nothing, reads the shipped files, says that it is ready, answers row by row and
ends; when it is too slow, it is stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from cspgraph.cache import Cache, from_environment
from cspgraph.dataset import Dataset
from cspgraph.errors import FileError, ParameterError, QueryError, StoppedError
from cspgraph.questions.answer import Answer
from cspgraph.questions.ask import day_of
from cspgraph.questions.doubts import READ_BEFORE, named_in, read_before
from cspgraph.questions.query_file import Column
from cspgraph.questions.triples import Triples
from cspgraph.rdf.engines import known_graphs, put
from cspgraph.rdf.files import Source
from cspgraph.rdf.gate import admit, asked
from cspgraph.rdf.results import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from cspgraph.rdf.labels import Labels

    Reply = dict[str, Any]
    Results = QueryBoolean | QuerySolutions | QueryTriples

__all__ = ["MAX_MEMORY", "ask", "bounds", "construct", "leave_network", "serve"]

MAX_MEMORY = 2 * 1024**3
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def leave_network() -> bool:
    """Take the network away where the kernel allows it; say whether it did."""
    try:
        import ctypes

        return bool(ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (ImportError, AttributeError, OSError, TypeError):  # not on this system
        return False


@contextmanager
def bounds(seconds: int) -> Iterator[None]:
    """Bound memory and time inside, and let nothing be opened, neither file nor socket.

    The parent stops the process in time; should the parent end first, the bound on
    processor time does.
    """
    try:
        import resource
    except ImportError:  # not on this system: the time limit still holds
        yield
        return
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 2 * seconds + 2
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CPU: used,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 3,
    }
    before = {kind: resource.getrlimit(kind) for kind in limits}
    try:
        for kind, limit in limits.items():
            resource.setrlimit(kind, (limit, before[kind][1]))
        yield
    finally:
        for kind, (soft, hard) in before.items():
            resource.setrlimit(kind, (soft, hard))


MAX_ANSWER = 50 * 1024**2
_START_SECONDS = 300
_FORMS = {False: "SELECT or ASK", True: "CONSTRUCT or DESCRIBE"}
_ENDED = "the query ended its process; it is too deep or needs too much memory"
_LATE = "stopped after {} s; ask for less, or give it longer with --seconds"
_OPEN = (
    "This system does not let the query run without a network: the gate before it, "
    "and a limit on what it can open, keep it from calling out."
)


def ask(
    query: str,
    *,
    on: str,
    areas: Sequence[str] = (),
    records: Sequence[Source] = (),
    seconds: int = 10,
    rows: int = 10_000,
    tell: Callable[[str], object] = str,
) -> Answer:
    """Return the answer to free SPARQL on the graph of the day `on`.

    `records` are files of the user's own on top. `areas`, codes or names, keep the graph to these areas and those in them;
    without, it is that of the country, which takes a while to make. At most `rows`
    rows come back, and at most 50 MiB of text. When there was more, or when the time
    was over while rows came, `complete` is false and the receipt says in `cut` why.
    `tell`, such as `print`, is told where the system cannot take the network away.
    Raises `UnsafeQueryError` for what the gate refuses, `QueryError` for bad SPARQL,
    before any graph is made, `ParameterError` for an area that is not known, and
    `StoppedError` when no row came within `seconds`, or when the query ended the
    process it ran in.
    """
    day, request = _request(query, on, areas, records, seconds, rows)
    head, lines, cut = _heard_all(request, seconds, tell)
    whole = head["answer"]
    if "results" in whole:
        whole["results"]["bindings"] = [line["row"] for line in lines]
    names, terms = from_json(json.dumps(whole).encode())
    labels = {thing: name for line in lines for thing, name in line["labels"].items()}
    return Answer(
        "sparql",
        "Free SPARQL.",
        tuple(Column(name, "text", name) for name in names),
        tuple(terms),
        day,
        {},
        labels,
        {
            **head["receipt"],
            **named_in(terms, head["read_before"]),
            **({"cut": cut} if cut else {}),
        },
        not cut,
    )


def construct(
    query: str,
    *,
    on: str,
    areas: Sequence[str] = (),
    records: Sequence[Source] = (),
    seconds: int = 10,
    rows: int = 10_000,
    tell: Callable[[str], object] = str,
) -> Triples:
    """Return what a free CONSTRUCT or DESCRIBE gives on the graph of the day `on`.

    All is as in `ask`; what is counted are statements, of which at most `rows` come back.
    """
    day, request = _request(query, on, areas, records, seconds, rows, builds=True)
    head, lines, cut = _heard_all(request, seconds, tell)
    written = "".join(f"{line['row']} .\n" for line in lines)
    found = [quad.triple for quad in parse(written, RdfFormat.N_TRIPLES)]
    named = [[t for t in one if isinstance(t, NamedNode | Literal)] for one in found]
    receipt = {**head["receipt"], **named_in(named, head["read_before"])}
    return Triples.of(found, day, receipt, cut)


def _request(
    query: str,
    on: str,
    areas: Sequence[str],
    records: Sequence[Source],
    seconds: int,
    rows: int,
    *,
    builds: bool = False,
) -> tuple[date, str]:
    """Return the day, and what the process is sent; refuse what the gate refuses."""
    day = day_of("on", on)
    wanted = {"query": admit(query), "on": on, "areas": list(areas), "rows": rows}
    on_disk = from_environment()
    if on_disk:  # the process has no environment of its own
        wanted["cache"] = [str(on_disk.folder), on_disk.size, on_disk.count]
    own = [[s.name, b64encode(s.data).decode(), s.suffix] for s in records]
    request = {**wanted, "seconds": seconds, "records": own, "builds": builds}
    return day, json.dumps(request)


def _heard_all(
    request: str, seconds: int, tell: Callable[[str], object]
) -> tuple[Reply, list[Reply], str]:
    """Return the head of the answer, its lines, and why it was cut, if it was."""
    said, late = _run(request, seconds, tell)
    for line in said:
        if "error" in line:
            raise QueryError(line["error"])
    if late and not any("row" in line for line in said):
        raise StoppedError(_LATE.format(seconds))
    if not late and (not said or "cut" not in said[-1]):
        raise StoppedError(_ENDED)
    head, *lines = said
    cut = lines.pop()["cut"] if lines and "cut" in lines[-1] else f"after {seconds} s"
    return head, lines, cut


def serve() -> None:
    """Read one request from standard input, answer it on standard output.

    The query is tried on an empty store first, so that a slip is told at once.
    """
    wanted = json.loads(sys.stdin.buffer.readline())
    day, query, seconds = day_of("on", wanted["on"]), wanted["query"], wanted["seconds"]
    builds = wanted["builds"]
    _say({"began": True, "alone": leave_network()})
    try:
        with bounds(seconds):
            _query(Store(), query, builds=builds)
    except TypeError as error:  # it is SPARQL, and asks for the other thing
        _say({"error": str(error)})
        return
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        said = isinstance(error, SyntaxError) and asked(query).unknown()
        _say({"error": said or f"not a SPARQL {_FORMS[builds]}: {error}"})
        return
    _say({"checked": True})
    try:
        records = [*_sent(wanted["records"])]
        dataset = Dataset(
            records=records, areas=wanted["areas"], day=day, on_disk=_cache(wanted)
        )
    except (FileError, ParameterError) as error:
        _say({"refused": str(error)})
        return
    engine = dataset.day(day, None, dataset.needed(query, READ_BEFORE))
    store = engine.store
    reach = {
        "receipt": dataset.receipt(day),
        "read_before": read_before(
            dataset.labels, lambda text: from_json(engine.rows(text))
        ),
    }
    try:
        known_graphs(store, asked(query))
    except ParameterError as error:
        _say({"refused": str(error)})
        return
    dataset.labels.settle(engine)
    with bounds(seconds):
        _say({"ready": True})
        try:
            found, most = _query(store, query, builds=builds), wanted["rows"]
            if isinstance(found, QueryTriples):
                _built(found, most, reach)
            else:
                _answer(found, most, dataset.labels, reach, asked(query).order)
        except (TypeError, ValueError, OSError, RuntimeError) as error:
            _say({"error": f"the query cannot be answered: {error}"})


def _cache(wanted: Reply) -> Cache | None:
    """Return where graphs are kept, as it was sent."""
    folder, *limits = wanted.get("cache", [""])
    return Cache(Path(folder), *limits) if folder else None


def _sent(records: Sequence[Sequence[str]]) -> Iterator[Source]:
    """Yield the user's records as they were sent: name, bytes and how they are read."""
    for name, data, ending in records:
        yield Source(name, b64decode(data), ending)


def _query(store: Store, query: str, *, builds: bool) -> Results:
    """Return what `store` answers; a graph that is named FROM is read alone."""
    found = put(store, query)
    if isinstance(found, QueryTriples) != builds:
        what = (
            "asks for rows; ask it as such"
            if builds
            else "builds a graph; ask for rows"
        )
        raise TypeError(f"it {what}")
    return found


def _built(found: QueryTriples, most: int, reach: Reply) -> None:
    """Say the head, each statement once as it comes, and why they end early, if so."""
    _say({"answer": {}, **reach})
    room, cut, seen = MAX_ANSWER, "", set[Triple]()
    for triple in found:
        if triple in seen:
            continue
        written = str(triple)
        room -= len(written)
        if len(seen) == most or room < 0:
            cut = f"after {most:,} statements" if room >= 0 else "after 50 MiB of text"
            break
        seen.add(triple)
        _say({"row": written})
    _say({"cut": cut})


def _answer(
    found: QueryBoolean | QuerySolutions,
    rows: int,
    names: Labels,
    reach: Reply,
    order: Callable[[list[str]], list[str]],
) -> None:
    """Say the head of the answer, each row as it comes, and why it ends early, if so."""
    if isinstance(found, QueryBoolean):
        answer: Reply = {"head": {}, "boolean": bool(found)}
        _say({"answer": answer, **reach})
        _say({"cut": ""})
        return
    columns = order([variable.value for variable in found.variables])
    _say({"answer": {"head": {"vars": columns}, "results": {}}, **reach})
    room, cut = MAX_ANSWER, ""
    for count, solution in enumerate(found):
        terms = {name: solution[name] for name in columns if solution[name] is not None}
        room -= sum(len(str(term)) for term in terms.values())
        if count == rows or room < 0:
            cut = f"after {count:,} rows" if count == rows else "after 50 MiB of text"
            break
        things = [term.value for term in terms.values() if isinstance(term, NamedNode)]
        _say(
            {
                "row": {name: dict(_written(term)) for name, term in terms.items()},
                "labels": {thing: names.label(thing) for thing in things},
            }
        )
    _say({"cut": cut})


def _written(term: object) -> Iterator[tuple[str, str]]:
    """Yield a term as SPARQL 1.1 Query Results JSON writes it."""
    match term:
        case Literal():
            yield from (("type", "literal"), ("value", term.value))
            language, kind = term.language, term.datatype.value
            yield ("xml:lang", language) if language else ("datatype", kind)
        case NamedNode() | BlankNode():
            kind = "uri" if isinstance(term, NamedNode) else "bnode"
            yield from (("type", kind), ("value", term.value))
        case _:
            yield from (("type", "literal"), ("value", str(term)))


def _run(
    request: str, seconds: int, tell: Callable[[str], object]
) -> tuple[list[Reply], bool]:
    """Return what the process says once it is ready, and whether the time was over."""
    command = [sys.executable, "-I", "-m", "cspgraph.sandbox"]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell, nothing from the query
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,  # the reply may come with the first line; no buffer may keep it
        env={},
    ) as child:
        late = False
        try:
            _begin(child, request, seconds, tell)
            reply, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            reply, late = error.output or b"", True
        finally:
            child.kill()
    lines = reply.split(b"\n")[:-1]  # what no line break ends was not said to its end
    return [json.loads(line) for line in lines], late


def _begin(
    child: subprocess.Popen[bytes],
    request: str,
    seconds: int,
    tell: Callable[[str], object],
) -> None:
    """Send the request; return when the process is ready to ask it."""
    assert child.stdin is not None  # noqa: S101 - Popen was given pipes
    began = _heard(child, _START_SECONDS, request)
    if "began" not in began:
        raise StoppedError("the query's process did not start; try again")
    if not began.get("alone"):
        tell(_OPEN)
    checked = _heard(child, seconds)
    if "error" in checked:
        raise QueryError(checked["error"])
    if "checked" not in checked:
        raise StoppedError(_LATE.format(seconds) if "late" in checked else _ENDED)
    ready = _heard(child, _START_SECONDS)
    if "refused" in ready:
        raise ParameterError(ready["refused"])
    if "ready" not in ready:
        raise StoppedError(_ENDED)


def _heard(child: subprocess.Popen[bytes], seconds: int, request: str = "") -> Reply:
    """Return the next line that the process says; end it when that takes too long."""
    assert child.stdin is not None  # noqa: S101 - Popen was given pipes
    assert child.stdout is not None  # noqa: S101
    late: list[bool] = []

    def stop() -> None:
        late.append(True)
        child.kill()

    timer = Timer(seconds, stop)
    timer.start()
    try:
        if request:
            with suppress(BrokenPipeError):
                child.stdin.write(request.encode() + b"\n")
        line = child.stdout.readline()
    finally:
        timer.cancel()
    if late:
        return {"late": True}
    said: Reply = json.loads(line) if line.endswith(b"\n") else {}
    return said


def _say(message: Reply) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
