"""The command line: questions, answer, why, due, check, coverage, build, sparql.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph import options
from cspgraph.errors import CspgraphError, ParameterError, StoppedError
from cspgraph.queries import find, queries
from cspgraph.terminal import in_words, put, receipt, say, show, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.answers import Answer

__all__ = ["main"]

FINDINGS, MISUSE, NOT_CHECKED, PARTIAL, INTERRUPTED = 1, 2, 3, 4, 130
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    add_completion=False,
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
    """List the questions that can be asked.

    \b
    For example:
      cspgraph questions
    """  # noqa: D301
    rows = [
        [query.name, query.question, " ".join(map(options.usage, query.parameters))]
        for query in queries().values()
    ]
    say(table("Questions", ["name", "question", "takes"], rows))


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
    """Answer one question, which takes options of its own.

    \b
    For example:
      cspgraph answer who-must-adopt --area Dorset --on 2024-07-23
      cspgraph answer who-must-adopt --help
    """  # noqa: D301
    name, given = options.given([name, *ctx.args])
    if not name or "help" in given:
        say(options.describe(find(name)) if name else ctx.get_help())
        return
    options.refuse_unknown(find(name), given)
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
    """Show the law and the paragraphs behind a thing.

    \b
    For example:
      cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
    """  # noqa: D301
    from cspgraph.chains import tree
    from cspgraph.graph import load

    chains = load().why(thing, on=on)
    if not chains:
        hint = "name a version, strategy, duty or body, or another day"
        raise ParameterError(f"thing: nothing stands behind {thing!r} that day; {hint}")
    say(tree(chains))


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

    say(str(load().due(duty, start)))


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
    """Write the graph of a day as RDF for any SPARQL server.

    \b
    For example:
      cspgraph build --on 2024-07-23 --output dorset.nq
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.writing import write

    graph = load(*(files or []))
    count = write(graph.at(_day(on)).quads(), output)
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
    seconds: Annotated[
        int, typer.Option(min=1, help="Stop after this many seconds.")
    ] = 10,
    rows: Annotated[
        int, typer.Option(min=1, help="Give at most this many rows.")
    ] = 10_000,
) -> None:
    """Ask free SPARQL, read only, in a process of its own with a time limit.

    \b
    For example:
      cspgraph sparql "SELECT ?duty WHERE { ?duty a csp:Duty } ORDER BY ?duty LIMIT 5"
    """  # noqa: D301
    from cspgraph.worker import ask

    found = ask(options.query_text(query), on=_day(on), seconds=seconds, rows=rows)
    _print(found, form)
    if not found.complete:
        typer.echo(
            f"cspgraph: stopped after {rows:,} rows; the answer is not complete",
            err=True,
        )
        raise typer.Exit(PARTIAL)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process, and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    gc.disable()  # a command ends before collecting would pay
    try:
        code = app(words or ["--help"], prog_name="cspgraph", standalone_mode=False)
    except (CspgraphError, _UsageError) as error:
        code = PARTIAL if isinstance(error, StoppedError) else MISUSE
        typer.echo(f"cspgraph: {in_words(error)}", err=True)
    except typer.Abort:
        code = INTERRUPTED
    sys.exit(code)


def _print(found: Answer, form: str) -> None:
    if form == "table":
        say(show(found))
        typer.echo(receipt(found), err=True)
        return
    written = {"csv": found.to_csv, "json": found.to_json, "md": found.to_markdown}
    put(written[form]())


def _day(on: str | None) -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat() if on is None else on


if __name__ == "__main__":
    main()
