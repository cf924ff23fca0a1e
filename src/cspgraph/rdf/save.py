"""Write a file: whole or not at all, and RDF as the same bytes every time."""

from __future__ import annotations

import glob
import os
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, serialize

from cspgraph.errors import FileError
from cspgraph.rdf import journal
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["ending", "save", "save_folder", "save_together", "write"]

_FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}
#: Formats that write short addresses.
_SHORT = (RdfFormat.TRIG, RdfFormat.TURTLE)


def write(quads: Iterable[Quad], path: str | Path) -> int:
    """Write `quads`, sorted, to `path` in the format of its ending; return their number.

    Turtle and TriG have the project's prefixes, and formats without named graphs every
    statement once. The file appears under
    its name when it is complete. Raises `FileError` for another ending and when
    the place cannot be written.
    """
    kind = _FORMATS[ending(path, _FORMATS)]
    if not kind.supports_datasets:
        quads = (Quad(q.subject, q.predicate, q.object) for q in quads)
    ordered = sorted(set(quads), key=str)
    short = PREFIXES if kind in _SHORT else None
    written = serialize(ordered, format=kind, prefixes=short) or b""
    lines = written.split(b"\n")
    count = len(PREFIXES) if short else 0  # which come in any order
    lines[:count] = sorted(lines[:count])
    _put({Path(path): b"\n".join(lines)})
    return len(ordered)


def save(text: str | bytes, path: str | Path) -> None:
    """Write `text` to `path`, whole or not at all, as UTF-8; bytes as they are.

    Raises `FileError` when the place cannot be written.
    """
    save_together({Path(path): text})


def save_together(texts: Mapping[Path, str | bytes]) -> None:
    """Write each of `texts` to its place, all or none, as UTF-8; bytes as they are.

    Raises `FileError` when one of the places cannot be written; the others are then
    as they were.

    >>> save_together({Path("no-such-folder", "areas.csv"): "code,name"})
    Traceback (most recent call last):
    cspgraph.errors.FileError: no-such-folder/areas.csv: no such file or directory; choose another place
    """
    _put(
        {
            place: text.encode() if isinstance(text, str) else text
            for place, text in texts.items()
        }
    )


def save_folder(place: Path, texts: Mapping[str, str]) -> None:
    """Write `texts`, by name of file, into the folder at `place`, all or none.

    The folder is made if it is not there, and then appears when it is whole. Raises `FileError` as `save_together` does.
    """
    if place.exists():
        with _place(place):
            for name in texts:
                (place / name).parent.mkdir(parents=True, exist_ok=True)
        save_together({place / name: text for name, text in texts.items()})
        return
    with _place(place), journal.locked(place.absolute().parent):
        made = _made(place, texts)
        try:
            made.replace(place)
        except BaseException:
            rmtree(made, ignore_errors=True)
            raise
        journal.sync(place.absolute().parent)


def _made(place: Path, texts: Mapping[str, str]) -> Path:
    """Return a new folder beside `place` that holds `texts`, safe on disk."""
    for left in place.parent.glob(f".{glob.escape(place.name)}.{'?' * 8}.new"):
        rmtree(left, ignore_errors=True)  # of a run that was killed: we have the lock
    made = Path(mkdtemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new"))
    try:
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o777 & ~mask)
        for name, text in texts.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            journal.beside(made / name, text.encode()).replace(made / name)
        journal.sync(made)
    except BaseException:
        rmtree(made, ignore_errors=True)
        raise
    return made


def ending(path: str | Path, known: Iterable[str]) -> str:
    """Return the ending of `path` in lower case; raise `FileError` if it is not `known`.

    It is asked before any work is done, so a folder that is not there is refused as well.

    >>> ending("dorset.SVG", [".svg", ".md"])
    '.svg'
    """
    suffix = Path(path).suffix
    if suffix.lower() not in known:
        problem = f"the ending {suffix or '(none)'!r} is not one of {', '.join(known)}"
        raise FileError(str(path), problem)
    with _place(path):
        os.scandir(Path(path).parent).close()
    return suffix.lower()


@contextmanager
def _place(path: str | Path) -> Iterator[None]:
    """Return in words why `path` cannot be written."""
    try:
        yield
    except OSError as error:
        problem = (
            f"{(error.strerror or 'cannot be written').lower()}; choose another place"
        )
        raise FileError(str(path), problem) from error


def _put(files: Mapping[Path, bytes]) -> None:
    """Write all `files`; say in words which place cannot be written."""
    first = next(iter(files), Path())
    try:
        journal.put(files)
    except OSError as error:
        place = next((p for p in files if str(p) == error.filename), first)
        with _place(place):
            raise
