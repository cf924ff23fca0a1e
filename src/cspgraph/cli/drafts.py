"""The commands `read` and `confirm`: a report into a draft, a draft into a record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph.cli.console import hint, note, quiet, say
from cspgraph.cli.shared import FINDINGS, PARTIAL
from cspgraph.errors import FileError, ParameterError

if TYPE_CHECKING:
    from cspgraph.drafts.batch import ReportOutcome

__all__ = ["app"]

app = typer.Typer()

_SHOWN = 20


@app.command()
def read(
    report: Annotated[
        str,
        typer.Argument(
            help="A report: .txt, .html, .docx or .pdf with text; or a folder of them."
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="The draft: .yaml, .xlsx, .html to review, .trig; of a folder, a folder.",
        ),
    ],
    area: Annotated[
        str, typer.Option(help="The area, where the report does not say it.")
    ] = "",
    url: Annotated[str, typer.Option(help="The web address of the report.")] = "",
    on: Annotated[
        str | None,
        typer.Option("--on", help="The day of the report, where it prints none."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            help="The kind of document: committee report, minutes, decision record."
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option(min=1, max=16, help="Of a folder: so many at a time.")
    ] = 1,
    *,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Of a folder: pass over what was read before."),
    ] = False,
) -> None:
    """Read a report into a draft record: each fact with its passage, and the doubts.

    A draft counts for nothing until a person confirms it. Of a folder, what cannot be
    read is left and named at the end, and the command ends with 4.

    \b
    For example:
      cspgraph read report.pdf -o draft.html
      cspgraph read reports/ -o drafts/ --resume --jobs 2
    """  # noqa: D301
    if Path(report).is_dir():
        given = {"area": area, "url": url, "on": on or "", "kind": kind}
        _folder(report, output, jobs, given, resume=resume)
        return
    from cspgraph.drafts import draft
    from cspgraph.rdf import save

    if resume or jobs > 1:
        name = "resume" if resume else "jobs"
        raise ParameterError(
            f"{name}: it is for a folder of reports; leave --{name} out"
        )
    save.ending(output, draft.ENDINGS)
    made = draft.read(report, area=area, url=url, on=on or "", kind=kind)
    made.write(output)
    note(f"{output}: written, {made.caption}")
    for doubt in made.doubts[:_SHOWN]:
        note(f"  look at {doubt.place}: {doubt.said}")
    if len(made.doubts) > _SHOWN:
        note(f"  and {len(made.doubts) - _SHOWN} more")


def _folder(
    report: str, output: str, jobs: int, given: dict[str, str], *, resume: bool
) -> None:
    from cspgraph.drafts import batch

    if Path(output).suffix:
        raise FileError(
            output,
            "the drafts of a folder are written into a folder; name one without ending",
        )
    if Path(output).exists() and not Path(output).is_dir():
        raise FileError(output, "it is a file; name a folder for the drafts")
    done: list[ReportOutcome] = []
    total = len(batch.reports(report))
    shown = sys.stderr.isatty() and not quiet()
    for outcome in batch.read_all(report, output, jobs=jobs, resume=resume, **given):
        done.append(outcome)
        if shown:
            typer.echo(f"\r{len(done)} of {total}", nl=False, err=True)
    if shown:
        typer.echo("\r", nl=False, err=True)
    left = sorted((o for o in done if not o.read), key=lambda o: o.report)
    kept = sum(o.kept for o in done)
    was = f", {kept} there already" if kept else ""
    note(f"{output}: {len(done) - len(left)} of {len(done)} reports have a draft{was}.")
    if left:
        say("\n".join(["Left:", *(f"  {one.said}" for one in left)]))
        raise typer.Exit(PARTIAL)


@app.command()
def confirm(
    draft: Annotated[
        str, typer.Argument(help="The draft with what you confirmed: .yaml or .xlsx.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="The record: .trig; or a form to go on with: .yaml, .xlsx.",
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            help="The office that confirms it, such as 'monitoring officer'; no name of a person."
        ),
    ] = "",
    on: Annotated[
        str | None, typer.Option("--on", help="The day on which it was confirmed.")
    ] = None,
) -> None:
    """Make a record of what was confirmed in a draft, and of nothing else.

    A row that rests on something that was not confirmed is left out and named; the
    command then ends with 1.

    \b
    For example:
      cspgraph confirm draft.yaml -o record.trig --by "community safety manager" --on 2026-11-30
    """  # noqa: D301
    from cspgraph.drafts import draft as drafts
    from cspgraph.drafts import record
    from cspgraph.questions.ask import day_of
    from cspgraph.rdf import save

    if not by.strip():
        raise ParameterError("by: missing; write --by and the office that confirms it")
    if not on:
        raise ParameterError(
            "on: missing; write --on and the day on which it was confirmed"
        )
    day = day_of("on", on)
    ending = save.ending(output, (".trig", ".yaml", ".yml", ".xlsx"))
    held = drafts.load(draft)
    open_ = sum(not one.confirmed for one in held.facts)
    kept = sum(one.confirmed == "yes" for one in held.facts)
    if not kept:
        raise FileError(draft, "nothing in it is confirmed; write yes beside a fact")
    rows = held.filled()
    said = f"Confirmed by {by.strip()} on {day:%-d %B %Y}."
    made = record.trig(rows, draft, note=said)
    if ending == ".trig":
        save.save(made.text, output)
    else:
        from cspgraph.forms import formats
        from cspgraph.forms.schema import form
        from cspgraph.forms.template import TemplateGuide

        rows.filled.sheets["Documents"][0]["Notes"].append(said)
        formats.write(rows.filled, form(), TemplateGuide(), output)
    note(f"{output}: written, {kept} of {len(held.facts)} facts confirmed.")
    if open_:
        hint(f"{open_} facts have no answer and count as not confirmed.")
    if made.problems:
        say("\n".join(["Left out:", *(f"  {problem}" for problem in made.problems)]))
        raise typer.Exit(FINDINGS)
