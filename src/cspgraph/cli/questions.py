"""The commands `questions`, `answer` and `sparql`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cspgraph.cli.console import caution, give, give_triples, hint, note, say, warn
from cspgraph.cli.shared import (
    LONGEST,
    MOST_ROWS,
    PARTIAL,
    Areas,
    Day,
    Scenario,
    With,
)
from cspgraph.errors import ParameterError, either
from cspgraph.questions import usage
from cspgraph.questions.answer import ENDINGS
from cspgraph.questions.ask import day_or_today
from cspgraph.questions.query_file import find, queries
from cspgraph.rdf.gate import admit, asked
from cspgraph.render.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.questions.triples import Triples

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
        [query.name, query.question, " ".join(map(usage.usage, query.parameters))]
        for query in queries().values()
    ]
    say(table("Questions", ["name", "question", "takes"], rows))


def _write_pages(folder: Path) -> None:
    from cspgraph.graph import load
    from cspgraph.questions import docs
    from cspgraph.rdf import save

    graph = load(tell=hint)
    made = docs.pages(queries(), lambda q: graph.answer(q.name, **q.example))
    texts = {folder / name: text for name, text in made}
    save.save_together(texts)
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
    on: Annotated[list[str] | None, typer.Option("--on")] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    endpoint: Annotated[str | None, typer.Option(envvar="CSPGRAPH_ENDPOINT")] = None,
    scenario: Scenario = "",
    own: With = None,
    links: Annotated[bool, typer.Option("--links")] = False,
    output: Annotated[str | None, typer.Option("--output", "-o")] = None,
    excel: Annotated[bool, typer.Option("--excel")] = False,
    drafts: Annotated[bool, typer.Option("--drafts")] = False,
) -> None:
    """Answer one question, which takes options of its own.

    \b
    For example:
      cspgraph answer who-must-adopt --area Dorset --on 2024-07-23
      cspgraph answer who-must-adopt --area Dorset --on "23 July 2024" -o dorset.xlsx
      cspgraph answer standing --area Dorset --on 2024-07-23 --on 2024-10-11
      cspgraph answer who-must-adopt --help
    """  # noqa: D301
    name, given = usage.given([name, *ctx.args])
    if not name or "help" in given:
        say(usage.describe(find(name)) if name else ctx.get_help())
        return
    usage.refuse_unknown(find(name), given)
    if endpoint and (on or scenario or own):
        problem = "an endpoint serves the day, the law and the records it was built for"
        left = "leave --on, --scenario and --with out"
        raise ParameterError(f"endpoint: {problem}; {left}")
    if output is not None:
        from cspgraph.rdf import save

        save.ending(output, ENDINGS)
    if endpoint:
        from cspgraph.remote.endpoint import connect

        found = connect(endpoint).answer(name, **given)
    else:
        from cspgraph.graph import load

        graph = load(*(own or ()), scenario=scenario, tell=hint, drafts=drafts)
        found = _asked(graph, name, on or [], given)
    if output is None:
        give(found, form, links=links)
    else:
        _save(found, output, excel=excel)


def _asked(
    graph: KnowledgeGraph,
    name: str,
    days: Sequence[str],
    given: Mapping[str, str | list[str]],
) -> Answer:
    """Return the answer on a day, on today, or on each of several days."""
    if len(days) < 2:
        return graph.answer(name, on=next(iter(days), None), **given)
    rest = {key: value for key, value in given.items() if key != "area"}
    area = given.get("area", [])
    areas = [area] if isinstance(area, str) else area
    return graph.panel(name, areas=areas, days=days, **rest)


@app.command("find")
def find_names(
    text: Annotated[str, typer.Argument(help="A name, or a part of one.")],
    kind: Annotated[
        str,
        typer.Option(
            help="Only such things: area, body, role, product, duty, subject, theme, action, instrument, governance, kind or document."
        ),
    ] = "",
    on: Annotated[
        str | None,
        typer.Option("--on", help="Only what is in effect on a day; ever if left out."),
    ] = None,
    form: Annotated[
        Literal["table", "csv", "json", "md"], typer.Option("--format")
    ] = "table",
    own: With = None,
) -> None:
    """Find what has a text in its name: areas, bodies, roles, duties, kinds of document.

    Documents are looked through where nothing else fits, or with --kind document.

    \b
    For example:
      cspgraph find Weymouth
      cspgraph find "chief constable" --kind body --on 2024-07-23
      cspgraph find caerdydd
    """  # noqa: D301
    from cspgraph.graph import load

    give(load(*(own or ()), tell=hint).find(text, kind=kind, on=on), form)


def _save(answer: Answer, output: str, *, excel: bool) -> None:
    from cspgraph.questions.saved import saved
    from cspgraph.rdf import save

    ending = save.ending(output, ENDINGS)
    warn(answer.receipt)
    save.save(saved(answer, ending, excel=excel), output)
    note(f"{output}: {len(answer)} row{'s' * (len(answer) != 1)} written.")


@app.command()
def sparql(
    query: Annotated[
        str,
        typer.Argument(
            help="SPARQL SELECT, ASK, CONSTRUCT or DESCRIBE, or @FILE, or - to read it from standard input."
        ),
    ],
    on: Day = None,
    areas: Areas = None,
    form: Annotated[
        Literal["table", "csv", "json", "md", "turtle", "nt", "json-ld"] | None,
        typer.Option(
            "--format",
            help="For rows table (if left out), csv, json or md; for a graph turtle (if left out), nt or json-ld.",
        ),
    ] = None,
    iris: Annotated[
        bool | None,
        typer.Option(
            "--iris/--names",
            help="Full IRIs in place of names, or names; if left out, IRIs in csv, names in table and md, both in json.",
        ),
    ] = None,
    seconds: Annotated[
        int, typer.Option(min=1, max=LONGEST, help="Stop after this many seconds.")
    ] = 10,
    rows: Annotated[
        int,
        typer.Option(
            min=1, max=MOST_ROWS, help="Give at most this many rows or statements."
        ),
    ] = 10_000,
    endpoint: Annotated[
        str | None,
        typer.Option(help="The address of a SPARQL server to ask instead."),
    ] = None,
    own: With = None,
) -> None:
    """Ask free SPARQL, read only, in a process of its own with a time limit.

    \b
    For example:
      cspgraph sparql "SELECT ?duty { ?duty a csp:Duty } LIMIT 5" --area Dorset
      cspgraph sparql "DESCRIBE body:dorset-council" --area Dorset
    """  # noqa: D301
    text = usage.query_text(query)
    if endpoint and (on or areas or own):
        problem = "an endpoint serves the day, areas and records it was built for"
        left = "leave --on, --area and --with out"
        raise ParameterError(f"endpoint: {problem}; {left}")
    builds = asked(admit(text)).builds
    _fitting(form, builds=builds, iris=iris)
    if endpoint:
        found = _there(endpoint, text, seconds, rows, builds=builds)
    else:
        given = text, on, areas or (), seconds, rows, own or ()
        found = _here(*given, builds=builds)
    from cspgraph.questions.triples import Triples

    if isinstance(found, Triples):
        give_triples(found, form or "turtle")
    else:
        give(found, form or "table", iris=iris)
    if not found.complete:
        cut = found.receipt["cut"]
        caution(f"cspgraph: stopped {cut}; the answer is not complete")
        raise typer.Exit(PARTIAL)


def _fitting(form: str | None, *, builds: bool, iris: bool | None) -> None:
    """Refuse a form that does not go with what is asked for."""
    from cspgraph.questions.triples import FORMATS

    if form and builds != (form in FORMATS):
        what, fits = "rows", ["table", "csv", "json", "md"]
        if builds:
            what, fits = "a graph", [*FORMATS]
        raise ParameterError(f"format: the query gives {what}; write {either(fits)}")
    if iris is False and builds:
        raise ParameterError("names: a graph is written with IRIs; leave --names out")


def _here(
    text: str,
    on: str | None,
    areas: Sequence[str],
    seconds: int,
    rows: int,
    own: Sequence[str],
    *,
    builds: bool,
) -> Answer | Triples:
    from cspgraph import sandbox, user_files

    if not areas:
        from cspgraph.progress import Slow

        long = "Working out every area of England and Wales; --area would be quicker."
        hint(Slow(long))
    tell = caution
    day = day_or_today(on)
    records = user_files.read(own, hint)
    bounds = {"seconds": seconds, "rows": rows}
    if builds:
        return sandbox.construct(
            text, on=day, areas=areas, records=records, tell=tell, **bounds
        )
    return sandbox.ask(text, on=day, areas=areas, records=records, tell=tell, **bounds)


def _there(
    url: str, text: str, seconds: int, rows: int, *, builds: bool
) -> Answer | Triples:
    """Return the answer of the server at `url`, cut to `rows`."""
    from dataclasses import replace

    from cspgraph.questions.triples import Triples
    from cspgraph.remote.endpoint import connect

    server = connect(url, seconds)
    if builds:
        built = server.construct(text)
        cut = f"after {rows:,} statements" if len(built) > rows else ""
        return Triples.of(built.triples[:rows], built.on, built.receipt, cut)
    found = server.select(text)
    if len(found) > rows:
        receipt = {**found.receipt, "cut": f"after {rows:,} rows"}
        kept = found.terms[:rows]
        return replace(found, terms=kept, complete=False, receipt=receipt)
    return found
