"""Shapes of the user, looked at beside the shipped ones.

They see the graph of the day. Core is looked at here; where a shape asks in SPARQL, all
of them are for pySHACL. What neither knows is told as not checked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rdflib import RDF, SH, BNode, Graph, URIRef

from cspgraph.errors import FileError, ShapeFileError
from cspgraph.rdf import files
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.terms import PREFIXES
from cspgraph.report.findings import Unseen
from cspgraph.validate import rdflib_view, unchecked
from cspgraph.validate.rdflib_view import outward, quads
from cspgraph.validate.results import as_results, by_pyshacl, worded
from cspgraph.validate.shacl import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

    from cspgraph.rdf.engines import Oxigraph
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.locate import Locations
    from cspgraph.report.findings import Finding

__all__ = ["OwnShapes", "look", "read"]

_REACHES_OUT = re.compile(r"\b(SERVICE|FROM)\b", re.IGNORECASE)
_COMPONENT = "ConstraintComponent"
_NAMELESS = "a shape without a name"


class OwnShapes(Graph):
    """The shapes of the user as one graph, with the names of their files."""

    name = ""


def read(paths: Iterable[str | Path]) -> OwnShapes:
    """Return the shapes in the Turtle files at `paths`, or in folders of them.

    Raises `ShapeFileError` for a file that cannot be read, that holds no shape, or
    whose SPARQL would leave this machine.
    """
    asked, names = OwnShapes(), []
    try:
        for path in paths:
            found = list(files.user_files(path))
            for source in found:
                asked += to_rdflib(files.quads(source))
                names.append(source.name)
    except FileError as error:
        raise ShapeFileError(error.file, error.problem, error.line) from error
    asked.name = ", ".join(names)
    marks = (*unchecked.TARGETS, SH.path, SH.property)
    is_shape = any((None, mark, None) in asked for mark in marks) or any(
        (None, RDF.type, kind) in asked for kind in (SH.NodeShape, SH.PropertyShape)
    )
    if names and not is_shape:
        problem = "there is no SHACL shape in it; write one with sh:targetClass"
        raise ShapeFileError(asked.name, problem)
    for text in asked.objects(None, SH.select):
        out = _REACHES_OUT.search(str(text))
        if out:
            problem = (
                f"sh:select has {out[0]}, which can leave this machine; take it out"
            )
            raise ShapeFileError(asked.name, problem)
    return asked


def look(
    asked: OwnShapes, day: Oxigraph, names: Labels, places: Locations
) -> tuple[list[Finding], list[Unseen]]:
    """Return what the shapes find in the graph of the `day`, and what they did not check.

    Raises `ShapeFileError` for SPARQL that cannot be run.
    """
    data = rdflib_view.read(day.store)
    ours = Shapes(quads(asked))
    missed = unchecked.in_shapes(data, asked, own=True)
    if set(asked.predicates()) & unchecked.SPARQL:
        try:
            results = by_pyshacl(to_rdflib(day.quads()), asked, sparql=True)
        except Exception as error:  # rdflib raises bare ones too
            said = getattr(error, "problem", "") or f"its SPARQL cannot be run: {error}"
            raise ShapeFileError(asked.name, said) from error
    else:
        results = as_results(ours.check(day.store), asked)
        missed += [
            f"{_named(outward(s), asked)}: {why}" for s, why in ours.missed.items()
        ]
    found = []
    for finding in worded(results, asked, data, names):
        file, place = places.find(finding.focus)
        shape = _node(finding.shape, asked)
        said = finding.message or _said(shape, finding.component, asked)
        found.append(
            replace(
                finding,
                file=file,
                place=place,
                shape=_address(shape, asked),
                message=said,
                reason=finding.reason or f"A shape of {asked.name} asks for it.",
            )
        )
    told = [Unseen(f"{asked.name}: {one}", broken=True) for one in sorted(set(missed))]
    return list(dict.fromkeys(found)), told


def _node(shape: str, asked: Graph) -> Node:
    blank = BNode(shape)
    return blank if (blank, None, None) in asked else URIRef(shape)


def _named(shape: Node, asked: Graph) -> str:
    """Return the address of `shape`, or of the nearest one with an address that uses it."""
    seen, here = set[object](), shape
    while isinstance(here, BNode) and here not in seen:
        seen.add(here)
        here = next(iter(sorted(asked.subjects(None, here), key=str)), here)
    return _NAMELESS if isinstance(here, BNode) else str(here)


def _address(shape: Node, asked: Graph) -> str:
    """Return the address of `shape` as `_named` does, and one of ours where there is none."""
    found = _named(shape, asked)
    return f"{PREFIXES['shape']}own" if found == _NAMELESS else found


def _said(shape: Node, component: str, asked: Graph) -> str:
    """Return what a shape without a message asks for, by its key."""
    for query in sorted(asked.objects(shape, SH.sparql), key=str):
        for said in sorted(asked.objects(query, SH.message), key=str):
            return str(said)
    key = component.removeprefix(str(SH)).removesuffix(_COMPONENT)
    key = key[:1].lower() + key[1:]
    limit = asked.value(shape, URIRef(f"{SH}{key}"))
    written = "" if limit is None or isinstance(limit, BNode) else f" {limit}"
    return f"Write what sh:{key}{written} asks for."
