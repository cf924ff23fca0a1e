"""The command line: questions, answer, why, check, build and sparql.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph import options
from cspgraph.errors import CspgraphError, FileError, ParameterError, StoppedError
from cspgraph.queries import find, queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.answers import Answer

__all__ = ["main"]

FINDINGS, MISUSE, NOT_CHECKED, PARTIAL = 1, 2, 3, 4

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="""Which body must adopt what, by when, under which law, and why.

\b
For example:
  cspgraph answer who-must-adopt --area Dorset --on 2024-07-23
  cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
  cspgraph check --area Dorset --on 2024-07-23
""",
)

Day = Annotated[
    str | None,
    typer.Option("--on", help="The day, such as 2024-07-23; today if left out."),
]
Scenario = Annotated[
    str,
    typer.Option(help="Law not in force to take as if it were; see data/scenario/."),
]
Files = Annotated[
    list[str] | None,
    typer.Argument(help="Your own Turtle or TriG files, or folders of them."),
]
_ANY = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command("questions")
def list_questions() -> None:
    r"""List the questions that can be asked.

    \b
    For example:
      cspgraph questions
    """
    from cspgraph.terminal import table

    rows = [
        [query.name, query.question, " ".join(map(options.usage, query.parameters))]
        for query in queries().values()
    ]
    typer.echo(table("Questions", ["name", "question", "takes"], rows))


@app.command(context_settings=_ANY, add_help_option=False)
def answer(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(help="The question; see 'cspgraph questions'.")
    ] = "",
    on: Day = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    endpoint: Annotated[str | None, typer.Option(envvar="CSPGRAPH_ENDPOINT")] = None,
    scenario: Scenario = "",
) -> None:
    """Answer one question: cspgraph answer who-must-adopt --area Dorset --on 2024-07-23."""
    given = options.given(ctx.args)
    if not name or "help" in given:
        typer.echo(options.describe(find(name)) if name else ctx.get_help())
        return
    from cspgraph.graph import connect, load

    if endpoint and (on or scenario):
        problem = "an endpoint serves the day and the law it was built for"
        raise ParameterError(f"endpoint: {problem}; leave --on and --scenario out")
    if endpoint:
        _print(connect(endpoint).answer(name, **given), form)
    else:
        _print(load(scenario=scenario).answer(name, on=on, **given), form)


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
    r"""Show the law and the paragraphs behind a thing.

    \b
    For example:
      cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
    """
    from cspgraph.chains import tree
    from cspgraph.graph import load

    typer.echo(tree(load().why(thing, on=on)))


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
    r"""Say by which day a duty falls due, and how that is counted.

    \b
    For example:
      cspgraph due si07-revise-partnership-plan --from 2024-07-23
    """
    from cspgraph.graph import load

    typer.echo(str(load().due(duty, start)))


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
    r"""Check how well the data is made and how the duties stand.

    Ends with 1 when something is to be looked at first, 3 when something could
    not be checked.

    \b
    For example:
      cspgraph check --area Dorset --on 2024-07-23
      cspgraph check my-record.trig
    """
    from cspgraph.graph import load

    report = load(*(files or [])).validate(on=on, area=area)
    written = {
        "line": lambda: report.line,
        "json": report.to_json,
        "html": report.to_html,
    }
    typer.echo(written.get(form, lambda: str(report))().rstrip("\n"))
    if report.not_checked:
        raise typer.Exit(NOT_CHECKED)
    if form != "line" and not report.conforms:
        raise typer.Exit(FINDINGS)


@app.command()
def coverage() -> None:
    r"""Say which law is in, how well it was checked, and what is not in.

    \b
    For example:
      cspgraph coverage > coverage.md
    """
    from cspgraph.graph import load

    typer.echo(load().coverage())


@app.command()
def build(
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="The file to write: .nq, .trig, .ttl or .nt."
        ),
    ],
    files: Files = None,
    on: Day = None,
) -> None:
    r"""Write the graph of a day as RDF for any SPARQL server.

    \b
    For example:
      cspgraph build --on 2024-07-23 --output dorset.nq
    """
    from cspgraph.graph import load
    from cspgraph.writing import write

    graph = load(*(files or []))
    count = write(graph.at(on or _today()).quads(), output)
    typer.echo(f"{output}: {count:,} statements.", err=True)


@app.command()
def sparql(
    query: Annotated[
        str,
        typer.Argument(
            help="SPARQL SELECT or ASK, or @FILE, or - to read it from standard input."
        ),
    ],
    on: Day = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    seconds: Annotated[int, typer.Option(help="Stop after this many seconds.")] = 10,
    rows: Annotated[int, typer.Option(help="Give at most this many rows.")] = 10_000,
) -> None:
    r"""Ask free SPARQL, read only, in a process of its own with a time limit.

    \b
    For example:
      cspgraph sparql "SELECT ?duty WHERE { ?duty a csp:Duty } ORDER BY ?duty LIMIT 5"
    """
    from cspgraph.worker import ask

    found = ask(_query_text(query), on=on or _today(), seconds=seconds, rows=rows)
    _print(found, form)
    if not found.complete:
        typer.echo(
            f"cspgraph: stopped after {rows:,} rows; the answer is not complete",
            err=True,
        )
        raise typer.Exit(PARTIAL)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process."""
    try:
        app(arguments)
    except CspgraphError as error:
        typer.echo(f"cspgraph: {error}", err=True)
        sys.exit(PARTIAL if isinstance(error, StoppedError) else MISUSE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _print(found: Answer, form: str) -> None:
    if form == "table":
        from cspgraph.terminal import receipt, show

        typer.echo(show(found))
        typer.echo(receipt(found), err=True)
        return
    written = {"csv": found.to_csv, "json": found.to_json, "md": found.to_markdown}
    sys.stdout.write(written[form]())


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if not query.startswith("@"):
        return query
    from pathlib import Path

    try:
        return Path(query[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            query[1:], f"cannot be read: {error}; check the path"
        ) from error


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    main()
