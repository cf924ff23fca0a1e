"""Print the benchmark tables: `make bench`; `python -m bench orders` prints one.

`python -m bench sweep` asks many questions of all areas and counts what is amiss.

Each figure is a ratio within one run on one machine, between medians of turns taken
by the things compared. Below 1 means that cspgraph took less time.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

import cspgraph
from bench import (
    check,
    country,
    files,
    memory,
    orders,
    questions,
    rules,
    server,
    start,
    sweep,
)

SUBJECTS = (start, memory, files, rules, questions, country, orders, check, server)


def main() -> None:
    asked = set(sys.argv[1:])
    if "sweep" in asked:
        sweep.main(*sorted(asked - {"sweep"}))
        return
    names = ("rdflib", "pyoxigraph", "pyshacl")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(
        f"cspgraph {cspgraph.__version__}, Python {platform.python_version()}, "
        f"{packages}, {os.cpu_count()} cores"
    )
    for subject in SUBJECTS:
        if asked and subject.__name__.rpartition(".")[2] not in asked:
            continue
        titles = " | ".join(subject.TITLES)
        print(f"\n| {titles} |\n|{' --- |' * len(subject.TITLES)}")
        for what, ours, others in subject.measure():
            ratios = (_ratio(ours, other) for other in others)
            print(f"| {' | '.join([what, *ratios])} |", flush=True)


def _ratio(ours: float, other: float | None) -> str:
    """Return the ratio in words; a time below zero is that at which the other was stopped."""
    if not other:
        return "not run"
    return f"under {-ours / other:.4f}" if other < 0 else f"{ours / other:.2f}"


if __name__ == "__main__":
    main()
