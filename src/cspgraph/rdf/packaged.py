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

__all__ = ["Folder", "checkout", "find", "walk"]


def find(shelf: Folder) -> Traversable:
    """Return the folder called `shelf`, from the wheel or from the checkout.

    >>> find("queries").name
    'queries'
    """
    return checkout(shelf) or _in_wheel(shelf)


def checkout(shelf: Folder) -> Path | None:
    """Return the folder of the checkout called `shelf`; nothing for an installed wheel.

    What lies in a checkout may be changed by those who work on it.
    """
    if _in_wheel(shelf).is_dir():
        return None
    return Path(__file__).resolve().parents[2] / shelf


def _in_wheel(shelf: Folder) -> Traversable:
    return package_files("cspgraph") / "_shipped" / shelf


def walk(
    shelf: Folder, suffix: str, start: str = ""
) -> Iterator[tuple[str, Traversable]]:
    """Yield every file on `shelf` that ends in `suffix`, with its path, in order.

    Only paths that begin with `start` are looked at.

    >>> "queries/who-must-do-what.rq" in dict(walk("queries", ".rq"))
    True
    """
    yield from _walk(find(shelf), suffix, shelf, start)


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
