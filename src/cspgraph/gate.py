"""The gate for free SPARQL: refuse, with a reason, what must never run.

pyoxigraph follows SERVICE to the network from a read query, and a few thousand
brackets end its process. Words are judged with strings, comments and IRIs cut
out, because both engines accept spellings that whole words would miss. The gate
gives good messages; the worker, which has no network, gives safety.
"""

from __future__ import annotations

import re

from cspgraph.errors import UnsafeQueryError

__all__ = ["admit"]

MAX_BYTES = 64 * 1024
MAX_DEPTH = 64
MAX_GROUPS = 200
MAX_OPERATORS = 2_000
MAX_STEPS = 64

_CUT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|#[^\n\r]*",
    re.DOTALL,
)
_GROUPS = re.compile(r"\b(?:OPTIONAL|UNION|MINUS|FILTER|BIND)\b", re.IGNORECASE)
_DATASET = re.compile(r"\bFROM\b", re.IGNORECASE)
_UPDATE = re.compile(
    r"\b(?:INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b\s*(?:DATA|WHERE|GRAPH|DEFAULT|NAMED|ALL|SILENT|\{)",
    re.IGNORECASE,
)
_OPERATORS = re.compile(r"[|&=!<>+*/-]")
_PATH = re.compile(r"(?:[\w:?$^!()*+-]+\s*[/|]\s*)+[\w:^!()*+-]+")


def admit(query: str) -> str:
    """Return `query` when it may run; raise `UnsafeQueryError` with the reason.

    >>> admit("SELECT ?service WHERE { ?service ?p 'SERVICE <x>' }")
    "SELECT ?service WHERE { ?service ?p 'SERVICE <x>' }"
    >>> admit("SELECT * { SERVICESILENT <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    cspgraph.errors.UnsafeQueryError: SERVICE would call another server; ask this graph only
    """
    if len(query.encode()) > MAX_BYTES:
        raise UnsafeQueryError(
            f"the query is longer than {MAX_BYTES // 1024} KiB; shorten it"
        )
    rest = _CUT.sub(" ", query)
    if "\\" in rest:
        raise UnsafeQueryError(
            "a backslash stands outside a string; write the full IRI"
        )
    for found in re.finditer(r"service|load", rest, re.IGNORECASE):
        if not _begins_after_mark(rest, found.start()):
            word = found[0].upper()
            problem = (
                "would call another server"
                if word == "SERVICE"
                else "would read a file"
            )
            raise UnsafeQueryError(f"{word} {problem}; ask this graph only")
    if _DATASET.search(rest):
        raise UnsafeQueryError("FROM names another graph to read; leave it out")
    if _UPDATE.search(rest):
        raise UnsafeQueryError("an update is refused; ask a SELECT or ASK")
    _within(_depth(rest), MAX_DEPTH, "brackets nested {} deep")
    _within(
        len(_GROUPS.findall(rest)), MAX_GROUPS, "{} groups such as OPTIONAL or FILTER"
    )
    _within(len(_OPERATORS.findall(rest)), MAX_OPERATORS, "{} operators")
    steps = max(
        (len(re.findall(r"[/|]", path)) for path in _PATH.findall(rest)), default=0
    )
    _within(steps, MAX_STEPS, "a path of {} steps")
    return query


def _begins_after_mark(text: str, place: int) -> bool:
    """Say whether the word round `place` begins right after `?`, `$` or `:`."""
    while place and (text[place - 1].isalnum() or text[place - 1] in "_-"):
        place -= 1
    return bool(place) and text[place - 1] in "?$:"


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.findall(r"[\[({\])}]", text):
        depth += 1 if mark in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _within(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise UnsafeQueryError(
            f"{what.format(count)}, at most {limit} are run; shorten it"
        )
