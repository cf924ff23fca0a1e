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

__all__ = ["Locations", "in_form", "line_of", "place_of"]

_PREFIX = re.compile(
    r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE
)
_BASE = re.compile(r"^\s*@?base\s+<([^>]*)>", re.IGNORECASE | re.MULTILINE)
#: A thing at the head of a line, followed by what is said of it; and a thing anywhere.
_TOLD = r"^[\s{}]*NAME(?=\s+[^\s,;.)\]])"
_NAMED = r"(?<![^\s({\[,;])NAME(?![^\s)}\],;.])"
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''|'(?:[^'\\\n]|\\.)*'",
    re.DOTALL,
)
_MARK, _WITH_SLASH = re.compile(r"([~.!$&'()*+,;=/?#@%-])"), r"\\\1"


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

    def find(self, thing: str, term: str = "") -> tuple[str, str]:
        r"""Return the file and the place in which the thing at this address is described.

        In a form it is that of the fact with this `term`, where there is one. Where several files describe it, the last that was read: your own comes after
        those shipped. Both are empty for a thing that no file describes.

        >>> from cspgraph.rdf.files import Source
        >>> mine = Source("mine.ttl", b"@prefix ex: <https://example.org/> .\nex:plan a ex:Plan .")
        >>> Locations([mine]).find("https://example.org/plan")
        ('mine.ttl', 'line 2')
        """
        source = self._described.get(thing)
        if source is not None:
            return place_of(source, thing, term)
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


def place_of(source: Source, thing: str, term: str = "") -> tuple[str, str]:
    """Return the file and the line, or of a form the cell, in which `thing` is told of.

    Given the address of a `term`, the cell is that of the fact.

    >>> from cspgraph.rdf.files import Source
    >>> form = Source("a.xlsx", b"", ".trig", {"urn:a": "Decisions!2", "urn:a urn:on": "Decisions!G2"})
    >>> place_of(form, "urn:a"), place_of(form, "urn:a", "urn:on")
    (('a.xlsx', 'Decisions!2'), ('a.xlsx', 'Decisions!G2'))
    """
    if source.cells or source.faults:
        said = source.cells.get(f"{thing} {term}") or source.cells.get(thing, "")
        return in_form(source.name, said)
    line = line_of(source, thing)
    return source.name, f"line {line}" if line else ""


def in_form(name: str, said: str) -> tuple[str, str]:
    """Return the file and the place in it that `said`, a place of the form, means.

    >>> in_form("ashford", "ashford/decisions.csv, line 3, column Day")
    ('ashford/decisions.csv', 'line 3, column Day')
    """
    file, found, rest = said.partition(", line ")
    return (file, f"line {rest}") if found else (name, said)


def line_of(source: Source, thing: str) -> int:
    r"""Return the line on which `thing` is told of, or else first named; or 0.

    >>> from cspgraph.rdf.files import Source
    >>> mine = Source("mine.ttl", b"@prefix ex: <https://example.org/> .\nex:plan a ex:Plan .")
    >>> line_of(mine, "https://example.org/plan")
    2
    """
    text = _TEXT.sub(lambda found: '""' + "\n" * found[0].count("\n"), source.text)
    words = [f"<{thing}>"]
    for prefix, start in _PREFIX.findall(text):
        if thing.startswith(start):
            rest = thing.removeprefix(start)
            words += [f"{prefix}:{rest}", f"{prefix}:{_MARK.sub(_WITH_SLASH, rest)}"]
    bases = [(found.start(), found[1]) for found in _BASE.finditer(text)]
    ends = [start for start, _ in bases] + [len(text)]
    parts = [(0, ends[0], words)] + [
        (start, end, [*words, *_short(thing, base)])
        for (start, base), end in zip(bases, ends[1:], strict=True)
    ]
    for pattern in (_TOLD, _NAMED):
        for start, end, known in parts:
            name = f"(?:{'|'.join(map(re.escape, known))})"
            whole = re.compile(pattern.replace("NAME", name), re.MULTILINE)
            if found := whole.search(text, start, end):
                return text.count("\n", 0, found.end()) + 1
    return 0


def _short(thing: str, base: str) -> list[str]:
    """Return how `thing` can be written where the addresses begin like `base`."""
    starts = {base, base[: base.rfind("/") + 1]}
    return [f"<{thing.removeprefix(s)}>" for s in starts if s and thing.startswith(s)]
