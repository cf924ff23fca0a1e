"""The commands `serve` and `mcp`: answers over HTTP, and tools for assistants."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cspgraph.cli.console import hint
from cspgraph.cli.shared import Areas, With
from cspgraph.errors import MissingPackageError

__all__ = ["app"]

app = typer.Typer()

_OFF = "auto answers it where the system lets a query run without a network."
Free = Annotated[
    Literal["auto", "on", "off"], typer.Option("--sparql", help=f"Free SPARQL; {_OFF}")
]


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen at; without, this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8080,
    areas: Areas = None,
    own: With = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help="A name by which readers reach it, such as data.example.org; repeat it for more.",
        ),
    ] = None,
    free: Free = "auto",
    addresses: Annotated[
        bool, typer.Option("--log-addresses", help="Log who asked, too.")
    ] = False,
) -> None:
    """Serve answers, SPARQL and a check of a record over HTTP, read only.

    Needs pip install 'cspgraph[serve]'. It listens to this machine alone unless told
    otherwise, and keeps nothing of what is asked.

    \b
    For example:
      cspgraph serve --help
    and until it is stopped:
      serve --area Dorset --port 8080
      serve --with my-record.trig --host 0.0.0.0 --name data.example.org
    """  # noqa: D301
    try:
        from cspgraph.serve.app import application
        from cspgraph.serve.metrics import Log
        from cspgraph.serve.run import LOOPBACK, run
    except ImportError as error:
        raise MissingPackageError(
            error.name or "starlette", "serve", "serve"
        ) from error
    from cspgraph.desk import Desk

    desk = Desk(own or (), areas or (), sparql=free, tell=hint)
    if host not in LOOPBACK:
        typer.echo("cspgraph: other machines can reach this server", err=True)
    known = [*(names or ()), host]
    log = Log(addresses=addresses)
    run(application(desk, names=known, log=log), host, port, _told)


@app.command()
def mcp(
    port: Annotated[
        int | None,
        typer.Option(
            "--http",
            min=1,
            max=65535,
            metavar="PORT",
            help="Speak over HTTP at this port of this machine, at /mcp, not over standard input.",
        ),
    ] = None,
    areas: Areas = None,
    own: With = None,
    free: Free = "auto",
) -> None:
    """Offer eight tools to an assistant that speaks the Model Context Protocol.

    Needs pip install 'cspgraph[mcp]'. An assistant starts it itself and speaks with it
    over standard input and output.

    \b
    For example:
      cspgraph mcp --help
    and as an assistant starts it:
      mcp --with my-record.trig
      mcp --http 8090
    """  # noqa: D301
    try:
        from cspgraph.assistant.server import over_http, tools_server
        from cspgraph.serve.guards import Guard
        from cspgraph.serve.metrics import Log, Metrics
        from cspgraph.serve.run import run
    except ImportError as error:
        raise MissingPackageError(error.name or "mcp", "mcp", "mcp") from error
    from cspgraph.desk import Desk

    desk = Desk(own or (), areas or (), sparql=free, tell=hint)
    server = tools_server(desk)
    if port is None:
        server.run("stdio")
        return
    guarded = Guard(over_http(server), Metrics(), Log(), shared=False)
    run(guarded, "127.0.0.1", port, _told)


def _told(text: str) -> None:
    typer.echo(f"cspgraph: {text}", err=True)
