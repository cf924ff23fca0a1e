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
from cspgraph.vocab import PREFIXES

__all__ = ["admit", "graphs_read"]

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
    "FROM": f"FROM names something else to read; leave it out, or name a graph of this store in full, such as <{PREFIXES['graph']}law>",
}
#: Stands for the full address of a graph of this store; outside strings and
#: addresses, where a query may hold anything, SPARQL has no use for this letter.
_MARK = "\ue000"
_FROM = re.compile(rf"FROM\s*+(?:NAMED\s*+)?{_MARK}", re.IGNORECASE)
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
    rest = _FROM.sub(" ", _stripped(query)[0])
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


def graphs_read(query: str) -> list[str]:
    """Return the addresses of the graphs that an admitted `query` is asked FROM.

    >>> graphs_read("ASK FROM <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }")
    ['https://w3id.org/cspgraph/graph/law']
    """
    rest, named = _stripped(query)
    asked = {found.end() for found in _FROM.finditer(rest)}
    marks = (found.end() for found in re.finditer(_MARK, rest))
    return [iri for iri, end in zip(named, marks, strict=True) if end in asked]


def _stripped(query: str) -> tuple[str, list[str]]:
    """Return `query` with a space for each string, IRI, comment or name, and its graphs.

    A graph of this store leaves a mark. What is unclear is refused.
    """
    named: list[str] = []

    def cut(found: re.Match[str]) -> str:
        if found.lastgroup in _REFUSED:
            raise UnsafeQueryError(_REFUSED[found.lastgroup])
        if not found[0].startswith(f"<{PREFIXES['graph']}"):
            return " "
        named.append(found[0][1:-1])
        return _MARK

    rest = _TOKENS.sub(cut, query)
    if rest.count(_MARK) != len(named):
        raise UnsafeQueryError("a letter without meaning stands outside a string")
    return rest, named


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
