"""Rows and statements as the SPARQL 1.1 Protocol gives them: JSON, XML, CSV, TSV, RDF."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

from cspgraph.errors import ParameterError
from cspgraph.rdf.results import kind_of
from cspgraph.receipt import warning
from cspgraph.render import html
from cspgraph.render.escape import csv_cell, xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.triples import Triples
    from cspgraph.rdf.results import Term

__all__ = ["GRAPHS", "ROWS", "preferred", "written"]

#: The media types of rows, the first being what is given to those who do not choose.
ROWS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/html": "html",
}
#: The media types of statements, likewise.
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_BLANK = "urn:blank:"
_BACK = '<p><a href="/ask/">Ask another</a></p>'
_NUMBERS = ("integer", "number")
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return the one of `offered` that a reader who sends `accept` likes best.

    None where it takes none of them.

    >>> preferred("text/csv;q=0.5, application/json", ["application/json", "text/csv"])
    'application/json'
    >>> preferred("", ["text/turtle"])
    'text/turtle'
    >>> preferred("image/png", ["text/turtle"]) is None
    True
    """
    wanted = [part for part in accept.lower().split(",") if part.strip()]
    if not wanted:
        return offered[0]
    best: tuple[float, int, str] | None = None
    for place, kind in enumerate(offered):
        worth = _worth(kind, wanted)
        if worth > 0 and (best is None or (worth, -place) > best[:2]):
            best = worth, -place, kind
    return best[2] if best else None


def _worth(kind: str, wanted: Sequence[str]) -> float:
    """Return how much `kind` is wanted: what is nearest to it decides."""
    nearest, worth = -1, 0.0
    for part in wanted:
        name, *rest = (word.strip() for word in part.split(";"))
        how_near = _near(name, kind)
        if how_near > nearest:
            nearest, worth = how_near, _quality(rest)
    return worth


def _near(name: str, kind: str) -> int:
    if name == kind:
        return 2
    if name.endswith("/*") and kind.startswith(name[:-1]):
        return 1
    return 0 if name == "*/*" else -1


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def written(found: Answer | Triples, kind: str, link: str, *, truth: bool) -> bytes:
    """Return rows or statements as the media type `kind`.

    `link` leads to what the answer says of itself, and stands where the format has a
    place for it. `truth` is whether it is the answer to an ASK.
    """
    if kind == "text/html":
        silence = found.silence if isinstance(found.silence, str) else ""
        cut = "" if found.complete else f"Stopped {found.receipt['cut']}."
        said = [html.paragraph(line) for line in (cut, warning(found.receipt), silence)]
        return html.page("Answer", [*said, found._repr_html_(), _BACK]).encode()
    if kind in GRAPHS:
        return _statements(found, kind)  # type: ignore[arg-type]
    form, answer = ROWS[kind], found
    names = [column.name for column in answer.columns]  # type: ignore[union-attr]
    rows: Sequence[Sequence[Term | None]] = answer.terms  # type: ignore[union-attr]
    if truth:
        return _truth(form, rows[0][0].value, link)  # type: ignore[union-attr]
    match form:
        case "json":
            return _json(names, rows, link)
        case "xml":
            return _xml(names, rows, link)
        case "csv":
            return _csv(names, rows)
    lines = ["\t".join(f"?{name}" for name in names)]
    lines += ["\t".join("" if t is None else _tab(t) for t in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _statements(found: Triples, kind: str) -> bytes:
    if kind == "text/turtle":
        return found.to("turtle").encode()
    try:
        return serialize(found.triples, format=GRAPHS[kind]) or b""
    except (ValueError, OSError) as error:
        problem = f"{kind} cannot hold these statements; ask for text/turtle"
        raise ParameterError(f"Accept: {problem}") from error


def _truth(form: str, value: str, link: str) -> bytes:
    if form == "json":
        whole = {"head": {"link": [link]}, "boolean": value == "true"}
        return json.dumps(whole).encode()
    if form == "xml":
        return _document(f"<boolean>{value}</boolean>", (), link)
    return f"{value}\n".encode()


def _json(
    names: Sequence[str], rows: Sequence[Sequence[Term | None]], link: str
) -> bytes:
    bindings = [
        {n: _object(t) for n, t in zip(names, row, strict=True) if t is not None}
        for row in rows
    ]
    head = {"vars": list(names), "link": [link]}
    whole = {"head": head, "results": {"bindings": bindings}}
    return json.dumps(whole, ensure_ascii=False).encode()


def _object(term: Term) -> Mapping[str, str]:
    if isinstance(term, NamedNode):
        blank = term.value.startswith(_BLANK)
        value = term.value.removeprefix(_BLANK) if blank else term.value
        return {"type": "bnode" if blank else "uri", "value": value}
    said = {"type": "literal", "value": term.value}
    if term.language:
        said["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        said["datatype"] = term.datatype.value
    return said


def _xml(
    names: Sequence[str], rows: Sequence[Sequence[Term | None]], link: str
) -> bytes:
    results = "".join(
        "<result>"
        + "".join(
            f'<binding name="{xml_text(name)}">{_element(term)}</binding>'
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        + "</result>\n"
        for row in rows
    )
    return _document(f"<results>\n{results}</results>", names, link)


def _document(inside: str, names: Sequence[str], link: str) -> bytes:
    variables = "".join(f'<variable name="{xml_text(name)}"/>' for name in names)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
        f'<head>{variables}<link href="{xml_text(link)}"/></head>\n{inside}\n</sparql>\n'
    ).encode()


def _element(term: Term) -> str:
    said = _object(term)
    value = xml_text(said["value"])
    if said["type"] != "literal":
        return f"<{said['type']}>{value}</{said['type']}>"
    if "xml:lang" in said:
        return f'<literal xml:lang="{xml_text(said["xml:lang"])}">{value}</literal>'
    if "datatype" in said:
        return f'<literal datatype="{xml_text(said["datatype"])}">{value}</literal>'
    return f"<literal>{value}</literal>"


def _csv(names: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> bytes:
    """Return CSV; what a spreadsheet would take for a formula gets a ', numbers do not."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow(
            _plain(t) if t is None or kind_of(t) in _NUMBERS else csv_cell(_plain(t))
            for t in row
        )
    return out.getvalue().encode()


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    blank = isinstance(term, NamedNode) and term.value.startswith(_BLANK)
    return f"_:{term.value.removeprefix(_BLANK)}" if blank else term.value


def _tab(term: Term) -> str:
    if isinstance(term, NamedNode) and term.value.startswith(_BLANK):
        return _plain(term)
    if isinstance(term, Literal) and "\t" in str(term):
        return str(term).replace("\t", "\\t")
    return str(term)
