"""The files that a graph is made of, and the engines built from them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from warnings import warn

from pyoxigraph import NamedNode

from cspgraph import horizon
from cspgraph.derive import rules, snapshot
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

    from cspgraph.rdf.files import Source
    from cspgraph.rdf.locate import Locations
    from cspgraph.receipt import Json
    from cspgraph.register.register import Nearby

__all__ = ["Dataset", "scenario_files"]


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
    ) -> None:
        """Read the shipped files, `own` files as if they were shipped, and `records`.

        Records of the user stand below the law and the register. The codes or names of
        `areas`, as they are on `day`, keep the dataset to these. Raises
        `NameNotClearError` for an area that is not known.
        """
        self.terms = files.shipped("ontology", "/core.ttl", "/kinds.ttl", "/themes.ttl")
        self.law = files.shipped("data/law", ".ttl")
        self.tables = tables = list(files.shipped("data/register", ".csv"))
        self.readings = files.shipped("data/reading", ".ttl")
        #: Files in the folders of the user that are of no kind that is read.
        self.left_out = left_out
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
        self.added = held(records, texts, lambda: register().lines(), known, tell)
        self.record_index = RecordIndex(
            shipped,
            own,
            self.added.by_source,
            lambda body: register().served_by(body),
        )
        self._days: dict[tuple[date, frozenset[str] | None, str], Oxigraph] = {}
        self._sizes: dict[tuple[date, frozenset[str] | None, str], int] = {}
        self._unused: list[Oxigraph] = []
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
        return self._law_on(day, "duties")

    def _law_on(self, day: date, depth: str) -> Oxigraph:
        engine = self.read(self._nowhere)
        rules.derive(engine, depth)
        snapshot.cut(engine, day)
        rules.derive_day(engine)
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
        engine = self._begun(nearby, depth)
        if depth != "register":
            rules.window(engine, self._areas(nearby))
        rules.derive(engine, depth)
        return engine

    def _begun(self, nearby: Nearby | None, depth: str) -> Oxigraph:
        """Return what the files say, and say before that what will take long."""
        count = len(nearby.asked) if nearby else _MANY + 1
        if count > _MANY and depth != "register":
            from cspgraph.progress import Slow

            self._tell(Slow((_WAIT_PART if nearby else _WAIT).format(depth, count)))
        return self.read(nearby)

    def day(
        self, on: date, areas: frozenset[str] | None = None, depth: str = "claims"
    ) -> Oxigraph:
        """Return everything that counts on the day `on`, and how duties stand.

        Given the IRIs of `areas`, only what concerns them; given none, the areas on
        record; without, the country or what it is limited to. The `depth` is how far
        it is derived: to the register, to roles, to duties or to verdicts on claims. To
        the law, only the law and the user's own records are read.
        """
        areas = self.limit if areas is None else areas
        key = (on, areas, depth)
        if key not in self._days:
            self._keep(key, self._day(*key))
        self._days[key] = self._days.pop(key)  # the last used stands last
        return self._days[key]

    def warn_of_country(self, views: Iterable[str]) -> None:
        """Warn, with the names of `views`, that everything of the country is wanted."""
        warn(
            "network: this is everything of England and Wales, hundreds of thousands of"
            " things, and takes minutes; give an area, or one of the views "
            + ", ".join(views),
            stacklevel=3,
        )

    def derive_days(
        self, days: Iterable[date], areas: frozenset[str], depth: str
    ) -> None:
        """Derive once for all `days` what follows in `areas`, and keep each day of it.

        What `day` then returns is what it would have made for each day alone.
        """
        missing = [on for on in days if (on, areas, depth) not in self._days]
        if not missing[1:] or depth not in ("roles", "duties", "claims"):
            return
        whole = self._all_dates(self.nearby(areas), depth)
        for on in missing:
            engine = Oxigraph()
            engine.store.bulk_extend(whole.store)
            snapshot.cut(engine, on)
            rules.derive_day(engine)
            self._keep((on, areas, depth), engine)

    def _keep(
        self, key: tuple[date, frozenset[str] | None, str], engine: Oxigraph
    ) -> None:
        self._sizes[key] = len(engine.store)
        self._make_room()
        self._days[key] = engine

    def _day(self, on: date, areas: frozenset[str] | None, depth: str) -> Oxigraph:
        if depth == "law":
            return self._law_on(on, "register")
        nearby = None if areas is None else self.nearby(areas)
        engine = self._begun(nearby, depth)
        if depth != "register":
            judged = self.record_index.judged if depth == "claims" else set()
            rules.window(engine, self._areas(nearby) - judged, on)
            # Claims are judged on the day of their document, whichever day is asked for.
            rules.window(engine, self._areas(nearby) & judged)
        rules.derive(engine, depth)
        snapshot.cut(engine, on)
        rules.derive_day(engine)
        return engine

    def _make_room(self) -> None:
        """Forget the days not used for longest, until the rest are few statements."""
        for key in list(self._days):
            if sum(self._sizes.values()) <= _KEPT:
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
