"""How much memory is held at most, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.timing import Line

TITLES = ("peak memory", "to `import rdflib.plugins.sparql`")
_PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
_LOAD = "import cspgraph; kg = cspgraph.load(on='2024-07-23'); "
_WORK = {
    "one answer": "kg.answer('who-must-adopt', area='Dorset')",
    "roles of the country": "kg.summary()",
    "duties of the country": "next(kg.quads())",
    "check of the country": "kg.validate(country=True)",
}


def measure() -> Iterator[Line]:
    """Yield the peak memory of some work beside that of a bare import."""
    bare = _peak("import rdflib.plugins.sparql")
    for what, work in _WORK.items():
        yield what, _peak(_LOAD + work), [bare]


def _peak(work: str) -> float:
    words = [sys.executable, "-c", f"{work}; {_PEAK}"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])
