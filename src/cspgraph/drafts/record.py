"""The rows of a draft as a record, marked as a draft or as confirmed by an office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.drafts.rows import register
from cspgraph.errors import FileError
from cspgraph.forms import read, yaml_file
from cspgraph.forms.schema import form
from cspgraph.forms.template import TemplateGuide
from cspgraph.rdf import serialize
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import CSP
from cspgraph.records.drafts import DRAFT

if TYPE_CHECKING:
    from cspgraph.drafts.rows import Rows

__all__ = ["Made", "trig"]


@dataclass(frozen=True, slots=True)
class Made:
    """A record as text, and what was wrong or left out on the way."""

    text: str
    problems: tuple[str, ...]
    count: int


def trig(rows: Rows, name: str, *, status: str = "", note: str = "") -> Made:
    """Return the rows as TriG; with the `status` draft the document is marked as one.

    Raises `FileError` where nothing is left to write.
    """
    text = yaml_file.written(rows.filled, form(), TemplateGuide())
    grid = yaml_file.grid(Source(name, text.encode()), form())
    made = read.read(grid, form(), register().choices)
    if not made.quads:
        raise FileError(name, "nothing in it is confirmed; write yes beside a fact")
    quads = list(made.quads)
    document = next((q.subject for q in quads if q.object == CSP.SourceDocument), None)
    if document is not None and isinstance(document, NamedNode):
        graph = quads[0].graph_name
        if status == "draft":
            quads.append(Quad(document, CSP.status, DRAFT, graph))
        if note:
            quads.append(
                Quad(document, CSP.modelNote, Literal(note, language="en"), graph)
            )
    problems = (*map(str, made.problems), *rows.left_out)
    return Made(serialize.trig(quads, name), problems, len(quads))
