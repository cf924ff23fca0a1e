"""Read files: the one door through which Turtle, TriG and CSV come in.

Size, encoding, nesting and document types are checked before any parser sees
the bytes. A string is never taken for an address: only paths are read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, parse

from cspgraph.errors import FileError
from cspgraph.rdf.journal import refuse_broken
from cspgraph.rdf.packaged import walk
from cspgraph.rdf.read import MAX_BYTES, regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from pyoxigraph import Quad, Store

__all__ = [
    "FORMATS",
    "CsvRow",
    "Source",
    "Stored",
    "check",
    "digest",
    "head",
    "left_out",
    "load_into",
    "quads",
    "rows",
    "shipped",
    "stored",
    "unread_files",
    "user_files",
]

MAX_DEPTH = 64
MAX_LITERAL = 64 * 1024

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
}
_PAGE = "README.md"  # of a folder that may hold no record yet
#: Which files are read in which shipped folders; pages for people apart.
_READ = {
    **dict.fromkeys(("data/law", "data/reading"), (".ttl",)),
    "data/record": (".trig", "index.json"),
    "data/register": (".csv",),
    "ontology": (".ttl", ".rq", ".csv", ".jsonld", ".yaml"),
}
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
#: Strings (closed or not), escapes, IRIs, comments; then brackets, those of triples
#: about triples too, and ends of lines.
_MARKS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|\\.|<[^<>\s]*>|<<|>>|#[^\n]*|[\[({\])}\n]",
    re.DOTALL,
)
_OPEN, _CLOSED = {*"[({", "<<"}, {*"])}", ">>"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: the name that people see, and its bytes."""

    name: str
    data: bytes = field(repr=False)
    #: Of a form: how `data` are read, where each "THING" and "THING TERM" stands, and
    #: place, value and what is wrong for each cell that cannot be read.
    ending: str = ""
    cells: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    faults: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.data).digest()

    @property
    def suffix(self) -> str:
        """The ending that says how it is read, with its dot."""
        return self.ending or Path(self.name).suffix.lower()

    @property
    def text(self) -> str:
        """The file as text: UTF-8, with or without a byte order mark."""
        try:
            text = self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            byte = error.object[error.start]  # without the byte order mark
            problem = f"byte {byte:#04x} is not UTF-8; save the file as UTF-8"
            raise FileError(self.name, problem, line) from error
        found = _CONTROLS.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            problem = f"control character {found[0]!r}; remove it"
            raise FileError(self.name, problem, line)
        return text


