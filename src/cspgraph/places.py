"""Where a thing is written: the file, and the line or the cell in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.vocab import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cspgraph.sources import Source

__all__ = ["Places"]

_PREFIX = re.compile(
    r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE
)
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''|'(?:[^'\\\n]|\\.)*'",
    re.DOTALL,
)
_MARK, _WITH_SLASH = re.compile(r"([~.!$&'()*+,;=/?#@%-])"), r"\\\1"


class Places:
    """The files and tables of one graph, searched for the place of a thing."""

    def __init__(
        self, files: Iterable[Source], tables: Mapping[str, tuple[str, int]] = {}
    ) -> None:
        self._files = list(files)
        self._tables = tables

    def find(self, thing: str) -> tuple[str, str]:
        r"""Return the file and the place in which the thing at this address is described.

        Where several files describe it, the last that was read: your own comes after
        those shipped. Both are empty for a thing that no file describes.

        >>> from cspgraph.sources import Source
        >>> mine = Source("mine.ttl", b"@prefix ex: <https://example.org/> .\nex:plan a ex:Plan .")
        >>> Places([mine]).find("https://example.org/plan")
        ('mine.ttl', 'line 2')
        """
        source = self._described.get(thing)
        if source is not None:
            line = _line(source, thing)
            return source.name, f"line {line}" if line else ""
        file, row = self._tables.get(thing, ("", 0))
        return file, f"line {row}" if row else ""

    @cached_property
    def _described(self) -> dict[str, Source]:
        """The file that gives each thing its class."""
        return {
            quad.subject.value: source  # type: ignore[union-attr]
            for source in self._files
            for quad in sources.quads(source)
            if quad.predicate == RDF_TYPE
        }


def _line(source: Source, thing: str) -> int:
    """Return the line on which `thing` is told of, or else first named; or 0."""
    text = _TEXT.sub(lambda found: '""' + "\n" * found[0].count("\n"), source.text)
    words = [f"<{thing}>"]
    for prefix, start in _PREFIX.findall(text):
        if thing.startswith(start):
            rest = thing.removeprefix(start)
            words += [f"{prefix}:{rest}", f"{prefix}:{_MARK.sub(_WITH_SLASH, rest)}"]
    name = f"(?:{'|'.join(map(re.escape, words))})"
    begins = rf"^[\s{{}}]*{name}(?=\s+[^\s,;.)\]])"
    found = re.search(begins, text, re.MULTILINE) or re.search(
        rf"(?<![^\s({{\[,;]){name}(?![^\s)}}\],;.])", text
    )
    return text.count("\n", 0, found.end()) + 1 if found else 0
