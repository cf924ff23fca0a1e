"""Time things in turns, so that what else the machine does falls on all alike."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Line", "in_turns"]

#: What was done, the seconds that cspgraph took, and those that others took, None where not run.
Line = tuple[str, float, list[float | None]]


def in_turns(what: str, *works: Callable[[], object], rounds: int = 7) -> Line:
    """Return the median seconds of `works`, run one after the other in rounds.

    The first of `works` is ours.
    """
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            begun = time.perf_counter()
            work()
            times.append(time.perf_counter() - begun)
    ours, *others = map(statistics.median, taken)
    return what, ours, [*others]
