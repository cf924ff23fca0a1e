"""The commands `check` and `coverage`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cspgraph.commands import FINDINGS, NOT_CHECKED, Day, Files
from cspgraph.errors import ParameterError
from cspgraph.terminal import put, say

__all__ = ["app"]

app = typer.Typer()


@app.command()
def check(
    files: Files = None,
    area: Annotated[
        str | None, typer.Option(help="One area only: a name or code.")
    ] = None,
    on: Day = None,
    form: Annotated[
        Literal["text", "line", "json", "html"], typer.Option("--format")
    ] = "text",
) -> None:
    """Check how well the data is made and how the duties stand.

    Ends with 1 when something is to be looked at first, 3 when something could
    not be checked.

    \b
    For example:
      cspgraph check --area Dorset --on 2024-07-23
      cspgraph check my-record.trig
    """  # noqa: D301
    from cspgraph.graph import load

    if area == "":
        raise ParameterError("area: no value follows; leave it out to check every area")
    report = load(*(files or [])).validate(on=on, area=area)
    if form in ("json", "html"):
        put(report.to_json() if form == "json" else report.to_html())
    else:
        say(report.line if form == "line" else str(report))
    if report.not_checked:
        raise typer.Exit(NOT_CHECKED)
    if form != "line" and not report.conforms:
        raise typer.Exit(FINDINGS)


@app.command()
def coverage() -> None:
    """Say which law is in, how well it was checked, and what is not in.

    \b
    For example:
      cspgraph coverage > coverage.md
    """  # noqa: D301
    from cspgraph.graph import load

    put(load().coverage())
