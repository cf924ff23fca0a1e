"""Finds a command by its name, says what went wrong, ends with a code.

Data goes to standard output, talk to standard error. Exit codes: 0 in order,
1 findings, 2 misuse, 3 could not check, 4 partial, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from cspgraph.cli import console
from cspgraph.cli.shared import INTERRUPTED, LONG, MISUSE, NOT_CHECKED, PARTIAL
from cspgraph.errors import CspgraphError, StoppedError
from cspgraph.render.escape import error_in_words
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

_QUIET, _NO_CACHE = "--quiet", "--no-cache"

#: The module of each command, in the order of the help; it is loaded when it is called.
_MODULES = {
    "questions": "questions",
    "answer": "questions",
    "find": "questions",
    "why": "explain",
    "why-not": "explain",
    "changes": "explain",
    "compare": "compare",
    "due": "explain",
    "due-between": "explain",
    "claims": "explain",
    "brief": "documents",
    "check": "check",
    "coverage": "check",
    "read": "drafts",
    "confirm": "drafts",
    "template": "records",
    "import": "records",
    "export": "records",
    "build": "publish",
    "draw": "documents",
    "sparql": "questions",
    "new": "records",
    "connect": "publish",
    "push": "publish",
    "register": "register",
    "cache": "cache",
    "site": "site",
    "serve": "serve",
    "mcp": "serve",
}


class _Commands(TyperGroup):
    """The commands, each loaded when it is called; all of them for a name not known."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - asked by typer
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        known = cmd_name in _MODULES
        for name in {_MODULES[cmd_name]} if known else sorted({*_MODULES.values()}):
            loaded = import_module(f"cspgraph.cli.{name}").app
            part = typer.Typer(rich_markup_mode=None)
            part.registered_commands = loaded.registered_commands
            part.registered_groups = loaded.registered_groups
            self.commands.update(typer.main.get_group(part).commands)
        return self.commands.get(cmd_name)


app = typer.Typer(
    cls=_Commands,
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
    no_cache: Annotated[
        bool,
        typer.Option(
            _NO_CACHE,
            help="Neither take graphs from those kept on disk nor keep any.",
        ),
    ] = False,
) -> None:
    if no_cache:
        os.environ["CSPGRAPH_CACHE"] = "off"
    console.hush(on=quiet)
    console.begin()


def _odd(word: str) -> bool:
    """Return whether an argument must be looked at before it is taken for text."""
    return not word.isascii() or "\0" in word or len(word) > LONG


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments`, or those of the process, and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for option in (_QUIET, _NO_CACHE):  # wherever it stands
        if option in words:
            words = [option, *(word for word in words if word != option)]
    gc.disable()  # a command ends before collecting would pay
    code: int = MISUSE
    try:
        if any(map(_odd, words)):
            import_module("cspgraph.cli.arguments").refuse(words)
        code = app(words or ["--help"], prog_name="cspgraph", standalone_mode=False)
    except (CspgraphError, _UsageError) as error:
        console.end()
        code = PARTIAL if isinstance(error, StoppedError) else MISUSE
        console.caution(f"cspgraph: {error_in_words(error)}")
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        if os.environ.get("CSPGRAPH_DEBUG") == "1":
            raise
        from cspgraph.cli.arguments import unforeseen

        code = NOT_CHECKED
        console.caution(f"cspgraph: {unforeseen(error)}")
    finally:
        console.end()
    sys.exit(code)
