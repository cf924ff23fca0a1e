"""The command `sparql`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph import waiting
from cspgraph.commands import PARTIAL, Areas, Day, With, day_or_today
from cspgraph.errors import ParameterError, either
from cspgraph.gate import admit, asked
from cspgraph.inquiry import options
from cspgraph.inquiry.triples import FORMATS, Triples
from cspgraph.terminal import give, give_triples, hint

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
            help="SPARQL SELECT, ASK, CONSTRUCT or DESCRIBE, or @FILE, or - to read it from standard input."
        ),
    ],
    on: Day = None,
    areas: Areas = None,
    form: Annotated[
        Literal["table", "csv", "json", "md", "turtle", "nt", "json-ld"] | None,
        typer.Option(
            "--format",
            help="For rows table (if left out), csv, json or md; for a graph turtle (if left out), nt or json-ld.",
        ),
    ] = None,
    iris: Annotated[
        bool | None,
        typer.Option(
            "--iris/--names",
            help="Full IRIs in place of names, or names; if left out, IRIs in csv, names in table and md, both in json.",
        ),
    ] = None,
    seconds: Annotated[
        int, typer.Option(min=1, help="Stop after this many seconds.")
    ] = 10,
    rows: Annotated[
        int, typer.Option(min=1, help="Give at most this many rows or statements.")
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
      cspgraph sparql "DESCRIBE body:dorset-council" --area Dorset
    """  # noqa: D301
    text = options.query_text(query)
    if endpoint and (on or areas or own):
        problem = "an endpoint serves the day, areas and records it was built for"
        left = "leave --on, --area and --with out"
        raise ParameterError(f"endpoint: {problem}; {left}")
    builds = asked(admit(text)).builds
    _fitting(form, builds=builds, iris=iris)
    if endpoint:
        found = _there(endpoint, text, seconds, rows, builds=builds)
    else:
        given = text, on, areas or (), seconds, rows, own or ()
        found = _here(*given, builds=builds)
    if isinstance(found, Triples):
        give_triples(found, form or "turtle")
    else:
        give(found, form or "table", iris=iris)
    if not found.complete:
        cut = found.receipt["cut"]
        typer.echo(f"cspgraph: stopped {cut}; the answer is not complete", err=True)
        raise typer.Exit(PARTIAL)


def _fitting(form: str | None, *, builds: bool, iris: bool | None) -> None:
    """Refuse a form that does not go with what is asked for."""
    if form and builds != (form in FORMATS):
        what, fits = "rows", ["table", "csv", "json", "md"]
        if builds:
            what, fits = "a graph", [*FORMATS]
        raise ParameterError(f"format: the query gives {what}; write {either(fits)}")
    if iris is False and builds:
        raise ParameterError("names: a graph is written with IRIs; leave --names out")


def _here(
    text: str,
    on: str | None,
    areas: Sequence[str],
    seconds: int,
    rows: int,
    own: Sequence[str],
    *,
    builds: bool,
) -> Answer | Triples:
    from cspgraph.forms import taken
    from cspgraph.sandbox import worker

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
    if builds:
        return worker.construct(
            text, on=day, areas=areas, records=records, tell=tell, **bounds
        )
    return worker.ask(text, on=day, areas=areas, records=records, tell=tell, **bounds)


def _there(
    url: str, text: str, seconds: int, rows: int, *, builds: bool
) -> Answer | Triples:
    """Return the answer of the server at `url`, cut to `rows`."""
    from dataclasses import replace

    from cspgraph.serving.endpoint import connect

    server = connect(url, seconds)
    if builds:
        built = server.construct(text)
        cut = f"after {rows:,} statements" if len(built) > rows else ""
        return Triples.of(built.triples[:rows], built.on, built.receipt, cut)
    found = server.select(text)
    if len(found) > rows:
        receipt = {**found.receipt, "cut": f"after {rows:,} rows"}
        kept = found.terms[:rows]
        return replace(found, terms=kept, complete=False, receipt=receipt)
    return found
