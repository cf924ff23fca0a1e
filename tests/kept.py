"""Large graphs, such as that of the country, made once in a run and shared on disk.

The worker that needs one first makes it; all others open what it wrote, to read. What
a graph is made of and how far it is derived gives its name, so that two are the same
where they must be the same.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import Store

from cspgraph import library
from cspgraph.engines import Oxigraph
from cspgraph.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    import pytest

#: More areas than this make a graph large.
MANY = 40
#: Statements of days that a library keeps: a day of the few areas has 60,000.
DAYS_KEPT = 600_000


class Turn:
    """What the test that runs now may ask for; nothing large, unless it says so."""

    test = ""
    large = True


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Wait until no other process is at work on `place`."""
    with place.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(place: Path, make: Callable[[], Oxigraph]) -> Oxigraph:
    """Return an engine that reads the store at `place`; `make` gives it where it is missing."""
    with locked(place):
        if not place.exists():
            begun = place.with_suffix(".new")
            store = Store(begun)
            store.bulk_extend(make().quads())
            store.flush()
            del store
            begun.rename(place)
    engine = Oxigraph()
    engine.store = Store.read_only(str(place))
    return engine


def share(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every library of this process take large graphs from `folder`, or put them there."""
    made = Library._day

    def day(
        books: Library, on: date, areas: frozenset[str] | None, depth: str
    ) -> Oxigraph:
        def make() -> Oxigraph:
            return made(books, on, areas, depth)

        if depth in ("law", "register") or not large(books, areas):
            return make()
        assert Turn.large, f"{Turn.test} asks for the country: let it use `national`"
        if books.shelf.own or books.added.sources:
            return make()
        about = areas if areas is None else sorted(areas)
        parts = (*books.digests.values(), books.scenario, on, about, depth)
        name = sha256("\n".join(map(str, parts)).encode()).hexdigest()
        return kept(folder / name, make)

    patch.setattr(Library, "_day", day)
    patch.setattr(library, "_KEPT", DAYS_KEPT)


def large(books: Library, areas: frozenset[str] | None) -> bool:
    """Say whether a graph about `areas`, or about all, is of many areas."""
    if areas is None:
        return True
    few = areas and len(areas) <= MANY
    return not few and len(books.nearby(areas).asked) > MANY
