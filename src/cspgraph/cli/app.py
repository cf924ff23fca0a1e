"""The command line: collects the commands, says what went wrong, ends with a code.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cspgraph.cli import (
    check,
    console,
    documents,
    explain,
    publish,
    questions,
    records,
    register,
)
from cspgraph.cli.shared import INTERRUPTED, MISUSE, PARTIAL
from cspgraph.errors import CspgraphError, StoppedError
from cspgraph.render.escape import error_in_words

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
    explain,
    explain,
    documents,
    check,
    records,
    publish,
    documents,
    questions,
    records,
    publish,
    register,
):
    app.registered_commands += _part.app.registered_commands
    app.registered_groups += _part.app.registered_groups


@app.callback()
def _shared(
    *,
    quiet: Annotated[
        bool,
        typer.Option(
            _QUIET, help="Print results and errors only: no progress, no summary."
        ),
    ] = False,
) -> None:
    console.hush(on=quiet)
    console.begin()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process, and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if _QUIET in words:  # wherever it stands
        words = [_QUIET, *(word for word in words if word != _QUIET)]
    gc.disable()  # a command ends before collecting would pay
    try:
        code = app(words or ["--help"], prog_name="cspgraph", standalone_mode=False)
    except (CspgraphError, _UsageError) as error:
        console.end()
        code = PARTIAL if isinstance(error, StoppedError) else MISUSE
        typer.echo(f"cspgraph: {error_in_words(error)}", err=True)
    except typer.Abort:
        code = INTERRUPTED
    finally:
        console.end()
    sys.exit(code)


if __name__ == "__main__":
    main()