class Stored(Source):
    """A shipped file of many: its digest is kept, its bytes are read when wanted."""

    __slots__ = ("_digest", "_item")
    _digest: bytes
    _item: Traversable

    def __init__(self, name: str, item: Traversable) -> None:
        digest = hashlib.sha256(item.read_bytes()).digest()
        values: tuple[object, ...] = (name, "", {}, (), digest, item)
        keys = ("name", "ending", "cells", "faults", "_digest", "_item")
        for key, value in zip(keys, values, strict=True):
            object.__setattr__(self, key, value)

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its bytes."""
        return self._digest

    @property
    def data(self) -> bytes:
        """Its bytes; raises `FileError` where they are no longer those of the digest."""
        data = self._item.read_bytes()
        if hashlib.sha256(data).digest() != self._digest:
            raise FileError(self.name, "it was changed while it was in use; load again")
        return data


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line of a table: where it stands, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def refuse(self, column: str, problem: str) -> FileError:
        """Return the error that names this line and `column`."""
        return FileError(self.file, problem, self.line, column)


def shipped(folder: str, *endings: str) -> list[Source]:
    """Return the shipped files below `folder` whose path ends in one of `endings`.

    >>> any(source.name == "data/register/built/areas.csv" for source in shipped("data/register", ".csv"))
    True
    """
    return [Source(name, item.read_bytes()) for name, item in _found(folder, endings)]


def stored(folder: str, *endings: str) -> list[Source]:
    """Return what `shipped` does, without the bytes of the files until they are wanted.

    >>> [source.name for source in stored("data/record/brent/", ".trig")]
    ['data/record/brent/2024-02-05.trig']
    """
    return [Stored(name, item) for name, item in _found(folder, endings)]


def _found(folder: str, endings: tuple[str, ...]) -> Iterator[tuple[str, Traversable]]:
    top, seen = folder.partition("/")[0], set[Path]()
    for name, item in walk(top, "", folder):  # type: ignore[arg-type]
        if isinstance(item, Path) and item.parent not in seen:
            seen.add(item.parent)
            refuse_broken(item.parent)
        if name.endswith(endings):
            yield name, item


def left_out(path: str | Path) -> list[str]:
    """Return the files in the folder at `path` that are not read: those of other kinds.

    >>> left_out("no-such-folder")
    []
    """
    return [str(item) for item in _seen(Path(path)) if item.suffix not in FORMATS]


def _seen(place: Path) -> list[Path]:
    """Return what is no folder in a folder, but for a page on it and what is hidden.

    A pipe or a link to nowhere is there too, so that it is refused and not passed over.
    """
    found = (i.relative_to(place) for i in sorted(place.rglob("*")) if not i.is_dir())
    hidden = re.compile(r"(^|[/\\])\.")
    return [place / i for i in found if i.name != _PAGE and not hidden.search(str(i))]


def unread_files() -> list[str]:
    """Return the files among those shipped that no reader of their folder takes.

    >>> unread_files()
    []
    """
    return [
        name
        for folder, endings in _READ.items()
        for name, _ in walk(folder.partition("/")[0], "")  # type: ignore[arg-type]
        if name.startswith(f"{folder}/") and not name.endswith((*endings, ".md"))
    ]


def user_files(path: str | Path) -> list[Source]:
    """Return the user's file at `path`, or every RDF file in that folder.

    Raises `FileError` for one that is not there, too large or of a kind not read.
    """
    try:
        return list(_own(Path(path), str(path)))
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise FileError(str(path), f"{said.lower()}; check the path") from error


def _own(place: Path, name: str) -> Iterator[Source]:
    if place.is_dir():
        refuse_broken(place)
        found = [item for item in _seen(place) if item.suffix in FORMATS]
        if not found and not (place / _PAGE).is_file():
            kinds = ", ".join(FORMATS)
            raise FileError(name, f"no file in this folder ends in {kinds}")
        yield from (source for item in found for source in user_files(item))
        return
    if place.suffix.lower() not in FORMATS:
        problem = f"files of kind {place.suffix or '(none)'!r} are not read; use .ttl or .trig"
        raise FileError(name, problem)
    source = Source(name, regular(name, MAX_BYTES))
    check(source)
    yield source


def check(source: Source) -> None:
    """Refuse, before any parser sees it, a file that is unsafe or damaged.

    Raises `FileError` for its encoding, control characters, document types, nesting
    and texts that are too long.
    """
    if _DOCTYPE.search(source.data):
        problem = "a document type declaration is refused; write Turtle or TriG"
        raise FileError(source.name, problem)
    depth, line = 0, 1
    for mark in _MARKS.finditer(source.text):
        line += mark[0].count("\n")
        if len(mark[0]) > MAX_LITERAL:
            problem = f"a text of more than {MAX_LITERAL} characters; shorten it"
            raise FileError(source.name, problem, line)
        depth += (mark[0] in _OPEN) - (mark[0] in _CLOSED)
        if depth > MAX_DEPTH:
            problem = f"brackets nested more than {MAX_DEPTH} deep; flatten the file"
            raise FileError(source.name, problem, line)


def quads(source: Source) -> Iterator[Quad]:
    """Yield what `source` says, in Turtle or TriG, as quads.

    Raises `FileError` with the line when the text is not what its ending says.
    """
    try:
        yield from parse(source.data.removeprefix(BOM_UTF8), FORMATS[source.suffix])
    except SyntaxError as error:
        raise _not_parsed(source, error) from error


def load_into(source: Source, store: Store, graph: str) -> None:
    """Put what `source` says into `store`; Turtle goes into the graph `graph`.

    Raises `FileError` as `quads` does. The quick way for whole files.
    """
    kind = FORMATS[source.suffix]
    place = None if kind.supports_datasets else NamedNode(graph)
    try:
        store.load(source.data.removeprefix(BOM_UTF8), kind, to_graph=place)
    except SyntaxError as error:
        raise _not_parsed(source, error) from error


def head(source: Source) -> list[str]:
    """Return the names of the columns of a CSV table."""
    first = Source(source.name, source.data.partition(b"\n")[0])
    return next(csv.reader(io.StringIO(first.text, newline="")), [])


def rows(
    source: Source, columns: Sequence[str], *, more: bool = False
) -> Iterator[CsvRow]:
    """Yield the rows of a CSV table that has exactly `columns`, in any order.

    With `more`, other columns may stand there, and space round a value is taken off.
    Raises `FileError` with line and column for a column, row or value that is not right.
    """
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    try:
        head = next(reader, [])
        for name in sorted(set(columns) ^ set(head)):
            if more and name not in columns:
                continue
            verb = "is missing" if name in columns else "is not known here"
            problem = f"column {name!r} {verb}; the columns are {', '.join(columns)}"
            raise FileError(source.name, problem, 1)
        for name in head:
            if head.count(name) > 1:
                problem = f"column {name!r} appears twice; keep one"
                raise FileError(source.name, problem, 1)
        for cells in reader:
            if len(cells) != len(head):
                problem = f"{len(cells)} cells where the header has {len(head)}"
                column = next(iter(head[len(cells) :]), None)
                raise FileError(source.name, problem, reader.line_num, column)
            if more:
                cells = [cell.strip() for cell in cells]
            row = CsvRow(
                source.name, reader.line_num, dict(zip(head, cells, strict=True))
            )
            if cells != [*map(str.strip, cells)]:
                name = next(n for n, cell in row.cells.items() if cell != cell.strip())
                cell = row.cells[name]
                raise row.refuse(name, f"{cell!r} has space round it; remove it")
            yield row
    except csv.Error as error:
        raise FileError(source.name, str(error), reader.line_num) from error


def digest(sources: Iterable[Source]) -> str:
    """Return one SHA-256 for the names and bytes of `sources`, in any order.

    >>> digest([]) == digest(())
    True
    """
    whole = hashlib.sha256()
    for source in sorted(sources, key=lambda source: source.name):
        whole.update(source.name.encode() + b"\0")
        whole.update(source.digest)
    return whole.hexdigest()


def _not_parsed(source: Source, error: SyntaxError) -> FileError:
    """Say what the parser says, without its own line number."""
    said = error.msg or "not parsed"
    problem = re.sub(r"^Parser error (?:at|between) line \d+[^:]*: ", "", said)
    return FileError(source.name, problem.replace("\n", "\\n"), error.lineno)
