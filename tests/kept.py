"""Graphs that tests have in common, made once: small ones in memory, large ones on disk.

Nothing that is asked changes a graph, so that two made of the same files, of the same
areas and as far are the same; their digest is the name under which they are kept. A
large one, such as that of the country, is made by the worker that needs it first; all
others open what it wrote, to read.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import Store

from cspgraph import dataset
from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.rdf.engines import Oxigraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    import pytest

    from cspgraph.register.register import Nearby

#: More areas than this make a graph large.
MANY = 40
#: Statements kept in memory by each dataset, and here: a day of the few areas has 60,000.
IN_MEMORY = 600_000


#: What derives a graph as far as it is told, and keeps none.
exactly = Dataset._day


class Turn:
    """The test that runs now, and what it may have."""

    test = ""
    #: Whether it may ask for a large graph.
    large = True
    #: Whether a graph made for another test is as good: not where code is patched.
    shared = False


class Graphs:
    """The graphs that this process has, and the folder of those of all processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here: dict[str, Oxigraph] = {}
        self._sizes: dict[str, int] = {}

    def get(
        self,
        whole: Dataset,
        nearby: Nearby | None,
        made_of: object,
        make: Callable[[], Oxigraph],
    ) -> Oxigraph:
        """Return the graph about what is `nearby`, or about all, that `make` gives."""
        large = nearby is None or len(nearby.asked) > MANY
        assert Turn.large or not large, f"{Turn.test} needs the fixture `national`"
        if whole.record_index.own or whole.added.sources or not (Turn.shared or large):
            return make()
        near = nearby and [
            sorted(of)
            for of in (nearby.asked, nearby.areas, nearby.bodies, nearby.served)
        ]
        parts = (*whole.digests.values(), whole.scenario, near, made_of)
        name = sha256("\n".join(map(str, parts)).encode()).hexdigest()
        return self._large(name, make) if large else self._small(name, make)

    def _small(self, name: str, make: Callable[[], Oxigraph]) -> Oxigraph:
        if name not in self._here:
            engine = make()
            self._sizes[name] = len(engine.store)
            for other in list(self._here):
                if sum(self._sizes.values()) <= IN_MEMORY:
                    break
                del self._here[other], self._sizes[other]
            self._here[name] = engine
        self._here[name] = self._here.pop(name)  # the last used stands last
        return self._here[name]

    def _large(self, name: str, make: Callable[[], Oxigraph]) -> Oxigraph:
        place = self._folder / name
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


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Wait until no other process is at work on `place`."""
    with place.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def share(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every dataset of this process take its graphs from those kept."""
    graphs = Graphs(folder)
    on_a_day, on_all_dates = exactly, Dataset._all_dates

    def day(
        whole: Dataset,
        on: date,
        areas: frozenset[str] | None,
        wanted: frozenset[str],
        law_alone: bool,
    ) -> Oxigraph:
        if law_alone or not rules.looks_at_areas(wanted):
            return on_a_day(whole, on, areas, wanted, law_alone)
        # Of layers that are made for many questions there is one graph for all of them.
        layer = next(d for d in rules.DEPTHS if wanted <= rules.up_to(d))
        nearby = None if areas is None else whole.nearby(areas)
        far = rules.up_to(layer)
        return graphs.get(
            whole,
            nearby,
            (on, layer),
            lambda: on_a_day(whole, on, areas, far, law_alone),
        )

    def all_dates(
        whole: Dataset, nearby: Nearby | None, depth: str = "claims"
    ) -> Oxigraph:
        if depth == "register":
            return on_all_dates(whole, nearby, depth)
        return graphs.get(
            whole, nearby, depth, lambda: on_all_dates(whole, nearby, depth)
        )

    patch.setattr(Dataset, "_day", day)
    patch.setattr(Dataset, "_all_dates", all_dates)
    patch.setattr(dataset, "_KEPT", IN_MEMORY)
