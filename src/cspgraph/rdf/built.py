"""Read graphs that `build` wrote, and the files of a release: a wheel or a checkout."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Store

from cspgraph.errors import FileError
from cspgraph.rdf.files import Source
from cspgraph.rdf.read import regular

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BUILT", "graph", "release"]

#: How the names of files that `build` writes end.
BUILT = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}
_INSIDE = "cspgraph/_shipped/"
_PARTS = ("data/law/", "data/register/", "ontology/")
_ENDINGS = (".csv", ".ttl")


def graph(path: str | Path) -> Store:
    """Return the graph in the file at `path`, which `build` wrote.

    Raises `FileError` for another ending, and for a file that cannot be read.
    """
    place = Path(path)
    kind = BUILT.get(place.suffix.lower())
    if kind is None:
        known = ", ".join(BUILT)
        problem = f"it ends in none of {known}; give a file that 'cspgraph build' wrote"
        raise FileError(str(path), problem)
    store = Store()
    try:
        store.bulk_load(path=str(place), format=kind)
    except SyntaxError as error:
        raise FileError(str(path), f"it is not RDF: {error}", error.lineno) from error
    except (OSError, ValueError) as error:
        raise _unread(path, error) from error
    return store


def release(path: str | Path) -> list[Source]:
    """Return law, ontology and register in the wheel or checkout at `path`.

    Raises `FileError` where there is no law in it.
    """
    place = Path(path)
    try:
        found = list(_of_wheel(place) if place.is_file() else _of_folder(place))
    except zipfile.BadZipFile as error:
        raise FileError(str(path), "it is no wheel; download it again") from error
    except OSError as error:
        raise _unread(path, error) from error
    if not any(source.name.startswith(_PARTS[0]) for source in found):
        problem = "there is no data/law in it; give a wheel or a checkout of cspgraph"
        raise FileError(str(path), problem)
    return found


def _of_wheel(place: Path) -> Iterator[Source]:
    with zipfile.ZipFile(place) as wheel:
        for name in sorted(wheel.namelist()):
            short = name.removeprefix(_INSIDE)
            if short != name and _wanted(short):
                yield Source(short, wheel.read(name))


def _of_folder(place: Path) -> Iterator[Source]:
    for part in _PARTS:
        for file in sorted((place / part).rglob("*")):
            short = file.relative_to(place).as_posix()
            if file.is_file() and _wanted(short):
                yield Source(short, regular(file))


def _wanted(name: str) -> bool:
    return (
        name.startswith(_PARTS)
        and name.endswith(_ENDINGS)
        and not name.startswith(("ontology/shapes/", "ontology/forms/"))
    )


def _unread(path: str | Path, error: Exception) -> FileError:
    said = getattr(error, "strerror", None) or str(error)
    return FileError(str(path), f"{said.lower()}; check the path")
