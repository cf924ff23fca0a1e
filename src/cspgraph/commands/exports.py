"""The command `build`."""

from __future__ import annotations

from typing import Annotated

import typer

from cspgraph.commands import Areas, Day, Files, day_or_today
from cspgraph.terminal import hint

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
) -> None:
    """Write the graph of a day as RDF for any SPARQL server.

    \b
    For example:
      cspgraph build --area Dorset --on 2024-07-23 --output dorset.nq
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.writing import write

    graph = load(*(files or []), on=day_or_today(on), areas=areas or (), tell=hint)
    count = write(graph.quads(), output)
    typer.echo(f"{output}: {count:,} statements.", err=True)
