"""Write RDF to a file: whole or not at all, and the same bytes every time."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, serialize

from cspgraph.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["write"]

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
    place = Path(path)
    kind = _FORMATS.get(place.suffix.lower())
    if kind is None:
        problem = f"the ending {place.suffix or '(none)'!r} is not one of {', '.join(_FORMATS)}"
        raise FileError(str(path), problem)
    if not kind.supports_datasets:
        quads = (Quad(q.subject, q.predicate, q.object) for q in quads)
    ordered = sorted(set(quads), key=str)
    text = serialize(ordered, format=kind)
    try:
        with NamedTemporaryFile(
            dir=place.parent, prefix=f".{place.name}.", delete=False
        ) as file:
            try:
                file.write(text or b"")
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(_mode(place))
                Path(file.name).replace(place)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        problem = (
            f"{(error.strerror or 'cannot be written').lower()}; choose another place"
        )
        raise FileError(str(path), problem) from error
    return len(ordered)


def _mode(place: Path) -> int:
    """Return the rights of the file that is replaced, or those of any new file."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
