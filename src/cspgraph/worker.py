"""Run free SPARQL in a process of its own: no network, bounded time and memory.

pyoxigraph cannot be interrupted and a hostile query can end its process, so the
query runs where that harms nobody. The process says that it began, reads the shipped
files, says that it is ready, answers and ends; when it is too slow, it is stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions

from cspgraph.answers import Answer, from_json
from cspgraph.asking import day_of
from cspgraph.errors import ParameterError, QueryError, StoppedError
from cspgraph.gate import admit
from cspgraph.library import Library
from cspgraph.queries import Column
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.names import Names

    Reply = dict[str, Any]

__all__ = ["ask", "serve"]

MAX_MEMORY = 2 * 1024**3
MAX_ANSWER = 50 * 1024**2
_START_SECONDS = 300
_ENDED = "the query ended its process; it is too deep or needs too much memory"
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def ask(
    query: str,
    *,
    on: str,
    areas: Sequence[str] = (),
    seconds: int = 10,
    rows: int = 10_000,
) -> Answer:
    """Return the answer to free SPARQL on the graph of the day `on`.

    `areas`, codes or names, keep the graph to these areas and those on record;
    without, it is that of the country, which takes a while to make. At most `rows` rows come back, and at most 50 MiB of text; `complete` is false
    when there was more.
    Raises `UnsafeQueryError` for what the gate refuses, `QueryError` for bad
    SPARQL, `ParameterError` for an area that is not known, and `StoppedError` when the query took longer than `seconds` or ended
    the process it ran in.
    """
    day = day_of("on", on)
    wanted = {"query": admit(query), "on": on, "areas": list(areas), "rows": rows}
    reply = json.loads(_run(json.dumps({**wanted, "seconds": seconds}), seconds))
    if "error" in reply:
        raise QueryError(reply["error"])
    names, terms = from_json(json.dumps(reply["answer"]).encode())
    return Answer(
        "sparql",
        "Free SPARQL.",
        tuple(Column(name, "text", name) for name in names),
        tuple(terms),
        day,
        {},
        reply["labels"],
        reply["receipt"],
        reply["complete"],
    )


def serve() -> None:
    """Read one request from standard input, answer it on standard output."""
    wanted = json.loads(sys.stdin.buffer.readline())
    day = day_of("on", wanted["on"])
    _say({"began": True})
    library = Library()
    try:
        asked = {library.area(word, day) for word in wanted["areas"]}
    except ParameterError as error:
        _say({"refused": str(error)})
        return
    library.limit = frozenset(asked) or None
    store = library.day(day).store
    _confine(wanted["seconds"])
    _say({"ready": True})
    try:
        found = store.query(
            wanted["query"], prefixes=PREFIXES, use_default_graph_as_union=True
        )
        reply = _answered(found, wanted["rows"], library.names)
    except (SyntaxError, TypeError, ValueError) as error:
        _say({"error": f"not a SPARQL SELECT or ASK: {error}"})
        return
    _say({**reply, "receipt": library.receipt(day)})


def _answered(found: object, rows: int, names: Names) -> Reply:
    if isinstance(found, QueryBoolean):
        return {
            "answer": {"head": {}, "boolean": bool(found)},
            "labels": {},
            "complete": True,
        }
    if not isinstance(found, QuerySolutions):
        raise TypeError("it builds a graph; ask for rows")
    columns = [variable.value for variable in found.variables]
    labels: dict[str, str] = {}
    bindings: list[Reply] = []
    room, complete = MAX_ANSWER, True
    for solution in found:
        terms = {name: solution[name] for name in columns if solution[name] is not None}
        room -= sum(len(str(term)) for term in terms.values())
        if len(bindings) == rows or room < 0:
            complete = False
            break
        bindings.append({name: dict(_written(term)) for name, term in terms.items()})
        things = [term.value for term in terms.values() if isinstance(term, NamedNode)]
        labels.update((thing, names.label(thing)) for thing in things)
    whole = {"head": {"vars": columns}, "results": {"bindings": bindings}}
    return {"answer": whole, "labels": labels, "complete": complete}


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


def _run(request: str, seconds: int) -> bytes:
    command = [sys.executable, "-I", "-m", "cspgraph.worker"]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell, nothing from the query
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,  # the reply may come with the first line; no buffer may keep it
        env={},
    ) as child:
        try:
            _begin(child, request)
            reply, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            problem = f"stopped after {seconds} s; ask for less, or give it longer with --seconds"
            raise StoppedError(problem) from error
        finally:
            child.kill()
    if not reply.strip():
        raise StoppedError(_ENDED)
    return reply


def _begin(child: subprocess.Popen[bytes], request: str) -> None:
    """Send the request; return when the process is ready to ask it."""
    assert child.stdin is not None  # noqa: S101 - Popen was given pipes
    assert child.stdout is not None  # noqa: S101
    late = Timer(_START_SECONDS, child.kill)
    late.start()
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(request.encode() + b"\n")
        if b"began" not in child.stdout.readline():
            raise StoppedError("the query's process did not start; try again")
        said = json.loads(child.stdout.readline() or "{}")
    finally:
        late.cancel()
    if "refused" in said:
        raise ParameterError(said["refused"])
    if "ready" not in said:
        raise StoppedError(_ENDED)


def _confine(seconds: int) -> None:
    """Take away the network where the kernel allows; bound memory, files and time.

    The parent stops the process in time; should the parent end first, the bound on
    processor time does.
    """
    try:
        import ctypes
        import resource
    except ImportError:  # not on this system: the time limit still holds
        return
    with suppress(AttributeError):  # no such call on this system
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 2 * seconds + 2
    resource.setrlimit(resource.RLIMIT_CPU, (used, used))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _say(message: Reply) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
