"""The command `brief`."""

from __future__ import annotations

from typing import Annotated

import typer

from cspgraph import papers
from cspgraph.commands import Day, Files, Scenario
from cspgraph.terminal import hint, note, put, warn

__all__ = ["app"]

app = typer.Typer()


@app.command()
def brief(
    files: Files = None,
    area: Annotated[str, typer.Option(help="The area: a name or code.")] = "",
    product: Annotated[
        str,
        typer.Option(help="The kind of document, such as csp-plan."),
    ] = "",
    on: Day = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="The file to write: .md, .html, .docx or .json."
        ),
    ] = None,
    scenario: Scenario = "",
) -> None:
    """Write the checklist for the report on which a council decides about a document.

    Who must adopt it and on what basis, what it must hold, who is to be consulted or
    sent it, what is on record, by when, and a draft of the reason for the
    recommendation: each line with its provision, its day and its doubt.

    \b
    For example:
      cspgraph brief --area Ashford --on 2024-07-23 --product csp-plan -o brief.docx
      cspgraph brief my-record.trig --area Dorset --product "youth justice plan"
    """  # noqa: D301
    from cspgraph import writing
    from cspgraph.errors import ParameterError
    from cspgraph.graph import load

    for name, given in (("area", area), ("product", product)):
        if not given:
            raise ParameterError(f"{name}: missing; write --{name} and its name")
    endings = (*papers.ENDINGS, ".json")
    ending = writing.ending(output, endings) if output is not None else ""
    made = load(*(files or ()), scenario=scenario, tell=hint).brief(
        area, product, on=on
    )
    warn(made.told.receipt)
    if output is None:
        put(made.to_markdown())
        return
    data = (
        made.to_json().encode()
        if ending == ".json"
        else papers.written(made.paper(), ending)
    )
    writing.save(data, output)
    note(f"{output}: written, {sum(made.counts.values())} duties{made.over}.")
