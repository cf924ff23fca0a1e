"""Graphs of a day kept on disk for the next time, in the user's folder for such things.

A graph is kept under everything that it was made of: version, files, day, areas, rules.
It is written beside and renamed, and opened to be read only, so that processes share it.
One that is damaged, or that something else wrote, is told and made again. The whole is
bounded, by `CSPGRAPH_CACHE`, such as `500 MB, 10 graphs`, or `off`. The folder is that
of `CSPGRAPH_CACHE_FOLDER`, or the one that the system has for caches.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import RdfFormat, Store

from cspgraph.errors import ParameterError
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Cache", "CachedGraph", "code_digest", "from_environment"]

_SIZE, _COUNT = 2 * 1024**3, 50
_UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}
_FORM = 1  # of what is written; another number makes what is there foreign
_CARD, _STORE, _BEGUN = "card.json", "graph", ".begun-"
_TOLD = ("day", "areas", "reach")
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class CachedGraph:
    """A graph on disk: its day, areas and how far it goes, in words; its size."""

    folder: Path
    day: str
    areas: str
    reach: str
    statements: int
    size: int
    used: float


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of graphs, the bytes that it may hold, and how many of them."""

    folder: Path
    size: int = _SIZE
    count: int = _COUNT

    def find(
        self,
        made_of: Mapping[str, Any],
        wanted: frozenset[str],
        tell: Callable[[str], object] = str,
    ) -> tuple[Store, frozenset[str]] | None:
        """Return a graph made of just this with at least the rules `wanted`, and its rules.

        Of several that is the one with the fewest rules; None where there is none.
        """
        places = self._places()
        if not places:
            return None
        begins = _name(made_of)
        found: list[tuple[frozenset[str], Path]] = []
        for place in places:
            if place.name.startswith(begins):
                card = self._card(place, tell)
                if card and wanted <= frozenset(card["rules"]):
                    found.append((frozenset(card["rules"]), place))
        for rules, place in sorted(found, key=lambda one: (len(one[0]), one[1])):
            try:
                store = Store.read_only(str(place / _STORE))
            except OSError as error:
                self._drop(place, tell, str(error))
                continue
            with suppress(OSError):  # a folder that is to be read only
                os.utime(place / _CARD)
            return store, rules
        return None

    def keep(
        self,
        store: Store,
        made_of: Mapping[str, Any],
        wanted: frozenset[str],
        told: Mapping[str, str],
    ) -> bool:
        """Keep a graph for the next time; say whether that was possible.

        It is `told` in words when the graphs are listed. A folder that cannot be written
        to, or a disk that is full, is no error: the next time takes as long.
        """
        place = self.folder / f"{_name(made_of)}-{_digest(sorted(wanted))}"
        begun = self.folder / f"{_BEGUN}{os.getpid()}-{place.name}"
        try:
            begun.mkdir(parents=True)
            written = Store(str(begun / _STORE))
            dumped = store.dump(format=RdfFormat.N_QUADS) or b""
            written.bulk_load(dumped, format=RdfFormat.N_QUADS, lenient=True)
            written.flush()
            statements = len(written)
            del written  # closes it
            sizes = _sizes(begun / _STORE)
            card = {
                "form": _FORM,
                **told,
                "rules": sorted(wanted),
                "statements": statements,
                "files": sizes,
            }
            (begun / _CARD).write_text(json.dumps(card), encoding="utf-8")
            fits = sum(sizes.values()) <= self.size and self.count > 0
            if not fits or place.exists():
                shutil.rmtree(begun)
                return place.exists()
            begun.rename(place)
        except OSError:
            shutil.rmtree(begun, ignore_errors=True)
            return False
        self._bound(place)
        return True

    def graphs(self, tell: Callable[[str], object] = str) -> list[CachedGraph]:
        """Return what is kept, the last used first."""
        found = []
        for place in self._places():
            card = self._card(place, tell)
            if card:
                day, areas, reach = (str(card.get(key, "")) for key in _TOLD)
                size = sum(card["files"].values())
                used = (place / _CARD).stat().st_mtime
                one = CachedGraph(
                    place, day, areas, reach, card["statements"], size, used
                )
                found.append(one)
        return sorted(found, key=lambda one: (-one.used, one.folder))

    def empty(self) -> int:
        """Remove every graph; return how many there were."""
        places = self._places()
        for place in [*places, *self.folder.glob(f"{_BEGUN}*")]:
            shutil.rmtree(place, ignore_errors=True)
        return len(places)

    def _places(self) -> list[Path]:
        try:
            return sorted(p for p in self.folder.iterdir() if _PLACE.match(p.name))
        except OSError:
            return []

    def _card(
        self, place: Path, tell: Callable[[str], object]
    ) -> dict[str, Any] | None:
        """Return what is written of a graph; tell and remove one that is not as written."""
        try:
            card = json.loads((place / _CARD).read_text(encoding="utf-8"))
            sound = card["form"] == _FORM and card["files"] == _sizes(place / _STORE)
            if sound and isinstance(card["rules"], list) and card["statements"] >= 0:
                return dict(card)
            problem = "it is not as it was written"
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f"{type(error).__name__}: {error}"
        self._drop(place, tell, problem)
        return None

    def _drop(self, place: Path, tell: Callable[[str], object], problem: str) -> None:
        tell(f"{place}: a kept graph is damaged ({problem}); it is made again")
        shutil.rmtree(place, ignore_errors=True)

    def _bound(self, newest: Path) -> None:
        """Remove the graphs not used for longest, until the rest fits; never the newest."""
        rest = [one for one in self.graphs() if one.folder != newest]
        room = self.size - sum(_sizes(newest / _STORE).values())
        left = self.count - 1
        for one in rest:
            if one.size <= room and left > 0:
                room, left = room - one.size, left - 1
            else:
                shutil.rmtree(one.folder, ignore_errors=True)
        for begun in self.folder.glob(f"{_BEGUN}*"):  # of a process that was stopped
            with suppress(OSError):
                if time.time() - begun.stat().st_mtime > _DAY:
                    shutil.rmtree(begun, ignore_errors=True)


