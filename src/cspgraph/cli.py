"""The command line: collects the commands, says what went wrong, ends with a code.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph import waiting
from cspgraph.commands import (
    INTERRUPTED,
    MISUSE,
    PARTIAL,
    briefing,
    checks,
    claims,
    connections,
    drawing,
    exports,
    freehand,
    projecting,
    questions,
    reasons,
    records,
    registers,
)
from cspgraph.errors import CspgraphError, StoppedError
from cspgraph.terminal import in_words
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

_QUIET = "--quiet"

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
for _part in (  # the order of the help
    questions,
    reasons,
    claims,
    briefing,
    checks,
    records,
    exports,
    drawing,
    freehand,
    projecting,
    connections,
    registers,
):
    app.registered_commands += _part.app.registered_commands
    app.registered_groups += _part.app.registered_groups


def _tell_version(value: bool) -> None:
    if value:
        typer.echo(f"cspgraph {__version__}")
        raise typer.Exit


@app.callback()
def _shared(
    *,
    version: Annotated[  # noqa: ARG001 - its callback has done the work
        bool,
        typer.Option(
            "--version",
            callback=_tell_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            _QUIET, help="Print results and errors only: no progress, no summary."
        ),
    ] = False,
) -> None:
    waiting.hush(on=quiet)
    waiting.begin()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process, and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if _QUIET in words:  # wherever it stands
        words = [_QUIET, *(word for word in words if word != _QUIET)]
    gc.disable()  # a command ends before collecting would pay
    try:
        code = app(words or ["--help"], prog_name="cspgraph", standalone_mode=False)
    except (CspgraphError, _UsageError) as error:
        waiting.end()
        code = PARTIAL if isinstance(error, StoppedError) else MISUSE
        typer.echo(f"cspgraph: {in_words(error)}", err=True)
    except typer.Abort:
        code = INTERRUPTED
    finally:
        waiting.end()
    sys.exit(code)


if __name__ == "__main__":
    main()
