"""The command `new`."""

from __future__ import annotations

from typing import Annotated

import typer

from cspgraph.terminal import say

__all__ = ["app"]

app = typer.Typer()


@app.command()
def new(
    folder: Annotated[str, typer.Argument(help="The folder to make or to fill.")],
    area: Annotated[str, typer.Option(help="The area: a name or code.")] = "",
) -> None:
    """Make a place for the records of an area: a folder, a page, a check in CI.

    Nothing that is there already is changed.

    \b
    For example:
      cspgraph new ashford --area Ashford
      cspgraph new . --area E06000059
    """  # noqa: D301
    from cspgraph.errors import ParameterError
    from cspgraph.graph import load
    from cspgraph.recording import projects

    if not area:
        raise ParameterError("area: missing; write --area and its name")
    name, code = load().area(area)
    written, kept = projects.begin(folder, name, code)
    for path in kept:
        say(f"{path}: kept as it is.")
    for path in written:
        say(f"{path}: written.")
