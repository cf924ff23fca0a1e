"""The commands `check` and `coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.cli.console import hint, put, say, warn
from cspgraph.cli.shared import FINDINGS, NOT_CHECKED, Day, Drafts, Files
from cspgraph.errors import ParameterError

if TYPE_CHECKING:
    from cspgraph.report.findings import CheckResult

__all__ = ["app"]

app = typer.Typer()

Form = Literal["text", "line", "md", "csv", "json", "sarif", "junit", "ttl", "html"]


@app.command()
def check(
    files: Files = None,
    area: Annotated[
        str | None, typer.Option(help="One area only: a name or code.")
    ] = None,
    on: Day = None,
    since: Annotated[
        str | None,
        typer.Option(help="A report of before, in JSON: say only what is new."),
    ] = None,
    shapes: Annotated[
        list[str] | None,
        typer.Option(
            help="SHACL shapes of your own, in Turtle, which look at the graph of the day; repeat it for more."
        ),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="Text, or by the ending of --output."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="A file to write it to.")
    ] = None,
    *,
    shipped: Annotated[
        bool,
        typer.Option(
            "--shipped",
            help="With files of your own: report on the shipped law and records as well.",
        ),
    ] = False,
    country: Annotated[
        bool,
        typer.Option("--country", help="Every area, which takes about a minute."),
    ] = False,
    drafts: Drafts = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 3 if anything was not checked.")
    ] = False,
) -> None:
    """Check how well the data is made and how the duties stand.

    With files of your own, or forms as they are filled, it reports on these alone.
    Ends with 1 when something is to be looked at first, and with 3 when the check
    could not do its work, such as for a misspelt word.

    \b
    For example:
      cspgraph check --area Dorset --on 2024-07-23
      cspgraph check my-record.trig -o report.html
      cspgraph check --area Dorset --shapes my-shapes.ttl
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.rdf import save
    from cspgraph.report import formats

    if area == "":
        raise ParameterError("area: no value follows; leave it out to check every area")
    if output and not form:
        save.ending(output, formats.ENDINGS)
    before = _before(since) if since is not None else None
    report = load(*(files or []), tell=hint, drafts=drafts).validate(
        on=on,
        area=area,
        country=country,
        shipped=shipped,
        shapes=shapes or (),
    )
    warn(report.receipt)
    if before:
        report = report.since_then(before)
    if output and form:
        save.save(report.to(form), output)
    elif output:
        report.write(output)
    elif form in (None, "text", "line"):
        say(report.to(form or "text").rstrip("\n"))
    else:
        put(report.to(form))
    if report.broken or (strict and report.unseen):
        raise typer.Exit(NOT_CHECKED)
    if form != "line" and not report.conforms:
        raise typer.Exit(FINDINGS)


def _before(name: str) -> CheckResult:
    """Return the report of before that the file called `name` holds."""
    from cspgraph.rdf.read import regular
    from cspgraph.report import as_json

    return as_json.read(regular(name), name)


@app.command()
def coverage() -> None:
    """Say which law is in, how well it was checked, and what is not in.

    \b
    For example:
      cspgraph coverage > coverage.md
    """  # noqa: D301
    from cspgraph.graph import load

    put(load().coverage())