_PLACE = re.compile(r"[0-9a-f]{32}-[0-9a-f]{32}\Z")


def from_environment(words: str | None = None) -> Cache | None:
    """Return where graphs are kept, None where they are not to be.

    `words` are what `CSPGRAPH_CACHE` says, if not given: `off`, a size, how many graphs,
    or both. Raises `ParameterError` for anything else.

    >>> from_environment("off") is None
    True
    >>> from_environment("500 MB, 10 graphs").count
    10
    """
    if words is None:
        words = os.environ.get("CSPGRAPH_CACHE", "")
    size, count = _SIZE, _COUNT
    for word in filter(None, (part.strip() for part in words.split(","))):
        if word.lower() in ("off", "0"):
            return None
        number = re.fullmatch(r"(\d+) *(KB|MB|GB|graphs?)", word, re.IGNORECASE)
        if not number:
            problem = f"{word!r} is no size and no number of graphs"
            example = "write such as 500 MB, or 500 MB, 10 graphs, or off"
            raise ParameterError(f"CSPGRAPH_CACHE: {problem}; {example}")
        unit = number[2].upper()
        if unit in _UNITS:
            size = int(number[1]) * _UNITS[unit]
        else:
            count = int(number[1])
    return Cache(_folder(), size, count) if size and count else None


def _folder() -> Path:
    given = os.environ.get("CSPGRAPH_CACHE_FOLDER")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("cspgraph", appauthor=False) / "graphs"


@cache
def code_digest() -> str:
    """Return the digest of what makes graphs, so that a change of it makes them anew."""
    here = Path(__file__).parent
    texts = [
        path.read_bytes()
        for part in (
            "dataset.py",
            "derive/*.py",
            "rdf/*.py",
            "records/*.py",
            "register/*.py",
        )
        for path in sorted(here.glob(part))
    ]
    return sha256(b"\0".join(texts)).hexdigest()


def _name(made_of: Mapping[str, Any]) -> str:
    parts = [_FORM, __version__, pyoxigraph.__version__, code_digest()]
    return _digest([*parts, dict(made_of)])


def _digest(parts: Iterable[Any]) -> str:
    written = json.dumps(list(parts), sort_keys=True)
    return sha256(written.encode()).hexdigest()[:32]


def _sizes(folder: Path) -> dict[str, int]:
    """Return the size of each file of a store that it cannot do without."""
    return {
        path.name: path.stat().st_size
        for path in sorted(folder.iterdir())
        if path.suffix == ".sst" or path.name.startswith(("CURRENT", "MANIFEST"))
    }
