"""The command `sparql`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph import waiting
from cspgraph.commands import PARTIAL, Areas, Day, With, day_or_today
from cspgraph.errors import ParameterError
from cspgraph.inquiry import options
from cspgraph.terminal import give, hint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.inquiry.answers import Answer

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
    endpoint: Annotated[
        str | None,
        typer.Option(help="The address of a SPARQL server to ask instead."),
    ] = None,
    own: With = None,
) -> None:
    """Ask free SPARQL, read only, in a process of its own with a time limit.

    \b
    For example:
      cspgraph sparql "SELECT ?duty { ?duty a csp:Duty } LIMIT 5" --area Dorset
    """  # noqa: D301
    text = options.query_text(query)
    if endpoint and (on or areas or own):
        problem = "an endpoint serves the day, areas and records it was built for"
        left = "leave --on, --area and --with out"
        raise ParameterError(f"endpoint: {problem}; {left}")
    if endpoint:
        found = _there(endpoint, text, seconds, rows)
    else:
        found = _here(text, on, areas or (), seconds, rows, own or ())
    give(found, form)
    if not found.complete:
        cut = found.receipt["cut"]
        typer.echo(f"cspgraph: stopped {cut}; the answer is not complete", err=True)
        raise typer.Exit(PARTIAL)


def _here(
    text: str,
    on: str | None,
    areas: Sequence[str],
    seconds: int,
    rows: int,
    own: Sequence[str],
) -> Answer:
    from cspgraph.forms import taken
    from cspgraph.sandbox.worker import ask

    if not areas:
        hint(
            waiting.Slow(
                "Working out every area of England and Wales; --area would be quicker."
            )
        )
    tell = partial(typer.echo, err=True)
    day = day_or_today(on)
    records = taken.own(own, hint)
    bounds = {"seconds": seconds, "rows": rows}
    return ask(text, on=day, areas=areas, records=records, tell=tell, **bounds)


def _there(url: str, text: str, seconds: int, rows: int) -> Answer:
    """Return the answer of the server at `url`, cut to `rows`."""
    from dataclasses import replace

    from cspgraph.gate import admit
    from cspgraph.serving.endpoint import connect

    found = connect(url, seconds).select(admit(text))
    if len(found) > rows:
        receipt = {**found.receipt, "cut": f"after {rows:,} rows"}
        kept = found.terms[:rows]
        return replace(found, terms=kept, complete=False, receipt=receipt)
    return found
