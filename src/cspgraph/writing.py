"""Write a file: whole or not at all, and RDF as the same bytes every time."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, serialize

from cspgraph.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ending", "save", "write"]

_FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}


def write(quads: Iterable[Quad], path: str | Path) -> int:
    """Write `quads`, sorted, to `path` in the format of its ending; return their number.

    Formats without named graphs get every statement once. The file appears under
    its name when it is complete. Raises `FileError` for another ending and when
    the place cannot be written.
    """
    kind = _FORMATS[ending(path, _FORMATS)]
    with _place(path):  # before the quads are made, which can take long
        os.scandir(Path(path).parent).close()
    if not kind.supports_datasets:
        quads = (Quad(q.subject, q.predicate, q.object) for q in quads)
    ordered = sorted(set(quads), key=str)
    _put(path, serialize(ordered, format=kind) or b"")
    return len(ordered)


def save(text: str, path: str | Path) -> None:
    """Write `text` to `path`, whole or not at all, as UTF-8.

    Raises `FileError` when the place cannot be written.
    """
    _put(path, text.encode())


def ending(path: str | Path, known: Iterable[str]) -> str:
    """Return the ending of `path` in small letters; refuse one that is not `known`.

    >>> ending("dorset.SVG", [".svg", ".md"])
    '.svg'
    """
    suffix = Path(path).suffix
    if suffix.lower() not in known:
        problem = f"the ending {suffix or '(none)'!r} is not one of {', '.join(known)}"
        raise FileError(str(path), problem)
    return suffix.lower()


@contextmanager
def _place(path: str | Path) -> Iterator[None]:
    """Put into words why `path` cannot be written."""
    try:
        yield
    except OSError as error:
        problem = (
            f"{(error.strerror or 'cannot be written').lower()}; choose another place"
        )
        raise FileError(str(path), problem) from error


def _put(path: str | Path, data: bytes) -> None:
    place = Path(path)
    with (
        _place(path),
        NamedTemporaryFile(
            dir=place.parent, prefix=f".{place.name}.", delete=False
        ) as file,
    ):
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(_mode(place))
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _mode(place: Path) -> int:
    """Return the rights of the file that is replaced, or those of any new file."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
