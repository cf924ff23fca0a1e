"""The gate for free SPARQL: refuse, with a reason, what must never run.

pyoxigraph follows SERVICE to the network from a read query, and a few thousand
brackets end its process. The text is cut into the tokens the engine's grammar
would see. Where that grammar leaves two readings, as between `<` the operator and
`<` before an IRI, the query is refused, because the second reading could carry
what the first one hides. The gate gives good messages; the worker, which has no
network, gives safety.
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

_ESCAPE = (
    r"\\(?:[tbnrf\"'\\]|u(?!D[89A-F])[\dA-F]{4}"
    r"|U(?:0000(?!D[89A-F])|000[1-9A-F]|0010)[\dA-F]{4})"
)
_PLAIN_IRI = r"[^\x00-\x20<>\"{}|^`\\]"
#: A name ends where every reading ends it: `?p-1` is a variable and a number.
_TOKENS = re.compile(
    rf'(?P<text>"""(?:[^"\\]|{_ESCAPE}|"(?!""))*+"""'
    rf"|'''(?:[^'\\]|{_ESCAPE}|'(?!''))*+'''"
    rf'|"(?!"")(?:[^"\\\n\r]|{_ESCAPE})*+"'
    rf"|'(?!'')(?:[^'\\\n\r]|{_ESCAPE})*+'"
    rf"|<[A-Z][A-Z\d+.-]*+://{_PLAIN_IRI}*+>"
    r"|\#[^\n\r]*+"
    r"|[?$][A-Z\d_]++|:[A-Z\d_][A-Z\d_-]*+)"
    rf"|(?P<unclear><(?=[^<>]*[#']){_PLAIN_IRI}*+>)"
    r"|(?P<open>[\"'])"
    r"|(?P<backslash>\\)",
    re.IGNORECASE | re.ASCII,
)
_REFUSED = {
    "unclear": "'<...>' may be an IRI or two comparisons; write the IRI from http:// on, or put spaces round < and >",
    "open": "a string does not end, or has a backslash that SPARQL does not know",
    "backslash": "a backslash stands outside a string; write the full IRI",
}
_FORBIDDEN = {
    "SERVICE": "SERVICE would call another server; ask this graph only, and write names that hold it as full IRIs",
    "LOAD": "LOAD would read a file; ask this graph only",
    "FROM": "FROM names another graph to read; leave it out",
}
_WORDS = re.compile("|".join(_FORBIDDEN), re.IGNORECASE)
#: Prefixes, then what is asked. An update can begin with neither word.
_FORM = re.compile(
    r"\s*+(?:(?:PREFIX[^:]*+:|BASE|VERSION)\s*+(?:<[^<>]*+>)?+\s*+)*+(?:SELECT|ASK)",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"OPTIONAL|UNION|MINUS|FILTER|BIND", re.IGNORECASE)
_OPERATORS = re.compile(r"[|&=!<>+*/-]")
_STEPS = re.compile(r"/|(?<!\|)\|(?!\|)")
_STATEMENT = re.compile(r"[;,{}]|\.\s")


def admit(query: str) -> str:
    """Return `query` when it may run; raise `UnsafeQueryError` with the reason.

    >>> admit("SELECT ?service WHERE { ?service ?p 'SERVICE <x>' }")
    "SELECT ?service WHERE { ?service ?p 'SERVICE <x>' }"
    >>> admit("ASK { ?s ?p-1SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    cspgraph.errors.UnsafeQueryError: SERVICE would call another server; ask this graph only, and write names that hold it as full IRIs
    """
    if len(query.encode(errors="surrogatepass")) > MAX_BYTES:
        raise UnsafeQueryError(
            f"the query is longer than {MAX_BYTES // 1024} KiB; shorten it"
        )
    if re.search("[\ud800-\udfff]", query):
        raise UnsafeQueryError("the query is not UTF-8; save it as UTF-8")
    rest = _TOKENS.sub(_cut, query)
    found = _WORDS.search(rest)
    if found:
        raise UnsafeQueryError(_FORBIDDEN[found[0].upper()])
    if not _FORM.match(rest):
        raise UnsafeQueryError("only questions are run; begin with SELECT or ASK")
    steps = max(len(_STEPS.findall(part)) for part in _STATEMENT.split(rest))
    groups, operators = len(_GROUPS.findall(rest)), len(_OPERATORS.findall(rest))
    _within(_depth(rest), MAX_DEPTH, "brackets nested {} deep")
    _within(groups, MAX_GROUPS, "{} groups such as OPTIONAL or FILTER")
    _within(operators, MAX_OPERATORS, "{} operators")
    _within(steps, MAX_STEPS, "a path of {} steps")
    return query


def _cut(found: re.Match[str]) -> str:
    """Return a space for a string, IRI, comment or name; refuse what is unclear."""
    if found.lastgroup in _REFUSED:
        raise UnsafeQueryError(_REFUSED[found.lastgroup])
    return " "


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
