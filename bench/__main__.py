"""Print the benchmark tables: `make bench`.

Each figure is a ratio within one run on one machine, between medians of turns taken
by the things compared. Below 1 means that cspgraph took less time.
"""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import cspgraph
from bench import check, country, files, memory, questions, rules, start

SUBJECTS = (start, memory, files, rules, questions, country, check)


def main() -> None:
    names = ("rdflib", "pyoxigraph", "pyshacl")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(
        f"cspgraph {cspgraph.__version__}, Python {platform.python_version()}, "
        f"{packages}, {os.cpu_count()} cores"
    )
    for subject in SUBJECTS:
        titles = " | ".join(subject.TITLES)
        print(f"\n| {titles} |\n|{' --- |' * len(subject.TITLES)}")
        for what, ours, others in subject.measure():
            ratios = (f"{ours / other:.2f}" if other else "not run" for other in others)
            print(f"| {' | '.join([what, *ratios])} |", flush=True)


if __name__ == "__main__":
    main()
