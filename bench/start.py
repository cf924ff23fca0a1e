"""How long the command takes from a cold start, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from bench.timing import Line, in_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("from a cold start", "to `import rdflib.plugins.sparql`")
QUESTION = "answer who-must-adopt --area Dorset --on 2024-07-23"


def measure() -> Iterator[Line]:
    """Yield the times of the help and of one answer, each beside a bare import."""
    bare = partial(_python, "-c", "import rdflib.plugins.sparql")
    for what, words in (("`cspgraph --help`", "--help"), ("one answer", QUESTION)):
        ours = partial(_python, "-m", "cspgraph.cli", *words.split())
        yield in_turns(what, ours, bare)


def _python(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
