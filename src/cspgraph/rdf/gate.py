r"""The gate for free SPARQL: refuse, with a reason, what must never run.

pyoxigraph and rdflib follow SERVICE to the network from a read query, and a few
thousand brackets end the process. The text is cut into the tokens the engines'
grammars would see. Where a grammar leaves two readings, as between `<` the operator
and `<` before an IRI, the query is refused, because the second reading could carry
what the first one hides. An escape such as `\u0027` is read by some engines before
the text is cut and by others after it: the query has to pass both ways, and what runs
is written so that all read the same. The gate gives good messages; the worker, which
has no network, gives safety.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from cspgraph.errors import UnsafeQueryError
from cspgraph.rdf.terms import PREFIXES

__all__ = ["Asked", "admit", "asked"]

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
#: A name ends where every reading ends it: `?p-1` is a variable and a number, and a
#: second colon or a second dot may begin something else.
_TOKENS = re.compile(
    rf'(?P<text>"""(?:[^"\\]|{_ESCAPE}|"(?!""))*+"""'
    rf"|'''(?:[^'\\]|{_ESCAPE}|'(?!''))*+'''"
    rf'|"(?!"")(?:[^"\\\n\r]|{_ESCAPE})*+"'
    rf"|'(?!'')(?:[^'\\\n\r]|{_ESCAPE})*+'"
    rf"|<[A-Z][A-Z\d+.-]*+://{_PLAIN_IRI}*+>"
    r"|[?$](?P<variable>[A-Z\d_]++))"
    r"|(?P<comment>\#[^\n\r]*+)"
    r"|(?P<local>:[A-Z\d_][A-Z\d_-]*+(?:\.[A-Z_][A-Z\d_-]*+)?+)"
    rf"|(?P<scheme><(?P<first>urn|tag|mailto|info|did|doi):{_PLAIN_IRI}*+>)"
    rf"|(?P<unclear><(?=[^<>]*[#']){_PLAIN_IRI}*+>)"
    r"|(?P<open>[\"'])"
    r"|(?P<backslash>\\)",
    re.IGNORECASE | re.ASCII,
)
#: Escapes that rdflib, and the standard, undo before anything else.
_EARLY = (
    re.compile(r"\\u(?:[\dA-F]{8}|[\dA-F]{4})", re.IGNORECASE),
    re.compile(r"\\u[\dA-Fa-f]{4}|\\U[\dA-Fa-f]{8}"),
)
_REFUSED = {
    "unclear": "'<...>' with # or ' in it may be an IRI or two comparisons; write the IRI in full, from http:// or urn: on, declare no prefix of that name, or put spaces round < and >",
    "open": "a string does not end, or has a backslash that SPARQL does not know",
    "backslash": "there is a backslash outside a string; write the full IRI",
    "mark": "there is a character without meaning outside a string",
}
_FORBIDDEN = {
    "SERVICE": "SERVICE would call another server; ask this graph only, and where a name that begins so stands before '{', put ' . ' between or write its full IRI",
    "LOAD": "LOAD would read a file; ask this graph only",
    "FROM": f"FROM names something else to read; leave it out, or name a graph of this store, such as <{PREFIXES['graph']}law> or graph:law; write a name that holds it as a full IRI",
}
#: What stands for the full address of a graph of this store, for the part of a name
#: after its colon, and for any other string, variable or address. Outside strings and
#: addresses, where a query may hold anything, SPARQL has no use for these letters.
_MARK, _LOCAL, _THING = "\ue000", "\ue001", "\ue002"
_FROM = re.compile(rf"FROM\s*+(?P<named>NAMED\s*+)?{_MARK}", re.IGNORECASE)
_INSIDE = r"[^\s{}()\[\]<>\"'#;,|&=!*/^+?$@:]"
#: After these only a name can stand, whatever it looks like: no grammar has a keyword
#: there. What comes before must end the word before it.
_NAMED = re.compile(
    rf"((?<![^\s{{}}])(?:GRAPH|DESCRIBE|BY|HAVING)\s++|\^\^\s*+|\(\s*+){_INSIDE}*+:{_LOCAL}",
    re.IGNORECASE,
)
#: A call is SERVICE, what to call, and for a name an opening brace. No space is
#: needed: `servicesilentco:x {` may be SERVICE SILENT co:x, or the name of a thing.
_CALL = re.compile(
    rf"SERVICE\s*+(?:SILENT\s*+)?+(?:[{_MARK}{_THING}<?$]"
    rf"|{_INSIDE}*+:(?:{_INSIDE}|:)*+\s*+\{{)|SERVICE\s*+(?:SILENT\s*+)?+\Z",
    re.IGNORECASE,
)
_APART = re.compile(rf"FROM|\bLOAD(?!{_INSIDE}*+:)|;(?!\s*+SEPARATOR)", re.IGNORECASE)
#: What a string may hold after a backslash, cut as the engines cut it; `slash` is one
#: that is meant as such, and `digits` make a longer number of the escape before them.
_ESCAPED = re.compile(
    r"\\(?:(?P<slash>\\|u005[Cc]|U0000005[Cc])(?P<next>[uU](?=[\dA-Fa-f]{4}))?"
    r"|(?:u(?P<short>[\dA-Fa-f]{4})(?P<digits>(?=[\dA-Fa-f]{4}))?|U(?P<long>[\dA-Fa-f]{8}))"
    r"|.)",
    re.DOTALL,
)
#: A graph after FROM by its prefix and name. It needs room before, and ends with it.
_SHORT_GRAPH = re.compile(
    rf"(?<![^\s{{}})*{_THING}])FROM\s+(?:NAMED\s+)?(?P<name>(?P<prefix>{_INSIDE}*):"
    rf"(?P<local>[A-Z\d_][A-Z\d_-]*))(?![^\s{{])",
    re.IGNORECASE | re.ASCII,
)
#: Prefixes, then what is asked. An update can begin with none of these words.
_PREFIX = rf"PREFIX\s*+(?P<prefix>{_INSIDE}*+):"
_START = re.compile(
    rf"\s*+(?:(?:{_PREFIX.replace('?P<prefix>', '?:')}|BASE|VERSION)"
    rf"\s*+(?:<[^<>]*+>|[{_MARK}{_THING}])?+\s*+)*+",
    re.IGNORECASE,
)
_FORM = re.compile("SELECT|ASK|CONSTRUCT|DESCRIBE", re.IGNORECASE)
_EVERYTHING = re.compile(r"SELECT\s*+(?:DISTINCT|REDUCED)?+\s*+\*", re.IGNORECASE)
_NAME = re.compile(rf"(?<![<\w])({_INSIDE}*+):")
_GROUPS = re.compile(r"OPTIONAL|UNION|MINUS|FILTER|BIND", re.IGNORECASE)
_OPERATORS = re.compile(r"[|&=!<>+*/-]")
_STEPS = re.compile(r"/|(?<!\|)\|(?!\|)")
_STATEMENT = re.compile(r"[;,{}]|\.\s")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks, as far as its tokens say it.

    `form` is SELECT, ASK, CONSTRUCT or DESCRIBE, or nothing for anything else.
    `graphs` and `named` are the addresses after FROM and after FROM NAMED;
    `prefixes` are those that it uses and does not declare.
    """

    form: str
    graphs: tuple[str, ...]
    named: tuple[str, ...]
    variables: tuple[str, ...]
    everything: bool
    prefixes: tuple[str, ...]

    @property
    def builds(self) -> bool:
        """Whether it asks for a graph, not for rows."""
        return self.form in ("CONSTRUCT", "DESCRIBE")

    def order(self, columns: list[str]) -> list[str]:
        """Return `columns` in the order of the query, which `SELECT *` leaves open.

        >>> asked("SELECT * { ?s ?p ?o }").order(["o", "p", "s"])
        ['s', 'p', 'o']
        """
        if not self.everything:
            return columns
        places = {name: place for place, name in enumerate(self.variables)}
        return sorted(columns, key=lambda name: places.get(name, len(places)))

    def unknown(self) -> str:
        """Return a sentence on a prefix that nobody declares, or "".

        >>> asked("ASK { ?s dcat:theme ?o }").unknown()[:34]
        'the prefix dcat: is not known; add'
        """
        if not self.prefixes:
            return ""
        known = ", ".join(f"{name}:" for name in sorted(PREFIXES))
        prefix = self.prefixes[0]
        return f"the prefix {prefix}: is not known; add PREFIX {prefix}: <...>, or use one of {known}"


def admit(query: str) -> str:
    """Return `query` as it may run; raise `UnsafeQueryError` with the reason.

    What may run asks the same: graphs after FROM stand in full, and escapes in strings
    so that every engine reads them alike.

    >>> admit("ASK FROM graph:law { ?s ?p ?o }")
    'ASK FROM <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }'
    >>> admit("SELECT ?service WHERE { ?service service:x 'SERVICE <x>' }")
    "SELECT ?service WHERE { ?service service:x 'SERVICE <x>' }"
    >>> admit("DROP ALL")
    Traceback (most recent call last):
    cspgraph.errors.UnsafeQueryError: only questions are run; begin with SELECT, ASK, CONSTRUCT or DESCRIBE
    """
    if len(query.encode(errors="surrogatepass")) > MAX_BYTES:
        raise UnsafeQueryError(
            f"the query is longer than {MAX_BYTES // 1024} KiB; shorten it"
        )
    if re.search("[\ud800-\udfff]", query):
        raise UnsafeQueryError("the query is not UTF-8; save it as UTF-8")
    written = _written(query)
    for reading in _readings(written):
        _admit(reading)
    for reading in _readings(query) if written != query else ():
        try:  # no engine would find a call here, though it may find no end
            _admit(_in_full(reading))
        except UnsafeQueryError as error:
            if str(error) not in _REFUSED.values():
                raise
    return written


def asked(query: str) -> Asked:
    """Return what an admitted `query` asks.

    >>> asked("ASK FROM <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }").graphs
    ('https://w3id.org/cspgraph/graph/law',)
    """
    try:
        rest, graphs, variables = _stripped(_written(query))
    except UnsafeQueryError:  # it was let through by other hands
        return Asked("", (), (), (), False, ())
    start = _start(rest)
    form = _FORM.match(rest, start)
    clauses = {found.end(): found for found in _FROM.finditer(rest)}
    marks = [found.end() for found in re.finditer(_MARK, rest)]
    read = [
        (bool(clauses[end]["named"]), graph)
        for end, graph in zip(marks, graphs, strict=True)
        if end in clauses
    ]
    named = tuple(graph[1:-1] for is_named, graph in read if is_named)
    plain = tuple(graph[1:-1] for is_named, graph in read if not is_named)
    declared = {
        found["prefix"]
        for found in re.compile(_PREFIX, re.IGNORECASE).finditer(rest, 0, start)
    }
    used = dict.fromkeys(_NAME.findall(rest, start))
    return Asked(
        form[0].upper() if form else "",
        plain,
        named,
        tuple(dict.fromkeys(variables)),
        bool(_EVERYTHING.match(rest, start)),
        tuple(p for p in used if p not in declared | PREFIXES.keys() | {"_"}),
    )


def _admit(query: str) -> None:
    rest = _FROM.sub(" ", _stripped(query)[0])
    rest = _NAMED.sub(rf"\1{_THING} ", rest)
    start = _start(rest)
    if not _FORM.match(rest, start):
        if rest[start:].upper().startswith("LOAD"):
            raise UnsafeQueryError(_FORBIDDEN["LOAD"])
        raise UnsafeQueryError(
            "only questions are run; begin with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    if _CALL.search(rest, max(start, rest.find("{", start))):  # no call before a brace
        raise UnsafeQueryError(_FORBIDDEN["SERVICE"])
    found = _APART.search(_outside(rest[start:]))
    if found:
        both = "a query ends before ';'; ask one question at a time"
        raise UnsafeQueryError(_FORBIDDEN.get(found[0].upper(), both))
    steps = max(len(_STEPS.findall(part)) for part in _STATEMENT.split(rest))
    groups, operators = len(_GROUPS.findall(rest)), len(_OPERATORS.findall(rest))
    _within(_depth(rest), MAX_DEPTH, "brackets nested {} deep")
    _within(groups, MAX_GROUPS, "{} groups such as OPTIONAL or FILTER")
    _within(operators, MAX_OPERATORS, "{} operators")
    _within(steps, MAX_STEPS, "a path of {} steps")


def _readings(query: str) -> list[str]:
    """Return `query` as engines may read its escapes: after cutting it, or before."""

    def letter(found: re.Match[str]) -> str:
        code = int(found[0][2:], 16)
        return chr(code) if code <= sys.maxunicode else "\\"

    early = [pattern.sub(letter, query) for pattern in _EARLY]
    return list(dict.fromkeys([query, *early]))


def _written(query: str) -> str:
    """Return `query` with strings that all engines read alike, and graphs in full."""
    if "\\" in query:
        query = _TOKENS.sub(_alike, query)
    return _in_full(query)


def _alike(token: re.Match[str]) -> str:
    """Return a token, in a string no escape that reads otherwise before it is cut."""
    mark = token[0][0]
    if mark not in "\"'":
        return token[0]
    named = {9: "\\t", 10: "\\n", 13: "\\r", ord(mark): f"\\{mark}"}

    def escape(found: re.Match[str]) -> str:
        if found["slash"]:  # a backslash, and no escape with the letter that follows
            after = found["next"]
            return "\\\\" + (f"\\U{ord(after):08X}" if after else "")
        code = found["short"] or found["long"]
        if code is None:
            return found[0]
        whole = f"\\U0000{code}" if found["digits"] is not None else found[0]
        return named.get(int(code, 16), whole)

    return _ESCAPED.sub(escape, token[0])


def _in_full(query: str) -> str:
    """Return `query` with the graphs after FROM in full, where their prefix is clear.

    It is clear if the query declares it with one address, or not at all and it is known.
    """
    if not re.search("FROM", query, re.IGNORECASE):
        return query

    def cover(token: re.Match[str]) -> str:
        if token.lastgroup == "local":
            return token[0]
        return (" " if token.lastgroup == "comment" else _THING) * len(token[0])

    covered = _TOKENS.sub(cover, query)
    declared: dict[str, set[str]] = {}
    for found in re.finditer(rf"{_PREFIX}\s*+({_THING}*)", covered, re.IGNORECASE):
        declared.setdefault(found["prefix"], set()).add(query[slice(*found.span(2))])
    parts, last = [], 0
    for found in _SHORT_GRAPH.finditer(covered):
        prefix = found["prefix"]
        known = declared.get(prefix, {f"<{PREFIXES.get(prefix, '')}>"})
        start = next(iter(known))[1:-1]
        if start and len(known) == 1:
            parts += [query[last : found.start("name")], f"<{start}{found['local']}>"]
            last = found.end()
    return "".join([*parts, query[last:]])


def _start(rest: str) -> int:
    found = _START.match(rest)
    return found.end() if found else 0


def _outside(rest: str) -> str:
    """Return what of `rest` stands in no braces; no IRI can hold a brace."""
    depth, parts = 0, []
    for part in re.findall(r"[{}]|[^{}]++", rest):
        depth += {"{": 1, "}": -1}.get(part, 0)
        if depth <= 0:
            parts.append(part)
    return "".join(parts)


def _stripped(query: str) -> tuple[str, list[str], list[str]]:
    """Return `query` with a mark for each token that may hold words, and what they were.

    First come the graphs of this store, then the variables. What is unclear is refused.
    """
    graphs: list[str] = []
    variables: list[str] = []
    if re.search(f"[{_MARK}{_LOCAL}{_THING}]", _TOKENS.sub(" ", query)):
        raise UnsafeQueryError(_REFUSED["mark"])

    def cut(found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind in _REFUSED:
            raise UnsafeQueryError(_REFUSED[kind])
        if kind == "scheme" and re.search(rf"(?<!<){found['first']}:", query, re.I):
            # It may be a prefix of the query, and `<` a comparison.
            if re.search("[#']", found[0]):
                raise UnsafeQueryError(_REFUSED["unclear"])
            return found[0]
        if kind == "comment":
            return " "
        if kind == "local":
            return f":{_LOCAL}"
        if found["variable"]:
            variables.append(found["variable"])
        if not found[0].startswith(f"<{PREFIXES['graph']}"):
            return f" {_THING} "
        graphs.append(found[0])
        return _MARK

    return _TOKENS.sub(cut, query), graphs, variables


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
