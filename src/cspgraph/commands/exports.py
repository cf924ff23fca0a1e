"""The command `build`."""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import typer

from cspgraph.commands import Areas, Day, Files, WithQueries, day_or_today
from cspgraph.terminal import hint, note, warn

__all__ = ["app"]

app = typer.Typer()


@app.command()
def build(
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="The file to write: .nq, .trig, .ttl or .nt."
        ),
    ],
    files: Files = None,
    on: Day = None,
    areas: Areas = None,
    with_queries: WithQueries = False,
) -> None:
    """Write the graph of a day as RDF for any SPARQL server.

    \b
    For example:
      cspgraph build --area Dorset --on 2024-07-23 --output dorset.nq
      cspgraph build --area Dorset --output dorset.trig --with-queries
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.inquiry import catalogue
    from cspgraph.writing import write

    graph = load(*(files or []), on=day_or_today(on), areas=areas or (), tell=hint)
    questions = catalogue.quads() if with_queries else ()
    warn(graph.receipt)
    count = write(chain(graph.quads(), questions), output)
    note(f"{output}: {count:,} statements.")
