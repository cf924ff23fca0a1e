"""The commands `why`, `why-not`, `changes` and `due`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cspgraph.commands import Day, With
from cspgraph.errors import ParameterError
from cspgraph.terminal import (
    give,
    hint,
    note,
    put,
    receipt,
    rests_on,
    say,
    table,
    warn,
)

__all__ = ["app"]

_FORM_OF = {
    ".txt": "text",
    ".md": "md",
    ".json": "json",
    ".mmd": "mmd",
    ".svg": "svg",
    ".html": "html",
}

app = typer.Typer()


@app.command()
def why(
    thing: Annotated[
        str,
        typer.Argument(
            help="A duty, body, role holding, version, strategy, document or provision: its name or short IRI."
        ),
    ],
    on: Day = None,
    area: Annotated[
        str | None,
        typer.Option(help="Keep to one area: a name or code."),
    ] = None,
    form: Annotated[
        Literal["text", "md", "json", "mmd", "svg", "html"] | None,
        typer.Option("--format", help="Text, or that of the file, if left out."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write: .txt, .md, .json, .mmd, .svg or .html.",
        ),
    ] = None,
    own: With = None,
) -> None:
    """Show the law and the paragraphs behind a thing, each step with its days.

    \b
    For example:
      cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
      cspgraph why "Probation Service" --area Dorset --on 2024-07-23
      cspgraph why dorset-council --on 2024-07-23 -o why.html
    """  # noqa: D301
    from cspgraph import writing
    from cspgraph.graph import load

    ending = writing.ending(output, _FORM_OF) if output is not None else ".txt"
    wanted = form or _FORM_OF[ending]
    if output is not None and wanted != _FORM_OF[ending]:
        raise ParameterError(
            f"format: {output} would hold {_FORM_OF[ending]}, not {wanted}; "
            "leave --format out, or name another file"
        )
    found = load(*(own or ()), tell=hint).why(thing, on=on, area=area)
    warn(found.receipt)
    if output is not None:
        writing.save(found.forms[wanted](), output)
        note(f"{output}: written, {len(found.steps)} steps.")
    elif wanted == "text":
        say(str(found))
        note(rests_on(found.receipt))
    else:
        put(found.forms[wanted]())


@app.command("why-not")
def why_not(
    body: Annotated[str, typer.Argument(help="The body: its name or short IRI.")],
    asked: Annotated[
        str,
        typer.Argument(help="A kind of document, or a duty template."),
    ],
    area: Annotated[str, typer.Option(help="The area: a name or code.")],
    on: Day = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format")] = "text",
    own: With = None,
) -> None:
    """Say why a body has no such duty: the first condition that fails, and its law.

    If the duty is there after all, it says so, and how it stands.

    \b
    For example:
      cspgraph why-not dorset-pcc "crime and disorder strategy" --area Dorset --on 2024-07-23
      cspgraph why-not "Dorset Council" "partnership plan" --area Dorset --on 2019-03-31
    """  # noqa: D301
    from cspgraph.graph import load

    found = load(*(own or ()), tell=hint).why_not(body, asked, area, on=on)
    warn(found.receipt)
    if form == "json":
        put(found.to_json())
        return
    say(str(found))
    note(found.rests)


@app.command()
def changes(
    area: Annotated[str, typer.Option(help="The area: a name or code.")],
    first: Annotated[
        str, typer.Option("--from", help="The day before the first that counts.")
    ],
    last: Annotated[str, typer.Option("--to", help="The last day that counts.")],
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    own: With = None,
) -> None:
    """List what changed in an area between two days, each with its cause.

    Roles, duties and documents gained and lost, and duties that stand otherwise.

    \b
    For example:
      cspgraph changes --area Dorset --from 2022-06-30 --to 2022-07-01
    """  # noqa: D301
    from cspgraph.explaining.changes import brief
    from cspgraph.graph import load

    found = load(*(own or ()), tell=hint).what_changed(area, first, last)
    if form != "table":
        give(found, form)
        return
    warn(found.receipt)
    say(table(found.caption, *brief(found)))
    note(receipt(found))


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

    found = load().due(duty, start)
    warn(found.receipt)
    say(str(found))
    note(rests_on(found.receipt))
