"""Find the ontology, data and queries that belong to this copy of the library.

They live in top-level folders of the checkout so that people who do not write
Python can find them. A wheel carries the same folders inside the package. This
module is the only one that knows there are two places.
"""

from __future__ import annotations

from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

Folder = Literal["ontology", "data", "queries"]

__all__ = ["Folder", "checkout", "find", "tools", "walk"]


def find(folder: Folder) -> Traversable:
    """Return the folder called `folder`, from the wheel or from the checkout.

    >>> find("queries").name
    'queries'
    """
    return checkout(folder) or _in_wheel(folder)


def checkout(folder: Folder) -> Path | None:
    """Return the folder of the checkout called `folder`; nothing for an installed wheel.

    What lies in a checkout may be changed by those who work on it.
    """
    if _in_wheel(folder).is_dir():
        return None
    return Path(__file__).resolve().parents[3] / folder


def tools() -> Path | None:
    """Return the folder of the checkout with its tools; nothing for an installed wheel."""
    place = Path(__file__).resolve().parents[3] / "tools"
    return place if place.is_dir() and not _in_wheel("data").is_dir() else None


def _in_wheel(folder: Folder) -> Traversable:
    return package_files("cspgraph") / "_shipped" / folder


def walk(
    folder: Folder, suffix: str, start: str = ""
) -> Iterator[tuple[str, Traversable]]:
    """Yield every file on `folder` that ends in `suffix`, with its path, in order.

    Only paths that begin with `start` are looked at.

    >>> "queries/who-must-do-what.rq" in dict(walk("queries", ".rq"))
    True
    """
    yield from _walk(find(folder), suffix, folder, start)


def _walk(
    folder: Traversable, suffix: str, path: str, start: str
) -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        inner = f"{path}/{item.name}"
        if not inner.startswith(start) and not start.startswith(f"{inner}/"):
            continue
        if item.is_dir():
            yield from _walk(item, suffix, inner, start)
        elif item.name.endswith(suffix):
            yield inner, item
