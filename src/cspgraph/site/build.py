"""A site as a folder: written beside the old one and put in its place when it is whole.

Areas are worked out a few at a time, on as many processors as there are. What rests on
the same data as in the last build is taken over from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cspgraph.errors import FileError, ParameterError
from cspgraph.progress import Slow
from cspgraph.questions import adoption
from cspgraph.rdf.read import regular
from cspgraph.rdf.terms import CSP, RDF_TYPE, area_iri
from cspgraph.site import (
    about,
    area,
    ask,
    body,
    changes,
    home,
    law,
    question,
    report,
    states,
)
from cspgraph.site.body import Holding
from cspgraph.site.context import Site
from cspgraph.site.page import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from pyoxigraph import Quad

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.site.context import Place
    from cspgraph.site.page import Page

__all__ = ["MANIFEST", "Built", "SitePlan", "build"]

#: The file that says what a folder was made from; only a folder with it is replaced.
MANIFEST = "site.json"
#: Areas that are derived together: fewer read the law more often, more ask longer.
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What is to be built: for which areas and days, and what the pages say of the site.

    Without `since` the pages are those of the day of the graph alone; with it every
    state since then has a page. `engine` is a folder with the unpacked package of the
    SPARQL engine of the Ask page.
    """

    areas: tuple[str, ...] = ()
    since: date | None = None
    base: str = "/"
    contact: str = ""
    engine: Path | None = None
    processors: int = field(default_factory=lambda: os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: how many pages and files, how many bytes, and what was taken over."""

    areas: int
    pages: int
    files: int
    size: int
    reused: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Area:
    """What the area pages leave for the others: who holds which role, how duties stand."""

    code: str
    files: list[str]
    held: list[list[str]]
    stand: dict[str, str]
    sentence: str
    seen: str
    whole: bool = False


def build(
    kg: KnowledgeGraph,
    output: Path,
    plan: SitePlan,
    tell: Callable[[str], object] = str,
) -> Built:
    """Write the site of `kg` into the folder `output`; `tell` is told how far it is.

    The old folder stays as it was until the new one is whole. Raises `ParameterError`
    for a folder that is no site, and `FileError` where it cannot be written.
    """
    old = _refuse_stranger(output)
    fresh = output.with_name(f".{output.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        made = _Build(kg, fresh, plan, tell, output, old).run()
        _put_in_place(fresh, output)
    except OSError as error:
        raise FileError(str(output), f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return made


def _refuse_stranger(output: Path) -> dict[str, Any]:
    """Return what the last build left; refuse a folder that was not made by one."""
    if not output.exists():
        return {}
    if not output.is_dir():
        raise ParameterError(f"output: {str(output)!r} is a file; name a folder")
    kept = output / MANIFEST
    if not kept.is_file():
        if any(output.iterdir()):
            problem = "holds files that no build of a site made"
            raise ParameterError(
                f"output: {str(output)!r} {problem}; name another folder, or an empty one"
            )
        return {}
    try:
        found = json.loads(regular(kept))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _put_in_place(fresh: Path, output: Path) -> None:
    """Put the new folder where the old one is, which goes only then."""
    aside = output.with_name(f".{output.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if output.exists():
        output.rename(aside)
    try:
        fresh.rename(output)
    except OSError:
        if aside.exists():
            aside.rename(output)
        raise
    shutil.rmtree(aside, ignore_errors=True)


class _Build:
    """One build: where it writes, what it took over, and what it has made."""

    def __init__(
        self,
        kg: KnowledgeGraph,
        folder: Path,
        plan: SitePlan,
        tell: Callable[[str], object],
        output: Path,
        old: dict[str, Any],
    ) -> None:
        self.site = Site(
            kg, areas=plan.areas, base=plan.base, ask=plan.engine is not None
        )
        self.folder, self.plan, self.tell = folder, plan, tell
        self.output, self.old = output, old
        self.engine = ask.PageEngine(plan.engine) if plan.engine else None
        self.shared: frozenset[Quad] = frozenset()
        self.reused = 0

    def run(self) -> Built:
        """Make everything, and say what was made."""
        site = self.site
        # What all pages share is read before the work is divided.
        _ = site.areas, site.bodies, site.laws, site.reports, site.by_citation
        _ = site.receipt, site.environment
        self._assets()
        if self.engine:
            self.shared = ask.shared(site)
        found = self._areas()
        self.tell(Slow("pages of law, duties and bodies"))
        held, stand, seen = _together(site, found)
        self._put(law.pages(site))
        self._put([law.duties(site)])
        for one in site.facts.back(CSP.DutyTemplate, RDF_TYPE):
            self._put([law.duty(site, one.value, stand.get(one.value))])
        self._put(body.pages(site, held))
        self._put([changes.country(site), about.sure(site, seen)])
        self._put(about.pages(site, self.plan.contact))
        self._put([about.not_found(site)])
        order = ("something is on record", "somebody looked", "nobody looked")
        said = [one for way in order for one in found if one.seen == way]
        example = next((one for one in said if one.sentence), None)
        shown = None
        if example:
            place = site.areas[example.code]
            shown = (place.name, place.folder, example.sentence)
        self._put([home.page(site, shown)])
        left_out = self._ask(found)
        whole = {
            "key": self._key(),
            "on": site.day.isoformat(),
            "receipt": site.digests,
            "areas": {
                one.code: {
                    "files": one.files,
                    "held": one.held,
                    "stand": one.stand,
                    "sentence": one.sentence,
                    "seen": one.seen,
                    "whole": one.whole,
                }
                for one in found
            },
        }
        self._write(MANIFEST, json_bytes(whole))
        size = sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())
        count = sum(1 for p in self.folder.rglob("*") if p.is_file())
        pages = sum(1 for _ in self.folder.rglob("*.html"))
        return Built(len(found), pages, count, size, self.reused, left_out)

    def _ask(self, found: list[_Area]) -> tuple[str, ...]:
        """Write the Ask page; return the questions that it leaves out."""
        if not self.engine:
            self._put([ask.absent(self.site)])
            return ()
        self.tell(Slow("trying the engine with every question"))
        whole = [one.code for one in found if one.whole]
        page, left_out = ask.page(self.site, self.engine, whole)
        self._put([page])
        self._write("ask/shared.nq.gz", ask.packed(ask.written(self.shared)))
        for path, data in self.engine.files():
            self._write(path, data)
        return left_out

    def _key(self) -> str:
        """Return what all area pages rest on: data, day, code, and how they were asked for."""
        plan, site = self.plan, self.site
        engine = self.engine.digest if self.engine else ""
        asked = [site.day, plan.since, plan.base, engine, len(self.shared)]
        rest = json.dumps([site.digests, _code(), *map(str, asked)], sort_keys=True)
        return hashlib.sha256(rest.encode()).hexdigest()

    def _assets(self) -> None:
        for one in package_files("cspgraph.site").joinpath("assets").iterdir():
            if one.is_file():
                self._write(f"assets/{one.name}", one.read_bytes())

    def _areas(self) -> list[_Area]:
        """Return what the areas leave, those of the last build taken over where they fit."""
        kept = self._kept()
        places = [p for code, p in self.site.areas.items() if code not in kept]
        batches = [
            places[first : first + _TOGETHER]
            for first in range(0, len(places), _TOGETHER)
        ]
        found = list(kept.values())
        done = 0
        for made in self._spread(batches):
            found += made
            done += len(made)
            self.tell(Slow(f"area pages: {done} of {len(places)}"))
        order = list(self.site.areas)
        return sorted(found, key=lambda one: order.index(one.code))

    def _kept(self) -> dict[str, _Area]:
        """Return the areas whose files are taken over from the last build."""
        if self.old.get("key") != self._key():
            return {}
        kept = {}
        for code, left in self.old["areas"].items():
            paths = [self.output / path for path in left["files"]]
            if code not in self.site.areas or not all(p.is_file() for p in paths):
                continue
            for path in left["files"]:
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.output / path, target)
            self.reused += len(paths)
            kept[code] = _Area(code, **left)
        return kept

    def _spread(self, batches: list[list[Place]]) -> Iterator[list[_Area]]:
        """Yield what each batch leaves, worked out on several processors where there are.

        The questions and reports, which take as long as many areas, are one more batch.
        """
        jobs: list[list[Place] | None] = [None, *batches]
        count = min(self.plan.processors, len(jobs))
        if count < 2 or "fork" not in get_all_start_methods():
            yield from map(self.work, jobs)
            return
        _AT_WORK.append(self)
        try:
            with get_context("fork").Pool(count) as pool:
                yield from pool.imap_unordered(_forked, jobs)
        finally:
            _AT_WORK.clear()

    def work(self, places: list[Place] | None) -> list[_Area]:
        """Write the pages of some areas, or for None those of questions and reports."""
        if places is not None:
            return self.batch(places)
        country = not self.plan.areas
        self._put(question.pages(self.site, country=country))
        self._put(report.pages(self.site))
        return []

    def batch(self, places: list[Place]) -> list[_Area]:
        """Write the pages of areas that are worked out together."""
        if self.plan.since:
            return [self._states(place, self.plan.since) for place in places]
        few = self.site.kg.together([place.code for place in places])
        made = []
        for place in places:
            found = area.answers(few, place)
            made.append(self._left(place, found, [self._page(found)]))
        return made

    def _page(self, found: area.AreaAnswers, **more: Any) -> Page:
        site = more.pop("site", self.site)
        return area.page(site, found, has_turtle=True, **more)

    def _states(self, place: Place, since: date) -> _Area:
        """Write a page for each state of an area, and what changed."""
        kg = self.site.kg
        every = list(states.states(kg, place, since))
        newest = every[-1]
        listed: list[dict[str, Any]] = []
        pages = []
        for state in every:
            folder = f"{place.folder}{state.since.isoformat()}/"
            listed.append({"day": state.since, "folder": folder, "what": ""})
            pages.append(
                self._page(
                    state.found,
                    site=self.site.at(state.since),
                    folder=folder,
                    since=state.since,
                    until=state.until,
                    newest=False,
                )
            )
        today = area.answers(kg.at(self.site.day), place)
        changed = None
        if since < self.site.day:
            start = max(since, every[0].since)
            if start < self.site.day:
                changed = kg.what_changed(place.code, start, self.site.day)
                pages.append(changes.of_area(self.site, place, changed, start))
                counts: defaultdict[str, int] = defaultdict(int)
                for row in changed:
                    counts[str(row["day"])] += 1
                for one in listed:
                    count = counts[one["day"].isoformat()]
                    one["what"] = f"{count} changes" if count else ""
        pages.append(
            self._page(
                today,
                states=listed[::-1],
                since=newest.since,
                until=None,
                newest=True,
                changes=changed is not None,
            )
        )
        return self._left(place, today, pages)

    def _left(self, place: Place, found: area.AreaAnswers, pages: list[Page]) -> _Area:
        paths = []
        for page in pages:
            for path, data in page.files():
                self._write(path, data)
                paths.append(path)
        held = sorted(
            {
                (str(full["body"]), row["role"], row["law"])
                for row, full in zip(
                    found.rows("bodies-of-area"),
                    found.things("bodies-of-area"),
                    strict=True,
                )
                if full["body"] and row["role"]
            }
        )
        stand: dict[str, str] = {}
        for full in found.things("standing"):
            own = str(full.get("area") or area_iri(place.code)).rpartition("/")[2]
            template = area.template_of(str(full["duty"]), [own])
            stand[template] = str(full["standing"]).rpartition("/")[2]
        ways = set(stand.values())
        seen = "nobody looked"
        if ways & {"OnRecord", "PartlyOnRecord", "SourcesDiffer"}:
            seen = "something is on record"
        elif len(found.given["strategies"]) or "NotOnRecord" in ways:
            seen = "somebody looked"
        grounds = adoption.grounds(found.rows("who-must-adopt"))
        sentence = next((said for _, said, _ in grounds), "")
        whole = self._graph(place, paths)
        return _Area(
            *(place.code, paths, [list(one) for one in held], stand, sentence, seen),
            whole,
        )

    def _graph(self, place: Place, paths: list[str]) -> bool:
        """Write the graph of an area for the Ask page; return whether it is in one file."""
        if not self.engine:
            return False
        quads = ask.graph_of(self.site, place.code)
        apart = self.shared <= quads
        paths.append(f"{place.folder}graph.nq.gz")
        rest = quads - self.shared if apart else quads
        self._write(paths[-1], ask.packed(ask.written(rest)))
        return not apart

    def _put(self, pages: Iterable[Page]) -> None:
        for page in pages:
            for path, data in page.files():
                self._write(path, data)

    def _write(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


#: The build whose areas a forked process works out; none in between.
_AT_WORK: list[_Build] = []


def _forked(places: list[Place] | None) -> list[_Area]:
    return _AT_WORK[0].work(places)


def _together(
    site: Site, found: Iterable[_Area]
) -> tuple[
    dict[str, list[Holding]],
    dict[str, dict[str, dict[str, Place]]],
    dict[str, dict[str, Place]],
]:
    """Return what the areas leave: roles by body, standings by duty, and who looked."""
    held: defaultdict[str, list[Holding]] = defaultdict(list)
    stand: dict[str, dict[str, dict[str, Place]]] = {}
    seen: dict[str, dict[str, Place]] = {
        name: {}
        for name in ("something is on record", "somebody looked", "nobody looked")
    }
    for one in found:
        place = site.areas[one.code]
        for iri, role, cited in one.held:
            held[iri].append(Holding(role, cited, place.code, place.name))
        for template, way in one.stand.items():
            stand.setdefault(template, {}).setdefault(way, {})[place.code] = place
        seen[one.seen][place.code] = place
    return dict(held), stand, {name: places for name, places in seen.items() if places}


def _code() -> str:
    """Return a digest of the library, so that a change of it makes pages again."""
    root = Path(str(package_files("cspgraph")))
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".html", ".css", ".js"):
            whole.update(path.read_bytes())
    return whole.hexdigest()
