"""The commands `questions` and `answer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cspgraph.commands import Day, Scenario, With
from cspgraph.errors import ParameterError
from cspgraph.inquiry import options
from cspgraph.inquiry.queries import find, queries
from cspgraph.terminal import give, hint, note, say, table

__all__ = ["app"]

app = typer.Typer()


@app.command("questions")
def list_questions(
    pages: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="An existing folder to write a page for each question into.",
        ),
    ] = None,
) -> None:
    """List the questions that can be asked, or write a page for each.

    A page has what the question takes and gives, its example answer, a picture of what
    it looks for, and its text, all in Markdown.

    \b
    For example:
      cspgraph questions
    """  # noqa: D301
    if pages is not None:
        _write_pages(Path(pages))
        return
    rows = [
        [query.name, query.question, " ".join(map(options.usage, query.parameters))]
        for query in queries().values()
    ]
    say(table("Questions", ["name", "question", "takes"], rows))


def _write_pages(folder: Path) -> None:
    from cspgraph import writing
    from cspgraph.graph import load
    from cspgraph.inquiry import leaflets

    graph = load(tell=hint)
    made = leaflets.leaflets(queries(), lambda q: graph.answer(q.name, **q.example))
    texts = {folder / name: text for name, text in made}
    writing.save_together(texts)
    note(f"{folder}: {len(texts)} pages written.")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
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
    own: With = None,
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
    from cspgraph.graph import load
    from cspgraph.serving.endpoint import connect

    if endpoint and (on or scenario or own):
        problem = "an endpoint serves the day, the law and the records it was built for"
        left = "leave --on, --scenario and --with out"
        raise ParameterError(f"endpoint: {problem}; {left}")
    if endpoint:
        give(connect(endpoint).answer(name, **given), form)
    else:
        graph = load(*(own or ()), scenario=scenario, tell=hint)
        give(graph.answer(name, on=on, **given), form)
