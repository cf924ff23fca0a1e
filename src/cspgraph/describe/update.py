"""The derivation as one SPARQL Update script, so that any engine can do it by itself.

The rules stay what they are, CONSTRUCT queries in files; here each becomes an INSERT in
their order. What SPARQL engines do not count alike, dates and what goes on a day, is
worked out here and stands in the script as data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.derive import rules, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pyoxigraph import Quad

    from cspgraph.rdf.engines import Oxigraph

__all__ = ["script"]

_CONSTRUCT = re.compile(r"CONSTRUCT\s*\{([^{}]*)\}\s*WHERE\b")
_PREFIX = re.compile(r"^PREFIX .*$", re.MULTILINE)
_AT_ONCE = 500


def script(begun: Oxigraph, on: date | None) -> str:
    """Return the script that derives from `begun` what counts on the day `on`, or on all.

    `begun` holds what the files say and which areas and days are looked at; it holds all
    that follows afterwards.
    """
    prefixes = sorted(
        {line for rule in rules.rules().values() for line in _PREFIX.findall(rule.text)}
    )
    # Once, at the top: not every engine reads them again after a step.
    return "\n".join(prefixes) + "\n\n" + ";\n\n".join(_steps(begun, on)) + "\n"


def _steps(engine: Oxigraph, on: date | None) -> Iterator[str]:
    graphs = [str(graph) for graph in engine.store.named_graphs()]
    read = sorted({*graphs, str(NamedNode(rules.DERIVED))})
    lasting = [n for n in rules.rules() if n >= rules.FIRST_LASTING_RULE]
    for name in (n for n in lasting if n < rules.FIRST_SNAPSHOT_RULE):
        yield _inserted(name, read)
        engine.add(engine.derive(rules.rules()[name].text), rules.DERIVED)
    if on is None:
        return
    before = set(engine.quads())
    snapshot.cut(engine, on)
    after = set(engine.quads())
    yield from _data("DELETE", before - after, f"what does not count on {on}")
    yield from _data("INSERT", after - before, f"{on}, and what is counted in days")
    for name in (n for n in lasting if n >= rules.FIRST_SNAPSHOT_RULE):
        yield _inserted(name, read)
        engine.add(engine.derive(rules.rules()[name].text), rules.DERIVED)


def _inserted(name: str, graphs: list[str]) -> str:
    """Return the rule called `name` as an INSERT that reads all `graphs` as one."""
    using = "\n".join(f"USING {graph}" for graph in graphs)
    found = f"INSERT {{ GRAPH <{rules.DERIVED}> {{\\1}} }}\n{using}\nWHERE"
    text = _PREFIX.sub("", rules.rules()[name].text)
    lines = [line for line in _CONSTRUCT.sub(found, text).splitlines() if line]
    return "\n".join([f"# {name}", *lines])


def _data(verb: str, quads: Iterable[Quad], why: str) -> Iterator[str]:
    ordered = sorted(quads, key=str)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        lines = [f"  GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in some]
        yield "\n".join([f"# {why}", f"{verb} DATA {{", *lines, "}"])
