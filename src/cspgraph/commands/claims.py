"""The command `claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.commands import Scenario, With
from cspgraph.terminal import hint, note, put, say, table, warn

if TYPE_CHECKING:
    from cspgraph.law.comparisons import Comparison

__all__ = ["app"]

app = typer.Typer()


@app.command()
def claims(
    document: Annotated[
        str, typer.Argument(help="The document on record: its name or short IRI.")
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            help="The day on which duties that are not mentioned are looked for; that of the document if left out.",
        ),
    ] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md", "html"], typer.Option("--format")
    ] = "table",
    scenario: Scenario = "",
    own: With = None,
) -> None:
    """Hold what a document says of the law against the law of its day.

    Then come the duties of its area that bind and that it does not mention.

    \b
    For example:
      cspgraph claims dorset-2024-07-23
      cspgraph claims dorset-2024-07-23 --format md > dorset.md
      cspgraph claims dorset-2024-07-23 --with my-record.trig
    """  # noqa: D301
    from cspgraph.graph import load

    made = load(*(own or ()), scenario=scenario, tell=hint).claims(document, on=on)
    warn(made.known)
    if form == "table":
        _show(made)
        return
    if form in ("csv", "json") and (made.unjudged or not made.statements):
        hint(made.caption)
    written = {
        "csv": made.to_csv,
        "json": made.to_json,
        "md": made.to_markdown,
        "html": made.to_html,
    }
    put(written[form]())


def _show(made: Comparison) -> None:
    """Print both tables, each with the addresses of its law below."""
    told, silent = made.rows(), made.silent_rows()
    for caption, titles, rows in (
        (made.caption, ["place", "words", "verdict", "why", "law"], told),
        (made.silence, ["law", "duty", "binds"], silent),
    ):
        say(table(caption, titles, [row[:-1] for row in rows]))
        addresses = list(dict.fromkeys(row[-1] for row in rows if row[-1]))
        say("\n".join([*addresses, ""]))
    note(made.receipt)
