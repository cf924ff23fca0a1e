"""The commands `build`, `push` and `connect`: the graph on SPARQL servers."""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import typer

from cspgraph.cli.console import caution, hint, note, say, warn
from cspgraph.cli.shared import (
    FINDINGS,
    LONGEST,
    NOT_CHECKED,
    PARTIAL,
    Areas,
    Day,
    Files,
    WithQueries,
)
from cspgraph.errors import EndpointError, ParameterError, UnclearPushError
from cspgraph.questions.ask import day_or_today
from cspgraph.render.escape import error_in_words
from cspgraph.render.table import table
from cspgraph.secrets import cut_address

__all__ = ["app"]

app = typer.Typer()


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
    areas: Areas = None,
    with_queries: WithQueries = False,
    aligned: Annotated[
        bool,
        typer.Option(
            "--aligned",
            help="Say the same in terms of ORG, ELI, PROV and CPSV-AP too, in a graph of its own.",
        ),
    ] = False,
    as_update: Annotated[
        str,
        typer.Option(
            help="Write what the files say alone, and to this file, .ru, the SPARQL Update that derives the rest."
        ),
    ] = "",
) -> None:
    """Write the graph of a day as RDF for any SPARQL server.

    It says of itself what it is: labels, sources, a licence for each named graph, and
    by which rules it was derived, in the graph 'description'. With --as-update it is
    not derived yet, and not described: the script does the first in any engine.

    \b
    For example:
      cspgraph build --area Dorset --on 2024-07-23 --output dorset.nq
      cspgraph build --area Dorset --on 2024-07-23 --output dorset.nq --as-update dorset.ru
      cspgraph build --area Dorset --output dorset.trig --with-queries
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.questions import catalogue
    from cspgraph.rdf import save

    if as_update:
        save.ending(as_update, (".ru",))
        if aligned:
            problem = "what is aligned is not derived by the script; leave one out"
            raise ParameterError(f"aligned: {problem}")
    graph = load(*(files or []), on=day_or_today(on), areas=areas or (), tell=hint)
    questions = catalogue.quads() if with_queries else ()
    said = graph.described(aligned=aligned, queries=with_queries)
    if as_update:
        files_say, script = graph.underived()
        save.save(script, as_update)
        said = iter(files_say)
    count = save.write(chain(said, questions), output)
    warn(graph.receipt)
    note(f"{output}: {count:,} statements.")


@app.command()
def connect(
    url: Annotated[str, typer.Argument(help="The address of the SPARQL server.")],
    areas: Areas = None,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Ask every question with its example.")
    ] = False,
    on: Annotated[
        str | None,
        typer.Option("--on", help="The day that it should serve, such as 2024-07-23."),
    ] = None,
    seconds: Annotated[
        int, typer.Option(min=1, max=LONGEST, help="How long each question may take.")
    ] = 30,
) -> None:
    """Hold the answers of a SPARQL server against those given here, for its day.

    Name the areas that its graph was built for. Ends with 1 when an answer differs,
    and with 3 when a question could not be asked.

    \b
    For example:
      cspgraph connect --help
    and with a server of yours:
      connect --self-test http://localhost:7878/query --area Dorset
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.questions.ask import day_of
    from cspgraph.remote import endpoint
    from cspgraph.remote.selftest import run, sums

    if not self_test:
        raise ParameterError("connect: say what to do there; add --self-test")
    server = endpoint.connect(url, seconds)
    try:
        day = server.on
        reckoned = sums(server)
    except EndpointError as error:
        caution(f"cspgraph: {error_in_words(error)}")
        raise typer.Exit(NOT_CHECKED) from error
    if on is not None and day != day_of("on", on):
        served = day or "all dates"
        caution(
            f"cspgraph: {cut_address(url)}: it serves {served}, not {on}; fill it again"
        )
        raise typer.Exit(FINDINGS)
    found = list(run(server, load(areas=areas or (), tell=hint)))
    rows = [[result.question, result.outcome] for result in [reckoned, *found]]
    say(
        table(
            f"{cut_address(url)}, {day or 'all dates'}", ["question", "outcome"], rows
        )
    )
    if any(result.agrees is False for result in [reckoned, *found]):
        raise typer.Exit(FINDINGS)
    if not any(result.agrees for result in found) or any(
        "no answer" in result.outcome for result in found
    ):
        raise typer.Exit(NOT_CHECKED)


@app.command()
def push(
    endpoint: Annotated[
        str, typer.Option(help="The address of the SPARQL server, where it is asked.")
    ],
    files: Files = None,
    on: Day = None,
    areas: Areas = None,
    with_queries: WithQueries = False,
    update: Annotated[
        str,
        typer.Option(help="The address for updates, where it is another."),
    ] = "",
    seconds: Annotated[
        int, typer.Option(min=1, max=LONGEST, help="How long each request may take.")
    ] = 120,
) -> None:
    """Put the graph of a day into a SPARQL server, in the place of the one before.

    A user name and password, where the server asks for them, are taken from
    CSPGRAPH_USER and CSPGRAPH_PASSWORD in the environment, a token from CSPGRAPH_TOKEN.
    What the server holds is counted before the last step and after it. Ends with 3 when it did not
    work and the old graphs stand, and with 4 when it stopped in the last step.

    \b
    For example:
      cspgraph push --help
    and with a server of yours:
      push --endpoint http://localhost:7878/query --update http://localhost:7878/update --area Dorset --on 2024-07-23
    """  # noqa: D301
    from cspgraph.graph import load
    from cspgraph.questions import catalogue
    from cspgraph.remote import push as remote_push

    server = remote_push.Updates(update or endpoint, seconds, endpoint)
    graph = load(*(files or []), on=day_or_today(on), areas=areas or (), tell=hint)
    questions = catalogue.quads() if with_queries else ()
    try:
        pushed = remote_push.push(chain(graph.quads(), questions), server, hint)
    except EndpointError as error:
        caution(f"cspgraph: {error_in_words(error)}")
        unclear = isinstance(error, UnclearPushError)
        raise typer.Exit(PARTIAL if unclear else NOT_CHECKED) from error
    said = f"{pushed.statements:,} statements in {pushed.graphs} graphs"
    caution(f"{cut_address(server.url)}: {said}.")
