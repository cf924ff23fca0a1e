"""The command `draw`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.commands import Day
from cspgraph.errors import ParameterError
from cspgraph.terminal import hint, put

if TYPE_CHECKING:
    from cspgraph.pictures import Picture
    from cspgraph.summaries import Summary

__all__ = ["app"]

_ENDINGS = {"area": (".svg", ".mmd", ".md", ".html"), "country": (".md", ".html")}

app = typer.Typer()


@app.command()
def draw(
    what: Annotated[
        Literal["area", "country"],
        typer.Argument(help="One area, or England and Wales counted."),
    ],
    name: Annotated[str, typer.Argument(help="The area: a name or code.")] = "",
    on: Day = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write: .svg, .mmd, .md or .html; of a country .md or .html.",
        ),
    ] = None,
) -> None:
    """Draw who holds which role in an area and by which law, or count a country.

    A picture never comes without its rows in words: Mermaid with a table below it if
    no file is named.

    \b
    For example:
      cspgraph draw area Dorset --on 2024-07-23 -o dorset.html
      cspgraph draw area E06000059 > dorset.md
      cspgraph draw country --on 2024-07-23
    """  # noqa: D301
    if what == "area" and not name:
        raise ParameterError("area: no name follows; write cspgraph draw area Dorset")
    if what == "country" and name:
        raise ParameterError(
            f"country: England and Wales are counted together; leave {name!r} out"
        )
    from cspgraph import writing
    from cspgraph.graph import load

    ending = writing.ending(output, _ENDINGS[what]) if output is not None else ""
    graph = load(tell=hint)
    made: Picture | Summary
    made = graph.draw(name, on=on) if what == "area" else graph.summary(on=on)
    if output is None:
        put(f"{made}\n")
        return
    writing.save(made.forms[ending](), output)
    rows = ", its rows in its description; .md and .html have them as a table"
    typer.echo(
        f"{output}: written{rows if ending in ('.svg', '.mmd') else ''}.", err=True
    )
