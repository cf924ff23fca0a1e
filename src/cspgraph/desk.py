"""The desk at which strangers ask: within limits, one question at a time, in their turn.

A server and the tools for assistants ask here. A question about a few areas is answered
while the asker waits for a turn. One about the country is worked out apart, by a thread
with a graph of its own, and whoever waits too long for it is told to come back. Free
SPARQL runs in the process of `sandbox`, and not at all where nothing confines it.
"""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from queue import Queue
from threading import Event, Lock, Semaphore, Thread
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from cspgraph import sandbox, user_files
from cspgraph.dataset import Dataset
from cspgraph.errors import BusyError, ParameterError, QueryError, TooLongError
from cspgraph.graph import KnowledgeGraph
from cspgraph.questions.ask import day_of
from cspgraph.rdf.gate import MAX_BYTES, admit, asked
from cspgraph.register.spread import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cspgraph.questions.answer import Answer
    from cspgraph.questions.ask import Given
    from cspgraph.questions.triples import Triples

__all__ = ["Desk", "Kept", "Limits"]

#: The first day on which law that is held here was in force for partnerships.
FIRST_DAY = date(1998, 9, 30)
_YEARS_AHEAD = 2
_NO_SPARQL = (
    "free SPARQL is off here, because this system does not let a query run without a"
    " network; ask one of the questions, or start the server with --sparql on"
)

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stranger may ask for: counts, seconds and bytes.

    `areas` is how many areas are answered at once in a turn, `waiting` how long one
    waits for it, `country` how long for an answer about the country; `statements` is
    how many the days that are kept may hold.
    """

    seconds: int = 10
    rows: int = 10_000
    free_at_once: int = 2
    areas: int = 40
    waiting: float = 20
    country: float = 20
    country_waiting: int = 4
    statements: int = 600_000
    answers: int = 256
    answer_bytes: int = 64 * 1024**2


class Kept(Generic[_Found]):
    """What was worked out, under its key: the last used, so many and of such a size.

    >>> kept = Kept[str](2, 100)
    >>> for key in ("a", "b", "c"):
    ...     kept.put(key, key.upper(), 1)
    >>> kept.get("a"), kept.get("c")
    (None, 'C')
    """

    def __init__(self, most: int, room: int) -> None:
        self._most, self._room, self._used = most, room, 0
        self._items: OrderedDict[object, tuple[_Found, int]] = OrderedDict()
        self._lock = Lock()
        self._making: dict[object, tuple[Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: object) -> _Found | None:
        """Return what is kept under `key`, if it is."""
        with self._lock:
            if key not in self._items:
                return None
            self._items.move_to_end(key)
            return self._items[key][0]

    @contextmanager
    def alone(self, key: object) -> Iterator[None]:
        """Let one after the other in who wants what stands under `key`."""
        with self._lock:
            lock, count = self._making.get(key, (Lock(), 0))
            self._making[key] = lock, count + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                _, count = self._making.pop(key)
                if count > 1:
                    self._making[key] = lock, count - 1

    def put(self, key: object, value: _Found, size: int) -> None:
        """Keep `value` of that `size`, and forget what was not used for longest."""
        with self._lock:
            self._used += size - self._items.pop(key, (None, 0))[1]
            self._items[key] = value, size
            while len(self._items) > self._most or self._used > self._room:
                _, (_, gone) = self._items.popitem(last=False)
                self._used -= gone


class _Job:
    """One answer about the country: made once, and waited for by any number."""

    def __init__(self, key: object, work: Callable[[KnowledgeGraph], Any]) -> None:
        self.key, self.work = key, work
        self.over = Event()
        self.found: Any = None
        self.error: Exception | None = None


class Desk:
    """Where strangers ask a graph, with the user's own records on top of it.

    `areas` are those that a question about no area is asked of; without, it is asked
    of the country. `sparql` is `auto`, `on` or `off`: with `auto`, free SPARQL is
    answered where the system lets it run without a network.
    """

    def __init__(
        self,
        files: Sequence[str | Path] = (),
        areas: Sequence[str] = (),
        *,
        sparql: Literal["auto", "on", "off"] = "auto",
        limits: Limits | None = None,
        tell: Callable[[str], object] = str,
    ) -> None:
        """Read the shipped files and the `files` of the user.

        Raises `FileError` for a file that cannot be used, and `ParameterError` for an
        area that is not known.
        """
        self.limits = limits or Limits()
        self._records = user_files.read(files, tell) if files else []
        self._left_out = user_files.left_out(files)
        self._given = tuple(areas)
        self._sparql = sparql
        self._tell = tell
        self._dataset = self._read()
        #: The codes of the areas asked about where none is named; none for the country.
        self.areas = sorted(a.rpartition("/")[2] for a in self._dataset.limit or ())
        self._graph = KnowledgeGraph(self._dataset)
        self._turn, self._probe, self._waiting = Lock(), Lock(), Lock()
        self._free = Semaphore(self.limits.free_at_once)
        self._jobs: dict[object, _Job] = {}
        self._queue: Queue[_Job] = Queue()
        self._worker: Thread | None = None
        self._made = Kept["Answer"](8, 8)

    def _read(self) -> Dataset:
        dataset = Dataset(
            tell=self._tell,
            records=self._records,
            left_out=self._left_out,
            areas=self._given,
        )
        dataset.most_kept = self.limits.statements
        return dataset

    @property
    def own_records(self) -> list[str]:
        """The names of the user's own records that are on top, without their folders."""
        return [source.name.rpartition("/")[2] for source in self._records]

    def today(self) -> date:
        """Return the day that is asked about where none is named."""
        return datetime.now(UTC).date()

    def day(self, given: str | None) -> date:
        """Return the day that is `given`, or today.

        Raises `ParameterError` for what is no day, for one before the Act and for one
        too far ahead.
        """
        if given is None:
            return self.today()
        day, last = day_of("on", given), self.today().year + _YEARS_AHEAD
        if day < FIRST_DAY:
            problem = f"{day} is before {FIRST_DAY:%-d %B %Y}, when the first law held here came into force"
            raise ParameterError(f"on: {problem}; write a later day")
        if day.year > last:
            problem = f"{day} is more than {_YEARS_AHEAD} years ahead"
            raise ParameterError(f"on: {problem}; write a day up to 31 December {last}")
        return day

    def near(self, work: Callable[[KnowledgeGraph], _Found]) -> _Found:
        """Return what `work` makes of the graph, in its turn.

        Raises `BusyError` when others are asked for too long.
        """
        with self._in_turn():
            return work(self._graph)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self.limits.waiting):
            raise BusyError("other questions are being answered", 5)
        try:
            yield
        finally:
            self._turn.release()

    def answer(
        self, name: str, given: Mapping[str, Given], on: str | None = None
    ) -> Answer:
        """Return the answer to the shipped question `name` on the day `on`, or today.

        Raises as `KnowledgeGraph.answer`, `ParameterError` for a day out of bounds, and
        `BusyError` when its turn does not come, or while an answer about the country is
        still being worked out.
        """
        day = self.day(on)
        asked_for = {"on": on} if on is None else {"on": day}

        def work(graph: KnowledgeGraph) -> Answer | None:
            many = graph.breadth(name, **asked_for, **given)  # type: ignore[arg-type]
            if many is None or many > self.limits.areas:
                return None
            return graph.answer(name, **asked_for, **given)  # type: ignore[arg-type]

        found = self.near(work)
        if found is not None:
            return found
        key = (
            name,
            day,
            on is None,
            tuple(sorted((k, str(v)) for k, v in given.items())),
        )
        return self._apart(
            key,
            lambda graph: graph.answer(name, **asked_for, **given),  # type: ignore[arg-type]
        )

    def _apart(self, key: object, work: Callable[[KnowledgeGraph], Answer]) -> Answer:
        """Return what `work` makes of the graph of the country, or say to come back."""
        kept = self._made.get(key)
        if kept is not None:
            return kept
        with self._waiting:
            job = self._jobs.get(key)
            if job is None:
                if len(self._jobs) >= self.limits.country_waiting:
                    raise BusyError(
                        "several answers about many areas are asked for", 60
                    )
                job = self._jobs[key] = _Job(key, work)
                self._queue.put(job)
                if self._worker is None:
                    self._worker = Thread(target=self._run, daemon=True)
                    self._worker.start()
        if not job.over.wait(self.limits.country):
            raise BusyError("the answer about so many areas is being worked out", 30)
        if job.error is not None:
            raise job.error
        found: Answer = job.found
        return found

    def _run(self) -> None:
        """Work out answers about the country, one after the other, for as long as we live."""
        graph = KnowledgeGraph(self._read())
        while True:
            job = self._queue.get()
            try:
                job.found = job.work(graph)
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
                job.error = error
            else:
                self._made.put(job.key, job.found, 1)
            with self._waiting:
                del self._jobs[job.key]
            job.over.set()

    @cached_property
    def confined(self) -> bool:
        """Whether a process here can be kept from the network; tried in one of its own."""
        code = "from cspgraph.sandbox import leave_network; print(leave_network())"
        done = subprocess.run(  # noqa: S603 - our own code, nothing from a request
            [sys.executable, "-I", "-c", code],
            capture_output=True,
            check=False,
            env={},
        )
        return done.stdout.strip() == b"True"

    @property
    def free_sparql(self) -> bool:
        """Whether free SPARQL is answered."""
        if self._sparql == "auto":
            with self._probe:
                return self.confined
        return self._sparql == "on"

    def free(
        self,
        query: str,
        *,
        on: str | None = None,
        areas: Sequence[str] = (),
        rows: int | None = None,
    ) -> Answer | Triples:
        """Return the answer to free SPARQL: rows of a SELECT or ASK, statements of others.

        It is asked of the graph of `areas`, names or codes, or those of this desk, on
        the day `on`, or today. Raises `TooLongError`, `UnsafeQueryError` for what the
        gate refuses, `ParameterError` for areas that are none or too many, `BusyError`,
        and as `sandbox.ask`.
        """
        if len(query.encode(errors="surrogatepass")) > MAX_BYTES:
            most = MAX_BYTES // 1024
            raise TooLongError(f"the query is longer than {most} KiB; shorten it")
        builds = asked(admit(query)).builds
        day = self.day(on)
        codes = self.near(lambda _: self._codes(areas, day))
        if not self.free_sparql:
            raise QueryError(_NO_SPARQL)
        if not self._free.acquire(blocking=False):
            raise BusyError("as many free queries are running as may at once", 5)
        try:
            ask = sandbox.construct if builds else sandbox.ask
            return ask(
                query,
                on=day.isoformat(),
                areas=codes,
                records=self._records,
                seconds=self.limits.seconds,
                rows=min(rows or self.limits.rows, self.limits.rows),
            )
        finally:
            self._free.release()

    def _codes(self, words: Sequence[str], day: date) -> list[str]:
        """Return the codes of the areas called so, or of those of this desk.

        Refuse none, and more than a query is given.
        """
        if not words and not self.areas:
            problem = "missing; free SPARQL is asked of an area, and this server has none of its own"
            raise ParameterError(f"area: {problem}; name one, such as area=E06000059")
        found = [self._dataset.area(word, day) for word in words or self.areas]
        register = self._dataset.register
        inner = {a for area in found for a in spread(register, area, day).inner}
        if len(inner) > self.limits.areas:
            problem = f"{len(inner)} areas are too many for free SPARQL"
            raise ParameterError(f"area: {problem}; name at most {self.limits.areas}")
        return sorted(area.rpartition("/")[2] for area in found)
