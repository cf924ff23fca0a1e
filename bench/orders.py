"""Each question on all areas of the country, beside rdflib and beside other orders of itself.

The planner of an engine follows the order in which patterns are written, to a degree
that nobody can see. So each run of patterns of a question is written in other orders,
those that give the same rows are timed, and the fastest counts.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import cspgraph
from bench.questions import rows
from bench.timing import Line, in_turns
from cspgraph.questions.ask import terms
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from cspgraph.questions.query_file import Query
    from cspgraph.rdf.engines import Oxigraph

TITLES = (
    "question, all areas of England and Wales at hand",
    "to rdflib",
    "to the best of six other orders",
)
DAY = "2024-10-11"
ORDERS, ROUNDS, SECONDS = 6, 3, 5
_ALIKE = multiprocessing.get_context("fork")  # the store is large: it is not copied
#: A pattern as the files write it: from the start of a line to the stop at its end.
_PATTERN = re.compile(r"^( *)(?:[?<]|\w+:)[^\n]*?(?:[;,]\n\1 +[^\n]*?)* \.\n", re.M)


def measure() -> Iterator[Line]:
    """Yield the time of each question, of rdflib, and of the best other order.

    What rdflib has not answered in some seconds is stopped and counts as longer.
    """
    kg = cspgraph.load()
    for place, asked in groupby(sorted(queries().values(), key=_place), key=_place):
        engine = kg.at(place)._engine() if place else kg._dataset.all_dates
        reference = Reference(engine.quads())
        for query in asked:
            given = {k: v for k, v in query.example.items() if k != "on"}
            day = kg._day(query.example["on"])
            text = query.bind(terms(query, given, kg._dataset.labels, day))
            other = _best(engine, text, random.Random(query.name))  # noqa: S311 - the same each time
            ours = partial(rows, engine, text)
            _, taken, others = in_turns(query.name, ours, *other, rounds=ROUNDS)
            slow = _slow(reference, text)
            yield query.name, taken, [slow, min(filter(None, others), default=None)]


def _place(query: Query) -> str:
    """Return the day of the graph that `query` is asked of; empty for all dates."""
    if query.all_dates:
        return ""
    return (
        max(query.example["on"], DAY)
        if query.example["on"] >= "2024"
        else query.example["on"]
    )


def _shuffled(text: str, dice: random.Random) -> str:
    """Return `text` with each run of patterns, and what each says, in another order."""
    found, end = [], 0
    run: list[str] = []
    for match in _PATTERN.finditer(text):
        if match.start() != end:
            found += dice.sample(run, len(run))
            run = []
            found.append(text[end : match.start()])
        run.append(_turned(match[0], dice))
        end = match.end()
    return "".join([*found, *dice.sample(run, len(run)), text[end:]])


def _turned(pattern: str, dice: random.Random) -> str:
    """Return `pattern` with what it says of its subject in another order."""
    indent, subject, rest = re.split(
        r"(\S+) ", pattern.removesuffix(" .\n"), maxsplit=1
    )
    said = re.split(r" ;\n *", rest)
    return f"{indent}{subject} {' ; '.join(dice.sample(said, len(said)))} .\n"


def _best(engine: Oxigraph, text: str, dice: random.Random) -> list[partial[None]]:
    """Return how to ask the fastest other order that gives the rows of `text`, if any."""
    others = dict.fromkeys(_shuffled(text, dice) for _ in range(ORDERS))
    wanted = engine.select(text)
    timed = []
    for other in others:
        taken = _timed(partial(_gives, engine, other, wanted))
        if other != text and taken > 0:
            timed.append((taken, other))
    return [partial(rows, engine, other) for _, other in sorted(timed)[:1]]


def _gives(engine: Oxigraph, text: str, wanted: bytes) -> bool:
    return engine.select(text) == wanted


def _slow(reference: Reference, text: str) -> float:
    """Return the seconds that rdflib takes, below zero where it was stopped."""

    def answered() -> bool:
        return bool(reference.graph.query(text).serialize(format="json"))

    return _timed(answered) or -float(SECONDS)


def _timed(work: Callable[[], bool]) -> float:
    """Return the seconds that `work` takes; 0 where it gives False or takes too long.

    It runs in a process of its own, because a bad order may take for ever and the
    engine cannot be interrupted. Raises `EOFError` where that process breaks.
    """
    told, telling = _ALIKE.Pipe(duplex=False)
    trial = _ALIKE.Process(target=_tell, args=(work, telling))
    trial.start()
    telling.close()  # so that a process that breaks is heard of, and not waited for
    taken: float = told.recv() if told.poll(SECONDS) else 0
    trial.kill()
    trial.join()
    return taken


def _tell(work: Callable[[], bool], telling: Connection) -> None:
    begun = time.perf_counter()
    done = work()
    telling.send((time.perf_counter() - begun) * done)
