"""The command `compare`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cspgraph.cli.console import put, say
from cspgraph.render.table import table

__all__ = ["app"]

app = typer.Typer()


@app.command()
def compare(
    old: Annotated[
        str, typer.Argument(help="The older build, or a wheel or checkout of cspgraph.")
    ],
    new: Annotated[str, typer.Argument(help="The newer one.")],
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
) -> None:
    """List duties, roles and bodies gained, lost or changed between two builds or releases.

    Two files that 'build' wrote are compared in the areas that both were built for. A
    release, a wheel or a checkout, holds law and register: duties and roles in the law,
    and bodies, are compared then. What was not compared is said.

    \b
    For example:
      cspgraph compare --help
    and with two builds of yours:
      compare dorset-0.1.0.nq dorset-0.2.0.nq
      compare cspgraph-0.1.0-py3-none-any.whl cspgraph-0.2.0-py3-none-any.whl --format md
    """  # noqa: D301
    from cspgraph.explain.compare import compare as compared

    found = compared(old, new)
    left_out = found.receipt.get("not_compared", ())
    for one in left_out if isinstance(left_out, list) else ():
        typer.echo(f"cspgraph: not compared: {one}", err=True)
    if form != "table":
        put(
            {"csv": found.to_csv, "json": found.to_json, "md": found.to_markdown}[
                form
            ]()
        )
    elif found.terms:
        say(table(found.question, [c.name for c in found.columns], found.words()))
    else:
        say(f"{found.question} Nothing that was compared.")
