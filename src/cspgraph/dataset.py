"""The files that a graph is made of, and the engines built from them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property, partial
from itertools import chain
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING
from warnings import warn

from pyoxigraph import NamedNode

from cspgraph import horizon
from cspgraph.derive import as_in, needs, rules, snapshot
from cspgraph.errors import ParameterError, did_you_mean
from cspgraph.rdf import files
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.terms import PREFIXES, area_iri
from cspgraph.records.contributions import held
from cspgraph.records.index import RecordIndex
from cspgraph.register.register import Register
from cspgraph.register.tables import TABLES
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from cspgraph.cache import Cache
    from cspgraph.rdf.files import Source
    from cspgraph.rdf.locate import Locations
    from cspgraph.receipt import Json
    from cspgraph.register.register import Nearby

__all__ = ["Dataset", "scenario_files"]

Key = tuple["date", "frozenset[str] | None", "frozenset[str]", bool]


def scenario_files(name: str) -> list[Source]:
    """Return the file of the scenario called `name`; refuse one that is not shipped.

    >>> [source.name for source in scenario_files("victim-support-in-force")]
    ['data/scenario/victim-support-in-force.ttl']
    """
    known = {
        source.name.rpartition("/")[2].removesuffix(".ttl"): source
        for source in files.shipped("data/scenario", ".ttl")
    }
    if name not in known:
        hint = did_you_mean(name, known) or f"the scenarios are {', '.join(known)}"
        raise ParameterError(f"scenario: {name!r} is not known; {hint}")
    return [known[name]]


_WAIT = "Working out the {} of every area of England and Wales; this takes a while."
_WAIT_PART = "Working out the {} of {} areas; this takes a while."
_MANY = 40  # more areas than this take long to work out
_WORTH_KEEPING = 1.0  # seconds that a graph took, for it to be kept on disk
_KEPT = 2_500_000  # statements: as many as two days of the country


class Dataset:
    """The files that a graph is made of, and the engines built from them."""

    def __init__(
        self,
        own: Sequence[Source] = (),
        scenario: str = "",
        tell: Callable[[str], object] = str,
        records: Sequence[Source] = (),
        left_out: Sequence[str] = (),
        areas: Iterable[str] = (),
        day: date | None = None,
        on_disk: Cache | None = None,
        *,
        drafts: bool = False,
    ) -> None:
        """Read the shipped files, `own` files as if they were shipped, and `records`.

        Records of the user stand below the law and the register. The codes or names of
        `areas`, as they are on `day`, keep the dataset to these. Graphs that take long
        are taken from those that are kept `on_disk`, and put there. Records that are
        drafts are left out and told, unless `drafts` is given. Raises
        `NameNotClearError` for an area that is not known.
        """
        self._on_disk = on_disk
        self.terms = files.shipped("ontology", "/core.ttl", "/kinds.ttl", "/themes.ttl")
        self.law = files.shipped("data/law", ".ttl")
        self.tables = tables = list(files.shipped("data/register", ".csv"))
        self.readings = files.shipped("data/reading", ".ttl")
        #: Files in the folders of the user that are of no kind that is read.
        kept = records
        if records and not drafts:
            from cspgraph.records.drafts import confirmed

            kept = confirmed(records, tell)
        unconfirmed = [source.name for source in records if source not in kept]
        self.left_out = [*left_out, *unconfirmed]
        self.scenario = scenario
        self._tell = tell
        self.assumed = scenario_files(scenario) if scenario else []
        shipped = files.stored("data/record", ".trig")
        texts = [*self.terms, *self.law, *self.assumed]
        known = [*shipped, *own]

        @cache
        def register() -> Register:
            return Register(tables)

        # Nothing here points back to the dataset: what it holds ends with it at once.
        self._register = register
        self.added = held(kept, texts, lambda: register().lines(), known, tell)
        self.record_index = RecordIndex(
            shipped,
            own,
            self.added.by_source,
            lambda body: register().served_by(body),
        )
        self._days: dict[Key, Oxigraph] = {}
        self._sizes: dict[Key, int] = {}
        self._unused: list[Oxigraph] = []
        self._making = RLock()
        #: How many statements the days that are kept may hold together.
        self.most_kept = _KEPT
        #: The areas that alone are looked at, by address; None for the country.
        self.limit = frozenset(self.area(word, day) for word in areas) or None

    @property
    def records(self) -> list[Source]:
        """The files of records, but for those of the user."""
        return self.record_index.files

    def read(self, nearby: Nearby | None = None, *, written: bool = False) -> Oxigraph:
        """Return a new engine that holds what the files say, before any rule.

        Of register and records all, or what is `nearby`. The user's own values that
        nothing can count with are left out, or kept as `written`.
        """
        ready = self._unused and not written
        engine = self._unused.pop() if ready else self._texts(written=written)
        records = (
            self.record_index.near(nearby.areas)
            if nearby
            else self.record_index.shipped
        )
        for source in records:
            files.load_into(source, engine.store, PREFIXES["graph"] + "record")
        engine.store.bulk_extend(self.register.quads(nearby))
        return engine

    def _texts(self, *, written: bool = False) -> Oxigraph:
        """Return a new engine that holds all files but register and shipped records."""
        engine = Oxigraph()
        groups = {
            "ontology": self.terms,
            "law": self.law,
            "register": self.readings,
            "record": self.record_index.own,
            "scenario": self.assumed,
        }
        for graph, sources in groups.items():
            for source in sources:
                files.load_into(source, engine.store, PREFIXES["graph"] + graph)
        as_in.write_out(engine.store, PREFIXES["graph"] + "law")
        engine.store.extend(self.added.quads(written=written))
        return engine

    @property
    def register(self) -> Register:
        """The tables of bodies and areas, read once."""
        return self._register()

    @cached_property
    def labels(self) -> Labels:
        """The names of all things in the files, with the days on which they hold."""
        engine = self._texts()
        self._unused.append(engine)
        self._horizon = horizon.look(engine), horizon.law_to_come(engine)
        return Labels(
            engine,
            self.register.entries(),
            partial(_recorded, self.record_index, set()),
        )

    def nearby(self, areas: Iterable[str], *, whole: bool = False) -> Nearby:
        """Return what a question about `areas` needs, with the records near them.

        The areas that the user's own records name are looked at too; without `areas`,
        all that records name are. With `whole`, all records are near.
        """
        asked = frozenset(areas)
        beside = self.record_index.looked_at if asked else self.record_index.areas
        whole = whole or not asked
        around = None if whole else self.register.around(asked | beside)
        return self.register.nearby(asked, beside, self.record_index.named(around))

    def area(self, word: str, day: date | None) -> str:
        """Return the address of the area with the code or name `word`.

        A code may be of any time; a name is that of an area in effect on `day`, or
        today. Raises `NameNotClearError`.
        """
        if any(row.cells["code"] == word for row in self.register.rows("areas")):
            return area_iri(word)
        day = day or datetime.now(UTC).date()
        return self.labels.find("area", word, "areas", day).value

    def scope_of(self, thing: str) -> frozenset[str]:
        """Return the areas to look at for what stands behind `thing`: those it names.

        A body stands for the areas that it serves, an entry of a record for those
        that are named beside it.
        """
        end = thing.rpartition("/")[2]
        codes = {row.cells["code"] for row in self.register.rows("areas")}
        named = codes & {*end.split("."), *self.register.areas_of(end)}
        return frozenset(map(area_iri, named)) or self.record_index.areas_of(thing)

    @cached_property
    def timeline(self) -> Oxigraph:
        """Everything, with what follows for all dates."""
        return self._all_dates(self._limited)

    @cached_property
    def all_dates(self) -> Oxigraph:
        """Everything, and nothing that follows: what changes on which day is asked of it."""
        return self._all_dates(self._limited, "register")

    @property
    def _limited(self) -> Nearby | None:
        return None if self.limit is None else self.nearby(self.limit)

    @cached_property
    def law_alone(self) -> Oxigraph:
        """The law for all dates, in no area, and the user's own records."""
        return self._all_dates(self._nowhere)

    def law_on(self, day: date) -> Oxigraph:
        """Return the law as it counts on a day, in no area, with the user's own records."""
        return self._law_on(day, rules.up_to("duties"))

    def _law_on(self, day: date, wanted: frozenset[str]) -> Oxigraph:
        engine = self.read(self._nowhere)
        rules.derive(engine, wanted)
        snapshot.cut(engine, day)
        rules.derive_day(engine, wanted)
        return engine

    @property
    def _nowhere(self) -> Nearby:
        return self.register.nearby((), (), ())

    def history(self, area: str, *things: str) -> Oxigraph:
        """Return what follows for `area` on all dates; the `things` are near it."""
        named = self.record_index.named(self.register.around([area]))
        near = self.register.nearby([area], (), named.union(things))
        return self._all_dates(near)

    def histories(self, areas: Iterable[str], depth: str = "claims") -> Oxigraph:
        """Return what follows for all of `areas` on all dates, derived at once."""
        asked = list(areas)
        named = self.record_index.named(self.register.around(asked))
        return self._all_dates(self.register.nearby(asked, (), named), depth)

    def beside(self, thing: str) -> Oxigraph:
        """Return what follows on all dates in the areas of `thing`; the law, if none."""
        areas = self.scope_of(thing)
        return self._all_dates(self.nearby(areas)) if areas else self.law_alone

    def read_near(self, areas: Iterable[str]) -> Oxigraph:
        """Return what the files say near `areas` on all dates, and nothing that follows."""
        return self._all_dates(self.nearby(areas), "register")

    def _all_dates(self, nearby: Nearby | None, depth: str = "claims") -> Oxigraph:
        wanted = rules.up_to(depth)
        engine = self._begun(nearby, wanted)
        if depth != "register":
            rules.window(engine, self._areas(nearby))
        rules.derive(engine, wanted)
        return engine

    def _begun(self, nearby: Nearby | None, wanted: frozenset[str]) -> Oxigraph:
        """Return what the files say, and say before that what will take long."""
        count = len(nearby.asked) if nearby else _MANY + 1
        if count > _MANY and (what := rules.farthest(wanted)):
            from cspgraph.progress import Slow

            self._tell(Slow((_WAIT_PART if nearby else _WAIT).format(what, count)))
        return self.read(nearby)

    def needed(self, *texts: str) -> frozenset[str]:
        """Return the rules that the queries `texts` need: all, where that is not sure."""
        return rules.everything() if self._strange else needs.needed(*texts)

    @cached_property
    def _strange(self) -> bool:
        """Whether files of the user say what makes it unsure what a query needs."""
        own = (quad for source in self.record_index.own for quad in files.quads(source))
        return needs.strange(chain(own, self.added.quads()))

    def day(
        self,
        on: date,
        areas: frozenset[str] | None = None,
        depth: str | frozenset[str] = "claims",
        *,
        law_alone: bool = False,
    ) -> Oxigraph:
        """Return everything that counts on the day `on`, and how duties stand.

        Given the IRIs of `areas`, only what concerns them; given none, the areas on
        record; without, the country or what it is limited to. The `depth` is how far
        it is derived: to the register, to roles, to duties or to verdicts on claims; or
        it is the rules that are `needed`. With the `law_alone`, in no area, only the law
        and the user's own records are read.
        """
        wanted = rules.up_to(depth) if isinstance(depth, str) else depth
        if areas is None:
            areas = self.limit
        with (
            self._making
        ):  # a second thread waits for the day, and makes it no second time
            key = self._kept(on, areas, wanted, law_alone)
            key = key or (on, areas, wanted, law_alone)
            engine = self._days.pop(key, None)
            if engine is None:
                engine, self._sizes[key] = self._opened(*key)
            self._make_room()
            self._days[key] = engine  # the last used stands last
        return engine

    def warn_of_country(self, views: Iterable[str]) -> None:
        """Warn, with the names of `views`, that everything of the country is wanted."""
        warn(
            "network: this is everything of England and Wales, hundreds of thousands of"
            " things, and takes minutes; give an area, or one of the views "
            + ", ".join(views),
            stacklevel=3,
        )

    def derive_days(
        self, days: Iterable[date], areas: frozenset[str], wanted: frozenset[str]
    ) -> None:
        """Derive once for all `days` what the rules give in `areas`, and keep each day of it.

        What `day` then returns is what it would have made for each day alone.
        """
        missing = [on for on in days if not self._kept(on, areas, wanted, False)]
        if not missing[1:] or not rules.looks_at_areas(wanted):
            return
        nearby = self.nearby(areas)
        whole = self._begun(nearby, wanted)
        rules.window(whole, self._areas(nearby))
        rules.derive(whole, wanted)
        for on in missing:
            engine = Oxigraph()
            engine.store.bulk_extend(whole.store)
            snapshot.cut(engine, on)
            rules.derive_day(engine, wanted)
            key = (on, areas, wanted, False)
            self._sizes[key] = len(engine.store)
            self._make_room()
            self._days[key] = engine

    def _kept(
        self,
        on: date,
        areas: frozenset[str] | None,
        wanted: frozenset[str],
        law_alone: bool,
    ) -> Key | None:
        """Return the key of a graph in memory for which at least these rules ran."""
        for key in self._days:
            if key[:2] == (on, areas) and key[3] == law_alone and wanted <= key[2]:
                return key
        return None

    def _opened(
        self,
        on: date,
        areas: frozenset[str] | None,
        wanted: frozenset[str],
        law_alone: bool,
    ) -> tuple[Oxigraph, int]:
        """Return a graph from disk, or else derived, and what it takes up in memory."""
        disk = None if law_alone else self._on_disk
        made_of = self._made_of(on, areas) if disk else {}
        if disk and (found := disk.find(made_of, wanted, self._tell)):
            engine = Oxigraph()
            engine.store = found[0]
            return engine, 0
        begun = monotonic()
        engine = self._day(on, areas, wanted, law_alone)
        if disk and monotonic() - begun > _WORTH_KEEPING:
            where = f"{len(areas)} areas" if areas is not None else "every area"
            reach = rules.farthest(wanted) or "register"
            told = {"day": on.isoformat(), "areas": where, "reach": reach}
            disk.keep(engine.store, made_of, wanted, told)
        return engine, len(engine.store)

    def _made_of(self, on: date, areas: frozenset[str] | None) -> dict[str, object]:
        """Return all that a graph of a day is made of, but for the rules that ran."""
        texts = [*self.terms, *self.assumed, *self.record_index.own]
        return {
            **self.digests,
            "texts": files.digest(texts),
            "scenario": self.scenario,
            "day": on.isoformat(),
            "areas": None if areas is None else sorted(areas),
        }

    def _day(
        self,
        on: date,
        areas: frozenset[str] | None,
        wanted: frozenset[str],
        law_alone: bool,
    ) -> Oxigraph:
        if law_alone:
            return self._law_on(on, wanted)
        engine = self._told(on, areas, wanted)
        rules.derive(engine, wanted)
        snapshot.cut(engine, on)
        rules.derive_day(engine, wanted)
        return engine

    def told(self, on: date | None) -> Oxigraph:
        """Return what the files say, and of which areas and days to derive, before any rule."""
        every = rules.up_to("claims")
        if on is not None:
            return self._told(on, self.limit, every)
        engine = self._begun(self._limited, every)
        rules.window(engine, self._areas(self._limited))
        return engine

    def _told(
        self, on: date, areas: frozenset[str] | None, wanted: frozenset[str]
    ) -> Oxigraph:
        nearby = None if areas is None else self.nearby(areas)
        engine = self._begun(nearby, wanted)
        if rules.looks_at_areas(wanted):
            judged = self.record_index.judged if rules.judges(wanted) else set()
            rules.window(engine, self._areas(nearby) - judged, on)
            # Claims are judged on the day of their document, whichever day is asked for.
            rules.window(engine, self._areas(nearby) & judged)
        return engine

    def _make_room(self) -> None:
        """Forget the days not used for longest, until the rest are few statements."""
        for key in list(self._days):
            if sum(self._sizes.values()) <= self.most_kept:
                break
            del self._days[key], self._sizes[key]

    def _areas(self, nearby: Nearby | None) -> set[NamedNode]:
        """Return the areas asked about, or all."""
        codes = (row.cells["code"] for row in self.register.rows("areas"))
        asked = set(codes) if nearby is None else nearby.asked
        return {NamedNode(area_iri(code)) for code in asked}

    def locations(self) -> Locations:
        """Return where in the texts and tables each thing is described."""
        records = [*self.records, *self.added.sources]
        from cspgraph.rdf.locate import Locations

        texts = [*self.terms, *self.law, *records]
        return Locations(texts, self.register.lines(), self.added.unnamed)

    def local_areas(self, on: date) -> frozenset[str]:
        """Return the addresses of the local government areas that there are on a day."""
        wide = NamedNode(PREFIXES["kind"] + "LocalGovernmentArea")
        kinds = {
            quad.subject.value.removeprefix(PREFIXES["kind"])  # type: ignore[union-attr]
            for source in self.terms
            for quad in files.quads(source)
            if quad.object == wide and quad.predicate.value.endswith("#broader")
        }
        return self.register.in_being(kinds, on)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of law, register, records and rules."""
        return {
            "law": files.digest(self.law),
            "register": files.digest([*self.tables, *self.readings]),
            "records": files.digest([*self.records, *self.added.sources]),
            "rules": files.digest(rules.rules().values()),
        }

    def _coming(self, near: AbstractSet[str]) -> list[horizon.Change]:
        """Return what is to come for the areas at these addresses, or for all."""
        engine, table = Oxigraph(), TABLES["scheduled-changes"]
        rows = self.register.rows("scheduled-changes")
        engine.store.extend(
            quad
            for row in rows
            if not near or area_iri(row.cells["area"]) in near
            for quad in table.quads(row)
        )
        return [*self._horizon[1], *horizon.scheduled(engine)]

    def reach(self, days: Iterable[date], areas: Iterable[str] = ()) -> dict[str, Json]:
        """Return how far what is known reaches, and what is beyond it, as `View.reach` does."""
        around, (known, _) = self.labels.around, self._horizon
        asked = frozenset(areas) or self.limit or frozenset()

        def coming() -> list[horizon.Change]:
            return self._coming(frozenset[str]().union(*map(around, asked)))

        return horizon.HorizonView(known, coming, around).reach(days, asked)

    def receipt(
        self, on: date | None, *, later: Iterable[date] = (), areas: Iterable[str] = ()
    ) -> dict[str, Json]:
        """Return what an answer must say of itself to be given again.

        It says how far what is known reaches, and when the day `on`, or one of the
        days asked about besides, is `later`, what is to change in `areas` by then.
        """
        day = on.isoformat() if on else "all dates"
        start: dict[str, Json] = {
            "version": __version__,
            "on": day,
            "engine": Oxigraph.name,
        }
        if self.scenario:
            start["scenario"] = self.scenario
        reach = self.reach([*([on] if on else []), *later], areas)
        return {**start, **self.added.notes(), **self.digests, **reach}


def _recorded(index: RecordIndex, given: set[str], thing: str) -> Oxigraph | None:
    """Return what the shipped files near `thing`, or all, say that was not `given` yet."""
    found = index.describing(thing) if thing else index.shipped
    new = [source for source in found if source.name not in given]
    if not new:
        return None
    engine = Oxigraph()
    for source in new:
        files.load_into(source, engine.store, PREFIXES["graph"] + "record")
        given.add(source.name)
    return engine
