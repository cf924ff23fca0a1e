"""OpenAPI 3.1, made from the front matter of the questions and not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cspgraph.questions.query_file import queries
from cspgraph.serve.answers import KINDS, NAMED
from cspgraph.serve.problems import PROBLEM, TITLES
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cspgraph.questions.query_file import Column, Query

    Schema = dict[str, Any]

__all__ = ["described", "schema_of"]

_TEXT: dict[str, Any] = {"type": "string"}
_DAY = {
    "name": "on",
    "in": "query",
    "required": False,
    "description": "The day, such as 2024-07-23; today if left out.",
    "schema": {"type": "string", "format": "date"},
}
#: What a cell of each kind of column may hold besides a text and nothing.
_CELLS = {"integer": ["integer"], "boolean": ["boolean"], "number": ["number"]}
#: The commands that are no questions: what they do, and their parameters.
_COMMANDS: Mapping[str, tuple[str, Sequence[tuple[str, bool, str]]]] = {
    "why": (
        "The chains from a thing up to the law and down to the record.",
        (
            (
                "thing",
                True,
                "A duty, body, document or provision: its name or address.",
            ),
            ("area", False, "Keep to one area: a name or code."),
        ),
    ),
    "why-not": (
        "Why a body has no such duty: the first condition that fails.",
        (
            ("body", True, "The body: its name or address."),
            ("asked", True, "A kind of document, or a duty."),
            ("area", True, "The area: a name or code."),
        ),
    ),
    "changes": (
        "What was gained and lost in an area between two days, each with its cause.",
        (
            ("area", True, "The area: a name or code."),
            ("from", True, "The day before the first that counts."),
            ("to", True, "The last day that counts."),
        ),
    ),
    "due": (
        "By which day a duty falls due, and how that is counted.",
        (
            ("duty", True, "A duty, such as cdos09-respond-28-days."),
            ("from", True, "The day of the event, or the day to look from."),
        ),
    ),
    "brief": (
        "The checklist for the report on which a council decides about a document.",
        (
            ("area", True, "The area: a name or code."),
            ("product", True, "The kind of document, such as csp-plan."),
        ),
    ),
    "find": (
        "The names and codes that a text may mean.",
        (
            ("text", True, "The beginnings of the words of a name, or a code."),
            ("kind", False, f"One of {', '.join(NAMED)}."),
        ),
    ),
    "receipt": (
        "What an answer of a day rests on, and what must be said of that day.",
        (("area", False, "The areas asked about."),),
    ),
}
_WITHOUT_DAY = ("changes", "due")


def described() -> Schema:
    """Return the description of the whole interface.

    >>> described()["openapi"]
    '3.1.0'
    """
    paths: Schema = {
        f"/api/v1/answers/{query.name}": {"get": _question(query)}
        for query in queries().values()
    }
    for name, (what, parameters) in _COMMANDS.items():
        days = [] if name in _WITHOUT_DAY else [_DAY]
        paths[f"/api/v1/{name}"] = {
            "get": _operation(
                name, what, [*(_parameter(*one) for one in parameters), *days]
            )
        }
    document = _parameter("document", True, "The document: its name or address.")
    paths["/api/v1/claims/{document}"] = {
        "get": _operation(
            "claims-of",
            "What a document says of the law, held against the law of its day.",
            [{**document, "in": "path"}, _DAY],
        )
    }
    paths["/api/v1/questions"] = {
        "get": _operation("questions", "The questions, with what they take.", [])
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cspgraph",
            "version": __version__,
            "summary": "Which body must adopt what, by when, under which law, and why.",
            "description": "Every answer carries its provision, its day and its doubt. No record never means not done. It is not legal advice.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": {"Receipt": _RECEIPT, "Problem": _PROBLEM}},
    }


_RECEIPT: Schema = {
    "type": "object",
    "description": "What is needed to produce the answer again, how far it reaches, and what is in doubt.",
    "required": ["version", "on", "engine", "law", "register", "records", "rules"],
    "properties": {
        "version": _TEXT,
        "on": _TEXT,
        "engine": _TEXT,
        "law": _TEXT,
        "register": _TEXT,
        "records": _TEXT,
        "rules": _TEXT,
        "doubt": _TEXT,
    },
}
_PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was given, and what fits."},
        "code": {"type": "string", "description": "A word for programs."},
    },
}


def schema_of(query: Query) -> Schema:
    """Return the schema of the answer to `query`, in JSON.

    >>> from cspgraph.questions.query_file import find
    >>> [*schema_of(find("two-tier"))["properties"]["rows"]["items"]["properties"]][0]
    'county'
    """
    columns = {column.name: _cell(column) for column in query.columns}
    return {
        "type": "object",
        "required": ["question", "on", "sentence", "columns", "rows", "receipt"],
        "properties": {
            "question": {"const": query.name},
            "parameters": {
                "type": "object",
                "properties": {
                    parameter.name: {"type": "array", "items": _TEXT}
                    for parameter in query.parameters
                },
            },
            "on": {"type": ["string", "null"], "format": "date"},
            "sentence": {
                "type": "string",
                "description": "The answer in a sentence or a few, with its doubt.",
            },
            "columns": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "kind", "title"],
                    "properties": {"name": _TEXT, "kind": _TEXT, "title": _TEXT},
                },
            },
            "rows": {
                "type": "array",
                "items": {"type": "object", "properties": columns},
            },
            "empty": {
                "type": ["object", "null"],
                "description": "Why there are no rows, and what may be asked instead.",
                "required": ["reason", "text", "ask_instead"],
            },
            "labels": {"type": "object", "additionalProperties": _TEXT},
            "complete": {"type": "boolean"},
            "receipt": {"$ref": "#/components/schemas/Receipt"},
        },
    }


def _cell(column: Column) -> Schema:
    kinds = [*_CELLS.get(column.kind, ()), "string", "null"]
    said: Schema = {"type": kinds, "description": column.title}
    return {**said, "format": "date"} if column.kind == "date" else said


def _question(query: Query) -> Schema:
    parameters = [
        {
            **_parameter(
                p.name, not p.optional and not _by_body(query, p.name), p.title
            ),
            "schema": {"type": "array", "items": _kind(p.kind)},
            "style": "form",
            "explode": True,
            **({"example": [query.example[p.name]]} if p.name in query.example else {}),
        }
        for p in query.parameters
    ]
    day = {
        **_DAY,
        **({"example": query.example["on"]} if "on" in query.example else {}),
    }
    made = _operation(query.name, query.question, [*parameters, day])
    content = {kind: {"schema": _TEXT} for kind in KINDS if kind != "application/json"}
    content["application/json"] = {"schema": schema_of(query)}
    made["responses"]["200"]["content"] = content
    return made


def _by_body(query: Query, name: str) -> bool:
    """Return whether an area may be left out because a body is named."""
    return name == "area" and query.of_body


def _kind(kind: str) -> Schema:
    return {"type": "string", "format": "date"} if kind == "date" else _TEXT


def _parameter(name: str, required: bool, what: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": what,
        "schema": _TEXT,
    }


def _operation(name: str, what: str, parameters: Sequence[Schema]) -> Schema:
    problems = {
        str(status): {
            "description": f"{TITLES[status]}.",
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (400, 404, 406, 503)
    }
    return {
        "operationId": name,
        "summary": what,
        "parameters": list(parameters),
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {"application/json": {"schema": {}}},
            },
            "304": {"description": "It has not changed."},
            **problems,
        },
    }
