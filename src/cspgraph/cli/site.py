"""The command `site`: pages for people, as a folder for any static host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cspgraph.cli.console import hint, note, warn
from cspgraph.cli.shared import Areas, With
from cspgraph.errors import ParameterError

__all__ = ["app"]

app = typer.Typer()


@app.command()
def site(
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="The folder to write; one that an earlier build made is replaced.",
        ),
    ],
    days: Annotated[
        Literal["states", "today"],
        typer.Option(help="A page for each state since --since, or for one day alone."),
    ] = "states",
    on: Annotated[
        str | None,
        typer.Option("--on", help="The newest day; today if left out."),
    ] = None,
    since: Annotated[
        str, typer.Option(help="The first day of the states.")
    ] = "2019-04-01",
    areas: Areas = None,
    own: With = None,
    base: Annotated[
        str, typer.Option(help="Where the site lies on its host, such as /safety/.")
    ] = "/",
    contact: Annotated[
        str,
        typer.Option(
            help="Where a wrong fact is told: an https:// or mailto: address."
        ),
    ] = "",
    engine: Annotated[
        str,
        typer.Option(
            help="The folder of the unpacked npm package oxigraph, for the Ask page."
        ),
    ] = "",
) -> None:
    """Write the pages of all areas, with their law and data, into a folder.

    \b
    For example:
      cspgraph site --help
    and, which takes minutes:
      cspgraph site -o public --days today
      cspgraph site -o public --area Dorset --since 2024-04-01
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.questions.ask import day_of, day_or_today
    from cspgraph.site.build import SitePlan, build

    if not base.startswith("/") or not base.endswith("/"):
        raise ParameterError(f"base: {base!r} must begin and end with /")
    if contact and not contact.startswith(("https://", "mailto:")):
        raise ParameterError(
            f"contact: {contact!r} is no address; write https:// or mailto:"
        )
    day = day_or_today(on)
    first = day_of("since", since) if days == "states" else None
    if first and first >= day_of("on", day):
        raise ParameterError(
            f"since: {since} is not before {day}; write an earlier day"
        )
    if engine and not Path(engine).is_dir():
        raise ParameterError(
            f"engine: {engine!r} is no folder; unpack the package there"
        )
    graph = load(*(own or []), on=day, tell=hint)
    codes = tuple(graph.area(area)[1] for area in areas or ())
    plan = SitePlan(codes, first, base, contact, Path(engine) if engine else None)
    made = build(graph, Path(output), plan, hint)
    warn(graph.receipt)
    for name in made.left_out:
        note(f"Ask: '{name}' is left out; this engine answers it otherwise.")
    note(
        f"{output}: {made.areas} areas, {made.pages:,} pages, {made.files:,} files,"
        f" {made.size / 1e6:,.0f} MB; {made.reused:,} files as they were."
    )
