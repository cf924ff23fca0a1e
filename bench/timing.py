"""Time things in turns, so that what else the machine does falls on all alike."""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["commands", "in_turns"]


def in_turns(*works: Callable[[], object], rounds: int = 5) -> list[float]:
    """Return the median seconds of each of `works`, run one after the other in rounds."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def commands(*lines: Sequence[str], rounds: int = 11) -> list[float]:
    """Return the median seconds of each command line as a process of its own."""
    return in_turns(*(lambda line=line: _run(line) for line in lines), rounds=rounds)


def _run(line: Sequence[str]) -> None:
    subprocess.run(
        line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
