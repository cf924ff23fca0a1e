"""The command line: collects the commands, says what went wrong, ends with a code.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import typer

from cspgraph.commands import (
    INTERRUPTED,
    MISUSE,
    PARTIAL,
    checks,
    claims,
    connections,
    drawing,
    exports,
    freehand,
    questions,
    reasons,
    registers,
)
from cspgraph.errors import CspgraphError, StoppedError
from cspgraph.terminal import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

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
for _part in (  # the order of the help
    questions,
    reasons,
    claims,
    checks,
    exports,
    drawing,
    freehand,
    connections,
    registers,
):
    app.registered_commands += _part.app.registered_commands
    app.registered_groups += _part.app.registered_groups


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


if __name__ == "__main__":
    main()
