"""What is found along links from a thing, gathered once however often it is asked.

Things that lead to each other in a ring share what is found, and what many things lead
to is looked at once: the work grows with the record, whatever shape it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Reach"]

Thing = TypeVar("Thing")
Found = TypeVar("Found")


class Reach(Generic[Thing, Found]):
    """What `found` gives for a thing and for everything that `links` lead to from it.

    >>> links = {1: [2], 2: [3], 3: [1, 4], 4: []}
    >>> sorted(Reach(links.__getitem__, lambda thing: [thing * 10]).of(2))
    [10, 20, 30, 40]
    """

    def __init__(
        self,
        links: Callable[[Thing], Iterable[Thing]],
        found: Callable[[Thing], Iterable[Found]],
    ) -> None:
        self._links, self._of = links, found
        self._known: dict[Thing, frozenset[Found]] = {}

    def of(self, thing: Thing) -> frozenset[Found]:
        """Return what is found at `thing` and at all that it leads to."""
        if thing not in self._known:
            self._walk(thing)
        return self._known[thing]

    def _walk(self, start: Thing) -> None:
        """Go along the links without recursion, and close each ring as it is left.

        These are the strongly connected components of Tarjan.
        """
        order: dict[Thing, int] = {}
        low: dict[Thing, int] = {}
        open_: list[Thing] = []
        gathered: dict[Thing, set[Found]] = {}
        path: list[tuple[Thing, Iterator[Thing]]] = []

        def enter(thing: Thing) -> None:
            order[thing] = low[thing] = len(order)
            open_.append(thing)
            gathered[thing] = set(self._of(thing))
            path.append((thing, iter(self._links(thing))))

        enter(start)
        while path:
            thing, steps = path[-1]
            step = next(
                (s for s in steps if self._seen(s, thing, order, low, gathered)), None
            )
            if step is not None:
                enter(step)
                continue
            path.pop()
            if low[thing] == order[thing]:
                ring: list[Thing] = []
                while not ring or ring[-1] != thing:
                    ring.append(open_.pop())
                whole = frozenset().union(*(gathered.pop(one) for one in ring))
                self._known.update(dict.fromkeys(ring, whole))
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[thing])
                gathered[above] |= self._known.get(thing, frozenset())

    def _seen(
        self,
        step: Thing,
        thing: Thing,
        order: dict[Thing, int],
        low: dict[Thing, int],
        gathered: dict[Thing, set[Found]],
    ) -> bool:
        """Take what is known of `step` into `thing`; return whether it is new instead."""
        if step in self._known:
            gathered[thing] |= self._known[step]
        elif step in order:
            low[thing] = min(low[thing], order[step])
        else:
            return True
        return False
