"""Where a thing is written: the file, and the line or the cell in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from cspgraph.rdf import files
from cspgraph.rdf.terms import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cspgraph.rdf.files import Source

__all__ = ["Lines", "Locations", "in_form"]

#: Texts and comments, which are passed over; prefixes, bases, addresses and names.
_WORDS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|\#[^\n]*"
    r"|@?\bprefix\s+(?P<short>[\w.-]*):\s*<(?P<long>[^<>\s]*)>"
    r"|@?\bbase\s+<(?P<base>[^<>\s]*)>"
    r"|<(?P<address>[^<>\s]*)>"
    r"|(?P<prefix>[\w.-]*):(?P<rest>(?:[^\s()\[\]{},;.<>\"'\\#]|\\.|\.(?=[^\s()\[\]{},;.<>\"'\\#]))*+)",
    re.DOTALL | re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^/:]+:(?://[^/?#]*)?)?")
_MARK = re.compile(r"\\(.)", re.DOTALL)
#: What stands before the head of a line, and what follows where something is said of it.
_HEAD, _SAID = re.compile(r"[\s{}]*"), re.compile(r"\s+[^\s,;.)\]]")


class Locations:
    """The files and tables of one graph, searched for the place of a thing."""

    def __init__(
        self,
        files: Iterable[Source],
        tables: Mapping[str, tuple[str, int]] = {},
        unnamed: Mapping[str, str] = {},
    ) -> None:
        """Look in `files` and `tables`, and for things without a name in `unnamed`."""
        self._files = list(files)
        self._tables, self._unnamed = tables, unnamed
        self._lines: dict[str, Lines] = {}

    def find(self, thing: str, term: str = "") -> tuple[str, str]:
        r"""Return the file and the place in which the thing at this address is described.

        In a form it is that of the fact with this `term`, where there is one. Where
        several files describe it, the last that was read: your own comes after those
        shipped. Both are empty for a thing that no file describes.

        >>> from cspgraph.rdf.files import Source
        >>> mine = Source("mine.ttl", b"@prefix ex: <https://example.org/> .\nex:plan a ex:Plan .")
        >>> Locations([mine]).find("https://example.org/plan")
        ('mine.ttl', 'line 2')
        """
        source = self._described.get(thing)
        if source is not None:
            if source.name not in self._lines:
                self._lines[source.name] = Lines(source)
            return self._lines[source.name].place(thing, term)
        if thing in self._unnamed:
            return self._unnamed[thing], ""
        file, row = self._tables.get(thing, ("", 0))
        return file, f"line {row}" if row else ""

    @cached_property
    def _described(self) -> dict[str, Source]:
        """The file that gives each thing its class."""
        return {
            quad.subject.value: source  # type: ignore[union-attr]
            for source in self._files
            for quad in files.quads(source)
            if quad.predicate == RDF_TYPE
        }


class Lines:
    r"""The lines of one file on which things are told of, found in one reading of it.

    >>> from cspgraph.rdf.files import Source
    >>> mine = Source("mine.ttl", b"@prefix ex: <https://example.org/> .\nex:plan a ex:Plan .")
    >>> Lines(mine).of("https://example.org/plan")
    2
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def place(self, thing: str, term: str = "") -> tuple[str, str]:
        """Return the file and the line, or of a form the cell, in which `thing` is told of.

        Given the address of a `term`, the cell is that of the fact.

        >>> from cspgraph.rdf.files import Source
        >>> form = Source("a.xlsx", b"", ".trig", {"urn:a": "Decisions!2", "urn:a urn:on": "Decisions!G2"})
        >>> Lines(form).place("urn:a"), Lines(form).place("urn:a", "urn:on")
        (('a.xlsx', 'Decisions!2'), ('a.xlsx', 'Decisions!G2'))
        """
        source = self._source
        if source.cells or source.faults:
            said = source.cells.get(f"{thing} {term}") or source.cells.get(thing, "")
            return in_form(source.name, said)
        line = self.of(thing)
        return source.name, f"line {line}" if line else ""

    def of(self, thing: str) -> int:
        """Return the line on which `thing` is told of, or else first named; or 0."""
        told, named = self._found
        return told.get(thing) or named.get(thing, 0)

    @cached_property
    def _found(self) -> tuple[dict[str, int], dict[str, int]]:
        """The first line at whose head each thing is told of, and the first that names it."""
        text, base = self._source.text, ""
        starts: dict[str, str] = {}
        told: dict[str, int] = {}
        named: dict[str, int] = {}
        line, begins, before = 1, 0, 0
        for word in _WORDS.finditer(text):
            start = word.start()
            line += text.count("\n", before, start)
            begins = max(begins, text.rfind("\n", before, start) + 1)
            if word["long"] is not None:
                starts[word["short"]] = _whole(word["long"], base)
            elif word["base"] is not None:
                base = _whole(word["base"], base)
            elif word["address"] is not None or word["prefix"] is not None:
                thing = _meant(word, starts, base)
                named.setdefault(thing, line)
                first = before <= begins and _HEAD.fullmatch(text, begins, start)
                if first and thing not in told and _SAID.match(text, word.end()):
                    told[thing] = line
            line += word[0].count("\n")
            begins = max(begins, text.rfind("\n", start, word.end()) + 1)
            before = word.end()
        return told, named


def _meant(word: re.Match[str], starts: dict[str, str], base: str) -> str:
    """Return the address that a `word` of the text means."""
    if word["address"] is not None:
        return _whole(word["address"], base)
    start = starts.get(word["prefix"], f"{word['prefix']}:")
    return start + _MARK.sub(r"\1", word["rest"])


def _whole(address: str, base: str) -> str:
    """Return `address` as it is meant below `base`."""
    if not base or re.match(r"[A-Za-z][\w+.-]*:", address):
        return address
    if not address or address.startswith(("#", "?")):
        return base.partition("#")[0] + address
    if address.startswith("/"):
        return _HOST.match(base)[0] + address  # type: ignore[index]
    return base[: base.rfind("/") + 1] + address


def in_form(name: str, said: str) -> tuple[str, str]:
    """Return the file and the place in it that `said`, a place of the form, means.

    >>> in_form("ashford", "ashford/decisions.csv, line 3, column Day")
    ('ashford/decisions.csv', 'line 3, column Day')
    """
    file, found, rest = said.partition(", line ")
    return (file, f"line {rest}") if found else (name, said)
