"""The command `sparql`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

from cspgraph import options
from cspgraph.commands import PARTIAL, Areas, Day, day_or_today
from cspgraph.terminal import give, hint

__all__ = ["app"]

app = typer.Typer()


@app.command()
def sparql(
    query: Annotated[
        str,
        typer.Argument(
            help="SPARQL SELECT or ASK, or @FILE, or - to read it from standard input."
        ),
    ],
    on: Day = None,
    areas: Areas = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    seconds: Annotated[
        int, typer.Option(min=1, help="Stop after this many seconds.")
    ] = 10,
    rows: Annotated[
        int, typer.Option(min=1, help="Give at most this many rows.")
    ] = 10_000,
) -> None:
    """Ask free SPARQL, read only, in a process of its own with a time limit.

    \b
    For example:
      cspgraph sparql "SELECT ?duty { ?duty a csp:Duty } LIMIT 5" --area Dorset
    """  # noqa: D301
    from cspgraph.worker import ask

    text, day = options.query_text(query), day_or_today(on)
    if not areas:
        hint("Working out every area of England and Wales; --area would be quicker.")
    tell = partial(typer.echo, err=True)
    found = ask(text, on=day, areas=areas or (), seconds=seconds, rows=rows, tell=tell)
    give(found, form)
    if not found.complete:
        cut = found.receipt["cut"]
        typer.echo(f"cspgraph: stopped {cut}; the answer is not complete", err=True)
        raise typer.Exit(PARTIAL)
