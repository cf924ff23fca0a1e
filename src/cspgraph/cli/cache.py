"""The command `cache`: graphs kept on disk for the next time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from cspgraph.cli.console import hint, note, say
from cspgraph.render.table import table

__all__ = ["app"]

app = typer.Typer()


@app.command("cache")
def list_or_empty(
    *,
    empty: Annotated[
        bool, typer.Option("--empty", help="Remove all of them from the disk.")
    ] = False,
) -> None:
    """List the graphs kept on disk, or remove them; they are made again when asked for.

    CSPGRAPH_CACHE says how much is kept (2 GB and 50 graphs, if it says nothing), such as
    "500 MB, 10 graphs", or "off"; CSPGRAPH_CACHE_FOLDER says where.

    \b
    For example:
      cspgraph cache
      cspgraph cache --empty
    """  # noqa: D301
    from cspgraph.cache import from_environment

    kept = from_environment()
    if kept is None:
        note("No graph is kept: CSPGRAPH_CACHE is off.")
        return
    if empty:
        count = kept.empty()
        say(f"{count} graph{'s' * (count != 1)} removed from {kept.folder}.")
        return
    found = kept.graphs(hint)
    rows = [
        [
            one.day,
            one.areas,
            one.reach,
            f"{one.statements:,}",
            f"{one.size / 1024**2:,.1f} MB",
            f"{datetime.fromtimestamp(one.used, UTC):%Y-%m-%d %H:%M}",
        ]
        for one in found
    ]
    titles = ["day", "areas", "as far as", "statements", "size", "last used"]
    say(table("Graphs kept on disk", titles, rows))
    whole = sum(one.size for one in found) / 1024**2
    note(
        f"{len(found)} in {kept.folder}: {whole:,.1f} of {kept.size / 1024**2:,.0f} MB."
    )
