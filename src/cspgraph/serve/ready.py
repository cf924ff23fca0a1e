"""Whether the server can be asked: it asks itself the examples of the questions, and sums."""

from __future__ import annotations

import json
from threading import Event, Thread
from typing import TYPE_CHECKING

from cspgraph.errors import CspgraphError
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.desk import Desk

__all__ = ["SelfTest"]

_SUMS = {"10 - 2 + 3": "11", "20 - 5 - 5": "10"}


class SelfTest:
    """Asks the desk the example of each question about few areas, once, in the background.

    `ready` is false until that went well. A question that ends in an error, or a sum
    that is wrong, keeps it so, and `report` says which.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._over = Event()
        self._wrong: list[str] = []
        self._asked = self._left = 0

    def begin(self) -> None:
        """Begin to ask, without waiting for the end."""
        Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Ask, and return when it is over."""
        self._wrong = [*sums(), *self._examples()]
        self._over.set()

    @property
    def ready(self) -> bool:
        """Whether it is over and all was well."""
        return self._over.is_set() and not self._wrong

    def report(self) -> str:
        """Return what was tried, and what was wrong, as JSON."""
        over = self._over.is_set()
        whole = {
            "ready": self.ready,
            "self_test": ("failed" if self._wrong else "passed") if over else "running",
            "examples_asked": self._asked,
            "examples_left_out": self._left,
            "wrong": self._wrong,
            "free_sparql": self._desk.free_sparql,
            "without_network": self._desk.confined,
            "areas": self._desk.areas or "England and Wales",
            "own_records": len(self._desk.own_records),
        }
        return json.dumps(whole, indent=2) + "\n"

    def _examples(self) -> Iterator[str]:
        """Yield what went wrong; an example about the country would take too long."""
        for query in queries().values():
            given = {k: v for k, v in query.example.items() if k != "on"}
            on = query.example.get("on")
            try:
                many = self._desk.near(lambda g: g.breadth(query.name, on=on, **given))  # noqa: B023 - asked at once
                if many is None or many > self._desk.limits.areas:
                    self._left += 1
                    continue
                found = self._desk.answer(query.name, given, on)
            except CspgraphError as error:
                yield f"{query.name}: {error}"
                continue
            self._asked += 1
            if not found.terms and found.empty is None:
                yield f"{query.name}: no rows, and no reason why"


def sums() -> Iterator[str]:
    """Yield each chain of signs that the engine does not work out from the left.

    >>> list(sums())
    []
    """
    for chain, right in _SUMS.items():
        got = json.loads(Oxigraph().rows(f"SELECT ({chain} AS ?is) WHERE {{}}"))
        value = got["results"]["bindings"][0]["is"]["value"]
        if value != right:
            yield f"{chain} is {value}, not {right}"
