"""The records, which areas they are about, and which bodies they name.

The files of one folder are about the same areas. A question about one area reads the
folders that name an area near it, and the user's own records; no others.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph import sources
from cspgraph.geography.tables import area_iri
from cspgraph.vocab import PREFIXES, compact, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import Quad

    from cspgraph.sources import Source

__all__ = ["Shelf"]

_AREAS = tuple(PREFIXES[name] for name in ("gss", "area"))
_NAMED = (*_AREAS, *(PREFIXES[name] for name in ("body", "organ")))
#: How the shipped records name an area, a body or an organ; a test sees to it.
_NAME = re.compile(r"(?<![\w:/-])(?:gss|area|body|organ):[\w-]+")


class Shelf:
    """The records that are shipped, in folders, and those of the user on top of them."""

    def __init__(
        self,
        shipped: Iterable[Source],
        own: Sequence[Source] = (),
        added: Callable[[], Iterable[Quad]] = tuple,
    ) -> None:
        """Take in the `shipped` files, `own` ones, and what is `added` to both."""
        self.own = own
        self._added = added
        self._folders: dict[str, list[Source]] = {}
        for source in shipped:
            self._folders.setdefault(source.name.rpartition("/")[0], []).append(source)
        self._found: dict[str, frozenset[str]] = {}

    @property
    def files(self) -> list[Source]:
        """All files, those of the user last."""
        return [*self.shipped, *self.own]

    @property
    def shipped(self) -> list[Source]:
        """The files that are shipped."""
        return [source for files in self._folders.values() for source in files]

    def near(self, codes: Iterable[str]) -> list[Source]:
        """Return the shipped files of the folders that name an area with one of `codes`.

        >>> records = Shelf(sources.shipped("data/record", ".trig"))
        >>> {source.name.split("/")[2] for source in records.near({"E06000059"})}
        {'dorset'}
        """
        return [s for folder in self._near(codes) for s in self._folders[folder]]

    def named(self, codes: Iterable[str] | None = None) -> frozenset[str]:
        """Return the addresses of areas, bodies and organs that records name.

        That is those of the user and those near the areas with these `codes`, or all.
        """
        folders = [*self._folders] if codes is None else self._near(codes)
        return self._named("").union(*map(self._named, folders))

    @cached_property
    def areas(self) -> frozenset[str]:
        """The addresses of the areas that any record names."""
        return frozenset(t for t in self.named() if t.startswith(_AREAS))

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """The addresses of the areas that the user's own records name."""
        return frozenset(t for t in self._named("") if t.startswith(_AREAS))

    @cached_property
    def judged(self) -> set[NamedNode]:
        """The areas of folders in which claims about the law stand."""
        claims = self._with("a csp:Claim ")
        named = self.looked_at.union(*map(self._named, claims))
        return {NamedNode(thing) for thing in named if thing.startswith(_AREAS)}

    def areas_of(self, thing: str) -> frozenset[str]:
        """Return the addresses of the areas named in the folder that describes `thing`.

        >>> records = Shelf(sources.shipped("data/record", ".trig"))
        >>> version = PREFIXES["version"] + "rotherham-plan-2022.1"
        >>> [area.rpartition("/")[2] for area in records.areas_of(version)]
        ['E08000018']
        """
        found = self._with(f"\n    {compact(thing)}\n")
        if any(quad.subject == NamedNode(thing) for quad in self._own_quads):
            found.append("")
        named = frozenset().union(*map(self._named, found))
        return frozenset(t for t in named if t.startswith(_AREAS))

    def _near(self, codes: Iterable[str]) -> list[str]:
        return self._with(*(compact(area_iri(code)) for code in codes))

    def _with(self, *words: str) -> list[str]:
        """Return the folders in whose files one of `words` stands."""
        wanted = [word.encode() for word in words]
        return [
            folder
            for folder, files in self._folders.items()
            if any(word in source.data for source in files for word in wanted)
        ]

    def _named(self, folder: str) -> frozenset[str]:
        """Return what the files of a folder name; those of the user have none."""
        if folder not in self._found:
            if folder:
                texts = (source.text for source in self._folders[folder])
                words = {word for text in texts for word in _NAME.findall(text)}
                named = {expand(word) or "" for word in words}
            else:
                ends = (e for q in self._own_quads for e in (q.subject, q.object))
                named = {end.value for end in ends if isinstance(end, NamedNode)}
            self._found[folder] = frozenset(t for t in named if t.startswith(_NAMED))
        return self._found[folder]

    @cached_property
    def _own_quads(self) -> list[Quad]:
        own = [quad for source in self.own for quad in sources.quads(source)]
        return [*own, *self._added()]
