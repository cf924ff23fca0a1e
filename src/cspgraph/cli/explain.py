"""The commands `why`, `why-not`, `changes`, `due` and `claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.cli.console import give, hint, note, put, say, warn
from cspgraph.cli.shared import Day, Scenario, With
from cspgraph.errors import ParameterError
from cspgraph.receipt import receipt_in_words
from cspgraph.render.table import table

if TYPE_CHECKING:
    from cspgraph.claims import Comparison

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
    from cspgraph.graph import load
    from cspgraph.rdf import save

    ending = save.ending(output, _FORM_OF) if output is not None else ".txt"
    wanted = form or _FORM_OF[ending]
    if output is not None and wanted != _FORM_OF[ending]:
        raise ParameterError(
            f"format: {output} would hold {_FORM_OF[ending]}, not {wanted}; "
            "leave --format out, or name another file"
        )
    found = load(*(own or ()), tell=hint).why(thing, on=on, area=area)
    warn(found.receipt)
    if output is not None:
        save.save(found.forms[wanted](), output)
        note(f"{output}: written, {len(found.steps)} steps.")
    elif wanted == "text":
        say(str(found))
        note(receipt_in_words(found.receipt))
    else:
        put(found.forms[wanted]())


@app.command("why-not")
def why_not(
    body: Annotated[str, typer.Argument(help="The body: its name or short IRI.")],
    asked: Annotated[
        str,
        typer.Argument(help="A kind of document, a duty template, or a role."),
    ],
    area: Annotated[str, typer.Option(help="The area: a name or code.")],
    on: Day = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format")] = "text",
    own: With = None,
) -> None:
    """Say why a body has no such duty or role: the first condition that fails, and its law.

    If it is there after all, the answer says so and, of a duty, how it stands.

    \b
    For example:
      cspgraph why-not dorset-pcc "crime and disorder strategy" --area Dorset --on 2024-07-23
      cspgraph why-not "Dorset Council" "partnership plan" --area Dorset --on 2019-03-31
      cspgraph why-not dorset-pcc "responsible authority" --area Dorset
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
        str | None,
        typer.Option("--from", help="The day before the first that counts."),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="The last day that counts.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", help="One day, in place of --from and --to."),
    ] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    own: With = None,
) -> None:
    """List what changed in an area between two days, each with its cause.

    Areas that ended and what came in their place, roles, duties and documents gained
    and lost, and duties that stand otherwise.

    \b
    For example:
      cspgraph changes --area Dorset --from 2022-06-30 --to 2022-07-01
      cspgraph changes --area Cumbria --on 2023-04-01
    """  # noqa: D301
    from cspgraph.explain.changes import brief
    from cspgraph.graph import load

    if (on is None) == (first is None and last is None):
        raise ParameterError("on: give one day with --on, or two with --from and --to")
    if on is None and (first is None or last is None):
        raise ParameterError(f"{'to' if first else 'from'}: missing; give both days")
    graph = load(*(own or ()), tell=hint)
    found = graph.what_changed(area, first, last, on=on)
    if form != "table":
        give(found, form)
        return
    warn(found.receipt)
    say(f"{found.sentence()}\n")
    say(table(found.caption, *brief(found)))
    note(receipt_in_words(found.receipt))


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
    note(receipt_in_words(found.receipt))


@app.command("due-between")
def due_between(
    first: Annotated[str, typer.Option("--from", help="The first day.")],
    last: Annotated[str, typer.Option("--to", help="The last day.")],
    area: Annotated[
        str,
        typer.Option(help="The area, name or code; or a wider one for its districts."),
    ] = "",
    body: Annotated[
        str, typer.Option(help="The body; without an area, wherever it serves.")
    ] = "",
    ics: Annotated[
        str | None,
        typer.Option("--ics", metavar="FILE.ics", help="A calendar file to write."),
    ] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    links: Annotated[
        bool, typer.Option("--links", help="Print the addresses of the law below.")
    ] = False,
    own: With = None,
) -> None:
    """List the duties that fall due between two days, for an area or a body.

    Those that run from an event of unknown day have no due day; they are counted.

    \b
    For example:
      cspgraph due-between --from 2026-12-01 --to 2027-11-30 --area Dorset
      cspgraph due-between --from 2026-12-01 --to 2027-11-30 --area Dorset --ics due.ics
      cspgraph due-between --from 2026-12-01 --to 2027-11-30 --body "Kent County Council"
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.rdf import save

    if ics is not None:
        save.ending(ics, (".ics",))
    graph = load(*(own or ()), tell=hint)
    found = graph.due_between(first, last, area=area, body=body)
    if ics is None:
        give(found, form, links=links)
        return
    from cspgraph.days import days
    from cspgraph.explain.due_days import to_calendar

    warn(found.receipt)
    save.save(to_calendar(found, days(first)), ics)
    note(f"{ics}: {len(found)} due day{'s' * (len(found) != 1)} written.")
    say(found.sentence())


@app.command()
def claims(
    document: Annotated[
        str,
        typer.Argument(
            help="The document on record: its name or short IRI; or a report or draft: its file."
        ),
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            help="The day on which duties that are not mentioned are looked for, that of the document if left out; of a report that prints no day, its day.",
        ),
    ] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md", "html"], typer.Option("--format")
    ] = "table",
    scenario: Scenario = "",
    own: With = None,
    area: Annotated[
        str, typer.Option(help="Of a report that does not say it: the area.")
    ] = "",
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write: .docx (a report in Word with comments), .html, .md, .json or .csv.",
        ),
    ] = None,
) -> None:
    """Hold what a document says of the law against the law of its day.

    Then come the duties of its area that bind and that it does not mention. Of a
    report that is a file, what it says of the law is read first; drafts among the
    files are looked at, because nothing counts here.

    \b
    For example:
      cspgraph claims dorset-2024-07-23
      cspgraph claims dorset-2024-07-23 --format md > dorset.md
      cspgraph claims report.docx -o checked.docx
      cspgraph claims dorset-2024-07-23 --with my-record.trig
    """  # noqa: D301
    from cspgraph.drafts import checked
    from cspgraph.graph import load
    from cspgraph.rdf import save

    if output is not None:
        save.ending(output, checked.FORMATS)
    doubts: tuple[str, ...] = ()
    report = document if checked.is_report(document) else ""
    if report:
        source, document, doubts = checked.prepared(
            report, hint, area=area, on=on or ""
        )
        graph = load(*(own or ()), source, scenario=scenario, tell=hint, drafts=True)
        hint(
            f"{report}: read by rules and confirmed by nobody; look at each paragraph."
        )
    else:
        if area:
            raise ParameterError("area: it is for a report in a file; leave --area out")
        graph = load(*(own or ()), scenario=scenario, tell=hint, drafts=True)
    made = graph.claims(document, on=None if report else on)
    warn(made.known)
    for doubt in doubts:
        hint(f"look at {doubt}")
    if output is not None:
        count = checked.write(made, output, report, doubts)
        placed = f", {count} comments at its paragraphs" if count else ""
        note(f"{output}: written{placed}. {made.caption}")
        return
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
