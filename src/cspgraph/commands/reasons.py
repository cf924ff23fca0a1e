"""The commands `why` and `due`."""

from __future__ import annotations

from typing import Annotated

import typer

from cspgraph.commands import Day
from cspgraph.errors import ParameterError
from cspgraph.terminal import say

__all__ = ["app"]

app = typer.Typer()


@app.command()
def why(
    thing: Annotated[
        str,
        typer.Argument(
            help="A version, strategy, duty or body: its name or short IRI."
        ),
    ],
    on: Day = None,
) -> None:
    """Show the law and the paragraphs behind a thing.

    \b
    For example:
      cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
    """  # noqa: D301
    from cspgraph.chains import tree
    from cspgraph.graph import load

    chains = load().why(thing, on=on)
    if not chains:
        hint = "name a version, strategy, duty or body, or another day"
        raise ParameterError(f"thing: nothing stands behind {thing!r} that day; {hint}")
    say(tree(chains))


@app.command()
def due(
    duty: Annotated[
        str, typer.Argument(help="A duty template, such as cdos09-respond-28-days.")
    ],
    start: Annotated[
        str,
        typer.Option("--from", help="The day of the event, or the day to look from."),
    ],
) -> None:
    """Say by which day a duty falls due, and how that is counted.

    \b
    For example:
      cspgraph due si07-revise-partnership-plan.england --from 2024-07-23
    """  # noqa: D301
    from cspgraph.graph import load

    say(str(load().due(duty, start)))
