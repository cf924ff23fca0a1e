"""Print the benchmark tables: `make bench`.

Each figure is a ratio within one run on one machine, medians of turns taken by the
things compared. Below 1 means that cspgraph took less time.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import Store

import cspgraph
from bench.timing import commands, in_turns
from cspgraph import duties
from cspgraph.asking import terms
from cspgraph.engines import Oxigraph, Reference, to_rdflib
from cspgraph.library import Library
from cspgraph.queries import queries
from cspgraph.sources import quads

if TYPE_CHECKING:
    from collections.abc import Iterable

QUESTION = "answer who-must-adopt --area Dorset --on 2024-07-23"
DAY = "2024-07-23"


def main() -> None:
    names = ("rdflib", "pyoxigraph", "pyshacl")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(
        f"cspgraph {cspgraph.__version__}, Python {platform.python_version()}, {packages}, {os.cpu_count()} cores\n"
    )
    _table("from a cold start", ["to `import rdflib.plugins.sparql`"], _start())
    library = Library()
    _table(
        "in the library", ["to rdflib alone", "to raw pyoxigraph"], _library(library)
    )
    _table(
        "question, day at hand", ["to rdflib", "to raw pyoxigraph"], _questions(library)
    )


def _start() -> Iterable[list[str]]:
    python = sys.executable
    rdflib_import, help_text, answer = commands(
        [python, "-c", "import rdflib.plugins.sparql"],
        [python, "-m", "cspgraph.cli", "--help"],
        [python, "-m", "cspgraph.cli", *QUESTION.split()],
    )
    yield ["`cspgraph --help`", _ratio(help_text, rdflib_import)]
    yield ["a one-area answer", _ratio(answer, rdflib_import)]


def _library(library: Library) -> Iterable[list[str]]:
    files = (*library.terms, *library.law, *library.records)

    def with_rdflib() -> None:
        for source in files:
            rdflib.Dataset().parse(
                data=source.text, format=source.suffix[1:].replace("ttl", "turtle")
            )

    def with_pyoxigraph() -> None:
        store = Store()
        for source in files:
            store.extend(quads(source))

    ours, theirs, raw = in_turns(library.read, with_rdflib, with_pyoxigraph, rounds=3)
    yield ["load all files", _ratio(ours, theirs), _ratio(ours, raw)]

    base = list(library.read().quads())
    reference = Reference(base)
    ours, theirs = in_turns(
        lambda: duties.derive(Oxigraph(base)),
        lambda: duties.derive(reference),
        rounds=1,
    )
    yield ["derive all duties, all dates", _ratio(ours, theirs), "the same engine"]

    kg = cspgraph.load(on=DAY)
    kg.answer("standing", area="Dorset")
    ours, converting = in_turns(
        lambda: kg.validate(area="Dorset"), lambda: to_rdflib(kg.quads()), rounds=3
    )
    yield [
        "the check, Dorset",
        f"{_ratio(ours, converting)} (to converting the graph)",
        "",
    ]


def _questions(library: Library) -> Iterable[list[str]]:
    kg = cspgraph.load()
    for query in queries().values():
        given = dict(query.example)
        on = given.pop("on", DAY)
        engine = library.day(kg.at(on).on or kg.at(DAY).on)  # type: ignore[arg-type]
        text = query.bind(terms(query, given, library.names, kg.at(on).on))  # type: ignore[arg-type]
        reference = Reference(engine.quads())
        kg.answer(query.name, on=on, **given)
        ours, theirs, raw = in_turns(
            lambda query=query, on=on, given=given: kg.answer(
                query.name, on=on, **given
            ),
            lambda text=text, reference=reference: reference.select(text),
            lambda text=text, engine=engine: engine.select(text),
            rounds=3,
        )
        yield [query.name, _ratio(ours, theirs), _ratio(ours, raw)]


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.2f}"


def _table(first: str, titles: list[str], rows: Iterable[list[str]]) -> None:
    print(
        f"| {' | '.join([first, *titles])} |\n| {' | '.join(['---'] * (len(titles) + 1))} |"
    )
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print()


if __name__ == "__main__":
    main()
